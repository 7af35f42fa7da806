"""Reading one operation as a browser sent it, against what its coding can say."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from workbench.model.bounds import Bounds
from workbench.model.coding import Operation, OperationKind
from workbench.model.ids import is_id
from workbench.workflows import read_event, read_rating
from workbench.workflows.read_values import LONGEST_ID, coded_unit, given_id, known, text, whole, yes_or_no


class MalformedOperation(ValueError):
    """An operation that cannot be kept, with its id (or "") and one sentence why."""

    def __init__(self, operation_id: str, sentence: str) -> None:
        super().__init__(sentence)
        self.operation_id = operation_id


def read_operation(raw: Any, bounds: Bounds) -> Operation:
    """One operation from JSON. Raises MalformedOperation: an unknown code, scale, person or unit, a time
    outside the observation window, a rating outside its scale, a field that is not there or not known.

    Of an amendment each field is read by itself; what it makes of its event, `misfit` says beside it.
    """
    if not isinstance(raw, Mapping):
        raise MalformedOperation("", "An operation is an object with id, kind and what it changes.")
    ident = str(raw.get("id") or "")
    if not is_id(ident):
        raise MalformedOperation(ident[:LONGEST_ID], "An operation needs an id (a UUID).")
    try:
        kind = _kind(raw.get("kind"))
        values = raw.get("values") or {}
        if not isinstance(values, Mapping):
            raise ValueError("values must be an object.")
        client_at = whole(raw.get("client_at"), "client_at")
        if kind is OperationKind.VOID:
            return Operation(
                ident, kind, client_at, target=given_id(raw.get("target"), "An undo needs the id of what it undoes")
            )
        if kind is OperationKind.ADD:
            return read_event.added(ident, client_at, raw, values, bounds)
        if kind is OperationKind.AMEND:
            return read_event.amended(ident, client_at, raw, values, bounds)
        if kind is OperationKind.ALIGN:
            raise ValueError("A coding is laid on its recording on the page for that, by no operation of a rater.")
        return Operation(ident, kind, client_at, values=_READERS[kind](values, bounds))
    except (ValueError, TypeError, KeyError) as error:
        raise MalformedOperation(ident, str(error.args[0]) if error.args else "Not an operation.") from None


def _note(values: Mapping[str, Any], _: Bounds) -> dict[str, Any]:
    known(values, {"note", "at_ms", "text"}, "A note")
    return {
        "note": given_id(values.get("note"), "A note needs an id"),
        "at_ms": whole(values.get("at_ms"), "at_ms"),
        "text": text(values.get("text", ""), "A note"),
    }


def _boundary(values: Mapping[str, Any], bounds: Bounds) -> dict[str, Any]:
    known(values, {"unit", "starts"}, "A boundary")
    return {"unit": coded_unit(values.get("unit"), bounds), "starts": yes_or_no(values.get("starts"), "starts")}


def _finish(values: Mapping[str, Any], bounds: Bounds) -> dict[str, Any]:
    known(values, {"pass", "done"}, "A pass")
    asked = {p.value for p in bounds.scheme.passes}
    if values.get("pass") not in asked:
        raise ValueError(f"The scheme {bounds.scheme.name} asks for no pass {values.get('pass')!r}.")
    return {"pass": values["pass"], "done": yes_or_no(values.get("done"), "done")}


def _clock(values: Mapping[str, Any], bounds: Bounds) -> dict[str, Any]:
    known(values, {"origin_at", "stopped_ms"}, "A clock")
    if not bounds.on_clock:
        raise ValueError("Only a coding of a session while it happens has a clock, and only until it is aligned.")
    stopped = values.get("stopped_ms")
    return {
        "origin_at": whole(values.get("origin_at"), "origin_at"),
        "stopped_ms": None if stopped is None else whole(stopped, "stopped_ms"),
    }


_READERS: Mapping[OperationKind, Callable[[Mapping[str, Any], Bounds], dict[str, Any]]] = {
    OperationKind.RATE: read_rating.rate,
    OperationKind.LINK: read_rating.link,
    OperationKind.NOTE: _note,
    OperationKind.BOUNDARY: _boundary,
    OperationKind.REASON: read_rating.reason,
    OperationKind.FINISH: _finish,
    OperationKind.CLOCK: _clock,
}


def _kind(raw: Any) -> OperationKind:
    try:
        return OperationKind(raw)
    except ValueError:
        kinds = ", ".join(OperationKind)
        raise ValueError(f"An operation is one of {kinds}; found {str(raw)[:LONGEST_ID]!r}.") from None
