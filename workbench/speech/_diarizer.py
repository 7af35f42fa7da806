# ruff: noqa: E402  (torchaudio must be made importable before pyannote is imported)
"""The child process that finds who spoke when, with pyannote.audio (see `workbench.speech.engine`).

pyannote looks at windows of 10 s. We split its work where it can be kept: `voices` runs the two
networks on some windows, `cluster` puts all windows together. Both call pyannote's own code; the
windows and their numbers are those of `SpeakerDiarization.apply` (4.0.7).
"""

from __future__ import annotations

import io
import json
import math
import warnings
from pathlib import Path
from typing import Any

from workbench.speech.torchaudio_repair import ensure_torchaudio

ensure_torchaudio()

import numpy as np
import numpy.typing as npt
import torch
from pyannote.audio import Pipeline
from pyannote.core import SlidingWindow, SlidingWindowFeature

from workbench.speech.child import Message
from workbench.speech.serving import Parent, limit_core_dumps, serve

warnings.filterwarnings("ignore")

SAMPLE_RATE = 16_000
_BATCH = 8

Floats = npt.NDArray[np.float32]


class Diarizer:
    """Answers `voices` and `cluster`."""

    def __init__(self) -> None:
        self._folder = ""
        self._pipeline: Any = None
        self._device = "cpu"

    def voices(self, parent: Parent, request: Message, body: bytes) -> tuple[dict[str, Any], bytes]:
        """Networks on the windows of one chunk of sound.

        The body is int16 sound that begins with the first window; `windows` many windows begin
        `step` samples apart; sound that is missing at the end counts as silence. The answer's body
        is an npz: `segmentation` (windows, frames, local speakers) uint8 and `embedding` (windows,
        local speakers, dimension) float32, NaN where a local speaker is silent.
        """
        pipeline = self._load(request)
        length = round(pipeline._segmentation.duration * SAMPLE_RATE)
        sound = np.frombuffer(body, dtype="<i2").astype(np.float32) / np.float32(32768)
        count, step = request["windows"], request["step"]
        padded = np.zeros((count - 1) * step + length, dtype=np.float32)
        padded[: min(sound.size, padded.size)] = sound[: padded.size]
        windows = torch.from_numpy(np.stack([padded[i * step : i * step + length] for i in range(count)])[:, None])
        segmentations, embeddings = [], []
        for first in range(0, count, _BATCH):
            batch = windows[first : first + _BATCH]
            heard = pipeline._segmentation.infer(batch)
            segmentations.append(heard)
            embeddings.append(embed(pipeline, batch, heard))
            parent.progress((first + len(batch)) / count)
        kept = io.BytesIO()
        np.savez_compressed(
            kept,
            segmentation=np.concatenate(segmentations).astype(np.uint8),
            embedding=np.concatenate(embeddings).astype(np.float32),
        )
        return {"device": self._device}, kept.getvalue()

    def cluster(self, parent: Parent, request: Message, body: bytes) -> tuple[dict[str, Any], bytes]:
        """Speaker turns from the windows of the whole recording (an npz as above, in the body).

        The answer's body is JSON: [[start_ms, end_ms, speaker number], …], sorted.
        """
        pipeline = self._load(request)
        with np.load(io.BytesIO(body), allow_pickle=False) as kept:
            segmentation, embedding = kept["segmentation"].astype(np.float32), kept["embedding"]
        window = SlidingWindow(start=0.0, duration=pipeline._segmentation.duration, step=request["step"] / SAMPLE_RATE)
        pipeline.get_segmentations = lambda file, hook=None: SlidingWindowFeature(segmentation, window)
        pipeline.get_embeddings = lambda *args, **kwargs: embedding
        try:
            said = pipeline.apply(
                {"uri": "recording"},
                num_speakers=request["speakers"],
                min_speakers=request["min_speakers"],
                max_speakers=request["max_speakers"],
            )
        finally:
            del pipeline.get_segmentations, pipeline.get_embeddings
        end = request["duration_ms"]
        labels: dict[str, int] = {}
        turns = [
            (max(0, round(turn.start * 1000)), min(end, round(turn.end * 1000)), labels.setdefault(label, len(labels)))
            for turn, _, label in said.speaker_diarization.itertracks(yield_label=True)
        ]
        return {"device": self._device}, json.dumps(sorted(t for t in turns if t[1] > t[0])).encode()

    def _load(self, request: Message) -> Any:
        folder = request["folder"]
        if self._folder != folder:
            torch.set_num_threads(request["threads"])
            torch.manual_seed(0)
            self._pipeline = Pipeline.from_pretrained(Path(folder))
            if request["device"] != "cpu" and torch.cuda.is_available():
                self._pipeline.to(torch.device("cuda"))
                self._device = "cuda"
            self._folder = folder
        return self._pipeline


def embed(pipeline: Any, windows: Any, heard: Floats) -> Floats:
    """Embeddings (windows, local speakers, dimension) of windows (windows, 1, samples).

    `heard` (windows, frames, local speakers) says who is active. Frames in which two speak are left
    out where enough others remain, as pyannote does. Models of the WeSpeaker family compute their
    frames once for all local speakers, with the same result; others run once per local speaker.
    """
    model = pipeline._embedding.model_
    masks = _masks(heard, windows.shape[-1], pipeline)
    by_speaker = torch.from_numpy(masks).transpose(1, 2)
    count, speakers = by_speaker.shape[:2]
    active = np.flatnonzero(heard.any(axis=(1, 2)))
    found = np.full((count, speakers, pipeline._embedding.dimension), np.nan, dtype=np.float32)
    if not active.size:
        return found
    with torch.inference_mode():
        if hasattr(model, "forward_frames") and hasattr(model, "forward_embedding"):
            chosen = windows[active].to(pipeline._embedding.device)
            weights = by_speaker[active].to(pipeline._embedding.device)
            found[active] = model.forward_embedding(model.forward_frames(chosen), weights=weights).cpu().numpy()
        else:
            repeated = windows[active].repeat_interleave(speakers, dim=0)
            vectors = pipeline._embedding(repeated, masks=by_speaker[active].flatten(0, 1))
            found[active] = vectors.reshape(len(active), speakers, -1)
    return found


def _masks(heard: Floats, samples: int, pipeline: Any) -> Floats:
    active = np.nan_to_num(heard).astype(np.float32)
    if not pipeline.embedding_exclude_overlap:
        return active
    alone = active * (active.sum(axis=2, keepdims=True) < 2)
    enough = math.ceil(heard.shape[1] * pipeline._embedding.min_num_samples / samples)
    return np.where(alone.sum(axis=1, keepdims=True) > enough, alone, active)


if __name__ == "__main__":
    diarizer = Diarizer()
    serve({"voices": diarizer.voices, "cluster": diarizer.cluster}, before_first=limit_core_dumps)
