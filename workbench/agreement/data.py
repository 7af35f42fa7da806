"""Reliability data: what each rater said about each unit, as one table of raters × units."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property, lru_cache
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.agreement import facts
from workbench.agreement.problems import InputProblems, listed

Numbers = NDArray[np.float64]
Resample = Literal["units", "sessions"]

# Squares of squares of larger numbers do not fit into a float.
LARGEST = 1e60
# 3,5 as many programs write three and a half.
DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+")


def written(number: float) -> str:
    """A number as people write it, and no two whole numbers alike.

    >>> written(3.0), written(0.1), written(1234567.0)
    ('3', '0.1', '1234567')
    """
    return f"{number:.15g}"


class Level(StrEnum):
    """Level of measurement: what a difference between two values means (Stevens 1946)."""

    NOMINAL = "nominal"
    ORDINAL = "ordinal"
    INTERVAL = "interval"
    RATIO = "ratio"


def level_of(text: str) -> Level:
    """The level of that name. Raises InputProblems, which lists the four there are."""
    try:
        return Level(text)
    except ValueError:
        raise InputProblems(
            [f"unknown level of measurement {text!r}; there are: {', '.join(level.value for level in Level)}"]
        ) from None


@dataclass(frozen=True, eq=False)
class ReliabilityData:
    """Raters × units, with what was left out on the way and why.

    values: floats of shape (n_raters, n_units), NaN where a rater gave none. With `labels`, the
    values are positions in `labels` (in order of the categories where the level is ordinal).
    sessions: the session of each unit, or empty where none are known. resample: what an interval
    draws anew: "sessions" where the units of one session hang together (time bins, utterances),
    else "units". groups: the dyad (or other group) of each unit, dates: the instant of each unit's
    coding in UTC milliseconds; both empty where not known. criterion: the rater whose coding the
    others are held against, if any. nil: the label that stands for "coded nothing here" where two
    raters' events were linked or aligned; both cannot say it of one unit. starts: where each unit
    begins, in milliseconds of its session; empty where units have no time. has_part: which raters have a
    part in which unit, (n_raters, n_units), or None where all have one in each; units of linked events are
    of two raters alone, and the others are not missing there. owners: where several columns are of one unit, the
    unit of each; an interval draws these; else empty.
    excluded: reason → count. settings: way, window, bin, tolerance and the like.
    """

    values: Numbers
    raters: tuple[str, ...]
    units: tuple[str, ...]
    sessions: tuple[str, ...]
    level: Level
    labels: tuple[str, ...] | None = None
    categories: tuple[str, ...] | None = None
    resample: Resample = "units"
    excluded: Mapping[str, int] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    dates: tuple[int, ...] = ()
    criterion: str | None = None
    nil: str | None = None
    starts: tuple[int, ...] = ()
    has_part: NDArray[np.bool_] | None = None
    owners: tuple[str, ...] = ()

    @cached_property
    def rated(self) -> NDArray[np.bool_]:
        """Where a value stands: (n_raters, n_units)."""
        return ~np.isnan(self.values)

    @cached_property
    def pairable_units(self) -> NDArray[np.bool_]:
        """Units with values of two raters or more: (n_units,)."""
        return np.asarray(self.rated.sum(axis=0) >= 2)

    @property
    def n_units(self) -> int:
        return len(self.units)

    @cached_property
    def n_pairable(self) -> int:
        return int(self.pairable_units.sum())

    @cached_property
    def n_sessions(self) -> int | None:
        """Sessions with pairable units, or None where sessions are not known."""
        if not self.sessions:
            return None
        names, place = self.session_places
        return int(np.count_nonzero(np.bincount(place[self.pairable_units], minlength=len(names))))

    @cached_property
    def session_places(self) -> tuple[tuple[str, ...], NDArray[np.intp]]:
        """The names of the sessions in order, and the place among them of each unit's: (n_units,)."""
        return _places(self.sessions)

    @cached_property
    def begins(self) -> NDArray[np.float64]:
        """`starts` as numbers: (n_units,)."""
        return np.asarray(self.starts, dtype=np.float64)

    @cached_property
    def missing(self) -> int:
        """Cells without a value; a rater who has no part in a unit is not missing there."""
        return int(self._cells - self.rated.sum())

    @property
    def missing_share(self) -> float:
        return self.missing / self._cells if self._cells else 0.0

    @property
    def _cells(self) -> int:
        return int(self.values.size if self.has_part is None else self.has_part.sum())

    def pairable(self) -> Numbers:
        """The columns of the pairable units: (n_raters, n_pairable). Read only."""
        return self._pairable

    @cached_property
    def _pairable(self) -> Numbers:
        return _kept(np.asarray(self.values[:, self.pairable_units]))

    def name(self, value: float) -> str:
        """A value as the user wrote it."""
        return self.labels[int(value)] if self.labels is not None else written(value)

    def only(self, *raters: str) -> ReliabilityData:
        """The same units (of those with a part for some raters: theirs), seen by these raters alone, in this order.

        Raises KeyError for a name that is not there.
        """
        if unknown := [r for r in raters if r not in self.raters]:
            raise KeyError(f"no rater {listed(unknown)} here; there are: {listed(self.raters)}")
        rows = [self.raters.index(r) for r in raters]
        part = None if self.has_part is None else self.has_part[rows]
        data = self
        if part is not None:
            theirs = np.flatnonzero(part.sum(axis=0) >= min(2, len(rows)))
            data, part = self.at(theirs.tolist()), part[:, theirs]
        return replace(
            data,
            values=data.values[rows],
            has_part=None if part is None or part.all() else part,
            raters=raters,
            criterion=self.criterion if self.criterion in raters else None,
            settings={**self.settings, "raters": list(raters)},
        )

    def in_session(self, session: str) -> ReliabilityData:
        """The units of one session, as the raters saw them who rated any. Raises KeyError for an unknown session.

        What was left out is counted for all sessions together, so it stays behind.
        """
        if session not in self.sessions:
            raise KeyError(f"no session {session} here; there are: {listed(sorted(set(self.sessions)))}")
        place = [u for u, s in enumerate(self.sessions) if s == session]
        raters = np.flatnonzero(self.rated[:, place].any(axis=1)).tolist()
        names = tuple(self.raters[r] for r in raters)
        return replace(
            self.at(place),
            values=self.values[np.ix_(raters, place)],
            has_part=None if self.has_part is None else self.has_part[np.ix_(raters, place)],
            raters=names,
            criterion=self.criterion if self.criterion in names else None,
            excluded={},
            settings={**self.settings, "sessions": [session]},
        )

    def at(self, place: list[int]) -> ReliabilityData:
        """The units at these places, with what is known of each."""
        return replace(
            self,
            values=self.values[:, place],
            has_part=None if self.has_part is None else self.has_part[:, place],
            units=tuple(self.units[u] for u in place),
            sessions=tuple(self.sessions[u] for u in place) if self.sessions else (),
            groups=tuple(self.groups[u] for u in place) if self.groups else (),
            dates=tuple(self.dates[u] for u in place) if self.dates else (),
            starts=tuple(self.starts[u] for u in place) if self.starts else (),
            owners=tuple(self.owners[u] for u in place) if self.owners else (),
        )

    def to_frame(self) -> pd.DataFrame:
        """Units as rows, raters as columns, values as the user wrote them (None where missing)."""
        if self.labels is None:
            table: dict[str, Any] = dict(zip(self.raters, self.values, strict=True))
        else:
            table = {
                r: [None if np.isnan(v) else self.labels[int(v)] for v in row]
                for r, row in zip(self.raters, self.values, strict=True)
            }
        return pd.DataFrame(table, index=pd.Index(self.units, name="unit"))

    def confusion(self, a: str, b: str) -> pd.DataFrame:
        """Counts of units by the value of rater `a` (rows) and of rater `b` (columns)."""
        pair = self.only(a, b)
        x, y = pair.pairable()
        domain = pair.domain()
        counts = [[int(((x == r) & (y == c)).sum()) for c in domain] for r in domain]
        names = [pair.name(v) for v in domain]
        return pd.DataFrame(counts, index=pd.Index(names, name=a), columns=pd.Index(names, name=b))

    def domain(self) -> Numbers:
        """The values that occur in pairable units, sorted. Read only."""
        return self._domain

    @cached_property
    def _domain(self) -> Numbers:
        present = self.pairable()
        return _kept(np.unique(present[~np.isnan(present)]))

    def __repr__(self) -> str:
        return (
            f"<ReliabilityData {len(self.raters)} raters × {len(self.units)} units "
            f"({self.n_pairable} pairable), {self.level}, {self.missing} cells missing>"
        )


@lru_cache(maxsize=32)  # the codes of a study have the same units
def _places(names: tuple[str, ...]) -> tuple[tuple[str, ...], NDArray[np.intp]]:
    index, every = pd.factorize(np.asarray(names, dtype=object), sort=True)
    return tuple(map(str, every)), np.asarray(index, dtype=np.intp)


def _kept(numbers: Numbers) -> Numbers:
    """The same numbers, which nobody can alter: they are worked out once and given to all who ask."""
    numbers.setflags(write=False)
    return numbers


def reliability(
    table: pd.DataFrame | Sequence[Sequence[Any]] | NDArray[Any],
    *,
    level: str,
    units_in: Literal["rows", "columns"] | None = None,
    raters: Iterable[str] | None = None,
    units: Iterable[str] | None = None,
    sessions: Iterable[str] | None = None,
    categories: Iterable[object] | None = None,
    resample: Resample | None = None,
    groups: Iterable[object] | None = None,
    dates: Iterable[object] | None = None,
    criterion: str | None = None,
) -> ReliabilityData:
    """Reliability data from a table.

    A data frame has units as rows and raters as columns (as pingouin and R's irr read it); an array
    or a list has raters as rows and units as columns (as `krippendorff` reads it). `units_in` says
    otherwise. Missing: None, NaN, empty text. `categories` names every value there can be, for the
    ordinal level in order. With `sessions` (one for each unit) intervals resample sessions.
    `groups` names the dyad of each unit, `dates` when it was coded (dates, ISO text or UTC
    milliseconds), `criterion` the rater that the others are held against.

    Raises InputProblems: unknown level, text at the interval or ratio level or (without
    `categories`) at the ordinal level, infinite values, values outside the categories, names that
    do not fit the table or occur twice.

    >>> reliability([[1, 2, 3, None], [1, 2, 4, 4]], level="ordinal")
    <ReliabilityData 2 raters × 4 units (3 pairable), ordinal, 1 cells missing>
    """
    measured = level_of(level)
    if isinstance(table, pd.DataFrame):
        by_unit = table.T if units_in == "columns" else table
        raters = by_unit.columns if raters is None else raters
        units = by_unit.index if units is None else units
        cells = by_unit.to_numpy(dtype=object).T
    else:
        rows = [list(row) for row in table if isinstance(row, Iterable) and not isinstance(row, str)]
        nested = any(isinstance(cell, list | tuple | np.ndarray) for row in rows for cell in row)
        if isinstance(table, str) or len(rows) < len(table) or nested:
            raise InputProblems(["expected a table: a data frame, or a row of cells for each rater"])
        cells = np.array([[_plain(v) for v in row] for row in rows] or np.empty((0, 0)), dtype=object)
        if cells.ndim != 2:
            raise InputProblems(["the rows of the table differ in length: every rater needs one cell for each unit"])
        cells = cells.T if units_in == "rows" else cells
    n_raters, n_units = cells.shape
    rater_names = tuple(map(str, raters)) if raters is not None else tuple(f"rater {i + 1}" for i in range(n_raters))
    unit_names = tuple(map(str, units)) if units is not None else tuple(f"unit {i + 1}" for i in range(n_units))
    given_sessions = None if sessions is None else tuple(sessions)
    session_names = tuple(map(str, given_sessions or ()))
    problems = [
        *_name_problems("rater", rater_names, n_raters, unique=True),
        *_name_problems("unit", unit_names, n_units, unique=True),
        *_name_problems("session", session_names, n_units if sessions is not None else 0, unique=False),
    ]
    if resample == "sessions" and sessions is None:
        problems.append("intervals over sessions need the session of each unit")
    group_names, coded_at, of_facts = facts.of_units(n_units, groups, dates)
    problems += [*of_facts, *facts.criterion_problems(criterion, rater_names)]
    problems += facts.missing("session", given_sessions) + facts.sessions_of_two_groups(session_names, group_names)
    stated = None if categories is None else tuple(categories)
    values, labels, more = encode(cells, measured, stated)
    problems += [f"{where_text(rater_names, unit_names, at)}: {text}" if at else text for at, text in more]
    if problems:
        raise InputProblems(problems)
    return ReliabilityData(
        values=values,
        raters=rater_names,
        units=unit_names,
        sessions=session_names,
        level=measured,
        labels=labels,
        categories=None if stated is None else tuple(map(str, stated)),
        resample=resample or ("units" if sessions is None else "sessions"),
        settings={"way": "table"},
        groups=group_names,
        dates=coded_at,
        criterion=criterion,
    )


def where_text(raters: Sequence[str], units: Sequence[str], at: tuple[int, int]) -> str:
    r, u = at
    return f"rater {raters[r] if r < len(raters) else r + 1}, unit {units[u] if u < len(units) else u + 1}"


Problem = tuple[tuple[int, int] | None, str]


def encode(
    cells: NDArray[np.object_], level: Level, categories: tuple[Hashable, ...] | None
) -> tuple[Numbers, tuple[str, ...] | None, list[Problem]]:
    """Cells as floats with NaN for missing, their labels when they are text, and what is wrong.

    A problem comes with its cell (rater, unit), or None when it concerns the table.
    """
    shape = cells.shape
    plain = [_plain(v) for v in cells.ravel()]
    numbers = [_number(v) for v in plain]
    values = np.full(len(plain), np.nan)
    problems: list[Problem] = []

    def cell(i: int) -> tuple[int, int]:
        return i // shape[1], i % shape[1]

    stated_numbers = None if categories is None else [_number(_plain(c)) for c in categories]
    if twice := sorted({_text(c) for c in categories or () if list(categories or ()).count(c) > 1}):
        problems.append((None, f"category {listed(twice)} is named more than once"))
    textual = any(v is not None and n is None for v, n in zip(plain, numbers, strict=True)) or (
        stated_numbers is not None and None in stated_numbers
    )
    if level is Level.ORDINAL and stated_numbers is not None and not textual:
        textual = stated_numbers != sorted(n for n in stated_numbers if n is not None)  # an order of their own
    if level in (Level.INTERVAL, Level.RATIO) or not textual:
        allowed = None if stated_numbers is None else {n for n in stated_numbers if n is not None}
        for i, (v, n) in enumerate(zip(plain, numbers, strict=True)):
            if v is None:
                continue
            if n is None:
                point = " (with a decimal point)" if DECIMAL_COMMA.fullmatch(str(v)) else ""
                problems.append((cell(i), f"{v!r} is text; the {level} level needs numbers{point}"))
            elif not abs(n) <= LARGEST:
                problems.append((cell(i), f"{_text(v)} is not a number from {-LARGEST:g} to {LARGEST:g}"))
            elif allowed is not None and n not in allowed:
                known = listed(map(_text, categories or ()))
                problems.append((cell(i), f"{_text(v)} is outside the categories {known}"))
            else:
                values[i] = n
        return values.reshape(shape), None, problems
    texts = [None if v is None else _text(v) for v in plain]
    if categories is not None:
        labels = tuple(_text(c) for c in categories)
    else:
        labels = tuple(sorted({t for t in texts if t is not None}))
        if level is Level.ORDINAL:
            problems += _without_order(plain, numbers, labels, cell)
    position = {label: float(i) for i, label in enumerate(labels)}
    for i, t in enumerate(texts):
        if t is None:
            continue
        if t in position:
            values[i] = position[t]
        else:
            problems.append((cell(i), f"{t!r} is outside the categories {listed(labels)}"))
    return values.reshape(shape), labels, problems


def _without_order(
    plain: list[Any], numbers: list[float | None], labels: tuple[str, ...], cell: Callable[[int], tuple[int, int]]
) -> list[Problem]:
    """Text at the ordinal level whose order nobody stated: one sentence, or the cells that are not numbers."""
    if not any(n is not None for n in numbers):
        said = f"the values are text ({listed(labels)}): the ordinal level needs their order"
        return [(None, said)]
    return [
        (cell(i), f"{v!r} is text; the ordinal level needs numbers, or the categories in their order")
        for i, (v, n) in enumerate(zip(plain, numbers, strict=True))
        if v is not None and n is None
    ]


def _name_problems(kind: str, names: tuple[str, ...], expected: int, unique: bool) -> list[str]:
    problems = []
    if len(names) != expected:
        problems.append(f"{len(names)} {kind} names for {expected} in the table")
    if unique and (twice := sorted({n for n in names if names.count(n) > 1} if len(set(names)) < len(names) else ())):
        problems.append(f"{kind} {listed(twice)} occurs more than once; each needs a name of its own")
    return problems


def _plain(value: Any) -> Any:
    """None for every form of missing; text without its outer blanks."""
    if value is None or value is pd.NA or value is pd.NaT:
        return None
    if isinstance(value, float | np.floating) and np.isnan(value):
        return None
    if isinstance(value, str):
        return value.strip() or None
    return value


def _number(value: Any) -> float | None:
    if isinstance(value, bool | np.bool_ | int | float | np.integer | np.floating):
        return float(value)
    return None


def _text(value: Any) -> str:
    number = _number(value)
    return str(value) if number is None else written(number)
