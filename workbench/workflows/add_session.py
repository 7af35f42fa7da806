"""Studies, participants and therapy sessions: what must be there before a recording can come."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterable
from contextlib import contextmanager

from workbench.model.access import Action, Resource, authorize
from workbench.model.ids import refuse_formula
from workbench.model.people import Participant, ParticipantKind, Person
from workbench.model.session import Recording, Session, Study
from workbench.store import recordings, sessions
from workbench.store.workspace import Workspace
from workbench.workflows.refusal import Refused, demand

_CODE = re.compile(r"[^\s=+@\-][^\s]{0,39}")


def add_study(
    workspace: Workspace, actor: Person | None, name: str, description: str = "", *, fictional: bool = False
) -> Study:
    """A new study. Raises Refused when the name is taken."""
    _may(workspace, actor)
    if not name.strip():
        raise Refused("A study needs a name.")
    with _taken(), workspace.changing(_id(actor), "study.add", "study", None, {"name": name}) as connection:
        return sessions.add_study(connection, refused_formula(name.strip()), description, fictional=fictional)


def add_participant(
    workspace: Workspace, actor: Person | None, code: str, kind: ParticipantKind, person_id: str | None = None
) -> Participant:
    """A new participant, by a pseudonymous code. Raises Refused when it is taken or malformed."""
    _may(workspace, actor)
    check_code(code, "participant")
    detail = {"code": code, "kind": kind.value}
    with _taken(), workspace.changing(_id(actor), "participant.add", "participant", None, detail) as connection:
        return sessions.add_participant(connection, code, kind, person_id)


def add_session(
    workspace: Workspace,
    actor: Person | None,
    study_id: str,
    code: str,
    participant_ids: Iterable[str],
    *,
    title: str = "",
    held_at: int | None = None,
    setting: str = "",
    fictional: bool = False,
) -> Session:
    """A new session of these participants. Raises Refused when the code is taken or malformed."""
    _may(workspace, actor)
    check_code(code, "session")
    members = list(participant_ids)
    if not members:
        raise Refused("A session needs its participants, so that their consent can be checked.")
    with _taken(), workspace.changing(_id(actor), "session.add", "session", None, {"code": code}) as connection:
        return sessions.add_session(
            connection,
            study_id,
            code,
            members,
            title=refused_formula(title),
            held_at=held_at,
            setting=setting,
            fictional=fictional,
        )


def check_code(code: str, of_what: str) -> None:
    """Refuse a pseudonymous code that a spreadsheet would run or that holds spaces."""
    if not _CODE.fullmatch(code):
        raise Refused(
            f"{code!r} cannot be the code of a {of_what}: 1 to 40 characters without spaces, "
            "not starting with =, +, - or @ (a spreadsheet would take that for a formula)."
        )


def refused_formula(text: str) -> str:
    """`text`, or Refused when a spreadsheet would take it for a formula."""
    try:
        return refuse_formula(text) if text else text
    except ValueError as error:
        raise Refused(str(error)) from None


def studies(workspace: Workspace) -> list[Study]:
    with workspace.reading() as connection:
        return sessions.studies(connection)


def find_study(workspace: Workspace, name: str) -> Study:
    """The study of that name. Raises Refused that lists what exists."""
    known = studies(workspace)
    for study in known:
        if study.name == name:
            return study
    there = ", ".join(s.name for s in known) or "none yet"
    raise Refused(f"There is no study called {name}; there are: {there}.", kind="missing")


def find_session(workspace: Workspace, code: str) -> Session:
    """The session of that code. Raises Refused when there is none."""
    with workspace.reading() as connection:
        found = sessions.sessions(connection, code=code)
    if not found:
        raise Refused(f"There is no session with the code {code}.", kind="missing")
    return found[0]


def get_session(workspace: Workspace, session_id: str) -> Session:
    """The session of that id. Raises Refused when there is none."""
    try:
        with workspace.reading() as connection:
            return sessions.get_session(connection, session_id)
    except KeyError:
        raise Refused("There is no such session.", kind="missing") from None


def sessions_for(workspace: Workspace, actor: Person | None, *, study_id: str | None = None) -> list[Session]:
    """Sessions that `actor` may see, by date. `actor` None: from the command line of the computer itself."""
    with workspace.reading() as connection:
        every = sessions.sessions(connection, study_id=study_id)
        if actor is None:
            return every
        facts = sessions.facts_of(connection, [s.id for s in every])
    return [s for s in every if authorize(actor, Action.SEE_SESSION, Resource(session=facts[s.id]))]


def recordings_of(workspace: Workspace, session_id: str) -> list[Recording]:
    """What was recorded of a session, the first recording first: facts about them, not their content."""
    with workspace.reading() as connection:
        return recordings.of_session(connection, session_id)


def participants(workspace: Workspace, kind: ParticipantKind | None = None) -> list[Participant]:
    with workspace.reading() as connection:
        return sessions.participants(connection, kind)


def _may(workspace: Workspace, actor: Person | None) -> None:
    if actor is not None:
        demand(workspace, actor, Action.ADD_SESSION)


def _id(actor: Person | None) -> str | None:
    return actor.id if actor else None


@contextmanager
def _taken() -> Generator[None]:
    try:
        yield
    except sessions.CodeTaken as error:
        raise Refused(str(error)) from None
