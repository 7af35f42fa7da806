"""Which schemes and instruments there are: shipped files, installed packages', a site's own folders.

A new one is one new YAML file in `observer/` or `instruments/`; it is found by itself. An installed
package adds a folder with the same two subfolders through an entry point of the group
`workbench.coding_schemes` whose object is the folder's path.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TypeVar

from workbench.model.instrument import Instrument
from workbench.model.scheme import CodingScheme
from workbench.registry import DuplicateName, installed, shipped

T = TypeVar("T", CodingScheme, Instrument)

GROUP = "workbench.coding_schemes"


def scheme_files(more: Iterable[Path] = ()) -> tuple[Path, ...]:
    """Every scheme file: shipped, of installed packages, and of the folders `more`."""
    return tuple(_files("observer", more))


def instrument_files(more: Iterable[Path] = ()) -> tuple[Path, ...]:
    """Every instrument file: shipped, of installed packages, and of the folders `more`."""
    return tuple(_files("instruments", more))


def by_name(files: Iterable[Path], load: Callable[[Path], T], kind: str) -> dict[str, T]:
    """What `load` reads from `files`, by name and sorted. Raises DuplicateName for two of one name."""
    found: dict[str, T] = {}
    origin: dict[str, Path] = {}
    for file in files:
        entry = load(file)
        if entry.name in found:
            raise DuplicateName(f"{kind} {entry.name!r} is defined twice: in {origin[entry.name]} and in {file}")
        found[entry.name], origin[entry.name] = entry, file
    return dict(sorted(found.items()))


def _files(subfolder: str, more: Iterable[Path]) -> Iterator[Path]:
    folders = [shipped("coding_schemes")]
    folders += [Path(point.load()) for point in installed(GROUP)]
    folders += list(more)
    for folder in folders:
        yield from sorted((folder / subfolder).glob("*.yaml"))
