"""Assigning sessions to raters: who codes what, on which scheme, in which observation window."""

from __future__ import annotations

from collections.abc import Iterable

from workbench.model.access import Action
from workbench.model.assignment import Assignment, Purpose
from workbench.model.people import Person, Role
from workbench.model.span import TimeSpan, clock, merged
from workbench.store import assignments, people, recordings
from workbench.store.workspace import Connection, Workspace
from workbench.workflows.refusal import Refused, demand


def assign(
    workspace: Workspace,
    actor: Person | None,
    session_id: str,
    rater_id: str,
    scheme_hash: str,
    windows: Iterable[TimeSpan] = (),
    *,
    purpose: Purpose = Purpose.STUDY,
    due_at: int | None = None,
) -> Assignment:
    """Assign a session to a rater. Without windows the whole recording is the observation window.

    The recording that is coded is the session's first one. Its newest transcript is frozen for the
    round: who gets the same session on the same scheme and purpose later codes the same version.
    Raises Refused.
    """
    if actor is not None:
        demand(workspace, actor, Action.ASSIGN)
    with workspace.reading() as connection:
        rater = people.get(connection, rater_id)
        media = recordings.of_session(connection, session_id)
    if not rater.has(Role.OBSERVER, Role.SUPERVISOR, Role.RESEARCHER):
        raise Refused(f"{rater.display_name} has no role in which sessions are coded.")
    if not media:
        raise Refused("This session has no recording yet. Add one first.")
    asked = tuple(windows)
    window = merged(asked) if asked else (TimeSpan(0, media[0].duration_ms),)
    if not window:
        raise Refused("The observation window is empty: it ends where it begins.")
    if window[-1].end_ms > media[0].duration_ms:
        raise Refused(
            f"The observation window ends at {clock(window[-1].end_ms)}, after the recording's end at "
            f"{clock(media[0].duration_ms)}."
        )
    detail = {"rater": rater_id, "scheme": scheme_hash, "purpose": purpose.value}
    actor_id = actor.id if actor else None
    try:
        with workspace.changing(actor_id, "assignment.add", "session", session_id, detail) as connection:
            assignment_id = assignments.add(
                connection,
                session_id,
                rater_id,
                scheme_hash,
                window,
                purpose=purpose,
                transcript_id=transcript_to_code(connection, session_id, scheme_hash, purpose),
                due_at=due_at,
                created_by=actor_id,
            )
    except assignments.AlreadyAssigned as error:
        raise Refused(str(error)) from None
    with workspace.reading() as connection:
        return assignments.every(connection, assignment_id=assignment_id)[0]


def transcript_to_code(connection: Connection, session_id: str, scheme_hash: str, purpose: Purpose) -> str | None:
    """The transcript version of a round of assignments, the recording's newest where none is settled yet."""
    settled, version_id = assignments.transcript_of_round(connection, session_id, scheme_hash, purpose)
    media = recordings.of_session(connection, session_id)
    if settled or not media:
        return version_id
    newest = recordings.newest_transcript(connection, media[0].id)
    return newest.id if newest else None


def assignments_of(workspace: Workspace, rater: Person) -> list[Assignment]:
    """A rater's assignments with the state of their codings, oldest first."""
    with workspace.reading() as connection:
        return assignments.every(connection, rater_id=rater.id)
