"""Many raters save with one commit: who is told what, and when."""

import asyncio
import sqlite3
import threading
import time

import pytest
from sqlalchemy import event, text

from workbench.store.engine import open_engine
from workbench.store.writer import GroupCommitWriter, WriterStopped

INSERT = text("INSERT INTO coded (uid) VALUES (:uid)")


@pytest.fixture
def file(tmp_path):
    return tmp_path / "a.db"


@pytest.fixture
def engine(file):
    engine = open_engine(file)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE coded (id INTEGER PRIMARY KEY, uid TEXT NOT NULL UNIQUE) STRICT")
    yield engine
    engine.dispose()


@pytest.fixture
def commits(engine):
    """Counts the commits of the engine."""
    seen = []
    event.listen(engine, "commit", lambda connection: seen.append(time.monotonic()))
    return seen


@pytest.fixture
def writer(engine):
    writer = GroupCommitWriter(engine)
    yield writer
    writer.close()


def add(uid):
    return lambda connection: connection.execute(INSERT, {"uid": uid}).rowcount


def stored(file):
    with sqlite3.connect(file) as connection:
        return [uid for (uid,) in connection.execute("SELECT uid FROM coded ORDER BY id")]


class Held:
    """A work that keeps the writer busy until it is let go."""

    def __init__(self, writer):
        self.began, self.go = threading.Event(), threading.Event()
        self.future = writer.submit(self._work)
        assert self.began.wait(5)

    def _work(self, connection):
        self.began.set()
        assert self.go.wait(5)


def test_works_that_piled_up_share_one_commit_in_their_order(writer, commits, file):
    held = Held(writer)
    futures = [writer.submit(add(f"e{i}")) for i in range(50)]
    held.go.set()
    assert [f.result(5) for f in futures] == [1] * 50
    assert len(commits) == 2  # the one that was held, and everybody else
    assert stored(file) == [f"e{i}" for i in range(50)]


def test_an_acknowledged_work_is_already_in_the_file(writer, file):
    seen = []
    future = writer.submit(add("e1"))
    future.add_done_callback(lambda _: seen.extend(stored(file)))
    future.result(5)
    writer.close()
    assert seen == ["e1"]


def test_nobody_is_told_saved_before_the_commit(writer):
    held = Held(writer)
    early = writer.submit(add("e1"))
    assert not early.done() and not held.future.done()
    held.go.set()
    early.result(5)


def test_a_failing_work_is_told_so_alone(writer, file):
    held = Held(writer)

    def half(connection):
        connection.execute(INSERT, {"uid": "half"})
        raise ValueError("not this one")

    good, bad, twice, last = [writer.submit(w) for w in (add("a"), half, add("a"), add("b"))]
    held.go.set()
    assert good.result(5) == last.result(5) == 1
    with pytest.raises(ValueError, match="not this one"):
        bad.result(5)
    assert "UNIQUE" in str(twice.exception(5))
    assert stored(file) == ["a", "b"]


def test_a_commit_that_fails_is_told_to_everybody(engine, writer, file):
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TABLE note (uid TEXT REFERENCES coded (uid) DEFERRABLE INITIALLY DEFERRED) STRICT"
        )
    held = Held(writer)
    good = writer.submit(add("a"))
    bad = writer.submit(lambda c: c.exec_driver_sql("INSERT INTO note VALUES ('nobody')").rowcount)
    held.go.set()
    for future in (good, bad):
        assert "FOREIGN KEY" in str(future.exception(5))
    assert stored(file) == []
    assert writer.submit(add("b")).result(5) == 1
    assert stored(file) == ["b"]


@pytest.mark.parametrize("how", [lambda c: c.commit(), lambda c: c.rollback(), lambda c: c.exec_driver_sql("ROLLBACK")])
def test_a_work_that_ends_the_transaction_itself_makes_nobody_believe_to_be_saved(writer, how):
    held = Held(writer)
    before, culprit, after = [writer.submit(w) for w in (add("a"), how, add("b"))]
    held.go.set()
    assert all(f.exception(5) is not None for f in (before, culprit, after))
    assert writer.submit(add("c")).result(5) == 1


def test_a_full_database_is_told_to_everybody_and_the_writer_goes_on(engine, writer, file):
    """SQLite gives up the whole transaction, savepoints included."""
    with engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
    event.listen(engine, "begin", lambda c: c.exec_driver_sql(f"PRAGMA max_page_count={pages + 3}"))
    held = Held(writer)
    small, large, late = [writer.submit(add(uid)) for uid in ("a", "x" * 200_000, "b")]
    held.go.set()
    errors = [f.exception(5) for f in (small, large, late)]
    assert all("full" in str(error) for error in errors)
    assert stored(file) == []
    assert writer.submit(add("c")).result(5) == 1


def test_another_programs_lock_is_waited_for(writer, file):
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    future = writer.submit(add("a"))
    time.sleep(0.2)
    assert not future.done()
    other.execute("COMMIT")
    other.close()
    assert future.result(5) == 1


def test_coroutines_wait_without_blocking_each_other(writer, file):
    async def all_at_once():
        return await asyncio.gather(*(writer.put(add(f"e{i}")) for i in range(30)))

    assert asyncio.run(all_at_once()) == [1] * 30
    assert len(stored(file)) == 30


def test_a_cancelled_work_that_has_not_begun_is_not_done(writer, file):
    held = Held(writer)
    dropped, kept = writer.submit(add("dropped")), writer.submit(add("kept"))
    assert dropped.cancel()
    assert not held.future.cancel()
    held.go.set()
    kept.result(5)
    assert stored(file) == ["kept"]


def test_closing_finishes_what_was_handed_in_and_refuses_the_rest(engine, file):
    writer = GroupCommitWriter(engine)
    held = Held(writer)
    futures = [writer.submit(add(f"e{i}")) for i in range(600)]
    closing = threading.Thread(target=writer.close)
    closing.start()
    time.sleep(0.05)
    with pytest.raises(WriterStopped, match="closed"):
        writer.submit(add("late"))
    held.go.set()
    closing.join(10)
    assert all(f.result(0) == 1 for f in futures) and len(stored(file)) == 600
    writer.close()


def test_closing_says_when_a_work_does_not_end(engine):
    writer = GroupCommitWriter(engine)
    held = Held(writer)
    with pytest.raises(TimeoutError):
        writer.close(timeout=0.05)
    held.go.set()
    writer.close()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_writer_whose_thread_dies_hangs_nobody(engine, monkeypatch):
    writer = GroupCommitWriter(engine)
    held = Held(writer)

    def die(*_):
        raise MemoryError("no room for the list")

    monkeypatch.setattr(writer, "_save", die)
    waiting = [writer.submit(add(f"e{i}")) for i in range(300)]
    held.go.set()
    held.future.result(5)
    for future in waiting:
        with pytest.raises(WriterStopped, match=r"stopped unexpectedly \(MemoryError\)"):
            future.result(5)
    with pytest.raises(WriterStopped, match="stopped unexpectedly"):
        writer.submit(add("late"))
    writer.close()


def test_a_work_cannot_wait_for_another_work(writer):
    with pytest.raises(WriterStopped, match="cannot hand in another"):
        writer.submit(lambda c: writer.submit(add("x")).result()).result(5)
