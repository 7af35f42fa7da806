"""Consent as the program itself asks for it, where no signed-in person stands behind a step.

`authorize` asks the same question for a person; here the answer names whose consent is missing.
"""

from __future__ import annotations

from workbench.model.consent import Scope, missing_consent
from workbench.model.ids import now_ms
from workbench.store import sessions
from workbench.store.workspace import Connection

_TO = {
    Scope.RECORD: "recording",
    Scope.PROCESS: "automatic processing",
    Scope.CODE: "coding",
    Scope.SUPERVISE: "supervision and training",
    Scope.EXCERPTS: "showing excerpts",
    Scope.RESEARCH: "sharing for research",
}


def lacking_consent(connection: Connection, session_id: str, scope: Scope) -> str:
    """One sentence that says whose consent to `scope` is missing now; empty when everybody's is there."""
    try:
        session = sessions.get_session(connection, session_id)
    except KeyError:
        return "There is no such session."
    if not session.participants:
        return f"This session names no participants, so nobody has consented to {_TO[scope]}."
    known = sessions.consents(connection, session_id)
    missing = missing_consent([p.participant_id for p in session.participants], known, scope, session_id, now_ms())
    codes = ", ".join(p.code for p in session.participants if p.participant_id in missing)
    return f"Consent to {_TO[scope]} is missing or was withdrawn: {codes}. Record it first." if missing else ""
