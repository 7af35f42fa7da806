"""How a screen says no: the sentence of a refusal with its details, and a change that is confirmed after it."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

import streamlit as st

from workbench.app.parts.texts import plain
from workbench.workflows.refusal import Refused

_NEXT = "said-after-rerun"


@contextmanager
def said() -> Generator[None]:
    """Shows the sentence when what is done inside is refused, or when the disk did not take it."""
    try:
        yield
    except Refused as refused:
        details = "".join(f"\n- {plain(p)}" for p in refused.problems)
        st.error(f"{plain(str(refused))}{details}")
    except OSError:
        st.error("The server could not save this: its disk refused. Nothing was changed.")


def done(sentence: str) -> None:
    """Say it after the screen was drawn anew, and draw it anew."""
    st.session_state[_NEXT] = sentence
    st.rerun()


def confirm() -> None:
    """What `done` wanted to say."""
    if sentence := st.session_state.pop(_NEXT, None):
        st.toast(plain(sentence))
