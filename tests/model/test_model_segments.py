"""Where the segments of a window lie, in minutes."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.model.coding import CodingContent, Event, Rating
from workbench.model.rated import ratings_asked
from workbench.model.scheme import CodingScheme, RatingScale
from workbench.model.segments import in_segment, segments
from workbench.model.span import TimeSpan

MINUTE = 60_000


def span(start: float, end: float) -> TimeSpan:
    return TimeSpan(round(start * MINUTE), round(end * MINUTE))


@pytest.mark.parametrize(
    ("windows", "cut"),
    [
        pytest.param([(0, 20)], [(0, 5), (5, 10), (10, 15), (15, 20)], id="an even window"),
        pytest.param([(3, 14)], [(3, 8), (8, 14)], id="a short rest joins the one before"),
        pytest.param([(0, 12.5)], [(0, 5), (5, 10), (10, 12.5)], id="half a segment stands by itself"),
        pytest.param([(0, 2)], [(0, 2)], id="a window shorter than half a segment is one"),
        pytest.param([(0, 6), (30, 35)], [(0, 6), (30, 35)], id="each window from its own start"),
    ],
)
def test_windows_are_cut_from_their_start(windows: list[tuple[int, int]], cut: list[tuple[int, int]]) -> None:
    found = segments([span(*w) for w in windows], 5 * MINUTE)
    assert found == tuple(span(*c) for c in cut)


def test_without_a_length_each_window_is_one_segment() -> None:
    assert segments([span(0, 5), span(20, 25)], None) == (span(0, 5), span(20, 25))


def test_a_segment_of_no_length_is_refused() -> None:
    with pytest.raises(ValueError, match="longer than nothing"):
        segments([span(0, 5)], 0)


@given(st.integers(1, 10_000), st.integers(20, 1_000))
def test_segments_cover_the_window_and_none_is_shorter_than_half(length: int, segment: int) -> None:
    found = segments([TimeSpan(500, 500 + length)], segment)
    assert found[0].start_ms == 500 and found[-1].end_ms == 500 + length
    assert all(a.end_ms == b.start_ms for a, b in pairwise(found))
    assert len(found) == 1 or all(segment / 2 <= s.length_ms < 1.5 * segment for s in found)


def test_an_event_belongs_to_the_segment_in_which_it_starts() -> None:
    spans = segments([span(0, 10)], 5 * MINUTE)
    across = Event("e", "repair", 4 * MINUTE, 6 * MINUTE)
    assert [in_segment(across, spans, n) for n in (0, 1, 2)] == [True, True, False]


def test_a_rating_of_a_segment_that_is_not_there_is_not_asked_for() -> None:
    scales = (
        RatingScale("bond", "Bond", 1, 5, ""),
        RatingScale("warmth", "Warmth", 1, 5, "", each_segment=True),
    )
    scheme = CodingScheme("s", "S", "1", "", "", "", (), (), scales, segment_ms=5 * MINUTE)
    given = (Rating("bond", 0, 3), Rating("bond", 1, 3), *(Rating("warmth", n, 2) for n in (0, 1, 2, 3)))
    asked = ratings_asked(scheme, CodingContent(ratings=given), [span(0, 10)])
    assert [(r.scale, r.segment) for r in asked] == [("bond", 0), ("warmth", 1), ("warmth", 2)]
