"""An observation window drawn on the length of its recording."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from workbench.model.assignment import Assignment
from workbench.model.observation_window import said
from workbench.model.pace import progress
from workbench.model.span import TimeSpan, clock

# The first of these that gives at most eight marks, in minutes.
_STEPS = (1, 2, 5, 10, 15, 30, 60)
_MINUTE = 60_000
_SAID_BY_ITSELF = ("the whole session", "chosen by hand", "live, by the clock")


def window_bar(windows: Sequence[TimeSpan], duration_ms: int) -> None:
    """Draw the bar."""
    st.html(markup(windows, duration_ms))


def markup(windows: Sequence[TimeSpan], duration_ms: int) -> str:
    """The bar as HTML: the whole recording, what is observed of it filled, and a time scale.

    >>> "left:25.000%;width:50.000%" in markup([TimeSpan(60_000, 180_000)], 240_000)
    True
    """
    length = max(1, duration_ms)
    filled = "".join(
        f'<i style="left:{100 * w.start_ms / length:.3f}%;width:{100 * w.length_ms / length:.3f}%"></i>'
        for w in windows
    )
    ticks = "".join(f'<span style="left:{100 * at / length:.3f}%">{clock(at)}</span>' for at in marks(duration_ms))
    observed = sum(w.length_ms for w in windows)
    label = f"Observed: {said(windows) or 'nothing'}, {clock(observed)} of {clock(duration_ms)}"
    return (
        f'<div class="wb-window" role="img" aria-label="{escape(label)}">'
        f'<div class="wb-window-bar">{filled}</div><div class="wb-window-marks" aria-hidden="true">{ticks}</div></div>'
    )


def marks(duration_ms: int) -> list[int]:
    """Where the time scale has its marks, in ms; the last one leaves room for its own words.

    >>> [clock(ms) for ms in marks(3_000_000)]
    ['0:00', '10:00', '20:00', '30:00', '40:00', '50:00']
    """
    step = next((s for s in _STEPS if duration_ms / (s * _MINUTE) <= 7), 120) * _MINUTE
    return list(range(0, duration_ms + 1, step))


def said_of_windows(assignment: Assignment) -> str:
    """What is observed, in words: for the rater and for everybody who looks at the assignment."""
    return "live, by the clock" if assignment.window_open else said(assignment.windows)


def rule_said(assignment: Assignment) -> str:
    """How the stretch was chosen, where the stretch itself does not say so already."""
    return "" if assignment.window_rule in _SAID_BY_ITSELF else assignment.window_rule


def slim_bar(assignment: Assignment) -> None:
    """How far a coding is, as a thin bar: what is observed, filled up to where its rater stopped."""
    done = round(100 * progress(assignment))
    st.html(
        f'<div class="wb-progress" role="img" aria-label="{done} % of the observed stretch is behind you">'
        f'<i style="width:{done}%"></i></div>'
    )
