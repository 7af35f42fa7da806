"""A Chromium for each file of tests, and a served copy of the demo."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browsing import PATIENCE_MS, SCREEN, Site, enter, launch, served
from tests.drawn import LISTENS

expect.set_options(timeout=PATIENCE_MS)  # on a busy computer five seconds are soon over


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    # per file: while it runs, nothing else in this thread may run an event loop
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def shared_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """For tests that leave nothing behind which another one would meet."""
    with served(tmp_path_factory.mktemp("site") / "workspace") as site:
        yield site


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with served(tmp_path / "site") as made:
        yield made


@pytest.fixture
def context(chromium: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Makes a browser of one's own: no cookies, no journal of others."""
    made: list[BrowserContext] = []

    def make(**options: object) -> BrowserContext:
        made.append(chromium.new_context(**{"viewport": SCREEN, "accept_downloads": True} | options))
        made[-1].add_init_script(LISTENS)
        return made[-1]

    yield make
    for each in made:
        each.close()


@pytest.fixture
def signed_in(context: Callable[..., BrowserContext]) -> Callable[..., Page]:
    """`signed_in(site, "observer1", "/agreement")`: a page of somebody who came in by the form."""

    def make(site: Site, login_name: str, path: str = "/", **options: object) -> Page:
        return enter(context(**options), site, login_name, path)

    return make
