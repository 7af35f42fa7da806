"""Where a coding stands after it was handed in, in words: whether it can be taken back, and who can reopen it."""

from __future__ import annotations

from workbench.app.parts import times
from workbench.model.coding import CodingState
from workbench.workflows.hand_back import Standing

# What an assignment's state is called wherever it stands in a list; None: its rater has not opened it yet.
STATE_WORDS = {
    None: "Not begun",
    CodingState.DRAFT: "Begun",
    CodingState.SUBMITTED: "Handed in",
    CodingState.LOCKED: "Seen",
}


def standing_words(standing: Standing) -> str:
    """One or two sentences for its rater; empty for a draft that nobody gave back."""
    if standing.state is CodingState.DRAFT:
        if standing.reopened_at is None:
            return ""
        return f"A supervisor reopened this on {times.day(standing.reopened_at)}: {standing.reason}"
    if standing.state is CodingState.SUBMITTED:
        return "Handed in. You can still take this back." if standing.may_take_back else "Handed in."
    if standing.own_eyes:
        return "Handed in, and compared with others' codings; a supervisor can reopen it."
    who = "a supervisor" if standing.seen_by_supervisor else "somebody else"
    return f"Seen by {who} on {times.day(standing.seen_at)}; a supervisor can reopen it."
