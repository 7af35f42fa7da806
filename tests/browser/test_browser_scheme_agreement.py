"""A supervisor says how well raters must agree and what became of the version before, with the keyboard alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests import browsing
from tests.accessible import violations
from tests.browser.test_browser_scheme_editor import field, part
from tests.browsing import Site
from workbench import schemes
from workbench.model.scheme import DataKind
from workbench.workflows import edit_scheme, keep_definition, manage_people

pytestmark = pytest.mark.browser
SignedIn = Callable[..., Page]
PARTS = ("About", "Codes", "Ratings", "Rules", "Scores", "Agreement", "Version before", "What is new", "YAML")
# The entry at hand in an open list and its words, once it is another one than before.
AT = """before => {
  const at = document.activeElement.getAttribute("aria-activedescendant");
  const words = at && document.getElementById(at)?.textContent;
  return words && at !== before ? [at, words] : null;
}"""


def by_key(page: Page, name: str) -> None:
    """Press a button with the keyboard."""
    page.get_by_role("button", name=name, exact=True).last.focus()
    page.keyboard.press("Enter")
    browsing.quiet(page)


def write(page: Page, label: str, words: str) -> None:
    field(page, label).focus()
    page.keyboard.type(words)
    page.keyboard.press("Control+Enter")
    page.keyboard.press("Tab")
    browsing.quiet(page)


def choose(page: Page, label: str, words: str) -> None:
    """Go down a list with the arrow keys to the entry that begins with `words`, and take it."""
    page.get_by_role("combobox", name=label).focus()
    at, there = "", ""
    while not there.startswith(words):
        page.keyboard.press("ArrowDown")
        at, there = page.wait_for_function(AT, arg=at).json_value()
    page.keyboard.press("Enter")
    browsing.quiet(page)


def test_limits_and_the_version_before_are_said_with_the_keyboard_alone(site: Site, signed_in: SignedIn) -> None:
    first = next(s for s in keep_definition.kept_schemes(site.workspace) if s.name == "alliance_behaviours")
    supervisor = manage_people.find_person(site.workspace, "supervisor")
    draft = edit_scheme.begin(site.workspace, supervisor, first, own=False)
    gone = first.codes[0]
    heir = next(c for c in first.codes[1:] if c.kind is gone.kind)
    page = signed_in(site, "supervisor", f"/edit_scheme?draft={draft.id}")
    part(page, "Codes")
    by_key(page, "Delete")
    part(page, "Agreement")
    if first.reported(DataKind.CODES):
        by_key(page, "Take out agreement on codes")
    by_key(page, "Choose for codes")
    choose(page, "Reported first for codes", "Cohen")
    expect(page.get_by_text("Two raters, where readers expect it", exact=False).first).to_be_visible()
    if first.certification:
        by_key(page, "Take out all limits")
    by_key(page, "Set limits")
    write(page, "Sessions with a criterion coding", "12")
    write(page, "The interval on codes begins at", "0.6")
    write(page, "Why these limits", "Decided in May.")
    expect(page.get_by_text("12 sessions with a criterion coding", exact=False)).to_be_visible()
    part(page, "Version before")
    choose(page, f"Code “{gone.label}” became", heir.label)
    expect(page.get_by_text(f"are read as one: “{heir.label}”", exact=False)).to_be_visible()
    part(page, "What is new")
    expect(page.get_by_text(f"became part of “{heir.label}”", exact=False)).to_be_visible()
    read = edit_scheme.read(site.workspace, edit_scheme.drafts(site.workspace, supervisor)[0])
    assert read.scheme is not None and read.scheme.earlier is not None and read.scheme.certification is not None
    assert dict(read.scheme.earlier.codes) == {gone.id: heir.id}
    assert read.scheme.reported(DataKind.CODES).coefficients == ("cohen_kappa",)
    assert read.scheme.certification.sessions == 12


def test_every_part_of_the_scheme_editor_is_accessible(shared_site: Site, signed_in: SignedIn) -> None:
    supervisor = manage_people.find_person(shared_site.workspace, "supervisor")
    base = schemes.shipped_schemes()["family_alliance"]
    draft = edit_scheme.begin(shared_site.workspace, supervisor, base)
    page = signed_in(shared_site, "supervisor", f"/edit_scheme?draft={draft.id}")
    found = {}
    for name in PARTS:
        part(page, name)
        found[name] = violations(page)
    assert found == {name: [] for name in PARTS}
