"""Coding schemes and instruments: YAML → checked objects, and their canonical JSON.

>>> scheme = shipped_schemes()["alliance_behaviours"]
>>> from_json(to_json(scheme)) == scheme
True
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

from workbench.model.instrument import Instrument
from workbench.model.scheme import CodingScheme
from workbench.schemes import shipped as _shipped
from workbench.schemes.canonical import from_json, identified, identity, instrument_from_json, to_json
from workbench.schemes.earlier_answers import Unread, answers
from workbench.schemes.fields import Report
from workbench.schemes.instrument_file import read_instrument
from workbench.schemes.nodes import Mapping, Node, Problem, SchemeProblems, parse, read
from workbench.schemes.same_measure import measured_otherwise
from workbench.schemes.scheme_earlier import (
    answers_became,
    answers_unread,
    became,
    earlier_problems,
    lines_that_do_not_fit,
    unread,
)
from workbench.schemes.scheme_file import read_scheme
from workbench.schemes.scheme_yaml import write_scheme

__all__ = [
    "Problem",
    "SchemeProblems",
    "Unread",
    "answers",
    "answers_became",
    "answers_unread",
    "became",
    "check",
    "earlier_problems",
    "from_json",
    "identity",
    "instrument_from_json",
    "lines_that_do_not_fit",
    "load_instrument",
    "load_scheme",
    "measured_otherwise",
    "parse_instrument",
    "parse_scheme",
    "shipped_instruments",
    "shipped_schemes",
    "to_json",
    "unread",
    "write_scheme",
]

T = TypeVar("T", CodingScheme, Instrument)


def load_scheme(path: Path) -> CodingScheme:
    """The coding scheme in a YAML file. Raises SchemeProblems with all its problems."""
    return _scheme(read(Path(path)), Path(path).name)


def load_instrument(path: Path) -> Instrument:
    """The instrument in a YAML file. Raises SchemeProblems with all its problems."""
    return _instrument(read(Path(path)), Path(path).name)


def parse_scheme(data: bytes, file: str) -> CodingScheme:
    """The coding scheme in uploaded bytes; `file` is the name used in problems. Raises SchemeProblems."""
    return _scheme(parse(data, file), file)


def parse_instrument(data: bytes, file: str) -> Instrument:
    """The instrument in uploaded bytes; `file` is the name used in problems. Raises SchemeProblems."""
    return _instrument(parse(data, file), file)


def check(path: Path) -> list[Problem]:
    """Every problem of a scheme or instrument file, in the order of lines; empty when there is none.

    The file's first key says which of the two it is: `scheme:` or `instrument:`.
    """
    try:
        root = read(Path(path))
        if _kind(root) == "instrument":
            _instrument(root, Path(path).name)
        else:
            _scheme(root, Path(path).name)
    except SchemeProblems as error:
        return list(error.problems)
    return []


def shipped_schemes(more: Iterable[Path] = ()) -> dict[str, CodingScheme]:
    """Every coding scheme there is, by name. `more` are folders of a site's own.

    Raises SchemeProblems for a file that cannot be used, DuplicateName for two of one name.
    """
    return _shipped.by_name(_shipped.scheme_files(more), load_scheme, "coding scheme")


def shipped_instruments(more: Iterable[Path] = ()) -> dict[str, Instrument]:
    """Every instrument there is, by name. `more` are folders of a site's own.

    Raises SchemeProblems for a file that cannot be used, DuplicateName for two of one name.
    """
    return _shipped.by_name(_shipped.instrument_files(more), load_instrument, "instrument")


def _scheme(root: Node, file: str) -> CodingScheme:
    if _kind(root) == "instrument":
        raise SchemeProblems([Problem(file, root.line, root.column, "this is an instrument, expected a coding scheme")])
    return _checked(root, file, read_scheme)


def _instrument(root: Node, file: str) -> Instrument:
    if _kind(root) == "scheme":
        raise SchemeProblems([Problem(file, root.line, root.column, "this is a coding scheme, expected an instrument")])
    return _checked(root, file, read_instrument)


def _checked(root: Node, file: str, reader: Callable[[Node, Report], T]) -> T:
    report = Report(file)
    result = reader(root, report)
    if report.problems:
        raise SchemeProblems(report.problems)
    return identified(result)


def _kind(root: Node) -> str:
    """`scheme`, `instrument`, or nothing where the file names neither (or both)."""
    keys = {key.text for key, _ in root.entries} if isinstance(root, Mapping) else set()
    named = keys & {"scheme", "instrument"}
    return named.pop() if len(named) == 1 else ""
