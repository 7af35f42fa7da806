"""The fields of the scheme editor: each shows a part of the draft, changes it, and says below what is wrong with it.

None has `max_chars`: Streamlit drops a paste that is longer without a word. It is kept, and the check says how long.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any

import streamlit as st

from workbench.app.parts.scheme_editing import Editing
from workbench.schemes import scheme_draft
from workbench.schemes.scheme_draft import Path, value_at, with_value
from workbench.schemes.yaml_text import Plain, write_tree

_YES = Plain("true")
_NO = Plain("false")
# What follows from a new text: of the tree that has it, the text before, and where it stands.
Then = Callable[[dict[str, Any], str, Path], dict[str, Any]]


def line(
    e: Editing,
    path: Path,
    label: str,
    *,
    hint: str = "",
    example: str = "",
    number: bool = False,
    follows: bool = False,
    then: Then | None = None,
) -> None:
    """A text on one line, or a number. `then` changes the tree further once it has the new text.

    `follows`: another field may change this one, see `Editing.key_following`.
    """
    now = e.words(*path)
    key = e.key_following(now, *path) if follows else e.key(*path)

    def take(at: Path, text: str) -> None:
        value = scheme_draft.number(text) if number else text.strip()
        e.edit(_said(e, at, label), lambda tree: _with(tree, at, value, then))

    st.text_input(
        label,
        now,
        key=key,
        help=hint or None,
        placeholder=example or None,
        on_change=e.heard(key, path, label, now, take),
        autocomplete="off",
    )
    wrong(e, *path)


def paragraph(
    e: Editing,
    path: Path,
    label: str,
    *,
    hint: str = "",
    example: str = "",
    follows: bool = False,
) -> None:
    """A text that may be long. `follows` as that of a `line`."""
    now = e.words(*path)
    key = e.key_following(now, *path) if follows else e.key(*path)

    def take(at: Path, written: str) -> None:
        text = written.replace("\r\n", "\n").strip()
        e.edit(_said(e, at, label), lambda tree: with_value(tree, at, text))

    st.text_area(
        label,
        now,
        key=key,
        height="content",
        help=hint or None,
        placeholder=example or None,
        on_change=e.heard(key, path, label, now, take),
    )
    wrong(e, *path)


def lines(e: Editing, path: Path, label: str, *, hint: str = "") -> None:
    """A list of short texts, one on each line."""
    key = e.key(*path)
    found = e.value(*path, default=[])
    shown = "\n".join(str(t) for t in found if isinstance(t, str)) if isinstance(found, list) else str(found)

    def take(at: Path, written: str) -> None:
        texts = [t.strip() for t in written.splitlines() if t.strip()]
        e.edit(_said(e, at, label), lambda tree: with_value(tree, at, texts))

    heard = e.heard(key, path, label, shown, take)
    st.text_area(label, shown, key=key, height="content", help=hint or None, on_change=heard)
    wrong(e, *path, inside=True)


def choice(
    e: Editing, path: Path, label: str, options: Mapping[str, str], *, default: str = "", hint: str = ""
) -> None:
    """One of several words. What stands there and is none of them is offered as it is."""
    now = e.words(*path) or default

    def take(at: Path, value: str | None) -> None:
        kept = None if value is None or value == default else value
        e.edit(_said(e, at, label), lambda tree: with_value(tree, at, kept))

    shown = dict(options) if now in options or not now else {now: now, **options}
    one_of(e, path, label, shown, now if now in shown else None, take, hint=hint)
    wrong(e, *path)


def one_of(
    e: Editing,
    path: Path,
    label: str,
    options: Mapping[str, str],
    now: str | None,
    take: Callable[[Path, Any], None],
    *,
    hint: str = "",
    named: bool = True,
) -> None:
    """A choice that means more than a word at `path`: what it means does `take`. Not `named`: its label is only read
    out, as its words stand beside it."""
    key = e.key_among(options.values(), *path)
    st.selectbox(
        label,
        list(options),
        index=None if now is None else list(options).index(now),
        format_func=lambda v: options.get(v, v),
        key=key,
        help=hint or None,
        label_visibility="visible" if named else "collapsed",
        on_change=e.heard(key, path, label, now, take),
    )


def word(e: Editing, path: Path, label: str, known: Sequence[str], *, hint: str = "") -> None:
    """A word of the team's own, with those that the scheme has already to choose from."""
    key = e.key(*path)
    now = e.words(*path)
    options = list(dict.fromkeys([*known, *([now] if now else [])]))

    def take(at: Path, chosen: str | None) -> None:
        value = str(chosen or "").strip()
        made = value if value in options else scheme_draft.name_for(value, [], "group") if value else ""
        e.edit(_said(e, at, label), lambda tree: with_value(tree, at, made))
        st.session_state[key] = made or None

    st.session_state.setdefault(key, now or None)
    st.selectbox(
        label,
        options,
        index=None,
        key=key,
        help=hint or None,
        placeholder="None",
        accept_new_options=True,
        on_change=e.heard(key, path, label, now or None, take),
    )
    wrong(e, *path)


def several(
    e: Editing, path: Path, label: str, options: Mapping[str, str], *, hint: str = "", stays: bool = False
) -> None:
    """Several of some words; those that are not known any more stay until they are taken out. `stays`: nothing
    chosen is kept as an empty list."""
    found = e.value(*path, default=[])

    def take(at: Path, chosen: Sequence[str]) -> None:
        e.edit(_said(e, at, label), lambda tree: with_value(tree, at, list(chosen), stays=stays))

    some_of(e, path, label, options, [str(v) for v in found] if isinstance(found, list) else [], take, hint=hint)
    wrong(e, *path, inside=True)


def some_of(
    e: Editing,
    path: Path,
    label: str,
    options: Mapping[str, str],
    now: Sequence[str],
    take: Callable[[Path, Any], None],
    *,
    hint: str = "",
) -> None:
    """A choice of several that means more than a list at `path`: what it means does `take`."""
    now = list(dict.fromkeys(now))
    shown = {**options, **{v: not_there(v) for v in now if v not in options}}
    key = e.key_among(shown.values(), *path)
    st.multiselect(
        label,
        list(shown),
        now,
        format_func=lambda v: shown.get(v, v),
        key=key,
        help=hint or None,
        placeholder="None",
        on_change=e.heard(key, path, label, now, take),
    )


def not_there(name: str) -> str:
    """How a choice shows a name that the draft has no entry for."""
    return f"{name} (not there)"


def flag(e: Editing, path: Path, label: str, *, default: bool = False, hint: str = "") -> None:
    """Yes or no."""
    key = e.key(*path)
    now = e.value(*path)
    on = default if now == "" else now == "true"

    def take(at: Path, chosen: bool) -> None:
        kept = None if chosen is default else _YES if chosen else _NO
        e.edit(_said(e, at, label), lambda tree: with_value(tree, at, kept))

    st.checkbox(label, on, key=key, help=hint or None, on_change=e.heard(key, path, label, on, take))
    wrong(e, *path)


def wrong(e: Editing, *path: str | int, inside: bool = False) -> None:
    """What is wrong with one part of the draft. What is missing has no name in it: the field's own stands above."""
    found = e.read.inside(*path) if inside else e.read.of(*path)
    missing = re.compile(rf".*: {re.escape(str(path[-1]))} is missing")
    sentences([missing.sub("This is needed", problem, count=1) for problem in found])


def sentences(problems: Sequence[str]) -> None:
    """Says what is wrong. Its place is kept while nothing is: what comes and goes would push the columns below into
    another place of the page, where Streamlit makes their fields anew, and half a word in one of them is lost."""
    place = st.empty()
    if problems:
        said = "".join(f"<p>{escape(p)}</p>" for p in dict.fromkeys(problems))
        place.html(f'<div class="wb-wrong" role="status">{said}</div>')


def rest(e: Editing, path: Path, shown: Sequence[str]) -> None:
    """What an entry holds beyond the form's fields: shown as it is, and kept."""
    entry = e.value(*path, default={})
    more = {k: v for k, v in entry.items() if k not in shown} if isinstance(entry, dict) else {}
    if more:
        st.caption("Also said here, and kept. It is changed under YAML:")
        st.code(write_tree(more).rstrip(), language="yaml")
        for key in more:
            wrong(e, *path, key, inside=True)


def _with(tree: dict[str, Any], path: Path, value: str, then: Then | None) -> dict[str, Any]:
    before = value_at(tree, path)
    changed = with_value(tree, path, value)
    return then(changed, before if isinstance(before, str) else "", path) if then else changed


def _said(e: Editing, path: Path, label: str) -> str:
    """How undo calls the change of a field: `Key of code “Joke”`."""
    of = scheme_draft.called(e.tree, path)
    return f"{label} of {of}" if of else label
