"""More ids than SQLite takes as values of one statement."""

from __future__ import annotations

from tests.clinic import Clinic
from workbench.model.ids import new_id
from workbench.store import assignments, codings, forms, recordings, sessions

MANY = 40_000


def test_forty_thousand_ids_are_asked_for_at_once(clinic: Clinic) -> None:
    ids = [clinic.session.id, *(new_id() for _ in range(MANY))]
    with clinic.workspace.reading() as connection:
        assert list(sessions.facts_of(connection, ids)) == [clinic.session.id]
        assert [s.id for s in sessions.sessions(connection, ids=ids)] == [clinic.session.id]
        assert [r.id for r in recordings.of_sessions(connection, ids)] == [clinic.recording.id]
        assert codings.codings(connection, clinic.supervisor, session_ids=ids) == []
        assert assignments.every(connection, session_ids=ids) == []
        assert forms.administrations(connection, session_ids=ids) == []
        assert len(codings.contents(connection, ids)) == len(ids)
