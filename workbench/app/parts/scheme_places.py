"""Where the entries of a draft stand: what was typed in the field of one still finds it after others came or went.

On the page each entry has a number of its own, which it keeps as long as the fields are not all drawn anew. After that
it is found by its id.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count
from threading import RLock
from typing import Any

from workbench.schemes import scheme_draft
from workbench.schemes.scheme_draft import Path


@dataclass
class Places:
    """The numbers of entries, in the order in which these stand. A list of entries inside an entry goes by the
    numbers along its own path.

    >>> places = Places()
    >>> second = places.numbered(("codes", 1, "label"))
    >>> places.moved(("codes", 1), 0)
    >>> places.place_of(second)
    ('codes', 0, 'label')
    >>> places.gone(("codes", 0))
    >>> places.place_of(second) is None
    True
    """

    _numbers: dict[Path, list[int]] = field(default_factory=dict)
    _next: count[int] = field(default_factory=count)
    _lock: RLock = field(default_factory=RLock, repr=False, compare=False)

    def numbered(self, path: Path) -> Path:
        """The path with each entry's number for its place."""
        made: Path = ()
        for n, step in enumerate(path):
            made = (*made, self._of(path[:n], step + 1)[step] if isinstance(step, int) else step)
        return made

    def place_of(self, numbered: Path) -> Path | None:
        """Where that stands now; None where it is gone."""
        place: Path = ()
        for n, step in enumerate(numbered):
            if isinstance(step, int):
                numbers = self._numbers.get(numbered[:n], [])
                if step not in numbers:
                    return None
                step = numbers.index(step)
            place = (*place, step)
        return place

    def added(self, at: Path) -> None:
        of, n = list_and_place(at)
        self._of(of, n).insert(n, next(self._next))

    def moved(self, at: Path, to: int) -> None:
        of, n = list_and_place(at)
        numbers = self._of(of, max(n, to) + 1)
        numbers.insert(to, numbers.pop(n))

    def gone(self, at: Path) -> None:
        of, n = list_and_place(at)
        self._of(of, n + 1).pop(n)

    def _of(self, path: Path, least: int) -> list[int]:
        """The numbers of a list's entries, of `least` ones at least."""
        with self._lock:
            numbers = self._numbers.setdefault(self.numbered(path), [])
            numbers += [next(self._next) for _ in range(least - len(numbers))]
            return numbers


def list_and_place(at: Path) -> tuple[Path, int]:
    """The list that an entry is in, and its place there."""
    return at[:-1], int(at[-1])


def ids_along(tree: dict[str, Any], path: Path) -> list[list[str]]:
    """The ids of each list of entries that a path leads through."""
    return [_ids_in(tree, path[:n]) for n, step in enumerate(path) if isinstance(step, int)]


def followed(tree: dict[str, Any], path: Path, before: list[list[str]]) -> Path | None:
    """Where that stands now which stood at `path` when its lists had these ids; None where it is gone.

    An entry is the one with its id. One whose id is no longer there has a new name, if its place has one. One that
    has no id stays where it is as long as its list is as long as it was.

    >>> tree = {"codes": [{"id": "weather"}, {"id": "joke"}, {"id": "new"}]}
    >>> followed(tree, ("codes", 0, "label"), [["joke", "weather"]])
    ('codes', 1, 'label')
    >>> followed(tree, ("codes", 2, "label"), [["joke", "weather", "code_3"]])
    ('codes', 2, 'label')
    >>> followed(tree, ("codes", 1, "label"), [["joke", "deleted", "weather"]]) is None
    True
    """
    now: Path = ()
    lists = iter(before)
    for step in path:
        if isinstance(step, int):
            then, ids = next(lists), _ids_in(tree, now)
            me = then[step] if step < len(then) else ""
            stays = len(ids) == len(then) if not me else step < len(ids) and ids[step] not in then
            if me and me in ids:
                step = ids.index(me)
            elif not stays:
                return None
        now = (*now, step)
    return now


def _ids_in(tree: dict[str, Any], path: Path) -> list[str]:
    return [str(entry.get("id", "")) for entry in scheme_draft.entries_at(tree, path)]
