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
    LINK = "link"
    NOTE = "note"
    BOUNDARY = "boundary"
    REASON = "reason"
    FINISH = "finish"
    CLOCK = "clock"
    ALIGN = "align"


class CodingState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    LOCKED = "locked"


@dataclass(frozen=True, slots=True)
class Operation:
    """One act of a rater. `id` is made by the client; the same id a second time changes nothing.

    add: `event`, `code`, `start_ms`, and `end_ms` (None for a point event or a state still open); in
    `values` any of comment, unsure, second_choice, question, modifiers, who, whom, unit, lag_ms.
    amend: `event` and in `values` any of these, code, start_ms, end_ms, or `{"deleted": true}`.
    void: `target` (an operation id). In `values` of the others:
    rate: scale, segment (0 for the session), person where one is rated, value (None with no_evidence true).
    link: scale, segment, person, `event` or `unit`, linked (false takes the evidence away).
    note: note (an id), at_ms, text (empty takes the note away).
    boundary: unit, starts (whether a coding unit begins there; see `workbench.model.units`).
    reason: rule, segment, person, reason: why a rating stands against what the scheme expects of its evidence.
    finish: pass, done. clock: origin_at (UTC ms when a live coding began), stopped_ms (None while it runs).
    align: shift_ms, added to the times of every event and note that stands before it.
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


NOT_OBSERVABLE = "not_observable"
"""The code of a stretch that could not be coded. Every scheme has it; none may define it."""


@dataclass(frozen=True, slots=True)
class Event:
    """A coded event as it now stands. `end_ms` None: a point event, or a state still open.

    modifiers: "set:option" each. who, whom: who did it to whom, as `session_people` names them
    ("patient", "family-2", "family"). unit: the coding unit that was coded, else empty.
    second_choice: another code that would do, question: to the supervisor, both with `unsure`.
    lag_ms: what was taken off the instant of the key for the rater's reaction time.
    """

    id: str
    code: str
    start_ms: int
    end_ms: int | None = None
    comment: str = ""
    unsure: bool = False
    modifiers: tuple[str, ...] = ()
    second_choice: str = ""
    question: str = ""
    who: str = ""
    whom: str = ""
    unit: str = ""
    lag_ms: int = 0


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """What a rating is given for: a scale, for a segment (0: the session) or for a person (empty: no single one)."""

    scale: str
    segment: int = 0
    person: str = ""


@dataclass(frozen=True, slots=True)
class Rating:
    """A rating as it now stands: a value, or "no evidence" (value None, no_evidence True).

    person: who is rated, as `session_people` names them; empty where no single person is.
    """

    scale: str
    segment: int
    value: float | None
    no_evidence: bool = False
    person: str = ""

    @property
    def place(self) -> Place:
        return Place(self.scale, self.segment, self.person)


@dataclass(frozen=True, slots=True, order=True)
class Evidence:
    """What a rating rests on: an event, or a coding unit."""

    scale: str
    segment: int
    event: str = ""
    unit: str = ""
    person: str = ""

    @property
    def place(self) -> Place:
        return Place(self.scale, self.segment, self.person)


@dataclass(frozen=True, slots=True)
class Note:
    """A line of the rater's running notes."""

    id: str
    at_ms: int
    text: str


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a rating stands although a rule of the scheme expects other evidence."""

    rule: str
    segment: int
    reason: str
    person: str = ""


@dataclass(frozen=True, slots=True)
class LiveClock:
    """The clock of a live coding: when it began (UTC ms), and after how long it stopped (None: it runs)."""

    origin_at: int
    stopped_ms: int | None = None


@dataclass(frozen=True, slots=True)
class CodingContent:
    """What a coding says. `boundaries`: coding unit → whether it begins there, where a rater changed it."""

    events: tuple[Event, ...] = ()
    ratings: tuple[Rating, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    notes: tuple[Note, ...] = ()
    boundaries: Mapping[str, bool] = field(default_factory=dict)
    reasons: tuple[Reason, ...] = ()
    passes: tuple[str, ...] = ()
    clock: LiveClock | None = None

    @property
    def codes(self) -> tuple[Event, ...]:
        """Events of the scheme's codes: without the stretches that could not be observed."""
        return tuple(e for e in self.events if e.code != NOT_OBSERVABLE)

    @property
    def not_observable(self) -> tuple[Event, ...]:
        return tuple(e for e in self.events if e.code == NOT_OBSERVABLE)


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

    Events come sorted by start, end and id; ratings by scale, segment and person; notes by time and id.
    """
    events: dict[str, dict[str, Any]] = {}
    ratings: dict[Place, Rating] = {}
    evidence: set[Evidence] = set()
    notes: dict[str, Note] = {}
    boundaries: dict[str, bool] = {}
    reasons: dict[tuple[str, int, str], Reason] = {}
    passes: dict[str, bool] = {}
    clock: LiveClock | None = None
    for op in effective(operations):
        values = op.values
        if op.kind is OperationKind.ADD and op.event is not None:
            events[op.event] = {"code": op.code, "start_ms": op.start_ms, "end_ms": op.end_ms, **values}
        elif op.kind is OperationKind.AMEND and op.event in events:
            events[op.event].update(values)
        elif op.kind is OperationKind.RATE:
            place = _place(values)
            no_evidence = bool(values.get("no_evidence", False))
            ratings[place] = Rating(place.scale, place.segment, values.get("value"), no_evidence, place.person)
        elif op.kind is OperationKind.LINK:
            place, what = _place(values), (values.get("event") or "", values.get("unit") or "")
            link = Evidence(place.scale, place.segment, *what, place.person)
            (evidence.add if values.get("linked", True) else evidence.discard)(link)
        elif op.kind is OperationKind.NOTE:
            notes[values["note"]] = Note(values["note"], values["at_ms"], values.get("text") or "")
        elif op.kind is OperationKind.BOUNDARY:
            boundaries[values["unit"]] = bool(values["starts"])
        elif op.kind is OperationKind.REASON:
            rule, segment, person = values["rule"], values.get("segment", 0), values.get("person") or ""
            reasons[rule, segment, person] = Reason(rule, segment, values["reason"], person)
        elif op.kind is OperationKind.FINISH:
            passes[values["pass"]] = bool(values["done"])
        elif op.kind is OperationKind.CLOCK:
            clock = LiveClock(values["origin_at"], values.get("stopped_ms"))
        elif op.kind is OperationKind.ALIGN:
            _shift(events, notes, values["shift_ms"])
    standing = [_event(event_id, values) for event_id, values in events.items() if not values.get("deleted")]
    standing.sort(key=event_order)
    return CodingContent(
        events=tuple(standing),
        ratings=tuple(ratings[k] for k in sorted(ratings)),
        evidence=tuple(sorted(evidence)),
        notes=tuple(sorted((n for n in notes.values() if n.text), key=lambda n: (n.at_ms, n.id))),
        boundaries={unit: boundaries[unit] for unit in sorted(boundaries)},
        reasons=tuple(reasons[k] for k in sorted(reasons)),
        passes=tuple(sorted(name for name, done in passes.items() if done)),
        clock=clock,
    )


def _place(values: Mapping[str, Any]) -> Place:
    return Place(values["scale"], values.get("segment", 0), values.get("person") or "")


def _shift(events: dict[str, dict[str, Any]], notes: dict[str, Note], shift_ms: int) -> None:
    for event in events.values():
        for edge in ("start_ms", "end_ms"):
            if event[edge] is not None:
                event[edge] = max(0, event[edge] + shift_ms)
    for note in notes.values():
        notes[note.id] = Note(note.id, max(0, note.at_ms + shift_ms), note.text)


def _event(event_id: str, values: Mapping[str, Any]) -> Event:
    return Event(
        id=event_id,
        code=values["code"],
        start_ms=values["start_ms"],
        end_ms=values["end_ms"],
        comment=values.get("comment") or "",
        unsure=bool(values.get("unsure", False)),
        modifiers=tuple(values.get("modifiers") or ()),
        second_choice=values.get("second_choice") or "",
        question=values.get("question") or "",
        who=values.get("who") or "",
        whom=values.get("whom") or "",
        unit=values.get("unit") or "",
        lag_ms=values.get("lag_ms") or 0,
    )


def event_order(event: Event) -> tuple[int, bool, int, str]:
    """Sort key of events: start, then point and open events before ended ones, end, id."""
    return event.start_ms, event.end_ms is not None, event.end_ms or 0, event.id
