"""A scheme with one code and one rating of each sort, and what its scores make of a coding."""

from __future__ import annotations

from dataclasses import replace

from workbench.alliance import ScoreValue, derived_scores
from workbench.model.coding import CodingContent, Event
from workbench.model.scheme import (
    Code,
    CodeKind,
    CodingScheme,
    DerivedScore,
    Modifier,
    ModifierOption,
    RatingScale,
    Selection,
)
from workbench.model.span import TimeSpan

FORM = Modifier("form", "Form", (ModifierOption("open", "Open", "1"), ModifierOption("closed", "Closed", "2")))
ABOUT = Modifier("about", "About", (ModifierOption("a", "A", "3"), ModifierOption("b", "B", "4")), several=True)
CODES = (
    Code("asks", "Asks", CodeKind.UTTERANCE, "q", "", who="provider", modifiers=(FORM, ABOUT)),
    Code("rupture", "Rupture", CodeKind.STATE, "x", "", who="patient"),
    Code("repair", "Repair", CodeKind.POINT, "c", "", who="provider"),
    Code("aside", "Aside", CodeKind.POINT, "v", "", who="both", ask=("who", "whom")),
)
RATINGS = (
    RatingScale("warmth", "Warmth", 1, 5, ""),
    RatingScale("strain", "Strain", 1, 5, "", reversed=True),
    RatingScale("pace", "Pace", 0, 10, "", each_segment=True),
    RatingScale("aim", "Aim", 0, 10, "", each_segment=True, no_evidence=True),
)
SCHEME = CodingScheme("s", "S", "1", "", "", "", (), CODES, RATINGS, segment_ms=10_000)
HOUR = (TimeSpan(0, 3_600_000),)


def events(*codes: str) -> Selection:
    return Selection(codes)


def scored(*scores: DerivedScore, said: CodingContent, windows: tuple[TimeSpan, ...] = HOUR) -> list[ScoreValue]:
    return list(derived_scores(replace(SCHEME, scores=scores), said, windows))


def one(score: DerivedScore, said: CodingContent, windows: tuple[TimeSpan, ...] = HOUR) -> ScoreValue:
    return scored(score, said=said, windows=windows)[0]


def seen(*of: tuple[str, int] | tuple[str, int, int]) -> CodingContent:
    return CodingContent(tuple(Event(f"e{n}", *e) for n, e in enumerate(of)))
