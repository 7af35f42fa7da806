"""Parts of a study: each pair, each rater, each session, and pairs that have nothing to compare."""

from __future__ import annotations

from pathlib import Path

import pytest
from agreement_pictures import coding

import workbench.agreement as agreement
from workbench.agreement.by import Part

TEAM = agreement.Study(
    (
        coding("a", "r.r.w"),
        coding("b", "r..rw"),
        coding("c", "..rrw"),
        coding("d", "..rrw", session="s2"),
        coding("e", "..rrw", session="s2"),
    )
)
ASKED = {"bin_ms": 1000, "replicates": 0}


def test_pairs_that_share_no_session_are_counted_and_not_listed() -> None:
    said = "6 of 10 pairs of raters share no session; they are not listed."
    found = agreement.per_code(TEAM, "bins", ["rupture"], ["cohen_kappa"], **ASKED)
    assert [r.raters for r in found] == [("a", "b"), ("a", "c"), ("b", "c"), ("d", "e")]
    assert all(r.notes == (said,) for r in found)
    of_pairs = agreement.by_code(TEAM, "pair", "bins", ["rupture"], ["cohen_kappa"], **ASKED)
    assert [r.notes for r in of_pairs] == [(said,)] * 4


def test_pairs_of_a_table_that_share_no_unit_are_counted_and_not_listed() -> None:
    data = agreement.reliability([[1, 2, 1, None], [1, 2, 2, None], [None, None, None, 1]], level="nominal")
    said = ("2 of 3 pairs of raters share no unit; they are not listed.",)
    for found in (agreement.compute_all(["cohen_kappa"], data), agreement.by(data, "pair", ["cohen_kappa"])):
        assert {r.raters for r in found} == {("rater 1", "rater 2")}
        assert all(r.notes[-1:] == said for r in found)
    (asked,) = agreement.by(data, "pair", ["cohen_kappa"], of=("rater 1", "rater 3"))
    assert asked.reason == "no unit was rated by two raters"


@pytest.mark.parametrize("lines", [["r.r"], ["r.r", ".r."]])
def test_a_study_without_any_pair_has_a_reason(lines: list[str]) -> None:
    study = agreement.Study(tuple(coding("abc"[i], line, session=f"s{i}") for i, line in enumerate(lines)))
    for part in ("pair", "rater", "session"):
        found = agreement.by_code(study, part, "bins", ["rupture"], ["cohen_kappa"], **ASKED)
        assert found and all(r.value is None and r.reason for r in found)
    (whole,) = agreement.per_code(study, "bins", ["rupture"], ["cohen_kappa"], **ASKED)
    assert whole.value is None and not whole.notes


def test_each_pair_is_compared_on_the_time_the_two_shared() -> None:
    study = agreement.Study((coding("a", "r.r.wr"), coding("b", "r..rwr"), coding("c", "..rr")))
    found = {tuple(r.settings["of"]): r for r in agreement.by_code(study, "pair", "bins", ["rupture"], **ASKED)}
    assert [found["a", "b"].n_units, found["a", "c"].n_units] == [6, 4]
    whole = agreement.by_code(study, "rater", "bins", ["rupture"], ["percent_agreement"], **ASKED)
    assert {(r.settings["by"], r.settings["of"]) for r in whole} == {("rater", r) for r in "abc"}


@pytest.mark.parametrize("part", ["pair", "rater", "session"])
def test_three_lines_of_python_give_the_number_of_a_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, part: Part
) -> None:
    agreement.events_frame(TEAM).to_csv(tmp_path / "events.csv", index=False)
    monkeypatch.chdir(tmp_path)
    for found in agreement.by_code(TEAM, part, "bins", ["rupture"], ["cohen_kappa"], **ASKED):
        lines = agreement.same_in_python(found).splitlines()
        names: dict[str, agreement.Result] = {}
        exec("\n".join([*lines[:2], f"again = {lines[2]}"]), names)  # type: ignore[arg-type]
        assert names["again"].value == found.value
