"""Coding schemes and instruments as used: canonical JSON under its hash, never altered."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, insert, select

from workbench.model.ids import now_ms
from workbench.store.tables import definition


@dataclass(frozen=True, slots=True)
class Definition:
    hash: str
    kind: str
    name: str
    version: str
    body: str
    added_at: int


def keep(connection: Connection, kind: str, hash: str, name: str, version: str, body: str) -> bool:
    """Keep a definition; False when it is kept already. `kind` is "scheme" or "instrument"."""
    if get(connection, hash) is not None:
        return False
    connection.execute(
        insert(definition).values(hash=hash, kind=kind, name=name, version=version, body=body, added_at=now_ms())
    )
    return True


def get(connection: Connection, hash: str) -> Definition | None:
    row = connection.execute(select(definition).where(definition.c.hash == hash)).mappings().first()
    return Definition(**row) if row else None


def every(connection: Connection, kind: str) -> list[Definition]:
    """Definitions of a kind, by name, oldest first."""
    query = select(definition).where(definition.c.kind == kind).order_by(definition.c.name, definition.c.added_at)
    return [Definition(**row) for row in connection.execute(query).mappings()]
