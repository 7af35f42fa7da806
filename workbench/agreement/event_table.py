"""Timed events in a CSV: a study in and out.

Every problem of a file is found before complaining: InputProblems holds one sentence for each, with
its row (the header is row 1).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pandas as pd

from workbench.agreement.csv_rows import number_in, read_rows
from workbench.agreement.facts import CodingFacts, instant
from workbench.agreement.problems import InputProblems, in_order, listed
from workbench.agreement.study import RaterCoding, Study
from workbench.model.coding import Event
from workbench.model.span import TimeSpan

NOT_OBSERVABLE = "(not observable)"


def events_from_csv(
    path: str | Path,
    *,
    session: str = "session",
    rater: str = "rater",
    code: str = "code",
    start: str = "start_ms",
    end: str = "end_ms",
    window: tuple[float, float] | None = None,
    time_unit: str = "ms",
    utterances: str | Path | None = None,
) -> Study:
    """A study from a CSV of timed events, one row each; `events_frame` writes it.

    An empty `end` (or no such column) is a point event. A row with an empty code says that the rater
    coded this session (without it, a rater who saw nothing would count as one who did not look).
    A row with the code “(not observable)” is a stretch that could not be coded. The observation
    window comes from `window` (one for all sessions) or from columns window_start_ms and
    window_end_ms, which are always in milliseconds; several windows of a session are several rows.
    `time_unit`, "ms" or "s", is that of `start`, `end` and `window`. Who did it to whom, and modifiers
    ("set:option", several with semicolons), may stand in columns who, whom, modifiers. `utterances` is
    a CSV with the columns session, start_ms, end_ms, and rater where raters have different boundaries.
    Columns dyad and coded_at may say whose session it is and when the rater handed it in.

    Raises InputProblems: missing columns, times that are no numbers, negative or reversed, a session
    without a window …
    """
    if time_unit not in ("ms", "s"):
        raise InputProblems([f"unknown time unit {time_unit!r}; there are: ms, s"])
    problems: list[str] = []
    rows = read_rows(path, problems)
    rows.require([session, rater, code, start], problems)
    scale = 1000.0 if time_unit == "s" else 1.0
    common = _window(window, scale, problems)
    has_end = end in rows.columns
    own_window = {"window_start_ms", "window_end_ms"} <= set(rows.columns)
    events: dict[tuple[str, str], list[Event]] = {}
    holes: dict[tuple[str, str], list[TimeSpan]] = {}
    windows: dict[tuple[str, str], list[TimeSpan]] = {}
    facts = CodingFacts()
    for number, row in rows.numbered():
        who = (row[session], row[rater])
        if not all(who):
            problems.append(f"row {number}: no {'session' if not who[0] else 'rater'}")
            continue
        of_rater = events.setdefault(who, [])
        say = _saying(problems, number)
        for said in facts.read(who, row):
            say(said)
        if own_window and (row["window_start_ms"] or row["window_end_ms"]):
            first, last = _time(row, "window_start_ms", 1.0, say), _time(row, "window_end_ms", 1.0, say)
            if (span := _span(first, last, "the window", say)) is not None:
                windows.setdefault(who, []).append(span)
        if not row[code]:
            if row[start] or (has_end and row[end]):
                say(f"a time without a code in column {code}")
            continue
        onset = _time(row, start, scale, say)
        offset = _time(row, end, scale, say) if has_end and row[end] else None
        if onset is None:
            continue
        if row[code] == NOT_OBSERVABLE:
            if (span := _span(onset, offset, "the stretch", say)) is not None:
                holes.setdefault(who, []).append(span)
        elif offset is not None and offset < onset:
            say(f"the event ends at {row[end]}, before it starts at {row[start]}")
        else:
            of_rater.append(_event(f"row {number}", row[code], onset, offset, row))
    spoken = _utterances(utterances, set(events), problems)
    codings = []
    for who in sorted(events):
        shown = windows.get(who) or ([common] if common is not None else [])
        if not shown and window is None:
            problems.append(
                f"session {who[0]}, rater {who[1]}: no observation window; give one for all, or columns "
                "window_start_ms and window_end_ms"
            )
        codings.append(
            RaterCoding(
                session=who[0],
                rater=who[1],
                events=tuple(sorted(events[who], key=lambda e: (e.start_ms, e.id))),
                windows=tuple(sorted(set(shown))),
                not_observable=tuple(sorted(set(holes.get(who, ())))),
                utterances=spoken.get(who) or spoken.get((who[0], ""), ()),
                **facts.of(who),
            )
        )
    if problems:
        raise InputProblems(in_order(problems))
    return Study(tuple(codings))


def events_frame(study: Study) -> pd.DataFrame:
    """The study's events as `events_from_csv` reads them: every coding has at least one row."""
    rows: list[dict[str, object]] = []
    for coding in _in_order(study):
        spans = [(None, None)] if not coding.windows else [(w.start_ms, w.end_ms) for w in coding.windows]
        base: dict[str, object] = {"session": coding.session, "rater": coding.rater}
        known = _known(coding)
        rows += [
            base | known | {"code": None, "start_ms": None, "end_ms": None, "window_start_ms": a, "window_end_ms": b}
            for a, b in spans
        ]
        stretches = [(NOT_OBSERVABLE, s.start_ms, s.end_ms) for s in coding.not_observable]
        rows += [
            base | {"code": code, "start_ms": start, "end_ms": end} | more
            for code, start, end, more in [
                *((e.code, e.start_ms, e.end_ms, _facts(e)) for e in coding.events),
                *((*stretch, {}) for stretch in stretches),
            ]
        ]
    columns = ["session", "rater", "code", "start_ms", "end_ms", "window_start_ms", "window_end_ms"]
    times = dict.fromkeys(columns[3:], "Int64")
    columns += [fact for fact in ("who", "whom", "modifiers", *_KNOWN) if any(row.get(fact) for row in rows)]
    return pd.DataFrame(rows, columns=columns).astype(times)


def ratings_frame(study: Study) -> pd.DataFrame:
    """The study's ratings, one row each: session, segment, rater, scale, value (None: no evidence); and person, where
    persons are rated."""
    rows = [
        {"session": c.session, "segment": r.segment, "rater": c.rater, "scale": r.scale, "value": r.value}
        | {"person": r.person}
        | _known(c)
        for c in _in_order(study)
        for r in c.ratings
    ]
    known = [fact for fact in ("person", *_KNOWN) if any(row.get(fact) for row in rows)]
    return pd.DataFrame(rows, columns=["session", "segment", "rater", "scale", "value", *known])


def _in_order(study: Study) -> Iterator[RaterCoding]:
    """Every coding, by session and rater."""
    return (coding for session in study.sessions for coding in study.of(session))


_KNOWN = ("dyad", "coded_at")


def _known(coding: RaterCoding) -> dict[str, object]:
    """The dyad and, to the millisecond, when the rater handed the coding in; nothing where not known."""
    known: dict[str, object] = {"dyad": coding.dyad} if coding.dyad else {}
    return known if coding.coded_at is None else known | {"coded_at": instant(coding.coded_at)}


def utterances_frame(study: Study) -> pd.DataFrame:
    """The utterances of each session, as `events_from_csv` reads them; by rater where boundaries differ."""
    by_rater: dict[str, dict[str, set[TimeSpan]]] = {}
    for coding in study.codings:
        by_rater.setdefault(coding.session, {})[coding.rater] = set(coding.utterances)
    rows: list[dict[str, object]] = []
    for session, cut in sorted(by_rater.items()):
        if all(spans == next(iter(cut.values())) for spans in cut.values()):
            cut = {"": next(iter(cut.values()))}
        rows += [
            {"session": session, "rater": rater, "start_ms": u.start_ms, "end_ms": u.end_ms}
            for rater, spans in sorted(cut.items())
            for u in sorted(spans)
        ]
    named = ["rater"] if any(row["rater"] for row in rows) else []
    return pd.DataFrame(rows, columns=["session", *named, "start_ms", "end_ms"])


def _facts(event: Event) -> dict[str, object]:
    return {"who": event.who, "whom": event.whom, "modifiers": "; ".join(event.modifiers)}


def _event(id: str, code: str, start: int, end: int | None, row: Mapping[str, str]) -> Event:
    modifiers = tuple(m.strip() for m in row.get("modifiers", "").split(";") if m.strip())
    return Event(id, code, start, end, modifiers=modifiers, who=row.get("who", ""), whom=row.get("whom", ""))


Say = Callable[[str], None]


def _saying(problems: list[str], number: int) -> Say:
    return lambda sentence: problems.append(f"row {number}: {sentence}")


def _time(row: Mapping[str, str], column: str, scale: float, say: Say) -> int | None:
    text = row[column]
    if (number := number_in(text)) is None:
        say(f"column {column} holds {text!r}, expected a time")
        return None
    if not 0 <= (value := number * scale) < 1e12:
        say(f"column {column} holds {text!r}, expected a time from 0 on")
        return None
    return round(value)


def _span(start: int | None, end: int | None, what: str, say: Say) -> TimeSpan | None:
    if start is None or end is None:
        if start is not None:
            say(f"{what} has no end")
        return None
    if end <= start:
        say(f"{what} ends at {end} ms, which is not after its start at {start} ms")
        return None
    return TimeSpan(start, end)


def _window(window: tuple[float, float] | None, scale: float, problems: list[str]) -> TimeSpan | None:
    if window is None:
        return None
    start, end = (round(t * scale) for t in window)
    if not 0 <= start < end:
        problems.append(f"the window is {window[0]:g} to {window[1]:g}, expected a start from 0 on and an end after it")
        return None
    return TimeSpan(start, end)


def _utterances(
    path: str | Path | None, codings: set[tuple[str, str]], problems: list[str]
) -> dict[tuple[str, str], tuple[TimeSpan, ...]]:
    """By session and rater; the rater is empty where the utterances are everybody's."""
    if path is None:
        return {}
    ragged: list[str] = []
    rows = read_rows(path, ragged)
    problems += [f"{rows.name}, {p}" for p in ragged]
    rows.require(["session", "start_ms", "end_ms"], problems)
    spans: dict[tuple[str, str], set[TimeSpan]] = {}
    sessions = {session for session, _ in codings}
    for number, row in rows.numbered():
        found: list[str] = []
        who = (row["session"], row.get("rater", ""))
        if who[0] not in sessions:
            found.append(
                f"row {number}: there is no coding of session {who[0]!r}; there are: {listed(sorted(sessions))}"
            )
        elif who[1] and who not in codings:
            found.append(f"row {number}: there is no coding of session {who[0]} by rater {who[1]!r}")
        say = _saying(found, number)
        start, end = _time(row, "start_ms", 1.0, say), _time(row, "end_ms", 1.0, say)
        if (span := _span(start, end, "the utterance", say)) is not None:
            spans.setdefault(who, set()).add(span)
        problems += [f"{rows.name}, {p}" for p in found]
    return {who: tuple(sorted(some)) for who, some in spans.items()}
