"""Whoever looks at whatever screen: nothing leaves the computer, and the page is ours alone."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, Response, expect

from tests import browsing
from tests.browsing import Site
from workbench.app.screens import entries_for
from workbench.workflows import manage_people

pytestmark = pytest.mark.browser

ROLES = ("observer1", "supervisor", "researcher", "admin", "provider")
# Streamlit's furniture that is no part of the program.
CLUTTER = ("stMainMenu", "stToolbarActions", "stDecoration", "stAppDeployButton", "stAppViewerBadge")
# What Streamlit's page has the browser note as an error, though nothing is wrong: opened by the address of a
# screen, it first looks for the server beside that address, and then at the root.
STREAMLITS_OWN = (r"status of 404 .*/[a-z_]+/_stcore/(health|host-config)$",)


@dataclass
class Watched:
    """Everything that a browser asked for, and everything that went wrong in it."""

    origin: str
    requests: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)
    without_policy: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.host = urlsplit(self.origin).netloc

    def watch(self, context: BrowserContext) -> None:
        context.on("request", self._request)
        context.on("response", self._response)
        context.on("console", self._console)
        context.on("weberror", lambda error: self.errors.append(str(error.error)))
        context.on("page", lambda page: page.on("websocket", lambda socket: self._address(socket.url)))

    def _request(self, request: Request) -> None:
        self._address(request.url)

    def _address(self, url: str) -> None:
        self.requests.append(url)
        parts = urlsplit(url)
        # blob: and data: are made by the page itself
        if parts.scheme not in ("blob", "data") and parts.netloc != self.host:
            self.elsewhere.append(url)

    def _response(self, response: Response) -> None:
        html = "text/html" in response.headers.get("content-type", "")
        policy = response.headers.get("content-security-policy", "")
        if html and not ("default-src" in policy and "frame-ancestors 'none'" in policy):
            self.without_policy.append(response.url)

    def _console(self, message: ConsoleMessage) -> None:
        said = f"{message.text} {message.location.get('url', '')}"
        if message.type == "error" and not any(re.search(known, said) for known in STREAMLITS_OWN):
            self.errors.append(said)


@pytest.mark.parametrize("login_name", ROLES)
def test_nothing_leaves_and_nothing_complains(login_name, shared_site, context):
    there = context()
    watched = Watched(shared_site.url)
    watched.watch(there)
    page = browsing.enter(there, shared_site, login_name)
    for title, look in _screens(shared_site, login_name, page):
        look()
        page.wait_for_function("title => document.title.startsWith(title)", arg=title)
        browsing.quiet(page)
        for theme in browsing.THEMES:
            browsing.turn(page, theme)
        _free_of_clutter(page)
        assert page.get_by_test_id("stException").count() == 0, f"{login_name} sees an error on {title}"
    page.wait_for_load_state("networkidle")

    assert len(watched.requests) > 30, "the network was not watched"
    assert any(url.startswith("ws://") for url in watched.requests), "the websocket was not watched"
    assert watched.elsewhere == []
    assert watched.without_policy == []
    assert watched.errors == []


def _screens(site: Site, login_name: str, page: Page):
    """(title, how to get there) of every screen that this person has."""
    person = manage_people.find_person(site.workspace, login_name)
    session = site.session("S1")
    for entry in entries_for(person):
        if entry.name == "home":
            continue
        address = f"{site.url}/{entry.name}"
        if entry.name == "code" and login_name.startswith("observer"):
            address += f"?assignment={site.assignment(login_name, 'S1').id}"
        elif entry.name in ("code", "session"):
            address += f"?session={session.id}"
        if entry.in_navigation and entry.name != "account":
            link = page.get_by_test_id("stTopNavLink").filter(has_text=re.compile(f"^{entry.title}$"))
            yield entry.title, link.first.click
        else:
            yield entry.title, lambda address=address: page.goto(address)


def _free_of_clutter(page: Page) -> None:
    for name in CLUTTER:
        for found in page.get_by_test_id(name).all():
            assert not found.is_visible(), f"Streamlit's {name} shows on {page.url}"
    assert "streamlit" not in page.title().lower()
    assert page.get_by_text("Made with Streamlit").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_leaves_where_nobody_is_signed_in(scheme, shared_site, context):
    there = context(color_scheme=scheme)
    watched = Watched(shared_site.url)
    watched.watch(there)
    page = there.new_page()
    page.goto(f"{shared_site.url}/agreement")
    expect(page).to_have_url(re.compile(r"/sign-in\?next=%2Fagreement$"))
    page.get_by_label("Name").fill("observer1")
    page.get_by_label("Password").fill("not the password")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("do not fit together")
    page.goto(f"{shared_site.url}/form/this-link-was-never-made")
    expect(page.get_by_text("This form cannot be opened")).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert watched.elsewhere == []
    assert watched.without_policy == []
    # the two refusals are answers with a status that the browser notes, and nothing else
    assert [e for e in watched.errors if "status of 403" not in e and "status of 404" not in e] == []
