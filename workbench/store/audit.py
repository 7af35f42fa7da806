"""The audit chain: who did what, in the transaction that did it.

Each row holds the hash of the one before it, so that a changed or missing row shows. A chain cannot
see that its tail was cut off: export the head (`head`) and keep it elsewhere.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, RowMapping, desc, insert, select

from workbench.model.ids import now_ms
from workbench.store.among import among
from workbench.store.tables import audit

START = "0" * 64
PAGE = 2000


@dataclass(frozen=True, slots=True)
class AuditEntry:
    seq: int
    at: int
    actor_id: str | None
    action: str
    resource_kind: str
    resource_id: str | None
    detail: Mapping[str, Any]
    previous: str
    hash: str


@dataclass(frozen=True, slots=True)
class Head:
    """Where the chain ends: row number and hash."""

    seq: int
    hash: str


def _digest(values: Mapping[str, Any] | RowMapping) -> str:
    body = {str(k): v for k, v in values.items() if k != "hash"}
    return hashlib.sha256(json.dumps(body, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def head(connection: Connection) -> Head:
    """The end of the chain; row 0 and 64 zeros when nothing was written yet."""
    row = connection.execute(select(audit.c.seq, audit.c.hash).order_by(desc(audit.c.seq)).limit(1)).first()
    return Head(row.seq, row.hash) if row else Head(0, START)


def append(
    connection: Connection,
    actor_id: str | None,
    action: str,
    resource_kind: str,
    resource_id: str | None,
    detail: Mapping[str, Any],
    at: int | None = None,
) -> None:
    """Add one row to the chain. The caller's transaction must be the only writer."""
    end = head(connection)
    values: dict[str, Any] = {
        "seq": end.seq + 1,
        "at": now_ms() if at is None else at,
        "actor_id": actor_id,
        "action": action,
        "resource_kind": resource_kind,
        "resource_id": resource_id,
        "detail": json.dumps(detail, ensure_ascii=False, sort_keys=True),
        "previous": end.hash,
    }
    connection.execute(insert(audit).values(**values, hash=_digest(values)))


def entries(
    connection: Connection, *, before: int | None = None, limit: int = 200, action: str | None = None
) -> list[AuditEntry]:
    """The newest rows first, at most `limit`, from below row `before`."""
    query = select(audit).order_by(desc(audit.c.seq)).limit(limit)
    if before is not None:
        query = query.where(audit.c.seq < before)
    if action is not None:
        query = query.where(audit.c.action == action)
    return [AuditEntry(**{**row, "detail": json.loads(row["detail"])}) for row in connection.execute(query).mappings()]


def actors(connection: Connection, action: str, resource_ids: Iterable[str]) -> dict[str, str]:
    """Who did that to each of these resources, the last time; those that nobody signed in did it to are left out."""
    query = select(audit.c.resource_id, audit.c.actor_id).where(
        audit.c.action == action, among(audit.c.resource_id, resource_ids), audit.c.actor_id.is_not(None)
    )
    return {row.resource_id: row.actor_id for row in connection.execute(query.order_by(audit.c.seq))}


def verify(reading: Callable[[], AbstractContextManager[Connection]], page: int = PAGE) -> tuple[list[str], Head]:
    """What is wrong with the chain, one sentence each (none when it is whole), and where it ends.

    `reading` opens a read transaction for each `page` rows: one over the whole chain would keep
    everybody from saving for as long as it lasts.
    """
    problems: list[str] = []
    here = Head(0, START)
    while True:
        with reading() as connection:
            found, there = _verify_page(connection, here, page)
        problems += found
        if there == here:
            return problems, here
        here = there


def _verify_page(connection: Connection, behind: Head, page: int) -> tuple[list[str], Head]:
    problems: list[str] = []
    previous, expected = behind.hash, behind.seq + 1
    query = select(audit).where(audit.c.seq > behind.seq).order_by(audit.c.seq).limit(page)
    for row in connection.execute(query).mappings():
        if row["seq"] != expected:
            problems.append(f"Audit row {expected} is missing.")
            expected = row["seq"]
        if row["previous"] != previous:
            problems.append(f"Audit row {row['seq']} does not follow from the row before it.")
        if _digest(row) != row["hash"]:
            problems.append(f"Audit row {row['seq']} was altered.")
        previous, expected = row["hash"], expected + 1
    return problems, Head(expected - 1, previous)
