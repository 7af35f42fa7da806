"""What a scheme asks, in sentences: how to code with it, and what its scores are made of.

A codebook and a screen say the same words. Names that a team gave stand in them as they were given, each set apart
from the sentence where the scheme's language runs from the right.

>>> from workbench.schemes import shipped_schemes
>>> mi = shipped_schemes()["mi_integrity"]
>>> ways_of_working(mi)[0]
'Every utterance of the provider is coded; it can have several codes.'
>>> {score.id: formula(mi, score) for score in mi.scores}["reflections_to_questions"]
'Reflections ÷ Question'
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from workbench.model.scheme import (
    Code,
    CodeKind,
    CodingPass,
    CodingScheme,
    DerivedScore,
    Each,
    RatingScale,
    Reported,
    ScoreKind,
    Selection,
)
from workbench.model.titles import apart

KINDS = {CodeKind.POINT: "act", CodeKind.STATE: "stretch", CodeKind.UTTERANCE: "utterance"}
PASSES = {
    CodingPass.LISTEN: "listen to all of it once",
    CodingPass.UNITIZE: "settle the units",
    CodingPass.CODE: "code",
    CodingPass.RATE: "rate",
}
_WHOSE = {"": "anybody", "both": "anybody", "clients": "patient or family"}
_RATED = {
    Each.SESSION: "the whole session",
    Each.SEGMENT: "each segment",
    Each.PERSON: "each person",
    Each.FAMILY: "all of them together",
}
_MEASURES = {
    "kappa": "Cohen’s κ",
    "exact": "share of the same answers",
    "icc": "ICC of a single rater",
    "within_one": "share at most one point apart",
}


def ways_of_working(scheme: CodingScheme) -> tuple[str, ...]:
    """How to code with the scheme, sentence by sentence."""
    said = [*_what_is_coded(scheme), *_exclusions(scheme), *order_of_work(scheme)]
    said.append(f"Playback is at most {number(scheme.speed_cap)} times as fast.")
    said.append("Only the observation window is coded. What cannot be seen or heard is Not observable, no code.")
    if any(code.kind is not CodeKind.UTTERANCE for code in scheme.codes):
        seconds = number(scheme.tolerance_ms / 1000)
        said.append(f"Two raters mean the same event when theirs lie at most {seconds} s apart.")
    return tuple(said)


def order_of_work(scheme: CodingScheme) -> list[str]:
    """In which order one works, in what segments, and whether by ear; nothing where the scheme asks for none of it."""
    said = []
    if scheme.passes:
        said.append(f"In this order: {', '.join(PASSES[each] for each in scheme.passes)}.")
    if scheme.segment_ms:
        said.append(f"A segment lasts {number(scheme.segment_ms / 60_000)} minutes.")
    if not scheme.show_transcript:
        said.append("The transcript is hidden: coded by ear.")
    return said


def agreement_asked(scheme: CodingScheme, coefficient_name: Callable[[str], str]) -> tuple[str, ...]:
    """How well raters must agree with this scheme, and what is reported of it; nothing where it does not say.

    `coefficient_name` gives what readers call the coefficient of an id.
    """
    said = []
    if asked := scheme.certification:
        sessions = f"{asked.sessions} session{'s' * (asked.sessions != 1)}"
        limits = [f"{measure_name(each.measure)} on {each.of} at {number(each.at_least)}" for each in asked.limits]
        said.append(
            f"Before coding for a study: {sessions} with a criterion coding, where the interval of each of these "
            f"begins at its limit or above: {listed(limits)}. {apart(asked.reason)}"
        )
    kinds: dict[tuple[str, ...], list[Reported]] = {}
    for each in scheme.agreement:
        kinds.setdefault(each.coefficients, []).append(each)
    for ids, alike in kinds.items():
        named = listed([coefficient_name(id) for id in ids])
        reasons = " ".join(dict.fromkeys(apart(each.reason) for each in alike))
        said.append(f"Reported for {listed([each.of for each in alike])}: {named}. {reasons}")
    return tuple(said)


def measure_name(measure: str) -> str:
    """What readers call a form of the agreement with a criterion."""
    return _MEASURES[measure]


def about_code(code: Code) -> str:
    """What a code is, whose behaviour, and what it asks: "act · provider · asks to whom"."""
    asked = {"who": "asks who", "whom": "asks to whom"}
    return " · ".join([KINDS[code.kind], _WHOSE.get(code.who, code.who), *(asked[each] for each in code.ask)])


def rated(scale: RatingScale) -> str:
    """What one value of a rating is given for: "each person: patient and family"."""
    of = f": {listed(scale.of)}" if scale.of else ""
    return _RATED[scale.each] + of


def about_rating(scale: RatingScale) -> str:
    """A rating's scale and what is special about it: "1 to 5 · begins at 3"."""
    said = [f"{number(scale.low)} to {number(scale.high)}"]
    if scale.start is not None:
        said.append(f"begins at {number(scale.start)}")
    if scale.no_evidence:
        said.append("or no evidence")
    if scale.reversed:
        said.append("high is weak")
    return " · ".join(said)


def formula(scheme: CodingScheme, score: DerivedScore) -> str:
    """What a derived score is made of, with the labels of codes, ratings and other scores.

    Its unit is said where the score's own label does not: "in percent".
    """
    names = _names(scheme)
    said = _made_of(scheme, score, names)
    if score.each_segment:
        said += ", segment by segment, then the mean"
    if score.minimum_answered < 1:
        said += f", where {score.minimum_answered:.0%} of them have a value"
    if score.needs:
        said += f", with evidence for {listed([names[i] for i in score.needs])}"
    return said


def _names(scheme: CodingScheme) -> dict[str, str]:
    """The labels of everything that a score can be made of, by id."""
    labels = {code.id: code.label for code in scheme.codes} | {scale.id: scale.label for scale in scheme.ratings}
    labels |= {other.id: other.label for other in scheme.scores}
    return {name: apart(label) for name, label in labels.items()}


def _made_of(scheme: CodingScheme, score: DerivedScore, names: Mapping[str, str]) -> str:
    percent = "" if "percent" in score.label.lower() else ", in percent"

    def sum_of(ids: Iterable[str], *, in_brackets: bool = False) -> str:
        parts = [names[i] for i in ids]
        return f"({' + '.join(parts)})" if in_brackets and len(parts) > 1 else " + ".join(parts)

    match score.kind:
        case ScoreKind.COUNT:
            return f"number of {_events(scheme, score.events)}"
        case ScoreKind.RATE:
            hour = score.per_minutes == 60
            time = "an observed hour" if hour else f"{number(score.per_minutes)} observed minutes"
            return f"{sum_of(score.of) if score.of else _events(scheme, score.events)} in {time}"
        case ScoreKind.TIME:
            return f"share of the observed time in {_events(scheme, score.events)}{percent}"
        case ScoreKind.SEQUENCE:
            how = "number of" if score.counted else "share of"
            unit = "" if score.counted else percent
            first, then = _events(scheme, score.events), _events(scheme, score.then)
            return f"{how} {first} followed by {then} within {number(score.within_ms / 1000)} s{unit}"
        case ScoreKind.SUM:
            return sum_of(score.of)
        case ScoreKind.MEAN:
            return f"mean of {listed([names[i] for i in score.of])}"
        case ScoreKind.DIFFERENCE:
            return f"{sum_of(score.of)} − {sum_of(score.to, in_brackets=True)}"
        case ScoreKind.RATIO:
            return f"{sum_of(score.of, in_brackets=True)} ÷ {sum_of(score.to, in_brackets=True)}"
        case ScoreKind.SHARE:
            whole = sum_of(score.to, in_brackets=True)
            return f"{sum_of(score.of, in_brackets=True)} ÷ {whole}{percent}"


def _what_is_coded(scheme: CodingScheme) -> list[str]:
    if scheme.unit == "utterance":
        whose = f"the {listed(scheme.units_of)}" if scheme.units_of else "everybody"
        return [f"Every utterance of {whose} is coded; it can have several codes."]
    kinds = {code.kind for code in scheme.codes}
    said = [] if scheme.codes else ["Nothing is coded: the session is rated."]
    if CodeKind.POINT in kinds:
        said.append("An act is placed where it begins.")
    if CodeKind.STATE in kinds:
        said.append("A stretch lasts from its first sign to its last.")
    if CodeKind.UTTERANCE in kinds:
        said.append("A code of an utterance is said of the whole utterance.")
    return said


def _exclusions(scheme: CodingScheme) -> list[str]:
    groups: dict[str, list[Code]] = {}
    for code in scheme.codes:
        if code.group:
            groups.setdefault(code.group, []).append(code)
    said = []
    for members in groups.values():
        named = listed([apart(code.label) for code in members], "or")
        if members[0].kind is CodeKind.UTTERANCE:
            said.append(f"An utterance is at most one of these: {named}.")
        else:
            said.append(f"At any moment at most one of these is on: {named}.")
    return said


def _events(scheme: CodingScheme, selection: Selection) -> str:
    codes = listed([apart(scheme.code(code).label) for code in selection.codes], "or")
    marks = [listed(labels, "or") for labels in _option_labels(scheme, selection)]
    by = f" by {listed(selection.who, 'or')}" if selection.who else ""
    to = f" to {listed(selection.whom, 'or')}" if selection.whom else ""
    return f"{codes}{f' ({listed(marks)})' if marks else ''}{by}{to}"


def _option_labels(scheme: CodingScheme, selection: Selection) -> list[list[str]]:
    """For each option of a selection what its codes call it; codes can give one id different words."""
    found = []
    for wanted in selection.modifiers:
        labels = {
            option.label: None
            for code in (scheme.code(c) for c in selection.codes)
            for modifier in code.modifiers
            for option in modifier.options
            if wanted == f"{modifier.id}:{option.id}"
        }
        found.append([apart(label) for label in labels])
    return found


def quoted(label: str) -> str:
    """A label in quotation marks, which keeps its own direction within an English sentence."""
    return f"“{apart(label)}”"


def listed(parts: Sequence[str], last: str = "and") -> str:
    """The parts as a sentence names them: "bond, goals and tasks"."""
    return f" {last} ".join(part for part in (", ".join(parts[:-1]), *parts[-1:]) if part)


def number(value: float) -> str:
    """A number as it is printed: with a minus sign, which no line breaks off and nobody takes for a dash."""
    return f"{value:g}".replace("-", "−")
