"""`workbench transcribe FILE`: what is refused, what is written, what a stop leaves."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import wave
from collections.abc import Callable
from pathlib import Path

import av
import pytest

from tests.cli.running import Ran
from workbench import settings
from workbench.exchange import transcript_json
from workbench.registry import shipped

Run = Callable[..., Ran]
CONSENT = "Both agreed on 1 March that this is transcribed."
SUFFIXES = ["json", "rttm", "srt", "stm", "txt", "vtt"]


def cut(source: Path, target: Path, seconds: int) -> Path:
    """The beginning of a recording as a wav."""
    with av.open(str(source)) as medium, wave.open(str(target), "wb") as out:
        out.setparams((1, 2, 16_000, 0, "NONE", "not compressed"))
        resampler = av.AudioResampler("s16", "mono", 16_000)
        for frame in medium.decode(audio=0):
            if frame.time is not None and frame.time >= seconds:
                break
            for part in resampler.resample(frame):
                out.writeframes(part.to_ndarray().tobytes())
    return target


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    """15 seconds of a sample session."""
    return cut(shipped("sample_media") / "dev2_goals.ogg", tmp_path / "clip.wav", 15)


def outside(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "workbench", *map(str, arguments)]


def test_without_a_statement_of_consent_nothing_is_transcribed(run: Run, tone: Path, tmp_path: Path) -> None:
    for consent in ((), ("--consent", "  ")):
        ran = run("transcribe", tone, "--speakers", 2, "--out", tmp_path / "out", *consent)
        assert ran.status == 1 and "Without a statement of consent nothing is transcribed" in ran.err
    assert not (tmp_path / "out").exists()


def test_a_file_that_is_no_medium_is_refused(run: Run, tmp_path: Path) -> None:
    letter = tmp_path / "letter.wav"
    letter.write_text("Dear colleague, " * 500)
    ran = run("transcribe", letter, "--speakers", 2, "--consent", CONSENT, "--out", tmp_path / "out")
    assert ran.status == 1 and "no audio or video" in ran.err
    assert not (tmp_path / "out").exists()


@pytest.mark.models
def test_a_silent_recording_is_refused(run: Run, tmp_path: Path) -> None:
    silent = tmp_path / "silent.wav"
    with wave.open(str(silent), "wb") as out:
        out.setparams((1, 2, 16_000, 0, "NONE", "not compressed"))
        out.writeframes(bytes(64_000))
    given = ("--model", "tiny.en", "--consent", CONSENT, "--out", tmp_path / "out")
    ran = run("transcribe", silent, "--speakers", 2, *given)
    assert ran.status == 1 and "silent" in ran.err
    assert not (tmp_path / "out").exists()


def test_a_missing_model_is_named_with_the_command_that_installs_it(
    run: Run, tone: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORKBENCH_MODELS_FOLDER", str(tmp_path / "none"))
    ran = run("transcribe", tone, "--speakers", 2, "--consent", CONSENT, "--out", tmp_path / "out")
    assert ran.status == 1 and "workbench models install base" in ran.err
    assert not (tmp_path / "out").exists()


def test_what_is_there_is_not_replaced_unless_asked(run: Run, tone: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "tone.vtt").write_text("mine")
    ran = run("transcribe", tone, "--speakers", 2, "--consent", CONSENT, "--out", out)
    assert ran.status == 1 and "tone.vtt" in ran.err and "--overwrite" in ran.err
    assert [(p.name, p.read_text()) for p in out.iterdir()] == [("tone.vtt", "mine")]


@pytest.mark.parametrize(
    "arguments",
    [
        ("--consent", CONSENT),
        ("--consent", CONSENT, "--out", "out", "--speakers", "0"),
        ("--consent", CONSENT, "--out", "out", "--session", "S1"),
        ("--consent", CONSENT, "--out", "out", "--wait"),
    ],
)
def test_options_that_do_not_go_together_are_a_usage_error(run: Run, tone: Path, arguments: tuple[str, ...]) -> None:
    assert run("transcribe", tone, *arguments).status == 2


def test_neither_file_nor_session_is_a_usage_error(run: Run) -> None:
    assert run("transcribe").status == 2
    assert run("transcribe", "--session", "S1", "--out", "out").status == 2


def test_a_folder_that_cannot_be_written_to_is_found_before_the_work(run: Run, tone: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    ran = run("transcribe", tone, "--speakers", 2, "--consent", CONSENT, "--out", tmp_path / "file")
    assert ran.status == 1 and "is a file" in ran.err
    ran = run("transcribe", tone, "--speakers", 2, "--consent", CONSENT, "--out", tmp_path / "file" / "deeper")
    assert ran.status == 1 and "Nothing could be written" in ran.err


@pytest.mark.models
def test_a_clip_becomes_six_files_that_keep_the_consent(clip: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    given = ("--speakers", 2, "--consent", CONSENT, "--consent-date", "2026-03-01", "--out", out)
    done = subprocess.run(
        outside("transcribe", clip, *given, "--model", "tiny.en", "--language", "en", "--json"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert sorted(Path(f).name for f in said["files"]) == [f"clip.{s}" for s in SUFFIXES]
    assert sorted(p.name for p in out.iterdir()) == [f"clip.{s}" for s in SUFFIXES]
    data = (out / "clip.json").read_bytes()
    transcript, meta = transcript_json.read(data), transcript_json.read_meta(data)
    assert (meta.consent_statement, meta.consent_date) == (CONSENT, "2026-03-01")
    assert CONSENT in (out / "clip.vtt").read_text() and CONSENT in (out / "clip.txt").read_text()
    assert transcript.speakers == ("S1", "S2") and "have a seat" in " ".join(u.text for u in transcript.utterances)
    assert 14_500 < transcript.duration_ms < 15_500 and said["words"] == len(transcript.words) > 30
    assert "%" in done.stderr and "have a seat" not in done.stderr
    again = subprocess.run(outside("transcribe", clip, *given), capture_output=True, text=True, check=False)
    assert again.returncode == 1 and "--overwrite" in again.stderr


@pytest.mark.models
@pytest.mark.skipif(os.name == "nt", reason="signals as on a terminal")
def test_ctrl_c_leaves_nothing(clip: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    process = subprocess.Popen(
        outside("transcribe", clip, "--speakers", 2, "--consent", CONSENT, "--out", out, "--model", "tiny.en"),
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    assert "Reading the recording" in process.stderr.readline()
    time.sleep(0.5)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130 and "Nothing was written" in said
    assert not out.exists()


LIMITED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))
from workbench.cli import main
main()
"""


@pytest.mark.models
@pytest.mark.skipif(os.name == "nt", reason="a full disk is played by a limit on the size of files")
def test_a_full_disk_leaves_nothing_half_written(clip: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "clip.txt").write_text("what was there before")
    given = [
        "transcribe",
        clip,
        "--speakers",
        2,
        "--consent",
        CONSENT,
        "--out",
        out,
        "--model",
        "tiny.en",
        "--overwrite",
    ]
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, *map(str, given)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1 and "the disk is full" in done.stderr, done.stderr
    assert [(p.name, p.read_text()) for p in out.iterdir()] == [("clip.txt", "what was there before")]


def test_the_models_of_the_settings_are_used(
    run: Run, tone: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORKBENCH_TRANSCRIPTION_MODEL", "huge")
    assert settings.load().transcription_model == "huge"
    ran = run("transcribe", tone, "--speakers", 2, "--consent", CONSENT, "--out", tmp_path / "out")
    assert ran.status == 1 and "huge" in ran.err
