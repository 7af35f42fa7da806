"""Pages that everybody can use, by axe's rules: WCAG 2.2 A and AA, and axe's own best practices.

What Streamlit itself gets wrong is on a list by rule and place. What is ours has no violation.
"""

from __future__ import annotations

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, expect

from tests import browsing
from workbench.workflows import fill_form, keep_definition

pytestmark = pytest.mark.browser

# (rule, part of the place as a CSS selector): in Streamlit's own markup, which a program cannot reach.
STREAMLITS_OWN: tuple[tuple[str, str], ...] = ()


def violations(page: Page) -> list[str]:
    """What axe finds on the page, less what is Streamlit's own: rule, place and what it wants."""
    page.evaluate(AXE_SCRIPT)
    found = page.evaluate("async () => (await axe.run(document, {resultTypes: ['violations']})).violations")
    return [
        f"{rule['id']}: {place}: {node['failureSummary']}"
        for rule in found
        for node in rule["nodes"]
        if not _streamlits_own(rule["id"], place := str(node["target"]))
    ]


def _streamlits_own(rule: str, place: str) -> bool:
    return any(rule == known and part in place for known, part in STREAMLITS_OWN)


both_themes = pytest.mark.parametrize("scheme", ["light", "dark"])


@both_themes
def test_the_coding_room_is_accessible(scheme, site, signed_in):
    address = f"/code?assignment={site.assignment('observer1', 'S1').id}"
    page = signed_in(site, "observer1", address, color_scheme=scheme)
    browsing.room(page)
    page.keyboard.press("q")
    page.keyboard.press("x")
    browsing.status(page, "all saved")
    assert violations(page) == []
    page.get_by_test_id("tab-ratings").click()
    assert violations(page) == []
    page.get_by_test_id("submit").click()
    expect(page.get_by_test_id("submit-dialog")).to_be_visible()
    assert violations(page) == []


@both_themes
@pytest.mark.parametrize("login_name", ["observer1", "supervisor", "provider"])
def test_home_is_accessible(login_name, scheme, shared_site, signed_in):
    page = signed_in(shared_site, login_name, color_scheme=scheme)
    assert violations(page) == []


@both_themes
def test_signing_in_is_accessible(scheme, shared_site, context):
    page = context(color_scheme=scheme).new_page()
    page.goto(f"{shared_site.url}/sign-in")
    assert violations(page) == []
    browsing.sign_in(page, "observer1", "not the password")
    expect(page.get_by_role("alert")).to_be_visible()
    assert violations(page) == []


@both_themes
def test_a_form_is_accessible(scheme, shared_site, context):
    workspace, session = shared_site.workspace, shared_site.session("S1")
    instrument = next(i for i in keep_definition.kept_instruments(workspace) if i.perspective.value == "patient")
    patient = next(p for p in session.participants if p.kind.value == "patient")
    issued = fill_form.issue(workspace, None, session.id, patient.participant_id, instrument.hash)
    page = context(color_scheme=scheme, viewport={"width": 390, "height": 844}).new_page()
    page.goto(f"{shared_site.url}/form/{issued.token}")
    expect(page.get_by_role("heading", name=instrument.title)).to_be_visible()
    assert violations(page) == []
    page.locator("fieldset.item").first.locator("label.choice").first.click()
    page.get_by_role("button", name="Hand in").click()  # with most of it missing: it asks back
    expect(page.get_by_role("alert")).to_be_visible()
    assert violations(page) == []
