"""Long tables for researchers, as CSV and Parquet, with a codebook, in one new folder.

The columns are declared in `table_schema.py`. A folder is written whole or not at all, and `read_tables`
gives back the same values and types from either kind of file.
"""

from __future__ import annotations

import csv
import io
import json
import math
import re
import secrets
import shutil
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from workbench.exchange._files import refuse_file_name, sync_folder, write_durably
from workbench.exchange.table_schema import KINDS, TABLES, Column, Kind
from workbench.model.ids import FORMULA_STARTS, refuse_formula

if TYPE_CHECKING:  # pandas and pyarrow take a second to import: only those who use tables wait for them
    import pandas as pd

Rows = Iterable[Mapping[str, Any]]


class TablesError(ValueError):
    """Rows that do not fit the tables; the message lists every problem with table, row and column."""


_FORMULA = re.compile(f"'*[{re.escape(FORMULA_STARTS)}]")
_QUOTED_FORMULA = re.compile(f"'+[{re.escape(FORMULA_STARTS)}]")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z")
_INTEGER_BOUND = 2**63


def write_tables(
    tables: Mapping[str, pd.DataFrame | Rows],
    folder: Path,
    *,
    labels: Mapping[tuple[str, str], Mapping[str, str]] | None = None,
    notes: Sequence[str] = (),
) -> Path:
    """Write the tables into the new folder `folder`: `TABLE.csv`, `TABLE.parquet`, the codebook.

    A table that is not given is written without rows. `labels` adds labels of values to the codebook,
    by (table, column): codes of a scheme, items of an instrument. `notes` are sentences for the head
    of `codebook.md` (what was filtered, program and scheme versions).
    Raises FileExistsError when the folder exists, TablesError listing all that does not fit, OSError;
    after any of them nothing is left behind.
    """
    folder = Path(folder)
    refuse_file_name(folder.name)
    if folder.exists() or folder.is_symlink():
        raise FileExistsError(f"{folder} already exists; an export is always a new folder")
    problems = [f"there is no table {name!r}; there are: {', '.join(TABLES)}" for name in tables if name not in TABLES]
    for table, column in labels or {}:
        if column not in {c.name for c in TABLES.get(table, ())}:
            problems.append(f"labels for {table}.{column}, but there is no such column")
    checked = {name: _checked(name, tables.get(name, ()), problems) for name in TABLES}
    if problems:
        raise TablesError(_first(problems))
    files: dict[str, bytes] = {}
    for name, columns in checked.items():
        files[f"{name}.csv"] = _csv(name, columns)
        files[f"{name}.parquet"] = _parquet(name, columns)
    files["codebook.csv"] = _codebook_csv(labels or {})
    files["codebook.md"] = _codebook_md(labels or {}, notes, {n: len(c[TABLES[n][0].name]) for n, c in checked.items()})
    folder.parent.mkdir(parents=True, exist_ok=True)
    partial = folder.parent / f".{folder.name}.{secrets.token_hex(4)}.partial"
    try:
        partial.mkdir()
        for file, data in files.items():
            write_durably(partial / file, data)
        sync_folder(partial)
        partial.rename(folder)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise
    sync_folder(folder.parent)
    return folder


def read_tables(folder: Path, kind: Literal["csv", "parquet"] = "csv") -> dict[str, pd.DataFrame]:
    """The tables of a folder that `write_tables` wrote, with the types of `KINDS`.

    Missing values are NaN in text and number columns, `pd.NA` in integer and yes-no columns.
    Raises TablesError for a file that is missing or has other columns or values, all of them together.
    """
    problems: list[str] = []
    read: dict[str, pd.DataFrame] = {}
    for name, schema in TABLES.items():
        path = Path(folder) / f"{name}.{kind}"
        if not path.is_file():
            problems.append(f"{path} is missing")
            continue
        columns = _from_csv(path, schema, problems) if kind == "csv" else _from_parquet(path, schema, problems)
        if columns is not None:
            read[name] = _frame(schema, columns)
    if problems:
        raise TablesError(_first(problems))
    return read


def neutralised(text: str) -> str:
    """Text that no spreadsheet runs: an apostrophe goes before a leading formula character.

    >>> neutralised("=1+1")
    "'=1+1"
    >>> neutralised("'=1+1")
    "''=1+1"
    """
    return f"'{text}" if _FORMULA.match(text) else text


def plain(text: str) -> str:
    """The text that `neutralised` was given."""
    return text[1:] if _QUOTED_FORMULA.match(text) else text


def _checked(table: str, rows: pd.DataFrame | Rows, problems: list[str]) -> dict[str, list[Any]]:
    """Values by column, each of its declared kind or None."""
    schema = TABLES[table]
    names = [c.name for c in schema]
    columns: dict[str, list[Any]] = {name: [] for name in names}
    given = list(rows.to_dict("records")) if hasattr(rows, "to_dict") else list(rows)
    header = list(rows.columns) if hasattr(rows, "columns") else None
    if header is not None and sorted(map(str, header)) != sorted(names):
        problems.append(f"{table}: columns are {', '.join(map(str, header))}; expected {', '.join(names)}")
        return columns
    for number, row in enumerate(given, 1):
        if set(row) != set(names):
            unknown, lacking = sorted(set(map(str, row)) - set(names)), sorted(set(names) - set(row))
            problems.append(
                f"{table}, row {number}: "
                + "; ".join(
                    f"{what} {', '.join(which)}"
                    for what, which in (("unknown", unknown), ("missing", lacking))
                    if which
                )
            )
            continue
        for column in schema:
            try:
                columns[column.name].append(_value(column, row[column.name]))
            except ValueError as error:
                problems.append(f"{table}, row {number}, {column.name}: {error}")
    return columns


def _value(column: Column, value: Any) -> Any:
    """`value` as the column's kind holds it; None is missing, and an empty text is a missing text."""
    value = value.item() if hasattr(value, "item") else value  # numpy's own numbers
    missing = value is None or type(value).__name__ == "NAType" or value == ""
    if missing or (isinstance(value, float) and math.isnan(value)):
        if column.required:
            raise ValueError("is missing")
        return None
    match column.kind:
        case "id" | "text" | "instant":
            if not isinstance(value, str):
                raise ValueError(f"found {value!r}, expected text")
            value = str(value)
            if any("\ud800" <= character <= "\udfff" for character in value):
                raise ValueError(f"{value!r} holds half a character (a lone surrogate)")
            if column.kind == "id":
                refuse_formula(value)
            if column.kind == "instant":
                _refuse_other_than_instant(value)
            if column.values and value not in column.values:
                raise ValueError(f"found {value!r}, expected one of {', '.join(column.values)}")
            return value
        case "integer":
            whole = isinstance(value, int) or (isinstance(value, float) and value.is_integer())
            if isinstance(value, bool) or not whole or not -_INTEGER_BOUND <= value < _INTEGER_BOUND:
                raise ValueError(f"found {value!r}, expected a whole number")
            return int(value)
        case "number":
            if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
                raise ValueError(f"found {value!r}, expected a number")
            return float(value)
        case "yes_no":
            if not isinstance(value, bool):
                raise ValueError(f"found {value!r}, expected true or false")
            return value


def _refuse_other_than_instant(text: str) -> None:
    try:
        if not _INSTANT.fullmatch(text):
            raise ValueError
        datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"found {text!r}, expected an instant as 2025-01-31T09:30:00.000Z") from None


def _csv(table: str, columns: Mapping[str, list[Any]]) -> bytes:
    """RFC 4180 with LF, UTF-8 without a byte order mark; a missing value is an empty field."""

    def cell(kind: Kind, value: Any) -> str:
        if value is None:
            return ""
        if kind == "text":
            return neutralised(value)
        return str(value).lower() if kind == "yes_no" else str(value) if kind != "number" else repr(value)

    schema = TABLES[table]
    out = [",".join(c.name for c in schema)]
    for row in zip(*(columns[c.name] for c in schema), strict=True):
        out.append(",".join(_quoted(cell(c.kind, v)) for c, v in zip(schema, row, strict=True)))
    return ("\n".join(out) + "\n").encode()


def _quoted(cell: str) -> str:
    # quoted wherever any reader might split or trim
    if cell and (cell != cell.strip() or re.search(r'[",\r\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029\x00;\t]', cell)):
        return '"' + cell.replace('"', '""') + '"'
    return cell


def _from_csv(path: Path, schema: tuple[Column, ...], problems: list[str]) -> dict[str, list[Any]] | None:
    names = [c.name for c in schema]
    columns: dict[str, list[Any]] = {name: [] for name in names}
    csv.field_size_limit(2**31 - 1)
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file, strict=True)
        header = next(reader, [])
        if header != names:
            problems.append(f"{path}: columns are {', '.join(header)}; expected {', '.join(names)}")
            return None
        for row in reader:
            if len(row) != len(names):
                problems.append(f"{path}, line {reader.line_num}: {len(row)} fields, expected {len(names)}")
                continue
            for column, cell in zip(schema, row, strict=True):
                try:
                    columns[column.name].append(_value(column, _parsed(column.kind, cell)))
                except ValueError as error:
                    problems.append(f"{path}, line {reader.line_num}, {column.name}: {error}")
    return columns


def _parsed(kind: Kind, cell: str) -> Any:
    if cell == "":
        return None
    match kind:
        case "text":
            return plain(cell)
        case "integer":
            return int(cell)
        case "number":
            return float(cell)
        case "yes_no":
            return {"true": True, "false": False}.get(cell.lower(), cell)
    return cell


def _parquet(table: str, columns: Mapping[str, list[Any]]) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    types = {"integer": pa.int64(), "number": pa.float64(), "yes_no": pa.bool_()}
    fields = [
        pa.field(c.name, types.get(c.kind, pa.string()), metadata={"unit": c.unit, "meaning": c.meaning})
        for c in TABLES[table]
    ]
    sink = io.BytesIO()
    pq.write_table(pa.table({f.name: columns[f.name] for f in fields}, schema=pa.schema(fields)), sink)
    return sink.getvalue()


def _from_parquet(path: Path, schema: tuple[Column, ...], problems: list[str]) -> dict[str, list[Any]] | None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.read_table(path)
    except (OSError, pa.ArrowInvalid) as error:
        problems.append(f"{path}: not readable as Parquet: {error}")
        return None
    names = [c.name for c in schema]
    if table.column_names != names:
        problems.append(f"{path}: columns are {', '.join(table.column_names)}; expected {', '.join(names)}")
        return None
    return {name: table.column(name).to_pylist() for name in names}


def _frame(schema: tuple[Column, ...], columns: Mapping[str, list[Any]]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame({c.name: pd.Series(columns[c.name], dtype=KINDS[c.kind][0]) for c in schema})


def _labels(table: str, column: Column, labels: Mapping[tuple[str, str], Mapping[str, str]]) -> list[tuple[str, str]]:
    return list({**column.values, **labels.get((table, column.name), {})}.items())


def _codebook_csv(labels: Mapping[tuple[str, str], Mapping[str, str]]) -> bytes:
    rows = [["table", "column", "type", "unit", "meaning", "required", "values"]]
    for table, schema in TABLES.items():
        for c in schema:
            values = dict(_labels(table, c, labels))
            rows.append(
                [
                    table,
                    c.name,
                    c.kind,
                    c.unit,
                    c.meaning,
                    str(c.required).lower(),
                    json.dumps(values, ensure_ascii=False) if values else "",
                ]
            )
    return ("\n".join(",".join(_quoted(neutralised(cell)) for cell in row) for row in rows) + "\n").encode()


def _codebook_md(
    labels: Mapping[tuple[str, str], Mapping[str, str]], notes: Sequence[str], counts: Mapping[str, int]
) -> bytes:
    out = ["# Codebook", "", *(f"{_cell(note)}\n" for note in notes)]
    out += [
        "Each table comes twice: as CSV (UTF-8 without a byte order mark, comma, LF, decimal point) and as Parquet.",
        "A missing value is an empty field in CSV and null in Parquet; an empty text is a missing text.",
        "In CSV, a free text that begins with `=`, `+`, `-`, `@` (also full-width), a tab or a line break, or with",
        "apostrophes before one of these, has one more apostrophe in front: take that one away to get the text.",
        "Parquet holds every text as it is. All media times are milliseconds from the start of the recording, and",
        "all spans leave their end out.",
        "",
        *(f"- type `{kind}` (pandas `{dtype}`): {meaning}" for kind, (dtype, meaning) in KINDS.items()),
    ]
    for table, schema in TABLES.items():
        out += ["", f"## {table}", "", f"{counts[table]} rows.", "", "| column | type | unit | meaning | values |"]
        out += ["| --- | --- | --- | --- | --- |"]
        for c in schema:
            values = "; ".join(f"`{_cell(v)}` {_cell(text)}" for v, text in _labels(table, c, labels))
            meaning = c.meaning + (" Never missing." if c.required else "")
            out.append(f"| {c.name} | {c.kind} | {c.unit} | {meaning} | {values} |")
    return ("\n".join(out) + "\n").encode()


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;").replace("`", "'")


def _first(problems: Sequence[str], most: int = 50) -> str:
    more = [f"… and {len(problems) - most} more"] if len(problems) > most else []
    return "\n".join([*problems[:most], *more])
