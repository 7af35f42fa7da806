"""What a report is made of: every coefficient on the units it is for, and reasons for the others."""

from __future__ import annotations

import workbench.agreement as agreement
from workbench.agreement.survey import LEFT_OUT, survey
from workbench.model.coding import Event
from workbench.model.span import TimeSpan

WINDOW = (TimeSpan(0, 60_000),)


def coding(session: str, rater: str, *seconds: int) -> agreement.RaterCoding:
    events = tuple(Event(f"{session}{rater}{s}", "rupture", 1000 * s) for s in seconds)
    return agreement.RaterCoding(session, rater, events, windows=WINDOW)


# ada and ben share s1, ben and cem share s2; ada and cem never coded the same session
STUDY = agreement.Study(
    (coding("s1", "ada", 4, 20), coding("s1", "ben", 5, 41), coding("s2", "ben", 9), coding("s2", "cem", 9))
)


def test_pairs_that_share_no_session_are_not_compared() -> None:
    made = survey(STUDY, settings={"bin_ms": 5000}, coefficients=["cohen_kappa"], replicates=0)
    assert [r.raters for r in made.results] == [("ada", "ben"), ("ben", "cem")]


def test_alpha_is_computed_once_more_with_each_tolerance() -> None:
    made = survey(
        STUDY, settings={"bin_ms": 5000}, coefficients=["krippendorff_alpha"], tolerances_ms=[2000], replicates=0
    )
    without, with_it = made.results
    assert (without.settings["tolerance_ms"], with_it.settings["tolerance_ms"]) == (0, 2000)
    assert without.value is not None and with_it.value is not None and with_it.value > without.value


def test_what_takes_minutes_is_left_out_unless_asked_for_and_the_reason_is_told() -> None:
    made = survey(STUDY, settings={"bin_ms": 5000}, replicates=0)
    reasons = {(r.id, r.reason) for r in made.refused}
    assert not any(r.id == "gamma" for r in made.results)
    assert ("gamma", LEFT_OUT) in reasons
