"""What we do differently from pyannote gives what pyannote gives: chunks, and frames once per window."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.media import speech, write_medium
from workbench.speech.decode import decode
from workbench.speech.engine import Engine
from workbench.speech.steps import STEP_RATIO, STEP_SAMPLES, WINDOW_SAMPLES

pytestmark = pytest.mark.models

REPOSITORY = Path(__file__).parents[2]

STOCK = """
import json, sys, numpy as np, torch
from workbench.speech import _diarizer
from pyannote.audio import Pipeline
samples = torch.from_numpy(np.load(sys.argv[2]).astype(np.float32) / 32768)[None]
torch.set_num_threads(1)
pipeline = Pipeline.from_pretrained(sys.argv[1])
pipeline._segmentation.step = float(sys.argv[3]) * pipeline._segmentation.duration
said = pipeline({"waveform": samples, "sample_rate": 16000, "uri": "x"}, num_speakers=2).speaker_diarization
end = round(samples.shape[1] / 16)
ms = lambda seconds: min(end, max(0, round(seconds * 1000)))
turns = [(ms(t.start), ms(t.end), who) for t, _, who in said.itertracks(yield_label=True)]
names = {}
print(json.dumps(sorted([a, b, names.setdefault(who, len(names))] for a, b, who in turns)))
"""

WESPEAKER = """
import sys, numpy as np, torch
from workbench.speech import _diarizer
from pyannote.audio.models.embedding import WeSpeakerResNet34
from pyannote.audio.pipelines import SpeakerDiarization
from pyannote.core import SlidingWindow, SlidingWindowFeature
torch.manual_seed(0); torch.set_num_threads(1)
folder = sys.argv[1]
pipeline = SpeakerDiarization(
    segmentation=f"{folder}/segmentation/pytorch_model.bin", embedding=WeSpeakerResNet34().eval(),
    embedding_exclude_overlap=True, embedding_batch_size=8,
    plda={"checkpoint": folder, "subfolder": "plda"},
)
samples = torch.from_numpy(np.load(sys.argv[2]).astype(np.float32) / 32768)
step, length = int(sys.argv[3]), int(sys.argv[4])
windows = samples.unfold(0, length, step)[:, None]
heard = pipeline._segmentation.infer(windows)
ours = _diarizer.embed(pipeline, windows, heard)
feature = SlidingWindowFeature(heard, SlidingWindow(start=0.0, duration=length / 16000, step=step / 16000))
file = {"waveform": samples[None], "sample_rate": 16000, "uri": "x"}
stock = pipeline.get_embeddings(file, feature, exclude_overlap=True)
active = heard.any(axis=1)
assert active.sum() > 3 and (heard.sum(axis=2) > 1).any(), "the passage must have two speakers at once"
print(float(np.abs(ours[active] - stock[active]).max()), float(np.abs(stock[active]).max()))
"""


@pytest.fixture(scope="module")
def passage(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """35 s in which both speak, also at once, as samples."""
    import numpy as np

    folder = tmp_path_factory.mktemp("passage")
    sound = decode(write_medium(folder / "a.wav", speech(35, start=20)))
    np.save(folder / "a.npy", sound.mono)
    return folder / "a.npy"


def child(code: str, *arguments: object) -> str:
    command = [sys.executable, "-W", "ignore", "-c", code, *(str(a) for a in arguments)]
    return subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=True).stdout.splitlines()[-1]


def test_work_in_chunks_gives_the_turns_of_the_whole_pipeline(passage: Path, models_folder: Path) -> None:
    import numpy as np

    stock = json.loads(child(STOCK, models_folder / "diarization" / "packaged", passage, STEP_RATIO))
    samples = np.load(passage)
    whole = (samples.size - WINDOW_SAMPLES) // STEP_SAMPLES + 1
    windows = whole + ((samples.size - WINDOW_SAMPLES) % STEP_SAMPLES > 0)
    with Engine(models_folder, device="cpu") as engine:
        kept = [
            engine.voices(samples[first * STEP_SAMPLES :], "packaged", windows=count, step=STEP_SAMPLES)
            for first, count in ((0, 4), (4, 5), (9, windows - 9))
        ]
        turns = engine.cluster(kept, "packaged", step=STEP_SAMPLES, duration_ms=round(samples.size / 16), speakers=2)
    assert [list(t) for t in turns] == stock and len({who for _, _, who in turns}) == 2


def test_frames_once_per_window_give_the_same_voices(passage: Path, models_folder: Path) -> None:
    """For models of the WeSpeaker family, such as that of community-1; random weights do for this."""
    place = models_folder / "diarization" / "packaged"
    difference, largest = map(float, child(WESPEAKER, place, passage, 2 * STEP_SAMPLES, WINDOW_SAMPLES).split())
    assert difference <= 1e-4 * largest
