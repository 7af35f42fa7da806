"""Home for supervisors and researchers: what waits, and where to do it."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from workbench.app.parts import pages, times
from workbench.app.parts.texts import empty, plain, section, titled
from workbench.model.people import Person
from workbench.model.session import Session
from workbench.model.span import clock
from workbench.workflows import fill_form, see_assignments, see_session
from workbench.workflows.open_workspace import Workspace
from workbench.workflows.see_assignments import Question

_SHOWN = 4
_LONGEST = 160
# The recording is entered a little earlier, so that one hears what led to the moment.
_LEAD_MS = 3_000


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
        (
            "Live codings to align",
            "Their recording is here. They are compared once they are aligned with it.",
            [(r.session, r.rater) for r in waits.to_align],
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
    asked = see_assignments.questions(workspace, person)
    section("What waits", "" if waiting or asked else "Nothing waits for you.")
    if asked:
        _questions(asked)
    if not waiting and not asked:
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


def _questions(asked: Sequence[Question]) -> None:
    """What raters were unsure of and asked, each with the way to its moment."""
    with st.container(border=True, key="waits-questions", gap="xsmall"):
        titled("Questions from raters", "Asked where they were unsure. The link opens the moment.", number=len(asked))
        for question in asked[:_SHOWN]:
            _question(question)
        if len(asked) > _SHOWN:
            with st.expander(f"{len(asked) - _SHOWN} more"):
                for question in asked[_SHOWN:]:
                    _question(question)


def _question(question: Question) -> None:
    about = f"{question.session_title} · {clock(question.at_ms)} · {question.rater}"
    t = max(0, question.at_ms - _LEAD_MS) / 1000
    where = {"session": question.session_id, "coding": question.coding_id, "t": f"{t:g}"}
    pages.link("code", plain(f"{about}: “{_short(question.text)}”"), **where)


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1].rstrip()}…"


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
