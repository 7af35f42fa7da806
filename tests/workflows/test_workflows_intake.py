"""Taking recordings in: every format, and every way in which it can be refused, with nothing left."""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tests.media import FORMATS, RATE, consented_session, speech, withdraw, write_medium
from workbench.model.access import Action
from workbench.model.consent import Scope
from workbench.model.people import Person, Role
from workbench.speech.peaks import read_peaks
from workbench.store import audit, recordings
from workbench.store.workspace import Workspace
from workbench.workflows import open_recording
from workbench.workflows.intake import take_in
from workbench.workflows.refusal import Refused

TYPES = {
    "wav": "audio/wav",
    "flac": "audio/flac",
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "ogg": "audio/ogg",
    "opus": "audio/ogg",
    "mp4": "video/mp4",
    "mov": "video/mp4",
    "webm": "video/webm",
    "mkv": "video/x-matroska",
}


@pytest.fixture(scope="module")
def eight_seconds() -> np.ndarray:
    return speech(8)


def is_untouched(workspace: Workspace) -> bool:
    """Whether nothing of a refused file is left anywhere."""
    files = [f for f in (workspace.folder / "vault").rglob("*") if f.is_file()]
    with workspace.reading() as connection:
        noted = audit.entries(connection, action="recording.add")
    return not files and not workspace.keys.uploads() and not noted


@pytest.mark.parametrize("ending", FORMATS)
def test_a_recording_of_every_format_is_taken_in(
    workspace: Workspace, tmp_path: Path, eight_seconds: np.ndarray, ending: str
) -> None:
    session = consented_session(workspace)
    file = write_medium(tmp_path / f"Mrs Miller.{ending}", eight_seconds)
    made = take_in(workspace, None, session.id, file, name=file.name, offset_ms=250)

    assert (made.media_type, made.suffix) == (TYPES[ending], f".{ending}")
    assert made.has_video == (FORMATS[ending][1] is not None)
    assert (made.channels, made.offset_ms, made.size_bytes) == (1, 250, file.stat().st_size)
    assert abs(made.duration_ms - 8000) < 120
    with workspace.reading() as connection:
        assert recordings.of_session(connection, session.id) == [made]
        entry = audit.entries(connection, action="recording.add")[0]
    assert entry.resource_id == made.id and entry.detail["bytes"] == made.size_bytes

    assert workspace.vault.read(made.id, open_recording.MEDIA) == file.read_bytes()
    drawn = read_peaks(workspace.vault.read(made.id, open_recording.PEAKS))
    assert abs(len(drawn) - 400) <= 6 and drawn.max() > 20

    # Sealed, and without its name, which says who the patient is.
    middle = file.read_bytes()[made.size_bytes // 2 :][:64]
    everything = b"".join(f.read_bytes() for f in workspace.folder.rglob("*") if f.is_file())
    assert middle not in everything and b"Miller" not in everything
    assert not workspace.keys.uploads()


def test_a_file_that_is_no_medium_is_refused_whatever_its_name(workspace: Workspace) -> None:
    session = consented_session(workspace)
    with pytest.raises(Refused, match=r"^notes\.mp4: This is no audio or video file"):
        take_in(workspace, None, session.id, io.BytesIO(b"Dear diary, today " * 500), name="C:\\Mrs Miller\\notes.mp4")
    with pytest.raises(Refused, match=r"The file is empty"):
        take_in(workspace, None, session.id, io.BytesIO(b""), name="empty.wav")
    assert is_untouched(workspace)


def test_a_file_that_cannot_be_read_to_its_end_is_refused(workspace: Workspace, tmp_path: Path) -> None:
    session = consented_session(workspace)
    with pytest.raises(Refused, match=r"a\.wav cannot be read: "):
        take_in(workspace, None, session.id, tmp_path / "a.wav", name="a.wav")
    with (tmp_path / "b.wav").open("wb") as closed_to_readers, pytest.raises(Refused, match=r"b\.wav cannot be read: "):
        take_in(workspace, None, session.id, closed_to_readers, name="b.wav")
    assert is_untouched(workspace)


def test_what_a_file_holds_counts_and_not_its_name(workspace: Workspace, tmp_path: Path) -> None:
    session = consented_session(workspace)
    file = write_medium(tmp_path / "a.flac", speech(2))
    made = take_in(workspace, None, session.id, file, name="a.mp4")
    assert (made.media_type, made.suffix) == ("audio/flac", ".flac")


def test_a_silent_sound_file_is_refused_and_a_silent_video_is_not(workspace: Workspace, tmp_path: Path) -> None:
    session = consented_session(workspace)
    silence = np.zeros(3 * RATE, dtype=np.int16)
    with pytest.raises(Refused, match=r"silent\.wav: The recording is silent from beginning to end"):
        take_in(workspace, None, session.id, write_medium(tmp_path / "silent.wav", silence), name="silent.wav")
    assert is_untouched(workspace)
    made = take_in(workspace, None, session.id, write_medium(tmp_path / "signed.mp4", silence), name="signed.mp4")
    assert made.has_video and not read_peaks(workspace.vault.read(made.id, open_recording.PEAKS)).any()


def test_without_everybodys_consent_nothing_is_taken_in(workspace: Workspace, tmp_path: Path) -> None:
    file = write_medium(tmp_path / "a.wav", speech(1))
    nobody = consented_session(workspace, "S001", ())
    with pytest.raises(Refused, match=r"Consent to recording is missing.*patient-of-S001, provider-of-S001"):
        take_in(workspace, None, nobody.id, file, name=file.name)
    only_coding = consented_session(workspace, "S002", [Scope.CODE, Scope.PROCESS])
    with pytest.raises(Refused, match="Consent to recording is missing"):
        take_in(workspace, None, only_coding.id, file, name=file.name)
    assert is_untouched(workspace)


def test_consent_that_is_withdrawn_while_the_file_is_read_counts(workspace: Workspace, tmp_path: Path) -> None:
    session = consented_session(workspace)
    file = write_medium(tmp_path / "a.wav", speech(2))
    once = iter([lambda: withdraw(workspace, session)])
    with pytest.raises(Refused, match=r"missing or was withdrawn: p"):
        take_in(workspace, None, session.id, file, name="a.wav", progress=lambda part: next(once, lambda: None)())
    assert is_untouched(workspace)


def test_the_same_file_is_recognised_and_not_kept_twice(workspace: Workspace, tmp_path: Path) -> None:
    first, second = consented_session(workspace, "S001"), consented_session(workspace, "S002")
    file = write_medium(tmp_path / "a.wav", speech(1))
    made = take_in(workspace, None, first.id, file, name=file.name)
    before = sorted(workspace.folder.joinpath("vault").rglob("*"))
    with pytest.raises(Refused, match=r"^b\.wav is here already: it is the recording of session S001"):
        take_in(workspace, None, second.id, io.BytesIO(file.read_bytes()), name="b.wav")
    assert sorted(workspace.folder.joinpath("vault").rglob("*")) == before
    with workspace.reading() as connection:
        assert recordings.of_session(connection, second.id) == []
        assert recordings.of_session(connection, first.id) == [made]


def test_a_vault_that_cannot_store_leaves_no_trace_of_the_recording(workspace: Workspace, tmp_path: Path) -> None:
    session = consented_session(workspace)
    objects = workspace.folder / "vault" / "objects"
    shutil.rmtree(objects)
    objects.write_bytes(b"")  # not a folder: nothing can be stored in it
    file = write_medium(tmp_path / "a.wav", speech(1))
    with pytest.raises(Refused, match="Not saved"):
        take_in(workspace, None, session.id, file, name=file.name)
    objects.unlink()
    assert is_untouched(workspace)
    with workspace.reading() as connection:
        assert recordings.of_session(connection, session.id) == []


def test_a_transaction_that_fails_at_its_end_leaves_no_trace_either(workspace: Workspace, tmp_path: Path) -> None:
    session = consented_session(workspace)
    with workspace.engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER full BEFORE INSERT ON audit WHEN new.action = 'recording.add' "
            "BEGIN SELECT RAISE(ABORT, 'the disk is full'); END"
        )
    file = write_medium(tmp_path / "a.wav", speech(1))
    with pytest.raises(Exception, match="the disk is full"):
        take_in(workspace, None, session.id, file, name=file.name)
    assert is_untouched(workspace)
    with workspace.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER full")
    assert take_in(workspace, None, session.id, file, name=file.name)


@pytest.mark.parametrize("role", [Role.OBSERVER, Role.PROVIDER])
def test_only_those_who_run_the_study_add_recordings(
    workspace: Workspace, person_of: Callable[..., Person], tmp_path: Path, role: Role
) -> None:
    session = consented_session(workspace)
    file = write_medium(tmp_path / "a.wav", speech(1))
    with pytest.raises(Refused, match="needs the role"):
        take_in(workspace, person_of("ada", role), session.id, file, name=file.name)
    assert is_untouched(workspace)
    with workspace.reading() as connection:
        assert audit.entries(connection)[0].action == f"denied:{Action.ADD_RECORDING}"
    assert take_in(workspace, person_of("sue", Role.SUPERVISOR), session.id, file, name=file.name)
