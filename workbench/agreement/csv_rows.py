"""A CSV file as named rows with their numbers, or sentences about what is wrong with it."""

from __future__ import annotations

import csv
import io
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

    def require(self, wanted: Iterable[str]) -> None:
        """Raises InputProblems for columns that are not there, and says which are."""
        if absent := [c for c in dict.fromkeys(wanted) if c not in self.columns]:
            raise InputProblems(
                f"{self.name}: there is no column {c!r}; there are: {listed(self.columns, 20)}" for c in absent
            )

    def keep(self, where: Mapping[str, str | Sequence[str]]) -> Rows:
        """The rows whose columns hold this value, or one of these."""
        wanted = [(self.columns.index(c), {v} if isinstance(v, str) else set(v)) for c, v in where.items()]
        return replace(self, rows=tuple(r for r in self.rows if all(r[1][i] in some for i, some in wanted)))

    def numbered(self) -> Iterator[tuple[int, dict[str, str]]]:
        for number, cells in self.rows:
            yield number, dict(zip(self.columns, cells, strict=True))


def read_rows(path: str | Path) -> Rows:
    """The rows of a CSV in UTF-8, separated by commas, semicolons or tabs (told from the header).

    Empty rows are passed over; blanks around cells are cut. Raises InputProblems: no such file, no
    text, no header, a column twice, rows with another number of cells than the header.
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
    problems = [f"{file.name}: column {c!r} occurs twice" for c in sorted({c for c in columns if columns.count(c) > 1})]
    rows = []
    for number, line in enumerate(lines[1:], start=2):
        if not any(cell.strip() for cell in line):
            continue
        if len(line) != len(columns):
            problems.append(f"row {number}: {len(line)} cells, expected {len(columns)} as in the header")
            continue
        rows.append((number, tuple(cell.strip() for cell in line)))
    if problems:
        raise InputProblems(problems)
    return Rows(file.name, columns, tuple(rows))
