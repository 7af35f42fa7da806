"""Two people who code as one rater, each in a browser of their own, at the same time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

from tests import browsing
from tests.browsing import Site
from workbench.schemes.canonical import identified
from workbench.store import assignments, codings
from workbench.store.tables import coding_operation
from workbench.workflows import assign, keep_definition, manage_people

pytestmark = pytest.mark.browser

PRESSES = 12


def test_both_see_the_codes_of_the_other_and_none_is_lost(shared_site: Site, signed_in: Callable[..., Page]) -> None:
    site, names = shared_site, ("observer1", "observer2")
    people = [manage_people.find_person(site.workspace, name) for name in names]
    team = manage_people.make_team(site.workspace, None, "The two", [p.id for p in people])
    found = next(s for s in keep_definition.kept_schemes(site.workspace) if s.name == "alliance_behaviours")
    scheme = keep_definition.keep_scheme(site.workspace, None, identified(replace(found, name="by_two")))
    given = assign.assign(site.workspace, None, site.session("S1").id, team.id, scheme.hash)
    pages = [signed_in(site, name, f"/code?assignment={given.id}") for name in names]
    for page in pages:
        browsing.room(page)
        expect(page.locator(".bar .scheme")).to_contain_text("coded by Observer One and Observer Two")

    key = next(c.key for c in scheme.codes if c.kind.value == "point")
    for _ in range(PRESSES):  # turn by turn, faster than either hears of the other
        for page in pages:
            page.keyboard.press(key)
            page.keyboard.press("Shift+ArrowRight")
    for page in pages:
        browsing.status(page, "all saved")
        expect(page.get_by_test_id("event")).to_have_count(2 * PRESSES)

    pages[1].keyboard.press("Control+z")  # one of them takes back their last code: it goes from the other's screen too
    for page in pages:
        expect(page.get_by_test_id("event")).to_have_count(2 * PRESSES - 1)
    browsing.status(pages[1], "all saved")
    with site.workspace.reading() as connection:
        coding_id = assignments.every(connection, assignment_id=given.id)[0].coding_id
        assert coding_id is not None
        kept = {e.id for e in codings.content(connection, coding_id).events}
        rows = connection.execute(coding_operation.select().where(coding_operation.c.coding_id == coding_id)).all()
    assert [set(browsing.drawn(page)) for page in pages] == [kept, kept]
    added = [sum(r.kind == "add" and r.rater_id == person.id for r in rows) for person in people]
    assert added == [PRESSES, PRESSES]  # each code says whose hand it was
