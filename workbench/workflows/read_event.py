"""Reading an event as a browser sent it: made with its code and times, or changed in some of its fields."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workbench.model.bounds import Bounds, code_of, misfit
from workbench.model.coding import NOT_OBSERVABLE, Operation, OperationKind, fold
from workbench.workflows.read_values import LONGEST_ID, coded_unit, given_id, is_text, known, text, whole, yes_or_no

_MOST_MODIFIERS = 50
_MOST_LAG_MS = 5000
_TEXTS = {"comment": "A comment", "question": "A question"}
_IDS = ("second_choice", "who", "whom", "unit")
_ADDABLE = {"unsure", "modifiers", "lag_ms", *_TEXTS, *_IDS}
_AMENDABLE = _ADDABLE | {"code", "start_ms", "end_ms", "deleted"}


def added(ident: str, client_at: int, raw: Mapping[str, Any], values: Mapping[str, Any], bounds: Bounds) -> Operation:
    """The operation that makes an event. Raises ValueError where no such event can stand."""
    event = given_id(raw.get("event"), "An event needs an id")
    known(values, _ADDABLE, "An event")
    times = {"code": raw.get("code"), "start_ms": raw.get("start_ms"), "end_ms": raw.get("end_ms")}
    checked = _checked({**values, **times}, bounds)
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


def amended(ident: str, client_at: int, raw: Mapping[str, Any], values: Mapping[str, Any], bounds: Bounds) -> Operation:
    """The operation that changes an event or deletes it: each field read by itself."""
    event = given_id(raw.get("event"), "An event needs an id")
    known(values, _AMENDABLE, "An event")
    return Operation(ident, OperationKind.AMEND, client_at, event=event, values=_checked(values, bounds))


def _checked(values: Mapping[str, Any], bounds: Bounds) -> dict[str, Any]:
    out = dict(values)
    if "code" in out and out["code"] != NOT_OBSERVABLE:
        code_of(out["code"], bounds)
    if "start_ms" in out:
        whole(out["start_ms"], "start_ms")
    if out.get("end_ms") is not None:
        whole(out["end_ms"], "end_ms")
    if "lag_ms" in out and whole(out["lag_ms"], "lag_ms") > _MOST_LAG_MS:
        raise ValueError(f"A reaction takes at most {_MOST_LAG_MS} ms; found {out['lag_ms']}.")
    for flag in ("unsure", "deleted"):
        if flag in out:
            yes_or_no(out[flag], flag)
    for field, name in _TEXTS.items():
        if field in out:
            text(out[field], name)
    for field in ("who", "whom"):
        if out.get(field, "") != "" and out[field] not in [p.id for p in bounds.people]:
            raise ValueError(f"There is no {out[field]!r} among the people of this session.")
    if out.get("second_choice", "") not in ("", NOT_OBSERVABLE):
        code_of(out["second_choice"], bounds)
    if out.get("unit", "") != "":
        coded_unit(out["unit"], bounds)
    if "modifiers" in out:
        found = out["modifiers"]
        words = isinstance(found, list) and all(is_text(m, LONGEST_ID) for m in found)
        if not words or len(found) > _MOST_MODIFIERS:
            raise ValueError("Modifiers are a list of words.")
    return out
