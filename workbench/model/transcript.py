"""Who said what, when: the finished transcript of one recording."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

FORMAT = "alliance-workbench/transcript/1"


@dataclass(frozen=True, slots=True)
class Word:
    start_ms: int
    end_ms: int
    text: str
    speaker: str | None
    probability: float | None = None


@dataclass(frozen=True, slots=True)
class Utterance:
    """Consecutive words of one speaker. `first_word` to `end_word` is a half-open index range."""

    id: str
    start_ms: int
    end_ms: int
    speaker: str | None
    text: str
    first_word: int
    end_word: int


@dataclass(frozen=True, slots=True)
class SpeakerTurn:
    """A stretch in which the diarization heard one speaker; turns of two speakers may overlap."""

    start_ms: int
    end_ms: int
    speaker: str


@dataclass(frozen=True, slots=True)
class Transcript:
    """Words, utterances and speaker turns of one recording.

    `speakers` are diarized labels ("S1", "S2", in order of first appearance); who they are is
    recorded apart, by a person. `speech_without_words` are turns in which the diarization heard
    somebody and the transcription wrote nothing (mostly backchannels): missing text is not silence.
    """

    duration_ms: int
    language: str
    words: tuple[Word, ...]
    utterances: tuple[Utterance, ...]
    turns: tuple[SpeakerTurn, ...]
    speech_without_words: tuple[SpeakerTurn, ...] = ()
    models: Mapping[str, str] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)

    @property
    def speakers(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(t.speaker for t in self.turns))

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready form; `transcript_from_dict` reads it back."""
        return {
            "format": FORMAT,
            "duration_ms": self.duration_ms,
            "language": self.language,
            "speakers": list(self.speakers),
            "models": dict(self.models),
            "settings": dict(self.settings),
            "words": [asdict(w) for w in self.words],
            "utterances": [asdict(u) for u in self.utterances],
            "turns": [asdict(t) for t in self.turns],
            "speech_without_words": [asdict(t) for t in self.speech_without_words],
        }


def transcript_from_dict(data: Mapping[str, Any]) -> Transcript:
    """Read what `Transcript.to_dict` wrote. Raises ValueError on another format."""
    if data.get("format") != FORMAT:
        raise ValueError(f"not a transcript of this program: format is {data.get('format')!r}, expected {FORMAT!r}")
    return Transcript(
        duration_ms=data["duration_ms"],
        language=data["language"],
        words=tuple(Word(**w) for w in data["words"]),
        utterances=tuple(Utterance(**u) for u in data["utterances"]),
        turns=tuple(SpeakerTurn(**t) for t in data["turns"]),
        speech_without_words=tuple(SpeakerTurn(**t) for t in data["speech_without_words"]),
        models=dict(data["models"]),
        settings=dict(data["settings"]),
    )
