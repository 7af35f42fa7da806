"""The derived scores of a scheme as JSON Schema: one key for each kind, with what it computes of what."""

from __future__ import annotations

from workbench.model.scheme import ScoreKind
from workbench.schemes import scheme_scores
from workbench.schemes.json_pieces import ANSWER, ID, LINE, TEXT, WHOSE, Schema, mapping, number, one_of, said, sequence

_EVENTS = {
    "codes": sequence(ID, "Events of any of these codes.", least=1, once=True),
    "modifiers": sequence(ANSWER, "All of these, as set:option.", once=True),
    "who": sequence({"enum": list(WHOSE)}, "Done by one of these.", once=True),
    "whom": sequence({"enum": list(WHOSE)}, "Done to one of these.", once=True),
}
_TERMS = sequence(ID, "Codes, ratings, or scores above this one.", least=1, once=True)
_RATE = _EVENTS | {
    "of": sequence(
        ID, "Codes, or scores above this one that count events, instead of codes alone.", least=1, once=True
    ),
    "per_minutes": number(0.1, 600, "Minutes of observed time that the rate is for.", 60),
}
_CHOSEN = mapping(scheme_scores.EVENTS, _EVENTS, ("codes",))
_SEQUENCE = {
    "after": said(_CHOSEN, "What it begins with."),
    "comes": said(_CHOSEN, "What follows."),
    "within_seconds": number(0.1, 3600, "How long after the end of the first it still counts."),
    "as": one_of(("percent", "count"), "How many of the first in percent, or how often.", "percent"),
}
_LEVEL = {
    "label": said(LINE, "The level's name, such as Good."),
    "at_least": number(-scheme_scores.WIDEST, scheme_scores.WIDEST, "The value from which on it is reached."),
}


def _sides(kind: ScoreKind, description: str) -> Schema:
    sides = scheme_scores.SIDES[kind]
    return said(mapping(sides, dict.fromkeys(sides, _TERMS), sides), description)


_SCORE = {
    "id": said(ID, "The score's name in tables."),
    "label": said(LINE, "What people read."),
    "definition": said(TEXT, "What it means."),
    "levels": sequence(
        mapping(scheme_scores.LEVEL, _LEVEL, scheme_scores.LEVEL), "Levels of competence, the lowest first."
    ),
    "needs": sequence(ID, "Ratings that must have a value for the score to mean anything.", once=True),
    "minimum_answered": number(
        scheme_scores.LEAST_ANSWERED, 1, "Share of what a mean is of that must have a value.", 1
    ),
    "each": one_of(
        ("session", "segment"), "Of the whole session, or of each segment and then averaged over them.", "session"
    ),
    ScoreKind.COUNT: said(_CHOSEN, "How many events there are."),
    ScoreKind.RATE: said(
        mapping(scheme_scores.RATE, _RATE) | {"oneOf": [{"required": ["codes"]}, {"required": ["of"]}]},
        "How many in so many minutes of observed time.",
    ),
    ScoreKind.TIME: said(_CHOSEN, "Percentage of the observed time that any of the states is on."),
    ScoreKind.SEQUENCE: said(
        mapping(scheme_scores.SEQUENCE, _SEQUENCE, ("after", "comes", "within_seconds")),
        "How often one event is followed by another.",
    ),
    ScoreKind.SUM: said(_TERMS, "The sum of these."),
    ScoreKind.MEAN: said(_TERMS, "The mean of these."),
    ScoreKind.DIFFERENCE: _sides(ScoreKind.DIFFERENCE, "The sum of the first without that of the second."),
    ScoreKind.RATIO: _sides(ScoreKind.RATIO, "The sum of the first by that of the second."),
    ScoreKind.SHARE: _sides(ScoreKind.SHARE, "The sum of the first by that of the second, in percent."),
}
SCORE: Schema = {
    **mapping(scheme_scores.SCORE, _SCORE, ("id", "label")),
    "oneOf": [{"required": [kind.value]} for kind in ScoreKind],
}
