"""Assignments of sessions to raters, and the codings that answer them, as stored."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from workbench.model.alignment import LONGEST_LIVE_MS
from workbench.model.coding import CodingState
from workbench.model.span import TimeSpan


class Purpose(StrEnum):
    """Why a session is coded: for practice against a criterion, for the study, or as the criterion."""

    PRACTICE = "practice"
    STUDY = "study"
    CRITERION = "criterion"


@dataclass(frozen=True, slots=True)
class Assignment:
    """Who codes which session on which scheme, and which stretch of it (the observation window).

    `live`: coded while the session happens, by the clock alone; its recording comes later, if at all.
    `window_rule`: how the observation window was chosen, in words. `position_ms`, `time_spent_ms` `submitted_at`,
    `reopened_at` and `reopen_reason` are those of the coding that answers it.
    """

    id: str
    session_id: str
    session_code: str
    session_title: str
    rater_id: str
    scheme_hash: str
    transcript_id: str | None
    windows: tuple[TimeSpan, ...]
    purpose: Purpose
    due_at: int | None
    created_at: int
    coding_id: str | None = None
    coding_state: CodingState | None = None
    live: bool = False
    window_rule: str = ""
    position_ms: int = 0
    time_spent_ms: int = 0
    submitted_at: int | None = None
    reopened_at: int | None = None
    reopen_reason: str | None = None

    @property
    def window_open(self) -> bool:
        """Whether nobody knows yet how much is observed: the session is coded live, and its clock has not stopped."""
        return self.live and self.coding_state in (None, CodingState.DRAFT) and self.window_ms >= LONGEST_LIVE_MS

    @property
    def window_ms(self) -> int:
        return sum(w.length_ms for w in self.windows)


@dataclass(frozen=True, slots=True)
class Coding:
    """One rater's work on one session. `locked_at`, `locked_by`: when it could no longer be taken back,
    and through whom: the first other person who was shown it, or one of its raters who saw others'.
    `reopened_at`, `reopen_reason`: when a supervisor last gave it back, and why."""

    id: str
    assignment_id: str
    session_id: str
    rater_id: str
    scheme_hash: str
    state: CodingState
    purpose: Purpose
    windows: tuple[TimeSpan, ...]
    transcript_id: str | None
    started_at: int
    submitted_at: int | None
    position_ms: int
    time_spent_ms: int
    live: bool = False
    locked_at: int | None = None
    locked_by: str | None = None
    reopened_at: int | None = None
    reopen_reason: str | None = None
