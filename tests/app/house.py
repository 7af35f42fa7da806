"""A small clinic for tests: people in every role, two sessions with a sealed recording, codings and forms.

`fill(workspace)` makes it. Session `coded` has consent to everything; in `silent` nobody consents.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass, field
from pathlib import Path

from workbench import registry, schemes
from workbench.model.assignment import Assignment
from workbench.model.consent import Scope
from workbench.model.ids import new_id, now_ms
from workbench.model.instrument import Instrument, Perspective
from workbench.model.people import ParticipantKind, Person, Role
from workbench.model.scheme import CodingScheme
from workbench.model.session import Recording, Session, TranscriptVersion
from workbench.model.transcript import SpeakerTurn, Transcript, Utterance, Word
from workbench.store import recordings
from workbench.store.workspace import Workspace
from workbench.workflows import (
    add_session,
    assign,
    code,
    keep_definition,
    manage_people,
    open_recording,
    record_consent,
)
from workbench.workflows.sign_in import sign_in

PEOPLE = {
    "ada": (Role.OBSERVER,),
    "ben": (Role.OBSERVER,),
    "stranger": (Role.OBSERVER,),
    "carla": (Role.SUPERVISOR,),
    "imre": (Role.RESEARCHER,),
    "eve": (Role.ADMINISTRATOR,),
    "farid": (Role.PROVIDER,),
    "other": (Role.PROVIDER,),
}
DURATION_MS = 240_000


@dataclass
class House:
    """Ada's coding of session `coded` is a draft, Ben's is submitted."""

    workspace: Workspace
    scheme: CodingScheme
    instruments: dict[Perspective, Instrument]
    people: dict[str, Person] = field(default_factory=dict)
    coded: Session = None  # type: ignore[assignment]
    silent: Session = None  # type: ignore[assignment]
    recording: Recording = None  # type: ignore[assignment]
    silent_recording: Recording = None  # type: ignore[assignment]
    transcript: TranscriptVersion = None  # type: ignore[assignment]
    assignments: dict[str, Assignment] = field(default_factory=dict)
    codings: dict[str, str] = field(default_factory=dict)
    patient_id: str = ""
    provider_id: str = ""
    media: bytes = b""

    def token(self, name: str) -> str:
        """A fresh sign-in of that person."""
        return sign_in(self.workspace, name, f"password of {name}")


def fill(workspace: Workspace, media: bytes | Path | None = None, *, duration_ms: int = DURATION_MS) -> House:
    """The clinic in an empty workspace. `media`: the bytes of the recording; noise when left out."""
    video = isinstance(media, Path)
    data = media.read_bytes() if isinstance(media, Path) else media or os.urandom(1_000_003)
    scheme_file = next(registry.shipped_files("coding_schemes", "observer/*.yaml"))
    files = registry.shipped_files("coding_schemes", "instruments/*.yaml")
    asked = [keep_definition.keep_instrument(workspace, None, schemes.load_instrument(f)) for f in files]
    made = House(
        workspace,
        keep_definition.keep_scheme(workspace, None, schemes.load_scheme(scheme_file)),
        {i.perspective: i for i in asked},
        media=data,
    )
    for name, roles in PEOPLE.items():
        person = manage_people.add_person(workspace, None, name, name.capitalize(), f"password of {name}", roles)
        made.people[name] = person
    study = add_session.add_study(workspace, None, "First weeks")
    provider = add_session.add_participant(workspace, None, "T01", ParticipantKind.PROVIDER, made.people["farid"].id)
    patient = add_session.add_participant(workspace, None, "P01", ParticipantKind.PATIENT)
    made.provider_id, made.patient_id = provider.id, patient.id
    both = [provider.id, patient.id]
    made.coded = add_session.add_session(workspace, None, study.id, "S-01", both, title="A rupture, and its repair")
    made.silent = add_session.add_session(workspace, None, study.id, "S-02", both, title="Nobody agreed")
    for ident in both:
        record_consent.record_consent(workspace, None, made.coded.id, ident, set(Scope), record_consent.STATEMENT)
    made.recording = add_recording(workspace, made.coded, data, duration_ms, video=video)
    made.silent_recording = add_recording(workspace, made.silent, data[::-1], duration_ms, video=video)
    made.transcript = _transcript(workspace, made.recording)
    for name in ("ada", "ben"):
        person = made.people[name]
        given = assign.assign(workspace, None, made.coded.id, person.id, made.scheme.hash)
        made.assignments[name] = given
        made.codings[name] = code.open_coding(workspace, person, given.id).coding.id
    done = [point(made, 5_000 * n) for n in range(1, 5)] + [rate(s.id) for s in made.scheme.ratings]
    code.write_operations(workspace, made.people["ben"], made.codings["ben"], done).result(10)
    code.submit(workspace, made.people["ben"], made.codings["ben"])
    return made


def point(house: House, at_ms: int) -> dict[str, object]:
    """An operation that adds a point event of the scheme's first code."""
    return {
        "id": new_id(),
        "kind": "add",
        "client_at": now_ms(),
        "event": new_id(),
        "code": house.scheme.codes[0].id,
        "start_ms": at_ms,
        "end_ms": None,
    }


def rate(scale: str, value: int = 5) -> dict[str, object]:
    """An operation that rates a scale of the whole session."""
    return {"id": new_id(), "kind": "rate", "client_at": now_ms(), "values": {"scale": scale, "value": value}}


def add_recording(workspace: Workspace, session: Session, data: bytes, duration_ms: int, *, video: bool) -> Recording:
    """A recording of the session, sealed in the vault; `data` need not be sound."""
    ident = new_id()
    workspace.keys.new_data_key(ident)
    workspace.vault.write(ident, open_recording.MEDIA, data)
    workspace.vault.write(ident, open_recording.PEAKS, bytes([200, 56]) * (duration_ms // 20))
    kind, suffix = ("video/webm", ".webm") if video else ("audio/ogg", ".ogg")
    made = Recording(ident, session.id, kind, suffix, video, 1, duration_ms, len(data), 0, now_ms())
    with workspace.changing(None, "recording.add", "recording", ident) as connection:
        recordings.add(connection, made, hashlib.sha256(data + ident.encode()).hexdigest())
    return made


def _transcript(workspace: Workspace, recording: Recording) -> TranscriptVersion:
    said = ["Good morning how was the week", "Fine I suppose it is fine", "I moved too fast last time", "You did"]
    words: list[Word] = []
    utterances: list[Utterance] = []
    turns: list[SpeakerTurn] = []
    at = 500
    for n in range(20):
        speaker, first, begin = f"S{n % 2 + 1}", len(words), at
        for word in said[n % 4].split():
            words.append(Word(at, at + 220, word, speaker, 0.9))
            at += 300
        utterances.append(Utterance(f"u{n}", begin, at, speaker, said[n % 4], first, len(words)))
        turns.append(SpeakerTurn(begin, at, speaker))
        at += 800
    whole = Transcript(recording.duration_ms, "en", tuple(words), tuple(utterances), tuple(turns))
    with workspace.changing(None, "transcript.add", "recording", recording.id) as connection:
        version = recordings.add_transcript(
            connection, recording.id, language="en", models={}, n_words=len(words), n_utterances=len(utterances)
        )
    artefact = open_recording.transcript_artefact(version.id)
    workspace.vault.write(recording.id, artefact, json.dumps(whole.to_dict()).encode())
    return version
