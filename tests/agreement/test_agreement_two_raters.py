"""Limits of agreement and concordance of two raters, against print, R and derivations of their own."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest
from scipy import special

import workbench.agreement as agreement
from workbench.agreement.coefficients.lin_ccc import standard_error

REFERENCES = {
    "bland_altman": "test_bland_altman_1986_peak_flow_by_two_meters",
    "lin_ccc": "test_the_concordance_of_the_peak_flow_meters_by_its_definition",
}
ORACLE = json.loads((Path(__file__).parents[1] / "fixtures" / "agreement_ratings.json").read_text())
# Bland & Altman (1986), Lancet 327, 307–310, table 1: peak expiratory flow (l/min), first reading by each meter
WRIGHT = [494, 395, 516, 434, 476, 557, 413, 442, 650, 433, 417, 656, 267, 478, 178, 423, 427]
MINI = [512, 430, 520, 428, 500, 600, 364, 380, 658, 445, 432, 626, 260, 477, 259, 350, 451]


def pair(x: object, y: object, **more: object) -> agreement.ReliabilityData:
    return agreement.reliability([x, y], level="interval", raters=["anna", "ben"], **more)  # type: ignore[arg-type]


def made(seed: int, n: int, shift: float = 0.3) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    true = rng.normal(5, 2, n)
    return true + rng.normal(0, 0.8, n), true + shift + rng.normal(0, 0.8, n)


def test_bland_altman_1986_peak_flow_by_two_meters() -> None:
    """Printed: mean difference −2.1, SD 38.8, limits −79.7 and 75.5 with 2 SD (read in secondary sources); here with
    1.96, and the higher meter (the mini meter) comes first, so the signs are turned round."""
    result = agreement.compute("bland_altman", pair(WRIGHT, MINI))
    details = result.details
    assert result.settings["difference"] == "ben − anna"
    assert result.value == pytest.approx(2.1, abs=0.05)
    assert details["sd"] == pytest.approx(38.8, abs=0.05)
    assert details["bias"] - 2 * details["sd"] == pytest.approx(-75.5, abs=0.1)
    assert details["bias"] + 2 * details["sd"] == pytest.approx(79.7, abs=0.1)
    assert details["standard_error_of_bias"] == pytest.approx(9.4, abs=0.05)
    assert details["standard_error_of_limit"] == pytest.approx(16.3, abs=0.05)


def test_the_intervals_of_bias_and_limits_are_those_of_t_and_noncentral_t_in_r() -> None:
    """The quantiles of the noncentral t are R's; n = 17."""
    t = {row["p"]: row["t"] for row in ORACLE["noncentral_t"] if row["n"] == 17}
    x, y = np.array(MINI, dtype=float), np.array(WRIGHT, dtype=float)
    mean, step = float((x - y).mean()), float((x - y).std(ddof=1)) / math.sqrt(17)
    bias, lower, upper = (
        agreement.compute("bland_altman", pair(WRIGHT, MINI), variant=v) for v in ("bias", "lower_limit", "upper_limit")
    )
    assert (upper.low, upper.high) == pytest.approx((mean + t[0.025] * step, mean + t[0.975] * step), abs=1e-7)
    assert (lower.low, lower.high) == pytest.approx((mean - t[0.975] * step, mean - t[0.025] * step), abs=1e-7)
    # Bland & Altman (1986) print −22.0 to 17.8 for the bias
    assert (bias.low, bias.high) == pytest.approx((-17.8, 22.0), abs=0.05)
    assert bias.details["upper_limit_low"] == upper.low


def test_the_exact_interval_of_a_limit_covers_it() -> None:
    rng = np.random.default_rng(1)
    true, hits, runs = special.ndtri(0.975), 0, 1000
    for _ in range(runs):
        d = rng.normal(size=10)
        found = agreement.compute("bland_altman", pair(d, np.zeros(10), criterion="ben"), variant="upper_limit")
        hits += found.low <= true <= found.high
    assert hits / runs == pytest.approx(0.95, abs=0.02)


def test_the_difference_is_rater_less_criterion_where_there_is_one() -> None:
    x, y = made(1, 30)
    result = agreement.compute("bland_altman", pair(x, y, criterion="ben"))
    assert result.settings["difference"] == "anna − ben"
    assert result.value == pytest.approx(float((x - y).mean())) and result.value < 0


def test_raters_who_differ_by_a_constant_have_a_bias_and_no_interval() -> None:
    result = agreement.compute("bland_altman", pair([1, 2, 3], [2, 3, 4]), variant="upper_limit")
    assert (result.value, result.low) == (1, None)
    assert "do not vary" in str(result.interval_reason)


def test_differences_that_grow_with_the_mean_are_pointed_at() -> None:
    true = np.linspace(1, 20, 40)
    error = np.where(np.arange(40) % 2, 0.1, -0.1) * true
    result = agreement.compute("bland_altman", pair(true + error, true - error))
    assert any("one pair of limits does not fit" in note for note in result.notes)
    assert result.details["r_size_of_difference_with_mean"] > 0.99


def test_three_raters_have_limits_for_each_pair() -> None:
    data = agreement.reliability(np.random.default_rng(0).normal(size=(3, 20)), level="interval")
    assert agreement.coefficient("bland_altman").can(data) == (
        "limits of agreement compare two raters; there are 3: choose a pair"
    )
    results = agreement.compute_all(["bland_altman"], data, all_variants=False)
    assert [r.raters for r in results] == [("rater 1", "rater 2"), ("rater 1", "rater 3"), ("rater 2", "rater 3")]


@pytest.mark.parametrize("id", ["bland_altman", "lin_ccc"])
@pytest.mark.parametrize("sessions", [8, 25])
def test_where_units_hang_together_the_interval_is_over_sessions(id: str, sessions: int) -> None:
    rng = np.random.default_rng(2)
    of = np.repeat(np.arange(sessions), 5)
    x, y = made(3, len(of))
    y = y + rng.normal(0, 1.5, sessions)[of]
    apart, together = (
        agreement.compute(id, pair(x, y, **m), replicates=500) for m in ({}, {"sessions": [f"s{s}" for s in of]})
    )
    assert together.value == apart.value
    assert together.interval_scope == "over sessions"
    assert together.high - together.low > apart.high - apart.low


def test_limits_in_units_of_the_scale_are_not_cut_at_one() -> None:
    of = np.repeat(np.arange(6), 4)
    x, y = made(5, 24)
    data = pair(x, y + 30, sessions=[f"s{s}" for s in of])
    result = agreement.compute("bland_altman", data)
    assert result.low < 30.3 < result.high < 40


def test_the_concordance_of_the_peak_flow_meters_by_its_definition() -> None:
    """ρc = 1 − Σ(x − y)²/n over what it would be without correlation (Lin 1989, equation 1)."""
    x, y = np.array(WRIGHT, dtype=float), np.array(MINI, dtype=float)
    apart = x.var() + y.var() + (x.mean() - y.mean()) ** 2
    result = agreement.compute("lin_ccc", pair(WRIGHT, MINI))
    assert result.value == pytest.approx(1 - ((x - y) ** 2).mean() / apart, abs=1e-11)
    assert result.value == pytest.approx(0.943, abs=0.0005)
    assert result.details["pearson_r"] * result.details["bias_correction"] == pytest.approx(result.value, abs=1e-11)
    assert result.details["pearson_r"] == pytest.approx(np.corrcoef(x, y)[0, 1])


def test_the_standard_error_of_concordance_is_that_of_the_delta_method_for_normal_values() -> None:
    """An independent way: ρc as a function of two means, two variances and a covariance, whose covariances for
    normal values are known; differentiated numerically."""
    sx, sy, cov, mx, my, n = 1.3, 0.9, 0.8, 5.0, 5.4, 40

    def z(p: np.ndarray) -> float:
        return math.atanh(2 * p[4] / (p[2] + p[3] + (p[0] - p[1]) ** 2))

    at = np.array([mx, my, sx**2, sy**2, cov])
    slope = np.array([(z(at + 1e-6 * e) - z(at - 1e-6 * e)) / 2e-6 for e in np.eye(5)])
    s = np.array([[sx**2, cov], [cov, sy**2]])
    spread = np.zeros((5, 5))
    spread[:2, :2] = s
    of = [(0, 0), (1, 1), (0, 1)]
    for a, (i, j) in enumerate(of):
        for b, (k, m) in enumerate(of):
            spread[2 + a, 2 + b] = s[i, k] * s[j, m] + s[i, m] * s[j, k]
    by_delta = math.sqrt(float(slope @ spread @ slope) / n)
    own = standard_error(math.tanh(z(at)), cov / (sx * sy), (mx - my) / math.sqrt(sx * sy), n)
    assert own * math.sqrt((n - 2) / n) == pytest.approx(by_delta, rel=1e-5)


def test_concordance_of_ranks_is_quadratically_weighted_kappa() -> None:
    rng = np.random.default_rng(3)
    x = rng.integers(1, 6, 80)
    y = np.clip(x + rng.integers(-1, 2, 80), 1, 5)
    kappa = agreement.compute("cohen_kappa", agreement.reliability([x, y], level="ordinal"), variant="quadratic")
    assert agreement.compute("lin_ccc", pair(x, y)).value == pytest.approx(kappa.value, abs=1e-10)


def test_concordance_has_no_interval_where_one_rater_never_varies() -> None:
    result = agreement.compute("lin_ccc", pair([1, 2, 3, 4], [2, 2, 2, 2]))
    assert (result.value, result.low) == (0, None)


@pytest.mark.parametrize("names", [("anna", "ben"), ("ben", "anna")])
def test_raters_with_the_same_mean_go_in_the_order_of_their_spread_and_not_of_their_names(
    names: tuple[str, str],
) -> None:
    wide, narrow = [1, 3, 4, 5, 7], [3, 3, 4, 5, 5]
    data = agreement.reliability([wide, narrow], level="interval", raters=list(names))
    found = agreement.compute("bland_altman", data)
    assert found.value == 0.0 and found.settings["difference"] == f"{names[0]} − {names[1]}"
    assert found.details["r_difference_with_mean"] == pytest.approx(0.8944, abs=1e-4)
