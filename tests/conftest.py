"""What several tests need: a workspace on disk and the people in it."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher

from tests.app.house import House
from tests.app.study_house import fill_study
from tests.clinic import Clinic, open_clinic
from workbench.model.ids import now_ms
from workbench.model.people import Person, Role
from workbench.settings import Settings
from workbench.store.workspace import Workspace
from workbench.workflows import manage_people, open_workspace, sign_in

# What waits for a browser or kills processes: never two of them at once, so that they do not compete for the processor.
ONE_AT_A_TIME = ("tests/browser/", "tests/faults/", "tests/exchange/test_sample_video.py")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Those that go one at a time take longest and so begin first; where there is one worker the order says nothing."""
    items.sort(key=lambda item: not item.nodeid.startswith(ONE_AT_A_TIME))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """With several workers (`-n 2`) the tests of a file stay together and in their order, for what they share."""
    from xdist.scheduler import LoadScopeScheduling

    class ByFile(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return "one at a time" if nodeid.startswith(ONE_AT_A_TIME) else nodeid.split("::")[0]

    config.option.loadscopereorder = False
    return ByFile(config, log)


@pytest.fixture(autouse=True)
def _own_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No test touches the workspace of the person who runs it."""
    monkeypatch.setenv("WORKBENCH_HOME", str(tmp_path / "home"))


@pytest.fixture(autouse=True, scope="session")
def _quick_passwords() -> Iterator[None]:
    """Argon2id as the program uses it, at the least cost: its slowness is not what tests are about."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sign_in, "_hasher", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
        yield


@pytest.fixture(scope="session")
def new_workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a workspace in which nothing has happened. To be copied: making its tables takes half a second."""
    folder = tmp_path_factory.mktemp("new") / "workspace"
    open_workspace.create(Settings(workspace=folder)).close()
    return folder


@pytest.fixture
def workspace(new_workspace: Path, tmp_path: Path) -> Iterator[Workspace]:
    shutil.copytree(new_workspace, tmp_path / "workspace")
    opened = open_workspace.open_(Settings(workspace=tmp_path / "workspace"))
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def filled_study(tmp_path_factory: pytest.TempPathFactory) -> House:
    """The fictional study, whose right answers are known, as it is before anybody works with it. To be copied."""
    made = fill_study(open_workspace.create(Settings(workspace=tmp_path_factory.mktemp("filled") / "workspace")))
    made.workspace.close()
    return made


@pytest.fixture(scope="module")
def built_study(filled_study: House, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A copy of the fictional study for the tests of one file."""
    folder = tmp_path_factory.mktemp("study") / "workspace"
    shutil.copytree(filled_study.workspace.folder, folder)
    opened = open_workspace.open_(Settings(workspace=folder))
    yield replace(filled_study, workspace=opened)
    opened.close()


@pytest.fixture
def person_of(workspace: Workspace) -> Callable[..., Person]:
    """Makes an account: `person_of("ada", Role.OBSERVER)`; its password is `password of ada`."""

    def make(name: str, *roles: Role) -> Person:
        return manage_people.add_person(workspace, None, name, name.capitalize(), f"password of {name}", roles)

    return make


@pytest.fixture
def clinic(workspace: Workspace, person_of: Callable[..., Person]) -> Clinic:
    return open_clinic(workspace, person_of)


@pytest.fixture
def operation() -> Callable[..., dict[str, Any]]:
    """Makes an operation as a browser sends it."""

    def make(kind: str = "add", **fields: Any) -> dict[str, Any]:
        base: dict[str, Any] = {"id": str(uuid.uuid4()), "kind": kind, "client_at": now_ms()}
        if kind == "add":
            base |= {"event": str(uuid.uuid4()), "start_ms": 1000, "end_ms": None}
        return base | fields

    return make
