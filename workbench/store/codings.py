"""Codings. Operations are appended; what they add up to is kept beside them.

`visible_to` is the row filter of blinding: the same rule as `workbench.model.access.authorize`,
as a condition of the query, so that counts and exports cannot leak what a screen would hide.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, and_, delete, exists, func, insert, or_, select, update
from sqlalchemy.sql import ColumnElement

from workbench.model.access import CodingFacts
from workbench.model.assignment import Coding, Purpose
from workbench.model.coding import (
    CodingContent,
    CodingState,
    Event,
    Operation,
    OperationKind,
    Rating,
    event_order,
    fold,
)
from workbench.model.ids import new_id, now_ms
from workbench.model.people import Person, Role
from workbench.store.assignments import spans_of
from workbench.store.tables import assignment, coding, coding_event, coding_operation, coding_rating, session, study


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
    ).join(assignment, assignment.c.id == coding.c.assignment_id)


def _coding(r: RowMapping) -> Coding:
    return Coding(
        **{**r, "state": CodingState(r["state"]), "purpose": Purpose(r["purpose"]), "windows": spans_of(r["windows"])}
    )


def get(connection: Connection, coding_id: str) -> Coding | None:
    row = connection.execute(_codings().where(coding.c.id == coding_id)).mappings().first()
    return _coding(row) if row else None


def visible_to(person: Person) -> ColumnElement[bool]:
    """The condition under which a coding (joined with its assignment) may be read by `person`."""
    mine = assignment.c.rater_id == person.id
    peer, peer_coding = assignment.alias("peer"), coding.alias("peer_coding")
    pending = exists(
        select(peer.c.id)
        .outerjoin(peer_coding, peer_coding.c.assignment_id == peer.c.id)
        .join(session, session.c.id == peer.c.session_id)
        .join(study, study.c.id == session.c.study_id)
        .where(
            study.c.blinded == 1,
            peer.c.rater_id == person.id,
            peer.c.session_id == assignment.c.session_id,
            peer.c.scheme_hash == assignment.c.scheme_hash,
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
        .where(shared.c.rater_id == person.id, shared.c.session_id == assignment.c.session_id)
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
    """Codings that `person` may read, by session and start; `person` None: the program itself, all."""
    query = _codings().order_by(assignment.c.session_id, coding.c.started_at, coding.c.id)
    if person is not None:
        query = query.where(visible_to(person))
    if session_ids is not None:
        query = query.where(assignment.c.session_id.in_(list(session_ids)))
    if study_id is not None:
        query = query.join(session, session.c.id == assignment.c.session_id).where(session.c.study_id == study_id)
    if finished_only:
        query = query.where(coding.c.state != CodingState.DRAFT.value)
    return [_coding(row) for row in connection.execute(query).mappings()]


def facts(connection: Connection, coding_id: str) -> CodingFacts | None:
    """What `authorize` needs to know of a coding."""
    found = get(connection, coding_id)
    if found is None:
        return None
    peers = _peers(connection, found)
    unfinished = (None, CodingState.DRAFT.value)
    pending = frozenset(rater for rater, state in peers if state in unfinished)
    open_to_rater = any(state not in unfinished for _, state in peers)
    return CodingFacts(found.id, found.rater_id, found.state, pending, open_to_rater)


def _peers(connection: Connection, of: Coding) -> list[tuple[str, str | None]]:
    """In a blinded study: the other raters of the session on the scheme, with the states of their codings."""
    rows = connection.execute(
        select(assignment.c.rater_id, coding.c.state)
        .outerjoin(coding, coding.c.assignment_id == assignment.c.id)
        .join(session, session.c.id == assignment.c.session_id)
        .join(study, study.c.id == session.c.study_id)
        .where(
            study.c.blinded == 1,
            assignment.c.session_id == of.session_id,
            assignment.c.scheme_hash == of.scheme_hash,
            assignment.c.rater_id != of.rater_id,
        )
    )
    return [(r.rater_id, r.state) for r in rows]


def append(connection: Connection, of: Coding, operations: Sequence[Operation], *, at: int | None = None) -> list[str]:
    """Append operations to a coding and bring its current events up to date.

    Returns the ids that are new; an id that is there already changes nothing. Ask `unfit` first.
    """
    known = _codings_of_operations(connection, operations)
    new: dict[str, Operation] = {}
    for op in operations:
        if op.id not in known:
            new.setdefault(op.id, op)
    now = now_ms() if at is None else at
    for op in new.values():
        connection.execute(
            insert(coding_operation).values(
                id=op.id,
                coding_id=of.id,
                kind=op.kind.value,
                target=op.target,
                event=op.event,
                code=op.code,
                start_ms=op.start_ms,
                end_ms=op.end_ms,
                values=json.dumps(dict(op.values), ensure_ascii=False, sort_keys=True),
                rater_id=of.rater_id,
                scheme_hash=of.scheme_hash,
                client_at=op.client_at,
                server_at=now,
            )
        )
    if not _keep_current_simply(connection, of.id, list(new.values())):
        _keep_current(connection, of.id)
    return list(new)


def unfit(connection: Connection, of: Coding, operations: Sequence[Operation]) -> dict[str, str]:
    """Operations that cannot be kept in this coding beside what it says now: id → one sentence.

    An operation or event id of another coding, or an amendment after which an event would end before
    it starts. What only an undo brings about is not looked for here: it is found at submission.
    """
    known = _codings_of_operations(connection, operations)
    found = {i: "Another coding has an operation of this id." for i, home in known.items() if home != of.id}
    added = [o.event for o in operations if o.kind is OperationKind.ADD]
    elsewhere = set(
        connection.execute(
            select(coding_event.c.id).where(coding_event.c.id.in_(added), coding_event.c.coding_id != of.id)
        ).scalars()
    )
    times: dict[str | None, tuple[int, int | None]] = {}
    for op in operations:
        if op.id in known:
            continue
        if op.kind is OperationKind.VOID:
            break
        if op.kind is OperationKind.ADD and op.event in elsewhere:
            found[op.id] = "Another coding has an event of this id."
        elif op.kind is OperationKind.ADD and op.start_ms is not None:
            times[op.event] = op.start_ms, op.end_ms
        elif op.kind is OperationKind.AMEND and {"start_ms", "end_ms"} & op.values.keys():
            if op.event not in times:
                here = _events(connection, coding_event.c.coding_id == of.id, coding_event.c.id == op.event)
                if of.id not in here:
                    continue
                times[op.event] = here[of.id][0].start_ms, here[of.id][0].end_ms
            start, end = times[op.event]
            start, end = op.values.get("start_ms", start), op.values.get("end_ms", end)
            if end is not None and end < start:
                found[op.id] = "An event cannot end before it starts."
            else:
                times[op.event] = start, end
    return found


def _codings_of_operations(connection: Connection, operations: Sequence[Operation]) -> dict[str, str]:
    """Those of the operations that are kept already: id → coding."""
    query = select(coding_operation.c.id, coding_operation.c.coding_id)
    rows = connection.execute(query.where(coding_operation.c.id.in_([o.id for o in operations])))
    return {r.id: r.coding_id for r in rows}


def operations(connection: Connection, coding_id: str, after: int = 0) -> list[tuple[int, Operation]]:
    """Operations of a coding in the order the server took them, with their sequence numbers."""
    rows = connection.execute(
        select(coding_operation)
        .where(coding_operation.c.coding_id == coding_id, coding_operation.c.seq > after)
        .order_by(coding_operation.c.seq)
    )
    return [
        (
            r.seq,
            Operation(
                id=r.id,
                kind=OperationKind(r.kind),
                client_at=r.client_at,
                target=r.target,
                event=r.event,
                code=r.code,
                start_ms=r.start_ms,
                end_ms=r.end_ms,
                values=json.loads(r._mapping["values"]),
            ),
        )
        for r in rows
    ]


def last_sequence(connection: Connection, coding_id: str) -> int:
    return (
        connection.execute(
            select(func.max(coding_operation.c.seq)).where(coding_operation.c.coding_id == coding_id)
        ).scalar_one()
        or 0
    )


def _keep_current_simply(connection: Connection, coding_id: str, new: Sequence[Operation]) -> bool:
    """Bring the current events up to date from the new operations alone, whatever the coding's length.

    False when only the whole history can tell: something is voided, or an event is amended that
    does not stand now.
    """
    if any(o.kind is OperationKind.VOID for o in new):
        return False
    for op in new:
        if op.kind is OperationKind.RATE:
            _write_rating(connection, coding_id, fold([op]).ratings[0])
        elif op.kind is OperationKind.ADD:
            # an event of that id may stand already: then this addition takes its place, as in `fold`
            connection.execute(delete(coding_event).where(coding_event.c.id == op.event))
            _insert_event(connection, coding_id, fold([op]).events[0])
        else:
            standing = _events(connection, coding_event.c.coding_id == coding_id, coding_event.c.id == op.event)
            if coding_id not in standing:
                return False
            after = fold([_as_addition(standing[coding_id][0]), op]).events
            if after:
                _update_event(connection, after[0])
            else:
                connection.execute(delete(coding_event).where(coding_event.c.id == op.event))
    return True


def _as_addition(event: Event) -> Operation:
    values = {"comment": event.comment, "unsure": event.unsure, "modifiers": list(event.modifiers)}
    return Operation(event.id, OperationKind.ADD, 0, None, event.id, event.code, event.start_ms, event.end_ms, values)


def _keep_current(connection: Connection, coding_id: str) -> None:
    """Write what the whole history adds up to, where it differs from what is kept."""
    stands = fold(op for _, op in operations(connection, coding_id))
    kept = content(connection, coding_id)
    before, after = {e.id: e for e in kept.events}, {e.id: e for e in stands.events}
    for gone in before.keys() - after.keys():
        connection.execute(delete(coding_event).where(coding_event.c.id == gone))
    for event_id, event in after.items():
        if event_id not in before:
            _insert_event(connection, coding_id, event)
        elif before[event_id] != event:
            _update_event(connection, event)
    if kept.ratings != stands.ratings:
        connection.execute(delete(coding_rating).where(coding_rating.c.coding_id == coding_id))
        for rating in stands.ratings:
            _write_rating(connection, coding_id, rating)


def _event_values(event: Event) -> dict[str, Any]:
    return {
        "code": event.code,
        "start_ms": event.start_ms,
        "end_ms": event.end_ms,
        "comment": event.comment,
        "unsure": int(event.unsure),
        "modifiers": json.dumps(list(event.modifiers), ensure_ascii=False),
    }


def _insert_event(connection: Connection, coding_id: str, event: Event) -> None:
    connection.execute(insert(coding_event).values(id=event.id, coding_id=coding_id, **_event_values(event)))


def _update_event(connection: Connection, event: Event) -> None:
    connection.execute(update(coding_event).where(coding_event.c.id == event.id).values(**_event_values(event)))


def _write_rating(connection: Connection, coding_id: str, rating: Rating) -> None:
    here = (
        coding_rating.c.coding_id == coding_id,
        coding_rating.c.scale == rating.scale,
        coding_rating.c.segment == rating.segment,
    )
    connection.execute(delete(coding_rating).where(*here))
    connection.execute(
        insert(coding_rating).values(
            coding_id=coding_id,
            scale=rating.scale,
            segment=rating.segment,
            value=None if rating.value is None else float(rating.value),
            no_evidence=int(rating.no_evidence),
        )
    )


def content(connection: Connection, coding_id: str) -> CodingContent:
    """What a coding says now."""
    return contents(connection, [coding_id])[coding_id]


def contents(connection: Connection, coding_ids: Iterable[str]) -> dict[str, CodingContent]:
    """What codings say now, by coding id."""
    ids = list(coding_ids)
    events = _events(connection, coding_event.c.coding_id.in_(ids))
    ratings: dict[str, list[Rating]] = {}
    for r in connection.execute(
        select(coding_rating)
        .where(coding_rating.c.coding_id.in_(ids))
        .order_by(coding_rating.c.scale, coding_rating.c.segment)
    ):
        ratings.setdefault(r.coding_id, []).append(Rating(r.scale, r.segment, r.value, bool(r.no_evidence)))
    return {i: CodingContent(tuple(events.get(i, ())), tuple(ratings.get(i, ()))) for i in ids}


def _events(connection: Connection, *where: Any) -> dict[str, list[Event]]:
    """Current events by coding id, in the order of `fold`."""
    out: dict[str, list[Event]] = {}
    for r in connection.execute(select(coding_event).where(*where)):
        event = Event(r.id, r.code, r.start_ms, r.end_ms, r.comment, bool(r.unsure), tuple(json.loads(r.modifiers)))
        out.setdefault(r.coding_id, []).append(event)
    for found in out.values():
        found.sort(key=event_order)
    return out


def set_state(connection: Connection, coding_id: str, state: CodingState, submitted_at: int | None) -> None:
    connection.execute(
        update(coding).where(coding.c.id == coding_id).values(state=state.value, submitted_at=submitted_at)
    )


def set_position(connection: Connection, coding_id: str, position_ms: int, more_time_ms: int) -> None:
    """Where the rater is, and `more_time_ms` of working time on top of what was spent."""
    connection.execute(
        update(coding)
        .where(coding.c.id == coding_id)
        .values(position_ms=position_ms, time_spent_ms=coding.c.time_spent_ms + more_time_ms)
    )
