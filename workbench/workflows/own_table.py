"""Agreement on a table of one's own: a CSV is read, and every problem of it comes back with its row.

Nothing of the file is kept: it lies in a temporary folder while it is read, and is deleted from there at once.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from workbench import agreement
from workbench.agreement import InputProblems, Level, ReliabilityData, Result, Study
from workbench.agreement.coefficients import lacking, own_way
from workbench.agreement.csv_rows import Rows, read_rows
from workbench.agreement.naming import name_of as name_of  # what screens show
from workbench.agreement.usual import REPLICATES
from workbench.workflows.refusal import Refused

LARGEST_MB = 20
LEVELS = tuple(level.value for level in Level)
SHAPES = ("long", "wide", "events")
_SHOWN_ROWS = 6

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Uploaded:
    """A table as it was uploaded: its name, and its bytes."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Sketch:
    """What a file looks like: its columns, its first rows, and a guess at what the columns are.

    `shape` is "long" (one row for each value), "wide" (one row for each unit, one column for each
    rater) or "events" (one row for each timed event). `columns_for` names columns by their part
    (unit, rater, value, session, code, start, end); `level` is "interval" where all values are numbers.
    `problems` are of rows that do not fit the header; they are left out here, and to compute is refused.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    n_rows: int
    shape: str
    columns_for: dict[str, str]
    raters: tuple[str, ...]
    level: str
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Values:
    """How a table of values is to be read. `raters` are the columns of a wide table; `rater` and `value`
    those of a long one. `order` names the categories of an ordinal level, lowest first."""

    unit: str
    level: str
    rater: str | None = None
    value: str | None = None
    raters: tuple[str, ...] = ()
    session: str | None = None
    order: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Events:
    """How a table of timed events is to be read. Times are in `time_unit`; the observation window, from
    `window_start` to `window_end`, is None where the file has columns of its own for it."""

    session: str
    rater: str
    code: str
    start: str
    end: str | None
    time_unit: str = "ms"
    window: tuple[float, float] | None = None
    bin_ms: int = 5000
    tolerance_ms: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """The recommended coefficient and why; for events, one recommended result per code, and beside them Cohen's κ of
    each two raters. `of_pairs`: the coefficients that compare two raters and can be asked for, where there are more."""

    recommended: tuple[Result, ...]
    why: str
    beside: tuple[Result, ...] = ()
    of_pairs: tuple[str, ...] = ()


def sketch(uploaded: Uploaded) -> Sketch:
    """A first look at a file. Raises Refused where it holds no table."""
    problems: list[str] = []
    rows = _told(uploaded, lambda path: read_rows(path, problems))
    guess = _guess(rows)
    shape = "events" if {"code", "start"} <= guess.keys() else "long" if {"rater", "value"} <= guess.keys() else "wide"
    apart = {guess[k] for k in ("unit", "session") if k in guess}
    if shape == "wide" and not apart:
        guess["unit"] = rows.columns[0]
        apart = {rows.columns[0]}
    raters = tuple(c for c in rows.columns if c not in apart) if shape == "wide" else ()
    values = [guess["value"]] if shape == "long" else list(raters)
    return Sketch(
        columns=rows.columns,
        rows=tuple(cells for _, cells in rows.rows[:_SHOWN_ROWS]),
        n_rows=len(rows.rows),
        shape=shape,
        columns_for=guess,
        raters=raters,
        level="interval" if _all_numbers(rows, values) else "nominal",
        problems=tuple(problems),
    )


def refuse(uploaded: Uploaded, problems: Sequence[str]) -> NoReturn:
    """Raises Refused with the problems of a file."""
    n = len(problems)
    raise Refused(f"{_name(uploaded)} has {'a problem' if n == 1 else f'{n:,} problems'}.", problems)


def agreement_of_values(uploaded: Uploaded, asked: Values) -> Answer:
    """The coefficient to report. Raises Refused with the problems of the file, each with its row."""
    data = _data(uploaded, asked)
    first, why = agreement.recommended(data)
    found = agreement.compute_all([first], data, all_variants=False, replicates=REPLICATES)
    return Answer(tuple(found), why, of_pairs=_ids(data, of_pairs=True))


def others_of_values(uploaded: Uploaded, asked: Values) -> tuple[Result, ...]:
    """The other forms of the coefficient to report, and whatever else takes all raters at once. Raises as above."""
    data = _data(uploaded, asked)
    first, _ = agreement.recommended(data)
    _, *forms = agreement.compute_all([first], data, replicates=REPLICATES)
    return (*forms, *agreement.compute_all(_ids(data, of_pairs=False), data, replicates=REPLICATES))


def pairs_of_values(uploaded: Uploaded, asked: Values, id: str) -> tuple[Result, ...]:
    """One of `Answer.of_pairs`, in every form, of each two raters who share a unit. Raises as above."""
    return tuple(agreement.compute_all([id], _data(uploaded, asked), replicates=REPLICATES))


def _ids(data: ReliabilityData, *, of_pairs: bool) -> tuple[str, ...]:
    """What these data can have besides the coefficient to report, by id: that of each two of more raters, or of all at
    once; not what needs facts that a table of values lacks, or units of its own making."""
    first, _ = agreement.recommended(data)
    return tuple(
        id
        for id, each in sorted(agreement.coefficients_found().items())
        if id != first
        and data.level in each.levels
        and own_way(each) is None
        and (each.pairwise and len(data.raters) > 2) == of_pairs
        and not all(lacking(each, variant, data) for variant in each.variants)
    )


def _data(uploaded: Uploaded, asked: Values) -> ReliabilityData:
    options: dict[str, Any] = {"unit": asked.unit, "level": asked.level}
    if asked.rater and asked.value:
        options |= {"rater": asked.rater, "value": asked.value}
    else:
        options["raters"] = list(asked.raters)
    if asked.session:
        options["session"] = asked.session
    if asked.level == "ordinal" and asked.order:
        options["categories"] = list(asked.order)
    return _told(uploaded, lambda path: agreement.from_csv(path, **options))


def agreement_of_events(uploaded: Uploaded, asked: Events) -> Answer:
    """Coefficients of timed events, for each code in time bins. Raises Refused as above."""
    options: dict[str, Any] = {
        "session": asked.session,
        "rater": asked.rater,
        "code": asked.code,
        "start": asked.start,
        "time_unit": asked.time_unit,
    }
    if asked.end:
        options["end"] = asked.end
    if asked.window:
        options["window"] = asked.window
    study: Study = _told(uploaded, lambda path: agreement.events_from_csv(path, **options))
    settings = {"bin_ms": asked.bin_ms, "tolerance_ms": asked.tolerance_ms, "replicates": REPLICATES}
    try:
        alpha = agreement.per_code(study, "bins", coefficients=["krippendorff_alpha"], **settings)  # type: ignore[arg-type]
        kappa = agreement.per_code(study, "bins", coefficients=["cohen_kappa"], **settings)  # type: ignore[arg-type]
    except InputProblems as error:
        raise Refused("The events cannot be compared.", error.problems) from None
    why = "α takes any number of raters; time bins let raters agree that nothing happened."
    return Answer(tuple(alpha), why, tuple(kappa))


def same_in_python(uploaded: Uploaded, result: Result, asked: Values | Events) -> str:
    """Lines of Python that give the value of `result` from the same file."""
    if isinstance(asked, Values):
        return agreement.same_in_python(result)
    given = {"session": asked.session, "rater": asked.rater, "code": asked.code, "start": asked.start}
    given |= {"end": asked.end or "end_ms", "time_unit": asked.time_unit}
    usual = {"session": "session", "rater": "rater", "code": "code", "start": "start_ms", "end": "end_ms"}
    usual["time_unit"] = "ms"
    more = "".join(f", {k}={v!r}" for k, v in given.items() if v != usual[k])
    if asked.window:
        more += f", window={asked.window!r}"
    plain = f"agreement.events_from_csv({uploaded.name!r})"
    return agreement.same_in_python(result, events=uploaded.name).replace(plain, f"{plain[:-1]}{more})")


def _told(uploaded: Uploaded, read: Callable[[Path], T]) -> T:
    """What `read` makes of the file. Raises Refused with every problem that it found."""
    name = _name(uploaded)
    if len(uploaded.data) > LARGEST_MB * 1024 * 1024:
        raise Refused(
            f"{name} is larger than {LARGEST_MB} MB. A table of ratings is much smaller: is it the right file?"
        )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(uploaded.data)
        try:
            return read(path)
        except InputProblems as error:
            found = error.problems
    refuse(uploaded, found)


def _name(uploaded: Uploaded) -> str:
    """The file's name, fit for a folder of its own."""
    last = uploaded.name.replace("\\", "/").rsplit("/", 1)[-1]
    return re.sub(r"[^\w. -]", "_", last)[-100:].lstrip(".") or "table.csv"


_NAMES = {
    "unit": ("unit", "item", "segment", "case", "subject", "utterance"),
    "rater": ("rater", "coder", "observer", "judge"),
    "value": ("value", "rating", "score"),
    "session": ("session", "recording", "file"),
    "code": ("code", "behaviour", "behavior", "event"),
    "start": ("start_ms", "start", "onset", "time", "start_s"),
    "end": ("end_ms", "end", "stop", "offset", "end_s"),
}


def _guess(rows: Rows) -> dict[str, str]:
    by_name = {c.lower(): c for c in reversed(rows.columns)}
    found = {part: next((by_name[n] for n in names if n in by_name), None) for part, names in _NAMES.items()}
    guess = {part: column for part, column in found.items() if column is not None}
    if "unit" not in guess and "session" in guess and "code" not in guess:
        guess["unit"] = guess.pop("session")
    return guess


def _all_numbers(rows: Rows, columns: list[str]) -> bool:
    places = [rows.columns.index(c) for c in columns]
    cells = {cells[at] for _, cells in rows.rows for at in places} - {"", "NA", "N/A", "NaN", "nan", "."}
    try:
        return bool(cells) and all(float(c) is not None for c in cells)
    except ValueError:
        return False
