"""Several recordings of one session: the main one, and where the others begin beside it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.clinic import Clinic
from tests.media import RATE, consented_session, speech, withdraw, write_medium
from workbench.model.ids import new_id
from workbench.model.people import Role
from workbench.model.session import Recording
from workbench.store import audit, recordings
from workbench.store.workspace import Workspace
from workbench.workflows import add_session, assign, code, open_recording, place_recording
from workbench.workflows.intake import take_in
from workbench.workflows.place_recording import Sureness
from workbench.workflows.refusal import Refused

SECONDS = 60


@pytest.fixture(scope="module")
def minute() -> np.ndarray:
    return speech(SECONDS)


def second(clinic: Clinic, **changes: object) -> Recording:
    """A further recording of the clinic's session, of a camera that was switched on later."""
    values = {"id": new_id(), "added_at": clinic.recording.added_at + 1, "label": "camera on the patient"}
    made = replace(clinic.recording, **{**values, **changes})
    with clinic.workspace.changing(None, "recording.add", "session", clinic.session.id) as connection:
        recordings.add(connection, made, f"fingerprint of {made.id}")
    return made


def of(clinic: Clinic) -> list[Recording]:
    return add_session.recordings_of(clinic.workspace, clinic.session.id)


def noted(workspace: Workspace, action: str) -> list[audit.Entry]:
    with workspace.reading() as connection:
        return audit.entries(connection, action=action)


def test_a_recording_is_placed_and_named_and_both_are_in_the_audit_chain(clinic: Clinic) -> None:
    other = second(clinic)
    place_recording.place(clinic.workspace, clinic.supervisor, other.id, offset_ms=-1250, label=" microphone ")
    assert [(r.label, r.offset_ms) for r in of(clinic)] == [("", 0), ("microphone", -1250)]
    (entry,) = noted(clinic.workspace, "recording.place")
    assert (entry.actor_id, entry.resource_id) == (clinic.supervisor.id, other.id)
    assert entry.detail["offset_ms"] == -1250 and entry.detail["before"] == {"offset_ms": 0}


def test_raters_and_outsiders_place_nothing(clinic: Clinic) -> None:
    other = second(clinic)
    assign.assign(clinic.workspace, None, clinic.session.id, clinic.observer.id, clinic.scheme.hash)
    for person in (clinic.observer, clinic.outsider):
        for do in (
            lambda who: place_recording.place(clinic.workspace, who, other.id, offset_ms=5),
            lambda who: place_recording.make_main(clinic.workspace, who, other.id),
            lambda who: place_recording.find(clinic.workspace, who, other.id),
        ):
            with pytest.raises(Refused, match="role"):
                do(person)
    assert of(clinic)[1].offset_ms == 0


def test_the_main_recording_is_the_one_that_others_are_placed_against(clinic: Clinic) -> None:
    with pytest.raises(Refused, match="main recording"):
        place_recording.place(clinic.workspace, None, clinic.recording.id, offset_ms=5)
    with pytest.raises(Refused, match="at most a day"):
        place_recording.place(clinic.workspace, None, second(clinic).id, offset_ms=90_000_000)
    with pytest.raises(Refused, match="on one line"):
        place_recording.place(clinic.workspace, None, clinic.recording.id, label="x" * 61)
    with pytest.raises(Refused, match="formula"):
        place_recording.place(clinic.workspace, None, clinic.recording.id, label="=cmd")


def test_another_main_recording_keeps_every_place_beside_it(clinic: Clinic) -> None:
    camera, microphone = second(clinic, offset_ms=2000), second(clinic, offset_ms=-500, added_at=10**15)
    place_recording.make_main(clinic.workspace, clinic.supervisor, camera.id)
    assert [(r.id, r.offset_ms) for r in of(clinic)] == [
        (camera.id, 0),
        (clinic.recording.id, -2000),
        (microphone.id, -2500),
    ]
    place_recording.make_main(clinic.workspace, clinic.supervisor, clinic.recording.id)
    assert [(r.id, r.offset_ms) for r in of(clinic)] == [
        (clinic.recording.id, 0),
        (camera.id, 2000),
        (microphone.id, -500),
    ]
    assert len(noted(clinic.workspace, "recording.main")) == 2


def test_the_main_recording_stays_once_the_session_is_assigned(clinic: Clinic) -> None:
    other = second(clinic)
    given = assign.assign(clinic.workspace, None, clinic.session.id, clinic.observer.id, clinic.scheme.hash)
    with pytest.raises(Refused, match="assigned"):
        place_recording.make_main(clinic.workspace, clinic.supervisor, other.id)
    assert of(clinic)[0].id == clinic.recording.id
    room = code.open_coding(clinic.workspace, clinic.observer, given.id)
    assert room.recording is not None and room.recording.id == clinic.recording.id
    assert [r.id for r in room.more] == [other.id]


def test_each_recording_comes_through_the_same_door(clinic: Clinic) -> None:
    other = second(clinic)
    clinic.workspace.vault.write(other.id, open_recording.MEDIA, b"the other camera")
    assign.assign(clinic.workspace, None, clinic.session.id, clinic.observer.id, clinic.scheme.hash)
    _, sealed = open_recording.open_media(clinic.workspace, clinic.observer, other.id)
    sealed.close()
    for person in (clinic.outsider, clinic.administrator):
        with pytest.raises(Refused):
            open_recording.open_media(clinic.workspace, person, other.id)


def test_the_offset_is_found_from_the_sound_of_both(
    workspace: Workspace, tmp_path: Path, minute: np.ndarray, person_of: Callable[..., object]
) -> None:
    session = consented_session(workspace)
    main = take_in(workspace, None, session.id, write_medium(tmp_path / "a.flac", minute), name="a.flac")
    late = write_medium(tmp_path / "b.webm", (minute[int(3.21 * RATE) :] * 0.2).astype(np.int16))
    other = take_in(workspace, None, session.id, late, name="b.webm", label="camera")
    sue = person_of("sue", Role.SUPERVISOR)
    found = place_recording.find(workspace, sue, other.id)  # type: ignore[arg-type]
    assert abs(found.offset_ms - 3210) <= 20 and found.sureness is Sureness.SURE
    assert "3.2" in place_recording.offset_sentence(found) and "Sure" in place_recording.offset_sentence(found)
    # nothing is changed by looking; the looking is noted
    assert add_session.recordings_of(workspace, session.id)[1].offset_ms == 0
    assert noted(workspace, "recording.compare")[0].detail["main"] == main.id


def test_a_recording_taken_in_before_loudness_was_kept_is_read_again(
    workspace: Workspace, tmp_path: Path, minute: np.ndarray
) -> None:
    session = consented_session(workspace)
    first = take_in(workspace, None, session.id, write_medium(tmp_path / "a.flac", minute), name="a.flac")
    other = take_in(workspace, None, session.id, write_medium(tmp_path / "b.ogg", minute[RATE:]), name="b.ogg")
    for recording in (first, other):
        workspace.vault.remove(recording.id, open_recording.LOUDNESS)
    assert abs(place_recording.find(workspace, None, other.id).offset_ms - 1000) <= 20
    assert workspace.vault.has(first.id, open_recording.LOUDNESS)


def test_another_session_by_mistake_is_said_not_to_fit(
    workspace: Workspace, tmp_path: Path, minute: np.ndarray
) -> None:
    session = consented_session(workspace)
    take_in(workspace, None, session.id, write_medium(tmp_path / "a.flac", minute), name="a.flac")
    hiss = np.random.default_rng(1).normal(0, 2000, 30 * RATE).astype(np.int16)
    other = take_in(workspace, None, session.id, write_medium(tmp_path / "b.flac", hiss), name="b.flac")
    found = place_recording.find(workspace, None, other.id)
    assert found.sureness is Sureness.NOT_FOUND
    assert "no offset was found" in place_recording.offset_sentence(found)


def test_sounds_are_compared_only_with_consent_to_automatic_processing(
    workspace: Workspace, tmp_path: Path, minute: np.ndarray
) -> None:
    session = consented_session(workspace)
    take_in(workspace, None, session.id, write_medium(tmp_path / "a.flac", minute), name="a.flac")
    other = take_in(workspace, None, session.id, write_medium(tmp_path / "b.ogg", minute[RATE:]), name="b.ogg")
    withdraw(workspace, session)
    with pytest.raises(Refused, match="automatic processing"):
        place_recording.find(workspace, None, other.id)
