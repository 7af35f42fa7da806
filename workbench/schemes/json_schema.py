"""JSON Schemas of the YAML formats, with which editors complete keys and mark mistakes while one writes.

Here stand a scheme's top, its codes, its ratings and its rules; `json_of_scores` and `json_of_instruments` have the
rest. All are made of the lists of keys that the readers use, so that they cannot name other ones. They say less than
`workbench check-scheme`: not what holds between entries, such as that two codes have different keys.
"""

from __future__ import annotations

from workbench.model.scheme import CodeKind, CodingPass, DataKind, Each
from workbench.model.session_people import CLIENTS
from workbench.schemes import scheme_agreement, scheme_codes, scheme_earlier, scheme_file, scheme_rules
from workbench.schemes.json_of_instruments import INSTRUMENT
from workbench.schemes.json_of_scores import SCORE
from workbench.schemes.json_pieces import (
    ABOUT,
    FLAG,
    ID,
    KEY,
    LINE,
    NUMBERED_ID,
    TEXT,
    VERSION,
    WHOLE,
    WHOSE,
    WORDS,
    Schema,
    document,
    mapping,
    number,
    one_of,
    said,
    sequence,
)


def scheme_schema() -> Schema:
    """The schema of `coding_schemes/observer/*.yaml`."""
    return document("A coding scheme of the Alliance Workbench", mapping(scheme_file.TOP, _SCHEME, _SCHEME_NEEDS))


def instrument_schema() -> Schema:
    """The schema of `coding_schemes/instruments/*.yaml`."""
    return document("An instrument of the Alliance Workbench", INSTRUMENT)


_OPTION = {
    "id": said(NUMBERED_ID, "The option's name in tables."),
    "label": said(LINE, "What the rater reads."),
    "key": said(KEY, "Chooses it after the code."),
    "direct": said(KEY, "Codes the event with this option in one press."),
}
_MODIFIER = {
    "id": said(ID, "The modifier's name in tables, such as intensity."),
    "label": said(LINE, "What the rater reads."),
    "required": said(FLAG, "Whether the coding is incomplete without it.", default=False),
    "several": said(FLAG, "Whether more than one option can hold.", default=False),
    "options": sequence(mapping(scheme_codes.OPTION, _OPTION, ("id", "label", "key")), "The answers.", least=1),
}
_CODE = {
    "id": said(ID, "The code's name in tables."),
    "label": said(LINE, "The name on its button."),
    "kind": one_of(CodeKind, "A moment, a stretch with an end, or something said of a coding unit."),
    "key": said(KEY, "One small letter or digit, of any script."),
    "who": one_of((*WHOSE, CLIENTS, "both"), "Whose behaviour it is.", "both"),
    "dimension": said(ID, "What it bears on, such as bond, goals, tasks."),
    "valence": one_of(("positive", "negative", "neutral"), "For or against the alliance.", "neutral"),
    "group": said(ID, "Codes of one group exclude each other."),
    "colour": {"type": "string", "pattern": "^#[0-9a-fA-F]{6}$", "description": "Six hexadecimal digits in quotes."},
    "ask": sequence({"enum": ["who", "whom"]}, "What the rater says where several people could be meant.", once=True),
    "modifiers": sequence(
        mapping(scheme_codes.MODIFIER, _MODIFIER, ("id", "label", "options")), "Said beyond the code."
    ),
    "definition": said(TEXT, "When to code it."),
    "example": said(TEXT, "What it sounds like."),
    "near_miss": said(TEXT, "What only looks like it, and what that is."),
}
_RATING = {
    "id": said(ID, "The rating's name in tables."),
    "label": said(LINE, "What the rater reads."),
    "each": one_of(Each, "Rated once, for every segment, for every person, or for the family as one.", "session"),
    "of": sequence({"enum": list(WHOSE)}, "Which persons are rated, or as which one family.", least=1, once=True),
    "low": said(WHOLE, "The lowest value."),
    "high": said(WHOLE, "The highest value."),
    "start": said(WHOLE, "Where to begin before there is any evidence."),
    "no_evidence": said(FLAG, "Whether “no evidence” can be the answer.", default=False),
    "reversed": said(FLAG, "Whether a high value means a weak alliance.", default=False),
    "scored": said(FLAG, "Whether it counts into the observers’ alliance score.", default=True),
    "dimension": said(ID, "As for codes."),
    "definition": said(TEXT, "What is rated."),
    "anchors": said(WORDS, "Words for values; both ends must be among them."),
}
_RULE = {
    "id": said(ID, "The rule's name in tables."),
    "rating": said(ID, "The rating that it is about."),
    "from": said(WHOLE, "It holds for values from here …"),
    "to": said(WHOLE, "… to here."),
    "codes": sequence(ID, "The codes whose events are counted together.", least=1, once=True),
    "at_least": {"type": "integer", "minimum": 0, "description": "How many there should be at least."},
    "at_most": {"type": "integer", "minimum": 0, "description": "How many there should be at most."},
    "sentence": said(TEXT, "Says the contradiction to the rater."),
}


def _reported(kind: DataKind, what: str) -> Schema:
    known = {"enum": list(scheme_agreement.COEFFICIENTS[kind])}
    of = {
        "coefficients": sequence(known, "By id; the first is the one to report.", least=1, once=True),
        "reason": said(TEXT, "Why these; it stands beside the value."),
    }
    return said(mapping(scheme_agreement.REPORTED, of, scheme_agreement.REPORTED), what)


def _limit(kind: DataKind, what: str) -> Schema:
    of = {
        "measure": one_of(scheme_agreement.MEASURES[kind], "Which agreement with the criterion."),
        "at_least": number(0, 1, "What the lower end of its interval must reach."),
    }
    return said(mapping(scheme_agreement.LIMIT, of, scheme_agreement.LIMIT), what)


_AGREEMENT: dict[str, Schema] = {
    DataKind.CODES: _reported(DataKind.CODES, "On what was coded."),
    DataKind.RATINGS: _reported(DataKind.RATINGS, "On ratings, and scores made of them."),
    DataKind.TOTALS: _reported(DataKind.TOTALS, "On how often, or how long, a code was given in a session."),
}
_CERTIFICATION = {
    "sessions": {"type": "integer", "minimum": 1, "maximum": 1000, "description": "Sessions with a criterion coding."},
    DataKind.CODES: _limit(DataKind.CODES, "On what was coded."),
    DataKind.RATINGS: _limit(DataKind.RATINGS, "On each rating."),
    "reason": said(TEXT, "Where the limits are from."),
}
_NOTHING = {"type": ["string", "null"]}
_MODIFIER_OR_ANSWER: Schema = _NOTHING | {"pattern": "^[a-z][a-z0-9_]{0,47}(:[a-z0-9][a-z0-9_]{0,47})?$"}
_BECAME: Schema = {"type": "object", "additionalProperties": ID | _NOTHING}
_EARLIER = {
    "version": said(VERSION, "The version that this one was made from."),
    "codes": said(
        _BECAME, "Earlier code: the code that it became; null where it has no equal. What kept its id is not named."
    ),
    "ratings": said(_BECAME, "Earlier rating: the rating that it became; null where it has no equal."),
    "modifiers": {
        "type": "object",
        "additionalProperties": {"type": "object", "additionalProperties": _MODIFIER_OR_ANSWER},
        "description": "Earlier code: its earlier modifiers or modifier:answer, and what each became; null: no equal.",
    },
}
_SCHEME_NEEDS = ("scheme", "title", "version", "description")
_SCHEME = ABOUT | {
    "scheme": said(ID, "The scheme's name: small letters, digits, _."),
    "description": said(TEXT, "What is coded, and how to work with it."),
    "authors": sequence(LINE, "Who wrote it."),
    "unit": one_of(("event", "utterance"), "What is coded.", "event"),
    "units_of": sequence({"enum": list(WHOSE)}, "Whose utterances must have a code.", once=True),
    "passes": sequence({"enum": list(CodingPass)}, "An order of work.", once=True),
    "segment_minutes": number(0.5, 60, "Length of a segment."),
    "show_transcript": said(FLAG, "false for coding by ear.", default=True),
    "speed_cap": number(0.5, 3, "The fastest playback.", 3),
    "bin_seconds": number(0.1, 600, "Width of the time bins for agreement.", 5),
    "tolerance_seconds": number(0, 60, "How far two events may lie apart and still be the same.", 2),
    "agreement": said(
        mapping([kind.value for kind in DataKind], _AGREEMENT),
        "The coefficients to report, by kind of data.",
        minProperties=1,
    ),
    "certification": said(
        mapping(scheme_agreement.CERTIFICATION, _CERTIFICATION, ("sessions", "reason")),
        "When a trainee may code for a study.",
        anyOf=[{"required": [kind]} for kind in scheme_agreement.MEASURES],
    ),
    "from_version": said(mapping(scheme_earlier.EARLIER, _EARLIER, ("version",)), "What became which."),
    "codes": sequence(
        mapping(scheme_codes.CODE, _CODE, ("id", "label", "kind", "key", "definition")), "What can be coded."
    ),
    "ratings": sequence(
        mapping(scheme_file.RATING, _RATING, ("id", "label", "low", "high", "definition")), "What is rated."
    ),
    "rules": sequence(
        mapping(scheme_rules.RULE, _RULE, ("id", "rating", "from", "to", "codes", "sentence")),
        "What ratings expect of their evidence.",
    ),
    "check_evidence": said(FLAG, "false keeps the rules in the codebook and does not ask.", default=True),
    "reasons": {**sequence(LINE, "Answers to a contradiction, one key each."), "maxItems": scheme_rules.MOST_REASONS},
    "scores": sequence(SCORE, "What follows from a coding."),
}
