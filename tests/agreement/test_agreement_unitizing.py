"""Krippendorff's α for unitizing, and the continua that it is computed from.

No copy of Krippendorff, Mathet, Bouvry & Widlöcher (2016) could be read here. The family is therefore
derived a second time in `by_atoms`, from what the equations count: pairs of milliseconds, none within one
unit. Its values, and those of an implementation that follows the paper equation by equation
(github.com/lindanna/unitized_alpha), stand in the tests.
"""

from __future__ import annotations

import itertools
import json
import random
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest

import workbench.agreement as agreement
from workbench import registry
from workbench.agreement import RaterCoding, Study
from workbench.agreement.coefficients.unitizing_alpha import cut
from workbench.model.coding import Event
from workbench.model.span import TimeSpan

REFERENCES = {"unitizing_alpha": "test_the_family_is_what_chance_pairs_of_milliseconds_give"}
Units = list[tuple[int, int, str]]
GAP = "."


def drawn(line: str) -> Units:
    """Units from a line: one character is one millisecond, a run of a letter one unit, a dot a gap; each
    capital begins another unit of the same code (`aaAaa`: two units of a)."""
    units: Units = []
    for at, c in enumerate(line):
        if c == GAP:
            continue
        if units and units[-1][1] == at and units[-1][2] == c.lower() and not c.isupper():
            units[-1] = (units[-1][0], at + 1, c.lower())
        else:
            units.append((at, at + 1, c.lower()))
    return units


def lines(*of_raters: str) -> agreement.Continua:
    return agreement.continua(
        {"vwxyz"[i]: drawn(line) for i, line in enumerate(of_raters)}, length_ms=len(of_raters[0])
    )


def alphas(data: agreement.Continua) -> dict[str, float | None]:
    return {r.variant: r.value for r in agreement.compute_all(["unitizing_alpha"], data, replicates=0)}


def by_atoms(of_raters: list[Units], length: int) -> dict[str, float]:
    """The family from its definition. An atom is one millisecond of one rater: (rater, unit, value); atoms
    in a gap are units of their own."""
    m = len(of_raters)
    atoms: list[list[tuple[int, object, str]]] = []
    for r, units in enumerate(of_raters):
        row: list[tuple[int, object, str]] = [(r, ("gap", t), GAP) for t in range(length)]
        for u, (start, end, code) in enumerate(units):
            row[start:end] = [(r, u, code)] * (end - start)
        atoms.append(row)
    observed: Counter[tuple[str, str]] = Counter()
    for i, j in itertools.permutations(range(m), 2):
        for a, b in zip(atoms[i], atoms[j], strict=True):
            observed[a[2], b[2]] += 1 / (m - 1)  # type: ignore[assignment]
    expected: Counter[tuple[str, str]] = Counter()
    every = [atom for row in atoms for atom in row]
    for a in every:
        for b in every:
            expected[a[2], b[2]] += (a[0], a[1]) != (b[0], b[1])
    # atoms that stand opposite a unit of rater j, for each j apart: (weight, atom)
    facing = [
        (1 / (m - 1), a, j)
        for i, j in itertools.permutations(range(m), 2)
        for a, b in zip(atoms[i], atoms[j], strict=True)
        if GAP not in (a[2], b[2])
    ]
    coding: Counter[tuple[str, str]] = Counter()
    for w, a, j in facing:
        for v, b, k in facing:
            coding[a[2], b[2]] += w * v  # type: ignore[assignment]
            if (a[0], a[1]) == (b[0], b[1]) and j == k:
                coding[a[2], b[2]] -= w  # type: ignore[assignment]

    def one_minus(do: float, of_do: float, de: float, of_de: float) -> float:
        return 1 - (do / of_do) / (de / of_de)

    def off(table: Counter[tuple[str, str]]) -> float:
        return sum(n for (c, k), n in table.items() if c != k)

    binary = Counter[tuple[bool, bool]]()
    by_chance = Counter[tuple[bool, bool]]()
    for into, table in ((binary, observed), (by_chance, expected)):
        for (c, k), n in table.items():
            into[c == GAP, k == GAP] += n
    seen, chance = sum(observed.values()), sum(expected.values())
    out = {
        "u_alpha": one_minus(off(observed), seen, off(expected), chance),
        "|u_alpha": one_minus(binary[True, False], seen, by_chance[True, False], chance),
    }
    coded = Counter({p: n for p, n in observed.items() if GAP not in p})
    out["cu_alpha"] = one_minus(off(coded), sum(coded.values()), off(coding), sum(coding.values()))
    for code in sorted({c for c, _ in coded}):
        row = [Counter({k: n for (c, k), n in table.items() if c == code}) for table in (coded, coding)]
        here, there = (sum(r.values()) for r in row)
        out[f"({code})u_alpha"] = one_minus(here - row[0][code], here, there - row[1][code], there)
    return out


TWO = ("aaaa..bbbb....cc..aaaaAAA", "aaaaa..bbb..cccc...bbbb..")
THREE = ("aaaa..bbbb....cc..aaa", "aaaaa..bbb..cccc...bb", "..aa...bbbBBB.cc.....")
FOUR = (*THREE, "aaa......b.....aaaaaa")


@pytest.mark.parametrize("case", [TWO, THREE, FOUR])
def test_the_family_is_what_chance_pairs_of_milliseconds_give(case: tuple[str, ...]) -> None:
    assert alphas(lines(*case)) == pytest.approx(by_atoms([drawn(line) for line in case], len(case[0])), abs=1e-11)


@pytest.mark.parametrize("raters", [2, 3, 5])
def test_random_continua_give_what_chance_pairs_of_milliseconds_give(raters: int) -> None:
    rng = random.Random(raters)
    for _ in range(5):
        case = ["".join(rng.choice("aAbBc..") * rng.randint(1, 6) for _ in range(20))[:40] for _ in range(raters)]
        expected = dict.fromkeys(alphas(lines(*case))) | by_atoms([drawn(x) for x in case], 40)
        assert alphas(lines(*case)) == pytest.approx(expected, abs=1e-11)


@pytest.mark.parametrize(
    ("case", "values"),
    [
        (TWO, [0.42197997775, 0.41055258467, 0.56213017751, 0.46428571429, 0.435, 1.0]),
        (THREE, [0.45959390404, 0.30594330594, 0.84198174707, 0.84894698620, 0.78626289225, 0.90623577606]),
        (FOUR, [0.31413676122, 0.17106620298, 0.73223691690, 0.71320233159, 0.76369938935, 0.71527777778]),
    ],
)
def test_the_family_has_the_values_of_another_implementation(case: tuple[str, ...], values: list[float]) -> None:
    found = agreement.compute_all(["unitizing_alpha"], lines(*case), replicates=0)
    assert [r.variant for r in found] == ["u_alpha", "|u_alpha", "cu_alpha", "(a)u_alpha", "(b)u_alpha", "(c)u_alpha"]
    assert [r.value for r in found] == pytest.approx(values, abs=1e-10)


def test_coverage_says_how_much_of_the_continuum_and_of_a_code_was_compared() -> None:
    found = {r.variant: r.details for r in agreement.compute_all(["unitizing_alpha"], lines(*TWO), replicates=0)}
    assert [found[v]["coverage"] for v in ("cu_alpha", "(a)u_alpha", "(c)u_alpha")] == [
        0.52,
        0.75,
        pytest.approx(2 / 3),
    ]


def test_one_code_has_one_member_of_the_family() -> None:
    data = lines("..aaaa...aa..", ".aaaa....aa..")
    assert list(alphas(data)) == ["u_alpha"]
    binary, coding = (agreement.compute("unitizing_alpha", data, variant=v) for v in ("|u_alpha", "cu_alpha"))
    assert binary.value == alphas(data)["u_alpha"]
    assert coding.value is None and "variation of codes" in str(coding.reason)


def test_a_code_that_there_is_not_lists_the_forms_that_there_are() -> None:
    with pytest.raises(registry.UnknownName, match=r"\(a\)u_alpha"):
        agreement.compute("unitizing_alpha", lines(*TWO), variant="(x)u_alpha")


def test_raters_sessions_and_codes_can_be_reordered_and_renamed() -> None:
    rng = random.Random(1)
    codings = {(s, r): drawn(rng.choice((*THREE, *TWO))) for s in "pqr" for r in "xyz"}
    rows = [
        {"session": s, "rater": r, "start_ms": a, "end_ms": b, "code": c}
        for (s, r), u in codings.items()
        for a, b, c in u
    ]
    renamed = {"a": "repair", "b": "alliance", "c": "rupture"}
    others = [row | {"session": "zyx"["pqr".index(str(row["session"]))], "rater": f"n{row['rater']}"} for row in rows]
    others = [row | {"code": renamed[str(row["code"])]} for row in reversed(others)]
    before = agreement.compute_all(["unitizing_alpha"], agreement.continua(pd.DataFrame(rows), length_ms=25))
    after = agreement.compute_all(["unitizing_alpha"], agreement.continua(pd.DataFrame(others), length_ms=25))
    assert {(r.value, r.low, r.high) for r in before} == {(r.value, r.low, r.high) for r in after}
    assert before[0].low is not None


def test_perfect_agreement_is_one_and_has_no_interval() -> None:
    for result in agreement.compute_all(["unitizing_alpha"], lines("aa..bbb..aab", "aa..bbb..aab", "aa..bbb..aab")):
        assert result.value == 1
        assert result.low is None


def test_systematic_disagreement_is_negative() -> None:
    swapped = alphas(lines("aaabbb..", "bbbaaa.."))
    assert [swapped[v] for v in ("|u_alpha", "cu_alpha", "(a)u_alpha", "(b)u_alpha")] == [1, -0.5, -0.5, -0.5]
    binary = agreement.compute("unitizing_alpha", lines("a.a.a.a.", ".a.a.a.a")).value
    assert binary is not None and binary < 0


def test_sessions_add_up_as_if_they_stood_one_behind_the_other() -> None:
    behind = {r: drawn(f"{a}.{b}") for r, a, b in zip("xy", TWO, THREE[:2], strict=True)}
    one = agreement.continua(behind, length_ms=47)
    rows = [
        {"session": s, "rater": r, "start_ms": a, "end_ms": b, "code": c}
        for s, case in (("s1", TWO), ("s2", THREE))
        for r, line in zip("xy", case[:2], strict=True)
        for a, b, c in drawn(line)
    ]
    two = agreement.continua(pd.DataFrame(rows), length_ms={"s1": 26, "s2": 21})
    assert alphas(one) == alphas(two)


def test_a_session_that_one_rater_did_not_code_counts_for_the_others() -> None:
    rows = [
        {"session": s, "rater": r, "start_ms": a, "end_ms": b, "code": c}
        for s, raters in (("s1", "xyz"), ("s2", "xy"), ("s3", "z"))
        for r, line in zip(raters, THREE, strict=False)
        for a, b, c in drawn(line)
    ]
    result = agreement.compute("unitizing_alpha", agreement.continua(pd.DataFrame(rows), length_ms=21))
    assert (result.n_sessions, result.missing, result.n_units, result.n_pairable) == (2, 3, 26, 22)
    assert result.missing_share == pytest.approx(3 / 9)
    both, first = (
        cut(agreement.continua({"xyz"[i]: drawn(line) for i, line in enumerate(THREE[:n])}, length_ms=21)).sums.sum(
            axis=0
        )
        for n in (2, 3)
    )
    assert cut(agreement.continua(pd.DataFrame(rows), length_ms=21)).sums.sum(axis=0) == pytest.approx(both + first)


def test_units_of_one_rater_that_overlap_are_refused_and_named() -> None:
    data = agreement.continua({"x": [(0, 10, "a"), (8, 12, "b")], "y": [(0, 10, "a")]}, length_ms=20)
    (result,) = agreement.compute_all(["unitizing_alpha"], data)
    assert result.value is None
    assert "rater x overlap in session session 1 (a and b at 0:00)" in str(result.reason)


def events(*spans: tuple[int, int | None, str]) -> tuple[Event, ...]:
    return tuple(Event(f"{at}{code}{start}", code, start, end) for at, (start, end, code) in enumerate(spans))


def two_raters(a: tuple[Event, ...], b: tuple[Event, ...], **fields: object) -> Study:
    shared: dict[str, object] = {"windows": (TimeSpan(0, 60_000),)} | fields
    return Study(tuple(RaterCoding("s1", r, e, **shared) for r, e in (("anna", a), ("ben", b))))  # type: ignore[arg-type]


def test_codings_become_continua_and_what_was_left_out_is_counted() -> None:
    study = two_raters(
        events((1000, 5000, "bond"), (4000, 8000, "bond"), (9000, None, "bond"), (58_000, 63_000, "goal")),
        events((1000, 8000, "bond"), (61_000, 62_000, "goal")),
        not_observable=(TimeSpan(10_000, 20_000),),
    )
    data = agreement.units(study, "continua", agreement.ALL_CODES)
    assert [[(u.start_ms, u.end_ms, u.code) for u in row[0] or ()] for row in data.marked] == [
        [(1000, 8000, "bond"), (58_000, 60_000, "goal")],
        [(1000, 8000, "bond")],
    ]
    assert data.observed == ((TimeSpan(0, 10_000), TimeSpan(20_000, 60_000)),)
    assert data.excluded == {
        "events without length, which are no units of a continuum": 1,
        "seconds that could not be observed": 10,
        "units outside of what was observed": 1,
    }
    assert len(data.notes) == 2
    assert data.settings["window_ms"] == 50_000


def test_time_that_could_not_be_observed_is_taken_out_of_the_continuum() -> None:
    dark = two_raters(
        events((5000, 40_000, "bond")), events((5000, 9000, "bond")), not_observable=(TimeSpan(10_000, 30_000),)
    )
    short = two_raters(events((5000, 20_000, "bond")), events((5000, 9000, "bond")), windows=(TimeSpan(0, 40_000),))
    one, other = (agreement.units(s, "continua", "bond") for s in (dark, short))
    assert alphas(one) == alphas(other)
    assert one.observed_ms == other.observed_ms == 40_000


def test_nobody_saw_anything_is_undefined_not_perfect() -> None:
    result = agreement.per_code(two_raters((), ()), "continua", ["bond"])[0]
    assert result.value is None and "nobody marked a unit" in str(result.reason)


def test_each_code_and_all_codes_at_once_come_from_one_study() -> None:
    study = two_raters(
        events((0, 9000, "bond"), (9000, 20_000, "goal")), events((1000, 9000, "bond"), (9000, 21_000, "goal"))
    )
    found = agreement.per_code(study, "continua", [agreement.ALL_CODES, "bond", "goal"], all_variants=True)
    assert [(r.settings["what"], r.variant) for r in found] == [
        (agreement.ALL_CODES, "u_alpha"),
        (agreement.ALL_CODES, "|u_alpha"),
        (agreement.ALL_CODES, "cu_alpha"),
        (agreement.ALL_CODES, "(bond)u_alpha"),
        (agreement.ALL_CODES, "(goal)u_alpha"),
        ("bond", "u_alpha"),
        ("goal", "u_alpha"),
    ]
    assert all(r.value is not None and 0.8 < r.value <= 1 for r in found)
    (one_tier,) = agreement.per_code(study, "continua", [agreement.ALL_CODES], among=["goal"])
    assert one_tier.value == found[-1].value


def test_who_did_it_can_be_what_is_compared_within_units() -> None:
    def said(start: int, end: int, who: str) -> Event:
        return Event(f"{start}{who}", "bond", start, end, who=who)

    study = two_raters((said(0, 9000, "patient"), said(9000, 20_000, "provider")), (said(0, 20_000, "patient"),))
    data = agreement.units(study, "continua", "bond", compare="who")
    assert data.categories == ("patient", "provider")
    assert data.settings["compare"] == "who"


def many(sessions: int, seed: int = 3) -> agreement.Continua:
    rng = random.Random(seed)
    rows = []
    for s in range(sessions):
        for start in range(0, 1000, 100):
            true = rng.choice("ab")
            for r in "xyz":
                begin = start + rng.randint(0, 20)
                code = true if rng.random() < 0.8 else rng.choice("ab")
                rows.append((f"{s:02}", r, begin, begin + rng.randint(30, 60), code))
    table = pd.DataFrame(rows, columns=["session", "rater", "start_ms", "end_ms", "code"])
    return agreement.continua(table, length_ms=1000)


@pytest.mark.parametrize(
    ("sessions", "scope", "method"),
    [
        (1, "within this session only", "circular block bootstrap"),
        (5, "over sessions", "delete-one-session jackknife"),
        (40, "over sessions", "bootstrap of sessions"),
    ],
)
def test_intervals_draw_sessions_or_within_one_session_pieces_that_no_unit_crosses(
    sessions: int, scope: str, method: str
) -> None:
    for result in agreement.compute_all(["unitizing_alpha"], many(sessions), replicates=500):
        assert result.value is not None and result.low is not None and result.high is not None
        assert result.low < result.value < result.high
        assert result.interval_scope == scope and result.interval_method.startswith(method)
        assert 0 <= result.details["p_below_0.667"] <= result.details["p_below_0.800"] <= 1


def test_pieces_are_cut_where_no_unit_goes_on_and_add_up_to_the_whole() -> None:
    pieces = cut(lines("..aaa..bb.aA.", "...aaa..bb.aA"))
    assert len(pieces.sums) == 5  # aaa, bb, the second's gap beside a, A beside a, the gap beside A
    assert pieces.sums[:, :3].sum() == 26  # all milliseconds of both raters, gaps and codes
    assert [len(cut(lines("aabb", other)).sums) for other in ("aabb", "abbb")] == [2, 1]


def test_the_same_value_comes_from_the_exported_tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    study = two_raters(
        events((0, 9000, "bond"), (9500, 20_000, "goal")), events((1000, 9000, "bond"), (9000, 21_000, "goal"))
    )
    own = many(4)
    agreement.events_frame(study).to_csv(tmp_path / "events.csv", index=False)
    own.to_frame().to_csv(tmp_path / "continua.csv", index=False)
    monkeypatch.chdir(tmp_path)
    found = agreement.per_code(study, "continua", [agreement.ALL_CODES, "goal"], all_variants=True)
    found += agreement.compute_all(["unitizing_alpha"], own) + agreement.compute_all(
        ["unitizing_alpha"], own.only("x", "z")
    )
    for result in found:
        *read, last = agreement.same_in_python(result).strip().splitlines()
        names: dict[str, object] = {}
        exec("\n".join(read), names)
        assert eval(last, names).to_dict() == result.to_dict()
        json.dumps(result.to_dict(), allow_nan=False)


def test_a_table_of_continua_is_refused_with_every_problem_named() -> None:
    table = pd.DataFrame(
        {"rater": ["x", "x", "y"], "start_ms": [5, 3, 0], "end_ms": [4, 30, 2], "code": ["a", "a", "z"]},
    )
    with pytest.raises(agreement.InputProblems) as error:
        agreement.continua(table, length_ms=20, categories=["a"])
    assert len(error.value.problems) == 3
    for wrong in ("soon", None, 1.5, float("nan"), -3):
        with pytest.raises(agreement.InputProblems, match="rater x, a: expected whole milliseconds"):
            agreement.continua({"x": [(wrong, 9, "a")]}, length_ms=20)  # type: ignore[list-item]
    with pytest.raises(agreement.InputProblems, match="no column code"):
        agreement.continua(table[["rater", "start_ms", "end_ms"]], length_ms=20)
