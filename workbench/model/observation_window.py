"""Choosing the observation window: which stretches of a recording are to be coded.

Pure: the same recording, rule and seed give the same stretches on every computer, today and in ten years.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable
from dataclasses import dataclass

from workbench.model.span import TimeSpan, clock, merged

_SECOND = 1000
_TIME = re.compile(r"\d+(:[0-5]?\d){0,2}(\.\d{1,3})?")


@dataclass(frozen=True, slots=True)
class WindowChosen:
    """An observation window and the rule it was made by, in words; `seed` where places were drawn."""

    windows: tuple[TimeSpan, ...]
    rule: str
    seed: int | None = None


def whole(duration_ms: int) -> WindowChosen:
    """All of it.

    >>> whole(60_000).windows
    (TimeSpan(start_ms=0, end_ms=60000),)
    """
    return WindowChosen((TimeSpan(0, duration_ms),), "the whole session")


def from_the_middle(duration_ms: int, length_ms: int) -> WindowChosen:
    """One stretch of `length_ms` whose middle is the recording's middle, begun at a whole second.

    Raises ValueError when the recording is shorter.

    >>> from_the_middle(3_000_000, 1_200_000).windows
    (TimeSpan(start_ms=900000, end_ms=2100000),)
    """
    _fits(duration_ms, 1, length_ms)
    start = _second((duration_ms - length_ms) / 2)
    return WindowChosen((TimeSpan(start, start + length_ms),), f"{clock(length_ms)} from the middle")


def evenly(duration_ms: int, count: int, length_ms: int) -> WindowChosen:
    """`count` slices of `length_ms`, each in the middle of its equal share of the recording.

    Raises ValueError when they do not fit.

    >>> [clock(w.start_ms) for w in evenly(3_000_000, 2, 300_000).windows]
    ['10:00', '35:00']
    """
    _fits(duration_ms, count, length_ms)
    share = duration_ms / count
    starts = [_second(n * share + (share - length_ms) / 2) for n in range(count)]
    return WindowChosen(_slices(starts, length_ms), f"{_slices_of(count, length_ms)} at even distances")


def at_random(duration_ms: int, count: int, length_ms: int, seed: int) -> WindowChosen:
    """`count` slices of `length_ms` that do not overlap, at places drawn with `seed`, each arrangement
    of whole seconds as likely as any other.

    Raises ValueError when they do not fit.

    >>> [clock(w.start_ms) for w in at_random(3_000_000, 2, 300_000, seed=7).windows]
    ['6:02', '17:56']
    """
    _fits(duration_ms, count, length_ms)
    places = (duration_ms - count * length_ms) // _SECOND + 1
    # `random()` is the one method whose numbers Python promises to keep for a seed.
    draw = random.Random(seed)  # noqa: S311  (drawing places, no secret)
    taken: set[int] = set()
    while len(taken) < count:  # distinct places among the free seconds and the slices, as in drawing lots
        taken.add(int(draw.random() * (places + count - 1)))
    starts = [(place - n) * _SECOND + n * length_ms for n, place in enumerate(sorted(taken))]
    rule = f"{_slices_of(count, length_ms)} at random places (seed {seed})"
    return WindowChosen(_slices(starts, length_ms), rule, seed)


def stretches(spans: Iterable[TimeSpan], duration_ms: int) -> WindowChosen:
    """Stretches chosen by hand. Raises ValueError: none, an empty one, or one that goes on after the end."""
    asked = tuple(spans)
    if not asked:
        raise ValueError("The observation window is empty: name at least one stretch.")
    if empty := [s for s in asked if not s.length_ms]:
        raise ValueError(f"The observation window is empty: it ends where it begins, at {clock(empty[0].start_ms)}.")
    last = max(s.end_ms for s in asked)
    if last > duration_ms:
        raise ValueError(
            f"The observation window ends at {clock(last)}, after the recording's end at {clock(duration_ms)}."
        )
    windows = merged(asked)
    everything = whole(duration_ms)
    return everything if windows == everything.windows else WindowChosen(windows, "chosen by hand")


def read_stretches(text: str, duration_ms: int) -> tuple[TimeSpan, ...]:
    """Stretches as people write them: `4:00-24:00`, several with commas or on lines of their own.

    An end left out is the recording's end. Raises ValueError that names what cannot be read.

    >>> read_stretches("4:00-9:00, 20:00 – 25:00", 3_000_000)
    (TimeSpan(start_ms=240000, end_ms=540000), TimeSpan(start_ms=1200000, end_ms=1500000))
    """
    found = []
    for part in re.split(r"[,;\n]", text):
        if not part.strip():
            continue
        edges = re.split(r"\s*(?:-|–|—|\bto\b)\s*", part.strip())
        if len(edges) != 2:
            raise ValueError(f"{part.strip()!r} is no stretch of the recording. Write its two times, as in 4:00-24:00.")
        start = read_time(edges[0], duration_ms)
        end = read_time(edges[1], duration_ms) if edges[1] else duration_ms
        if end <= start:
            raise ValueError(f"The observation window ends at {edges[1]}, before it begins at {edges[0]}.")
        found.append(TimeSpan(start, end))
    return tuple(found)


def read_time(text: str, duration_ms: int) -> int:
    """`90`, `4:00`, `1:02:03` or `4:00.5` as milliseconds. Raises ValueError.

    The clock shows whole seconds, so the recording's last shown second is its end.

    >>> read_time("4:00", 240_480), read_time("1:30", 240_480)
    (240480, 90000)
    """
    if not _TIME.fullmatch(text.strip()):
        raise ValueError(f"{text.strip()!r} is no time in the recording. Write minutes and seconds, as in 4:00.")
    seconds = 0.0
    for part in text.strip().split(":"):
        seconds = seconds * 60 + float(part)
    ms = round(seconds * _SECOND)
    return duration_ms if ms == duration_ms // _SECOND * _SECOND else ms


def said(windows: Iterable[TimeSpan]) -> str:
    """Windows as people read them: `4:00–9:00, 20:00–25:00`."""
    return ", ".join(f"{clock(w.start_ms)}–{clock(w.end_ms)}" for w in windows)


def _slices(starts: Iterable[int], length_ms: int) -> tuple[TimeSpan, ...]:
    """Slices of equal length; two that touch stay one stretch."""
    return merged(TimeSpan(start, start + length_ms) for start in starts)


def _fits(duration_ms: int, count: int, length_ms: int) -> None:
    if count < 1 or length_ms < _SECOND:
        raise ValueError("A slice is at least one second long, and there is at least one.")
    if count * length_ms > duration_ms:
        raise ValueError(
            f"{_slices_of(count, length_ms)} need {clock(count * length_ms)}; the recording has {clock(duration_ms)}."
        )


def _slices_of(count: int, length_ms: int) -> str:
    return f"{count} slice{'s' * (count != 1)} of {clock(length_ms)}"


def _second(ms: float) -> int:
    return int(ms // _SECOND) * _SECOND
