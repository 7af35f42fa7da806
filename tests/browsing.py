"""The program as people meet it: the demo's workspace, a server in a process of its own, and a Chromium.

The demo is seeded once per test run; each site works on a copy of it, and nobody's own folders are touched.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from random import randrange

from playwright.sync_api import Browser, BrowserContext, Locator, Page, Playwright, Position

from tests.drawn import BUSY
from workbench.model.assignment import Assignment
from workbench.model.coding import CodingContent, Operation
from workbench.model.people import Person, Role
from workbench.model.session import Session
from workbench.settings import Settings
from workbench.store import assignments, codings, sessions
from workbench.store.workspace import Workspace
from workbench.workflows import keep_definition, manage_people, open_workspace, seed_demo

SCREEN = {"width": 1280, "height": 720}
# No sandbox: the tests may run as root. A press of a key counts as a person's act, so sound plays.
FLAGS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--mute-audio"]
PATIENCE_MS = 30_000
THEMES = ("light", "dark")


@cache
def seeded() -> tuple[Path, Mapping[str, str]]:
    """A folder with the demo's workspace, and its passwords by login name. Not to be worked in: copy it."""
    home = tempfile.mkdtemp(prefix="workbench-demo-")
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    folder = Path(home) / "workspace"
    demo = seed_demo.open_or_seed(Settings(workspace=folder))
    demo.workspace.close()
    assert demo.passwords is not None
    return folder, demo.passwords


@dataclass
class Site:
    """A served copy of the demo. `workspace` is the same data, opened here to look at the rows."""

    folder: Path
    passwords: Mapping[str, str]
    workspace: Workspace
    port: int
    server: subprocess.Popen[bytes] = field(init=False)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self, *, worker: bool = False) -> None:
        """Start the server, on the same port every time, and wait until it takes requests."""
        command = [sys.executable, "-P", "-m", "workbench", "--workspace", str(self.folder), "serve", "--json"]
        command += ["--port", str(self.port), *([] if worker else ["--no-worker"])]
        environ = os.environ | {"PYTHONUNBUFFERED": "1"}
        self.server = subprocess.Popen(command, stdout=subprocess.PIPE, env=environ)
        assert self.server.stdout is not None
        said = b""
        while not said.endswith(b"}\n") and (line := self.server.stdout.readline()):
            said += line
        assert json.loads(said or b"{}").get("port") == self.port, f"no server on port {self.port}: {said!r}"

    def kill(self) -> None:
        """End the server as a power cut would."""
        self.server.kill()
        self.server.wait()

    def stop(self) -> None:
        self.server.terminate()
        try:
            self.server.wait(15)
        except subprocess.TimeoutExpired:
            self.kill()

    # ---- what stands in the database ---------------------------------------------------------

    def session(self, code: str) -> Session:
        with self.workspace.reading() as connection:
            return next(s for s in sessions.sessions(connection) if s.code == code)

    def assignment(self, login_name: str, code: str, scheme: str = "alliance_behaviours") -> Assignment:
        """What somebody is to code of a session on a scheme."""
        person, session = manage_people.find_person(self.workspace, login_name), self.session(code)
        hashes = {s.hash for s in keep_definition.kept_schemes(self.workspace) if s.name == scheme}
        with self.workspace.reading() as connection:
            found = assignments.every(connection, session_id=session.id)
        return next(a for a in found if a.rater_id == person.id and a.scheme_hash in hashes)

    def content(self, login_name: str, code: str, scheme: str = "alliance_behaviours") -> CodingContent:
        """What somebody's coding of a session says now."""
        with self.workspace.reading() as connection:
            return codings.content(connection, self._coding(login_name, code, scheme))

    def operations(self, login_name: str, code: str, scheme: str = "alliance_behaviours") -> list[Operation]:
        """Everything that was done in somebody's coding, in order."""
        with self.workspace.reading() as connection:
            coding_id = self._coding(login_name, code, scheme)
            return [operation for _, operation in codings.operations(connection, coding_id)]

    def newcomer(self, login_name: str, *roles: Role) -> Person:
        """Somebody who was added just now, and can sign in."""
        password = manage_people.new_password()
        self.passwords = {**self.passwords, login_name: password}
        return manage_people.add_person(self.workspace, None, login_name, login_name.title(), password, roles)

    def _coding(self, login_name: str, code: str, scheme: str) -> str:
        coding_id = self.assignment(login_name, code, scheme).coding_id
        assert coding_id is not None, f"{login_name} has not begun {code}"
        return coding_id


@contextlib.contextmanager
def served(folder: Path, *, worker: bool = False, config: str = "") -> Iterator[Site]:
    """A copy of the demo in `folder`, served while the block runs. `config`: its config.toml."""
    source, passwords = seeded()
    shutil.copytree(source, folder)
    if config:
        (folder / "config.toml").write_text(config, encoding="utf-8")
    workspace = open_workspace.open_(Settings(workspace=folder))
    site = Site(folder, passwords, workspace, free_port())
    try:
        site.start(worker=worker)
        yield site
    finally:
        site.stop()
        workspace.close()


def free_port() -> int:
    """A port that nobody uses, and that the system gives to no outgoing connection before the server has it."""
    while True:
        port = randrange(15_000, 30_000)
        with socket.socket() as door, contextlib.suppress(OSError):
            door.bind(("127.0.0.1", port))
            return port


# ---- browsers --------------------------------------------------------------------------------


def chromium_path() -> str:
    """Debian's Chromium, or the one that WORKBENCH_CHROMIUM names."""
    found = os.environ.get("WORKBENCH_CHROMIUM") or shutil.which("chromium")
    assert found, "the browser tests need Chromium: install it, or set WORKBENCH_CHROMIUM to its path"
    return found


def launch(playwright: Playwright) -> Browser:
    return playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)


def enter(context: BrowserContext, site: Site, login_name: str, path: str = "/") -> Page:
    """Sign in by the form and arrive at `path`."""
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.goto(site.url + path)
    sign_in(page, login_name, site.passwords[login_name])
    quiet(page)
    return page


def sign_in(page: Page, login_name: str, password: str) -> None:
    """Fill in the form on the page and press Enter."""
    page.get_by_label("Name").fill(login_name)
    page.get_by_label("Password").fill(password)
    page.keyboard.press("Enter")


def quiet(page: Page) -> None:
    """Wait until the screen is drawn, with what was done last; the latter only in a context with `drawn.LISTENS`."""
    page.wait_for_function(
        f"""() => {{ const app = document.querySelector("[data-testid=stApp]"); return app && !({BUSY}); }}"""
    )


def show(page: Page, url: str) -> None:
    """Go to an address and wait until its screen is drawn."""
    page.goto(url)
    quiet(page)


def turn(page: Page, theme: str) -> None:
    """Have the computer prefer the light or the dark, and wait until the page has followed in all its colours."""
    page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
    page.wait_for_function(
        f"""theme => {{
            const app = document.querySelector("[data-testid=stApp]");  // a form is a plain page
            const ground = getComputedStyle(app ?? document.body).backgroundColor;
            const [red, green, blue] = ground.match(/[0-9.]+/g).map(Number);
            const running = app && ({BUSY});
            const stale = document.querySelector("[data-stale=true]");  // drawn pale until the run has come to it
            return (red + green + blue < 3 * 128) === (theme === "dark") && !running && !stale;
        }}""",
        arg=theme,
    )
    page.evaluate(_AT_REST)


# Brings to its end what fades in or changes its colour, as long as there is any; not what turns for ever.
_AT_REST = """() => new Promise(resolve => {
    const all = (tree) => [
        ...tree.getAnimations(),
        ...Array.from(tree.querySelectorAll("*")).flatMap(each => each.shadowRoot ? all(each.shadowRoot) : []),
    ];
    const moving = () => all(document).filter(
        each => each.playState === "running" && Number.isFinite(each.effect?.getComputedTiming().endTime)
    );
    const look = (left) => requestAnimationFrame(() => requestAnimationFrame(() => {
        const found = moving();
        for (const each of found) each.finish();
        found.length && left ? look(left - 1) : resolve();
    }));
    look(20);
})"""


def still(option: Locator) -> None:
    """Bring an option of an open list into view and wait until the list stands still, as people do.

    A list that scrolls lets the pointer through to what is behind its options, and does so from a frame or two after
    the scrolling began: a press in between goes down on the option and comes up beside it, and is none.
    """
    option.scroll_into_view_if_needed()
    option.evaluate(
        """option => new Promise(resolve => {
            const look = () => getComputedStyle(option).pointerEvents === "none" ? setTimeout(look, 20) : resolve();
            requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(look, 50)));
        })"""
    )


def press_option(page: Page, name: str) -> None:
    """Choose from the open list."""
    option = page.get_by_role("option", name=name).first
    still(option)
    option.click()


def row_at(table: Locator, row: int, x: int = 16) -> Position:
    """Where to press for a row of a table, from 0, once the table is painted: 35 pixels each, under a head as high.

    `x`: the mark that picks a row is at 16; the first cell, in a table that has no such marks, at 60.
    """
    table.locator("[role=gridcell]").first.wait_for(state="attached")  # for who cannot see the picture; made with it
    return {"x": x, "y": 35 + 35 * row + 17}


# ---- the coding room -------------------------------------------------------------------------


def room(page: Page) -> None:
    """Wait until the coding room is ready."""
    page.wait_for_selector("[data-testid=coding-room][data-ready=true]")


def status(page: Page, words: str) -> None:
    """Wait until the status line says so."""
    page.locator("[data-testid=status]", has_text=words).wait_for()


def now_ms(page: Page) -> float:
    """Where the recording is."""
    at: float = page.get_by_test_id("media").evaluate("media => media.currentTime * 1000")
    return at


def play_until(page: Page, ms: float) -> None:
    """Wait until the recording has played to `ms`."""
    page.wait_for_function(
        "([media, ms]) => media.currentTime * 1000 >= ms", arg=[page.get_by_test_id("media").element_handle(), ms]
    )


def played_from(page: Page, ms: float) -> None:
    """Wait until the recording has played from `ms` on, to the half second; however late one asks.

    Not in a room that opens and plays at once: Chromium then says that it was played from the beginning.
    """
    page.wait_for_function(
        """([media, ms]) => {
            const begun = Array.from(media.played, (_, n) => media.played.start(n) * 1000);
            return begun.some((at) => Math.abs(at - ms) < 500);
        }""",
        arg=[page.get_by_test_id("media").element_handle(), ms],
    )


def go_to(page: Page, ms: int) -> None:
    """Go to a moment, to the second, with the arrow keys."""
    seconds = round((ms - now_ms(page)) / 1000)
    fives, ones = divmod(abs(seconds), 5)
    arrow = "ArrowRight" if seconds > 0 else "ArrowLeft"
    for key, times in ((arrow, fives), (f"Shift+{arrow}", ones)):
        for _ in range(times):
            page.keyboard.press(key)
    page.wait_for_function(
        "([media, ms]) => Math.abs(media.currentTime * 1000 - ms) < 600",
        arg=[page.get_by_test_id("media").element_handle(), ms],
    )
    # the room follows the sound with the next picture that it draws
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def press(page: Page, *keys: str) -> None:
    """Press keys one after the other."""
    for key in keys:
        page.keyboard.press(key)


def drawn(page: Page) -> list[str]:
    """The ids of the events that the room shows."""
    ids: list[str] = page.get_by_test_id("event").evaluate_all("rows => rows.map((row) => row.dataset.event)")
    return ids


def told(page: Page, test_id: str) -> str:
    """The text of a part of the page."""
    return page.get_by_test_id(test_id).inner_text()
