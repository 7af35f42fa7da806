"""How many sessions and raters: printed examples, and against the intervals that the studies would give."""

from __future__ import annotations

import json

import numpy as np
import pytest

import workbench.agreement as agreement
from workbench.agreement import planning


def test_bonett_2002_four_raters() -> None:
    """Printed: 19.2 sessions for an ICC of .85 within .2; with 20 the width is close to .2 (read in the manual of R's
    presize, which gives 20 and 0.1954993)."""
    plan = planning.sessions_for_width(0.85, raters=4, width=0.2)
    assert plan.needed == 20
    assert plan.expects["before_rounding"] == pytest.approx(19.2, abs=0.05)
    assert plan.expects["width"] == pytest.approx(0.1954993, abs=1e-6)


def test_two_raters_and_a_high_icc_take_some_sessions_more() -> None:
    """1 + 8·1.96²·.1²·1.9²/(2·.1²) + 5·.9 (formula of Bonett 2002 as in Borg et al. 2022)."""
    plan = planning.sessions_for_width(0.9, raters=2, width=0.1)
    assert plan.expects["before_rounding"] == pytest.approx(1 + 4 * 3.841459 * 3.61 + 4.5, abs=1e-4)
    assert planning.expected_width(0.9, raters=2, sessions=61) == pytest.approx(0.1, abs=0.002)


@pytest.mark.parametrize(("icc", "raters", "width"), [(0.6, 3, 0.3), (0.85, 4, 0.2), (0.75, 2, 0.2), (0.4, 6, 0.25)])
def test_the_planned_width_is_about_that_of_the_f_interval(icc: float, raters: int, width: float) -> None:
    plan = planning.sessions_for_width(icc, raters=raters, width=width)
    assert plan.expects["width_of_the_f_interval"] == pytest.approx(width, rel=0.15)


def test_the_expected_limits_are_those_of_a_table_with_that_icc() -> None:
    table = np.random.default_rng(1).normal(size=(9, 1)) + np.random.default_rng(2).normal(size=(9, 3))
    found = agreement.compute(
        "icc", agreement.reliability(table, level="interval", units_in="rows"), variant="ICC(3,1)"
    )
    assert found.value is not None
    limits = planning.expected_limits(found.value, raters=3, sessions=9)
    assert limits == pytest.approx((found.low, found.high), abs=1e-9)


def test_four_sessions_at_an_icc_of_98_have_a_lower_limit_of_73() -> None:
    assert planning.expected_limits(0.98, raters=2, sessions=4)[0] == pytest.approx(0.73, abs=0.005)


def test_the_fewest_sessions_for_a_lower_limit_are_found() -> None:
    plan = planning.sessions_for_lower_limit(0.9, raters=2, at_least=0.75)
    assert plan.needed is not None
    assert planning.expected_limits(0.9, raters=2, sessions=plan.needed)[0] >= 0.75
    assert planning.expected_limits(0.9, raters=2, sessions=plan.needed - 1)[0] < 0.75
    assert planning.sessions_for_lower_limit(0.7, raters=2, at_least=0.8).needed is None


def test_more_raters_help_until_sessions_are_what_is_missing() -> None:
    plan = planning.raters_for_width(0.7, sessions=40, width=0.25)
    assert plan.needed is not None and plan.needed > 2
    assert planning.expected_width(0.7, raters=plan.needed, sessions=40) <= 0.25
    assert planning.expected_width(0.7, raters=plan.needed - 1, sessions=40) > 0.25
    never = planning.raters_for_width(0.7, sessions=10, width=0.1)
    assert never.needed is None
    assert "only more sessions" in str(never.reason)


def test_spearman_brown_gives_the_mean_of_the_raters_of_icc() -> None:
    table = np.random.default_rng(3).normal(size=(12, 1)) + np.random.default_rng(4).normal(size=(12, 4))
    data = agreement.reliability(table, level="interval", units_in="rows")
    one, mean = (agreement.compute("icc", data, variant=v).value for v in ("ICC(2,1)", "ICC(2,k)"))
    assert one is not None
    assert planning.spearman_brown(one, 4) == pytest.approx(mean)
    assert planning.raters_for_reliability(0.5, wanted=0.8).needed == 4
    assert planning.raters_for_reliability(0.5, wanted=0.81).needed == 5
    assert planning.raters_for_reliability(0.0, wanted=0.8).needed is None


def test_numbers_that_cannot_be_planned_with_are_listed_together() -> None:
    with pytest.raises(agreement.InputProblems) as error:
        planning.sessions_for_width(1.2, raters=1, width=0.2)
    assert error.value.problems == (
        "icc is 1.2, expected from 0 to below 1",
        "raters is 1, expected a whole number from 2 to 1,000,000",
    )


def test_a_plan_is_ready_for_json() -> None:
    for plan in (planning.sessions_for_width(0.8, raters=3, width=0.2), planning.raters_for_reliability(0, wanted=0.8)):
        json.dumps(plan.to_dict(), allow_nan=False)


@pytest.mark.parametrize("wrong", [float("nan"), float("inf"), -float("inf")])
def test_what_is_no_finite_number_is_a_problem_and_neither_a_plan_nor_a_traceback(wrong: float) -> None:
    asked = {
        planning.sessions_for_width: {"raters": 2, "width": 0.2},
        planning.raters_for_width: {"sessions": 20, "width": 0.2},
        planning.sessions_for_lower_limit: {"raters": 2, "at_least": 0.6},
        planning.expected_width: {"raters": 2, "sessions": 20},
        planning.expected_limits: {"raters": 2, "sessions": 20},
    }
    for plan, numbers in asked.items():
        for name in numbers:
            with pytest.raises(agreement.InputProblems, match=f"{name} is {wrong:g}, expected"):
                plan(0.8, **{**numbers, name: wrong})  # type: ignore[operator]
        with pytest.raises(agreement.InputProblems, match="icc is"):
            plan(wrong, **numbers)  # type: ignore[operator]
        with pytest.raises(agreement.InputProblems, match="confidence is"):
            plan(0.8, **numbers, confidence=wrong)  # type: ignore[operator]
    for call in (lambda: planning.spearman_brown(0.5, wrong), lambda: planning.spearman_brown(wrong, 2)):
        with pytest.raises(agreement.InputProblems, match="there is no mean"):
            call()


def test_one_session_has_no_interval_however_many_raters_and_the_plan_says_so_in_json() -> None:
    plan = planning.raters_for_width(0.8, sessions=1, width=0.2)
    assert plan.needed is None and "one session has no interval" in str(plan.reason)
    json.dumps(plan.to_dict(), allow_nan=False)


def test_a_lower_limit_just_below_the_icc_takes_more_sessions_than_anybody_has() -> None:
    near = planning.sessions_for_lower_limit(0.8, raters=2, at_least=0.7999)
    assert near.needed is None and near.reason is not None and "more than 1,000,000 sessions" in near.reason
    at = planning.sessions_for_lower_limit(0.8, raters=2, at_least=0.8)
    assert at.reason == "the lower limit always stays below the expected ICC"


def test_a_width_or_a_reliability_out_of_reach_has_a_reason() -> None:
    for plan in (
        planning.sessions_for_width(0.5, raters=2, width=1e-9),
        planning.raters_for_reliability(1e-12, wanted=0.9),
    ):
        assert plan.needed is None and "it takes more than 1,000,000" in str(plan.reason)
        json.dumps(plan.to_dict(), allow_nan=False)


def test_numbers_of_numpy_and_pandas_are_planned_with_as_well() -> None:
    plan = planning.raters_for_width(np.float64(0.7), sessions=np.int64(40), width=0.25)  # type: ignore[arg-type]
    assert "40 sessions" in plan.purpose
    json.dumps(plan.to_dict(), allow_nan=False)


@pytest.mark.parametrize(("at_least", "misses"), [(0.9, 0), (0.9, 1), (0.8, 0), (0.7, 2)])
def test_the_sessions_for_a_share_are_the_fewest_whose_interval_begins_at_the_limit(at_least: float, misses: int):
    """Session ratings of a rater who is off by two in `misses` sessions, held against a criterion coding."""
    needed = planning.sessions_for_share(at_least, misses=misses).needed
    assert needed is not None
    lows = []
    for n in (needed - 1, needed):
        criterion = [1 + i % 3 for i in range(n)]
        rater = [value + 2 * (i < misses) for i, value in enumerate(criterion)]
        data = agreement.reliability([rater, criterion], level="interval", raters=["r", "c"], criterion="c")
        lows.append(agreement.compute("criterion", data, variant="within_one").low)
    assert lows[0] < at_least <= lows[1]


def test_no_number_of_sessions_shows_a_share_of_nearly_one() -> None:
    plan = planning.sessions_for_share(0.9999999)
    assert (plan.needed, plan.reason) == (None, "it takes more than 1,000,000 sessions")
    with pytest.raises(agreement.InputProblems, match="misses"):
        planning.sessions_for_share(0.9, misses=-1)
