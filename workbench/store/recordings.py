"""Recordings, their transcripts, and the jobs that work on them. Their bytes lie in the vault."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, RowMapping, delete, func, insert, select, update

from workbench.model.ids import new_id, now_ms
from workbench.model.job import Job, JobState
from workbench.model.session import Recording, TranscriptVersion
from workbench.store.among import among
from workbench.store.tables import job, recording, transcript, transcript_speaker

_RECORDING = [c for c in recording.c if c.name != "fingerprint"]


def add(connection: Connection, new: Recording, fingerprint: str) -> None:
    """Record a recording. `fingerprint` recognises the same bytes a second time."""
    connection.execute(
        insert(recording).values(
            id=new.id,
            session_id=new.session_id,
            fingerprint=fingerprint,
            media_type=new.media_type,
            suffix=new.suffix,
            has_video=int(new.has_video),
            channels=new.channels,
            duration_ms=new.duration_ms,
            size_bytes=new.size_bytes,
            offset_ms=new.offset_ms,
            added_at=new.added_at,
            label=new.label,
            main_at=new.main_at,
        )
    )


def _recording(row: RowMapping) -> Recording:
    return Recording(**{**row, "has_video": bool(row["has_video"])})


def get(connection: Connection, recording_id: str) -> Recording | None:
    row = connection.execute(select(*_RECORDING).where(recording.c.id == recording_id)).mappings().first()
    return _recording(row) if row else None


def by_fingerprint(connection: Connection, fingerprint: str) -> Recording | None:
    row = connection.execute(select(*_RECORDING).where(recording.c.fingerprint == fingerprint)).mappings().first()
    return _recording(row) if row else None


def of_session(connection: Connection, session_id: str) -> list[Recording]:
    """Recordings of a session, the main one (against which the others are placed) first."""
    return of_sessions(connection, [session_id])


def of_sessions(connection: Connection, session_ids: Iterable[str]) -> list[Recording]:
    """Recordings of several sessions; of each session the main one first, then as they were added."""
    rows = connection.execute(
        select(*_RECORDING)
        .where(among(recording.c.session_id, session_ids))
        .order_by(func.coalesce(recording.c.main_at, 0).desc(), recording.c.added_at, recording.c.id)
    ).mappings()
    return [_recording(r) for r in rows]


def place(connection: Connection, recording_id: str, **values: Any) -> None:
    """Set `label`, `offset_ms` or `main_at` of a recording."""
    connection.execute(update(recording).where(recording.c.id == recording_id).values(**values))


def add_transcript(
    connection: Connection,
    recording_id: str,
    *,
    language: str,
    models: Mapping[str, str],
    n_words: int,
    n_utterances: int,
    transcript_id: str | None = None,
) -> TranscriptVersion:
    """Record a new version of a recording's transcript; its text lies in the vault under its id,
    which is made here unless the text was stored under `transcript_id` before."""
    last = connection.execute(
        select(func.max(transcript.c.version)).where(transcript.c.recording_id == recording_id)
    ).scalar_one()
    transcript_id = transcript_id or new_id()
    connection.execute(
        insert(transcript).values(
            id=transcript_id,
            recording_id=recording_id,
            version=(last or 0) + 1,
            language=language,
            models=json.dumps(dict(models), sort_keys=True),
            n_words=n_words,
            n_utterances=n_utterances,
            created_at=now_ms(),
        )
    )
    found = get_transcript(connection, transcript_id)
    assert found is not None
    return found


def _transcripts(connection: Connection, *where: Any) -> list[TranscriptVersion]:
    rows = connection.execute(
        select(transcript, recording.c.session_id)
        .join(recording, recording.c.id == transcript.c.recording_id)
        .where(*where)
        .order_by(transcript.c.created_at, transcript.c.version)
    ).mappings()
    found = list(rows)
    speakers: dict[str, dict[str, str]] = {row["id"]: {} for row in found}
    named = select(transcript_speaker).where(among(transcript_speaker.c.transcript_id, speakers))
    for s in connection.execute(named):
        speakers[s.transcript_id][s.speaker] = s.participant_id
    return [
        TranscriptVersion(**{**row, "models": json.loads(row["models"])}, speakers=speakers[row["id"]]) for row in found
    ]


def get_transcript(connection: Connection, transcript_id: str) -> TranscriptVersion | None:
    return next(iter(_transcripts(connection, transcript.c.id == transcript_id)), None)


def transcripts(connection: Connection, session_id: str) -> list[TranscriptVersion]:
    """Transcript versions of a session's recordings, oldest first."""
    return transcripts_of(connection, [session_id])


def transcripts_of(connection: Connection, session_ids: Iterable[str]) -> list[TranscriptVersion]:
    """Transcript versions of the recordings of several sessions, oldest first."""
    return _transcripts(connection, among(recording.c.session_id, session_ids))


def newest_transcript(connection: Connection, recording_id: str) -> TranscriptVersion | None:
    """The last version of a recording's own transcript."""
    return next(reversed(_transcripts(connection, transcript.c.recording_id == recording_id)), None)


def map_speakers(connection: Connection, transcript_id: str, speakers: Mapping[str, str]) -> None:
    """Say who the diarized labels are: label → participant id. Replaces what was said before."""
    connection.execute(delete(transcript_speaker).where(transcript_speaker.c.transcript_id == transcript_id))
    for label, participant_id in sorted(speakers.items()):
        connection.execute(
            insert(transcript_speaker).values(transcript_id=transcript_id, speaker=label, participant_id=participant_id)
        )


def add_job(
    connection: Connection, job_id: str, kind: str, recording_id: str, settings: str, requested_by: str | None
) -> None:
    connection.execute(
        insert(job).values(
            id=job_id,
            kind=kind,
            recording_id=recording_id,
            state=JobState.QUEUED.value,
            settings=settings,
            requested_by=requested_by,
            created_at=now_ms(),
        )
    )


def update_job(connection: Connection, job_id: str, **values: Any) -> bool:
    """Set columns of a job that has not ended; False when it has, or does not exist."""
    if isinstance(values.get("state"), JobState):
        values["state"] = values["state"].value
    result = connection.execute(
        update(job).where(job.c.id == job_id, job.c.state.in_(("queued", "running"))).values(**values)
    )
    return result.rowcount > 0


def jobs(
    connection: Connection,
    *,
    job_id: str | None = None,
    recording_id: str | None = None,
    session_id: str | None = None,
    session_ids: Iterable[str] | None = None,
    open_only: bool = False,
) -> list[Job]:
    """Jobs, newest first."""
    query = (
        select(job, recording.c.session_id)
        .join(recording, recording.c.id == job.c.recording_id)
        .order_by(job.c.created_at.desc(), job.c.id.desc())
    )
    if job_id is not None:
        query = query.where(job.c.id == job_id)
    if recording_id is not None:
        query = query.where(job.c.recording_id == recording_id)
    if session_id is not None:
        query = query.where(recording.c.session_id == session_id)
    if session_ids is not None:
        query = query.where(among(recording.c.session_id, session_ids))
    if open_only:
        query = query.where(job.c.state.in_(("queued", "running")))
    return [
        Job(**{**row, "state": JobState(row["state"]), "requested_by": row["requested_by"] or ""})
        for row in connection.execute(query).mappings()
    ]
