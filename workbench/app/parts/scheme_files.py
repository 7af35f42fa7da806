"""A scheme on paper and for other programs: its codebook, its files for BORIS, CACTI and REFI-QDA, and theirs."""

from __future__ import annotations

import streamlit as st

from workbench.app import current
from workbench.app.parts import pages
from workbench.app.parts.says import said
from workbench.app.parts.texts import count, plain
from workbench.model.people import Person
from workbench.model.scheme import CodingScheme
from workbench.workflows import edit_scheme, exchange_scheme, print_codebook, see_rulings
from workbench.workflows.exchange_scheme import Imported
from workbench.workflows.print_codebook import Form, Paper

_SHEETS = {"PDF, A4": (Form.PDF, Paper.A4), "PDF, Letter": (Form.PDF, Paper.LETTER), "HTML": (Form.HTML, Paper.A4)}


def codebook_button(person: Person, scheme: CodingScheme, *, in_use: bool = True) -> None:
    """Offers the codebook to print, with the rulings that hold where the version is `in_use`.

    It is made when it is asked for, and what it would hold is looked up once the button is open.
    """
    ident = scheme.hash[:12]
    opened = st.popover("Codebook", key=f"codebook-{ident}", on_change="rerun")
    if not opened.open:
        return
    rulings = see_rulings.codebook_rulings(current.workspace(), person, scheme) if in_use else ()
    with opened:
        st.caption(
            "What a rater has beside the keyboard: how to code, every code and rating, rulings, scores, keys. "
            "The PDF has two sheets where the scheme fits on two."
        )
        for words, (form, paper) in _SHEETS.items():
            st.download_button(
                words,
                lambda form=form, paper=paper: (
                    print_codebook.print_codebook(  # type: ignore[misc]
                        scheme, form, paper=paper, rulings=rulings
                    ).data
                ),
                print_codebook.file_name(scheme, form),
                print_codebook.MIME[form],
                on_click="ignore",
                width="stretch",
                key=f"codebook-{ident}-{words}",
            )
        if remark := print_codebook.remark(scheme, rulings):
            st.caption(plain(remark))


def other_programs_button(scheme: CodingScheme) -> None:
    """Offers the scheme as a file of another program, and says what that file cannot hold."""
    ident = scheme.hash[:12]
    opened = st.popover("For other programs", key=f"other-programs-{ident}", on_change="rerun")
    if not opened.open:
        return
    titles = {name: title for name, title in exchange_scheme.written_formats().items() if name != "yaml"}
    with opened:
        chosen = st.selectbox(
            "Format", list(titles), format_func=lambda name: titles[name], key=f"other-format-{ident}"
        )
        with said():
            made = exchange_scheme.export_scheme(scheme, chosen)
            st.download_button(
                "Download",
                made.data,
                made.name,
                "application/octet-stream",
                on_click="ignore",
                type="primary",
                key=f"other-file-{ident}-{chosen}",
            )
            _list("What this file cannot hold", made.lost)


def import_from_another_program(person: Person) -> None:
    """Begins a scheme from a file of another program, after it was said what is left to decide."""
    file = st.file_uploader(
        "Or begin with a scheme of CACTI or BORIS",
        ["xml", "boris", "gz"],
        key="make-scheme-other",
        max_upload_size=exchange_scheme.LARGEST_MB,
    )
    if file is None:
        return
    with said(f"problems of {file.name}.txt"):
        made = _imported(file.getvalue(), file.name)
        counts = f"{count(len(made.scheme.codes), 'code')}, {count(len(made.scheme.ratings), 'rating')}"
        st.markdown(f"**{plain(made.scheme.title)}**: {counts}")
        if st.button("Edit what came of it", key="make-scheme-other-open", type="primary"):
            draft = edit_scheme.begin_from_file(current.workspace(), person, made.yaml, f"{made.scheme.name}.yaml")
            pages.go("edit_scheme", draft=draft.id)
        _list("To look at; it stands at the head of the YAML too", made.notes)


@st.cache_data(max_entries=4, show_spinner=False)
def _imported(data: bytes, name: str) -> Imported:
    return exchange_scheme.import_scheme(data, name)


def _list(title: str, sentences: tuple[str, ...]) -> None:
    if sentences:
        st.caption(title)
        st.markdown("\n".join(f"- {plain(sentence)}" for sentence in sentences))
