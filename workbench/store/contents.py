"""What codings say now. Events and ratings are kept in tables of their own, brought up to date in the
transaction that appends operations; the rest is little, and folded from its operations when asked for."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from workbench.model.coding import (
    CodingContent,
    Event,
    Operation,
    OperationKind,
    Place,
    Rating,
    event_order,
    fold,
)
from workbench.store import histories
from workbench.store.among import among
from workbench.store.tables import coding_event, coding_operation, coding_rating

_FOLDED_WHEN_ASKED = (
    OperationKind.LINK,
    OperationKind.NOTE,
    OperationKind.BOUNDARY,
    OperationKind.REASON,
    OperationKind.FINISH,
    OperationKind.CLOCK,
)


def content(connection: Connection, coding_id: str) -> CodingContent:
    """What a coding says now."""
    return contents(connection, [coding_id])[coding_id]


def questions(connection: Connection, coding_ids: Iterable[str]) -> dict[str, list[tuple[int, str]]]:
    """What raters asked where they were unsure: the instant and the words, by coding id, in time."""
    asked: dict[str, list[tuple[int, str]]] = {}
    for row in connection.execute(
        select(coding_event.c.coding_id, coding_event.c.start_ms, coding_event.c.question)
        .where(among(coding_event.c.coding_id, coding_ids))
        .where(coding_event.c.unsure == 1, coding_event.c.question != "")
        .order_by(coding_event.c.start_ms)
    ):
        asked.setdefault(row.coding_id, []).append((row.start_ms, row.question))
    return asked


def contents(connection: Connection, coding_ids: Iterable[str]) -> dict[str, CodingContent]:
    """What codings say now, by coding id."""
    ids = list(coding_ids)
    events = _events(connection, among(coding_event.c.coding_id, ids))
    ratings: dict[str, list[Rating]] = {}
    for r in connection.execute(select(coding_rating).where(among(coding_rating.c.coding_id, ids))):
        scale, person = _parted(r.scale)
        ratings.setdefault(r.coding_id, []).append(Rating(scale, r.segment, r.value, bool(r.no_evidence), person))
    for given in ratings.values():
        given.sort(key=lambda r: r.place)
    saying_more = connection.execute(
        select(coding_operation.c.coding_id)
        .where(among(coding_operation.c.coding_id, ids))
        .where(coding_operation.c.kind.in_([k.value for k in _FOLDED_WHEN_ASKED]))
        .distinct()
    ).scalars()
    more = {i: _folded(connection, i) for i in saying_more}
    nothing = CodingContent()
    return {
        i: replace(more.get(i, nothing), events=tuple(events.get(i, ())), ratings=tuple(ratings.get(i, ())))
        for i in ids
    }


def _folded(connection: Connection, coding_id: str) -> CodingContent:
    return fold(histories.of_kinds(connection, coding_id, *_FOLDED_WHEN_ASKED, OperationKind.ALIGN))


def standing_event(connection: Connection, coding_id: str, event_id: str | None) -> Event | None:
    """An event of a coding as it stands, if it does."""
    found = _events(connection, coding_event.c.coding_id == coding_id, coding_event.c.id == event_id)
    return found[coding_id][0] if found else None


def _events(connection: Connection, *where: Any) -> dict[str, list[Event]]:
    """Current events by coding id, in the order of `fold`."""
    out: dict[str, list[Event]] = {}
    for r in connection.execute(select(coding_event).where(*where)):
        event = Event(
            id=r.id,
            code=r.code,
            start_ms=r.start_ms,
            end_ms=r.end_ms,
            comment=r.comment,
            unsure=bool(r.unsure),
            modifiers=tuple(json.loads(r.modifiers)),
            second_choice=r.second_choice,
            question=r.question,
            who=r.who,
            whom=r.whom,
            unit=r.unit,
            lag_ms=r.lag_ms,
        )
        out.setdefault(r.coding_id, []).append(event)
    for found in out.values():
        found.sort(key=event_order)
    return out


def keep_current(connection: Connection, coding_id: str, new: Sequence[Operation]) -> None:
    """Bring the tables up to date with operations that were just appended.

    The work is in proportion to what they touch, whatever the length of the coding: an addition or an
    amendment is applied to what stands; where something is undone, its own history is folded again.
    Only what moves every event at once folds all.
    """
    bases = [histories.undone(connection, coding_id, o) for o in new if o.kind is OperationKind.VOID]
    if any(o is not None and o.kind is OperationKind.ALIGN for o in (*new, *bases)):
        _keep(connection, coding_id, fold(o for _, o in histories.whole(connection, coding_id)))
        return
    again = {o.event for o in bases if o is not None and o.event is not None}
    rated_again = any(o is not None and o.kind is OperationKind.RATE for o in bases)
    for op in new:
        if op.kind is OperationKind.RATE and not rated_again:
            _write_rating(connection, coding_id, fold([op]).ratings[0])
        elif op.event in again:
            continue
        elif op.kind is OperationKind.ADD:
            # an event of that id may stand already: then this addition takes its place, as in `fold`
            connection.execute(delete(coding_event).where(coding_event.c.id == op.event))
            _insert_event(connection, coding_id, fold([op]).events[0])
        elif op.kind is OperationKind.AMEND and op.event is not None:
            standing = standing_event(connection, coding_id, op.event)
            if standing is None:
                again.add(op.event)  # deleted, or never added: its history tells
                continue
            if (after := amended(standing, op)) is not None:
                _update_event(connection, after)
            else:
                connection.execute(delete(coding_event).where(coding_event.c.id == op.event))
    if again:
        stands = fold(histories.of_events(connection, coding_id, again))
        kept = _events(connection, coding_event.c.coding_id == coding_id, coding_event.c.id.in_(again))
        _keep_events(connection, coding_id, kept.get(coding_id, []), stands.events)
    if rated_again:
        stands = fold(histories.of_kinds(connection, coding_id, OperationKind.RATE))
        _keep_ratings(connection, coding_id, stands.ratings)


def _keep(connection: Connection, coding_id: str, stands: CodingContent) -> None:
    kept = _events(connection, coding_event.c.coding_id == coding_id)
    _keep_events(connection, coding_id, kept.get(coding_id, []), stands.events)
    _keep_ratings(connection, coding_id, stands.ratings)


def _keep_events(connection: Connection, coding_id: str, kept: Sequence[Event], stands: Sequence[Event]) -> None:
    """Write the events that stand where they differ from those that are kept."""
    before, after = {e.id: e for e in kept}, {e.id: e for e in stands}
    for gone in before.keys() - after.keys():
        connection.execute(delete(coding_event).where(coding_event.c.id == gone))
    for event_id, event in after.items():
        if event_id not in before:
            _insert_event(connection, coding_id, event)
        elif before[event_id] != event:
            _update_event(connection, event)


def _keep_ratings(connection: Connection, coding_id: str, stands: Sequence[Rating]) -> None:
    connection.execute(delete(coding_rating).where(coding_rating.c.coding_id == coding_id))
    for rating in stands:
        _write_rating(connection, coding_id, rating)


def amended(event: Event, by: Operation) -> Event | None:
    """The event after an amendment; None when that deletes it."""
    return next(iter(fold([_as_addition(event), by]).events), None)


def _as_addition(event: Event) -> Operation:
    values = {
        "comment": event.comment,
        "unsure": event.unsure,
        "modifiers": list(event.modifiers),
        "second_choice": event.second_choice,
        "question": event.question,
        "who": event.who,
        "whom": event.whom,
        "unit": event.unit,
        "lag_ms": event.lag_ms,
    }
    return Operation(event.id, OperationKind.ADD, 0, None, event.id, event.code, event.start_ms, event.end_ms, values)


def _event_values(event: Event) -> dict[str, Any]:
    return {
        "code": event.code,
        "start_ms": event.start_ms,
        "end_ms": event.end_ms,
        "comment": event.comment,
        "unsure": int(event.unsure),
        "modifiers": json.dumps(list(event.modifiers), ensure_ascii=False),
        "second_choice": event.second_choice,
        "question": event.question,
        "who": event.who,
        "whom": event.whom,
        "unit": event.unit,
        "lag_ms": event.lag_ms,
    }


def _insert_event(connection: Connection, coding_id: str, event: Event) -> None:
    connection.execute(insert(coding_event).values(id=event.id, coding_id=coding_id, **_event_values(event)))


def _update_event(connection: Connection, event: Event) -> None:
    connection.execute(update(coding_event).where(coding_event.c.id == event.id).values(**_event_values(event)))


def _joined(place: Place) -> str:
    """What the column `scale` holds: the scale, and behind an @ the person, where one is rated."""
    return f"{place.scale}@{place.person}" if place.person else place.scale


def _parted(scale: str) -> tuple[str, str]:
    """Scale and person of what the column holds; neither can have an @ in its id."""
    name, _, person = scale.partition("@")
    return name, person


def _write_rating(connection: Connection, coding_id: str, rating: Rating) -> None:
    here = (
        coding_rating.c.coding_id == coding_id,
        coding_rating.c.scale == _joined(rating.place),
        coding_rating.c.segment == rating.segment,
    )
    connection.execute(delete(coding_rating).where(*here))
    connection.execute(
        insert(coding_rating).values(
            coding_id=coding_id,
            scale=_joined(rating.place),
            segment=rating.segment,
            value=None if rating.value is None else float(rating.value),
            no_evidence=int(rating.no_evidence),
        )
    )
