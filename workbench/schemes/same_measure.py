"""Whether two versions of a scheme measure the same: the same codes, answers and ratings of the same stretches.

Texts do not count: a definition that was reworded, an example, a key. Whoever changes what a code means gives it
another id and does not map it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from workbench.model.scheme import Code, CodingScheme, RatingScale
from workbench.schemes.earlier_answers import Unread
from workbench.schemes.scheme_earlier import answers_became, became, unread


def measured_otherwise(earlier: CodingScheme, later: CodingScheme) -> list[str]:
    """Why results on `earlier` cannot stand beside those on `later`, which was made from it: what of `later` is
    otherwise, a few words each. Empty where the same is measured."""
    codes, ratings = became(earlier, later)
    of_codes, of_ratings = unread(earlier, later)
    return [
        *_of_the_whole(earlier, later),
        *_of_entries("code", codes, of_codes, earlier.codes, later.codes),
        *_of_entries("rating", ratings, of_ratings, earlier.ratings, later.ratings),
        *(
            f"code “{later.code(new).label}” has other answers"
            for old, new in codes.items()
            if not _same_answers(earlier.code(old), later, later.code(new))
        ),
        *(
            f"rating “{later.rating(new).label}” has “no evidence” as an answer in one of the two only"
            for old, new in ratings.items()
            if earlier.rating(old).no_evidence is not later.rating(new).no_evidence
        ),
    ]


def _of_the_whole(earlier: CodingScheme, later: CodingScheme) -> Iterator[str]:
    if earlier.unit != later.unit:
        yield f"the unit is the {later.unit}, not the {earlier.unit}"
    elif set(earlier.units_of) != set(later.units_of):
        yield "the utterances of others are coded"
    if earlier.segment_ms != later.segment_ms:
        yield "segments have another length"
    if earlier.show_transcript is not later.show_transcript:
        yield f"the transcript is {'shown' if later.show_transcript else 'hidden'}"


def _of_entries(
    what: str,
    now: Mapping[str, str],
    gone: Mapping[str, Unread],
    olds: Sequence[Code | RatingScale],
    news: Sequence[Code | RatingScale],
) -> Iterator[str]:
    times = Counter(now.values())
    for old in olds:
        if old.id not in now:
            why = "has no equal" if gone[old.id] is Unread.NO_EQUAL else "is gone or of another kind"
            yield f"{what} “{old.label}” {why}"
    for new in news:
        if times[new.id] == 0:
            yield f"{what} “{new.label}” is new"
        elif times[new.id] > 1:
            yield f"{what} “{new.label}” was made of {times[new.id]}"


def _same_answers(code: Code, later: CodingScheme, now: Code) -> bool:
    """Whether each answer is one and the same now, asked in the same way, and none came or went."""
    answered = answers_became(code, later, now)
    modifiers = {old.split(":")[0]: new.split(":")[0] for old, new in answered.items()}
    asked = {m.id: (len(m.options), m.required, m.several) for m in now.modifiers}
    was = {modifiers.get(m.id, ""): (len(m.options), m.required, m.several) for m in code.modifiers}
    every = sum(len(m.options) for m in code.modifiers)
    return asked == was and len(answered) == len(set(answered.values())) == every
