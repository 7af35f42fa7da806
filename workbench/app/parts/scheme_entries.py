"""A list of the scheme editor, of codes or ratings or scores: choose one, add, copy, move, delete."""

from __future__ import annotations

import re
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import streamlit as st

from workbench.app.parts.scheme_editing import Editing
from workbench.app.parts.scheme_fields import Then
from workbench.app.parts.texts import plain
from workbench.schemes import scheme_draft
from workbench.schemes.draft_names import with_lineage, with_name
from workbench.schemes.scheme_draft import Path, value_at, with_value

Entry = dict[str, Any]
_LONGEST = 60  # of what names an entry in its list


def entries_of(
    e: Editing, part: str, one: str, make: Callable[[Editing], Entry], about: str, form: Callable[[Editing, int], None]
) -> None:
    """The list of a part, and the open entry's `form` beside it. What the others mean says `_chosen_of`."""
    left, right = st.columns([1, 2.4], gap="medium")
    with left:
        n = _chosen_of(e, part, one, make, about)
    if n is not None:
        with right:
            form(e, n)


def new_id(e: Editing, one: str) -> str:
    """A name that no code, rating or score has: formulas mix the three."""
    return scheme_draft.name_for("", [*e.ids("codes"), *e.ids("ratings"), *e.ids("scores")], one)


def _chosen_of(e: Editing, part: str, one: str, make: Callable[[Editing], Entry], about: str) -> int | None:
    """The list and its buttons; the place of the entry that is open, None while there is none.

    `one`: what an entry is called; `make`: a new one; `about`: what to say while the list is empty.
    """
    entries = e.entries(part)
    if not entries:
        st.caption(about)
        _add(e, part, one, make)
        return None
    n = min(e.at.get(part, 0), len(entries) - 1)
    rows = [_row(e, part, one, i) for i in range(len(entries))]
    open_one = f"{part}.open"
    key = e.key_of_choice(rows, open_one)

    label = f"{one.capitalize()} to edit"

    def take(_: Path, chosen: int) -> None:
        e.at[part] = chosen
        e.chosen_by(key, open_one)

    with st.container(key=f"scheme-list-{part}"):
        st.radio(
            label,
            list(range(len(entries))),
            index=n,
            format_func=lambda i: rows[i],
            key=key,
            on_change=e.heard(key, (part,), label, n, take),
        )
    _add(e, part, one, make)
    return n


def buttons(e: Editing, part: str, n: int, one: str) -> None:
    """What can be done to the open entry as a whole."""
    last = len(e.entries(part)) - 1
    acts: list[tuple[str, Callable[[Path], None], bool]] = [
        ("Move up", lambda at: _moved(e, at, -1), n > 0),
        ("Move down", lambda at: _moved(e, at, 1), n < last),
        ("Duplicate", lambda at: _copied(e, at, one), True),
        ("Delete", lambda at: _deleted(e, at), True),
    ]
    with st.container(horizontal=True, gap="small", key=f"scheme-acts-{part}"):
        for label, act, usable in acts:
            st.button(label, key=e.key(part, n, label), disabled=not usable, on_click=e.pressed((part, n), act))


def name_after(e: Editing, one: str) -> Then:
    """Lets an entry's id follow its label, as long as nobody gave it one of its own and no saved version knows it."""

    def follow(tree: dict[str, Any], before: str, at: Path) -> dict[str, Any]:
        path = at[:-1]
        label, now = value_at(tree, (*path, "label")), value_at(tree, (*path, "id"))
        others = _ids(tree, path)
        own = now and now != scheme_draft.name_for(before, others, one) and not re.fullmatch(rf"{one}_\d+", now)
        if own or e.is_settled(path) or not isinstance(label, str) or not label:
            return tree
        made = scheme_draft.name_for(label, others, one)
        return with_name(tree, path, made)

    return follow


def rename(e: Editing) -> Then:
    """After an id was changed by hand: rules and scores follow."""

    def follow(tree: dict[str, Any], before: str, at: Path) -> dict[str, Any]:
        path = at[:-1]
        new = value_at(tree, (*path, "id"))
        if not before or not new or before == new:
            return tree
        old = with_value(tree, (*path, "id"), before)
        return with_name(with_lineage(old, path[0], before, new, (before,) in e.settled), path, new)

    return follow


def _ids(tree: dict[str, Any], path: Path) -> list[str]:
    """The ids beside that of `path`: of its own list, and where formulas mix them, of all three."""
    lists = [path[:-1]] if len(path) > 2 else [("codes",), ("ratings",), ("scores",)]
    if path[0] == "rules":
        lists = [("rules",)]
    return [
        str(entry["id"])
        for of in lists
        for n, entry in enumerate(scheme_draft.entries_at(tree, of))
        if entry.get("id") and (*of, n) != path
    ]


def _row(e: Editing, part: str, one: str, n: int) -> str:
    entry = e.entries(part)[n] if n < len(e.entries(part)) else {}
    name = str(entry.get("label") or entry.get("sentence") or f"{one.capitalize()} {n + 1}")
    label = plain(_shortened(name))
    key = f" `{entry['key']}`" if isinstance(entry.get("key"), str) and "`" not in entry["key"] else ""
    wrong = len(e.read.inside(part, n))
    return f"{label}{key}" + (f" :red[{wrong} to mend]" if wrong else "")


def _shortened(name: str) -> str:
    """A name that is not too long for the list, cut between two words if there are any.

    >>> _shortened("The patient opens up"), _shortened("x" * 61) == "x" * 60 + "…"
    ('The patient opens up', True)
    >>> _shortened("This person is rated +2 or +3 on engagement, and holds off the work")
    'This person is rated +2 or +3 on engagement, and holds off…'
    """
    if len(name) <= _LONGEST:
        return name
    whole, _, _ = name[: _LONGEST + 1].rpartition(" ")
    return f"{whole if len(whole) > _LONGEST // 2 else name[:_LONGEST]}…"


def _add(e: Editing, part: str, one: str, make: Callable[[Editing], Entry]) -> None:
    st.button(f"Add a {one}", key=e.key(part, "add"), on_click=_added, args=(e, part, one, make))


def _added(e: Editing, part: str, one: str, make: Callable[[Editing], Entry]) -> None:
    place = len(e.entries(part))
    e.add(f"new {one}", (part, place), make(e))
    e.at[part] = place


def _copied(e: Editing, at: Path, one: str) -> None:
    part, n = _in_list(at)
    entry = deepcopy(e.entries(part)[n])
    label = f"{entry.get('label', '')} (copy)"
    if "label" in entry:
        entry["label"] = label
    entry["id"] = scheme_draft.name_for(str(entry.get("id", "")), _ids(e.tree, (part, -1)), one)
    if part == "codes":
        _with_free_keys(e, entry)
    e.add(f"copy of {scheme_draft.called(e.tree, at)}", (part, n + 1), entry)
    e.at[part] = n + 1


def _with_free_keys(e: Editing, entry: Entry) -> None:
    """One press means one thing: the copy gets a key of its own, and its answers' direct keys are left to choose."""
    entry["key"] = free_key(e)
    for modifier in entry.get("modifiers", []):
        for option in modifier.get("options", []) if isinstance(modifier, dict) else []:
            if isinstance(option, dict):
                option.pop("direct", None)


def free_key(e: Editing) -> str:
    """The first key that nothing uses, from where the left hand rests."""
    used = {str(code.get("key")) for code in e.entries("codes")}
    for n, _ in enumerate(e.entries("codes")):
        for m, _ in enumerate(e.entries("codes", n, "modifiers")):
            used |= {str(o.get("direct")) for o in e.entries("codes", n, "modifiers", m, "options")}
    return next((k for k in "sdfgajklwertqyuiophzxcvbnm1234567890" if k not in used), "")


def _moved(e: Editing, at: Path, by: int) -> None:
    part, n = _in_list(at)
    if 0 <= n + by < len(e.entries(part)):
        e.move(f"move of {scheme_draft.called(e.tree, at)}", at, n + by)
        e.at[part] = n + by


def _deleted(e: Editing, at: Path) -> None:
    part, n = _in_list(at)
    called = scheme_draft.called(e.tree, at)
    e.delete(f"deletion of {called}", at)
    e.at[part] = max(0, n - 1)
    e.say = (f"Deleted: {called}. Undo brings it back.", False)


def _in_list(at: Path) -> tuple[str, int]:
    """The list that an entry is in, and its place there."""
    part, n = at
    return str(part), int(n)
