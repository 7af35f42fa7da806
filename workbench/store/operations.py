"""The operations of codings: appended in the order in which the server took them, never altered."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Sequence
from itertools import groupby

from sqlalchemy import Connection, func, insert, select

from workbench.model.assignment import Coding
from workbench.model.bounds import EVERYTHING
from workbench.model.coding import Event, Operation, OperationKind, fold
from workbench.model.ids import now_ms
from workbench.store import histories
from workbench.store.contents import amended, keep_current, standing_event
from workbench.store.tables import coding_operation

Misfit = Callable[[Event, Collection[str]], str | None]
ADD, AMEND, VOID = OperationKind.ADD, OperationKind.AMEND, OperationKind.VOID


def keep(
    connection: Connection,
    of: Coding,
    operations: Sequence[Operation],
    misfit: Misfit,
    *,
    by: str | None = None,
) -> tuple[list[str], dict[str, str]]:
    """Append those of the operations that fit beside what the coding says: the ids that are new, and those
    that do not fit, with one sentence each.

    Not kept are an id of another coding's operation or event, and what makes an event that `misfit` refuses.
    What only an undo brings about is not looked for here: an event turned round is found at submission.
    """
    new: list[str] = []
    unfit: dict[str, str] = {}
    # undos apart from the rest, so that each part is held against what the parts before it made
    for _, part in groupby(operations, lambda o: o.kind in (VOID, OperationKind.ALIGN)):
        some = list(part)
        found = _unfit(connection, of, some, misfit)
        new += append(connection, of, [o for o in some if o.id not in found], by=by)
        unfit |= found
    return new, unfit


def append(
    connection: Connection,
    of: Coding,
    operations: Sequence[Operation],
    *,
    by: str | None = None,
    at: int | None = None,
) -> list[str]:
    """Append operations to a coding and bring what it says now up to date.

    Returns the ids that are new; an id that is there already changes nothing. `by` is the person whose
    acts they are, where the rater is a team.
    """
    known = _codings_of_operations(connection, operations)
    new: dict[str, Operation] = {}
    for op in operations:
        if op.id not in known:
            new.setdefault(op.id, op)
    if not new:
        return []
    now = now_ms() if at is None else at
    rows = [
        {
            "id": op.id,
            "coding_id": of.id,
            "kind": op.kind.value,
            "target": op.target,
            "event": op.event,
            "code": op.code,
            "start_ms": op.start_ms,
            "end_ms": op.end_ms,
            "values": json.dumps(dict(op.values), ensure_ascii=False, sort_keys=True),
            "rater_id": by or of.rater_id,
            "scheme_hash": of.scheme_hash,
            "client_at": op.client_at,
            "server_at": now,
        }
        for op in new.values()
    ]
    connection.execute(insert(coding_operation), rows)
    keep_current(connection, of.id, list(new.values()))
    return list(new)


def _unfit(connection: Connection, of: Coding, operations: Sequence[Operation], misfit: Misfit) -> dict[str, str]:
    known = _codings_of_operations(connection, operations)
    found = {i: "Another coding has an operation of this id." for i, home in known.items() if home != of.id}
    elsewhere = _events_elsewhere(connection, of.id, [o.event for o in operations if o.kind is ADD and o.event])
    events: dict[str | None, Event] = {}
    for op in operations:
        if op.id in known:
            continue
        if op.kind is ADD and op.event in elsewhere:
            found[op.id] = "Another coding has an event of this id."
        elif op.kind is ADD:
            events[op.event] = fold([op]).events[0]
        elif op.kind is AMEND and op.event is not None:
            before = events.get(op.event) or standing_event(connection, of.id, op.event)
            if before is not None:
                after = amended(before, op)
            else:  # deleted, or undone: what it would be if it came back
                after = next(iter(fold([*histories.of_events(connection, of.id, [op.event]), op]).events), None)
            if after is None:
                continue
            sentence = misfit(after, op.values.keys() if before else EVERYTHING)
            if sentence:
                found[op.id] = sentence
            else:
                events[op.event] = after
    return found


def _events_elsewhere(connection: Connection, coding_id: str, events: Sequence[str]) -> set[str | None]:
    """Those of the event ids that another coding has used, even if no event of it stands now."""
    if not events:
        return set()
    query = select(coding_operation.c.event).where(
        coding_operation.c.event.in_(events),
        coding_operation.c.kind == ADD.value,
        coding_operation.c.coding_id != coding_id,
    )
    return set(connection.execute(query).scalars())


def _codings_of_operations(connection: Connection, operations: Sequence[Operation]) -> dict[str, str]:
    """Those of the operations that are kept already: id → coding."""
    query = select(coding_operation.c.id, coding_operation.c.coding_id)
    rows = connection.execute(query.where(coding_operation.c.id.in_([o.id for o in operations])))
    return {r.id: r.coding_id for r in rows}


def operations(connection: Connection, coding_id: str, after: int = 0) -> list[tuple[int, Operation]]:
    """Operations of a coding in the order the server took them, with their sequence numbers."""
    return histories.whole(connection, coding_id, after)


def undoing_alignments(connection: Connection, coding_id: str, operations: Sequence[Operation]) -> set[str]:
    """Those of the operations that would undo or bring back a kept alignment, by id."""
    bases = {op.id: histories.undone(connection, coding_id, op) for op in operations if op.kind is VOID}
    return {ident for ident, base in bases.items() if base is not None and base.kind is OperationKind.ALIGN}


def sequences(connection: Connection, ids: Sequence[str]) -> dict[str, int]:
    """Sequence numbers of operations, by id."""
    query = select(coding_operation.c.id, coding_operation.c.seq).where(coding_operation.c.id.in_(ids))
    return {r.id: r.seq for r in connection.execute(query)}


def last_sequence(connection: Connection, coding_id: str) -> int:
    return (
        connection.execute(
            select(func.max(coding_operation.c.seq)).where(coding_operation.c.coding_id == coding_id)
        ).scalar_one()
        or 0
    )
