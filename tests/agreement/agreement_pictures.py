"""Codings drawn as lines: one character is one second, a letter a point event, a dot nothing."""

from __future__ import annotations

from workbench.agreement import RaterCoding, Study
from workbench.model.coding import Event
from workbench.model.span import TimeSpan

NAMES = {"r": "rupture", "w": "withdrawal", "m": "minimal response", "p": "repair"}


def events(line: str, ms: int = 1000) -> tuple[Event, ...]:
    return tuple(Event(f"{at}{c}", NAMES[c], at * ms) for at, c in enumerate(line) if c in NAMES)


def coding(rater: str, line: str, session: str = "s1", **more: object) -> RaterCoding:
    """`#` marks seconds that could not be observed."""
    dark = tuple(TimeSpan(at * 1000, at * 1000 + 1000) for at, c in enumerate(line) if c == "#")
    fields: dict[str, object] = {"windows": (TimeSpan(0, len(line) * 1000),), "not_observable": dark} | more
    return RaterCoding(session, rater, events(line), **fields)  # type: ignore[arg-type]


def study(*lines: str, session: str = "s1") -> Study:
    return Study(tuple(coding("abc"[i], line, session) for i, line in enumerate(lines)))


def rows(data: object) -> list[str]:
    """Each rater's row of a table of 0 and 1 as text, `-` where missing."""
    return ["".join("-" if v != v else str(int(v)) for v in row) for row in data.values]  # type: ignore[attr-defined]
