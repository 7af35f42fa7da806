"""What the long tables hold: every column declared once, with its type, unit and meaning.

The writer, the reader and the codebook all read this declaration.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal

Kind = Literal["id", "text", "integer", "number", "yes_no", "instant"]
# pandas type and meaning of each kind, as the codebook says it
KINDS: Mapping[Kind, tuple[str, str]] = {
    "id": ("str", "an identifier; never begins like a formula"),
    "text": ("str", "free text; in CSV a leading formula character is preceded by an apostrophe"),
    "integer": ("Int64", "a whole number"),
    "number": ("float64", "a decimal number with a point"),
    "yes_no": ("boolean", "true or false"),
    "instant": ("str", "an instant in UTC, ISO 8601, as 2025-01-31T09:30:00.000Z"),
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, kind, unit, meaning, and the labels of its values where they are few."""

    name: str
    kind: Kind
    unit: str
    meaning: str
    required: bool = False
    values: Mapping[str, str] = field(default_factory=dict)


def instant(ms: int) -> str:
    """An instant (milliseconds since 1970, UTC) as the tables write it.

    >>> instant(1738315800000)
    '2025-01-31T09:30:00.000Z'
    """
    return datetime.fromtimestamp(ms / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


_PERSPECTIVES = {"patient": "the patient's form", "provider": "the provider's form", "observer": "trained observers"}
_SESSION = Column("session", "id", "", "The session; joins all tables.", required=True)
_RATER = Column("rater", "id", "", "Pseudonym of the person who coded.", required=True)
_SCHEME = Column("scheme", "id", "", "Name of the coding scheme.", required=True)

TABLES: Mapping[str, tuple[Column, ...]] = {
    "sessions": (
        Column("study", "id", "", "The study's name.", required=True),
        _SESSION,
        Column("number", "integer", "", "Which session of this patient and provider it was, from 1."),
        Column("provider", "id", "", "Pseudonym of the provider."),
        Column("patient", "id", "", "Pseudonym of the patient."),
        Column("held_at", "instant", "", "When the session took place."),
        Column("setting", "text", "", "Where: for example in person, telehealth."),
        Column("duration_ms", "integer", "ms", "Length of the recording."),
        Column("window_ms", "integer", "ms", "Length of the observation window: denominator of rates and agreement."),
        Column("fictional", "yes_no", "", "Whether the session is made up for practice or demonstration."),
    ),
    "utterances": (
        _SESSION,
        Column("recording", "id", "", "The recording the transcript belongs to.", required=True),
        Column("transcript_version", "integer", "", "Version of the transcript; a correction is a new version."),
        Column("utterance", "id", "", "The utterance; unique within recording and version.", required=True),
        Column("start_ms", "integer", "ms", "Start, from the recording's start.", required=True),
        Column("end_ms", "integer", "ms", "End, from the recording's start; the moment itself is outside."),
        Column("speaker", "id", "", "Diarized label; missing where no speaker could be found."),
        Column(
            "participant_role",
            "text",
            "",
            "Who the speaker is, as a person mapped it.",
            values={"patient": "a patient", "provider": "a provider", "family": "a family member"},
        ),
        Column("text", "text", "", "What was said, as transcribed by computer."),
    ),
    "events": (
        _SESSION,
        _RATER,
        _SCHEME,
        Column("scheme_version", "text", "", "Version of the scheme as its authors count it."),
        Column("scheme_hash", "id", "", "SHA-256 of the scheme's canonical JSON: what the coding was done with."),
        Column(
            "coding_state",
            "text",
            "",
            "State of the coding when it was exported.",
            values={"draft": "still being worked on", "submitted": "handed in", "locked": "final"},
        ),
        Column("event", "id", "", "The event.", required=True),
        Column("code", "id", "", "The code, as the scheme names it.", required=True),
        Column(
            "kind",
            "text",
            "",
            "Whether the code marks a moment or a stretch.",
            values={"point": "a moment: end_ms is missing", "state": "a stretch: missing end_ms means never closed"},
        ),
        Column("start_ms", "integer", "ms", "Start, from the recording's start.", required=True),
        Column("end_ms", "integer", "ms", "End of a state, from the recording's start; the moment itself is outside."),
        Column("comment", "text", "", "The rater's comment."),
        Column("unsure", "yes_no", "", "Whether the rater marked the event as unsure."),
    ),
    "ratings": (
        _SESSION,
        _RATER,
        _SCHEME,
        Column("scale", "id", "", "The rating scale, as the scheme names it.", required=True),
        Column("segment", "integer", "", "Segment of the session, from 1; 0 is the whole session.", required=True),
        Column("value", "number", "scale points", "The rating; missing if not rated or without evidence."),
        Column("no_evidence", "yes_no", "", "Whether the rater found no evidence, which is an answer and not a gap."),
    ),
    "responses": (
        _SESSION,
        Column("perspective", "text", "", "Whose form it is.", required=True, values=_PERSPECTIVES),
        Column("participant", "id", "", "Pseudonym of who filled in the form."),
        Column("instrument", "id", "", "Name of the instrument.", required=True),
        Column("version", "text", "", "Version of the instrument."),
        Column("item", "id", "", "The item, as the instrument names it.", required=True),
        Column("value", "number", "scale points", "The answer as given, before any reversal; missing if left out."),
        Column("completed_at", "instant", "", "When the form was sent in."),
    ),
    "scores": (
        _SESSION,
        Column(
            "perspective",
            "text",
            "",
            "Whose view the score is.",
            required=True,
            values={**_PERSPECTIVES, "combined": "computed from several perspectives"},
        ),
        Column("score", "id", "", "Name of the score: an instrument, a scheme or a combined score.", required=True),
        Column("subscale", "id", "", "Subscale; missing for the total."),
        Column("raw", "number", "score points", "The score in the instrument's own points."),
        Column("pomp", "number", "percent", "Percent of the maximum possible: 100 (raw - min) / (max - min)."),
        Column("n_items", "integer", "", "Items or scales that the score was computed from."),
        Column("n_observers", "integer", "", "Observers that were averaged; missing for forms."),
        Column("reason", "text", "", "Why there is no score, or what limits it."),
    ),
}
