"""Saying who is speaking: naming somebody tells what was not known, renaming corrects it and makes a version."""

from __future__ import annotations

import pytest

from tests.clinic import Clinic
from workbench.model.people import Person
from workbench.model.session import TranscriptVersion
from workbench.model.transcript import SpeakerTurn, Transcript, Utterance, Word
from workbench.store import audit, recordings
from workbench.workflows import assign, code, import_transcript, map_speakers, open_recording

SAID = Transcript(
    4000,
    "en",
    (Word(0, 900, "Hello.", "S1"), Word(1000, 1900, "Hi.", "S2")),
    (Utterance("a", 0, 900, "S1", "Hello.", 0, 1), Utterance("b", 1000, 1900, "S2", "Hi.", 1, 2)),
    (SpeakerTurn(0, 900, "S1"), SpeakerTurn(1000, 1900, "S2")),
)


@pytest.fixture
def version(clinic: Clinic) -> TranscriptVersion:
    return import_transcript.import_transcript(clinic.workspace, None, clinic.recording.id, SAID)


def begin(clinic: Clinic, rater: Person) -> str:
    given = assign.assign(clinic.workspace, None, clinic.session.id, rater.id, clinic.scheme.hash)
    code.open_coding(clinic.workspace, rater, given.id)
    return given.id


def room_of(clinic: Clinic, rater: Person, assignment: str) -> TranscriptVersion:
    found = code.open_coding(clinic.workspace, rater, assignment).transcript
    assert found is not None
    return found


def name(clinic: Clinic, version: TranscriptVersion, **speakers: str) -> TranscriptVersion:
    return map_speakers.map_speakers(clinic.workspace, clinic.supervisor, version.id, speakers)


def who(clinic: Clinic) -> tuple[str, str]:
    patient, provider = clinic.session.patient, clinic.session.provider
    assert patient is not None and provider is not None
    return patient.participant_id, provider.participant_id


def test_a_correction_under_a_rater_is_a_new_version_and_the_rater_keeps_the_old_one(
    clinic: Clinic, version: TranscriptVersion
) -> None:
    patient, provider = who(clinic)
    name(clinic, version, S1=provider, S2=patient)
    mine = begin(clinic, clinic.observer)
    corrected = name(clinic, version, S1=patient, S2=provider)
    assert (corrected.version, corrected.speakers) == (2, {"S1": patient, "S2": provider})
    kept = room_of(clinic, clinic.observer, mine)
    assert kept.id == version.id and kept.speakers == {"S1": provider, "S2": patient}
    _, text = open_recording.read_transcript(clinic.workspace, clinic.supervisor, corrected.id)
    assert text == SAID
    with clinic.workspace.reading() as connection:
        newest = recordings.newest_transcript(connection, clinic.recording.id)
        noted = audit.entries(connection, action="transcript.map_speakers")
    assert newest is not None and newest.id == corrected.id
    assert noted[0].resource_id == corrected.id and noted[0].detail["corrects"] == version.id
    late = begin(clinic, clinic.second)  # who joins the round codes what the others code
    assert room_of(clinic, clinic.second, late).id == version.id


def test_how_long_somebody_talks_is_hidden_from_who_still_codes_the_session(
    clinic: Clinic, version: TranscriptVersion
) -> None:
    begin(clinic, clinic.observer)

    def heard(actor: Person) -> list[float | None]:
        return [s.seconds for s in map_speakers.speaker_samples(clinic.workspace, actor, version.id)]

    assert heard(clinic.observer) == [None, None]
    assert heard(clinic.supervisor) == [0.9, 0.9]


def test_to_take_a_name_away_is_a_correction(clinic: Clinic, version: TranscriptVersion) -> None:
    patient, provider = who(clinic)
    name(clinic, version, S1=provider, S2=patient)
    mine = begin(clinic, clinic.observer)
    assert name(clinic, version, S1=provider).id != version.id
    assert room_of(clinic, clinic.observer, mine).speakers == {"S1": provider, "S2": patient}


def test_naming_who_had_no_name_reaches_the_raters(clinic: Clinic, version: TranscriptVersion) -> None:
    patient, provider = who(clinic)
    mine = begin(clinic, clinic.observer)
    assert name(clinic, version, S1=provider).id == version.id
    assert name(clinic, version, S1=provider, S2=patient).id == version.id
    assert room_of(clinic, clinic.observer, mine).speakers == {"S1": provider, "S2": patient}


def test_before_anybody_codes_a_slip_is_mended_in_place(clinic: Clinic, version: TranscriptVersion) -> None:
    patient, provider = who(clinic)
    assign.assign(clinic.workspace, None, clinic.session.id, clinic.observer.id, clinic.scheme.hash)
    name(clinic, version, S1=patient)
    assert name(clinic, version, S1=provider, S2=patient).id == version.id
