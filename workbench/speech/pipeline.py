"""The steps from a medium to a transcript, each small enough to be done again.

Every step writes one artefact and is done when that artefact is there. The name of an artefact
contains a hash of the settings that it depends on and of nothing else: after a kill at most the step
in progress is redone, and another number of speakers redoes only the clustering.

    sound ─┬─ language ─ words-0000 … ─┐
           └─ voices-0000 … ─ turns ───┴─ transcript

The branches "words" and "voices" do not need each other and may run side by side.
`transcribe` does that in one process; a durable worker calls `plan` and `run_step`.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Literal, Protocol

import numpy as np
import numpy.typing as npt

from workbench.model.transcript import Transcript, transcript_from_dict
from workbench.speech import decode, models
from workbench.speech.decode import SAMPLE_RATE, Source
from workbench.speech.engine import Engine, HeardWord
from workbench.speech.errors import Cancelled, NoSpeech
from workbench.speech.join import join
from workbench.speech.peaks import PeakWriter

SOUND, PEAKS = "sound", "peaks"
BLOCK_SECONDS = 60
# Windows of the diarization: 10 s long, a quarter of that apart (a tenth costs 2.7 times as much and
# wins at most one point where the number of speakers is given).
WINDOW_SECONDS, STEP_RATIO = 10.0, 0.25
STEP_SAMPLES = round(WINDOW_SECONDS * STEP_RATIO * SAMPLE_RATE)
WINDOW_SAMPLES = round(WINDOW_SECONDS * SAMPLE_RATE)
WINDOWS_PER_CHUNK = 24
# Pieces of transcription: long enough for context, short enough to be redone; about four of a short recording.
SHORTEST_PIECE_SECONDS, LONGEST_PIECE_SECONDS = 60, 180
PIECES_AT_LEAST = 4
# A cut may lie this far from where equal pieces would have it: at the quietest 0.4 s.
_SEARCH_SHARE = 0.25
_FRAME = SAMPLE_RATE // 50
_QUIET_FRAMES = 20
# Processor seconds per second of sound, which is what progress counts.
_COST = {"decode": 0.01, "words": 0.14, "voices": 0.17}
_CLUSTER_COST, _START_COST = 3.0, 4.0
_SEGMENTS = 10_000  # numbers of stretches of speech in one piece stay below this

Branch = Literal["decode", "words", "voices", "join"]
Progress = Callable[[float], None]
Samples = npt.NDArray[np.int16]


class Artefacts(Protocol):
    """Where steps keep what they made, for one recording. Names are letters, digits and hyphens."""

    def has(self, name: str) -> bool: ...

    def read(self, name: str) -> bytes: ...

    def write(self, name: str, data: bytes) -> None:
        """Keep `data` under `name`, wholly or not at all."""


class MemoryArtefacts:
    """Artefacts in memory, for one run without resumption."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def has(self, name: str) -> bool:
        return name in self._kept

    def read(self, name: str) -> bytes:
        return self._kept[name]

    def write(self, name: str, data: bytes) -> None:
        self._kept[name] = data


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
    media: dict[str, Any]

    @property
    def windows(self) -> int:
        """How many windows the diarization looks at (as pyannote counts them)."""
        beyond = self.samples - WINDOW_SAMPLES
        if beyond < 0:
            return 1
        return beyond // STEP_SAMPLES + 1 + (beyond % STEP_SAMPLES > 0)


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
    back. Run it, then plan again with `sound_facts(artefacts)`.
    """
    first = Step("decode", "Reading the recording", "decode", 1.0, SOUND, ())
    if sound is None:
        return (first,)
    names = _Names(settings)
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
    chunks = -(-sound.windows // WINDOWS_PER_CHUNK)
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


def sound_facts(artefacts: Artefacts) -> SoundFacts | None:
    """What the first step found, or None before it is done."""
    if not artefacts.has(SOUND):
        return None
    kept = json.loads(artefacts.read(SOUND))
    return SoundFacts(**{**kept, "cuts": tuple(kept["cuts"])})


def run_step(
    step: Step,
    source: Source,
    artefacts: Artefacts,
    settings: Settings,
    engine: Engine,
    progress: Progress = lambda part: None,
    cancelled: Callable[[], bool] | None = None,
) -> None:
    """Do one step, unless its artefact is there already.

    `progress` is told the part of this step, 0 to 1. Raises NotAMedium, NoSound, NoSpeech,
    MissingModel, SpeechNotInstalled, Cancelled.
    """
    if artefacts.has(step.output):
        return
    if step.branch == "decode":
        _decode(source, artefacts, progress, cancelled)
        return
    sound = sound_facts(artefacts)
    if sound is None:
        raise ValueError(f"step {step.name} needs the decoded sound; run the step decode first")
    names = _Names(settings)
    if step.name == "language":
        artefacts.write(step.output, _find_language(artefacts, sound, settings, engine).encode())
    elif step.branch == "words":
        start, end = sound.cuts[step.index], sound.cuts[step.index + 1]
        language = settings.language or artefacts.read(names.language).decode()
        heard = engine.words(
            _samples(artefacts, start, end), settings.model, language, beam=settings.beam, progress=progress
        )
        artefacts.write(step.output, _dump({"device": engine.device["transcription"], "words": _rows(heard, start)}))
    elif step.name == "turns":
        kept = [artefacts.read(names.voices(i)) for i in range(-(-sound.windows // WINDOWS_PER_CHUNK))]
        turns = engine.cluster(
            kept,
            settings.diarization,
            step=STEP_SAMPLES,
            duration_ms=sound.duration_ms,
            speakers=settings.speakers,
            min_speakers=settings.min_speakers,
            max_speakers=settings.max_speakers,
        )
        artefacts.write(step.output, _dump({"device": engine.device["diarization"], "turns": turns}))
    elif step.branch == "voices":
        first = step.index * WINDOWS_PER_CHUNK
        windows = min(WINDOWS_PER_CHUNK, sound.windows - first)
        start = first * STEP_SAMPLES
        samples = _samples(artefacts, start, start + (windows - 1) * STEP_SAMPLES + WINDOW_SAMPLES)
        artefacts.write(
            step.output,
            engine.voices(samples, settings.diarization, windows=windows, step=STEP_SAMPLES, progress=progress),
        )
    else:
        artefacts.write(step.output, _dump(_joined(artefacts, sound, settings).to_dict()))


def read_transcript(artefacts: Artefacts, settings: Settings) -> Transcript | None:
    """The finished transcript for `settings`, or None before it is done."""
    name = _Names(settings).transcript
    return transcript_from_dict(json.loads(artefacts.read(name))) if artefacts.has(name) else None


def is_temporary(artefact: str) -> bool:
    """Whether an artefact may be deleted once the transcript is there.

    Those are the decoded sound, block by block. Words and voices are small (2.5 MB for an hour) and
    let the number of speakers be changed in seconds.
    """
    return artefact.startswith(f"{SOUND}-")


def transcribe(
    source: Source,
    settings: Settings,
    artefacts: Artefacts,
    models_folder: Path,
    progress: Callable[[float, str], None] = lambda part, label: None,
    cancelled: Callable[[], bool] = lambda: False,
    *,
    device: str = "auto",
) -> Transcript:
    """The transcript of `source`, with both branches running side by side, one processor each.

    What `artefacts` already holds is not done again. `progress` is told the part of the whole, 0 to 1,
    and what is being done. Raises what `run_step` raises.
    """
    models.ready(settings.model, models_folder, models.Kind.TRANSCRIPTION)
    models.ready(settings.diarization, models_folder, models.Kind.DIARIZATION)
    stop = threading.Event()

    def stopped() -> bool:
        return stop.is_set() or cancelled()

    def run(steps: Sequence[Step], told: _Told) -> None:
        with Engine(models_folder, device=device, cancelled=stopped) as engine:
            for step in steps:
                if stopped():
                    raise Cancelled
                run_step(step, source, artefacts, settings, engine, told.of(step), stopped)
                told.done(step)

    first = plan(settings)
    run(first, _Told(lambda part, label: progress(0.05 * part, label), first))
    sound = sound_facts(artefacts)
    assert sound is not None
    steps = plan(settings, sound)
    told = _Told(lambda part, label: progress(0.05 + 0.95 * part, label), steps[1:])
    branches = [[s for s in steps if s.branch == branch] for branch in ("words", "voices")]
    with ThreadPoolExecutor(max_workers=len(branches)) as pool:
        running = [pool.submit(run, branch, told) for branch in branches]
        errors = []
        for future in running:
            if error := future.exception():
                stop.set()  # the other branch need not go on
                errors.append(error)
    if errors:
        raise next((e for e in errors if not isinstance(e, Cancelled)), errors[0])
    run([s for s in steps if s.branch == "join"], told)
    finished = read_transcript(artefacts, settings)
    assert finished is not None
    return finished


def recluster(
    settings: Settings,
    artefacts: Artefacts,
    models_folder: Path,
    *,
    speakers: int | None = None,
    min_speakers: int | None = None,
    max_speakers: int | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Transcript:
    """The same recording with another number of speakers, in seconds, from what was kept.

    Raises ValueError when the recording was not transcribed with `settings` before.
    """
    changed = replace(settings, speakers=speakers, min_speakers=min_speakers, max_speakers=max_speakers)
    sound = sound_facts(artefacts)
    steps = plan(changed, sound)
    kept = [s for s in steps if s.name not in ("turns", "join")]
    if sound is None or not all(artefacts.has(step.output) for step in kept):
        raise ValueError("this recording has not been transcribed with these settings yet")
    with Engine(models_folder, cancelled=cancelled) as engine:
        for step in steps[len(kept) :]:
            run_step(step, Path(), artefacts, changed, engine)
    finished = read_transcript(artefacts, changed)
    assert finished is not None
    return finished


class _Names:
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


class _Told:
    """Progress of all steps as one number that only grows. Called from several threads."""

    def __init__(self, tell: Callable[[float, str], None], steps: Sequence[Step]) -> None:
        self._tell = tell
        self._whole = sum(step.weight for step in steps) or 1.0
        self._parts: dict[str, float] = {}
        self._lock = threading.Lock()

    def of(self, step: Step) -> Progress:
        def tell(part: float) -> None:
            with self._lock:
                before = self._parts.get(step.name, 0.0)
                self._parts[step.name] = max(before, step.weight * min(part, 1.0))
                self._tell(min(1.0, sum(self._parts.values()) / self._whole), step.label)

        return tell

    def done(self, step: Step) -> None:
        self.of(step)(1.0)


def _decode(source: Source, artefacts: Artefacts, progress: Progress, cancelled: Callable[[], bool] | None) -> None:
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
    artefacts.write(SOUND, _dump(asdict(facts)))


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


def _find_language(artefacts: Artefacts, sound: SoundFacts, settings: Settings, engine: Engine) -> str:
    """The language of the first piece in which somebody speaks."""
    for start, end in zip(sound.cuts, sound.cuts[1:], strict=False):
        if language := engine.language(_samples(artefacts, start, end), settings.model):
            return language
    raise NoSpeech("Nobody was heard speaking in this recording: there is nothing to transcribe.")


def _joined(artefacts: Artefacts, sound: SoundFacts, settings: Settings) -> Transcript:
    names = _Names(settings)
    language = settings.language or artefacts.read(names.language).decode()
    words: list[HeardWord] = []
    devices = set()
    for index in range(len(sound.cuts) - 1):
        kept = json.loads(artefacts.read(names.words(index)))
        devices.add(kept["device"])
        words += [
            HeardWord(start, end, text, probability, _SEGMENTS * index + segment)
            for start, end, text, probability, segment in kept["words"]
        ]
    if not words:
        raise NoSpeech("Nobody was heard speaking in this recording: there is nothing to transcribe.")
    turns = json.loads(artefacts.read(names.turns))
    devices.add(turns["device"])
    return join(
        words,
        [(start, end, speaker) for start, end, speaker in turns["turns"]],
        duration_ms=sound.duration_ms,
        language=language,
        models={"transcription": settings.model, "diarization": settings.diarization},
        settings={**asdict(settings), "hash": settings.hash, "device": ", ".join(sorted(devices))},
    )


def _rows(words: Sequence[HeardWord], start: int) -> list[list[Any]]:
    """Words in recording time."""
    offset = round(start * 1000 / SAMPLE_RATE)
    return [[w.start_ms + offset, w.end_ms + offset, w.text, w.probability, w.segment] for w in words]


def _samples(artefacts: Artefacts, start: int, end: int) -> Samples:
    """Samples from `start` to `end` (fewer at the end of the sound), from the blocks that hold them."""
    size = BLOCK_SECONDS * SAMPLE_RATE
    parts = list(_blocks(artefacts, start // size, -(-end // size)))
    if not parts:
        return np.empty(0, dtype=np.int16)
    offset = start // size * size
    return np.concatenate(parts)[start - offset : end - offset]


def _blocks(artefacts: Artefacts, first: int, end: int) -> Iterator[Samples]:
    for index in range(first, end):
        if artefacts.has(_block(index)):
            yield np.frombuffer(artefacts.read(_block(index)), dtype="<i2").astype(np.int16, copy=False)


def _block(index: int) -> str:
    return f"{SOUND}-{index:04d}"


def _hash(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:12]


def _dump(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
