"""The scores that a scheme's YAML derives from a coding → `DerivedScore`.

Every score says one thing that it is: `count`, `rate`, `time` or `sequence` of events, or `sum`, `mean`,
`difference`, `ratio` or `share` of codes, ratings and scores that stand above it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from workbench.model.people import ParticipantKind
from workbench.model.scheme import Code, CodeKind, DerivedScore, Level, RatingScale, ScoreKind, Selection
from workbench.model.score_units import EVENTS as IN_EVENTS
from workbench.model.score_units import POINTS, unit_of
from workbench.model.session_people import CLIENTS
from workbench.schemes.fields import PARAGRAPH, Fields, Report, called, did_you_mean
from workbench.schemes.nodes import Node, Scalar
from workbench.schemes.share_parts import why_no_part

SCORE = ["id", "label", "definition", "levels", "needs", "minimum_answered", "each", *ScoreKind]
EVENTS = ["codes", "modifiers", "who", "whom"]
RATE = [*EVENTS, "of", "per_minutes"]
SEQUENCE = ["after", "comes", "within_seconds", "as"]
LEVEL = ["label", "at_least"]
# The two sides of what is computed from other numbers.
SIDES = {
    ScoreKind.DIFFERENCE: ("of", "minus"),
    ScoreKind.RATIO: ("of", "to"),
    ScoreKind.SHARE: ("of", "in"),
}
LEAST_ANSWERED = 0.5  # of what a mean is of, as of the items of a subscale
_WHOSE = {"both": tuple(ParticipantKind), CLIENTS: (ParticipantKind.PATIENT, ParticipantKind.FAMILY)}
_OF_TERMS = (ScoreKind.SUM, ScoreKind.MEAN, *SIDES)
WIDEST = 1_000_000


def read_scores(
    top: Fields, codes: Sequence[Code], ratings: Sequence[RatingScale], report: Report
) -> tuple[DerivedScore, ...]:
    """The list `scores`; a score may use codes, ratings, and the scores above it."""
    terms = _Terms(codes, ratings)
    scores = []
    for n, node in enumerate(top.nodes("scores"), 1):
        score = _score(node, n, terms, report)
        scores.append(score)
        terms.add(score)
    top.each_once("scores", "id")
    top.each_once("scores", "label")
    return tuple(scores)


class _Terms:
    """What a formula may name, and what each name stands for."""

    def __init__(self, codes: Sequence[Code], ratings: Sequence[RatingScale]) -> None:
        self.codes = {code.id: code for code in codes}
        self.ratings = {scale.id: scale for scale in ratings}
        self.scores: dict[str, DerivedScore] = {}
        self.units = {code.id: IN_EVENTS for code in codes} | {scale.id: POINTS for scale in ratings}

    def add(self, score: DerivedScore) -> None:
        """Take in a score; of two with one id, which is a mistake, the first stays."""
        if score.id not in self.scores:
            self.scores[score.id] = score
            self.units[score.id] = unit_of(score, self.units)

    def each_segment(self, name: str) -> bool:
        """Whether a name stands for something that each segment has."""
        found = self.ratings.get(name) or self.scores.get(name)
        return bool(found and found.each_segment)

    @property
    def names(self) -> list[str]:
        return [*self.codes, *sorted(self.ratings), *sorted(self.scores)]

    def problem(self, name: str) -> str:
        """Why a name cannot stand in a formula; empty where it can."""
        stands_for = [
            what
            for what, those in (("a code", self.codes), ("a rating", self.ratings), ("a score", self.scores))
            if name in those
        ]
        if not stands_for:
            return f"{name!r} is no code, no rating and no score above this one{did_you_mean(name, self.names)}"
        if len(stands_for) > 1:
            return f"{name!r} is {' and '.join(stands_for)}: give one of them another id"
        return ""


def _score(node: Node, n: int, terms: _Terms, report: Report) -> DerivedScore:
    score = Fields(node, f"score {called(node, n)}", SCORE, report)
    score_id = score.ident("id")
    if score_id in terms.codes or score_id in terms.ratings:
        score.note("id", f"id {score_id!r} is also that of a {'code' if score_id in terms.codes else 'rating'}")
    said = [kind for kind in ScoreKind if score.has(kind)]
    if len(said) != 1 and score.has("id"):
        found = " and ".join(said) if said else "none of them"
        score.note("id", f"expected one of {', '.join(ScoreKind)}; found {found}")
    kind = said[0] if said else ScoreKind.COUNT
    made = DerivedScore(
        id=score_id,
        label=score.text("label", required=True),
        kind=kind,
        definition=score.text("definition", limit=PARAGRAPH),
        levels=_levels(score, report),
        needs=score.choices("needs", tuple(terms.ratings)),
        minimum_answered=score.number("minimum_answered", LEAST_ANSWERED, 1, default=1),
        each_segment=score.choice("each", ("session", "segment"), default="session") == "segment",
    )
    if not said:
        return made
    if kind is not ScoreKind.MEAN and score.has("minimum_answered"):
        score.note("minimum_answered", f"minimum_answered belongs to a mean, and this is a {kind}")
    made = _of_terms(made, score, terms) if kind in _OF_TERMS else _events(made, score, terms)
    for term in (*made.of, *made.to) if made.each_segment and kind in _OF_TERMS else ():
        if not terms.each_segment(term):
            score.note("each", f"{term!r} is no rating of segments and no score of them: each segment has none")
    if made.each_segment and kind not in _OF_TERMS:
        score.note("each", f"a {kind} of events is for the session: only formulas of ratings can be for segments")
    return made


def _of_terms(made: DerivedScore, score: Fields, terms: _Terms) -> DerivedScore:
    """What is computed from other numbers."""
    if made.kind not in SIDES:
        made = replace(made, of=_terms(score, made.kind, terms))
        _go_together(score, made.kind, made.of, terms)
        return made
    sides = score.part(made.kind, SIDES[made.kind])
    of, to = (_terms(sides, side, terms) for side in SIDES[made.kind])
    if made.kind is ScoreKind.DIFFERENCE:
        _go_together(score, made.kind, (*of, *to), terms)
    else:
        for side, of_it in zip(SIDES[made.kind], (of, to), strict=True):
            _go_together(sides, side, of_it, terms)
    if made.kind is ScoreKind.SHARE and of and to and (why := why_no_part(of, to, terms.codes, terms.scores)):
        sides.note("of", why)
    return replace(made, of=of, to=to)


def _go_together(fields: Fields, name: str, of: Sequence[str], terms: _Terms) -> None:
    """Notes where numbers are put together that are counted in different things."""
    first: dict[str, str] = {}
    for term in of:
        first.setdefault(terms.units[term], term)
    if len(first) > 1:
        mixed = " and ".join(f"{unit} ({term!r})" for unit, term in first.items())
        fields.note(name, f"{name} puts together {mixed}, which have no common unit")
    scales = {(r.low, r.high): r.id for r in (terms.ratings.get(term) for term in of) if r}
    if len(scales) > 1:
        ends = " and ".join(f"{low} to {high} ({rating!r})" for (low, high), rating in scales.items())
        fields.note(name, f"{name} puts together ratings from {ends}, which have no common scale")


def _events(made: DerivedScore, score: Fields, terms: _Terms) -> DerivedScore:
    """What is made of events."""
    if made.kind is ScoreKind.SEQUENCE:
        return _sequence(made, score.part(made.kind, SEQUENCE), terms)
    rate = made.kind is ScoreKind.RATE
    events = score.part(made.kind, RATE if rate else EVENTS)
    if not rate:
        selection = _selection(events, terms)
        for code in selection.codes if made.kind is ScoreKind.TIME else ():
            if terms.codes[code].kind is not CodeKind.STATE:
                events.note("codes", f"{code!r} is no state and takes no time; count it instead")
        return replace(made, events=selection)
    made = replace(made, per_minutes=events.number("per_minutes", 0.1, 600, default=60))
    if not events.has("of"):
        return replace(made, events=_selection(events, terms))
    for key in EVENTS:
        if events.has(key):
            events.note(key, f"a rate is of codes or of what stands in `of`, and {key} goes with codes")
    of = _terms(events, "of", terms)
    for term in of:
        if terms.units[term] != IN_EVENTS:
            events.note("of", f"{term!r} is in {terms.units[term]}: a rate is of events")
    return replace(made, of=of)


def _sequence(made: DerivedScore, fields: Fields, terms: _Terms) -> DerivedScore:
    first, then = (_selection(fields.part(side, EVENTS), terms) for side in ("after", "comes"))
    if not fields.has("within_seconds"):
        fields.note("within_seconds", "within_seconds is missing: how long after it still counts")
    seconds = fields.number("within_seconds", 0.1, 3600, default=1)
    counted = fields.choice("as", ("percent", "count"), default="percent") == "count"
    return replace(made, events=first, then=then, within_ms=round(seconds * 1000), counted=counted)


def _selection(events: Fields, terms: _Terms) -> Selection:
    codes = events.choices("codes", list(terms.codes), required=True)
    there = Counter(option for code in codes for option in _options(terms.codes[code]))
    modifiers = events.choices("modifiers", list(there))
    for modifier in modifiers:
        if there[modifier] < len(codes):
            without = next(c for c in codes if modifier not in _options(terms.codes[c]))
            events.note("modifiers", f"code {without!r} has no {modifier!r}, so that none of its events would count")
    kinds = tuple(ParticipantKind)
    who, whom = events.choices("who", kinds), events.choices("whom", kinds)
    for code in (terms.codes[c] for c in codes):
        for single in (m for m in code.modifiers if not m.several):
            of_it = [m for m in modifiers if m.startswith(f"{single.id}:")]
            if len(of_it) > 1:
                events.note("modifiers", f"{code.id!r} has one of {' and '.join(of_it)} at most, so none would count")
        could_be = _WHOSE.get(code.who, (code.who,))
        if who and not set(could_be) & set(who):
            events.note(
                "who", f"code {code.id!r} is that of {' and '.join(could_be)}, so that none of its events would count"
            )
        elif who and len(could_be) > 1 and "who" not in code.ask:
            events.note("who", f"code {code.id!r} does not ask who, so that none of its events would count")
        if whom and "whom" not in code.ask:
            events.note("whom", f"code {code.id!r} does not ask whom, so that none of its events would count")
    return Selection(codes, modifiers, who, whom)


def _options(code: Code) -> set[str]:
    return {f"{modifier.id}:{option.id}" for modifier in code.modifiers for option in modifier.options}


def _terms(fields: Fields, name: str, terms: _Terms) -> tuple[str, ...]:
    """The terms in the list `name`, without those that cannot stand in a formula."""
    found: dict[str, None] = {}
    for node in fields.nodes(name, required=True):
        text = node.text if isinstance(node, Scalar) else ""
        if problem := terms.problem(text):
            fields.report.add(node, f"{fields.what}: {problem}")
        elif text in found:
            fields.report.add(node, f"{fields.what}: {name} has {text!r} twice")
        else:
            found[text] = None
    return tuple(found)


def _levels(score: Fields, report: Report) -> tuple[Level, ...]:
    levels = []
    for n, node in enumerate(score.nodes("levels"), 1):
        level = Fields(node, f"{score.what}, level {called(node, n)}", LEVEL, report)
        if not level.has("at_least"):
            level.note("at_least", "at_least is missing: the value from which on the level is reached")
        at_least = level.number("at_least", -WIDEST, WIDEST, default=0)
        levels.append(Level(level.text("label", required=True), at_least))
    score.each_once("levels", "label")
    if any(lower.at_least >= higher.at_least for lower, higher in pairwise(levels)):
        score.note("levels", "levels must rise: the lowest at_least first")
    return tuple(levels)
