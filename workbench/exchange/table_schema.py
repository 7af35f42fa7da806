"""What the long tables hold: every column declared once, with its type, unit and meaning.

The writer, the reader and the codebook all read this declaration.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal

from workbench.model.taken_out import Why

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
_PERSON = Column(
    "person",
    "id",
    "",
    "Who is rated, numbered where there are several; missing where no single person is.",
)
# what a row is of: a coding, as one finds it; a coding with what it was done with, and how far it was
_CODING = (_SESSION, _RATER, _SCHEME)
_CODING_ON_A_VERSION = (*_CODING, _VERSION, _HASH, _STATE)
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
        *_CODING_ON_A_VERSION,
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
        *_CODING_ON_A_VERSION,
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
        *_CODING,
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
        *_CODING,
        Column("scale", "id", "", "The rating scale, as the scheme names it.", required=True),
        _SEGMENT,
        _PERSON,
        Column("value", "number", "scale points", "The rating; missing if not rated or without evidence."),
        Column("no_evidence", "yes_no", "", "Whether the rater found no evidence, which is an answer and not a gap."),
    ),
    "derived_scores": (
        *_CODING_ON_A_VERSION,
        Column("score", "id", "", "The score, as the scheme names it.", required=True),
        Column(
            "kind",
            "text",
            "",
            "What the score is.",
            values={
                "count": "how many events",
                "rate": "how many events in so many minutes of observed time",
                "time": "percentage of the observed time in a state",
                "sequence": "how often one event is followed by another",
                "sum": "a sum",
                "mean": "a mean",
                "difference": "one sum less another",
                "ratio": "one sum by another",
                "share": "one sum in percent of another",
            },
        ),
        Column("value", "number", "as the column unit says", "What the scheme's formula makes of this coding."),
        Column("unit", "text", "", "In what it is counted, such as events, percent, scale points."),
        Column(
            "level", "text", "", "The level of competence reached, or below which it lies; missing where there is none."
        ),
        Column("by_person", "text", "", "The same of each person alone: person=value, several joined by ;"),
        Column("n_events", "integer", "", "Events that it rests on; missing where it is not about events."),
        Column("n_ratings", "integer", "", "Ratings that it rests on; missing where it is not about ratings."),
        Column("n_ratings_asked", "integer", "", "Out of how many that the scheme asks for."),
        Column("n_segments", "integer", "", "Segments of which these are; missing for ratings of the session."),
        Column(
            "left_out",
            "integer",
            "",
            "Events that could not be used; missing for scores of which none ever is left out.",
        ),
        Column("left_out_why", "text", "", "How many of them for which reason."),
        Column("observed_ms", "integer", "ms", "The window without what was not observable: denominator of rates."),
        Column("reason", "text", "", "Why there is no value."),
    ),
    "evidence": (
        *_CODING,
        Column("scale", "id", "", "The rating scale.", required=True),
        _SEGMENT,
        _PERSON,
        Column("event", "id", "", "An event that the rating rests on."),
        Column("unit", "id", "", f"A coding unit that the rating rests on: {_UNIT}."),
    ),
    "reasons": (
        *_CODING,
        Column("rule", "id", "", "The scheme's rule that expected other evidence.", required=True),
        _SEGMENT,
        _PERSON,
        Column("reason", "text", "", "Why the rating stands nevertheless."),
    ),
    "unit_boundaries": (
        *_CODING,
        Column("unit", "id", "", f"The place: {_UNIT}.", required=True),
        Column("starts", "yes_no", "", "Whether a coding unit begins there, where the rater changed it."),
    ),
    "code_versions": (
        _SCHEME,
        Column("scheme_version", "text", "", "A version of the scheme that was coded with."),
        Column("later_version", "text", "", "A version that was made from it."),
        Column(
            "kind",
            "text",
            "",
            "Whether it is a code, a rating, or an answer of a modifier.",
            values={"code": "a code", "rating": "a rating scale", "answer": "an answer of a code's modifier"},
        ),
        Column("code", "id", "", "The code or rating in scheme_version.", required=True),
        Column("later_code", "id", "", "What it is in later_version; missing where it has no counterpart."),
        Column("answer", "id", "", "The answer, modifier:answer, to that code; missing in rows of codes and ratings."),
        Column("later_answer", "id", "", "What it is in later_version; missing where it has no counterpart."),
        Column(
            "no_counterpart",
            "text",
            "",
            "Why it has no counterpart; missing where it has one. Of an answer, also where its code has none.",
            values={
                "no_equal": "later_version says that it has no equal",
                "not_decided": "it is not there by its id, and later_version does not say what became of it",
                "other_kind": "what it would be is of another kind, unit or range of values",
            },
        ),
    ),
    "rulings": (
        _SCHEME,
        Column("code", "id", "", "The code or rating that it is on.", required=True),
        Column(
            "kind",
            "text",
            "",
            "Whether that is a code or a rating.",
            values={"code": "a code", "rating": "a rating scale"},
        ),
        Column("ruling", "id", "", "The ruling.", required=True),
        Column("version", "integer", "", "Its version, from 1: a correction or withdrawal is a further one."),
        Column("decided_on", "text", "", "The day it was decided, as 2025-01-31."),
        Column("question", "text", "", "The case that the scheme leaves open."),
        Column("decision", "text", "", "What was decided."),
        Column("example", "text", "", "An example in words."),
        Column("session", "id", "", "The session of its clip, where whoever exported may play it."),
        Column("start_ms", "integer", "ms", "Start of its clip, from the recording's start."),
        Column("end_ms", "integer", "ms", "End of its clip, from the recording's start; the moment itself is outside."),
        Column("withdrawn", "text", "", "Why it holds no more; missing while it holds."),
        Column(
            "taken_out",
            "text",
            "",
            "Why words were taken out of this and all earlier versions; missing in a version that says anything else.",
            values={why.value: why.words for why in Why},
        ),
        Column("written_at", "instant", "", "When this version was written."),
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
