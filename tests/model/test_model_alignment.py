"""A live coding's clock against the recording that came later: what the shift does to times and window."""

from __future__ import annotations

from workbench.model.alignment import LONGEST_LIVE_MS, moved, observed, outside, standing
from workbench.model.coding import Event, LiveClock, Operation, OperationKind, fold
from workbench.model.span import TimeSpan

ALIGN, VOID, ADD, AMEND = OperationKind.ALIGN, OperationKind.VOID, OperationKind.ADD, OperationKind.AMEND


def add(ident: str, start: int, end: int | None = None) -> Operation:
    return Operation(ident, ADD, 0, event=f"e{ident}", code="c", start_ms=start, end_ms=end)


def align(ident: str, shift: int) -> Operation:
    return Operation(ident, ALIGN, 0, values={"shift_ms": shift})


def test_the_window_of_a_running_clock_is_the_longest_session_there_is() -> None:
    assert observed(LiveClock(0)) == observed(None) == (TimeSpan(0, LONGEST_LIVE_MS),)


def test_the_window_moves_with_the_coding_and_stays_inside_the_recording() -> None:
    clock = LiveClock(0, 60_000)
    assert observed(clock) == (TimeSpan(0, 60_000),)
    assert observed(clock, 5_000, 100_000) == (TimeSpan(5_000, 65_000),)
    assert observed(clock, -5_000, 50_000) == (TimeSpan(0, 50_000),)
    assert observed(clock, 200_000, 100_000) == () == observed(clock, -60_000, 100_000)


def test_an_alignment_that_was_undone_does_not_count() -> None:
    operations = [add("1", 1000), align("2", 500), Operation("3", VOID, 0, target="2")]
    assert not standing(operations).aligned
    assert standing(operations[:2]).shift_ms == 500
    assert standing([*operations, Operation("4", VOID, 0, target="3")]).shift_ms == 500


def test_what_is_coded_on_the_recording_settles_the_alignment() -> None:
    before = [add("1", 1000), align("2", 500)]
    assert not standing(before).settled
    assert standing([*before, add("3", 2000)]).settled
    moved_event = Operation("4", AMEND, 0, event="e1", values={"start_ms": 5})
    commented = Operation("5", AMEND, 0, event="e1", values={"comment": "well"})
    assert standing([*before, moved_event]).settled and not standing([*before, commented]).settled


def test_the_preview_moves_events_as_the_fold_does() -> None:
    operations = [add("1", 1000), add("2", 4000, 9000), add("3", 20_000)]
    events = fold(operations).events
    for shift in (-5000, 0, 1234):
        shifted = fold([*operations, align("9", shift)]).events
        assert [(e.start_ms, e.end_ms) for e in shifted] == [moved(e, shift) for e in events]


def test_events_that_end_up_outside_the_recording_are_named() -> None:
    events = [Event("a", "c", 1000), Event("b", "c", 1000, 8000), Event("d", "c", 50_000)]
    assert [e.id for e in outside(events, -5000, 60_000)] == ["a"]
    assert [e.id for e in outside(events, 20_000, 60_000)] == ["d"]
