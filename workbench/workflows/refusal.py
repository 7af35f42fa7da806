"""Saying no: the one exception that people see, and the one place where permission is asked."""

from __future__ import annotations

from collections.abc import Sequence

from workbench.model.access import Action, Resource, authorize
from workbench.model.people import Person
from workbench.store import codings, sessions
from workbench.store.workspace import Workspace


class Refused(Exception):
    """Something cannot be done; `str()` is one sentence for the person, `problems` the details.

    `kind` tells a route which status to answer: "forbidden", "missing" or "invalid".
    """

    def __init__(self, sentence: str, problems: Sequence[str] = (), kind: str = "invalid") -> None:
        super().__init__(sentence)
        self.problems = tuple(problems)
        self.kind = kind


def session_resource(workspace: Workspace, session_id: str) -> Resource:
    """The facts of a session, for `authorize`."""
    with workspace.reading() as connection:
        return Resource(session=sessions.facts(connection, session_id))


def coding_resource(workspace: Workspace, coding_id: str) -> Resource:
    """The facts of a coding and of its session, for `authorize`."""
    with workspace.reading() as connection:
        coding = codings.get(connection, coding_id)
        if coding is None:
            return Resource()
        return Resource(sessions.facts(connection, coding.session_id), codings.facts_about(connection, coding))


def demand(workspace: Workspace, actor: Person, action: Action, resource: Resource | None = None) -> None:
    """Go on only when `actor` may do this; else write the denial to the audit chain and raise Refused."""
    asked = resource if resource is not None else Resource()
    verdict = authorize(actor, action, asked)
    if not verdict:
        raise denied(workspace, actor, action, asked, verdict.reason)


def denied(workspace: Workspace, actor: Person, action: Action, asked: Resource, reason: str) -> Refused:
    """The refusal to raise, after the denial was written to the audit chain."""
    kind, ident = "workspace", None
    if asked.coding is not None:
        kind, ident = "coding", asked.coding.coding_id
    elif asked.session is not None:
        kind, ident = "session", asked.session.session_id
    workspace.note(actor.id, f"denied:{action}", kind, ident, {"reason": reason})
    return Refused(reason, kind="forbidden")
