"""Intervals over units where few are not agreed on: no jump from one such unit, or from one unit, to the next."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from scipy import optimize, special

import workbench.agreement as agreement
from workbench.agreement.bootstrap import draws, percentile
from workbench.agreement.coefficients._disagreement import disagreement
from workbench.agreement.interval import Interval, Options
from workbench.agreement.jackknife import below_one
from workbench.agreement.resampling import over_units
from workbench.agreement.result import Result

LIMITS = ("0.667", "0.800")


def two_raters(units: int, disputed: int) -> agreement.ReliabilityData:
    """Two categories in turn; of the first units the second rater says the other one."""
    first = np.arange(units) % 2
    second = np.where(np.arange(units) < disputed, 1 - first, first)
    return agreement.reliability(np.array([first, second]), level="nominal")


def alpha(units: int, disputed: int, replicates: int = 2000) -> Result:
    result = agreement.compute("krippendorff_alpha", two_raters(units, disputed), replicates=replicates)
    assert result.value is not None and result.low is not None and result.high is not None
    assert -1 <= result.low < result.value < result.high < 1
    return result


@pytest.mark.parametrize("units", [12, 20, 49, 50, 100])
def test_one_more_unit_that_is_not_agreed_on_raises_neither_end(units: int) -> None:
    found = [alpha(units, disputed) for disputed in range(1, min(units // 2, 20))]
    for one, more in pairwise(found):
        assert more.low < one.low and more.high < one.high  # type: ignore[operator]
        assert all(more.details[f"p_below_{x}"] >= one.details[f"p_below_{x}"] for x in LIMITS)


@pytest.mark.parametrize("disputed", [1, 2, 3, 6])
def test_one_more_unit_that_is_agreed_on_hardly_moves_an_end(disputed: int) -> None:
    """Seven times in a row across fifty, where another method used to begin."""
    found = [alpha(units, disputed, replicates=20_000) for units in range(46, 54)]
    for one, more in pairwise(found):
        assert more.low == pytest.approx(one.low, abs=0.02) and more.high == pytest.approx(one.high, abs=0.01)
    assert found[-1].low > found[0].low  # type: ignore[operator]


def mid_p(disputed: int, units: int, share: float) -> float:
    """The probability that the true share is at most `share`: mid-p of the binomial distribution."""
    fewer, more = ((disputed + one, units - disputed + 1 - one) for one in (0, 1))
    return float(special.betainc(*fewer, share) + special.betainc(*more, share)) / 2


@pytest.mark.parametrize("units", [20, 40, 80])
@pytest.mark.parametrize("disputed", [1, 2, 3, 5])
@pytest.mark.parametrize("level", ["nominal", "interval"])
def test_units_agreed_on_or_not_have_nearly_their_exact_interval(units: int, disputed: int, level: str) -> None:
    """Four categories, each disagreement as large as the others: α loses as much with each."""
    said = np.tile(np.arange(4.0), (2, units // 4))
    said[1, : 4 * disputed : 4] += 1
    result = agreement.compute("krippendorff_alpha", agreement.reliability(said, level=level))
    assert result.value is not None and result.low is not None and result.high is not None
    lost = (1 - result.value) / disputed * units
    exact = [optimize.brentq(lambda p, q=q: mid_p(disputed, units, p) - q, 1e-9, 1 - 1e-9) for q in (0.025, 0.975)]
    assert (1 - result.high) / lost == pytest.approx(exact[0], abs=0.012)
    assert (1 - result.low) / lost == pytest.approx(exact[1], rel=0.1 if level == "nominal" else 0.25)
    for limit in LIMITS:
        expected = 1 - mid_p(disputed, units, min((1 - float(limit)) / lost, 1.0))
        assert result.details[f"p_below_{limit}"] == pytest.approx(expected, abs=0.06)


def found_by(data: agreement.ReliabilityData, options: Options) -> tuple[float, Interval]:
    table = disagreement(data)
    value = float(table.statistic().at(np.ones((1, table.n_units)))[0])
    bounds = below_one(-1.0)
    return value, over_units(value, table.statistic(), options, bounds, order=table.order(), agreed=table.agreed)


@pytest.mark.parametrize("confidence", [0.8, 0.95, 0.99])
@pytest.mark.parametrize(("units", "disputed"), [(12, 1), (30, 1), (50, 2), (80, 20)])
def test_the_probability_below_a_limit_is_that_of_the_interval(confidence: float, units: int, disputed: int) -> None:
    value, interval = found_by(two_raters(units, disputed), Options(confidence=confidence))
    assert interval.low is not None and interval.high is not None and interval.below is not None
    tail = (1 - confidence) / 2
    assert interval.below(interval.low) == pytest.approx(tail, abs=1e-6)
    assert interval.below(interval.high) == pytest.approx(1 - tail, abs=1e-6)
    assert tail < interval.below(value) < 1 - tail
    assert (interval.below(-1.5), interval.below(1.0)) == (0, 1)


def test_of_many_units_the_plain_bootstrap_gives_the_same() -> None:
    rng = np.random.default_rng(5)
    options = Options()
    true = rng.integers(0, 4, 1500)
    coded = np.where(rng.random((3, 1500)) < 0.2, rng.integers(0, 4, (3, 1500)), true).astype(float)
    coded[rng.random(coded.shape) < 0.1] = np.nan
    measured = rng.normal(size=1500) + rng.normal(scale=0.7, size=(3, 1500))
    for said, level in (
        (coded, "nominal"),
        (coded, "ordinal"),
        (np.round(measured, 1), "ordinal"),
        (measured, "interval"),
    ):
        data = agreement.reliability(said, level=level)
        _, corrected = found_by(data, options)
        statistic = disagreement(data).statistic()
        plain = percentile(draws(data.n_pairable, options), statistic, options, "", "", data.n_pairable)
        assert corrected.low is not None and plain.low is not None and plain.high is not None
        error = (plain.high - plain.low) / 3.92
        # two ends of 2000 replicates each, one of them moved by a share that is known to 0.02
        assert corrected.low == pytest.approx(plain.low, abs=0.3 * error)
        assert corrected.high == pytest.approx(plain.high, abs=0.3 * error)


def test_the_order_of_units_and_of_raters_changes_no_digit_of_the_interval() -> None:
    rng = np.random.default_rng(2)
    said = np.where(rng.random((3, 60)) < 0.05, rng.integers(0, 3, (3, 60)), rng.integers(0, 3, 60)).astype(float)
    said[rng.random(said.shape) < 0.1] = np.nan
    for level in ("nominal", "ordinal"):
        one = agreement.compute("krippendorff_alpha", agreement.reliability(said, level=level))
        other = said[::-1, rng.permutation(60)]
        again = agreement.compute("krippendorff_alpha", agreement.reliability(other, level=level))
        assert (again.low, again.high, again.details) == (one.low, one.high, one.details)


def test_three_raters_percent_agreement_has_no_jump_either() -> None:
    found = []
    for units, disputed in [(49, k) for k in range(1, 12)] + [(50, k) for k in range(1, 12)]:
        said = np.zeros((3, units))
        said[0, :disputed] = 1
        found.append(agreement.compute("percent_agreement", agreement.reliability(said, level="nominal")))
    for some in (found[:11], found[11:]):
        lows = [r.low for r in some]
        assert lows == sorted(lows, reverse=True) and len(set(lows)) == len(lows)  # type: ignore[type-var]
    for one, more in zip(found[:11], found[11:], strict=True):
        assert one.low == pytest.approx(more.low, abs=0.03)


def test_of_few_normal_scores_it_is_somewhat_wider_than_the_exact_interval() -> None:
    """α of a complete table is nearly ICC(1,1), whose interval by the F distribution is exact for normal scores."""
    rng = np.random.default_rng(1)
    ratios = []
    for _ in range(30):
        data = agreement.reliability(rng.normal(size=10) + rng.normal(scale=0.5, size=(3, 10)), level="interval")
        ours = agreement.compute("krippendorff_alpha", data)
        exact = agreement.compute("icc", data, variant="ICC(1,1)")
        ratios.append((ours.high - ours.low) / (exact.high - exact.low))  # type: ignore[operator]
    assert 1 < np.median(ratios) < 1.4
