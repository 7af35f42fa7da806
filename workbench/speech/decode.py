"""From a medium to sound: what a file holds, and its samples at 16 kHz.

A medium comes from outside and is not trusted. It is read by a child process that can open no file
and no connection: it asks the parent for ranges of bytes over a pipe. So a playlist that points
elsewhere opens nothing, and an encrypted recording is decoded without ever lying open on a disk.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
import numpy.typing as npt

from workbench.speech.child import Child, Message
from workbench.speech.errors import NoSound, NotAMedium

__all__ = ["SAMPLE_RATE", "MediaFacts", "NoSound", "NotAMedium", "Sound", "decode", "missing_limits", "probe", "stream"]

SAMPLE_RATE = 16_000
# Quieter than this everywhere (about -66 dB of full scale) counts as silence: dither, line noise.
SILENCE_PEAK = 16
# Left and right are two microphones, not one room in stereo, below this correlation.
DISTINCT_BELOW = 0.5
# The quieter channel must carry something: this share of the louder one's energy (-40 dB).
_QUIET_SHARE = 1e-4

Source = Path | BinaryIO
Samples = npt.NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class MediaFacts:
    """What a medium says about itself.

    `duration_ms` is that of the longest track. `channels` is 0 and `codec` empty without a sound track.
    `video_width` and `video_height` are in pixels, 0 without a picture.
    """

    container: str
    duration_ms: int
    has_video: bool
    has_sound: bool
    channels: int
    codec: str
    sample_rate: int
    video_codec: str = ""
    video_width: int = 0
    video_height: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Sound:
    """Samples at 16 kHz, int16; index 0 is the start of the medium as a player shows it.

    `channels` holds (left, right) where the medium has two distinct microphones, else nothing.
    `damaged` counts stretches that could not be decoded; they are silence in `mono`.
    """

    mono: Samples
    channels: tuple[Samples, ...] = ()
    damaged: int = 0

    @property
    def duration_ms(self) -> int:
        return round(self.mono.size * 1000 / SAMPLE_RATE)

    def as_float(self) -> npt.NDArray[np.float32]:
        """The mono samples from -1 to 1."""
        return self.mono.astype(np.float32) / np.float32(32768)


def probe(source: Source) -> MediaFacts:
    """What `source` holds, without decoding it.

    `source` is a path, or any seekable binary file object. Raises NotAMedium.
    """
    with _Opened(source) as medium, Child("workbench.speech._decoder") as child:
        answer, _ = child.call({"do": "probe", "size": medium.size}, on_message=medium.serve)
    return MediaFacts(**answer["facts"])


def decode(source: Source, *, cancelled: Callable[[], bool] | None = None) -> Sound:
    """All of the sound of `source`. Raises NotAMedium, NoSound, Cancelled."""
    mono: list[Samples] = []
    sides: list[Samples] = []
    likeness = Likeness()
    loudest = damaged = 0
    for block in stream(source, cancelled=cancelled):
        mono.append(block.mono)
        damaged = block.damaged
        loudest = max(loudest, block.peak)
        if block.sides is not None:
            sides.append(block.sides)
            likeness.add(block.sides)
    check_audible(loudest)
    channels: tuple[Samples, ...] = ()
    if likeness.distinct:
        both = np.concatenate(sides, axis=1)
        channels = (both[0], both[1])
    return Sound(np.concatenate(mono), channels, damaged)


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """The next stretch of a sound: `mono` (n,), `sides` (2, n) where the medium has two channels.

    `position` is from 0 to 1 the part of the medium that has been read.
    """

    mono: Samples
    sides: Samples | None
    position: float
    damaged: int

    @property
    def peak(self) -> int:
        return int(np.abs(self.mono.astype(np.int32)).max(initial=0))


def stream(source: Source, *, cancelled: Callable[[], bool] | None = None) -> Iterator[Block]:
    """The sound of `source` block by block (10 s each), in constant memory.

    Raises NotAMedium, NoSound (no sound track; silence is for the caller to judge, `check_audible`).
    """
    with _Opened(source) as medium, Child("workbench.speech._decoder", cancelled=cancelled) as child:
        child.call({"do": "open", "size": medium.size}, on_message=medium.serve)
        while True:
            answer, body = child.call({"do": "next"}, on_message=medium.serve)
            if not body:
                return
            samples = np.frombuffer(body, dtype="<i2").astype(np.int16, copy=False)
            sides = samples.reshape(2, -1) if answer["channels"] == 2 else None
            mono = samples if sides is None else (sides.astype(np.int32).sum(axis=0) // 2).astype(np.int16)
            yield Block(mono, sides, answer["position"], answer["damaged"])


def check_audible(peak: int) -> None:
    """Raises NoSound when the loudest sample of a whole recording is `peak` and that is silence."""
    if peak <= SILENCE_PEAK:
        raise NoSound("The recording is silent from beginning to end: nothing can be transcribed.")


class Likeness:
    """How alike two channels are, collected block by block."""

    def __init__(self) -> None:
        self._energy = np.zeros(2)
        self._shared = 0.0

    def add(self, sides: Samples) -> None:
        left, right = sides.astype(np.float64)
        self._energy += (left @ left, right @ right)
        self._shared += float(left @ right)

    @property
    def distinct(self) -> bool:
        """Whether the channels are two microphones: both carry sound, and not the same."""
        quiet, loud = sorted(self._energy)
        if quiet <= _QUIET_SHARE * loud or quiet == 0:
            return False
        return abs(self._shared) / float(np.sqrt(quiet * loud)) < DISTINCT_BELOW


def missing_limits() -> tuple[str, ...]:
    """What this system cannot do to confine the child that reads media, as sentences."""
    try:
        import resource  # noqa: F401
    except ImportError:
        return (
            "This system has no resource limits for processes: a hostile medium could use much memory or"
            " processor time before it is cancelled. It can still open no other file by name through a playlist.",
        )
    return ()


class _Opened:
    """The medium on the parent's side: its size, and ranges of it for the child."""

    def __init__(self, source: Source) -> None:
        self._given = source
        self._closing = contextlib.ExitStack()

    def __enter__(self) -> _Opened:
        if isinstance(self._given, os.PathLike):
            path = Path(self._given)
            if not path.is_file():
                raise NotAMedium(f"There is no file {path.name}.")
            self._file: BinaryIO = self._closing.enter_context(path.open("rb"))
        else:
            self._file = self._given
        self.size = self._file.seek(0, os.SEEK_END)
        if not self.size:
            self._closing.close()
            raise NotAMedium("The file is empty.")
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.close()

    def serve(self, message: Message, body: bytes) -> bytes | None:
        if message["type"] != "read":
            return None
        self._file.seek(message["offset"])
        return self._file.read(message["size"])
