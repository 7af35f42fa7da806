"""Long work as people see it: what is being done, how far it is, how it ended."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class JobState(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def ended(self) -> bool:
        return self in (JobState.DONE, JobState.FAILED, JobState.CANCELLED)


@dataclass(frozen=True, slots=True)
class Job:
    """`progress` runs from 0 to 1; `message` says what is being done or why it ended."""

    id: str
    kind: str
    recording_id: str
    session_id: str
    state: JobState
    progress: float
    message: str
    settings: str
    requested_by: str
    created_at: int
    started_at: int | None
    finished_at: int | None
    heartbeat_at: int | None
