"""How a screen says no: the sentence of a refusal with its details, and a change that is confirmed after it."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

import streamlit as st

from workbench.app.parts.texts import count, plain
from workbench.workflows.refusal import Refused

SHOWN = 20  # problems; more are read in a file
_NEXT = "said-after-rerun"


@contextmanager
def said(all_of_them: str = "") -> Generator[None]:
    """Shows the sentence when what is done inside is refused, or when the disk did not take it.

    Of many problems the first are shown, and how many more there are. `all_of_them`: the name of a file in which every
    one can be taken along; not within a form, where Streamlit has no such button.
    """
    try:
        yield
    except Refused as refused:
        details = "".join(f"\n- {plain(p)}" for p in refused.problems[:SHOWN])
        more = len(refused.problems) - SHOWN
        st.error(f"{plain(str(refused))}{details}" + (f"\n- … and {more:,} more" if more > 0 else ""))
        if more > 0 and all_of_them:
            everything = "\n".join([str(refused), *refused.problems, ""])
            label = f"Download all {count(len(refused.problems), 'problem')}"
            st.download_button(label, everything, all_of_them, "text/plain", on_click="ignore", key="said-all-of-them")
    except OSError:
        st.error("The server could not save this: its disk refused. Nothing was changed.")


def done(sentence: str) -> None:
    """Say it after the screen was drawn anew, and draw it anew."""
    say_next(sentence)
    st.rerun()


def say_next(sentence: str) -> None:
    """Say it once the next screen is drawn."""
    st.session_state[_NEXT] = sentence


def confirm() -> None:
    """What `done` wanted to say."""
    if sentence := st.session_state.pop(_NEXT, None):
        st.toast(plain(sentence))
