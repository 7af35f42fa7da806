from __future__ import annotations

import dataclasses

import pytest
from agreement_pictures import coding, rows, study

import workbench.agreement as agreement
from workbench import registry
from workbench.agreement.units import bins, ratings, utterances
from workbench.model.coding import Event, Rating
from workbench.model.span import TimeSpan


def seconds(*pairs: tuple[float, float]) -> tuple[TimeSpan, ...]:
    return tuple(TimeSpan(int(a * 1000), int(b * 1000)) for a, b in pairs)


def test_bins_are_half_open_and_an_onset_on_an_edge_belongs_to_the_later_bin() -> None:
    # bins        0    1    2
    s = study("r....r....rr...", "r....r.........")
    data = agreement.units(s, "bins", "rupture", bin_ms=5000)
    assert rows(data) == ["111", "110"]
    assert data.units == ("s1 0:00.000", "s1 0:05.000", "s1 0:10.000")
    assert data.settings["window_ms"] == 15000


def test_a_state_counts_in_every_bin_it_overlaps_but_not_in_the_one_that_begins_at_its_end() -> None:
    s = study("..........", "..........")
    one = dataclasses.replace(s.codings[0], events=(Event("1", "rupture", 1500, 6000),))
    data = agreement.units(agreement.Study((one, s.codings[1])), "bins", "rupture", bin_ms=2000)
    assert rows(data) == ["11100", "00000"]


def test_an_open_state_and_one_without_length_count_as_points() -> None:
    s = study("....", "....")
    one = dataclasses.replace(s.codings[0], events=(Event("1", "rupture", 1000), Event("2", "rupture", 3000, 3000)))
    data = agreement.units(agreement.Study((one, s.codings[1])), "bins", "rupture", bin_ms=1000)
    assert rows(data) == ["0101", "0000"]


def test_a_last_bin_stays_with_half_the_width_and_goes_with_less_and_is_counted() -> None:
    kept = agreement.units(study("r......", "......r"), "bins", "rupture", bin_ms=4000)
    assert rows(kept) == ["10", "01"]
    gone = agreement.units(study("r....", "....r"), "bins", "rupture", bin_ms=4000)
    assert rows(gone) == ["1", "0"]
    assert gone.excluded == {bins.SHORT: 1, bins.IN_DARK: 1}


def test_bins_that_touch_what_somebody_could_not_observe_are_taken_out_for_all_and_counted() -> None:
    data = agreement.units(study("r.#.r.", "r..r.r"), "bins", "rupture", bin_ms=2000)
    assert rows(data) == ["11", "11"]
    assert data.units == ("s1 0:00.000", "s1 0:04.000")
    assert data.excluded == {bins.DARK: 1, bins.IN_DARK: 1}


def test_events_outside_the_window_and_time_that_only_one_was_to_observe_are_counted() -> None:
    one = coding("a", "r...r", windows=seconds((0, 4)))
    other = coding("b", "r...r", windows=seconds((2, 5)))
    data = agreement.units(agreement.Study((one, other)), "bins", "rupture", bin_ms=1000)
    assert rows(data) == ["00", "00"]
    assert data.excluded == {bins.OUTSIDE: 4, bins.NOT_SHARED: 3}


def test_a_window_in_two_stretches_starts_a_new_grid_in_each() -> None:
    lines = [coding(r, "r....r.r..", windows=seconds((0, 3), (5, 8))) for r in "ab"]
    data = agreement.units(agreement.Study(tuple(lines)), "bins", "rupture", bin_ms=3000)
    assert rows(data) == ["11", "11"]
    assert data.units == ("s1 0:00.000", "s1 0:05.000")


def test_a_rater_who_did_not_code_a_session_is_missing_there_and_one_who_saw_nothing_is_not() -> None:
    s = agreement.Study((coding("a", "r.", "s1"), coding("b", "..", "s1"), coding("a", ".r", "s2")))
    data = agreement.units(s, "bins", "rupture", bin_ms=1000)
    assert rows(data) == ["1001", "00--"]
    assert (data.n_pairable, data.missing, data.sessions) == (2, 2, ("s1", "s1", "s2", "s2"))


def test_a_session_without_a_window_is_left_out_and_counted() -> None:
    s = agreement.Study((coding("a", "r", windows=()), coding("b", "r")))
    data = agreement.units(s, "bins", "rupture")
    assert (data.units, data.excluded) == ((), {bins.NO_WINDOW: 1})
    assert agreement.compute("cohen_kappa", data).reason == "there are no units"


def test_a_tolerance_keeps_an_event_from_becoming_a_disagreement_at_the_edge_of_a_bin() -> None:
    #            0    1    2
    s = study("....r..........", ".....r.......r.")
    strict = agreement.units(s, "bins", "rupture", bin_ms=5000)
    assert rows(strict) == ["100", "011"]
    tolerant = agreement.units(s, "bins", "rupture", bin_ms=5000, tolerance_ms=2000)
    assert rows(tolerant) == ["100", "101"]
    a, b = (agreement.compute("cohen_kappa", d).settings["tolerance_ms"] for d in (strict, tolerant))
    assert (a, b) == (0, 2000)


@pytest.mark.parametrize("settings", [{"bin_ms": 0}, {"tolerance_ms": -1}, {"width": 5}])
def test_settings_that_make_no_sense_get_a_sentence(settings: dict[str, int]) -> None:
    with pytest.raises(agreement.InputProblems):
        agreement.units(study("r", "r"), "bins", "rupture", **settings)


def test_an_unknown_way_lists_those_there_are() -> None:
    with pytest.raises(registry.UnknownName, match="aligned, bins"):
        agreement.units(study("r", "r"), "words", "rupture")


def with_utterances(line: str, rater: str, *spans: tuple[float, float]) -> agreement.RaterCoding:
    return coding(rater, line, utterances=seconds(*spans))


def test_an_event_belongs_to_the_utterance_that_contains_its_onset_and_gaps_are_counted() -> None:
    spans = [(0, 2), (3, 5), (5, 8)]
    s = agreement.Study(
        (with_utterances("r..r.r..", "a", *spans), with_utterances(".rr.r...", "b", *spans)),
    )
    data = agreement.units(s, "utterances", "rupture")
    assert rows(data) == ["111", "110"]
    assert data.excluded == {utterances.GAP: 1}


def test_where_utterances_overlap_the_event_belongs_to_the_one_that_began_last() -> None:
    spans = [(0, 6), (2, 4)]
    s = agreement.Study((with_utterances("...r..", "a", *spans), with_utterances(".....r", "b", *spans)))
    assert rows(agreement.units(s, "utterances", "rupture")) == ["01", "10"]


def test_utterances_outside_the_window_or_not_observable_are_taken_out_and_counted() -> None:
    spans = seconds((0, 2), (2, 4), (4, 6))
    one = coding("a", "r.r.r.", windows=seconds((0, 5)), not_observable=seconds((0, 1)), utterances=spans)
    other = coding("b", "r.r.r.", windows=seconds((0, 5)), utterances=spans)
    data = agreement.units(agreement.Study((one, other)), "utterances", "rupture")
    assert rows(data) == ["1", "1"]
    assert data.excluded == {utterances.BEYOND: 1, utterances.DARK: 1, utterances.IN_DARK: 4}


def test_where_raters_moved_boundaries_utterances_are_linked_by_overlap_and_the_result_says_so() -> None:
    one = with_utterances("r..r..r...", "a", (0, 2), (2, 6), (6, 8), (8, 10))
    other = with_utterances("r....rr...", "b", (0, 2), (2, 5), (5, 8), (8, 10))
    data = agreement.units(agreement.Study((one, other)), "utterances", "rupture")
    assert data.units == ("s1 0:00.000–2000", "s1 0:02.000–5000 | 0:02.000–6000", "s1 0:05.000–8000 | 0:06.000–8000",
                          "s1 0:08.000–10000")  # fmt: skip
    assert rows(data) == ["1110", "1010"]
    assert data.settings["overlap"] == 0.6
    assert "In one session raters had different boundaries" in data.notes[0]


def test_utterances_without_a_counterpart_are_left_out_and_counted() -> None:
    s = agreement.Study((with_utterances("r...", "a", (0, 4)), with_utterances("r...", "b", (0, 2), (2, 4))))
    data = agreement.units(s, "utterances", "rupture")
    assert (data.units, data.excluded) == ((), {utterances.UNLINKED: 3, utterances.IN_UNLINKED: 2})


def test_with_three_raters_what_all_share_is_one_unit_and_the_rest_is_linked_by_pairs() -> None:
    one = with_utterances("r.r.....", "a", (0, 2), (2, 8))
    other = with_utterances("r..r....", "b", (0, 2), (2, 8))
    third = with_utterances("r.......", "c", (0, 2), (3, 8))
    s = agreement.Study((one, other, third))
    data = agreement.units(s, "utterances", "rupture")
    assert rows(data) == ["111-", "11-1", "1-00"]


def test_a_rater_who_has_no_part_in_a_linked_utterance_is_not_missing_there() -> None:
    one = with_utterances("r.r.....", "a", (0, 2), (2, 8))
    other = with_utterances("r..r....", "b", (0, 2), (2, 8))
    third = with_utterances("r.......", "c", (0, 2), (3, 8))
    data = agreement.units(agreement.Study((one, other, third)), "utterances", "rupture")
    assert (data.missing, data.missing_share) == (0, 0)
    pair = data.only("b", "c")
    assert (pair.n_units, pair.missing) == (2, 0)
    assert (data.in_session("s1").missing, data.only("a", "b", "c").missing) == (0, 0)
    absent = coding("d", "r.......", session="s2")
    assert agreement.units(agreement.Study((one, other, third, absent)), "utterances", "rupture").missing == 1


def test_a_session_in_which_one_rater_had_no_utterances_is_left_out_and_counted() -> None:
    s = agreement.Study((with_utterances("r...", "a", (0, 4)), coding("b", "r...")))
    data = agreement.units(s, "utterances", "rupture")
    assert (data.units, data.excluded) == ((), {utterances.DIFFERENT: 1})


def test_no_evidence_is_counted_apart_and_is_not_a_value() -> None:
    s = agreement.Study(
        (
            agreement.RaterCoding("s1", "a", ratings=(Rating("bond", 0, 4),)),
            agreement.RaterCoding("s1", "b", ratings=(Rating("bond", 0, None, no_evidence=True),)),
            agreement.RaterCoding("s2", "a", ratings=(Rating("bond", 0, 2), Rating("goal", 0, 5))),
            agreement.RaterCoding("s2", "b", ratings=(Rating("bond", 0, 3),)),
        )
    )
    data = agreement.units(s, "ratings", "bond")
    assert rows(data) == ["42", "-3"]
    assert data.excluded == {ratings.NO_EVIDENCE: 1}
    assert agreement.compute("icc", data).reason == (
        "too few units were rated by two raters or more: nothing is left over to estimate the error"
    )
    assert agreement.compute("krippendorff_alpha", data).reason is None


def test_a_rater_cannot_have_two_codings_of_a_session() -> None:
    with pytest.raises(agreement.InputProblems, match="rater a has more than one coding of session s1"):
        agreement.Study((coding("a", "r"), coding("a", ".")))


def test_per_code_gives_every_code_and_every_pair_with_units_of_the_pair_s_own() -> None:
    s = study("r...w.", ".r..w.", "....w.")
    found = agreement.per_code(s, "bins", coefficients=["cohen_kappa"], bin_ms=1000, tolerance_ms=1000)
    assert [(r.settings["what"], r.raters) for r in found] == [
        (code, pair) for code in ("rupture", "withdrawal") for pair in (("a", "b"), ("a", "c"), ("b", "c"))
    ]
    alone = agreement.per_code(
        s, "bins", ["rupture"], ["cohen_kappa"], raters=["a", "b"], bin_ms=1000, tolerance_ms=1000
    )
    assert found[0].value == alone[0].value == 1.0


def test_a_code_of_the_scheme_that_nobody_used_is_undefined_with_its_reason() -> None:
    found = agreement.per_code(study("r.", "r."), "bins", ["repair"], ["krippendorff_alpha"], bin_ms=1000)
    assert found[0].value is None
    assert found[0].reason == "every pairable value is not repair: without variation α is not defined"


def test_per_scale_gives_all_six_icc_and_alpha() -> None:
    codings = [
        agreement.RaterCoding(f"s{s}", r, ratings=(Rating("bond", 0, float(v)),))
        for r, row in {"a": [1, 3, 5, 4], "b": [1, 4, 5, 4]}.items()
        for s, v in enumerate(row)
    ]
    found = agreement.per_scale(agreement.Study(tuple(codings)))
    assert [r.variant for r in found] == [
        "ICC(2,1)", "ICC(2,k)", "ICC(3,1)", "ICC(3,k)", "ICC(1,1)", "ICC(1,k)", "alpha",
    ]  # fmt: skip
    assert all(r.defined for r in found)


def test_bins_too_narrow_for_the_window_are_refused_before_they_fill_the_memory() -> None:
    long = [coding(r, "r", windows=(TimeSpan(0, 10_000_000),)) for r in "ab"]
    with pytest.raises(agreement.InputProblems, match="choose wider ones"):
        agreement.units(agreement.Study(tuple(long)), "bins", "rupture", bin_ms=1)


def test_sessions_that_one_rater_coded_alone_do_not_count_as_sessions_of_agreement() -> None:
    s = agreement.Study((coding("a", "r.", "s1"), coding("b", "..", "s1"), coding("a", ".r", "s2")))
    result = agreement.compute("percent_agreement", agreement.units(s, "bins", "rupture", bin_ms=1000))
    assert (result.n_sessions, result.n_units, result.n_pairable) == (1, 4, 2)
