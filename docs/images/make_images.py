"""Takes the pictures of the README from the demo: `python -m docs.images.make_images`, in the checkout's folder."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests import browsing
from tests.browsing import Site, enter, launch, served
from workbench.model.ids import new_id, now_ms
from workbench.registry import shipped
from workbench.workflows import code, manage_people

HERE = Path(__file__).resolve().parent
MOMENT_MS = 117_400


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = launch(playwright)
        with served(Path(folder) / "site") as site:
            coding_room(browser, site)
            coding_utterances(browser, site)
            agreement(browser, site)
        browser.close()


def coding_room(browser: Browser, site: Site) -> None:
    """The practice session, half coded."""
    address = f"/code?assignment={site.assignment('observer1', 'S1').id}"
    page = _page(browser, site, "observer1", address)
    browsing.room(page)
    _code(site)
    browsing.show(page, f"{site.url}{address}&t={MOMENT_MS / 1000}")
    browsing.room(page)
    page.keyboard.press("Space")
    browsing.play_until(page, MOMENT_MS + 500)
    page.keyboard.press("Space")
    page.get_by_test_id("event").last.click()
    browsing.status(page, "all saved")
    _take(page, "coding_room.png")


def coding_utterances(browser: Browser, site: Site) -> None:
    """A session coded utterance by utterance: heard and its units settled, some of them coded."""
    address = f"/code?assignment={site.assignment('observer1', 'S2', 'mi_integrity').id}"
    page = _page(browser, site, "observer1", address)
    browsing.room(page)
    for done in ("listen", "unitize"):
        browsing.press(page, "Control+Enter")
        page.locator(f"[data-testid=pass-{done}]:not([aria-current])").wait_for()
    for key in "xx2xa12rwa2xweea":
        browsing.press(page, key, "Escape", "n")
    browsing.status(page, "all saved")
    _take(page, "coding_utterances.png")


def agreement(browser: Browser, site: Site) -> None:
    """Where the raters of the fictional study disagree."""
    page = _page(browser, site, "supervisor", "/agreement")
    page.get_by_test_id("stVegaLiteChart").first.wait_for()
    browsing.quiet(page)
    page.wait_for_load_state("networkidle")
    _take(page, "agreement.png")


def _page(browser: Browser, site: Site, login_name: str, path: str) -> Page:
    return enter(browser.new_context(viewport=browsing.SCREEN, color_scheme="light"), site, login_name, path)


def _code(site: Site) -> None:
    """What the criterion coding has before the moment, as if an observer had coded it."""
    criterion = json.loads((shipped("sample_media") / "codings" / "dev1_rupture_repair.criterion.json").read_text())
    person = manage_people.find_person(site.workspace, "observer1")
    coding_id = site.assignment("observer1", "S1").coding_id
    assert coding_id is not None
    before = [e for e in criterion["events"] + criterion["also_defensible"] if e["start_ms"] < MOMENT_MS]
    batch = []
    for event in sorted(before, key=lambda e: e["start_ms"]):
        open_still = event["end_ms"] is not None and event["end_ms"] > MOMENT_MS
        batch.append(
            {
                "id": new_id(),
                "kind": "add",
                "client_at": now_ms(),
                "event": new_id(),
                "code": event["code"],
                "start_ms": event["start_ms"],
                "end_ms": None if open_still else event["end_ms"],
                "values": {},
            }
        )
    written = code.write_operations(site.workspace, person, coding_id, batch).result()
    assert not written.refused, written.refused


def _take(page: Page, name: str) -> None:
    target = HERE / name
    page.screenshot(path=target, animations="disabled", caret="hide")
    print(f"{target}  {target.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
