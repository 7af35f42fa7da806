"""Coding schemes and instruments, as checked objects. Reading YAML is `workbench.schemes`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class CodeKind(StrEnum):
    POINT = "point"
    STATE = "state"


class Perspective(StrEnum):
    PATIENT = "patient"
    PROVIDER = "provider"
    OBSERVER = "observer"


@dataclass(frozen=True, slots=True)
class Code:
    """One observable behaviour. `group` names codes of which only one can be open at a time."""

    id: str
    label: str
    kind: CodeKind
    key: str
    definition: str
    example: str = ""
    near_miss: str = ""
    dimension: str = ""
    valence: int = 0
    who: str = ""
    group: str | None = None
    colour: str = "#5b6b7f"


@dataclass(frozen=True, slots=True)
class RatingScale:
    """A rating of the whole session (or a segment): integers `low` to `high`.

    `start` is the value a scheme prescribes before any evidence; `no_evidence` allows the answer
    "no evidence", which is not a missing rating. `reversed` turns the value round for the score;
    `scored` False keeps the rating out of the observer's alliance score.
    """

    id: str
    label: str
    low: int
    high: int
    definition: str
    anchors: Mapping[int, str] = field(default_factory=dict)
    start: int | None = None
    no_evidence: bool = False
    dimension: str = ""
    reversed: bool = False
    scored: bool = True


@dataclass(frozen=True, slots=True)
class CodingScheme:
    """A coding scheme. `hash` is the SHA-256 of its canonical JSON: its identity once used.

    `parallel_form` names the instruments whose scores the ratings may be subtracted from; it is
    empty for a scheme that has no counterpart among the questionnaires.
    """

    name: str
    title: str
    version: str
    description: str
    source: str
    rights: str
    authors: tuple[str, ...]
    codes: tuple[Code, ...]
    ratings: tuple[RatingScale, ...]
    unit: str = "event"
    show_transcript: bool = True
    speed_cap: float = 3.0
    bin_ms: int = 5000
    tolerance_ms: int = 2000
    language: str = "en"
    parallel_form: str = ""
    hash: str = ""

    def code(self, code_id: str) -> Code:
        """The code of that id. Raises KeyError when the scheme has none."""
        for code in self.codes:
            if code.id == code_id:
                return code
        raise KeyError(code_id)

    def rating(self, scale_id: str) -> RatingScale:
        """The rating scale of that id. Raises KeyError when the scheme has none."""
        for scale in self.ratings:
            if scale.id == scale_id:
                return scale
        raise KeyError(scale_id)


@dataclass(frozen=True, slots=True)
class Item:
    id: str
    text: str
    subscale: str
    reversed: bool = False


@dataclass(frozen=True, slots=True)
class Subscale:
    id: str
    label: str
    definition: str = ""


@dataclass(frozen=True, slots=True)
class Instrument:
    """A questionnaire of one perspective. Instruments with equal `parallel_form` can be subtracted."""

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
