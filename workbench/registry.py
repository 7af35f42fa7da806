"""Finds what others can add: drop-in files of a folder, and entry points of installed packages.

Built-ins register in the same way as an outsider's plug-in: one file, found by itself. Two entries
of one name are refused; an unknown name lists what exists.
"""

from __future__ import annotations

import importlib
import importlib.metadata
import pkgutil
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import TypeVar

T = TypeVar("T")


class UnknownName(KeyError):
    """A name that nothing is registered under; the message lists what exists."""

    def __init__(self, kind: str, name: str, known: Mapping[str, object]) -> None:
        super().__init__(f"unknown {kind} {name!r}; there are: {', '.join(sorted(known)) or 'none'}")

    def __str__(self) -> str:
        return str(self.args[0])


class DuplicateName(ValueError):
    """Two entries want the same name."""


def collect(
    kind: str,
    package: ModuleType,
    pick: Callable[[ModuleType], T | None],
    name_of: Callable[[T], str],
    group: str | None = None,
) -> dict[str, T]:
    """Every entry of `kind` by name: `pick` is asked of each module of `package` (not those whose
    name starts with an underscore), and each installed entry point of `group` is loaded.

    Raises DuplicateName when two entries share a name.
    """
    found: dict[str, T] = {}
    origin: dict[str, str] = {}

    def add(entry: T, where: str) -> None:
        name = name_of(entry)
        if name in found:
            raise DuplicateName(f"{kind} {name!r} is defined twice: in {origin[name]} and in {where}")
        found[name], origin[name] = entry, where

    for info in pkgutil.iter_modules(package.__path__):
        if not info.name.startswith("_"):
            module = importlib.import_module(f"{package.__name__}.{info.name}")
            if (entry := pick(module)) is not None:
                add(entry, module.__name__)
    if group:
        for point in installed(group):
            add(point.load(), f"{point.value} ({point.dist.name if point.dist else 'unknown package'})")
    return dict(sorted(found.items()))


def installed(group: str) -> Iterable[importlib.metadata.EntryPoint]:
    """What installed packages add to `group`. They are looked through once: that takes a twentieth of a second, and a
    scheme's file asks three times."""
    return _installed(group, tuple(sys.path))


@cache
def _installed(group: str, path: tuple[str, ...]) -> importlib.metadata.EntryPoints:
    """The same of the packages on `path`, which is where Python looks now."""
    return importlib.metadata.entry_points(group=group)


def get(kind: str, name: str, known: Mapping[str, T]) -> T:
    """The entry called `name`. Raises UnknownName, which lists what exists."""
    try:
        return known[name]
    except KeyError:
        raise UnknownName(kind, name, known) from None


def shipped(folder: str) -> Path:
    """The folder `coding_schemes` or `sample_media` that came with the program.

    In a wheel it lies inside the package, in a checkout beside it. Raises FileNotFoundError.
    """
    package = Path(__file__).resolve().parent
    for place in (package / "shipped" / folder, package.parent / folder):
        if place.is_dir():
            return place
    raise FileNotFoundError(f"the folder {folder} that comes with the program is missing beside {package}")


def shipped_files(folder: str, pattern: str) -> Iterator[Path]:
    """Files of a shipped folder that match `pattern`, sorted."""
    yield from sorted(shipped(folder).glob(pattern))
