"""The screens' frame: who is there, what they may open, and the screen itself. Streamlit runs this file anew
for each act of a person."""

from __future__ import annotations

import streamlit as st

from workbench.app import current
from workbench.app.parts import frame, guard
from workbench.app.parts.pages import pages_for
from workbench.app.parts.says import confirm

frame.begin()
person = current.actor()
if person is None:
    guard.signed_out()
else:
    pages = pages_for(person)
    chosen = st.navigation(frame.arranged(pages, person), position="top")
    frame.titled(chosen.title)
    confirm()
    chosen.run()
