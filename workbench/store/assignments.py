"""Assignments of sessions to raters, with the state of the codings that answer them."""

from __future__ import annotations

import json
from collections.abc import Iterable

from sqlalchemy import Connection, and_, case, exists, func, insert, or_, select, update

from workbench.model.assignment import Assignment, Purpose
from workbench.model.coding import CodingState
from workbench.model.ids import new_id, now_ms
from workbench.model.span import TimeSpan
from workbench.store.among import among
from workbench.store.tables import assignment, coding, coding_operation, session


class AlreadyAssigned(ValueError):
    """This rater has this session on this scheme and purpose already."""


def add(
    connection: Connection,
    session_id: str,
    rater_id: str,
    scheme_hash: str,
    windows: Iterable[TimeSpan],
    *,
    purpose: Purpose = Purpose.STUDY,
    transcript_id: str | None = None,
    due_at: int | None = None,
    created_by: str | None = None,
    live: bool = False,
    window_rule: str = "",
) -> str:
    """A new assignment; returns its id. Raises AlreadyAssigned."""
    same = and_(
        assignment.c.session_id == session_id,
        assignment.c.rater_id == rater_id,
        assignment.c.scheme_hash == scheme_hash,
        assignment.c.purpose == purpose.value,
    )
    if connection.execute(select(assignment.c.id).where(same)).first():
        raise AlreadyAssigned("This session is assigned to this rater on this scheme already.")
    assignment_id = new_id()
    connection.execute(
        insert(assignment).values(
            id=assignment_id,
            session_id=session_id,
            rater_id=rater_id,
            scheme_hash=scheme_hash,
            transcript_id=transcript_id,
            windows=_stored(windows),
            purpose=purpose.value,
            due_at=due_at,
            created_at=now_ms(),
            created_by=created_by,
            live=int(live),
            window_rule=window_rule,
        )
    )
    return assignment_id


def every(
    connection: Connection,
    *,
    assignment_id: str | None = None,
    rater_ids: Iterable[str] | None = None,
    session_id: str | None = None,
    session_ids: Iterable[str] | None = None,
) -> list[Assignment]:
    """Assignments with the state of their codings, oldest first."""
    query = (
        select(
            assignment,
            session.c.code.label("session_code"),
            session.c.title.label("session_title"),
            coding.c.id.label("coding_id"),
            coding.c.state.label("coding_state"),
            coding.c.position_ms,
            coding.c.time_spent_ms,
            coding.c.submitted_at,
            coding.c.reopened_at,
            coding.c.reopen_reason,
        )
        .join(session, session.c.id == assignment.c.session_id)
        .outerjoin(coding, coding.c.assignment_id == assignment.c.id)
        .order_by(assignment.c.created_at, assignment.c.id)
    )
    if assignment_id is not None:
        query = query.where(assignment.c.id == assignment_id)
    if rater_ids is not None:
        query = query.where(assignment.c.rater_id.in_(list(rater_ids)))
    if session_id is not None:
        query = query.where(assignment.c.session_id == session_id)
    if session_ids is not None:
        query = query.where(among(assignment.c.session_id, session_ids))
    return [
        Assignment(
            id=r.id,
            session_id=r.session_id,
            session_code=r.session_code,
            session_title=r.session_title,
            rater_id=r.rater_id,
            scheme_hash=r.scheme_hash,
            transcript_id=r.transcript_id,
            windows=spans_of(r.windows),
            purpose=Purpose(r.purpose),
            due_at=r.due_at,
            created_at=r.created_at,
            coding_id=r.coding_id,
            coding_state=CodingState(r.coding_state) if r.coding_state else None,
            live=bool(r.live),
            window_rule=r.window_rule,
            position_ms=r.position_ms or 0,
            time_spent_ms=r.time_spent_ms or 0,
            submitted_at=r.submitted_at,
            reopened_at=r.reopened_at,
            reopen_reason=r.reopen_reason,
        )
        for r in connection.execute(query)
    ]


def per_scheme(connection: Connection, rater_ids: Iterable[str] | None = None) -> dict[str, tuple[int, int]]:
    """How many assignments on each version of a scheme (by hash) are still to be coded, and how many there are."""
    to_do = case((or_(coding.c.state.is_(None), coding.c.state == CodingState.DRAFT.value), 1), else_=0)
    query = (
        select(assignment.c.scheme_hash, func.sum(to_do), func.count())
        .outerjoin(coding, coding.c.assignment_id == assignment.c.id)
        .group_by(assignment.c.scheme_hash)
    )
    if rater_ids is not None:
        query = query.where(assignment.c.rater_id.in_(list(rater_ids)))
    return {scheme_hash: (left, all_of_them) for scheme_hash, left, all_of_them in connection.execute(query)}


def transcript_of_round(
    connection: Connection, session_id: str, scheme_hash: str, purpose: Purpose
) -> tuple[bool, str | None]:
    """Which transcript version the raters of a session on a scheme and purpose code: whether that is
    settled, and the version. It is settled once one of them has a version, or has coded without any (on the
    recording: live codings are made without).
    Practice is compared with the criterion, so it takes the criterion's.
    """
    coded = exists(
        select(coding.c.id)
        .join(coding_operation, coding_operation.c.coding_id == coding.c.id)
        .where(coding.c.assignment_id == assignment.c.id)
    )
    for each in (purpose, Purpose.CRITERION) if purpose is Purpose.PRACTICE else (purpose,):
        found = connection.execute(
            select(assignment.c.transcript_id)
            .where(
                assignment.c.session_id == session_id,
                assignment.c.scheme_hash == scheme_hash,
                assignment.c.purpose == each.value,
                or_(assignment.c.transcript_id.is_not(None), and_(coded, assignment.c.live == 0)),
            )
            .order_by(assignment.c.created_at, assignment.c.id)
        ).first()
        if found:
            return True, found.transcript_id
    return False, None


def freeze_transcript(connection: Connection, assignment_id: str, transcript_id: str) -> None:
    """Say which transcript version an assignment is coded on, when none was chosen yet."""
    connection.execute(
        update(assignment)
        .where(assignment.c.id == assignment_id, assignment.c.transcript_id.is_(None))
        .values(transcript_id=transcript_id)
    )


def is_coded_on(connection: Connection, transcript_id: str) -> bool:
    """Whether somebody has begun a coding on this transcript version."""
    begun = select(coding.c.id).join(assignment, assignment.c.id == coding.c.assignment_id)
    return connection.execute(begun.where(assignment.c.transcript_id == transcript_id)).first() is not None


def set_windows(connection: Connection, assignment_id: str, windows: Iterable[TimeSpan]) -> None:
    """Another observation window: that of a live coding, known only once its clock has stopped or it is aligned."""
    connection.execute(update(assignment).where(assignment.c.id == assignment_id).values(windows=_stored(windows)))


def _stored(windows: Iterable[TimeSpan]) -> str:
    return json.dumps([[w.start_ms, w.end_ms] for w in windows])


def spans_of(text: str) -> tuple[TimeSpan, ...]:
    """Observation windows as they are stored."""
    return tuple(TimeSpan(a, b) for a, b in json.loads(text))
