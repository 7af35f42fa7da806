"""From a disagreement on the agreement screen to its sound, with both codings beside it."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests import browsing

pytestmark = pytest.mark.browser
# N twice before the page can hear of the next stop. Between two presses of a slow hand it may, and the second counts.
_TWICE = """() => [1, 2].forEach(() => {
  const press = { key: "n", code: "KeyN", bubbles: true, composed: true, cancelable: true };
  document.activeElement.dispatchEvent(new KeyboardEvent("keydown", press));
})"""


def choose_sample_sessions(page: Page) -> None:
    """The study that has recordings is not the one with the most sessions."""
    page.get_by_role("button", name="Change").click()
    page.get_by_role("combobox", name="Study and scheme").click()
    browsing.press_option(page, "Sample sessions")
    page.get_by_text("Sample rater 1 and Sample rater 2 agree on 15 of 33.").wait_for()
    page.keyboard.press("Escape")
    browsing.quiet(page)


def asked_ms(page: Page) -> int:
    """The moment that the address names."""
    return int(parse_qs(urlsplit(page.url).query)["at"][0])


def arrived(page: Page, words: str) -> None:
    page.locator("[data-testid=stCaptionContainer]", has_text=words).wait_for()
    browsing.room(page)


def test_n_plays_one_disagreement_after_the_other_with_the_pairs_codings(shared_site, signed_in):
    page = signed_in(shared_site, "supervisor", "/agreement")
    choose_sample_sessions(page)
    listed = page.get_by_text(re.compile(r"^1 of \d+ disagreements$"))
    listed.wait_for()
    n = int(listed.inner_text().split()[2])
    page.keyboard.press("n")
    arrived(page, f"Disagreement 1 of {n}")
    room = page.get_by_test_id("coding-room").inner_text()
    assert "Sample rater 1" in room and "Sample rater 2" in room
    browsing.play_until(page, asked_ms(page))  # nobody pressed play
    assert browsing.now_ms(page) < asked_ms(page) + 20_000
    first = asked_ms(page)
    page.evaluate(_TWICE)  # in a hurry: one stop after the other, and none is passed over
    arrived(page, f"Disagreement 2 of {n}")
    expect(page.get_by_test_id("walk-said")).to_contain_text(f"Disagreement 2 of {n}")  # read out
    expect(page.locator("[data-testid=review-event][aria-current]")).to_have_count(1)
    assert asked_ms(page) != first
    browsing.play_until(page, asked_ms(page))
    page.get_by_role("button", name="Agreement", exact=True).click()
    page.get_by_text(f"2 of {n} disagreements").wait_for()
    expect(page.get_by_role("button", name="Play the next")).to_be_visible()
