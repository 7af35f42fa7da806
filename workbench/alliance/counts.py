"""How often and how long each code was seen, per observed hour.

The denominator is the observed time: the observation windows without the stretches that were not
observable. A point event counts where it begins inside the observed time, and so does a coding unit; a state
counts where any of it lies inside, and lasts as long as it lies inside. A state that was never closed counts,
without a length. On a unit a code counts once, however many of its pieces were given it before they were merged.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from workbench.model.coding import Event, event_order
from workbench.model.scheme import Code, CodeKind, CodingScheme
from workbench.model.span import TimeSpan, merged, without
from workbench.model.units import Unit, unit_of_each

HOUR_MS = 3_600_000


@dataclass(frozen=True, slots=True)
class CodeCount:
    """One code in one coding, or averaged over `n_codings`.

    `per_hour` is None where nothing was observed; `lasted_ms` and `share` (of the observed time) are
    None for point events.
    """

    code: str
    count: float
    per_hour: float | None
    lasted_ms: float | None
    share: float | None
    observed_ms: float
    n_open: float = 0
    n_outside: float = 0
    n_codings: int = 1


def code_counts(
    scheme: CodingScheme,
    events: Iterable[Event],
    windows: Iterable[TimeSpan],
    not_observable: Iterable[TimeSpan] = (),
    units: Sequence[Unit] = (),
) -> tuple[CodeCount, ...]:
    """Counts of one coding, every code of the scheme in its order. Raises KeyError for an unknown code.

    Events are those of codes (`CodingContent.codes`); what was not observable is no code but a hole. `units`
    are the transcript's, as this rater split and merged them.
    """
    observed = without(windows, not_observable)
    observed_ms = sum(span.length_ms for span in observed)
    by_code: dict[str, list[Event]] = {code.id: [] for code in scheme.codes}
    for event in counted_events(scheme, events, units):
        by_code[event.code].append(event)
    return tuple(_count(code.id, code.kind, by_code[code.id], observed, observed_ms) for code in scheme.codes)


def counted_events(scheme: CodingScheme, events: Iterable[Event], units: Sequence[Unit] = ()) -> list[Event]:
    """Events as they count, in time: a code of utterances stands where its unit does and is there once, with all
    that was said of it (of two answers that exclude each other, the earlier). A state that ends before it
    starts was never ended. Raises KeyError for a code that the scheme does not have."""
    codes = {code.id: code for code in scheme.codes}
    every = [replace(e, end_ms=None) if e.end_ms is not None and e.end_ms < e.start_ms else e for e in events]
    of_units = [n for n, e in enumerate(every) if e.unit and scheme.is_of_units(codes[e.code])]
    held = dict(zip(of_units, unit_of_each((every[n] for n in of_units), units), strict=True))
    found: dict[tuple[str, str] | int, Event] = {}
    for n, event in enumerate(every):
        if n not in held:
            found[n] = event
            continue
        unit = held[n]
        there = replace(event, start_ms=unit.start_ms, end_ms=unit.end_ms, unit=unit.id) if unit else event
        before = found.get((there.unit, there.code))
        found[there.unit, there.code] = _together(codes[there.code], before, there) if before else there
    return sorted(found.values(), key=event_order)


def is_inside(event: Event, kind: CodeKind, observed: Sequence[TimeSpan]) -> bool:
    """Whether an event counts: what begins in the observed time, and a state of which any lies in it."""
    if any(span.contains(event.start_ms) for span in observed):
        return True
    if kind is not CodeKind.STATE or event.end_ms is None:
        return False
    return any(TimeSpan(event.start_ms, event.end_ms).overlap_ms(span) for span in observed)


def time_on(states: Iterable[Event], observed: Sequence[TimeSpan]) -> int:
    """How much of the observed time, in ms, any of these states is on. One that was never ended has no length."""
    on = merged(TimeSpan(e.start_ms, e.end_ms) for e in states if e.end_ms is not None)
    return sum(state.overlap_ms(span) for state in on for span in observed)


def mean_counts(codings: Sequence[Sequence[CodeCount]]) -> tuple[CodeCount, ...]:
    """Counts averaged over several codings of one session. Raises ValueError for none at all, or for
    codings on different schemes."""
    if not codings or len({tuple(c.code for c in coding) for coding in codings}) != 1:
        raise ValueError("expected one or more codings on the same scheme")
    return tuple(_mean(column) for column in zip(*codings, strict=True))


def _together(code: Code, first: Event, second: Event) -> Event:
    """Two events of one code on one unit, as one."""
    said = {m.partition(":")[0] for m in first.modifiers} - {m.id for m in code.modifiers if m.several}
    more = [m for m in second.modifiers if m.partition(":")[0] not in said and m not in first.modifiers]
    return replace(
        first,
        modifiers=(*first.modifiers, *more),
        who=first.who or second.who,
        whom=first.whom or second.whom,
    )


def _count(
    code: str, kind: CodeKind, events: Sequence[Event], observed: Sequence[TimeSpan], observed_ms: int
) -> CodeCount:
    inside = [event for event in events if is_inside(event, kind, observed)]
    state = kind is CodeKind.STATE
    lasted = time_on(inside, observed) if state else None
    return CodeCount(
        code=code,
        count=len(inside),
        per_hour=len(inside) * HOUR_MS / observed_ms if observed_ms else None,
        lasted_ms=lasted,
        share=lasted / observed_ms if lasted is not None and observed_ms else None,
        observed_ms=observed_ms,
        n_open=sum(event.end_ms is None for event in inside) if state else 0,
        n_outside=len(events) - len(inside),
    )


def _mean(column: Sequence[CodeCount]) -> CodeCount:
    return CodeCount(
        code=column[0].code,
        count=_average([c.count for c in column]) or 0,
        per_hour=_average([c.per_hour for c in column]),
        lasted_ms=_average([c.lasted_ms for c in column]),
        share=_average([c.share for c in column]),
        observed_ms=_average([c.observed_ms for c in column]) or 0,
        n_open=_average([c.n_open for c in column]) or 0,
        n_outside=_average([c.n_outside for c in column]) or 0,
        n_codings=len(column),
    )


def _average(values: Iterable[float | None]) -> float | None:
    known = [v for v in values if v is not None]
    return math.fsum(known) / len(known) if known else None
