"""What several tests need: a workspace on disk and the people in it."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher

from tests.clinic import Clinic, open_clinic
from workbench.model.ids import now_ms
from workbench.model.people import Person, Role
from workbench.settings import Settings
from workbench.store.workspace import Workspace
from workbench.workflows import manage_people, open_workspace, sign_in


@pytest.fixture(autouse=True)
def _own_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No test touches the workspace of the person who runs it."""
    monkeypatch.setenv("WORKBENCH_HOME", str(tmp_path / "home"))


@pytest.fixture(autouse=True)
def _quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2id as the program uses it, at the least cost: its slowness is not what tests are about."""
    monkeypatch.setattr(sign_in, "_hasher", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))


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
