"""What a person has heard of the session that they are to code.

It lies with what they prefer: one row for each person and coding, theirs alone, and no part of the coding.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection

from workbench.model.span import TimeSpan, merged
from workbench.store import preferences


def get(connection: Connection, person_id: str, coding_id: str) -> tuple[TimeSpan, ...]:
    """The stretches that a person heard, sorted and apart from each other."""
    kept = preferences.get(connection, person_id, _name(coding_id)) or {}
    return tuple(TimeSpan(start, end) for start, end in kept.get("spans", ()))


def add(connection: Connection, person_id: str, coding_id: str, spans: Iterable[TimeSpan]) -> None:
    """These stretches were heard too: on whichever computer."""
    before = get(connection, person_id, coding_id)
    now = merged([*before, *spans])
    if now != before:
        body = {"spans": [[s.start_ms, s.end_ms] for s in now]}
        preferences.keep(connection, person_id, _name(coding_id), body)


def _name(coding_id: str) -> str:
    return f"heard {coding_id}"
