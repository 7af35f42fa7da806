"""How long a rater waits until a code is saved: one group-commit writer against a commit each.

python benchmarks/commit.py [--seconds 10] [--out benchmarks/results/commit.md]
"""

from __future__ import annotations

import argparse
import datetime
import os
import platform
import random
import sqlite3
import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError

from workbench.model.ids import new_id
from workbench.store.engine import journal_mode, open_engine
from workbench.store.writer import GroupCommitWriter

TABLE = (
    "CREATE TABLE coded (sequence INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, rater INTEGER NOT NULL,"
    " code TEXT NOT NULL, start_ms INTEGER NOT NULL, payload TEXT NOT NULL) STRICT"
)
INSERT = text("INSERT INTO coded (id, rater, code, start_ms, payload) VALUES (:id, :rater, 'rupture', :at, '{}')")


@dataclass(frozen=True)
class Load:
    name: str
    raters: int
    per_second: float | None  # None: as fast as it goes


@dataclass
class Seen:
    waits: list[float] = field(default_factory=list)
    late: list[float] = field(default_factory=list)
    failed: int = 0
    seconds: float = 0.0


LOADS = (
    Load("20 raters without a pause", 20, None),
    Load("50 raters, 1 code a second each", 50, 1.0),
    Load("burst: 50 raters, 4 codes a second each", 50, 4.0),
)


def work(rater: int, n: int) -> Callable[[Connection], int]:
    row = {"id": new_id(), "rater": rater, "at": n}
    return lambda connection: connection.execute(INSERT, row).rowcount


def run(load: Load, grouped: bool, seconds: float, folder: Path) -> Seen:
    engine = open_engine(folder / f"{new_id()}.db")
    with engine.begin() as connection:
        connection.exec_driver_sql(TABLE)
    writer = GroupCommitWriter(engine) if grouped else None
    seen, end = Seen(), time.perf_counter() + seconds

    def save(rater: int, n: int) -> None:
        act = work(rater, n)
        if writer:
            writer.submit(act).result()
            return
        with engine.begin() as connection:
            act(connection)

    def rate(rater: int) -> None:
        dice, n = random.Random(rater), 0
        due = time.perf_counter() + (dice.random() / load.per_second if load.per_second else 0)
        while (now := time.perf_counter()) < end:
            if load.per_second:
                if due >= end:
                    return
                time.sleep(max(0.0, due - now))
                seen.late.append(max(0.0, time.perf_counter() - due))
                due += 1 / load.per_second
            start = time.perf_counter()
            try:
                save(rater, n)
                seen.waits.append(time.perf_counter() - start)
            except OperationalError:
                seen.failed += 1
            n += 1

    raters = [threading.Thread(target=rate, args=(k,)) for k in range(load.raters)]
    began = time.perf_counter()
    for rater in raters:
        rater.start()
    for rater in raters:
        rater.join()
    seen.seconds = time.perf_counter() - began
    if writer:
        writer.close()
    with engine.connect() as connection:
        stored = connection.scalar(text("SELECT count(*) FROM coded"))
    engine.dispose()
    assert stored == len(seen.waits), f"{len(seen.waits)} acknowledged, {stored} stored"
    return seen


def row(load: Load, grouped: bool, seen: Seen) -> str:
    ms = sorted(1000 * wait for wait in seen.waits)
    late = sorted(1000 * wait for wait in seen.late)
    figures = [
        load.name,
        "one writer, group commit" if grouped else "a commit each, busy handler",
        f"{len(ms) / seen.seconds:.0f}",
        f"{statistics.median(ms):.1f}",
        f"{ms[int(len(ms) * 0.99)]:.1f}",
        f"{ms[-1]:.1f}",
        str(seen.failed),
        f"{late[int(len(late) * 0.99)]:.1f}" if late else "",
    ]
    return f"| {' | '.join(figures)} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--folder", type=Path, help="where to work (default: the system's folder for temporary files)")
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    rows, load_before = [], os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    with tempfile.TemporaryDirectory(dir=given.folder) as folder:
        for load in LOADS:
            for grouped in (False, True):
                rows.append(row(load, grouped, run(load, grouped, given.seconds, Path(folder))))
        engine = open_engine(Path(folder) / "settings.db")
        with engine.connect() as connection:
            mode = connection.exec_driver_sql("PRAGMA journal_mode").scalar()
            level = connection.exec_driver_sql("PRAGMA synchronous").scalar()
        engine.dispose()
    words = {0: "OFF", 1: "NORMAL", 2: "FULL", 3: "EXTRA"}
    out = "\n".join(
        [
            "# How long a rater waits until a code is saved",
            "",
            f"{datetime.date.today().isoformat()}. SQLite {sqlite3.sqlite_version}, journal mode **{mode}**, "
            f"synchronous {words.get(int(level or 0))}; {journal_mode()[1]} {os.cpu_count()} cores "
            f"({platform.machine()}), Python {platform.python_version()}, load {load_before:.1f} before the start; "
            f"{given.seconds:g} s each. Waits in ms, from handing in to the acknowledgement after the commit; lateness "
            "is the scheduler's own: how much after its time a rater's thread woke up. "
            f"`python benchmarks/commit.py --seconds {given.seconds:g}`",
            "",
            "| load | how | saved per second | p50 | p99 | worst | refused | lateness p99 |",
            "| --- | --- | --- | --- | --- | --- | --- | --- |",
            *rows,
            "",
        ]
    )
    print(out)
    if given.out:
        given.out.parent.mkdir(parents=True, exist_ok=True)
        given.out.write_text(out, encoding="utf-8")


if __name__ == "__main__":
    main()
