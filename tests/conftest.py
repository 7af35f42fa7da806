"""What several tests need: a workspace on disk and the people in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from workbench.model.people import Person, Role
from workbench.settings import Settings
from workbench.store.workspace import Workspace
from workbench.workflows import manage_people, open_workspace


@pytest.fixture(autouse=True)
def _own_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No test touches the workspace of the person who runs it."""
    monkeypatch.setenv("WORKBENCH_HOME", str(tmp_path / "home"))


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    made = open_workspace.create(Settings(workspace=tmp_path / "workspace"))
    yield made
    made.close()


@pytest.fixture
def person_of(workspace: Workspace) -> Callable[..., Person]:
    """Makes an account: `person_of("ada", Role.OBSERVER)`; its password is `password of ada`."""

    def make(name: str, *roles: Role) -> Person:
        return manage_people.add_person(workspace, None, name, name.capitalize(), f"password of {name}", roles)

    return make
