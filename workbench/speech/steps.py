"""The plan from a medium to a transcript: settings, and the steps that follow from them. Pure.

    sound ─┬─ language ─ words-0000 … ─┐
           └─ voices-0000 … ─ turns ───┴─ transcript

The name of an artefact contains a hash of the settings that it depends on and of nothing else, so
another number of speakers redoes only the clustering.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

from workbench.speech.decode import SAMPLE_RATE

SOUND, PEAKS = "sound", "peaks"
# Windows of the diarization: 10 s long, a quarter of that apart (a tenth costs 2.7 times as much and
# wins at most one point where the number of speakers is given).
WINDOW_SECONDS, STEP_RATIO = 10.0, 0.25
STEP_SAMPLES = round(WINDOW_SECONDS * STEP_RATIO * SAMPLE_RATE)
WINDOW_SAMPLES = round(WINDOW_SECONDS * SAMPLE_RATE)
WINDOWS_PER_CHUNK = 24
# Processor seconds per second of sound, which is what progress counts.
_COST = {"decode": 0.01, "words": 0.14, "voices": 0.11}
_CLUSTER_COST, _START_COST = 3.0, 4.0

Branch = Literal["decode", "words", "voices", "join"]


@dataclass(frozen=True, slots=True)
class Settings:
    """What a transcript depends on beside the recording.

    `language` is a code such as "en", or None to detect it. `speakers` is their number if known (ask!);
    else `min_speakers` and `max_speakers` bound it.
    """

    model: str = "base"
    diarization: str = "packaged"
    language: str | None = None
    speakers: int | None = None
    min_speakers: int | None = None
    max_speakers: int | None = None
    beam: int = 5

    def __post_init__(self) -> None:
        for name in ("speakers", "min_speakers", "max_speakers"):
            value = getattr(self, name)
            if value is not None and not 1 <= value <= 20:
                raise ValueError(f"{name} is {value}, expected 1 to 20")
        if self.min_speakers and self.max_speakers and self.min_speakers > self.max_speakers:
            raise ValueError(f"min_speakers {self.min_speakers} is more than max_speakers {self.max_speakers}")
        if not 1 <= self.beam <= 10:
            raise ValueError(f"beam is {self.beam}, expected 1 to 10")

    @property
    def hash(self) -> str:
        """Twelve hexadecimal digits that differ where any setting differs."""
        return _hash(asdict(self))


@dataclass(frozen=True, slots=True)
class SoundFacts:
    """What is known of the sound once it is decoded; kept as the artefact `sound`.

    `cuts` are the borders of the pieces of transcription in samples, from 0 to `samples`.
    """

    samples: int
    duration_ms: int
    blocks: int
    cuts: tuple[int, ...]
    distinct_channels: bool
    damaged: int
    media: Mapping[str, Any]

    @property
    def windows(self) -> int:
        """How many windows the diarization looks at (as pyannote counts them)."""
        beyond = self.samples - WINDOW_SAMPLES
        if beyond < 0:
            return 1
        return beyond // STEP_SAMPLES + 1 + (beyond % STEP_SAMPLES > 0)

    @property
    def chunks(self) -> int:
        """In how many steps they are done."""
        return -(-self.windows // WINDOWS_PER_CHUNK)


@dataclass(frozen=True, slots=True)
class Step:
    """One step. It is done when the artefact `output` is there, and can run when all of `needs` are.

    `name` is stable for given recording and settings; `weight` is about its processor seconds.
    """

    name: str
    label: str
    branch: Branch
    weight: float
    output: str
    needs: tuple[str, ...]
    index: int = 0


def plan(settings: Settings, sound: SoundFacts | None = None) -> tuple[Step, ...]:
    """The steps in an order in which they can run one after the other.

    How many there are is known once the sound is decoded: without `sound` only the first step comes
    back. Run it, then plan again with `pipeline.sound_facts(artefacts)`.
    """
    first = Step("decode", "Reading the recording", "decode", 1.0, SOUND, ())
    if sound is None:
        return (first,)
    names = Names(settings)
    seconds = sound.samples / SAMPLE_RATE
    steps = [replace(first, weight=_COST["decode"] * seconds)]
    needs: tuple[str, ...] = (SOUND,)
    if settings.language is None:
        steps.append(Step("language", "Finding the language", "words", _START_COST, names.language, needs))
        needs = (SOUND, names.language)
    pieces = len(sound.cuts) - 1
    words = []
    for index in range(pieces):
        length = (sound.cuts[index + 1] - sound.cuts[index]) / SAMPLE_RATE
        label = f"Transcribing part {index + 1} of {pieces}"
        words.append(
            Step(f"words-{index:04d}", label, "words", _COST["words"] * length, names.words(index), needs, index)
        )
    chunks = sound.chunks
    voices = []
    for index in range(chunks):
        label = f"Listening to voices, part {index + 1} of {chunks}"
        weight = _COST["voices"] * seconds / chunks
        voices.append(Step(f"voices-{index:04d}", label, "voices", weight, names.voices(index), (SOUND,), index))
    turns = Step(
        "turns", "Finding who spoke when", "voices", _CLUSTER_COST, names.turns, (SOUND, *(v.output for v in voices))
    )
    last = Step(
        "join",
        "Putting words and speakers together",
        "join",
        0.1,
        names.transcript,
        (*needs, *(w.output for w in words), turns.output),
    )
    return (*steps, *words, *voices, turns, last)


def windows_of(sound: SoundFacts, chunk: int) -> tuple[int, int, int]:
    """First sample, end sample and number of windows of one chunk (the last may reach beyond the sound)."""
    first = chunk * WINDOWS_PER_CHUNK
    windows = min(WINDOWS_PER_CHUNK, sound.windows - first)
    start = first * STEP_SAMPLES
    return start, start + (windows - 1) * STEP_SAMPLES + WINDOW_SAMPLES, windows


class Names:
    """Names of artefacts, each with a hash of just those settings that change its content."""

    def __init__(self, settings: Settings) -> None:
        self.language = f"language-{_hash([settings.model])}"
        self._words = _hash([settings.model, settings.language, settings.beam])
        self._voices = _hash([settings.diarization, STEP_RATIO])
        count = [settings.speakers, settings.min_speakers, settings.max_speakers]
        self.turns = f"turns-{_hash([self._voices, count])}"
        self.transcript = f"transcript-{settings.hash}"

    def words(self, index: int) -> str:
        return f"words-{self._words}-{index:04d}"

    def voices(self, index: int) -> str:
        return f"voices-{self._voices}-{index:04d}"


def _hash(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:12]
