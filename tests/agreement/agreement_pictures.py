"""Codings drawn as lines: one character is one second, a letter a point event, a dot nothing."""

from __future__ import annotations

from workbench.agreement import RaterCoding, ReliabilityData, Study
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


def state(code: str, start: float, end: float) -> Event:
    """From start to end, in seconds."""
    return Event(f"{code}{start}", code, int(start * 1000), int(end * 1000))


def coded(*sides: list[Event], end: float = 100) -> Study:
    """Raters a, b, c of one session of so many seconds."""
    window = (TimeSpan(0, int(end * 1000)),)
    return Study(tuple(RaterCoding("s1", "abc"[i], tuple(side), windows=window) for i, side in enumerate(sides)))


def said(data: ReliabilityData) -> list[tuple[str, str]]:
    """What raters a and b said of each unit."""
    frame = data.to_frame()
    return list(zip(frame["a"], frame["b"], strict=True))
