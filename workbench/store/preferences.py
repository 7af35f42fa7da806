"""How people want a part of the program: one JSON object for each person and part."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from workbench.store.tables import preference


def get(connection: Connection, person_id: str, name: str) -> dict[str, Any] | None:
    """What a person prefers, as it was kept; None when they never said."""
    row = connection.execute(
        select(preference.c.body).where(preference.c.person_id == person_id, preference.c.name == name)
    ).first()
    return dict(json.loads(row.body)) if row else None


def keep(connection: Connection, person_id: str, name: str, body: Mapping[str, Any]) -> None:
    """Replace what a person prefers."""
    connection.execute(delete(preference).where(preference.c.person_id == person_id, preference.c.name == name))
    text = json.dumps(dict(body), ensure_ascii=False, sort_keys=True)
    connection.execute(insert(preference).values(person_id=person_id, name=name, body=text))


def named(connection: Connection, person_id: str, beginning: str) -> dict[str, dict[str, Any]]:
    """What a person keeps under names that begin so, by name."""
    rows = connection.execute(
        select(preference.c.name, preference.c.body).where(
            preference.c.person_id == person_id, preference.c.name.startswith(beginning, autoescape=True)
        )
    )
    return {row.name: dict(json.loads(row.body)) for row in rows}


def forget(connection: Connection, person_id: str, name: str) -> bool:
    """Take away what a person keeps under a name; False when there is nothing."""
    found = connection.execute(delete(preference).where(preference.c.person_id == person_id, preference.c.name == name))
    return bool(found.rowcount)
