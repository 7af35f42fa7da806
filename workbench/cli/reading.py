"""Reading what people type: lists, days, stretches of time."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import typer


def names(given: Iterable[str]) -> list[str]:
    """Names separated by commas or given several times, each once.

    >>> names(["record,process", "code"])
    ['record', 'process', 'code']
    """
    return list(dict.fromkeys(part.strip() for text in given for part in text.split(",") if part.strip()))


def instant(text: str, zone: str, option: str) -> int:
    """A day or an instant in ISO 8601 as UTC milliseconds; without an offset it is in the site's zone."""
    try:
        when = datetime.fromisoformat(text)
        if when.tzinfo is None:
            when = when.replace(tzinfo=ZoneInfo(zone) if zone != "UTC" else UTC)
        return round(when.timestamp() * 1000)
    except (ValueError, OverflowError):
        raise typer.BadParameter(
            f"{text!r} is no day; expected 2026-03-01 or 2026-03-01T14:30", param_hint=option
        ) from None
    except ZoneInfoNotFoundError:
        raise typer.BadParameter(f"the site's zone {zone!r} is not known to this computer", param_hint=option) from None


def stretch(text: str, option: str) -> tuple[float, float]:
    """Two numbers as start and end: `0,600000`, `0-600000` or `0:600000`.

    >>> stretch("0-600000", "--window")
    (0.0, 600000.0)
    """
    number = r"\s*(\d+(?:\.\d+)?)\s*"
    found = re.fullmatch(rf"{number}(?:,|-|:|\.\.|–){number}", text)
    if not found:
        raise typer.BadParameter(f"{text!r} is no stretch; expected START,END such as 0,600000", param_hint=option)
    return float(found[1]), float(found[2])


def moment(text: str, option: str) -> int:
    """A media time as milliseconds: `90` or `90.5` (seconds), `1:30`, `1:02:03`.

    >>> moment("1:30", "--from")
    90000
    """
    parts = text.strip().split(":")
    if not re.fullmatch(r"\d+(\.\d+)?(:\d+(\.\d+)?){0,2}", text.strip()) or any("." in p for p in parts[:-1]):
        raise typer.BadParameter(f"{text!r} is no time; expected seconds, 1:30 or 1:02:03", param_hint=option)
    seconds = 0.0
    for part in parts:
        seconds = seconds * 60 + float(part)
    return round(seconds * 1000)
