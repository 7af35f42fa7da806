"""Reading one operation as a browser sent it, against what its coding can say."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from workbench.model.bounds import LATEST_MS, Bounds, code_of, is_unit, misfit
from workbench.model.coding import NOT_OBSERVABLE, Operation, OperationKind, fold
from workbench.model.ids import is_id
from workbench.model.scheme import RatingScale

_LONGEST_TEXT = 4000
_LONGEST_ID = 99
_MOST_MODIFIERS = 50
_MOST_LAG_MS = 5000
_LATEST_INSTANT = 2**53
_MOST_SEGMENTS = 10_000
_TEXTS = {"comment": "A comment", "question": "A question"}
_IDS = ("second_choice", "who", "whom", "unit")
_ADDABLE = {"unsure", "modifiers", "lag_ms", *_TEXTS, *_IDS}
_AMENDABLE = _ADDABLE | {"code", "start_ms", "end_ms", "deleted"}


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
        raise MalformedOperation(ident[:_LONGEST_ID], "An operation needs an id (a UUID).")
    try:
        kind = _kind(raw.get("kind"))
        values = raw.get("values") or {}
        if not isinstance(values, Mapping):
            raise ValueError("values must be an object.")
        client_at = _whole(raw.get("client_at"), "client_at")
        if kind is OperationKind.VOID:
            return Operation(
                ident, kind, client_at, target=_id(raw.get("target"), "An undo needs the id of what it undoes")
            )
        if kind is OperationKind.ADD:
            return _addition(ident, client_at, raw, values, bounds)
        if kind is OperationKind.AMEND:
            event = _id(raw.get("event"), "An event needs an id")
            _known(values, _AMENDABLE, "An event")
            return Operation(ident, kind, client_at, event=event, values=_event_values(values, bounds))
        if kind is OperationKind.ALIGN:
            raise ValueError("A coding is laid on its recording on the page for that, by no operation of a rater.")
        return Operation(ident, kind, client_at, values=_READERS[kind](values, bounds))
    except (ValueError, TypeError, KeyError) as error:
        raise MalformedOperation(ident, str(error.args[0]) if error.args else "Not an operation.") from None


def _addition(
    ident: str, client_at: int, raw: Mapping[str, Any], values: Mapping[str, Any], bounds: Bounds
) -> Operation:
    event = _id(raw.get("event"), "An event needs an id")
    _known(values, _ADDABLE, "An event")
    times = {"code": raw.get("code"), "start_ms": raw.get("start_ms"), "end_ms": raw.get("end_ms")}
    checked = _event_values({**values, **times}, bounds)
    made = Operation(
        ident,
        OperationKind.ADD,
        client_at,
        event=event,
        code=checked["code"],
        start_ms=checked["start_ms"],
        end_ms=checked["end_ms"],
        values={k: checked[k] for k in values},
    )
    if sentence := misfit(fold([made]).events[0], bounds=bounds):
        raise ValueError(sentence)
    return made


def _event_values(values: Mapping[str, Any], bounds: Bounds) -> dict[str, Any]:
    out = dict(values)
    if "code" in out and out["code"] != NOT_OBSERVABLE:
        code_of(out["code"], bounds)
    if "start_ms" in out:
        _whole(out["start_ms"], "start_ms")
    if out.get("end_ms") is not None:
        _whole(out["end_ms"], "end_ms")
    if "lag_ms" in out and _whole(out["lag_ms"], "lag_ms") > _MOST_LAG_MS:
        raise ValueError(f"A reaction takes at most {_MOST_LAG_MS} ms; found {out['lag_ms']}.")
    for flag in ("unsure", "deleted"):
        if flag in out:
            _yes_or_no(out[flag], flag)
    for field, name in _TEXTS.items():
        if field in out:
            _text(out[field], name)
    for field in ("who", "whom"):
        if out.get(field, "") != "" and not (isinstance(out[field], str) and out[field] in bounds.people):
            raise ValueError(f"There is no {out[field]!r} among the people of this session.")
    if out.get("second_choice", "") not in ("", NOT_OBSERVABLE):
        code_of(out["second_choice"], bounds)
    if out.get("unit", "") != "":
        _unit(out["unit"], bounds)
    if "modifiers" in out:
        found = out["modifiers"]
        words = isinstance(found, list) and all(_is_text(m, _LONGEST_ID) for m in found)
        if not words or len(found) > _MOST_MODIFIERS:
            raise ValueError("Modifiers are a list of words.")
    return out


def _rate(values: Mapping[str, Any], bounds: Bounds) -> dict[str, Any]:
    scale = _scale(values, bounds)
    said = {"scale": scale.id, "segment": _segment(values, scale, bounds)}
    _known(values, {"scale", "segment", "value", "no_evidence"}, "A rating")
    if _yes_or_no(values.get("no_evidence", False), "no_evidence"):
        if not scale.no_evidence:
            raise ValueError(f"“{scale.label}” has to be rated; “no evidence” is not one of its answers.")
        return said | {"value": None, "no_evidence": True}
    value = values.get("value")
    if value is not None and (
        isinstance(value, bool) or not isinstance(value, int) or not scale.low <= value <= scale.high
    ):
        raise ValueError(f"“{scale.label}” goes from {scale.low} to {scale.high}; found {value!r}.")
    return said | {"value": value, "no_evidence": False}


def _link(values: Mapping[str, Any], bounds: Bounds) -> dict[str, Any]:
    _known(values, {"scale", "segment", "event", "unit", "linked"}, "Evidence")
    scale = _scale(values, bounds)
    out = {"scale": scale.id, "segment": _segment(values, scale, bounds)}
    event, unit = values.get("event") or "", values.get("unit") or ""
    if bool(event) == bool(unit):
        raise ValueError("Evidence is an event or a unit of the transcript, and one of them.")
    if event:
        out["event"] = _id(event, "Evidence needs the id of its event")
    else:
        # an utterance is evidence also where the scheme codes events
        out["unit"] = _unit_there(unit, bounds)
    return out | {"linked": _yes_or_no(values.get("linked", True), "linked")}


def _note(values: Mapping[str, Any], _: Bounds) -> dict[str, Any]:
    _known(values, {"note", "at_ms", "text"}, "A note")
    return {
        "note": _id(values.get("note"), "A note needs an id"),
        "at_ms": _whole(values.get("at_ms"), "at_ms"),
        "text": _text(values.get("text", ""), "A note"),
    }


def _boundary(values: Mapping[str, Any], bounds: Bounds) -> dict[str, Any]:
    _known(values, {"unit", "starts"}, "A boundary")
    return {"unit": _unit(values.get("unit"), bounds), "starts": _yes_or_no(values.get("starts"), "starts")}


def _reason(values: Mapping[str, Any], bounds: Bounds) -> dict[str, Any]:
    _known(values, {"rule", "segment", "reason"}, "A reason")
    rule = next((r for r in bounds.scheme.rules if r.id == values.get("rule")), None)
    if rule is None:
        raise ValueError(f"The scheme {bounds.scheme.name} has no rule {values.get('rule')!r}.")
    segment = _segment(values, bounds.scheme.rating(rule.scale), bounds)
    reason = _text(values.get("reason"), "A reason")
    if not reason.strip():
        raise ValueError("A reason says something; this one is empty.")
    return {"rule": rule.id, "segment": segment, "reason": reason}


def _finish(values: Mapping[str, Any], bounds: Bounds) -> dict[str, Any]:
    _known(values, {"pass", "done"}, "A pass")
    asked = {p.value for p in bounds.scheme.passes}
    if values.get("pass") not in asked:
        raise ValueError(f"The scheme {bounds.scheme.name} asks for no pass {values.get('pass')!r}.")
    return {"pass": values["pass"], "done": _yes_or_no(values.get("done"), "done")}


def _clock(values: Mapping[str, Any], bounds: Bounds) -> dict[str, Any]:
    _known(values, {"origin_at", "stopped_ms"}, "A clock")
    if not bounds.on_clock:
        raise ValueError("Only a coding of a session while it happens has a clock, and only until it is aligned.")
    stopped = values.get("stopped_ms")
    return {
        "origin_at": _whole(values.get("origin_at"), "origin_at"),
        "stopped_ms": None if stopped is None else _whole(stopped, "stopped_ms"),
    }


_READERS: Mapping[OperationKind, Callable[[Mapping[str, Any], Bounds], dict[str, Any]]] = {
    OperationKind.RATE: _rate,
    OperationKind.LINK: _link,
    OperationKind.NOTE: _note,
    OperationKind.BOUNDARY: _boundary,
    OperationKind.REASON: _reason,
    OperationKind.FINISH: _finish,
    OperationKind.CLOCK: _clock,
}


def _kind(raw: Any) -> OperationKind:
    try:
        return OperationKind(raw)
    except ValueError:
        known = ", ".join(OperationKind)
        raise ValueError(f"An operation is one of {known}; found {str(raw)[:_LONGEST_ID]!r}.") from None


def _known(values: Mapping[str, Any], fields: Collection[str], what: str) -> None:
    if unknown := sorted(str(k)[:_LONGEST_ID] for k in values if k not in fields):
        raise ValueError(f"{what} has no {', '.join(unknown)}.")


def _id(raw: Any, sentence: str) -> str:
    if not is_id(raw):
        raise ValueError(f"{sentence} (a UUID).")
    return str(raw)


def _scale(values: Mapping[str, Any], bounds: Bounds) -> RatingScale:
    found = next((r for r in bounds.scheme.ratings if r.id == values.get("scale")), None)
    if found is None:
        raise ValueError(f"The scheme {bounds.scheme.name} has no rating {values.get('scale')!r}.")
    return found


def _segment(values: Mapping[str, Any], scale: RatingScale, bounds: Bounds) -> int:
    """0 for what is rated once; the number of a segment of the window for what is rated in each."""
    segment = _whole(values.get("segment", 0), "segment")
    if not scale.each_segment:
        if segment:
            raise ValueError(f"“{scale.label}” is rated once for the session, not for segment {segment}.")
    elif not 1 <= segment <= (_MOST_SEGMENTS if bounds.on_clock else bounds.segments):
        raise ValueError(f"“{scale.label}” is rated for the segments 1 to {bounds.segments}; found {segment}.")
    return segment


def _unit(raw: Any, bounds: Bounds) -> str:
    if not bounds.codes_utterances:
        raise ValueError(f"The scheme {bounds.scheme.name} does not code utterances.")
    return _unit_there(raw, bounds)


def _unit_there(raw: Any, bounds: Bounds) -> str:
    if not is_unit(raw, bounds):
        raise ValueError(f"The transcript of this coding has no unit {str(raw)[:_LONGEST_ID]!r}.")
    return str(raw)


def _yes_or_no(value: Any, name: str) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"{name} is yes or no.")
    return value


def _text(value: Any, name: str) -> str:
    if not _is_text(value, _LONGEST_TEXT):
        raise ValueError(f"{name} is text of at most {_LONGEST_TEXT} characters.")
    return str(value)


def _is_text(value: Any, longest: int) -> bool:
    """Whether a database takes `value` as text: half a character pair or a NUL is none."""
    if not isinstance(value, str) or len(value) > longest:
        return False
    return "\0" not in value and not any("\ud800" <= c <= "\udfff" for c in value)


def _whole(value: Any, name: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError(f"{name} is a whole number from 0; found {str(value)[:_LONGEST_ID]!r}.")
    if name.endswith("_ms") and value > LATEST_MS:
        raise ValueError(f"{name} is beyond any recording.")
    if value > (_MOST_SEGMENTS if name == "segment" else _LATEST_INSTANT):
        raise ValueError(f"{name} is too large.")
    return value
