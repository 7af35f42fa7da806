"""One coding in two tabs, and one that others change while it is open: all of it appears, nothing is lost."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests import browsing
from tests.browsing import Site
from workbench.model.assignment import Assignment
from workbench.model.coding import CodingState
from workbench.workflows import hand_back, manage_people

pytestmark = pytest.mark.browser

SCALES = ("bond", "goals", "tasks", "rupture_significance", "repair_success")
OPERATIONS = re.compile(r"/operations$")
# Wait until the browser's store has an operation as refused; false after half a minute.
REFUSED_IN_JOURNAL = """async () => {
  const operations = () => new Promise((done, failed) => {
    const request = indexedDB.open("alliance-workbench-journal");
    request.onerror = failed;
    request.onsuccess = () => {
      const all = request.result.transaction("operations").objectStore("operations").getAll();
      all.onsuccess = () => (request.result.close(), done(all.result));
    };
  });
  for (const end = performance.now() + 30000; performance.now() < end; await new Promise((go) => setTimeout(go, 50))) {
    if ((await operations()).some((entry) => entry.refused != null)) return true;
  }
  return false;
}"""


@pytest.fixture
def assignment(site: Site) -> Assignment:
    return site.assignment("observer1", "S3")


@pytest.fixture
def one(site, signed_in, assignment) -> Page:
    page = signed_in(site, "observer1", f"/code?assignment={assignment.id}")
    browsing.room(page)
    return page


def another_tab(one: Page) -> Page:
    two = one.context.new_page()
    two.goto(one.url)
    browsing.room(two)
    return two


def count(page: Page, codes: int) -> None:
    expect(page.get_by_test_id("tab-events")).to_have_text(re.compile(rf"\b{codes}$"))


def rate_everything(page: Page) -> None:
    page.get_by_test_id("tab-ratings").click()
    for scale in SCALES:
        page.get_by_test_id(f"rate-{scale}-4").focus()
        browsing.press(page, "ArrowRight", "Enter")
    browsing.status(page, "all saved")


def submit(page: Page) -> None:
    page.get_by_test_id("submit").click()
    page.get_by_test_id("submit-now").click()


def mode(page: Page, name: str) -> None:
    expect(page.get_by_test_id("coding-room")).to_have_attribute("data-mode", name)


def test_what_one_tab_does_the_other_shows_and_can_undo(site, one):
    two = another_tab(one)
    one.keyboard.press("q")
    count(two, 1)
    two.keyboard.press("w")
    count(one, 2)
    one.keyboard.press("Control+z")
    one.keyboard.press("Control+z")
    count(two, 0)
    two.keyboard.press("Control+Shift+Z")
    count(one, 1)
    for page in (one, two):
        browsing.status(page, "all saved")
    assert [e.code for e in site.content("observer1", "S3").events] == ["provider_understands"]


def test_submitting_takes_along_what_another_tab_could_not_send_and_that_tab_follows(site, one):
    two = another_tab(one)
    two.route(OPERATIONS, lambda route: route.abort())
    two.keyboard.press("q")
    two.keyboard.press("w")
    browsing.status(two, "offline, 2 kept on this computer")
    count(one, 2)
    rate_everything(one)
    submit(one)
    mode(one, "review")
    assert site.assignment("observer1", "S3").coding_state is CodingState.SUBMITTED
    assert len(site.content("observer1", "S3").events) == 2
    two.unroute(OPERATIONS)
    mode(two, "review")


def test_a_coding_that_a_supervisor_opens_again_can_be_worked_in_without_a_reload(site, one, assignment):
    one.keyboard.press("q")
    rate_everything(one)
    submit(one)
    mode(one, "review")
    supervisor = manage_people.find_person(site.workspace, "supervisor")
    coding_id = site.assignment("observer1", "S3").coding_id
    hand_back.reopen(site.workspace, supervisor, coding_id, "Look again at the beginning.")
    mode(one, "code")
    browsing.room(one)
    browsing.status(one, "all saved")
    one.keyboard.press("w")
    browsing.status(one, "all saved")
    assert len(site.content("observer1", "S3").events) == 2


def test_what_the_server_refuses_stays_readable_until_it_was_noted(site, one):
    def refuse(route: Route) -> None:
        if route.request.method != "POST":
            return route.fallback()
        ids = [o["id"] for o in json.loads(route.request.post_data or "{}")["operations"]]
        answer = {"acknowledged": [], "sequence": [], "before": 0, "seq": 0, "state": "draft"}
        answer["refused"] = [{"id": ident, "reason": "That is outside the observation window."} for ident in ids]
        return route.fulfill(json=answer)

    one.route(OPERATIONS, refuse)
    one.keyboard.press("q")
    expect(one.get_by_test_id("message")).to_have_text("Not kept: That is outside the observation window.")
    count(one, 0)
    browsing.status(one, "all saved")
    assert one.evaluate(REFUSED_IN_JOURNAL)  # then a reload does not send it again
    one.unroute(OPERATIONS)
    one.reload()
    browsing.room(one)
    one.get_by_test_id("not-kept").click()
    dialog = one.get_by_test_id("not-kept-dialog")
    expect(dialog).to_contain_text("Provider shows understanding at 0:0")
    expect(dialog).to_contain_text("That is outside the observation window.")
    one.get_by_test_id("forget-not-kept").click()
    expect(one.get_by_test_id("not-kept")).to_be_hidden()
    one.reload()
    browsing.room(one)
    expect(one.get_by_test_id("not-kept")).to_be_hidden()
    assert site.operations("observer1", "S3") == []
