"""Counts and rates per observed hour, held against a millisecond-by-millisecond way."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.alliance import code_counts, mean_counts
from workbench.model.coding import Event
from workbench.model.scheme import CodeKind
from workbench.model.span import TimeSpan
from workbench.schemes import shipped_schemes

SCHEME = shipped_schemes()["alliance_behaviours"]
POINT, STATE = "patient_opens_up", "repair"
SMALL = replace(SCHEME, codes=(SCHEME.code(POINT), SCHEME.code(STATE)))


def count(events: list[Event], windows: list[TimeSpan], holes: list[TimeSpan] | None = None):
    return code_counts(SMALL, events, windows, holes or [])


def test_six_events_in_twenty_minutes_are_eighteen_an_hour() -> None:
    events = [Event(str(n), POINT, n * 60_000) for n in range(6)]
    point, state = count(events, [TimeSpan(0, 20 * 60_000)])
    assert (point.count, point.per_hour, point.lasted_ms, point.share) == (6, 18, None, None)
    assert (state.count, state.per_hour, state.lasted_ms, state.share) == (0, 0, 0, 0)


def test_what_lies_outside_the_window_or_cannot_be_observed_does_not_count_and_is_told() -> None:
    #  0        10        20        30 s      window 0–20, not observable 5–10
    #  p    p(7)    p(12)          p(25)
    #  |s---------(0–8)    |s------(18–30)
    events = [Event("a", POINT, s * 1000) for s in (0, 7, 12, 25)]
    events += [Event("b", STATE, 0, 8000), Event("c", STATE, 18_000, 30_000), Event("d", STATE, 6000, 9000)]
    point, state = count(events, [TimeSpan(0, 20_000)], [TimeSpan(5000, 10_000)])
    assert (point.count, point.n_outside, point.observed_ms) == (2, 2, 15_000)
    assert (state.count, state.n_outside, state.lasted_ms) == (2, 1, 5000 + 2000)
    assert state.share == pytest.approx(7 / 15)


def test_an_open_state_counts_without_a_length() -> None:
    _, state = count([Event("a", STATE, 1000, None)], [TimeSpan(0, 20_000)])
    assert (state.count, state.n_open, state.lasted_ms) == (1, 1, 0)


def test_nothing_observed_gives_no_rate() -> None:
    point, state = count([Event("a", POINT, 5)], [TimeSpan(0, 10)], [TimeSpan(0, 10)])
    assert (point.count, point.per_hour, state.share) == (0, None, None)


def test_raters_are_averaged() -> None:
    window = [TimeSpan(0, 3_600_000)]
    mean = mean_counts(
        [count([Event("a", POINT, 5)], window), count([Event(str(n), POINT, n) for n in range(4)], window)]
    )
    assert (mean[0].count, mean[0].per_hour, mean[0].n_codings, mean[0].lasted_ms) == (2.5, 2.5, 2, None)
    with pytest.raises(ValueError, match="one or more codings"):
        mean_counts([])


spans = st.tuples(st.integers(0, 60), st.integers(0, 60)).map(lambda t: TimeSpan(min(t), max(t)))


@given(st.lists(spans, max_size=3), st.lists(spans, max_size=3), st.lists(st.tuples(st.booleans(), spans), max_size=6))
def test_counts_equal_the_slow_way(windows, holes, drawn) -> None:
    events = [
        Event(str(n), POINT if point else STATE, s.start_ms, None if point else s.end_ms)
        for n, (point, s) in enumerate(drawn)
    ]
    observed = {ms for w in windows for ms in range(w.start_ms, w.end_ms)}
    observed -= {ms for h in holes for ms in range(h.start_ms, h.end_ms)}
    for result in code_counts(SMALL, events, windows, holes):
        own = [e for e in events if e.code == result.code]
        covered = [set(range(e.start_ms, e.end_ms or e.start_ms)) | {e.start_ms} for e in own]
        assert result.count == sum(bool(c & observed) for c in covered)
        assert result.observed_ms == len(observed)
        assert result.count + result.n_outside == len(own)
        if SMALL.code(result.code).kind is CodeKind.STATE:
            on = {ms for e in own for ms in range(e.start_ms, e.end_ms)}
            assert result.lasted_ms == len(on & observed), "two at once take the time once"
