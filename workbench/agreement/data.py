"""Reliability data: what each rater said about each unit, as one table of raters × units."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.agreement.problems import InputProblems, listed

Numbers = NDArray[np.float64]
Resample = Literal["units", "sessions"]

# Squares of squares of larger numbers do not fit into a float.
LARGEST = 1e60


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
    else "units".
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

    @property
    def rated(self) -> NDArray[np.bool_]:
        """Where a value stands: (n_raters, n_units)."""
        return ~np.isnan(self.values)

    @property
    def pairable_units(self) -> NDArray[np.bool_]:
        """Units with values of two raters or more: (n_units,)."""
        return np.asarray(self.rated.sum(axis=0) >= 2)

    @property
    def n_pairable(self) -> int:
        return int(self.pairable_units.sum())

    @property
    def n_sessions(self) -> int | None:
        """Sessions with pairable units, or None where sessions are not known."""
        if not self.sessions:
            return None
        return len({s for s, pairable in zip(self.sessions, self.pairable_units.tolist(), strict=True) if pairable})

    @property
    def missing(self) -> int:
        """Cells without a value."""
        return int(self.values.size - self.rated.sum())

    def pairable(self) -> Numbers:
        """The columns of the pairable units: (n_raters, n_pairable)."""
        return np.asarray(self.values[:, self.pairable_units])

    def name(self, value: float) -> str:
        """A value as the user wrote it."""
        return self.labels[int(value)] if self.labels is not None else f"{value:g}"

    def only(self, *raters: str) -> ReliabilityData:
        """The same units, seen by these raters alone, in this order. Raises KeyError for a name that is not there."""
        if unknown := [r for r in raters if r not in self.raters]:
            raise KeyError(f"no rater {listed(unknown)} here; there are: {listed(self.raters)}")
        rows = [self.raters.index(r) for r in raters]
        return replace(
            self, values=self.values[rows], raters=raters, settings={**self.settings, "raters": list(raters)}
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
        """The values that occur in pairable units, sorted."""
        present = self.pairable()
        return np.unique(present[~np.isnan(present)])

    def __repr__(self) -> str:
        return (
            f"<ReliabilityData {len(self.raters)} raters × {len(self.units)} units "
            f"({self.n_pairable} pairable), {self.level}, {self.missing} cells missing>"
        )


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
) -> ReliabilityData:
    """Reliability data from a table.

    A data frame has units as rows and raters as columns (as pingouin and R's irr read it); an array
    or a list has raters as rows and units as columns (as `krippendorff` reads it). `units_in` says
    otherwise. Missing: None, NaN, empty text. `categories` names every value there can be, for the
    ordinal level in order. With `sessions` (one for each unit) intervals resample sessions.

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
        cells = np.array([[_plain(v) for v in row] for row in table] or np.empty((0, 0)), dtype=object)
        if cells.ndim != 2:
            raise InputProblems(["the rows of the table differ in length: every rater needs one cell for each unit"])
        cells = cells.T if units_in == "rows" else cells
    n_raters, n_units = cells.shape
    rater_names = tuple(map(str, raters)) if raters is not None else tuple(f"rater {i + 1}" for i in range(n_raters))
    unit_names = tuple(map(str, units)) if units is not None else tuple(f"unit {i + 1}" for i in range(n_units))
    session_names = tuple(map(str, sessions)) if sessions is not None else ()
    problems = [
        *_name_problems("rater", rater_names, n_raters, unique=True),
        *_name_problems("unit", unit_names, n_units, unique=True),
        *_name_problems("session", session_names, n_units if sessions is not None else 0, unique=False),
    ]
    if resample == "sessions" and sessions is None:
        problems.append("intervals over sessions need the session of each unit")
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
    textual = any(v is not None and n is None for v, n in zip(plain, numbers, strict=True)) or (
        stated_numbers is not None and None in stated_numbers
    )
    if level in (Level.INTERVAL, Level.RATIO) or not textual:
        allowed = None if stated_numbers is None else {n for n in stated_numbers if n is not None}
        for i, (v, n) in enumerate(zip(plain, numbers, strict=True)):
            if v is None:
                continue
            if n is None:
                problems.append((cell(i), f"{v!r} is text; the {level} level needs numbers"))
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
            problems.append((None, f"the values are text ({listed(labels)}): the ordinal level needs their order"))
    position = {label: float(i) for i, label in enumerate(labels)}
    for i, t in enumerate(texts):
        if t is None:
            continue
        if t in position:
            values[i] = position[t]
        else:
            problems.append((cell(i), f"{t!r} is outside the categories {listed(labels)}"))
    return values.reshape(shape), labels, problems


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
    return str(value) if number is None else f"{number:g}"
