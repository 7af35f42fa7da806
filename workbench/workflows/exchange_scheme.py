"""Coding schemes from and for other programs: CACTI, BORIS, and what reads a REFI-QDA codebook."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from workbench.exchange.document.drawing import printable
from workbench.exchange.formats import FormatError
from workbench.exchange.scheme_files import LARGEST, bring, scheme_formats
from workbench.model.scheme import CodingScheme
from workbench.registry import UnknownName, get
from workbench.schemes import write_scheme
from workbench.workflows.refusal import Refused

LARGEST_MB = LARGEST // 1024**2


@dataclass(frozen=True, slots=True)
class Imported:
    """A scheme from another program, and its YAML.

    `notes`: what a person should look at, and what was left behind; they stand as comments at the head of the YAML.
    """

    scheme: CodingScheme
    yaml: bytes
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Exported:
    """A scheme as a file for another program. `lost`: what that file cannot hold."""

    name: str
    data: bytes
    lost: tuple[str, ...]


def written_formats() -> Mapping[str, str]:
    """The formats that a scheme can be written in: name and title."""
    return {name: each.title for name, each in scheme_formats().items()}


def read_suffixes() -> tuple[str, ...]:
    """How the names of files end that can be imported."""
    return tuple(each.suffix for each in scheme_formats().values() if each.read is not None)


def import_scheme(data: bytes, name: str) -> Imported:
    """The scheme in a file of another program. Raises Refused, which lists every problem."""
    try:
        brought = bring(data, name)
    except FormatError as error:
        raise Refused(f"{name} cannot be read as a scheme.", str(error).splitlines()) from None
    return Imported(brought.scheme, _with_notes(write_scheme(brought.scheme), brought.notes).encode(), brought.notes)


def export_scheme(scheme: CodingScheme, format: str) -> Exported:
    """`scheme` in the format of that name. Raises Refused."""
    try:
        chosen = get("format", format, scheme_formats())
        written = chosen.write(scheme)
    except UnknownName as error:
        raise Refused(f"{error}.") from None
    except FormatError as error:
        raise Refused(f"{scheme.title} cannot be written: {error}.") from None
    return Exported(f"{scheme.name}.{chosen.suffix}", written.data, written.lost)


def _with_notes(yaml: str, notes: tuple[str, ...]) -> str:
    """The YAML with the notes as comments under its first line, which is for editors."""
    head, rest = yaml.split("\n", 1)
    return "\n".join([head, *(f"# {_comment(note)}" for note in notes), rest])


def _comment(note: str) -> str:
    """A note on one line, without the control characters that a name in the other file may bring along."""
    line = " ".join(printable(note).split())
    return "".join(c for c in line if unicodedata.category(c) != "Cc")
