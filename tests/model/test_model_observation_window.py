"""Observation windows: presets, drawn places, and reading what people write."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import pytest

from workbench.model.observation_window import at_random, evenly, from_the_middle, read_stretches, stretches, whole
from workbench.model.span import TimeSpan

MINUTE = 60_000
HOUR = 60 * MINUTE


def minutes(windows: tuple[TimeSpan, ...]) -> list[tuple[float, float]]:
    return [(w.start_ms / MINUTE, w.end_ms / MINUTE) for w in windows]


def test_presets_lie_where_their_words_say() -> None:
    assert minutes(whole(HOUR).windows) == [(0, 60)]
    assert minutes(from_the_middle(HOUR, 20 * MINUTE).windows) == [(20, 40)]
    assert minutes(evenly(HOUR, 2, 5 * MINUTE).windows) == [(12.5, 17.5), (42.5, 47.5)]


def test_the_same_seed_gives_the_same_places_for_ever() -> None:
    assert minutes(at_random(HOUR, 3, 5 * MINUTE, seed=11).windows) == minutes(
        at_random(HOUR, 3, 5 * MINUTE, seed=11).windows
    )
    assert [w.start_ms for w in at_random(HOUR, 2, 5 * MINUTE, seed=4711).windows] == [408_000, 1_770_000]
    assert at_random(HOUR, 2, 5 * MINUTE, seed=4711).seed == 4711
    assert "seed 4711" in at_random(HOUR, 2, 5 * MINUTE, seed=4711).rule


@pytest.mark.parametrize("seed", range(200))
def test_drawn_slices_are_whole_inside_and_do_not_overlap(seed: int) -> None:
    windows = at_random(20 * MINUTE + 321, 3, 5 * MINUTE, seed).windows
    assert sum(w.length_ms for w in windows) == 15 * MINUTE
    assert windows[0].start_ms >= 0 and windows[-1].end_ms <= 20 * MINUTE + 321
    assert all(a.end_ms <= b.start_ms for a, b in pairwise(windows))
    assert all(w.start_ms % 1000 == 0 for w in windows)


def test_each_arrangement_of_drawn_slices_is_as_likely_as_any_other() -> None:
    """Two slices of a second in four: six arrangements."""
    counts = Counter(at_random(4000, 2, 1000, seed).windows for seed in range(6000))
    assert len(counts) == 6 and all(850 < n < 1150 for n in counts.values()), counts


def test_slices_that_fill_the_recording_are_one_stretch() -> None:
    assert minutes(at_random(10 * MINUTE, 2, 5 * MINUTE, seed=1).windows) == [(0, 10)]


def test_slices_that_do_not_fit_are_refused_with_the_numbers() -> None:
    for choose in (lambda: evenly(4 * MINUTE, 2, 5 * MINUTE), lambda: at_random(4 * MINUTE, 2, 5 * MINUTE, 1)):
        with pytest.raises(ValueError, match="2 slices of 5:00 need 10:00; the recording has 4:00"):
            choose()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("4:00-24:00", [(4, 24)]),
        ("4:00 – 9:00, 20:00 to 25:00", [(4, 9), (20, 25)]),
        ("1:00:00-", [(60, 70)]),
        ("90-2:00\n3:00.5-4:00", [(1.5, 2), (3.0083333, 4)]),
    ],
)
def test_stretches_are_read_as_people_write_them(text: str, expected: list[tuple[float, float]]) -> None:
    assert minutes(read_stretches(text, 70 * MINUTE)) == [
        (pytest.approx(a, abs=1e-4), pytest.approx(b, abs=1e-4)) for a, b in expected
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("soon-later", "'soon' is no time"),
        ("4:00", "is no stretch"),
        ("5:00-4:00", "ends at 4:00, before it begins at 5:00"),
        ("1:75-2:00", "'1:75' is no time"),
    ],
)
def test_what_is_no_stretch_is_named(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        read_stretches(text, HOUR)


def test_stretches_by_hand_are_joined_and_kept_inside_the_recording() -> None:
    assert minutes(stretches([TimeSpan(0, MINUTE), TimeSpan(MINUTE, 2 * MINUTE)], HOUR).windows) == [(0, 2)]
    with pytest.raises(ValueError, match="after the recording's end at 1:00:00"):
        stretches([TimeSpan(0, HOUR + 1)], HOUR)
    with pytest.raises(ValueError, match="name at least one"):
        stretches([], HOUR)
