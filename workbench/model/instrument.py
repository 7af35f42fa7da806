"""Instruments: the questionnaires of one perspective, as checked objects. Reading YAML is `workbench.schemes`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Perspective(StrEnum):
    """Who says how the alliance was."""

    PATIENT = "patient"
    PROVIDER = "provider"
    OBSERVER = "observer"


@dataclass(frozen=True, slots=True)
class Item:
    """One question. `reversed`: a high answer means a weak alliance, and is turned round for the score."""

    id: str
    text: str
    subscale: str
    reversed: bool = False


@dataclass(frozen=True, slots=True)
class Subscale:
    """A part of an instrument that has a score of its own, from the items that name it."""

    id: str
    label: str
    definition: str = ""


@dataclass(frozen=True, slots=True)
class Instrument:
    """A questionnaire of one perspective, answered by integers `low` to `high`, of which `labels` says some in words.

    Instruments with equal `parallel_form` can be subtracted. `minimum_answered`: the share of a subscale's items that
    must be answered for it to have a score. `key_confirmed`: items, subscales and reversals are known to be right.
    `hash` is the SHA-256 of its canonical JSON: its identity once used.
    """

    name: str
    title: str
    version: str
    perspective: Perspective
    parallel_form: str
    instructions: str
    low: int
    high: int
    labels: Mapping[int, str]
    subscales: tuple[Subscale, ...]
    items: tuple[Item, ...]
    minimum_answered: float = 0.75
    source: str = ""
    rights: str = ""
    key_confirmed: bool = True
    language: str = "en"
    hash: str = ""
