"""Consent: who allowed what, from when until when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Scope(StrEnum):
    """What a participant can consent to, each on its own."""

    RECORD = "record"
    PROCESS = "process"
    CODE = "code"
    SUPERVISE = "supervise"
    EXCERPTS = "excerpts"
    RESEARCH = "research"


@dataclass(frozen=True, slots=True)
class Consent:
    """One participant's recorded consent. `session_id` None covers every session of theirs."""

    id: str
    participant_id: str
    scopes: frozenset[Scope]
    statement: str
    given_at: int
    until: int | None = None
    session_id: str | None = None
    withdrawn_at: int | None = None

    def covers(self, scope: Scope, session_id: str, at: int) -> bool:
        return (
            scope in self.scopes
            and self.given_at <= at
            and (self.until is None or at < self.until)
            and (self.withdrawn_at is None or at < self.withdrawn_at)
            and self.session_id in (None, session_id)
        )


def missing_consent(
    participant_ids: Iterable[str],
    consents: Iterable[Consent],
    scope: Scope,
    session_id: str,
    at: int,
) -> tuple[str, ...]:
    """Participants of the session who have not consented to `scope` at instant `at`.

    Empty means that everybody has. A session without participants has nobody's consent, and
    callers must refuse it: this function cannot name who is missing.
    """
    known = list(consents)
    return tuple(
        p for p in participant_ids if not any(c.participant_id == p and c.covers(scope, session_id, at) for c in known)
    )
