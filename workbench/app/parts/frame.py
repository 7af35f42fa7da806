"""What stands around every screen: title and icon of the window, logo, spacing, and the person's own menu."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import streamlit as st

from workbench.app.parts import chart
from workbench.model.people import Person

_STATIC = Path(__file__).resolve().parent.parent / "static"
NAME = "Alliance Workbench"


def begin() -> None:
    """The first thing of every run."""
    st.set_page_config(page_title=NAME, page_icon=str(_STATIC / "icon.png"), layout="wide")
    st.logo(str(_STATIC / "logo.svg"), size="medium")
    st.html(_STATIC / "screens.css")
    chart.use_theme()


def titled(title: str) -> None:
    """Name the window after the screen."""
    st.set_page_config(page_title=f"{title} · {NAME}")


def arranged(pages: Mapping[str, st.Page], person: Person) -> Mapping[str, Sequence[st.Page]]:
    """Pages by section of the navigation: the work without a heading, then what is the person's own."""
    own = [pages["account"]] if "account" in pages else []
    work = [p for name, p in pages.items() if name != "account"]
    return {"": work, person.display_name: own}
