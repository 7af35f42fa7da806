"""A session's forms: giving out a one-time link, and whether it was answered. Answers are not shown here."""

from __future__ import annotations

from urllib.parse import urlsplit

import streamlit as st

from workbench.app import current
from workbench.app.parts import times
from workbench.app.parts.says import said
from workbench.app.parts.texts import empty, plain, section
from workbench.model.instrument import Instrument, Perspective
from workbench.model.people import ParticipantKind, Person
from workbench.model.session import SessionParticipant
from workbench.workflows import fill_form, keep_definition
from workbench.workflows.see_session import SessionSeen


def show(seen: SessionSeen, person: Person) -> None:
    """Forms given out, and a way to give one out or to make a new link."""
    workspace = current.workspace()
    given = fill_form.forms_given_out(workspace, person, seen.session.id)
    _fresh_link()
    if not given:
        empty("No form given out yet", "Patient and provider answer the same questions right after the session.")
    for form in given:
        with st.container(border=True, key=f"given-{form.administration.id}"):
            left, right = st.columns([5, 2], vertical_alignment="center")
            left.markdown(f"**{plain(form.participant_code)}** · {plain(form.title)}")
            answered = form.administration.completed_at
            with right.container(horizontal=True, horizontal_alignment="right"):
                if answered is not None:
                    st.badge(f"answered {times.day(answered)}", color="green")
                elif form.expired:
                    st.badge("link expired", color="orange")
                else:
                    st.badge(f"open until {times.day(form.administration.expires_at)}", color="blue")
    answered_by = {
        (f.administration.participant_id, f.administration.instrument_hash)
        for f in given
        if f.administration.completed_at is not None
    }
    section("Give out a form", "The link works once, for seven days, and names nobody. A new link ends the old one.")
    for instrument in keep_definition.kept_instruments(workspace):
        for member in seen.session.participants:
            if _fits(instrument, member) and (member.participant_id, instrument.hash) not in answered_by:
                _offer(seen, person, instrument, member)


def _fits(instrument: Instrument, member: SessionParticipant) -> bool:
    if instrument.perspective is Perspective.OBSERVER:
        return False
    return (instrument.perspective is Perspective.PROVIDER) == (member.kind is ParticipantKind.PROVIDER)


def _offer(seen: SessionSeen, person: Person, instrument: Instrument, member: SessionParticipant) -> None:
    key = f"issue-{member.participant_id}-{instrument.hash[:12]}"
    if st.button(f"Link for {plain(member.code)}: {plain(instrument.title)}", key=key):
        with said():
            issued = fill_form.issue(
                current.workspace(), person, seen.session.id, member.participant_id, instrument.hash
            )
            st.session_state["fresh-link"] = (seen.session.id, member.code, issued.token)
            st.rerun()


def _fresh_link() -> None:
    """A link that was just made: shown once, kept nowhere."""
    fresh = st.session_state.get("fresh-link")
    if not fresh or fresh[0] != st.query_params.get("session"):
        return
    _session, code, token = fresh
    here = urlsplit(st.context.url or "")
    with st.container(border=True, key="fresh-link-box"):
        st.markdown(f"The link for **{plain(code)}**. It is shown only here: copy it now.")
        st.code(f"{here.scheme}://{here.netloc}/form/{token}", language=None)
        if st.button("I have passed it on"):
            del st.session_state["fresh-link"]
            st.rerun()
