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

import importlib.util
import json
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from workbench.model.transcript import Transcript, transcript_from_dict
from workbench.speech import models
from workbench.speech.artefacts import Artefacts, MemoryArtefacts, dump
from workbench.speech.catalogue import LANGUAGES
from workbench.speech.decode import SAMPLE_RATE, Source
from workbench.speech.engine import Engine, HeardWord
from workbench.speech.errors import Cancelled, NoSpeech, SpeechError, SpeechNotInstalled
from workbench.speech.join import join
from workbench.speech.sound import decode_step, samples_between, sound_facts, sound_is_there
from workbench.speech.steps import PEAKS, SOUND, STEP_SAMPLES, Names, Settings, SoundFacts, Step, plan, windows_of

__all__ = [
    "PEAKS",
    "SOUND",
    "Artefacts",
    "MemoryArtefacts",
    "Settings",
    "SoundFacts",
    "Step",
    "check_ready",
    "is_temporary",
    "plan",
    "read_transcript",
    "recluster",
    "run_step",
    "sound_facts",
    "transcribe",
]

_SEGMENTS = 10_000  # numbers of stretches of speech in one piece stay below this

Progress = Callable[[float], None]


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
        decode_step(source, artefacts, progress, cancelled)
        return
    sound = sound_facts(artefacts)
    if sound is None:
        raise ValueError(f"step {step.name} needs the decoded sound; run the step decode first")
    names = Names(settings)
    if step.name == "language":
        artefacts.write(step.output, _find_language(artefacts, sound, settings, engine).encode())
    elif step.branch == "words":
        start, end = sound.cuts[step.index], sound.cuts[step.index + 1]
        language = settings.language or artefacts.read(names.language).decode()
        heard = engine.words(
            samples_between(artefacts, sound, start, end),
            settings.model,
            language,
            beam=settings.beam,
            progress=progress,
        )
        artefacts.write(step.output, dump({"device": engine.device["transcription"], "words": _rows(heard, start)}))
    elif step.name == "turns":
        kept = [artefacts.read(names.voices(i)) for i in range(sound.chunks)]
        turns = engine.cluster(
            kept,
            settings.diarization,
            step=STEP_SAMPLES,
            duration_ms=sound.duration_ms,
            speakers=settings.speakers,
            min_speakers=settings.min_speakers,
            max_speakers=settings.max_speakers,
        )
        artefacts.write(step.output, dump({"device": engine.device["diarization"], "turns": turns}))
    elif step.branch == "voices":
        start, end, windows = windows_of(sound, step.index)
        samples = samples_between(artefacts, sound, start, end)
        artefacts.write(
            step.output,
            engine.voices(samples, settings.diarization, windows=windows, step=STEP_SAMPLES, progress=progress),
        )
    else:
        artefacts.write(step.output, dump(_joined(artefacts, sound, settings).to_dict()))


def check_ready(settings: Settings, models_folder: Path) -> None:
    """Whether everything that `settings` need is installed; quick, for before a job is started.

    Raises SpeechNotInstalled, MissingModel, or SpeechError for a language that the model does not know.
    """
    for package in ("faster_whisper", "torch", "pyannote"):
        if importlib.util.find_spec(package) is None:
            raise SpeechNotInstalled(package)
    models.ready(settings.model, models_folder, models.Kind.TRANSCRIPTION)
    models.ready(settings.diarization, models_folder, models.Kind.DIARIZATION)
    if settings.language is None:
        return
    if settings.language not in LANGUAGES:
        raise SpeechError(f"No model knows the language {settings.language!r}; expected a code such as en, de or es.")
    if settings.model.endswith(".en") and settings.language != "en":
        raise SpeechError(f"The model {settings.model} knows English only, and the language is {settings.language}.")


def read_transcript(artefacts: Artefacts, settings: Settings) -> Transcript | None:
    """The finished transcript for `settings`, or None before it is done."""
    name = Names(settings).transcript
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
    before_step: Callable[[Step], None] = lambda step: None,
    device: str = "auto",
) -> Transcript:
    """The transcript of `source`, with both branches running side by side, one processor each.

    What `artefacts` already holds is not done again: after a kill, call it again. `progress` is told
    the part of the whole, 0 to 1, and what is being done. `before_step` is called before each step
    that has to be done; what it raises (consent was withdrawn, say) ends the work. Both, and
    `artefacts`, are called from two threads. Raises what `check_ready` and `run_step` raise.
    """
    check_ready(settings, models_folder)
    stop = threading.Event()

    def stopped() -> bool:
        return stop.is_set() or cancelled()

    def run(steps: Sequence[Step], told: _Told) -> None:
        with Engine(models_folder, device=device, cancelled=stopped) as engine:
            for step in steps:
                if stopped():
                    raise Cancelled
                if not artefacts.has(step.output):
                    before_step(step)
                    run_step(step, source, artefacts, settings, engine, told.of(step), stopped)
                told.done(step)

    first = plan(settings)
    run(first, _Told(lambda part, label: progress(0.05 * part, label), first))
    sound = sound_facts(artefacts)
    assert sound is not None
    steps = plan(settings, sound)
    branches = [[s for s in steps if s.branch == branch] for branch in ("words", "voices")]
    hearing = [s for branch in branches for s in branch if s.name != "turns"]
    if not all(artefacts.has(s.output) for s in hearing) and not sound_is_there(artefacts, sound):
        before_step(first[0])
        decode_step(source, artefacts, lambda part: progress(0.05 * part, first[0].label), stopped)
    told = _Told(lambda part, label: progress(0.05 + 0.95 * part, label), steps[1:])
    with ThreadPoolExecutor(max_workers=len(branches)) as pool:
        running = [pool.submit(run, branch, told) for branch in branches]
        try:
            done, _ = wait(running, return_when=FIRST_EXCEPTION)
            failed = [error for future in done if (error := future.exception())]
        finally:
            # After an error, or Ctrl-C, the other branch need not go on; after success this does nothing.
            stop.set()
    if failed:
        raise next((error for error in failed if not isinstance(error, Cancelled)), failed[0])
    stop.clear()
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


def _find_language(artefacts: Artefacts, sound: SoundFacts, settings: Settings, engine: Engine) -> str:
    """The language of the first piece in which somebody speaks."""
    for start, end in zip(sound.cuts, sound.cuts[1:], strict=False):
        if language := engine.language(samples_between(artefacts, sound, start, end), settings.model):
            return language
    raise NoSpeech("Nobody was heard speaking in this recording: there is nothing to transcribe.")


def _joined(artefacts: Artefacts, sound: SoundFacts, settings: Settings) -> Transcript:
    names = Names(settings)
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
