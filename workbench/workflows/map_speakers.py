"""Saying who the speakers of a transcript are: diarized label → participant."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from workbench.model.access import Action
from workbench.model.ids import new_id
from workbench.model.people import Person
from workbench.model.session import TranscriptVersion
from workbench.model.transcript import Utterance, transcript_from_dict
from workbench.store import assignments, recordings, sessions
from workbench.store.workspace import Workspace
from workbench.workflows.intake import as_refusals
from workbench.workflows.open_recording import read_transcript, transcript_artefact
from workbench.workflows.refusal import Refused, demand, session_resource

SAMPLES = 3
# An utterance tells who is speaking from about this many words on; "yes" does not.
_TELLING_WORDS = 4


@dataclass(frozen=True, slots=True)
class SpeakerSample:
    """What helps a person decide who a speaker is.

    `seconds` is how long the speaker is heard (None for who still codes the session: shares of talk are a
    measure), `utterances` are the first telling ones, and
    `participant_id` is who it is said to be so far.
    """

    speaker: str
    seconds: float | None
    utterances: tuple[Utterance, ...]
    participant_id: str | None


def map_speakers(
    workspace: Workspace, actor: Person | None, transcript_id: str, speakers: Mapping[str, str]
) -> TranscriptVersion:
    """Say who the diarized labels are: label → participant id. Returns the version that says so now.

    A label may be left out (nobody's yet), and one participant may be heard under several labels.
    A correction never changes who said what under a rater: once a coding has begun on the version,
    correcting a name makes a further version with the same words, for later rounds. To name somebody
    who had no name yet corrects nothing. `actor` None is the program itself. Raises Refused, with
    every problem of `speakers` at once.
    """
    version = _version(workspace, transcript_id)
    if actor is not None:
        demand(workspace, actor, Action.MAP_SPEAKERS, session_resource(workspace, version.session_id))
    with workspace.reading() as connection:
        members = {p.participant_id for p in sessions.get_session(connection, version.session_id).participants}
    labels = _labels(workspace, version)
    problems = []
    for label, participant_id in speakers.items():
        if label not in labels:
            problems.append(f"There is no speaker {label} in this transcript; there are: {', '.join(labels)}.")
        if participant_id not in members:
            problems.append(f"{label} cannot be {participant_id}: that participant takes no part in this session.")
    if problems:
        raise Refused("The speakers were not changed. " + " ".join(problems), problems)
    detail = {"recording": version.recording_id, "speakers": dict(speakers)}
    actor_id = actor.id if actor else None
    if _corrects(version, speakers):
        with workspace.reading() as connection:
            coded = assignments.is_coded_on(connection, transcript_id)
        if coded:
            return _corrected(workspace, actor_id, version, speakers, detail)
    with workspace.changing(actor_id, "transcript.map_speakers", "transcript", transcript_id, detail) as connection:
        recordings.map_speakers(connection, transcript_id, speakers)
    return _version(workspace, transcript_id)


def _corrects(version: TranscriptVersion, speakers: Mapping[str, str]) -> bool:
    """Whether somebody who has a name gets another one, or none."""
    return any(speakers.get(label) != named for label, named in version.speakers.items())


def _corrected(
    workspace: Workspace,
    actor_id: str | None,
    version: TranscriptVersion,
    speakers: Mapping[str, str],
    detail: Mapping[str, object],
) -> TranscriptVersion:
    """A further version: the same text, and other speakers."""
    new = new_id()
    with as_refusals():
        text = workspace.vault.read(version.recording_id, transcript_artefact(version.id))
        workspace.vault.write(version.recording_id, transcript_artefact(new), text)
    try:
        with workspace.changing(
            actor_id, "transcript.map_speakers", "transcript", new, {**detail, "corrects": version.id}
        ) as connection:
            recordings.add_transcript(
                connection,
                version.recording_id,
                language=version.language,
                models=version.models,
                n_words=version.n_words,
                n_utterances=version.n_utterances,
                transcript_id=new,
            )
            recordings.map_speakers(connection, new, speakers)
    except BaseException:
        workspace.vault.remove(version.recording_id, transcript_artefact(new))
        raise
    return _version(workspace, new)


def speaker_samples(workspace: Workspace, actor: Person, transcript_id: str) -> list[SpeakerSample]:
    """Each speaker of a transcript with a few utterances, in order of appearance. Raises Refused."""
    version, transcript = read_transcript(workspace, actor, transcript_id)
    facts = session_resource(workspace, version.session_id).session
    codes_it = facts is not None and bool(actor.raters & facts.unfinished)
    samples = []
    for speaker in transcript.speakers:
        said = [u for u in transcript.utterances if u.speaker == speaker]
        telling = [u for u in said if u.end_word - u.first_word >= _TELLING_WORDS] or said
        heard_ms = sum(t.end_ms - t.start_ms for t in transcript.turns if t.speaker == speaker)
        seconds = None if codes_it else heard_ms / 1000
        samples.append(SpeakerSample(speaker, seconds, tuple(telling[:SAMPLES]), version.speakers.get(speaker)))
    return samples


def _version(workspace: Workspace, transcript_id: str) -> TranscriptVersion:
    with workspace.reading() as connection:
        found = recordings.get_transcript(connection, transcript_id)
    if found is None:
        raise Refused("There is no such transcript.", kind="missing")
    return found


def _labels(workspace: Workspace, version: TranscriptVersion) -> tuple[str, ...]:
    """The speakers of a transcript. The program looks at nothing else of it, so this is no opening."""
    with as_refusals():
        kept = workspace.vault.read(version.recording_id, transcript_artefact(version.id))
    return transcript_from_dict(json.loads(kept)).speakers
