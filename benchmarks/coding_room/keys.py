"""From the press of a key to the drawn code, and to the acknowledgement of the server, while the recording plays."""

from __future__ import annotations

import statistics

from playwright.sync_api import Browser, Page

from benchmarks.coding_room.measured import RUNS, Measured, percentile
from tests import browsing
from tests.browsing import Site, enter
from workbench.model.assignment import Assignment

KEYS = 20
POINTS = "qwertasdfg"

# The room takes keys for itself, so that who wants to see them as well must stand before it.
SEE_KEYS = "window.addEventListener('keydown', (e) => window.pressed?.(e), { capture: true })"
# Times in the page: from the press (the event's own instant) to the frame that shows the new number of codes,
# and to "all saved". A virtual list need not show the new row, so that the number is what is watched. Nothing
# polls: who watches must not slow down what is watched.
WATCH_KEYS = """
() => {
  const room = document.querySelector("[data-testid=coding-room]") ?? [...document.querySelectorAll("*")]
    .map((e) => e.shadowRoot?.querySelector("[data-testid=coding-room]")).find(Boolean);
  const [tab, status] = ["tab-events", "status"].map((id) => room.querySelector(`[data-testid=${id}]`));
  const times = (window.keyTimes = { drawn: [], acknowledged: [] });
  let pressed = null;
  let told = () => {};
  window.nextKey = () => new Promise((done) => (told = done));
  window.pressed = (e) => (pressed = { at: e.timeStamp, before: tab.textContent, drawn: false });
  const look = () => {
    if (!pressed) return;
    if (!pressed.drawn && tab.textContent !== pressed.before) {
      const mine = pressed;
      mine.drawn = true;
      requestAnimationFrame(() => times.drawn.push(performance.now() - mine.at));
    }
    if (pressed.drawn && status.textContent.startsWith("all saved")) {
      times.acknowledged.push(performance.now() - pressed.at);
      pressed = null;
      setTimeout(told, 60);
    }
  };
  const observer = new MutationObserver(look);
  const changes = { childList: true, subtree: true, characterData: true };
  for (const element of [tab, status]) observer.observe(element, changes);
}
"""


def measure(site: Site, browser: Browser, login_name: str, assignment: Assignment, what: str) -> list[Measured]:
    """Two rows: key to drawn, key to acknowledged; a run is `KEYS` keys in a freshly opened room."""
    drawn: list[list[float]] = []
    acknowledged: list[list[float]] = []
    for _ in range(RUNS):
        times = one_run(site, browser, login_name, assignment)
        drawn.append(times["drawn"])
        acknowledged.append(times["acknowledged"])
    return [
        _row(f"key to the drawn code, {what}", drawn, 35),
        _row(f"key to the acknowledgement, {what}", acknowledged, 100),
    ]


def _row(what: str, runs: list[list[float]], goal: float) -> Measured:
    every = [v for run in runs for v in run]
    note = f"p95 {percentile(every, 0.95):.0f} ms of {len(every)} keys"
    return Measured(what, tuple(map(statistics.median, runs)), "ms", goal, worst=max(every), note=note)


def one_run(site: Site, browser: Browser, login_name: str, assignment: Assignment) -> dict[str, list[float]]:
    context = browser.new_context(viewport=browsing.SCREEN)
    context.add_init_script(SEE_KEYS)
    page = enter(context, site, login_name, f"/code?assignment={assignment.id}")
    browsing.room(page)
    page.keyboard.press("Space")
    page.evaluate(WATCH_KEYS)
    for n in range(KEYS + 2):
        press_and_wait(page, POINTS[n % 10])
    times: dict[str, list[float]] = page.evaluate("window.keyTimes")
    context.close()
    return {name: values[2:] for name, values in times.items()}  # the first two warm up


def press_and_wait(page: Page, key: str) -> None:
    page.evaluate("() => void (window.next = window.nextKey())")
    page.keyboard.press(key)
    page.evaluate("() => window.next")
