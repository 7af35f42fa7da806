"""Where two raters disagree: the list, and beside it both codings at the moment that is picked."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from workbench.app.parts.agreement_shown import Shown
from workbench.app.parts.moment import moment
from workbench.app.parts.numbers import percent
from workbench.app.parts.texts import count, empty, plain
from workbench.model.span import clock
from workbench.workflows.compare_raters import Difference, PairSeen, differences

_HEIGHT = 430
_ROWS = 11
_PAIRS_AS_PILLS = 6


def show(shown: Shown) -> None:
    """The list and the moment."""
    pair, wanted = _asked(shown)
    found = differences(shown.material, pair, wanted or None)
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
            f"{pair.name_a}: {picked.said_a} · {pair.name_b}: {picked.said_b}",
            rater_ids=raters,
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
        "Disagree on",
        list(shares),
        selection_mode="multi",
        default=list(shares)[:2],
        format_func=lambda d: f"{d}  {shares[d].disagreements} of {shares[d].moments}",
        key=f"agreement-dimensions-{pair.a}-{pair.b}-{shown.mark[:12]}",
        label_visibility="collapsed",
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
    chosen = st.dataframe(
        table,
        hide_index=True,
        height="content" if len(found) <= _ROWS else _HEIGHT,
        on_select="rerun",
        selection_mode="single-row-required",
        key=f"agreement-list-{pair.a}-{pair.b}-{shown.mark[:12]}-{len(found)}",
        column_config={"Time": st.column_config.TextColumn(alignment="right", width=64)},
        alt=f"{len(found)} disagreements of {pair.names}; the picked one is shown beside",
    )
    st.caption(f"{plain(count(len(found), 'disagreement'))}. Pick one to see both codings.")
    rows = chosen["selection"]["rows"]
    return found[rows[0]] if rows and rows[0] < len(found) else found[0]
