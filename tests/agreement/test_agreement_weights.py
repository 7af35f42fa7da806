"""Weights of agreement: by name, one's own, and what they do to Cohen's κ and its relatives."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from agreement_codes import TWO_JUDGES, R, data_of, from_counts, some, weights_table
from statsmodels.stats.inter_rater import cohens_kappa

import workbench.agreement as agreement
from workbench.agreement.coefficients import coefficient

# Disagreement as Cohen (1968) printed it, on nominal categories
COHEN_1968 = [[0, 1, 3], [1, 0, 6], [3, 6, 0]]


def test_cohen_1968_weighted_kappa_with_weights_of_one_s_own() -> None:
    """κ = .492 and weighted κ = .348, as R's psych prints them from the paper."""
    data = from_counts(TWO_JUDGES)
    assert agreement.compute("cohen_kappa", data).value == pytest.approx(0.492, abs=0.0005)
    result = agreement.compute("cohen_kappa", data, weights=COHEN_1968)
    assert result.value == pytest.approx(0.348, abs=0.0005)
    assert (result.variant, result.settings["weights"]) == ("own", "own")
    assert result.title == "Cohen's κ (own weights)"


def test_fleiss_cohen_everitt_1969_standard_errors() -> None:
    """Their table and weights (read in R's psych); the variances, .002885 and .003248, also by statsmodels."""
    counts = np.array([[106, 10, 4], [22, 28, 10], [2, 12, 6]])
    weights = np.array([[1, 0, 4 / 9], [0, 1, 6 / 9], [4 / 9, 6 / 9, 1]])
    data = from_counts(counts)
    plain, weighted = (agreement.compute("cohen_kappa", data, weights=w) for w in (None, weights))
    assert plain.details["standard_error"] ** 2 == pytest.approx(0.002885, abs=5e-7)
    assert weighted.details["standard_error"] ** 2 == pytest.approx(0.003248, abs=5e-7)
    theirs = cohens_kappa(counts, weights=1 - weights)
    assert weighted.value == pytest.approx(theirs.kappa, abs=1e-12)
    assert weighted.details["standard_error"] == pytest.approx(theirs.std_kappa, abs=1e-12)


@pytest.mark.parametrize("found", R["pair"]["found"], ids=lambda f: f["weights"])
def test_weighted_kappa_is_that_of_r_s_psych_and_its_error_that_of_statsmodels(found: dict[str, Any]) -> None:
    data = data_of(R["pair"]["values"], categories=[1, 2, 3, 4])
    result = agreement.compute("cohen_kappa", data, variant=found["weights"])
    assert result.value == pytest.approx(found["value"], abs=1e-12)
    plain = agreement.compute("cohen_kappa", data)
    assert plain.value == pytest.approx(found["unweighted"], abs=1e-12)
    assert plain.details["standard_error"] == pytest.approx(found["unweighted_se"], abs=1e-9)
    theirs = cohens_kappa(np.array(result.details["confusion"]), wt=found["weights"])
    assert result.details["standard_error"] == pytest.approx(theirs.std_kappa, abs=1e-12)


def test_gwet_s_ordinal_weights_are_not_krippendorff_s_ordinal_metric() -> None:
    """Krippendorff's distances follow how often the codes were used; Gwet's do not."""
    even, uneven = (np.repeat([[0, 1, 2], [0, 1, 1]], n, axis=1) for n in ([5, 5, 5], [30, 5, 5]))
    for said in (even, uneven):
        table = weights_table("ordinal", said)
        assert table == pytest.approx(np.array([[1, 2 / 3, 0], [2 / 3, 1, 2 / 3], [0, 2 / 3, 1]]))
    of_table = [
        agreement.compute("fleiss_kappa", data_of(s), weights=weights_table("ordinal", s)) for s in (even, uneven)
    ]
    alphas = [agreement.compute("krippendorff_alpha", data_of(s), replicates=0) for s in (even, uneven)]
    apart = [abs(1 - a.value - (1 - f.value)) for a, f in zip(alphas, of_table, strict=True)]  # type: ignore[operator]
    assert apart[1] > 0.02


def test_weights_need_an_order_unless_they_are_one_s_own() -> None:
    data = data_of(some(2), "nominal")
    assert [r.variant for r in agreement.compute_all(["fleiss_kappa"], data)] == ["unweighted"]
    asked = agreement.compute("fleiss_kappa", data, variant="linear")
    assert asked.value is None and "need an order" in str(asked.reason)
    assert len(agreement.compute_all(["fleiss_kappa"], data_of(some(2)))) == 3


def test_a_scale_stays_as_long_as_it_is_when_its_middle_is_not_used() -> None:
    said = [[1, 1, 2, 5, 5, 2], [1, 2, 2, 5, 2, 5]]
    numbers = agreement.compute("cohen_kappa", data_of(said), variant="linear")
    stated = agreement.compute("cohen_kappa", data_of(said, categories=[1, 2, 3, 4, 5]), variant="linear")
    ranks = agreement.compute("cohen_kappa", data_of(said, categories=[1, 2, 5]), variant="linear")
    assert numbers.value == stated.value != ranks.value
    assert any("difference of their numbers" in note for note in numbers.notes)
    assert not any("difference of their numbers" in note for note in stated.notes)


@pytest.mark.parametrize(
    "id", ["cohen_kappa", "scott_pi", "fleiss_kappa", "conger_kappa", "light_kappa", "brennan_prediger"]
)
@pytest.mark.parametrize("name", ["linear", "quadratic"])
def test_a_table_of_one_s_own_gives_what_the_weights_of_that_name_give(id: str, name: str) -> None:
    said = some(4, raters=2 if coefficient(id).pairwise else 3)
    by_name, by_table = (
        agreement.compute(id, data_of(said), **how)
        for how in ({"variant": name}, {"weights": weights_table(name, said)})
    )
    assert (by_name.value, by_name.low) == pytest.approx((by_table.value, by_table.low))


def test_a_table_with_names_finds_its_codes_in_any_order() -> None:
    words = np.array(["personality", "neurosis", "psychosis"])
    pairs = np.array([(r, c) for r in range(3) for c in range(3) for _ in range(TWO_JUDGES[r][c])]).T
    data = agreement.reliability(words[pairs], level="nominal")
    frame = pd.DataFrame(COHEN_1968, index=words, columns=words)
    result = agreement.compute("cohen_kappa", data, weights=frame.loc[words[[2, 0, 1]]])
    assert result.value == pytest.approx(0.348, abs=0.0005)
    short = frame.iloc[:2, :2]
    assert "lacks psychosis" in str(agreement.compute("cohen_kappa", data, weights=short).reason)
    assert "2 codes and the data have 3" in str(agreement.compute("cohen_kappa", data, weights=short.to_numpy()).reason)


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ([[1, 0.5], [0.4, 1]], "which rater comes first"),
        ([[1, 0.5, 0], [0.5, 1, 0.5]], "as many rows as columns"),
        ([[0.5, 0], [0, 0.5]], "diagonal"),
        ([[1, -0.5], [-0.5, 1]], "0 or more"),
        ([[1, 1], [1, 1]], "nothing is a disagreement"),
        ([["a", "b"], ["b", "a"]], "no square of numbers"),
        ([[1, float("nan")], [0, 1]], "no numbers"),
        (pd.DataFrame([[1, 0], [0, 1]], index=["a", "b"], columns=["a", "c"]), "same codes"),
    ],
)
def test_a_table_that_is_no_table_of_weights_is_refused_with_a_reason(table: Any, said: str) -> None:
    with pytest.raises(agreement.InputProblems, match=said):
        agreement.compute("cohen_kappa", from_counts(TWO_JUDGES), weights=table)


def test_a_coefficient_without_weights_names_those_that_take_them() -> None:
    with pytest.raises(agreement.InputProblems, match=r"krippendorff_alpha takes no weights .* cohen_kappa"):
        agreement.compute("krippendorff_alpha", from_counts(TWO_JUDGES), weights=COHEN_1968)
    several = agreement.compute_all(["krippendorff_alpha", "cohen_kappa"], from_counts(TWO_JUDGES), weights=COHEN_1968)
    assert [r.variant for r in several] == ["alpha", "own"]


def test_three_lines_give_a_weighted_value_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    rows = [f"{u},{'ab'[r]},{int(v)}" for r, row in enumerate(some(6, raters=2)) for u, v in enumerate(row)]
    Path("mine.csv").write_text("unit,rater,value\n" + "\n".join(rows) + "\n")
    data = agreement.from_csv("mine.csv", level="ordinal")
    table = [[1, 0.9, 0, 0], [0.9, 1, 0.5, 0], [0, 0.5, 1, 0.5], [0, 0, 0.5, 1]]
    for how in ({"weights": table}, {"variant": "quadratic"}):
        for id in ("cohen_kappa", "fleiss_kappa"):
            result = agreement.compute(id, data, **how)  # type: ignore[arg-type]
            names: dict[str, Any] = {}
            *before, last = agreement.same_in_python(result).strip().splitlines()
            exec("\n".join([*before, f"again = {last}"]), names)
            assert names["again"] == result
