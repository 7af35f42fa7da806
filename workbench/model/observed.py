"""What of an observation window could be observed: the denominator of rates, and what agreement is about."""

from __future__ import annotations

from collections.abc import Sequence

from workbench.model.coding import CodingContent
from workbench.model.span import TimeSpan, merged, without


def dark_spans(content: CodingContent, windows: Sequence[TimeSpan]) -> tuple[TimeSpan, ...]:
    """The stretches of the windows that a rater could not observe. One without an end lasts as long as the
    window in which it begins.

    >>> from workbench.model.coding import NOT_OBSERVABLE, Event
    >>> said = CodingContent((Event("e", NOT_OBSERVABLE, 4000, 9000), Event("f", NOT_OBSERVABLE, 25_000)))
    >>> [(s.start_ms, s.end_ms) for s in dark_spans(said, [TimeSpan(0, 8000), TimeSpan(20_000, 30_000)])]
    [(4000, 8000), (25000, 30000)]
    """
    last = max((w.end_ms for w in windows), default=0)
    found = []
    for event in content.not_observable:
        window = next((w for w in windows if w.contains(event.start_ms)), None)
        end = event.end_ms if event.end_ms is not None else (window.end_ms if window else last)
        found.append(TimeSpan(event.start_ms, max(event.start_ms, end)))
    seen = without(windows, found)
    return without(merged(windows), seen)


def observed_spans(content: CodingContent, windows: Sequence[TimeSpan]) -> tuple[TimeSpan, ...]:
    """What of the windows a rater could observe."""
    return without(windows, dark_spans(content, windows))


def observed_ms(content: CodingContent, windows: Sequence[TimeSpan]) -> int:
    """How long that is."""
    return sum(span.length_ms for span in observed_spans(content, windows))
