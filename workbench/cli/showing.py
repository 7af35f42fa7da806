"""What commands print: results as a table or as JSON on the output, sentences on the error stream."""

from __future__ import annotations

import json
import sys
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any


def plain(text: object) -> str:
    """Text that cannot move the cursor or colour the terminal: control characters become `?`."""
    return "".join(c if c == "\n" or unicodedata.category(c) not in ("Cc", "Cf") else "?" for c in str(text))


def say(text: object = "") -> None:
    """One line of a result."""
    print(plain(text), flush=True)


def hint(text: str) -> None:
    """A remark beside the result, on the error stream, so that a result can be piped on."""
    print(plain(text), file=sys.stderr, flush=True)


def complain(sentence: str, problems: Iterable[object] = ()) -> None:
    """Why something cannot be done: one sentence, then its problems as a list."""
    print(plain(sentence), file=sys.stderr)
    for problem in problems:
        print(f"  - {plain(problem)}", file=sys.stderr)


def as_json(value: Any) -> None:
    """A result for programs: one JSON document."""
    print(json.dumps(value, ensure_ascii=False, indent=2, default=str), flush=True)


def table(columns: Sequence[str], rows: Iterable[Sequence[object]], *, empty: str = "") -> None:
    """Rows under their column names, aligned; numbers to the right. Without rows, the sentence `empty`."""
    cells = [["" if c is None else plain(c).replace("\n", " ") for c in row] for row in rows]
    if not cells:
        say(empty or "Nothing.")
        return
    widths = [max(_width(line[i]) for line in [list(columns), *cells]) for i in range(len(columns))]
    right = [all(_numeric(line[i]) for line in cells) for i in range(len(columns))]
    for line in [list(columns), ["-" * w for w in widths], *cells]:
        say("  ".join(_pad(c, w, r) for c, w, r in zip(line, widths, right, strict=True)).rstrip())


def megabytes(size: int) -> str:
    """A size as people read it.

    >>> megabytes(147_882_941)
    '148 MB'
    """
    return f"{size / 1e9:.1f} GB" if size >= 1e9 else f"{size / 1e6:.0f} MB" if size >= 1e6 else f"{size / 1e3:.0f} kB"


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text if not unicodedata.combining(c))


def _pad(text: str, width: int, right: bool) -> str:
    gap = " " * (width - _width(text))
    return gap + text if right else text + gap


def _numeric(text: str) -> bool:
    try:
        float(text.rstrip("%") or "0")
    except ValueError:
        return text in ("", "-", "–")
    return True
