"""Instants and lengths of time as people read them, in the site's zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from workbench.app import current
from workbench.model.ids import now_ms

_MINUTE = 60_000


def zone() -> tzinfo:
    """The site's time zone; UTC when the settings name one that this computer does not know."""
    try:
        return ZoneInfo(current.workspace().settings.site_zone)
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


def day(ms: int | None) -> str:
    """A day: `21 Nov 2026`."""
    return "" if ms is None else calendar(date_of(ms))


def calendar(on: date) -> str:
    """A calendar day: `21 Nov 2026`."""
    return f"{on.day} {on:%b %Y}"


def moment(ms: int | None) -> str:
    """A day and time: `21 Nov 2026, 20:21`."""
    return "" if ms is None else f"{day(ms)}, {_at(ms):%H:%M}"


def length(ms: int) -> str:
    """A length of time in words, rounded.

    >>> length(240_000), length(45_000), length(3_700_000)
    ('4 minutes', '45 seconds', '1 h 2 min')
    """
    if ms < _MINUTE:
        return f"{round(ms / 1000)} seconds"
    minutes = round(ms / _MINUTE)
    if minutes < 60:
        return f"{minutes} minute{'s' * (minutes != 1)}"
    return f"{minutes // 60} h {minutes % 60} min"


def now() -> int:
    """This instant."""
    return now_ms()


def date_of(ms: int) -> date:
    """The site's calendar day of an instant."""
    return _at(ms).date()


def start_of(day: date) -> int:
    """The instant at which a calendar day begins at the site."""
    return int(datetime(day.year, day.month, day.day, tzinfo=zone()).timestamp() * 1000)


def _at(ms: int) -> datetime:
    return datetime.fromtimestamp(ms / 1000, zone())
