"""A supervisor prints a codebook, takes a scheme to BORIS, and begins one from a BORIS project."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests import browsing
from tests.browsing import Site

pytestmark = pytest.mark.browser


def test_a_codebook_is_printed_and_a_scheme_goes_to_boris_and_comes_from_there(
    shared_site: Site, signed_in: Callable[..., Page], tmp_path: Path
) -> None:
    page = signed_in(shared_site, "supervisor", "/schemes")
    page.get_by_role("link", name="Alliance behaviours").click()
    expect(page.get_by_role("heading", name="Alliance behaviours", level=1)).to_be_visible()
    browsing.quiet(page)  # the cards of the shelf, which have such buttons too, are gone
    page.get_by_role("button", name="Codebook").click()
    with page.expect_download() as printed:
        page.get_by_role("button", name="PDF, A4").click()
    assert printed.value.suggested_filename == "alliance_behaviours-codebook.pdf"
    assert printed.value.path().read_bytes().startswith(b"%PDF")

    page.keyboard.press("Escape")
    page.get_by_role("button", name="For other programs").click()
    expect(page.get_by_text("Scores, and rules between ratings and codes, stay here.")).to_be_visible()
    with page.expect_download() as taken:
        page.get_by_role("button", name="Download", exact=True).click()
    project = json.loads(taken.value.path().read_text())
    project["project_name"] = "From elsewhere"
    project["behaviors_conf"]["0"]["key"] = ""

    page.keyboard.press("Escape")
    page.get_by_role("link", name="All schemes").click()
    page.get_by_role("button", name="Make a scheme").click()
    (tmp_path / "elsewhere.boris").write_text(json.dumps(project))
    page.locator("input[type=file]").nth(1).set_input_files(tmp_path / "elsewhere.boris")
    expect(page.get_by_text("Keys chosen here, for the file has none that can be used")).to_be_visible()
    page.get_by_role("button", name="Edit what came of it").click()
    browsing.quiet(page)
    expect(page.get_by_role("heading", name="From elsewhere")).to_be_visible()
    expect(page.get_by_text("Can be saved.")).to_be_visible()


def test_a_wrong_file_is_told_and_begins_nothing(
    shared_site: Site, signed_in: Callable[..., Page], tmp_path: Path
) -> None:
    page = signed_in(shared_site, "supervisor", "/schemes")
    page.get_by_role("button", name="Make a scheme").click()
    (tmp_path / "wrong.boris").write_text('{"behaviors_conf": {"0": {"code": ""}, "1": {"code": "*a*", "type": "x"}}}')
    page.locator("input[type=file]").nth(1).set_input_files(tmp_path / "wrong.boris")
    expect(page.get_by_text("behaviour 0 has no code")).to_be_visible()
    expect(page.get_by_text("behaviour 1 (*a*) has the type 'x'")).to_be_visible()
    expect(page.get_by_role("button", name="Edit what came of it")).to_have_count(0)
