"""Bringing a database to the schema of this version of the program."""

from __future__ import annotations

from importlib.resources import files

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine


class SchemaError(RuntimeError):
    """The database was written by a newer version of the program."""


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(files("workbench.store") / "migrations"))
    config.set_main_option("path_separator", "os")
    if connection is not None:
        config.attributes["connection"] = connection
    return config


def head() -> str:
    """The schema version this program writes."""
    return ScriptDirectory.from_config(_config()).get_current_head() or ""


def current(connection: Connection) -> str | None:
    """The schema version of a database; None when it has no tables yet."""
    return MigrationContext.configure(connection).get_current_revision()


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Run what migrations are missing, all in one transaction.

    Raises SchemaError when the database comes from a newer version.
    """
    with engine.execution_options(reading=True).connect() as connection:
        found = current(connection)
    if found == head() and revision == "head":
        return
    known = {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}
    if found is not None and found not in known:
        raise SchemaError(
            f"This workspace was written by a newer version of the program (schema {found}); "
            f"this version knows schemas up to {head()}. Install the newer version to open it."
        )
    with engine.begin() as connection:
        command.upgrade(_config(connection), revision)
