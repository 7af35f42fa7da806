"""Facts about units beside their values: the dyad each belongs to and the day it was coded."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from workbench.agreement.problems import listed

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MILLISECOND = dt.timedelta(milliseconds=1)
_LATEST_MS = 62_135_596_800_000  # as far before and after 1970 as calendars go


def utc_ms(when: Any) -> int | None:
    """An instant in UTC milliseconds, or None for what is none.

    Taken are whole numbers (milliseconds; of eight digits that begin with 19 or 20, a day), dates and times
    (pandas' and numpy's too) and text in ISO 8601 ("2026-03-01", "2026-03-01T14:30+01:00"). A time without a
    zone is UTC; a day is its first instant.

    >>> utc_ms("1970-01-02"), utc_ms(5), utc_ms("1970-01-01T01:00+01:00"), utc_ms("first of May")
    (86400000, 5, 0, None)
    """
    if isinstance(when, bool):
        return None
    if isinstance(when, int | np.integer):
        if not re.fullmatch(r"(19|20)\d{6}", str(when)):
            return int(when) if abs(int(when)) <= _LATEST_MS else None
        when = str(when)  # 20260301 is a day, as a number too
    if isinstance(when, np.datetime64):
        return None if np.isnat(when) else int(when.astype("datetime64[ms]").astype(np.int64))
    if isinstance(when, str):
        text = when.strip()
        if re.fullmatch(r"-?\d{9,15}", text):  # eight digits, 20260301, are a day
            return int(text) if abs(int(text)) <= _LATEST_MS else None
        try:
            when = dt.datetime.fromisoformat(text)
        except ValueError:
            return None
    if isinstance(when, dt.date) and not isinstance(when, dt.datetime):
        when = dt.datetime(when.year, when.month, when.day)
    if not isinstance(when, dt.datetime) or when != when:  # pandas' NaT is a datetime that is not itself
        return None
    aware = when if when.tzinfo is not None else when.replace(tzinfo=dt.UTC)
    return (aware - _EPOCH) // _MILLISECOND


def day(ms: int) -> str:
    """The UTC day of an instant, as people write it in tables.

    >>> day(86_400_000)
    '1970-01-02'
    """
    return (_EPOCH + ms * _MILLISECOND).date().isoformat()


def instant(ms: int) -> str:
    """An instant in ISO 8601 with its milliseconds; `utc_ms` reads it back.

    >>> instant(86_400_001)
    '1970-01-02T00:00:00.001+00:00'
    """
    return (_EPOCH + ms * _MILLISECOND).isoformat(timespec="milliseconds")


def of_units(
    n_units: int, groups: Iterable[object] | None, dates: Iterable[object] | None
) -> tuple[tuple[str, ...], tuple[int, ...], list[str]]:
    """Groups and dates as they are kept (empty where none were given), and what is wrong with them."""
    problems: list[str] = []
    known = None if groups is None else tuple(groups)
    named = tuple(map(str, known or ()))
    given = () if dates is None else tuple(dates)
    problems += missing("group", known)
    for kind, facts, asked in (("group", named, groups), ("date", given, dates)):
        if asked is not None and len(facts) != n_units:
            problems.append(f"{len(facts)} {kind}s for {n_units} units in the table")
    read = [utc_ms(when) for when in given]
    if wrong := [when for when, ms in zip(given, read, strict=True) if ms is None]:
        problems.append(f"not a date (expected such as 2026-03-01 or UTC milliseconds): {listed(map(repr, wrong))}")
    return named, tuple(ms for ms in read if ms is not None), problems


@dataclass(frozen=True, slots=True)
class CodingFacts:
    """The columns dyad and coded_at of a table of codings, read row by row."""

    dyads: dict[str, str] = field(default_factory=dict)
    coded_at: dict[tuple[str, str], int] = field(default_factory=dict)

    def read(self, who: tuple[str, str], row: Mapping[str, str]) -> list[str]:
        """Keeps what a row says of the coding of (session, rater); gives what is wrong with it."""
        problems = []
        session, dyad, day = who[0], row.get("dyad"), row.get("coded_at")
        if dyad and self.dyads.setdefault(session, dyad) != dyad:
            problems.append(f"session {session} is of dyad {dyad!r}, above of {self.dyads[session]!r}")
        if day and (when := utc_ms(day)) is None:
            problems.append(f"column coded_at holds {day!r}, expected a date such as 2026-03-01")
        elif day and when is not None:
            self.coded_at.setdefault(who, when)
        return problems

    def of(self, who: tuple[str, str]) -> dict[str, Any]:
        """What is known of a coding, as `RaterCoding` takes it."""
        return {"dyad": self.dyads.get(who[0], ""), "coded_at": self.coded_at.get(who)}


def missing(kind: str, given: Sequence[object] | None) -> list[str]:
    """Units without the fact that was to be known of each: a unit without a session is not in one of that name."""
    absent = [n for n, fact in enumerate(given or (), start=1) if _unknown(fact)]
    return [f"the {kind} of unit {listed(absent)} is missing"] if absent else []


def _unknown(fact: object) -> bool:
    return not fact.strip() if isinstance(fact, str) else str(fact) in ("None", "nan", "NaT", "<NA>")


def sessions_of_two_groups(sessions: Sequence[str], groups: Sequence[str]) -> list[str]:
    """Sessions of one name in several dyads: they would be taken for one session."""
    of: dict[str, str] = {}
    twice = {s for s, g in zip(sessions, groups, strict=False) if of.setdefault(s, g) != g}
    return [f"session {s} is in more than one group: give each session a name of its own" for s in sorted(twice)]


def criterion_problems(criterion: str | None, raters: Sequence[str]) -> list[str]:
    """What is wrong with a criterion coding of that name."""
    if criterion is None or criterion in raters:
        return []
    return [f"the criterion is {criterion!r}, but there is no such rater; there are: {listed(raters)}"]
