"""A live coding's own clock, and where its beginning lies in the recording that came later.

While a session happens there is only a clock, which the rater starts. The recording begins at another
instant, so the coding is shifted once: what stood at 2:00 of the clock stands at 2:00 plus the shift of the
recording. The shift is an operation like any other (`align`), so it can be undone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from workbench.model.coding import Event, LiveClock, Operation, OperationKind, effective
from workbench.model.span import TimeSpan

LONGEST_LIVE_MS = 12 * 3600 * 1000
"""The observation window of a live coding while nobody knows how long the session will be."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a coding is aligned now. `operation` is the align that counts, None: it is on its own clock.

    `settled` says that something was coded after it, on the recording's own time: a change would move that too.
    """

    shift_ms: int = 0
    operation: str | None = None
    settled: bool = False

    @property
    def aligned(self) -> bool:
        return self.operation is not None


def standing(operations: Iterable[Operation]) -> Standing:
    """How a coding is aligned after `operations`, in the order of the server's sequence.

    >>> standing([Operation("a", OperationKind.ALIGN, 0, values={"shift_ms": 1500})]).shift_ms
    1500
    """
    found = Standing()
    for op in effective(operations):
        if op.kind is OperationKind.ALIGN:
            found = Standing(found.shift_ms + op.values["shift_ms"], op.id)
        elif found.aligned and _on_time(op):
            found = Standing(found.shift_ms, found.operation, settled=True)
    return found


def _on_time(op: Operation) -> bool:
    if op.kind is OperationKind.AMEND:
        return bool({"start_ms", "end_ms"} & op.values.keys())
    return op.kind in (OperationKind.ADD, OperationKind.NOTE)


def observed(clock: LiveClock | None, shift_ms: int = 0, duration_ms: int | None = None) -> tuple[TimeSpan, ...]:
    """The observation window of a live coding: what its clock ran for, shifted, and within the recording where
    there is one. While the clock runs it is the longest that a session may be; empty where nothing is left.

    >>> observed(LiveClock(0, 600_000), -15_000, 500_000)
    (TimeSpan(start_ms=0, end_ms=500000),)
    """
    if clock is None or clock.stopped_ms is None:
        return (TimeSpan(0, LONGEST_LIVE_MS),)
    start, end = max(0, shift_ms), clock.stopped_ms + shift_ms
    if duration_ms is not None:
        end = min(end, duration_ms)
    return (TimeSpan(start, end),) if end > start else ()


def moved(event: Event, shift_ms: int) -> tuple[int, int | None]:
    """Start and end of an event after a shift, as `fold` moves it: never before the recording's beginning."""
    return max(0, event.start_ms + shift_ms), None if event.end_ms is None else max(0, event.end_ms + shift_ms)


def outside(events: Sequence[Event], shift_ms: int, duration_ms: int) -> tuple[Event, ...]:
    """Events that a shift leaves wholly outside the recording: they happened before it began or after it ended."""
    gone = []
    for event in events:
        last = event.start_ms if event.end_ms is None else event.end_ms
        if last + shift_ms < 0 or event.start_ms + shift_ms >= duration_ms:
            gone.append(event)
    return tuple(gone)
