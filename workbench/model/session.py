"""Studies, therapy sessions and what was recorded of them, as stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from workbench.model.people import ParticipantKind


@dataclass(frozen=True, slots=True)
class Study:
    """A protocol. `blinded`: raters see others' codings of a session once their own is submitted.

    `score_of_record`: how the study's observer score is made: mean, primary or consensus.
    """

    id: str
    name: str
    description: str
    fictional: bool
    blinded: bool
    score_of_record: str
    created_at: int


@dataclass(frozen=True, slots=True)
class SessionParticipant:
    participant_id: str
    code: str
    kind: ParticipantKind


@dataclass(frozen=True, slots=True)
class Session:
    """A therapy session. `number` counts the sessions of the same patient and provider from 1."""

    id: str
    study_id: str
    study_name: str
    code: str
    title: str
    number: int
    held_at: int
    setting: str
    fictional: bool
    participants: tuple[SessionParticipant, ...]

    def of_kind(self, kind: ParticipantKind) -> tuple[SessionParticipant, ...]:
        return tuple(p for p in self.participants if p.kind is kind)

    @property
    def provider(self) -> SessionParticipant | None:
        return next(iter(self.of_kind(ParticipantKind.PROVIDER)), None)

    @property
    def patient(self) -> SessionParticipant | None:
        return next(iter(self.of_kind(ParticipantKind.PATIENT)), None)


@dataclass(frozen=True, slots=True)
class Recording:
    """A media file of a session. Its bytes lie sealed in the vault under its id.

    The main one comes first: the one that was chosen last (`main_at`), else the first that was added. Its
    time is the session's, so codings and transcripts are on it. `offset_ms` is the time of the main one at
    which this one begins; `label` says which view or microphone it is, where a session has several.
    """

    id: str
    session_id: str
    media_type: str
    suffix: str
    has_video: bool
    channels: int
    duration_ms: int
    size_bytes: int
    offset_ms: int
    added_at: int
    label: str = ""
    main_at: int | None = None


@dataclass(frozen=True, slots=True)
class TranscriptVersion:
    """A finished transcript of a recording; a correction is a further version.

    `speakers` maps diarized labels to participant ids; a label without entry is nobody's yet.
    """

    id: str
    recording_id: str
    session_id: str
    version: int
    language: str
    models: Mapping[str, str]
    n_words: int
    n_utterances: int
    created_at: int
    speakers: Mapping[str, str] = field(default_factory=dict)
