"""What is new in a draft since the version that it began from, in words, with the texts before and after."""

from __future__ import annotations

import difflib
import re
from html import escape

import streamlit as st

from workbench.app import current
from workbench.app.parts.scheme_editing import Editing
from workbench.app.parts.texts import count
from workbench.model.titles import with_version
from workbench.schemes.scheme_changes import Change
from workbench.workflows import edit_scheme

_SIGNS = {"added": "+", "removed": "−", "changed": "≠", "moved": "↕"}


def changes(e: Editing) -> None:
    """The differences, one after the other."""
    base = edit_scheme.base_of(current.workspace(), e.draft)
    if base is None:
        gone = "The version that this draft began from is not here any more, so there is nothing to hold it against."
        began = "This scheme began empty or from a file, so there is no version to hold it against."
        st.caption(gone if e.draft.base else began)
        return
    if e.read.scheme is None:
        st.caption("The text cannot be read as a scheme now. Its differences are shown once it can.")
        return
    found = edit_scheme.differences(current.workspace(), e.draft, e.read.scheme)
    since = with_version(base)
    if not found:
        st.caption(f"Nothing differs from {since}.")
        return
    st.caption(f"{count(len(found), 'difference')} from {since}. Codings on that version keep it.")
    st.html(f'<ul class="wb-changes">{"".join(map(_item, found))}</ul>')


def _item(change: Change) -> str:
    long = len(change.before) > 60 or len(change.after) > 60 or "\n" in change.before + change.after
    text = f'<div dir="auto">{_differing(change.before, change.after)}</div>' if long else ""
    sign = _SIGNS[change.kind]
    return f'<li><b aria-hidden="true">{sign}</b><div>{escape(change.sentence)}{text}</div></li>'


def _differing(before: str, after: str) -> str:
    """Two texts as one: what went is struck out, what came is underlined.

    >>> _differing("not so good", "so good & new")
    '<del>not </del>so good<ins> &amp; new</ins>'
    """
    old, new = (re.findall(r"\s+|[^\s]+", text) for text in (before, after))
    said = []
    for how, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if how == "equal":
            said.append(escape("".join(old[a:b])))
            continue
        if a < b:
            said.append(f"<del>{escape(''.join(old[a:b]))}</del>")
        if c < d:
            said.append(f"<ins>{escape(''.join(new[c:d]))}</ins>")
    return "".join(said)
