"""Taking words out of a ruling on the Schemes screen: which, why, what would become of it, and then for good."""

from __future__ import annotations

from html import escape

import streamlit as st

from workbench.app import current
from workbench.app.parts import times
from workbench.app.parts.says import done, said
from workbench.app.parts.texts import count, plain
from workbench.model.people import Person
from workbench.model.ruling import TEXTS, Ruling
from workbench.model.scheme import CodingScheme
from workbench.model.taken_out import Why
from workbench.workflows import take_out_words
from workbench.workflows.see_rulings import RulingShown
from workbench.workflows.take_out_words import Wanted

_CALLED = {
    "question": "The question",
    "decision": "The decision",
    "example": "The example",
    "withdrawn": "Why it was withdrawn",
}


def gone_words(shown: RulingShown) -> str:
    """That words were taken out of a ruling, when, by whom and why, as HTML; empty where none were."""
    said_of = []
    for gone in shown.taken_out:
        by = f" by {escape(gone.by)}" if gone.by else ""
        said_of.append(f"Words were taken out{by}, {times.moment(gone.at)}: {gone.why.words}.")
    return f'<p class="wb-withdrawn"><small>{"<br>".join(said_of)}</small></p>' if said_of else ""


def take_out(person: Person, scheme: CodingScheme, shown: RulingShown) -> None:
    """The form, and once it was filled in, what would become of the ruling and the button that does it."""
    ruling = shown.ruling
    key = f"take-out-{ruling.id}-{ruling.version}"
    held = [name for name in TEXTS if getattr(ruling, name) or name == "example"]
    with st.form(f"{key}-form", border=False):
        st.caption(plain("The words go from every version of this ruling. All else of it stays."))
        words = st.text_area(
            "Words to take out",
            height=80,
            help="One name or phrase a line, in whatever letter case. They are kept nowhere.",
            key=f"{key}-words",
        )
        inside = st.checkbox("Also within longer words", key=f"{key}-inside")
        texts = st.multiselect(
            "Or whole texts", held, format_func=lambda name: _CALLED[name], key=f"{key}-texts", placeholder="None"
        )
        why = st.selectbox(
            "Why", list(Why), index=None, format_func=lambda w: w.words.capitalize(), key=f"{key}-why", placeholder=""
        )
        if st.form_submit_button("Show what would go"):
            st.session_state[f"{key}-asked"] = True
    if st.session_state.get(f"{key}-asked"):
        with said():
            _before(person, scheme, shown, Wanted(words, frozenset(texts), why, inside), key)


def _before(person: Person, scheme: CodingScheme, shown: RulingShown, wanted: Wanted, key: str) -> None:
    found = take_out_words.preview(current.workspace(), person, scheme, shown.ruling.id, wanted)
    some = ", ".join(f"“{word}”" for word in found.longer[:8]) + (" …" if len(found.longer) > 8 else "")
    if not found.places and not shown.withheld:
        st.warning(
            plain(f"This stands within longer words only ({some}). Choose “Also within longer words” to take it out.")
            if found.longer
            else "No version of the ruling says this; nothing would go."
        )
        return
    places, versions = count(found.places, "place"), count(found.versions, "version")
    hidden = " The example, which you are not shown, loses them too." if shown.withheld else ""
    st.markdown(plain(f"{places} in {versions} would go.{hidden} It would then say:"))
    st.html(f'<div class="wb-ruling">{_texts(found.after)}</div>')
    if found.longer:
        st.info(plain(f"These longer words would stay: {some}"))
    st.warning(plain(take_out_words.FINAL))
    sure = st.checkbox("I know that nobody gets these words back", key=f"{key}-sure")
    if st.button("Take them out for good", type="primary", disabled=not sure, key=f"{key}-go"):
        _take_out(person, scheme, shown, wanted, key)


def _take_out(person: Person, scheme: CodingScheme, shown: RulingShown, wanted: Wanted, key: str) -> None:
    workspace = current.workspace()
    swept = take_out_words.take_out_words(workspace, person, shown.ruling.id, shown.ruling.version, wanted)
    others = len(take_out_words.elsewhere(workspace, person, scheme, wanted))
    for name in [name for name in st.session_state if str(name).startswith(key)]:
        del st.session_state[name]  # the words were typed there
    still = f" {count(others, 'other ruling says', 'other rulings say')} them too." if others else ""
    done(("The words are taken out." if swept else take_out_words.NOT_SWEPT) + still)


def _texts(ruling: Ruling) -> str:
    lines = ((_CALLED[name], getattr(ruling, name)) for name in TEXTS)
    return "<br>".join(f'<small>{label}:</small> <span dir="auto">{escape(t)}</span>' for label, t in lines if t)
