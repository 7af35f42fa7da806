"""Assigning sessions to raters: who codes what, on which scheme, in which observation window."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from workbench.model.access import Action
from workbench.model.alignment import LONGEST_LIVE_MS
from workbench.model.assignment import Assignment, Purpose
from workbench.model.observation_window import WindowChosen, stretches, whole
from workbench.model.people import Person, Role
from workbench.model.session import Recording
from workbench.model.span import TimeSpan
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
    """Assign a session to one rater; see `assign_raters`. Without windows all of it is observed."""
    return assign_raters(
        workspace, actor, session_id, [rater_id], scheme_hash, windows, purpose=purpose, due_at=due_at
    )[0]


def assign_raters(
    workspace: Workspace,
    actor: Person | None,
    session_id: str,
    rater_ids: Sequence[str],
    scheme_hash: str,
    window: WindowChosen | Iterable[TimeSpan] = (),
    *,
    purpose: Purpose = Purpose.STUDY,
    due_at: int | None = None,
    live: bool = False,
) -> list[Assignment]:
    """Assign a session to raters, all of them or none: the same window and transcript for everybody.

    The recording that is coded is the session's main one. Its newest transcript is frozen for the round: who
    gets the same session on the same scheme and purpose later codes the same version. `live`: coded while it
    happens, by the clock alone; the window is then what the clock runs for. Without a window all of the
    recording is observed. Raises Refused.
    """
    if actor is not None:
        demand(workspace, actor, Action.ASSIGN)
    wanted = list(dict.fromkeys(rater_ids))
    if not wanted:
        raise Refused("Choose at least one rater.")
    with workspace.reading() as connection:
        raters = [people.get(connection, i) for i in wanted]
    _may_code(raters)
    detail: dict[str, object] = {"raters": wanted, "scheme": scheme_hash, "purpose": purpose.value, "live": live}
    actor_id = actor.id if actor else None
    with workspace.changing(actor_id, "assignment.add", "session", session_id, detail) as connection:
        # read here: until the windows are kept, another recording could become the main one
        media = recordings.of_session(connection, session_id)
        chosen = _live_window(media) if live else _window(media, window)
        detail |= {"window": chosen.rule, "seed": chosen.seed}
        taken = {
            a.rater_id
            for a in assignments.every(connection, session_id=session_id)
            if a.scheme_hash == scheme_hash and a.purpose is purpose
        }
        if doubled := [r.display_name for r in raters if r.id in taken]:
            raise Refused(_doubled(doubled, alone=len(raters) == 1))
        version_id = None if live else transcript_to_code(connection, session_id, scheme_hash, purpose)
        made = [
            assignments.add(
                connection,
                session_id,
                rater.id,
                scheme_hash,
                chosen.windows,
                purpose=purpose,
                transcript_id=version_id,
                due_at=due_at,
                created_by=actor_id,
                live=live,
                window_rule=chosen.rule,
            )
            for rater in raters
        ]
    with workspace.reading() as connection:
        given = {a.id: a for a in assignments.every(connection, session_id=session_id)}
    return [given[i] for i in made]


def transcript_to_code(connection: Connection, session_id: str, scheme_hash: str, purpose: Purpose) -> str | None:
    """The transcript version of a round of assignments, the recording's newest where none is settled yet."""
    settled, version_id = assignments.transcript_of_round(connection, session_id, scheme_hash, purpose)
    media = recordings.of_session(connection, session_id)
    if settled or not media:
        return version_id
    newest = recordings.newest_transcript(connection, media[0].id)
    return newest.id if newest else None


def assignments_of(workspace: Workspace, rater: Person) -> list[Assignment]:
    """A rater's assignments and those of their teams, with the state of their codings, oldest first."""
    with workspace.reading() as connection:
        return assignments.every(connection, rater_ids=rater.raters)


def _may_code(raters: Sequence[Person]) -> None:
    for rater in raters:
        if not rater.has(Role.OBSERVER, Role.SUPERVISOR, Role.RESEARCHER):
            raise Refused(f"{rater.display_name} has no role in which sessions are coded.")


def _window(media: Sequence[Recording], window: WindowChosen | Iterable[TimeSpan]) -> WindowChosen:
    if not media:
        raise Refused("This session has no recording yet. Add one first, or assign it to be coded live.")
    duration_ms = media[0].duration_ms
    try:
        if isinstance(window, WindowChosen):
            stretches(window.windows, duration_ms)
            return window
        asked = tuple(window)
        return stretches(asked, duration_ms) if asked else whole(duration_ms)
    except ValueError as error:
        raise Refused(str(error)) from None


def _live_window(media: Sequence[Recording]) -> WindowChosen:
    if media:
        raise Refused("This session is recorded already: assign it as it is, to be coded on its recording.")
    return WindowChosen((TimeSpan(0, LONGEST_LIVE_MS),), "live, by the clock")


def _doubled(names: Sequence[str], *, alone: bool) -> str:
    if alone:
        return "This session is assigned to this rater on this scheme already."
    have = "has" if len(names) == 1 else "have"
    return f"Nothing was assigned: {', '.join(names)} {have} this session on this scheme and purpose already."
