"""The scheme editor's scores: what each is made of, and what its values are called."""

from __future__ import annotations

from typing import Any

import streamlit as st

from workbench.app.parts.scheme_about import PEOPLE
from workbench.app.parts.scheme_editing import Editing
from workbench.app.parts.scheme_entries import buttons, entries_of, name_after, new_id, rename
from workbench.app.parts.scheme_fields import choice, line, one_of, paragraph, rest, sentences, several, wrong
from workbench.app.parts.scheme_levels import levels
from workbench.model.scheme import ScoreKind
from workbench.schemes.scheme_draft import Path, value_at, with_value
from workbench.schemes.scheme_scores import EVENTS, SIDES
from workbench.schemes.yaml_text import Plain

_KINDS = {
    "count": "How often codes occur",
    "rate": "How often in an hour",
    "time": "Share of the time that stretches are on",
    "sequence": "How often one code is followed by another",
    "sum": "A sum",
    "mean": "A mean",
    "difference": "A difference",
    "ratio": "A ratio",
    "share": "A share in percent",
}
_SIDES = {
    "difference": ("This", "without that"),
    "ratio": ("This", "to that"),
    "share": ("Of these", "in all of these"),
}
_EACH = {"session": "For the session", "segment": "In each segment, then the mean of them"}
_OF_EVENTS = ("count", "rate", "time")


def scores(e: Editing) -> None:
    """The list, and the open score beside it."""
    about = "No score yet. A score follows from a coding by itself: a count, a rate, a mean, a share."
    entries_of(e, "scores", "score", _new, about, _score)


def _new(e: Editing) -> dict[str, Any]:
    made: dict[str, Any] = {"id": new_id(e, "score")}
    codes = list(e.ids("codes"))
    return made | ({"count": {"codes": codes[:1]}} if codes else {"mean": list(e.ids("ratings"))[:1] or [""]})


def _score(e: Editing, n: int) -> None:
    path: Path = ("scores", n)
    wrong(e, *path)
    line(e, (*path, "label"), "Label", then=name_after(e, "score"))
    kinds = [k for k in ScoreKind if k in e.value(*path, default={})]
    kind = kinds[0].value if len(kinds) == 1 else ""
    _kind(e, path, kind)
    if kind:
        sentences(e.read.of(*path, kind))
        _formula(e, (*path, kind), kind, n)
    with st.container(key="scheme-words-score"):
        paragraph(e, (*path, "definition"), "What it means")
    several(e, (*path, "needs"), "Means nothing without", e.ids("ratings"), hint="Ratings that must have a value.")
    if kind == "mean" or e.value(*path, "minimum_answered"):
        line(e, (*path, "minimum_answered"), "Share that must have a value", number=True, example="1", hint="0.5 to 1.")
    choice(e, (*path, "each"), "Computed", _EACH, default="session")
    levels(e, path)
    with st.expander("Name in tables", expanded=bool(e.read.of(*path, "id")), key=e.key(*path, "more")):
        line(e, (*path, "id"), "Name", follows=True, hint="Small letters a-z, digits and _.", then=rename(e))
    rest(e, path, ["id", "label", "definition", "levels", "needs", "minimum_answered", "each", kind])
    buttons(e, "scores", n, "score")


def _kind(e: Editing, path: Path, now: str) -> None:
    def take(at: Path, kind: str | None) -> None:
        if kind:
            e.edit("What a score is", lambda tree: _with_kind(e, tree, at[:-1], kind))

    one_of(e, (*path, "kind"), "What it is", _KINDS, now or None, take)


def _with_kind(e: Editing, tree: dict[str, Any], path: Path, kind: str) -> dict[str, Any]:
    """Another kind of score, made of the same as far as the two kinds go together."""
    before = [formula for k in ScoreKind if (formula := value_at(tree, (*path, k.value), None)) is not None]
    first, second = _made_of(before[0] if len(before) == 1 else None)
    for old in ScoreKind:
        tree = with_value(tree, (*path, old.value), None)
    every = list(e.ids("codes"))
    codes, terms = every[:1], [*every, *e.ids("ratings")][:1]
    states = [str(c.get("id")) for c in e.entries("codes") if c.get("kind") == "state"]
    if kind in SIDES:
        made: Any = dict(zip(SIDES[ScoreKind(kind)], (first or terms, second or terms), strict=True))
    elif kind == "sequence":
        after, comes = ([c for c in side if c in every] or codes for side in (first, second))
        made = {"after": {"codes": after}, "comes": {"codes": comes}, "within_seconds": Plain("60")}
    elif kind in _OF_EVENTS:
        fits = states if kind == "time" else every
        made = {"codes": [c for c in first if c in fits] or fits[:1] or codes}
    else:
        made = first or terms
    return with_value(tree, (*path, kind), made)


def _made_of(formula: Any) -> tuple[list[str], list[str]]:
    """What a formula names: on its one side, or on both."""
    if isinstance(formula, dict):
        names = ("codes", "of", "after"), ("minus", "to", "in", "comes")
        first, second = (next((formula[n] for n in side if formula.get(n)), None) for side in names)
        return _made_of(first)[0], _made_of(second)[0]
    return ([str(name) for name in formula] if isinstance(formula, list) else []), []


def _formula(e: Editing, path: Path, kind: str, n: int) -> None:
    if kind in SIDES:
        for side, label in zip(SIDES[ScoreKind(kind)], _SIDES[kind], strict=True):
            several(e, (*path, side), label, _terms(e, n))
        _further(e, path, SIDES[ScoreKind(kind)])
    elif kind in ("sum", "mean"):
        if isinstance(e.value(*path), dict):
            _further(e, path, ())
        else:
            several(e, path, "Of these", _terms(e, n), hint="Codes count how often they occur.", stays=True)
    elif kind == "sequence":
        for side, label in (("after", "After"), ("comes", "comes")):
            _events(e, (*path, side), label)
        line(e, (*path, "within_seconds"), "while it lasts, or within so many seconds after", number=True)
        counted = {"percent": "In percent of the first", "count": "How often"}
        choice(e, (*path, "as"), "Given", counted, default="percent")
        _further(e, path, ("after", "comes", "within_seconds", "as"))
    else:
        if kind != "rate" or not e.value(*path, "of"):
            _events(e, path, "Any of these codes", *(["of", "per_minutes"] if kind == "rate" else []))
        if kind == "rate":
            several(e, (*path, "of"), "Or of these codes and counts", _terms(e, n))
            line(e, (*path, "per_minutes"), "For so many minutes", number=True, example="60")


def _events(e: Editing, path: Path, label: str, *more: str) -> None:
    """Which events: codes, and where they can be told apart, with which answers, by whom."""
    several(e, (*path, "codes"), label, e.ids("codes"))
    options = {
        f"{m.get('id')}:{o.get('id')}": f"{m.get('label') or m.get('id')}: {o.get('label') or o.get('id')}"
        for n, code in enumerate(e.entries("codes"))
        if code.get("id") in e.value(*path, "codes", default=[])
        for k, m in enumerate(e.entries("codes", n, "modifiers"))
        for o in e.entries("codes", n, "modifiers", k, "options")
    }
    if options or e.value(*path, "modifiers"):
        several(e, (*path, "modifiers"), "with all of these answers", options)
    asked = {
        w for c in e.entries("codes") for w in c.get("ask", []) if c.get("id") in e.value(*path, "codes", default=[])
    }
    for which, said in (("who", "done by"), ("whom", "done to")):
        if which in asked or e.value(*path, which):
            several(e, (*path, which), said, PEOPLE)
    _further(e, path, (*EVENTS, *more))


def _terms(e: Editing, n: int) -> dict[str, str]:
    """Codes, ratings, and the scores above this one."""
    above = dict(list(e.ids("scores").items())[:n])
    return {**e.ids("codes"), **e.ids("ratings"), **above}


def _further(e: Editing, path: Path, shown: tuple[str, ...]) -> None:
    if isinstance(e.value(*path), dict):
        rest(e, path, shown)
