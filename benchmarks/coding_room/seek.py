"""Far seeks in an hour of video of 1 GB: out of the vault, and from a plain file served by Starlette beside it."""

from __future__ import annotations

import contextlib
import random
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser

from benchmarks.coding_room.measured import RUNS, Measured
from tests import browsing
from tests.browsing import Site, enter, free_port
from workbench.model.assignment import Assignment

SEEKS = 12
AT_LEAST_S = 300  # a seek is far when it goes this far

# From setting the time to the event that says that playing can go on there.
SEEK = """
async (moments) => {
  const media = document.querySelector("video") ?? [...document.querySelectorAll("*")]
    .map((e) => e.shadowRoot?.querySelector("[data-testid=media]")).find(Boolean);
  if (media.readyState < 2) await new Promise((r) => media.addEventListener("canplay", r, { once: true }));
  const times = [];
  for (const moment of moments) {
    const from = performance.now();
    const done = new Promise((r) => media.addEventListener("seeked", r, { once: true }));
    media.currentTime = moment;
    await done;
    times.push(performance.now() - from);
    await new Promise((r) => setTimeout(r, 150));
  }
  return times;
}
"""
PLAIN = """
import sys, uvicorn
from starlette.applications import Starlette
from starlette.responses import FileResponse, HTMLResponse
from starlette.routing import Route
film = lambda request: FileResponse(sys.argv[1], media_type="video/mp4")
page = lambda request: HTMLResponse('<video src="/film" preload="auto" muted></video>')
app = Starlette(routes=[Route("/film", film), Route("/", page)])
uvicorn.run(app, port=int(sys.argv[2]), log_level="error")
"""


def measure(site: Site, browser: Browser, login_name: str, assignment: Assignment, video: Path) -> list[Measured]:
    """A run is `SEEKS` far seeks in a freshly opened page; the two ways take turns."""
    ours: list[list[float]] = []
    plain: list[list[float]] = []
    chance = random.Random(4)
    with plain_server(video) as url:
        for _ in range(RUNS):
            moments = far(chance)
            context = browser.new_context(viewport=browsing.SCREEN)
            page = enter(context, site, login_name, f"/code?assignment={assignment.id}")
            browsing.room(page)
            ours.append(page.evaluate(SEEK, moments))
            context.close()
            context = browser.new_context(viewport=browsing.SCREEN)
            page = context.new_page()
            page.goto(url)
            plain.append(page.evaluate(SEEK, moments))
            context.close()
    size = f"{video.stat().st_size / 1e6:,.0f} MB, one hour"
    return [
        _row("far seek in the coding room, video out of the vault", ours, 150, size),
        _row("the same file, plain, from Starlette’s FileResponse", plain, None, "to compare: nothing sealed or asked"),
    ]


def _row(what: str, runs: list[list[float]], goal: float | None, note: str) -> Measured:
    worst = max(v for run in runs for v in run)
    return Measured(what, tuple(map(statistics.median, runs)), "ms", goal, worst=worst, note=note)


def far(chance: random.Random) -> list[float]:
    """Moments of the hour, each far from the one before."""
    found = [chance.uniform(0, 3500)]
    while len(found) < SEEKS:
        moment = chance.uniform(0, 3580)
        if abs(moment - found[-1]) > AT_LEAST_S:
            found.append(moment)
    return found


@contextlib.contextmanager
def plain_server(video: Path) -> Iterator[str]:
    port = free_port()
    server = subprocess.Popen([sys.executable, "-c", PLAIN, str(video), str(port)])
    url = f"http://127.0.0.1:{port}/"
    try:
        for _ in range(100):
            with contextlib.suppress(OSError), urllib.request.urlopen(url):
                break
            time.sleep(0.1)
        yield url
    finally:
        server.terminate()
        server.wait()
