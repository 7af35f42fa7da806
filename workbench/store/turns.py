"""Taking turns at the database inside one process, so that nobody polls for it.

SQLite lets a connection that finds the file locked sleep and try again, up to a tenth of a second at a
time, and who tries last may try for long. Here the threads of this process wait for each other and are
woken: one writes at a time, and with a rollback journal a commit waits for those who read, and who would
begin to read waits for the commit. Every wait has an end, after which SQLite's own locks decide: they
also stand between processes, and nothing depends on this but how long things take.
"""

from __future__ import annotations

import sqlite3
import threading
from collections import Counter
from collections.abc import Callable

WRITERS_WAIT_S = 10.0
COMMIT_WAITS_S = 1.0
READERS_WAIT_S = 2.0


class Turns:
    """Whose turn it is. `readers_block`: whether readers and a commit keep each other out (not with WAL)."""

    def __init__(self, *, readers_block: bool) -> None:
        self._readers_block = readers_block
        self._writing = threading.Lock()
        self._changed = threading.Condition()
        self._readers: Counter[int] = Counter()
        self._committing = False

    def begin(self, *, reading: bool) -> Turn:
        """Wait for a turn, and take it."""
        if not reading:
            return Turn(self, writer=self._writing.acquire(timeout=WRITERS_WAIT_S))
        if not self._readers_block:
            return Turn(self)
        me = threading.get_ident()
        with self._changed:
            # who reads already may read more: the commit waits for them anyway
            if not self._readers[me]:
                self._changed.wait_for(lambda: not self._committing, READERS_WAIT_S)
            self._readers[me] += 1
        return Turn(self, reader=me)

    def alone(self, work: Callable[[], None]) -> None:
        """Commit (`work`), once nobody reads and before anybody begins to."""
        if not self._readers_block:
            return work()
        me = threading.get_ident()
        with self._changed:
            self._committing = True
            self._changed.wait_for(lambda: not any(n for who, n in self._readers.items() if who != me), COMMIT_WAITS_S)
        try:
            work()
        finally:
            with self._changed:
                self._committing = False
                self._changed.notify_all()

    def end(self, *, reader: int | None, writer: bool) -> None:
        if writer:
            self._writing.release()
        if reader is not None:
            with self._changed:
                self._readers[reader] -= 1
                if not self._readers[reader]:
                    del self._readers[reader]
                self._changed.notify_all()


class Turn:
    """One transaction's turn; ended once, however often it is asked."""

    def __init__(self, turns: Turns, *, reader: int | None = None, writer: bool = False) -> None:
        self._turns, self._reader, self.writer = turns, reader, writer

    def commit(self, work: Callable[[], None]) -> None:
        if self.writer:
            self._turns.alone(work)
        else:
            work()

    def end(self) -> None:
        reader, writer = self._reader, self.writer
        self._reader, self.writer = None, False
        self._turns.end(reader=reader, writer=writer)


class TurnTaking(sqlite3.Connection):
    """A connection whose transactions take turns: whoever begins one sets `turn`."""

    turn: Turn | None = None

    def commit(self) -> None:
        try:
            if self.turn is not None:
                self.turn.commit(super().commit)
            else:
                super().commit()
        finally:
            self._over()

    def rollback(self) -> None:
        try:
            super().rollback()
        finally:
            self._over()

    def close(self) -> None:
        super().close()
        if self.turn is not None:
            self.turn.end()
            self.turn = None

    def _over(self) -> None:
        """A commit that failed leaves its transaction open, and its turn with it."""
        if self.turn is not None and not self.in_transaction:
            self.turn.end()
            self.turn = None
