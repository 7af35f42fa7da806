"""Assigning: which stretch and which transcript a rater codes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tests.clinic import Clinic
from workbench.model.assignment import Purpose
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


def version_of(clinic: Clinic, rater: Person, assignment: str) -> str | None:
    room = code.open_coding(clinic.workspace, rater, assignment)
    return room.transcript.id if room.transcript else None


def test_everybody_of_a_round_codes_the_same_version_also_when_a_newer_one_exists(clinic: Clinic) -> None:
    first = transcribe(clinic, clinic.recording.id)
    one = given(clinic, clinic.observer)
    newer = transcribe(clinic, clinic.recording.id)
    other = given(clinic, clinic.second)
    assert version_of(clinic, clinic.observer, one) == version_of(clinic, clinic.second, other) == first
    again = assign.assign(
        clinic.workspace, None, clinic.session.id, clinic.second.id, clinic.scheme.hash, purpose=Purpose.CRITERION
    )
    assert version_of(clinic, clinic.second, again.id) == newer  # a round of its own
    practice = assign.assign(
        clinic.workspace, None, clinic.session.id, clinic.observer.id, clinic.scheme.hash, purpose=Purpose.PRACTICE
    )
    transcribe(clinic, clinic.recording.id)
    assert version_of(clinic, clinic.observer, practice.id) == newer  # that of its criterion


def test_who_opens_first_settles_the_version_of_a_round_that_was_assigned_before_transcription(clinic: Clinic) -> None:
    one, other = given(clinic, clinic.observer), given(clinic, clinic.second)
    first = transcribe(clinic, clinic.recording.id)
    assert version_of(clinic, clinic.observer, one) == first
    transcribe(clinic, clinic.recording.id)
    assert version_of(clinic, clinic.second, other) == first


def test_a_transcript_that_comes_later_reaches_a_coding_in_which_nothing_is_coded_yet(
    clinic: Clinic, operation: Callable[..., dict[str, Any]]
) -> None:
    one, other = given(clinic, clinic.observer), given(clinic, clinic.second)
    assert version_of(clinic, clinic.observer, one) is None  # looked in before there was one
    opened = code.open_coding(clinic.workspace, clinic.second, other)
    first = transcribe(clinic, clinic.recording.id)
    assert version_of(clinic, clinic.observer, one) == first
    assert version_of(clinic, clinic.second, other) == first == version_of(clinic, clinic.observer, one)
    assert opened.transcript is None


def test_where_somebody_coded_without_a_transcript_the_others_do_too(
    clinic: Clinic, operation: Callable[..., dict[str, Any]]
) -> None:
    one, other = given(clinic, clinic.observer), given(clinic, clinic.second)
    coding = code.open_coding(clinic.workspace, clinic.observer, one).coding.id
    mark = operation(code=clinic.scheme.codes[0].id)
    code.write_operations(clinic.workspace, clinic.observer, coding, [mark]).result(10)
    transcribe(clinic, clinic.recording.id)
    assert version_of(clinic, clinic.observer, one) is None
    assert version_of(clinic, clinic.second, other) is None


def test_an_empty_window_is_not_the_whole_recording(clinic: Clinic) -> None:
    with pytest.raises(Refused, match="window is empty"):
        assign.assign(
            clinic.workspace, None, clinic.session.id, clinic.observer.id, clinic.scheme.hash, [TimeSpan(5, 5)]
        )
