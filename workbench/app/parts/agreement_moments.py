"""Where two raters disagree: the list, and beside it both codings at the moment that is picked."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from workbench.app.parts import walk
from workbench.app.parts.agreement_shown import Shown, without_codes
from workbench.app.parts.moment import moment, playable
from workbench.app.parts.numbers import percent
from workbench.app.parts.texts import count, empty, plain
from workbench.model.span import clock
from workbench.workflows.compare_raters import Difference, PairSeen, differences

_HEIGHT = 430
_ROWS = 11
_PAIRS_AS_PILLS = 6


def show(shown: Shown) -> None:
    """The list and the moment."""
    if without_codes(shown):
        return
    pair, wanted = _asked(shown)
    found = differences(shown.material, pair, wanted or None)
    if not pair.total:
        empty("Nothing to lay side by side", f"{pair.names} coded no event in the sessions that both handed in.")
        return
    if not found:
        empty("No disagreement here", f"{pair.names} coded every moment of this kind alike.")
        return
    left, right = st.columns([5, 7], gap="medium")
    with left:
        picked = _list(shown, pair, found)
    with right:
        raters = tuple(shown.material.rater(r).id for r in (pair.a, pair.b))
        moment(
            shown.person,
            picked.session,
            shown.material.scheme,
            picked.at_ms,
            _said(pair, picked),
            rater_ids=raters,
            events=picked.events,
        )


def _asked(shown: Shown) -> tuple[PairSeen, list[str]]:
    """The pair, in words, and what they disagree on."""
    at = 0
    if len(shown.pairs) > 1:
        names = [f"{p.names}  {percent(p.share)}" for p in shown.pairs]
        key = f"agreement-pair-{shown.mark[:12]}"
        if len(names) <= _PAIRS_AS_PILLS:
            at = names.index(
                st.pills("Raters", names, default=names[0], required=True, key=key, label_visibility="collapsed")
                or names[0]
            )
        else:
            at = names.index(st.selectbox("Raters", names, key=key, label_visibility="collapsed"))
    pair = shown.pairs[at]
    if len(shown.pairs) > 1:
        words = f"In {count(pair.n_sessions, 'session')} {pair.words[0].lower()}{pair.words[1:]} {pair.most_disputed}"
        st.markdown(plain(words))
    shares = {d.dimension: d for d in pair.disputes}
    wanted = st.pills(
        "They disagree on",
        list(shares),
        selection_mode="multi",
        default=list(shares)[:2],
        format_func=lambda d: f"{d}  {shares[d].disagreements} of {shares[d].moments}",
        key=f"agreement-dimensions-{pair.a}-{pair.b}-{shown.mark[:12]}",
    )
    return pair, list(wanted or ())


def _list(shown: Shown, pair: PairSeen, found: list[Difference]) -> Difference:
    table = pd.DataFrame(
        {
            "Session": [d.session.title or d.session.code for d in found],
            "Time": [clock(d.at_ms) for d in found],
            pair.name_a: [d.said_a for d in found],
            pair.name_b: [d.said_b for d in found],
        }
    )
    key = f"agreement-list-{pair.a}-{pair.b}-{shown.mark[:12]}-{len(found)}"
    # a table keeps what was picked by hand; a step to the next one is a new table that begins there
    step, begin, played = walk.left_at(f"{key}-at")
    head = st.container()
    chosen = st.dataframe(
        table,
        hide_index=True,
        height="content" if len(found) <= _ROWS else _HEIGHT,
        on_select="rerun",
        selection_mode="single-row-required",
        selection_default={"selection": {"rows": [begin], "columns": [], "cells": []}},
        key=f"{key}-{step}",
        column_config={"Time": st.column_config.TextColumn(alignment="right", width=64)},
        alt=f"{len(found)} disagreements of {pair.names}; the picked one is shown beside",
    )
    rows = chosen["selection"]["rows"]
    at = rows[0] if rows and rows[0] < len(found) else 0
    said, following = head.columns([3, 2], vertical_alignment="center")
    said.caption(f"{at + 1} of {plain(count(len(found), 'disagreement'))}")
    heard = played and at == begin
    if following.button(
        "Play the next" if heard else "Play",
        shortcut="n",
        width="stretch",
        key="agreement-next",
        help="Plays the disagreement in the coding room, with both codings; there, N goes on to the next of this list.",
    ):
        _play(shown, pair, found, f"{key}-at", (at + 1) % len(found) if heard else at)
    return found[at]


def _play(shown: Shown, pair: PairSeen, found: list[Difference], list_key: str, place: int) -> None:
    """Leave for the coding room where the disagreement can be played; else the list goes on to the next one."""
    sessions = {d.session.id: d.session for d in found}
    open_to = {i for i, session in sessions.items() if playable(shown.person, session)}
    if found[place].session.id not in open_to:
        walk.go_to(list_key, (place + 1) % len(found), played=False)
        st.rerun()
    stops = [
        walk.Stop(n, d.session.id, d.at_ms, _said(pair, d), d.events)
        for n, d in enumerate(found)
        if d.session.id in open_to
    ]
    raters = tuple(shown.material.rater(r).id for r in (pair.a, pair.b))
    walk.begin(shown.person, list_key, shown.material.scheme.hash, raters, len(found), stops, place)


def _said(pair: PairSeen, difference: Difference) -> str:
    return f"{pair.name_a}: {difference.said_a} · {pair.name_b}: {difference.said_b}"
