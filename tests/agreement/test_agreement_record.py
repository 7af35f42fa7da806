"""Reliability for how the score of record is made."""

from __future__ import annotations

import json

import numpy as np
import pytest

import workbench.agreement as agreement
from workbench.agreement.coefficients._icc_limits import stepped_up

SIX_TARGETS = [[9, 6, 8, 7, 10, 6], [2, 1, 4, 1, 5, 2], [5, 3, 6, 2, 6, 4], [8, 2, 8, 6, 9, 7]]


def ratings() -> agreement.ReliabilityData:
    return agreement.reliability(SIX_TARGETS, level="interval")


@pytest.mark.parametrize(("record", "printed"), [("primary", 0.29), ("mean", 0.62), ("consensus", 0.29)])
def test_shrout_fleiss_1979_for_each_score_of_record(record: str, printed: float) -> None:
    result = agreement.for_record(ratings(), record)
    assert result.value == pytest.approx(printed, abs=0.005)
    assert result.settings["score_of_record"] == record


def test_a_consensus_is_never_a_reliability() -> None:
    assert "never a reliability" in agreement.for_record(ratings(), "consensus").notes[0]


def test_the_mean_of_other_raters_than_coded_is_stepped_by_spearman_brown() -> None:
    result = agreement.for_record(ratings(), "mean", raters=2)
    single = agreement.compute("icc", ratings(), variant="ICC(2,1)")
    assert single.value is not None
    assert result.value == pytest.approx(2 * single.value / (1 + single.value))
    assert result.low is not None and result.high is not None and result.low < result.value < result.high
    assert result.variant == "ICC(2,1) stepped up to 2" and "mean of 2 raters (Spearman–Brown)" in result.title
    assert result.details["single_rater"] == {"value": single.value, "low": single.low, "high": single.high}
    json.dumps(result.to_dict(), allow_nan=False)


def test_where_not_everybody_rated_every_session_the_mean_is_of_those_who_did() -> None:
    """Two of six raters in each of twenty sessions: nobody ever made a mean of six."""
    rng = np.random.default_rng(3)
    said = np.full((6, 20), np.nan)
    for session, true in enumerate(rng.normal(size=20)):
        who = rng.choice(6, 2, replace=False)
        said[who, session] = true + rng.normal(size=2)
    data = agreement.reliability(said, level="interval")
    result = agreement.for_record(data, "mean")
    single, of_six = (agreement.compute("icc", data, variant=v).value for v in ("ICC(2,1)", "ICC(2,k)"))
    assert result.value == pytest.approx(stepped_up(single, 2)) != pytest.approx(of_six)
    assert result.variant == "ICC(2,1) stepped up to 2"
    assert "mean of those who did, 2 in a unit" in result.notes[0]
    assert agreement.for_record(data, "mean", raters=6).variant == "ICC(2,k)"


def test_raters_without_a_value_have_no_part_in_the_mean() -> None:
    silent = agreement.reliability([*SIX_TARGETS, [np.nan] * 6], level="interval")
    assert agreement.for_record(silent, "mean").value == agreement.for_record(ratings(), "mean").value


def test_a_value_too_far_below_zero_has_no_mean_and_the_reason_says_so() -> None:
    data = agreement.reliability([[4, 3, 2, 1, 2], [1, 2, 3, 4.1, 3]], level="interval")
    result = agreement.for_record(data, "mean", raters=8)
    assert (result.value, result.low) == (None, None)
    assert "from which that of a mean of 8 cannot be told" in str(result.reason)


def test_a_step_to_as_many_raters_as_there_are_is_icc_2_k() -> None:
    single = agreement.compute("icc", ratings(), variant="ICC(2,1)")
    mean = agreement.compute("icc", ratings(), variant="ICC(2,k)")
    assert stepped_up(single.value, 4) == pytest.approx(mean.value)


def test_codes_have_no_mean_and_it_is_said() -> None:
    data = agreement.reliability([[0, 1, 0, 1, 1], [0, 1, 1, 1, 0]], level="nominal")
    result = agreement.for_record(data, "mean")
    assert result.id == "krippendorff_alpha"
    assert result.notes[0].startswith("Codes have no mean")


def test_an_unknown_score_of_record_lists_what_there_is() -> None:
    with pytest.raises(agreement.InputProblems, match="primary, mean, consensus"):
        agreement.for_record(ratings(), "vote", raters=0)
