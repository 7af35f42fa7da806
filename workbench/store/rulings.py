"""Rulings of schemes, version after version, and who has taken note of which."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import Connection, RowMapping, func, insert, select, update

from workbench.model.ruling import TEXTS, Clip, Ruling
from workbench.model.span import TimeSpan
from workbench.store.among import among
from workbench.store.tables import ruling, ruling_seen


def add(connection: Connection, made: Ruling) -> None:
    """Add a version. The caller counts versions; one that is there already breaks the key."""
    connection.execute(
        insert(ruling).values(
            id=made.id,
            version=made.version,
            scheme=made.scheme,
            code=made.code,
            rating=int(made.rating),
            decided_on=made.decided_on.isoformat(),
            question=made.question,
            decision=made.decision,
            example=made.example,
            session_id=made.clip.session_id if made.clip else None,
            start_ms=made.clip.span.start_ms if made.clip else None,
            end_ms=made.clip.span.end_ms if made.clip else None,
            withdrawn=made.withdrawn,
            taken_out=made.taken_out,
            written_by=made.written_by,
            written_at=made.written_at,
        )
    )


def take_out(connection: Connection, made: Ruling, left: Sequence[Ruling]) -> None:
    """Add the version that says that words were taken out, and take them out of the versions before, which are `left`
    as they are to stand. Who took note of the version before knows this one too: it decides nothing new."""
    add(connection, made)
    for one in left:
        texts = {name: getattr(one, name) for name in TEXTS}
        here = (ruling.c.id == one.id) & (ruling.c.version == one.version)
        connection.execute(update(ruling).where(here).values(**texts))
    before = select(ruling_seen.c.person_id).where(
        (ruling_seen.c.ruling_id == made.id) & (ruling_seen.c.version == made.version - 1)
    )
    for person_id in {*connection.execute(before).scalars(), made.written_by}:
        note_seen(connection, person_id, made.id, made.version, made.written_at)


def taken_out(connection: Connection, ruling_ids: Iterable[str]) -> dict[str, list[Ruling]]:
    """The versions that say that words were taken out, by the ruling's id, the first one first."""
    query = select(ruling).where(among(ruling.c.id, ruling_ids) & (ruling.c.taken_out != "")).order_by(ruling.c.version)
    found: dict[str, list[Ruling]] = {}
    for row in connection.execute(query).mappings():
        found.setdefault(row["id"], []).append(_ruling(row))
    return found


def versions(connection: Connection, ruling_id: str) -> list[Ruling]:
    """Every version of one ruling, the first one first; empty when there is none."""
    query = select(ruling).where(ruling.c.id == ruling_id).order_by(ruling.c.version)
    return [_ruling(row) for row in connection.execute(query).mappings()]


def every(connection: Connection, schemes: Iterable[str]) -> list[Ruling]:
    """Every version of every ruling of the schemes of these names, as they were written."""
    query = select(ruling).where(among(ruling.c.scheme, schemes)).order_by(ruling.c.written_at, ruling.c.id)
    return [_ruling(row) for row in connection.execute(query).mappings()]


def newest(connection: Connection, scheme: str) -> list[Ruling]:
    """The newest version of each ruling of a scheme, those that were decided last first; withdrawn ones too."""
    last = select(ruling.c.id, func.max(ruling.c.version).label("version")).where(ruling.c.scheme == scheme)
    last_of = last.group_by(ruling.c.id).subquery()
    query = (
        select(ruling)
        .join(last_of, (ruling.c.id == last_of.c.id) & (ruling.c.version == last_of.c.version))
        .order_by(ruling.c.decided_on.desc(), ruling.c.written_at.desc(), ruling.c.id)
    )
    return [_ruling(row) for row in connection.execute(query).mappings()]


def clip_sessions(connection: Connection, ruling_ids: Iterable[str]) -> dict[str, frozenset[str]]:
    """The sessions that any version of a ruling had its clip of, by the ruling's id; rulings without are left out."""
    query = select(ruling.c.id, ruling.c.session_id).where(among(ruling.c.id, ruling_ids))
    found: dict[str, set[str]] = {}
    for row in connection.execute(query.where(ruling.c.session_id.is_not(None)).distinct()):
        found.setdefault(row[0], set()).add(row[1])
    return {ident: frozenset(ids) for ident, ids in found.items()}


def seen(connection: Connection, person_id: str) -> dict[str, int]:
    """The newest version of each ruling that a person has taken note of, by the ruling's id."""
    query = select(ruling_seen.c.ruling_id, func.max(ruling_seen.c.version)).where(ruling_seen.c.person_id == person_id)
    return {row[0]: row[1] for row in connection.execute(query.group_by(ruling_seen.c.ruling_id))}


def note_seen(connection: Connection, person_id: str, ruling_id: str, version: int, at: int) -> None:
    """A person took note of a version; once is enough."""
    values = {"person_id": person_id, "ruling_id": ruling_id, "version": version}
    if connection.execute(select(ruling_seen.c.at).filter_by(**values)).first() is None:
        connection.execute(insert(ruling_seen).values(**values, at=at))


def _ruling(row: RowMapping) -> Ruling:
    clip = None
    if row["session_id"] is not None:
        clip = Clip(row["session_id"], TimeSpan(row["start_ms"], row["end_ms"]))
    return Ruling(
        id=row["id"],
        version=row["version"],
        scheme=row["scheme"],
        code=row["code"],
        rating=bool(row["rating"]),
        decided_on=date.fromisoformat(row["decided_on"]),
        question=row["question"],
        decision=row["decision"],
        written_by=row["written_by"],
        written_at=row["written_at"],
        clip=clip,
        example=row["example"],
        withdrawn=row["withdrawn"],
        taken_out=row["taken_out"],
    )
