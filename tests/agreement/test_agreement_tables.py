from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from agreement_pictures import coding, study
from hypothesis import given, settings
from hypothesis import strategies as st

import workbench.agreement as agreement
from workbench.model.coding import Event, Rating
from workbench.model.span import TimeSpan

LONG = """unit,rater,value
1,anna,2
1,ben,2
2,anna,3
2,ben,1
3,anna,NA
3,ben,1
"""
WIDE = """unit,ben,anna
1,2,2
2,1,3
3,1,
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "ratings.csv"


def problems(path: Path, text: str | bytes, read: object = agreement.from_csv, **how: object) -> list[str]:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(agreement.InputProblems) as caught:
        read(path, **how)  # type: ignore[operator]
    return list(caught.value.problems)


def test_long_and_wide_give_the_same_data(file: Path) -> None:
    file.write_text(LONG)
    long = agreement.from_csv(file, level="ordinal")
    file.write_text(WIDE)
    wide = agreement.from_csv(file, level="ordinal")
    assert long.raters == wide.raters == ("anna", "ben")
    assert repr(long.values.tolist()) == repr(wide.values.tolist()) == "[[2.0, 3.0, nan], [2.0, 1.0, 1.0]]"


@pytest.mark.parametrize("separator", [";", "\t"])
def test_other_separators_a_byte_order_mark_and_windows_line_ends_are_read(file: Path, separator: str) -> None:
    file.write_bytes(b"\xef\xbb\xbf" + LONG.replace(",", separator).replace("\n", "\r\n").encode())
    assert agreement.from_csv(file, level="nominal").raters == ("anna", "ben")


def test_columns_of_other_names_and_several_columns_for_a_unit(file: Path) -> None:
    file.write_text("session,segment,who,scale,score\ns1,1,a,bond,1\ns1,1,b,bond,2\ns1,2,a,bond,2\ns1,1,a,goal,5\n")
    data = agreement.from_csv(
        file, unit=["session", "segment"], rater="who", value="score", level="interval",
        session="session", where={"scale": "bond"},
    )  # fmt: skip
    assert data.units == ("s1 1", "s1 2")
    assert data.sessions == ("s1", "s1")
    assert data.resample == "sessions"


def test_a_missing_column_says_what_there_is(file: Path) -> None:
    assert problems(file, "item,rater,value\n1,a,2\n") == [
        "ratings.csv: there is no column 'unit'; there are: item, rater, value"
    ]


def test_every_problem_comes_with_its_row_and_all_come_together(file: Path) -> None:
    text = "unit,rater,value\n1,a,2\n1,b,two\n1,a,3\n,a,1\n2,,1\n2,b,9\n3,b,inf\n"
    assert problems(file, text, level="interval", categories=[1, 2, 3, 4, 5]) == [
        "row 3, column value: 'two' is text; the interval level needs numbers",
        "row 4: rater a has unit 1 a second time (first in row 2)",
        "row 5: no unit in column unit",
        "row 6: no rater in column rater",
        "row 7, column value: 9 is outside the categories 1, 2, 3, 4, 5",
        "row 8, column value: inf is not a number from -1e+60 to 1e+60",
    ]


def test_problems_of_a_wide_file_name_row_and_column(file: Path) -> None:
    assert problems(file, "unit,a,b\n1,2,x\n1,2,2\n", level="ratio") == [
        "row 2, column b: 'x' is text; the ratio level needs numbers",
        "row 3: unit 1 occurs a second time",
    ]


def test_decimal_commas_are_named_row_by_row_and_no_rater_is_doubted_for_them(file: Path) -> None:
    found = problems(file, "unit;anna;ben\n1;3,5;4\n2;2,5;3\n", level="interval")
    assert found == [
        f"row {row}, column anna: '{said}' is text; the interval level needs numbers (with a decimal point)"
        for row, said in ((2, "3,5"), (3, "2,5"))
    ]


def test_ragged_rows_are_listed(file: Path) -> None:
    assert problems(file, "unit,a,b\n1,2\n2,2,2,2\n3,1,1\n") == [
        "row 2: 2 cells, expected 3 as in the header",
        "row 3: 4 cells, expected 3 as in the header",
    ]


def test_a_ragged_row_hides_no_problem_of_another(file: Path) -> None:
    assert problems(file, "unit,a,b\n1,2\n2,2,x\n3,1,1\n", level="interval") == [
        "row 2: 2 cells, expected 3 as in the header",
        "row 3, column b: 'x' is text; the interval level needs numbers",
    ]


def test_an_unknown_level_lists_the_four(file: Path) -> None:
    assert problems(file, LONG, level="numeric") == [
        "unknown level of measurement 'numeric'; there are: nominal, ordinal, interval, ratio"
    ]


def test_ordinal_text_needs_its_order(file: Path) -> None:
    text = "unit,a,b\n1,low,high\n2,high,high\n3,mid,mid\n"
    assert problems(file, text, level="ordinal") == [
        "ratings.csv: the values are text (high, low, mid): the ordinal level needs their order"
    ]
    data = agreement.from_csv(file, level="ordinal", categories=["low", "mid", "high"])
    assert data.values.tolist() == [[0, 2, 1], [2, 2, 1]]
    assert problems(file, text, level="ordinal", categories=["low", "high"]) == [
        "row 4, column a: 'mid' is outside the categories low, high",
        "row 4, column b: 'mid' is outside the categories low, high",
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "row 1 holds no column names"),
        (b"\n\n", "row 1 holds no column names"),
        (b"\xff\xfe\x00", "not text in UTF-8"),
        (b"unit,a\x00,b\n", "not a CSV: it holds zero bytes"),
        (b'unit,a\n"1,2\n', "not a CSV"),
        (b"unit,a,a\n1,2,2\n", "column 'a' occurs twice"),
        (b"unit\n1\n", "there is no column of a rater"),
    ],
)
def test_what_is_no_table_gets_its_sentence(file: Path, content: bytes, said: str) -> None:
    assert said in " ".join(problems(file, content))


def test_a_file_that_is_not_there_gets_its_sentence(tmp_path: Path) -> None:
    with pytest.raises(agreement.InputProblems, match=r"no\.csv: cannot be read: No such file"):
        agreement.from_csv(tmp_path / "no.csv")


def test_well_formed_data_without_a_value_is_no_problem_but_a_reason(file: Path) -> None:
    file.write_text("unit,rater,value\n1,a,1\n2,b,1\n")
    result = agreement.compute("krippendorff_alpha", agreement.from_csv(file))
    assert (result.value, result.reason) == (None, "no unit was rated by two raters")


def test_values_keep_their_text_at_the_nominal_level(file: Path) -> None:
    file.write_text("unit,a,b\n1,01,1\n2,x,x\n")
    data = agreement.from_csv(file)
    assert data.to_frame()["a"].tolist() == ["01", "x"]
    assert agreement.compute("percent_agreement", data).value == 0.5


def full_study() -> agreement.Study:
    one = coding("a", "r..w#...p.r")
    two = coding("b", ".........p.")
    state = Event("9", "rupture", 500, 2500)
    utterances = (TimeSpan(0, 2500), TimeSpan(3000, 9000))
    return agreement.Study(
        tuple(
            agreement.RaterCoding(
                c.session, c.rater, (*c.events, state), (Rating("bond", 0, 3), Rating("goal", 0, None, True)),
                c.windows, c.not_observable, utterances,
            )
            for c in (one, two)
        )
        + tuple(coding(r, "...........", "s2") for r in "ab")
    )  # fmt: skip


def export(s: agreement.Study, folder: Path) -> None:
    agreement.events_frame(s).to_csv(folder / "events.csv", index=False)
    agreement.ratings_frame(s).to_csv(folder / "ratings.csv", index=False)
    agreement.utterances_frame(s).to_csv(folder / "utterances.csv", index=False)


def test_exported_events_read_back_give_the_same_study(tmp_path: Path) -> None:
    s = full_study()
    export(s, tmp_path)
    back = agreement.events_from_csv(tmp_path / "events.csv", utterances=tmp_path / "utterances.csv")
    assert back.sessions == ("s1", "s2") and back.raters == ("a", "b")
    for session in s.sessions:
        for mine, theirs in zip(s.of(session), back.of(session), strict=True):
            assert sorted((e.code, e.start_ms, e.end_ms) for e in mine.events) == sorted(
                (e.code, e.start_ms, e.end_ms) for e in theirs.events
            )
            assert (mine.windows, mine.not_observable, mine.utterances) == (
                theirs.windows, theirs.not_observable, theirs.utterances,
            )  # fmt: skip


@pytest.mark.parametrize("way", ["bins", "utterances", "ratings"])
def test_three_lines_of_python_give_the_same_number(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str) -> None:
    s = full_study()
    export(s, tmp_path)
    monkeypatch.chdir(tmp_path)
    more = {"bin_ms": 1500, "tolerance_ms": 700} if way == "bins" else {}
    everything = ["krippendorff_alpha", "percent_agreement", "cohen_kappa"]
    found = agreement.per_code(s, way, coefficients=everything, all_variants=True, replicates=40, seed=3, **more)
    assert any(r.defined for r in found)
    for result in found:
        lines = agreement.same_in_python(result).splitlines()
        assert len(lines) == 3
        names: dict[str, agreement.Result] = {}
        exec("\n".join([*lines[:2], f"again = {lines[2]}"]), names)  # type: ignore[arg-type]
        again = names["again"]
        assert (again.value, again.reason, again.low, again.high) == (
            result.value, result.reason, result.low, result.high,
        )  # fmt: skip


def test_three_lines_of_python_keep_the_chosen_sessions_and_raters(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scores = {"a": [1, 3, 5, 4], "b": [1, 4, 5, 3], "c": [2, 2, 4, 5]}
    s = agreement.Study(
        tuple(
            agreement.RaterCoding(f"s{n}", r, ratings=(Rating("bond", 0, v), Rating("goal", 0, 6 - v)))
            for r, row in scores.items()
            for n, v in enumerate(row)
        )
    )
    export(s, tmp_path)
    monkeypatch.chdir(tmp_path)
    found = agreement.per_scale(s, ["bond"], sessions=["s0", "s1", "s2"], raters=["a", "b"], replicates=40)
    for result in found:
        lines = agreement.same_in_python(result).splitlines()
        names: dict[str, agreement.Result] = {}
        exec("\n".join([*lines[:2], f"again = {lines[2]}"]), names)  # type: ignore[arg-type]
        assert names["again"].value == result.value is not None
        assert (names["again"].raters, names["again"].n_units) == (("a", "b"), 3)


def test_three_lines_of_python_for_a_table_of_one_s_own(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file.write_text(WIDE.replace("unit", "item"))
    monkeypatch.chdir(file.parent)
    data = agreement.from_csv("ratings.csv", level="interval", unit="item", categories=[1, 2, 3])
    result = agreement.compute("krippendorff_alpha", data)
    lines = agreement.same_in_python(result).splitlines()
    names: dict[str, agreement.Result] = {}
    exec("\n".join([*lines[:2], f"again = {lines[2]}"]), names)  # type: ignore[arg-type]
    assert names["again"].value == result.value is not None


EVENTS = "session,rater,code,start_ms,end_ms,window_start_ms,window_end_ms\n"


def test_seconds_and_one_window_for_all(file: Path) -> None:
    file.write_text("session,rater,code,start\ns,a,x,1.25\ns,b,x,1.3\n")
    s = agreement.events_from_csv(file, start="start", window=(0, 10), time_unit="s")
    assert s.codings[0].events == (Event("row 2", "x", 1250),)
    assert s.codings[0].windows == (TimeSpan(0, 10000),)


def test_a_row_without_a_code_is_a_coding_without_events(file: Path) -> None:
    file.write_text(EVENTS + "s,a,x,1,,0,10\ns,b,,,,0,10\n")
    assert [len(c.events) for c in agreement.events_from_csv(file).codings] == [1, 0]


def test_every_problem_of_an_events_file_comes_with_its_row(file: Path) -> None:
    text = EVENTS + "\n".join(
        [
            "s,a,x,one,,0,10",
            "s,a,x,5,3,0,10",
            ",a,x,5,,0,10",
            "s,a,,5,,0,10",
            "s,a,x,-1,,0,10",
            "s,a,x,1,,9,9",
            "t,b,x,1,,,",
        ]
    )
    assert problems(file, text, agreement.events_from_csv) == [
        "row 2: column start_ms holds 'one', expected a time",
        "row 3: the event ends at 3, before it starts at 5",
        "row 4: no session",
        "row 5: a time without a code in column code",
        "row 6: column start_ms holds '-1', expected a time from 0 on",
        "row 7: the window ends at 9 ms, which is not after its start at 9 ms",
        "session t, rater b: no observation window; give one for all, or columns window_start_ms and window_end_ms",
    ]


def test_utterances_of_codings_that_are_not_there_are_named_with_their_rows(tmp_path: Path) -> None:
    events, spoken = tmp_path / "events.csv", tmp_path / "utterances.csv"
    events.write_text("session,rater,code,start_ms\ns1,anna,x,5\ns1,ben,,\n")
    spoken.write_text("session,rater,start_ms,end_ms\ns1,,0,9\nsX,,0,9\ns1,zoe,0,9\n")
    with pytest.raises(agreement.InputProblems) as error:
        agreement.events_from_csv(events, window=(0, 10), utterances=spoken)
    assert error.value.problems == (
        "utterances.csv, row 3: there is no coding of session 'sX'; there are: s1",
        "utterances.csv, row 4: there is no coding of session s1 by rater 'zoe'",
    )


def test_an_impossible_window_is_named(file: Path) -> None:
    said = problems(file, EVENTS + "s,a,x,1,,,\n", agreement.events_from_csv, window=(10, 5))
    assert said == ["the window is 10 to 5, expected a start from 0 on and an end after it"]


cells = st.sampled_from(["1", "2", "x", "", "NA", "inf", "nan", "-3", '"', ",", "1e400", "é", " ", "=1+1", "0x10"])


@settings(max_examples=150, deadline=None)
@given(
    rows=st.lists(st.lists(cells, min_size=0, max_size=5), max_size=8),
    header=st.sampled_from([["unit", "rater", "value"], ["unit", "a", "b"], ["session", "rater", "code", "start_ms"]]),
    level=st.sampled_from(["nominal", "ordinal", "interval", "ratio"]),
    quoted=st.booleans(),
)
def test_any_csv_gives_results_or_sentences_never_a_traceback(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]], header: list[str], level: str, quoted: bool
) -> None:
    path = tmp_path_factory.getbasetemp() / "fuzz.csv"
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out) if quoted else None
        for row in [header, *rows]:
            _ = writer.writerow(row) if writer else out.write(",".join(row) + "\n")
    try:
        data = agreement.from_csv(path, level=level)
    except agreement.InputProblems as error:
        assert all(error.problems)
    else:
        for result in agreement.compute_all(sorted(agreement.coefficients_found()), data, replicates=10):
            assert result.defined or result.reason
    try:
        s = agreement.events_from_csv(path, window=(0, 1000))
    except agreement.InputProblems as error:
        assert all(error.problems)
    else:
        agreement.per_code(s, bin_ms=100, replicates=10)


def test_problems_of_a_table_in_memory_name_rater_and_unit() -> None:
    with pytest.raises(agreement.InputProblems) as caught:
        agreement.reliability([[1, "x"], [1, 2]], level="interval")
    assert caught.value.problems == ("rater rater 1, unit unit 2: 'x' is text; the interval level needs numbers",)
    with pytest.raises(agreement.InputProblems, match="differ in length"):
        agreement.reliability([[1, 2], [1]], level="nominal")
    with pytest.raises(agreement.InputProblems, match="rater a occurs more than once"):
        agreement.reliability([[1, 2], [1, 2]], level="nominal", raters=["a", "a"])


def test_a_result_is_a_row_of_a_frame_and_of_json() -> None:
    found = agreement.per_code(study("r.w.r", "r.wr."), "bins", bin_ms=1000, replicates=20)
    frame = agreement.to_frame(found)
    assert frame["what"].tolist() == ["rupture"] * 3 + ["withdrawal"] * 3
    assert frame.loc[0, "value"] == found[0].value
    assert found[0].to_dict()["settings"]["bin_ms"] == 1000
    assert repr(found[0]).startswith("Krippendorff's α (nominal) of rupture: ")


def test_numbers_as_categories_keep_the_order_that_was_stated() -> None:
    said = np.array([[9, 1, 2, 3, 9], [1, 9, 3, 2, 9]])
    by_number = agreement.reliability(said, level="ordinal", categories=[9, 1, 2, 3])
    letters = dict(zip([9, 1, 2, 3], "abcd", strict=True))
    by_letter = agreement.reliability(
        [[letters[v] for v in row] for row in said.tolist()], level="ordinal", categories=list("abcd")
    )
    for id in ("cohen_kappa", "krippendorff_alpha"):
        variant = "quadratic" if id == "cohen_kappa" else None
        assert (
            agreement.compute(id, by_number, variant=variant).value
            == agreement.compute(id, by_letter, variant=variant).value
        )


def test_codes_of_many_digits_stay_apart_beside_text() -> None:
    data = agreement.reliability([["a", 1234567, 1234567], ["a", 1234568, "b"]], level="nominal")
    assert agreement.compute("percent_agreement", data).value == pytest.approx(1 / 3)
    assert data.labels == ("1234567", "1234568", "a", "b")


def test_a_session_in_two_dyads_is_refused() -> None:
    with pytest.raises(agreement.InputProblems, match="session s is in more than one group"):
        agreement.reliability([[1, 2], [1, 2]], level="interval", sessions=["s", "s"], groups=["a", "b"])


def test_a_day_written_as_a_number_is_a_day_and_what_no_calendar_holds_is_refused() -> None:
    table = [[1, 2], [1, 2]]
    as_number = agreement.reliability(table, level="interval", dates=[20260301, 20260401])
    assert as_number.dates == agreement.reliability(table, level="interval", dates=["2026-03-01", "2026-04-01"]).dates
    with pytest.raises(agreement.InputProblems, match="not a date"):
        agreement.reliability(table, level="interval", dates=[10**18, 10**18])


def test_replicates_that_never_differ_are_no_interval() -> None:
    said = np.array([[1] * 60, [2] * 60, [3] * 60])
    result = agreement.compute("percent_agreement", agreement.reliability(said, level="nominal"))
    assert (result.value, result.low) == (0.0, None)
    assert result.interval_reason == "every replicate has the same value, so resampling shows no spread"


def test_a_code_is_the_same_whether_a_program_wrote_1_or_1_0(tmp_path: Path) -> None:
    file = tmp_path / "wide.csv"
    file.write_text("unit,a,b\nu1,1,1.0\nu2,2,2.0\nu3,1,\nu4,2,1.0\n")
    data = agreement.from_csv(file)
    assert agreement.compute("percent_agreement", data).value == pytest.approx(2 / 3)
    file.write_text("unit,a,b\nu1,07,7\nu2,7,7\n")
    assert agreement.compute("percent_agreement", agreement.from_csv(file)).value == 0.5


def test_raters_and_sessions_stand_in_the_order_in_which_people_count(file: Path) -> None:
    file.write_text("unit,rater,value\n" + "".join(f"{u},R{r},{u % 3}\n" for u in (1, 2) for r in (10, 9, 2, 1)))
    assert agreement.from_csv(file).raters == ("R1", "R2", "R9", "R10")
    codings = [coding(f"R{r}", "r....", session=f"session {s}") for s in (10, 2) for r in (10, 9, 2)]
    found = agreement.Study(tuple(codings))
    assert found.raters == ("R2", "R9", "R10") and found.sessions == ("session 2", "session 10")
    assert found.pairs == (("R2", "R9"), ("R2", "R10"), ("R9", "R10"))
    assert [c.rater for c in found.of("session 10")] == ["R2", "R9", "R10"]
    data = agreement.units(found, "bins", "rupture", bin_ms=1000)
    assert isinstance(data, agreement.ReliabilityData) and data.raters == ("R2", "R9", "R10")
    assert [r.settings["of"] for r in agreement.by(data, "session", replicates=0)] == ["session 2", "session 10"]
    assert list(dict.fromkeys(agreement.events_frame(found)["rater"])) == ["R2", "R9", "R10"]
    marked = pd.DataFrame([{"rater": r, "start_ms": 0, "end_ms": 5, "code": "x"} for r in ("R10", "R2")])
    assert agreement.continua(marked, length_ms=10).raters == ("R2", "R10")


@pytest.mark.parametrize("table", ["abc", ["abc", "abd"], np.zeros((2, 2, 2)), [1, 2, 3], [[[1], [2]], [[1], [2]]]])
def test_what_is_no_table_in_memory_gets_its_sentence(table: object) -> None:
    with pytest.raises(agreement.InputProblems, match="expected a table"):
        agreement.reliability(table, level="nominal")  # type: ignore[arg-type]


@pytest.mark.parametrize("compute", [agreement.compute, lambda id, table: agreement.compute_all([id], table)])
def test_a_table_that_was_not_made_reliability_data_is_told_how(compute: object) -> None:
    with pytest.raises(TypeError, match="make them with agreement"):
        compute("krippendorff_alpha", pd.DataFrame({"a": [1, 2], "b": [1, 2]}))  # type: ignore[operator]
