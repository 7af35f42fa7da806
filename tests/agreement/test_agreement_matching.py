from __future__ import annotations

from itertools import permutations

import pytest
from agreement_pictures import coding, events, study
from hypothesis import given, settings
from hypothesis import strategies as st

import workbench.agreement as agreement
from workbench.agreement.disagreements import Disagreement, Kind
from workbench.agreement.matching import match, together
from workbench.model.coding import Event


def test_hits_misses_extras_and_confusions() -> None:
    mine = events("r....w.......p")
    criterion = events(".r....m...p...")
    found = match(mine, criterion, tolerance_ms=2000)
    assert [(x.id, y.id) for x, y in found.matched] == [("0r", "1r")]
    assert [(x.code, y.code) for x, y in found.confusions] == [("withdrawal", "minimal response")]
    assert [e.id for e in found.only_a] == ["13p"]
    assert [e.id for e in found.only_b] == ["10p"]


def test_the_tolerance_includes_its_own_length() -> None:
    assert match(events("r.."), events("..r"), 2000).hits == 1
    assert match(events("r.."), events("..r"), 1999).hits == 0


def test_matching_is_optimal_where_a_greedy_one_would_leave_a_pair_unmatched() -> None:
    # the closest pair (2, 3) taken first would leave 0 and 5 alone
    assert match(events("r..r.."), events("..r..r"), 2000).hits == 2
    assert match(events("..r..r"), events("r..r.."), 2000).hits == 2


moments = st.lists(st.integers(0, 40), max_size=5)


@settings(max_examples=150, deadline=None)
@given(a=moments, b=moments, tolerance=st.integers(0, 8))
def test_no_other_pairing_has_more_pairs_or_is_closer(a: list[int], b: list[int], tolerance: int) -> None:
    found = match(*([Event(f"{i}", "x", ms) for i, ms in enumerate(side)] for side in (a, b)), tolerance)
    cost = sum(abs(x.start_ms - y.start_ms) for x, y in found.matched)
    few, many = sorted((a, b), key=len)
    best = (0, 0)
    for order in permutations(many, len(few)):
        gaps = [abs(x - y) for x, y in zip(few, order, strict=True) if abs(x - y) <= tolerance]
        best = min(best, (-len(gaps), sum(gaps)))
    assert (-found.hits, cost) == best
    assert found.hits + len(found.only_a) == len(a)
    assert found.hits + len(found.only_b) == len(b)


onsets = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 60)), max_size=10)


@settings(max_examples=150, deadline=None)
@given(onsets=onsets, tolerance=st.integers(0, 12), names=st.permutations(range(4)))
def test_times_set_together_lie_within_the_tolerance_and_do_not_depend_on_who_is_who(
    onsets: list[tuple[int, int]], tolerance: int, names: list[int]
) -> None:
    moved = together(onsets, tolerance)
    assert all(0 <= before - after <= tolerance for (_, before), after in zip(onsets, moved, strict=True))
    renamed = together([(names[r], ms) for r, ms in onsets], tolerance)
    assert sorted(moved) == sorted(renamed)
    if tolerance == 0:
        assert moved == [ms for _, ms in onsets]


def test_three_raters_mean_one_moment() -> None:
    assert together([(0, 5000), (1, 4000), (2, 5500), (0, 9000)], 2000) == [4000, 4000, 4000, 9000]


def test_two_events_of_one_rater_are_never_one_moment() -> None:
    assert together([(0, 1000), (0, 1500), (1, 1400)], 2000) == [1000, 1400, 1400]


def test_disagreements_come_with_the_second_to_play() -> None:
    s = study("r....w.......p", ".r....m...p...")
    assert agreement.disagreements(s, "a", "b", tolerance_ms=2000) == (
        Disagreement("s1", 5000, Kind.DIFFERENT_CODE, "withdrawal", "minimal response", "5w", "6m"),
        Disagreement("s1", 10000, Kind.ONLY_B, None, "repair", None, "10p"),
        Disagreement("s1", 13000, Kind.ONLY_A, "repair", None, "13p", None),
    )


def test_what_lies_outside_what_both_observed_is_no_disagreement_and_is_counted() -> None:
    s = agreement.Study((coding("a", "r.#.r"), coding("b", "r.rr.")))
    found = agreement.compare(s, "a", "b", tolerance_ms=0)
    assert (found.hits, len(found.disagreements), found.left_out) == (1, 2, 1)


def test_sessions_that_only_one_coded_are_not_compared() -> None:
    s = agreement.Study((coding("a", "r", "s1"), coding("a", "r", "s2"), coding("b", "r", "s2")))
    found = agreement.compare(s, "a", "b")
    assert (found.sessions, found.total) == (("s2",), 1)


def test_the_words_name_the_confusion_that_explains_most() -> None:
    s = study(
        "r.w..w..w..p",
        "r.m..m..m..." + "",
    )
    assert agreement.compare(s, "a", "b", 1000).in_words() == (
        "You agree on 1 of 5. Three of the other four are one confusion: withdrawal for minimal response."
    )


def test_the_words_for_full_agreement_for_none_and_for_one() -> None:
    assert agreement.compare(study("rw", "rw"), "a", "b", 0).in_words() == "You agree on all 2."
    assert agreement.compare(study("..", ".."), "a", "b", 0).in_words() == "Neither coded anything."
    one = agreement.compare(study("r.p", "r.."), "a", "b", 0)
    assert one.in_words(labels={"repair": "Repair attempt"}, who="They") == (
        "They agree on 1 of 2. The other one is Repair attempt, coded by the first rater only."
    )


def test_an_unknown_rater_is_named() -> None:
    with pytest.raises(agreement.InputProblems, match="there is no rater z"):
        agreement.compare(study("r", "r"), "a", "z")
