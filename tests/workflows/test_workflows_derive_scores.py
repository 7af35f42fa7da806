"""Derived scores of a session: who is shown them, what it does to the codings, and how they leave in an export."""

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
from tests.workflows.test_workflows_observed import coded
from workbench.model.coding import CodingState
from workbench.model.people import Person
from workbench.schemes import shipped_schemes
from workbench.schemes.canonical import identified
from workbench.store import codings
from workbench.workflows import assign, derive_scores, export, keep_definition

Operation = Callable[..., dict[str, Any]]


@pytest.fixture
def done(clinic: Clinic, operation: Operation) -> Clinic:
    """Ada saw one rupture and repaired it, Bo saw nothing of either."""
    ratings = [operation("rate", values={"scale": r.id, "value": r.low}) for r in clinic.scheme.ratings]
    rupture = operation(code="rupture_withdrawal", start_ms=10_000, end_ms=20_000)
    repair = operation(code="repair", start_ms=40_000, end_ms=45_000)
    coded(clinic, clinic.observer, [rupture, repair, *ratings])
    coded(clinic, clinic.second, [operation("rate", values=dict(r["values"])) for r in ratings])
    return clinic


def test_scores_stand_side_by_side_with_reasons_where_there_are_none(done: Clinic) -> None:
    shown = derive_scores.with_scores(done.workspace, done.supervisor, done.session.id)
    (scores,) = derive_scores.derived(done.workspace, done.supervisor, shown)
    ada, bo = ({v.score.id: v for v in coding.values} for coding in scores.codings)
    assert (ada["ruptures"].value, bo["ruptures"].value) == (1, 0)
    assert ada["ruptures_per_hour"].value == pytest.approx(15), "one in four minutes"
    assert (ada["repaired_soon"].value, ada["alliance_mean"].value) == (100, done.scheme.ratings[0].low)
    assert bo["repaired_soon"].value is None and "was not seen" in bo["repaired_soon"].reason


def test_that_scores_could_be_shown_locks_nothing_and_showing_them_does(done: Clinic) -> None:
    def states() -> set[CodingState]:
        with done.workspace.reading() as connection:
            return {c.state for c in codings.codings(connection, None, session_ids=[done.session.id])}

    shown = derive_scores.with_scores(done.workspace, done.supervisor, done.session.id)
    assert len(shown) == 2 and states() == {CodingState.SUBMITTED}
    derive_scores.derived(done.workspace, done.supervisor, shown)
    assert states() == {CodingState.LOCKED}


def test_who_still_codes_the_session_on_another_scheme_sees_the_scores_of_nobody_else(done: Clinic) -> None:
    def shown_to(person: Person) -> set[str]:
        return {c.rater_id for c in derive_scores.with_scores(done.workspace, person, done.session.id)}

    assert shown_to(done.observer) == {done.observer.id}, "raters see their own"
    assert shown_to(done.supervisor) == {done.observer.id, done.second.id}
    other = keep_definition.keep_scheme(done.workspace, None, shipped_schemes()["rupture_repair"])
    assign.assign(done.workspace, None, done.session.id, done.supervisor.id, other.hash)
    assert shown_to(done.supervisor) == set()
    packed = export.export_zip(done.workspace, done.supervisor, done.session.study_id)
    assert packed.rows["derived_scores"] == 0 and packed.rows["codings"] == 2


def rows_of(packed: export.Packed) -> list[dict[str, str]]:
    with zipfile.ZipFile(io.BytesIO(packed.data)) as archive:
        name = next(n for n in archive.namelist() if n.endswith("derived_scores.csv"))
        return list(csv.DictReader(io.StringIO(archive.read(name).decode())))


#  provider  [u0 question]          [u2 question]      u2 is merged into u0, once Bo has handed in
#  patient                [u1 ]                 [u3 ]
@pytest.mark.parametrize("merged", [False, True])
def test_utterances_that_a_rater_merged_count_as_one_in_scores_and_export(
    clinic: Clinic, operation: Operation, merged: bool
) -> None:
    transcribe(clinic)
    shipped = replace(shipped_schemes()["mi_integrity"], name="questions", units_of=(), ratings=(), rules=(), passes=())
    share = tuple(s for s in shipped.scores if s.id in ("reflections", "reflections_to_questions"))  # 1 to 2, or 1 to 1
    scheme = keep_definition.keep_scheme(clinic.workspace, None, identified(replace(shipped, scores=share)))
    batch = [
        operation(code=said, start_ms=20_000 * n, end_ms=20_000 * n + 20_000, values={"unit": f"u{n}"})
        for n, said in enumerate(("question", "simple_reflection", "question", "other"))
    ]
    batch += [operation("boundary", values={"unit": "u2", "starts": False})] if merged else []
    coded(clinic, clinic.observer, batch, scheme.hash)
    shown = derive_scores.with_scores(clinic.workspace, clinic.supervisor, clinic.session.id)
    ((of_ada,),) = (s.codings for s in derive_scores.derived(clinic.workspace, clinic.supervisor, shown))
    ratio = of_ada.values[1]
    assert (ratio.value, ratio.n_events) == ((1, 2) if merged else (0.5, 3))
    exported = rows_of(export.export_zip(clinic.workspace, clinic.supervisor, clinic.session.study_id))[1]
    assert (float(exported["value"]), exported["n_events"]) == (ratio.value, str(ratio.n_events))


def test_the_export_says_of_each_score_what_it_is_and_what_it_rests_on(done: Clinic) -> None:
    rows = rows_of(export.export_zip(done.workspace, done.supervisor, done.session.study_id))
    ada = {r["score"]: r for r in rows if r["rater"] == "ada"}
    repaired, mean, hourly = ada["repaired_soon"], ada["alliance_mean"], ada["ruptures_per_hour"]
    assert (repaired["kind"], repaired["unit"], repaired["n_events"], repaired["left_out"]) == (
        "sequence",
        "percent",
        "1",
        "0",
    )
    assert (mean["unit"], mean["n_ratings"], mean["n_ratings_asked"], mean["left_out"]) == (
        "scale points",
        "3",
        "3",
        "",
    )
    assert (hourly["unit"], hourly["observed_ms"]) == ("events in 60 min", "240000")
    assert {r["coding_state"] for r in rows} == {"submitted"}


def test_the_export_holds_every_score_with_the_scheme_that_defines_it(done: Clinic) -> None:
    rows = rows_of(export.export_zip(done.workspace, done.supervisor, done.session.study_id))
    assert len(rows) == 2 * len(done.scheme.scores) and {r["scheme_hash"] for r in rows} == {done.scheme.hash}
    reasons = [r["reason"] for r in rows if r["score"] == "repaired_soon"]
    assert sorted(bool(r) for r in reasons) == [False, True]
