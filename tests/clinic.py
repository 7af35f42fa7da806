"""A study with one recorded session, two observers and everything consented to."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass

from workbench import schemes
from workbench.model.consent import Scope
from workbench.model.ids import new_id, now_ms
from workbench.model.people import ParticipantKind, Person, Role
from workbench.model.scheme import CodingScheme
from workbench.model.session import Recording, Session
from workbench.store import recordings
from workbench.store.workspace import Workspace
from workbench.workflows import add_session, keep_definition, open_recording, record_consent

DURATION_MS = 240_000
SECRET = b"what the patient said"


@dataclass(frozen=True)
class Clinic:
    """Names used by the tests of workflows."""

    workspace: Workspace
    session: Session
    recording: Recording
    scheme: CodingScheme
    observer: Person
    second: Person
    supervisor: Person
    outsider: Person
    administrator: Person


def open_clinic(workspace: Workspace, person_of: Callable[..., Person]) -> Clinic:
    """The clinic, in a workspace of one's own; `person_of` makes accounts."""
    study = add_session.add_study(workspace, None, "A study")
    patient = add_session.add_participant(workspace, None, "P01", ParticipantKind.PATIENT)
    provider = add_session.add_participant(workspace, None, "T01", ParticipantKind.PROVIDER)
    session = add_session.add_session(workspace, None, study.id, "S001", [patient.id, provider.id])
    for member in session.participants:
        record_consent.record_consent(
            workspace, None, session.id, member.participant_id, Scope, "I agree to all of it."
        )
    recording = Recording(new_id(), session.id, "audio/ogg", ".ogg", False, 1, DURATION_MS, len(SECRET), 0, now_ms())
    workspace.vault.write(recording.id, open_recording.MEDIA, io.BytesIO(SECRET))
    workspace.vault.write(recording.id, "peaks", b"\0\1" * 50)
    with workspace.changing(None, "recording.add", "session", session.id) as connection:
        recordings.add(connection, recording, "fingerprint")
    scheme = keep_definition.keep_scheme(workspace, None, schemes.shipped_schemes()["alliance_behaviours"])
    return Clinic(
        workspace,
        session,
        recording,
        scheme,
        person_of("ada", Role.OBSERVER),
        person_of("bo", Role.OBSERVER),
        person_of("sue", Role.SUPERVISOR),
        person_of("out", Role.OBSERVER),
        person_of("root", Role.ADMINISTRATOR),
    )
