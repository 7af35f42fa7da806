"""Who was shown a finished coding that is not theirs."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from sqlalchemy import Connection, delete, insert, select

from workbench.store.among import among
from workbench.store.tables import coding_seen


class Way(StrEnum):
    """The coding itself was opened, or it went into numbers or tables that were shown."""

    OPENED = "opened"
    COUNTED = "counted"


def seen_by(connection: Connection, person_id: str, way: Way) -> dict[str, int]:
    """When a person was last shown codings in this way for the first time since they were submitted."""
    rows = connection.execute(
        select(coding_seen.c.coding_id, coding_seen.c.at).where(
            coding_seen.c.person_id == person_id, coding_seen.c.way == way.value
        )
    )
    return {r.coding_id: r.at for r in rows}


def has_seen(connection: Connection, person_id: str, coding_ids: Iterable[str]) -> bool:
    """Whether a person was ever shown one of these codings."""
    query = select(coding_seen.c.at).where(
        coding_seen.c.person_id == person_id, among(coding_seen.c.coding_id, coding_ids)
    )
    return connection.execute(query.limit(1)).first() is not None


def note(connection: Connection, person_id: str, coding_ids: Iterable[str], way: Way, at: int) -> None:
    for coding_id in coding_ids:
        connection.execute(
            delete(coding_seen).where(
                coding_seen.c.coding_id == coding_id,
                coding_seen.c.person_id == person_id,
                coding_seen.c.way == way.value,
            )
        )
        connection.execute(insert(coding_seen).values(coding_id=coding_id, person_id=person_id, way=way.value, at=at))
