"""Somebody who has never seen the program makes a scheme and codes with it in under five minutes."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, expect

from tests import browsing
from tests.browsing import Site
from tests.newcomer import Newcomer
from workbench.model.coding import CodingState

pytestmark = pytest.mark.browser

_CODES = {
    "Joke": "The provider says something that is meant to be funny.",
    "Weather": "One of them speaks of the weather.",
}


def goes_the_whole_way(site: Site, one: Newcomer) -> None:
    """From the sign-in to a coding that is handed in, by what the screens say."""
    page = one.page
    page.goto(site.url)
    one.comes_to("Alliance Workbench|Sign in")
    one.writes("Name", "supervisor")
    one.writes("Password", site.passwords["supervisor"])
    one.key("Enter")
    one.comes_to("Hello")

    one.presses(page.get_by_role("link", name="Schemes"))
    one.comes_to("Schemes")
    one.button("Make a scheme")
    one.button("Begin")
    one.comes_to("A new scheme")
    one.writes("Title", "Small talk")
    one.writes("What is coded", "Jokes, and chat about the weather.")
    _part(one, "Codes")
    for label, definition in _CODES.items():
        _add(one, "code")
        one.writes("Label", label)
        one.writes("Definition", definition)
    _part(one, "Ratings")
    _add(one, "rating")
    one.writes("Label", "Ease")
    one.writes("Definition", "How easily the two talk with each other.")
    preview = page.get_by_test_id("scheme-preview")  # as the coding room will be
    for label in _CODES:
        expect(preview.get_by_role("button", name=label)).to_be_visible()
    expect(preview.get_by_role("group", name="Ease")).to_be_visible()
    one.button("Save version 1.0")

    one.comes_to("Small talk")
    one.button("Assign")
    one.comes_to("Sessions")
    one.row("Homework not done")
    one.comes_to("Homework not done")
    one.presses(page.get_by_role("combobox", name="Raters"))
    one.option("Supervisor")
    one.key("Escape")
    one.button("Assign")
    one.button("Start coding")

    browsing.room(page)
    one.pages += 1
    one.button("Play")
    browsing.play_until(page, 2_000)
    _code(one, "Joke")
    browsing.play_until(page, 5_000)
    _code(one, "Weather")
    one.button("Pause")
    one.presses(page.get_by_role("tab", name="Ratings"))
    one.presses(page.get_by_role("group", name=re.compile("^Ease")).get_by_role("radio", name="4", exact=True))
    one.button("Submit…")
    one.button("Submit")
    page.locator("[data-testid=coding-room][data-mode=review]").wait_for()


def _part(one: Newcomer, name: str) -> None:
    one.presses(one.page.get_by_role("radio", name=re.compile(f"^{name}")))


def _add(one: Newcomer, what: str) -> None:
    """Press it, and wait until the form of the new one is there: nobody types into the form of the one before."""
    one.button(f"Add a {what}")
    expect(one.page.get_by_role("textbox", name="Label", exact=True)).to_have_value("")


def _code(one: Newcomer, label: str) -> None:
    one.presses(one.page.get_by_role("region", name="Codes").get_by_role("button", name=re.compile(label)))


def test_a_newcomer_makes_a_scheme_and_codes_with_it_in_under_five_minutes(
    site: Site, context: Callable[..., BrowserContext]
) -> None:
    page = context().new_page()
    page.set_default_timeout(browsing.PATIENCE_MS)
    one = Newcomer(page)
    goes_the_whole_way(site, one)
    assert one.sum_s() < 5 * 60

    content = site.content("supervisor", "S3", "small_talk")
    assert [e.code for e in content.events] == ["joke", "weather"]
    assert [(r.scale, r.value) for r in content.ratings] == [("ease", 4)]
    state = site.assignment("supervisor", "S3", "small_talk").coding_state
    assert state in (CodingState.SUBMITTED, CodingState.LOCKED)
