"""The scheme editor's agreement: when two raters mean the same, what is reported of how far they agree, and what a
trainee must reach before coding for a study.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

import streamlit as st

from workbench.app.parts.scheme_editing import Editing
from workbench.app.parts.scheme_fields import (
    choice,
    line,
    not_there,
    one_of,
    paragraph,
    rest,
    sentences,
    some_of,
    wrong,
)
from workbench.app.parts.texts import plain, section
from workbench.model.scheme import DataKind, Limit
from workbench.schemes.scheme_agreement import CERTIFICATION, LIMIT, MEASURES, REPORTED
from workbench.schemes.scheme_draft import Path, value_at, with_value, without_part

PARTS = ("agreement", "certification", "tolerance_seconds", "bin_seconds")
_OF = {DataKind.CODES: "codes", DataKind.RATINGS: "ratings", DataKind.TOTALS: "totals"}
_ABOUT = {
    DataKind.CODES: "What was coded: whether raters coded the same at the same time.",
    DataKind.RATINGS: "The values of the ratings, and of scores made of them.",
    DataKind.TOTALS: "How often, or how long, each code was given in a session.",
}
_MEASURES = {
    "kappa": "Cohen’s κ: the same code, with luck taken off",
    "exact": "The share of the same answers",
    "icc": "ICC of a single rater: how near the values are, against how much sessions differ",
    "within_one": "The share of values at most one point apart",
}


def agreement(e: Editing) -> None:
    """The same moment; what is reported; what a trainee must reach; and what raters read of it."""
    section("The same moment", "Two raters never press a key in the same instant.")
    near, wide = st.columns(2)
    with near:
        line(e, ("tolerance_seconds",), "Seconds apart and still the same", number=True, example="2", hint="0 to 60.")
    with wide:
        hint = "Codes are compared in stretches of this length. 0.1 to 600."
        line(e, ("bin_seconds",), "Seconds of a time bin, for agreement", number=True, example="5", hint=hint)
    section(
        "What is reported of how far raters agree",
        "Agreement and the report put it first, with your reason. Where nothing is said, the program chooses.",
    )
    wrong(e, "agreement")
    rest(e, ("agreement",), list(DataKind))
    for kind in DataKind:
        if _is_there(e, kind) or e.value("agreement", kind.value):
            with st.container(border=True):
                _reported(e, kind)
    section(
        "Before a trainee codes for a study",
        "What trainees must reach against criterion codings, which your team has agreed on. What counts is where the "
        "interval of their agreement begins, never the value alone: a few lucky sessions can give a high value.",
    )
    _certification(e)
    _read_by_raters(e)


def _is_there(e: Editing, kind: DataKind) -> bool:
    return bool(e.entries("ratings" if kind is DataKind.RATINGS else "codes"))


# ---- what is reported ----------------------------------------------------------------------------


def _reported(e: Editing, kind: DataKind) -> None:
    # imported here: statistics load with it
    from workbench.workflows.choose_coefficients import offers

    path: Path = ("agreement", kind.value)
    offered = {offer.id: offer for offer in offers(kind)}
    usual = next(iter(offered.values()))
    st.markdown(f"**Agreement on {_OF[kind]}**  \n{plain(_ABOUT[kind])}")
    if not e.value(*path):
        sentences(e.read.inside(*path))
        made = {"coefficients": [usual.id], "reason": usual.when}
        label = f"Choose for {_OF[kind]}"
        st.button(label, key=e.key(*path, "add"), on_click=_put, args=(e, path, made, f"agreement on {_OF[kind]}"))
        return
    wrong(e, *path)
    names = {offer.id: offer.name for offer in offered.values()}
    now = _chosen(e.tree, path)
    _first(e, path, kind, names, {offer.id: offer.when for offer in offered.values()})
    _beside(e, path, kind, names)
    sentences(e.read.inside(*path, "coefficients"))
    _told([(names[id], offered[id].when) for id in now if id in offered])
    with st.expander("When to use which", key=e.key(*path, "which")):
        _told([(offer.name, offer.when) for offer in offered.values()])
    with st.container(key=f"scheme-words-reported-{kind.value}"):
        paragraph(
            e,
            (*path, "reason"),
            f"Why, for {_OF[kind]}",
            hint="Readers see it beside the numbers.",
            follows=True,
        )
    rest(e, path, REPORTED)
    _taking_out(e, path, f"agreement on {_OF[kind]}")


def _chosen(tree: dict[str, Any], path: Path) -> list[str]:
    found = value_at(tree, (*path, "coefficients"), [])
    return [str(id) for id in found] if isinstance(found, list) else []


def _first(e: Editing, path: Path, kind: DataKind, names: dict[str, str], when: dict[str, str]) -> None:
    """The coefficient that is reported first; the reason follows it until somebody writes one."""
    now = _chosen(e.tree, path)
    shown = {**names, **{id: not_there(id) for id in now[:1] if id not in names}}
    label = f"Reported first for {_OF[kind]}"

    def change(tree: dict[str, Any], first: str) -> dict[str, Any]:
        before = _chosen(tree, path)
        others = before if first in before else before[1:]
        made = with_value(tree, (*path, "coefficients"), [first, *(id for id in others if id != first)])
        follows = value_at(tree, (*path, "reason")) in ("", *(when.get(id) for id in before[:1]))
        return with_value(made, (*path, "reason"), when[first]) if follows and when.get(first) else made

    def take(_: Path, first: str) -> None:
        e.edit(label, lambda tree: change(tree, first))

    one_of(e, (*path, "first"), label, shown, now[0] if now else None, take)


def _beside(e: Editing, path: Path, kind: DataKind, names: dict[str, str]) -> None:
    now = _chosen(e.tree, path)
    others = {id: name for id, name in names.items() if id not in now[:1]}
    label = f"Beside it for {_OF[kind]}"

    def change(tree: dict[str, Any], chosen: Sequence[str]) -> dict[str, Any]:
        return with_value(tree, (*path, "coefficients"), [*_chosen(tree, path)[:1], *chosen])

    def take(_: Path, chosen: Sequence[str]) -> None:
        e.edit(label, lambda tree: change(tree, chosen))

    some_of(e, (*path, "beside"), label, others, now[1:], take)


def _told(pairs: list[tuple[str, str]]) -> None:
    """Coefficients by name with when to use each."""
    if pairs:
        said = "".join(f"<p><b>{escape(name)}.</b> {escape(when)}</p>" for name, when in pairs)
        st.html(f'<div class="wb-when">{said}</div>')


# ---- what a trainee must reach -------------------------------------------------------------------


def _certification(e: Editing) -> None:
    kinds = [kind for kind in MEASURES if _is_there(e, kind) or e.value("certification", kind.value)]
    if not e.value("certification"):
        sentences(e.read.inside("certification"))
        if not kinds:
            st.caption("Limits need a code or a rating: make these first.")
            return
        made = {kinds[0].value: {"measure": MEASURES[kinds[0]][0]}}
        st.button(
            "Set limits",
            key=e.key("certification", "add"),
            on_click=_put,
            args=(e, ("certification",), made, "limits of certification"),
        )
        return
    wrong(e, "certification")
    line(
        e,
        ("certification", "sessions"),
        "Sessions with a criterion coding",
        number=True,
        example="10",
        hint="On so many a trainee has practised at least.",
    )
    for kind in kinds:
        with st.container(border=True):
            _limit(e, kind)
    with st.container(key="scheme-words-certification"):
        paragraph(e, ("certification", "reason"), "Why these limits", hint="Trainees read it.")
    rest(e, ("certification",), CERTIFICATION)
    _taking_out(e, ("certification",), "all limits")


def _limit(e: Editing, kind: DataKind) -> None:
    path: Path = ("certification", kind.value)
    st.markdown(f"**Limit for {_OF[kind]}**")
    if not e.value(*path):
        sentences(e.read.inside(*path))
        made = {"measure": MEASURES[kind][0]}
        label = f"Set a limit for {_OF[kind]}"
        st.button(label, key=e.key(*path, "add"), on_click=_put, args=(e, path, made, f"limit for {_OF[kind]}"))
        return
    wrong(e, *path)
    what, least = st.columns([2, 1])
    with what:
        measures = {measure: _MEASURES[measure] for measure in MEASURES[kind]}
        choice(e, (*path, "measure"), f"What is measured on {_OF[kind]}", measures)
    with least:
        label = f"The interval on {_OF[kind]} begins at"
        line(e, (*path, "at_least"), label, number=True, example="0.6", hint="Or above. 0 to 1.")
    if (limit := _read(e, kind)) is not None and e.read.scheme and e.read.scheme.certification:
        from workbench.workflows.choose_coefficients import sessions_it_takes

        st.caption(plain(sessions_it_takes(e.read.scheme, limit, e.read.scheme.certification.sessions)))
    rest(e, path, LIMIT)
    _taking_out(e, path, f"the limit for {_OF[kind]}")


def _read(e: Editing, kind: DataKind) -> Limit | None:
    """The limit, where nothing is wrong with it."""
    asked = e.read.scheme.certification if e.read.scheme else None
    if asked is None or e.read.inside("certification", kind.value) or e.read.of("certification", "sessions"):
        return None
    return next((limit for limit in asked.limits if limit.of is kind), None)


def _read_by_raters(e: Editing) -> None:
    """What raters read of it, once nothing is wrong with it."""
    scheme = e.read.scheme
    if scheme is None or not (scheme.agreement or scheme.certification):
        return
    section("What raters read", "In the codebook. Under each practice a trainee also sees how far they are.")
    if e.read.inside("agreement") or e.read.inside("certification"):
        st.caption("It stands here once nothing above is to mend.")
        return
    from workbench.workflows.choose_coefficients import asked_in_words

    rows = "".join(f"<li>{escape(sentence)}</li>" for sentence in asked_in_words(scheme))
    st.html(f'<ul class="wb-read">{rows}</ul>')


# ---- putting there and taking out ----------------------------------------------------------------


def _put(e: Editing, path: Path, made: dict[str, Any], called: str) -> None:
    e.edit(called, lambda tree: with_value(tree, path, made))


def _taking_out(e: Editing, path: Path, called: str) -> None:
    label = f"Take out {called}"
    st.button(label, key=e.key(*path, "out"), on_click=_take_out, args=(e, path, label))


def _take_out(e: Editing, path: Path, label: str) -> None:
    e.edit(label, lambda tree: without_part(tree, path))
    e.say = ("Taken out. Undo brings it back.", False)
