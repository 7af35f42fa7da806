"""The waveform that the player draws: the lowest and highest sample of each fiftieth of a second.

Layout of the bytes (little-endian): the magic `AWP1`, then three unsigned 32-bit numbers (pairs per
second, number of pairs, 0), then for each pair two signed 8-bit numbers: minimum and maximum,
-127 to 127 for full scale. In JavaScript the pairs are `new Int8Array(buffer, 16)`.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

PAIRS_PER_SECOND = 50
SAMPLE_RATE = 16_000
HEADER_BYTES = 16
_HEADER = struct.Struct("<4sIII")
_MAGIC = b"AWP1"
_PER_PAIR = SAMPLE_RATE // PAIRS_PER_SECOND

Samples = npt.NDArray[np.int16]


def peaks(blocks: Iterable[Samples]) -> bytes:
    """Peaks of a sound that comes in blocks of 16 kHz mono int16 samples.

    Memory: one block and the result (100 bytes per second of sound).

    >>> read_peaks(peaks([np.full(320, 16384, dtype=np.int16)])).tolist()
    [[64, 64]]
    """
    writer = PeakWriter()
    for block in blocks:
        writer.add(block)
    return writer.finish()


class PeakWriter:
    """Collects peaks while a sound is decoded: `add` each block, then `finish`."""

    def __init__(self) -> None:
        self._pairs = bytearray()
        self._rest: Samples = np.empty(0, dtype=np.int16)

    def add(self, block: Samples) -> None:
        samples = np.concatenate([self._rest, block]) if self._rest.size else block
        whole = samples.size - samples.size % _PER_PAIR
        self._pairs += _pairs(samples[:whole].reshape(-1, _PER_PAIR))
        self._rest = samples[whole:].copy()

    def finish(self) -> bytes:
        if self._rest.size:
            self._pairs += _pairs(self._rest.reshape(1, -1))
            self._rest = self._rest[:0]
        return _HEADER.pack(_MAGIC, PAIRS_PER_SECOND, len(self._pairs) // 2, 0) + bytes(self._pairs)


def read_peaks(data: bytes) -> npt.NDArray[np.int8]:
    """The pairs, shape (n, 2). Raises ValueError when `data` are no peaks."""
    if len(data) < HEADER_BYTES:
        raise ValueError(f"not a waveform: {len(data)} bytes, expected at least {HEADER_BYTES}")
    magic, _, count, _ = _HEADER.unpack_from(data)
    if magic != _MAGIC or len(data) != HEADER_BYTES + 2 * count:
        raise ValueError(f"not a waveform: starts with {magic!r}, {len(data)} bytes")
    return np.frombuffer(data, dtype=np.int8, offset=HEADER_BYTES).reshape(-1, 2)


def _pairs(rows: Samples) -> bytes:
    if not rows.size:
        return b""
    ends = np.stack([rows.min(axis=1), rows.max(axis=1)], axis=1).astype(np.float32)
    return bytes(np.rint(ends * (127 / 32767)).clip(-127, 127).astype(np.int8).tobytes())
