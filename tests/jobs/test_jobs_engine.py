"""The engine of long work: what is queued, what is done once, what a stop and a failure leave behind."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from sqlalchemy import Engine

from workbench.jobs import SHORT, Handler, JobEngine, StepFailed, Stopped, Task, doctor_facts
from workbench.jobs.locks import WorkerLock, alive
from workbench.store import schema
from workbench.store.engine import open_engine
from workbench.store.tables import metadata
from workbench.store.workspace import DATABASE, Workspace

SECRET = "what the patient said"


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[JobEngine]:
    with JobEngine(tmp_path / "jobs.db") as made:
        made.prepare()
        yield made


@pytest.fixture
def database(tmp_path: Path, engine: JobEngine) -> Iterator[Engine]:
    made = open_engine(tmp_path / "jobs.db")
    yield made
    made.dispose()


@contextlib.contextmanager
def working(engine: JobEngine, handlers: Mapping[str, Handler]) -> Iterator[None]:
    stop, ready = threading.Event(), threading.Event()
    thread = threading.Thread(target=engine.run, args=(handlers, stop), kwargs={"ready": ready.set})
    thread.start()
    try:
        assert ready.wait(60)
        yield
    finally:
        stop.set()
        thread.join(60)
        assert not thread.is_alive()


def until(true: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)


def test_a_job_exists_only_if_the_transaction_that_asked_for_it_was_kept(engine: JobEngine, database: Engine) -> None:
    with contextlib.suppress(ZeroDivisionError), database.begin() as connection:
        engine.enqueue(connection, "note", "undone", "r1")
        _ = 1 / 0
    with database.begin() as connection:
        engine.enqueue(connection, "note", "kept", "r1", "r2")
        engine.enqueue(connection, "note", "kept", "again")  # known already
    assert (engine.state("undone"), engine.state("kept")) == ("unknown", "queued")
    seen: list[tuple[str, ...]] = []
    with working(engine, {"note": lambda task, *ids: seen.append((task.id, *ids))}):
        until(lambda: engine.state("kept") == "done")
    assert seen == [("kept", "r1", "r2")]


def test_a_failure_keeps_its_sentence_and_no_other_error_keeps_its_text(
    engine: JobEngine, database: Engine, tmp_path: Path
) -> None:
    said: list[str] = []

    def foreseen() -> None:
        raise StepFailed("The disk is full.")

    def unforeseen() -> None:
        raise ValueError(SECRET)

    def job(task: Task, which: str) -> None:
        if which == "outside":
            raise ValueError(SECRET)
        try:
            task.step("only", foreseen if which == "foreseen" else unforeseen)
        except StepFailed as error:
            said.append(str(error))

    with database.begin() as connection:
        for which in ("foreseen", "unforeseen", "outside"):
            engine.enqueue(connection, "job", which, which)
    with working(engine, {"job": job}):
        until(lambda: engine.state("outside") == "failed")
    assert said[0] == "The disk is full."
    assert said[1].startswith("An unforeseen ValueError in test_jobs_engine.py, line ")
    stored = (tmp_path / "jobs.db").read_bytes()
    assert SECRET.encode() not in stored and b"pickle" not in stored


def test_branches_run_side_by_side_and_a_failure_in_one_ends_the_other(engine: JobEngine, database: Engine) -> None:
    log: list[str] = []
    meeting = threading.Barrier(2, timeout=60)

    def meet() -> None:
        meeting.wait()

    def write(what: str) -> Callable[[], None]:
        return lambda: log.append(what)

    def fail() -> None:
        raise StepFailed("No speech.")

    def job(task: Task) -> None:
        task.side_by_side([[("a", meet)], [("b", meet)]], on_failure=lambda: log.append("never"))
        slow: list[tuple[str, Callable[[], None]]] = [(f"s{n}", lambda: time.sleep(0.3)) for n in range(20)]
        try:
            task.side_by_side(
                [[*slow, ("end", write("reached the end"))], [("bad", fail), ("after", write("after"))]],
                on_failure=write("halt"),
            )
        except StepFailed as error:
            log.append(str(error))

    with database.begin() as connection:
        engine.enqueue(connection, "job", "j")
    with working(engine, {"job": job}):
        until(lambda: engine.state("j") == "done")
    assert log[0] == "halt" and log[-1] == "No speech." and set(log) == {"halt", "No speech."}


def test_a_stop_puts_the_job_back_and_the_next_worker_goes_on_where_it_was(engine: JobEngine, database: Engine) -> None:
    log: list[str] = []

    def job(task: Task) -> None:
        def first() -> str:
            log.append("first")
            return "from the record"

        def second() -> None:
            log.append("second")
            while len(log) < 9:  # five times: more often than a job may be interrupted by a kill
                time.sleep(0.02)
                if task.stopping():
                    raise Stopped

        assert task.step("first", first) == "from the record"
        task.step("second", second)

    with database.begin() as connection:
        engine.enqueue(connection, "job", "j")
    for turn in range(5):
        with working(engine, {"job": job}):
            until(lambda turn=turn: log.count("second") == turn + 1)
        assert engine.state("j") == "queued" and engine.workers() == 0
    log.extend("xxx")
    with working(engine, {"job": job}):
        until(lambda: engine.state("j") == "done")
    assert log.count("first") == 1


def test_a_cancelled_job_begins_no_further_step(engine: JobEngine, database: Engine) -> None:
    log: list[str] = []
    go_on = threading.Event()

    def first() -> None:
        log.append("first")
        go_on.wait(60)

    def job(task: Task) -> None:
        task.step("first", first)
        task.step("second", lambda: log.append("second"))

    with database.begin() as connection:
        engine.enqueue(connection, "job", "running")
        engine.enqueue(connection, "job", "waiting")
    with working(engine, {"job": job}):
        until(lambda: log == ["first"])
        engine.cancel("waiting")
        engine.cancel("running")
        engine.cancel("never heard of")
        go_on.set()
        time.sleep(1.5)
    assert log == ["first"]
    assert engine.state("running") == engine.state("waiting") == "cancelled"
    engine.forget("running")
    assert engine.state("running") == "unknown"


def test_work_of_seconds_does_not_wait_behind_work_of_an_hour(engine: JobEngine, database: Engine) -> None:
    log: list[str] = []

    def hour(task: Task) -> None:
        until(lambda: "second" in log)
        log.append("hour")

    with database.begin() as connection:
        engine.enqueue(connection, "hour", "long 1")
        engine.enqueue(connection, "hour", "long 2")
        engine.enqueue(connection, "second", "short", queue=SHORT)
    with working(engine, {"hour": hour, "second": lambda task: log.append("second")}):
        until(lambda: engine.state("long 2") == "done")
    assert log == ["second", "hour", "hour"]


def test_the_lock_of_a_worker_says_that_it_is_alive(tmp_path: Path) -> None:
    lock = WorkerLock.take(tmp_path, "one")
    assert lock is not None and alive(tmp_path) == ["one"]
    assert WorkerLock.take(tmp_path, "one") is None
    lock.release()
    assert alive(tmp_path) == [] and list(tmp_path.iterdir()) == []


def test_the_engines_tables_live_beside_the_workspaces_and_leave_them_as_they_are(workspace: Workspace) -> None:
    def tables() -> dict[str, str]:
        with contextlib.closing(sqlite3.connect(workspace.folder / DATABASE)) as connection:
            return dict(connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL"))

    before = tables()
    with JobEngine(workspace.folder / DATABASE) as engine:
        engine.prepare()
        engine.prepare()
    after = tables()
    assert before.items() <= after.items() and "workflow_status" in after
    ours = {name for name in after if name in metadata.tables}
    assert ours == set(metadata.tables)
    schema.upgrade(workspace.engine)
    assert tables() == after


def test_doctor_names_the_engine() -> None:
    assert doctor_facts()["engine"].startswith("DBOS Transact 3.4")
