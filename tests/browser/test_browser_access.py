"""Pages that everybody can use, in the light and in the dark."""

from __future__ import annotations

from dataclasses import replace

import pytest
from playwright.sync_api import expect

from tests import browsing
from tests.accessible import violations
from workbench.schemes import identity
from workbench.workflows import fill_form, keep_definition, manage_people

pytestmark = pytest.mark.browser


def test_the_coding_room_is_accessible(site, signed_in):
    address = f"/code?assignment={site.assignment('observer1', 'S1').id}"
    page = signed_in(site, "observer1", address)
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


def test_evidence_beside_a_rating_is_accessible(site, signed_in):
    address = f"/code?assignment={site.assignment('observer1', 'S1').id}"
    page = signed_in(site, "observer1", address)
    browsing.room(page)
    page.keyboard.press("q")
    browsing.status(page, "all saved")
    page.get_by_test_id("tab-ratings").click()
    page.locator("[data-testid^=link-event-]:visible").first.click()
    page.locator("[data-testid^=link-unit-]:visible").first.click()
    expect(page.locator("[data-testid^=evidence-] li")).to_have_count(2)
    assert violations(page) == []
    page.get_by_test_id("tab-events").click()
    expect(page.get_by_test_id("proof")).to_be_visible()
    assert violations(page) == []


def test_a_comparison_is_accessible_and_shows_what_is_looked_at_in_the_words(shared_site, signed_in):
    address = f"/code?session={shared_site.session('S1').id}&t=60"
    page = signed_in(shared_site, "supervisor", address)
    browsing.room(page)
    expect(page.get_by_test_id("review-event").first).to_be_visible()
    assert violations(page) == []
    page.get_by_test_id("review-event").nth(2).click()
    page.keyboard.press("Space")
    chosen = page.locator("[data-testid=transcript] .mark[aria-current]")
    expect(chosen).to_have_count(1)
    named = page.get_by_test_id("review-event").nth(2).locator(".name").inner_text()
    expect(chosen.locator(".mark-name")).to_have_text(named)  # no key letters: no key codes here
    assert violations(page) == []


def test_ratings_side_by_side_are_accessible_and_say_what_differs(shared_site, signed_in):
    page = signed_in(shared_site, "supervisor", f"/code?session={shared_site.session('S2').id}")
    browsing.room(page)
    page.get_by_role("tab", name="Ratings").click()
    expect(page.get_by_test_id("ratings-summary")).to_have_text("The same on 3 of 5")
    table = page.get_by_test_id("review-ratings").get_by_role("table")
    assert table.get_by_role("columnheader").all_inner_texts() == ["Rating", "Sample rater 1", "Sample rater 2"]
    differs = table.locator("tr.differs")
    assert [" ".join(row.all_inner_texts()) for row in differs.get_by_role("cell").all()] == ["6", "7", "1", "2"]
    assert violations(page) == []


@pytest.mark.parametrize("login_name", ["observer1", "supervisor", "provider"])
def test_home_is_accessible(login_name, shared_site, signed_in):
    page = signed_in(shared_site, login_name)
    assert violations(page) == []


def test_the_shelf_of_schemes_and_a_scheme_with_its_versions_are_accessible(site, signed_in):
    person = manage_people.find_person(site.workspace, "supervisor")
    first = next(s for s in keep_definition.kept_schemes(site.workspace) if s.name == "rupture_repair")
    later = replace(first, version="9", title="التوتر وإصلاحه", language="ar", description="للاختبار.")
    keep_definition.keep_scheme(site.workspace, person, replace(later, hash=identity(later)))
    page = signed_in(site, "supervisor", "/schemes")
    expect(page.get_by_role("link", name="التوتر وإصلاحه")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("link", name="التوتر وإصلاحه").click()
    page.get_by_text("2 versions, and what changed").click()
    expect(page.get_by_text("The scheme: title:")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name=f"Version {first.version}").click()
    expect(page.get_by_role("heading", name=first.title)).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name=first.title)).to_be_visible()  # the address names it
    page.go_back()
    expect(page.get_by_role("heading", name="التوتر وإصلاحه")).to_be_visible()


def test_signing_in_is_accessible(shared_site, context):
    page = context().new_page()
    page.goto(f"{shared_site.url}/sign-in")
    assert violations(page) == []
    browsing.sign_in(page, "observer1", "not the password")
    expect(page.get_by_role("alert")).to_be_visible()
    assert violations(page) == []


def test_a_form_is_accessible(shared_site, context):
    workspace, session = shared_site.workspace, shared_site.session("S1")
    instrument = next(i for i in keep_definition.kept_instruments(workspace) if i.perspective.value == "patient")
    patient = next(p for p in session.participants if p.kind.value == "patient")
    issued = fill_form.issue(workspace, None, session.id, patient.participant_id, instrument.hash)
    page = context(viewport={"width": 390, "height": 844}).new_page()
    page.goto(f"{shared_site.url}/form/{issued.token}")
    expect(page.get_by_role("heading", name=instrument.title)).to_be_visible()
    assert violations(page) == []
    page.locator("fieldset.item").first.locator("label.choice").first.click()
    page.get_by_role("button", name="Hand in").click()  # with most of it missing: it asks back
    expect(page.get_by_role("alert")).to_be_visible()
    assert violations(page) == []


VIEWS = ("Moments", "Codes", "Ratings", "Raters", "Over time")


def test_every_view_of_agreement_is_accessible(shared_site, signed_in):
    page = signed_in(shared_site, "supervisor", "/agreement")
    found = {}
    for view in VIEWS:
        page.get_by_test_id("stButtonGroup").get_by_text(view, exact=True).first.click()
        browsing.quiet(page)
        found[view] = violations(page)
    assert found == {view: [] for view in VIEWS}
