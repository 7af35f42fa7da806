"""All sessions that one may see, what each lacks, and adding one."""

from __future__ import annotations

from datetime import UTC, datetime, time

import streamlit as st

from workbench.app import current
from workbench.app.parts import guard, pages, times
from workbench.app.parts.assign_form import SCHEME_TO_ASSIGN
from workbench.app.parts.says import said
from workbench.app.parts.texts import count, empty, heading, plain
from workbench.model.access import Action, authorize
from workbench.model.consent import Scope
from workbench.model.people import ParticipantKind, Person, Role
from workbench.model.titles import with_version
from workbench.workflows import add_session, keep_definition, see_session
from workbench.workflows.refusal import Refused
from workbench.workflows.see_session import SessionSeen

_NEW = "A new one …"


def show() -> None:
    person = guard.admitted(Role.SUPERVISOR, Role.RESEARCHER, Role.ADMINISTRATOR, Role.PROVIDER)
    workspace = current.workspace()
    seen = see_session.see_sessions(workspace, person)
    heading("Sessions", "Which sessions are there, and what does each still need?", count(len(seen), "session") + ".")
    _for_which_scheme(person)
    if authorize(person, Action.ADD_SESSION) and st.button("Add a session", type="primary", key="add-session"):
        _add(person)
    if not seen:
        empty(
            "No session yet",
            "A session comes first, with its participants. Then their consent is recorded, and then its recording "
            "can be added and transcribed.",
        )
        return
    _table(list(reversed(seen)))


def _for_which_scheme(person: Person) -> None:
    """Why one is here, where one comes from a scheme that is to be assigned; and the way out of it."""
    wanted = st.session_state.get(SCHEME_TO_ASSIGN)
    if not wanted or not authorize(person, Action.ASSIGN):
        return
    scheme = keep_definition.scheme(current.workspace(), wanted)
    with st.container(horizontal=True, vertical_alignment="center", key="scheme-to-assign"):
        st.info(plain(f"{with_version(scheme)} is to be assigned: click the session that raters are to code."))
        if st.button("Not now", key="not-assign"):
            st.session_state.pop(SCHEME_TO_ASSIGN)
            st.rerun()


def lacks(seen: SessionSeen) -> str:
    """What a session needs next, in two or three words; empty when nothing."""
    if Scope.RECORD not in seen.consented:
        return "" if seen.session.fictional and not seen.recordings else "consent"
    if not seen.recordings:
        return "" if seen.session.fictional else "recording"
    if any(not j.state.ended for j in seen.jobs):
        return "being transcribed"
    if not seen.transcripts:
        return "transcript"
    return "names of speakers" if seen.speakers_unnamed else ""


def _table(seen: list[SessionSeen]) -> None:
    studies = sorted({s.session.study_name for s in seen})
    if len(studies) > 1:
        chosen = st.segmented_control("Study", studies, key="study", label_visibility="collapsed")
        seen = [s for s in seen if chosen in (None, s.session.study_name)]
    picked = st.dataframe(
        [
            {
                "Session": s.session.title or s.session.code,
                "Code": s.session.code,
                "Held": times.day(s.session.held_at),
                "Participants": ", ".join(p.code for p in s.session.participants),
                "Number": s.session.number,
                "Recording": times.length(s.recordings[0].duration_ms) if s.recordings else "",
                "Needs": lacks(s),
            }
            for s in seen
        ],
        hide_index=True,
        key="sessions",
        on_select="rerun",
        selection_mode="single-cell",
        height=640 if len(seen) > 17 else "content",
    )
    st.caption("Click a row to open the session.")
    cells = picked["selection"]["cells"]
    if cells:
        pages.go("session", session=seen[cells[0][0]].session.id)


@st.dialog("Add a session", width="medium")
def _add(person: Person) -> None:
    workspace = current.workspace()
    studies = {s.name: s for s in add_session.studies(workspace)}
    study = st.selectbox("Study", [*studies, _NEW])
    name = st.text_input("Name of the new study") if study == _NEW else ""
    left, right = st.columns(2)
    code = left.text_input("Code of the session", placeholder="S-014", help="A code, never a name.")
    title = right.text_input("Title (optional)")
    held = left.date_input("Held on", value="today")
    setting = right.selectbox("Setting", ["", "in person", "telehealth", "telephone"])
    with left:
        provider = _choice("Provider", ParticipantKind.PROVIDER)
    with right:
        patient = _choice("Patient", ParticipantKind.PATIENT)
    if not st.button("Add", type="primary", key="add-session-now"):
        return
    with said():
        if study is None or not provider or not patient:
            raise Refused("A session needs a study, a provider and a patient.")
        in_study = add_session.add_study(workspace, person, name) if study == _NEW else studies[study]
        instant = datetime.combine(held, time(12), times.zone()).astimezone(UTC)
        made = add_session.add_session(
            workspace,
            person,
            in_study.id,
            code.strip(),
            [_kept(person, provider, ParticipantKind.PROVIDER), _kept(person, patient, ParticipantKind.PATIENT)],
            title=title.strip(),
            held_at=int(instant.timestamp() * 1000),
            setting=setting or "",
        )
        pages.go("session", session=made.id)


def _choice(label: str, kind: ParticipantKind) -> str:
    """The code of a participant who is known, or of a new one."""
    known = [p.code for p in add_session.participants(current.workspace(), kind)]
    chosen = st.selectbox(label, [*known, _NEW], index=None, placeholder="Choose", key=f"member-{kind}")
    if chosen == _NEW:
        return st.text_input(f"Code of the new {kind.value}", key=f"new-{kind}", help="A code, never a name.").strip()
    return chosen or ""


def _kept(person: Person, code: str, kind: ParticipantKind) -> str:
    """The id of the participant with that code, who is added when new."""
    workspace = current.workspace()
    for known in add_session.participants(workspace, kind):
        if known.code == code:
            return known.id
    return add_session.add_participant(workspace, person, code, kind).id
