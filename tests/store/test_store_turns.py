"""Readers and writers of one process wait for each other by being woken, and never for ever."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from workbench.store import turns
from workbench.store.engine import open_engine
from workbench.store.turns import Turns


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = open_engine(tmp_path / "turns.db")
    with made.begin() as connection:
        connection.execute(text("CREATE TABLE thing (n INTEGER)"))
    yield made
    made.dispose()


def test_a_commit_waits_for_who_reads_and_who_begins_to_read_waits_for_the_commit() -> None:
    taking = Turns(readers_block=True)
    reader = taking.begin(reading=True)
    writer = taking.begin(reading=False)
    told: list[str] = []

    def committing() -> None:
        time.sleep(0.1)
        told.append("committed")

    def reading() -> None:
        taking.begin(reading=True)
        told.append("read")

    commit = _started(lambda: writer.commit(committing))
    time.sleep(0.05)
    late = _started(reading)
    time.sleep(0.05)
    assert told == []
    reader.end()
    commit.join(5)
    late.join(5)
    assert told == ["committed", "read"]


def test_who_reads_may_read_more_while_a_commit_waits_for_them() -> None:
    taking = Turns(readers_block=True)
    outer = taking.begin(reading=True)
    writer = taking.begin(reading=False)
    commit = _started(lambda: writer.commit(lambda: None))
    time.sleep(0.05)
    began = time.perf_counter()
    taking.begin(reading=True).end()
    assert time.perf_counter() - began < 0.5
    assert commit.is_alive()
    outer.end()
    commit.join(5)
    assert not commit.is_alive()


def test_a_turn_that_is_never_ended_holds_nobody_up_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "WRITERS_WAIT_S", 0.05)
    monkeypatch.setattr(turns, "COMMIT_WAITS_S", 0.05)
    taking = Turns(readers_block=True)
    _started(lambda: taking.begin(reading=True)).join()
    _started(lambda: taking.begin(reading=False)).join()
    done: list[str] = []
    taking.begin(reading=False).commit(lambda: done.append("nobody's turn"))
    taking.alone(lambda: done.append("committed"))
    assert done == ["nobody's turn", "committed"]


def test_with_wal_readers_and_commits_do_not_wait_for_each_other() -> None:
    taking = Turns(readers_block=False)
    taking.begin(reading=True)
    done: list[str] = []
    _started(lambda: taking.begin(reading=False).commit(lambda: done.append("committed"))).join(0.5)
    assert done == ["committed"]


def test_whatever_becomes_of_a_transaction_its_turn_ends(engine: Engine) -> None:
    with pytest.raises(ZeroDivisionError), engine.begin():
        raise ZeroDivisionError
    connection = engine.connect()
    connection.begin()
    connection.invalidate()
    connection.close()
    with engine.connect().execution_options(reading=True) as reading:
        reading.execute(text("SELECT 1"))
    began = time.perf_counter()
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO thing VALUES (1)"))
    assert time.perf_counter() - began < 0.5


def test_many_threads_that_read_and_write_lose_nothing(engine: Engine) -> None:
    def work() -> None:
        for _ in range(10):
            with engine.connect().execution_options(reading=True) as reading, reading.begin():
                reading.execute(text("SELECT count(*) FROM thing")).scalar_one()
            with engine.begin() as connection:
                connection.execute(text("INSERT INTO thing VALUES (1)"))

    threads = [_started(work) for _ in range(8)]
    for thread in threads:
        thread.join(30)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM thing")).scalar_one() == 80


def _started(work: Callable[[], object]) -> threading.Thread:
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    return thread
