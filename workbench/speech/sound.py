"""The first step: the sound of a medium, decoded once, kept in blocks of a minute.

Later steps read just the blocks that they need, so that memory does not grow with the recording.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict

import numpy as np
import numpy.typing as npt

from workbench.speech import decode
from workbench.speech.artefacts import Artefacts, dump
from workbench.speech.decode import SAMPLE_RATE, Source
from workbench.speech.errors import SpeechError
from workbench.speech.peaks import PeakWriter
from workbench.speech.steps import PEAKS, SOUND, SoundFacts

BLOCK_SECONDS = 60
# Pieces of transcription: long enough for context, short enough to be redone; about four of a short recording.
SHORTEST_PIECE_SECONDS, LONGEST_PIECE_SECONDS = 60, 180
PIECES_AT_LEAST = 4
# A cut may lie this far from where equal pieces would have it: at the quietest 0.4 s.
_SEARCH_SHARE = 0.25
_FRAME = SAMPLE_RATE // 50
_QUIET_FRAMES = 20

Progress = Callable[[float], None]
Samples = npt.NDArray[np.int16]


def sound_facts(artefacts: Artefacts) -> SoundFacts | None:
    """What the first step found, or None before it is done."""
    if not artefacts.has(SOUND):
        return None
    kept = json.loads(artefacts.read(SOUND))
    return SoundFacts(**{**kept, "cuts": tuple(kept["cuts"])})


def decode_step(source: Source, artefacts: Artefacts, progress: Progress, cancelled: Callable[[], bool] | None) -> None:
    """Write the sound in blocks, its waveform, and last what is known of it."""
    media = decode.probe(source)
    size = BLOCK_SECONDS * SAMPLE_RATE
    waiting: list[Samples] = []
    held = total = blocks = peak = damaged = 0
    waveform, likeness, loudness = PeakWriter(), decode.Likeness(), _Loudness()

    def keep(whole: Samples) -> None:
        nonlocal blocks
        artefacts.write(_block(blocks), whole.astype("<i2", copy=False).tobytes())
        blocks += 1

    for block in decode.stream(source, cancelled=cancelled):
        waveform.add(block.mono)
        loudness.add(block.mono)
        if block.sides is not None:
            likeness.add(block.sides)
        peak, damaged = max(peak, block.peak), block.damaged
        waiting.append(block.mono)
        held += block.mono.size
        total += block.mono.size
        while held >= size:
            joined = np.concatenate(waiting)
            keep(joined[:size])
            waiting, held = [joined[size:]], joined.size - size
        progress(block.position)
    if held:
        keep(np.concatenate(waiting))
    decode.check_audible(peak)
    artefacts.write(PEAKS, waveform.finish())
    sound_ms = round(total * 1000 / SAMPLE_RATE)
    # A picture that goes on after its sound belongs to the recording.
    duration = max(sound_ms, media.duration_ms) if media.has_video else sound_ms
    facts = SoundFacts(
        samples=total,
        duration_ms=duration,
        blocks=blocks,
        cuts=cut_points(loudness.frames(), total),
        distinct_channels=likeness.distinct,
        damaged=damaged,
        media=asdict(media),
    )
    artefacts.write(SOUND, dump(asdict(facts)))


def cut_points(loudness: npt.NDArray[np.float64], samples: int) -> tuple[int, ...]:
    """Borders of the pieces in samples: equal pieces, each border moved to the quietest place near it.

    `loudness` is the energy of each 20 ms.
    """
    seconds = samples / SAMPLE_RATE
    length = min(max(seconds / PIECES_AT_LEAST, SHORTEST_PIECE_SECONDS), LONGEST_PIECE_SECONDS)
    count = max(1, round(seconds / length))
    smooth = np.convolve(loudness, np.ones(_QUIET_FRAMES), mode="same")
    cuts = [0]
    for border in range(1, count):
        middle = border * samples / count / _FRAME
        reach = _SEARCH_SHARE * samples / count / _FRAME
        low, high = int(middle - reach), int(middle + reach)
        quietest = low + int(np.argmin(smooth[low:high]))
        cuts.append(quietest * _FRAME)
    return (*cuts, samples)


class _Loudness:
    """Energy of each 20 ms, collected block by block."""

    def __init__(self) -> None:
        self._rest: Samples = np.empty(0, dtype=np.int16)
        self._frames: list[npt.NDArray[np.float64]] = []

    def add(self, block: Samples) -> None:
        samples = np.concatenate([self._rest, block])
        whole = samples.size - samples.size % _FRAME
        rows = samples[:whole].reshape(-1, _FRAME).astype(np.float64)
        self._frames.append((rows**2).mean(axis=1))
        self._rest = samples[whole:]

    def frames(self) -> npt.NDArray[np.float64]:
        return np.concatenate([*self._frames, np.zeros(1)])


def samples_between(artefacts: Artefacts, sound: SoundFacts, start: int, end: int) -> Samples:
    """Samples from `start` to `end` (fewer at the end of the sound), from the blocks that hold them.

    Raises SpeechError when a block is gone: missing sound must not pass for silence.
    """
    size = BLOCK_SECONDS * SAMPLE_RATE
    first, behind = start // size, min(-(-end // size), sound.blocks)
    parts = [np.empty(0, dtype=np.int16)]
    for index in range(first, behind):
        if not artefacts.has(_block(index)):
            raise SpeechError("The decoded sound of this recording is no longer there. Read the recording again.")
        parts.append(np.frombuffer(artefacts.read(_block(index)), dtype="<i2").astype(np.int16, copy=False))
    return np.concatenate(parts)[start - first * size : end - first * size]


def sound_is_there(artefacts: Artefacts, sound: SoundFacts) -> bool:
    """Whether every block is there (they may be deleted once a transcript is finished)."""
    return all(artefacts.has(_block(index)) for index in range(sound.blocks))


def _block(index: int) -> str:
    return f"{SOUND}-{index:04d}"
