"""The child process that turns sound into words, with faster-whisper (see `workbench.speech.engine`)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from workbench.speech.child import Message
from workbench.speech.serving import Parent, limit_core_dumps, serve

SAMPLE_RATE = 16_000


class Transcriber:
    """Answers `language` and `words`. The body of a request is sound: 16 kHz mono int16."""

    def __init__(self) -> None:
        self._folder = ""
        self._model: Any = None
        self._device = "cpu"

    def language(self, parent: Parent, request: Message, body: bytes) -> tuple[dict[str, Any], bytes]:
        model = self._load(request)
        audio = _samples(body)
        if not model.model.is_multilingual:
            return {"language": "en", "probability": 1.0, "speech": bool(_speech(audio))}, b""
        if not _speech(audio):
            return {"language": "", "probability": 0.0, "speech": False}, b""
        language, probability, _ = model.detect_language(audio, vad_filter=True, language_detection_segments=2)
        return {"language": language, "probability": round(float(probability), 3), "speech": True}, b""

    def words(self, parent: Parent, request: Message, body: bytes) -> tuple[dict[str, Any], bytes]:
        """Words as JSON: a list of segments [[start_ms, end_ms, text, probability], …], in piece time."""
        import ctranslate2

        model = self._load(request)
        audio = _samples(body)
        segments: list[list[Any]] = []
        # Without a detector of speech Whisper invents words in silence, such as "Yeah.".
        if _speech(audio):
            ctranslate2.set_random_seed(0)  # for the rare piece that is decoded again with sampling
            found, _ = model.transcribe(
                audio,
                language=request["language"],
                beam_size=request["beam"],
                word_timestamps=True,
                vad_filter=True,
            )
            seconds = audio.size / SAMPLE_RATE
            for segment in found:
                segments.append(
                    [
                        [round(w.start * 1000), round(w.end * 1000), w.word, round(w.probability, 3)]
                        for w in segment.words
                    ]
                )
                parent.progress(segment.end / seconds)
        return {"device": self._device}, json.dumps(segments, ensure_ascii=False).encode()

    def _load(self, request: Message) -> Any:
        folder = request["folder"]
        if self._folder != folder:
            import ctranslate2
            from faster_whisper import WhisperModel

            cuda = request["device"] != "cpu" and ctranslate2.get_cuda_device_count() > 0
            self._device = "cuda" if cuda else "cpu"
            self._model = WhisperModel(
                str(Path(folder)),
                device=self._device,
                compute_type="float16" if cuda else "int8",  # float16 on a processor raises
                cpu_threads=request["threads"],
                local_files_only=True,
            )
            self._folder = folder
        return self._model


def _samples(body: bytes) -> npt.NDArray[np.float32]:
    return np.frombuffer(body, dtype="<i2").astype(np.float32) / np.float32(32768)


def _speech(audio: npt.NDArray[np.float32]) -> list[Any]:
    from faster_whisper.vad import get_speech_timestamps

    return list(get_speech_timestamps(audio)) if audio.size else []


if __name__ == "__main__":
    transcriber = Transcriber()
    serve({"language": transcriber.language, "words": transcriber.words}, before_first=limit_core_dumps)
