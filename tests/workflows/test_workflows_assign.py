"""Assigning: which stretch and which transcript a rater codes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.clinic import Clinic
from workbench.model.ids import new_id
from workbench.model.people import Person
from workbench.model.span import TimeSpan
from workbench.store import recordings
from workbench.workflows import assign, code
from workbench.workflows.refusal import Refused


def transcribe(clinic: Clinic, recording_id: str) -> str:
    with clinic.workspace.changing(None, "transcript.add", "transcript") as connection:
        made = recordings.add_transcript(connection, recording_id, language="en", models={}, n_words=1, n_utterances=1)
    return made.id


def second_recording(clinic: Clinic) -> str:
    other = replace(clinic.recording, id=new_id(), added_at=clinic.recording.added_at + 1)
    with clinic.workspace.changing(None, "recording.add", "session", clinic.session.id) as connection:
        recordings.add(connection, other, "another fingerprint")
    return other.id


def given(clinic: Clinic, rater: Person) -> str:
    return assign.assign(clinic.workspace, None, clinic.session.id, rater.id, clinic.scheme.hash).id


def test_the_transcript_is_that_of_the_recording_that_is_played(clinic: Clinic) -> None:
    early = given(clinic, clinic.observer)
    first, _ = transcribe(clinic, clinic.recording.id), transcribe(clinic, second_recording(clinic))
    for rater, assignment in ((clinic.observer, early), (clinic.second, given(clinic, clinic.second))):
        room = code.open_coding(clinic.workspace, rater, assignment)
        assert room.transcript is not None and room.recording.id == room.transcript.recording_id
        assert room.transcript.id == first


def test_a_transcript_stays_that_of_the_assignment(clinic: Clinic) -> None:
    frozen = transcribe(clinic, clinic.recording.id)
    assignment = given(clinic, clinic.observer)
    transcribe(clinic, clinic.recording.id)
    room = code.open_coding(clinic.workspace, clinic.observer, assignment)
    assert room.transcript is not None and room.transcript.id == frozen


def test_an_empty_window_is_not_the_whole_recording(clinic: Clinic) -> None:
    with pytest.raises(Refused, match="window is empty"):
        assign.assign(
            clinic.workspace, None, clinic.session.id, clinic.observer.id, clinic.scheme.hash, [TimeSpan(5, 5)]
        )
