"""Parts of a coding's history that can be folded alone.

What becomes of an event hangs on the operations that name it, on those that move every event, and on the
undos of all these, their undos included: nothing else of a coding of ten thousand operations matters.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Row, and_, select, union
from sqlalchemy.sql import ColumnElement

from workbench.model.coding import Operation, OperationKind
from workbench.store.tables import coding_operation

_op = coding_operation.c


def operation_of(row: Row[Any]) -> Operation:
    """An operation as its row holds it."""
    return Operation(
        id=row.id,
        kind=OperationKind(row.kind),
        client_at=row.client_at,
        target=row.target,
        event=row.event,
        code=row.code,
        start_ms=row.start_ms,
        end_ms=row.end_ms,
        values=json.loads(row._mapping["values"]),
    )


def whole(connection: Connection, coding_id: str, after: int = 0) -> list[tuple[int, Operation]]:
    """Operations of a coding in the order the server took them, with their sequence numbers."""
    query = select(coding_operation).where(_op.coding_id == coding_id, _op.seq > after).order_by(_op.seq)
    return [(r.seq, operation_of(r)) for r in connection.execute(query)]


def of_events(connection: Connection, coding_id: str, events: Iterable[str]) -> list[Operation]:
    """All that bears upon these events, in order."""
    named = and_(_op.event.in_(list(events)), _op.coding_id == coding_id)
    return _closed(connection, coding_id, named, _kind(coding_id, OperationKind.ALIGN))


def of_kinds(connection: Connection, coding_id: str, *kinds: OperationKind) -> list[Operation]:
    """All operations of these kinds with what undoes them, in order."""
    return _closed(connection, coding_id, *(_kind(coding_id, k) for k in kinds))


def undone(connection: Connection, coding_id: str, void: Operation) -> Operation | None:
    """The operation at the end of a chain of undos: what `void` takes away or brings back, if it is there."""
    seen = {void.id}
    target = void.target
    while target is not None and target not in seen:
        seen.add(target)
        row = connection.execute(select(coding_operation).where(_op.id == target, _op.coding_id == coding_id)).first()
        if row is None:
            return None
        if row.kind != OperationKind.VOID.value:
            return operation_of(row)
        target = row.target
    return None


def _kind(coding_id: str, kind: OperationKind) -> ColumnElement[bool]:
    return and_(_op.coding_id == coding_id, _op.kind == kind.value)


def _closed(connection: Connection, coding_id: str, *conditions: ColumnElement[bool]) -> list[Operation]:
    """Operations that meet one of the conditions, the undos of them, the undos of those, and so on."""
    # not one OR: each part has an index of its own
    first = union(*(select(_op.seq, _op.id).where(c) for c in conditions)).subquery()
    history = select(first.c.seq, first.c.id).cte("history", recursive=True)
    undo = coding_operation.alias("undo")
    history = history.union(
        select(undo.c.seq, undo.c.id).where(
            undo.c.target == history.c.id, undo.c.kind == OperationKind.VOID.value, undo.c.coding_id == coding_id
        )
    )
    rows = connection.execute(select(coding_operation).join(history, history.c.seq == _op.seq).order_by(_op.seq))
    return [operation_of(r) for r in rows]
