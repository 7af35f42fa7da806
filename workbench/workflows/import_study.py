"""Taking in a finished study that is described in one JSON file: all of it or nothing.

The format is that of `sample_media/fictional_study/make_study.py`, whose docstring describes it.
"""

from __future__ import annotations

import datetime as dt
import json
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from workbench import schemes
from workbench.model.assignment import Purpose
from workbench.model.coding import Operation, OperationKind
from workbench.model.consent import Scope
from workbench.model.ids import new_id
from workbench.model.instrument import Instrument, Perspective
from workbench.model.people import ParticipantKind, Role
from workbench.model.scheme import CodingScheme
from workbench.model.session import Session, Study
from workbench.model.span import TimeSpan
from workbench.store import assignments, codings, forms, people, sessions
from workbench.store.workspace import Connection, Workspace
from workbench.workflows.keep_definition import keep_instrument, keep_scheme
from workbench.workflows.refusal import Refused
from workbench.workflows.sign_in import hash_password

FICTIONAL = "Fictional: no such person exists, so there was nobody to ask."
_MINUTE_MS = 60_000


def import_study(workspace: Workspace, path: Path) -> Study:
    """Take in the study of a JSON file with its people, sessions, codings and forms.

    Its raters get accounts that nobody can sign in to. Raises Refused when the file does not fit, a
    code is in use, or a scheme is not among the shipped ones; then nothing was taken in.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        about = data["study"]
        scheme = keep_scheme(workspace, None, schemes.shipped_schemes()[about["scheme"]])
        instruments = {
            Perspective(p): keep_instrument(workspace, None, schemes.shipped_instruments()[name])
            for p, name in about["instruments"].items()
        }
        detail = {"name": about["title"], "sessions": len(data["sessions"])}
        with workspace.changing(None, "study.import", "study", None, detail) as connection:
            return _take_in(connection, data, scheme, instruments)
    except (OSError, json.JSONDecodeError, KeyError, TypeError, ValueError) as error:
        raise Refused(f"{path.name} is not a study this program can take in: {error}. Nothing was taken in.") from None


def _take_in(
    connection: Connection, data: Mapping[str, Any], scheme: CodingScheme, instruments: Mapping[Perspective, Instrument]
) -> Study:
    about = data["study"]
    study = sessions.add_study(
        connection,
        about["title"],
        about["description"],
        fictional=about["fictional"],
        blinded=about["blinded"],
        score_of_record=about["score_of_record"],
    )
    raters = {r["code"]: _rater(connection, r) for r in about["raters"]}
    members = {
        entry["code"]: sessions.add_participant(connection, entry["code"], kind).id
        for kind, listed in ((ParticipantKind.PROVIDER, "providers"), (ParticipantKind.PATIENT, "patients"))
        for entry in data[listed]
    }
    for code in members.values():
        sessions.add_consent(connection, code, Scope, FICTIONAL, given_at=0)
    for entry in data["sessions"]:
        session = sessions.add_session(
            connection,
            study.id,
            entry["code"],
            [members[entry["provider"]], members[entry["patient"]]],
            title=f"{entry['patient']}, session {entry['number']}",
            held_at=instant(entry["held_on"]),
            setting=entry.get("setting", ""),
            fictional=about["fictional"],
            number=entry["number"],
        )
        for coded in entry["codings"]:
            add_coding(
                connection,
                session,
                raters[coded["rater"]],
                scheme,
                [TimeSpan(a, b) for a, b in entry["windows"]],
                coded,
                instant(coded["submitted_at"]),
            )
        for name, answers in entry["responses"].items():
            perspective = Perspective(name)
            add_answered_form(connection, session, members[entry[name]], perspective, instruments[perspective], answers)
    return study


def _rater(connection: Connection, rater: Mapping[str, Any]) -> str:
    login_name = f"fictional-{rater['code'].lower()}"
    made = people.add(connection, login_name, rater["name"], hash_password(secrets.token_urlsafe(24)), [Role.OBSERVER])
    return made.id


def add_coding(
    connection: Connection,
    session: Session,
    rater_id: str,
    scheme: CodingScheme,
    windows: list[TimeSpan],
    coded: Mapping[str, Any],
    submitted_at: int,
    purpose: Purpose = Purpose.STUDY,
    transcript_id: str | None = None,
) -> str:
    """A submitted coding from `coded["events"]` and `coded["ratings"]`; returns its id.

    In a criterion coding, an event marked unsure is one that is defensible either way.

    Raises KeyError for a code or scale that the scheme lacks.
    """
    assignment = assignments.add(
        connection, session.id, rater_id, scheme.hash, windows, purpose=purpose, transcript_id=transcript_id
    )
    coding = codings.get(connection, codings.start(connection, assignment))
    assert coding is not None
    operations = []
    for event in coded["events"]:
        scheme.code(event["code"])
        said = event.get("comment") or event.get("rationale")
        operations.append(
            Operation(
                new_id(),
                OperationKind.ADD,
                submitted_at,
                event=new_id(),
                code=event["code"],
                start_ms=event["start_ms"],
                end_ms=event["end_ms"],
                values={"comment": said or "", "unsure": event.get("unsure", False)},
            )
        )
    for rating in coded["ratings"]:
        scheme.rating(rating["scale"])
        values = {
            "scale": rating["scale"],
            "segment": rating.get("segment", 0),
            "value": rating["value"],
            "no_evidence": rating["no_evidence"],
            "person": rating.get("person", ""),
        }
        operations.append(Operation(new_id(), OperationKind.RATE, submitted_at, values=values))
    codings.append(connection, coding, operations, at=submitted_at)
    codings.submit(connection, coding.id, submitted_at)
    return coding.id


def add_answered_form(
    connection: Connection,
    session: Session,
    participant_id: str,
    perspective: Perspective,
    instrument: Instrument,
    answers: Mapping[str, int],
) -> None:
    """A form that was filled in a few minutes after the session."""
    unknown = set(answers) - {i.id for i in instrument.items}
    if unknown:
        raise KeyError(f"{instrument.name} has no item {', '.join(sorted(unknown))}")
    form = forms.issue(
        connection, session.id, participant_id, perspective, instrument.hash, token_hash=None, expires_at=None
    )
    forms.answer(connection, form, answers, session.held_at + 55 * _MINUTE_MS)


def instant(text: str) -> int:
    """UTC milliseconds of an ISO date (noon) or instant."""
    if len(text) == 10:
        text += "T12:00:00+00:00"
    return int(dt.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp() * 1000)
