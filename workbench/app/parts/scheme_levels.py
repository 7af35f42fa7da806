"""The levels of a score in the scheme editor: from which value on it is called what."""

from __future__ import annotations

import streamlit as st

from workbench.app.parts.scheme_editing import Editing
from workbench.app.parts.scheme_fields import line, rest, sentences, wrong
from workbench.schemes import scheme_draft
from workbench.schemes.scheme_draft import Path
from workbench.schemes.scheme_scores import LEVEL


def levels(e: Editing, score: Path) -> None:
    """A line for each level, the lowest first; one more; one less."""
    here: Path = (*score, "levels")
    found = e.entries(*here)
    title = f"Levels ({len(found)})" if found else "Levels"
    with st.expander(title, expanded=bool(e.read.inside(*here)), key=e.key(*here)):
        st.caption("What a value of the score is called from somewhere on, such as “Good” from 3 on. The lowest first.")
        sentences(e.read.of(*here))
        for n, _ in enumerate(found):
            _level(e, (*here, n), n + 1)
        st.button("Add a level", key=e.key(*here, "add"), on_click=_add, args=(e, here))


def _level(e: Editing, path: Path, number: int) -> None:
    wrong(e, *path)
    label, least, away = st.columns([4, 2, 1.6], vertical_alignment="bottom")
    with label:
        line(e, (*path, "label"), f"Level {number}")
    with least:
        line(e, (*path, "at_least"), f"Level {number} from", number=True)
    away.button(
        "Delete",
        key=e.key(*path, "delete"),
        help=f"Delete level {number}",
        on_click=e.pressed(path, lambda at: _take_out(e, at)),
    )
    rest(e, path, LEVEL)


def _add(e: Editing, here: Path) -> None:
    e.add("new level", (*here, len(e.entries(*here))), {})


def _take_out(e: Editing, at: Path) -> None:
    e.delete(f"deletion of {scheme_draft.called(e.tree, at)}", at)
