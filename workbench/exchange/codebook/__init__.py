"""The codebook of a coding scheme: what a rater has beside the screen, as text, once for every way of printing it.

`codebook_of` says everything in words; `workbench.exchange.codebook.html` writes it as one page, `…pdf` as sheets to
print. Nothing in it is markup.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from workbench.agreement.naming import name_of
from workbench.model.ruling import CodebookRuling
from workbench.model.scheme import Code, CodingScheme, DerivedScore, Modifier, RatingScale
from workbench.schemes.in_words import (
    about_code,
    about_rating,
    agreement_asked,
    formula,
    number,
    rated,
    ways_of_working,
)
from workbench.schemes.languages import from_the_right, language_name

KEYBOARD = ("1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm")


@dataclass(frozen=True, slots=True)
class Choice:
    """An option of a modifier: `key` chooses it after the code, `direct` codes it in one press."""

    key: str
    label: str
    direct: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """A modifier; `how` says whether it must be answered, and how often it can be."""

    label: str
    how: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Decided:
    """A ruling on an entry: what was asked, what was decided, when, where the case is from, and the case in words."""

    on: str
    question: str
    decision: str
    place: str = ""
    example: str = ""


@dataclass(frozen=True, slots=True)
class CodeEntry:
    key: str
    label: str
    colour: str
    about: str
    definition: str
    example: str
    near_miss: str
    questions: tuple[Question, ...] = ()
    rulings: tuple[Decided, ...] = ()


@dataclass(frozen=True, slots=True)
class CodeGroup:
    """Codes that bear on the same; `title` is empty where the scheme does not say on what."""

    title: str
    codes: tuple[CodeEntry, ...]


@dataclass(frozen=True, slots=True)
class RatingEntry:
    """`anchors`: value and words, the lowest first."""

    label: str
    about: str
    definition: str
    anchors: tuple[tuple[str, str], ...]
    rulings: tuple[Decided, ...] = ()


@dataclass(frozen=True, slots=True)
class RatingGroup:
    """Ratings that are given for the same: the session, each segment, each person, the family."""

    title: str
    scales: tuple[RatingEntry, ...]


@dataclass(frozen=True, slots=True)
class ScoreEntry:
    label: str
    formula: str
    definition: str = ""
    levels: str = ""


@dataclass(frozen=True, slots=True)
class KeyCap:
    """What one press does; `says` is empty for a key that the scheme does not use."""

    key: str
    says: str = ""
    colour: str = ""


@dataclass(frozen=True, slots=True)
class Codebook:
    """`edition` names version and identity. `keys` are rows: of a keyboard where the scheme's keys are on one.

    `languages` says whose words are in which language; empty where all are English.
    """

    title: str
    edition: str
    languages: str
    language: str
    right_to_left: bool
    description: str
    ways: tuple[str, ...]
    groups: tuple[CodeGroup, ...]
    ratings: tuple[RatingGroup, ...]
    rules: tuple[str, ...]
    rules_asked: bool
    reasons: tuple[str, ...]
    scores: tuple[ScoreEntry, ...]
    agreement: tuple[str, ...]
    keys: tuple[tuple[KeyCap, ...], ...]
    origin: tuple[tuple[str, str], ...]


def codebook_of(scheme: CodingScheme, rulings: Sequence[CodebookRuling] = ()) -> Codebook:
    """The codebook of a scheme, with the `rulings` that hold for its entries under them."""
    of_dimensions: dict[str, list[Code]] = {}
    for code in scheme.codes:
        of_dimensions.setdefault(code.dimension, []).append(code)
    decided = _by_entry(rulings)
    return Codebook(
        title=scheme.title,
        edition=f"Version {scheme.version} · {scheme.hash[:12]}" if scheme.hash else f"Version {scheme.version}",
        languages=_languages(scheme.language),
        language=scheme.language,
        right_to_left=from_the_right(scheme.language),
        description=scheme.description,
        ways=ways_of_working(scheme),
        groups=tuple(
            CodeGroup(_title(dimension), tuple(_code(c, decided.get((False, c.id), ())) for c in codes))
            for dimension, codes in of_dimensions.items()
        ),
        ratings=_ratings(scheme, decided),
        rules=tuple(rule.sentence for rule in scheme.rules),
        rules_asked=scheme.check_evidence,
        reasons=scheme.reasons,
        scores=tuple(_score(scheme, score) for score in scheme.scores),
        agreement=agreement_asked(scheme, name_of),
        keys=_keys(scheme),
        origin=tuple(
            (name, text)
            for name, text in (
                ("Authors", ", ".join(scheme.authors)),
                ("Source", scheme.source),
                ("Rights", scheme.rights),
            )
            if text
        ),
    )


def _languages(language: str) -> str:
    """Headings and sentences of the program are English, in every codebook: nobody has vouched for others."""
    if language.split("-")[0].lower() == "en":
        return ""
    return (
        f"The scheme’s own words are in {language_name(language)}; headings and what the program adds are in English."
    )


def _title(dimension: str) -> str:
    """`client_goals` → "Client goals"."""
    words = dimension.replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def _code(code: Code, rulings: Sequence[Decided]) -> CodeEntry:
    return CodeEntry(
        key=code.key,
        label=code.label,
        colour=code.colour,
        about=about_code(code),
        definition=code.definition,
        example=code.example,
        near_miss=code.near_miss,
        questions=tuple(_question(m) for m in code.modifiers),
        rulings=tuple(rulings),
    )


def _question(modifier: Modifier) -> Question:
    how = ", ".join([*(["always"] if modifier.required else []), *(["several can hold"] if modifier.several else [])])
    return Question(modifier.label, how, tuple(Choice(o.key, o.label, o.direct) for o in modifier.options))


def _ratings(scheme: CodingScheme, decided: dict[tuple[bool, str], list[Decided]]) -> tuple[RatingGroup, ...]:
    found: dict[str, list[RatingEntry]] = {}
    for scale in scheme.ratings:
        found.setdefault(rated(scale), []).append(_rating(scale, decided.get((True, scale.id), ())))
    return tuple(RatingGroup(f"Ratings of {what}", tuple(scales)) for what, scales in found.items())


def _rating(scale: RatingScale, rulings: Sequence[Decided]) -> RatingEntry:
    anchors = tuple((number(value), words) for value, words in sorted(scale.anchors.items()))
    return RatingEntry(scale.label, about_rating(scale), scale.definition, anchors, tuple(rulings))


def _score(scheme: CodingScheme, score: DerivedScore) -> ScoreEntry:
    levels = ", ".join(f"{level.label} from {number(level.at_least)}" for level in score.levels)
    return ScoreEntry(score.label, formula(scheme, score), score.definition, levels)


def _by_entry(rulings: Sequence[CodebookRuling]) -> dict[tuple[bool, str], list[Decided]]:
    found: dict[tuple[bool, str], list[Decided]] = {}
    for ruling in sorted(rulings, key=lambda r: r.decided_on):
        said = (ruling.question, ruling.decision, ruling.place, f"“{ruling.example}”" if ruling.example else "")
        made = Decided(ruling.decided_on.isoformat(), *said)
        found.setdefault((ruling.rating, ruling.code), []).append(made)
    return found


def _keys(scheme: CodingScheme) -> tuple[tuple[KeyCap, ...], ...]:
    """Every press that codes, in the rows of a keyboard; in one row where a key is on none of them."""
    used = {code.key: KeyCap(code.key, code.label, code.colour) for code in scheme.codes}
    for code in scheme.codes:
        for modifier in code.modifiers:
            for option in modifier.options:
                if option.direct:
                    used[option.direct] = KeyCap(option.direct, f"{code.label}: {option.label}", code.colour)
    if not used:
        return ()
    if not set(used) <= set("".join(KEYBOARD)):
        return (tuple(used.values()),)
    reach = max(row.index(key) for row in KEYBOARD for key in row if key in used) + 1
    rows = [row[:reach] for row in KEYBOARD if set(row) & set(used)]
    return tuple(tuple(used.get(key, KeyCap(key)) for key in row) for row in rows)
