"""Coefficients on codes: printed examples, R's values, what they have to do with one another, weights."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
import pytest
from agreement_codes import TWO_JUDGES, R, data_of, from_counts, some, weights_table
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from statsmodels.stats.inter_rater import cohens_kappa

import workbench.agreement as agreement
from workbench.agreement.coefficients import coefficient
from workbench.agreement.coefficients.cohen_kappa import standard_error

REFERENCES = {
    "scott_pi": "test_scott_s_pi_of_gwet_2014_s_abstractors",
    "fleiss_kappa": "test_fleiss_1971_psychiatric_diagnoses_by_six_raters",
    "conger_kappa": "test_gwet_2014_page_120_four_raters_with_holes",
    "light_kappa": "test_light_s_kappa_is_that_of_two_r_packages",
    "brennan_prediger": "test_gwet_2014_page_120_four_raters_with_holes",
    "pabak": "test_pabak_of_byrt_bishop_carlin_1993_worked_by_hand",
    "gwet_ac1": "test_gwet_2014_page_120_four_raters_with_holes",
    "gwet_ac2": "test_gwet_2014_page_120_four_raters_with_holes",
}
FAMILY = ["fleiss_kappa", "conger_kappa", "brennan_prediger", "gwet_ac1", "gwet_ac2", "light_kappa"]


# Printed examples and R


@pytest.mark.parametrize("found", R["gwet_2014_p120"]["found"], ids=lambda f: f"{f['id']} {f['weights']}")
def test_gwet_2014_page_120_four_raters_with_holes(found: dict[str, Any]) -> None:
    """Gwet, Handbook, 4th ed., p. 120, by his own package: κ Fleiss .761, Conger .763, AC1 .775, BP .773."""
    held_against_r(R["gwet_2014_p120"]["values"], found)


@pytest.mark.parametrize("table", ["five_observers", "holes", "fleiss_1971"])
def test_other_tables_have_the_values_and_standard_errors_of_gwet_s_package(table: str) -> None:
    for found in R[table]["found"]:
        held_against_r(R[table]["values"], found)


def test_codes_that_nobody_used_count_as_in_gwet_s_package() -> None:
    for found in R["holes"]["found_of_six"]:
        held_against_r(R["holes"]["values"], found, categories=range(1, 7))


def held_against_r(values: Any, found: dict[str, Any], **how: Any) -> None:
    id, weights = found["id"], found["weights"]
    if id == "gwet":
        id = "gwet_ac1" if weights == "unweighted" else "gwet_ac2"
    if weights in coefficient(id).variants:
        result = agreement.compute(id, data_of(values, **how), variant=weights)
    else:  # only Gwet's coefficient offers his weights by name; any takes the table
        table = weights_table(weights, values, **how)
        result = agreement.compute(id, data_of(values, **how), weights=table)
    assert result.value == pytest.approx((found["pa"] - found["pe"]) / (1 - found["pe"]), abs=1e-12), found
    assert result.value == pytest.approx(found["value"], abs=6e-6)
    error = result.details.get("standard_error_gwet_2014", result.details["standard_error"])
    assert error == pytest.approx(found["se"], abs=6e-6), found
    assert result.details["observed_agreement"] == pytest.approx(found["pa"], abs=1e-12)
    assert result.details["chance_agreement"] == pytest.approx(found["pe"], abs=1e-12)


def test_fleiss_1971_psychiatric_diagnoses_by_six_raters() -> None:
    """κ = .430; by code .245, .245, .520, .471, .566; z by Fleiss, Nee & Landis (1979): by R's irr."""
    of_r = R["fleiss_1971"]
    result = agreement.compute("fleiss_kappa", data_of(of_r["values"], "nominal"))
    assert result.value == pytest.approx(0.430, abs=0.0005)
    assert result.value == pytest.approx(of_r["kappa"], abs=1e-12)
    assert result.details["z"] == pytest.approx(of_r["z"], abs=1e-9)
    for code, kappa in {"1": 0.245, "2": 0.245, "3": 0.520, "4": 0.471, "5": 0.566}.items():
        assert result.details["by_code"][code] == pytest.approx(kappa, abs=0.0005)
        z = result.details["by_code"][code] / result.details["standard_error_if_zero_by_code"]
        assert z == pytest.approx(of_r["z_by_code"][code], abs=0.0005)
    counts = np.bincount(np.array(of_r["values"]).ravel(), minlength=6)[1:] / 180
    assert list(result.details["prevalence"].values()) == pytest.approx(counts)
    conger = agreement.compute("conger_kappa", data_of(of_r["values"], "nominal"))
    assert conger.value == pytest.approx(of_r["exact"], abs=1e-12)


def test_kappa_of_a_code_is_that_of_the_code_against_the_rest() -> None:
    said = some(3)
    result = agreement.compute("fleiss_kappa", data_of(said, "nominal"))
    for code in range(4):
        alone = agreement.compute("fleiss_kappa", data_of(said == code, "nominal"))
        assert result.details["by_code"][str(code)] == pytest.approx(alone.value, abs=1e-9)


def test_light_s_kappa_is_that_of_two_r_packages() -> None:
    data = data_of(R["whole"]["values"], categories=[1, 2, 3, 4])
    assert agreement.compute("light_kappa", data).value == pytest.approx(R["whole"]["light"], abs=1e-12)
    assert R["whole"]["psych_light"] == pytest.approx(R["whole"]["light"], abs=1e-12)
    weighted = agreement.compute("light_kappa", data, variant="quadratic")
    assert weighted.value == pytest.approx(R["whole"]["psych_light_quadratic"], abs=1e-12)
    six = agreement.compute("light_kappa", data_of(R["fleiss_1971"]["values"], "nominal"))
    assert six.value == pytest.approx(R["fleiss_1971"]["light"], abs=1e-12)


def test_scott_s_pi_of_gwet_2014_s_abstractors() -> None:
    """100 records, two abstractors, by Gwet's package, whose errors for two raters divide by n, not n − 1."""
    of_r = R["abstractors"]
    data = from_counts(of_r["counts"])
    for id, name in {"scott_pi": "scott", "gwet_ac1": "ac1", "brennan_prediger": "bp", "cohen_kappa": "kappa"}.items():
        result, found = agreement.compute(id, data), of_r[name][0]
        assert result.value == pytest.approx(found["coeff.val"], abs=1e-9)
        error = found["coeff.se"] * (1 if id == "cohen_kappa" else np.sqrt(100 / 99))
        assert result.details["standard_error"] == pytest.approx(error, abs=1e-9), id


def test_pabak_of_byrt_bishop_carlin_1993_worked_by_hand() -> None:
    """86 of 100 agree: 2 · .86 − 1; prevalence index |80 − 6|/100, bias index |4 − 10|/100."""
    result = agreement.compute("pabak", from_counts([[80, 4], [10, 6]]))
    assert result.value == pytest.approx(0.72)
    assert (result.details["prevalence_index"], result.details["bias_index"]) == pytest.approx((0.74, 0.06))
    share = agreement.compute("percent_agreement", from_counts([[80, 4], [10, 6]]))
    assert (result.low, result.high) == pytest.approx((2 * share.low - 1, 2 * share.high - 1))
    three = agreement.compute("pabak", from_counts(TWO_JUDGES))
    assert three.value == pytest.approx((3 * 0.7 - 1) / 2)


# What they have to do with one another


@st.composite
def tables(draw: st.DrawFn, raters: int) -> np.ndarray:
    units = draw(st.integers(3, 15))
    row = st.lists(st.integers(0, 3).map(float), min_size=units, max_size=units)
    return np.array(draw(st.lists(row, min_size=raters, max_size=raters)))


def value(id: str, said: np.ndarray, variant: str | None = None, **how: Any) -> float | None:
    return agreement.compute(id, data_of(said, **how), variant=variant, replicates=0).value


@settings(max_examples=60, deadline=None)
@given(said=tables(2), variant=st.sampled_from(["unweighted", "linear", "quadratic"]))
def test_of_two_raters_conger_and_light_are_cohen_and_fleiss_is_scott(said: np.ndarray, variant: str) -> None:
    cohen, scott = value("cohen_kappa", said, variant), value("scott_pi", said, variant)
    assume(cohen is not None and scott is not None)
    assert value("conger_kappa", said, variant) == pytest.approx(cohen, abs=1e-9)
    assert value("light_kappa", said, variant) == pytest.approx(cohen, abs=1e-9)
    assert value("fleiss_kappa", said, variant) == pytest.approx(scott, abs=1e-9)


@settings(max_examples=40, deadline=None)
@given(said=tables(2))
def test_pabak_is_brennan_prediger_of_two_raters(said: np.ndarray) -> None:
    assert value("pabak", said, categories=range(4)) == pytest.approx(
        value("brennan_prediger", said, categories=range(4)), abs=1e-9
    )


@settings(max_examples=60, deadline=None)
@given(said=tables(4))
def test_fleiss_and_alpha_differ_by_the_known_amount(said: np.ndarray) -> None:
    """1 − α = (1 − κ)(N − 1)/N with N values; quadratic weights go with the interval level."""
    for variant, level in (("unweighted", "nominal"), ("quadratic", "interval")):
        kappa = value("fleiss_kappa", said, variant)
        assume(kappa is not None)
        alpha = agreement.compute("krippendorff_alpha", data_of(said, level), replicates=0).value
        assert kappa is not None and alpha is not None
        assert 1 - alpha == pytest.approx((1 - kappa) * (said.size - 1) / said.size, abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(said=tables(2))
def test_quadratic_kappa_is_lin_s_concordance(said: np.ndarray) -> None:
    x, y = said
    kappa = value("cohen_kappa", said, "quadratic")
    assume(kappa is not None)
    lin = 2 * ((x - x.mean()) * (y - y.mean())).mean() / (x.var() + y.var() + (x.mean() - y.mean()) ** 2)
    assert kappa == pytest.approx(lin, abs=1e-9)


# Standard errors


@pytest.mark.parametrize("missing", [0.0, 0.25])
@pytest.mark.parametrize("id", [*FAMILY, "scott_pi", "cohen_kappa"])
def test_the_standard_error_is_near_that_of_the_jackknife(id: str, missing: float) -> None:
    pair = coefficient(id).pairwise
    said = some(8, raters=2 if pair else 4, units=60, missing=missing)
    for variant in {*coefficient(id).variants[:1], *coefficient(id).variants[-1:]}:

        def of(table: np.ndarray, variant: str = variant) -> float:
            found = agreement.compute(id, data_of(table, categories=range(4)), variant=variant, replicates=0).value
            assert found is not None
            return found

        result = agreement.compute(id, data_of(said, categories=range(4)), variant=variant)
        left = np.array([of(np.delete(said, u, axis=1)) for u in range(60)])
        jackknife = np.sqrt(59 / 60 * ((left - left.mean()) ** 2).sum())
        assert result.details["standard_error"] == pytest.approx(jackknife, rel=0.05), variant


@pytest.mark.parametrize("id", [*FAMILY, "scott_pi", "pabak", "cohen_kappa"])
@pytest.mark.parametrize(
    ("sessions", "scope"), [(1, "within this session only"), (6, "over sessions"), (25, "over sessions")]
)
def test_codes_of_one_session_are_not_taken_for_independent(id: str, sessions: int, scope: str) -> None:
    units = 20 * sessions
    said = some(5, raters=2 if coefficient(id).pairwise else 4, units=units, missing=0.1)
    names = [f"s{u // 20:02d}" for u in range(units)]
    for variant in coefficient(id).variants:
        result = agreement.compute(id, data_of(said, sessions=names), variant=variant, replicates=200)
        assert result.interval_scope == scope
        assert result.low is not None and result.value is not None and result.high is not None
        assert result.low < result.value < result.high
        assert "standard_error" not in result.details


# κmax, prevalence, specific agreement


@pytest.mark.parametrize("seed", range(4))
def test_the_largest_kappa_is_that_of_the_best_table_with_these_margins(seed: int) -> None:
    """Every way to pair the second rater's codes with the first's, for six units."""
    from itertools import permutations

    rng = np.random.default_rng(seed)
    x, y = rng.integers(0, 3, (2, 6))
    x[0], y[1] = 2, 0
    data = data_of([x, y], categories=range(3))
    own = [[1, 0.2, 0.6], [0.2, 1, 0], [0.6, 0, 1]]
    for how in ({"variant": "unweighted"}, {"variant": "linear"}, {"variant": "quadratic"}, {"weights": own}):
        largest = agreement.compute("cohen_kappa", data, **how).details["kappa_max"]  # type: ignore[arg-type]
        reached = []
        for other in set(permutations(y.tolist())):
            found = agreement.compute("cohen_kappa", data_of([x, other], categories=range(3)), **how)  # type: ignore[arg-type]
            reached.append(found.value)
        assert largest == pytest.approx(max(v for v in reached if v is not None), abs=1e-9), how


def test_specific_agreement_of_each_category_and_positive_and_negative_of_two() -> None:
    details = agreement.compute("cohen_kappa", from_counts(TWO_JUDGES)).details
    assert details["specific_agreement"] == pytest.approx({"0": 176 / 220, "1": 80 / 120, "2": 24 / 60})
    two = agreement.compute("cohen_kappa", from_counts([[80, 4], [10, 6]])).details
    assert two["specific_agreement"] == pytest.approx({"0": two["negative_agreement"], "1": two["positive_agreement"]})


# Undefined, and what needs the scheme


def test_without_variation_what_depends_on_the_scheme_says_so_and_kappas_are_undefined() -> None:
    same = [[1.0, 1, 1, 1], [1, 1, 1, 1]]
    for id in ("gwet_ac1", "brennan_prediger", "pabak"):
        unknown = agreement.compute(id, data_of(same, "nominal"))
        assert unknown.value is None and "codes of the scheme are not stated" in str(unknown.reason)
        known = agreement.compute(id, data_of(same, "nominal", categories=[0, 1]))
        assert known.value == 1
        assert known.interval_reason if id != "pabak" else known.low == pytest.approx(2 * 0.025**0.25 - 1)
        assert any("tell codes apart was not seen" in note for note in known.notes)
    for id in ("cohen_kappa", "scott_pi", "fleiss_kappa", "conger_kappa", "light_kappa"):
        assert agreement.compute(id, data_of(same, "nominal", categories=[0, 1])).value is None


def test_codes_that_were_counted_from_the_data_are_said_to_be() -> None:
    said = some(1, codes=3)
    counted = agreement.compute("gwet_ac1", data_of(said, "nominal"))
    stated = agreement.compute("gwet_ac1", data_of(said, "nominal", categories=range(5)))
    assert (counted.details["codes_in_scheme"], counted.details["codes_stated"]) == (3, False)
    assert (stated.details["codes_in_scheme"], stated.details["codes_stated"]) == (5, True)
    assert any("None were stated" in note for note in counted.notes) and not stated.notes
    assert counted.value != stated.value


def test_units_of_one_rater_tell_how_common_codes_are_except_where_two_raters_are_compared() -> None:
    """Gwet (2014) takes them for Fleiss' κ; Scott (1955) has a table of both raters' codes and no others."""
    both = some(2, raters=2)
    alone = np.array([[0.0] * 20, [np.nan] * 20])
    said = np.hstack([both, alone])
    assert value("scott_pi", said) == value("scott_pi", both) == value("fleiss_kappa", both)
    assert value("cohen_kappa", said) == value("cohen_kappa", both)
    assert value("fleiss_kappa", said) != value("fleiss_kappa", both)


def test_light_s_kappa_leaves_no_pair_out() -> None:
    """a and b agree on everything with one code; dropping that pair would drop the best."""
    data = agreement.reliability(
        pd.DataFrame({"a": [1, 1, 1, 1], "b": [1, 1, 1, 1], "c": [1, 2, 1, 2]}), level="nominal"
    )
    assert "chance alone explains full agreement of a and b" in str(agreement.compute("light_kappa", data).reason)
    apart = agreement.reliability(
        pd.DataFrame({"a": [1, 2, None, None], "b": [1, 2, 1, 2], "c": [None, None, 1, 2]}), level="nominal"
    )
    assert "a and c rated no unit in common" in str(agreement.compute("light_kappa", apart).reason)


# Size


def test_a_weighted_table_of_many_units_and_raters_costs_little() -> None:
    """20 raters × 5000 units × 5 codes; with sessions, so that the bootstrap runs as well."""
    said = some(0, raters=20, units=5000, codes=5, missing=0.05)
    names = [f"s{u // 100}" for u in range(5000)]
    data = data_of(said, sessions=names)
    for id in FAMILY:
        result = agreement.compute(id, data, variant=coefficient(id).variants[-1], replicates=100)
        assert result.value is not None and result.low is not None


def test_thousands_of_different_codes_need_little_memory_and_no_weights() -> None:
    rng = np.random.default_rng(0)
    true = rng.integers(0, 3000, 6000)
    said = np.stack([np.where(rng.random(6000) < 0.3, rng.integers(0, 3000, 6000), true) for _ in range(3)])
    for id in ("fleiss_kappa", "conger_kappa", "brennan_prediger", "gwet_ac1", "light_kappa"):
        assert value(id, said) == pytest.approx(0.55, abs=0.1)
    refused = agreement.compute("gwet_ac2", data_of(said))
    assert refused.value is None and "too many for weights" in str(refused.reason)


def test_the_standard_error_of_a_table_is_that_over_its_pairs() -> None:
    counts = np.array(TWO_JUDGES)
    assert standard_error(counts) == pytest.approx(cohens_kappa(counts).std_kappa, abs=1e-12)


def test_pairs_of_light_s_kappa_are_cohen_s() -> None:
    data = data_of(some(9, missing=0.2), "nominal")
    by_pair = agreement.compute("light_kappa", data).details["by_pair"]
    for (a, b), one in zip(combinations(data.raters, 2), by_pair, strict=True):
        alone = agreement.compute("cohen_kappa", data.only(a, b))
        assert one["raters"] == [a, b]
        assert (one["kappa"], one["units"]) == (pytest.approx(alone.value, abs=1e-9), alone.n_pairable)


def test_there_is_one_pabak_and_its_codes_are_those_that_anybody_used() -> None:
    """Four units, one of them rated once, by a code that occurs nowhere else: (3 · 2/3 − 1)/2."""
    data = agreement.reliability([[1, 2, 1, 3], [1, 2, 2, None]], level="nominal")
    details = agreement.compute("cohen_kappa", data).details
    assert details["pabak"] == agreement.compute("pabak", data).value == pytest.approx(0.5)
    assert details["categories_for_pabak"] == agreement.compute("pabak", data).details["codes_in_scheme"] == 3


WEIGHTED = ("cohen_kappa", "scott_pi", "fleiss_kappa", "conger_kappa", "light_kappa", "brennan_prediger", "gwet_ac2")


@pytest.mark.parametrize("id", WEIGHTED)
def test_weights_of_numbers_without_stated_categories_say_that_distances_are_theirs(id: str) -> None:
    said = [[1, 2, 5, 9, 1, 2], [1, 5, 5, 9, 2, 2]]
    stated = agreement.reliability(said, level="ordinal", categories=[1, 2, 5, 9])
    for data, expected in ((agreement.reliability(said, level="ordinal"), 1), (stated, 0)):
        notes = agreement.compute(id, data, variant="quadratic").notes
        assert sum("the distance of two values is the difference of their numbers" in n for n in notes) == expected


@pytest.mark.parametrize("id", [i for i in WEIGHTED if i != "gwet_ac2"])
@pytest.mark.parametrize("sessions", [False, True])
def test_disagreements_that_own_weights_take_for_agreement_are_not_said_not_to_be_there(
    id: str, sessions: bool
) -> None:
    weights = [[1, 0, 0], [0, 1, 1], [0, 1, 1]]
    names = [f"s{u}" for u in range(4)] if sessions else None
    for second, said in (([1, 2, 2, 1], "seen that counts"), ([1, 2, 3, 1], "no disagreement was seen,")):
        data = agreement.reliability([[1, 2, 3, 1], second], level="nominal", sessions=names, categories=[1, 2, 3])
        result = agreement.compute(id, data, weights=weights)
        assert (result.value, result.low) == (1, None)
        assert said in str(result.interval_reason)


def test_measurements_said_to_be_nominal_do_not_take_the_whole_memory() -> None:
    """A table of each value by each would hold 1.6 billion cells."""
    values = np.arange(40_000)
    data = agreement.reliability([[*map(str, values)], [*map(str, values[::-1])]], level="nominal")
    for id in ("cohen_kappa", "alignment_kappa", "easydiag_kappa", "time_unit_kappa"):
        refused = agreement.compute(id, data)
        assert refused.value is None
        assert "40,000 different values are too many categories" in str(refused.reason)
