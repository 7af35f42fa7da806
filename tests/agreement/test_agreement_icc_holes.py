"""ICC of tables with holes: held against lme4 and psych (R), statsmodels, and the analysis of variance."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import special
from statsmodels.regression.mixed_linear_model import MixedLM

import workbench.agreement as agreement
from workbench.agreement.coefficients._icc_holes import find
from workbench.agreement.coefficients._reml import fit
from workbench.agreement.coefficients._two_way import two_way
from workbench.agreement.coefficients.icc import _value, mean_squares
from workbench.agreement.interval import Options

FORMS = ["ICC(2,1)", "ICC(2,k)", "ICC(3,1)", "ICC(3,k)", "ICC(1,1)", "ICC(1,k)"]
ORACLE = json.loads((Path(__file__).parents[1] / "fixtures" / "agreement_ratings.json").read_text())
HOLED = {name: np.array(case["table"], dtype=float) for name, case in ORACLE["holes"].items()}


def of(table: np.ndarray, **more: object) -> agreement.ReliabilityData:
    return agreement.reliability(table, level="interval", units_in="rows", **more)  # type: ignore[arg-type]


def crossed(seed: int, n: int, k: int, rater: float = 0.5, error: float = 0.8) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return rng.normal(size=(n, 1)) + rater * rng.normal(size=(1, k)) + error * rng.normal(size=(n, k))


@pytest.mark.parametrize("case", HOLED)
def test_the_variance_components_are_those_of_lme4(case: str) -> None:
    sums, theirs = two_way(HOLED[case]), ORACLE["holes"][case]["lme4"]
    random = fit(sums, "random")
    assert random is not None
    of_lme4 = theirs["random"]
    assert (random.units, random.raters, random.error) == pytest.approx(
        (of_lme4["unit"], of_lme4["rater"], of_lme4["Residual"]), rel=2e-6, abs=1e-7
    )
    for model in ("fixed", "one-way"):
        own = fit(sums, model)  # type: ignore[arg-type]
        assert own is not None
        assert (own.units, own.error) == pytest.approx((theirs[model]["unit"], theirs[model]["Residual"]), rel=2e-6)


@pytest.mark.parametrize("case", HOLED)
def test_all_six_icc_follow_from_the_components_of_lme4(case: str) -> None:
    theirs, k = ORACLE["holes"][case]["lme4"], HOLED[case].shape[1]
    for result in agreement.compute_all(["icc"], of(HOLED[case])):
        v = theirs[{"1": "one-way", "2": "random", "3": "fixed"}[result.variant[4]]]
        others = v["Residual"] + v.get("rater", 0.0)
        expected = v["unit"] / (v["unit"] + others / (1 if result.variant[6] == "1" else k))
        assert result.value == pytest.approx(expected, abs=1e-6)
        assert result.settings["estimator"] == "REML"
        assert result.low is not None and result.high is not None and result.low < result.value < result.high


def test_raters_without_a_variance_of_their_own_are_said_to_have_none() -> None:
    result = agreement.compute("icc", of(HOLED["raters_alike"]))
    assert result.details["variance_raters"] == 0
    assert any("No variance of raters" in note for note in result.notes)


def test_the_variance_components_are_those_of_statsmodels() -> None:
    table = HOLED["a_fifth_missing"]
    unit, rater = np.nonzero(~np.isnan(table))
    d = pd.DataFrame({"y": table[unit, rater], "unit": unit, "rater": rater, "all": 1})
    crossed_in_one_group = {"unit": "0 + C(unit)", "rater": "0 + C(rater)"}
    theirs = MixedLM.from_formula("y ~ 1", d, groups="all", vc_formula=crossed_in_one_group).fit(reml=True)
    own = fit(two_way(table), "random")
    assert own is not None
    # in the order of their names: rater, unit
    assert (own.raters, own.units, own.error) == pytest.approx((*theirs.vcomp, theirs.scale), rel=1e-3)


@pytest.mark.parametrize("case", ORACLE["complete"])
def test_complete_tables_give_the_values_and_intervals_of_psych(case: str) -> None:
    stored = ORACLE["complete"][case]
    results = {r.variant: r for r in agreement.compute_all(["icc"], of(np.array(stored["table"], dtype=float)))}
    theirs = pd.DataFrame(stored["psych"]).set_index("form")
    for form, row in theirs.iterrows():
        own = results[str(form)]
        assert (own.value, own.details["f"], own.details["p"]) == pytest.approx((row["value"], row["f"], row["p"]))
        assert (own.low, own.high) == pytest.approx((row["low"], row["high"]), abs=1e-9)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("form", FORMS)
def test_reml_on_a_complete_table_is_the_analysis_of_variance(seed: int, form: str) -> None:
    """Value, F and both limits; in the last three the units differ no more than by error, or less."""
    table = crossed(seed, 9, 4, rater=2.0, error=3.0 if seed > 4 else 0.8)
    anova = next(r for r in agreement.compute_all(["icc"], of(table)) if r.variant == form)
    reml = find(table, form, Options())
    assert reml.value == pytest.approx(anova.value, abs=1e-9)
    assert reml.details["f"] == pytest.approx(anova.details["f"], rel=1e-9)
    assert (reml.details["df1"], reml.details["df2"]) == (anova.details["df1"], anova.details["df2"])
    assert (reml.interval.low, reml.interval.high) == pytest.approx((anova.low, anova.high), abs=1e-8)


def test_the_f_of_a_table_with_holes_compares_two_regressions() -> None:
    """What units explain beyond raters, against what both leave over, by least squares with dummies."""
    table = HOLED["two_of_five_raters"]
    unit, rater = np.nonzero(~np.isnan(table))
    y = table[unit, rater]
    raters, units = np.eye(table.shape[1])[rater], np.eye(len(table))[unit]

    def left(x: np.ndarray) -> tuple[float, int]:
        fitted, _, rank, _ = np.linalg.lstsq(x, y, rcond=None)
        return float(((y - x @ fitted) ** 2).sum()), len(y) - int(rank)

    (few, free_few), (all_, free) = left(raters), left(np.hstack([raters, units]))
    f = (few - all_) / (free_few - free) / (all_ / free)
    result = agreement.compute("icc", of(table), variant="ICC(3,1)")
    assert result.details["f"] == pytest.approx(f, rel=1e-9)
    assert (result.details["df1"], result.details["df2"]) == (free_few - free, free)
    assert result.details["p"] == pytest.approx(float(special.fdtrc(free_few - free, free, f)))


def test_the_exact_interval_is_where_the_f_of_whitened_data_meets_its_quantiles() -> None:
    """An independent way: eigenvectors of the units' design once raters are projected out (Seely & El-Bassiouni)."""
    table = HOLED["half_missing"]
    unit, rater = np.nonzero(~np.isnan(table))
    y, z, x = table[unit, rater], np.eye(len(table))[unit], np.eye(table.shape[1])[rater]
    m = np.eye(len(y)) - x @ np.linalg.pinv(x)
    values, vectors = np.linalg.eigh(z.T @ m @ z)
    kept = values > 1e-9
    t, r = vectors[:, kept].T @ z.T @ m @ y, int(kept.sum())
    explained = float((t**2 / values[kept]).sum())
    left, free = float(y @ m @ y) - explained, len(y) - table.shape[1] - r
    result = agreement.compute("icc", of(table), variant="ICC(3,1)")
    for limit, share in ((result.low, 0.975), (result.high, 0.025)):
        assert limit is not None
        ratio = limit / (1 - limit)
        f = float((t**2 / (values[kept] * (1 + ratio * values[kept]))).sum()) / r / (left / free)
        assert f == pytest.approx(float(special.fdtri(r, free, share)), rel=1e-7)


def test_one_missing_cell_changes_the_value_a_little() -> None:
    table = crossed(3, 40, 4)
    whole = {r.variant: r for r in agreement.compute_all(["icc"], of(table))}
    table[7, 2] = np.nan
    for result in agreement.compute_all(["icc"], of(table)):
        before = whole[result.variant]
        assert result.value == pytest.approx(before.value, abs=0.02)
        assert (result.low, result.high) == pytest.approx((before.low, before.high), abs=0.02)


def test_units_alike_but_for_error_have_a_negative_icc() -> None:
    table = np.array([[1.0, 5, 3], [5, 1, 3], [3, 3, np.nan], [4, 2, 3.1], [2, 4, 2.9]])
    result = agreement.compute("icc", of(table), variant="ICC(1,1)")
    assert result.value is not None and result.value < 0


def test_a_rater_without_values_is_left_out_and_named() -> None:
    table = np.column_stack([crossed(1, 12, 3), np.full(12, np.nan)])
    result = agreement.compute("icc", of(table, raters=["anna", "ben", "carl", "dora"]), variant="ICC(2,k)")
    assert result.value == agreement.compute("icc", of(table[:, :3]), variant="ICC(2,k)").value
    assert "mean of 3 raters" in result.title
    assert any("dora" in note for note in result.notes)


def test_raters_who_share_no_unit_with_the_others_are_named_as_such() -> None:
    table = crossed(2, 20, 4)
    table[:10, 2:] = np.nan
    table[10:, :2] = np.nan
    result = agreement.compute("icc", of(table))
    assert result.value is not None
    assert any("2 sets that share no unit" in note for note in result.notes)


def test_where_nothing_is_left_to_estimate_the_error_the_reason_says_so() -> None:
    result = agreement.compute("icc", of(np.array([[1, 2, np.nan], [np.nan, 3, 5]])))
    assert result.value is None
    assert "nothing is left over" in str(result.reason)


def test_perfect_agreement_with_holes_is_one_without_an_interval() -> None:
    for result in agreement.compute_all(["icc"], of(np.array([[1, 1, np.nan], [2, 2, 2], [np.nan, 3, 3]]))):
        assert (result.value, result.low) == (1.0, None)


BY_A_CONSTANT = [[1, 2, 3], [2, 3, 4], [4, 5, 6], [7, 8, 9], [5, 6, 7]]


@pytest.mark.parametrize("holes", [(), ((1, 2),), ((1, 2), (3, 0), (4, 1))])
def test_raters_who_differ_by_a_constant_alone_have_a_value_and_the_reason_for_no_interval(holes: tuple) -> None:  # type: ignore[type-arg]
    """σ²u = 5.7 and σ²r = 1 of the units' and raters' own values, with or without holes."""
    table = np.array(BY_A_CONSTANT, dtype=float)
    for hole in holes:
        table[hole] = np.nan
    units, raters = np.var([2, 3, 5, 8, 6], ddof=1), np.var([-1, 0, 1], ddof=1)
    expected = {"ICC(2,1)": units / (units + raters), "ICC(2,k)": units / (units + raters / 3)}
    expected |= {"ICC(3,1)": 1.0, "ICC(3,k)": 1.0}
    found = {r.variant: r for r in agreement.compute_all(["icc"], of(table))}
    of_theory = {r.variant: r for r in agreement.compute_all(["generalizability"], of(table))}
    for form, value in expected.items():
        assert found[form].value == pytest.approx(value, abs=1e-12)
        assert found[form].low is None and "differ by a constant only" in str(found[form].interval_reason)
    for form, name in (("Phi(1)", "ICC(2,1)"), ("Erho2(1)", "ICC(3,1)")):
        assert of_theory[form].value == pytest.approx(expected[name], abs=1e-9)
        assert "differ by a constant only" in str(of_theory[form].interval_reason)


def test_raters_who_differ_by_a_constant_and_share_no_unit_cannot_be_told_from_their_units() -> None:
    apart = np.array([[1, 2, np.nan, np.nan], [2, 3, np.nan, np.nan], [np.nan, np.nan, 5, 7], [np.nan, np.nan, 6, 8]])
    result = agreement.compute("icc", of(apart), variant="ICC(2,1)")
    assert result.value is None and "cannot be told from those of their units" in str(result.reason)


def test_a_raters_variance_below_zero_is_kept_by_the_formula_and_said_with_what_it_would_be_without() -> None:
    """Shrout & Fleiss's formula goes below every correlation where raters differ less than error would make them."""
    opposed = agreement.compute("icc", of(np.array([[4, 1], [3, 2], [2, 3], [1, 4]])), variant="ICC(2,1)")
    assert opposed.value == pytest.approx(-2.0)
    assert any("taken as 0" in note.lower() and "-1.000" in note for note in opposed.notes)
    table = crossed(0, 12, 3, rater=0.0)
    icc, phi = (
        agreement.compute(i, of(table), variant=v) for i, v in (("icc", "ICC(2,1)"), ("generalizability", "Phi(1)"))
    )
    assert phi.value != pytest.approx(icc.value, abs=0.0005)
    assert any(note.endswith(f"the value is {phi.value:.3f}.") for note in icc.notes)
    assert not any("below zero" in n for n in agreement.compute("icc", of(crossed(1, 12, 3, 2.0))).notes)


@pytest.mark.parametrize("seed", range(6))
def test_dependability_of_a_table_with_holes_is_its_icc_below_zero_too(seed: int) -> None:
    table = crossed(seed, 9, 4, error=0.8 if seed < 3 else 9.0)
    table[2, 1] = table[5, 3] = np.nan
    icc = agreement.compute("icc", of(table), variant="ICC(2,1)")
    phi = agreement.compute("generalizability", of(table), variant="Phi(1)", replicates=0)
    assert icc.value is not None and (icc.value < 0) == (seed >= 3)
    assert phi.value == pytest.approx(icc.value, abs=1e-9)


@pytest.mark.parametrize("holes", [False, True])
def test_where_segments_hang_together_the_interval_is_over_sessions(holes: bool) -> None:
    rng = np.random.default_rng(4)
    session = np.repeat(np.arange(24), 6)
    table = crossed(4, len(session), 3) + rng.normal(size=24)[session][:, None]
    if holes:
        table[rng.random(table.shape) < 0.2] = np.nan
    data = of(table, sessions=[f"s{s}" for s in session])
    result = agreement.compute("icc", data, replicates=300)
    assert result.interval_scope == "over sessions"
    assert result.low is not None and result.low < result.value < result.high
    assert "f" not in result.details
    alone = agreement.compute("icc", of(table))
    assert result.value == alone.value
    assert alone.high - alone.low != result.high - result.low


def test_the_bootstrap_of_a_complete_table_draws_the_icc_of_the_drawn_units() -> None:
    from workbench.agreement.coefficients.icc import _over_units

    table = crossed(6, 15, 4)
    drawn = np.random.default_rng(1).integers(0, 15, 15)
    weights = np.bincount(drawn, minlength=15)[None].astype(float)
    for form in FORMS:
        expected = _value(mean_squares(table[drawn]), form)[0]
        assert _over_units(table, form).at(weights)[0] == pytest.approx(expected, abs=1e-10)


def test_ten_thousand_units_with_holes_take_no_more_than_a_moment() -> None:
    table = crossed(0, 10_000, 6)
    table[np.random.default_rng(0).random(table.shape) < 0.5] = np.nan
    result = agreement.compute("icc", of(table))
    assert result.value == pytest.approx(1 / (1 + 0.25 + 0.64), abs=0.2)
