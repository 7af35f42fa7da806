"""One moment of a session: both codings on lanes, and the way to the coding room to play it."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from workbench.app import current
from workbench.app.parts import pages, walk
from workbench.app.parts.lanes_plot import lanes_plot
from workbench.app.parts.texts import plain
from workbench.model.access import Action
from workbench.model.people import Person
from workbench.model.scheme import CodingScheme
from workbench.model.session import Session
from workbench.model.span import TimeSpan, clock
from workbench.workflows import review, see_session
from workbench.workflows.review import Lane

_REACH_MS = 60_000


def moment(
    person: Person,
    session: Session,
    scheme: CodingScheme,
    at_ms: int,
    said: str,
    *,
    rater_ids: tuple[str, ...] | None = None,
    events: tuple[str, ...] = (),
) -> None:
    """Draw the moment. `said` is what was coded there, in words, and `events` its codes. It is played with the lanes
    of `rater_ids`."""
    workspace = current.workspace()
    seen = see_session.see_session(workspace, person, session.id)
    lanes = review.side_by_side(workspace, person, session.id, rater_ids, scheme.hash)
    with st.container(border=True, key="moment", gap="small"):
        left, right = st.columns([5, 2], vertical_alignment="center")
        left.markdown(f"**{plain(session.title or session.code)}** · {clock(at_ms)}  \n{plain(said)}")
        if seen.recordings and Action.OPEN_RECORDING in seen.may:
            with right.container(key="moment-play"):
                where = walk.address(session.id, scheme.hash, at_ms, rater_ids or (), events)
                pages.link("code", "Play this moment", **where)
        if lanes.lanes:
            around = TimeSpan(max(0, at_ms - _REACH_MS), max(0, at_ms - _REACH_MS) + 2 * _REACH_MS)
            st.altair_chart(
                lanes_plot(_named(lanes.lanes, session), scheme, around, at_ms),
                theme=None,
                alt=f"Codings from {clock(around.start_ms)} to {clock(around.end_ms)}",
            )
        if note := _why_silent(session, bool(seen.recordings), Action.OPEN_RECORDING in seen.may):
            st.caption(plain(note))


def playable(person: Person, session: Session) -> bool:
    """Whether this person can play moments of the session."""
    seen = see_session.see_session(current.workspace(), person, session.id)
    return bool(seen.recordings) and Action.OPEN_RECORDING in seen.may


def _named(lanes: tuple[Lane, ...], session: Session) -> list[Lane]:
    """The lanes; where everything is fictional, their names need not say so."""
    return (
        [replace(lane, label=lane.label.removesuffix(" (fictional)")) for lane in lanes]
        if session.fictional
        else list(lanes)
    )


def _why_silent(session: Session, recorded: bool, may_open: bool) -> str:
    if not recorded:
        why = "this study is fictional" if session.fictional else "none was added"
        return f"There is no recording to play: {why}."
    return "" if may_open else "The recording of this session is not open to you."
