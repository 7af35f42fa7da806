"""Rulings: what a meeting decided about a case that a scheme's definitions leave open.

A ruling belongs to a code or a rating of a scheme, by the scheme's name: it holds in every version that has the
entry. It is never overwritten. A correction is a further version of it, and so is taking it back, with a reason. Only
words can be taken out of it, of all its versions, for good.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from workbench.model.span import TimeSpan

TEXTS = ("question", "decision", "example", "withdrawn")  # what somebody wrote freely, by its field in `Ruling`


@dataclass(frozen=True, slots=True)
class Clip:
    """The stretch of a session that a ruling is about, in the session's time."""

    session_id: str
    span: TimeSpan


@dataclass(frozen=True, slots=True)
class Ruling:
    """One version of a ruling. `code` is the id of a code or, with `rating`, of a rating.

    `example` is a quoted or made-up case, for where there is no clip. `withdrawn`: why it holds no more, empty
    while it holds. `written_at` is an instant in UTC milliseconds. `taken_out`: this version is the one before without
    some words, for this reason (`taken_out.Why`); empty where it is anything else.
    """

    id: str
    version: int
    scheme: str
    code: str
    rating: bool
    decided_on: date
    question: str
    decision: str
    written_by: str
    written_at: int
    clip: Clip | None = None
    example: str = ""
    withdrawn: str = ""
    taken_out: str = ""


@dataclass(frozen=True, slots=True)
class CodebookRuling:
    """A ruling as a codebook prints it: of the code (with `rating`, of the rating) with that id.

    `place` says where the case is from, such as "session S-004, 12:30–12:44"; `example` gives it in words. Each is
    empty where whoever reads the codebook may not know it.
    """

    code: str
    decided_on: date
    question: str
    decision: str
    place: str = ""
    example: str = ""
    rating: bool = False

    @property
    def reference(self) -> str:
        """Where the case is from, and the case in words."""
        return "; ".join(part for part in (self.place, f"“{self.example}”" if self.example else "") if part)
