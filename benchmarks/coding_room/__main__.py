"""How fast the coding room is.

python -m benchmarks.coding_room [--only keys seek opening scrolling raters] [--minutes 3] [--out FILE]

The final figures: python -m benchmarks.coding_room --out benchmarks/results/coding_room.md
"""

from __future__ import annotations

import argparse
import datetime
import os
import platform
import sqlite3
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from benchmarks.coding_room import keys, opening, practice, raters, scrolling, seek
from benchmarks.coding_room.hour import write_hour
from benchmarks.coding_room.measured import HEAD, RUNS, Measured
from tests.browsing import launch
from workbench.store.engine import journal_mode

QUESTIONS = ("keys", "seek", "opening", "scrolling", "raters")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", choices=QUESTIONS, default=QUESTIONS)
    parser.add_argument("--minutes", type=float, default=3.0, help="how long the twenty raters work")
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    load = os.getloadavg()[0]
    rows: list[Measured] = []
    told: list[str] = []
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        browser = launch(playwright)
        with practice.practice(folder) as site:
            rater = practice.rater(site, "measured")
            if {"keys", "opening"} & set(given.only):
                session, _ = practice.hour_session(site, "M1")
                assignment = practice.assigned(site, session, rater, events=1000)
                if "opening" in given.only:
                    what = f"{practice.WORDS:,} words and 1,000 codes"
                    rows += opening.measure(site, browser, "measured", assignment, 1000, what, 2.5)
                if "keys" in given.only:
                    rows += keys.measure(site, browser, "measured", assignment, "among 1,000 codes, playing")
            if "scrolling" in given.only:
                session, _ = practice.hour_session(site, "M2")
                assignment = practice.assigned(site, session, rater, events=5000)
                rows += scrolling.measure(site, browser, "measured", assignment, 5000)
                rows += keys.measure(site, browser, "measured", assignment, "among 5,000 codes, playing")
            if {"seek", "raters"} & set(given.only):
                video = write_hour(folder / "video.mp4")
                session, recording = practice.hour_session(site, "M3", video=video)
                if "seek" in given.only:
                    assignment = practice.assigned(site, session, rater)
                    rows += seek.measure(site, browser, "measured", assignment, video)
                if "raters" in given.only:
                    more, memory = raters.measure(site, browser, session, recording, given.minutes * 60)
                    rows += more
                    told.append(memory)
        version = browser.version
        browser.close()
    mode, why = journal_mode()
    lines = [
        "# How fast the coding room is",
        "",
        f"{datetime.date.today().isoformat()}. Server, Chromium {version} (headless, no graphics card) and the raters "
        f"share {os.cpu_count()} cores ({platform.machine()}); load {load:.1f} before the start, "
        f"{os.getloadavg()[0]:.1f} at the end. Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, "
        f"journal mode **{mode}**; {why} Sessions of an hour. Medians of {RUNS} runs unless the row says otherwise; "
        "“worst” is the worst single value. `python -m benchmarks.coding_room --minutes "
        f"{given.minutes:g}`",
        "",
        HEAD,
        *(row.row() for row in rows),
        "",
        *(f"{paragraph}\n" for paragraph in told),
    ]
    out = "\n".join(lines).rstrip() + "\n"
    print(out)
    if given.out:
        given.out.parent.mkdir(parents=True, exist_ok=True)
        given.out.write_text(out, encoding="utf-8")
    return 0 if all(row.met for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
