"""Making and opening a workspace, with its master key from a key file, a passphrase or the keyring."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from workbench.settings import Settings
from workbench.store import workspace as store
from workbench.store.key_sources import KeyFile, KeySource, KeyStoreError, OsKeyring, Passphrase
from workbench.store.keys import KeyRing
from workbench.store.schema import SchemaError
from workbench.store.workspace import Workspace, WorkspaceError
from workbench.workflows.refusal import Refused

__all__ = ["KEY_FILE", "Workspace", "create", "exists", "open_"]

KEY_FILE = "master.key"


def _key_file(settings: Settings) -> Path:
    return settings.key_file or settings.workspace / KEY_FILE


def create(settings: Settings, *, key: str = "file", passphrase: str | None = None, demo: bool = False) -> Workspace:
    """A new workspace. `key` says where its master key lives: "file", "passphrase" or "keyring".

    Raises Refused when the folder cannot be used.
    """
    sources: dict[str, Callable[[], KeySource]] = {
        "file": lambda: KeyFile(_key_file(settings)),
        "passphrase": lambda: Passphrase(passphrase or ""),
        "keyring": OsKeyring,
    }
    if key not in sources:
        raise Refused(f"The key can be kept in: {', '.join(sources)}; found {key!r}.")
    if key == "passphrase" and not passphrase:
        raise Refused("A passphrase is needed to keep the key under a passphrase.")
    try:
        return store.create_workspace(settings, lambda folder: KeyRing.create(folder, sources[key]()), demo=demo)
    except (WorkspaceError, KeyStoreError) as error:
        raise Refused(str(error)) from None


def open_(settings: Settings, ask_passphrase: Callable[[], str] | None = None) -> Workspace:
    """The workspace of the settings. `ask_passphrase` is called only when its key needs one.

    Raises Refused when there is none, the key does not fit, or a newer version wrote it.
    """

    def keys(folder: Path) -> KeyRing:
        kind = KeyRing.kind_of(folder)
        if kind == "passphrase":
            if ask_passphrase is None:
                raise Refused("This workspace opens with a passphrase: set WORKBENCH_PASSPHRASE, or start it by hand.")
            return KeyRing.open(folder, Passphrase(ask_passphrase()))
        return KeyRing.open(folder, OsKeyring() if kind == "keyring" else KeyFile(_key_file(settings)))

    try:
        return store.open_workspace(settings, keys)
    except (WorkspaceError, KeyStoreError, SchemaError) as error:
        raise Refused(str(error)) from None


def exists(settings: Settings) -> bool:
    """Whether there is a workspace in the settings' folder."""
    return store.exists(settings.workspace)
