"""Against a criterion coding, and over calendar time: held against R."""

from __future__ import annotations

import dataclasses
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import workbench.agreement as agreement

REFERENCES = {"criterion": "test_the_criterion_intervals_are_those_of_r", "drift": "test_the_slopes_are_those_of_r"}

FIXTURE = Path(__file__).parents[1] / "fixtures" / "agreement_criterion_drift.json"
R = json.loads(FIXTURE.read_text(encoding="utf-8"))
DAY = 86_400_000


def of_r(level: str, **more: Any) -> agreement.ReliabilityData:
    return agreement.reliability(
        [R["criterion"], R["rater"]],
        level=level,
        raters=["key", "anna"],
        criterion="key",
        dates=[d * DAY for d in R["days"]],
        **more,
    )


@pytest.mark.parametrize("variant", ["exact", "within_one", "bias"])
def test_the_criterion_intervals_are_those_of_r(variant: str) -> None:
    result = agreement.compute("criterion", of_r("interval"), variant=variant)
    assert result.value == pytest.approx(R[variant]["value"])
    assert [result.low, result.high] == pytest.approx(R[variant]["interval"])


def test_kappa_and_icc_with_the_criterion_are_those_of_psych() -> None:
    kappa = agreement.compute("criterion", of_r("ordinal"), variant="kappa")
    icc = agreement.compute("criterion", of_r("interval"), variant="icc")
    assert kappa.value == pytest.approx(R["kappa"])
    assert icc.value == pytest.approx(R["icc"]["value"])
    assert icc.low is not None and icc.value is not None and icc.low < icc.value
    assert icc.settings["criterion"] == "key" and icc.settings["rater"] == "anna"


@pytest.mark.parametrize(
    ("level", "variant", "name"),
    [
        ("interval", "difference", "difference"),
        ("interval", "agreement", "closeness"),
        ("nominal", "agreement", "agreement"),
    ],
)
def test_the_slopes_are_those_of_r(level: str, variant: str, name: str) -> None:
    result = agreement.compute("drift", of_r(level), variant=variant)
    assert result.value == pytest.approx(R[name]["value"])
    assert [result.low, result.high] == pytest.approx(R[name]["interval"])


def test_an_icc_of_98_from_four_sessions_has_a_lower_end_of_73() -> None:
    """F = (1 + ρ)/(1 − ρ) = 99 on 3 and 3 degrees of freedom, whose 97.5 % point is 15.44: (6.41 − 1)/(6.41 + 1)."""
    said = np.array([-3.0, -1.0, 1.0, 3.0])
    error = np.array([1.0, -1.0, -1.0, 1.0]) * math.sqrt(5 / 99)
    data = agreement.reliability([said + error, said - error], level="interval", criterion="rater 1")
    consistency = agreement.compute("icc", data, variant="ICC(3,1)")
    assert (consistency.value, consistency.low) == pytest.approx((0.98, 0.73), abs=0.005)
    result = agreement.compute("criterion", data, variant="icc")
    assert result.value is not None and result.low is not None and result.value - result.low > 0.15
    assert any("little to certify a rater on" in note for note in result.notes)


def test_every_rater_is_held_against_the_criterion_and_not_against_the_others() -> None:
    data = agreement.reliability(
        [[1, 2, 3, 2], [1, 2, 3, 3], [2, 2, 3, 1]], level="ordinal", raters=["anna", "ben", "key"], criterion="key"
    )
    found = agreement.compute_all(["criterion"], data)
    assert {(r.settings["rater"], r.variant) for r in found} == {
        (rater, variant) for rater in ("anna", "ben") for variant in ("exact", "within_one", "bias", "kappa")
    }
    bias = {r.settings["rater"]: r.value for r in found if r.variant == "bias"}
    assert bias == {"anna": 0, "ben": 0.25}  # rater − criterion: above zero the rater is too high


def test_without_a_criterion_it_says_so() -> None:
    data = agreement.reliability([[1, 2, 3], [1, 2, 2]], level="ordinal", dates=[1, 2, 3])
    assert agreement.compute("criterion", data).reason == "which coding is the criterion is not said"
    assert agreement.compute("drift", data, variant="difference").reason == (
        "which coding the other is held against is not said: name a criterion"
    )
    three = agreement.reliability([[1, 2, 3]] * 3, level="ordinal")
    (only,) = agreement.compute_all(["criterion"], three, all_variants=False)
    assert only.reason == "one rater is held against the criterion; there are 3 codings: name the criterion"


def test_without_dates_or_with_one_there_is_no_drift_to_see() -> None:
    undated = agreement.reliability([[1, 2, 3], [1, 2, 2]], level="interval")
    assert agreement.compute("drift", undated).reason == "the date of each unit's coding is not known"
    once = agreement.reliability([[1, 2, 3], [1, 2, 2]], level="interval", dates=["2026-03-01"] * 3)
    assert agreement.compute("drift", once).reason == "every unit was coded on one day (2026-03-01)"


def test_drift_is_by_day_whatever_the_hour() -> None:
    values = [[1, 2, 3, 4], [1, 2, 2, 2]]
    days = [f"2026-03-{day:02d}" for day in (1, 8, 15, 29)]
    midnights, hours = (
        [f"{day}T{at}:00Z" for day, at in zip(days, clock, strict=True)]
        for clock in (["00:00"] * 4, ["23:10", "07:00", "18:30", "01:05"])
    )
    by_day, by_hour = (
        agreement.compute("drift", agreement.reliability(values, level="interval", dates=d)) for d in (midnights, hours)
    )
    assert by_day.value == by_hour.value is not None


def test_a_rater_who_creeps_upward_is_seen_with_its_months() -> None:
    """One scale step in thirty days, six units each month from January on."""
    rng = np.random.default_rng(1)
    days = np.arange(0, 180, 5)
    key = rng.integers(1, 6, len(days)).astype(float)
    anna = key + days / 30 + rng.normal(0, 0.3, len(days))
    sessions = [f"s{d // 10}" for d in days]
    data = agreement.reliability(
        [anna, key], level="interval", raters=["anna", "key"], criterion="key", dates=[int(d) * DAY for d in days],
        sessions=sessions,
    )  # fmt: skip
    result = agreement.compute("drift", data, variant="difference")
    assert result.value == pytest.approx(1.0, abs=0.1)
    assert result.low is not None and result.high is not None and result.low > 0.9 and result.high < 1.1
    assert (result.interval_scope, result.interval_method) == ("over sessions", "delete-one-session jackknife, t(17)")
    periods = result.details["periods"]
    assert [p["from"] for p in periods] == [f"1970-0{m}-01" for m in range(1, 7)]
    assert sum(p["n"] for p in periods) == len(days)
    assert periods[0]["difference"] < 1 < 4 < periods[-1]["difference"]
    assert all(p["coefficient"] == "icc ICC(2,1)" for p in periods)
    json.dumps(result.to_dict(), allow_nan=False)


def test_over_many_years_periods_are_quarters() -> None:
    days = [0, 400, 900]
    data = agreement.reliability([[1, 2, 3], [1, 2, 1]], level="nominal", dates=[d * DAY for d in days])
    periods = agreement.compute("drift", data).details["periods"]
    assert [(p["from"], p["months"]) for p in periods] == [
        ("1970-01-01", 3), ("1971-01-01", 3), ("1972-04-01", 3),
    ]  # fmt: skip
    assert periods[0]["value"] is None and "without variation" in periods[0]["reason"]


@pytest.mark.parametrize("categories", [[1, 3, 5, 7], [1, 1.5, 2, 2.5], ["low", "mid", "high", "top"], [9, 1, 2, 3]])
def test_at_the_ordinal_level_a_step_leads_to_the_next_category_whatever_its_number(categories: list[Any]) -> None:
    """Three of four units one step too low, the last two steps: the same for every way of naming the steps."""
    a, b, c, d = categories
    data = agreement.reliability(
        [[a, b, c, a], [b, c, d, c]], level="ordinal", categories=categories, raters=["anna", "key"], criterion="key"
    )
    near, bias = (agreement.compute("criterion", data, variant=v) for v in ("within_one", "bias"))
    assert (near.value, bias.value) == (0.75, -1.25)
    assert "one step" in near.title and "in steps" in bias.title
    dated = dataclasses.replace(data, dates=tuple(d * DAY for d in (0, 30, 60, 90)))
    periods = agreement.compute("drift", dated, variant="difference")
    assert periods.value == pytest.approx(-0.3)


def test_at_the_interval_level_within_one_is_within_one_point_of_the_scale() -> None:
    data = agreement.reliability([[1, 3, 5, 1], [3, 5, 7, 1]], level="interval", criterion="rater 2")
    result = agreement.compute("criterion", data, variant="within_one")
    assert (result.value, result.title) == (0.25, "Agreement with the criterion within one point")
    assert "in points" in agreement.compute("criterion", data, variant="bias").title


def test_steps_of_numbers_whose_categories_were_not_stated_are_said_to_be_differences() -> None:
    data = agreement.reliability([[1, 3, 5, 1], [3, 5, 7, 1]], level="ordinal", criterion="rater 2")
    for variant in ("within_one", "bias"):
        assert any("State `categories`" in n for n in agreement.compute("criterion", data, variant=variant).notes)
    assert not any("categories" in n for n in agreement.compute("criterion", data, variant="exact").notes)


def test_the_kappa_with_a_criterion_says_its_weights_and_that_nothing_beside_nothing_cannot_be() -> None:
    ordinal = agreement.reliability([[1, 2, 3], [1, 2, 2]], level="ordinal", criterion="rater 1")
    assert agreement.compute("criterion", ordinal, variant="kappa").title.endswith("(quadratic weights)")
    linked = agreement.reliability(
        [["A", "B", "nil", "A"], ["A", "nil", "B", "A"]], level="nominal", categories=["A", "B", "nil"],
        criterion="rater 1",
    )  # fmt: skip
    result = agreement.compute("criterion", dataclasses.replace(linked, nil="nil"), variant="kappa")
    assert result.title.endswith("(unweighted)")
    assert sum("both raters cannot have coded nothing" in note for note in result.notes) == 1


@pytest.mark.parametrize(("units", "sessions", "warned"), [(18, None, True), (30, None, False), (18, 15, False)])
def test_fewer_than_thirty_units_or_fifteen_sessions_are_little_to_certify_on(
    units: int, sessions: int | None, warned: bool
) -> None:
    names = None if sessions is None else [f"s{u % sessions}" for u in range(units)]
    said = [u % 3 for u in range(units)]
    data = agreement.reliability([said, said], level="interval", criterion="rater 2", sessions=names)
    notes = " ".join(agreement.compute("criterion", data, variant="exact").notes)
    assert ("little to certify" in notes) == warned
    assert "ICC" not in notes
