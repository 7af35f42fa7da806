"""Coefficients of parts: each pair, each rater against the others, each session."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from agreement_codes import some
from agreement_pictures import coding

import workbench.agreement as agreement
from workbench.agreement.by import against_others
from workbench.agreement.coefficients import coefficient

NAMES = ["anna", "ben", "cleo", "dora"]


def four(missing: float = 0.0, sessions: int = 0, units: int = 60) -> agreement.ReliabilityData:
    """Dora codes half of the units by chance."""
    rng = np.random.default_rng(4)
    said = some(3, units=units, missing=missing)
    chance = rng.random(units) < 0.5
    said[3, chance] = rng.integers(0, 4, chance.sum())
    named = [f"s{u % sessions:02d}" for u in range(units)] if sessions else None
    return agreement.reliability(said, level="ordinal", categories=range(4), raters=NAMES, sessions=named)


def test_each_pair_is_what_the_pair_alone_gives() -> None:
    data = four(missing=0.2)
    found = agreement.by(data, "pair", ["cohen_kappa", "krippendorff_alpha"])
    assert [r.settings["of"] for r in found[::2]] == [list(pair) for pair in combinations(NAMES, 2)]
    for result in found:
        alone = agreement.compute(result.id, data.only(*result.settings["of"]))
        assert (result.value, result.low, result.high) == (alone.value, alone.low, alone.high)


def test_the_rater_who_differs_is_seen() -> None:
    found = {r.settings["of"]: r for r in agreement.by(four(), "rater", ["krippendorff_alpha"])}
    assert min(found, key=lambda name: found[name].value or 0) == "dora"
    assert max(found, key=lambda name: found[name].details["without"]) == "dora"
    whole = agreement.compute("krippendorff_alpha", four(), replicates=0).value
    assert whole is not None and found["dora"].details["without"] > whole > found["anna"].details["without"]


def test_a_rater_beside_each_of_the_others_has_pairs_of_values_and_no_units_in_which_all_agree() -> None:
    titles = {r.title for r in agreement.by(four(), "rater", ["percent_agreement"], variant="unanimous")}
    assert titles == {"Percent agreement (pairs of values that agree)"}
    whole = agreement.compute("percent_agreement", four(), variant="unanimous")
    assert whole.title == "Percent agreement (units in which all agree)"


@pytest.mark.parametrize("variant", ["unweighted", "linear", "quadratic"])
def test_a_rater_against_the_others_is_that_of_schouten_1982(variant: str) -> None:
    """Derived apart: with complete data Σ(po − pe)/Σ(1 − pe) over the pairs of the rater."""
    data = four()
    for result in agreement.by(data, "rater", ["cohen_kappa"], variant=variant):
        rater = result.settings["of"]
        pairs = [agreement.compute("cohen_kappa", data.only(rater, o), variant=variant) for o in NAMES if o != rater]
        observed, chance = (sum(p.details[f"{k}_agreement"] for p in pairs) / 3 for k in ("observed", "chance"))
        assert result.value == pytest.approx((observed - chance) / (1 - chance), abs=1e-9)
        assert [o["value"] for o in result.details["by_other"]] == [p.value for p in pairs]


def test_two_raters_against_each_other_are_the_pair() -> None:
    data = four().only("anna", "ben")
    alone = agreement.compute("cohen_kappa", data)
    for result in agreement.by(data, "rater", ["cohen_kappa"]):
        assert result.value == pytest.approx(alone.value)
        assert "without" not in result.details


def test_the_counts_are_of_the_units_that_were_compared_not_of_the_pairs_of_values() -> None:
    data = four(missing=0.3)
    for result in agreement.by(data, "rater", ["gwet_ac2"]):
        mine = data.rated[NAMES.index(result.settings["of"])]
        assert (result.n_units, result.n_pairable) == (60, int((mine & data.pairable_units).sum()))
        assert result.raters == data.raters and result.missing == data.missing
        assert result.details["pairs_of_values"] == sum(o["units"] for o in result.details["by_other"])


def test_the_values_of_one_unit_are_not_taken_for_independent() -> None:
    """The interval draws whole units: near the one of bootstrap over units by hand, wider than over pairs."""
    data = four(units=80)
    result = agreement.by(data, "rater", ["percent_agreement"], of="anna")[0]
    assert result.interval_scope == "over units" and "bootstrap of units" in result.interval_method
    per_unit = (data.values[0] == data.values[1:]).mean(axis=0)
    error = per_unit.std(ddof=1) / np.sqrt(80)
    assert (result.high - result.low) / (2 * 1.99 * error) == pytest.approx(1, abs=0.06)  # type: ignore[operator]
    pooled = against_others(data, "anna")
    loose = agreement.compute("percent_agreement", agreement.reliability(pooled.values, level="nominal"))
    assert loose.high - loose.low < result.high - result.low  # type: ignore[operator]


def test_over_few_sessions_a_rater_has_the_interval_of_few_sessions() -> None:
    result = agreement.by(four(sessions=6), "rater", ["krippendorff_alpha"], of="ben")[0]
    assert result.interval_scope == "over sessions" and "jackknife, t(5)" in result.interval_method
    assert result.n_sessions == 6


def test_each_session_speaks_of_itself_alone() -> None:
    data = four(sessions=3)
    found = agreement.by(data, "session", ["krippendorff_alpha", "cohen_kappa"])
    assert [r.settings["of"] for r in found] == [s for s in ("s00", "s01", "s02") for _ in range(1 + 6)]
    for result in found:
        assert result.interval_scope == "within this session only"
        assert (result.n_units, result.n_sessions) == (20, 1)
    alone = agreement.compute("krippendorff_alpha", data.in_session("s01"))
    assert found[7].value == alone.value


def test_raters_who_did_not_rate_a_session_are_not_counted_in_it() -> None:
    said = [[1, 2, 1, None, None], [1, 2, 2, 1, 2], [None, None, None, 1, 2]]
    data = agreement.reliability(said, level="nominal", raters=["a", "b", "c"], sessions=["s", "s", "s", "t", "t"])
    first, second = agreement.by(data, "session", ["percent_agreement"])
    assert (first.raters, second.raters) == (("a", "b"), ("b", "c"))
    assert (first.value, second.value) == (pytest.approx(2 / 3), 1)


def test_a_coefficient_that_compares_more_than_pairs_of_values_says_so_and_shows_each_pair() -> None:
    data = agreement.reliability(four().values, level="interval")
    result = agreement.by(data, "rater", ["icc"])[0]
    assert result.value is None and "with each other rater" in str(result.reason)
    assert len(result.details["by_other"]) == 3 and all(o["value"] for o in result.details["by_other"])


@pytest.mark.parametrize("id", sorted(agreement.coefficients_found()))
@pytest.mark.parametrize("part", ["pair", "rater", "session"])
@pytest.mark.filterwarnings("error")
def test_every_coefficient_by_every_part_gives_a_value_or_a_reason(id: str, part: Any) -> None:
    level = next(lv for lv in ("nominal", "ordinal", "interval", "ratio") if lv in coefficient(id).levels)
    tables = [[[1, 2, 1]], [[1, 1], [1, 1]], [[1, None], [None, 2]], [[1, 2, 3]] * 3, [[1, 2, 2], [2, 1, 1], [1, 2, 1]]]
    for said in tables:
        sessions = ["s", "s", "t"][: len(said[0])]
        data = agreement.reliability(said, level=level, sessions=sessions, resample="units")
        for result in agreement.by(data, part, [id], replicates=20):
            assert (result.value is None) != (result.reason is None)
            assert (result.low is None) == (result.high is None)
            assert result.low is not None or result.interval_reason
            assert result.settings["by"] == part


def test_weights_go_to_the_coefficients_that_take_them() -> None:
    table = [[1, 0.5, 0, 0], [0.5, 1, 0.5, 0], [0, 0.5, 1, 0.5], [0, 0, 0.5, 1]]
    for part in ("pair", "rater"):
        found = agreement.by(four(), part, ["cohen_kappa", "percent_agreement"], weights=table, replicates=0)  # type: ignore[arg-type]
        assert [r.variant for r in found[:2]] == ["own", "pairs"]


def test_what_is_not_there_is_said() -> None:
    data = four()
    for part, how, said in [
        ("week", {}, "there are: pair, rater, session"),
        ("session", {}, "session of each unit is not known"),
        ("rater", {"of": "eva"}, "no rater 'eva'; there are: anna"),
        ("pair", {"of": "anna"}, "a pair is two raters"),
    ]:
        with pytest.raises(agreement.InputProblems, match=said):
            agreement.by(data, part, **how)  # type: ignore[arg-type]


def test_continua_are_told_apart_by_pair_alone() -> None:
    marked = pd.DataFrame(
        [("s", r, "a", start, start + 900) for r, start in [("x", 0), ("x", 4000), ("y", 100), ("z", 4100)]],
        columns=["session", "rater", "code", "start_ms", "end_ms"],
    )
    data = agreement.continua(marked, length_ms=6000)
    assert len(agreement.by(data, "pair", replicates=0)) == 3
    with pytest.raises(agreement.InputProblems, match="by pair, not by rater"):
        agreement.by(data, "rater")


def test_three_lines_give_each_part_of_a_table_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    data = four(sessions=3)
    rows = [
        f"{u},{s},{r},{int(data.values[i, u])}" for u, s in enumerate(data.sessions) for i, r in enumerate(data.raters)
    ]
    Path("mine.csv").write_text("unit,session,rater,value\n" + "\n".join(rows) + "\n")
    read = agreement.from_csv("mine.csv", level="ordinal", categories=[0, 1, 2, 3], session="session")
    for part in ("pair", "rater", "session"):
        for result in agreement.by(read, part, ["cohen_kappa", "gwet_ac1"], replicates=100)[::3]:  # type: ignore[arg-type]
            assert again(result) == (result.value, result.low, result.high)


def test_three_lines_give_each_part_of_codings_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    seen = agreement.Study(tuple(coding(r, line, s) for s in ("s1", "s2") for r, line in PICTURES.items()))
    agreement.events_frame(seen).to_csv("events.csv", index=False)
    data = agreement.units(seen, "bins", "rupture", bin_ms=1000)
    for part in ("pair", "rater", "session"):
        for result in agreement.by(data, part, ["cohen_kappa", "fleiss_kappa"], replicates=50):  # type: ignore[arg-type]
            assert again(result) == (result.value, result.low, result.high)


PICTURES = {"anna": "r..r...r..r.", "ben": "r..r..r...r.", "cleo": ".r.r...r..rr"}


def again(result: agreement.Result) -> tuple[float | None, float | None, float | None]:
    names: dict[str, Any] = {}
    *before, last = agreement.same_in_python(result).strip().splitlines()
    exec("\n".join([*before, f"again = {last}"]), names)
    return names["again"].value, names["again"].low, names["again"].high


def test_within_one_session_a_rater_s_interval_draws_distinct_units_as_if_the_others_were_one() -> None:
    """A unit stands beside each of seven others; drawn as if these were seven units, the interval is half as wide."""
    rng = np.random.default_rng(3)
    true = rng.integers(0, 2, 60)
    said = np.array([np.where(rng.random(60) < 0.8, true, 1 - true) for _ in range(8)]).astype(float)
    data = agreement.reliability(said, level="nominal", sessions=["s"] * 60)
    for id in ("cohen_kappa", "krippendorff_alpha", "percent_agreement"):
        within = agreement.by(data, "rater", [id], of="rater 1")[0]
        loose = agreement.by(agreement.reliability(said, level="nominal"), "rater", [id], of="rater 1")[0]
        assert within.interval_scope == "within this session only"
        assert "blocks of 4 units" in within.interval_method  # of 60 units, not of 420 pairs
        assert (within.high - within.low) / (loose.high - loose.low) == pytest.approx(1, abs=0.15)  # type: ignore[operator]


def test_the_notes_of_the_data_are_not_reworded_where_units_are_what_is_drawn() -> None:
    data = replace(four(), notes=("3 sessions of the study had no window.",))
    (result,) = agreement.by(data, "rater", ["percent_agreement"], of="anna")
    assert "3 sessions of the study had no window." in result.notes
    few = replace(four(units=12), notes=())
    (result,) = agreement.by(few, "rater", ["percent_agreement"], of="anna")
    assert result.interval_method == "Bayesian bootstrap of units, corrected for bias and skewness"
    assert result.notes == ("Only 12 pairable units: the interval is rough there.",)
