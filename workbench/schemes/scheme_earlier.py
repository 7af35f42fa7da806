"""What a scheme says of the version that it was made from: which code, rating or answer became which."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from collections.abc import Mapping as Words
from typing import TypeVar

from workbench.model.scheme import Code, CodeKind, CodingScheme, Each, EarlierVersion, RatingScale
from workbench.schemes.earlier_answers import (
    Later,
    Unread,
    answer_problems,
    became_of,
    has_none,
    kept_its_id,
    read_modifiers,
    unread_of,
    unsaid,
)
from workbench.schemes.fields import Fields, describe, did_you_mean
from workbench.schemes.nodes import Mapping, Scalar

EARLIER = ["version", "codes", "ratings", "modifiers"]
_Entry = TypeVar("_Entry", Code, RatingScale)


def read_earlier(top: Fields, codes: Sequence[Code], ratings: Sequence[RatingScale]) -> EarlierVersion | None:
    """The mapping `from_version`; two earlier codes may have become one."""
    if not top.has("from_version"):
        return None
    asked = top.part("from_version", EARLIER)
    version = asked.text("version", required=True, raw=True)
    if version and version == top.text("version", raw=True):
        asked.note("version", f"version {version!r} is that of this scheme itself")
    became_codes = _became(asked, "codes", [code.id for code in codes])
    became_ratings = _became(asked, "ratings", [scale.id for scale in ratings])
    return EarlierVersion(version, became_codes, became_ratings, read_modifiers(asked, codes, became_codes))


def _became(asked: Fields, name: str, here: Sequence[str]) -> dict[str, Later]:
    """Lines `earlier: later`; the later one is of this version, or null: the earlier one has no equal."""
    if not asked.has(name):
        return {}
    node = asked.at(name)
    if not isinstance(node, Mapping):
        asked.note(name, f"{name} must be lines such as `earlier_id: later_id`, found {describe(node)}")
        return {}
    found: dict[str, Later] = {}
    for key, value in node.entries:
        later = value.text if isinstance(value, Scalar) else ""
        if key.text in found:
            asked.report.add(key, f"{asked.what}: {name} has {key.text!r} twice")
        elif has_none(value):
            found[key.text] = None
            if key.text in here:
                asked.report.add(key, f"{asked.what}: {name}: {kept_its_id(key.text)}")
        elif later not in here:
            known = unsaid(value) or (did_you_mean(later, here) if later else "")
            asked.report.add(value, f"{asked.what}: {name} has {describe(value)}, which this version has not{known}")
        elif later == key.text:
            asked.report.add(key, f"{asked.what}: {name}: {later!r} kept its id and need not be named")
        else:
            found[key.text] = later
    return found


def became(earlier: CodingScheme, later: CodingScheme) -> tuple[dict[str, str], dict[str, str]]:
    """Codes and ratings of `earlier` by what they are in `later`: as `from_version` says, else under their own id.

    What has no counterpart is not in it: `unread` says why.
    """
    codes, ratings = _each(earlier, later)
    return (
        {id: now for id, now in codes.items() if isinstance(now, str)},
        {id: now for id, now in ratings.items() if isinstance(now, str)},
    )


def unread(earlier: CodingScheme, later: CodingScheme) -> tuple[dict[str, Unread], dict[str, Unread]]:
    """Codes and ratings of `earlier` without a counterpart in `later`, and why."""
    codes, ratings = _each(earlier, later)
    return (
        {id: why for id, why in codes.items() if isinstance(why, Unread)},
        {id: why for id, why in ratings.items() if isinstance(why, Unread)},
    )


def _each(earlier: CodingScheme, later: CodingScheme) -> tuple[dict[str, str | Unread], dict[str, str | Unread]]:
    """Every code and every rating of `earlier`: its id in `later`, or why it has none."""
    said = later.earlier or EarlierVersion(earlier.version)
    return (
        _counterparts(earlier.codes, said.codes, later.codes, lambda a, b: _code_differs(earlier, a, later, b)),
        _counterparts(earlier.ratings, said.ratings, later.ratings, lambda a, b: _rating_differs(earlier, a, later, b)),
    )


def _counterparts(
    olds: Sequence[_Entry], said: Words[str, Later], news: Sequence[_Entry], differs: Callable[[_Entry, _Entry], str]
) -> dict[str, str | Unread]:
    """Each of `olds`: its id among `news`, by the lines `said` or by its own id, or why it has none."""
    here = {new.id: new for new in news}
    found: dict[str, str | Unread] = {}
    for old in olds:
        if (id := said.get(old.id, old.id)) is None:
            found[old.id] = Unread.NO_EQUAL
        elif (new := here.get(id)) is None:
            found[old.id] = Unread.NOT_DECIDED
        else:
            found[old.id] = Unread.OTHER_KIND if differs(old, new) else id
    return found


def answers_became(code: Code, later: CodingScheme, now: Code) -> dict[str, str]:
    """Answers ("modifier:answer") to a code of the version before by what they are in `later`, where it is `now`."""
    return became_of(later.earlier or EarlierVersion(""), code, now)


def answers_unread(code: Code, later: CodingScheme, now: Code) -> dict[str, Unread]:
    """Answers ("modifier:answer") to a code of the version before without a counterpart in `later`, and why."""
    return unread_of(later.earlier or EarlierVersion(""), code, now)


def earlier_problems(earlier: CodingScheme, later: CodingScheme) -> list[str]:
    """What is wrong with `from_version` of `later`, now that the version is at hand."""
    return [message for _, message in lines_that_do_not_fit(earlier, later)]


def lines_that_do_not_fit(earlier: CodingScheme, later: CodingScheme) -> list[tuple[tuple[str, ...], str]]:
    """The same, each with the place of its line below `from_version`: `("codes", "joke")`, `("modifiers", "joke")`."""
    said = later.earlier
    if said is None:
        return []
    codes, ratings = {c.id: c for c in earlier.codes}, {r.id: r for r in earlier.ratings}
    problems: list[tuple[tuple[str, ...], str]] = []

    def add(part: str, what: str, old: str, new: Later, there: bool, why: str) -> None:
        if not there:
            problems.append(((part, old), f"from_version: version {earlier.version} has no {what} {old!r}"))
        elif why:
            message = f"from_version: {what} {new!r} {why} than {old!r} of version {earlier.version}"
            problems.append(((part, old), message))

    for old, new in said.codes.items():
        why = _code_differs(earlier, codes[old], later, later.code(new)) if old in codes and new else ""
        add("codes", "code", old, new, old in codes, why)
    for old, new in said.ratings.items():
        why = _rating_differs(earlier, ratings[old], later, later.rating(new)) if old in ratings and new else ""
        add("ratings", "rating", old, new, old in ratings, why)
    for old in said.modifiers:
        if (new := said.codes.get(old, old)) is None:
            continue
        why = _code_differs(earlier, codes[old], later, later.code(new)) if old in codes else ""
        if old not in codes or why:
            if old not in said.codes:
                add("modifiers", "code", old, new, old in codes, why)
        else:
            problems += [
                (("modifiers", old), message) for message in answer_problems(said, codes[old], later.code(new))
            ]
    return problems


def fitting(earlier: CodingScheme, old: Code | RatingScale, later: CodingScheme) -> dict[str, str]:
    """The codes (or ratings) of `later`, by id with their labels, as which those of `old` can be read."""
    if isinstance(old, Code):
        return {code.id: code.label for code in later.codes if not _code_differs(earlier, old, later, code)}
    return {scale.id: scale.label for scale in later.ratings if not _rating_differs(earlier, old, later, scale)}


def _code_differs(earlier: CodingScheme, one: Code, later: CodingScheme, other: Code) -> str:
    """Why events of one code cannot be read as the other; empty where they can."""
    if one.kind is not other.kind:
        return "is of another kind"
    if one.kind is CodeKind.POINT and earlier.unit != later.unit:
        return f"is coded in a scheme of another unit ({later.unit}, not {earlier.unit})"
    return ""


def _rating_differs(earlier: CodingScheme, one: RatingScale, later: CodingScheme, other: RatingScale) -> str:
    """Why values on one rating cannot be read as on the other; empty where they can."""
    given = [(r.low, r.high, r.reversed, r.each, r.of) for r in (one, other)]
    if given[0] != given[1]:
        return "has other values, or is given for something else"
    if one.each is Each.SEGMENT and earlier.segment_ms != later.segment_ms:
        return "is given for segments of another length"
    return ""
