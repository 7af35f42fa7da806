"""Values by rater and unit in a CSV, long or wide: reliability data from a table of one's own.

Every problem of a file is found before complaining: InputProblems holds one sentence for each, with
its row (the header is row 1). What is well formed but cannot give a value is no problem here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from workbench.agreement.csv_rows import Rows, read_rows
from workbench.agreement.data import ReliabilityData, encode, level_of
from workbench.agreement.problems import InputProblems, listed

MISSING = ("", "NA", "N/A", "NaN", "nan", ".")


def from_csv(
    path: str | Path,
    *,
    unit: str | Sequence[str] = "unit",
    rater: str | None = None,
    value: str | None = None,
    level: str = "nominal",
    categories: Sequence[object] | None = None,
    session: str | None = None,
    raters: Sequence[str] | None = None,
    where: Mapping[str, str | Sequence[str]] | None = None,
    missing: Sequence[str] = MISSING,
) -> ReliabilityData:
    """Reliability data from a CSV, long or wide.

    Long: one row for each rating, columns `unit`, `rater`, `value` (read so when `rater` or `value`
    is given, or when the file has columns of these names). Wide: one row for each unit, one column
    for each rater (`raters`, or all columns besides `unit` and `session`). `unit` may be several
    columns. `where` keeps rows with this value, or one of these: {"scale": "bond", "rater": ["a",
    "b"]}. `missing` are the texts that mean no value. With `session` (a column) intervals resample
    sessions.

    Raises InputProblems: no such file, missing columns, ragged rows, text at the interval level,
    a rater and unit that occur twice, values outside `categories`, unknown level …
    """
    given: dict[str, object] = {
        "unit": unit,
        "rater": rater,
        "value": value,
        "categories": categories,
        "session": session,
    }
    given |= {"raters": raters, "where": where, "missing": None if tuple(missing) == MISSING else tuple(missing)}
    asked = {name: v for name, v in given.items() if v is not None and (name, v) != ("unit", "unit")}
    measured = level_of(level)
    rows = read_rows(path)
    if raters is None and {"rater", "value"} <= set(rows.columns):
        rater, value = rater or "rater", value or "value"
    unit_columns = [unit] if isinstance(unit, str) else list(unit)
    long = rater is not None or value is not None
    rater, value = rater or "rater", value or "value"
    session_column = [] if session is None else [session]
    rows.require([*unit_columns, *([rater, value] if long else raters or ()), *session_column, *(where or ())])
    rows = rows.keep(where or {})
    if long:
        cells = _long(rows, unit_columns, rater, value, session)
    else:
        apart = {*unit_columns, *session_column, *(where or ())}
        cells = _wide(rows, unit_columns, list(raters or (c for c in rows.columns if c not in apart)), session)
    names, units = sorted(cells.raters), {key: at for at, key in enumerate(cells.session_of)}
    absent = frozenset(missing)
    texts = {
        (names.index(who), units[key]): cell for (key, who), cell in cells.found.items() if cell.text not in absent
    }
    numeric = measured in ("interval", "ratio") or (
        measured == "ordinal" and all(_as_number(cell.text) is not cell.text for cell in texts.values())
    )
    table = np.full((len(names), len(units)), None, dtype=object)
    for at, cell in texts.items():
        table[at] = _as_number(cell.text) if numeric else cell.text
    stated = None if categories is None else tuple(_as_number(str(c)) if numeric else str(c) for c in categories)
    values, labels, found = encode(table, measured, stated)
    problems = list(cells.problems)
    for where_at, text in sorted(found, key=lambda p: (texts[p[0]].row, p[0]) if p[0] else (0, (0, 0))):
        at_row = f"row {texts[where_at].row}, column {texts[where_at].column}" if where_at else rows.name
        problems.append(f"{at_row}: {text}")
    if problems:
        raise InputProblems(problems)
    return ReliabilityData(
        values=values,
        raters=tuple(names),
        units=tuple(units),
        sessions=() if session is None else tuple(cells.session_of.values()),
        level=measured,
        labels=labels,
        categories=None if categories is None else tuple(map(str, categories)),
        resample="units" if session is None else "sessions",
        settings={"way": "table", "source": Path(path).name, "arguments": asked},
    )


@dataclass(frozen=True, slots=True)
class _Cell:
    row: int
    column: str
    text: str


@dataclass(frozen=True)
class _Cells:
    """What stands in the file: (unit, rater) → cell, units in their order with their session."""

    found: dict[tuple[str, str], _Cell] = field(default_factory=dict)
    session_of: dict[str, str] = field(default_factory=dict)
    raters: set[str] = field(default_factory=set)
    problems: list[str] = field(default_factory=list)

    def unit(self, number: int, row: Mapping[str, str], columns: list[str], session: str | None) -> str | None:
        """The unit of a row, or None (and a problem) when it has none."""
        key = " ".join(row[c] for c in columns)
        if not key.strip():
            self.problems.append(f"row {number}: no unit in column {listed(columns)}")
            return None
        own = "" if session is None else row[session]
        if (before := self.session_of.setdefault(key, own)) != own:
            self.problems.append(f"row {number}: unit {key} is in session {own!r}, above in {before!r}")
        return key


def _long(rows: Rows, unit: list[str], rater: str, value: str, session: str | None) -> _Cells:
    cells = _Cells()
    for number, row in rows.numbered():
        if (key := cells.unit(number, row, unit, session)) is None:
            continue
        if not (who := row[rater]):
            cells.problems.append(f"row {number}: no rater in column {rater}")
        elif (key, who) in cells.found:
            before = cells.found[key, who].row
            cells.problems.append(f"row {number}: rater {who} has unit {key} a second time (first in row {before})")
        else:
            cells.raters.add(who)
            cells.found[key, who] = _Cell(number, value, row[value])
    return cells


def _wide(rows: Rows, unit: list[str], raters: list[str], session: str | None) -> _Cells:
    cells = _Cells(raters=set(raters))
    if not raters:
        cells.problems.append(f"{rows.name}: there is no column of a rater beside {listed(unit)}")
    for number, row in rows.numbered():
        before = len(cells.session_of)
        if (key := cells.unit(number, row, unit, session)) is None:
            continue
        if len(cells.session_of) == before:
            cells.problems.append(f"row {number}: unit {key} occurs a second time")
            continue
        for who in raters:
            cells.found[key, who] = _Cell(number, who, row[who])
    return cells


def _as_number(text: str) -> float | str:
    try:
        return text if "_" in text else float(text)  # Python reads 1_0 as ten; no table means that
    except ValueError:
        return text
