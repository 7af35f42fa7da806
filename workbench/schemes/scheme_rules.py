"""What a scheme's YAML asks of a coding as a whole: passes in order, and rules between ratings and codes."""

from __future__ import annotations

from collections.abc import Sequence

from workbench.model.scheme import Code, CodingPass, Each, EvidenceRule, RatingScale
from workbench.model.session_people import is_of
from workbench.schemes.fields import ANY_BOUNDS, PARAGRAPH, Fields, Report, called, did_you_mean
from workbench.schemes.nodes import Node

RULE = ["id", "rating", "from", "to", "codes", "at_least", "at_most", "sentence"]
MOST_REASONS = 9  # one digit each
_MOST_EVENTS = 1000


def read_rules(
    top: Fields, codes: Sequence[Code], ratings: Sequence[RatingScale], report: Report
) -> tuple[EvidenceRule, ...]:
    """The list `rules`: what a rating in a range expects of the events of some codes."""
    rules = tuple(_rule(node, n, codes, ratings, report) for n, node in enumerate(top.nodes("rules"), 1))
    top.each_once("rules", "id")
    return rules


def read_reasons(top: Fields) -> tuple[str, ...]:
    """The list `reasons`: answers to a contradiction, one key each."""
    reasons = top.texts("reasons")
    if len(reasons) > MOST_REASONS:
        top.note("reasons", f"reasons has {len(reasons)} entries, expected at most {MOST_REASONS}: one digit each")
    if len({r.casefold() for r in reasons}) < len(reasons):
        top.note("reasons", "reasons holds the same sentence twice")
    if reasons and not top.has("rules"):
        top.note("reasons", "reasons answer a contradiction with a rule, and there are no rules")
    return reasons


def read_passes(
    top: Fields, unit: str, codes: Sequence[Code], ratings: Sequence[RatingScale]
) -> tuple[CodingPass, ...]:
    """The list `passes`: a part of listen, unitize, code, rate, in this order."""
    passes = tuple(CodingPass(name) for name in top.choices("passes", tuple(CodingPass)))
    if list(passes) != sorted(passes, key=list(CodingPass).index):
        top.note("passes", f"passes are {', '.join(passes)}, expected in the order {', '.join(CodingPass)}")
    if CodingPass.UNITIZE in passes and unit != "utterance":
        top.note("passes", "the pass unitize settles the units of the transcript and needs unit: utterance")
    for each, entries, what in ((CodingPass.CODE, codes, "codes"), (CodingPass.RATE, ratings, "ratings")):
        if each in passes and not entries:
            top.note("passes", f"there is a pass {each}, and there are no {what}")
        if passes and each not in passes and entries:
            top.note("passes", f"there are {what}, and no pass {each} for them")
    return passes


def _rule(node: Node, n: int, codes: Sequence[Code], ratings: Sequence[RatingScale], report: Report) -> EvidenceRule:
    rule = Fields(node, f"rule {called(node, n)}", RULE, report)
    scales = {scale.id: scale for scale in ratings}
    scale_id = rule.ident("rating")
    if scale_id and scale_id not in scales:
        rule.note("rating", f"unknown rating {scale_id!r}{did_you_mean(scale_id, list(scales))}")
    rated = scales.get(scale_id)
    bounds = (scales[scale_id].low, scales[scale_id].high) if scale_id in scales else ANY_BOUNDS
    low, high = rule.whole("from", *bounds), rule.whole("to", *bounds)
    if low is not None and high is not None and low > high:
        rule.note("to", f"the rule holds from {low} to {high}, expected from below to")
    at_least = rule.whole("at_least", 0, _MOST_EVENTS) if rule.has("at_least") else 0
    at_most = rule.whole("at_most", 0, _MOST_EVENTS) if rule.has("at_most") else None
    if not at_least and not rule.has("at_most"):
        rule.note("at_least", "the rule sets no limit; give at_least (1 or more), at_most, or both")
    if at_least is not None and at_most is not None and at_least > at_most:
        rule.note("at_most", f"the rule wants at least {at_least} and at most {at_most}")
    chosen = rule.choices("codes", [code.id for code in codes], required=True)
    if rated is not None and rated.each is Each.PERSON:
        _people_fit(rule, rated, [code for code in codes if code.id in chosen])
    return EvidenceRule(
        id=rule.ident("id"),
        scale=scale_id,
        low=bounds[0] if low is None else low,
        high=bounds[1] if high is None else high,
        codes=chosen,
        sentence=rule.text("sentence", required=True, limit=PARAGRAPH),
        at_least=at_least or 0,
        at_most=at_most,
    )


def _people_fit(rule: Fields, rated: RatingScale, codes: Sequence[Code]) -> None:
    """A rating of a person is held against what that person did: the codes must say who it was."""
    whom = " or ".join(rated.of)
    for code in codes:
        if not any(is_of(kind, code.who) for kind in rated.of):
            rule.note("codes", f"code {code.id!r} is the {code.who}'s, and {rated.id!r} rates each {whom}")
        elif "who" not in code.ask:
            rule.note("codes", f"code {code.id!r} does not ask who (ask: [who]), and {rated.id!r} rates each {whom}")
