"""Home for supervisors and researchers: what waits, and where to do it."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from workbench.app.parts import pages, times
from workbench.app.parts.texts import empty, plain, section, titled
from workbench.model.people import Person
from workbench.model.session import Session
from workbench.workflows import fill_form, see_session
from workbench.workflows.open_workspace import Workspace

_SHOWN = 4


def show(workspace: Workspace, person: Person) -> None:
    """What waits, one part for each kind of work; kinds without work are not shown."""
    waits = see_session.waiting(workspace, person)
    forms = [f for f in fill_form.forms_given_out(workspace, person) if f.administration.completed_at is None]
    groups: list[tuple[str, str, list[tuple[Session, str]]]] = [
        (
            "Codings to review",
            "Handed in by their raters.",
            [(r.session, f"{r.rater}, {times.day(r.coding.submitted_at)}") for r in waits.to_review],
        ),
        ("Being worked on", "", [(s, _progress(j.progress, j.message)) for j, s in waits.running]),
        (
            "Speakers to name",
            "Say which voice is the provider's and which the patient's.",
            _bare(waits.speakers_unnamed),
        ),
        ("Not transcribed yet", "", _bare(waits.no_transcript)),
        ("Recording missing", "Consent is there, the recording is not.", _bare(waits.no_recording)),
        ("Consent missing", "Nothing can be recorded or added before it.", _bare(waits.no_consent)),
        (
            "Forms not answered",
            "",
            [(f.session, f"{f.participant_code}{', link expired' if f.expired else ''}") for f in forms],
        ),
    ]
    waiting = [g for g in groups if g[2]]
    section("What waits", "" if waiting else "Nothing waits for you.")
    if not waiting:
        if not see_session.see_sessions(workspace, person):
            empty(
                "No session yet",
                "Begin under Sessions: add a session with its participants, record their consent, then add the "
                "recording.",
            )
        return
    columns = st.columns(2, gap="medium")
    for n, (title, note, items) in enumerate(waiting):
        with columns[n % 2]:
            _group(title, note, items)


def _bare(sessions: Sequence[Session]) -> list[tuple[Session, str]]:
    return [(s, times.day(s.held_at)) for s in sessions]


def _progress(share: float, message: str) -> str:
    return f"{share:.0%}" + (f", {message}" if message else "")


def _group(title: str, note: str, items: list[tuple[Session, str]]) -> None:
    with st.container(border=True, key=f"waits-{title.lower().replace(' ', '-')}", gap="xsmall"):
        titled(title, note, number=len(items))
        for session, detail in items[:_SHOWN]:
            label = f"{session.title or session.code}" + (f" · {detail}" if detail else "")
            pages.link("session", plain(label), session=session.id)
        if len(items) > _SHOWN:
            pages.link("sessions", f"and {len(items) - _SHOWN} more")
