"""Patient and provider forms: an administration and its responses, as stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from workbench.model.instrument import Perspective


@dataclass(frozen=True, slots=True)
class Administration:
    """One instrument given to one participant about one session, opened by a one-time link."""

    id: str
    session_id: str
    participant_id: str
    perspective: Perspective
    instrument_hash: str
    created_at: int
    expires_at: int | None
    completed_at: int | None
    responses: Mapping[str, int] = field(default_factory=dict)
