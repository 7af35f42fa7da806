"""What could not be observed is no code: no part of rates, taken out of agreement, in a table of its own."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tests.clinic import Clinic
from tests.workflows.test_workflows_check_coding import transcribe
from workbench.model.coding import NOT_OBSERVABLE
from workbench.model.people import Person
from workbench.model.scheme import CodeKind, CodingScheme
from workbench.model.span import TimeSpan
from workbench.schemes.canonical import identified
from workbench.workflows import (
    agree,
    assign,
    code,
    compare_raters,
    export,
    keep_definition,
    lay_beside,
    measure_agreement,
    review,
    score,
)

Operation = Callable[..., dict[str, Any]]


def coded(clinic: Clinic, rater: Person, batch: list[dict[str, Any]], scheme_hash: str = "") -> str:
    made = assign.assign(clinic.workspace, None, clinic.session.id, rater.id, scheme_hash or clinic.scheme.hash)
    coding_id = code.open_coding(clinic.workspace, rater, made.id).coding.id
    assert not code.write_operations(clinic.workspace, rater, coding_id, batch).result(10).refused
    code.submit(clinic.workspace, rater, coding_id)
    return coding_id


#  seconds  0        20        40        60 ... 240
#  Ada      p(10)    [frozen 30–50]      p(100)
#  Bo       p(10)         p(40)          p(100)
@pytest.fixture
def both(clinic: Clinic, operation: Operation) -> Clinic:
    point = next(c.id for c in clinic.scheme.codes if c.kind is CodeKind.POINT)
    rated = [{"scale": r.id, "value": r.low} for r in clinic.scheme.ratings]
    dark = operation(
        code=NOT_OBSERVABLE, start_ms=30_000, end_ms=50_000, values={"modifiers": ["reason:frozen"], "comment": "=x"}
    )
    unsure = {"unsure": True, "question": "=HYPERLINK(1)", "second_choice": point, "who": "patient", "lag_ms": 300}
    for rater, more in (
        (clinic.observer, [dark, operation(code=point, start_ms=100_000, values=unsure)]),
        (clinic.second, [operation(code=point, start_ms=ms) for ms in (40_000, 100_000)]),
    ):
        ratings = [operation("rate", values=v) for v in rated]
        coded(clinic, rater, [operation(code=point, start_ms=10_000), *more, *ratings])
    return clinic


def test_agreement_is_about_what_both_could_observe(both: Clinic) -> None:
    chosen = agree.material(both.workspace, both.supervisor, agree.Choice())
    ada, bo = (chosen.study.coding("S001", r) for r in ("ada", "bo"))
    assert ada is not None and bo is not None
    assert ada.not_observable == (TimeSpan(30_000, 50_000),) and bo.not_observable == ()
    assert NOT_OBSERVABLE not in chosen.study.codes
    [pair] = compare_raters.seen_in_pairs(chosen)
    assert [pair.hits, pair.total] == [2, 2]
    at_once, *each = measure_agreement.codes(chosen, measure_agreement.usual(chosen))
    assert at_once.used == sum(s.used for s in each) == 5


def test_side_by_side_nothing_is_missed_where_one_could_not_look(both: Clinic) -> None:
    found = review.side_by_side(both.workspace, both.supervisor, both.session.id)
    assert found.summary == "Ada and Bo agree on 2 of 2"
    said = [(m.event.start_ms, m.mark, m.note) for m in found.lanes[1].events]
    assert (40_000, None, lay_beside.NOT_SEEN_BY_BOTH) in said
    assert [[(e.start_ms, e.end_ms) for e in lane.not_observable] for lane in found.lanes] == [[(30_000, 50_000)], []]


def test_rates_are_of_the_observed_time(both: Clinic) -> None:
    scored = score.study_scores(both.workspace, both.supervisor, both.session.study_id)
    assert [s.observed_ms for s in scored] == [240_000]  # Bo's: the rater who observed most
    tables = unzipped(both)
    seen = {row["rater"]: (row["window_ms"], row["observed_ms"]) for row in tables["codings"]}
    assert seen == {"ada": ("240000", "220000"), "bo": ("240000", "240000")}


def unzipped(clinic: Clinic) -> dict[str, list[dict[str, str]]]:
    packed = export.export_zip(clinic.workspace, clinic.supervisor, clinic.session.study_id)
    with zipfile.ZipFile(io.BytesIO(packed.data)) as archive:
        return {
            name.split("/")[1].removesuffix(".csv"): list(
                csv.DictReader(io.StringIO(archive.read(name).decode("utf-8-sig")))
            )
            for name in archive.namelist()
            if name.endswith(".csv")
        }


def test_an_export_says_all_of_an_event_and_no_formula_runs(both: Clinic) -> None:
    tables = unzipped(both)
    assert len(tables["events"]) == 5 and NOT_OBSERVABLE not in {row["code"] for row in tables["events"]}
    [asked] = [row for row in tables["events"] if row["unsure"] == "true"]
    assert asked["question"] == "'=HYPERLINK(1)" and asked["second_choice"] == asked["code"]
    assert (asked["who"], asked["whom"], asked["unit"], asked["lag_ms"]) == ("patient", "", "", "300")
    [dark] = tables["not_observable"]
    assert (dark["rater"], dark["start_ms"], dark["end_ms"], dark["reason"]) == ("ada", "30000", "50000", "frozen")
    assert dark["comment"] == "'=x"
    explained = {(row["table"], row["column"]) for row in tables["codebook"]}
    assert {("events", c) for c in asked} | {("not_observable", c) for c in dark} <= explained


def test_evidence_that_was_taken_away_with_its_event_is_not_exported(clinic: Clinic, operation: Operation) -> None:
    point, scale = next(c.id for c in clinic.scheme.codes if c.kind is CodeKind.POINT), clinic.scheme.ratings[0].id
    kept, gone = operation(code=point, start_ms=10_000), operation(code=point, start_ms=20_000)
    batch = [
        *(operation("rate", values={"scale": r.id, "value": r.low}) for r in clinic.scheme.ratings),
        kept,
        gone,
        *(operation("link", values={"scale": scale, "event": e["event"]}) for e in (kept, gone)),
        operation("amend", event=gone["event"], values={"deleted": True}),
    ]
    coded(clinic, clinic.observer, batch)
    assert [row["event"] for row in unzipped(clinic)["evidence"]] == [kept["event"]]


def by_utterance(clinic: Clinic) -> CodingScheme:
    made = replace(clinic.scheme, name="by_utterance", ratings=(), unit="utterance", units_of=("patient",))
    return keep_definition.keep_scheme(clinic.workspace, None, identified(made))


#  units as split and merged: the patient's two utterances at 0:20 and 1:00; the provider's are not asked for
def test_where_utterances_are_coded_agreement_is_over_the_units_that_were_asked_for(
    clinic: Clinic, operation: Operation
) -> None:
    transcribe(clinic)
    point = next(c for c in clinic.scheme.codes if c.kind is CodeKind.POINT)
    scheme = by_utterance(clinic)
    for rater in (clinic.observer, clinic.second):
        batch = [
            operation(code=point.id, start_ms=start, end_ms=start + 20_000, values={"unit": unit})
            for start, unit in ((20_000, "u1"), (60_000, "u3"))
        ]
        coded(clinic, rater, batch, scheme.hash)
    chosen = agree.material(clinic.workspace, clinic.supervisor, agree.Choice())
    ada = chosen.study.coding("S001", "ada")
    assert ada is not None
    assert ada.utterances == (TimeSpan(20_000, 40_000), TimeSpan(60_000, 80_000))
    assert [(e.start_ms, e.end_ms) for e in ada.events] == [(20_000, 40_000), (60_000, 80_000)]


def test_a_merged_unit_is_compared_as_one(clinic: Clinic, operation: Operation) -> None:
    transcribe(clinic)
    point = next(c for c in clinic.scheme.codes if c.kind is CodeKind.POINT)
    scheme = by_utterance(clinic)
    for rater in (clinic.observer, clinic.second):
        merge = operation("boundary", values={"unit": "u3", "starts": False})
        whole = operation(code=point.id, start_ms=20_000, end_ms=40_000, values={"unit": "u1"})
        coded(clinic, rater, [whole, merge], scheme.hash)
    ada = agree.material(clinic.workspace, clinic.supervisor, agree.Choice()).study.coding("S001", "ada")
    assert ada is not None and ada.utterances == (TimeSpan(20_000, 80_000),)
    assert [(e.start_ms, e.end_ms) for e in ada.events] == [(20_000, 80_000)]


#  the patient's utterances at 0:20 and 1:00, coded crosswise, and a tolerance that reaches from one to the other
def test_where_utterances_are_coded_two_raters_agree_by_utterance_and_not_by_time(
    clinic: Clinic, operation: Operation
) -> None:
    transcribe(clinic)
    one, other = [c for c in clinic.scheme.codes if c.kind is CodeKind.POINT][:2]
    made = replace(clinic.scheme, name="far", ratings=(), unit="utterance", units_of=("patient",), tolerance_ms=60_000)
    scheme = keep_definition.keep_scheme(clinic.workspace, None, identified(made))
    for rater, codes in ((clinic.observer, (one, other)), (clinic.second, (other, one))):
        batch = [
            operation(code=code.id, start_ms=start, end_ms=start + 20_000, values={"unit": unit})
            for code, start, unit in zip(codes, (20_000, 60_000), ("u1", "u3"), strict=True)
        ]
        coded(clinic, rater, batch, scheme.hash)
    chosen = agree.material(clinic.workspace, clinic.supervisor, agree.Choice())
    [pair] = compare_raters.seen_in_pairs(chosen)
    assert (pair.hits, pair.total) == (0, 2)
    assert [d.at_ms for d in compare_raters.differences(chosen, pair)] == [20_000, 60_000]
    seen = review.side_by_side(clinic.workspace, clinic.supervisor, clinic.session.id)
    assert {m.mark for lane in seen.lanes for m in lane.events} == {"differs"}
