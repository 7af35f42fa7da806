"""Erasing what was taken out of the database, from its files too.

Where a row is made shorter or a page is freed, SQLite leaves the old bytes in the file until something is written
over them, and in the write-ahead log until that is cut (https://sqlite.org/pragma.html#pragma_secure_delete,
https://sqlite.org/lang_vacuum.html: "VACUUM … to ensure that deleted content is not recoverable"). What the disk keeps
of files that were deleted is beyond the program: encrypt the disk.
"""

from __future__ import annotations

import contextlib
import logging
import sqlite3

from sqlalchemy import Connection, Engine, delete, insert, select
from sqlalchemy.exc import DBAPIError

from workbench.store.tables import workspace

DUE = "erasure"

log = logging.getLogger(__name__)


def begin(connection: Connection) -> None:
    """In the transaction that takes something out: overwrite at once, and keep in mind that a sweep is due."""
    connection.exec_driver_sql("PRAGMA secure_delete = ON")
    connection.execute(delete(workspace).where(workspace.c.key == DUE))
    connection.execute(insert(workspace).values(key=DUE, value="due"))


def due(engine: Engine) -> bool:
    """Whether something was taken out and its remains are still to be swept."""
    with engine.execution_options(reading=True).connect() as connection:
        return connection.execute(select(workspace.c.value).where(workspace.c.key == DUE)).first() is not None


def sweep(engine: Engine) -> bool:
    """Write the database's file anew, without anything that is in no table, and empty its log; everybody who saves
    waits meanwhile. False where it is in use for too long or the disk is full: it stays due."""
    raw = engine.raw_connection()
    try:
        cursor = raw.cursor()
        cursor.execute("VACUUM")
        busy, *_ = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if busy:
            return False
    except sqlite3.OperationalError as error:
        log.warning("what was taken out is not swept yet: %s", getattr(error, "sqlite_errorname", "no name"))
        return False
    finally:
        with contextlib.suppress(sqlite3.Error):
            raw.close()
    with contextlib.suppress(DBAPIError, OSError), engine.begin() as connection:  # else it is swept once more
        connection.execute(delete(workspace).where(workspace.c.key == DUE))
    return True
