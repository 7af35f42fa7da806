"""How loud a recording is, from each hundredth of a second to the next: enough to place two recordings of a
session against each other, and nothing that words could be made of.

Layout of the bytes (little-endian): the magic `AWL1`, then three unsigned 32-bit numbers (steps per second,
number of steps, 0), then for each step a signed 16-bit number: hundredths of a decibel of full scale.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

SAMPLE_RATE = 16_000
STEPS_PER_SECOND = 100
HEADER_BYTES = 16
_HEADER = struct.Struct("<4sIII")
_MAGIC = b"AWL1"
_PER_STEP = SAMPLE_RATE // STEPS_PER_SECOND
# Below this (dB of full scale) there is nothing but the noise of numbers.
_FLOOR_DB = -100.0

Samples = npt.NDArray[np.int16]
Decibels = npt.NDArray[np.float64]


class LoudnessWriter:
    """Collects loudness while a sound is decoded: `add` each block, then `finish`."""

    def __init__(self) -> None:
        self._steps: list[npt.NDArray[np.int16]] = []
        self._rest: Samples = np.empty(0, dtype=np.int16)

    def add(self, block: Samples) -> None:
        samples = np.concatenate([self._rest, block]) if self._rest.size else block
        whole = samples.size - samples.size % _PER_STEP
        rows = samples[:whole].reshape(-1, _PER_STEP).astype(np.float64) / 32768
        power = np.maximum((rows**2).mean(axis=1), 10 ** (_FLOOR_DB / 10))
        self._steps.append(np.rint(1000 * np.log10(power)).astype("<i2"))
        self._rest = samples[whole:].copy()

    def finish(self) -> bytes:
        steps = np.concatenate([np.empty(0, dtype="<i2"), *self._steps])
        return _HEADER.pack(_MAGIC, STEPS_PER_SECOND, steps.size, 0) + steps.astype("<i2").tobytes()


def loudness(blocks: Iterable[Samples]) -> bytes:
    """Loudness of a sound that comes in blocks of 16 kHz mono int16 samples; 200 bytes per second of sound.

    >>> read_loudness(loudness([np.full(320, 16384, dtype=np.int16)])).tolist()
    [-6.02, -6.02]
    """
    writer = LoudnessWriter()
    for block in blocks:
        writer.add(block)
    return writer.finish()


def read_loudness(data: bytes) -> Decibels:
    """Decibels of full scale of each step, shape (n,). Raises ValueError when `data` are no loudness."""
    if len(data) < HEADER_BYTES:
        raise ValueError(f"not a loudness: {len(data)} bytes, expected at least {HEADER_BYTES}")
    magic, _, count, _ = _HEADER.unpack_from(data)
    if magic != _MAGIC or len(data) != HEADER_BYTES + 2 * count:
        raise ValueError(f"not a loudness: starts with {magic!r}, {len(data)} bytes")
    return np.frombuffer(data, dtype="<i2", offset=HEADER_BYTES).astype(np.float64) / 100
