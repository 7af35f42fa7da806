"""Two windows on one draft lose nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests import browsing
from tests.browsing import Site

pytestmark = pytest.mark.browser
SignedIn = Callable[..., Page]


def field(page: Page, label: str) -> Locator:
    return page.get_by_role("textbox", name=label, exact=True)


def write(page: Page, label: str, words: str) -> None:
    """Fill in a field and go on to the next one, as people do."""
    field(page, label).fill(words)
    field(page, label).press("Tab")
    browsing.quiet(page)
    expect(field(page, label)).to_have_value(words)


def part(page: Page, name: str) -> None:
    """Go to a part of the scheme."""
    page.get_by_test_id("stButtonGroup").get_by_text(name, exact=True).first.click()
    browsing.quiet(page)


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()
    browsing.quiet(page)


def begun(page: Page, site: Site) -> None:
    """From the Schemes screen to an empty scheme."""
    page.get_by_role("button", name="Make a scheme").click(timeout=90_000)
    press(page, "Begin")
    expect(field(page, "Title")).to_be_visible()


def test_two_windows_on_one_draft_lose_nothing_and_a_reload_finds_it_again(site: Site, signed_in: SignedIn) -> None:
    page = signed_in(site, "supervisor", "/schemes")
    begun(page, site)
    write(page, "Title", "Begun")
    expect(page.get_by_role("heading", name="Begun")).to_be_visible()  # the server has it
    other = page.context.new_page()
    other.set_default_timeout(browsing.PATIENCE_MS)
    browsing.show(other, page.url)
    expect(field(other, "Title")).to_have_value("Begun")
    write(page, "Title", "Written in the first window")
    expect(page.get_by_role("heading", name="Written in the first window")).to_be_visible()
    write(other, "What is coded", "Written in the second window")
    expect(other.get_by_text("Nothing is lost")).to_be_visible()
    expect(other).not_to_have_url(page.url)
    for window in (page, other):
        window.reload()
        browsing.quiet(window)
    expect(field(page, "Title")).to_have_value("Written in the first window")
    expect(field(other, "What is coded")).to_have_value("Written in the second window")
