"""Studies, participants, consents and sessions."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, insert, or_, select, update

from workbench.model.access import SessionFacts
from workbench.model.coding import CodingState
from workbench.model.consent import Consent, Scope, missing_consent
from workbench.model.ids import new_id, now_ms
from workbench.model.people import Participant, ParticipantKind
from workbench.model.session import Session, SessionParticipant, Study
from workbench.store.among import among
from workbench.store.tables import (
    assignment,
    coding,
    consent,
    definition,
    participant,
    session,
    session_participant,
    study,
)


class CodeTaken(ValueError):
    """Something has this code already."""


def add_study(
    connection: Connection,
    name: str,
    description: str = "",
    *,
    fictional: bool = False,
    blinded: bool = True,
    score_of_record: str = "mean",
) -> Study:
    """A new study. Raises CodeTaken when the name is in use."""
    if connection.execute(select(study.c.id).where(study.c.name == name)).first():
        raise CodeTaken(f"A study called {name} exists already.")
    values = {
        "id": new_id(),
        "name": name,
        "description": description,
        "fictional": int(fictional),
        "blinded": int(blinded),
        "score_of_record": score_of_record,
        "created_at": now_ms(),
    }
    connection.execute(insert(study).values(**values))
    return get_study(connection, str(values["id"]))


def get_study(connection: Connection, study_id: str) -> Study:
    """The study of that id. Raises KeyError."""
    row = connection.execute(select(study).where(study.c.id == study_id)).mappings().first()
    if row is None:
        raise KeyError(study_id)
    return _study(dict(row))


def studies(connection: Connection) -> list[Study]:
    return [_study(dict(row)) for row in connection.execute(select(study).order_by(study.c.created_at)).mappings()]


def _study(row: dict[str, object]) -> Study:
    return Study(**{**row, "fictional": bool(row["fictional"]), "blinded": bool(row["blinded"])})  # type: ignore[arg-type]


def add_participant(
    connection: Connection, code: str, kind: ParticipantKind, person_id: str | None = None
) -> Participant:
    """A new participant. Raises CodeTaken when the code is in use."""
    if find_participant(connection, code):
        raise CodeTaken(f"A participant with the code {code} exists already.")
    participant_id = new_id()
    connection.execute(insert(participant).values(id=participant_id, code=code, kind=kind.value, person_id=person_id))
    return Participant(participant_id, code, kind, person_id)


def find_participant(connection: Connection, code: str) -> Participant | None:
    row = connection.execute(select(participant).where(participant.c.code == code)).first()
    return Participant(row.id, row.code, ParticipantKind(row.kind), row.person_id) if row else None


def participants(connection: Connection, kind: ParticipantKind | None = None) -> list[Participant]:
    query = select(participant).order_by(participant.c.code)
    if kind is not None:
        query = query.where(participant.c.kind == kind.value)
    return [Participant(r.id, r.code, ParticipantKind(r.kind), r.person_id) for r in connection.execute(query)]


def add_session(
    connection: Connection,
    study_id: str,
    code: str,
    participant_ids: Iterable[str],
    *,
    title: str = "",
    held_at: int | None = None,
    setting: str = "",
    fictional: bool = False,
    number: int | None = None,
) -> Session:
    """A new session. Its number counts on from the sessions of the same participants when not given.

    Raises CodeTaken when the code is in use.
    """
    if connection.execute(select(session.c.id).where(session.c.code == code)).first():
        raise CodeTaken(f"A session with the code {code} exists already.")
    members = sorted(set(participant_ids))
    if number is None:
        number = 1 + _sessions_together(connection, members)
    session_id = new_id()
    connection.execute(
        insert(session).values(
            id=session_id,
            study_id=study_id,
            code=code,
            title=title or code,
            number=number,
            held_at=now_ms() if held_at is None else held_at,
            setting=setting,
            fictional=int(fictional),
        )
    )
    for member in members:
        connection.execute(insert(session_participant).values(session_id=session_id, participant_id=member))
    return get_session(connection, session_id)


def _sessions_together(connection: Connection, members: list[str]) -> int:
    together = (
        select(session_participant.c.session_id)
        .where(session_participant.c.participant_id.in_(members))
        .group_by(session_participant.c.session_id)
        .having(func.count() == len(members))
        .subquery()
    )
    return connection.execute(select(func.count()).select_from(together)).scalar_one() if members else 0


def get_session(connection: Connection, session_id: str) -> Session:
    """The session of that id. Raises KeyError."""
    found = sessions(connection, ids=[session_id])
    if not found:
        raise KeyError(session_id)
    return found[0]


def sessions(
    connection: Connection,
    *,
    ids: Iterable[str] | None = None,
    code: str | None = None,
    study_id: str | None = None,
    participant_id: str | None = None,
) -> list[Session]:
    """Sessions by date and code, those that match every filter given."""
    query = select(session, study.c.name.label("study_name")).join(study).order_by(session.c.held_at, session.c.code)
    if ids is not None:
        query = query.where(among(session.c.id, ids))
    if code is not None:
        query = query.where(session.c.code == code)
    if study_id is not None:
        query = query.where(session.c.study_id == study_id)
    if participant_id is not None:
        with_them = select(session_participant.c.session_id).where(
            session_participant.c.participant_id == participant_id
        )
        query = query.where(session.c.id.in_(with_them))
    rows = list(connection.execute(query).mappings())
    members: dict[str, list[SessionParticipant]] = {}
    joined = (
        select(session_participant.c.session_id, participant)
        .join(participant, participant.c.id == session_participant.c.participant_id)
        .where(among(session_participant.c.session_id, [r["id"] for r in rows]))
        .order_by(participant.c.code)
    )
    for member in connection.execute(joined):
        members.setdefault(member.session_id, []).append(
            SessionParticipant(member.id, member.code, ParticipantKind(member.kind))
        )
    return [
        Session(
            **{**row, "fictional": bool(row["fictional"])},
            participants=tuple(members.get(str(row["id"]), ())),
        )
        for row in map(dict, rows)
    ]


def add_consent(
    connection: Connection,
    participant_id: str,
    scopes: Iterable[Scope],
    statement: str,
    *,
    session_id: str | None = None,
    given_at: int | None = None,
    until: int | None = None,
    document_hash: str | None = None,
    recorded_by: str | None = None,
) -> Consent:
    """Record a consent. `session_id` None: for every session of the participant."""
    now = now_ms()
    consent_id = new_id()
    given = now if given_at is None else given_at
    wanted = frozenset(scopes)
    connection.execute(
        insert(consent).values(
            id=consent_id,
            participant_id=participant_id,
            session_id=session_id,
            scopes=json.dumps(sorted(wanted)),
            statement=statement,
            document_hash=document_hash,
            given_at=given,
            until=until,
            recorded_by=recorded_by,
            recorded_at=now,
        )
    )
    return Consent(consent_id, participant_id, wanted, statement, given, until, session_id)


def withdraw_consent(connection: Connection, consent_id: str, at: int) -> None:
    connection.execute(update(consent).where(consent.c.id == consent_id).values(withdrawn_at=at))


def consents(connection: Connection, session_id: str) -> list[Consent]:
    """Every consent that concerns a session, withdrawn ones included, oldest first."""
    return consents_of(connection, [session_id])[session_id]


def consents_of(connection: Connection, session_ids: Iterable[str]) -> dict[str, list[Consent]]:
    """Every consent that concerns each of several sessions, by session id, oldest first."""
    found: dict[str, list[Consent]] = {i: [] for i in session_ids}
    rows = connection.execute(_CONSENTS, {"ids": json.dumps(sorted(found))})
    known: dict[str, Consent] = {}
    for r in rows:
        if r.id not in known:
            scopes = frozenset(Scope(s) for s in json.loads(r.scopes))
            known[r.id] = Consent(
                r.id, r.participant_id, scopes, r.statement, r.given_at, r.until, r.session_id, r.withdrawn_at
            )
        found[r.concerns].append(known[r.id])
    return found


def facts(connection: Connection, session_id: str, at: int | None = None) -> SessionFacts | None:
    """What `authorize` needs to know of a session; None when there is no such session."""
    return facts_of(connection, [session_id], at).get(session_id)


def facts_of(connection: Connection, session_ids: Iterable[str], at: int | None = None) -> dict[str, SessionFacts]:
    """What `authorize` needs to know of sessions, by id, in the same number of queries however many
    they are. Sessions that do not exist are left out."""
    when = now_ms() if at is None else at
    asked = {"ids": json.dumps(sorted(set(session_ids)))}
    members: dict[str, list[Participant]] = {}
    for m in connection.execute(_MEMBERS, asked):
        here = members.setdefault(m.session_id, [])
        if m.id is not None:
            here.append(Participant(m.id, m.code, ParticipantKind(m.kind), m.person_id))
    assigned = list(connection.execute(_ASSIGNED, asked))
    unfinished = [a for a in assigned if a.state in (None, CodingState.DRAFT.value)]
    raters: dict[str, set[str]] = {i: set() for i in members}
    still: dict[str, set[str]] = {}
    for a in assigned:
        raters[a.session_id].add(a.rater_id)
    for u in unfinished:
        still.setdefault(u.session_id, set()).add(u.rater_id)
    to_take_back = [a for a in assigned if a.state == CodingState.SUBMITTED.value]
    given, by_ear = consents_of(connection, members), _by_ear(connection, [*unfinished, *to_take_back])
    return {
        i: _facts(i, members[i], given[i], raters[i], by_ear.get(i, set()), still.get(i, set()), when) for i in members
    }


# Asked for with each request of a player and each operation of a rater: put together once.
_IDS = select(func.json_each(bindparam("ids")).table_valued("value").c.value)
_MEMBERS = (
    select(session.c.id.label("session_id"), participant)
    .outerjoin(session_participant, session_participant.c.session_id == session.c.id)
    .outerjoin(participant, participant.c.id == session_participant.c.participant_id)
    .where(session.c.id.in_(_IDS))
)
_ASSIGNED = (
    select(assignment.c.session_id, assignment.c.rater_id, assignment.c.scheme_hash, coding.c.state)
    .outerjoin(coding, coding.c.assignment_id == assignment.c.id)
    .where(assignment.c.session_id.in_(_IDS))
)
_CONSENTS = (
    select(session_participant.c.session_id.label("concerns"), consent)
    .join(consent, consent.c.participant_id == session_participant.c.participant_id)
    .where(session_participant.c.session_id.in_(_IDS))
    .where(or_(consent.c.session_id.is_(None), consent.c.session_id == session_participant.c.session_id))
    .order_by(consent.c.recorded_at, consent.c.id)
)
_hiding: dict[str, bool] = {}  # scheme hash → whether it hides the transcript; what lies under a hash never changes


def _by_ear(connection: Connection, assigned: Iterable[Row[Any]]) -> dict[str, set[str]]:
    """Of these assignments the raters whose scheme hides the transcript, by session."""
    assigned = list(assigned)
    if new := {a.scheme_hash for a in assigned} - _hiding.keys():
        schemes = connection.execute(select(definition.c.hash, definition.c.body).where(definition.c.hash.in_(new)))
        _hiding.update({s.hash: not json.loads(s.body).get("show_transcript", True) for s in schemes})
    found: dict[str, set[str]] = {}
    for a in assigned:
        if _hiding[a.scheme_hash]:
            found.setdefault(a.session_id, set()).add(a.rater_id)
    return found


def _facts(
    session_id: str,
    members: list[Participant],
    given: list[Consent],
    raters: set[str],
    by_ear: set[str],
    unfinished: set[str],
    at: int,
) -> SessionFacts:
    ids = [p.id for p in members]
    consented = frozenset(s for s in Scope if ids and not missing_consent(ids, given, s, session_id, at))
    providers = {p.person_id for p in members if p.kind is ParticipantKind.PROVIDER and p.person_id}
    return SessionFacts(
        session_id,
        consented,
        frozenset(raters),
        frozenset(providers),
        frozenset(by_ear),
        frozenset(unfinished),
    )
