"""What tests of speech share: where the models lie, and the sample sessions transcribed once."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from workbench import settings
from workbench.model.transcript import Transcript
from workbench.registry import shipped
from workbench.speech.pipeline import MemoryArtefacts, Settings, transcribe

SESSIONS = ("dev1_rupture_repair", "dev2_goals", "dev3_homework")


@dataclass(frozen=True)
class Run:
    """A sample session with what the pipeline made of it."""

    name: str
    transcript: Transcript
    artefacts: MemoryArtefacts
    progress: tuple[float, ...]
    settings: Settings

    def truth(self, ending: str) -> Path:
        return shipped("sample_media") / f"{self.name}.{ending}"


@pytest.fixture(scope="session")
def models_folder() -> Path:
    """`WORKBENCH_MODELS_FOLDER`, else where `workbench models install` puts them."""
    return settings.load().models_folder


@pytest.fixture(scope="session", params=SESSIONS)
def run(request: pytest.FixtureRequest, models_folder: Path) -> Run:
    """A sample session, transcribed by the real models; the number of speakers is given."""
    artefacts, told, chosen = MemoryArtefacts(), [], Settings(speakers=2)
    medium = shipped("sample_media") / f"{request.param}.ogg"
    made = transcribe(medium, chosen, artefacts, models_folder, lambda part, label: told.append(part))
    return Run(request.param, made, artefacts, tuple(told), chosen)
