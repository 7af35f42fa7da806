"""One session: its recording and transcript, consent, raters and forms. Everybody sees the part that is theirs."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from workbench.app import current
from workbench.app.parts import (
    guard,
    pages,
    session_consent,
    session_forms,
    session_raters,
    session_recording,
    session_scores,
    times,
)
from workbench.app.parts.assign_form import SCHEME_TO_ASSIGN
from workbench.app.parts.texts import facts, heading
from workbench.app.screens.sessions import lacks
from workbench.model.access import Action
from workbench.model.people import Person
from workbench.workflows import derive_scores, see_session
from workbench.workflows.refusal import Refused
from workbench.workflows.see_session import SessionSeen

Part = Callable[[SessionSeen, Person], None]
# What a session still needs, and where that is done.
_WHERE = {
    "consent": "Record the participants' consent first: nothing can be added without it.",
    "recording": "Consent is there. Add the recording.",
    "transcript": "Have the recording transcribed, or assign it as it is.",
    "names of speakers": "Say who the speakers are: raters then see provider and patient.",
}


def show() -> None:
    person = guard.admitted()
    try:
        seen = see_session.see_session(current.workspace(), person, st.query_params.get("session", ""))
    except Refused as refused:
        heading("This session cannot be shown", "", str(refused))
        pages.link("home", "Home")
        return
    session = seen.session
    heading(session.title or session.code)
    facts(
        {
            "Code": session.code,
            "Held": times.day(session.held_at),
            "Participants": ", ".join(f"{p.code} ({p.kind.value})" for p in session.participants),
            "Study": session.study_name,
            "Setting": session.setting,
        }
    )
    if Action.RECORD_CONSENT in seen.may and (next_step := _WHERE.get(lacks(seen))):
        st.info(next_step)
    parts = _parts(seen, person)
    first = "Raters" if SCHEME_TO_ASSIGN in st.session_state and "Raters" in parts else None
    for tab, part in zip(st.tabs(list(parts), default=first), parts.values(), strict=True):
        with tab:
            part(seen, person)


def _parts(seen: SessionSeen, person: Person) -> dict[str, Part]:
    """The parts that this person has, by the name of their tab."""
    parts: dict[str, Part] = {"Recording": session_recording.show}
    if Action.RECORD_CONSENT in seen.may:
        parts["Consent"] = session_consent.show
    if Action.ASSIGN in seen.may:
        parts["Raters"] = session_raters.show
    if scored := derive_scores.with_scores(current.workspace(), person, seen.session.id):
        parts["Scores"] = partial(session_scores.show, scored=scored)
    if Action.ISSUE_FORM in seen.may:
        parts["Forms"] = session_forms.show
    return parts
