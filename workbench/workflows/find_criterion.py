"""Which criterion coding counts: whoever practises, looks at feedback or reports is held against the same one.

A session may have several on one scheme, because somebody coded it anew. The one that was handed in last counts,
for everybody: feedback on practice, the number of codes to find, the Agreement screens and the report.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from workbench.model.assignment import Assignment, Coding, Purpose
from workbench.store import codings
from workbench.store.workspace import Connection, Workspace
from workbench.workflows.align import on_the_recording


@dataclass(frozen=True, slots=True)
class CriterionFound:
    """The criterion coding of a session, and how many there are: the others do not count."""

    coding: Coding
    of: int

    @property
    def in_words(self) -> str:
        """Which of several it is; empty where there is one."""
        return "" if self.of == 1 else f"The session has {self.of} criterion codings: the one handed in last counts."


def criterion_of(connection: Connection, session_id: str, scheme_hash: str) -> CriterionFound | None:
    """The criterion coding of a session on a scheme; None where there is none. The caller asks who may read it."""
    return criteria_of(connection, [session_id], scheme_hash).get(session_id)


def criteria_of(connection: Connection, session_ids: Iterable[str], scheme_hash: str) -> dict[str, CriterionFound]:
    """The criterion codings of several sessions on a scheme, by session; those without one are left out.

    A live coding that is not aligned with the recording is none: its times are those of its own clock.
    """
    finished = codings.codings(connection, None, session_ids=session_ids, finished_only=True)
    some = [c for c in finished if c.purpose is Purpose.CRITERION and c.scheme_hash == scheme_hash]
    by_session: dict[str, list[Coding]] = {}
    for coding in on_the_recording(connection, some):
        by_session.setdefault(coding.session_id, []).append(coding)
    return {
        session: CriterionFound(max(here, key=lambda c: (c.submitted_at or 0, c.id)), len(here))
        for session, here in by_session.items()
    }


def codes_to_find(workspace: Workspace, assignment: Assignment) -> int | None:
    """How many codes the criterion of a practice holds in the stretches that are to be coded (a number, nothing of
    what they are), less those that are defensible either way; None when it is no practice or there is no criterion
    yet."""
    if assignment.purpose is not Purpose.PRACTICE:
        return None
    with workspace.reading() as connection:
        found = criterion_of(connection, assignment.session_id, assignment.scheme_hash)
        if found is None:
            return None
        sure = [e for e in codings.content(connection, found.coding.id).codes if not e.unsure]
    return sum(any(w.contains(e.start_ms) for w in assignment.windows) or not assignment.windows for e in sure)
