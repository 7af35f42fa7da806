"""Frames a second with 5,000 codes, while the recording plays and the list and the transcript are scrolled."""

from __future__ import annotations

from playwright.sync_api import Browser

from benchmarks.coding_room.measured import RUNS, Measured
from tests import browsing
from tests.browsing import Site, enter
from workbench.model.assignment import Assignment

SECONDS = 3

# Counts the frames of each second, while `what` is scrolled up and down by a third of its height a frame.
FRAMES = """
async ([what, seconds]) => {
  const room = document.querySelector("[data-testid=coding-room]") ?? [...document.querySelectorAll("*")]
    .map((e) => e.shadowRoot?.querySelector("[data-testid=coding-room]")).find(Boolean);
  const scrolls = (e) => e && e.scrollHeight > e.clientHeight + 50 && getComputedStyle(e).overflowY !== "visible";
  let box = what && room.querySelector(what);
  if (box && !scrolls(box)) box = [...box.querySelectorAll("*")].find(scrolls) ?? box;
  while (box && !scrolls(box)) box = box.parentElement;
  if (what && !box) throw new Error(`nothing scrolls at ${what}`);
  const counts = [];
  let [n, from, longest, last, down] = [0, performance.now(), 0, performance.now(), 1];
  await new Promise((done) => {
    const frame = (now) => {
      n += 1;
      longest = Math.max(longest, now - last);
      last = now;
      if (box) {
        if (box.scrollTop + box.clientHeight >= box.scrollHeight - 2) down = -1;
        if (box.scrollTop <= 0) down = 1;
        box.scrollTop += down * box.clientHeight / 3;
      }
      if (now - from >= 1000) {
        counts.push((n * 1000) / (now - from));
        [n, from] = [0, now];
      }
      if (counts.length < seconds) requestAnimationFrame(frame);
      else done();
    };
    requestAnimationFrame(frame);
  });
  return { slowest: Math.min(...counts), mean: counts.reduce((a, b) => a + b) / counts.length, longest };
}
"""
SCROLLED = {
    "playing": None,
    "playing and scrolling the codes": "[data-testid=events]",
    "playing and scrolling the transcript": "[data-testid=transcript]",
}


def measure(site: Site, browser: Browser, login_name: str, assignment: Assignment, events: int) -> list[Measured]:
    """A run is so many seconds of each; its figure is the slowest second."""
    found: dict[str, list[dict[str, float]]] = {name: [] for name in SCROLLED}
    context = browser.new_context(viewport=browsing.SCREEN)
    page = enter(context, site, login_name, f"/code?assignment={assignment.id}")
    browsing.room(page)
    page.keyboard.press("Space")
    page.wait_for_timeout(1000)
    for _ in range(RUNS):
        for name, where in SCROLLED.items():
            found[name].append(page.evaluate(FRAMES, [where, SECONDS]))
    context.close()
    return [_row(f"{name}, {events:,} codes: slowest second", runs) for name, runs in found.items()]


def _row(what: str, runs: list[dict[str, float]]) -> Measured:
    slowest = tuple(run["slowest"] for run in runs)
    longest = max(run["longest"] for run in runs)
    mean = sum(run["mean"] for run in runs) / len(runs)
    note = f"mean {mean:.0f} fps, longest frame {longest:.0f} ms"
    return Measured(what, slowest, "fps", 30, at_least=True, note=note)
