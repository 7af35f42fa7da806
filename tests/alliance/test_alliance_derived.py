"""Derived scores: what each kind computes, on what it rests, and why it has no value."""

from __future__ import annotations

from dataclasses import replace

import pytest
from small_scheme import SCHEME, events, one, scored, seen

from workbench.alliance import ScoreValue, derived_scores
from workbench.model.coding import NOT_OBSERVABLE, CodingContent, Event, Rating
from workbench.model.scheme import DerivedScore, Level, RatingScale, ScoreKind, Selection
from workbench.model.span import TimeSpan
from workbench.schemes import shipped_schemes


def test_events_are_counted_by_code_modifier_and_people() -> None:
    said = CodingContent(
        (
            Event("1", "aside", 1000, modifiers=("tone:warm",), who="patient-2", whom="provider"),
            Event("2", "aside", 2000, modifiers=("tone:warm", "form:joke"), who="family-1", whom="family"),
            Event("3", "aside", 3000, who="provider"),
            Event("4", "repair", 4000),
        )
    )

    def count(*codes: str, **more: tuple[str, ...]) -> float | None:
        return one(DerivedScore("n", "N", ScoreKind.COUNT, events=Selection(codes, **more)), said).value

    assert count("aside") == 3
    assert count("aside", modifiers=("tone:warm",)) == 2
    assert count("aside", modifiers=("tone:warm", "form:joke")) == 1
    assert count("aside", who=("patient", "family")) == 2
    assert count("aside", whom=("family",)) == 1
    assert count("aside", "repair", who=("provider",)) == 2, "a repair is the provider's without being asked"


def test_a_rate_is_for_observed_time_only() -> None:
    said = seen(("repair", 60_000), ("repair", 1_000_000), (NOT_OBSERVABLE, 900_000, 2_700_000))
    rate = DerivedScore("r", "R", ScoreKind.RATE, events=events("repair"))
    assert one(rate, said).value == pytest.approx(2), "one in the half hour that was observed"
    assert one(replace(rate, per_minutes=10), said).value == pytest.approx(1 / 3)


def test_time_in_states_counts_overlaps_once_and_open_states_not_at_all() -> None:
    said = seen(("rupture", 0, 360_000), ("rupture", 300_000, 720_000), ("rupture", 1_000_000))
    assert one(DerivedScore("t", "T", ScoreKind.TIME, events=events("rupture")), said).value == pytest.approx(20)


def test_a_sequence_runs_from_the_first_sign_to_within_the_time_after_the_end() -> None:
    score = DerivedScore(
        "q", "Q", ScoreKind.SEQUENCE, events=events("rupture"), then=events("repair"), within_ms=60_000
    )
    said = seen(("rupture", 10_000, 20_000), ("repair", 80_000), ("rupture", 200_000, 300_000), ("repair", 250_000))
    assert one(score, said).value == 100
    late = seen(("rupture", 10_000, 20_000), ("repair", 80_001))
    assert one(score, late).value == 0
    counted = replace(score, counted=True)
    assert one(counted, said).value == 2
    at_the_end = seen(("rupture", 3_500_000, 3_590_000), ("repair", 3_510_000))
    assert (one(counted, at_the_end).value, one(score, at_the_end).left_out) == (1, 1), "it was answered, for a count"


def test_an_event_whose_time_was_not_observed_to_its_end_is_left_out_of_a_sequence() -> None:
    score = DerivedScore(
        "q", "Q", ScoreKind.SEQUENCE, events=events("rupture"), then=events("repair"), within_ms=60_000
    )
    said = seen(("rupture", 10_000, 20_000), ("repair", 30_000), ("rupture", 3_550_000, 3_560_000))
    assert (one(score, said).value, one(score, said).left_out) == (100, 1)
    last = one(score, seen(("rupture", 3_550_000, 3_560_000)))
    assert (last.value, last.reason) == (None, "Rupture: 1 not observed long enough")
    assert one(score, CodingContent()).reason == "Rupture was not seen"


def test_scores_stand_on_codes_ratings_and_scores_above_them() -> None:
    said = replace(
        seen(("rupture", 0, 1), ("repair", 5), ("repair", 6), ("repair", 7)),
        ratings=(Rating("warmth", 0, 4), Rating("strain", 0, 2), Rating("pace", 1, 2), Rating("pace", 2, 7)),
    )
    values = scored(
        DerivedScore("both", "Both", ScoreKind.SUM, of=("rupture", "repair")),
        DerivedScore("share", "Share", ScoreKind.SHARE, of=("repair",), to=("both",)),
        DerivedScore("more", "More", ScoreKind.DIFFERENCE, of=("repair",), to=("rupture",)),
        DerivedScore("ratio", "Ratio", ScoreKind.RATIO, of=("both",), to=("rupture",)),
        DerivedScore("mean", "Mean", ScoreKind.MEAN, of=("warmth", "strain", "pace")),
        said=said,
        windows=(TimeSpan(0, 20_000),),
    )
    assert [v.value for v in values] == [4, 75, 2, 4, pytest.approx((4 + 4 + 4.5) / 3)]


def test_what_cannot_be_computed_has_a_reason_and_so_has_what_stands_on_it() -> None:
    ratio = DerivedScore("ratio", "Ratio", ScoreKind.RATIO, of=("repair",), to=("rupture",))
    above = DerivedScore("above", "Above", ScoreKind.SUM, of=("ratio",))
    values = scored(ratio, above, said=seen(("repair", 5)))
    assert values[0].reason == values[1].reason == "nothing to divide by: no Rupture"
    mean = DerivedScore("mean", "Mean", ScoreKind.MEAN, of=("warmth",))
    assert one(mean, CodingContent()).reason == "Warmth was not rated"
    unseen = CodingContent(ratings=(Rating("warmth", 0, None, no_evidence=True),))
    assert one(mean, unseen).reason == "Warmth: no evidence"
    dark = seen((NOT_OBSERVABLE, 0, 3_600_000))
    for kind in (ScoreKind.COUNT, ScoreKind.RATE, ScoreKind.TIME, ScoreKind.SEQUENCE):
        score = DerivedScore("d", "D", kind, events=events("rupture"), then=events("repair"), within_ms=1)
        assert one(score, dark).reason == "nothing of the window could be observed"


def test_who_or_whom_that_nobody_said_is_left_out_and_counted() -> None:
    said = CodingContent(
        (
            Event("1", "aside", 1000, who="patient", whom="provider"),
            Event("2", "aside", 2000, who="family-1"),
            Event("3", "aside", 3000),
            Event("4", "aside", 4000, who="provider"),
        )
    )
    to_all = Selection(("aside",), who=("patient", "family"), whom=("provider",))
    found = one(DerivedScore("n", "N", ScoreKind.COUNT, events=to_all), said)
    assert (found.value, found.n_events) == (1, 1)
    assert (found.left_out, found.left_out_why) == (2, "2 without an answer to who or to whom")
    plain = one(DerivedScore("n", "N", ScoreKind.COUNT, events=events("aside")), said)
    assert (plain.value, plain.left_out) == (4, None), "nobody asks who"
    nobody = DerivedScore("q", "Q", ScoreKind.SEQUENCE, events=to_all, then=events("repair"), within_ms=1)
    unsaid = replace(said, events=said.events[1:3])
    assert one(nobody, unsaid).reason == "Aside: 2 without an answer to who or to whom"
    # what a sum rests on carries along what was left out of it
    count = DerivedScore("n", "N", ScoreKind.COUNT, events=to_all)
    above = DerivedScore("s", "S", ScoreKind.SUM, of=("n", "repair"))
    assert scored(count, above, said=said)[1].left_out == 2


def test_a_state_that_was_never_ended_is_left_out_of_time_and_sequences_and_counted() -> None:
    said = seen(("rupture", 0), ("repair", 180_000), ("rupture", 400_000, 300_000), ("rupture", 500_000, 560_000))
    sequence = DerivedScore("q", "Q", ScoreKind.SEQUENCE, events=events("rupture"), then=events("repair"), within_ms=1)
    time = DerivedScore("t", "T", ScoreKind.TIME, events=events("rupture"))
    for found in (one(sequence, said), one(replace(sequence, counted=True), said), one(time, said)):
        assert (found.n_events, found.left_out, found.left_out_why) == (1, 2, "2 never ended")
    assert one(time, said).value == pytest.approx(100 / 60)
    assert one(DerivedScore("n", "N", ScoreKind.COUNT, events=events("rupture")), said).value == 3
    assert one(sequence, seen(("rupture", 0))).reason == "Rupture: 1 never ended"


def test_a_mean_takes_what_has_a_value_where_the_scheme_says_how_much_is_enough() -> None:
    def mean(least: float, **given: float | None) -> ScoreValue:
        ratings = tuple(Rating(name, 1 if name == "aim" else 0, v, v is None) for name, v in given.items())
        score = DerivedScore("m", "M", ScoreKind.MEAN, of=("warmth", "strain", "aim"), minimum_answered=least)
        return one(score, CodingContent(ratings=ratings), (TimeSpan(0, 10_000),))

    found = mean(0.66, warmth=4, strain=2, aim=None)
    assert (found.value, found.n_ratings, found.n_asked) == (4, 2, 3)
    strict = mean(1, warmth=4, strain=2, aim=None)
    assert (strict.value, strict.reason, strict.n_ratings, strict.n_asked) == (None, "Aim: no evidence", 2, 3)
    few = mean(0.66, warmth=4, aim=None)
    assert few.value is None
    assert few.reason == "only 1 of 3 have a value: Strain was not rated; Aim: no evidence"


def test_a_score_of_each_segment_is_taken_in_each_and_then_averaged() -> None:
    #          segment  1   2   3 (dark)  4
    #            pace   2   8   5         6
    #             aim   4   –   9         –
    paces, aims = (2, 8, 5, 6), (4, None, 9, None)
    ratings = [Rating("pace", n, v) for n, v in enumerate(paces, 1)]
    ratings += [Rating("aim", n, v, v is None) for n, v in enumerate(aims, 1)]
    said = CodingContent((Event("d", NOT_OBSERVABLE, 20_000, 30_000),), tuple(ratings))
    both = DerivedScore("both", "Both", ScoreKind.MEAN, of=("pace", "aim"), each_segment=True)
    windows = (TimeSpan(0, 40_000),)
    over = DerivedScore("over", "Over", ScoreKind.DIFFERENCE, of=("aim",), to=("pace",), each_segment=True)
    on_both = DerivedScore("d", "D", ScoreKind.DIFFERENCE, of=("both",), to=("pace",), each_segment=True)
    strict, apart, stacked = scored(both, over, on_both, said=said, windows=windows)
    assert (strict.value, strict.n_ratings, strict.n_asked, strict.n_segments) == (3, 2, 6, 1)
    assert (apart.value, stacked.value) == (2, 1), "in the segment that has both"
    half = one(replace(both, minimum_answered=0.5), said, windows)
    assert (half.value, half.n_ratings, half.n_segments) == (pytest.approx((3 + 8 + 6) / 3), 4, 3)
    plain = one(DerivedScore("m", "M", ScoreKind.MEAN, of=("aim",)), said, windows)
    assert (plain.value, plain.n_ratings, plain.n_asked, plain.n_segments) == (4, 1, 3, 1), "the dark one is not asked"
    unrated = one(both, replace(said, ratings=tuple(ratings[:4])), windows)
    assert (unrated.value, unrated.reason) == (None, "Aim was not rated")
    crossed = replace(said, ratings=(ratings[0], ratings[5], Rating("aim", 2, 3)))
    assert one(both, crossed, windows).reason == "no segment has enough of the ratings"


def test_a_score_that_needs_a_rating_has_no_value_without_its_evidence() -> None:
    time = DerivedScore("t", "T", ScoreKind.TIME, events=events("rupture"), needs=("warmth",))
    said = seen(("rupture", 0, 36_000))
    assert one(time, said).reason == "Warmth was not rated"
    dark = replace(said, ratings=(Rating("warmth", 0, None, no_evidence=True),))
    assert (one(time, dark).value, one(time, dark).reason) == (None, "Warmth: no evidence")
    assert one(time, replace(said, ratings=(Rating("warmth", 0, 2),))).value == 1


def test_a_value_says_in_what_it_is_counted_and_how_much_it_rests_on() -> None:
    said = replace(
        seen(("rupture", 0, 36_000), ("repair", 10_000), ("repair", 50_000)), ratings=(Rating("warmth", 0, 4),)
    )
    found = scored(
        DerivedScore("count", "C", ScoreKind.COUNT, events=events("repair")),
        DerivedScore("rate", "R", ScoreKind.RATE, of=("count", "rupture"), per_minutes=30),
        DerivedScore("time", "T", ScoreKind.TIME, events=events("rupture")),
        DerivedScore("all", "A", ScoreKind.SUM, of=("count", "rupture")),
        DerivedScore("share", "S", ScoreKind.SHARE, of=("count",), to=("all",)),
        DerivedScore("ratio", "O", ScoreKind.RATIO, of=("repair",), to=("rupture",)),
        DerivedScore("less", "L", ScoreKind.DIFFERENCE, of=("share",), to=("time",)),
        DerivedScore("both", "B", ScoreKind.MEAN, of=("share", "time")),
        DerivedScore("mean", "M", ScoreKind.MEAN, of=("warmth",)),
        said=said,
    )
    assert [(v.score.id, v.unit, v.n_events, v.n_ratings) for v in found] == [
        ("count", "events", 2, None),
        ("rate", "events in 30 min", 3, None),
        ("time", "percent", 1, None),
        ("all", "events", 3, None),
        ("share", "percent", 3, None),
        ("ratio", "ratio", 3, None),
        ("less", "percentage points", 3, None),
        ("both", "percent", 3, None),
        ("mean", "scale points", None, 1),
    ]
    assert found[1].value == pytest.approx(1.5)


@pytest.mark.parametrize(("n", "level"), [(0, "below Fair"), (1, "Fair"), (3, "Fair"), (4, "Good"), (9, "Good")])
def test_a_level_holds_from_its_value_on(n: int, level: str) -> None:
    score = DerivedScore(
        "n", "N", ScoreKind.COUNT, events=events("repair"), levels=(Level("Fair", 1), Level("Good", 4))
    )
    assert one(score, seen(*(("repair", at) for at in range(n)))).level == level


def test_a_share_that_is_forty_but_for_the_last_digit_reaches_forty() -> None:
    thirds = DerivedScore("x", "X", ScoreKind.SHARE, of=("repair",), to=("rupture",), levels=(Level("Fair", 110),))
    said = seen(*(("repair", at) for at in range(11)), *(("rupture", at, at + 1) for at in range(10)))
    assert one(thirds, said).value != 110 and one(thirds, said).level == "Fair"


def test_the_shipped_thresholds_are_those_of_the_manual() -> None:
    found = {s.id: [(lv.label, lv.at_least) for lv in s.levels] for s in shipped_schemes()["mi_integrity"].scores}
    assert found["technical_global"] == [("Fair", 3), ("Good", 4)]
    assert found["relational_global"] == [("Fair", 3.5), ("Good", 4)]
    assert found["percent_complex"] == [("Fair", 40), ("Good", 50)]
    assert found["reflections_to_questions"] == [("Fair", 1), ("Good", 2)]


def test_a_score_of_ratings_of_persons_says_what_it_is_for_each_of_them() -> None:
    near, safe = (RatingScale(name, name.title(), -3, 3, "", of=("patient", "family")) for name in ("near", "safe"))
    scheme = replace(
        SCHEME,
        ratings=(*SCHEME.ratings, near, safe),
        scores=(
            DerivedScore("warm", "Warm", ScoreKind.MEAN, of=("near",)),
            DerivedScore("both", "Both", ScoreKind.MEAN, of=("near", "safe")),
            DerivedScore("over", "Over", ScoreKind.DIFFERENCE, of=("near",), to=("safe",)),
        ),
    )
    given = {
        ("near", "patient"): 2,
        ("near", "family-1"): -1,
        ("safe", "patient"): 1,
        ("safe", "family-1"): None,
    }
    ratings = tuple(Rating(scale, 0, value, value is None, who) for (scale, who), value in given.items())
    warm, both, over = derived_scores(scheme, CodingContent(ratings=ratings), (TimeSpan(0, 1000),))
    assert (warm.value, warm.by_person) == (0.5, {"family-1": -1, "patient": 2})
    assert (both.value, both.by_person) == (0.75, {"patient": 1.5})
    assert (over.value, over.by_person) == (-0.5, {"patient": 1})
