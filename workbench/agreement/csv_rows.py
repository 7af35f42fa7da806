"""A CSV file as named rows with their numbers, or sentences about what is wrong with it."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from workbench.agreement.problems import InputProblems, listed

LARGEST = 512 * 1024 * 1024


@dataclass(frozen=True)
class Rows:
    """name: the file's. columns: its header. rows: (number, cells); the header is row 1."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]

    def require(self, wanted: Iterable[str], problems: Sequence[str] = ()) -> None:
        """Raises InputProblems for columns that are not there, and says which are; after `problems` known so far."""
        if absent := [c for c in dict.fromkeys(wanted) if c not in self.columns]:
            there = listed(self.columns, 20)
            raise InputProblems(
                [*problems, *(f"{self.name}: there is no column {c!r}; there are: {there}" for c in absent)]
            )

    def keep(self, where: Mapping[str, str | Sequence[str]]) -> Rows:
        """The rows whose columns hold this value, or one of these."""
        wanted = [(self.columns.index(c), {v} if isinstance(v, str) else set(v)) for c, v in where.items()]
        return replace(self, rows=tuple(r for r in self.rows if all(r[1][i] in some for i, some in wanted)))

    def numbered(self) -> Iterator[tuple[int, dict[str, str]]]:
        for number, cells in self.rows:
            yield number, dict(zip(self.columns, cells, strict=True))


def read_rows(path: str | Path, problems: list[str] | None = None) -> Rows:
    """The rows of a CSV in UTF-8, separated by commas, semicolons or tabs (told from the header).

    Empty rows are passed over; blanks around cells are cut. Rows with another number of cells than the header are
    left out and go into `problems`, so that they are complained of together with what the other rows hold. Raises
    InputProblems: no such file, no text, no header, a column twice; without `problems`, such rows as well.
    """
    file = Path(path)
    try:
        if file.stat().st_size > LARGEST:
            raise InputProblems([f"{file.name}: the file is larger than {LARGEST // 1024**2} MB"])
        text = file.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise InputProblems([f"{file.name}: cannot be read: {error.strerror}"]) from None
    except UnicodeDecodeError as error:
        raise InputProblems([f"{file.name}: not text in UTF-8 (byte {error.start})"]) from None
    if "\0" in text:
        raise InputProblems([f"{file.name}: not a CSV: it holds zero bytes"])
    first = text.split("\n", 1)[0]
    separator = max(",;\t", key=first.count)
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error as error:
        raise InputProblems([f"{file.name}: not a CSV: {error}"]) from None
    if not lines or not any(cell.strip() for cell in lines[0]):
        raise InputProblems([f"{file.name}: row 1 holds no column names"])
    columns = tuple(cell.strip() for cell in lines[0])
    if twice := sorted({c for c in columns if columns.count(c) > 1}):
        raise InputProblems(f"{file.name}: column {c!r} occurs twice" for c in twice)
    rows, ragged = [], []
    for number, line in enumerate(lines[1:], start=2):
        if not any(cell.strip() for cell in line):
            continue
        if len(line) != len(columns):
            ragged.append(f"row {number}: {len(line)} cells, expected {len(columns)} as in the header")
            continue
        rows.append((number, tuple(cell.strip() for cell in line)))
    if problems is not None:
        problems += ragged
    elif ragged:
        raise InputProblems(ragged)
    return Rows(file.name, columns, tuple(rows))


def number_in(text: str) -> float | None:
    """The number that a cell holds, None where it holds none.

    >>> number_in("1.50"), number_in("1_0"), number_in("nan"), number_in("four")
    (1.5, None, None, None)
    """
    try:
        number = math.nan if "_" in text else float(text)  # Python reads 1_0 as ten; no table means that
    except ValueError:
        return None
    return None if math.isnan(number) else number
