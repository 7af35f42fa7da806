"""A small clinic, clients that talk to our routes through the gate, and screens as somebody sees them."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from tests.app.house import House, fill
from workbench.app import current, streamlit_options
from workbench.app.gate import Gate
from workbench.app.server import ROUTES, SCRIPT
from workbench.settings import Settings
from workbench.workflows import open_workspace, sign_in

Client = Callable[..., TestClient]
Screen = Callable[..., AppTest]


@pytest.fixture(scope="session")
def built_house(tmp_path_factory: pytest.TempPathFactory) -> House:
    """The clinic as it is before a test, to be copied."""
    made = fill(open_workspace.create(Settings(workspace=tmp_path_factory.mktemp("house") / "workspace")))
    made.workspace.close()
    return made


@pytest.fixture
def house(built_house: House, tmp_path: Path) -> Iterator[House]:
    folder = tmp_path / "house"
    shutil.copytree(built_house.workspace.folder, folder)
    workspace = open_workspace.open_(Settings(workspace=folder))
    current.use(workspace)
    yield replace(built_house, workspace=workspace)
    current.use(None)
    workspace.close()


@pytest.fixture
def study(built_study: House) -> Iterator[House]:
    """The fictional study, for tests that only look at it."""
    current.use(built_study.workspace)
    yield replace(built_study)
    current.use(None)


@pytest.fixture
def client(house: House) -> Iterator[Client]:
    """`client("ada")`: a browser in which Ada is signed in; `client()`: one in which nobody is.

    Its changes carry the word that goes with them; take it away with `headers={"x-wb-csrf": ""}`.
    """
    policy = streamlit_options.content_security_policy()
    app = Starlette(routes=ROUTES, middleware=[Middleware(Gate, policy=policy)])
    opened: list[TestClient] = []

    def make(name: str | None = None) -> TestClient:
        made = TestClient(app, follow_redirects=False, raise_server_exceptions=False)
        if name is not None:
            token = house.token(name)
            made.cookies.set(current.LOGIN, token)
            found = sign_in.who_is(house.workspace, token)
            assert found is not None
            made.headers["x-wb-csrf"] = found.csrf
        opened.append(made)
        return made

    yield make
    for made in opened:
        made.close()


@pytest.fixture
def screen(house: House) -> Screen:
    """`screen("ada", "session", session=...)`: a screen as Ada sees it. It has run once."""

    def make(name: str | None, where: str = "home", **query: str) -> AppTest:
        made = AppTest.from_file(str(SCRIPT), default_timeout=30)
        made.user = {current.LOGIN: house.token(name)} if name else {}
        made.query_params = dict(query)
        if where != "home":
            # AppTest goes only to pages that are files; ours are functions, known by the hash of their address
            made._page_hash = calc_hash(where)
        return made.run()

    return make
