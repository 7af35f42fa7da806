"""Agreement: how far raters agree, where they do not, and the numbers a reviewer asks for."""

from __future__ import annotations

import datetime as dt

import streamlit as st

from workbench.app import current
from workbench.app.parts import (
    agreement_codes,
    agreement_moments,
    agreement_months,
    agreement_ratings,
    computed,
    guard,
    times,
)
from workbench.app.parts.agreement_shown import Shown
from workbench.app.parts.numbers import percent
from workbench.app.parts.says import said
from workbench.app.parts.table import styled
from workbench.app.parts.texts import empty, facts, heading, plain
from workbench.model.people import Person, Role
from workbench.workflows import agree
from workbench.workflows.agree import Choice, Comparable
from workbench.workflows.compare_raters import PairSeen

_VIEWS = {
    "Moments": agreement_moments.show,
    "Codes": agreement_codes.show,
    "Ratings": agreement_ratings.show,
    "Over time": agreement_months.show,
}


def show() -> None:
    person = guard.admitted(Role.SUPERVISOR, Role.RESEARCHER)
    styled()
    heading("Agreement", "How far do raters agree, and where do they not?")
    with said():
        found = agree.comparable(current.workspace(), person)
        if not found:
            empty(
                "There is nothing to compare yet",
                "Assign one session to two raters on the same scheme. Once both have submitted, this screen says how "
                "far they agree. If you rate the session yourself, submit first: until then others' codings are hidden "
                "from you.",
            )
            return
        shown = _chosen(person, found)
        if not shown.pairs:
            empty("No two raters share a session here", "Choose more raters, or a longer period.")
            return
        _in_words(shown)
        first = "Codes" if person.has(Role.RESEARCHER) and not person.has(Role.SUPERVISOR) else "Moments"
        view = st.segmented_control(
            "View", list(_VIEWS), default=first, required=True, key="agreement-view", label_visibility="collapsed"
        )
        _VIEWS[view or first](shown)


def _chosen(person: Person, found: list[Comparable]) -> Shown:
    """What is compared: everything of the largest study, unless something else is chosen."""
    left, right = st.columns([5, 1.25], vertical_alignment="center")
    with right.popover("Change", width="stretch", key="agreement-choose"):
        at = st.selectbox(
            "Study and scheme",
            range(len(found)),
            format_func=lambda n: f"{found[n].study.name} · {found[n].scheme.title} {found[n].scheme.version}",
            key="agreement-study",
        )
        picked = found[at]
        raters = st.multiselect(
            "Raters",
            list(picked.raters),
            default=list(picked.raters),
            format_func=lambda p: p.display_name,
            key=f"agreement-raters-{picked.study.id}-{picked.scheme.hash}",
        )
        first, last = times.date_of(picked.first_at), times.date_of(picked.last_at)
        span = st.date_input(
            "Codings handed in",
            (first, last),
            min_value=first,
            max_value=last,
            format="YYYY-MM-DD",
            key=f"agreement-period-{picked.study.id}-{picked.scheme.hash}",
        )
    since, until = _period(span, first, last)
    everybody = len(raters) in (0, len(picked.raters))
    choice = Choice(
        study_id=picked.study.id,
        scheme_hash=picked.scheme.hash,
        rater_ids=None if everybody else tuple(sorted(p.id for p in raters)),
        since=since,
        until=until,
    )
    workspace = current.workspace()
    mark = agree.fingerprint(workspace, person, choice)
    material = computed.material(workspace, person, choice, mark)
    pairs = computed.in_pairs(material, mark)
    with left:
        facts(
            {
                "Study": picked.study.name,
                "Scheme": f"{picked.scheme.title} {picked.scheme.version}",
                "Raters": len(material.raters),
                "Sessions": len({s for p in pairs for s in p.comparison.sessions}),
                "Handed in": f"{times.day(picked.first_at)} to {times.day(picked.last_at)}"
                if since is None and until is None
                else f"{times.day(since or picked.first_at)} to {times.day((until or picked.last_at) - 1)}",
            }
        )
    return Shown(person, choice, mark, material, pairs, picked.study.fictional)


def _period(span: object, first: dt.date, last: dt.date) -> tuple[int | None, int | None]:
    """Beginning and end of the chosen days, None where everything is meant (or a day is still to be picked)."""
    if not (isinstance(span, tuple) and len(span) == 2):
        return None, None
    since, until = span
    if (since, until) == (first, last):
        return None, None
    return times.start_of(since), times.start_of(until + dt.timedelta(days=1))


def _in_words(shown: Shown) -> None:
    """The answer in one or two sentences."""
    if len(shown.pairs) == 1:
        pair = shown.pairs[0]
        words = pair.words.replace("They agree", f"{pair.names} agree", 1)
        st.markdown(f"{plain(words)} **{plain(pair.most_disputed.replace(pair.names, 'They', 1))}**")
        return
    found = agree.disputes(shown.material, [p.comparison for p in shown.pairs])
    st.markdown(f"**{plain(agree.most_disputed(found, 'The raters'))}** {plain(_most_and_least(shown.pairs))}")


def _most_and_least(pairs: list[PairSeen]) -> str:
    """The pairs are in the order of their agreement, the least first."""
    least, most = pairs[0], pairs[-1]
    return f"{most.names} coded {percent(most.share)} of their moments alike, {least.names} {percent(least.share)}."
