"""Values by rater and unit in a CSV, long or wide: reliability data from a table of one's own.

Every problem of a file is found before complaining: InputProblems holds one sentence for each, with
its row (the header is row 1). What is well formed but cannot give a value is no problem here.
"""

from __future__ import annotations

import re
import shlex
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from workbench.agreement.csv_rows import Rows, number_in, read_rows
from workbench.agreement.data import DECIMAL_COMMA, Level, ReliabilityData, encode, level_of
from workbench.agreement.facts import criterion_problems, utc_ms
from workbench.agreement.problems import InputProblems, in_order, listed
from workbench.model.natural_order import in_natural_order

MISSING = ("", "NA", "N/A", "NaN", "nan", ".")
# What the columns of a unit hold.
_Unit = tuple[str, ...]


def from_csv(
    path: str | Path,
    *,
    unit: str | Sequence[str] = "unit",
    rater: str | None = None,
    value: str | None = None,
    level: str = "nominal",
    categories: Sequence[object] | None = None,
    session: str | None = None,
    group: str | None = None,
    date: str | None = None,
    criterion: str | None = None,
    raters: Sequence[str] | None = None,
    where: Mapping[str, str | Sequence[str]] | None = None,
    missing: Sequence[str] = MISSING,
) -> ReliabilityData:
    """Reliability data from a CSV, long or wide.

    Long: one row for each rating, columns `unit`, `rater`, `value` (read so when `rater` or `value`
    is given, or when the file has columns of these names). Wide: one row for each unit, one column
    for each rater (`raters`, or all columns besides those of units, where none of them can be
    something else: a session, a date, a note). `unit` may be several
    columns. `where` keeps rows with this value, or one of these: {"scale": "bond", "rater": ["a",
    "b"]}. `missing` are the texts that mean no value; an empty cell always does. With `session` (a column)
    intervals resample sessions.

    `group` (a column) names the dyad of each unit, `date` (a column) when it was coded; where the raters
    of a unit differ in their date, the latest counts, the criterion's own only if it stands alone.
    `criterion` is the rater that the others are held against.

    Raises InputProblems: no such file, missing columns, ragged rows, text at the interval level,
    a rater and unit that occur twice, values outside `categories`, unknown level, a wide table whose
    raters are not clear …
    """
    given: dict[str, object] = {
        "unit": unit,
        "rater": rater,
        "value": value,
        "categories": categories,
        "session": session,
        "group": group,
        "date": date,
        "criterion": criterion,
    }
    given |= {"raters": raters, "where": where, "missing": None if tuple(missing) == MISSING else tuple(missing)}
    asked = {name: v for name, v in given.items() if v is not None and (name, v) != ("unit", "unit")}
    measured = level_of(level)
    if raters is not None and (rater is not None or value is not None):
        raise InputProblems(["raters names the columns of a wide table, rater and value those of a long one"])
    problems: list[str] = []
    rows = read_rows(path, problems)
    if raters is None and {"rater", "value"} <= set(rows.columns):
        rater, value = rater or "rater", value or "value"
    unit_columns = [unit] if isinstance(unit, str) else list(unit)
    long = rater is not None or value is not None
    rater, value = rater or "rater", value or "value"
    of_unit = _UnitColumns(unit_columns, session, group, date)
    rows.require([*unit_columns, *([rater, value] if long else raters or ()), *of_unit.all(), *(where or ())], problems)
    rows = rows.keep(where or {})
    if long:
        cells = _long(rows, of_unit, rater, value, criterion)
    else:
        cells = _wide(
            rows, of_unit, _raters(rows, [*of_unit.all(), *(where or ())], raters, measured, frozenset(missing))
        )
    names, units = in_natural_order(cells.raters), {key: at for at, key in enumerate(cells.session_of)}
    cells.finish(of_unit, criterion)
    absent = frozenset(missing)
    row_of = {who: at for at, who in enumerate(names)}
    texts = {
        (row_of[who], units[key]): cell
        for (key, who), cell in cells.found.items()
        if cell.text and cell.text not in absent
    }
    numeric = measured in ("interval", "ratio") or (
        categories is None or all(_as_number(cell.text) is not cell.text for cell in texts.values())
        if measured == "ordinal"
        # 1 and 1.0, which a program writes for a column with a gap, are one code; 07 and 7 are two
        else all(_PLAIN_NUMBER.fullmatch(cell.text) for cell in texts.values())
    )
    table = np.full((len(names), len(units)), None, dtype=object)
    for at, cell in texts.items():
        table[at] = _as_number(cell.text) if numeric else cell.text
    stated = None if categories is None else tuple(_as_number(str(c)) if numeric else str(c) for c in categories)
    values, labels, found = encode(table, measured, stated)
    problems += cells.problems
    for where_at, text in sorted(found, key=lambda p: (texts[p[0]].row, p[0]) if p[0] else (0, (0, 0))):
        at_row = f"row {texts[where_at].row}, column {texts[where_at].column}" if where_at else rows.name
        problems.append(f"{at_row}: {text}")
    if problems:
        raise InputProblems(in_order(problems))
    return ReliabilityData(
        values=values,
        raters=names,
        units=_named(list(units)),
        sessions=() if session is None else tuple(cells.session_of.values()),
        level=measured,
        labels=labels,
        categories=None if categories is None else tuple(map(str, categories)),
        resample="units" if session is None else "sessions",
        settings={"way": "table", "source": Path(path).name, "arguments": asked},
        groups=() if group is None else tuple(cells.group_of[key] for key in units),
        dates=() if date is None else tuple(cells.coded_at[key] for key in units),
        criterion=criterion,
        notes=_taken_as_missing(cells, absent) if measured in ("nominal", "ordinal") else (),
    )


def _taken_as_missing(cells: _Cells, absent: frozenset[str]) -> tuple[str, ...]:
    """Texts that may be a code and were taken for no value (negative affect, not applicable), with their counts."""
    seen = Counter(cell.text for cell in cells.found.values() if cell.text and cell.text in absent)
    if not seen:
        return ()
    counts = ", ".join(f"“{text}” {n} times" if n > 1 else f"“{text}” once" for text, n in sorted(seen.items()))
    return (f"Taken as missing: {counts}. Where that is a code, say what stands for no value with “missing”.",)


# Words of columns that say something of a unit or a row, and are not taken for a rater unless named as one.
_OF_UNIT = re.compile(
    r"(?<![^\W_])(session|sitting|recording|file|unit|item|segment|case|clip|subject|utterance|dyad|group|family|client|"
    r"patient|provider|therapist|study|site|scale|category|onset|start|stop|end|time|duration|date|day|week|month|year|"
    r"coded|notes?|comments?|remarks?|text|transcript|id|age|sex|gender|unnamed)(?![^\W_])"
)
# The same of whole names: “rater” is the column of a long table, “rater 1” a rater.
_OF_ROW = re.compile(r"|raters?|coders?|observer|judge|values?|rating|score|code|label|index|row|no|nr|number")


def _raters(
    rows: Rows, apart: Sequence[str], raters: Sequence[str] | None, level: Level, absent: frozenset[str]
) -> list[str]:
    """The columns of the raters of a wide table: those that were named, else all others where that is clear.

    Raises InputProblems where a column may be something else.
    """
    if raters is not None:
        twice = sorted({c for c in raters if list(raters).count(c) > 1})
        problems = [f"column {c!r} is named as a rater twice" for c in twice]
        problems += [f"column {c!r} cannot be of the unit and a rater's" for c in raters if c in apart]
        if problems:
            raise InputProblems(problems)
        return list(raters)
    others = [c for c in rows.columns if c not in apart]
    unclear = [c for c in others if _OF_ROW.fullmatch(c.lower()) or _OF_UNIT.search(c.lower())]
    unclear += _unlike(rows, [c for c in others if c not in unclear], level, absent)
    if not unclear:
        return others
    left = [c for c in others if c not in unclear]
    these = left if len(left) > 1 else ["anna", "ben"]
    what = f"column{'s' * (len(unclear) > 1)} {listed(map(repr, unclear))}"
    named = shlex.quote(",".join(these))
    raise InputProblems(
        [
            f"{rows.name}: {what} may hold something else than what a rater said. Name the columns of the raters, "
            f"such as --raters {named} (in Python raters={these!r}); a table with a row for each rating "
            "needs --rater COLUMN and --value COLUMN"
        ]
    )


def _unlike(rows: Rows, columns: list[str], level: Level, absent: frozenset[str]) -> list[str]:
    """Columns unlike the others: that share no value with any (nominal), or hold no number (interval, ratio)."""
    said = {c: {_value(cells[rows.columns.index(c)]) for _, cells in rows.rows} - absent - {""} for c in columns}
    if level in ("interval", "ratio"):
        alike = {c: any(isinstance(v, float) or DECIMAL_COMMA.fullmatch(v) for v in said[c]) for c in columns}
    elif level == "nominal":
        alike = {c: any(said[c] & said[o] for o in columns if o != c) for c in columns}
    else:
        return []
    return [c for c in columns if said[c] and not alike[c]] if any(alike.values()) else []


@dataclass(frozen=True, slots=True)
class _UnitColumns:
    """The columns that say something of a unit, whoever rated it."""

    unit: list[str]
    session: str | None
    group: str | None
    date: str | None

    def all(self) -> list[str]:
        return [*self.unit, *(c for c in (self.session, self.group, self.date) if c is not None)]


@dataclass(frozen=True, slots=True)
class _Cell:
    row: int
    column: str
    text: str


@dataclass(frozen=True)
class _Cells:
    """What stands in the file: (unit, rater) → cell, units in their order with their session, group and date."""

    found: dict[tuple[_Unit, str], _Cell] = field(default_factory=dict)
    session_of: dict[_Unit, str] = field(default_factory=dict)
    group_of: dict[_Unit, str] = field(default_factory=dict)
    coded_at: dict[_Unit, int] = field(default_factory=dict)
    raters: set[str] = field(default_factory=set)
    problems: list[str] = field(default_factory=list)

    def unit(self, number: int, row: Mapping[str, str], columns: _UnitColumns) -> _Unit | None:
        """The unit of a row, or None (and a problem) when it has none."""
        key = tuple(row[c] for c in columns.unit)
        if not any(key):
            self.problems.append(f"row {number}: no unit in column {listed(columns.unit)}")
            return None
        for kind, column, known in (
            ("session", columns.session, self.session_of),
            ("group", columns.group, self.group_of),
        ):
            own = "" if column is None else row[column]
            if (before := known.setdefault(key, own)) != own:
                self.problems.append(f"row {number}: unit {_written(key)} is in {kind} {own!r}, above in {before!r}")
            elif column is not None and not own:
                self.problems.append(f"row {number}: no {kind} in column {column}")
        return key

    def dated(self, number: int, row: Mapping[str, str], column: str | None) -> int | None:
        """The date of a row, or None where none stands there (or, with a problem, none can be read)."""
        if column is None or not row[column]:
            return None
        if (ms := utc_ms(row[column])) is None:
            self.problems.append(f"row {number}, column {column}: {row[column]!r} is no date such as 2026-03-01")
        return ms

    def finish(self, columns: _UnitColumns, criterion: str | None) -> None:
        """What can only be seen when every row was read."""
        self.problems.extend(criterion_problems(criterion, in_natural_order(self.raters)))
        undated = [key for key in self.session_of if key not in self.coded_at]
        if columns.date is not None and undated:
            self.problems.append(f"column {columns.date}: no date for unit {listed(map(_written, undated))}")


def _long(rows: Rows, columns: _UnitColumns, rater: str, value: str, criterion: str | None) -> _Cells:
    cells = _Cells()
    of_criterion: dict[_Unit, int] = {}
    for number, row in rows.numbered():
        if (key := cells.unit(number, row, columns)) is None:
            continue
        when = cells.dated(number, row, columns.date)
        if not (who := row[rater]):
            cells.problems.append(f"row {number}: no rater in column {rater}")
        elif (key, who) in cells.found:
            before = cells.found[key, who].row
            cells.problems.append(
                f"row {number}: rater {who} has unit {_written(key)} a second time (first in row {before})"
            )
        else:
            cells.raters.add(who)
            cells.found[key, who] = _Cell(number, value, row[value])
        if when is not None:
            dates = of_criterion if who == criterion else cells.coded_at
            dates[key] = max(when, dates.get(key, when))
    for key, when in of_criterion.items():
        cells.coded_at.setdefault(key, when)
    return cells


def _wide(rows: Rows, columns: _UnitColumns, raters: list[str]) -> _Cells:
    cells = _Cells(raters=set(raters))
    if not raters:
        cells.problems.append(f"{rows.name}: there is no column of a rater beside {listed(columns.all())}")
    for number, row in rows.numbered():
        before = len(cells.session_of)
        if (key := cells.unit(number, row, columns)) is None:
            continue
        if len(cells.session_of) == before:
            cells.problems.append(f"row {number}: unit {_written(key)} occurs a second time")
            continue
        if (when := cells.dated(number, row, columns.date)) is not None:
            cells.coded_at[key] = when
        for who in raters:
            cells.found[key, who] = _Cell(number, who, row[who])
    return cells


def _written(unit: _Unit, between: str = " ") -> str:
    return between.join(unit)


def _named(units: list[_Unit]) -> tuple[str, ...]:
    """The units by name: their columns with a blank between them, or a sign that keeps them apart."""
    for between in (" ", " · ", " | "):
        if not any(between in part for unit in units if len(unit) > 1 for part in unit):
            return tuple(_written(unit, between) for unit in units)
    return tuple(repr(unit) for unit in units)


_PLAIN_NUMBER = re.compile(r"-?(0|[1-9]\d{0,14})(\.\d+)?")


def _value(text: str) -> float | str:
    """Numbers as numbers, so that 1 and 1.0 are one; other text as it is."""
    return float(text) if _PLAIN_NUMBER.fullmatch(text) else text


def _as_number(text: str) -> float | str:
    number = number_in(text)
    return text if number is None else number
