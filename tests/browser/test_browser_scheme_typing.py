"""Whoever types faster than the server answers loses no word in the scheme editor."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests import browsing
from tests.browsing import Site
from workbench.workflows import keep_definition

pytestmark = pytest.mark.browser

# The page hears every message of the server so many milliseconds late, as over a slow line.
_HEARS_LATE = """(() => {
  const Plain = window.WebSocket;
  window.late = 0;
  let before = Promise.resolve(); // none overtakes another
  const later = (socket, hear) => (event) => {
    const due = performance.now() + window.late;
    const wait = () => new Promise((go) => setTimeout(go, Math.max(0, due - performance.now())));
    before = before.then(wait).then(() => hear.call(socket, event));
  };
  window.WebSocket = class extends Plain {
    set onmessage(hear) { super.onmessage = later(this, hear); }
    addEventListener(kind, hear, how) {
      super.addEventListener(kind, kind === 'message' ? later(this, hear) : hear, how);
    }
  };
})()"""
_FOCUSED = """() => {
  const at = document.activeElement;
  const written = at.tagName === 'TEXTAREA' || (at.tagName === 'INPUT' && at.type === 'text');
  return written && !at.closest('[data-testid=stSelectbox],[data-testid=stMultiSelect]') ? at.ariaLabel : null;
}"""
_LATE_MS = 400


@pytest.fixture
def page(site: Site, context: Callable[..., BrowserContext]) -> Page:
    """An empty scheme in the editor."""
    there = context()
    there.add_init_script(_HEARS_LATE)
    page = browsing.enter(there, site, "supervisor", "/schemes")
    page.get_by_role("button", name="Make a scheme").click(timeout=90_000)
    page.get_by_role("button", name="Begin", exact=True).click()
    page.get_by_role("textbox", name="Title", exact=True).wait_for()
    browsing.quiet(page)
    return page


def late(page: Page, ms: int) -> None:
    page.evaluate("ms => { window.late = ms }", ms)


def type_through(page: Page, words: Mapping[str, str]) -> None:
    """From the first of some fields on with Tab, and no pause anywhere, as far as the last one and out of it."""
    page.get_by_role("textbox", name=next(iter(words)), exact=True).focus()
    missing = dict(words)
    for _ in range(60):
        if (label := page.evaluate(_FOCUSED)) in missing:
            page.keyboard.press("Control+a")
            page.keyboard.type(missing.pop(label))
        page.keyboard.press("Tab")
        if not missing:
            return
    raise AssertionError(f"Tab does not lead to {', '.join(missing)}")


def go(page: Page, part: str) -> None:
    page.get_by_test_id("stButtonGroup").get_by_text(part, exact=True).first.click()


def add(page: Page, one: str) -> None:
    page.get_by_role("button", name=f"Add a {one}", exact=True).click()
    expect(page.get_by_role("textbox", name="Label", exact=True)).to_have_value("")
    browsing.quiet(page)  # the whole form is the new one's


def test_what_is_typed_with_no_pause_is_what_is_saved(site: Site, page: Page) -> None:
    late(page, _LATE_MS)
    about = {"Title": "Small talk", "What is coded": "Jokes, and the weather.", "Version": "0.9"}
    about |= {"Authors": "Ada", "Source": "Own words.", "Rights": "Ours."}
    type_through(page, about)
    go(page, "Codes")
    codes = []
    for act, ms in (("joke", 0), ("rain", _LATE_MS), ("cake", 0)):
        late(page, ms)
        add(page, "code")
        fields = ("Label", "Definition", "Example", "Near-miss")
        codes.append({field: f"{field} of {act}" for field in fields})
        type_through(page, codes[-1])
    late(page, _LATE_MS)
    page.get_by_role("button", name="Move up", exact=True).click()
    type_through(page, {"Near-miss": "Typed while the code moved."})
    codes[1:] = [codes[2] | {"Near-miss": "Typed while the code moved."}, codes[1]]
    go(page, "Ratings")
    add(page, "rating")
    rating = {"Label": "Ease", "Definition": "How easily they talk.", "Lowest value": "0", "Highest value": "4"}
    type_through(page, rating | {"Begins at": "2", "Words for 1": "ease 1", "Words for 4": "ease 4"})
    expect(page.get_by_role("textbox", name="Words for 0", exact=True)).to_be_visible()
    page.get_by_role("textbox", name="Words for 0", exact=True).focus()
    page.keyboard.type("ease 0")
    page.get_by_role("button", name="Save version 0.9", exact=True).dblclick()

    expect(page.get_by_text("Saved: Small talk 0.9")).to_be_visible()
    made = next(s for s in keep_definition.kept_schemes(site.workspace) if s.title == "Small talk")
    assert (made.name, made.description, made.version) == ("small_talk", about["What is coded"], "0.9")
    assert (made.authors, made.source, made.rights) == (("Ada",), "Own words.", "Ours.")
    assert [(c.label, c.definition, c.example, c.near_miss) for c in made.codes] == [tuple(c.values()) for c in codes]
    assert [c.id for c in made.codes] == ["label_of_joke", "label_of_cake", "label_of_rain"]
    [scale] = made.ratings
    assert (scale.id, scale.low, scale.high, scale.start) == ("ease", 0, 4, 2)
    assert dict(scale.anchors) == {n: f"ease {n}" for n in (0, 1, 4)}


def test_a_screen_is_not_taken_for_drawn_before_the_answer_to_the_last_press_has_come(page: Page) -> None:
    late(page, 3 * _LATE_MS)
    go(page, "Codes")
    browsing.quiet(page)
    assert page.get_by_role("button", name="Add a code", exact=True).count() == 1
    page.get_by_role("button", name="Close", exact=True).click()  # a run that ends for another one to begin
    browsing.quiet(page)
    assert page.get_by_role("button", name="Make a scheme").count() == 1
