"""How fast the app is for the people in front of it, on the demo's workspace, in Chromium.

python -m benchmarks.app [--out benchmarks/results/app.md]

Keys, seeking, long sessions and many raters have a benchmark of their own: `benchmarks/coding_room`.
"""

from __future__ import annotations

import argparse
import datetime
import os
import platform
import re
import sqlite3
import statistics
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, sync_playwright

from tests import browsing
from tests.browsing import Site, enter, launch, served
from workbench.app.screens import entries_for
from workbench.store.engine import journal_mode
from workbench.workflows import manage_people

TIMES = 5
GOALS = {"server": 5.0, "screen": 1.0, "memory": 300.0}
ROLES = ("observer1", "supervisor", "researcher", "admin", "provider")


def ready_seconds(folder: Path) -> list[float]:
    """From the command to the line that says that the server takes requests."""
    found = []
    with served(folder) as site:
        for _ in range(TIMES):
            site.stop()
            began = time.perf_counter()
            site.start()
            found.append(time.perf_counter() - began)
    return found


def screens(site: Site, browser: Browser) -> dict[str, list[float]]:
    """Seconds from the click in the navigation, or the address, to the drawn screen, by role and screen; warm."""
    found: dict[str, list[float]] = {}
    for login_name in ROLES:
        context = browser.new_context(viewport=browsing.SCREEN)
        page = enter(context, site, login_name)
        person = manage_people.find_person(site.workspace, login_name)
        entries = [e for e in entries_for(person) if e.in_navigation and e.name not in ("home", "account")]
        for turn in range(TIMES + 1):
            for entry in [*entries, entries_for(person)[0]]:
                seconds = by_navigation(page, entry.title)
                if turn:  # the first turn warms up
                    found.setdefault(f"{login_name.rstrip('1')}: {entry.title}", []).append(seconds)
        if login_name == "observer1":
            address = f"{site.url}/code?assignment={site.assignment('observer1', 'S1').id}"
            for turn in range(TIMES + 1):
                seconds = coding_room(page, site, address)
                if turn:
                    found.setdefault("observer: Coding room, from home", []).append(seconds)
        if login_name == "supervisor":
            for turn in range(TIMES + 1):
                seconds = session(page)
                if turn:
                    found.setdefault("supervisor: Session, from home", []).append(seconds)
        context.close()
    return found


def by_navigation(page: Page, title: str) -> float:
    """From the click on a screen's name to the screen."""
    link = page.get_by_test_id("stTopNavLink").filter(has_text=re.compile(f"^{title}$")).first
    return _until_drawn(page, link, title)


def _until_drawn(page: Page, link: Locator, title: str) -> float:
    began = time.perf_counter()
    link.click()
    page.wait_for_function(
        "title => document.title.startsWith(title + ' ·') && document.querySelector("
        "'[data-testid=stApp][data-test-script-state=notRunning]')",
        arg=title,
    )
    return time.perf_counter() - began


def coding_room(page: Page, site: Site, address: str) -> float:
    """From the button on the home screen to the room with waveform and transcript."""
    browsing.show(page, f"{site.url}/")
    button = page.locator(f".st-key-open-{address.rsplit('=', 1)[1]} button")
    button.wait_for()
    began = time.perf_counter()
    button.click()
    browsing.room(page)
    return time.perf_counter() - began


def session(page: Page) -> float:
    """From a link on the home screen to the session."""
    by_navigation(page, "Home")
    link = page.get_by_test_id("stPageLink").filter(has_text="Homework not done").first
    link.wait_for()
    return _until_drawn(page, link, "Session")


def memory_mb(pid: int) -> tuple[float, float]:
    """RSS and PSS of a process (PSS counts what it shares with others in parts)."""
    text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    found = {name: int(kb) / 1024 for name, kb in re.findall(r"^(Rss|Pss):\s+(\d+) kB", text, re.MULTILINE)}
    return found["Rss"], found["Pss"]


def row(name: str, values: list[float], goal: float | None, unit: str, digits: int = 2) -> str:
    middle, worst = statistics.median(values), max(values)
    verdict = "" if goal is None else ("yes" if middle <= goal else "**no**")
    wanted = "" if goal is None else f"{goal:g} {unit}"
    return f"| {name} | {middle:.{digits}f} {unit} | {worst:.{digits}f} {unit} | {wanted} | {verdict} |"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        started = ready_seconds(Path(folder) / "start")
        browser = launch(playwright)
        with served(Path(folder) / "site") as site:
            empty = memory_mb(site.server.pid)
            shown = screens(site, browser)
            rss, pss = memory_mb(site.server.pid)
            has_torch = "torch" in Path(f"/proc/{site.server.pid}/maps").read_text()
        version = browser.version
        browser.close()
    mode, why = journal_mode()
    lines = [
        "# How fast the app is",
        "",
        f"{datetime.date.today().isoformat()}. The demo's workspace (30 sessions, 27 of them fictional), one person "
        f"at a time; server and Chromium {version} share {os.cpu_count()} cores ({platform.machine()}), load "
        f"{load:.1f} before the start, {os.getloadavg()[0]:.1f} at the end. Python {platform.python_version()}, SQLite "
        f"{sqlite3.sqlite_version}, journal mode **{mode}**; {why} Medians of {TIMES}. "
        "A screen is timed from the click to its last drawn run, in a browser that "
        "has seen it once. `python -m benchmarks.app`",
        "",
        "| what | median | worst | goal | met |",
        "| --- | --- | --- | --- | --- |",
        row("server ready after the start", started, GOALS["server"], "s"),
        *(row(name, values, GOALS["screen"], "s") for name, values in sorted(shown.items())),
        "",
        f"Memory of the server after every screen of every role was visited {TIMES + 1} times: **{rss:.0f} MB** RSS, "
        f"{pss:.0f} MB PSS (goal {GOALS['memory']:g} MB); at the start {empty[0]:.0f} MB RSS. "
        f"torch is {'**loaded**' if has_torch else 'not loaded'}.",
        "",
    ]
    out = "\n".join(lines)
    print(out)
    if given.out:
        given.out.parent.mkdir(parents=True, exist_ok=True)
        given.out.write_text(out, encoding="utf-8")
    return 1 if "**no**" in out or rss > GOALS["memory"] else 0


if __name__ == "__main__":
    sys.exit(main())
