"""Form administrations and their responses. One-time tokens arrive hashed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, insert, select, update

from workbench.model.form import Administration
from workbench.model.ids import new_id, now_ms
from workbench.model.instrument import Perspective
from workbench.store.among import among
from workbench.store.tables import administration, response


def issue(
    connection: Connection,
    session_id: str,
    participant_id: str,
    perspective: Perspective,
    instrument_hash: str,
    *,
    token_hash: str | None,
    expires_at: int | None,
    created_by: str | None = None,
) -> str:
    """A new administration; returns its id."""
    administration_id = new_id()
    connection.execute(
        insert(administration).values(
            id=administration_id,
            session_id=session_id,
            participant_id=participant_id,
            perspective=perspective.value,
            instrument_hash=instrument_hash,
            token_hash=token_hash,
            created_at=now_ms(),
            expires_at=expires_at,
            created_by=created_by,
        )
    )
    return administration_id


def renew(connection: Connection, administration_id: str, token_hash: str, expires_at: int) -> None:
    """Give an administration that is still open a new link; the old one ends."""
    connection.execute(
        update(administration)
        .where(administration.c.id == administration_id, administration.c.completed_at.is_(None))
        .values(token_hash=token_hash, expires_at=expires_at)
    )


def answer(connection: Connection, administration_id: str, responses: Mapping[str, int], at: int) -> bool:
    """Store the responses and close the form; False when it was answered before."""
    closed = connection.execute(
        update(administration)
        .where(administration.c.id == administration_id, administration.c.completed_at.is_(None))
        .values(completed_at=at, token_hash=None)
    )
    if closed.rowcount == 0:
        return False
    for item, value in sorted(responses.items()):
        connection.execute(insert(response).values(administration_id=administration_id, item=item, value=value))
    return True


def by_token(connection: Connection, token_hash: str) -> Administration | None:
    """The open administration of a one-time token, expired or not; the caller compares the clock."""
    found = connection.execute(select(administration.c.id).where(administration.c.token_hash == token_hash)).scalar()
    return administrations(connection, ids=[found])[0] if found else None


def administrations(
    connection: Connection,
    *,
    ids: Iterable[str] | None = None,
    session_ids: Iterable[str] | None = None,
    participant_ids: Iterable[str] | None = None,
) -> list[Administration]:
    """Administrations with their responses, oldest first."""
    query = select(administration).order_by(administration.c.created_at, administration.c.id)
    if ids is not None:
        query = query.where(among(administration.c.id, ids))
    if session_ids is not None:
        query = query.where(among(administration.c.session_id, session_ids))
    if participant_ids is not None:
        query = query.where(among(administration.c.participant_id, participant_ids))
    rows = list(connection.execute(query))
    answers: dict[str, dict[str, int]] = {r.id: {} for r in rows}
    for a in connection.execute(select(response).where(among(response.c.administration_id, answers))):
        answers[a.administration_id][a.item] = a.value
    return [
        Administration(
            id=r.id,
            session_id=r.session_id,
            participant_id=r.participant_id,
            perspective=Perspective(r.perspective),
            instrument_hash=r.instrument_hash,
            created_at=r.created_at,
            expires_at=r.expires_at,
            completed_at=r.completed_at,
            responses=answers[r.id],
        )
        for r in rows
    ]
