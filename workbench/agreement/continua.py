"""Continua: what raters marked on the same stretches of time, from when to when and as what.

The other kind of data beside `ReliabilityData`: there are no given units, finding them is part of
the raters' work.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any, ClassVar, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.agreement.data import Level
from workbench.agreement.problems import InputProblems, listed
from workbench.model.natural_order import in_natural_order
from workbench.model.span import TimeSpan, clock


@dataclass(frozen=True, order=True, slots=True)
class Marked:
    """A unit that a rater found: half-open `[start_ms, end_ms)` of a session, with its code."""

    start_ms: int
    end_ms: int
    code: str


@dataclass(frozen=True, eq=False)
class Continua:
    """Raters × sessions, each with the units that the rater marked there.

    observed: for each session the half-open stretches in milliseconds that its raters were to
    observe and could, sorted and apart. marked[rater][session]: units within `observed`, sorted by
    time; empty where the rater found nothing, None where the rater did not code the session.
    categories: the codes that were compared. excluded: reason → count. settings: way and the like.
    """

    raters: tuple[str, ...]
    sessions: tuple[str, ...]
    observed: tuple[tuple[TimeSpan, ...], ...]
    marked: tuple[tuple[tuple[Marked, ...] | None, ...], ...]
    categories: tuple[str, ...]
    excluded: Mapping[str, int] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    level: ClassVar[Level] = Level.NOMINAL
    resample: ClassVar[Literal["sessions"]] = "sessions"

    @property
    def pairable_sessions(self) -> tuple[bool, ...]:
        """By session: whether two raters or more coded it and something of it was observed."""
        return tuple(
            bool(spans) and sum(row[s] is not None for row in self.marked) >= 2 for s, spans in enumerate(self.observed)
        )

    @property
    def n_sessions(self) -> int:
        """Sessions that two raters or more coded."""
        return sum(self.pairable_sessions)

    @property
    def n_units(self) -> int:
        """Units that were marked, by all raters together."""
        return sum(len(units) for row in self.marked for units in row if units is not None)

    @property
    def n_pairable(self) -> int:
        """Units in sessions that two raters or more coded."""
        both = self.pairable_sessions
        return sum(len(row[s] or ()) for row in self.marked for s, pairable in enumerate(both) if pairable)

    @property
    def missing(self) -> int:
        """Sessions that a rater did not code, over all raters."""
        return sum(units is None for row in self.marked for units in row)

    @property
    def missing_share(self) -> float:
        cells = len(self.raters) * len(self.sessions)
        return self.missing / cells if cells else 0.0

    @property
    def observed_ms(self) -> int:
        """Length of what was observed, over all sessions."""
        return sum(span.length_ms for spans in self.observed for span in spans)

    def positions(self, session: int, times: Iterable[int]) -> NDArray[np.float64]:
        """How much of session number `session` was observed before each of these times, in milliseconds:
        where they stand on the continuum, from which everything else is taken out."""
        spans = self.observed[session]
        edges = [t for span in spans for t in (span.start_ms, span.end_ms)]
        lengths = np.diff(edges)
        lengths[1::2] = 0
        return np.asarray(np.interp(list(times), edges, np.concatenate([[0.0], np.cumsum(lengths)])))

    def overlap(self) -> str | None:
        """One sentence on units of one rater that overlap, or None where there are none."""
        for rater, row in zip(self.raters, self.marked, strict=True):
            for session, units in zip(self.sessions, row, strict=True):
                for a, b in pairwise(units or ()):
                    if b.start_ms < a.end_ms:
                        both = f"{a.code} and {b.code} at {clock(b.start_ms)}"
                        return f"units of rater {rater} overlap in session {session} ({both})"
        return None

    def only(self, *raters: str) -> Continua:
        """The same sessions, marked by these raters alone, in this order. Raises KeyError for a name that is not
        there."""
        if unknown := [r for r in raters if r not in self.raters]:
            raise KeyError(f"no rater {listed(unknown)} here; there are: {listed(self.raters)}")
        rows = tuple(self.marked[self.raters.index(r)] for r in raters)
        return replace(self, marked=rows, raters=raters, settings={**self.settings, "raters": list(raters)})

    def to_frame(self) -> pd.DataFrame:
        """The units, one row each, as `continua` reads them; a row without a code for each rater and session."""
        rows = [
            {"session": session, "rater": rater, "start_ms": at.start_ms, "end_ms": at.end_ms, "code": at.code}
            if at
            else {"session": session, "rater": rater}
            for rater, row in zip(self.raters, self.marked, strict=True)
            for session, units in zip(self.sessions, row, strict=True)
            if units is not None
            for at in (None, *units)
        ]
        columns = ["session", "rater", "start_ms", "end_ms", "code"]
        return pd.DataFrame(rows, columns=columns).astype({"start_ms": "Int64", "end_ms": "Int64"})

    def __repr__(self) -> str:
        return (
            f"<Continua {len(self.raters)} raters × {len(self.sessions)} sessions ({self.n_sessions} pairable), "
            f"{self.n_units} units of {listed(self.categories)}>"
        )


Row = tuple[int, int, str]


def continua(
    marked: pd.DataFrame | Mapping[str, Iterable[Row]],
    *,
    length_ms: int | Mapping[str, int],
    categories: Iterable[str] | None = None,
) -> Continua:
    """Continua from a table, or for one session from the units of each rater.

    A data frame has the columns rater, start_ms, end_ms, code and (with several sessions) session; a
    row without a code says that the rater coded the session and found nothing more. A mapping has a
    list of (start_ms, end_ms, code) for each rater. `length_ms` is the length of the continuum, or of
    that of each session; what was not observed is not part of it. Overlapping units of one code by
    one rater are joined. `categories` names the codes there can be.

    Raises InputProblems: missing columns, times that are no numbers, reversed or outside the
    continuum, codes outside the categories, sessions without a length.

    >>> continua({"anna": [(0, 400, "rupture")], "ben": [(100, 400, "rupture")]}, length_ms=1000)
    <Continua 2 raters × 1 sessions (1 pairable), 2 units of rupture>
    """
    if isinstance(marked, pd.DataFrame):
        rows, raters = _rows(marked)
    else:
        raters = tuple(map(str, marked))
        rows = [("session 1", str(r), _unit(u)) for r, units in marked.items() for u in [None, *units]]
    sessions = in_natural_order(session for session, _, _ in rows)
    given = length_ms if isinstance(length_ms, Mapping) else dict.fromkeys(sessions, length_ms)
    lengths = {str(session): length for session, length in given.items()}
    problems = [f"session {s}: the length of the continuum is not given" for s in sessions if s not in lengths]
    problems += [f"session {s}: the length is {n} ms, expected 1 or more" for s, n in lengths.items() if n < 1]
    known = None if categories is None else tuple(map(str, categories))
    found: dict[tuple[str, str], list[Marked]] = {}
    for session, rater, unit in rows:
        of_rater = found.setdefault((rater, session), [])
        if unit is None:
            continue
        start, end, code = unit
        where = (
            f"session {session}, rater {rater}, {code}{f' from {start} to {end} ms' if min(start, end) >= 0 else ''}"
        )
        if not 0 <= start < end:
            problems.append(f"{where}: expected whole milliseconds, a start from 0 on and an end after it")
            continue
        if end > lengths.get(session, end):
            problems.append(f"{where}: it ends after the continuum does, at {lengths[session]} ms")
        if known is not None and str(code) not in known:
            problems.append(f"{where}: the code is outside the categories {listed(known)}")
        of_rater.append(Marked(start, end, code))
    if problems:
        raise InputProblems(problems)
    table = tuple(tuple(_found(found.get((r, s))) for s in sessions) for r in raters)
    overlapping = sum(map(len, found.values())) - sum(len(units or ()) for row in table for units in row)
    return Continua(
        raters=raters,
        sessions=sessions,
        observed=tuple((TimeSpan(0, int(lengths[s])),) for s in sessions),
        marked=table,
        categories=known or tuple(sorted({u.code for units in found.values() for u in units})),
        settings={
            "way": "continua table",
            "length_ms": {s: int(lengths[s]) for s in sessions},
            **({} if known is None else {"categories": list(known)}),
        },
        notes=joined_note(overlapping),
    )


def joined(units: Iterable[Marked]) -> tuple[Marked, ...]:
    """One rater's units in order of time, overlapping ones of the same code as one."""
    out: list[Marked] = []
    last: dict[str, int] = {}
    for unit in sorted(units):
        at = last.get(unit.code)
        if at is not None and unit.start_ms < out[at].end_ms:
            out[at] = replace(out[at], end_ms=max(out[at].end_ms, unit.end_ms))
        else:
            last[unit.code] = len(out)
            out.append(unit)
    return tuple(sorted(out))


def joined_note(count: int) -> tuple[str, ...]:
    """What is said of units that were joined, if any."""
    return (f"{count} units overlapped another of the same code and rater and were joined with it.",) if count else ()


def _found(units: list[Marked] | None) -> tuple[Marked, ...] | None:
    return None if units is None else joined(units)


def _rows(table: pd.DataFrame) -> tuple[list[tuple[str, str, Row | None]], tuple[str, ...]]:
    if absent := [c for c in ("rater", "start_ms", "end_ms", "code") if c not in table.columns]:
        raise InputProblems(f"there is no column {c}; there are: {listed(table.columns)}" for c in absent)
    sessions = table["session"] if "session" in table.columns else ["session 1"] * len(table)
    columns = (table["rater"], table["start_ms"], table["end_ms"], table["code"])
    rows = [
        (str(session), str(rater), None if pd.isna(code) or code == "" else _unit((start, end, code)))
        for session, rater, start, end, code in zip(sessions, *columns, strict=True)
    ]
    return rows, in_natural_order(rater for _, rater, _ in rows)


def _unit(row: tuple[Any, Any, Any] | None) -> Row | None:
    if row is None:
        return None
    start, end, code = row
    return _whole(start), _whole(end), str(code)


def _whole(value: Any) -> int:
    """Whole milliseconds, −1 for what is none."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        return -1
    return int(number) if number.is_integer() else -1
