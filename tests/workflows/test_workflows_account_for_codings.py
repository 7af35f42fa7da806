"""Where the codings of a report come from: what was chosen, what is not counted, who was blind, the criterion."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.app.house import House
from workbench.model.assignment import Purpose
from workbench.model.consent import Scope
from workbench.model.span import TimeSpan
from workbench.store import sessions
from workbench.workflows import account_for_codings as account
from workbench.workflows import import_study, record_consent
from workbench.workflows import report_agreement as work
from workbench.workflows.account_for_codings import Accounted, account_for
from workbench.workflows.agree import Choice, material
from workbench.workflows.export import shareable
from workbench.workflows.report_agreement import Asked, Report

FEW = Asked(replicates=0, coefficients=("percent_agreement",))


@pytest.fixture(scope="module")
def house(built_study: House) -> House:
    return built_study


def accounted(house: House, name: str, choice: Choice | None = None) -> Accounted:
    person, asked = house.people[name], choice or Choice()
    chosen = material(house.workspace, person, asked)
    return account_for(house.workspace, person, asked, chosen, shareable(house.workspace, chosen))


def part(house: House) -> Choice:
    """Two raters of three, on five sessions."""
    chosen = material(house.workspace, house.people["imre"], Choice())
    raters = tuple(r.id for r in chosen.raters[:2])
    return Choice(session_ids=tuple(s.id for s in chosen.sessions[:5]), rater_ids=raters)


def html(report: Report) -> str:
    return report.files["agreement.html"].decode()


def word_text(report: Report) -> str:
    import io

    import docx

    file = docx.Document(io.BytesIO(report.files["agreement.docx"]))
    cells = [c.text for t in file.tables for row in t.rows for c in row.cells]
    return "\n".join([*(p.text for p in file.paragraphs), *cells])


# --- a part of the study


def test_a_report_on_everything_is_no_selection(house: House) -> None:
    assert accounted(house, "imre").selection is None
    made = work.report_agreement(house.workspace, house.people["imre"], Choice(), FEW)
    assert "selection" not in html(made) and json.loads(made.files["agreement.json"])["selection"] is None


def test_a_selection_is_said_on_the_page_in_word_and_to_programs(house: House) -> None:
    made = work.report_agreement(house.workspace, house.people["imre"], part(house), FEW)
    for said in (html(made), word_text(made)):
        assert "This is a selection by whoever made the report: 2 of 3 raters, 5 of 27 sessions." in said
    told = json.loads(made.files["agreement.json"])["selection"]
    assert (told["raters"], told["raters_of"], told["sessions"], told["sessions_of"]) == (2, 3, 5, 27)
    assert told["codings"] < told["codings_of"]


def test_a_period_is_a_selection_too(house: House) -> None:
    found = accounted(house, "imre", Choice(since=1_740_787_200_000)).selection
    assert found is not None and "codings handed in from 2025-03-01" in found.in_short
    assert found.codings < found.codings_of


def test_to_choose_all_raters_is_no_selection(house: House) -> None:
    raters = tuple(r.id for r in material(house.workspace, house.people["imre"], Choice()).raters)
    assert accounted(house, "imre", Choice(rater_ids=raters)).selection is None


# --- what is not counted


def test_what_is_not_handed_in_is_counted(house: House) -> None:
    assert accounted(house, "imre").not_counted == ((account.NOT_HANDED_IN, 1),)


def test_codings_that_the_writer_may_not_read_yet_are_counted_and_not_said_to_exist(house: House) -> None:
    counted = dict(accounted(house, "blind").not_counted)
    assert counted[account.HIDDEN] == 3  # assigned to others, whether they have begun or not
    assert counted[account.NOT_HANDED_IN] == 1  # the writer's own


def test_every_reason_stands_in_the_report(house: House) -> None:
    made = work.report_agreement(house.workspace, house.people["blind"], Choice(), FEW)
    assert "3 assigned codings of sessions that whoever made this report has still to code" in html(made)
    assert "1 assigned coding not handed in." in html(made)


# --- who was blind


@pytest.mark.parametrize(("blinded", "said"), [(1, "Raters were blind to each other"), (0, "Raters were not blind")])
def test_whether_raters_were_blind_stands_in_the_method(house: House, blinded: int, said: str) -> None:
    with house.workspace.changing(None, "study.change", "study") as connection:
        connection.execute(text("UPDATE study SET blinded = :b"), {"b": blinded})
    try:
        made = work.report_agreement(house.workspace, house.people["imre"], Choice(), FEW)
        assert said in html(made)
        assert json.loads(made.files["agreement.json"])["blinded"] is bool(blinded)
    finally:
        with house.workspace.changing(None, "study.change", "study") as connection:
            connection.execute(text("UPDATE study SET blinded = 1"))


def test_codings_that_were_handed_back_are_counted_in_the_method(house: House) -> None:
    coding_id = next(iter(material(house.workspace, house.people["imre"], Choice()).coding_ids.values()))
    with house.workspace.changing(None, "coding.reopen", "coding") as connection:
        connection.execute(text("UPDATE coding SET reopened_at = 1 WHERE id = :i"), {"i": coding_id})
    made = work.report_agreement(house.workspace, house.people["imre"], Choice(), FEW)
    assert "1 of the 75 codings was handed back to the rater and handed in once more." in html(made)


def test_the_score_of_record_of_the_study_has_its_reliability(house: House) -> None:
    made = work.report_agreement(
        house.workspace, house.people["imre"], Choice(), Asked(replicates=0, coefficients=("icc",))
    )
    for of_what in ("scores", "ratings", "rates per minute"):
        assert f"Reliability of {of_what} as the score of record, which is the mean of the session’s raters" in html(
            made
        )
    told = json.loads(made.files["agreement.json"])
    assert told["score_of_record"] == "mean"
    assert {"total"} <= {r["settings"]["what"] for r in told["results"] if r["settings"].get("score_of_record")}


# --- the criterion


@pytest.fixture()
def criterion(house: House) -> None:
    """The first session as Carla codes it: what rater R1 coded, and other ratings."""
    with house.workspace.reading() as connection:
        session = next(s for s in sessions.sessions(connection) if s.code == "F1-2")
    said = {
        "events": [{"code": house.scheme.codes[0].id, "start_ms": 920_000, "end_ms": None}],
        "ratings": [{"scale": r.id, "value": r.low, "no_evidence": False} for r in house.scheme.ratings],
    }
    with house.workspace.changing(None, "assignment.add", "session", session.id) as connection:
        import_study.add_coding(
            connection,
            session,
            house.people["carla"].id,
            house.scheme,
            [TimeSpan(900_000, 2_580_000)],
            said,
            1_750_000_000_000,
            Purpose.CRITERION,
        )


def test_raters_are_held_against_criterion_codings_and_it_can_be_computed_again(
    house: House, criterion: None, tmp_path: Path
) -> None:
    asked = Asked(replicates=0, coefficients=("criterion",))
    made = work.report_agreement(house.workspace, house.people["imre"], Choice(), asked)
    results = json.loads(made.files["agreement.json"])["results"]
    assert {r["settings"]["rater"] for r in results} == {"fictional-r1", "fictional-r2", "fictional-r3"}
    assert "Against the criterion" in html(made) and "1 session has a criterion coding" in html(made)
    assert b"criterion" not in made.files["events.csv"] and b"criterion" in made.files["criterion_events.csv"]
    assert "not for raters" in made.files["README.txt"].decode()
    work.write_report(made, tmp_path / "out")
    done = subprocess.run(
        [sys.executable, "recompute.py"],
        cwd=tmp_path / "out",
        env={"PYTHONPATH": str(Path(__file__).parents[2]), "PATH": ""},
        capture_output=True,
        text=True,
        timeout=200,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_codings_of_sessions_without_consent_to_coding_are_counted(house: House) -> None:
    before = material(house.workspace, house.people["imre"], Choice())
    last = before.sessions[-1]
    given = next(c for c in record_consent.consents(house.workspace, last.id) if Scope.CODE in c.scopes)
    record_consent.withdraw_consent(house.workspace, None, last.id, given.id)
    after = material(house.workspace, house.people["imre"], Choice())
    gone = len(before.coding_ids) - len(after.coding_ids)
    counted = dict(accounted(house, "imre").not_counted)
    assert gone and counted[account.NO_CONSENT] + counted.get(account.NOT_HANDED_IN, 0) == gone + 1
