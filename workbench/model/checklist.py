"""What stands between a coding and its submission. The server asks this; no other place decides it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from workbench.model.bounds import NOT_OBSERVABLE_LABEL
from workbench.model.coding import NOT_OBSERVABLE, CodingContent, Event
from workbench.model.evidence import contradictions
from workbench.model.rated import places
from workbench.model.scheme import CodeKind, CodingPass, CodingScheme, Each, RatingScale
from workbench.model.segments import segments_of
from workbench.model.session_people import SessionPerson, could_be
from workbench.model.span import TimeSpan, clock, without
from workbench.model.units import Unit, uncoded, unit_of_each, units_to_code


class EntryKind(StrEnum):
    """In the order in which a checklist is read."""

    CLOCK = "clock"
    PASS = "pass"  # noqa: S105 (a pass through the session)
    OPEN = "open"
    OVERLAP = "overlap"
    MODIFIER = "modifier"
    UNCODED = "uncoded"
    RATING = "rating"
    CONTRADICTION = "contradiction"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the checklist. `blocks`: the coding cannot be submitted as long as it stands.

    What it is about, where that applies: `event`, `scale` and `segment` (0: the session) or `person`, `unit`,
    `rule`, the name of a pass, and `at_ms`, where to look. `detail`: what the rater wrote about it
    (the question of an unsure flag, the reason given for a contradiction).
    """

    kind: EntryKind
    sentence: str
    blocks: bool = True
    event: str | None = None
    scale: str | None = None
    segment: int | None = None
    person: str | None = None
    unit: str | None = None
    rule: str | None = None
    coding_pass: CodingPass | None = None
    at_ms: int | None = None
    detail: str = ""


PASS_WORDS = {
    CodingPass.LISTEN: "Listening through once",
    CodingPass.UNITIZE: "Settling the units",
    CodingPass.CODE: "Coding",
    CodingPass.RATE: "Rating",
}


def checklist(
    scheme: CodingScheme,
    content: CodingContent,
    windows: Sequence[TimeSpan],
    units: Sequence[Unit] = (),
    kinds: Mapping[str, str] | None = None,
    people: Sequence[SessionPerson] = (),
) -> tuple[Entry, ...]:
    """Everything that is missing, contradicts itself or was flagged, in the order of `EntryKind`.

    `units` are the coding units of the frozen transcript with the rater's boundaries and `kinds` says
    which kind of participant each of its speakers is; both matter only where the scheme codes
    utterances. `people` are those of the session. The last pass ends with the submission and needs no
    ending of its own.
    """
    entries = (
        *_passes(scheme, content),
        *_open(scheme, content),
        *_overlaps(scheme, content),
        *_twice_on_a_unit(scheme, content, units),
        *_modifiers(scheme, content),
        *_nobody(scheme, content, people),
        *_uncoded(scheme, content, windows, units, kinds),
        *_ratings(scheme, content, windows, people),
        *_contradictions(scheme, content, windows, people),
        *_unsure(scheme, content),
    )
    order = {kind: place for place, kind in enumerate(EntryKind)}
    return tuple(sorted(entries, key=lambda entry: order[entry.kind]))


def blocking(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Entries without which a coding can be submitted."""
    return tuple(entry for entry in entries if entry.blocks)


def _passes(scheme: CodingScheme, content: CodingContent) -> Iterator[Entry]:
    for asked in scheme.passes[:-1]:
        if asked not in content.passes:
            yield Entry(EntryKind.PASS, f"{PASS_WORDS[asked]} is not finished yet.", coding_pass=asked)


def _open(scheme: CodingScheme, content: CodingContent) -> Iterator[Entry]:
    for event in content.events:
        label = _label(scheme, event.code)
        if _is_state(scheme, event) and event.end_ms is None:
            sentence = f"“{label}” from {clock(event.start_ms)} has no end yet."
        elif event.end_ms is not None and event.end_ms < event.start_ms:
            sentence = f"“{label}” ends at {clock(event.end_ms)}, before it starts at {clock(event.start_ms)}."
        else:
            continue
        yield Entry(EntryKind.OPEN, sentence, event=event.id, at_ms=event.start_ms)


def _overlaps(scheme: CodingScheme, content: CodingContent) -> Iterator[Entry]:
    """Ended states of one exclusive group that begin before an earlier one is over."""
    reaching: dict[str, Event] = {}
    for event in content.codes:
        group = scheme.code(event.code).group
        if not group or not _is_state(scheme, event) or event.end_ms is None:
            continue
        before = reaching.get(group)
        if before and event.start_ms < (before.end_ms or 0) and event.end_ms > event.start_ms:
            both = f"“{_label(scheme, before.code)}” and “{_label(scheme, event.code)}”"
            sentence = f"{both} hold at once at {clock(event.start_ms)}; only one of them can."
            yield Entry(EntryKind.OVERLAP, sentence, event=event.id, at_ms=event.start_ms)
        if before is None or event.end_ms > (before.end_ms or 0):
            reaching[group] = event


def _twice_on_a_unit(scheme: CodingScheme, content: CodingContent, units: Sequence[Unit]) -> Iterator[Entry]:
    """Codes of one exclusive group that were given to the same unit, or to units that are one by now."""
    grouped = {c.id: c.group for c in scheme.codes if c.kind is CodeKind.UTTERANCE and c.group}
    given = [e for e in content.codes if e.unit and e.code in grouped]
    first: dict[tuple[str, str], Event] = {}
    for event, unit in zip(given, unit_of_each(given, units), strict=True):
        place = unit.id if unit else event.unit
        before = first.setdefault((place, grouped[event.code]), event)
        if before.code != event.code:
            both = f"“{_label(scheme, before.code)}” and “{_label(scheme, event.code)}”"
            sentence = f"{both} are said of one utterance at {clock(event.start_ms)}; only one of them can."
            yield Entry(EntryKind.OVERLAP, sentence, event=event.id, unit=place, at_ms=event.start_ms)


def _modifiers(scheme: CodingScheme, content: CodingContent) -> Iterator[Entry]:
    for event in content.events:
        chosen = {modifier.partition(":")[0] for modifier in event.modifiers}
        where = f"of “{_label(scheme, event.code)}” at {clock(event.start_ms)}"
        if event.code == NOT_OBSERVABLE:
            asked = [("reason", "Why")]
        else:
            asked = [(m.id, m.label) for m in scheme.code(event.code).modifiers if m.required]
        for ident, label in asked:
            if ident not in chosen:
                sentence = f"“{label}” {where} is not answered yet."
                yield Entry(EntryKind.MODIFIER, sentence, event=event.id, at_ms=event.start_ms)


def _nobody(scheme: CodingScheme, content: CodingContent, people: Sequence[SessionPerson]) -> Iterator[Entry]:
    """Events of which nobody is said to have done them, where each person is rated on what that person did."""
    if not any(scale.each is Each.PERSON for scale in scheme.ratings):
        return
    for event in content.codes:
        code = scheme.code(event.code)
        if "who" in code.ask and not event.who and len(could_be(code.who, people)) > 1:
            sentence = f"“Who” of “{code.label}” at {clock(event.start_ms)} is not answered yet."
            yield Entry(EntryKind.MODIFIER, sentence, event=event.id, at_ms=event.start_ms)


def _uncoded(
    scheme: CodingScheme,
    content: CodingContent,
    windows: Sequence[TimeSpan],
    units: Sequence[Unit],
    kinds: Mapping[str, str] | None,
) -> Iterator[Entry]:
    if scheme.unit != "utterance":
        return
    asked = units_to_code(units, windows=windows, not_observable=_dark(content), kinds=kinds, units_of=scheme.units_of)
    left = uncoded(asked, content.codes, units)
    if left:
        many = f"{len(left)} of {len(asked)} utterances have" if len(left) > 1 else "One utterance has"
        sentence = f"{many} no code yet; the first is at {clock(left[0].start_ms)}."
        yield Entry(EntryKind.UNCODED, sentence, unit=left[0].id, at_ms=left[0].start_ms)


def _ratings(
    scheme: CodingScheme, content: CodingContent, windows: Sequence[TimeSpan], people: Sequence[SessionPerson]
) -> Iterator[Entry]:
    rated = {r.place for r in content.ratings if r.value is not None or r.no_evidence}
    spans, dark = segments_of(scheme, windows), _dark(content)
    for place in places(scheme, len(spans), people):
        span = spans[place.segment - 1] if place.segment else None
        if place in rated or (span and not without([span], dark)):
            continue
        yield Entry(
            EntryKind.RATING,
            f"“{scheme.rating(place.scale).label}” is not rated yet{_for(span, place.person, people)}.",
            scale=place.scale,
            segment=place.segment,
            person=place.person,
            at_ms=span.start_ms if span else None,
        )


def _contradictions(
    scheme: CodingScheme, content: CodingContent, windows: Sequence[TimeSpan], people: Sequence[SessionPerson]
) -> Iterator[Entry]:
    reasons = {(r.rule, r.segment, r.person): r.reason for r in content.reasons}
    spans = segments_of(scheme, windows)
    for found in contradictions(scheme, content, spans, people):
        segment, person = found.rating.segment, found.rating.person
        span = spans[segment - 1] if segment else None
        reason = reasons.get((found.rule.id, segment, person), "")
        scale = scheme.rating(found.rule.scale)
        yield Entry(
            EntryKind.CONTRADICTION,
            f"“{scale.label}” is rated {_value(scale, found.rating.value)}{_for(span, person, people)}. "
            f"{found.rule.sentence}{f' Counted: {found.found}.' if found.found else ''}",
            blocks=not reason,
            scale=scale.id,
            segment=segment,
            person=person,
            rule=found.rule.id,
            at_ms=span.start_ms if span else None,
            detail=reason,
        )


def _unsure(scheme: CodingScheme, content: CodingContent) -> Iterator[Entry]:
    for event in content.events:
        if event.unsure:
            sentence = f"You were unsure about “{_label(scheme, event.code)}” at {clock(event.start_ms)}"
            if event.second_choice:
                sentence += f"; it could be “{_label(scheme, event.second_choice)}”"
            yield Entry(
                EntryKind.UNSURE,
                f"{sentence}.",
                blocks=False,
                event=event.id,
                at_ms=event.start_ms,
                detail=event.question,
            )


def _for(span: TimeSpan | None, person: str, people: Sequence[SessionPerson]) -> str:
    """The segment or the person that a rating is given for."""
    if person:
        return f" for {next((p.label for p in people if p.id == person), person)}"
    return f" for {clock(span.start_ms)} – {clock(span.end_ms)}" if span else ""


def _dark(content: CodingContent) -> list[TimeSpan]:
    """Stretches that could not be observed, those still open left out."""
    ended = ((e.start_ms, e.end_ms) for e in content.not_observable if e.end_ms is not None)
    return [TimeSpan(start, end) for start, end in ended if start <= end]


def _value(scale: RatingScale, value: float | None) -> str:
    signed = scale.low < 0 and value is not None and value > 0
    return f"{'+' if signed else ''}{value:g}".replace("-", "−")


def _label(scheme: CodingScheme, code_id: str) -> str:
    return NOT_OBSERVABLE_LABEL if code_id == NOT_OBSERVABLE else scheme.code(code_id).label


def _is_state(scheme: CodingScheme, event: Event) -> bool:
    return event.code == NOT_OBSERVABLE or scheme.code(event.code).kind is CodeKind.STATE
