"""Our own sums held against the libraries that compute the same."""

from __future__ import annotations

import krippendorff
import numpy as np
import pandas as pd
import pingouin
import pytest
from statsmodels.stats.inter_rater import cohens_kappa

import workbench.agreement as agreement
from workbench.agreement.coefficients._disagreement import ManyRanks, disagreement

LEVELS = ["nominal", "ordinal", "interval", "ratio"]


def table(seed: int, raters: int = 5, units: int = 60, values: int = 6, missing: float = 0.2) -> np.ndarray:
    rng = np.random.default_rng(seed)
    true = rng.integers(0, values, units)
    said = np.clip(true + rng.integers(-1, 2, (raters, units)), 0, values - 1).astype(float)
    said[rng.random(said.shape) < missing] = np.nan
    return said


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("seed", range(5))
def test_our_sums_give_the_alpha_of_the_library(level: str, seed: int) -> None:
    said = table(seed)
    own = disagreement(agreement.reliability(said, level=level))
    library = krippendorff.alpha(reliability_data=said, level_of_measurement=level)
    assert own.statistic().at(np.ones((1, own.n_units)))[0] == pytest.approx(library, abs=1e-12)


@pytest.mark.parametrize("level", LEVELS)
def test_a_bootstrap_replicate_is_the_library_s_alpha_of_the_drawn_units(level: str) -> None:
    said = table(11)
    data = agreement.reliability(said, level=level)
    own = disagreement(data)
    drawn = np.random.default_rng(3).integers(0, own.n_units, own.n_units)
    weights = np.bincount(drawn, minlength=own.n_units)[None].astype(float)
    library = krippendorff.alpha(reliability_data=data.pairable()[:, drawn], level_of_measurement=level)
    assert own.statistic().at(weights)[0] == pytest.approx(library, abs=1e-12)


def test_ordinal_alpha_is_the_same_cell_by_cell_and_by_coincidences() -> None:
    few = disagreement(agreement.reliability(table(4), level="ordinal"))
    many = ManyRanks(few.level, few.domain, few.index, few.size)
    weights = np.random.default_rng(1).integers(0, 3, (7, few.n_units)).astype(float)
    assert many.at(weights) == pytest.approx(few.statistic().at(weights), abs=1e-12)


def test_continuous_interval_data_does_not_need_the_library_s_memory() -> None:
    """20 raters × 10,000 units, every value another: the library would ask for tens of GiB."""
    rng = np.random.default_rng(0)
    said = rng.normal(size=10_000) + rng.normal(scale=0.5, size=(20, 10_000))
    result = agreement.compute("krippendorff_alpha", agreement.reliability(said, level="interval"), replicates=20)
    assert result.value == pytest.approx(0.8, abs=0.02)
    assert result.settings["computed_by"] == "own sums"
    small = agreement.compute("krippendorff_alpha", agreement.reliability(said[:, :40], level="interval"))
    library = krippendorff.alpha(reliability_data=said[:, :40], level_of_measurement="interval")
    assert small.value == pytest.approx(library, abs=1e-12)


def test_interval_alpha_does_not_suffer_from_a_large_offset() -> None:
    said = table(2)
    near = agreement.compute("krippendorff_alpha", agreement.reliability(said, level="interval"))
    far = agreement.compute("krippendorff_alpha", agreement.reliability(said + 1e9, level="interval"))
    assert far.value == pytest.approx(near.value, abs=1e-9)
    assert far.low == pytest.approx(near.low, abs=1e-6)


@pytest.mark.parametrize("seed", range(5))
def test_kappa_and_its_standard_error_are_those_of_statsmodels(seed: int) -> None:
    said = table(seed, raters=2, values=4, missing=0.0)
    result = agreement.compute("cohen_kappa", agreement.reliability(said, level="nominal"))
    other = cohens_kappa(np.array(result.details["confusion"]))
    assert result.value == pytest.approx(other.kappa, abs=1e-12)
    assert result.details["standard_error"] == pytest.approx(other.std_kappa, abs=1e-12)
    assert result.details["kappa_max"] == pytest.approx(other.kappa_max, abs=1e-12)
    assert (result.low, result.high) == pytest.approx((other.kappa_low, other.kappa_upp), abs=1e-6)


@pytest.mark.parametrize("seed", range(4))
def test_all_six_icc_and_their_intervals_are_those_of_pingouin(seed: int) -> None:
    rng = np.random.default_rng(seed)
    said = rng.normal(size=(1, 15)) * 2 + rng.normal(size=(4, 15)) + rng.normal(size=(4, 1))
    results = agreement.compute_all(["icc"], agreement.reliability(said, level="interval"))
    long = pd.DataFrame(said).melt(ignore_index=False).reset_index()
    long.columns = ["rater", "unit", "value"]
    theirs = pingouin.intraclass_corr(long, targets="unit", raters="rater", ratings="value").set_index("Type")
    interval = next(c for c in theirs.columns if c.startswith("CI95"))
    assert len(results) == 6
    for result in results:
        mine = result.variant
        name = (
            mine
            if mine in theirs.index
            else {"1,1": "ICC1", "2,1": "ICC2", "3,1": "ICC3"}.get(mine[4:7]) or (f"ICC{mine[4]}k")
        )
        if name not in theirs.index:
            name = result.details["mcgraw_wong"]
        row = theirs.loc[name]
        assert result.value == pytest.approx(row["ICC"], abs=1e-9)
        assert result.details["f"] == pytest.approx(row["F"], abs=1e-9)
        assert (result.low, result.high) == pytest.approx(tuple(row[interval]), abs=0.0051)


def test_kappa_of_many_categories_over_sessions_needs_little_memory() -> None:
    rng = np.random.default_rng(0)
    true = rng.integers(0, 3000, 6000)
    said = np.stack([true, np.where(rng.random(6000) < 0.3, rng.integers(0, 3000, 6000), true)]).astype(float)
    data = agreement.reliability(said, level="nominal", sessions=[f"s{u // 200}" for u in range(6000)])
    result = agreement.compute("cohen_kappa", data, replicates=20)
    assert result.value == pytest.approx(0.7, abs=0.02)
    assert "confusion" not in result.details
