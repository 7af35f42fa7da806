"""Reading one operation as a browser sent it, against the scheme and the observation window."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workbench.model.coding import Operation, OperationKind
from workbench.model.ids import is_id
from workbench.model.scheme import CodingScheme
from workbench.model.span import TimeSpan, clock

_MAX_COMMENT = 4000
_MAX_MS = 48 * 3600 * 1000
_MAX_INSTANT = 2**53
_MAX_SEGMENT = 10_000
_AMENDABLE = {"code", "start_ms", "end_ms", "comment", "unsure", "modifiers", "deleted"}
_ADDABLE = {"comment", "unsure", "modifiers"}


class MalformedOperation(ValueError):
    """An operation that cannot be kept, with its id (or "") and one sentence why."""

    def __init__(self, operation_id: str, sentence: str) -> None:
        super().__init__(sentence)
        self.operation_id = operation_id


def read_operation(raw: Any, scheme: CodingScheme, windows: tuple[TimeSpan, ...]) -> Operation:
    """One operation from JSON. Raises MalformedOperation: an unknown code or scale, a time outside
    the observation window, a rating outside its scale, a field that is not there or not known."""
    if not isinstance(raw, Mapping):
        raise MalformedOperation("", "An operation is an object with id, kind and what it changes.")
    ident = str(raw.get("id") or "")
    if not is_id(ident):
        raise MalformedOperation(ident, "An operation needs an id (a UUID).")
    try:
        kind = OperationKind(str(raw.get("kind")))
        values = raw.get("values") or {}
        if not isinstance(values, Mapping):
            raise ValueError("values must be an object.")
        return Operation(
            id=ident,
            kind=kind,
            client_at=_whole(raw.get("client_at"), "client_at"),
            **_fields(kind, raw, values, scheme, windows),
        )
    except (ValueError, TypeError, KeyError) as error:
        raise MalformedOperation(ident, str(error.args[0]) if error.args else "Not an operation.") from None


def _fields(
    kind: OperationKind,
    raw: Mapping[str, Any],
    values: Mapping[str, Any],
    scheme: CodingScheme,
    windows: tuple[TimeSpan, ...],
) -> dict[str, Any]:
    if kind is OperationKind.VOID:
        if not is_id(raw.get("target")):
            raise ValueError("An undo needs the id of what it undoes.")
        return {"target": raw["target"]}
    if kind is OperationKind.RATE:
        return {"values": _rating(values, scheme)}
    if not is_id(raw.get("event")):
        raise ValueError("An event needs an id (a UUID).")
    if kind is OperationKind.AMEND:
        if unknown := set(values) - _AMENDABLE:
            raise ValueError(f"An event has no {', '.join(sorted(unknown))}.")
        return {"event": raw["event"], "values": _event_values(values, scheme, windows)}
    if unknown := set(values) - _ADDABLE:
        raise ValueError(f"An event has no {', '.join(sorted(unknown))}.")
    start, end = raw.get("start_ms"), raw.get("end_ms")
    checked = _event_values({"code": raw.get("code"), "start_ms": start, "end_ms": end, **values}, scheme, windows)
    return {
        "event": raw["event"],
        "code": checked["code"],
        "start_ms": checked["start_ms"],
        "end_ms": checked["end_ms"],
        "values": {k: checked[k] for k in values},
    }


def _event_values(values: Mapping[str, Any], scheme: CodingScheme, windows: tuple[TimeSpan, ...]) -> dict[str, Any]:
    out = dict(values)
    if "code" in out and out["code"] not in {c.id for c in scheme.codes}:
        raise ValueError(f"The scheme {scheme.name} {scheme.version} has no code {out['code']!r}.")
    if "start_ms" in out:
        start = _whole(out["start_ms"], "start_ms")
        if not any(w.contains(start) for w in windows):
            raise ValueError(f"{clock(start)} is outside the observation window.")
    if out.get("end_ms") is not None:
        end = _whole(out["end_ms"], "end_ms")
        if "start_ms" in out and end < out["start_ms"]:
            raise ValueError("An event cannot end before it starts.")
        if not any(w.start_ms <= end <= w.end_ms for w in windows):
            raise ValueError(f"{clock(end)} is outside the observation window.")
    for flag in ("unsure", "deleted"):
        if flag in out and not isinstance(out[flag], bool):
            raise ValueError(f"{flag} is yes or no.")
    if "comment" in out and not _is_text(out["comment"], _MAX_COMMENT):
        raise ValueError(f"A comment is text of at most {_MAX_COMMENT} characters.")
    if "modifiers" in out and not (
        isinstance(out["modifiers"], list) and all(_is_text(m, 99) for m in out["modifiers"])
    ):
        raise ValueError("Modifiers are a list of words.")
    return out


def _is_text(value: Any, longest: int) -> bool:
    """Whether a database takes `value` as text: half a character pair or a NUL is none."""
    if not isinstance(value, str) or len(value) > longest:
        return False
    return "\0" not in value and not any("\ud800" <= c <= "\udfff" for c in value)


def _rating(values: Mapping[str, Any], scheme: CodingScheme) -> dict[str, Any]:
    try:
        scale = scheme.rating(values.get("scale", ""))
    except KeyError:
        raise ValueError(f"The scheme {scheme.name} has no rating {values.get('scale')!r}.") from None
    segment = _whole(values.get("segment", 0), "segment")
    if values.get("no_evidence"):
        if not scale.no_evidence:
            raise ValueError(f"“{scale.label}” has to be rated; “no evidence” is not one of its answers.")
        return {"scale": scale.id, "segment": segment, "value": None, "no_evidence": True}
    value = values.get("value")
    if value is None:
        return {"scale": scale.id, "segment": segment, "value": None, "no_evidence": False}
    if isinstance(value, bool) or not isinstance(value, int) or not scale.low <= value <= scale.high:
        raise ValueError(f"“{scale.label}” goes from {scale.low} to {scale.high}; found {value!r}.")
    return {"scale": scale.id, "segment": segment, "value": value, "no_evidence": False}


def _whole(value: Any, name: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError(f"{name} is a whole number from 0; found {value!r}.")
    if name.endswith("_ms") and value > _MAX_MS:
        raise ValueError(f"{name} is beyond any recording.")
    if value > (_MAX_SEGMENT if name == "segment" else _MAX_INSTANT):
        raise ValueError(f"{name} is too large.")
    return value
