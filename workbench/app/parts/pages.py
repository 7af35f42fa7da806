"""Streamlit's page objects of the screens, and going from one screen to another."""

from __future__ import annotations

from typing import NoReturn

import streamlit as st

from workbench.app.screens import ENTRIES, Entry, entries_for
from workbench.model.people import Person


def pages_for(person: Person) -> dict[str, st.Page]:
    """The pages of the screens that a person has, by name."""
    return {e.name: _page(e) for e in entries_for(person)}


def page(name: str) -> st.Page:
    """The page of a screen, to link to or to switch to."""
    return next(_page(e) for e in ENTRIES if e.name == name)


def go(name: str, **query: str) -> NoReturn:
    """Leave for another screen."""
    st.switch_page(page(name), query_params=query)


def link(name: str, label: str, **query: str) -> None:
    """A link to another screen."""
    st.page_link(page(name), label=label, query_params=query or None)


def _page(entry: Entry) -> st.Page:
    # The address is the screen's name, because every screen's function is called `show`.
    return st.Page(
        entry.show,
        title=entry.title,
        url_path=entry.name,
        default=entry is ENTRIES[0],
        visibility="visible" if entry.in_navigation else "hidden",
    )
