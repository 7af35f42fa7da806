"""The schema: migrations give what the tables declare, append-only means append-only."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from workbench.model.ids import new_id
from workbench.store import audit, schema
from workbench.store.engine import journal_mode, open_engine
from workbench.store.tables import metadata
from workbench.store.workspace import Workspace


def dump(engine: sa.Engine) -> dict[str, str]:
    with engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")
        return {name: " ".join(sql.split()) for name, sql in rows if name != "alembic_version"}


def test_migrating_gives_exactly_the_tables_that_the_code_declares(tmp_path: Path) -> None:
    engine = open_engine(tmp_path / "migrated.db")
    schema.upgrade(engine)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []

    declared = open_engine(tmp_path / "declared.db")
    metadata.create_all(declared)
    migrated = dump(engine)
    triggers = {n for n, sql in migrated.items() if sql.startswith("CREATE TRIGGER")}
    assert triggers == {f"{t}_no_{a}" for t in ("audit", "coding_operation", "ruling") for a in ("update", "delete")}

    def constraints(tables: dict[str, str]) -> dict[str, int]:
        return {n: sql.upper().count("CHECK") + sql.upper().count("REFERENCES") for n, sql in tables.items()}

    assert constraints({n: s for n, s in migrated.items() if n not in triggers}) == constraints(dump(declared))
    assert all(sql.endswith("STRICT") for sql in migrated.values() if sql.startswith("CREATE TABLE"))


def test_a_workspace_of_a_newer_version_is_refused_and_left_alone(tmp_path: Path) -> None:
    engine = open_engine(tmp_path / "newer.db")
    schema.upgrade(engine)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    before = (tmp_path / "newer.db").read_bytes()
    with pytest.raises(schema.SchemaError, match="newer version"):
        schema.upgrade(engine)
    assert (tmp_path / "newer.db").read_bytes() == before


@pytest.mark.parametrize(
    ("version", "mode"),
    [
        ((3, 40, 1), "delete"),
        ((3, 44, 5), "delete"),
        ((3, 44, 6), "wal"),
        ((3, 50, 6), "delete"),
        ((3, 50, 7), "wal"),
        ((3, 51, 2), "delete"),
        ((3, 51, 3), "wal"),
        ((3, 52, 0), "wal"),
        ((3, 45, 3), "delete"),
    ],
)
def test_the_write_ahead_log_is_used_only_where_its_reset_is_fixed(version: tuple[int, ...], mode: str) -> None:
    assert journal_mode(version)[0] == mode


def test_the_audit_chain_cannot_be_altered_and_shows_when_it_was(workspace: Workspace) -> None:
    workspace.note(None, "one", "test")
    workspace.note(None, "two", "test", new_id(), {"patient": "=cmd()"})
    problems, last = audit.verify(workspace.reading)
    assert problems == []
    with pytest.raises(sa.exc.IntegrityError, match="append-only"), workspace.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE audit SET action = 'x'")
    with pytest.raises(sa.exc.IntegrityError, match="append-only"), workspace.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM audit")

    with workspace.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER audit_no_update")
        connection.exec_driver_sql(f"UPDATE audit SET action = 'x' WHERE seq = {last.seq}")
    assert audit.verify(workspace.reading)[0] == [f"Audit row {last.seq} was altered."]

    with workspace.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER audit_no_delete")
        connection.exec_driver_sql(f"DELETE FROM audit WHERE seq = {last.seq - 1}")
    assert f"Audit row {last.seq - 1} is missing." in audit.verify(workspace.reading)[0]


@pytest.mark.parametrize("page", [1, 3, 1000])
def test_the_chain_is_checked_page_by_page_and_people_save_meanwhile(workspace: Workspace, page: int) -> None:
    for number in range(6):
        workspace.note(None, f"note {number}", "test")
    with workspace.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER audit_no_update")
        connection.exec_driver_sql("UPDATE audit SET previous = hash WHERE seq = 4")
    late = iter([True])

    @contextmanager
    def reading() -> Iterator[sa.Connection]:
        with workspace.reading() as connection:
            yield connection
        if next(late, False):
            workspace.note(None, "saved meanwhile", "test")

    problems, end = audit.verify(reading, page)
    assert problems == ["Audit row 4 does not follow from the row before it.", "Audit row 4 was altered."]
    with workspace.reading() as connection:
        assert audit.head(connection) == end


def test_a_change_that_fails_leaves_neither_itself_nor_an_audit_row(workspace: Workspace) -> None:
    with workspace.reading() as connection:
        before = audit.head(connection)
    with pytest.raises(ZeroDivisionError), workspace.changing(None, "fails", "test") as connection:
        connection.exec_driver_sql("INSERT INTO workspace VALUES ('half', 'done')")
        _ = 1 / 0
    assert workspace.fact("half") is None
    with workspace.reading() as connection:
        assert audit.head(connection) == before
