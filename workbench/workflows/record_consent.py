"""Recording consent, and its withdrawal."""

from __future__ import annotations

from collections.abc import Iterable

from workbench.model.access import Action
from workbench.model.consent import Consent, Scope
from workbench.model.ids import now_ms
from workbench.model.people import Person
from workbench.store import sessions
from workbench.store.workspace import Workspace
from workbench.workflows.refusal import Refused, demand

STATEMENT = (
    "Recorded and processed on this computer, coded by trained observers, shown in supervision and training. "
    "Not used for employment decisions."
)


def record_consent(
    workspace: Workspace,
    actor: Person | None,
    session_id: str,
    participant_id: str,
    scopes: Iterable[Scope],
    statement: str,
    *,
    every_session: bool = False,
    given_at: int | None = None,
    until: int | None = None,
) -> Consent:
    """Write down what a participant consented to, in the words of the statement they agreed to.

    `every_session` extends it to all sessions of theirs. Raises Refused without a statement or scope.
    """
    if actor is not None:
        demand(workspace, actor, Action.RECORD_CONSENT)
    wanted = frozenset(scopes)
    if not wanted:
        raise Refused("Say what is consented to: at least one of recording, processing, coding, supervision, …")
    if not statement.strip():
        raise Refused("Write down the statement of consent: without it, nobody can show later what was agreed to.")
    if until is not None and until <= (now_ms() if given_at is None else given_at):
        raise Refused("This consent would end before it begins.")
    with workspace.reading() as connection:
        try:
            members = {p.participant_id for p in sessions.get_session(connection, session_id).participants}
        except KeyError:
            raise Refused("There is no such session.", kind="missing") from None
    if participant_id not in members:
        raise Refused("This participant takes no part in this session.")
    detail = {"participant": participant_id, "scopes": sorted(wanted), "every_session": every_session}
    actor_id = actor.id if actor else None
    with workspace.changing(actor_id, "consent.record", "session", session_id, detail) as connection:
        return sessions.add_consent(
            connection,
            participant_id,
            wanted,
            statement.strip(),
            session_id=None if every_session else session_id,
            given_at=given_at,
            until=until,
            recorded_by=actor_id,
        )


def withdraw_consent(workspace: Workspace, actor: Person | None, session_id: str, consent_id: str) -> None:
    """Withdraw a consent from now on. Open jobs of the session stop before their next step; from
    this moment nobody opens the recording on the strength of this consent."""
    if actor is not None:
        demand(workspace, actor, Action.WITHDRAW_CONSENT)
    with workspace.reading() as connection:
        known = {c.id: c for c in sessions.consents(connection, session_id)}
    if consent_id not in known:
        raise Refused("There is no such consent for this session.", kind="missing")
    if known[consent_id].withdrawn_at is not None:
        raise Refused("This consent is withdrawn already.")
    actor_id = actor.id if actor else None
    detail = {"consent": consent_id}
    with workspace.changing(actor_id, "consent.withdraw", "session", session_id, detail) as connection:
        sessions.withdraw_consent(connection, consent_id, now_ms())


def consents(workspace: Workspace, session_id: str) -> list[Consent]:
    """Every consent that concerns a session, withdrawn ones included."""
    with workspace.reading() as connection:
        return sessions.consents(connection, session_id)
