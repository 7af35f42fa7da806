"""The one door: consent, assignment and role decide, and the audit chain remembers."""

from __future__ import annotations

import pytest

from tests.clinic import SECRET, Clinic
from workbench.model.consent import Scope
from workbench.store import audit
from workbench.workflows import assign, open_recording, record_consent
from workbench.workflows.refusal import Refused


def test_only_who_is_concerned_hears_a_recording(clinic: Clinic) -> None:
    with pytest.raises(Refused, match="not assigned"):
        open_recording.open_media(clinic.workspace, clinic.observer, clinic.recording.id)
    with pytest.raises(Refused, match="not assigned"):
        open_recording.open_media(clinic.workspace, clinic.administrator, clinic.recording.id)
    assign.assign(clinic.workspace, None, clinic.session.id, clinic.observer.id, clinic.scheme.hash)
    _, sealed = open_recording.open_media(clinic.workspace, clinic.observer, clinic.recording.id)
    assert sealed.pread(5, 3) == SECRET[5:8]
    sealed.close()
    assert len(open_recording.read_peaks(clinic.workspace, clinic.supervisor, clinic.recording.id)) == 100


def test_a_withdrawn_recording_cannot_be_played(clinic: Clinic) -> None:
    for consent in record_consent.consents(clinic.workspace, clinic.session.id):
        assert Scope.SUPERVISE in consent.scopes
        record_consent.withdraw_consent(clinic.workspace, None, clinic.session.id, consent.id)
    with pytest.raises(Refused, match="supervision"):
        open_recording.open_media(clinic.workspace, clinic.supervisor, clinic.recording.id)


def test_openings_and_denials_are_noted_and_not_once_per_request(clinic: Clinic) -> None:
    for _ in range(20):
        open_recording.open_media(clinic.workspace, clinic.supervisor, clinic.recording.id)[1].close()
    with pytest.raises(Refused):
        open_recording.open_media(clinic.workspace, clinic.outsider, clinic.recording.id)
    with clinic.workspace.reading() as connection:
        assert len(audit.entries(connection, action="recording.play")) == 1
        assert len(audit.entries(connection, action="denied:recording.open")) == 1


def test_the_plain_recording_is_nowhere_on_disk(clinic: Clinic) -> None:
    for file in clinic.workspace.folder.rglob("*"):
        if file.is_file():
            assert SECRET not in file.read_bytes(), file
            assert clinic.recording.id not in str(file)


def test_an_opening_that_could_not_be_noted_is_noted_the_next_time(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_: object) -> None:
        raise OSError("the database is busy")

    with monkeypatch.context() as patched:
        patched.setattr(clinic.workspace, "note", busy)
        with pytest.raises(OSError, match="busy"):
            open_recording.open_media(clinic.workspace, clinic.supervisor, clinic.recording.id)
    open_recording.open_media(clinic.workspace, clinic.supervisor, clinic.recording.id)[1].close()
    with clinic.workspace.reading() as connection:
        assert len(audit.entries(connection, action="recording.play")) == 1
