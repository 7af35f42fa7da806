"""Codings: whose they are, in which state, and who may read them. What raters do is appended by
`workbench.store.operations`; what it adds up to is in `workbench.store.contents`.

`visible_to` is the row filter of blinding: the same rule as `workbench.model.access.authorize`,
as a condition of the query, so that counts and exports cannot leak what a screen would hide.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, and_, exists, insert, or_, select, update
from sqlalchemy.sql import ColumnElement

from workbench.model.access import CodingFacts
from workbench.model.assignment import Coding, Purpose
from workbench.model.coding import CodingState
from workbench.model.consent import Scope
from workbench.model.ids import new_id, now_ms
from workbench.model.people import Person, Role
from workbench.store import sessions
from workbench.store.among import among
from workbench.store.assignments import spans_of
from workbench.store.contents import content, contents, questions
from workbench.store.operations import append, keep, last_sequence, operations, sequences, undoing_alignments
from workbench.store.tables import assignment, coding, session, study

__all__ = [
    "append",
    "codings",
    "content",
    "contents",
    "facts",
    "facts_about",
    "get",
    "keep",
    "last_sequence",
    "lock",
    "make_draft",
    "operations",
    "questions",
    "sequences",
    "set_position",
    "start",
    "submit",
    "undoing_alignments",
    "visible_to",
]


def start(connection: Connection, assignment_id: str) -> str:
    """The coding of an assignment, made when there is none; returns its id."""
    found = connection.execute(select(coding.c.id).where(coding.c.assignment_id == assignment_id)).scalar()
    if found:
        return str(found)
    coding_id = new_id()
    connection.execute(
        insert(coding).values(
            id=coding_id, assignment_id=assignment_id, state=CodingState.DRAFT.value, started_at=now_ms()
        )
    )
    return coding_id


def _codings() -> Select[Any]:
    return select(
        coding,
        assignment.c.session_id,
        assignment.c.rater_id,
        assignment.c.scheme_hash,
        assignment.c.purpose,
        assignment.c.windows,
        assignment.c.transcript_id,
        assignment.c.live,
    ).join(assignment, assignment.c.id == coding.c.assignment_id)


def _coding(r: RowMapping) -> Coding:
    return Coding(
        **{
            **r,
            "state": CodingState(r["state"]),
            "purpose": Purpose(r["purpose"]),
            "windows": spans_of(r["windows"]),
            "live": bool(r["live"]),
        }
    )


def get(connection: Connection, coding_id: str) -> Coding | None:
    row = connection.execute(_codings().where(coding.c.id == coding_id)).mappings().first()
    return _coding(row) if row else None


def visible_to(person: Person) -> ColumnElement[bool]:
    """The condition under which a coding (joined with its assignment) may be read by `person`, as far as
    its participants consent: `codings` looks at that too."""
    raters = sorted(person.raters)
    mine = assignment.c.rater_id.in_(raters)
    peer, peer_coding = assignment.alias("peer"), coding.alias("peer_coding")
    pending = exists(
        select(peer.c.id)
        .outerjoin(peer_coding, peer_coding.c.assignment_id == peer.c.id)
        .join(session, session.c.id == peer.c.session_id)
        .join(study, study.c.id == session.c.study_id)
        .where(
            or_(
                and_(assignment.c.purpose == Purpose.CRITERION.value, peer.c.purpose == Purpose.PRACTICE.value),
                and_(study.c.blinded == 1, peer.c.scheme_hash == assignment.c.scheme_hash),
            ),
            peer.c.rater_id.in_(raters),
            peer.c.session_id == assignment.c.session_id,
            or_(peer_coding.c.state.is_(None), peer_coding.c.state == CodingState.DRAFT.value),
        )
        .correlate(assignment)
    )
    finished = coding.c.state != CodingState.DRAFT.value
    if person.has(Role.SUPERVISOR, Role.RESEARCHER):
        return or_(mine, and_(finished, ~pending))
    shared = assignment.alias("shared")
    same_session = exists(
        select(shared.c.id)
        .where(shared.c.rater_id.in_(raters), shared.c.session_id == assignment.c.session_id)
        .correlate(assignment)
    )
    return or_(mine, and_(finished, ~pending, same_session))


def codings(
    connection: Connection,
    person: Person | None,
    *,
    session_ids: Iterable[str] | None = None,
    study_id: str | None = None,
    finished_only: bool = False,
) -> list[Coding]:
    """Codings that `person` may read, by session and start; `person` None: the program itself, all.

    Nobody reads codings of a session whose participants do not all consent to coding any more.
    """
    query = _codings().order_by(assignment.c.session_id, coding.c.started_at, coding.c.id)
    if person is not None:
        query = query.where(visible_to(person))
    if session_ids is not None:
        query = query.where(among(assignment.c.session_id, session_ids))
    if study_id is not None:
        query = query.join(session, session.c.id == assignment.c.session_id).where(session.c.study_id == study_id)
    if finished_only:
        query = query.where(coding.c.state != CodingState.DRAFT.value)
    found = [_coding(row) for row in connection.execute(query).mappings()]
    if person is None:
        return found
    consented = sessions.facts_of(connection, {c.session_id for c in found})
    return [c for c in found if Scope.CODE in consented[c.session_id].consented]


def facts(connection: Connection, coding_id: str) -> CodingFacts | None:
    """What `authorize` needs to know of a coding."""
    found = get(connection, coding_id)
    return facts_about(connection, found) if found else None


def facts_about(connection: Connection, found: Coding) -> CodingFacts:
    """As `facts`, of a coding that was read already."""
    return CodingFacts(found.id, found.rater_id, found.state, _pending_peers(connection, found))


def _pending_peers(connection: Connection, of: Coding) -> frozenset[str]:
    """The other raters of the session who have not submitted theirs: in a blinded study those on the same scheme; of a
    criterion, which is the answer to a practice, whoever practises, too."""
    same = and_(study.c.blinded == 1, assignment.c.scheme_hash == of.scheme_hash)
    rows = connection.execute(
        select(assignment.c.rater_id)
        .outerjoin(coding, coding.c.assignment_id == assignment.c.id)
        .join(session, session.c.id == assignment.c.session_id)
        .join(study, study.c.id == session.c.study_id)
        .where(
            or_(assignment.c.purpose == Purpose.PRACTICE.value, same) if of.purpose is Purpose.CRITERION else same,
            assignment.c.session_id == of.session_id,
            assignment.c.rater_id != of.rater_id,
            or_(coding.c.state.is_(None), coding.c.state == CodingState.DRAFT.value),
        )
    )
    return frozenset(rows.scalars())


def submit(connection: Connection, coding_id: str, at: int) -> None:
    values = {"state": CodingState.SUBMITTED.value, "submitted_at": at}
    connection.execute(update(coding).where(coding.c.id == coding_id).values(values))


def make_draft(connection: Connection, coding_id: str, *, reopened_at: int | None = None, reason: str = "") -> None:
    """A draft again. `reopened_at`, `reason`: where a supervisor gave it back."""
    values: dict[str, Any] = {"state": CodingState.DRAFT.value, "submitted_at": None, "locked_at": None}
    values["locked_by"] = None
    if reopened_at is not None:
        values |= {"reopened_at": reopened_at, "reopen_reason": reason}
    connection.execute(update(coding).where(coding.c.id == coding_id).values(values))


def lock(connection: Connection, coding_id: str, by: str, at: int) -> bool:
    """Lock a submitted coding, for what `by` was shown. Whether it was one."""
    changed = connection.execute(
        update(coding)
        .where(coding.c.id == coding_id, coding.c.state == CodingState.SUBMITTED.value)
        .values(state=CodingState.LOCKED.value, locked_at=at, locked_by=by)
    )
    return bool(changed.rowcount)


def set_position(connection: Connection, coding_id: str, position_ms: int, more_time_ms: int) -> None:
    """Where the rater is, and `more_time_ms` of working time on top of what was spent."""
    connection.execute(
        update(coding)
        .where(coding.c.id == coding_id)
        .values(position_ms=position_ms, time_spent_ms=coding.c.time_spent_ms + more_time_ms)
    )
