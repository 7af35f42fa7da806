"""A coding scheme's YAML → `CodingScheme`."""

from __future__ import annotations

import re

from workbench.model.people import ParticipantKind
from workbench.model.scheme import Code, CodeKind, CodingScheme, Each, RatingScale
from workbench.schemes.fields import ANY_BOUNDS, PARAGRAPH, Fields, Report, called
from workbench.schemes.nodes import Mapping, Node
from workbench.schemes.scheme_agreement import read_agreement, read_certification
from workbench.schemes.scheme_codes import read_codes
from workbench.schemes.scheme_earlier import read_earlier
from workbench.schemes.scheme_rules import read_passes, read_reasons, read_rules
from workbench.schemes.scheme_scores import read_scores

TOP = [
    "scheme",
    "title",
    "version",
    "description",
    "authors",
    "source",
    "rights",
    "language",
    "unit",
    "units_of",
    "passes",
    "segment_minutes",
    "parallel_form",
    "show_transcript",
    "speed_cap",
    "bin_seconds",
    "tolerance_seconds",
    "agreement",
    "certification",
    "from_version",
    "codes",
    "ratings",
    "rules",
    "check_evidence",
    "reasons",
    "scores",
]
RATING = [
    "id",
    "label",
    "each",
    "of",
    "low",
    "high",
    "start",
    "no_evidence",
    "reversed",
    "scored",
    "dimension",
    "definition",
    "anchors",
]

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


def read_scheme(root: Node, report: Report) -> CodingScheme:
    """The scheme in `root`; every problem goes to `report`, and then the result means nothing."""
    top = Fields(root, "the scheme", TOP, report)
    codes = read_codes(top, report)
    ratings = tuple(_rating(node, n, report) for n, node in enumerate(top.nodes("ratings"), 1))
    if not codes and not ratings and isinstance(root, Mapping):
        report.add(root, "the scheme has neither codes nor ratings")
    top.each_once("ratings", "id")
    top.each_once("ratings", "label")
    unit = top.choice("unit", ("event", "utterance"), default="event")
    shown = top.flag("show_transcript", default=True)
    _units_fit(top, unit, shown, codes, report)
    _segments_fit(top, ratings, report)
    return CodingScheme(
        name=top.ident("scheme"),
        title=top.text("title", required=True),
        version=top.text("version", required=True, raw=True),
        description=top.text("description", required=True, limit=PARAGRAPH),
        source=top.text("source", limit=PARAGRAPH),
        rights=top.text("rights", limit=PARAGRAPH),
        authors=top.texts("authors"),
        codes=codes,
        ratings=ratings,
        unit=unit,
        show_transcript=shown,
        speed_cap=top.number("speed_cap", 0.5, 3.0, default=3.0),
        bin_ms=_milliseconds(top, "bin_seconds", 0.1, 600, default=5),
        tolerance_ms=_milliseconds(top, "tolerance_seconds", 0, 60, default=2),
        language=language(top),
        parallel_form=top.ident("parallel_form", required=False),
        passes=read_passes(top, unit, codes, ratings),
        segment_ms=_segment_ms(top),
        units_of=top.choices("units_of", tuple(ParticipantKind)),
        rules=read_rules(top, codes, ratings, report),
        check_evidence=top.flag("check_evidence", default=True),
        reasons=read_reasons(top),
        agreement=read_agreement(top, codes, ratings),
        certification=read_certification(top, codes, ratings),
        earlier=read_earlier(top, codes, ratings),
        scores=read_scores(top, codes, ratings, report),
    )


def language(top: Fields) -> str:
    """The language of the file's words, as BCP 47 writes it: `en`, `ar`, `pt-BR`."""
    text = top.text("language", exact=True) or "en"
    if not _LANGUAGE.fullmatch(text):
        top.note("language", f"language is {text!r}, expected a code such as en, ar or pt-BR")
    return text


def _rating(node: Node, n: int, report: Report) -> RatingScale:
    rating = Fields(node, f"rating {called(node, n)}", RATING, report)
    low, high = bounds(rating)
    start = rating.whole("start", low, high) if rating.has("start") else None
    each = Each(rating.choice("each", tuple(Each), default=Each.SESSION))
    return RatingScale(
        id=rating.ident("id"),
        label=rating.text("label", required=True),
        low=low,
        high=high,
        definition=rating.text("definition", required=True, limit=PARAGRAPH),
        anchors=rating.by_value("anchors", low, high),
        start=start,
        no_evidence=rating.flag("no_evidence", default=False),
        dimension=rating.ident("dimension", required=False),
        reversed=rating.flag("reversed", default=False),
        scored=rating.flag("scored", default=True),
        each_segment=each is Each.SEGMENT,
        of=_rated_kinds(rating, each),
        together=each is Each.FAMILY,
    )


def _rated_kinds(rating: Fields, each: Each) -> tuple[str, ...]:
    """Whom a rating of persons, or of a family as one, is of: patients and family members if nothing is said."""
    kinds = rating.choices("of", tuple(ParticipantKind), required=rating.has("of"))
    if each not in (Each.PERSON, Each.FAMILY):
        if rating.has("of"):
            rating.note("of", "of says which persons are rated and needs each: person or each: family")
        return ()
    return kinds or (ParticipantKind.PATIENT.value, ParticipantKind.FAMILY.value)


def bounds(fields: Fields) -> tuple[int, int]:
    """The ends of a scale, `low` below `high`; `ANY_BOUNDS` where they cannot be used."""
    low, high = fields.whole("low", *ANY_BOUNDS), fields.whole("high", *ANY_BOUNDS)
    if low is None or high is None:
        return ANY_BOUNDS
    if not 1 <= high - low <= 100:
        fields.note("high", f"the scale goes from {low} to {high}, expected low below high by 1 to 100")
        return ANY_BOUNDS
    return low, high


def _milliseconds(top: Fields, name: str, low: float, high: float, *, default: float) -> int:
    seconds = top.number(name, low, high, default=default)
    if abs(seconds * 1000 - round(seconds * 1000)) > 1e-6:
        top.note(name, f"{name} is {seconds:g}, expected at most three decimals")
    return round(seconds * 1000)


def _segment_ms(top: Fields) -> int | None:
    if not top.has("segment_minutes"):
        return None
    minutes = top.number("segment_minutes", 0.5, 60, default=5)
    if abs(minutes * 60 - round(minutes * 60)) > 1e-6:
        top.note("segment_minutes", f"segment_minutes is {minutes:g}, expected whole seconds, such as 2.5")
    return round(minutes * 60) * 1000


def _units_fit(top: Fields, unit: str, shown: bool, codes: tuple[Code, ...], report: Report) -> None:
    """Whoever codes utterances needs the transcript, and a scheme of utterances codes for them."""
    of_utterances = [code.kind is CodeKind.UTTERANCE for code in codes]
    if unit == "utterance" and not any(of_utterances):
        top.note("unit", "the unit is the utterance, and no code is of kind utterance")
    if unit != "utterance" and top.has("units_of"):
        top.note("units_of", "units_of says whose utterances must be coded and needs unit: utterance")
    if shown:
        return
    hidden = "the transcript is hidden (show_transcript: false)"
    if unit == "utterance":
        top.note("show_transcript", f"{hidden}, and the unit is the utterance")
    for node, code, of_utterance in zip(top.nodes("codes"), codes, of_utterances, strict=True):
        if of_utterance:
            report.add(node, f"code {code.id!r}: {hidden}, and this code is of kind utterance")


def _segments_fit(top: Fields, ratings: tuple[RatingScale, ...], report: Report) -> None:
    for node, scale in zip(top.nodes("ratings"), ratings, strict=True):
        if scale.each_segment and not top.has("segment_minutes"):
            report.add(node, f"rating {scale.id!r}: it is rated each segment, and the scheme has no segment_minutes")
