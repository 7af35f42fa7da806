"""What stands beside the coefficients: each rater, each session, the criterion, scores and the score of record."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import workbench.agreement as agreement
from workbench import schemes
from workbench.agreement import ALL_CODES, Appraisal, RaterCoding, Study
from workbench.agreement.survey import survey
from workbench.model.coding import Event, Rating
from workbench.model.scheme import Code, CodeKind, CodingScheme, RatingScale
from workbench.model.span import TimeSpan

WINDOW = (TimeSpan(0, 60_000),)
SCHEME = replace(
    schemes.shipped_schemes()["alliance_behaviours"],
    codes=(Code("rupture", "Rupture", CodeKind.POINT, "", ""), Code("repair", "Repair", CodeKind.STATE, "", "")),
    ratings=(RatingScale("bond", "Bond", 1, 7, "alliance"),),
)


def coding(session: str, rater: str, *seconds: int, bond: float | None = None) -> RaterCoding:
    """A rupture at each of `seconds`, a repair of two seconds after it."""
    events = [Event(f"{session}{rater}{s}", "rupture", 1000 * s) for s in seconds]
    events += [Event(f"{session}{rater}{s}r", "repair", 1000 * s + 5000, 1000 * s + 7000) for s in seconds]
    ratings = () if bond is None else (Rating("bond", 0, bond),)
    return RaterCoding(session, rater, tuple(events), ratings, WINDOW)


# ada and ben agree; cem is elsewhere in three of four sessions
STUDY = Study(
    tuple(
        coding(f"s{n}", rater, *seconds, bond=1 + n + shift)
        for n, (alike, other) in enumerate([((4, 20), (30,)), ((9,), (41,)), ((12, 33), (12, 33)), ((6, 28), (50,))])
        for rater, seconds, shift in (("ada", alike, 0), ("ben", alike, 0), ("cem", other, 2 - n))
    )
)
CRITERION = Study((coding("s0", "expert", 4, 20, bond=1), coding("s1", "expert", 9, bond=2)))


def appraised(study: Study = STUDY, scheme: CodingScheme = SCHEME, **more: object) -> Appraisal:
    made = survey(study, [c.id for c in scheme.codes], settings={"bin_ms": 5000}, replicates=0)
    return agreement.appraise(study, scheme, made, replicates=0, **more)  # type: ignore[arg-type]


def test_a_scheme_has_values_of_all_its_codes_at_once() -> None:
    made = appraised().survey
    at_once = [r for r in made.of("bins", "krippendorff_alpha") if r.settings["what"] == ALL_CODES]
    assert len(at_once) == 1 and at_once[0].value is not None
    kappa = [r for r in made.of("bins", "cohen_kappa") if r.settings["what"] == ALL_CODES]
    assert {r.raters for r in kappa} == {("ada", "ben"), ("ada", "cem"), ("ben", "cem")}


def test_the_rater_who_differs_stands_out() -> None:
    at_once = {r.settings["of"]: r.value or 0.0 for r in appraised().raters if r.settings["what"] == ALL_CODES}
    assert at_once["ada"] == at_once["ben"] > at_once["cem"]


def test_the_session_that_went_well_stands_out() -> None:
    alpha = {r.settings["of"]: r.value for r in appraised().sessions if r.id == "krippendorff_alpha"}
    assert alpha["s2"] == 1.0 and max(v for s, v in alpha.items() if s != "s2" and v is not None) < 0.7


@pytest.mark.parametrize(
    ("record", "variant"), [("mean", "ICC(2,k)"), ("primary", "ICC(2,1)"), ("consensus", "ICC(2,1)")]
)
def test_the_reliability_of_the_score_of_record_is_that_of_how_it_is_made(record: str, variant: str) -> None:
    found = appraised(record=record).record
    assert [r.settings["what"] for r in found] == ["bond", "rupture", "repair"]
    assert {r.variant for r in found} == {variant}
    assert {r.settings["score_of_record"] for r in found} == {record}


def test_ratings_and_the_scores_made_of_them_each_have_the_reliability_of_the_score_of_record() -> None:
    two = replace(SCHEME, ratings=(*SCHEME.ratings, replace(SCHEME.ratings[0], id="warmth")))
    both = Study(tuple(replace(c, ratings=(*c.ratings, replace(c.ratings[0], scale="warmth"))) for c in STUDY.codings))
    whole = appraised(both, two, record="mean")
    of_ratings = {r.settings["what"]: r.value for r in whole.record if r.settings["way"] == "ratings"}
    of_scores = {r.settings["what"]: r.value for r in whole.record if r.settings["way"] == "instrument"}
    assert of_ratings.keys() == {"bond", "warmth"} and "total" in of_scores
    assert of_scores["total"] == pytest.approx(of_ratings["bond"])  # a mean of two that are the same
    assert {r.settings["what"] for r in whole.scores} == of_scores.keys()


def test_where_nobody_says_how_the_score_is_made_nothing_is_said_of_it() -> None:
    assert appraised().record == ()


def test_a_scheme_without_scales_has_rates_for_its_score_of_record() -> None:
    codes_only = replace(SCHEME, ratings=())
    study = Study(tuple(replace(c, ratings=()) for c in STUDY.codings))
    found = appraised(study, codes_only, record="mean").record
    assert {r.settings["way"] for r in found} == {"totals"}


def test_shares_of_time_are_of_codes_that_last() -> None:
    totals = appraised().totals
    assert {r.settings["what"] for r in totals if r.settings["measure"] == "share"} == {"repair"}
    assert {r.settings["what"] for r in totals if r.settings["measure"] == "count"} == {"rupture", "repair"}


def test_raters_are_held_against_the_criterion_on_the_sessions_that_have_one() -> None:
    whole = appraised(criterion=CRITERION)
    assert whole.against is not None and whole.against.sessions == ("s0", "s1")
    exact = {
        r.settings["rater"]: r.value
        for r in whole.criterion
        if r.settings["what"] == ALL_CODES and r.variant == "exact"
    }
    assert exact["ada"] == exact["ben"] == 1.0 and (exact["cem"] or 0.0) < 1.0
    bias = {r.settings["rater"]: r.value for r in whole.criterion if r.variant == "bias"}
    assert bias == {"ada": 0.0, "ben": 0.0, "cem": 1.5}
    assert not any(r.id == "criterion" for r in whole.refused)


def test_a_rater_is_held_against_the_criterion_where_both_coded() -> None:
    without = Study(tuple(c for c in STUDY.codings if (c.session, c.rater) != ("s1", "cem")))
    found = appraised(without, criterion=CRITERION).criterion
    assert {tuple(r.settings["sessions"]) for r in found if r.settings["rater"] == "cem"} == {("s0",)}
    assert {tuple(r.settings["sessions"]) for r in found if r.settings["rater"] == "ada"} == {("s0", "s1")}


def test_without_a_criterion_the_reason_is_that_there_is_none() -> None:
    assert {r.reason for r in appraised().refused if r.id == "criterion"} == {
        "none of these sessions has a criterion coding"
    }


def test_the_criterion_is_no_rater_of_that_name() -> None:
    study = Study(tuple(replace(c, rater="criterion" if c.rater == "cem" else c.rater) for c in STUDY.codings))
    whole = appraised(study, criterion=CRITERION)
    assert {r.settings["criterion"] for r in whole.criterion} == {"criterion coding"}


@pytest.mark.parametrize("record", ["mean", "primary"])
def test_three_lines_give_the_score_of_record_again(
    record: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    agreement.ratings_frame(STUDY).to_csv(tmp_path / "ratings.csv", index=False)
    agreement.events_frame(STUDY).to_csv(tmp_path / "events.csv", index=False)
    monkeypatch.chdir(tmp_path)
    for result in appraised(record=record).record:
        *before, last = agreement.same_in_python(result).strip().splitlines()
        names: dict[str, object] = {}
        exec("\n".join([*before, f"again = {last}"]), names)
        assert names["again"].value == result.value and names["again"].variant == result.variant  # type: ignore[attr-defined]


def test_more_raters_and_codes_than_can_be_read_are_told_at_once_and_said_so() -> None:
    many = Study(tuple(coding("s0", f"r{n:02d}", 4, 20 + n % 3) for n in range(20)))
    whole = appraised(many)
    assert {r.settings["what"] for r in whole.raters} == {ALL_CODES}
    assert any("Each rater on each code" in said for said in whole.without)
