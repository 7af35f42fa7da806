"""Fixed time bins over the declared observation window.

Half-open bins [start, start + width) from the beginning of each stretch of the window that all
raters of the session were to observe. A last bin that is shorter than the width stays if it has at
least half of it. A bin that touches a stretch that somebody could not observe is taken out.

A point event counts in the bin of its onset, a state event in every bin that it overlaps; a state
without an end, and one without length, count as points. With a tolerance, onsets (and ends) of one
code by different raters that lie within it are first set to the earliest of them
(`matching.together`), so that an event does not become a disagreement by falling on the other side
of a bin's edge.

Neighbouring bins depend on each other, so intervals resample sessions, never bins.
"""

from __future__ import annotations

from collections import Counter
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from workbench.agreement.data import Level, ReliabilityData
from workbench.agreement.matching import together
from workbench.agreement.problems import InputProblems
from workbench.agreement.study import RaterCoding, Study, dark, in_spans, shared_window
from workbench.agreement.units import Way, counted
from workbench.model.coding import Event
from workbench.model.span import TimeSpan, clock, merged, without

Milliseconds = NDArray[np.int64]
MOST_BINS = 5_000_000
NO_WINDOW = "sessions without an observation window that all raters share"
OUTSIDE = "events outside the observation window"
NOT_SHARED = "seconds that not every rater was to observe"
DARK = "bins that touch a not observable stretch"
IN_DARK = "events in bins that were taken out"
SHORT = "last bins shorter than half the width"


def build(study: Study, what: str, *, bin_ms: int = 5000, tolerance_ms: int = 0) -> ReliabilityData:
    """Presence (1) or absence (0) of the code `what` in each bin, by rater.

    Raises InputProblems for a width below 1 ms or a negative tolerance.
    """
    problems = []
    if bin_ms < 1:
        problems.append(f"the bin width is {bin_ms} ms, expected 1 ms or more")
    if tolerance_ms < 0:
        problems.append(f"the tolerance is {tolerance_ms} ms, expected 0 or more")
    observed = sum(span.length_ms for session in study.sessions for span in shared_window(study.of(session)))
    if not problems and observed // bin_ms > MOST_BINS:
        problems.append(
            f"bins of {bin_ms} ms would be {observed // bin_ms} bins, more than {MOST_BINS}: choose wider ones"
        )
    if problems:
        raise InputProblems(problems)
    excluded: Counter[str] = Counter()
    columns: list[NDArray[np.float64]] = []
    names: list[str] = []
    sessions: list[str] = []
    window_ms = 0
    for session in study.sessions:
        codings = study.of(session)
        window = shared_window(codings)
        if not window:
            excluded[NO_WINDOW] += 1
            continue
        window_ms += sum(span.length_ms for span in window)
        everything = merged(span for coding in codings for span in coding.windows)
        excluded[NOT_SHARED] += round(sum(span.length_ms for span in without(everything, window)) / 1000)
        starts, ends, short = _grid(window, bin_ms)
        excluded[SHORT] += short
        keep = _untouched(starts, ends, dark(codings))
        excluded[DARK] += int((~keep).sum())
        table = np.full((len(study.raters), len(starts)), np.nan)
        events = _events(codings, what, tolerance_ms)
        for coding, spans in zip(codings, events, strict=True):
            row = np.zeros(len(starts))
            for span in spans:
                first, last = _bins_of(span, starts, ends)
                if first > last:
                    excluded[IN_DARK if in_spans(span[0], window) else OUTSIDE] += 1
                elif not keep[first : last + 1].any():
                    excluded[IN_DARK] += 1
                row[first : last + 1] = 1.0
            table[study.raters.index(coding.rater)] = row
        columns.append(table[:, keep])
        names += _names(session, starts[keep].tobytes())
        sessions += [session] * int(keep.sum())
    return ReliabilityData(
        values=np.concatenate(columns, axis=1) if columns else np.empty((len(study.raters), 0)),
        raters=study.raters,
        units=tuple(names),
        sessions=tuple(sessions),
        level=Level.NOMINAL,
        labels=(f"not {what}", what),
        categories=(f"not {what}", what),
        resample="sessions",
        excluded=counted(excluded),
        settings={"bin_ms": bin_ms, "tolerance_ms": tolerance_ms, "window_ms": window_ms},
    )


@lru_cache(maxsize=4096)
def _names(session: str, starts: bytes) -> tuple[str, ...]:
    """The bins of a session by name; the same for each of its codes, hence kept."""
    return tuple(f"{session} {clock(ms)}.{ms % 1000:03d}" for ms in np.frombuffer(starts, dtype=np.int64).tolist())


def _grid(window: tuple[TimeSpan, ...], bin_ms: int) -> tuple[Milliseconds, Milliseconds, int]:
    starts = np.concatenate([np.arange(s.start_ms, s.end_ms, bin_ms, dtype=np.int64) for s in window])
    limits = np.concatenate([np.full(-(-s.length_ms // bin_ms), s.end_ms, dtype=np.int64) for s in window])
    ends = np.minimum(starts + bin_ms, limits)
    long_enough = 2 * (ends - starts) >= bin_ms
    return starts[long_enough], ends[long_enough], int((~long_enough).sum())


def _untouched(starts: Milliseconds, ends: Milliseconds, holes: tuple[TimeSpan, ...]) -> NDArray[np.bool_]:
    keep = np.ones(len(starts), dtype=np.bool_)
    for hole in holes:
        keep &= (starts >= hole.end_ms) | (ends <= hole.start_ms)
    return keep


def _bins_of(span: tuple[int, int], starts: Milliseconds, ends: Milliseconds) -> tuple[int, int]:
    """First and last bin that the half-open span overlaps; a span without length counts as a point."""
    start, end = span
    first = int(np.searchsorted(ends, start, side="right"))
    last = int(np.searchsorted(starts, max(end, start + 1), side="left")) - 1
    return first, last


def _events(codings: tuple[RaterCoding, ...], code: str, tolerance_ms: int) -> list[list[tuple[int, int]]]:
    """Start and end of each event of `code`, by coding; end = start for points."""
    events: list[list[Event]] = [[e for e in c.events if e.code == code] for c in codings]
    flat = [(i, e) for i, of_rater in enumerate(events) for e in of_rater]
    starts = [e.start_ms for _, e in flat]
    ends = [e.end_ms for _, e in flat]
    if tolerance_ms:
        starts = together([(i, e.start_ms) for i, e in flat], tolerance_ms)
        states = [k for k, end in enumerate(ends) if end is not None]
        common = together([(flat[k][0], ends[k] or 0) for k in states], tolerance_ms)
        for k, shared in zip(states, common, strict=True):
            ends[k] = shared
    out: list[list[tuple[int, int]]] = [[] for _ in codings]
    for (i, _), start, end in zip(flat, starts, ends, strict=True):
        out[i].append((start, start if end is None else max(start, end)))
    return out


WAY = Way("bins", "fixed time bins", "code", ("bin_ms", "tolerance_ms"), build)
