"""`serve`, `worker` and `demo` as processes: they say where they are, and end cleanly with Ctrl-C."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cli.running import Ran
from workbench import settings
from workbench.workflows import open_workspace, transcribe

Run = Callable[..., Ran]
pytestmark = pytest.mark.skipif(os.name == "nt", reason="ended by Ctrl-C as on a terminal")


def free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port: int = door.getsockname()[1]
        return port


class Server:
    """A command that runs until Ctrl-C; `lines` are what it said on its output so far."""

    def __init__(self, *arguments: object) -> None:
        command = [sys.executable, "-m", "workbench", *map(str, arguments)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.said: dict[str, list[str]] = {"out": [], "err": []}
        self._threads = [
            threading.Thread(target=self._read, args=(name, stream), daemon=True)
            for name, stream in (("out", self.process.stdout), ("err", self.process.stderr))
        ]
        for thread in self._threads:
            thread.start()

    def _read(self, name: str, stream: Any) -> None:
        for line in stream:
            self.said[name].append(line)

    def until(self, heard: Callable[[str, str], bool], seconds: float = 60) -> tuple[str, str]:
        """What was said once `heard(output, errors)` says so."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            out, err = ("".join(self.said[name]) for name in ("out", "err"))
            if heard(out, err):
                return out, err
            assert self.process.poll() is None, f"ended with {self.process.returncode}: {out}{err}"
            time.sleep(0.1)
        raise AssertionError(f"not heard within {seconds} s: {self.said}")

    def end(self) -> tuple[int, float]:
        """Press Ctrl-C; the exit status, and how long the end took."""
        started = time.monotonic()
        self.process.send_signal(signal.SIGINT)
        status = self.process.wait(timeout=60)
        for thread in self._threads:
            thread.join(5)
        return status, time.monotonic() - started


@pytest.fixture
def start() -> Iterator[Callable[..., Server]]:
    with contextlib.ExitStack() as running:

        def of(*arguments: object) -> Server:
            server = Server(*arguments)
            running.callback(server.process.wait)
            running.callback(server.process.kill)
            return server

        yield of


def whole(out: str, _: str) -> bool:
    with contextlib.suppress(ValueError):
        return bool(json.loads(out))
    return False


def test_the_server_says_where_it_is_with_a_worker_beside_it_and_both_end(
    run: Run, start: Callable[..., Server]
) -> None:
    run("init")
    server = start("serve", "--port", free_port(), "--json")
    told = json.loads(server.until(whole)[0])
    with urllib.request.urlopen(f"{told['url']}/sign-in") as answer:
        assert answer.status == 200
    workspace = open_workspace.open_(settings.load())
    try:
        deadline = time.monotonic() + 60
        while not transcribe.workers_alive(workspace):
            assert time.monotonic() < deadline, "no worker came"
            time.sleep(0.2)
        status, _ = server.end()
        assert (status, transcribe.workers_alive(workspace)) == (0, 0)
    finally:
        workspace.close()
    assert "Traceback" not in "".join(server.said["err"])


def test_the_next_free_port_is_taken_and_said(run: Run, start: Callable[..., Server]) -> None:
    run("init")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        server = start("serve", "--no-worker", "--port", port)
        out, err = server.until(lambda out, _: "http://" in out)
    assert f"Port {port} is taken" in err and f":{port}\n" not in out
    assert server.end()[0] == 0


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("--host", "0.0.0.0"), "unprotected"),
        (("--tls-cert", "gone.pem"), "go together"),
        (("--host", "203.0.113.7", "--behind-proxy"), "not an address of this computer"),
    ],
)
def test_a_server_that_may_not_listen_so_says_why(run: Run, arguments: tuple[str, ...], word: str) -> None:
    run("init")
    ran = run("serve", "--no-worker", *arguments)
    assert ran.status == 1 and word in ran.err


def test_a_port_that_is_none_is_malformed(run: Run) -> None:
    run("init")
    assert run("serve", "--port", "99999").status == 2


def test_a_worker_says_when_it_is_ready_and_ends_with_ctrl_c(run: Run, start: Callable[..., Server]) -> None:
    run("init")
    worker = start("worker", "--json")
    out, _ = worker.until(lambda out, _: "ready" in out)
    assert json.loads(out.splitlines()[0])["said"] == "The worker is ready."
    assert worker.end()[0] == 0


def test_the_demo_never_touches_a_workspace_that_is_not_its_own(run: Run) -> None:
    run("init")
    run("study", "add", "Mine")
    folder = settings.load().workspace
    ran = run("demo", "--fresh", "--no-browser", "--workspace", folder)
    assert ran.status == 1 and "is not the demo's" in ran.err
    assert [s["name"] for s in run("study", "list", "--json").json] == ["Mine"]


def test_the_demo_prints_address_and_sign_ins_and_works_without_models_or_speech(
    start: Callable[..., Server], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORKBENCH_TRANSCRIPTION_MODEL", "medium")  # nothing is fetched: it is not in the registry
    monkeypatch.setenv("WORKBENCH_MODELS_FOLDER", str(tmp_path / "models"))
    server = start("demo", "--no-browser", "--port", free_port(), "--json")
    out, _ = server.until(whole, 120)
    told = json.loads(out)
    assert Path(told["workspace"]).name == "home-demo"
    assert {p["login"] for p in told["people"]} >= {"observer1", "observer2", "supervisor", "researcher", "admin"}
    with urllib.request.urlopen(f"{told['url']}/sign-in") as answer:
        assert answer.status == 200
    server.until(lambda _, err: "Transcription is off" in err)
    assert server.end()[0] == 0
    again = start("demo", "--no-browser", "--port", free_port())
    out, _ = again.until(lambda out, _: "Ctrl-C" in out, 60)
    lines = [line.split() for line in out.splitlines() if line.strip().startswith("observer1")]
    assert lines and lines[0][1] != told["people"][0]["password"] and lines[0][2] == "observer"
    assert again.end()[0] == 0
