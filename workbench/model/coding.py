"""One rater's work on one session, as operations that are never altered and what follows from them.

The browser's coding component folds operations in the same way (`player/src/reduce.js`); both are
tested on the same sample in `tests/fixtures/operations.json`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class OperationKind(StrEnum):
    """`void` cancels the operation named by `target`; to void a void is to redo."""

    ADD = "add"
    AMEND = "amend"
    VOID = "void"
    RATE = "rate"


class CodingState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    LOCKED = "locked"


@dataclass(frozen=True, slots=True)
class Operation:
    """One act of a rater. `id` is made by the client; the same id a second time changes nothing.

    add: `event`, `code`, `start_ms`, and `end_ms` (None for a point event or a state still open).
    amend: `event` and in `values` any of code, start_ms, end_ms, comment, unsure, modifiers.
    delete is an amend with `values={"deleted": true}`; void: `target` (an operation id).
    rate: in `values` scale, segment (0 for the session), value (None with no_evidence true).
    """

    id: str
    kind: OperationKind
    client_at: int
    target: str | None = None
    event: str | None = None
    code: str | None = None
    start_ms: int | None = None
    end_ms: int | None = None
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Event:
    """A coded event as it now stands. `end_ms` None: a point event, or a state still open."""

    id: str
    code: str
    start_ms: int
    end_ms: int | None = None
    comment: str = ""
    unsure: bool = False
    modifiers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rating:
    """A rating as it now stands: a value, or "no evidence" (value None, no_evidence True)."""

    scale: str
    segment: int
    value: float | None
    no_evidence: bool = False


@dataclass(frozen=True, slots=True)
class CodingContent:
    events: tuple[Event, ...] = ()
    ratings: tuple[Rating, ...] = ()


def effective(operations: Iterable[Operation]) -> tuple[Operation, ...]:
    """Operations that still count, in order: those that no effective later void cancels."""
    cancelled: set[str] = set()
    kept: list[Operation] = []
    for op in reversed(list(operations)):
        if op.id in cancelled:
            continue
        if op.kind is OperationKind.VOID:
            if op.target is not None:
                cancelled.add(op.target)
        else:
            kept.append(op)
    return tuple(reversed(kept))


def fold(operations: Iterable[Operation]) -> CodingContent:
    """What a coding says after `operations`, given in the order of the server's sequence.

    Events come sorted by start, end and id; ratings by scale and segment.
    """
    events: dict[str, dict[str, Any]] = {}
    ratings: dict[tuple[str, int], Rating] = {}
    for op in effective(operations):
        if op.kind is OperationKind.ADD and op.event is not None:
            events[op.event] = {"code": op.code, "start_ms": op.start_ms, "end_ms": op.end_ms, **op.values}
        elif op.kind is OperationKind.AMEND and op.event in events:
            events[op.event].update(op.values)
        elif op.kind is OperationKind.RATE:
            scale, segment = op.values["scale"], op.values.get("segment", 0)
            ratings[scale, segment] = Rating(
                scale, segment, op.values.get("value"), bool(op.values.get("no_evidence", False))
            )
    standing = [_event(event_id, values) for event_id, values in events.items() if not values.get("deleted")]
    standing.sort(key=event_order)
    return CodingContent(tuple(standing), tuple(ratings[k] for k in sorted(ratings)))


def _event(event_id: str, values: Mapping[str, Any]) -> Event:
    return Event(
        id=event_id,
        code=values["code"],
        start_ms=values["start_ms"],
        end_ms=values["end_ms"],
        comment=values.get("comment") or "",
        unsure=bool(values.get("unsure", False)),
        modifiers=tuple(values.get("modifiers") or ()),
    )


def event_order(event: Event) -> tuple[int, bool, int, str]:
    """Sort key of events: start, then point and open events before ended ones, end, id."""
    return event.start_ms, event.end_ms is not None, event.end_ms or 0, event.id
