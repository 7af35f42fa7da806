"""Sealed files: the Tink AES256-GCM-HKDF streaming format, readable from any position.

A container is a header (its length, a salt, a nonce prefix) and segments of 64 KiB, each with its
own authentication tag. The segment's number and whether it is the last one are part of its nonce,
so that a changed, exchanged, missing or added segment does not open. The format is Tink's
(https://developers.google.com/tink/streaming-aead/aes_gcm_hkdf_streaming), read and written here on
`cryptography` because tink-py cannot seek; the tests hold both against each other.
"""

from __future__ import annotations

import io
import os
import secrets
import struct
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

SEGMENT = 64 * 1024
KEY_SIZE = 32
_TAG = 16
_PREFIX = 7
_HEADER = 1 + KEY_SIZE + _PREFIX
# plaintext of a whole segment; the first one shares its 64 KiB with the header
_PIECE = SEGMENT - _TAG
_FIRST_PIECE = _PIECE - _HEADER
_MOST_SEGMENTS = 2**32


class Tampered(ValueError):
    """A container that is not what was once written with this key: altered, cut, or another file."""


def encrypt_stream(source: BinaryIO | Iterable[bytes], dest: BinaryIO, key: bytes, associated_data: bytes) -> int:
    """Write `source` (a binary file, or chunks of any size) as one container to `dest`.

    `key` has 32 bytes; `associated_data` is not stored and must be given again to open. Memory is
    constant. Returns the size of the plaintext in bytes.
    """
    sealer = _Sealer(dest, key, associated_data)
    for chunk in _chunks(source):
        sealer.add(chunk)
    return sealer.finish()


def sealed_size(plain_size: int) -> int:
    """Bytes that a container of `plain_size` bytes takes on disk."""
    beyond = max(0, plain_size - _FIRST_PIECE)
    segments = 1 + -(-beyond // _PIECE)
    return _HEADER + plain_size + _TAG * segments


def plain_size(sealed_size: int) -> int:
    """Bytes of plaintext in a container of `sealed_size` bytes, negative when there is no such container."""
    return sealed_size - _HEADER - _TAG * -(-sealed_size // SEGMENT)


def sync_folder(folder: Path) -> None:
    """Make the names in `folder` survive a power cut. Windows has no such call and needs none."""
    if os.name != "nt":
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)


class SealedReader(io.RawIOBase):
    """The plaintext of a container, decrypted where it is read. Seekable.

    The last segment is authenticated at opening, so that a cut file does not open at all; every
    other segment when it is read. `pread` can be called from many threads at once; `read` and
    `seek` share one position and belong to one thread. Raises Tampered.
    """

    def __init__(self, file: BinaryIO, key: bytes, associated_data: bytes) -> None:
        """Takes over `file` (an unbuffered binary file at any position) and closes it."""
        super().__init__()
        self._file = file
        self._lock = threading.Lock()
        self._sealed = file.seek(0, io.SEEK_END)
        self._position = 0
        self._recent: tuple[int, bytes] | None = None
        header = self._raw(0, _HEADER)
        if len(header) < _HEADER or header[0] != _HEADER:
            raise Tampered("this is not a sealed file, or its beginning was altered")
        self._aead = _segment_cipher(key, header[1 : 1 + KEY_SIZE], associated_data)
        self._prefix = header[1 + KEY_SIZE :]
        self._segments = -(-self._sealed // SEGMENT)
        self._size = plain_size(self._sealed)
        self._segment(self._segments - 1)

    @classmethod
    def open(cls, path: Path, key: bytes, associated_data: bytes) -> SealedReader:
        """Open the container at `path`. Raises FileNotFoundError, Tampered."""
        file = path.open("rb", buffering=0)
        try:
            return cls(file, key, associated_data)
        except BaseException:
            file.close()
            raise

    @property
    def size(self) -> int:
        """Bytes of plaintext."""
        return self._size

    def pread(self, offset: int, n: int) -> bytes:
        """Up to `n` bytes from `offset`; fewer only at the end. Leaves the position alone."""
        if offset < 0:
            raise ValueError(f"offset is {offset}, expected 0 or more")
        end = min(offset + max(0, n), self._size)
        parts: list[bytes] = []
        while offset < end:
            index = 0 if offset < _FIRST_PIECE else 1 + (offset - _FIRST_PIECE) // _PIECE
            base = 0 if index == 0 else _FIRST_PIECE + (index - 1) * _PIECE
            part = self._segment(index)[offset - base : end - base]
            parts.append(part)
            offset += len(part)
        return b"".join(parts)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        self._check_open()
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._check_open()
        if whence not in (io.SEEK_SET, io.SEEK_CUR, io.SEEK_END):
            raise ValueError(f"whence is {whence}, expected 0, 1 or 2")
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._size}[whence]
        if base + offset < 0:
            raise ValueError(f"position is {base + offset}, expected 0 or more")
        self._position = base + offset
        return self._position

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        self._check_open()
        data = self.pread(self._position, len(buffer))
        buffer[: len(data)] = data
        self._position += len(data)
        return len(data)

    def readall(self) -> bytes:
        self._check_open()
        data = self.pread(self._position, self._size)
        self._position += len(data)
        return data

    def close(self) -> None:
        if not self.closed:
            self._recent = None
            self._file.close()
        super().close()

    def _check_open(self) -> None:
        if self.closed:
            raise ValueError("this sealed file is closed")

    def _segment(self, index: int) -> bytes:
        # One segment is remembered: players and decoders read in steps smaller than a segment.
        recent = self._recent
        if recent is not None and recent[0] == index:
            return recent[1]
        start = index * SEGMENT + (_HEADER if index == 0 else 0)
        last = index == self._segments - 1
        sealed = self._raw(start, min((index + 1) * SEGMENT, self._sealed) - start)
        try:
            plain = self._aead.decrypt(_nonce(self._prefix, index, last), sealed, None)
        except InvalidTag:
            raise Tampered(
                f"segment {index + 1} of {self._segments} does not open: the file was altered or cut, "
                "or it was sealed with another key"
            ) from None
        self._recent = (index, plain)
        return plain

    def _raw(self, offset: int, n: int) -> bytes:
        if hasattr(os, "pread"):
            return os.pread(self._file.fileno(), n, offset)
        with self._lock:  # Windows has no pread
            self._file.seek(offset)
            return self._file.read(n)


class _Sealer:
    """Collects plaintext and writes a segment as soon as it is known not to be the last."""

    def __init__(self, dest: BinaryIO, key: bytes, associated_data: bytes) -> None:
        salt, self._prefix = secrets.token_bytes(KEY_SIZE), secrets.token_bytes(_PREFIX)
        self._aead = _segment_cipher(key, salt, associated_data)
        self._dest = dest
        self._held = bytearray()
        self._index = 0
        self._size = 0
        _write(dest, bytes([_HEADER]) + salt + self._prefix)

    def add(self, chunk: bytes) -> None:
        self._size += len(chunk)
        self._held += chunk
        start = 0
        # strictly more than a piece: the last segment is never empty unless the file is
        while len(self._held) - start > (piece := self._room()):
            self._seal(bytes(memoryview(self._held)[start : start + piece]), last=False)
            start += piece
        del self._held[:start]

    def finish(self) -> int:
        self._seal(bytes(self._held), last=True)
        self._held.clear()
        return self._size

    def _room(self) -> int:
        return _FIRST_PIECE if self._index == 0 else _PIECE

    def _seal(self, plain: bytes, *, last: bool) -> None:
        if self._index >= _MOST_SEGMENTS:
            raise ValueError("a sealed file holds at most 256 TiB")
        _write(self._dest, self._aead.encrypt(_nonce(self._prefix, self._index, last), plain, None))
        self._index += 1


def _segment_cipher(key: bytes, salt: bytes, associated_data: bytes) -> AESGCM:
    if len(key) != KEY_SIZE:
        raise ValueError(f"the key has {len(key)} bytes, expected {KEY_SIZE}")
    return AESGCM(HKDF(algorithm=hashes.SHA256(), length=KEY_SIZE, salt=salt, info=associated_data).derive(key))


def _nonce(prefix: bytes, index: int, last: bool) -> bytes:
    return prefix + struct.pack(">I?", index, last)


def _write(dest: BinaryIO, data: bytes) -> None:
    # an unbuffered file may take less than it was given
    view = memoryview(data)
    while view:
        view = view[dest.write(view) :]


def _chunks(source: BinaryIO | Iterable[bytes]) -> Iterable[bytes]:
    read = getattr(source, "read", None)
    if read is None:
        return source
    return iter(lambda: read(1 << 20), b"")
