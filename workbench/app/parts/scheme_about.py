"""The scheme editor's first part: what the scheme is called, what is coded, and how raters work with it."""

from __future__ import annotations

import re
from typing import Any

import streamlit as st

from workbench.app import current
from workbench.app.parts.scheme_editing import Editing
from workbench.app.parts.scheme_fields import Then, choice, flag, line, lines, paragraph, rest, several
from workbench.model.people import ParticipantKind
from workbench.model.scheme import CodingPass
from workbench.schemes import scheme_draft
from workbench.schemes.languages import NAMES
from workbench.schemes.scheme_draft import Path, value_at, with_value
from workbench.workflows import edit_scheme

# What this form and those beside it have fields for.
_SHOWN = ["scheme", "title", "version", "description", "authors", "source", "rights", "language", "unit", "units_of"]
_SHOWN += ["passes", "segment_minutes", "parallel_form", "show_transcript", "speed_cap", "bin_seconds"]
_SHOWN += ["tolerance_seconds", "codes", "ratings", "rules", "check_evidence", "reasons", "scores"]
_SHOWN += ["agreement", "certification", "from_version"]
LANGUAGES = {tag: f"{name} ({own})" if own != name else name for tag, (name, own) in NAMES.items()}
_COUNTED = re.compile(r"scheme_\d+")
PEOPLE = {kind.value: kind.value.capitalize() for kind in ParticipantKind}
PASSES = {
    CodingPass.LISTEN.value: "Listen to all of it once",
    CodingPass.UNITIZE.value: "Settle the units",
    CodingPass.CODE.value: "Code",
    CodingPass.RATE.value: "Rate",
}


def about(e: Editing) -> None:
    """Title, words, people; then the way of working, with what is usual filled in."""
    with st.container(key="scheme-words-about"):
        line(e, ("title",), "Title", example="Small talk", then=_name_after_title(e))
        paragraph(
            e,
            ("description",),
            "What is coded",
            example="What raters watch for, what they leave aside, and how they work with the scheme.",
        )
    left, middle, right = st.columns(3)
    with left:
        choice(e, ("language",), "Language of its words", LANGUAGES, default="en")
    with middle:
        line(e, ("version",), "Version", hint="Your own count. A version that is saved never changes.")
    with right:
        line(
            e,
            ("scheme",),
            "Name in tables",
            follows=True,
            hint="Small letters a-z, digits and _. All versions of a scheme have the same.",
        )
    with st.container(key="scheme-words-origin"):
        lines(e, ("authors",), "Authors", hint="One on each line.")
        paragraph(e, ("source",), "Source", hint="After whom it is made.")
        paragraph(e, ("rights",), "Rights", hint="Who may use it.")
    with st.expander("The way of working", expanded=_works_its_own_way(e), key=e.key("working")):
        _working(e)
    rest(e, (), _SHOWN)


def _working(e: Editing) -> None:
    left, right = st.columns(2)
    with left:
        choice(
            e,
            ("unit",),
            "What gets a code",
            {"event": "Whatever happens, whenever it does", "utterance": "Every utterance of the transcript"},
            default="event",
        )
        if e.words("unit") == "utterance" or e.value("units_of"):
            several(e, ("units_of",), "Whose utterances", PEOPLE, hint="Nobody named: everybody's.")
        several(e, ("passes",), "In this order", PASSES, hint="Nothing chosen: raters work as they like.")
        flag(e, ("show_transcript",), "Raters see the transcript", default=True, hint="Without it they code by ear.")
    with right:
        line(
            e, ("segment_minutes",), "Minutes of a segment", number=True, example="none", hint="0.5 to 60; for ratings."
        )
        line(e, ("speed_cap",), "Fastest playback", number=True, example="3", hint="0.5 to 3 times.")
        line(
            e,
            ("parallel_form",),
            "Parallel form",
            hint="Only if the ratings are the observers' form of a questionnaire: the name that both share.",
        )


def _works_its_own_way(e: Editing) -> bool:
    return bool(e.read.of("unit") or any(e.read.inside(key) for key in ("passes", "units_of", "segment_minutes")))


def _name_after_title(e: Editing) -> Then:
    """A new scheme's name in tables follows its title until it gets one of its own."""

    def follow(tree: dict[str, Any], before: str, _: Path) -> dict[str, Any]:
        now, title = value_at(tree, ("scheme",)), value_at(tree, ("title",))
        own = now and now != scheme_draft.name_for(before, [], "scheme") and not _COUNTED.fullmatch(now)
        if own or not e.draft.own or not title:
            return tree
        made = scheme_draft.name_for(title, [], "scheme")
        if _COUNTED.fullmatch(made):  # a title in another script gives no name
            there = [s.name for s in edit_scheme.beginnings(current.workspace())]
            made = scheme_draft.name_for("", there, "scheme")
        return with_value(tree, ("scheme",), made)

    return follow
