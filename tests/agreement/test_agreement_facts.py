"""The dyad of a unit, the day it was coded, the criterion coding: facts that come with a table."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest

import workbench.agreement as agreement
from tests.agreement.agreement_pictures import events
from workbench.model.coding import Rating
from workbench.model.span import TimeSpan

DAY = 86_400_000


def test_dates_are_taken_as_days_times_text_or_milliseconds() -> None:
    given = [dt.date(1970, 1, 2), dt.datetime(1970, 1, 2, 12), "1970-01-03", pd.Timestamp("1970-01-04", tz="UTC"), 5]
    data = agreement.reliability([[1] * 5, [2] * 5], level="nominal", dates=given)
    assert data.dates == (DAY, DAY + DAY // 2, 2 * DAY, 3 * DAY, 5)


def test_dates_and_groups_that_do_not_fit_are_said_together() -> None:
    with pytest.raises(agreement.InputProblems) as found:
        agreement.reliability(
            [[1, 2], [1, 2]], level="nominal", groups=["d1"], dates=["yesterday", None], criterion="zoe"
        )
    assert found.value.problems == (
        "1 groups for 2 units in the table",
        "not a date (expected such as 2026-03-01 or UTC milliseconds): 'yesterday', None",
        "the criterion is 'zoe', but there is no such rater; there are: rater 1, rater 2",
    )


def test_a_part_without_the_criterion_has_none() -> None:
    data = agreement.reliability([[1, 2]] * 3, level="nominal", raters="abc", criterion="c")
    assert (data.only("a", "c").criterion, data.only("a", "b").criterion) == ("c", None)


def written(folder: Path, text: str) -> Path:
    file = folder / "ratings.csv"
    file.write_text(text, encoding="utf-8")
    return file


def test_a_long_table_holds_the_dyad_the_day_and_the_criterion(tmp_path: Path) -> None:
    file = written(
        tmp_path,
        "unit,rater,value,dyad,coded\n"
        "1,anna,4,d1,1970-01-03\n1,key,4,d1,1980-01-01\n2,anna,3,d2,1970-01-02\n2,key,4,d2,\n3,key,1,d2,1970-01-05\n",
    )
    data = agreement.from_csv(file, level="interval", group="dyad", date="coded", criterion="key")
    assert data.groups == ("d1", "d2", "d2")
    assert data.dates == (2 * DAY, DAY, 4 * DAY)  # the day of the rater, not of the criterion
    assert data.criterion == "key"


def test_a_wide_table_holds_them_too_and_they_are_no_raters(tmp_path: Path) -> None:
    file = written(tmp_path, "unit,anna,ben,dyad,coded\n1,4,4,d1,1970-01-03\n2,3,4,d1,1970-01-02\n")
    data = agreement.from_csv(file, level="interval", group="dyad", date="coded", criterion="ben")
    assert (data.raters, data.groups, data.dates) == (("anna", "ben"), ("d1", "d1"), (2 * DAY, DAY))


def test_every_problem_with_dyads_and_days_is_listed_with_its_row(tmp_path: Path) -> None:
    file = written(
        tmp_path,
        "unit,rater,value,dyad,coded\n1,a,4,d1,1970-01-03\n1,b,4,d2,soon\n2,a,3,,\n",
    )
    with pytest.raises(agreement.InputProblems) as found:
        agreement.from_csv(file, level="interval", group="dyad", date="coded", criterion="zoe")
    assert found.value.problems == (
        "row 3: unit 1 is in group 'd2', above in 'd1'",
        "row 3, column coded: 'soon' is no date such as 2026-03-01",
        "row 4: no group in column dyad",
        "the criterion is 'zoe', but there is no such rater; there are: a, b",
        "column coded: no date for unit 2",
    )


def test_the_units_of_one_session_keep_their_facts() -> None:
    data = agreement.reliability(
        [[1, 2, 3], [1, 2, None], [None, None, 2]],
        level="interval",
        raters="abc",
        sessions=["s1", "s1", "s2"],
        groups=["d1", "d1", "d2"],
        dates=[1, 2, 3],
        criterion="b",
    )
    first, second = data.in_session("s1"), data.in_session("s2")
    assert (first.groups, first.dates, first.criterion) == (("d1", "d1"), (1, 2), "b")
    assert (second.groups, second.dates, second.criterion) == (("d2",), (3,), None)


def test_the_three_lines_of_python_give_the_same_value_with_facts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [f"{u},{r},{(u * 7 + r) % 5},d{u // 4},2026-0{1 + u // 3}-0{1 + u % 3}" for u in range(12) for r in range(3)]
    file = written(tmp_path, "\n".join(["unit,rater,value,dyad,coded", *rows]))
    data = agreement.from_csv(file, level="interval", group="dyad", date="coded", criterion="2")
    monkeypatch.chdir(tmp_path)
    for result in agreement.compute_all(["criterion", "drift", "generalizability"], data, replicates=50):
        *lines, last = agreement.same_in_python(result).strip().splitlines()
        names: dict[str, object] = {}
        exec("\n".join([*lines, f"again = {last}"]), names)
        again = names["again"]
        assert isinstance(again, agreement.Result)
        assert (again.value, again.low, again.high, again.reason) == (
            result.value,
            result.low,
            result.high,
            result.reason,
        )


def a_study(dyads: dict[str, str], **coded_at: int | None) -> agreement.Study:
    rating = {"s1": (4, 3, 5), "s2": (2, 2, 1), "s3": (5, 4, 4), "s4": (1, 3, 2)}
    return agreement.Study(
        tuple(
            agreement.RaterCoding(
                session,
                rater,
                events=events("r..w" if (value + at) % 2 else "..rw"),
                ratings=(Rating("bond", 0, float(value)),),
                windows=(TimeSpan(0, 4000),),
                dyad=dyads.get(session, ""),
                coded_at=None if coded_at.get(rater) is None else coded_at[rater] + int(session[1]) * 40 * DAY,
            )
            for session, values in rating.items()
            for at, (rater, value) in enumerate(zip(("anna", "ben", "key"), values, strict=True))
        )
    )


DYADS = {"s1": "d1", "s2": "d1", "s3": "d2", "s4": "d2"}


@pytest.mark.parametrize("way", ["ratings", "bins"])
def test_units_of_codings_know_their_dyad_and_day(way: str) -> None:
    study = a_study(DYADS, anna=0, ben=5, key=900 * DAY)
    what = "bond" if way == "ratings" else "rupture"
    data = agreement.units(study, way, what, criterion="key")
    assert set(zip(data.sessions, data.groups, strict=True)) == set(DYADS.items())
    assert set(data.dates) == {40 * DAY * s + 5 for s in range(1, 5)}  # the later rater's, not the criterion's
    assert data.criterion == "key"
    assert agreement.units(a_study({"s1": "d1"}), way, what).groups == ()
    with pytest.raises(agreement.InputProblems, match="the criterion is 'zoe'"):
        agreement.units(study, way, what, criterion="zoe")


@pytest.mark.parametrize("way", ["ratings", "bins"])
def test_the_exported_tables_hold_dyads_and_days(way: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    study = a_study(DYADS, anna=0, ben=5, key=7)
    agreement.ratings_frame(study).to_csv(tmp_path / "ratings.csv", index=False)
    agreement.events_frame(study).to_csv(tmp_path / "events.csv", index=False)
    monkeypatch.chdir(tmp_path)
    data = agreement.units(study, way, "bond" if way == "ratings" else "rupture", criterion="key")
    ids = ["criterion", "drift", *(["generalizability"] if way == "ratings" else [])]
    for pair in (data.only("anna", "key"), data):
        for result in agreement.compute_all(ids, pair, replicates=50):
            *lines, last = agreement.same_in_python(result).strip().splitlines()
            names: dict[str, object] = {}
            exec("\n".join([*lines, f"again = {last}"]), names)
            again = names["again"]
            assert isinstance(again, agreement.Result)
            assert (again.value, again.low, again.reason) == (result.value, result.low, result.reason)


def test_a_coefficient_that_needs_facts_is_offered_only_where_they_are_known() -> None:
    table = [[1, 2, 3, 4], [1, 2, 4, 4]]
    without = agreement.reliability(table, level="interval")
    dated = agreement.reliability(table, level="interval", dates=[1, 2, 3, 4], criterion="rater 1")
    assert {"criterion", "drift"} & set(agreement.fitting(without)) == set()
    assert {"criterion", "drift"} <= set(agreement.fitting(dated))
