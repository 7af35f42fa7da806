"""The real models on short media: killed and gone on with, cancelled, silent, offline, confined to children."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from tests.media import speech, write_medium
from tests.speech.test_speech_decode import noise, write_wave
from tests.speech.transcribe_child import SETTINGS, FolderArtefacts
from workbench.speech.errors import Cancelled, MissingModel, NoSound, NoSpeech, SpeechError
from workbench.speech.pipeline import (
    MemoryArtefacts,
    Settings,
    Step,
    check_ready,
    read_transcript,
    sound_facts,
    transcribe,
)
from workbench.speech.sound import samples_between

REPOSITORY = Path(__file__).parents[2]


def test_the_program_never_imports_the_models_libraries() -> None:
    code = (
        "import importlib, pkgutil, sys, workbench.speech as s\n"
        "for m in pkgutil.iter_modules(s.__path__):\n"
        "    if not m.name.startswith('_') and m.name not in ('campplus', 'torchaudio_repair'):\n"
        "        importlib.import_module('workbench.speech.' + m.name)\n"
        "heavy = ('torch', 'torchaudio', 'pyannote', 'faster_whisper', 'ctranslate2', 'av')\n"
        "print([m for m in heavy if m in sys.modules])\n"
        "import os; print(os.environ['PYANNOTE_METRICS_ENABLED'], os.environ['HF_HUB_OFFLINE'])\n"
    )
    environ = {k: v for k, v in os.environ.items() if k not in ("PYANNOTE_METRICS_ENABLED", "HF_HUB_OFFLINE")}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environ)
    assert done.stdout.split("\n")[:2] == ["[]", "0 1"]


def test_a_missing_model_is_said_before_anything_is_read(tmp_path: Path) -> None:
    with pytest.raises(MissingModel, match="workbench models install base"):
        transcribe(tmp_path / "nothing.wav", Settings(), MemoryArtefacts(), tmp_path)


def test_silence_is_refused_and_keeps_no_facts_of_a_sound(tmp_path: Path, models_folder: Path) -> None:
    artefacts = MemoryArtefacts()
    medium = write_wave(tmp_path / "silent.wav", np.zeros((1, 16_000), dtype=np.int16))
    with pytest.raises(NoSound, match="silent from beginning to end"):
        transcribe(medium, Settings(), artefacts, models_folder)
    assert sound_facts(artefacts) is None


@pytest.mark.models
@pytest.mark.parametrize("language", ["en", "xx"])
def test_a_language_that_the_model_does_not_know_is_refused(models_folder: Path, language: str) -> None:
    check_ready(Settings(model="tiny.en", language="en"), models_folder)
    with pytest.raises(SpeechError, match=r"knows English only|knows the language 'xx'"):
        check_ready(Settings(model="tiny.en", language={"en": "de"}.get(language, language)), models_folder)


@pytest.mark.models
@pytest.mark.parametrize("language", [None, "en"])
def test_noise_in_which_nobody_speaks_gives_a_sentence_and_no_words(
    tmp_path: Path, models_folder: Path, language: str | None
) -> None:
    """Whisper alone would invent some: "Yeah." as an answer of the patient."""
    medium, artefacts = write_wave(tmp_path / "hum.wav", noise(30, 7, 300)[None]), MemoryArtefacts()
    settings = Settings(model="tiny.en", language=language)
    with pytest.raises(NoSpeech, match="Nobody was heard speaking"):
        transcribe(medium, settings, artefacts, models_folder)
    assert read_transcript(artefacts, settings) is None


@pytest.mark.models
def test_two_seconds_are_enough(tmp_path: Path, models_folder: Path) -> None:
    medium = write_medium(tmp_path / "short.webm", speech(3.2, start=1.0))
    made = transcribe(medium, Settings(model="tiny.en"), MemoryArtefacts(), models_folder)
    assert "see you" in " ".join(u.text for u in made.utterances).lower() and made.speakers == ("S1",)


@pytest.mark.models
@pytest.mark.faults
def test_after_kills_it_goes_on_and_redoes_at_most_one_step_of_each_branch(tmp_path: Path, models_folder: Path) -> None:
    medium = write_medium(tmp_path / "a.ogg", speech(95))
    kept = tmp_path / "kept"
    kept.mkdir()
    command = [sys.executable, "-m", "tests.speech.transcribe_child", str(medium), str(kept), str(models_folder)]

    def started() -> list[str]:
        return (kept / "starts").read_text().split() if (kept / "starts").exists() else []

    killed = 0
    for wanted in ("words-0000", "words-0001"):  # kill while these are in progress
        before = len(started())
        process = subprocess.Popen(command, cwd=REPOSITORY)
        while wanted not in started()[before:]:
            assert process.poll() is None, "it ended before it was to be killed"
            time.sleep(0.05)
        children = _children(process.pid)
        process.send_signal(signal.SIGKILL)
        process.wait()
        killed += 1
        _gone(children)
    subprocess.run(command, cwd=REPOSITORY, check=True)
    counts = Counter(started())
    for branch in ("words", "voices"):
        extra = sum(
            n - 1 for name, n in counts.items() if name.startswith((branch, {"voices": "turns"}.get(branch, "-")))
        )
        assert extra <= killed
    assert all(counts[name] == 1 for name in ("decode", "language", "join"))
    made = read_transcript(FolderArtefacts(kept), SETTINGS)
    assert made is not None
    assert made == transcribe(medium, SETTINGS, MemoryArtefacts(), models_folder)


@pytest.mark.models
def test_a_cancelled_transcription_stops_at_once_and_keeps_finished_steps(tmp_path: Path, models_folder: Path) -> None:
    medium, artefacts = write_medium(tmp_path / "a.ogg", speech(95)), MemoryArtefacts()
    seen: list[str] = []
    since: list[float] = []

    def cancelled() -> bool:
        if "words-0001" in seen and not since:
            since.append(time.monotonic())
        return bool(since)

    with pytest.raises(Cancelled):
        transcribe(
            medium, SETTINGS, artefacts, models_folder, cancelled=cancelled, before_step=lambda s: seen.append(s.name)
        )
    assert since and "join" not in seen
    assert read_transcript(artefacts, SETTINGS) is None

    again: list[str] = []
    transcribe(medium, SETTINGS, artefacts, models_folder, before_step=lambda s: again.append(s.name))
    assert "words-0000" not in again and "words-0001" in again


@pytest.mark.models
def test_what_is_raised_before_a_step_ends_the_work(tmp_path: Path, models_folder: Path) -> None:
    """Consent that is withdrawn in the middle: no later step starts."""
    seen: list[str] = []

    def consent(step: Step) -> None:
        if step.branch == "words":
            raise PermissionError("consent was withdrawn")
        seen.append(step.name)

    medium = write_medium(tmp_path / "a.ogg", speech(70))
    with pytest.raises(PermissionError, match="withdrawn"):
        transcribe(medium, SETTINGS, MemoryArtefacts(), models_folder, before_step=consent)
    assert "join" not in seen and "turns" not in seen


@pytest.mark.models
def test_no_name_is_looked_up_and_nothing_is_asked_of_any_proxy(tmp_path: Path, models_folder: Path) -> None:
    medium = write_medium(tmp_path / "a.ogg", speech(12))
    kept = tmp_path / "kept"
    kept.mkdir()
    with socket.create_server(("127.0.0.1", 0)) as proxy:
        proxy.settimeout(0.5)
        address = f"http://127.0.0.1:{proxy.getsockname()[1]}"
        environ = {**os.environ, **dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), address)}
        command = [sys.executable, "-m", "tests.speech.transcribe_child", str(medium), str(kept), str(models_folder)]
        subprocess.run(command, cwd=REPOSITORY, env=environ, check=True)
        with pytest.raises(TimeoutError):
            proxy.accept()


@pytest.mark.models
def test_sound_that_was_deleted_is_read_again_for_another_model(tmp_path: Path, models_folder: Path) -> None:
    medium, artefacts = write_medium(tmp_path / "a.ogg", speech(12)), MemoryArtefacts()
    first = transcribe(medium, SETTINGS, artefacts, models_folder)
    for name in [n for n in artefacts._kept if n.startswith("sound-")]:
        del artefacts._kept[name]
    sound = sound_facts(artefacts)
    assert sound is not None
    with pytest.raises(SpeechError, match="no longer there"):
        samples_between(artefacts, sound, 0, 16_000)
    again = transcribe(medium, Settings(model="tiny.en", speakers=2, beam=4), artefacts, models_folder)
    assert [w.text for w in again.words] == [w.text for w in first.words]


def _children(parent: int) -> list[int]:
    found = subprocess.run(["ps", "-o", "pid=", "--ppid", str(parent)], capture_output=True, text=True, check=False)
    return [int(pid) for pid in found.stdout.split()]


def _gone(children: list[int]) -> None:
    """Children of a killed process end by themselves, within seconds."""
    assert children
    end = time.monotonic() + 40
    while any(Path(f"/proc/{pid}/stat").exists() and _state(pid) != "Z" for pid in children):
        assert time.monotonic() < end, "a child outlived its parent"
        time.sleep(0.1)


def _state(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return "Z"
