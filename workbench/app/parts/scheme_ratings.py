"""The scheme editor's ratings: scale, words for its values, and how they count."""

from __future__ import annotations

from typing import Any

import streamlit as st

from workbench.app.parts.scheme_about import PEOPLE
from workbench.app.parts.scheme_codes import DIMENSIONS
from workbench.app.parts.scheme_editing import Editing
from workbench.app.parts.scheme_entries import buttons, entries_of, name_after, new_id, rename
from workbench.app.parts.scheme_fields import choice, flag, line, paragraph, rest, sentences, several, word, wrong
from workbench.schemes import scheme_draft
from workbench.schemes.scheme_draft import Path, with_value
from workbench.schemes.yaml_text import Plain

# What the form has fields for.
_SHOWN = ["id", "label", "each", "of", "low", "high", "start", "no_evidence", "reversed", "scored", "dimension"]
_SHOWN += ["definition", "anchors"]
_EACH = {
    "session": "The whole session, once",
    "segment": "Each segment",
    "person": "Each person, over the session",
    "family": "The family as one, over the session",
}
_MOST_FIELDS = 11  # values that get a field of their own each


def ratings(e: Editing) -> None:
    """The list, and the open rating beside it."""
    about = "No rating yet. A rating is a value on a scale, for the session or for each segment of it."
    entries_of(e, "ratings", "rating", _new, about, _rating)


def _new(e: Editing) -> dict[str, Any]:
    return {"id": new_id(e, "rating"), "low": Plain("1"), "high": Plain("5")}


def _rating(e: Editing, n: int) -> None:
    path: Path = ("ratings", n)
    wrong(e, *path)
    line(e, (*path, "label"), "Label", then=name_after(e, "rating"))
    with st.container(key="scheme-words-rating"):
        paragraph(e, (*path, "definition"), "Definition", hint="What is rated.")
    choice(e, (*path, "each"), "Rated for", _EACH, default="session")
    with st.container():  # also while it is empty: see `sentences`
        if e.words(*path, "each") == "segment" and not e.value("segment_minutes"):
            line(e, ("segment_minutes",), "Minutes of a segment", number=True, example="5")
        if e.words(*path, "each") in ("person", "family") or e.value(*path, "of"):
            several(e, (*path, "of"), "Who is meant", PEOPLE, hint="Nobody named: patients and family members.")
    low, high, start = st.columns(3)
    with low:
        line(e, (*path, "low"), "Lowest value", number=True)
    with high:
        line(e, (*path, "high"), "Highest value", number=True)
    with start:
        line(e, (*path, "start"), "Begins at", number=True, example="none", hint="The value before any evidence.")
    with st.container():
        _anchors(e, path)
    left, right = st.columns(2)
    with left:
        flag(e, (*path, "no_evidence"), "“No evidence” is an answer", hint="It is not a missing rating.")
        flag(e, (*path, "reversed"), "High means a weak alliance")
        flag(e, (*path, "scored"), "Counts into the alliance score", default=True)
    with right:
        known = [str(entry.get("dimension")) for p in ("codes", "ratings") for entry in e.entries(p)]
        known = list(dict.fromkeys([*(k for k in known if k != "None"), *DIMENSIONS]))
        word(e, (*path, "dimension"), "Bears on", known, hint="Such as bond, goals, tasks.")
    with st.expander("Name in tables", expanded=bool(e.read.of(*path, "id")), key=e.key(*path, "more")):
        line(e, (*path, "id"), "Name", follows=True, hint="Small letters a-z, digits and _.", then=rename(e))
    rest(e, path, _SHOWN)
    buttons(e, "ratings", n, "rating")


def _anchors(e: Editing, path: Path) -> None:
    """A field for each value's words; where there are many values, for both ends and those that have words."""
    low, high = _whole(e.words(*path, "low")), _whole(e.words(*path, "high"))
    if low is None or high is None or not 1 <= high - low <= 100:
        st.caption("Words for the values can be given once lowest and highest value are whole numbers.")
        return
    found = e.value(*path, "anchors", default={})
    named = {n for n in map(_whole, found) if n is not None} if isinstance(found, dict) else set()
    values = range(low, high + 1) if high - low < _MOST_FIELDS else sorted({low, high, *named})
    st.caption("Words for the values. Where any have some, the lowest and the highest need some too.")
    with st.container(key="scheme-words-anchors", gap="small"):
        for value in values:
            _anchor(e, path, value)
    stray = sorted(str(k) for k in found if _whole(str(k)) not in values) if isinstance(found, dict) else []
    sentences([m for m in e.read.inside(*path, "anchors") if not any(f"anchors {v}" in m for v in values)])
    if stray:
        listed = ", ".join(stray)
        st.button(
            f"Take out the words for {listed}, which the scale does not have",
            key=e.key(*path, "stray"),
            on_click=_without,
            args=(e, path, stray),
        )


def _anchor(e: Editing, path: Path, value: int) -> None:
    here = (*path, "anchors", str(value))
    key, now, label = e.key(*here), e.words(*here), f"Words for {value}"

    def take(at: Path, text: str) -> None:
        e.edit(f"words for {value}", lambda tree: _with_anchor(tree, at[:-2], value, text.strip()))

    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=e.key(*here, "row")):
        st.html(f'<span class="wb-value">{_signed(value)}</span>', width=36)
        st.text_input(
            label,
            now,
            key=key,
            label_visibility="collapsed",
            on_change=e.heard(key, here, label, now, take),
        )
    sentences([m for m in e.read.inside(*path, "anchors") if f"anchors {value}" in m])


def _signed(value: int) -> str:
    """A value as the coding room writes it, with a minus and no hyphen."""
    return str(value).replace("-", "−")


def _with_anchor(tree: dict[str, Any], path: Path, value: int, text: str) -> dict[str, Any]:
    found = scheme_draft.value_at(tree, (*path, "anchors"), {})
    words = {**found, str(value): text} if isinstance(found, dict) else {str(value): text}
    kept = {k: v for k, v in words.items() if v}
    number = {k: n for k in kept if (n := _whole(k)) is not None}
    return with_value(tree, (*path, "anchors"), dict(sorted(kept.items(), key=lambda kv: number.get(kv[0], 10**6))))


def _without(e: Editing, path: Path, stray: list[str]) -> None:
    def change(tree: dict[str, Any]) -> dict[str, Any]:
        kept = {k: v for k, v in scheme_draft.value_at(tree, (*path, "anchors"), {}).items() if str(k) not in stray}
        return with_value(tree, (*path, "anchors"), kept)

    e.edit("words of values that are gone", change)


def _whole(text: str) -> int | None:
    text = text.strip()
    return int(text) if text.lstrip("+-").isdecimal() and text.isascii() and len(text) < 6 else None
