"""Taking in a finished transcript of a recording, made elsewhere by the same pipeline."""

from __future__ import annotations

import json

from workbench.model.access import Action
from workbench.model.ids import new_id
from workbench.model.people import Person
from workbench.model.session import TranscriptVersion
from workbench.model.transcript import Transcript
from workbench.store import recordings
from workbench.store.workspace import Workspace
from workbench.workflows.open_recording import transcript_artefact
from workbench.workflows.refusal import Refused, demand, session_resource


def import_transcript(
    workspace: Workspace, actor: Person | None, recording_id: str, transcript: Transcript
) -> TranscriptVersion:
    """Keep `transcript` as the next version of the recording's transcript. Raises Refused.

    Needs the same consent as transcribing. `actor` None is the program itself.
    """
    with workspace.reading() as connection:
        recording = recordings.get(connection, recording_id)
    if recording is None:
        raise Refused("There is no such recording.", kind="missing")
    if actor is not None:
        demand(workspace, actor, Action.START_JOB, session_resource(workspace, recording.session_id))
    transcript_id = new_id()
    artefact = transcript_artefact(transcript_id)
    workspace.vault.write(recording_id, artefact, json.dumps(transcript.to_dict(), ensure_ascii=False).encode())
    counts = {"n_words": len(transcript.words), "n_utterances": len(transcript.utterances)}
    actor_id = actor.id if actor else None
    try:
        with workspace.changing(
            actor_id, "transcript.import", "transcript", transcript_id, {"recording": recording_id, **counts}
        ) as connection:
            return recordings.add_transcript(
                connection,
                recording_id,
                language=transcript.language,
                models=transcript.models,
                transcript_id=transcript_id,
                **counts,
            )
    except BaseException:
        workspace.vault.remove(recording_id, artefact)
        raise
