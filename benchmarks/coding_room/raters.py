"""Twenty raters at once, each with a video that plays and a code a second: how long until it is saved, what is
lost, and whether the server's memory grows.

The raters are clients on our own routes that ask for what a browser asks for: ranges of the video at the pace of
playing, operations, positions, others' changes. When their time is over, one real browser codes among them for a
while: it is told apart, because its drawing takes from the server what on a rater's own computer it would not.
"""

from __future__ import annotations

import http.client
import json
import random
import re
import statistics
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser

from benchmarks.coding_room import keys, practice
from benchmarks.coding_room.measured import Measured, percentile
from tests.browsing import Site
from workbench.model.ids import new_id
from workbench.model.session import Recording, Session
from workbench.store import codings
from workbench.workflows import sign_in

RATERS = 20
RANGE = 1 << 20
SAMPLE_S = 5.0
LAST_TRIES = 3


@dataclass
class Rater:
    """One client: what it sent, what was acknowledged, and how long each took: (when, ms).

    As the coding room does, it keeps what was not acknowledged and sends it again with the next: `again`
    has what had to be sent more than once, and why.
    """

    site: Site
    login_name: str
    coding_id: str
    recording: Recording
    codes: tuple[str, ...]
    number: int
    sent: set[str] = field(default_factory=set)
    pending: dict[str, dict[str, object]] = field(default_factory=dict)
    acknowledged: set[str] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)
    again: set[str] = field(default_factory=set)
    waits: list[tuple[float, float]] = field(default_factory=list)
    bytes: int = 0
    failures: list[str] = field(default_factory=list)

    def live(self, end: threading.Event) -> list[threading.Thread]:
        token = sign_in.sign_in(self.site.workspace, self.login_name, practice.PASSWORD)
        known = sign_in.who_is(self.site.workspace, token)
        assert known is not None
        self._headers = {
            "cookie": f"workbench_login={token}",
            "x-wb-csrf": known.csrf,
            "content-type": "application/json",
        }
        threads = [threading.Thread(target=act, args=(end,), daemon=True) for act in (self._code, self._play)]
        for thread in threads:
            thread.start()
        return threads

    def _code(self, end: threading.Event) -> None:
        door = self._door()
        chance = random.Random(self.number)
        due = time.perf_counter() + chance.random()
        n, since = 0, 0
        while not end.wait(max(0.0, due - time.perf_counter())):
            due += 1.0
            n += 1
            ident = new_id()
            operation = {"id": ident, "kind": "add", "client_at": int(time.time() * 1000), "target": None}
            operation |= {"event": new_id(), "code": self.codes[n % len(self.codes)]}
            operation |= {"start_ms": chance.randrange(practice.HOUR_MS), "end_ms": None, "values": {}}
            self.pending[ident] = operation
            began = time.perf_counter()
            since = self._send(door, since)
            self.waits.append((began, 1000 * (time.perf_counter() - began)))
            if n % 10 == 0:
                self._ask(door, "POST", "position", {"position_ms": n * 1000, "time_spent_ms": 10_000})
                self._ask(door, "GET", f"operations?since={since}")
        for _ in range(LAST_TRIES):
            if not self.pending:
                break
            self._send(door, since)

    def _send(self, door: http.client.HTTPConnection, since: int) -> int:
        """Post what is not acknowledged yet; the sequence number after it."""
        self.again |= self.sent & self.pending.keys()
        self.sent |= self.pending.keys()
        answer = self._ask(door, "POST", "operations", {"operations": list(self.pending.values())})
        self.acknowledged.update(answer.get("acknowledged", []))
        for refused in answer.get("refused", []):
            self.refused.add(refused["id"])
            self.failures.append(f"refused: {refused['reason']}")
        for ident in (self.acknowledged | self.refused) & self.pending.keys():
            del self.pending[ident]
        return int(answer.get("seq", since))

    def _play(self, end: threading.Event) -> None:
        """Range after range at the pace at which the video plays; now and then somewhere else."""
        door = self._door()
        chance = random.Random(-self.number)
        pace = self.recording.duration_ms / 1000 / self.recording.size_bytes
        at = chance.randrange(self.recording.size_bytes)
        while not end.is_set():
            last = min(at + RANGE, self.recording.size_bytes) - 1
            try:
                headers = {"cookie": self._headers["cookie"], "range": f"bytes={at}-{last}"}
                door.request("GET", f"/wb/recordings/{self.recording.id}/media", headers=headers)
                response = door.getresponse()
                self.bytes += len(response.read())
                if response.status != 206:
                    self.failures.append(f"media {response.status}")
            except (OSError, http.client.HTTPException) as error:
                self.failures.append(f"media {type(error).__name__}")
                door.close()
            jump = last + 1 >= self.recording.size_bytes or chance.random() < 0.05
            at = chance.randrange(self.recording.size_bytes) if jump else last + 1
            end.wait(RANGE * pace)

    def _door(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.site.port, timeout=30)

    def _ask(self, door: http.client.HTTPConnection, method: str, what: str, body: object = None) -> dict:  # type: ignore[type-arg]
        try:
            text = None if body is None else json.dumps(body)
            door.request(method, f"/wb/codings/{self.coding_id}/{what}", text, self._headers)
            response = door.getresponse()
            answer = json.loads(response.read() or b"{}")
        except (OSError, http.client.HTTPException, ValueError) as error:
            self.failures.append(f"{what} {type(error).__name__}")
            door.close()
            return {}
        if response.status != 200:
            self.failures.append(f"{what} {response.status}")
            return {}
        return dict(answer)


def measure(
    site: Site, browser: Browser, session: Session, recording: Recording, seconds: float
) -> tuple[list[Measured], str]:
    """The rows, and a paragraph on memory."""
    raters = []
    for number in range(RATERS):
        person = practice.rater(site, f"rater{number:02}")
        assignment = practice.assigned(site, session, person)
        assert assignment.coding_id is not None
        scheme = practice.points(site, assignment)
        raters.append(Rater(site, person.login_name or "", assignment.coding_id, recording, scheme, number))
    watcher = practice.rater(site, "watcher")
    watched = practice.assigned(site, session, watcher)
    end = threading.Event()
    before = rss_mb(site.server.pid)
    threads = [t for rater in raters for t in rater.live(end)]
    began = time.perf_counter()
    samples: list[tuple[float, float]] = []
    sampler = threading.Thread(target=_sample, args=(site.server.pid, began, samples, end), daemon=True)
    sampler.start()
    end.wait(seconds)
    alone_until = time.perf_counter()
    in_browser = keys.one_run(site, browser, "watcher", watched)
    end.set()
    for thread in [*threads, sampler]:
        thread.join(35)
    took = time.perf_counter() - began
    lost, doubled = _kept(site, raters)
    waits = [ms for r in raters for at, ms in r.waits if at < alone_until]
    sent = sum(len(r.sent) for r in raters)
    moved = sum(r.bytes for r in raters) / took / 1e6
    failures = Counter(f for r in raters for f in r.failures)
    minutes = (alone_until - began) / 60
    note = f"{len(waits):,} codes in {minutes:.1f} minutes; {moved:.1f} MB/s of video; "
    note += f"p50 {statistics.median(waits):.0f} ms"
    if again := sum(len(r.again) for r in raters):
        note += f"; {again} sent again"
    if failures:
        note += "; failures: " + ", ".join(f"{what} ×{n}" for what, n in failures.items())
    rows = [
        Measured(
            f"{RATERS} raters with video, a code a second each: p99 until it is saved",
            (percentile(waits, 0.99),),
            "ms",
            250,
            worst=max(waits),
            note=note,
        ),
        Measured("codes lost or kept twice", (float(lost + doubled),), "", 0, note=f"of {sent:,}"),
        Measured(
            "key to the drawn code, in a browser among them", (statistics.median(in_browser["drawn"]),), "ms", None,
            worst=max(in_browser["drawn"]), note="one run",
        ),
        Measured(
            "key to the acknowledgement, in a browser among them", (statistics.median(in_browser["acknowledged"]),),
            "ms", None, worst=max(in_browser["acknowledged"]), note="one run",
        ),
    ]  # fmt: skip
    return rows, memory(before, samples)


def _kept(site: Site, raters: list[Rater]) -> tuple[int, int]:
    """Operations that were made and are not in the database, refused ones aside, and those that are there twice."""
    lost = doubled = 0
    with site.workspace.reading() as connection:
        for rater in raters:
            there = Counter(o.id for _, o in codings.operations(connection, rater.coding_id))
            lost += len(rater.sent - rater.refused - there.keys())
            doubled += sum(n - 1 for n in there.values())
    return lost, doubled


def rss_mb(pid: int) -> float:
    text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    found = re.search(r"^Rss:\s+(\d+) kB", text, re.MULTILINE)
    assert found is not None
    return int(found[1]) / 1024


def _sample(pid: int, began: float, samples: list[tuple[float, float]], end: threading.Event) -> None:
    while not end.wait(SAMPLE_S):
        samples.append((time.perf_counter() - began, rss_mb(pid)))


def memory(before: float, samples: list[tuple[float, float]]) -> str:
    """What the server's memory did. The slope is that of the last two thirds; more than was run is labelled so."""
    late = samples[len(samples) // 3 :]
    if len(late) < 3:
        return "Too short a run to say anything of memory."
    fit = statistics.linear_regression([t for t, _ in late], [mb for _, mb in late])
    minutes = samples[-1][0] / 60
    hour = f"{fit.slope * 3600:+.0f} MB an hour"
    if minutes < 59:
        hour += f" if it went on so (extrapolated from {minutes:.0f} minutes, not an hour that was run)"
    return (
        f"Memory of the server (RSS): {before:.0f} MB before, {late[0][1]:.0f} MB after {late[0][0] / 60:.1f} minutes, "
        f"{samples[-1][1]:.0f} MB after {minutes:.1f} minutes, at most {max(mb for _, mb in samples):.0f} MB; "
        f"since the first third {hour}."
    )
