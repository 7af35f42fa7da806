"""The vault: recordings and what was made from them, as sealed files whose names say nothing.

Each recording is a folder, each artefact of it (medium, transcript, peaks, embeddings) a container
under the recording's data key. Names of folders and files are HMACs. A file appears under its name
only when it is whole and on the disk. Nothing here asks who is reading: the one door that checks
consent, assignment and role is `workbench.workflows`.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import io
import os
import secrets
import shutil
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from workbench.model.ids import now_ms
from workbench.store.container import SealedReader, Tampered, encrypt_stream, plain_size, sync_folder
from workbench.store.keys import Erased, KeyExists, KeyRing, KeysNotSaved, NoKey

__all__ = ["NotInVault", "NotStored", "SealedReader", "Tampered", "Upload", "Vault", "WrongOffset"]

DAY_MS = 24 * 60 * 60 * 1000
MEDIUM = "medium"
# what a client should send at a time: each call of `append` becomes one file until `finish`
SLICE = 8 * 1024 * 1024
_JOINED = "joined"
_PART = ".part"
_TEMP = ".tmp"


class NotStored(OSError):
    """Nothing was stored, and what was there before is unchanged; the message says why."""


class NotInVault(LookupError):
    """The vault has no such artefact or upload."""


class WrongOffset(ValueError):
    """A slice that does not continue an upload. `expected` is where to go on."""

    def __init__(self, offset: int, expected: int) -> None:
        super().__init__(f"the slice begins at byte {offset}, expected {expected}")
        self.expected = expected


@dataclass(frozen=True, slots=True)
class Upload:
    """A finished upload: its size in bytes, the SHA-256 of its plaintext, and the medium to read."""

    upload_id: str
    size: int
    sha256: bytes
    reader: SealedReader


class Vault:
    """Sealed files below `folder`. Usable from many threads and processes."""

    def __init__(self, folder: Path, keyring: KeyRing) -> None:
        self.folder = folder
        self.keyring = keyring
        self._objects = folder / "objects"
        self._uploads = folder / "uploads"
        self._locks: dict[str, threading.Lock] = {}
        self._guard = threading.Lock()
        for place in (self._objects, self._uploads):
            place.mkdir(parents=True, exist_ok=True, mode=0o700)

    def write(self, recording_id: str, artefact: str, data: bytes | BinaryIO) -> int:
        """Store an artefact, in place of a former one of that name. Returns its size in bytes.

        Raises NotStored, Erased, KeyStoreError.
        """
        with _saying(artefact):
            key = self.keyring.key_for_writing(recording_id)
        place = self._place(recording_id, artefact)
        source = io.BytesIO(data) if isinstance(data, bytes) else data
        try:
            return _store(place, source, key, artefact)
        finally:
            if not self.keyring.has(recording_id):  # withdrawn meanwhile
                shutil.rmtree(place.parent, ignore_errors=True)
                raise Erased(f"{recording_id} was erased while {artefact} was being stored.")

    def open(self, recording_id: str, artefact: str) -> SealedReader:
        """Read an artefact from any position. Raises NotInVault, Erased, Tampered, KeyStoreError."""
        try:
            key = self.keyring.data_key(recording_id)
            return SealedReader.open(self._place(recording_id, artefact), key, artefact.encode())
        except (FileNotFoundError, NoKey):
            raise NotInVault(f"The vault has no {artefact} of {recording_id}.") from None
        except Tampered as error:
            raise Tampered(f"{artefact} of {recording_id}: {error}") from None

    def read(self, recording_id: str, artefact: str) -> bytes:
        """A whole artefact. Raises as `open` does."""
        with self.open(recording_id, artefact) as reader:
            return reader.readall()

    def has(self, recording_id: str, artefact: str) -> bool:
        """Whether the artefact is there and its recording was not erased."""
        return self._place(recording_id, artefact).is_file() and self.keyring.has(recording_id)

    def size(self, recording_id: str, artefact: str) -> int:
        """Bytes of plaintext. Raises as `open` does."""
        with self.open(recording_id, artefact) as reader:
            return reader.size

    def remove(self, recording_id: str, artefact: str) -> None:
        """Take one artefact away, and leave the recording. Nothing happens when there is none."""
        self._place(recording_id, artefact).unlink(missing_ok=True)

    def delete(self, recording_id: str) -> None:
        """Erase a recording for ever: its key first, by which every copy becomes unreadable, then its files.

        Asked a second time it changes nothing.
        """
        self.keyring.erase(recording_id)
        shutil.rmtree(self._folder_of(recording_id), ignore_errors=True)

    # --- uploads: sealed slice by slice, so that plaintext never touches the disk

    def begin_upload(self, upload_id: str) -> int:
        """Begin an upload, or go on with one. Returns the offset at which to go on. Raises NotStored."""
        with _saying("the upload"):
            try:
                self.keyring.new_data_key(upload_id, upload=True)
            except KeyExists:
                if upload_id not in self.keyring.uploads():
                    raise
            self._upload_folder(upload_id).mkdir(mode=0o700, exist_ok=True)
        return self.upload_offset(upload_id)

    def upload_offset(self, upload_id: str) -> int:
        """Bytes of an upload that are safely stored. Raises NotInVault."""
        folder = self._begun(upload_id)
        joined = folder / _JOINED
        return plain_size(joined.stat().st_size) if joined.is_file() else _end(_parts(folder))

    def append(self, upload_id: str, offset: int, data: bytes) -> int:
        """Store the next slice (best `SLICE` bytes). When it returns, the slice survives a power cut.

        Returns the next offset. A slice that fails leaves the upload as it was: send it again. Raises
        WrongOffset when `offset` is not where the upload ends, NotInVault, NotStored.
        """
        with self._lock_of(upload_id):
            folder = self._begun(upload_id)
            expected = self.upload_offset(upload_id)
            if (folder / _JOINED).is_file():
                raise NotInVault(f"The upload {upload_id} is finished and takes no more.")
            if offset != expected:
                raise WrongOffset(offset, expected)
            if data:
                key = self.keyring.data_key(upload_id)
                _store(folder / f"{offset:016x}{_PART}", io.BytesIO(data), key, _part_name(offset))
            return offset + len(data)

    def finish(self, upload_id: str) -> Upload:
        """Join the slices into one container. Asked again it gives the same. The caller closes the reader.

        Raises NotInVault, NotStored, Tampered.
        """
        with self._lock_of(upload_id):
            folder = self._begun(upload_id)
            joined = folder / _JOINED
            if not joined.is_file():
                key = self.keyring.data_key(upload_id)
                slices = self._slices(upload_id, _parts(folder))
                _store(joined, slices, key, MEDIUM)
            for part in folder.glob(f"*{_PART}"):
                part.unlink()
            reader = SealedReader.open(joined, self.keyring.data_key(upload_id), MEDIUM.encode())
        digest = hashlib.sha256()
        for offset in range(0, reader.size, 1 << 20):
            digest.update(reader.pread(offset, 1 << 20))
        return Upload(upload_id, reader.size, digest.digest(), reader)

    def adopt(self, upload_id: str, recording_id: str) -> int:
        """A finished upload becomes the medium of a new recording. Returns its size in bytes.

        Nothing is encrypted again: the file moves and its key changes hands. Asked again after a
        crash it goes on where it stopped. Raises NotInVault, KeyExists, Erased, NotStored.
        """
        with self._lock_of(upload_id):
            if self.keyring.has(upload_id) and self.keyring.has(recording_id):
                raise KeyExists(f"{recording_id} has a key already and cannot take over an upload.")
            place, folder = self._place(recording_id, MEDIUM), self._upload_folder(upload_id)
            joined = folder / _JOINED
            if joined.is_file():
                with _saying("the recording"):
                    place.parent.mkdir(mode=0o700, exist_ok=True)
                    joined.replace(place)
                    sync_folder(place.parent)
                    sync_folder(self._objects)
            elif not place.is_file():
                raise NotInVault(f"There is no finished upload {upload_id}.")
            with _saying("the recording"):
                self.keyring.hand_over(upload_id, recording_id)
            shutil.rmtree(folder, ignore_errors=True)
        return self.size(recording_id, MEDIUM)

    def cancel_upload(self, upload_id: str) -> None:
        """Forget an upload that is not a recording yet. Nothing happens when there is none."""
        self.keyring.drop_upload(upload_id)
        shutil.rmtree(self._upload_folder(upload_id), ignore_errors=True)

    def clean(self, now: int | None = None) -> int:
        """Remove what nobody will ask for again: uploads older than a day, unfinished files of a crash
        older than a day, and files of erased recordings. Returns how many uploads went."""
        before = (now_ms() if now is None else now) - DAY_MS
        old = [upload_id for upload_id, began in self.keyring.uploads().items() if began < before]
        for upload_id in old:
            self.cancel_upload(upload_id)
        for tombstone in self.keyring.erased():
            shutil.rmtree(self._folder_of(tombstone.recording_id), ignore_errors=True)
        for temp in self.folder.rglob(f"*{_TEMP}"):
            with contextlib.suppress(FileNotFoundError):
                if temp.stat().st_mtime * 1000 < before:
                    temp.unlink()
        return len(old)

    # --- inside

    def _folder_of(self, recording_id: str) -> Path:
        return self._objects / self.keyring.name_of(recording_id)

    def _place(self, recording_id: str, artefact: str) -> Path:
        return self._folder_of(recording_id) / self.keyring.name_of(recording_id, artefact)

    def _upload_folder(self, upload_id: str) -> Path:
        return self._uploads / self.keyring.name_of(upload_id)

    def _begun(self, upload_id: str) -> Path:
        folder = self._upload_folder(upload_id)
        if not folder.is_dir() or not self.keyring.has(upload_id):
            raise NotInVault(f"There is no upload {upload_id}; it was finished, cancelled, or older than a day.")
        return folder

    def _slices(self, upload_id: str, parts: Iterable[tuple[int, int, Path]]) -> Iterator[bytes]:
        key = self.keyring.data_key(upload_id)
        for offset, _, file in parts:
            with SealedReader.open(file, key, _part_name(offset).encode()) as reader:
                yield reader.readall()

    def _lock_of(self, upload_id: str) -> threading.Lock:
        with self._guard:
            return self._locks.setdefault(upload_id, threading.Lock())


def _store(place: Path, source: BinaryIO | Iterable[bytes], key: bytes, name: str) -> int:
    """Seal `source` at `place`: whole and on the disk, or not at all. Returns its size in bytes."""
    temp = place.with_name(f"{place.name}.{secrets.token_hex(8)}{_TEMP}")
    with _saying(name):
        try:
            if not place.parent.is_dir():
                place.parent.mkdir(mode=0o700, exist_ok=True)
                sync_folder(place.parent.parent)
            with temp.open("xb") as file:
                size = encrypt_stream(source, file, key, name.encode())
                file.flush()
                os.fsync(file.fileno())
            temp.replace(place)
            sync_folder(place.parent)
        finally:
            with contextlib.suppress(OSError):
                temp.unlink(missing_ok=True)
    return size


@contextlib.contextmanager
def _saying(what: str) -> Iterator[None]:
    """Turns what the file system says into a sentence."""
    try:
        yield
    except NotStored:
        raise
    except KeysNotSaved as error:
        raise NotStored(f"Not saved: the key of {what} could not be stored. {error}") from None
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            reason = "the disk of the workspace is full. Free some space and try again"
        else:
            reason = f"the disk of the workspace refused ({error.strerror or type(error).__name__})"
        raise NotStored(f"Not saved: {reason}; nothing of {what} was kept.") from error


def _parts(folder: Path) -> list[tuple[int, int, Path]]:
    """Slices that follow each other from byte 0, as (offset, size in bytes, file)."""
    found: list[tuple[int, int, Path]] = []
    for file in sorted(folder.glob(f"*{_PART}")):
        offset = int(file.stem, 16)
        if offset != _end(found):
            break
        found.append((offset, plain_size(file.stat().st_size), file))
    return found


def _end(parts: list[tuple[int, int, Path]]) -> int:
    return parts[-1][0] + parts[-1][1] if parts else 0


def _part_name(offset: int) -> str:
    return f"slice at byte {offset}"
