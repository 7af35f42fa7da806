"""Coding schemes in the files of other programs, both ways: one module for each, with a `FORMAT`.

An outsider's format is an entry point of the group `workbench.scheme_formats` that names such an object. What a file
cannot hold, and what a file does not say, is told in sentences: nothing is dropped or made up in silence.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import workbench.exchange.scheme_files
from workbench.exchange.formats import FormatError
from workbench.model.scheme import CodingScheme
from workbench.registry import collect
from workbench.schemes import SchemeProblems, parse_scheme, write_scheme

GROUP = "workbench.scheme_formats"
LARGEST = 64 * 1024 * 1024
# What stands where another program's file says nothing of a code or rating.
NO_DEFINITION = "No definition yet."


@dataclass(frozen=True, slots=True)
class Brought:
    """A scheme from another program's file. `notes`: what of the file is not in it, and what a person must decide."""

    scheme: CodingScheme
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Written:
    """A scheme as another program's file. `lost`: what of the scheme the file cannot hold."""

    data: bytes
    lost: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SchemeFormat:
    """A file format for coding schemes.

    `read(data, name)` gives the scheme in a file called `name` and raises FormatError with every problem, one a line;
    None for a format that is only written. `knows(data)`: whether a file with such a beginning looks like one.
    """

    name: str
    suffix: str
    title: str
    write: Callable[[CodingScheme], Written]
    read: Callable[[bytes, str], Brought] | None = None
    knows: Callable[[bytes], bool] = lambda data: False


def scheme_formats() -> Mapping[str, SchemeFormat]:
    """Every format by name: those of this package and those of installed packages."""

    def pick(module: object) -> SchemeFormat | None:
        found = getattr(module, "FORMAT", None)
        return found if isinstance(found, SchemeFormat) else None

    found = collect("scheme format", workbench.exchange.scheme_files, pick, lambda f: f.name, GROUP)
    return MappingProxyType(found)


def bring(data: bytes, name: str) -> Brought:
    """The scheme in a file of another program, told by what is in it. What comes back can be used as it is.

    Raises FormatError with every problem, one a line.
    """
    if len(data) > LARGEST:
        size, most = len(data) / 1e6, LARGEST // 1024**2
        raise FormatError(f"the file has {size:,.0f} MB, at most {most} MB are read")
    if not data.strip():
        raise FormatError("the file is empty")
    readers = [each for each in scheme_formats().values() if each.read is not None]
    suited = [each for each in readers if each.knows(data[:4096])] or [
        each for each in readers if name.lower().endswith(f".{each.suffix}")
    ]
    if not suited:
        titles = ", ".join(each.title for each in readers)
        raise FormatError(f"this is none of the files that are read: {titles}")
    read = suited[0].read
    assert read is not None
    brought = read(data, name)
    try:
        return replace(
            brought, scheme=parse_scheme(write_scheme(brought.scheme).encode(), f"{brought.scheme.name}.yaml")
        )
    except SchemeProblems as error:
        raise FormatError("\n".join(p.message for p in error.problems)) from None
