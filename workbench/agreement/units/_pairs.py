"""Units from two raters' events put side by side: what the ways "aligned", "sequence" and "linked" share.

Events of one rater stand beside those of another, or alone. With more than two raters every pair is
put side by side by itself, and the units of all pairs stand in one table in which the other raters
are missing. Only events that begin in what both raters were to observe and could observe take part.

Where all codes are compared at once, a rater without an event has the value NOTHING. Two raters
cannot both say it of one unit: that cell of their table is a structural zero.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from workbench.agreement.compared import ALL_CODES, Compared
from workbench.agreement.data import Level, ReliabilityData
from workbench.agreement.study import RaterCoding, Study, dark, in_spans, shared_window
from workbench.agreement.units import counted
from workbench.agreement.units._cells import NO_WINDOW, OUTSIDE
from workbench.model.coding import Event
from workbench.model.span import clock

DARK = "events in stretches that one of the two raters could not observe"
ALONE = "events that one rater coded alone"
OTHER_CODE = "events to which the other rater gave another code"

Beside = tuple[Event | None, Event | None]
Put = Callable[[list[Event], list[Event], Counter[str]], Iterable[Beside]]


@dataclass(frozen=True, slots=True)
class _Place:
    """Events of two raters side by side."""

    session: str
    raters: tuple[str, str]
    at_ms: int
    events: Beside


def by_pairs(
    study: Study,
    asked: Compared,
    put: Put,
    settings: dict[str, object],
    notes: tuple[str, ...] = (),
    linked_count: int = 1,
) -> ReliabilityData:
    """Reliability data of the events that `put` sets side by side, for every two raters of a session.

    put(events of one, events of the other, excluded) gives pairs of events, None where one stands
    alone, and counts what it leaves out. `settings` tell one `put` from another. A pair with two events
    makes `linked_count` units.
    """
    key = (tuple(sorted(settings.items())), asked.among)
    if key not in study.kept:  # whatever code is asked for, the same events stand beside each other
        study.kept[key] = _places(study, asked, put)
    places, left_out = study.kept[key]
    excluded: Counter[str] = Counter(left_out)
    found: list[tuple[_Place, tuple[str, str]]] = []
    for place in places:
        said = _said(place.events, asked, excluded)
        if said is not None:
            found += [(place, said)] * (1 if None in place.events else linked_count)
    return _data(study, asked, found, excluded, settings, notes)


def _places(study: Study, asked: Compared, put: Put) -> tuple[list[_Place], Counter[str]]:
    excluded: Counter[str] = Counter()
    found: list[_Place] = []
    for session in study.sessions:
        for one, other in combinations(study.of(session), 2):
            sides = _observed((one, other), asked, excluded)
            if sides is None:
                continue
            for events in put(*sides, excluded):
                at_ms = min(e.start_ms for e in events if e is not None)
                found.append(_Place(session, (one.rater, other.rater), at_ms, events))
    found.sort(key=lambda p: (p.session, p.raters, p.at_ms))
    return found, excluded


def _observed(
    pair: tuple[RaterCoding, RaterCoding], asked: Compared, excluded: Counter[str]
) -> tuple[list[Event], list[Event]] | None:
    window, holes = shared_window(pair), dark(pair)
    if not window:
        excluded[NO_WINDOW] += 1
        return None
    sides: tuple[list[Event], list[Event]] = ([], [])
    for coding, side in zip(pair, sides, strict=True):
        for event in coding.events:
            if not asked.takes_part(event):
                continue
            if not in_spans(event.start_ms, window):
                excluded[OUTSIDE] += 1
            elif in_spans(event.start_ms, holes):
                excluded[DARK] += 1
            else:
                side.append(event)
    return sides


def _said(beside: Beside, asked: Compared, excluded: Counter[str]) -> tuple[str, str] | None:
    if asked.with_code:
        a, b = (asked.absent if e is None else asked.category(e) or asked.absent for e in beside)
        return a, b
    values = [None if e is None else asked.category(e) for e in beside]
    if values[0] is not None and values[1] is not None:
        return values[0], values[1]
    if values != [None, None]:
        excluded[ALONE if None in beside else OTHER_CODE] += 1
    return None


def _data(
    study: Study,
    asked: Compared,
    found: list[tuple[_Place, tuple[str, str]]],
    excluded: Counter[str],
    settings: dict[str, object],
    notes: tuple[str, ...],
) -> ReliabilityData:
    labels = asked.labels({value for _, said in found for value in said})
    number = {label: float(at) for at, label in enumerate(labels)}
    row = {rater: at for at, rater in enumerate(study.raters)}
    values = np.full((len(study.raters), len(found)), np.nan)
    for side in (0, 1):
        rows = [row[place.raters[side]] for place, _ in found]
        values[rows, np.arange(len(found))] = [number[said[side]] for _, said in found]
    names: list[str] = []
    seen: Counter[str] = Counter()
    for place, _ in found:
        name = f"{place.session} {'–'.join(place.raters)} {clock(place.at_ms)}.{place.at_ms % 1000:03d}"
        seen[name] += 1
        names.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    if len(study.raters) > 2:
        notes = (*notes, "Events are put side by side for every two raters; the units are those of all pairs.")
    return ReliabilityData(
        values=values,
        raters=study.raters,
        units=tuple(names),
        sessions=tuple(place.session for place, _ in found),
        level=Level.NOMINAL,
        labels=labels,
        resample="sessions",
        excluded=counted(excluded),
        settings={**settings, **asked.settings()},
        notes=notes,
        nil=asked.absent if asked.with_code and asked.what == ALL_CODES else None,
        starts=tuple(place.at_ms for place, _ in found),
        has_part=~np.isnan(values) if len(study.raters) > 2 else None,
    )
