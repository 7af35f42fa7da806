"""The scheme editor: a draft, field by field, the coding room's buttons beside it, until it is saved as a version."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from typing import NoReturn

import streamlit as st

from workbench.app import current
from workbench.app.parts import guard, pages, times
from workbench.app.parts.says import said, say_next
from workbench.app.parts.scheme_about import about
from workbench.app.parts.scheme_before import version_before
from workbench.app.parts.scheme_changes_view import changes
from workbench.app.parts.scheme_codes import codes
from workbench.app.parts.scheme_editing import Editing, held, hold, let_go
from workbench.app.parts.scheme_fields import sentences
from workbench.app.parts.scheme_preview import preview
from workbench.app.parts.scheme_raters import PARTS as OF_AGREEMENT
from workbench.app.parts.scheme_raters import agreement
from workbench.app.parts.scheme_ratings import ratings
from workbench.app.parts.scheme_rules import rules
from workbench.app.parts.scheme_scores import scores
from workbench.app.parts.scheme_text import text
from workbench.app.parts.texts import count, plain
from workbench.model.people import Person, Role
from workbench.model.scheme import CodingScheme
from workbench.model.titles import with_version
from workbench.schemes.languages import from_the_right
from workbench.workflows import edit_scheme
from workbench.workflows.refusal import Refused

_PARTS: dict[str, tuple[str, Callable[[Editing], None]]] = {
    "about": ("About", about),
    "codes": ("Codes", codes),
    "ratings": ("Ratings", ratings),
    "rules": ("Rules", rules),
    "scores": ("Scores", scores),
    "agreement": ("Agreement", agreement),
    "before": ("Version before", version_before),
    "changes": ("What is new", changes),
    "yaml": ("YAML", text),
}
_LISTS = ("codes", "ratings", "rules", "scores")
_FROM_THE_RIGHT = """<style>
:is([class*='st-key-scheme-words-'] :is(input, textarea), input:is([aria-label='Label'], [aria-label='What is asked'],
[aria-label^='Answer '])) { direction: rtl; }
</style>"""
_FOR = (Role.SUPERVISOR, Role.RESEARCHER)


def show() -> None:
    person = guard.admitted(*_FOR)
    e = _opened(person)
    if e is None:
        return
    way = st.empty()  # a place that is kept while it is empty: see `sentences`
    if from_the_right(e.words("language")):
        way.html(_FROM_THE_RIGHT)
    _head(e, person)
    said_now = st.empty()
    if e.say:
        sentence, warning = e.say
        e.say = None
        told = "  \n".join(map(plain, sentence.splitlines()))
        if warning:
            said_now.warning(told)
        else:
            st.toast(told)  # seen wherever the page is scrolled to: who has deleted stands at its end
    part = _chosen_part(e)
    work, shown = st.columns([1.75, 1], gap="large")
    with work:
        _part(e, part)
    with shown, st.container(key="scheme-preview"):
        preview(e)


def _opened(person: Person) -> Editing | None:
    """The draft that the address names, as it is kept now; else a sentence, and None."""
    asked, before = st.query_params.get("draft", ""), held()
    if before and asked and before.draft.parted_from == asked:
        st.query_params["draft"] = before.draft.id  # what was open here is a draft of its own now
        asked = before.draft.id
    with before.lock if before else nullcontext():
        try:
            stored = edit_scheme.draft(current.workspace(), person, asked)
        except Refused as refused:
            mine = before if before and before.draft.id == asked else None
            if mine and mine.saved:
                _leave(mine.saved)
            _gone(person, mine, str(refused))
            return None
        if before is None or before.draft.id != asked:
            return hold(stored)
        if stored.revision != before.draft.revision:
            before.take(stored, anew=True)
            before.say = before.say or ("This draft was changed in another window. Here is what it holds now.", True)
        return before


def _gone(person: Person, before: Editing | None, sentence: str) -> None:
    st.title("No such draft", anchor=False)
    st.write(plain(sentence))
    if before and st.button("Keep what was open here as a new draft"):
        with said():
            data = before.draft.text.encode("utf-8")
            made = edit_scheme.begin_from_file(current.workspace(), person, data, "The draft")
            pages.go("edit_scheme", draft=made.id)
    pages.link("schemes", "Schemes")


def _head(e: Editing, person: Person) -> None:
    title, acts = st.columns([1, 1.6], vertical_alignment="bottom")
    with title:
        st.title(plain(e.words("title") or "A new scheme"), anchor=False)
    st.caption(f"Draft, kept {times.moment(e.draft.changed_at)}. {_state(e)}.")
    with acts, st.container(horizontal=True, horizontal_alignment="right", gap="small", key="scheme-acts"):
        back, again = e.draft.undo, e.draft.redo
        st.button("Undo", help=plain(back) or None, disabled=not back, on_click=e.step, args=(True,))
        st.button("Redo", help=plain(again) or None, disabled=not again, on_click=e.step, args=(False,))
        name = e.words("scheme") or "scheme"
        st.download_button(
            "Download", e.draft.text, f"{name[:48]}.yaml", "application/yaml", on_click="ignore", key="scheme-download"
        )
        _discard(e, person)
        if st.button("Close", help="The draft is kept; you find it under Schemes."):
            let_go()
            pages.go("schemes")
        _save(e, person)


def _state(e: Editing) -> str:
    if n := len(e.read.problems):
        where = [name for part, (name, _) in _PARTS.items() if _wrong_in(e, part)]
        return f"{count(n, 'thing')} to mend" + (f" under {', '.join(where)}" if where else "")
    return "Can be saved"


def _discard(e: Editing, person: Person) -> None:
    with st.popover("Discard", key=f"scheme-discard-{e.draft.id}"):
        st.write("Throw this draft away? This cannot be undone. Saved versions stay as they are.")
        if st.button("Discard the draft", key="scheme-discard-now", type="primary"):
            with said():
                edit_scheme.discard(current.workspace(), person, e.draft.id)
                let_go()
                say_next("The draft was discarded.")
                pages.go("schemes")


def _save(e: Editing, person: Person) -> None:
    version = e.words("version")
    if not st.button(f"Save version {version}" if version else "Save", type="primary", key="scheme-save"):
        return
    with e.lock:
        try:
            e.saved = edit_scheme.save(current.workspace(), person, e.draft)
        except Refused as refused:
            e.say = ("\n".join([str(refused), *(f"{p[:1].upper()}{p[1:]}." for p in refused.problems)]), True)
            return
    _leave(e.saved)


def _leave(made: CodingScheme) -> NoReturn:
    """To the version that was saved; also from a second press, whose run finds the draft gone: so it is held still."""
    say_next(f"Saved: {with_version(made)}. It can be assigned now.")
    pages.go("scheme", scheme=made.hash)


def _chosen_part(e: Editing) -> str:
    """The parts of the scheme to choose from; the one that is open.

    Their names never change: the browser says by its name what was chosen, also where it has not heard yet what the
    last change made of the page.
    """
    part = st.segmented_control(
        "Part of the scheme",
        list(_PARTS),
        default=e.part,
        format_func=lambda each: _PARTS[each][0],
        key=f"scheme-part-{e.draft.id}",
        label_visibility="collapsed",
        required=True,
    )
    e.part = part = part or e.part
    return part


def _part(e: Editing, part: str) -> None:
    if e.read.tree is None and part not in ("yaml", "changes"):
        st.info("The form cannot show this text. Mend it under YAML, or press Undo.")
        sentences([p.message for p in e.read.problems])
        return
    if part == "about":
        sentences(e.read.of())
    _PARTS[part][1](e)


def _wrong_in(e: Editing, part: str) -> bool:
    if part in _LISTS:
        return any(p.path[:1] == (part,) or (part == "rules" and p.path[:1] == ("reasons",)) for p in e.read.problems)
    if part == "agreement":
        return any(p.path[:1] == (key,) for p in e.read.problems for key in OF_AGREEMENT)
    if part == "before":
        return any(p.path[:1] == ("from_version",) for p in e.read.problems)
    inside = {*_LISTS, *OF_AGREEMENT, "from_version", "reasons", "check_evidence"}
    return part == "about" and any(not p.path or p.path[0] not in inside for p in e.read.problems)
