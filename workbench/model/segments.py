"""The rating segments of an observation window: the stretches that segment ratings are given for."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from workbench.model.coding import Event
from workbench.model.scheme import CodingScheme
from workbench.model.span import TimeSpan


def segments(windows: Sequence[TimeSpan], segment_ms: int | None) -> tuple[TimeSpan, ...]:
    """The segments in the order of the windows; segment n of a rating is `segments[n - 1]`.

    Each window is cut every `segment_ms` from its start; a last stretch shorter than half of that
    belongs to the one before. Without `segment_ms` each window is one segment. Raises ValueError
    when `segment_ms` is not positive.

    >>> minutes = lambda spans: [(s.start_ms // 60_000, s.end_ms // 60_000) for s in spans]
    >>> minutes(segments([TimeSpan(0, 17 * 60_000)], 5 * 60_000))
    [(0, 5), (5, 10), (10, 17)]
    """
    if segment_ms is None:
        return tuple(windows)
    if segment_ms <= 0:
        raise ValueError(f"a segment lasts longer than nothing; found {segment_ms} ms")
    return tuple(segment for window in windows for segment in _cut(window, segment_ms))


def segments_of(scheme: CodingScheme, windows: Sequence[TimeSpan]) -> tuple[TimeSpan, ...]:
    """The segments that a scheme rates; none where it rates only the whole session."""
    if not any(scale.each_segment for scale in scheme.ratings):
        return ()
    return segments(windows, scheme.segment_ms)


def in_segment(event: Event, spans: Sequence[TimeSpan], segment: int) -> bool:
    """Whether an event belongs to a segment: it starts there. All belong to segment 0, the session."""
    return segment == 0 or spans[segment - 1].contains(event.start_ms)


def _cut(window: TimeSpan, segment_ms: int) -> tuple[TimeSpan, ...]:
    number = max(1, window.length_ms // segment_ms + (window.length_ms % segment_ms >= segment_ms / 2))
    edges = [window.start_ms + n * segment_ms for n in range(number)] + [window.end_ms]
    return tuple(TimeSpan(start, end) for start, end in pairwise(edges))
