"""The method section of a report: what it says is so, of every code and not of the first alone."""

from __future__ import annotations

from dataclasses import replace

import pytest
from agreement_pictures import study as pictured

import workbench.agreement as agreement
from workbench import schemes
from workbench.agreement import RaterCoding, Result, Study
from workbench.agreement.left_out import left_out, total
from workbench.agreement.method_section import Design, method_section
from workbench.agreement.naming import interval_head, name_of, scope_of
from workbench.agreement.survey import survey
from workbench.model.coding import Event, Rating
from workbench.model.scheme import RatingScale
from workbench.model.span import TimeSpan
from workbench.workflows.agree import Material
from workbench.workflows.compare_raters import rests_on
from workbench.workflows.measure_agreement import every_coefficient, measure, ratings

WINDOW = (TimeSpan(0, 60_000),)
DESIGN = Design("A scheme", "1", 2, 1)


def text(study: Study, *codes: str, replicates: int = 0) -> str:
    made = survey(study, codes or None, settings={"bin_ms": 5000}, replicates=replicates)
    return " ".join(method_section(study, made, DESIGN))


def late(rater: str, *codes: str) -> RaterCoding:
    """A repair within the window, and each of `codes` once behind its end."""
    events = [Event(f"{rater}{n}", code, 70_000 + 1000 * n) for n, code in enumerate(codes)]
    return RaterCoding("s1", rater, (Event(f"{rater}in", "repair", 10_000), *events), windows=WINDOW)


def test_events_left_out_are_those_of_every_code() -> None:
    study = Study((late("ada", "rupture", "rupture", "repair"), late("ben", "rupture")))
    assert "4 events outside the observation window" in text(study, "repair", "rupture")
    assert "4 events outside the observation window" in text(study, "rupture", "repair")


def test_events_left_out_are_counted_once_however_many_pairs_of_raters_are_compared() -> None:
    study = Study(tuple(late(rater, "rupture", "repair") for rater in ("ada", "ben", "cem")))
    made = survey(study, settings={"bin_ms": 5000}, replicates=0)
    assert left_out(made.results)["events outside the observation window"] == {"repair": 3, "rupture": 3}


def test_bins_that_every_code_leaves_out_are_counted_once() -> None:
    study = pictured("r.p.......##r.p.....", "r.p.......##r.p.....")
    made = survey(study, settings={"bin_ms": 5000}, coefficients=["krippendorff_alpha"], replicates=0)
    counts = left_out(made.results)
    assert total(counts["bins that touch a not observable stretch"]) == 1
    assert "Left out: 1 bins that touch a not observable stretch" in text(study)


# --- ratings with holes


def rated(session: str, rater: str, value: float) -> RaterCoding:
    return RaterCoding(session, rater, ratings=(Rating("bond", 0, value),), windows=WINDOW)


def holes() -> Study:
    """Eight sessions of three raters; of the last four one rater is missing."""
    values = [(1, 2, 1), (5, 5, 6), (3, 4, 4), (6, 6, 7), (2, 3, None), (4, None, 4), (None, 7, 6), (5, 6, None)]
    return Study(
        tuple(
            rated(f"s{n}", rater, float(value))
            for n, row in enumerate(values)
            for rater, value in zip(("ada", "ben", "cem"), row, strict=True)
            if value is not None
        )
    )


def material_of(study: Study) -> Material:
    scheme = replace(schemes.shipped_schemes()["alliance_behaviours"], ratings=(RatingScale("bond", "Bond", 1, 7, ""),))
    return Material(study, scheme, (), (), {}, {})


def test_the_screen_and_the_report_give_one_icc_where_ratings_are_missing() -> None:
    study = holes()
    chosen = material_of(study)
    shown = every_coefficient(chosen, ratings(chosen)[0])
    reported = survey(study, [], ["bond"], replicates=0)
    of_screen = {r.variant: (r.value, r.n_sessions) for r in shown if r.id == "icc"}
    of_report = {r.variant: (r.value, r.n_sessions) for r in reported.results if r.id == "icc"}
    assert of_screen == of_report and of_screen["ICC(2,1)"][1] == 8


def test_the_words_beside_the_screen_say_which_sessions_icc_rests_on() -> None:
    chosen = material_of(holes())
    said = rests_on([measure(chosen, s).recommended for s in ratings(chosen)])
    assert "every rating there is; 8 sessions" in said and "REML" in said
    complete = material_of(holes().only(sessions=["s0", "s1", "s2", "s3"]))
    said = rests_on([measure(complete, s).recommended for s in ratings(complete)])
    assert said == "ICC and α on the 4 sessions that all 3 raters rated."


def test_the_method_names_the_estimator_where_ratings_are_missing() -> None:
    made = survey(holes(), [], ["bond"], replicates=0)
    assert "restricted maximum likelihood" in " ".join(method_section(holes(), made, DESIGN))
    complete = holes().only(sessions=["s0", "s1", "s2", "s3"])
    made = survey(complete, [], ["bond"], replicates=0)
    assert "restricted maximum likelihood" not in " ".join(method_section(complete, made, DESIGN))


def test_the_method_says_in_words_to_how_many_raters_the_score_of_record_was_stepped_up() -> None:
    study = holes()
    made = survey(study, [], ["bond"], replicates=0)
    whole = agreement.appraise(study, material_of(study).scheme, made, record="mean", replicates=0)
    said = " ".join(method_section(study, whole, DESIGN))
    assert "ICC(2,1), stepped up by Spearman–Brown to the mean of 2.4 raters." in said
    assert "(McGraw & Wong, 1996, Satterthwaite)" in said  # years as elsewhere in the text


# --- words


def test_one_value_is_undefined_and_two_are() -> None:
    study = Study((late("ada"), late("ben")))
    made = survey(study, ["repair", "never"], settings={"bin_ms": 5000}, coefficients=["cohen_kappa"], replicates=0)
    said = " ".join(method_section(study, made, DESIGN))
    assert "1 of 3 values is undefined" in said


def ratings_result() -> Result:
    study = holes()
    return agreement.compute("krippendorff_alpha", agreement.units(study, "ratings", "bond"), replicates=200)


def test_an_interval_over_units_that_are_sessions_is_one_over_sessions() -> None:
    result = ratings_result()
    assert result.interval_scope == "over units" and scope_of(result) == "over sessions"
    table = agreement.reliability([[1, 2, 3, 3, 2, 1], [1, 2, 3, 2, 2, 1]], level="interval")
    assert scope_of(agreement.compute("krippendorff_alpha", table, replicates=200)) == "over units"


@pytest.mark.parametrize("id", sorted(agreement.coefficients_found()))
def test_every_coefficient_has_a_name_that_is_not_its_id(id: str) -> None:
    assert "_" not in name_of(id) and name_of(id)


def test_the_head_of_intervals_names_their_confidence() -> None:
    assert interval_head({0.9}) == "90 % interval"


# --- the same in Python


def test_a_value_without_replicates_is_computed_again_without_them() -> None:
    [result] = agreement.per_code(
        pictured(3 * "r.rr.r", 3 * "rr.r.r"), "bins", ["rupture"], ["cohen_kappa"], replicates=0, bin_ms=1000
    )
    assert "replicates=0" in agreement.same_in_python(result)
