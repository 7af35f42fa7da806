"""Who codes what and how far everybody is, for those who assign; and the questions that raters flagged."""

from __future__ import annotations

from dataclasses import dataclass

from workbench.model.access import Action
from workbench.model.assignment import Assignment
from workbench.model.coding import CodingState
from workbench.model.ids import now_ms
from workbench.model.people import Person
from workbench.store import assignments, codings, people, sessions
from workbench.store.workspace import Workspace
from workbench.workflows.note_opening import note_opening
from workbench.workflows.refusal import demand

_OPEN = (None, CodingState.DRAFT)


@dataclass(frozen=True, slots=True)
class AssignmentSeen:
    """An assignment as somebody sees it who oversees: nothing of what was coded, only how far it is."""

    assignment: Assignment
    rater: str
    study: str
    overdue: bool


@dataclass(frozen=True, slots=True)
class Question:
    """What a rater asked about an event that they flagged as unsure. The event's code is not said."""

    coding_id: str
    session_id: str
    session_title: str
    rater: str
    at_ms: int
    text: str


def every_assignment(workspace: Workspace, actor: Person | None, at: int | None = None) -> list[AssignmentSeen]:
    """All assignments, the newest first. `actor` None: from the command line. Raises Refused."""
    if actor is not None:
        demand(workspace, actor, Action.ASSIGN)
    now = now_ms() if at is None else at
    with workspace.reading() as connection:
        given = assignments.every(connection)
        names = {p.id: p.display_name for p in people.everyone(connection)}
        studies = {s.id: s.study_name for s in sessions.sessions(connection)}
    return [
        AssignmentSeen(
            assignment=a,
            rater=names.get(a.rater_id, "a former colleague"),
            study=studies.get(a.session_id, ""),
            overdue=a.due_at is not None and a.due_at < now and a.coding_state in _OPEN,
        )
        for a in reversed(given)
    ]


def questions(workspace: Workspace, actor: Person) -> list[Question]:
    """Questions in codings that were handed in and that `actor` may read, the newest coding first. Raises Refused.

    Blinding holds: who has still to code a session sees no question about it.
    """
    demand(workspace, actor, Action.ASSIGN)
    with workspace.reading() as connection:
        readable = [c for c in codings.codings(connection, actor, finished_only=True) if c.rater_id not in actor.raters]
        asked = codings.questions(connection, [c.id for c in readable])
        names = {p.id: p.display_name for p in people.everyone(connection)}
        about = {s.id: s for s in sessions.sessions(connection, ids={c.session_id for c in readable})}
    found = [
        Question(
            coding_id=c.id,
            session_id=c.session_id,
            session_title=about[c.session_id].title or about[c.session_id].code,
            rater=names.get(c.rater_id, "a former colleague"),
            at_ms=at_ms,
            text=text,
        )
        for c in sorted(readable, key=lambda c: c.submitted_at or 0, reverse=True)
        for at_ms, text in asked.get(c.id, ())
    ]
    for coding_id in {q.coding_id for q in found}:
        note_opening(workspace, actor, "coding.questions", "coding", coding_id)
    return found
