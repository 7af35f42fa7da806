"""The one door to a recording, its transcript and its peaks.

Whoever opens them comes through here: consent, assignment and role are checked on each call, and
the opening is written to the audit chain (once per person, recording and quarter of an hour, so
that the many small requests of a player do not drown it).
"""

from __future__ import annotations

import json
from typing import Any, Protocol

from workbench.model.access import Action, Resource, authorize
from workbench.model.people import Person
from workbench.model.session import Recording, TranscriptVersion
from workbench.model.transcript import Transcript, transcript_from_dict
from workbench.store import recordings, sessions
from workbench.store.keys import Erased
from workbench.store.vault import MEDIUM, NotInVault
from workbench.store.workspace import Workspace
from workbench.workflows.note_opening import note_opening
from workbench.workflows.refusal import Refused, demand

MEDIA = MEDIUM
PEAKS = "peaks"
LOUDNESS = "loudness"
PEAKS_PER_SECOND = 50


class Sealed(Protocol):
    """An opened artefact: decrypts only what is read."""

    @property
    def size(self) -> int: ...

    def pread(self, offset: int, length: int) -> bytes: ...

    def close(self) -> None: ...


def transcript_artefact(transcript_id: str) -> str:
    """The name under which a transcript version lies in the vault."""
    return f"transcript/{transcript_id}"


def admit(
    workspace: Workspace, actor: Person, recording_id: str, purpose: str, action: Action = Action.OPEN_RECORDING
) -> Recording:
    """Check that `actor` may open this recording now, and note it. `purpose` is one word for the audit.

    Raises Refused.
    """
    with workspace.reading() as connection:
        recording = recordings.get(connection, recording_id)
        facts = sessions.facts(connection, recording.session_id) if recording else None
    if recording is None:
        raise Refused("There is no such recording.", kind="missing")
    demand(workspace, actor, action, Resource(session=facts))
    note_opening(workspace, actor, f"recording.{purpose}", "recording", recording_id)
    return recording


def open_media(workspace: Workspace, actor: Person, recording_id: str) -> tuple[Recording, Sealed]:
    """The recording's media, to be read in ranges and closed by the caller. Raises Refused."""
    recording = admit(workspace, actor, recording_id, "play")
    return recording, _artefact(workspace, recording_id, MEDIA)


def read_peaks(workspace: Workspace, actor: Person, recording_id: str) -> bytes:
    """Waveform peaks: int8 pairs (lowest, highest), 50 a second. Raises Refused."""
    admit(workspace, actor, recording_id, "peaks")
    sealed = _artefact(workspace, recording_id, PEAKS)
    try:
        return sealed.pread(0, sealed.size)
    finally:
        sealed.close()


def read_transcript(workspace: Workspace, actor: Person, transcript_id: str) -> tuple[TranscriptVersion, Transcript]:
    """A transcript version with its text. Raises Refused, also for a rater who still codes the session
    on a scheme that hides the transcript."""
    with workspace.reading() as connection:
        version = recordings.get_transcript(connection, transcript_id)
    if version is None:
        raise Refused("There is no such transcript.", kind="missing")
    admit(workspace, actor, version.recording_id, "transcript", Action.READ_TRANSCRIPT)
    return version, transcript_from_dict(_transcript_json(workspace, version))


def transcript_to_show(
    workspace: Workspace, actor: Person, version: TranscriptVersion | None
) -> TranscriptVersion | None:
    """`version`, if `actor` may read it now."""
    if version is None:
        return None
    with workspace.reading() as connection:
        facts = sessions.facts(connection, version.session_id)
    return version if authorize(actor, Action.READ_TRANSCRIPT, Resource(session=facts)) else None


def _transcript_json(workspace: Workspace, version: TranscriptVersion) -> dict[str, Any]:
    sealed = _artefact(workspace, version.recording_id, transcript_artefact(version.id))
    try:
        data: dict[str, Any] = json.loads(sealed.pread(0, sealed.size))
    finally:
        sealed.close()
    return data


def _artefact(workspace: Workspace, recording_id: str, name: str) -> Sealed:
    try:
        return workspace.vault.open(recording_id, name)
    except (NotInVault, Erased):
        what = {MEDIA: "recording", PEAKS: "waveform"}.get(name, "transcript")
        raise Refused(f"The {what} is not here any more.", kind="missing") from None
