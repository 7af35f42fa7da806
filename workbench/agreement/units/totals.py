"""Totals and rates of a code: a unit is a session, its value how often (or for how long) a rater coded it.

Counted over what every rater of the session was to observe and could observe, so that all of them are
compared on the same seconds: `per_minute` of it (the usual one, because sessions differ in length),
`count`, `share` of the time that a state is on (0 to 1) or its `seconds`. An event belongs to the moment of its
onset; a state's time is that of all its events together, overlaps counted once.

Totals can agree where raters never coded the same moment: report an event-based coefficient beside them.
"""

from __future__ import annotations

from collections import Counter

import numpy as np

from workbench.agreement.compared import ALL_CODES
from workbench.agreement.data import ReliabilityData, level_of
from workbench.agreement.problems import InputProblems
from workbench.agreement.study import RaterCoding, Study, dark, in_spans, shared_window
from workbench.agreement.units import Way, counted
from workbench.agreement.units._cells import NO_WINDOW, NOT_SHARED, OUTSIDE
from workbench.model.coding import Event
from workbench.model.span import TimeSpan, merged, without

MEASURES = ("per_minute", "count", "share", "seconds")
DARK = "seconds that somebody could not observe"
IN_DARK = "events in stretches that somebody could not observe"
NO_END = "events without an end, which have no time"
# Sessions whose observed time differs by more than this share are pointed at where totals are compared.
UNEQUAL = 0.1


def build(study: Study, what: str, *, measure: str = "per_minute", level: str = "interval") -> ReliabilityData:
    """The total or rate of the code `what` (or of ALL_CODES together), by rater and session.

    `level` is "interval" (the usual choice for ICC) or "ratio". Raises InputProblems for other levels
    and measures.
    """
    problems = []
    if measure not in MEASURES:
        problems.append(f"unknown measure {measure!r}; there are: {', '.join(MEASURES)}")
    if (measured := level_of(level)) not in ("interval", "ratio"):
        problems.append(f"totals and rates are of the interval or ratio level, not {measured}")
    if problems:
        raise InputProblems(problems)
    excluded: Counter[str] = Counter()
    names: list[str] = []
    columns: list[list[float]] = []
    minutes: list[float] = []
    for session in study.sessions:
        codings = study.of(session)
        window = shared_window(codings)
        observed = without(window, dark(codings))
        if not observed:
            excluded[NO_WINDOW] += 1
            continue
        everything = merged(span for coding in codings for span in coding.windows)
        excluded[NOT_SHARED] += round(_length(without(everything, window)) / 1000)
        excluded[DARK] += round((_length(window) - _length(observed)) / 1000)
        column = [np.nan] * len(study.raters)
        for coding in codings:
            events = _within(coding, what, window, observed, excluded)
            column[study.raters.index(coding.rater)] = _value(events, observed, measure, excluded)
        names.append(session)
        columns.append(column)
        minutes.append(_length(observed) / 60_000)
    notes: tuple[str, ...] = ()
    if measure in ("count", "seconds") and minutes and max(minutes) > (1 + UNEQUAL) * min(minutes):
        notes = (
            f"Sessions were observed for {min(minutes):.1f} to {max(minutes):.1f} minutes: totals differ by that "
            "alone, which raises agreement; compare rates per minute.",
        )
    return ReliabilityData(
        values=np.array(columns).T if columns else np.empty((len(study.raters), 0)),
        raters=study.raters,
        units=tuple(names),
        sessions=tuple(names),
        level=measured,
        resample="units",
        excluded=counted(excluded),
        settings={"measure": measure, "level": measured.value, "window_ms": round(60_000 * sum(minutes))},
        notes=notes,
    )


def _within(
    coding: RaterCoding, what: str, window: tuple[TimeSpan, ...], observed: tuple[TimeSpan, ...], excluded: Counter[str]
) -> list[Event]:
    kept = []
    for event in coding.events:
        if what not in (ALL_CODES, event.code):
            continue
        if in_spans(event.start_ms, observed):
            kept.append(event)
        else:
            excluded[IN_DARK if in_spans(event.start_ms, window) else OUTSIDE] += 1
    return kept


def _value(events: list[Event], observed: tuple[TimeSpan, ...], measure: str, excluded: Counter[str]) -> float:
    if measure == "count":
        return float(len(events))
    if measure == "per_minute":
        return len(events) / (_length(observed) / 60_000)
    excluded[NO_END] += sum(e.end_ms is None for e in events)
    on = merged(TimeSpan(e.start_ms, e.end_ms) for e in events if e.end_ms is not None)
    ms = _length(on) - _length(without(on, observed))
    return ms / _length(observed) if measure == "share" else ms / 1000


def _length(spans: tuple[TimeSpan, ...]) -> int:
    return sum(span.length_ms for span in spans)


WAY = Way("totals", "totals and rates of sessions", "code", ("measure", "level"), build)
