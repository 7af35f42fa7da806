"""The keys of the recordings: one data key each, in a database of their own that can forget.

A data key is wrapped (AES-256-GCM) by the master key, and the master key by the key of a source
(key file, passphrase or keyring), so that a new passphrase rewraps one row. Erasing a data key
erases the recording wherever its sealed files lie, backups included: the key's row is overwritten
(`secure_delete`), the journal that held the page is overwritten too, and a tombstone keeps the id
from ever getting a key again. A disk may keep old blocks below the file system (SSDs do); the
wrapped key in them is useless without the master key.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
import os
import secrets
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from workbench.model.ids import now_ms
from workbench.store.container import sync_folder
from workbench.store.key_sources import KEY_SIZE, KeyFile, KeySource, KeyStoreError, OsKeyring, Passphrase

__all__ = [
    "Erased",
    "KeyExists",
    "KeyFile",
    "KeyRing",
    "KeyStoreError",
    "KeysNotSaved",
    "NoKey",
    "OsKeyring",
    "Passphrase",
    "Tombstone",
    "WrongKey",
]

FILE = "keys.db"
_NONCE = 12
_DISK = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN}
_MASTER = b"alliance-workbench master key"
_TABLES = (
    "CREATE TABLE IF NOT EXISTS master (id INTEGER PRIMARY KEY CHECK (id = 1),"
    " source TEXT NOT NULL, stored TEXT NOT NULL, wrapped BLOB NOT NULL) STRICT",
    "CREATE TABLE IF NOT EXISTS data_key (recording_id TEXT PRIMARY KEY,"
    " upload INTEGER NOT NULL CHECK (upload IN (0, 1)), made_at INTEGER NOT NULL, wrapped BLOB NOT NULL) STRICT",
    "CREATE TABLE IF NOT EXISTS tombstone (recording_id TEXT PRIMARY KEY, erased_at INTEGER NOT NULL) STRICT",
)


class WrongKey(KeyStoreError):
    """The passphrase, key file or keyring entry does not open these keys."""


class NoKey(KeyStoreError):
    """There is no key of that id, and never was one that was erased."""


class Erased(KeyStoreError):
    """The recording was erased; its id gets no key again."""


class KeysNotSaved(KeyStoreError):
    """The disk of the key database is full or failed."""


class KeyExists(KeyStoreError):
    """There is already a key of that id."""


@dataclass(frozen=True, slots=True)
class Tombstone:
    recording_id: str
    erased_at: int


class KeyRing:
    """The open key database. Usable from many threads and processes: nothing is kept in memory
    but the master key, so a key erased by one process is gone for all."""

    def __init__(self, folder: Path, master: bytes) -> None:
        """Use `create` or `open`."""
        self._file = folder / FILE
        self._wrapping = AESGCM(master)
        self._naming = _derived(master, b"names in the vault")
        self._recognising = _derived(master, b"fingerprints of recordings")
        self._drawing = _derived(master, b"lots of people")
        self._master = master

    @classmethod
    def create(cls, folder: Path, source: KeySource) -> KeyRing:
        """A new key database in `folder`. Raises KeyExists when there is one, KeyStoreError."""
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / FILE
        if not file.exists():  # opening and closing one in use would drop SQLite's locks on it
            os.close(os.open(file, os.O_WRONLY | os.O_CREAT, 0o600))
        with _writing(file) as connection:
            for statement in _TABLES:
                connection.execute(statement)
            if connection.execute("SELECT 1 FROM master").fetchone():
                raise KeyExists(f"{file} exists already; its keys would be lost.")
            key, stored = source.make()
            master = secrets.token_bytes(KEY_SIZE)
            connection.execute(
                "INSERT INTO master VALUES (1, ?, ?, ?)",
                (source.kind, json.dumps(stored), _wrapped(AESGCM(key), master, _MASTER)),
            )
        sync_folder(folder)
        return cls(folder, master)

    @classmethod
    def open(cls, folder: Path, source: KeySource) -> KeyRing:
        """The key database in `folder`. Raises NoKey, WrongKey, KeyStoreError."""
        file = folder / FILE
        kind, stored, wrapped = _master_row(file)
        if kind != source.kind:
            raise WrongKey(f"{file} opens with a {kind}, not with a {source.kind}.")
        try:
            master = _unwrapped(AESGCM(source.key(json.loads(stored))), wrapped, _MASTER)
        except InvalidTag:
            raise WrongKey(f"This {kind} does not open the keys in {file}.") from None
        ring = cls(folder, master)
        with contextlib.suppress(KeyStoreError):  # as from a disk that can only be read
            ring._forget()  # finishes an erasure that a power cut interrupted
        return ring

    @staticmethod
    def kind_of(folder: Path) -> str:
        """Which source opens the key database in `folder`: "key file", "passphrase" or "keyring"."""
        return _master_row(folder / FILE)[0]

    def rewrap(self, source: KeySource) -> None:
        """From now on `source` opens the keys, and the former source no more.

        Copies of the key database made before still open with the former one.
        """
        key, stored = source.make()
        with _writing(self._file) as connection:
            connection.execute(
                "UPDATE master SET source = ?, stored = ?, wrapped = ?",
                (source.kind, json.dumps(stored), _wrapped(AESGCM(key), self._master, _MASTER)),
            )
        self._forget()

    # --- data keys

    def data_key(self, recording_id: str) -> bytes:
        """The 32-byte key of a recording. Raises Erased, NoKey."""
        with _connected(self._file) as connection:
            row = connection.execute("SELECT wrapped FROM data_key WHERE recording_id = ?", (recording_id,)).fetchone()
            if row is None:
                self._refuse_erased(connection, recording_id)
                raise NoKey(f"There is no key of {recording_id}.")
        return self._opened(recording_id, row[0])

    def new_data_key(self, recording_id: str, *, upload: bool = False) -> bytes:
        """A fresh key for a recording, or for an upload that is not one yet. Raises Erased, KeyExists."""
        key = secrets.token_bytes(KEY_SIZE)
        with _writing(self._file) as connection:
            self._refuse_erased(connection, recording_id)
            self._insert(connection, recording_id, key, upload)
        return key

    def key_for_writing(self, recording_id: str) -> bytes:
        """The key of a recording, made now if it has none. Raises Erased."""
        try:
            return self.data_key(recording_id)
        except NoKey:
            pass
        try:
            return self.new_data_key(recording_id)
        except KeyExists:  # another process was faster
            return self.data_key(recording_id)

    def hand_over(self, upload_id: str, recording_id: str) -> None:
        """The key of a finished upload becomes the key of a recording, which must have none yet.

        Asked a second time it changes nothing. Raises Erased, KeyExists, NoKey.
        """
        with _writing(self._file) as connection:
            self._refuse_erased(connection, recording_id)
            row = connection.execute(
                "SELECT wrapped FROM data_key WHERE recording_id = ? AND upload = 1", (upload_id,)
            ).fetchone()
            if row is None:
                if not _exists(connection, "data_key", recording_id):
                    raise NoKey(f"There is no upload {upload_id}.")
                return
            self._insert(connection, recording_id, self._opened(upload_id, row[0]), upload=False)
            connection.execute("DELETE FROM data_key WHERE recording_id = ?", (upload_id,))

    def has(self, recording_id: str) -> bool:
        with _connected(self._file) as connection:
            return _exists(connection, "data_key", recording_id)

    def erase(self, recording_id: str) -> None:
        """Forget the key of a recording for ever, and refuse its id from now on."""
        self.apply_tombstones([Tombstone(recording_id, now_ms())])

    def erased(self) -> tuple[Tombstone, ...]:
        """Every erasure, oldest first. They go into each backup's manifest."""
        with _connected(self._file) as connection:
            rows = connection.execute("SELECT recording_id, erased_at FROM tombstone ORDER BY erased_at, recording_id")
            return tuple(Tombstone(*row) for row in rows)

    def apply_tombstones(self, tombstones: Iterable[Tombstone]) -> int:
        """Erase what these say, after keys were restored from a copy. Returns how many keys that erased."""
        rows = [(t.recording_id, t.erased_at) for t in tombstones]
        with _writing(self._file) as connection:
            connection.executemany("INSERT INTO tombstone VALUES (?, ?) ON CONFLICT DO NOTHING", rows)
            gone = sum(
                connection.execute("DELETE FROM data_key WHERE recording_id = ?", (recording_id,)).rowcount
                for recording_id, _ in rows
            )
        self._forget()
        return gone

    def drop_upload(self, upload_id: str) -> None:
        """Forget the key of an upload that came to nothing. Keys of recordings stay."""
        with _writing(self._file) as connection:
            connection.execute("DELETE FROM data_key WHERE recording_id = ? AND upload = 1", (upload_id,))
        self._forget()

    def uploads(self) -> dict[str, int]:
        """Uploads that are not a recording yet, with the instant each began."""
        with _connected(self._file) as connection:
            return dict(connection.execute("SELECT recording_id, made_at FROM data_key WHERE upload = 1"))

    # --- names

    def name_of(self, recording_id: str, artefact: str = "") -> str:
        """The file name of an artefact (of the recording's folder, without one): says nothing without the keys."""
        text = json.dumps([recording_id, artefact]).encode()
        return hmac.new(self._naming, text, hashlib.sha256).hexdigest()

    def fingerprint(self, sha256: bytes) -> str:
        """What may be stored to recognise the same file again: without the keys nobody can test a file for it."""
        return hmac.new(self._recognising, sha256, hashlib.sha256).hexdigest()

    def lot(self, person_id: str) -> bytes:
        """A person's place in an order that says nothing: without the keys nobody can tell who comes before whom."""
        return hmac.new(self._drawing, person_id.encode(), hashlib.sha256).digest()

    # --- inside

    def _opened(self, recording_id: str, wrapped: bytes) -> bytes:
        try:
            return _unwrapped(self._wrapping, wrapped, recording_id.encode())
        except InvalidTag:
            raise KeyStoreError(f"The key of {recording_id} in {self._file} was altered.") from None

    def _insert(self, connection: sqlite3.Connection, recording_id: str, key: bytes, upload: bool) -> None:
        if _exists(connection, "data_key", recording_id):
            raise KeyExists(f"{recording_id} has a key already.")
        wrapped = _wrapped(self._wrapping, key, recording_id.encode())
        connection.execute("INSERT INTO data_key VALUES (?, ?, ?, ?)", (recording_id, int(upload), now_ms(), wrapped))

    def _refuse_erased(self, connection: sqlite3.Connection, recording_id: str) -> None:
        if _exists(connection, "tombstone", recording_id):
            raise Erased(f"{recording_id} was erased and cannot be opened or stored again.")

    def _forget(self) -> None:
        """Overwrite the journal, which holds pages as they were before the last change."""
        journal = self._file.with_name(FILE + "-journal")
        if not journal.exists() or not any(journal.read_bytes()):
            return
        with _writing(self._file):  # rolls back a journal of a crash first, then keeps writers away
            try:
                with journal.open("r+b", buffering=0) as file:
                    left = os.fstat(file.fileno()).st_size
                    while left > 0:
                        left -= file.write(bytes(min(left, 1 << 20)))
                    os.fsync(file.fileno())
            except OSError as error:
                raise KeysNotSaved(
                    f"The journal {journal} cannot be overwritten ({error.strerror}); it may still hold a wrapped key. "
                    "It is tried again when the keys are next opened."
                ) from None


@contextmanager
def _connected(file: Path) -> Iterator[sqlite3.Connection]:
    if not file.exists():
        raise NoKey(f"There are no keys at {file}.")
    try:
        connection = sqlite3.connect(file, timeout=10, isolation_level=None)
        try:
            connection.execute("PRAGMA secure_delete = ON")
            connection.execute("PRAGMA synchronous = FULL")
            # A deleted journal would leave its blocks on the disk; a persistent one can be overwritten.
            connection.execute("PRAGMA journal_mode = PERSIST")
            yield connection
        finally:
            connection.close()
    except sqlite3.Error as error:
        # the last byte of an extended result code is its primary one
        if (getattr(error, "sqlite_errorcode", 0) or 0) & 0xFF in _DISK:
            raise KeysNotSaved(f"The key database {file} cannot be written ({error}); its disk may be full.") from None
        raise KeyStoreError(f"The key database {file} cannot be used: {error}.") from None


@contextmanager
def _writing(file: Path) -> Iterator[sqlite3.Connection]:
    with _connected(file) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield connection
        connection.execute("COMMIT")  # where this is not reached, closing rolls back


def _master_row(file: Path) -> tuple[str, str, bytes]:
    with _connected(file) as connection:
        row = connection.execute("SELECT source, stored, wrapped FROM master").fetchone()
    if row is None:
        raise KeyStoreError(f"{file} holds no master key; it was not made to the end or was altered.")
    return row[0], row[1], row[2]


def _exists(connection: sqlite3.Connection, table: str, recording_id: str) -> bool:
    query = f"SELECT 1 FROM {table} WHERE recording_id = ?"  # noqa: S608 (the table is a word of this file)
    return connection.execute(query, (recording_id,)).fetchone() is not None


def _wrapped(by: AESGCM, key: bytes, associated_data: bytes) -> bytes:
    nonce = secrets.token_bytes(_NONCE)
    return nonce + by.encrypt(nonce, key, associated_data)


def _unwrapped(by: AESGCM, wrapped: bytes, associated_data: bytes) -> bytes:
    return by.decrypt(wrapped[:_NONCE], wrapped[_NONCE:], associated_data)


def _derived(master: bytes, info: bytes) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=KEY_SIZE, salt=None, info=info).derive(master)
