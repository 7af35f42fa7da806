"""A session's consents: who agreed to what, in which words; recording one, and withdrawing one."""

from __future__ import annotations

import streamlit as st

from workbench.app import current
from workbench.app.parts import times
from workbench.app.parts.says import done, said
from workbench.app.parts.texts import empty, plain, section
from workbench.model.access import Action
from workbench.model.consent import Consent, Scope
from workbench.model.people import Person
from workbench.workflows import record_consent
from workbench.workflows.refusal import Refused
from workbench.workflows.see_session import SessionSeen

_SCOPES = {
    Scope.RECORD: "recording",
    Scope.PROCESS: "automatic processing",
    Scope.CODE: "coding by observers",
    Scope.SUPERVISE: "supervision and training",
    Scope.EXCERPTS: "showing excerpts",
    Scope.RESEARCH: "sharing for research",
}
_USUAL = [Scope.RECORD, Scope.PROCESS, Scope.CODE, Scope.SUPERVISE]


def show(seen: SessionSeen, person: Person) -> None:
    """What everybody agreed to, each consent, and a form to record one."""
    members = {p.participant_id: p.code for p in seen.session.participants}
    if seen.consented:
        st.markdown(f"Everybody agrees to: **{plain(', '.join(_SCOPES[s] for s in Scope if s in seen.consented))}**.")
    if not seen.consents:
        empty("No consent recorded", "Without it nothing can be recorded, added, transcribed, coded or played.")
    for consent in seen.consents:
        _consent(seen, person, consent, members)
    if Action.RECORD_CONSENT in seen.may:
        _record(seen, person, members)


def _consent(seen: SessionSeen, person: Person, consent: Consent, members: dict[str, str]) -> None:
    with st.container(border=True, key=f"consent-{consent.id}"):
        left, right = st.columns([5, 1], vertical_alignment="center")
        with left:
            scopes = ", ".join(_SCOPES[s] for s in Scope if s in consent.scopes)
            st.markdown(f"**{plain(members.get(consent.participant_id, '?'))}** agreed to {plain(scopes)}.")
            where = "this session" if consent.session_id else "every session of theirs"
            until = f", until {times.day(consent.until)}" if consent.until else ""
            st.caption(plain(f"For {where}, from {times.day(consent.given_at)}{until}. “{consent.statement}”"))
        with right.container(horizontal=True, horizontal_alignment="right"):
            if consent.withdrawn_at is not None:
                st.badge(f"withdrawn {times.day(consent.withdrawn_at)}", color="red")
            elif Action.WITHDRAW_CONSENT in seen.may:
                with st.popover("Withdraw"):
                    st.write("From now on nobody opens a recording on the strength of it, and open jobs stop.")
                    if st.button("Withdraw it", type="primary", key=f"withdraw-{consent.id}"):
                        with said():
                            record_consent.withdraw_consent(current.workspace(), person, seen.session.id, consent.id)
                            done("The consent is withdrawn.")


def _record(seen: SessionSeen, person: Person, members: dict[str, str]) -> None:
    section("Record consent")
    with st.form("record-consent"):
        who = st.multiselect("Who agreed?", list(members), format_func=lambda i: members[i], default=list(members))
        scopes = st.multiselect("To what?", list(Scope), default=_USUAL, format_func=lambda s: _SCOPES[s])
        statement = st.text_area("In which words?", value=record_consent.STATEMENT, height=90)
        every = st.checkbox("For every session of theirs")
        if st.form_submit_button("Record consent", type="primary"):
            with said():
                if not who:
                    raise Refused("Say who agreed.")
                for participant_id in who:
                    record_consent.record_consent(
                        current.workspace(),
                        person,
                        seen.session.id,
                        participant_id,
                        scopes,
                        statement,
                        every_session=every,
                    )
                done("The consent is recorded.")
