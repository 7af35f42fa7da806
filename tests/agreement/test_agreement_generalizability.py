"""Generalizability theory against Brennan (2001) and lme4."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import workbench.agreement as agreement
from workbench.agreement.coefficients._facet_cells import Cells, Components, cells
from workbench.agreement.coefficients._facets import estimate
from workbench.agreement.coefficients._reml_of_parts import by_likelihood
from workbench.agreement.result import Result

REFERENCES = {"generalizability": "test_brennan_2001_persons_by_items"}

N = float("nan")
FIXTURE = Path(__file__).parents[1] / "fixtures" / "agreement_generalizability.json"
LME4 = json.loads(FIXTURE.read_text(encoding="utf-8"))["cases"]

# Brennan (2001), table 2.2: synthetic data set no. 1, persons (rows) × items. Read as a scan of the page
# together with tables 2.3 and the coefficients, in the repository Papa-26/Brennan.
PERSONS_BY_ITEMS = """
101000000000 111001000000 111110000000 110110010000 111110100000 111011100000 111111100000
111101111100 111111111110 111111111111
"""
# Brennan (2001), synthetic data set no. 2 (section 2.4): each person has eight items of their own. Data and
# components as the tests of the package generalizit cite them.
ITEMS_WITHIN_PERSONS = [
    [2, 6, 7, 5, 2, 5, 5, 5], [4, 5, 6, 7, 6, 7, 5, 7], [5, 5, 4, 6, 5, 4, 5, 5], [5, 9, 8, 6, 5, 7, 7, 6],
    [4, 3, 5, 6, 4, 5, 6, 4], [4, 4, 4, 7, 6, 4, 7, 8], [2, 6, 6, 5, 2, 7, 7, 5], [3, 4, 4, 5, 6, 6, 6, 4],
    [0, 5, 4, 5, 5, 5, 5, 3], [6, 8, 7, 6, 6, 8, 8, 6],
]  # fmt: skip


def by_variant(data: agreement.ReliabilityData, **options: Any) -> dict[str, Result]:
    return {r.variant: r for r in agreement.compute_all(["generalizability"], data, **options)}


def brennan_1() -> agreement.ReliabilityData:
    table = [[int(c) for c in row] for row in PERSONS_BY_ITEMS.split()]
    return agreement.reliability(table, level="interval", units_in="rows")


def test_brennan_2001_persons_by_items() -> None:
    found = by_variant(brennan_1())
    components = list(found["Phi(k)"].details["components"].values())
    assert components == pytest.approx([0.0574, 0.0754, 0.1269], abs=0.00005)
    assert found["Erho2(k)"].value == pytest.approx(0.8445, abs=0.00005)
    assert found["Phi(k)"].value == pytest.approx(0.7730, abs=0.00005)
    assert found["Phi(k)"].settings["estimator"] == "analysis of variance"
    # σ(Δ) for twelve items, from the printed components
    assert found["Phi(k)"].details["sem_absolute"] == pytest.approx(math.sqrt((0.0754 + 0.1269) / 12), abs=0.0001)


def test_brennan_2001_items_within_persons() -> None:
    """As raters of their own for each session: ten sessions, eighty raters."""
    table = np.full((80, 10), N)
    for p, row in enumerate(ITEMS_WITHIN_PERSONS):
        table[8 * p : 8 * p + 8, p] = row
    found = by_variant(agreement.reliability(table, level="interval"))
    components = found["Phi(k)"].details["components"]
    assert components == {
        "units": pytest.approx(0.6108, abs=0.00005), "raters:units, error": pytest.approx(2.0250, abs=0.00005)
    }  # fmt: skip
    assert found["Phi(k)"].value == found["Erho2(k)"].value == pytest.approx(0.71, abs=0.005)
    assert any("leniency cannot be told from error" in note for note in found["Phi(k)"].notes)


def of_lme4(case: dict[str, Any]) -> tuple[dict[str, float], Components | None]:
    data = pd.DataFrame(case["data"])
    keys = [key for key in ("session", "segment") if key in data]
    table = data.pivot_table(index=keys, columns="rater", values="value")
    sessions = pd.factorize(table.index.get_level_values(0))[0]
    found = estimate(cells(table.to_numpy().T, np.asarray(sessions, dtype=np.intp)))[0]
    return case["components"], found


@pytest.mark.parametrize("case", range(len(LME4)))
def test_components_of_incomplete_and_nested_tables_are_those_of_lme4(case: int) -> None:
    wanted, found = of_lme4(LME4[case])
    assert found is not None
    if found.estimator != "REML" and min(found.named("s", "p").values()) < 0:
        assert wanted["rater"] == 0  # lme4 holds it at zero, the mean squares do not
        return
    named = {
        "session": found.object, "part": found.part, "rater": found.rater, "both": found.object_rater,
        "Residual": found.error,
    }  # fmt: skip
    of_table = {k: v * found.scale**2 for k, v in named.items() if v is not None}
    assert of_table == pytest.approx(wanted, rel=3e-6, abs=1e-6)


def balanced(seed: int, n: int, s: int, k: int) -> np.ndarray:
    """(raters, sessions × segments)."""
    rng = np.random.default_rng(seed)
    y = rng.normal(0, 2, n)[:, None, None] + rng.normal(0, 1, (n, s))[:, :, None] + rng.normal(0, 1, k)
    y = y + rng.normal(0, 1, (n, k))[:, None, :] + rng.normal(0, 1, (n, s, k))
    return np.asarray(y.reshape(n * s, k).T)


def test_a_balanced_table_gives_the_same_by_mean_squares_and_by_likelihood() -> None:
    table = balanced(4, 20, 4, 5)
    sessions = np.repeat(np.arange(20), 4)
    by_squares = estimate(cells(table, sessions))[0]
    whole = cells(table, sessions)
    searched = by_likelihood(Cells(whole.values - whole.values.mean(), False), None)[0]
    assert by_squares is not None and searched is not None
    assert min(by_squares.named("s", "p").values()) > 0
    assert by_squares.named("s", "p") == pytest.approx(searched.named("s", "p"), rel=1e-7)


def test_the_d_study_follows_from_the_components() -> None:
    sessions = [f"s{i}" for i in range(20) for _ in range(4)]
    data = agreement.reliability(balanced(4, 20, 4, 5), level="interval", sessions=sessions)
    result = agreement.compute("generalizability", data, variant="Phi(k)", replicates=0)
    p, sp, r, pr, e = result.details["components"].values()
    for row in result.details["d_study"]:
        n_r, n_s = row["raters"], row["segments"]
        delta = pr / n_r + sp / n_s + e / (n_r * n_s)
        assert row["erho2"] == pytest.approx(p / (p + delta))
        assert row["phi"] == pytest.approx(p / (p + delta + r / n_r))
        assert row["sem_absolute"] == pytest.approx(math.sqrt(delta + r / n_r))
    (same,) = [r for r in result.details["d_study"] if (r["raters"], r["segments"]) == (5, 4)]
    assert result.value == pytest.approx(same["phi"])
    assert list(result.details["components"]) == [
        "sessions", "segments:sessions", "raters", "sessions × raters", "(segments:sessions) × raters, error",
    ]  # fmt: skip


def test_without_segments_it_is_the_icc() -> None:
    data = agreement.reliability(
        [[9, 6, 8, 7, 10, 6], [2, 1, 4, 1, 5, 2], [5, 3, 6, 2, 6, 4], [8, 2, 8, 6, 9, 7]], level="interval"
    )
    found = by_variant(data)
    for ours, icc in {
        "Phi(1)": "ICC(2,1)",
        "Phi(k)": "ICC(2,k)",
        "Erho2(1)": "ICC(3,1)",
        "Erho2(k)": "ICC(3,k)",
    }.items():
        other = agreement.compute("icc", data, variant=icc)
        assert (found[ours].value, found[ours].low, found[ours].high) == pytest.approx(
            (other.value, other.low, other.high)
        )


def test_a_component_below_zero_stays_visible_and_counts_as_no_error() -> None:
    data = agreement.reliability([[0, 1, 0, 1], [1, 0, 1, 0]], level="interval")
    found = by_variant(data)
    assert found["Phi(1)"].value == found["Erho2(1)"].value == -1
    assert found["Phi(1)"].details["components"]["raters"] < 0
    assert any("below zero" in note for note in found["Phi(1)"].notes)
    assert found["Phi(k)"].value is None
    assert found["Phi(k)"].reason == "the units do not differ more than error alone would make them"


def in_dyads(between: float, within: float, apart: float = 0) -> agreement.ReliabilityData:
    """Twelve dyads of six sessions, three raters with error 1 in each rating, `apart` on the scale and in dyads."""
    rng = np.random.default_rng(7)
    said = rng.normal(0, between, 12)[:, None] + rng.normal(0, within, (12, 6))
    table = said.reshape(-1)[None, :] + rng.normal(0, 1, (3, 72)) + apart * np.arange(3)[:, None]
    table = np.round(table + np.repeat(rng.normal(0, apart, (3, 12)), 6, axis=1), 3)
    dyads = [f"d{d}" for d in range(12) for _ in range(6)]
    sessions = [f"{d} s{i}" for i, d in enumerate(dyads)]
    return agreement.reliability(table, level="interval", sessions=sessions, groups=dyads, resample="units")


def test_agreement_on_dyads_says_nothing_about_agreement_on_change() -> None:
    """Dyads differ, their sessions do not: the pooled value is high, that of change is near zero."""
    found = by_variant(in_dyads(between=3, within=0))
    assert found["Phi(1)"].value is not None and found["Phi(1)"].value > 0.7
    assert found["between dyads(1)"].value == pytest.approx(1.0, abs=0.05)
    change = found["within dyads(1)"]
    assert change.value == pytest.approx(0.0, abs=0.15)
    assert change.high is not None and change.high < 0.4
    assert change.interval_scope == found["Phi(1)"].interval_scope == "over dyads"


def test_between_and_within_dyads_are_shares_of_the_components() -> None:
    result = by_variant(in_dyads(between=1, within=1, apart=1))
    c = result["within dyads(k)"].details["components"]
    assert list(c) == ["dyads", "sessions:dyads", "raters", "dyads × raters", "(sessions:dyads) × raters, error"]
    d, s, r, dr, e = c.values()
    assert min(d, s, r, dr, e) > 0
    assert result["within dyads(1)"].value == pytest.approx(s / (s + e))
    assert result["within dyads(k)"].value == pytest.approx(s / (s + e / 3))
    assert result["between dyads(1)"].value == pytest.approx(d / (d + r + dr))
    assert result["between dyads(k)"].value == pytest.approx(d / (d + (r + dr) / 3))


def test_segments_are_averaged_before_dyads_are_compared() -> None:
    table = [[1, 3, 5, 5, 2, 4, 8, 6], [2, 4, 6, 4, 1, 3, 7, 7]]
    sessions = ["s1", "s1", "s2", "s2", "s3", "s3", "s4", "s4"]
    dyads = ["d1"] * 4 + ["d2"] * 4
    segmented = agreement.reliability(table, level="interval", sessions=sessions, groups=dyads)
    means = np.array(table).reshape(2, 4, 2).mean(axis=2)
    averaged = agreement.reliability(means, level="interval", groups=["d1", "d1", "d2", "d2"])
    for variant in ("between dyads(1)", "within dyads(k)"):
        one, other = (
            agreement.compute("generalizability", d, variant=variant, replicates=0) for d in (segmented, averaged)
        )
        assert (one.value, one.reason) == (other.value, other.reason)


def test_what_is_not_known_is_said() -> None:
    data = agreement.reliability([[1, 2, 4], [1, 3, 4]], level="interval")
    result = agreement.compute("generalizability", data, variant="within dyads(1)")
    assert (result.value, result.reason) == (None, "the dyad of each session is not known")
    one = agreement.reliability([[1, 2], [2, 3]], level="interval", sessions=["s1", "s1"])
    assert agreement.compute("generalizability", one).reason == (
        "there is one session; differences between sessions need two or more"
    )
    each = agreement.reliability([[1, 2], [2, 3]], level="interval", groups=["d1", "d2"])
    assert agreement.compute("generalizability", each, variant="within dyads(1)").reason == (
        "every dyad has one session, so there is no change within dyads"
    )


def test_an_interval_over_few_sessions_is_refused_or_wide() -> None:
    sessions = [f"s{i}" for i in range(4) for _ in range(6)]
    rng = np.random.default_rng(3)
    said = np.repeat(rng.normal(0, 2, 4), 6) + rng.normal(0, 0.5, 24)
    table = said + rng.normal(0, 0.5, (2, 24))
    few = agreement.compute(
        "generalizability", agreement.reliability(table, level="interval", sessions=sessions), variant="Phi(k)"
    )
    assert few.value is not None and few.low is not None and few.value - few.low > 0.1
    assert few.interval_method == "delete-one jackknife over sessions, t(3)"
    two = agreement.compute(
        "generalizability",
        agreement.reliability(table[:, :12], level="interval", sessions=sessions[:12]),
        variant="Phi(k)",
    )
    assert two.value is not None and two.low is None
    assert two.interval_reason == "2 sessions are too few for an interval over sessions"
