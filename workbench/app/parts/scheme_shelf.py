"""The shelf on the Schemes screen: one card for each scheme and questionnaire, to find, to open and to begin from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

import streamlit as st

from workbench.app.parts import pages
from workbench.app.parts.make_scheme import edit_button, start_button
from workbench.app.parts.scheme_files import codebook_button
from workbench.app.parts.scheme_words import counts, use
from workbench.app.parts.texts import count, empty, plain, section
from workbench.model.instrument import Instrument
from workbench.model.people import Person
from workbench.schemes.languages import language_name
from workbench.workflows import edit_scheme, see_schemes
from workbench.workflows.see_schemes import Origin, SchemeSeen

_MANY = 6  # cards that are seen at a glance; above that they can be searched
_ALL, _OWN, _SHIPPED, _FORMS = "All", "Made here", "Come with the program", "Questionnaires"


def scheme_shelf(person: Person, seen: Sequence[SchemeSeen], instruments: Sequence[Instrument]) -> None:
    """The cards: schemes in use, then what comes with the program, then questionnaires."""
    wanted, kind = _narrowing(len(seen) + len(instruments))
    schemes = [s for s in seen if see_schemes.says(s, wanted) and _of_kind(s, kind)]
    forms = [i for i in _newest(instruments) if _says(i, wanted) and kind in (_ALL, _FORMS)]
    used = sorted((s for s in schemes if s.in_use), key=lambda s: s.origin is Origin.SHIPPED)
    others = [s for s in schemes if not s.in_use]
    if not schemes and not forms and (seen or instruments):
        sought = f"that says “{wanted.strip()}”" if wanted.strip() else "of this kind"
        empty(f"No scheme {sought}", "Empty the search, or choose All, to see every scheme.")
        return
    if used:
        section("In use")
        for each in used:
            _scheme(person, each)
    elif kind == _ALL and not wanted.strip():
        how = "Make one here, or begin with one that comes with the program."
        empty("No scheme yet", how if edit_scheme.may_make(person) else "A supervisor or researcher makes the first.")
    if others:
        section("Come with the program, not in use yet", "Open one to read it, and to take it in use.")
        for each in others:
            _scheme(person, each)
    if forms:
        section("Questionnaires", "Forms that patients, providers and observers fill in.")
        for form in forms:
            _form(form)


def _narrowing(cards: int) -> tuple[str, str]:
    """What is searched for, and the kind that is shown; everything where there is little."""
    if cards <= _MANY:
        return "", _ALL
    with st.container(horizontal=True, vertical_alignment="bottom", key="shelf-narrowing"):
        wanted = st.text_input(
            "Search schemes",
            type="search",
            key="search-schemes",
            placeholder="Title, code, rating, author",
            live=True,
            persist_state="page",
            label_visibility="collapsed",
            width=320,
        )
        kind = st.segmented_control(
            "Kind",
            [_ALL, _OWN, _SHIPPED, _FORMS],
            default=_ALL,
            required=True,
            key="kind-of-scheme",
            persist_state="page",
            label_visibility="collapsed",
        )
    return wanted or "", kind or _ALL


def _of_kind(seen: SchemeSeen, kind: str) -> bool:
    shipped = seen.origin is Origin.SHIPPED
    return kind == _ALL or (kind == _SHIPPED and shipped) or (kind == _OWN and not shipped)


def _newest(instruments: Sequence[Instrument]) -> list[Instrument]:
    """The version of each questionnaire that was kept last, by title."""
    return sorted({i.name: i for i in instruments}.values(), key=lambda i: i.title.casefold())


def _says(form: Instrument, text: str) -> bool:
    held = " ".join((form.title, form.name, form.perspective.value, *(s.label for s in form.subscales))).casefold()
    return all(word in held for word in text.casefold().split())


def _scheme(person: Person, seen: SchemeSeen) -> None:
    front = seen.front
    scheme = front.scheme
    small = [
        counts(scheme),
        f"version {scheme.version}" + (f", the newest of {len(seen.versions)}" if len(seen.versions) > 1 else ""),
        *([seen.origin.value] if seen.in_use else []),
        *([f"the program has version {seen.offered.scheme.version}"] if seen.offered else []),
        *([language_name(scheme.language)] if scheme.language.split("-")[0] != "en" else []),
        *([use(seen.to_do, seen.assigned, person)] if seen.in_use else []),
    ]
    with st.container(border=True, key=f"scheme-card-{seen.name}"):
        words, acts = st.columns([2.1, 1], vertical_alignment="center")
        with words:
            _entry(scheme.title, scheme.hash, scheme.description, small)
        with acts, st.container(horizontal=True, horizontal_alignment="right", gap="small"):
            if edit_scheme.may_make(person):
                (start_button if seen.origin is Origin.SHIPPED else edit_button)(person, scheme)
            codebook_button(person, scheme, in_use=front.in_use)


def _form(form: Instrument) -> None:
    small = [f"for the {form.perspective.value}", count(len(form.items), "item"), f"version {form.version}"]
    with st.container(border=True, key=f"form-card-{form.name}"):
        _entry(form.title, form.hash, form.instructions, small)


def _entry(title: str, hash: str, line: str, small: Iterable[str]) -> None:
    """The left of a card: the title, which leads on, what it is in a line, and small facts."""
    with st.container(gap=None):
        pages.link("scheme", plain(title), scheme=hash)
        st.html(
            f'<div class="wb-book"><p dir="auto">{escape(line)}</p>'
            f"<small>{escape(' · '.join(s for s in small if s))}</small></div>"
        )
