"""Tables of one's own: which columns are raters, which cells are missing, what a unit is called."""

from __future__ import annotations

from pathlib import Path

import pytest

import workbench.agreement as agreement


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "table.csv"


def read(file: Path, text: str, **how: object) -> agreement.ReliabilityData:
    file.write_text(text, encoding="utf-8")
    return agreement.from_csv(file, **how)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "column",
    [
        "session",
        "Session ID",
        "dyad",
        "coding_date",
        "notes",
        "anna comment",
        "Unnamed: 0",
        "",
        "score",
        "week",
        "code",
    ],
)
def test_a_column_that_can_be_something_else_is_not_silently_a_rater(file: Path, column: str) -> None:
    text = f"unit,{column},anna,ben\n1,x,x,x\n2,x,y,x\n"
    with pytest.raises(agreement.InputProblems) as found:
        read(file, text)
    assert len(found.value.problems) == 1
    assert repr(column) in found.value.problems[0] and "--raters anna,ben" in found.value.problems[0]
    named = read(file, text, raters=["anna", "ben"])
    assert named.raters == ("anna", "ben")
    assert agreement.compute("percent_agreement", named).value == 0.5


def test_columns_that_are_named_as_facts_are_no_raters(file: Path) -> None:
    text = "unit,session,dyad,coded,anna,ben\n1,s1,d1,2026-03-01,x,x\n2,s2,d1,2026-03-02,y,x\n"
    data = read(file, text, session="session", group="dyad", date="coded")
    assert (data.raters, data.groups) == (("anna", "ben"), ("d1", "d1"))


def test_numbered_raters_and_scores_by_rater_are_raters(file: Path) -> None:
    assert read(file, "unit,rater 1,rater 2\n1,x,x\n").raters == ("rater 1", "rater 2")
    assert read(file, "unit,score_anna,score_ben\n1,3,4\n", level="interval").raters == ("score_anna", "score_ben")


@pytest.mark.parametrize(("level", "other"), [("nominal", "clip one,clip two"), ("interval", "long,short")])
def test_a_column_unlike_the_others_is_not_silently_a_rater(file: Path, level: str, other: str) -> None:
    first, second = other.split(",")
    text = f"unit,anna,ben,what\n1,1,2,{first}\n2,2,2.0,{second}\n"
    with pytest.raises(agreement.InputProblems, match="'what' may hold something else"):
        read(file, text, level=level)


def test_a_rater_who_rated_nothing_or_agrees_with_nobody_is_still_a_rater(file: Path) -> None:
    assert read(file, "unit,anna,ben,cleo\n1,x,x,\n2,y,x,\n").raters == ("anna", "ben", "cleo")
    assert read(file, "unit,anna,ben\n1,x,y\n2,x,y\n").raters == ("anna", "ben")


def test_raters_that_cannot_be_are_refused(file: Path) -> None:
    text = "unit,anna,ben\n1,x,x\n"
    for wrong, said in (
        ({"raters": ["anna", "anna"]}, "column 'anna' is named as a rater twice"),
        ({"raters": ["unit", "anna"]}, "column 'unit' cannot be of the unit and a rater's"),
        ({"raters": ["anna", "cleo"]}, "there is no column 'cleo'"),
        ({"raters": ["anna", "ben"], "rater": "anna"}, "raters names the columns of a wide table"),
        ({"raters": []}, "there is no column of a rater"),
    ):
        with pytest.raises(agreement.InputProblems, match=said):
            read(file, text, **wrong)


def test_a_unit_without_its_session_or_group_is_a_problem(file: Path) -> None:
    with pytest.raises(agreement.InputProblems, match="row 2: no session in column session"):
        read(file, "unit,session,anna,ben\n1,,x,x\n2,s1,x,y\n", session="session")
    table = [[1, 2, 3], [1, 2, 2]]
    for kind in ("session", "group"):
        for unknown in (None, float("nan"), " "):
            with pytest.raises(agreement.InputProblems, match=f"the {kind} of unit 2 is missing"):
                agreement.reliability(table, level="nominal", **{f"{kind}s": ["a", unknown, "b"]})


def test_a_category_named_twice_is_refused() -> None:
    with pytest.raises(agreement.InputProblems, match="category 2 is named more than once"):
        agreement.reliability([[1, 2], [1, 2]], level="ordinal", categories=[1, 2, 2])


def test_na_as_a_code_is_taken_for_missing_aloud_and_can_be_kept(file: Path) -> None:
    text = "unit,anna,ben\n1,PA,PA\n2,NA,NA\n3,PA,NA\n4,.,PA\n5,,PA\n"
    data = read(file, text)
    assert data.missing == 5
    assert "“.” once, “NA” 3 times" in data.notes[0] and "“missing”" in data.notes[0]
    assert agreement.compute("percent_agreement", data).notes[0] == data.notes[0]
    kept = read(file, text, missing=["."])
    assert (kept.missing, kept.labels) == (2, ("NA", "PA"))
    assert read(file, text, missing=[]).labels == (".", "NA", "PA")


def test_text_that_no_one_called_missing_is_no_number(file: Path) -> None:
    with pytest.raises(agreement.InputProblems, match="row 2, column anna: 'nan' is text"):
        read(file, "unit,anna,ben\n1,nan,3\n2,3,3\n", level="interval", missing=["-"])


def test_units_of_several_columns_stay_apart_whatever_blanks_they_hold(file: Path) -> None:
    text = "a,b,rater,value\ns 1,2,anna,1\ns,1 2,ben,2\n"
    data = read(file, text, unit=["a", "b"], rater="rater", value="value")
    assert (data.units, data.n_pairable) == (("s 1 · 2", "s · 1 2"), 0)


@pytest.mark.parametrize("signs", [" ", " · ", " | "])
def test_units_have_names_of_their_own_whatever_signs_they_hold(file: Path, signs: str) -> None:
    text = f"a,b,rater,value\ns{signs}· | 1,2,anna,1\ns,· | 1{signs}2,ben,2\n"
    assert len(set(read(file, text, unit=["a", "b"], rater="rater", value="value").units)) == 2


def test_text_among_ordinal_numbers_is_named_with_its_rows(file: Path) -> None:
    with pytest.raises(agreement.InputProblems) as found:
        read(file, "unit,anna,ben\n1,3,4a\n2,x,2\n3,1,1\n", level="ordinal")
    assert [p.split(":")[0] for p in found.value.problems] == ["row 2, column ben", "row 3, column anna"]
