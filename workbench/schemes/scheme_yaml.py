"""A coding scheme → the YAML that people write: the shipped files' order and manner, every word of it kept.

>>> from workbench.schemes import parse_scheme, shipped_schemes
>>> scheme = shipped_schemes()["rupture_repair"]
>>> parse_scheme(write_scheme(scheme).encode(), "again.yaml").hash == scheme.hash
True

What stands at its default is left out, but for what every team decides on: the language, how fast, with or without the
transcript, how near in time. The readers' own lists of keys give the order, so that a key which is read and not
written is an error here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from workbench.model.scheme import (
    Certification,
    Code,
    CodingScheme,
    DerivedScore,
    Each,
    EarlierVersion,
    EvidenceRule,
    Modifier,
    ModifierOption,
    RatingScale,
    Reported,
    ScoreKind,
    Selection,
)
from workbench.schemes.scheme_agreement import CERTIFICATION, LIMIT, MEASURES, REPORTED
from workbench.schemes.scheme_codes import CODE, MODIFIER, OPTION
from workbench.schemes.scheme_earlier import EARLIER
from workbench.schemes.scheme_file import RATING, TOP
from workbench.schemes.scheme_rules import RULE
from workbench.schemes.scheme_scores import EVENTS, LEVEL, RATE, SCORE, SEQUENCE, SIDES
from workbench.schemes.yaml_text import NOTHING, Plain, Tree, write_tree

HEAD = "# yaml-language-server: $schema=../scheme.schema.json\n"

_VALENCE = {1: "positive", -1: "negative", 0: "neutral"}


def write_scheme(scheme: CodingScheme) -> str:
    """The YAML of a scheme. What `parse_scheme` reads from it has the same identity."""
    return HEAD + write_tree(scheme_tree(scheme))


def scheme_tree(scheme: CodingScheme) -> dict[str, Tree]:
    """What stands in the file of a scheme, key by key."""
    return _in_order(
        TOP,
        {
            "scheme": scheme.name,
            "title": scheme.title,
            "version": scheme.version,
            "description": scheme.description,
            "authors": list(scheme.authors),
            "source": scheme.source,
            "rights": scheme.rights,
            "language": scheme.language,
            "unit": "" if scheme.unit == "event" else scheme.unit,
            "units_of": list(scheme.units_of),
            "passes": [each.value for each in scheme.passes],
            "segment_minutes": "" if scheme.segment_ms is None else _number(scheme.segment_ms / 60_000),
            "parallel_form": scheme.parallel_form,
            "show_transcript": _flag(scheme.show_transcript),
            "speed_cap": _number(scheme.speed_cap),
            "bin_seconds": _number(scheme.bin_ms / 1000),
            "tolerance_seconds": _number(scheme.tolerance_ms / 1000),
            "agreement": _agreement(scheme.agreement),
            "certification": _certification(scheme.certification) if scheme.certification else "",
            "from_version": _earlier(scheme.earlier) if scheme.earlier else "",
            "codes": [_code(code) for code in scheme.codes],
            "ratings": [_rating(scale) for scale in scheme.ratings],
            "rules": [_rule(rule) for rule in scheme.rules],
            "check_evidence": "" if scheme.check_evidence else _flag(False),
            "reasons": list(scheme.reasons),
            "scores": [_score(score) for score in scheme.scores],
        },
    )


def _agreement(reported: Sequence[Reported]) -> dict[str, Tree]:
    return {
        each.of.value: _in_order(REPORTED, {"coefficients": list(each.coefficients), "reason": each.reason})
        for each in reported
    }


def _certification(asked: Certification) -> Tree:
    limits = {
        limit.of.value: _in_order(LIMIT, {"measure": limit.measure, "at_least": _number(limit.at_least)})
        for limit in asked.limits
    }
    none: dict[str, Tree] = dict.fromkeys(MEASURES, "")
    made: dict[str, Tree] = {"sessions": _number(asked.sessions), "reason": asked.reason}
    return _in_order(CERTIFICATION, none | limits | made)


def _earlier(earlier: EarlierVersion) -> Tree:
    became: dict[str, Tree] = {"codes": _lines(earlier.codes), "ratings": _lines(earlier.ratings)}
    became["modifiers"] = {code: _lines(lines) for code, lines in earlier.modifiers.items()}
    return _in_order(EARLIER, {"version": earlier.version, **became})


def _lines(became: Mapping[str, str | None]) -> dict[str, Tree]:
    return {old: NOTHING if new is None else new for old, new in became.items()}


def _code(code: Code) -> Tree:
    return _in_order(
        CODE,
        {
            "id": code.id,
            "label": code.label,
            "kind": code.kind.value,
            "key": code.key,
            "who": code.who,
            "dimension": code.dimension,
            "valence": _VALENCE[code.valence],
            "group": code.group or "",
            "colour": code.colour,
            "ask": list(code.ask),
            "modifiers": [_modifier(modifier) for modifier in code.modifiers],
            "definition": code.definition,
            "example": code.example,
            "near_miss": code.near_miss,
        },
    )


def _modifier(modifier: Modifier) -> Tree:
    return _in_order(
        MODIFIER,
        {
            "id": modifier.id,
            "label": modifier.label,
            "required": _flag(True) if modifier.required else "",
            "several": _flag(True) if modifier.several else "",
            "options": [_option(option) for option in modifier.options],
        },
    )


def _option(option: ModifierOption) -> Tree:
    return _in_order(OPTION, {"id": option.id, "label": option.label, "key": option.key, "direct": option.direct})


def _rating(scale: RatingScale) -> Tree:
    return _in_order(
        RATING,
        {
            "id": scale.id,
            "label": scale.label,
            "each": "" if scale.each is Each.SESSION else scale.each.value,
            "of": list(scale.of),
            "low": _number(scale.low),
            "high": _number(scale.high),
            "start": "" if scale.start is None else _number(scale.start),
            "no_evidence": _flag(True) if scale.no_evidence else "",
            "reversed": _flag(True) if scale.reversed else "",
            "scored": "" if scale.scored else _flag(False),
            "dimension": scale.dimension,
            "definition": scale.definition,
            "anchors": {str(value): words for value, words in sorted(scale.anchors.items())},
        },
    )


def _rule(rule: EvidenceRule) -> Tree:
    # at least 0 asks for nothing, and is written only where it is all that the rule says
    least = _number(rule.at_least) if rule.at_least or rule.at_most is None else ""
    return _in_order(
        RULE,
        {
            "id": rule.id,
            "rating": rule.scale,
            "from": _number(rule.low),
            "to": _number(rule.high),
            "codes": list(rule.codes),
            "at_least": least,
            "at_most": "" if rule.at_most is None else _number(rule.at_most),
            "sentence": rule.sentence,
        },
    )


def _score(score: DerivedScore) -> Tree:
    made: dict[str, Tree] = {
        "id": score.id,
        "label": score.label,
        "definition": score.definition,
        "levels": [
            _in_order(LEVEL, {"label": level.label, "at_least": _number(level.at_least)}) for level in score.levels
        ],
        "needs": list(score.needs),
        "minimum_answered": "" if score.minimum_answered == 1 else _number(score.minimum_answered),
        "each": "segment" if score.each_segment else "",
    }
    return _in_order(SCORE, made | {kind.value: _formula(score) if kind is score.kind else "" for kind in ScoreKind})


def _formula(score: DerivedScore) -> Tree:
    """What stands under the score's kind."""
    if score.kind in (ScoreKind.SUM, ScoreKind.MEAN):
        return list(score.of)
    if score.kind in SIDES:
        return dict(zip(SIDES[score.kind], (list(score.of), list(score.to)), strict=True))
    if score.kind is ScoreKind.SEQUENCE:
        return _in_order(
            SEQUENCE,
            {
                "after": _selection(score.events),
                "comes": _selection(score.then),
                "within_seconds": _number(score.within_ms / 1000),
                "as": "count" if score.counted else "",
            },
        )
    if score.kind is ScoreKind.RATE:
        rate = {"of": list(score.of), "per_minutes": _number(score.per_minutes)}
        return _in_order(RATE, _of_events(score.events) | rate)
    return _selection(score.events)


def _selection(selection: Selection) -> dict[str, Tree]:
    return _in_order(EVENTS, _of_events(selection))


def _of_events(selection: Selection) -> dict[str, Tree]:
    return {
        "codes": list(selection.codes),
        "modifiers": list(selection.modifiers),
        "who": list(selection.who),
        "whom": list(selection.whom),
    }


def _in_order(keys: Sequence[str], said: Mapping[str, Tree]) -> dict[str, Tree]:
    """The entries that say something, in the order of `keys`. Raises KeyError where the two name different keys."""
    if differing := set(keys) ^ set(said):
        raise KeyError(f"read or written only: {', '.join(sorted(differing))}")
    return {str(key): said[key] for key in keys if said[key]}


def _flag(value: bool) -> Plain:
    return Plain("true" if value else "false")


def _number(value: float) -> Plain:
    """A number as the reader takes it: no exponent, at most six decimals, none that say nothing."""
    text = f"{value:.6f}"
    return Plain(text.rstrip("0").rstrip("."))
