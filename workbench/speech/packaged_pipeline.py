"""The diarization pipeline that is put together from packaged weights, as a folder for pyannote.

`pyannote.audio.Pipeline.from_pretrained(folder)` loads it without any hub.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from workbench.speech.packages import InstallFailed

EMBEDDING_SIZE = 192
_PLDA_SIZE = 128
# A spherical model of voices: this much of the variance lies within a voice, this much between voices.
_WITHIN, _BETWEEN = 0.35, 0.65

CONFIG: dict[str, Any] = {
    "dependencies": {"pyannote.audio": "4.0.0"},
    "pipeline": {
        "name": "pyannote.audio.pipelines.SpeakerDiarization",
        "params": {
            "clustering": "VBxClustering",
            "segmentation": "$model/segmentation",
            "segmentation_batch_size": 32,
            # The loader of an embedding is chosen by words in its path; `$model` keeps the path out of it.
            "embedding": "$model/embedding",
            "embedding_batch_size": 32,
            "embedding_exclude_overlap": True,
            "plda": "$model/plda",
        },
    },
    "params": {
        "clustering": {"threshold": 0.6, "Fa": 0.07, "Fb": 0.8},
        "segmentation": {"min_duration_off": 0.0},
    },
}


def build(folder: Path) -> None:
    """Complete a folder that holds `segmentation/pytorch_model.bin` and `embedding/campplus.pt`.

    Converts the voice embedding in a child process (it needs torch). Raises InstallFailed.
    """
    _convert(folder / "embedding" / "campplus.pt", folder / "embedding" / "pytorch_model.bin")
    _write_plda(folder / "plda")
    (folder / "config.yaml").write_text(yaml.safe_dump(CONFIG, sort_keys=False), encoding="utf-8")


def _convert(weights: Path, checkpoint: Path) -> None:
    environ = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2]), "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-P", "-m", "workbench.speech.campplus", str(weights), str(checkpoint)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environ)
    if done.returncode or not checkpoint.is_file():
        lines = done.stderr.strip().splitlines()
        raise InstallFailed(f"The voice embedding could not be converted: {lines[-1] if lines else 'no reason given'}")


def _write_plda(folder: Path) -> None:
    """pyannote loads a PLDA whatever the clustering (none raises), so this is a spherical one."""
    folder.mkdir()
    rng = np.random.default_rng(0)
    lda = np.linalg.qr(rng.standard_normal((EMBEDDING_SIZE, _PLDA_SIZE)))[0]
    np.savez(folder / "xvec_transform.npz", mean1=np.zeros(EMBEDDING_SIZE), mean2=np.zeros(_PLDA_SIZE), lda=lda)
    # Values that differ a little, so that their order is the same everywhere.
    psi = np.full(_PLDA_SIZE, _BETWEEN / _WITHIN) * np.linspace(1.001, 0.999, _PLDA_SIZE)
    np.savez(folder / "plda.npz", mu=np.zeros(_PLDA_SIZE), tr=np.eye(_PLDA_SIZE) / np.sqrt(_WITHIN), psi=psi)
