"""From the click on the home screen to a room that can be worked in, with a long transcript and many codes."""

from __future__ import annotations

import time

from playwright.sync_api import Browser, Page

from benchmarks.coding_room.measured import RUNS, Measured
from tests import browsing
from tests.browsing import Site, enter
from workbench.model.assignment import Assignment

# Ready, its codes counted, its transcript and waveform there.
USABLE = """
(events) => {
  const room = document.querySelector("[data-testid=coding-room]") ?? [...document.querySelectorAll("*")]
    .map((e) => e.shadowRoot?.querySelector("[data-testid=coding-room]")).find(Boolean);
  return room?.dataset.ready === "true" && room.querySelector("[data-testid=tab-events]").textContent.includes(events)
    && room.querySelector("[data-testid=transcript]").textContent.length > 100
    && room.querySelector("[data-testid=status]").textContent.includes("all saved");
}
"""


def measure(
    site: Site, browser: Browser, login_name: str, assignment: Assignment, events: int, what: str, goal: float
) -> list[Measured]:
    """A run is one opening, in a browser that has opened the room once."""
    context = browser.new_context(viewport=browsing.SCREEN)
    page = enter(context, site, login_name)
    seconds = [one_run(page, site, assignment, events) for _ in range(RUNS + 1)][1:]
    context.close()
    return [Measured(f"opening a session with {what}, from the click", tuple(seconds), "s", goal, digits=2)]


def one_run(page: Page, site: Site, assignment: Assignment, events: int) -> float:
    browsing.show(page, f"{site.url}/")
    button = page.locator(f".st-key-open-{assignment.id} button")
    button.wait_for()
    began = time.perf_counter()
    button.click()
    page.wait_for_function(USABLE, arg=f"{events}", polling="raf")
    return time.perf_counter() - began
