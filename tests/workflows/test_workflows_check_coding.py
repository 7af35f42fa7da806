"""The checklist of a coding: from the operations, the scheme and the frozen transcript."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tests.clinic import Clinic
from workbench.model.ids import new_id
from workbench.model.scheme import CodingScheme
from workbench.model.transcript import Transcript, Utterance
from workbench.schemes.canonical import identified
from workbench.store import audit, recordings
from workbench.workflows import assign, check_coding, code, keep_definition, open_recording, record_consent
from workbench.workflows.check_coding import Incomplete
from workbench.workflows.refusal import Refused

Operation = Callable[..., dict[str, Any]]


def begin(clinic: Clinic, scheme: CodingScheme) -> str:
    kept = keep_definition.keep_scheme(clinic.workspace, None, scheme)
    made = assign.assign(clinic.workspace, None, clinic.session.id, clinic.observer.id, kept.hash)
    return code.open_coding(clinic.workspace, clinic.observer, made.id).coding.id


def write(clinic: Clinic, coding_id: str, *batch: dict[str, Any]) -> None:
    assert not code.write_operations(clinic.workspace, clinic.observer, coding_id, batch).result(10).refused


def told(clinic: Clinic, coding_id: str) -> list[str]:
    checked = check_coding.check_coding(clinic.workspace, clinic.observer, coding_id)
    return [f"{e.kind} {e.sentence}" for e in checked.entries]


#  0:00 provider   0:20 patient   0:40 provider   1:00 patient
def transcribe(clinic: Clinic) -> None:
    said = tuple(Utterance(f"said-{n}", n * 20_000, (n + 1) * 20_000, f"S{n % 2}", "…", 0, 0) for n in range(4))
    transcript = Transcript(clinic.recording.duration_ms, "en", (), said, ())
    provider, patient = clinic.session.provider, clinic.session.patient
    assert provider and patient
    speakers = {"S0": provider.participant_id, "S1": patient.participant_id}
    ident = new_id()
    name = open_recording.transcript_artefact(ident)
    clinic.workspace.vault.write(clinic.recording.id, name, json.dumps(transcript.to_dict()).encode())
    with clinic.workspace.changing(None, "transcript.add", "recording", clinic.recording.id) as connection:
        recordings.add_transcript(
            connection, clinic.recording.id, language="en", models={}, n_words=0, n_utterances=4, transcript_id=ident
        )
        recordings.map_speakers(connection, ident, speakers)


@pytest.fixture
def by_utterance(clinic: Clinic) -> CodingScheme:
    return identified(replace(clinic.scheme, name="by_utterance", ratings=(), unit="utterance", units_of=("patient",)))


def test_each_utterance_of_the_asked_participants_needs_a_code(
    clinic: Clinic, operation: Operation, by_utterance: CodingScheme
) -> None:
    transcribe(clinic)
    coding_id = begin(clinic, by_utterance)
    assert told(clinic, coding_id) == ["uncoded 2 of 2 utterances have no code yet; the first is at 0:20."]
    with pytest.raises(Incomplete, match="not complete"):
        code.submit(clinic.workspace, clinic.observer, coding_id)


def test_the_transcript_for_it_is_opened_through_the_one_door(clinic: Clinic, by_utterance: CodingScheme) -> None:
    transcribe(clinic)
    coding_id = begin(clinic, by_utterance)
    told(clinic, coding_id)
    with clinic.workspace.reading() as connection:
        opened = audit.entries(connection, action="recording.transcript")
    assert [e.resource_id for e in opened] == [clinic.recording.id]
    given = record_consent.consents(clinic.workspace, clinic.session.id)[0]
    record_consent.withdraw_consent(clinic.workspace, None, clinic.session.id, given.id)
    with pytest.raises(Refused, match="Consent to coding"):
        told(clinic, coding_id)


def test_a_scheme_of_events_opens_no_transcript(clinic: Clinic) -> None:
    transcribe(clinic)
    told(clinic, begin(clinic, clinic.scheme))
    with clinic.workspace.reading() as connection:
        assert audit.entries(connection, action="recording.transcript") == []


def test_nobody_else_reads_the_checklist_of_a_draft(clinic: Clinic) -> None:
    coding_id = begin(clinic, clinic.scheme)
    for person in (clinic.second, clinic.supervisor, clinic.outsider):
        with pytest.raises(Refused):
            check_coding.check_coding(clinic.workspace, person, coding_id)


def test_where_no_transcript_was_frozen_the_checklist_says_that_no_utterance_is_asked_for(
    clinic: Clinic, operation: Operation, by_utterance: CodingScheme
) -> None:
    coding_id = begin(clinic, by_utterance)
    transcribe(clinic)  # too late for this round
    (said,) = told(clinic, coding_id)
    assert said.startswith("uncoded This coding was begun without a transcript")
    code.submit(clinic.workspace, clinic.observer, coding_id)
