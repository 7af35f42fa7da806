"""The scheme editor's codes: what each is called, how it is coded, what it means."""

from __future__ import annotations

from typing import Any

import streamlit as st

from workbench.app.parts.scheme_editing import Editing
from workbench.app.parts.scheme_entries import buttons, entries_of, free_key, name_after, new_id, rename
from workbench.app.parts.scheme_fields import choice, flag, line, paragraph, rest, sentences, several, word, wrong
from workbench.app.parts.texts import plain
from workbench.schemes import scheme_draft
from workbench.schemes.scheme_draft import Path, with_value

# What the form has fields for.
_SHOWN = ["id", "label", "kind", "key", "who", "dimension", "valence", "group", "colour", "ask", "modifiers"]
_SHOWN += ["definition", "example", "near_miss"]
KINDS = {
    "point": "A moment: one act, where it begins",
    "state": "A stretch, from its first sign to its last",
    "utterance": "A whole utterance of the transcript",
}
WHOSE = {
    "both": "Everybody's",
    "provider": "The provider's",
    "patient": "The patient's",
    "family": "A family member's",
    "clients": "The patient's or a family member's",
}
VALENCES = {"neutral": "Neither", "positive": "For it", "negative": "Against it"}
DIMENSIONS = ["bond", "goals", "tasks", "rupture"]
COLOURS = ["#0069d2", "#008700", "#f06900", "#7869b4", "#007878", "#d23c4b", "#969600", "#a55a00", "#4b96e1", "#b43c96"]


def codes(e: Editing) -> None:
    """The list, and the open code beside it."""
    about = "No code yet. A code is something that raters can see or hear happen."
    entries_of(e, "codes", "code", _new, about, _code)


def _new(e: Editing) -> dict[str, Any]:
    colour = COLOURS[len(e.entries("codes")) % len(COLOURS)]
    made = {"id": new_id(e, "code"), "kind": "point", "key": free_key(e), "colour": colour}
    return made


def _code(e: Editing, n: int) -> None:
    path: Path = ("codes", n)
    wrong(e, *path)
    first, second = st.columns([3, 1])
    with first:
        line(e, (*path, "label"), "Label", hint="The name on its button.", then=name_after(e, "code"))
    with second:
        line(e, (*path, "key"), "Key", hint="One small letter or digit, of any script.")
    choice(e, (*path, "kind"), "How it is coded", KINDS)
    with st.container(key="scheme-words-code"):
        paragraph(e, (*path, "definition"), "Definition", hint="When to code it.")
        paragraph(
            e,
            (*path, "example"),
            "Example",
            hint="What it sounds like, made up: no patient's words belong in a scheme, which is kept and passed on.",
        )
        paragraph(e, (*path, "near_miss"), "Near-miss", hint="What only looks like it, and what that is.")
    left, right = st.columns(2)
    with left:
        choice(e, (*path, "who"), "Whose behaviour", WHOSE, default="both")
        choice(e, (*path, "valence"), "For or against the alliance", VALENCES, default="neutral")
        _colour(e, (*path, "colour"))
    with right:
        word(
            e, (*path, "dimension"), "Bears on", _known(e, "dimension", DIMENSIONS), hint="Such as bond, goals, tasks."
        )
        if e.words(*path, "kind") != "point" or e.words(*path, "group"):
            word(
                e,
                (*path, "group"),
                "Group",
                _known(e, "group", []),
                hint="Only one code of a group can hold at a time. Choose one, or write a new one.",
            )
        asked = {"who": "Who did it", "whom": "To whom"}
        several(e, (*path, "ask"), "Raters are asked", asked, hint="Where several people could be meant.")
    _modifiers(e, path)
    with st.expander("Name in tables", expanded=bool(e.read.of(*path, "id")), key=e.key(*path, "more")):
        line(e, (*path, "id"), "Name", follows=True, hint="Small letters a-z, digits and _.", then=rename(e))
    rest(e, path, _SHOWN)
    buttons(e, "codes", n, "code")


def _known(e: Editing, of: str, usual: list[str]) -> list[str]:
    found = [entry.get(of) for part in ("codes", "ratings") for entry in e.entries(part)]
    return list(dict.fromkeys([*(str(w) for w in found if isinstance(w, str) and w), *usual]))


def _colour(e: Editing, path: Path) -> None:
    key, now = e.key(*path), e.words(*path)
    usable = len(now) == 7 and now.startswith("#") and all(c in "0123456789abcdefABCDEF" for c in now[1:])
    shown = now if usable else "#5b6b7f"

    def take(at: Path, colour: str) -> None:
        e.edit("Colour", lambda tree: with_value(tree, at, colour))

    st.color_picker("Colour", shown, key=key, on_change=e.heard(key, path, "Colour", shown, take))
    wrong(e, *path)


# ---- modifiers -----------------------------------------------------------------------------------


def _modifiers(e: Editing, path: Path) -> None:
    found = e.entries(*path, "modifiers")
    problems = e.read.inside(*path, "modifiers")
    title = f"Modifiers ({len(found)})" if found else "Modifiers"
    with st.expander(title, expanded=bool(problems), key=e.key(*path, "modifiers")):
        st.caption("What raters say of it beyond the code, such as how strong it is.")
        sentences(e.read.of(*path, "modifiers"))
        for m, modifier in enumerate(found):
            with st.container(border=True):
                _modifier(e, (*path, "modifiers", m), str(modifier.get("label") or f"modifier {m + 1}"))
        st.button(
            "Add a modifier",
            key=e.key(*path, "modifiers", "add"),
            on_click=e.pressed(path, lambda at: _add_modifier(e, at)),
        )


def _modifier(e: Editing, path: Path, called: str) -> None:
    wrong(e, *path)
    rest(e, path, ["id", "label", "required", "several", "options"])
    line(e, (*path, "label"), "What is asked", example="Intensity", then=name_after(e, "modifier"))
    with st.container(horizontal=True):
        flag(e, (*path, "required"), "Needed before submission")
        flag(e, (*path, "several"), "More than one answer")
    sentences(e.read.of(*path, "options"))
    for o, _ in enumerate(e.entries(*path, "options")):
        option: Path = (*path, "options", o)
        wrong(e, *option)
        label, key, direct, away = st.columns([4, 1.1, 1.4, 1.8], gap="xsmall", vertical_alignment="bottom")
        with label:
            line(e, (*option, "label"), f"Answer {o + 1}", then=name_after(e, "answer"))
        with key:
            line(e, (*option, "key"), "Key", hint="" if o else "Chooses it after the code.")
        with direct:
            hint = "" if o else "Codes it with this answer in one press. Optional."
            line(e, (*option, "direct"), "Direct", hint=hint)
        away.button(
            "Delete",
            key=e.key(*option, "delete"),
            help=f"Delete answer {o + 1}",
            on_click=e.pressed(option, lambda at: e.delete(f"deletion of answer {int(at[-1]) + 1} of {called}", at)),
        )
        sentences(e.read.of(*option, "id"))
        rest(e, option, ["id", "label", "key", "direct"])
    with st.container(horizontal=True):
        st.button("Add an answer", key=e.key(*path, "add"), on_click=e.pressed(path, lambda at: _add_option(e, at)))
        st.button(
            plain(f"Delete “{called}”"),
            key=e.key(*path, "delete"),
            on_click=e.pressed(path, lambda at: e.delete(f"deletion of modifier “{called}”", at)),
        )


def _add_modifier(e: Editing, path: Path) -> None:
    here = (*path, "modifiers")
    taken = [str(m.get("id")) for m in e.entries(*here)]
    used = [str(o.get("key")) for m, _ in enumerate(e.entries(*here)) for o in e.entries(*here, m, "options")]
    free = [d for d in "1234567890" if d not in used] + ["", ""]
    options = [{"id": f"answer_{n}", "key": free[n - 1]} for n in (1, 2)]
    made = {"id": scheme_draft.name_for("", taken, "modifier"), "options": options}
    e.add("new modifier", (*here, len(taken)), made)


def _add_option(e: Editing, path: Path) -> None:
    here = (*path, "options")
    taken = [str(o.get("id")) for o in e.entries(*here)]
    all_of = path[:-1]
    used = [str(o.get("key")) for m, _ in enumerate(e.entries(*all_of)) for o in e.entries(*all_of, m, "options")]
    key = next((d for d in "1234567890" if d not in used), "")
    made = {"id": scheme_draft.name_for("", taken, "answer"), "key": key}
    e.add("new answer", (*here, len(taken)), made)
