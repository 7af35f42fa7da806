"""Utterances of the transcript: what each rater coded them as.

An event belongs to the utterance that contains its onset; where two speakers overlap, to the one
that began last. Events in the gaps between utterances are counted as left out. An utterance is
taken out when it does not lie within the window that all raters share, or touches a stretch that
somebody could not observe. With all codes at once, an utterance with several codes has the set of
them as its category.

Where raters moved boundaries, utterances with the same boundaries for all are units as ever; of the
others, those of two raters that share enough of the longer one (60 %) are linked, as the way
"linked" links events, and are a unit of these two; the rest is counted as left out. The result says so.

Utterances of one session hang together, so intervals resample sessions.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from workbench.agreement.compared import Compared, compared
from workbench.agreement.data import Level, Numbers, ReliabilityData
from workbench.agreement.study import RaterCoding, Study, dark, shared_window
from workbench.agreement.units import Way, counted
from workbench.agreement.units._cells import NO_WINDOW, OUTSIDE, Sets
from workbench.agreement.units.linked import OVERLAP, checked, linked
from workbench.model.coding import Event
from workbench.model.span import TimeSpan, clock

NO_UTTERANCES = "sessions without utterances"
DIFFERENT = "sessions in which some raters worked on utterances and others did not"
GAP = "events in gaps between utterances"
BEYOND = "utterances not within the observation window"
DARK = "utterances that touch a not observable stretch"
IN_DARK = "events in utterances that were taken out"
UNLINKED = "utterances to which no utterance of the other rater could be linked"
IN_UNLINKED = "events in utterances that could not be linked"


def build(
    study: Study, what: str, *, overlap: float = OVERLAP, compare: str = "code", among: Iterable[str] | None = None
) -> ReliabilityData:
    """Whether each utterance was coded as `what` (1) or not (0), by rater; with ALL_CODES, as what it was coded.

    Raises InputProblems for an overlap that is not above .5 and at most 1.
    """
    checked(overlap)
    asked = compared(what, compare, among)
    excluded: Counter[str] = Counter()
    sets = Sets(asked)
    columns: list[Numbers] = []
    parts: list[NDArray[np.bool_]] = []
    names: list[str] = []
    sessions: list[str] = []
    begins: list[int] = []
    moved = 0
    for session in study.sessions:
        codings = study.of(session)
        cut = cut_session(codings, overlap, excluded)
        if cut is None:
            continue
        found, keep = cut.units, cut.keep
        moved += len(set(cut.spans.values())) > 1
        table = np.full((len(study.raters), len(found)), np.nan)
        for coding in codings:
            table[study.raters.index(coding.rater)] = _row(coding, asked, cut, sets, excluded)
        columns.append(table[:, keep])
        kept = [f for f, k in zip(found, keep.tolist(), strict=True) if k]
        parts.append(np.array([[f.everybody or r in f.of for f in kept] for r in study.raters], dtype=np.bool_))
        names += [f"{session} {f.name}" for f in kept]
        sessions += [session] * len(kept)
        begins += [f.start_ms for f in kept]
    labels, values = sets.ordered(np.concatenate(columns, axis=1) if columns else np.empty((len(study.raters), 0)))
    return ReliabilityData(
        values=values,
        raters=study.raters,
        units=tuple(names),
        sessions=tuple(sessions),
        level=Level.NOMINAL,
        labels=labels,
        categories=labels if asked.against_rest else None,
        resample="sessions",
        excluded=counted(excluded),
        settings={**({"overlap": overlap} if moved else {}), **asked.settings()},
        notes=(*sets.notes, *_of_moved(moved, overlap)),
        starts=tuple(begins),
        has_part=np.concatenate(parts, axis=1) if moved and not all(p.all() for p in parts) else None,
    )


@dataclass(frozen=True, slots=True)
class Unit:
    """of: the utterance of each rater who has one here."""

    of: dict[str, TimeSpan]
    everybody: bool

    @property
    def start_ms(self) -> int:
        return min(u.start_ms for u in self.of.values())

    @property
    def name(self) -> str:
        spans = sorted(set(self.of.values()))
        text = " | ".join(f"{clock(u.start_ms)}.{u.start_ms % 1000:03d}–{u.end_ms}" for u in spans)
        return text if self.everybody else f"{text} ({', '.join(sorted(self.of))})"


@dataclass(frozen=True, slots=True)
class Cut:
    """A session in units. spans: the utterances of each rater. keep: (n_units,), which of `units` all could observe."""

    window: tuple[TimeSpan, ...]
    spans: dict[str, tuple[TimeSpan, ...]]
    units: list[Unit]
    keep: NDArray[np.bool_]

    def places(self, rater: str) -> dict[TimeSpan, list[int]]:
        """The units that each of a rater's utterances is part of."""
        found: dict[TimeSpan, list[int]] = {}
        for at, unit in enumerate(self.units):
            if rater in unit.of:
                found.setdefault(unit.of[rater], []).append(at)
        return found

    def of_event(
        self, event: Event, rater: str, places: dict[TimeSpan, list[int]], excluded: Counter[str]
    ) -> list[int]:
        """The units in which an event of `rater` counts; where there are none, the reason is counted."""
        utterance = _utterance_of(event.start_ms, self.spans[rater])
        if not any(w.contains(event.start_ms) for w in self.window):
            excluded[OUTSIDE] += 1
        elif utterance is None:
            excluded[GAP] += 1
        elif utterance not in places:
            excluded[IN_UNLINKED] += 1
        elif not self.keep[places[utterance]].any():
            excluded[IN_DARK] += 1
        else:
            return places[utterance]
        return []


def cut_session(codings: tuple[RaterCoding, ...], overlap: float, excluded: Counter[str]) -> Cut | None:
    """The units of one session that was coded by several raters; None, and the reason counted, where it has none."""
    window, holes = shared_window(codings), dark(codings)
    spans = {c.rater: tuple(sorted(u for u in set(c.utterances) if u.length_ms)) for c in codings}
    if not window:
        excluded[NO_WINDOW] += 1
        return None
    if not all(spans.values()):
        excluded[DIFFERENT if any(spans.values()) else NO_UTTERANCES] += 1
        return None
    found = _units(spans, overlap, excluded)
    within = np.array([all(any(_in(u, w) for w in window) for u in f.of.values()) for f in found], dtype=bool)
    light = np.array([not any(u.overlap_ms(h) for u in f.of.values() for h in holes) for f in found], dtype=bool)
    excluded[BEYOND] += int((~within).sum())
    excluded[DARK] += int((within & ~light).sum())
    return Cut(window, spans, found, within & light)


def _units(cut: dict[str, tuple[TimeSpan, ...]], overlap: float, excluded: Counter[str]) -> list[Unit]:
    """The utterances that all raters have, and of the others the linked ones of every two raters."""
    common = set.intersection(*(set(spans) for spans in cut.values()))
    found = [Unit(dict.fromkeys(cut, span), True) for span in common]
    rest = {rater: [u for u in spans if u not in common] for rater, spans in cut.items()}
    for one, other in combinations(sorted(cut), 2):
        sides = [[Event(str(i), "", u.start_ms, u.end_ms) for i, u in enumerate(rest[r])] for r in (one, other)]
        links = linked(sides[0], sides[1], overlap)
        excluded[UNLINKED] += len(sides[0]) + len(sides[1]) - 2 * len(links)
        found += [Unit({one: rest[one][int(x.id)], other: rest[other][int(y.id)]}, len(cut) == 2) for x, y in links]
    return sorted(found, key=lambda f: (f.start_ms, f.name))


def _row(coding: RaterCoding, asked: Compared, cut: Cut, sets: Sets, excluded: Counter[str]) -> Numbers:
    """What one rater coded each unit as; NaN where the rater has no part in it."""
    places, n = cut.places(coding.rater), len(cut.units)
    present: dict[str, NDArray[np.bool_]] = {}
    for event in coding.events:
        category = asked.category(event) if asked.takes_part(event) else None
        if category is None or category == asked.absent:
            continue
        if here := cut.of_event(event, coding.rater, places, excluded):
            present.setdefault(category, np.zeros(n, dtype=np.bool_))[here] = True
    mine = np.array([coding.rater in unit.of for unit in cut.units], dtype=bool)
    return np.where(mine, sets.numbered(present, n, cut.keep & mine), np.nan)


def _of_moved(sessions: int, overlap: float) -> tuple[str, ...]:
    if not sessions:
        return ()
    where = "one session" if sessions == 1 else f"{sessions} sessions"
    return (
        f"In {where} raters had different boundaries: utterances that are not the same for all are linked for every "
        f"two raters where they share {100 * overlap:g} % of the longer one; the value does not hold agreement on "
        "boundaries.",
    )


def _in(utterance: TimeSpan, window: TimeSpan) -> bool:
    return window.start_ms <= utterance.start_ms and utterance.end_ms <= window.end_ms


def _utterance_of(ms: int, utterances: tuple[TimeSpan, ...]) -> TimeSpan | None:
    """The utterance, of those sorted by start, that contains the instant and began last."""
    for at in range(bisect_right(utterances, ms, key=lambda u: u.start_ms) - 1, -1, -1):
        if utterances[at].contains(ms):
            return utterances[at]
    return None


WAY = Way("utterances", "utterances of the transcript", "code", ("overlap", "compare", "among"), build)
