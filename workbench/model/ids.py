"""Identifiers: UUIDv7 text, so that ids sort by the time they were made."""

from __future__ import annotations

import secrets
import time
import uuid


def new_id(now_ms: int | None = None) -> str:
    """A new UUIDv7 (RFC 9562, section 5.7) as 36 characters of text.

    `now_ms` is the instant in UTC milliseconds; left out, it is the clock's.
    """
    ms = time.time_ns() // 1_000_000 if now_ms is None else now_ms
    random_bits = secrets.randbits(74)
    value = (ms & (1 << 48) - 1) << 80
    value |= 0x7 << 76
    value |= (random_bits >> 62) << 64
    value |= 0b10 << 62
    value |= random_bits & (1 << 62) - 1
    return str(uuid.UUID(int=value))


def is_id(text: object) -> bool:
    """Whether `text` is the canonical text form of a UUID (any version, lower case)."""
    if not isinstance(text, str):
        return False
    try:
        return str(uuid.UUID(text)) == text
    except ValueError:
        return False


def now_ms() -> int:
    """The present instant in UTC milliseconds."""
    return time.time_ns() // 1_000_000


FORMULA_STARTS = "=+-@＝＋－＠\t\r\n"


def refuse_formula(text: str) -> str:
    """`text` itself, an id that a spreadsheet will not take for a formula.

    Ids (pseudonyms, study names, code names) are refused at entry and never altered at export, so
    that tables still join. Raises ValueError when the first character after blanks is one of
    `=`, `+`, `-`, `@`, their full-width forms, a tab or a line break.
    """
    first = text.lstrip(" ")[:1]
    if first and first in FORMULA_STARTS:
        raise ValueError(
            f"{text!r} begins with {first!r}, which spreadsheets read as a formula; begin it with a letter or a digit"
        )
    return text
