"""Where the key that opens the key database comes from: a key file, a passphrase, or the system's keyring.

None of it is stored beside the keys: the key database holds only what each source needs to make its
key again (a salt and costs, or the name of an entry).
"""

from __future__ import annotations

import base64
import binascii
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Protocol

from argon2.low_level import Type, hash_secret_raw

from workbench.store.container import sync_folder

KEY_SIZE = 32
SERVICE = "alliance-workbench"

# RFC 9106, section 4, second recommended option: 3 passes over 64 MiB in 4 lanes
ARGON2_COSTS = {"time_cost": 3, "memory_kib": 64 * 1024, "lanes": 4}
_MOST_MEMORY_KIB = 4 * 1024 * 1024


class KeyStoreError(Exception):
    """Keys cannot be used; the message is a sentence for the person who runs the workbench."""


class KeySourceMissing(KeyStoreError):
    """The key file, the passphrase or the keyring entry is not there."""


class KeySource(Protocol):
    """Gives the 32-byte key that wraps the master key."""

    kind: ClassVar[str]

    def make(self) -> tuple[bytes, dict[str, Any]]:
        """A new key, and what the key database must store to get it again."""

    def key(self, stored: Mapping[str, Any]) -> bytes:
        """The key again. Raises KeyStoreError."""


@dataclass(frozen=True, slots=True)
class KeyFile:
    """32 random bytes in a file that only its owner can read, kept apart from the workspace."""

    path: Path
    kind: ClassVar[str] = "key file"

    def make(self) -> tuple[bytes, dict[str, Any]]:
        """Uses the file when it exists, and writes it otherwise."""
        if self.path.exists():
            return self.key({}), {}
        key = secrets.token_bytes(KEY_SIZE)
        self.path.parent.mkdir(parents=True, exist_ok=True)
        number = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(number, "wb") as file:
            file.write(base64.b64encode(key) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        sync_folder(self.path.parent)
        return key, {}

    def key(self, stored: Mapping[str, Any]) -> bytes:
        try:
            text = self.path.read_bytes()
            mode = self.path.stat().st_mode
        except FileNotFoundError:
            raise KeySourceMissing(
                f"The key file {self.path} is not there. Without it no recording can be opened; put it back "
                "from where it is kept safe."
            ) from None
        except OSError as error:
            raise KeySourceMissing(f"The key file {self.path} cannot be read: {error.strerror}.") from None
        if os.name == "posix" and mode & 0o077:
            raise KeyStoreError(
                f"The key file {self.path} can be read by others (mode {mode & 0o777:04o}, expected 0600). "
                f"Run: chmod 600 {self.path}"
            )
        return _decoded(text, f"The key file {self.path}")


@dataclass(frozen=True, slots=True)
class Passphrase:
    """A passphrase that a person types at start; Argon2id turns it into a key."""

    text: str = field(repr=False)
    costs: Mapping[str, int] = field(default_factory=lambda: dict(ARGON2_COSTS), repr=False)
    kind: ClassVar[str] = "passphrase"

    def make(self) -> tuple[bytes, dict[str, Any]]:
        if not self.text:
            raise KeyStoreError("The passphrase is empty.")
        stored = {"salt": secrets.token_bytes(16).hex(), **self.costs}
        return self.key(stored), stored

    def key(self, stored: Mapping[str, Any]) -> bytes:
        try:
            salt = bytes.fromhex(stored["salt"])
            time_cost, memory_kib, lanes = (int(stored[name]) for name in ("time_cost", "memory_kib", "lanes"))
        except (KeyError, TypeError, ValueError):
            raise KeyStoreError("The key database does not say how its passphrase is used; it was altered.") from None
        if memory_kib > _MOST_MEMORY_KIB or time_cost > 100:
            raise KeyStoreError(
                f"The key database asks for {memory_kib} KiB and {time_cost} passes to check a passphrase, "
                f"expected at most {_MOST_MEMORY_KIB} KiB and 100; it was altered."
            )
        return hash_secret_raw(self.text.encode(), salt, time_cost, memory_kib, lanes, KEY_SIZE, Type.ID)


@dataclass(frozen=True, slots=True)
class OsKeyring:
    """An entry in the keyring of the system (Windows, macOS, a Linux desktop) under the account that runs it."""

    service: str = SERVICE
    kind: ClassVar[str] = "keyring"

    def make(self) -> tuple[bytes, dict[str, Any]]:
        import keyring
        import keyring.errors

        key, entry = secrets.token_bytes(KEY_SIZE), f"workspace-{secrets.token_hex(8)}"
        try:
            keyring.set_password(self.service, entry, base64.b64encode(key).decode())
        except keyring.errors.KeyringError as error:
            raise KeyStoreError(
                f"The keyring of this system cannot be used ({type(error).__name__}). Use a key file or a passphrase."
            ) from None
        return key, {"entry": entry}

    def key(self, stored: Mapping[str, Any]) -> bytes:
        import keyring
        import keyring.errors

        entry = str(stored.get("entry", ""))
        try:
            text = keyring.get_password(self.service, entry)
        except keyring.errors.KeyringError as error:
            raise KeySourceMissing(f"The keyring of this system cannot be used ({type(error).__name__}).") from None
        if text is None:
            raise KeySourceMissing(
                f"The keyring has no entry {entry!r} of {self.service}. It belongs to the account that made it."
            )
        return _decoded(text.encode(), f"The keyring entry {entry!r}")


def _decoded(text: bytes, what: str) -> bytes:
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except binascii.Error:
        key = b""
    if len(key) != KEY_SIZE:
        raise KeyStoreError(f"{what} is damaged: expected {KEY_SIZE} bytes in base64.")
    return key
