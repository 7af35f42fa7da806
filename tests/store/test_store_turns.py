"""Writers of one process wait for each other by being woken, and never for ever."""

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


def test_who_wants_to_write_waits_for_who_writes_and_is_woken(engine: Engine) -> None:
    told: list[str] = []

    def writing() -> None:
        with engine.begin() as connection:
            connection.execute(text("INSERT INTO thing VALUES (2)"))
            told.append("second")

    with engine.begin() as connection:
        connection.execute(text("INSERT INTO thing VALUES (1)"))
        second = _started(writing)
        time.sleep(0.1)
        told.append("first")
    second.join(5)
    assert told == ["first", "second"]


def test_who_reads_waits_for_nobody_that_writes(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO thing VALUES (1)"))
        with engine.connect().execution_options(reading=True) as reading:
            assert reading.execute(text("SELECT count(*) FROM thing")).scalar_one() == 0


def test_a_turn_that_is_never_ended_holds_nobody_up_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "WAIT_S", 0.05)
    taking = Turns()
    first = taking.begin()
    second = taking.begin()
    second.end()
    began = time.perf_counter()
    taking.begin()
    assert time.perf_counter() - began > 0.04, "a turn that was not taken was given up"
    first.end()
    first.end()


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
