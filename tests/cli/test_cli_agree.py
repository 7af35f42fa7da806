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
    file = csv("unit,rater,value\n1,a,1\n1,a,2\n2,b,high\n3,,1\n,b,2\n4,a,9")
    ran = run("agree", file, "--level", "interval", "--categories", "1,2,3", "--json")
    assert (ran.status, ran.out) == (2, "")
    assert sorted(int(p.split()[1].strip(":,")) for p in ran.problems) == [3, 4, 5, 6, 7]


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
    assert set(strict) == {"repair", "rupture"}
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
