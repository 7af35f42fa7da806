"""Half-open cells of time over the declared observation window: what the ways "bins" and "time_units" share.

Cells [start, start + width) begin with each stretch of the window that all raters of the session were to
observe. A last cell that is shorter than the width stays if it has at least half of it. A cell that touches
a stretch that somebody could not observe is taken out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from workbench.agreement.compared import Compared
from workbench.agreement.data import Level, Numbers, ReliabilityData
from workbench.agreement.matching import together
from workbench.agreement.problems import InputProblems
from workbench.agreement.study import Study, dark, in_spans, shared_window
from workbench.agreement.units import counted
from workbench.model.coding import Event
from workbench.model.span import TimeSpan, clock, merged, without

Milliseconds = NDArray[np.int64]
Span = tuple[int, int, str]
Places = NDArray[np.intp]
Place = Callable[[Milliseconds, Milliseconds, Milliseconds, Milliseconds], tuple[Places, Places]]

MOST_CELLS = 5_000_000
NO_WINDOW = "sessions without an observation window that all raters share"
OUTSIDE = "events outside the observation window"
NOT_SHARED = "seconds that not every rater was to observe"


class Words:
    """What cells are called where they are counted as left out."""

    def __init__(self, cell: str) -> None:
        self.dark = f"{cell}s that touch a not observable stretch"
        self.in_dark = f"events in {cell}s that were taken out"
        self.short = f"last {cell}s shorter than half the width"


def cells(
    study: Study, asked: Compared, width_ms: int, place: Place, words: Words, tolerance_ms: int = 0
) -> ReliabilityData:
    """What each rater coded in each cell; several categories in one cell are a category of their own.

    place(starts, ends, starts of the cells, their ends) gives the first and the last cell of each event, first
    after last where it lies in none. Onsets and ends of one code at most `tolerance_ms` apart count as
    the same moment. Raises InputProblems for a width below 1 ms, a negative tolerance, too many cells.
    """
    problems = []
    if width_ms < 1:
        problems.append(f"the width is {width_ms} ms, expected 1 ms or more")
    if tolerance_ms < 0:
        problems.append(f"the tolerance is {tolerance_ms} ms, expected 0 or more")
    if not problems and (n := _observed_ms(study) // width_ms) > MOST_CELLS:
        problems.append(f"{width_ms} ms would be {n} units, more than {MOST_CELLS}: choose wider ones")
    if problems:
        raise InputProblems(problems)
    excluded: Counter[str] = Counter()
    columns: list[Numbers] = []
    sets = Sets(asked)
    window_ms = 0
    for session in study.sessions:
        grid = _grid_of(study, session, width_ms)
        if grid is None:
            excluded[NO_WINDOW] += 1
            continue
        window_ms += sum(span.length_ms for span in grid.window)
        excluded[NOT_SHARED] += grid.not_shared
        excluded[words.short] += grid.short
        excluded[words.dark] += int((~grid.keep).sum())
        table = np.full((len(study.raters), len(grid.starts)), np.nan)
        for rater, spans in _events(study, session, asked, tolerance_ms):
            present = _present(spans, grid, place, words, excluded)
            table[study.raters.index(rater)] = sets.numbered(present, len(grid.starts), grid.keep)
        columns.append(table[:, grid.keep])
    labels, values = sets.ordered(np.concatenate(columns, axis=1) if columns else np.empty((len(study.raters), 0)))
    names, sessions, begins = _columns(study, width_ms)
    return ReliabilityData(
        values=values,
        raters=study.raters,
        units=names,
        sessions=sessions,
        level=Level.NOMINAL,
        labels=labels,
        categories=labels if asked.against_rest else None,
        resample="sessions",
        excluded=counted(excluded),
        settings={"window_ms": window_ms, **asked.settings()},
        notes=sets.notes,
        starts=begins,
    )


def _present(
    spans: list[Span], grid: _Grid, place: Place, words: Words, excluded: Counter[str]
) -> dict[str, NDArray[np.bool_]]:
    """In which cells each category of one rater's events is."""
    if not spans:
        return {}
    begin, end = (np.array([span[side] for span in spans], dtype=np.int64) for side in (0, 1))
    first, last = place(begin, end, grid.starts, grid.ends)
    kept = np.concatenate([[0], np.cumsum(grid.keep)])
    seen = kept[np.maximum(last + 1, first)] > kept[first]
    present: dict[str, NDArray[np.bool_]] = {}
    for (start, _, category), at, to, some in zip(spans, first.tolist(), last.tolist(), seen.tolist(), strict=True):
        if at > to:
            excluded[words.in_dark if in_spans(start, grid.window) else OUTSIDE] += 1
            continue
        if not some:
            excluded[words.in_dark] += 1
        if category not in present:
            present[category] = np.zeros(len(grid.starts), dtype=np.bool_)
        present[category][at : to + 1] = True
    return present


class Sets:
    """Numbers for what a rater coded in a cell: nothing, one category, or several as one of their own."""

    def __init__(self, asked: Compared) -> None:
        self.asked = asked
        self.number: dict[str, int] = {}
        self.several = 0
        for label in asked.labels(()):
            self.number[label] = len(self.number)

    def numbered(self, present: dict[str, NDArray[np.bool_]], n: int, keep: NDArray[np.bool_]) -> Numbers:
        """The number of each of `n` cells, NaN where there is nothing to compare."""
        categories = sorted(present)
        if len(categories) < 2 and self.asked.with_code:  # as where one code is held against the rest
            absent = self.number.setdefault(self.asked.absent, len(self.number))
            if not categories:
                return np.full(n, float(absent))
            (only,) = categories
            return np.where(present[only], float(self.number.setdefault(only, len(self.number))), float(absent))
        inverse, size = np.zeros(n, dtype=np.intp), 1
        for category in categories:
            inverse, size = _dense(2 * inverse + present[category], 2 * size)
        first = np.zeros(size, dtype=np.intp)
        first[inverse[::-1]] = np.arange(n)[::-1]
        numbers = np.empty(size)
        for at, cell in enumerate(first.tolist()):
            here = [c for c in categories if present[c][cell]]
            if len(here) > 1:
                self.several += int(((inverse == at) & keep).sum())
            if not here and not self.asked.with_code:
                numbers[at] = np.nan
                continue
            label = " + ".join(here) or self.asked.absent
            numbers[at] = self.number.setdefault(label, len(self.number))
        return numbers[inverse]

    def ordered(self, values: Numbers) -> tuple[tuple[str, ...], Numbers]:
        """The labels in their order, and the values as places in it."""
        labels = self.asked.labels(self.number)
        place = np.array([*(labels.index(label) for label in self.number), np.nan], dtype=float)
        return labels, place[np.where(np.isnan(values), -1, values).astype(np.intp)]

    @property
    def notes(self) -> tuple[str, ...]:
        if not self.several:
            return ()
        return (f"{self.several} times a rater coded several things in one unit; each such set is a category.",)


def _dense(key: NDArray[np.intp], size: int) -> tuple[NDArray[np.intp], int]:
    """Keys below `size` numbered anew without gaps, and how many there are."""
    used = np.flatnonzero(np.bincount(key, minlength=size))
    number = np.zeros(size, dtype=np.intp)
    number[used] = np.arange(len(used))
    return number[key], len(used)


@dataclass(frozen=True)
class _Grid:
    """The cells of a session, which are the same for each of its codes. keep: those that everybody could observe;
    not_shared: seconds that not every rater was to observe."""

    window: tuple[TimeSpan, ...]
    not_shared: int
    starts: Milliseconds
    ends: Milliseconds
    short: int
    keep: NDArray[np.bool_]


def _observed_ms(study: Study) -> int:
    """How much of its sessions all their raters were to observe. Kept with the study."""
    if "observed" not in study.kept:
        study.kept["observed"] = sum(s.length_ms for name in study.sessions for s in shared_window(study.of(name)))
    observed: int = study.kept["observed"]
    return observed


def _grid_of(study: Study, session: str, width_ms: int) -> _Grid | None:
    """None where the raters of the session share no window. Kept with the study."""
    key = ("grid", session, width_ms)
    if key not in study.kept:
        codings = study.of(session)
        window = shared_window(codings)
        made = None
        if window:
            everything = merged(span for coding in codings for span in coding.windows)
            not_shared = round(sum(span.length_ms for span in without(everything, window)) / 1000)
            starts, ends, short = _grid(window, width_ms)
            made = _Grid(window, not_shared, starts, ends, short, _untouched(starts, ends, dark(codings)))
        study.kept[key] = made
    found: _Grid | None = study.kept[key]
    return found


def _columns(study: Study, width_ms: int) -> tuple[tuple[str, ...], tuple[str, ...], tuple[int, ...]]:
    """The name, the session and the beginning of every cell, the same for each code. Kept with the study."""
    key = ("columns", width_ms)
    if key not in study.kept:
        names: list[str] = []
        sessions: list[str] = []
        begins: list[int] = []
        for session in study.sessions:
            grid = _grid_of(study, session, width_ms)
            if grid is None:
                continue
            starts = grid.starts[grid.keep]
            names += _names(session, starts.tobytes())
            sessions += [session] * len(starts)
            begins += starts.tolist()
        study.kept[key] = tuple(names), tuple(sessions), tuple(begins)
    found: tuple[tuple[str, ...], tuple[str, ...], tuple[int, ...]] = study.kept[key]
    return found


@lru_cache(maxsize=4096)
def _names(session: str, starts: bytes) -> tuple[str, ...]:
    """The cells of a session by name; the same for each pair of raters, hence kept."""
    return tuple(f"{session} {clock(ms)}.{ms % 1000:03d}" for ms in np.frombuffer(starts, dtype=np.int64).tolist())


def _grid(window: tuple[TimeSpan, ...], width_ms: int) -> tuple[Milliseconds, Milliseconds, int]:
    starts = np.concatenate([np.arange(s.start_ms, s.end_ms, width_ms, dtype=np.int64) for s in window])
    limits = np.concatenate([np.full(-(-s.length_ms // width_ms), s.end_ms, dtype=np.int64) for s in window])
    ends = np.minimum(starts + width_ms, limits)
    long_enough = 2 * (ends - starts) >= width_ms
    return starts[long_enough], ends[long_enough], int((~long_enough).sum())


def _untouched(starts: Milliseconds, ends: Milliseconds, holes: tuple[TimeSpan, ...]) -> NDArray[np.bool_]:
    keep = np.ones(len(starts), dtype=np.bool_)
    for hole in holes:
        keep &= (starts >= hole.end_ms) | (ends <= hole.start_ms)
    return keep


def _events(study: Study, session: str, asked: Compared, tolerance_ms: int) -> list[tuple[str, list[Span]]]:
    """Start, end and category of each event that has one, by rater; end = start for points."""
    codings = study.of(session)
    by_code: dict[str, list[tuple[int, Event, str]]] = {}
    for code, some in _by_code(study, session).items():
        for i, event in some if not asked.against_rest or code == asked.what else ():
            category = asked.category(event) if asked.takes_part(event) else None
            if category is not None and category != asked.absent:
                by_code.setdefault(code, []).append((i, event, category))
    out: list[list[Span]] = [[] for _ in codings]
    for flat in by_code.values():
        starts = [e.start_ms for _, e, _ in flat]
        ends = [e.end_ms for _, e, _ in flat]
        if tolerance_ms:
            starts = together([(i, e.start_ms) for i, e, _ in flat], tolerance_ms)
            states = [k for k, end in enumerate(ends) if end is not None]
            common = together([(flat[k][0], ends[k] or 0) for k in states], tolerance_ms)
            for k, shared in zip(states, common, strict=True):
                ends[k] = shared
        for (i, _, category), start, end in zip(flat, starts, ends, strict=True):
            out[i].append((start, start if end is None else max(start, end), category))
    return [(coding.rater, spans) for coding, spans in zip(codings, out, strict=True)]


def _by_code(study: Study, session: str) -> dict[str, list[tuple[int, Event]]]:
    """The events of a session by their code, each with the place of its coding. Kept with the study."""
    key = ("by code", session)
    if key not in study.kept:
        found: dict[str, list[tuple[int, Event]]] = {}
        for i, coding in enumerate(study.of(session)):
            for event in coding.events:
                found.setdefault(event.code, []).append((i, event))
        study.kept[key] = found
    by_code: dict[str, list[tuple[int, Event]]] = study.kept[key]
    return by_code
