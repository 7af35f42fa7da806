"""The rulings of a scheme on the Schemes screen: beside each definition, and all of them to search and to change."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

import streamlit as st

from workbench.app import current
from workbench.app.parts import times
from workbench.app.parts.ruling_payload import clip_address
from workbench.app.parts.says import done, said
from workbench.app.parts.take_out import gone_words, take_out
from workbench.app.parts.texts import count, empty, plain, section
from workbench.model.access import Action, authorize
from workbench.model.people import Person
from workbench.model.scheme import CodingScheme
from workbench.workflows import rule, see_rulings
from workbench.workflows.see_rulings import RulingShown, Withheld

_AT_A_TIME = 20
_FORM_WIDTH = 520  # pixels: a popover is else as narrow as its fields let it be
_BESIDE = 3  # below a definition; further ones are folded
_WRITTEN = "rulings-written"
_WITHHELD = {
    Withheld.CODING: "You still code its session: its clip and its example stay as they are.",
    Withheld.ROLE: "Its example is for those who code or supervise.",
    Withheld.CONSENT: "Its example is from a session that may not be used for training any more. Nobody is shown it.",
}
_EXAMPLE = (
    "May be left out. In made-up words, never a patient's: every rater reads it, and it belongs to no session whose "
    "consent could be withdrawn."
)
_EXAMPLE_WITH_CLIP = (
    "May be left out. No names: every rater reads it, as long as the session of its clip may be used for training."
)
NOTE = (
    "What meetings decided about cases that the definitions leave open. A ruling holds in every version of the scheme "
    "that has its code; it is shown once to whoever opens a session."
)


def standing_on(found: Iterable[RulingShown], entry: str, *, rating: bool = False) -> str:
    """The rulings that hold for one code or rating, to stand below its definition: HTML, empty where there is none."""
    here = [f for f in found if f.ruling.code == entry and f.ruling.rating is rating and not f.ruling.withdrawn]
    if not here:
        return ""
    further = here[_BESIDE:]
    folded = f"<summary>{count(len(further), 'earlier ruling')}</summary>{_rows(further, 'Earlier rulings')}"
    return _rows(here[:_BESIDE], "Rulings") + (
        f'<details class="wb-more-rulings">{folded}</details>' if further else ""
    )


def _rows(some: Iterable[RulingShown], name: str) -> str:
    return f'<ul class="wb-rulings" aria-label="{name}">{"".join(f"<li>{_said(f)}</li>" for f in some)}</ul>'


def show(person: Person, scheme: CodingScheme, found: Sequence[RulingShown]) -> None:
    """All rulings, to search; for those who make rulings, to write, correct and withdraw."""
    makes = bool(authorize(person, Action.MAKE_RULING))
    section("Rulings", NOTE)
    if makes:
        with st.expander("Write a ruling", key=f"write-ruling-{scheme.hash}"):
            _form(person, scheme, None)
    if not found:
        how = "Write one here, or at a moment in the coding room." if makes else "A supervisor makes one in the room."
        empty("No ruling yet", how)
        return
    wanted = st.text_input("Search rulings", key=f"search-rulings-{scheme.hash}", placeholder="Any words of them")
    here = [f for f in found if see_rulings.says(f, wanted)]
    st.caption(plain(_counted(here, found, wanted)))
    shown = here[: st.session_state.get(_more(scheme), _AT_A_TIME)]
    for each in shown:
        _one(person, scheme, each, makes=makes)
    if len(here) > len(shown) and st.button("Show more", key=f"more-rulings-{scheme.hash}"):
        st.session_state[_more(scheme)] = len(shown) + _AT_A_TIME
        st.rerun()


def _more(scheme: CodingScheme) -> str:
    return f"rulings-shown-{scheme.hash}"


def _counted(here: Sequence[RulingShown], found: Sequence[RulingShown], wanted: str) -> str:
    gone = sum(bool(f.ruling.withdrawn) for f in here)
    withdrawn = f", {gone} of them withdrawn" if gone else ""
    of = f" of {len(found)}" if wanted.strip() else ""
    return f"{count(len(here), 'ruling')}{of}{withdrawn}, the latest decision first"


def _said(shown: RulingShown) -> str:
    """A ruling in one piece of HTML, without what it is on."""
    ruling = shown.ruling
    parts = [f'<span dir="auto">{escape(ruling.question)}</span>', f'<b dir="auto">{escape(ruling.decision)}</b>']
    if ruling.example:
        parts.append(f'<span dir="auto">{escape(ruling.example)}</span>')
    if address := clip_address(shown):
        parts.append(f'<a href="{escape(address)}" target="_blank" rel="noopener">Clip: {escape(shown.where)}</a>')
    return f"<small>{times.calendar(ruling.decided_on)}</small> " + "<br>".join(parts)


def _one(person: Person, scheme: CodingScheme, shown: RulingShown, *, makes: bool) -> None:
    ruling = shown.ruling
    this = f"{ruling.id}-{ruling.version}"  # what was open closes once something was done
    with st.container(border=True, key=f"ruling-{ruling.id}"):
        gone = (
            f'<p class="wb-withdrawn" dir="auto">Withdrawn: {escape(ruling.withdrawn)}</p>' if ruling.withdrawn else ""
        )
        here = "" if see_rulings.concerns(ruling, scheme) else " <small>not in this version</small>"
        kind = "withdrawn" if ruling.withdrawn else ""
        st.html(
            f'<div class="wb-ruling {kind}"><h3 dir="auto">{escape(shown.label)}{here}</h3>{_said(shown)}{gone}'
            f"{gone_words(shown)}</div>"
        )
        with st.container(horizontal=True, vertical_alignment="center"):
            if makes:
                with st.popover("Correct", key=f"correct-{this}"), st.container(width=_FORM_WIDTH):
                    _form(person, scheme, shown)
                if not ruling.withdrawn:
                    with st.popover("Withdraw", key=f"take-back-{this}"):
                        _withdraw(person, shown)
            if ruling.version > 1:
                with st.popover("Earlier words", key=f"earlier-{this}"):
                    _earlier(person, scheme, shown)
            if authorize(person, Action.TAKE_OUT_WORDS):
                with st.popover("Take words out", key=f"without-{this}"):
                    take_out(person, scheme, shown)
            if shown.author and not ruling.taken_out:  # who took words out did not write the others
                st.caption(plain(f"Written by {shown.author}, {times.moment(ruling.written_at)}"))


def _form(person: Person, scheme: CodingScheme, before: RulingShown | None) -> None:
    """A new ruling, or (`before`) one in new words."""
    ruling = before.ruling if before else None
    written = st.session_state.get(_WRITTEN, 0)  # an empty form after each that was kept
    key = f"ruling-{ruling.id}-{ruling.version}" if ruling else f"ruling-new-{scheme.hash}-{written}"
    entries = [(c.id, False) for c in scheme.codes] + [(r.id, True) for r in scheme.ratings]
    labels = {(c.id, False): c.label for c in scheme.codes}
    labels |= {(r.id, True): f"{r.label} (rating)" for r in scheme.ratings}
    about = (ruling.code, ruling.rating) if ruling else None
    if about is not None and about not in labels:
        entries, labels[about] = [about, *entries], f"{about[0]} (not in this version)"
    with st.form(f"{key}-form", border=False):
        on = st.selectbox(
            "On", entries, index=entries.index(about) if about else 0, format_func=lambda e: labels[e], key=f"{key}-on"
        )
        today = times.date_of(times.now())
        day = st.date_input(
            "Decided on", value=ruling.decided_on if ruling else today, max_value=today, key=f"{key}-day"
        )
        question = st.text_area("The question", value=ruling.question if ruling else "", height=80, key=f"{key}-q")
        decision = st.text_area("What was decided", value=ruling.decision if ruling else "", height=80, key=f"{key}-d")
        withheld = before.withheld if before else Withheld.NO
        example = None
        if not withheld:
            example = st.text_area(
                "An example in words",
                value=ruling.example if ruling else "",
                height=68,
                help=_EXAMPLE_WITH_CLIP if before and before.sessions else _EXAMPLE,
                key=f"{key}-e",
            )
        keeps = (
            st.checkbox(f"Keep the clip ({before.where})", value=True, key=f"{key}-c")
            if before and before.where
            else True
        )
        if withheld:
            st.caption(_WITHHELD[withheld])
        if ruling and ruling.withdrawn:
            st.caption("It is withdrawn; in new words it holds again.")
        if st.form_submit_button("Keep the new words" if ruling else "Keep the ruling", type="primary"):
            with said():
                wording = rule.Wording(
                    on[0],
                    day,
                    question,
                    decision,
                    example,
                    rating=on[1],
                    same_clip=bool(keeps),
                )
                if ruling is None:
                    rule.make_ruling(current.workspace(), person, scheme.name, wording, today)
                    st.session_state[_WRITTEN] = written + 1
                    done("The ruling is kept. Raters see it when they next open a session.")
                else:
                    rule.correct_ruling(current.workspace(), person, ruling.id, ruling.version, wording, today)
                    done("The new words are kept; the earlier ones stay readable.")


def _withdraw(person: Person, shown: RulingShown) -> None:
    with st.form(f"withdraw-{shown.ruling.id}", border=False):
        reason = st.text_area("Why does it hold no more?", height=68)
        st.caption("It stays readable, with the reason; those who have read it are told.")
        if st.form_submit_button("Withdraw it", type="primary"):
            with said():
                rule.withdraw_ruling(current.workspace(), person, shown.ruling.id, shown.ruling.version, reason)
                done("The ruling is withdrawn.")


def _earlier(person: Person, scheme: CodingScheme, shown: RulingShown) -> None:
    for each in see_rulings.history(current.workspace(), person, scheme, shown.ruling.id)[1:]:
        withdrawn = f"<br>Withdrawn: {escape(each.ruling.withdrawn)}" if each.ruling.withdrawn else ""
        withdrawn += "<br>Here words were taken out." if each.ruling.taken_out else ""
        by = f"{each.author}, " if each.author else ""
        st.html(
            f'<div class="wb-ruling"><small>{escape(by)}{times.moment(each.ruling.written_at)}: {escape(each.label)}'
            f"</small><br>{_said(each)}{withdrawn}</div>"
        )
