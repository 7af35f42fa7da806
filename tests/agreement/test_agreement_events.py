"""Events linked by overlap, and κ of a table in which both raters cannot have coded nothing."""

from __future__ import annotations

import dataclasses
import json
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from agreement_pictures import coded, coding, said, state, study
from hypothesis import given, settings
from hypothesis import strategies as st

import workbench.agreement as agreement
from workbench.agreement import ALL_CODES, NOTHING
from workbench.agreement.coefficients import _structural_zero
from workbench.agreement.units import _cells, _pairs, linked
from workbench.model.coding import Event
from workbench.model.span import TimeSpan

R = json.loads((Path(__file__).parents[1] / "fixtures" / "agreement_events.json").read_text(encoding="utf-8"))

REFERENCES = {
    "easydiag_kappa": "test_rein_holle_2014_manual_of_easydiag_figures_9_11_and_12",
    "alignment_kappa": "test_kappa_with_a_structural_zero_is_that_of_r",
}


def with_nil(data: agreement.ReliabilityData) -> agreement.ReliabilityData:
    return dataclasses.replace(data, nil=NOTHING)


# Rein & Holle (2014), EasyDIAg Manual 1.0.0, figure 11 (in github.com/PLAY-behaviorome/EasyDIAg)
FIGURE_11 = [
    [122, 10, 4, 6, 0, 4, 11],
    [0, 12, 0, 4, 4, 0, 10],
    [2, 0, 34, 0, 0, 2, 3],
    [0, 0, 0, 6, 0, 0, 0],
    [0, 0, 0, 0, 38, 4, 6],
    [2, 2, 2, 0, 0, 6, 3],
    [13, 7, 4, 2, 10, 5, 0],
]
# figure 9: κ, positive agreement, κmax, raw agreement of each type
FIGURE_9 = {
    "A1": (0.69, 0.82, 0.8921, 0.85),
    "A2": (0.33, 0.39, 0.9820, 0.89),
    "A3": (0.77, 0.80, 0.9596, 0.95),
    "A4": (0.49, 0.50, 0.4863, 0.96),
    "A5": (0.72, 0.76, 0.9531, 0.93),
    "A6": (0.30, 0.33, 0.8242, 0.93),
}


def events_of(table: list[list[int]]) -> agreement.Study:
    """Two codings whose events, linked by overlap, give this table; the last row and column stand for no match."""
    sides: tuple[list[Event], list[Event]] = ([], [])
    at, none = 0, len(table) - 1
    for (i, row), j in product(enumerate(table), range(len(table))):
        for _ in range(row[j] // 2 if none not in (i, j) else row[j]):
            for side, code in zip(sides, (i, j), strict=True):
                if code != none:
                    start = at + (200 if side is sides[1] else 0)
                    side.append(Event(f"{at}", f"A{code + 1}", start, start + 1000))
            at += 2000
    window = (TimeSpan(0, at + 1),)
    return agreement.Study(
        tuple(agreement.RaterCoding("s", r, tuple(e), windows=window) for r, e in zip("ab", sides, strict=True))
    )


def test_rein_holle_2014_manual_of_easydiag_figures_9_11_and_12() -> None:
    s = events_of(FIGURE_11)
    found = agreement.compute("easydiag_kappa", agreement.units(s, "linked", ALL_CODES), replicates=0)
    assert found.details["categories"] == ["A1", "A2", "A3", "A4", "A5", "A6", NOTHING]
    assert found.details["confusion"] == FIGURE_11
    assert round(found.value or 0, 2) == 0.53
    printed = {"linked_share": 0.78, "observed_agreement": 0.64, "kappa_max_as_easydiag": 0.9}
    printed |= {"observed_agreement_of_linked": 0.83, "kappa_of_linked": 0.74, "kappa_max_of_linked": 0.89}
    assert {name: round(found.details[name], 2) for name in printed} == printed
    for one in agreement.per_code(s, "linked", coefficients=["easydiag_kappa"], replicates=0):
        kappa, _, kappa_max, raw = FIGURE_9[one.settings["what"]]
        assert round(one.value or 0, 2) == kappa
        assert round(one.details["kappa_max"], 4) == kappa_max
        assert round(one.details["observed_agreement"], 2) == raw


def best_with_a_structural_zero(row: list[int], column: list[int]) -> int:
    """The most agreements of any 3 × 3 table with these margins and nothing in its last cell, by trying all of them."""
    best = -1
    for a, b, c, d in product(range(max(row) + 1), repeat=4):
        rest = (row[0] - a - b, row[1] - c - d, column[0] - a - c, column[1] - b - d)
        if min(rest) >= 0 and row[2] == rest[2] + rest[3]:
            best = max(best, a + d)
    return best


@pytest.mark.parametrize(
    "margins",
    [([3, 2, 2], [2, 3, 2]), ([4, 1, 3], [1, 3, 4]), ([2, 2, 3], [2, 2, 3]), ([1, 4, 1], [3, 2, 1])],
)  # fmt: skip
def test_the_largest_kappa_is_one_that_a_table_without_the_impossible_cell_can_reach(
    margins: tuple[list[int], list[int]],
) -> None:
    row, column = margins
    first = np.repeat(np.arange(3.0), row)
    second = np.repeat(np.arange(3.0), column)[::-1]
    table = _structural_zero.Tallies(first, second, ("A", "B", NOTHING), True)
    details = _structural_zero.details(table)
    most = best_with_a_structural_zero(row, column) / sum(row)
    chance = details["chance_agreement"]
    assert details["kappa_max"] == pytest.approx((most - chance) / (1 - chance))


def test_where_all_linked_events_agree_kappa_is_the_largest_that_these_margins_allow() -> None:
    """Ten linked, all of them alike, and ten of each rater alone: nobody could agree on more."""
    alone = ["A", "B"] * 5
    said = [[*alone, *alone, *[NOTHING] * 10], [*alone, *[NOTHING] * 10, *alone]]
    data = agreement.reliability(said, level="nominal", categories=["A", "B", NOTHING])
    data = dataclasses.replace(data, nil=NOTHING)
    for id in ("alignment_kappa", "easydiag_kappa"):
        found = agreement.compute(id, data, replicates=0)
        assert found.value == pytest.approx(0.2) == found.details["kappa_max"]
    assert found.details["kappa_max_as_easydiag"] == 1.0
    assert "kappa_max_as_easydiag" not in agreement.compute("alignment_kappa", data, replicates=0).details


@pytest.mark.parametrize("case", [k for k in R if k not in ("software", "source")])
def test_kappa_with_a_structural_zero_is_that_of_r(case: str) -> None:
    table, k = R[case]["table"], len(R[case]["table"])
    names = [*(f"A{i}" for i in range(k - 1)), NOTHING]
    pairs = [(names[i], names[j]) for i in range(k) for j in range(k) for _ in range(table[i][j])]
    data = agreement.reliability([list(side) for side in zip(*pairs, strict=True)], level="nominal")
    found = [agreement.compute(id, with_nil(data), replicates=0) for id in ("alignment_kappa", "easydiag_kappa")]
    assert [r.value for r in found] == pytest.approx([R[case]["kappa"]] * 2, abs=1e-9)
    assert found[0].details["chance_agreement"] == pytest.approx(R[case]["chance"], abs=1e-9)


def test_a_negative_kappa_stays_negative_where_easydiag_shows_0() -> None:
    assert R["opposite"]["kappa"] < -0.2  # compared with ours above


def test_events_are_linked_from_60_percent_of_the_longer_one_on() -> None:
    enough = coded([state("x", 0, 10)], [state("x", 4, 14)])  # 6 of 10 s
    too_little = coded([state("x", 0, 10)], [state("x", 4.1, 14)])
    contained = coded([state("x", 0, 10)], [state("x", 3, 8)])  # all of the shorter one, half of the longer
    assert said(agreement.units(enough, "linked", ALL_CODES)) == [("x", "x")] * 2
    alone = [("x", NOTHING), (NOTHING, "x")]
    assert said(agreement.units(too_little, "linked", ALL_CODES)) == alone
    assert said(agreement.units(contained, "linked", ALL_CODES)) == alone


def test_the_largest_overlap_is_linked_first_whatever_the_code_and_each_event_once() -> None:
    a = [state("x", 0, 10)]
    b = [state("x", 0, 7), state("y", 1, 11)]
    assert said(agreement.units(coded(a, b), "linked", ALL_CODES)) == [("x", "y"), ("x", "y"), (NOTHING, "x")]
    for code, other in ("xy", "yx"):
        same = [state(other, 0, 10), state(code, 0, 10)]
        data = agreement.units(coded([state(code, 0, 10)], same), "linked", ALL_CODES)
        assert said(data) == [(code, code), (code, code), (NOTHING, other)]


def test_codes_of_one_tier_can_be_linked_by_themselves() -> None:
    a = [state("x", 0, 10)]
    b = [state("x", 2, 12), state("y", 1, 11)]
    data = agreement.units(coded(a, b), "linked", ALL_CODES, among=["x"])
    assert said(data) == [("x", "x")] * 2
    assert data.settings["among"] == ["x"]
    with pytest.raises(agreement.InputProblems, match="not among"):
        agreement.units(coded(a, b), "linked", "y", among=["x"])


def test_what_cannot_be_linked_is_counted() -> None:
    one = coding("a", "r" + "." * 19 + "r", windows=(TimeSpan(0, 20_000),))
    other = agreement.RaterCoding(
        "s1", "b", (state("rupture", 1, 3), state("rupture", 6, 8)), windows=(TimeSpan(0, 20_000),),
        not_observable=(TimeSpan(5_000, 7_000),),
    )  # fmt: skip
    data = agreement.units(agreement.Study((one, other)), "linked", ALL_CODES)
    assert data.excluded == {linked.POINTS: 1, _pairs.DARK: 1, _cells.OUTSIDE: 1}


@pytest.mark.parametrize("overlap", [0.5, 0, 1.01])
def test_an_overlap_that_could_link_one_event_twice_is_refused(overlap: float) -> None:
    with pytest.raises(agreement.InputProblems, match=r"above 0\.5"):
        agreement.units(coded([], []), "linked", ALL_CODES, overlap=overlap)


def test_one_code_and_nothing_is_undefined_because_chance_alone_fills_the_table() -> None:
    data = agreement.units(coded([state("x", 0, 10)], [state("x", 0, 10), state("x", 20, 30)]), "linked", ALL_CODES)
    found = agreement.compute("easydiag_kappa", data)
    assert found.value is None and "only one code occurs (x)" in str(found.reason)


def test_raters_who_never_saw_the_same_event_have_0_and_a_note() -> None:
    s = coded([state("x", 0, 10), state("y", 20, 30)], [state("x", 40, 50), state("y", 60, 70)])
    found = agreement.compute("easydiag_kappa", agreement.units(s, "linked", ALL_CODES))
    assert (found.value, found.details["linked_share"]) == (0, 0)
    assert any("nothing was agreed on" in n for n in found.notes)


def test_a_rater_without_events_is_named() -> None:
    data = agreement.units(coded([], [state("x", 0, 10), state("y", 20, 30)]), "linked", ALL_CODES)
    assert agreement.compute("easydiag_kappa", data).reason == (
        "rater a coded nothing in these units, so no event could be linked"
    )


def test_with_three_raters_every_pair_is_put_side_by_side_by_itself() -> None:
    s = coded([state("x", 0, 10)], [state("x", 1, 11)], [state("y", 50, 60)])
    data = agreement.units(s, "linked", ALL_CODES)
    assert data.to_frame().replace({np.nan: None}).values.tolist() == [
        ["x", "x", None],
        ["x", "x", None],
        ["x", None, NOTHING],
        [NOTHING, None, "y"],
        [None, "x", NOTHING],
        [None, NOTHING, "y"],
    ]
    assert data.missing == 0
    assert said(data.only("a", "b")) == [("x", "x")] * 2
    assert (data.only("a", "b").missing, data.only("b", "a").starts) == (0, (0, 0))


def test_a_coefficient_refuses_units_that_are_not_its_own() -> None:
    s = study("r..w", "r..w")
    for id, way in [("easydiag_kappa", "sequence"), ("alignment_kappa", "bins"), ("time_unit_kappa", "linked")]:
        assert f"“{way}”" in str(agreement.compute(id, agreement.units(s, way, ALL_CODES)).reason)


@settings(max_examples=200, deadline=None)
@given(
    said=st.lists(
        st.tuples(*[st.sampled_from(["x", "y", "z", NOTHING])] * 2).filter(lambda pair: pair != (NOTHING, NOTHING)),
        max_size=12,
    ),
    sessions=st.sampled_from([0, 1, 3]),
)
@pytest.mark.filterwarnings("error")
def test_any_table_with_a_structural_zero_has_a_value_or_a_reason(said: list[tuple[str, str]], sessions: int) -> None:
    rows = [list(side) for side in zip(*said, strict=True)] if said else [[], []]
    names = [f"s{u % sessions}" for u in range(len(said))] if sessions else None
    data = with_nil(agreement.reliability(rows, level="nominal", sessions=names))
    turned = with_nil(agreement.reliability(rows[::-1], level="nominal", sessions=names))
    for id in ("alignment_kappa", "easydiag_kappa"):
        found = agreement.compute(id, data, replicates=30)
        assert (found.value is None) != (found.reason is None)
        json.dumps(found.to_dict(), allow_nan=False)
        if found.value is not None:
            assert -1 <= found.value <= 1
        assert agreement.compute(id, turned, replicates=0).value == found.value
