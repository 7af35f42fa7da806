"""Agreement: how far raters agree, where they do not, and the numbers a reviewer asks for."""

from __future__ import annotations

import datetime as dt
from math import comb

import streamlit as st

from workbench.app import current
from workbench.app.parts import (
    agreement_codes,
    agreement_moments,
    agreement_months,
    agreement_raters,
    agreement_ratings,
    agreement_report,
    computed,
    guard,
    times,
)
from workbench.app.parts.agreement_criterion import criterion_alone
from workbench.app.parts.agreement_planning import before_a_study
from workbench.app.parts.agreement_shown import Shown
from workbench.app.parts.numbers import percent
from workbench.app.parts.says import said
from workbench.app.parts.table import styled
from workbench.app.parts.texts import empty, facts, heading, plain
from workbench.model.people import Person, Role
from workbench.model.titles import with_version
from workbench.workflows import agree, compare_raters, hold_against_criterion
from workbench.workflows.agree import Choice, Comparable
from workbench.workflows.compare_raters import PairSeen

_VIEWS = {
    "Moments": agreement_moments.show,
    "Codes": agreement_codes.show,
    "Ratings": agreement_ratings.show,
    "Raters": agreement_raters.show,
    "Over time": agreement_months.show,
}


def show() -> None:
    person = guard.admitted(Role.SUPERVISOR, Role.RESEARCHER)
    styled()
    heading("Agreement", "How far do raters agree, and where do they not?")
    with said():
        workspace = current.workspace()
        found = agree.comparable(workspace, person, with_earlier=True)
        held = hold_against_criterion.comparable(workspace, person)
        if not found and not held:
            empty(
                "There is nothing to compare yet",
                "Assign one session to two raters on the same scheme, or let raters practise on a session that has a "
                "criterion coding. Once they have submitted, this screen says how far they agree with each other, or "
                "with the criterion. If you rate the session yourself, submit first: until then others' codings are "
                "hidden from you.",
            )
            before_a_study()
            return
        shown = _chosen(person, found, held)
        if not shown.pairs:
            if not criterion_alone(shown):
                empty("No two raters share a session here", "Choose more raters, more sessions or a longer period.")
            return
        _in_words(shown)
        first = "Codes" if person.has(Role.RESEARCHER) and not person.has(Role.SUPERVISOR) else "Moments"
        if not shown.material.scheme.codes:
            first = "Ratings"
        view_at, report_at = st.columns([5, 1.25], vertical_alignment="center")
        view = view_at.segmented_control(
            "View", list(_VIEWS), default=first, required=True, key="agreement-view", label_visibility="collapsed"
        )
        with said():  # a view that cannot be shown leaves the report to be made
            _VIEWS[view or first](shown)
        with report_at:  # after the view, whose units it names where the report takes others
            agreement_report.report_button(shown)


def _chosen(person: Person, found: list[Comparable], held: list[Comparable]) -> Shown:
    """What is compared: everything of the largest study, unless something else is chosen. Of a scheme `found` may hold
    two: alone, and with codings on earlier versions; `held` has those with a criterion, whose raters may share
    nothing else."""
    alone = {(c.study.id, c.scheme.hash): c for c in found if not c.earlier}
    across = {(c.study.id, c.scheme.hash): c for c in found if c.earlier}
    alone |= {key: c for c in held if (key := (c.study.id, c.scheme.hash)) not in alone and key not in across}
    schemes = list({**alone, **across})
    left, right = st.columns([5, 1.25], vertical_alignment="center")
    with right.popover("Change", width="stretch", key="agreement-choose"):
        at = st.selectbox(
            "Study and scheme",
            range(len(schemes)),
            format_func=lambda n: _named(alone.get(schemes[n]) or across[schemes[n]]),
            key="agreement-study",
        )
        key = schemes[at]
        with_earlier = key in across and _with_earlier(across[key], only=key not in alone)
        picked = across[key] if with_earlier else alone[key]
        widget = f"{picked.study.id}-{picked.scheme.hash}" + ("-earlier" if with_earlier else "")
        raters = st.multiselect(
            "Raters",
            list(picked.raters),
            default=list(picked.raters),
            format_func=lambda p: p.display_name,
            key=f"agreement-raters-{widget}",
        )
        sessions = st.multiselect(
            "Sessions",
            list(picked.sessions),
            format_func=lambda s: s.title or s.code,
            placeholder="All of them",
            key=f"agreement-sessions-{widget}",
        )
        first, last = times.date_of(picked.first_at), times.date_of(picked.last_at)
        span = st.date_input(
            "Codings handed in",
            (first, last),
            min_value=first,
            max_value=last,
            format="YYYY-MM-DD",
            key=f"agreement-period-{widget}",
        )
    since, until = _period(span, first, last)
    everybody = len(raters) in (0, len(picked.raters))
    choice = Choice(
        study_id=picked.study.id,
        scheme_hash=picked.scheme.hash,
        session_ids=tuple(sorted(s.id for s in sessions)) or None,
        rater_ids=None if everybody else tuple(sorted(p.id for p in raters)),
        since=since,
        until=until,
        with_earlier=with_earlier,
    )
    workspace = current.workspace()
    mark = agree.fingerprint(workspace, person, choice)
    material = computed.material(workspace, person, choice, mark)
    pairs = computed.in_pairs(material, mark)
    with left:
        facts(
            {
                "Study": picked.study.name,
                "Scheme": with_version(picked.scheme),
                "Raters": len(material.raters) if pairs else len(picked.raters),
                "Sessions": len({s for p in pairs for s in p.comparison.sessions} or picked.sessions),
                "Handed in": _days(since or picked.first_at, until - 1 if until else picked.last_at),
            }
        )
        for sentence in material.earlier:
            st.caption(plain(sentence))
    return Shown(person, choice, mark, material, pairs, picked.study.fictional)


def _days(first_at: int, last_at: int) -> str:
    """From which day to which, or the one day."""
    return " to ".join(dict.fromkeys((times.day(first_at), times.day(last_at))))


def _named(of: Comparable) -> str:
    return f"{of.study.name} · {with_version(of.scheme)}"


def _with_earlier(across: Comparable, *, only: bool) -> bool:
    """Whether codings on earlier versions are taken too; `only`: without them there is nothing to compare."""
    alone = "On this version alone no two raters have submitted the same session. " if only else ""
    return st.checkbox(
        f"Also codings on version {' and '.join(plain(s.version) for s in across.earlier)}, read in terms of version "
        f"{plain(across.scheme.version)}",
        value=only,
        disabled=only,
        key=f"agreement-earlier-{across.study.id}-{across.scheme.hash}-{only}",
        help=f"{alone}As the scheme says which code became which. What is stored stays as it is.",
    )


def _period(span: object, first: dt.date, last: dt.date) -> tuple[int | None, int | None]:
    """Beginning and end of the chosen days, None where everything is meant (or a day is still to be picked)."""
    if not (isinstance(span, tuple) and len(span) == 2):
        return None, None
    since, until = span
    if (since, until) == (first, last):
        return None, None
    return times.start_of(since), times.start_of(until + dt.timedelta(days=1))


def _in_words(shown: Shown) -> None:
    """The answer in one or two sentences; where nobody coded an event, of the ratings."""
    if not any(p.total for p in shown.pairs):
        rated = compare_raters.ratings_in_words(shown.material, shown.pairs)
        nobody = "Nobody coded an event." if shown.material.scheme.codes else ""
        st.markdown(_first_bold(plain(rated), nobody) if rated else nobody or "Nobody rated anything.")
        return
    if len(shown.pairs) == 1:
        pair = shown.pairs[0]
        words = pair.words.replace("They agree", f"{pair.names} agree", 1)
        st.markdown(_first_bold(plain(words), plain(pair.most_disputed.replace(pair.names, "They", 1)), last=True))
        return
    found = agree.disputes(shown.material, [p.comparison for p in shown.pairs])
    said = _most_and_least(shown.pairs, comb(len(shown.material.study.raters), 2))
    st.markdown(_first_bold(plain(agree.most_disputed(found, "The raters")), plain(said)))


def _first_bold(first: str, second: str, *, last: bool = False) -> str:
    """Two sentences, one of them (the first, or the `last`) in bold; a sentence may be missing."""
    bold, other = (second, first) if last else (first, second)
    strong = f"**{bold}**" if bold else ""
    return " ".join(s for s in ((other, strong) if last else (strong, other)) if s)


def _most_and_least(pairs: list[PairSeen], of: int) -> str:
    """The pairs are in the order of their agreement, the least first; one without any moment says nothing. `of`: how
    many pairs the raters make."""
    said = [p for p in pairs if p.share is not None]
    least, most = said[0], said[-1]
    apart = f" {of - len(pairs)} of {of} pairs share no session." if of > len(pairs) else ""
    if least.share == most.share:
        return f"Every two of them coded {percent(most.share)} of their moments alike.{apart}"
    return (
        f"{most.names} coded {percent(most.share)} of their moments alike, {least.names} {percent(least.share)}.{apart}"
    )
