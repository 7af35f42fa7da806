"""Whether what stands before the sign of a share is a part of what stands after it: else more than 100 % comes out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice

from workbench.model.scheme import Code, DerivedScore, ScoreKind, Selection

NO_COUNT = "a share is of counted events, or of one time in another; a ratio takes the rest"
MOST_PARTS = 500  # counts that are put together in one share: sums of sums of sums double with every line
TOO_MANY = f"a share puts together at most {MOST_PARTS} counts, those within its sums among them"
Scores = Mapping[str, DerivedScore]


def why_no_part(of: Sequence[str], whole: Sequence[str], codes: Mapping[str, Code], scores: Scores) -> str:
    """Why `of` is no part of `whole`, empty where it is one. All names are of codes, ratings or scores."""
    if any(term in scores and scores[term].kind is ScoreKind.TIME for term in (*of, *whole)):
        return _no_part_of_time(of, whole, scores)
    parts = _first(part for term in of for part in _counted(term, codes, scores))
    wholes = _first(part for term in whole for part in _counted(term, codes, scores, whole=True))
    if None in parts or None in wholes:
        return NO_COUNT
    if max(len(parts), len(wholes)) > MOST_PARTS:
        return TOO_MANY
    for code in dict.fromkeys(p.codes[0] for p in parts if p):
        here = [p for p in parts if p and p.codes[0] == code]
        free = [w for w in wholes if w and w.codes[0] == code]
        for group in _apart(here, codes[code]):
            fits = next((w for w in free if all(_within(p, w) for p in group)), None)
            if fits is None:
                return f"what is counted of {code!r} is no part of what it is to be a share of"
            free.remove(fits)
    return ""


def _first(parts: Iterator[Selection | None]) -> list[Selection | None]:
    """One more than there may be at most, which is enough to know."""
    return list(islice(parts, MOST_PARTS + 1))


def _no_part_of_time(of: Sequence[str], whole: Sequence[str], scores: Scores) -> str:
    if len(of) != 1 or len(whole) != 1 or not {of[0], whole[0]} <= set(scores):
        return NO_COUNT
    first, second = scores[of[0]], scores[whole[0]]
    if (first.kind, second.kind) != (ScoreKind.TIME, ScoreKind.TIME):
        return NO_COUNT
    within = set(first.events.codes) <= set(second.events.codes) and _within(first.events, second.events)
    return "" if within else f"the time of {first.id!r} is no part of that of {second.id!r}"


def _counted(
    term: str, codes: Mapping[str, Code], scores: Scores, *, whole: bool = False
) -> Iterator[Selection | None]:
    """The events of a term, code by code; None for what is no count. For a part a difference is at most what it
    is taken from, and a counted sequence at most what it begins with; neither is a whole."""
    if term in codes:
        yield Selection((term,))
    elif term in scores:
        score = scores[term]
        if score.kind is ScoreKind.COUNT or (score.kind is ScoreKind.SEQUENCE and score.counted and not whole):
            for code in score.events.codes:
                yield replace(score.events, codes=(code,))
        elif score.kind is ScoreKind.SUM or (score.kind is ScoreKind.DIFFERENCE and not whole):
            for inner in score.of:
                yield from _counted(inner, codes, scores, whole=whole)
        else:
            yield None
    else:
        yield None


def _within(part: Selection, whole: Selection) -> bool:
    """Whether every event of the one is an event of the other, their codes apart."""
    people = ((part.who, whole.who), (part.whom, whole.whom))
    return set(whole.modifiers) <= set(part.modifiers) and all(
        not of_whole or (of_part and set(of_part) <= set(of_whole)) for of_part, of_whole in people
    )


def _apart(parts: Sequence[Selection], code: Code) -> list[list[Selection]]:
    """The parts in groups in which no event counts twice."""
    groups: list[list[Selection]] = []
    for part in parts:
        group = next((g for g in groups if all(_exclude(part, other, code) for other in g)), None)
        if group is None:
            groups.append([part])
        else:
            group.append(part)
    return groups


def _exclude(one: Selection, other: Selection, code: Code) -> bool:
    single = {m.id for m in code.modifiers if not m.several}
    options = ((a.partition(":")[0], b.partition(":")[0], a != b) for a in one.modifiers for b in other.modifiers)
    return any(a == b and differ and a in single for a, b, differ in options) or any(
        a and b and not set(a) & set(b) for a, b in ((one.who, other.who), (one.whom, other.whom))
    )
