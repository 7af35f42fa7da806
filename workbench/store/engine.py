"""The database engine and what it is told at each connection.

Writing transactions begin IMMEDIATE: one that reads first and writes later would fail at once with
BUSY_SNAPSHOT however long it is allowed to wait. WAL is used only where the SQLite library has the
WAL-reset fix; before that a rare race could corrupt the file (https://sqlite.org/wal.html#walresetbug).
"""

from __future__ import annotations

import errno
import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, ExceptionContext, create_engine, event

from workbench.store.turns import Turns, TurnTaking

BUSY_TIMEOUT_MS = 10_000
_FIXED = {(3, 44): 6, (3, 50): 7, (3, 51): 3}


class NotSaved(OSError):
    """The disk did not take a change: it is full or failed. Nothing of the change is left behind."""


def journal_mode(version: tuple[int, ...] = sqlite3.sqlite_version_info) -> tuple[str, str]:
    """The journal mode for an SQLite version, and one sentence why."""
    text = ".".join(map(str, version))
    line, patch = (version[0], version[1]), version[2]
    fixed = line > (3, 51) or (line in _FIXED and patch >= _FIXED[line])
    if fixed:
        return "wal", f"SQLite {text} has the WAL-reset fix, so the write-ahead log is used."
    return "delete", (
        f"SQLite {text} lacks the WAL-reset fix (3.44.6, 3.50.7, 3.51.3 or later in each line), "
        "so the rollback journal is used: safe, and slower when many people save at once."
    )


def open_engine(file: Path) -> Engine:
    """An engine on the SQLite file `file`, which is created when it does not exist.

    A transaction begins IMMEDIATE unless its connection has the execution option `reading`.
    """
    engine = create_engine(
        f"sqlite:///{file}",
        pool_size=8,
        max_overflow=32,
        hide_parameters=True,
        connect_args={"factory": TurnTaking},
    )
    mode, _ = journal_mode()
    turns = Turns()

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # SQLAlchemy's BEGIN below is the only one
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
        cursor.execute(f"PRAGMA journal_mode={mode}")
        # FULL and, with a rollback journal, one step more: until the folder is synced too, a power cut
        # could bring the removed journal back, which would undo the last acknowledged commit.
        cursor.execute("PRAGMA synchronous=EXTRA")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        reading = connection.get_execution_options().get("reading", False)
        if reading:
            connection.exec_driver_sql("BEGIN")
            return
        taking: Any = connection.connection.dbapi_connection  # a TurnTaking
        taking.turn = turns.begin()
        try:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        except BaseException:
            taking.turn.end()
            taking.turn = None
            raise

    @event.listens_for(engine, "handle_error")
    def _say(context: ExceptionContext) -> None:
        name = getattr(context.original_exception, "sqlite_errorname", "")
        if name.startswith("SQLITE_FULL"):
            raise NotSaved(errno.ENOSPC, "The disk is full, so this was not saved") from context.original_exception
        if name.startswith("SQLITE_IOERR"):
            raise NotSaved(errno.EIO, "The disk failed, so this was not saved") from context.original_exception

    return engine
