"""The codings of a session side by side in the coding room: whose they are, on which scheme, what is not shown."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import streamlit as st

from workbench.app import current
from workbench.app.parts import pages, walk
from workbench.app.parts.mount_room import csrf, mount
from workbench.app.parts.room_payload import LaneEvent, LaneShown, ratings_of, room_payload
from workbench.app.parts.ruling_payload import rulings_payload
from workbench.app.parts.texts import count, empty, heading, plain
from workbench.model.assignment import Coding
from workbench.model.people import Person
from workbench.model.scheme import CodingScheme
from workbench.model.titles import with_version
from workbench.workflows import align, keep_definition, open_recording, prefer, see_session
from workbench.workflows.refusal import Refused
from workbench.workflows.see_session import SessionSeen

if TYPE_CHECKING:
    from workbench.workflows.review import Lane, Review


def show(person: Person, session_id: str, start_ms: int | None) -> None:
    """The lanes that the address asks for, of those that this person may see. Raises Refused."""
    workspace = current.workspace()
    seen = see_session.see_session(workspace, person, session_id)
    every = see_session.codings_to_see(workspace, person, session_id)
    found = found_beside(person, session_id, walk.raters(), walk.scheme())
    on_clock = align.on_clock(workspace, every) if seen.recordings else frozenset()
    if not found.codings and (walk.raters() or walk.scheme()):
        _none_of_these(seen, every)
        _to_align(person, [c for c in every if c.id in on_clock])
        return
    if not seen.recordings:
        if not found.codings:
            raise Refused("This session has no recording here.", kind="missing")
        _on_clocks(person, seen, found)
        return
    recording = open_recording.admit(workspace, person, seen.recordings[0].id, "open")
    schemes = keep_definition.kept_schemes(workspace)
    if not schemes:
        raise Refused("There is no coding scheme in this workspace yet.", kind="missing")
    # window, scheme and transcript are those of the codings on the lanes
    scheme = keep_definition.scheme(workspace, found.codings[0].scheme_hash) if found.codings else schemes[0]
    versions = {t.id: t for t in seen.transcripts}
    coded_on = [versions[c.transcript_id] for c in found.codings if c.transcript_id in versions]
    version = coded_on[0] if coded_on else seen.transcript_of(recording.id)
    payload = room_payload(
        session=seen.session,
        recording=recording,
        transcript=open_recording.transcript_to_show(workspace, person, version),
        scheme=scheme,
        rater=person.display_name,
        csrf=csrf(),
        windows=found.windows,
        lanes=as_shown(found, scheme),
        start_ms=start_ms or 0,
        more=seen.recordings[1:],
        preferences=prefer.preferred(workspace, person),
        walk=walk.asked(person),
        rulings=rulings_payload(workspace, person, scheme, seen.session, recording),
    )
    walk.bar(person)
    mount(payload, f"session-{session_id}")
    _on_other_schemes(seen, every, found)
    _to_align(person, [c for c in every if c.id in on_clock])


def _none_of_these(seen: SessionSeen, every: list[Coding]) -> None:
    """The address asks for lanes that are not there."""
    asked = walk.scheme()
    on = f" on “{scheme_titles().get(asked, 'a scheme that is not known here')}”" if asked else ""
    by = " by the raters that were asked for" if walk.raters() else ""
    heading(seen.session.title or seen.session.code)
    empty(
        f"There is no submitted coding of this session{on}{by}",
        "Or none that you may see now: others’ codings of a session are hidden as long as you have to code it.",
    )
    if every:
        pages.link("code", "All codings of this session", session=seen.session.id)
    pages.link("home", "Home")


def _on_other_schemes(seen: SessionSeen, every: list[Coding], found: Review) -> None:
    """Codings on a scheme have lanes of their own: the way to those that are not shown."""
    shown, titles = {c.scheme_hash for c in found.codings}, scheme_titles()
    counted = Counter(c.scheme_hash for c in every)
    for scheme_hash in (h for h in counted if h not in shown):
        label = f"On “{titles.get(scheme_hash, '?')}”: {count(counted[scheme_hash], 'coding')}"
        pages.link("code", plain(label), session=seen.session.id, scheme=scheme_hash)


def _on_clocks(person: Person, seen: SessionSeen, found: Review) -> None:
    """Codings of a session that was never recorded: each on its own clock."""
    scheme = keep_definition.scheme(current.workspace(), found.codings[0].scheme_hash)
    payload = room_payload(
        session=seen.session,
        recording=None,
        transcript=None,
        scheme=scheme,
        rater=person.display_name,
        csrf=csrf(),
        windows=found.windows,
        lanes=as_shown(found, scheme),
        rulings=rulings_payload(current.workspace(), person, scheme, seen.session, None),
    )
    mount(payload, f"session-{seen.session.id}")
    st.caption("There is no recording of this session: the times are those of the clocks while it was coded live.")


def _to_align(person: Person, waiting: list[Coding]) -> None:
    """Codings that are not shown beside the recording, because nobody has said yet where they lie in it."""
    names = see_session.people_by_id(current.workspace())
    for coding in waiting:
        who = names[coding.rater_id].display_name if coding.rater_id in names else "a former colleague"
        with st.container(horizontal=True, vertical_alignment="center", key=f"unaligned-{coding.id}"):
            st.caption(plain(f"The live coding of {who} is not aligned with the recording yet and is not shown."))
            pages.link("align", "Align it", coding=coding.id)


def found_beside(
    person: Person, session_id: str, raters: tuple[str, ...] | None = None, scheme_hash: str | None = None
) -> Review:
    """Finished codings of a session that this person may see, compared where two of them are."""
    # imported here: statistics load with it, and nobody who only signs in should wait for them
    from workbench.workflows import review

    return review.side_by_side(current.workspace(), person, session_id, raters, scheme_hash)


def as_shown(found: Review, scheme: CodingScheme) -> list[LaneShown]:
    """The lanes as the room is given them. `scheme`: what all of them are coded on."""
    return [_lane(lane, coding, scheme) for lane, coding in zip(found.lanes, found.codings, strict=True)]


def _lane(lane: Lane, coding: Coding, scheme: CodingScheme) -> LaneShown:
    events = (LaneEvent(m.event, m.mark, m.note, m.pair) for m in lane.events)
    dark = (LaneEvent(e, None, e.comment) for e in lane.not_observable)
    return LaneShown(lane.label, (*events, *dark), ratings_of(lane.ratings, scheme, coding.windows))


def scheme_titles() -> dict[str, str]:
    """Every scheme by its hash, as people know it."""
    return {s.hash: with_version(s) for s in keep_definition.kept_schemes(current.workspace())}
