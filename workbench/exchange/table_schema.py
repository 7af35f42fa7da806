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
_VERSION = Column("scheme_version", "text", "", "Version of the scheme as its authors count it.")
_HASH = Column("scheme_hash", "id", "", "SHA-256 of the scheme's canonical JSON: what the coding was done with.")
_STATE = Column(
    "coding_state",
    "text",
    "",
    "State of the coding when it was exported.",
    values={
        "draft": "still being worked on",
        "submitted": "handed in",
        "locked": "handed in, and seen by somebody else: its rater cannot take it back",
    },
)
_SEGMENT = Column("segment", "integer", "", "Segment of the session, from 1; 0 is the whole session.", required=True)
_UNIT = "the utterance at that place of the transcript (u0 is the first), or from that word of it on (u5w312)"

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
        Column("window_ms", "integer", "ms", "Length of the observation window."),
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
    "codings": (
        _SESSION,
        _RATER,
        _SCHEME,
        _VERSION,
        _HASH,
        _STATE,
        Column("submitted_at", "instant", "", "When it was handed in."),
        Column("live", "yes_no", "", "Whether it was coded while the session happened."),
        Column(
            "on_clock",
            "yes_no",
            "",
            "Whether its times are those of the rater's own clock, because it is not aligned with a recording: "
            "they cannot be laid beside other codings or the transcript.",
        ),
        Column("window_ms", "integer", "ms", "Length of this coding's observation window."),
        Column("observed_ms", "integer", "ms", "The window without what was not observable: denominator of rates."),
    ),
    "events": (
        _SESSION,
        _RATER,
        _SCHEME,
        _VERSION,
        _HASH,
        _STATE,
        Column("event", "id", "", "The event.", required=True),
        Column("code", "id", "", "The code, as the scheme names it.", required=True),
        Column(
            "kind",
            "text",
            "",
            "Whether the code marks a moment, a stretch or an utterance.",
            values={
                "point": "a moment: end_ms is missing unless a unit was coded",
                "state": "a stretch: missing end_ms means never closed",
                "utterance": "a coding unit of the transcript",
            },
        ),
        Column("start_ms", "integer", "ms", "Start, from the recording's start.", required=True),
        Column("end_ms", "integer", "ms", "End of a state, from the recording's start; the moment itself is outside."),
        Column("modifiers", "text", "", "What was said of it beyond its code: set:option, several joined by ;"),
        Column("who", "id", "", "Who did it: patient, provider, family; numbered where there are several."),
        Column("whom", "id", "", "To whom, in the same words; family is all of it where it has several members."),
        Column("unit", "id", "", f"The coding unit that was coded: {_UNIT}."),
        Column("comment", "text", "", "The rater's comment."),
        Column("unsure", "yes_no", "", "Whether the rater marked the event as unsure."),
        Column("second_choice", "id", "", "Another code that would do, of an unsure event."),
        Column("question", "text", "", "The rater's question to the supervisor."),
        Column("lag_ms", "integer", "ms", "What was taken off the instant of the key for the rater's reaction time."),
    ),
    "not_observable": (
        _SESSION,
        _RATER,
        _SCHEME,
        Column("start_ms", "integer", "ms", "Start of a stretch that could not be coded.", required=True),
        Column("end_ms", "integer", "ms", "Its end; the moment itself is outside.", required=True),
        Column(
            "reason",
            "text",
            "",
            "Why it could not be coded.",
            values={
                "inaudible": "nothing could be understood",
                "off_camera": "nobody to be coded could be seen",
                "frozen": "the picture stood still",
            },
        ),
        Column("comment", "text", "", "The rater's comment."),
    ),
    "ratings": (
        _SESSION,
        _RATER,
        _SCHEME,
        Column("scale", "id", "", "The rating scale, as the scheme names it.", required=True),
        _SEGMENT,
        Column("value", "number", "scale points", "The rating; missing if not rated or without evidence."),
        Column("no_evidence", "yes_no", "", "Whether the rater found no evidence, which is an answer and not a gap."),
    ),
    "evidence": (
        _SESSION,
        _RATER,
        _SCHEME,
        Column("scale", "id", "", "The rating scale.", required=True),
        _SEGMENT,
        Column("event", "id", "", "An event that the rating rests on."),
        Column("unit", "id", "", f"A coding unit that the rating rests on: {_UNIT}."),
    ),
    "reasons": (
        _SESSION,
        _RATER,
        _SCHEME,
        Column("rule", "id", "", "The scheme's rule that expected other evidence.", required=True),
        _SEGMENT,
        Column("reason", "text", "", "Why the rating stands nevertheless."),
    ),
    "unit_boundaries": (
        _SESSION,
        _RATER,
        _SCHEME,
        Column("unit", "id", "", f"The place: {_UNIT}.", required=True),
        Column("starts", "yes_no", "", "Whether a coding unit begins there, where the rater changed it."),
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
