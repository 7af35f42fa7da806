"""A ruling from the meeting to the rater: made at a moment, read before coding, and not shown again."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browsing import Site, press, room, show

pytestmark = pytest.mark.browser

SignedIn = Callable[..., Page]


def test_a_ruling_reaches_the_raters_once_with_its_clip_for_those_who_may(site: Site, signed_in: SignedIn) -> None:
    sue = signed_in(site, "supervisor")
    show(sue, f"{site.url}/code?session={site.session('S2').id}")
    room(sue)
    sue.get_by_test_id("review-event").first.click()
    press(sue, "t")
    sue.get_by_test_id("ruling-question").fill("Is a nod enough?")
    press(sue, "Control+Enter")
    expect(sue.get_by_test_id("ruling-said")).to_contain_text("The decision is empty.")
    press(sue, "Escape")
    expect(sue.get_by_test_id("ruling-form")).to_have_count(0)
    press(sue, "t")
    expect(sue.get_by_test_id("ruling-question")).to_have_value("Is a nod enough?")  # nothing written is lost
    sue.get_by_test_id("ruling-decision").fill("No: only with words.")
    press(sue, "Control+Enter")
    expect(sue.get_by_test_id("rulings")).to_have_text("4 rulings")
    expect(sue.get_by_test_id("ruling-form")).to_have_count(0)
    press(sue, "d")
    first = sue.get_by_test_id("rulings-dialog").locator(".ruling").first
    expect(first).to_contain_text("Play the clip: S2")

    rater = signed_in(site, "observer1")
    show(rater, f"{site.url}/code?assignment={site.assignment('observer1', 'S3').id}")
    room(rater)
    news = rater.get_by_test_id("rulings-news")
    expect(news).to_contain_text("Is a nod enough?")
    expect(news).not_to_contain_text("S2")  # this rater still codes that session
    press(rater, "Space")  # pressed to play: it does not say “read”
    expect(news).to_be_visible()
    press(rater, "Escape")
    expect(news).to_have_count(0)
    expect(rater.get_by_test_id("rulings")).to_have_text("1 new ruling")
    rater.reload()
    room(rater)
    expect(news).to_be_visible()
    press(rater, "Enter")
    expect(news).to_have_count(0)
    expect(rater.get_by_test_id("rulings")).to_have_text("4 rulings")
    rater.reload()
    room(rater)
    expect(rater.get_by_test_id("rulings")).to_have_text("4 rulings")
    expect(news).to_have_count(0)


def test_a_ruling_on_a_rating_is_read_as_text_and_leaves_the_values_in_sight(site: Site, signed_in: SignedIn) -> None:
    rater = signed_in(site, "observer1")
    assigned = site.assignment("observer1", "S3")
    show(rater, f"{site.url}/scheme?scheme={assigned.scheme_hash}")
    decided = rater.locator(".wb-rating .wb-rulings b").first
    box = decided.bounding_box()
    assert box is not None and box["width"] > 300 and box["height"] < 60  # two lines at the most, not a column

    show(rater, f"{site.url}/code?assignment={assigned.id}")
    room(rater)
    rater.get_by_role("tab", name="Ratings").click()
    fold = rater.get_by_test_id("rulings-of-bond")
    expect(fold).to_contain_text("1 ruling")
    expect(rater.get_by_test_id("rate-bond-7")).to_be_in_viewport()
    fold.locator("summary").focus()
    press(rater, "Enter")  # unfolds, and rates nothing
    expect(fold).to_contain_text("warmth of one side")
    expect(fold.locator(".ruling-decision")).to_be_visible()
    expect(rater.get_by_role("tab", name="Ratings")).to_contain_text("0/5")
