"""Servers and browsers that are killed while somebody codes: every code that was drawn is kept, once."""

from __future__ import annotations

import os
import signal
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, Playwright, expect, sync_playwright

from tests import browsing
from tests.browsing import FLAGS, PATIENCE_MS, SCREEN, Site, chromium_path, served
from workbench.model.coding import OperationKind
from workbench.model.span import clock
from workbench.workflows import sign_in

pytestmark = [pytest.mark.faults, pytest.mark.browser]

POINTS = "qwertasdfgb"
BURST = 60
# Wait until the browser's store has this as the place where the rater is; false after half a minute.
NOTED = """async ms => {
  const places = () => new Promise((done, failed) => {
    const request = indexedDB.open("alliance-workbench-journal");
    request.onerror = failed;
    request.onsuccess = () => {
      const all = request.result.transaction("places").objectStore("places").getAll();
      all.onsuccess = () => (request.result.close(), done(all.result));
    };
  });
  for (const end = performance.now() + 30000; performance.now() < end; await new Promise((go) => setTimeout(go, 50))) {
    if ((await places()).some((place) => place.position_ms === ms)) return true;
  }
  return false;
}"""


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with served(tmp_path / "site") as made:
        yield made


class Profile:
    """A browser with a folder of its own, which outlives the browser."""

    def __init__(self, playwright: Playwright, folder: Path) -> None:
        self.playwright, self.folder = playwright, folder
        self.context = self.open()

    def open(self) -> BrowserContext:
        self.context = self.playwright.chromium.launch_persistent_context(
            str(self.folder), executable_path=chromium_path(), args=FLAGS, viewport=SCREEN
        )
        return self.context

    def kill(self) -> None:
        """Kill the browser's main process; the others end with it, and only then another may use the folder."""
        wanted = f"--user-data-dir={self.folder}"
        mains = []
        for process in Path("/proc").glob("[0-9]*"):
            try:
                arguments = (process / "cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            if wanted.encode() in arguments and not any(a.startswith(b"--type=") for a in arguments):
                mains.append(int(process.name))
        assert mains, "the browser is not running"
        family = mains + [child for pid in mains for child in below(pid)]
        for pid in mains:
            os.kill(pid, signal.SIGKILL)
        end = time.monotonic() + 60
        while any(alive(pid) for pid in family):
            assert time.monotonic() < end, "a part of the browser outlived it"
            time.sleep(0.05)


def status_of(pid: int) -> list[str]:
    """The state and the parent of a process, and what else Linux tells after its name; empty where it is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def alive(pid: int) -> bool:
    return status_of(pid)[:1] not in ([], ["Z"], ["X"])


def below(pid: int) -> list[int]:
    """The processes that a process began, and those that these began."""
    running = {int(p.name): status_of(int(p.name)) for p in Path("/proc").glob("[0-9]*")}
    own = [child for child, status in running.items() if status[1:2] == [str(pid)]]
    return own + [each for child in own for each in below(child)]


@pytest.fixture
def profile(playwright: Playwright, tmp_path: Path) -> Iterator[Profile]:
    made = Profile(playwright, tmp_path / "profile")
    yield made
    made.context.close()


def coding(context: BrowserContext, site: Site) -> Page:
    """Observer One in the coding room of the practice session; signs in where that is asked."""
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.goto(f"{site.url}/code?assignment={site.assignment('observer1', 'S1').id}")
    if "/sign-in" in page.url:
        browsing.sign_in(page, "observer1", site.passwords["observer1"])
    browsing.room(page)
    return page


def press(page: Page, count: int) -> None:
    for n in range(count):
        page.keyboard.press(POINTS[n % len(POINTS)])


def all_drawn(page: Page, count: int) -> set[str]:
    """Wait until so many events are drawn; their ids."""
    expect(page.get_by_test_id("event")).to_have_count(count)
    ids = browsing.drawn(page)
    assert len(set(ids)) == count
    return set(ids)


def stored_once(site: Site, drawn: set[str]) -> None:
    """What was drawn is in the database: each event by exactly one operation, and nothing else."""
    added = Counter(o.event for o in site.operations("observer1", "S1") if o.kind is OperationKind.ADD)
    assert set(added) == drawn
    assert set(added.values()) == {1}
    assert {e.id for e in site.content("observer1", "S1").events} == drawn


def test_a_server_killed_in_a_burst_of_keys_loses_none_of_them(site, profile):
    page = coding(profile.context, site)
    page.keyboard.press("Space")
    press(page, BURST // 2)
    site.kill()  # between two keys, with what it was just sent in its hands
    press(page, BURST - BURST // 2)
    drawn = all_drawn(page, BURST)
    browsing.status(page, "offline")
    assert len(site.operations("observer1", "S1")) <= BURST // 2
    press(page, 5)  # and coding goes on without it
    drawn = all_drawn(page, BURST + 5)

    site.start()
    browsing.status(page, "all saved")
    stored_once(site, drawn)


def test_a_browser_killed_while_the_server_is_down_delivers_when_both_are_back(site, profile):
    page = coding(profile.context, site)
    press(page, 3)
    browsing.status(page, "all saved")
    site.kill()
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    press(page, 20)
    drawn = all_drawn(page, 23)
    was = browsing.now_ms(page)
    assert page.evaluate(NOTED, round(was))  # where the rater is, is noted each second
    page.wait_for_timeout(500)  # and the browser gives it to the system
    profile.kill()
    assert len(site.operations("observer1", "S1")) == 3

    site.start()
    page = coding(profile.open(), site)
    expect(page.get_by_test_id("message")).to_have_text(
        f"All 23 codes are here. Back at {clock(round(was))}, 3 s earlier."
    )
    assert browsing.now_ms(page) == pytest.approx(was - 3000, abs=50)
    browsing.status(page, "all saved")
    assert all_drawn(page, 23) == drawn
    stored_once(site, drawn)


def test_a_sign_in_that_ends_in_mid_coding_is_told_and_nothing_is_lost(site, profile):
    page = coding(profile.context, site)
    press(page, 2)
    browsing.status(page, "all saved")
    token = next(c["value"] for c in profile.context.cookies() if c["name"] == "workbench_login")
    sign_in.sign_out(site.workspace, token)

    press(page, 10)
    browsing.status(page, "sign in again, 10 kept on this computer")
    assert len(site.operations("observer1", "S1")) == 2
    drawn = all_drawn(page, 12)
    page.get_by_test_id("status").get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/sign-in?next=**")
    browsing.sign_in(page, "observer1", site.passwords["observer1"])
    browsing.room(page)
    browsing.status(page, "all saved")
    assert all_drawn(page, 12) == drawn
    stored_once(site, drawn)


def test_two_tabs_of_one_coding_show_and_store_each_code_once(site, profile):
    one, two = coding(profile.context, site), coding(profile.context, site)
    press(one, 5)
    press(two, 5)
    drawn = all_drawn(one, 10)
    assert all_drawn(two, 10) == drawn

    site.kill()
    press(one, 4)
    press(two, 4)
    drawn = all_drawn(one, 18)
    assert all_drawn(two, 18) == drawn
    site.start()
    for tab in (one, two):
        tab.bring_to_front()
        browsing.status(tab, "all saved")
    stored_once(site, drawn)
    two.keyboard.press("Control+z")
    browsing.status(two, "all saved")
    expect(one.get_by_test_id("event")).to_have_count(17)
