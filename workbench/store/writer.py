"""One writer for everybody: works that arrive while a commit runs share the next commit.

A commit waits for the disk; twenty raters with a transaction each wait for each other. Here one
thread runs what has piled up in one transaction, each work inside a savepoint of its own, and says
"saved" to all of them after the one COMMIT. A work that fails is told so alone.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine

T = TypeVar("T")
Work = Callable[[Connection], Any]

# more works in one transaction only lengthen the wait of the first
MOST_WORKS = 256

log = logging.getLogger(__name__)


class WriterStopped(RuntimeError):
    """The writer takes no more work; what was handed in and not acknowledged was not saved."""


class GroupCommitWriter:
    """Runs works one after another on `engine`, many to a commit.

    A work is a function of a connection that has a transaction already; it neither commits nor rolls
    back, and waits for nothing but the database. Its result is given only after the COMMIT: what
    was acknowledged survives a power cut (`synchronous=EXTRA`, see `engine`).

    >>> from sqlalchemy import create_engine, text
    >>> with GroupCommitWriter(create_engine("sqlite://")) as writer:
    ...     writer.submit(lambda connection: connection.scalar(text("SELECT 6 * 7"))).result()
    42
    """

    def __init__(self, engine: Engine, *, most_works: int = MOST_WORKS) -> None:
        self._engine = engine
        self._most_works = most_works
        self._waiting: deque[tuple[Work, Future[Any]]] = deque()
        self._changed = threading.Condition()
        self._stopped: str | None = None
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="group-commit writer", daemon=True)
        self._thread.start()

    def submit(self, work: Callable[[Connection], T]) -> Future[T]:
        """Hand in a work. The future gets its result after the commit, or the error that kept it from
        being saved. Raises WriterStopped, at once or through the future; it never hangs."""
        future: Future[T] = Future()
        with self._changed:
            if self._stopped or self._closing:
                raise WriterStopped(self._stopped or "The writer is closed.")
            if not self._thread.is_alive():  # as in a process that was forked
                raise WriterStopped("The writer's thread is not running in this process.")
            if threading.current_thread() is self._thread:
                raise WriterStopped("A work cannot hand in another work and wait for it.")
            self._waiting.append((work, future))
            self._changed.notify()
        return future

    async def put(self, work: Callable[[Connection], T]) -> T:
        """As `submit`, for a coroutine. Cancelling it drops the work only if it has not begun."""
        return await asyncio.wrap_future(self.submit(work))

    def close(self, timeout: float | None = 30) -> None:
        """Finish what was handed in, then stop. Asked again it does nothing. Raises TimeoutError."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        self._thread.join(timeout)
        if self._thread.is_alive():
            raise TimeoutError(f"the writer was still at work after {timeout} s")

    def __enter__(self) -> GroupCommitWriter:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # --- the thread

    def _run(self) -> None:
        taken: list[tuple[Work, Future[Any]]] = []
        reason = "The writer is closed."
        try:
            while taken := self._take():
                self._save(taken)
        except BaseException as error:
            reason = f"The writer stopped unexpectedly ({type(error).__name__}); start the program again."
            log.critical("the writer stopped", exc_info=error)
        finally:
            with self._changed:
                self._stopped = reason
                left = [*taken, *self._waiting]
                self._waiting.clear()
            for _, future in left:
                _fail(future, WriterStopped(reason))

    def _take(self) -> list[tuple[Work, Future[Any]]]:
        """The next works, waiting for one; none when the writer is closing and all is done."""
        with self._changed:
            while True:
                taken: list[tuple[Work, Future[Any]]] = []
                while self._waiting and len(taken) < self._most_works:
                    item = self._waiting.popleft()
                    if item[1].set_running_or_notify_cancel():
                        taken.append(item)
                if taken or self._closing:
                    return taken
                self._changed.wait()

    def _save(self, taken: list[tuple[Work, Future[Any]]]) -> None:
        results: list[tuple[Future[Any], Any]] = []
        try:
            with self._engine.connect() as connection, connection.begin():
                for work, future in taken:
                    self._run_one(connection, work, future, results)
        except Exception as error:
            # The transaction is gone: for want of a lock, a full disk, a failed COMMIT.
            for _, future in taken:
                _fail(future, error)
            return
        for future, result in results:
            future.set_result(result)

    @staticmethod
    def _run_one(
        connection: Connection, work: Work, future: Future[Any], results: list[tuple[Future[Any], Any]]
    ) -> None:
        savepoint = connection.begin_nested()
        try:
            result = work(connection)
            if not savepoint.is_active:
                raise RuntimeError("A work must neither commit nor roll back; the writer does.")
            savepoint.commit()
        except BaseException as error:
            if not savepoint.is_active:
                raise  # the transaction is no longer ours: nobody is told that their work was saved
            try:
                savepoint.rollback()
            except Exception:
                raise error from None  # the database gave up the whole transaction, as on a full disk
            _fail(future, error)
        else:
            results.append((future, result))


def _fail(future: Future[Any], error: BaseException) -> None:
    if not future.done():
        future.set_exception(error)
