"""Writers of one process take turns at the database, so that none of them polls for it.

SQLite lets a connection that finds the file locked sleep and try again, up to a tenth of a second at a
time, and who tries last may try for long. Here the writing threads of this process wait for each other
and are woken. The wait has an end, after which SQLite's own locks decide: they also stand between
processes, and nothing depends on this but how long things take. Readers take no turns. How much
the turns spare is not settled: rounds with and without them overlapped on a busy machine.
"""

from __future__ import annotations

import sqlite3
import threading

WAIT_S = 10.0


class Turns:
    """One writer at a time, for as long as that takes no longer than `WAIT_S`."""

    def __init__(self) -> None:
        self._writing = threading.Lock()

    def begin(self) -> Turn:
        """Wait for the turn, and take it if it comes in time."""
        return Turn(self._writing if self._writing.acquire(timeout=WAIT_S) else None)


class Turn:
    """One transaction's turn; ended once, however often it is asked."""

    def __init__(self, held: threading.Lock | None) -> None:
        self._held = held

    def end(self) -> None:
        held, self._held = self._held, None
        if held is not None:
            held.release()


class TurnTaking(sqlite3.Connection):
    """A connection whose writing transactions take turns: whoever begins one sets `turn`."""

    turn: Turn | None = None

    def commit(self) -> None:
        try:
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
        self._end()

    def _over(self) -> None:
        """A commit that failed leaves its transaction open, and its turn with it."""
        if self.turn is not None and not self.in_transaction:
            self._end()

    def _end(self) -> None:
        if self.turn is not None:
            self.turn.end()
            self.turn = None
