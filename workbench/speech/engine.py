"""The models, held by child processes that can be killed: one for words, one for speakers.

One thread each: transcription beside diarization took 23 s where one after the other with two
threads took 51 s. Nothing of torch comes into the caller's process.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from workbench.speech import models
from workbench.speech.child import Child, Message

Samples = npt.NDArray[np.int16]
Progress = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class HeardWord:
    """A word as the transcription gives it. `text` keeps its leading space; `segment` numbers the
    stretch of speech that it was heard in."""

    start_ms: int
    end_ms: int
    text: str
    probability: float
    segment: int


@dataclass(frozen=True, slots=True)
class Usage:
    """What a child process has used so far; zeros where the system does not tell."""

    cpu_seconds: float = 0.0
    peak_bytes: int = 0


def _no_progress(fraction: float) -> None:
    return None


class Engine:
    """Runs models from `models_folder` in child processes, which start when first needed.

    `device` is "auto" (a GPU if there is one) or "cpu". Use one engine from one thread at a time;
    `kill` may come from any thread and makes the call in progress raise Cancelled.
    """

    def __init__(
        self,
        models_folder: Path,
        *,
        threads: int = 1,
        device: str = "auto",
        cancelled: Callable[[], bool] | None = None,
    ) -> None:
        self._folder = models_folder
        self._common: Message = {"threads": threads, "device": device}
        environ = {
            "OMP_NUM_THREADS": str(threads),
            "OMP_WAIT_POLICY": "PASSIVE",
            "OPENBLAS_NUM_THREADS": str(threads),
            "MKL_NUM_THREADS": str(threads),
            "PYANNOTE_METRICS_ENABLED": "0",
            "HF_HUB_OFFLINE": "1",
            "HF_HUB_DISABLE_TELEMETRY": "1",
        }
        self._words = Child("workbench.speech._transcriber", environ=environ, cancelled=cancelled)
        self._voices = Child("workbench.speech._diarizer", environ=environ, cancelled=cancelled)
        self.usage: dict[str, Usage] = {"transcription": Usage(), "diarization": Usage()}
        self.device: dict[str, str] = {}

    def language(self, sound: Samples, model: str) -> str | None:
        """The language spoken in `sound` (a code such as "en"), or None when nobody speaks."""
        answer, _ = self._ask("transcription", {"do": "language", "model": model}, _bytes(sound))
        return answer["language"] if answer["speech"] else None

    def words(
        self, sound: Samples, model: str, language: str, *, beam: int = 5, progress: Progress = _no_progress
    ) -> list[HeardWord]:
        """The words of a piece of sound, with times from its start. No words where nobody speaks."""
        request = {"do": "words", "model": model, "language": language, "beam": beam}
        _, body = self._ask("transcription", request, _bytes(sound), progress)
        return [
            HeardWord(start, end, text, probability, number)
            for number, segment in enumerate(json.loads(body))
            for start, end, text, probability in segment
        ]

    def voices(
        self, sound: Samples, model: str, *, windows: int, step: int, progress: Progress = _no_progress
    ) -> bytes:
        """Who is active in each of `windows` windows of 10 s, `step` samples apart, and how they sound.

        An npz (see `_diarizer.Diarizer.voices`) to be kept for `cluster`.
        """
        request = {"do": "voices", "model": model, "windows": windows, "step": step}
        return self._ask("diarization", request, _bytes(sound), progress)[1]

    def cluster(
        self,
        voices: Sequence[bytes],
        model: str,
        *,
        step: int,
        duration_ms: int,
        speakers: int | None = None,
        min_speakers: int | None = None,
        max_speakers: int | None = None,
    ) -> list[tuple[int, int, int]]:
        """Speaker turns (start_ms, end_ms, speaker number by first appearance), sorted; they may overlap."""
        request = {
            "do": "cluster",
            "model": model,
            "step": step,
            "duration_ms": duration_ms,
            "speakers": speakers,
            "min_speakers": min_speakers,
            "max_speakers": max_speakers,
        }
        _, body = self._ask("diarization", request, _together(voices))
        return [(start, end, speaker) for start, end, speaker in json.loads(body)]

    def kill(self) -> None:
        """End the children at once."""
        self._words.kill()
        self._voices.kill()

    def close(self) -> None:
        self._words.close()
        self._voices.close()

    def __enter__(self) -> Engine:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _ask(
        self, kind: str, request: Message, body: bytes, progress: Progress = _no_progress
    ) -> tuple[Message, bytes]:
        folder = models.ready(request["model"], self._folder, models.Kind(kind))
        child = self._words if kind == "transcription" else self._voices

        def hear(message: Message, _: bytes) -> None:
            if message["type"] == "progress":
                progress(message["value"])

        answer, payload = child.call({**self._common, **request, "folder": str(folder)}, body, hear)
        if used := answer.get("usage"):
            self.usage[kind] = Usage(used["cpu_seconds"], int(used["peak_bytes"]))
        if device := answer.get("device"):
            self.device[kind] = device
        return answer, payload


def _bytes(sound: Samples) -> bytes:
    return sound.astype("<i2", copy=False).tobytes()


def _together(voices: Sequence[bytes]) -> bytes:
    parts = []
    for kept in voices:
        with np.load(io.BytesIO(kept), allow_pickle=False) as arrays:
            parts.append((arrays["segmentation"], arrays["embedding"]))
    whole = io.BytesIO()
    np.savez(
        whole,
        segmentation=np.concatenate([s for s, _ in parts]),
        embedding=np.concatenate([e for _, e in parts]),
    )
    return whole.getvalue()
