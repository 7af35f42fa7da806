"""A workspace: one folder with its database, keys and vault, and the only two ways into the database.

`reading` gives a connection for one short read transaction. `changing` gives one for a change, and
writes the audit row of that change in the same transaction: there is no way to change without it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, delete, insert, select

from workbench.settings import Settings
from workbench.store import audit, erasure, schema
from workbench.store.engine import open_engine
from workbench.store.keys import KeyRing
from workbench.store.tables import workspace as workspace_table
from workbench.store.vault import Vault
from workbench.store.writer import GroupCommitWriter

__all__ = ["Connection", "Workspace", "WorkspaceError", "create_workspace", "exists", "open_workspace"]

T = TypeVar("T")
DATABASE = "workbench.db"


class WorkspaceError(RuntimeError):
    """A workspace that cannot be made or opened; one sentence that says why and what to do."""


class Workspace:
    """An open workspace. Made by `create_workspace` and `open_workspace`."""

    def __init__(self, settings: Settings, engine: Engine, keys: KeyRing) -> None:
        self.settings = settings
        self.folder = settings.workspace
        self.engine = engine
        self.keys = keys
        self.vault = Vault(self.folder / "vault", keys)

    @cached_property
    def writer(self) -> GroupCommitWriter:
        """The one writer through which coding operations go, in groups."""
        return GroupCommitWriter(self.engine)

    @contextmanager
    def reading(self) -> Generator[Connection]:
        """A connection for one short read transaction."""
        with self.engine.connect() as connection:
            connection = connection.execution_options(reading=True)
            with connection.begin():
                yield connection

    @contextmanager
    def changing(
        self,
        actor_id: str | None,
        action: str,
        resource_kind: str,
        resource_id: str | None = None,
        detail: Mapping[str, Any] | None = None,
    ) -> Generator[Connection]:
        """A connection for one change. Its audit row is written last, in the same transaction, and
        reads `detail` only then. `actor_id` None: the program itself."""
        with self.engine.begin() as connection:
            yield connection
            audit.append(connection, actor_id, action, resource_kind, resource_id, detail or {})

    def note(
        self,
        actor_id: str | None,
        action: str,
        resource_kind: str,
        resource_id: str | None = None,
        detail: Mapping[str, Any] | None = None,
    ) -> None:
        """Write an audit row for something that changed nothing: a play, an export, a denial."""
        with self.changing(actor_id, action, resource_kind, resource_id, detail):
            pass

    def housekeeping(self, work: Callable[[Connection], T]) -> T:
        """A write that is no change of anybody's data and needs no audit row: a sign-in's last use,
        a job's progress, where a rater is in a recording."""
        with self.engine.begin() as connection:
            return work(connection)

    def fact(self, key: str) -> str | None:
        """A word about the workspace itself, such as whether it is the demo's."""
        with self.reading() as connection:
            return connection.execute(
                select(workspace_table.c.value).where(workspace_table.c.key == key)
            ).scalar_one_or_none()

    def set_fact(self, key: str, value: str) -> None:
        """Keep a word about the workspace itself."""
        with self.changing(None, "workspace.fact", "workspace", None, {key: value}) as connection:
            connection.execute(delete(workspace_table).where(workspace_table.c.key == key))
            connection.execute(insert(workspace_table).values(key=key, value=value))

    @property
    def is_demo(self) -> bool:
        return self.fact("demo") == "yes"

    def close(self) -> None:
        """Finish what is being written and let go of the files."""
        if "writer" in self.__dict__:
            self.writer.close()
        self.engine.dispose()


def exists(folder: Path) -> bool:
    """Whether a workspace lies in `folder`."""
    return (folder / DATABASE).is_file()


def create_workspace(settings: Settings, make_keys: Callable[[Path], KeyRing], *, demo: bool = False) -> Workspace:
    """A new workspace in `settings.workspace`. Raises WorkspaceError when the folder holds one, or
    anything else. `make_keys` creates the key ring in the folder it is given."""
    folder = settings.workspace
    if exists(folder):
        raise WorkspaceError(f"There is a workspace in {folder} already.")
    if folder.is_dir() and any(p.name != "config.toml" for p in folder.iterdir()):
        raise WorkspaceError(f"The folder {folder} is not empty and is no workspace. Choose an empty or new folder.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if os.name == "posix":
            folder.chmod(0o700)
    except OSError as error:
        raise WorkspaceError(f"The folder {folder} cannot be used: {error.strerror}.") from None
    keys = make_keys(folder)
    engine = open_engine(folder / DATABASE)
    schema.upgrade(engine)
    made = Workspace(settings, engine, keys)
    with made.changing(None, "workspace.create", "workspace", None, {"demo": demo}) as connection:
        connection.execute(insert(workspace_table).values(key="demo", value="yes" if demo else "no"))
    return made


def open_workspace(settings: Settings, open_keys: Callable[[Path], KeyRing]) -> Workspace:
    """The workspace in `settings.workspace`, brought to this version's schema.

    Raises WorkspaceError when there is none, SchemaError when it comes from a newer version.
    """
    folder = settings.workspace
    if not exists(folder):
        raise WorkspaceError(f"There is no workspace in {folder}. Make one with: workbench init --workspace {folder}")
    engine = open_engine(folder / DATABASE)
    schema.upgrade(engine)
    keys = open_keys(folder)
    if erasure.due(engine):
        erasure.sweep(engine)  # somebody took words out, and the program ended before the file was swept
    return Workspace(settings, engine, keys)
