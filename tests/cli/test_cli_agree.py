"""`workbench agree` on tables that are in order and on tables that are not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.running import Ran

Run = Callable[..., Ran]

# Krippendorff (2011), Computing Krippendorff's Alpha-Reliability, section C: 4 observers, 12 units, α nominal .743
NOMINAL = """
unit,A,B,C,D
1,1,1,,1
2,2,2,3,2
3,3,3,3,3
4,3,3,3,3
5,2,2,2,2
6,1,2,3,4
7,4,4,4,4
8,1,1,2,1
9,2,2,2,2
10,,5,5,5
11,,,1,1
12,,,3,
"""


@pytest.fixture
def csv(tmp_path: Path) -> Callable[[str], Path]:
    def write(text: str, name: str = "table.csv") -> Path:
        file = tmp_path / name
        file.write_text(text.strip() + "\n", encoding="utf-8")
        return file

    return write


def long_of(wide: str) -> str:
    header, *rows = [line.split(",") for line in wide.strip().splitlines()]
    cells = [(row[0], who, value) for row in rows for who, value in zip(header[1:], row[1:], strict=True)]
    return "\n".join(["clip,who,said", *(",".join(c) for c in cells)])


def test_krippendorff_2011_in_a_wide_table(run: Run, csv: Callable[..., Path]) -> None:
    ran = run("agree", csv(NOMINAL), "--level", "nominal", "--coefficients", "krippendorff_alpha", "--json")
    (alpha,) = ran.json
    assert ran.status == 0 and alpha["id"] == "krippendorff_alpha" and round(alpha["value"], 3) == 0.743
    assert (alpha["n_units"], alpha["n_pairable"], alpha["level"], alpha["reason"]) == (12, 11, "nominal", None)
    assert alpha["low"] < alpha["value"] < alpha["high"] and alpha["settings"]["source"] == "table.csv"


def test_the_same_numbers_from_a_long_table(run: Run, csv: Callable[..., Path]) -> None:
    file = csv(long_of(NOMINAL))
    ran = run("agree", file, "--unit", "clip", "--rater", "who", "--value", "said", "--replicates", "0", "--json")
    assert round(next(r["value"] for r in ran.json if r["id"] == "krippendorff_alpha"), 3) == 0.743


def test_a_table_for_people_names_value_interval_and_when_it_misleads(run: Run, csv: Callable[..., Path]) -> None:
    ran = run("agree", csv(NOMINAL))
    assert ran.status == 0
    assert "0.743" in ran.out and "over units" in ran.out and "not corrected for chance" in ran.out
    assert "krippendorff_alpha" in ran.err


def test_every_problem_of_a_malformed_table_is_listed_with_its_row(run: Run, csv: Callable[..., Path]) -> None:
    file = csv("unit,rater,value\n1,a,1\n1,a,2\n2,b,high\n3,,1\n,b,2\n4,a,9\n5,a\n6,b,1,and more")
    ran = run("agree", file, "--level", "interval", "--categories", "1,2,3", "--json")
    assert (ran.status, ran.out) == (2, "")
    assert [int(p.split()[1].strip(":,")) for p in ran.problems] == [3, 4, 5, 6, 7, 8, 9]


def test_every_problem_of_malformed_events_and_ratings_is_listed_with_its_row(
    run: Run, csv: Callable[..., Path]
) -> None:
    events = "session,rater,code,start_ms,end_ms\ns1,a,x,-1,\ns1,,x,5,\ns1,a,x,9,4\ns1,b,x\ns1,b,,7,\ns1,b,x,soon,"
    ran = run("agree", csv(events), "--window", "0,60000", "--json")
    assert (ran.status, ran.out) == (2, "")
    assert [int(p.split()[1].strip(":,")) for p in ran.problems] == [2, 3, 4, 5, 6, 7]
    ratings = "session,rater,scale,value\ns1,a,bond,4\ns1,a,bond,5\ns1,b,bond,high\ns1,,bond,1\ns1,b,bond,1,2"
    ran = run("agree", csv(ratings), "--json")
    assert (ran.status, ran.out) == (2, "")
    assert [int(p.split()[1].strip(":,")) for p in ran.problems] == [3, 4, 5, 6]


def test_wrong_columns_are_named_and_those_there_are_listed(run: Run, csv: Callable[..., Path]) -> None:
    ran = run("agree", csv("clip,coder,score\n1,a,2"), "--unit", "unit", "--rater", "rater", "--value", "score")
    assert ran.status == 2 and len(ran.problems) == 2
    assert "'unit'" in ran.problems[0] and "clip, coder, score" in ran.problems[0]


@pytest.mark.parametrize(
    "arguments",
    [
        ("--level", "cosmic"),
        ("--coefficients", "kappa_of_dreams"),
        ("--confidence", "95"),
        ("--bin", "5000", "--value", "value"),
        ("--window", "from here to there"),
        ("--as", "ada"),
        ("--study", "A study"),
    ],
)
def test_options_that_cannot_be_are_malformed_and_nothing_is_computed(
    run: Run, csv: Callable[..., Path], arguments: tuple[str, ...]
) -> None:
    ran = run("agree", csv("unit,rater,value\n1,a,1\n1,b,1"), *arguments, "--json")
    assert (ran.status, ran.out) == (2, "") and ran.err


def test_a_file_that_is_not_there_is_malformed_input(run: Run, tmp_path: Path) -> None:
    ran = run("agree", tmp_path / "gone.csv")
    assert ran.status == 2 and "gone.csv: cannot be read" in ran.err


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("unit,rater,value\n1,a,1\n2,a,2", "one rater"),
        ("unit,rater,value\n1,a,1\n2,b,2", "no unit"),
        ("unit,rater,value\n1,a,1\n1,b,1\n2,a,1\n2,b,1", ""),
    ],
)
def test_data_without_a_value_give_null_with_the_reason(
    run: Run, csv: Callable[..., Path], text: str, reason: str
) -> None:
    ran = run("agree", csv(text), "--coefficients", "krippendorff_alpha,cohen_kappa", "--json")
    assert ran.status == 0
    assert all(r["value"] is None and r["reason"] and reason in r["reason"] for r in ran.json)


EVENTS = "session,rater,code,start_ms,end_ms\nS1,a,rupture,1000,\nS1,b,rupture,5800,\nS1,a,repair,20000,24000\nS1,b,,,"


def test_timed_events_are_compared_in_bins_and_tolerance_is_heard(run: Run, csv: Callable[..., Path]) -> None:
    file = csv(EVENTS)
    given = ("agree", file, "--window", "0,60000", "--bin", "5000", "--json")
    strict = {r["settings"]["what"]: r for r in run(*given, "--coefficients", "cohen_kappa").json}
    lenient = {
        r["settings"]["what"]: r for r in run(*given, "--coefficients", "cohen_kappa", "--tolerance", "5000").json
    }
    assert set(strict) == {"(all codes)", "repair", "rupture"}
    assert strict["rupture"]["n_units"] == 12 and strict["rupture"]["value"] < 0
    assert lenient["rupture"]["value"] == 1.0
    assert strict["rupture"]["settings"]["bin_ms"] == 5000 and lenient["rupture"]["settings"]["tolerance_ms"] == 5000


def test_seconds_give_what_milliseconds_give(run: Run, csv: Callable[..., Path]) -> None:
    seconds = "who,sitting,what,at,until\n" + "\n".join(
        ",".join([r[1], r[0], r[2], *(f"{float(t) / 1000}" if t else "" for t in r[3:])])
        for r in (line.split(",") for line in EVENTS.splitlines()[1:])
    )
    columns = ("--rater", "who", "--session", "sitting", "--code", "what", "--start", "at", "--end", "until")
    in_seconds = run(
        "agree", csv(seconds, "s.csv"), *columns, "--time-unit", "s", "--window", "0,60", "--bin", "5", "--json"
    )
    in_ms = run("agree", csv(EVENTS), "--window", "0,60000", "--bin", "5000", "--json")
    assert in_seconds.status == in_ms.status == 0
    assert [r["value"] for r in in_seconds.json] == [r["value"] for r in in_ms.json]


def test_events_without_a_window_are_malformed(run: Run, csv: Callable[..., Path]) -> None:
    ran = run("agree", csv(EVENTS))
    assert ran.status == 2 and all("no observation window" in p for p in ran.problems)


def test_neither_file_nor_study_is_a_usage_error(run: Run) -> None:
    assert run("agree").status == 2


STATES = """session,rater,code,start_ms,end_ms,who
S1,a,rupture,2000,12000,patient
S1,b,rupture,4000,13000,provider
S1,a,repair,14000,20000,provider
S1,b,repair,14000,21000,provider
S1,a,repair,40000,46000,patient
"""


def test_each_coefficient_of_timed_events_makes_the_units_that_it_is_for(run: Run, csv: Callable[..., Path]) -> None:
    ran = run(
        "agree", csv(STATES), "--window", "0,60000", "--tolerance", "2000", "--json",
        "--coefficients", "time_unit_kappa,easydiag_kappa,alignment_kappa,cohen_kappa",
    )  # fmt: skip
    assert ran.status == 0
    found = {(r["id"], r["settings"]["what"]): r for r in ran.json if r["variant"] != "weights"}
    assert {r["settings"]["way"] for r in ran.json} == {"time_units", "linked", "sequence", "bins"}
    assert all(found[id, "(all codes)"]["value"] for id in ("time_unit_kappa", "easydiag_kappa", "alignment_kappa"))
    details = found["time_unit_kappa", "(all codes)"]["details"]
    a, b = (way["kappa"] for way in details["by_direction"])
    assert a != b != details["kappa_without_tolerance"]
    assert found["easydiag_kappa", "(all codes)"]["details"]["linked_share"] == 0.8


def test_who_did_it_can_be_what_is_compared(run: Run, csv: Callable[..., Path]) -> None:
    given = ("agree", csv(STATES), "--window", "0,60000", "--way", "linked", "--json")
    ran = run(*given, "--compare", "who", "--coefficients", "percent_agreement")
    everything = next(r for r in ran.json if r["settings"]["what"] == "(all codes)")
    assert everything["value"] == 0.5
    assert everything["excluded"] == {"events that one rater coded alone": 1}
    assert everything["settings"]["compare"] == "who"


def test_options_that_no_way_takes_and_ways_that_are_none_are_refused(run: Run, csv: Callable[..., Path]) -> None:
    given = ("agree", csv(STATES), "--window", "0,60000")
    assert "linked" in run(*given, "--way", "linked", "--tolerance", "5").err
    ran = run(*given, "--way", "ratings")
    assert ran.status == 2 and "time_units" in ran.err


def test_weights_of_one_s_own_and_each_rater_from_a_table(run: Run, csv: Callable[..., Path]) -> None:
    """Cohen (1968): weighted κ .348 with his table of disagreement."""
    counts = [[88, 14, 18], [10, 40, 10], [2, 6, 12]]
    pairs = [("pnx"[r], "pnx"[c]) for r, row in enumerate(counts) for c, n in enumerate(row) for _ in range(n)]
    file = csv("unit,A,B\n" + "\n".join(f"{u},{a},{b}" for u, (a, b) in enumerate(pairs)))
    weights = csv("code,n,p,x\nn,0,1,6\np,1,0,3\nx,6,3,0", "weights.csv")
    asked = ("agree", file, "--coefficients", "cohen_kappa", "--replicates", "0", "--json")
    (kappa,) = run(*asked, "--weights", weights).json
    assert (round(kappa["value"], 3), kappa["variant"]) == (0.348, "own")
    both = run(*asked, "--by", "rater").json
    assert [(r["settings"]["of"], round(r["value"], 3)) for r in both] == [("A", 0.492), ("B", 0.492)]
    wrong = run(*asked, "--weights", csv("code,n,p\nn,0,1\np,2,0", "wrong.csv"))
    assert wrong.status == 2 and "wrong.csv: the weights are not the same in both directions" in wrong.err
    assert run(*asked, "--by", "week").status == 2
    assert (
        "anna"
        in run("agree", csv("unit,anna,ben\n1,a,b\n2,a,a\n", "two.csv"), "--level", "nominal", "--by", "pair").out
    )


def test_dyads_days_and_a_criterion_come_with_their_columns(run: Run, csv: Callable[..., Path]) -> None:
    rows = [
        f"{u},{who},{(u * 7 + at) % 5},d{u // 4},2026-0{1 + u // 3}-0{1 + u % 3}"
        for u in range(12)
        for at, who in enumerate(("anna", "key"))
    ]
    file = csv("\n".join(["unit,rater,value,dyad,coded", *rows]))
    asked = ("agree", file, "--level", "interval", "--group", "dyad", "--date", "coded", "--criterion", "key", "--json")
    found = {(r["id"], r["variant"]): r for r in run(*asked, "--coefficients", "criterion,drift,generalizability").json}
    assert found["criterion", "bias"]["value"] == pytest.approx(
        sum((u * 7) % 5 - (u * 7 + 1) % 5 for u in range(12)) / 12
    )
    assert found["criterion", "bias"]["settings"]["rater"] == "anna"
    assert len(found["drift", "difference"]["details"]["periods"]) == 4
    assert "within dyads(1)" in {variant for _, variant in found}
    wrong = run(*asked[:-3], "--criterion", "zoe")
    assert wrong.status == 2 and "there is no such rater; there are: anna, key" in wrong.problems[0]


def test_units_that_raters_cut_out_themselves_are_compared_all_at_once_and_code_by_code(
    run: Run, csv: Callable[..., Path]
) -> None:
    """The example of docs/agreement.md."""
    file = csv(
        "session,rater,code,start_ms,end_ms\ns1,anna,rupture,3000,15000\ns1,anna,repair,22000,53000\n"
        "s1,ben,rupture,3000,10000\ns1,ben,repair,22000,50000"
    )
    ran = run("agree", file, "--window", "0,60000", "--coefficients", "unitizing_alpha", "--json")
    found = {(r["settings"]["what"], r["variant"]): round(r["value"], 3) for r in ran.json}
    assert ran.status == 0
    assert found == {
        ("(all codes)", "u_alpha"): 0.811,
        ("(all codes)", "|u_alpha"): 0.746,
        ("(all codes)", "cu_alpha"): 1,
        ("(all codes)", "(repair)u_alpha"): 1,
        ("(all codes)", "(rupture)u_alpha"): 1,
        ("repair", "u_alpha"): 0.912,
        ("rupture", "u_alpha"): 0.692,
    }
    gamma = run("agree", file, "--window", "0,60000", "--coefficients", "gamma", "--json")
    assert gamma.status == 0 and len(gamma.json) == 6


def test_a_wide_table_with_other_columns_is_refused_until_its_raters_are_named(
    run: Run, csv: Callable[..., Path]
) -> None:
    file = csv("unit,session,anna,ben,notes\n1,s1,x,x,a\n2,s1,y,x,b\n3,s2,y,y,c")
    unclear = run("agree", file, "--json")
    assert (unclear.status, unclear.out) == (2, "") and "--raters anna,ben" in unclear.problems[0]
    for named in (("--raters", "anna,ben"), ("--rater", "anna,ben")):
        found = run("agree", file, *named, "--coefficients", "percent_agreement", "--replicates", "0", "--json").json
        assert {tuple(r["raters"]) for r in found} == {("anna", "ben")}


def test_what_stands_for_no_value_can_be_said(run: Run, csv: Callable[..., Path]) -> None:
    file = csv("unit,anna,ben\n1,PA,PA\n2,NA,NA\n3,-,PA")
    asked = ("agree", file, "--coefficients", "percent_agreement", "--replicates", "0", "--json")
    assert "“NA” 2 times" in run(*asked).json[0]["notes"][0]
    assert {(r["value"], r["n_pairable"]) for r in run(*asked, "--missing", "-").json} == {(1.0, 2)}


TOTALS = "session,rater,code,start_ms\n" + "\n".join(
    f"s{s},{rater},x,{1000 * k}"
    for s in range(1, 6)
    for rater, more in (("a", 0), ("b", s % 2))
    for k in range(s + more)
)


def test_totals_of_events_are_rates_or_counts(run: Run, csv: Callable[..., Path]) -> None:
    asked = ("agree", csv(TOTALS), "--window", "0,120000", "--replicates", "0", "--json", "--coefficients")
    for measure, bias in (("count", 0.6), ("per_minute", 0.3)):
        found = {r["variant"]: r for r in run(*asked, "bland_altman", "--measure", measure).json}
        assert found["bias"]["value"] == pytest.approx(bias) and found["bias"]["settings"]["measure"] == measure
    alpha = run(*asked, "krippendorff_alpha", "--measure", "count").json
    assert {(r["settings"]["way"], r["level"]) for r in alpha} == {("totals", "interval")}
    untold = run(*asked, "icc")
    assert {r["settings"]["way"] for r in untold.json} == {"totals"} and "--measure" in untold.err
    for wrong in (("icc", "--way", "bins"), ("scott_pi", "--way", "totals"), ("icc", "--measure", "lots")):
        ran = run(*asked, *wrong)
        assert (ran.status, ran.out) == (2, "")


@pytest.mark.parametrize(("part", "of"), [("pair", ["a", "b"]), ("rater", "a"), ("session", "s1")])
def test_timed_events_are_told_apart_by_pair_rater_and_session(
    run: Run, csv: Callable[..., Path], part: str, of: object
) -> None:
    ran = run("agree", csv(TOTALS), "--window", "0,120000", "--by", part, "--coefficients", "percent_agreement",
              "--replicates", "0", "--json")  # fmt: skip
    assert ran.status == 0 and ran.json[0]["settings"]["by"] == part
    assert of in [r["settings"]["of"] for r in ran.json]


RATINGS = "session,rater,scale,value\n" + "\n".join(
    f"s{s},{rater},{item},{1 + (s * k + at) % 7}"
    for s in range(1, 9)
    for rater, k in (("a", 1), ("b", 1 + s % 2))
    for at, item in enumerate(("goal_shared", "task_sense", "bond_safe"))
)


def test_ratings_are_compared_scale_by_scale_or_as_scores_of_an_instrument(run: Run, csv: Callable[..., Path]) -> None:
    asked = ("agree", csv(RATINGS), "--replicates", "0", "--json")
    assert {r["settings"]["what"] for r in run(*asked).json} == {"goal_shared", "task_sense", "bond_safe"}
    assert {r["level"] for r in run(*asked, "--coefficients", "gwet_ac2").json} == {"ordinal"}
    scores = run(*asked, "--instrument", "session_alliance_patient", "--coefficients", "icc")
    assert {r["settings"]["what"] for r in scores.json} == {"goal", "task", "bond", "total"}
    assert all(r["value"] is None for r in scores.json)  # one of four items is too few
    for wrong in (("--instrument", "no_such"), ("--level", "nominal"), ("--way", "bins", "--instrument", "x")):
        assert run(*asked, *wrong).status == 2


def test_one_reason_for_many_codes_is_said_once(run: Run, csv: Callable[..., Path]) -> None:
    rows = "\n".join(f"s1,{rater},code {c},{c}" for c in range(4) for rater in "ab")
    ran = run("agree", csv(f"session,rater,code,start_ms\n{rows}"), "--window", "0,60000", "--coefficients", "gwet_ac2")
    assert ran.out.count("is undefined") == 1 and "code 0, code 1, code 2, code 3 is undefined" in ran.out


@pytest.mark.parametrize("time", ["nan", "inf"])
def test_a_width_that_is_no_time_is_refused(run: Run, csv: Callable[..., Path], time: str) -> None:
    assert run("agree", csv(TOTALS), "--window", "0,60000", "--bin", time).status == 2


def test_a_line_of_a_pair_says_which_pair_where_there_are_several(run: Run, csv: Callable[..., Path]) -> None:
    file = csv("session,rater,code,start_ms\ns1,a,x,1000\ns1,b,x,1200\ns1,c,x,9000\n")
    ran = run("agree", file, "--window", "0,60000", "--coefficients", "cohen_kappa", "--replicates", "0")
    for pair in ("x (a, b)", "x (a, c)", "x (b, c)"):
        assert pair in ran.out


def test_a_category_that_is_named_twice_is_complained_of(run: Run, csv: Callable[..., Path]) -> None:
    ran = run("agree", csv(NOMINAL), "--level", "nominal", "--categories", "1,1,2,3,4,5", "--json")
    assert ran.status == 2 and "category 1 is named more than once" in ran.err
