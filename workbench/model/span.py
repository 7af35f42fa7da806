"""A span of time inside a recording."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True, slots=True)
class TimeSpan:
    """Half-open span `[start_ms, end_ms)` in milliseconds from the recording's start.

    >>> TimeSpan(0, 1000).overlap_ms(TimeSpan(400, 2000))
    600
    """

    start_ms: int
    end_ms: int

    def __post_init__(self) -> None:
        if self.start_ms < 0 or self.end_ms < self.start_ms:
            raise ValueError(f"not a time span: {self.start_ms} to {self.end_ms} ms")

    @property
    def length_ms(self) -> int:
        return self.end_ms - self.start_ms

    def contains(self, ms: int) -> bool:
        return self.start_ms <= ms < self.end_ms

    def overlap_ms(self, other: TimeSpan) -> int:
        return max(0, min(self.end_ms, other.end_ms) - max(self.start_ms, other.start_ms))


def merged(spans: Iterable[TimeSpan]) -> tuple[TimeSpan, ...]:
    """The same time as sorted spans that neither overlap nor touch; empty spans vanish."""
    out: list[TimeSpan] = []
    for span in sorted(s for s in spans if s.length_ms):
        if out and span.start_ms <= out[-1].end_ms:
            out[-1] = TimeSpan(out[-1].start_ms, max(out[-1].end_ms, span.end_ms))
        else:
            out.append(span)
    return tuple(out)


def without(spans: Iterable[TimeSpan], holes: Iterable[TimeSpan]) -> tuple[TimeSpan, ...]:
    """What is left of `spans` when `holes` are taken out."""
    left = list(merged(spans))
    for hole in merged(holes):
        next_left: list[TimeSpan] = []
        for span in left:
            if span.overlap_ms(hole) == 0:
                next_left.append(span)
                continue
            if span.start_ms < hole.start_ms:
                next_left.append(TimeSpan(span.start_ms, hole.start_ms))
            if hole.end_ms < span.end_ms:
                next_left.append(TimeSpan(hole.end_ms, span.end_ms))
        left = next_left
    return tuple(left)


def clock(ms: int) -> str:
    """A media time as people read it: `12:34` or `1:02:03`."""
    seconds = ms // 1000
    hours, rest = divmod(seconds, 3600)
    minutes, secs = divmod(rest, 60)
    return f"{hours}:{minutes:02d}:{secs:02d}" if hours else f"{minutes}:{secs:02d}"
