"""`workbench agree`: how far raters agree, from a CSV or from the codings of a study."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import Any

import typer

from workbench.cli import agree_options as options
from workbench.cli import call
from workbench.cli.agree_codings import Events, of_events, of_ratings, of_study
from workbench.cli.agree_shown import shown
from workbench.cli.agree_values import Values, of_values
from workbench.cli.computing import REPLICATES, Coefficients, Computing, Confidence, Replicates, Seed, computing
from workbench.cli.showing import as_json
from workbench.cli.ways import MS, Cut

_PARTS = ("pair", "rater", "session")
_EVENTS = frozenset({"session", "rater", "code", "start_ms"})
_RATINGS = frozenset({"session", "rater", "scale", "value"})


def register(app: typer.Typer) -> None:
    app.command("agree")(agree)


def agree(
    ctx: typer.Context,
    file: options.File = None,
    unit: options.Unit = None,
    rater: options.Rater = None,
    raters: options.Raters = None,
    value: options.Value = None,
    level: options.Level = None,
    categories: options.Categories = None,
    missing: options.Missing = None,
    session: options.Session = None,
    group: options.Group = None,
    date: options.Date = None,
    criterion: options.Criterion = None,
    weights: options.Weights = None,
    instrument: options.Instrument = None,
    code: options.Code = None,
    start: options.Start = None,
    end: options.End = None,
    window: options.Window = None,
    utterances: options.Utterances = None,
    way: options.Way = None,
    bin_: options.Bin = None,
    tolerance: options.Tolerance = None,
    overlap: options.Overlap = None,
    compare: options.Compare = None,
    measure: options.Measure = None,
    time_unit: options.TimeUnit = None,
    study: options.Study = None,
    scheme: options.Scheme = None,
    with_earlier: options.WithEarlier = False,
    by: options.By = None,
    coefficients: Coefficients = None,
    confidence: Confidence = 0.95,
    replicates: Replicates = REPLICATES,
    seed: Seed = None,
    as_: call.As = None,
    json: call.Json = False,
) -> None:
    """Say how far raters agree, with an interval, or why there is no value.

    FILE is a CSV: values, long (a row for each unit and rater) or wide (a row for each unit, a column
    for each rater); or timed events, a row for each (a row with an empty code says that a rater coded
    the session and saw nothing); or ratings, with the columns session, rater, scale, value and, where
    these are rated, segment and person. Events may have who, whom and modifiers too; events and ratings
    dyad and coded_at. Each code is compared one against the rest and, except in totals, all at once as
    well. Units are what --way says, else what the coefficient is for, else utterances where these are
    coded, else bins.

    A malformed file computes nothing: every problem is listed with its row, exit status 2. Data that
    are well formed but cannot give a value (one rater, no overlap) give none, with the reason.

    Of a study in which no two raters coded the same session, those who have a criterion coding beside
    them are held against it.

    \b
    Example: workbench agree ratings.csv --unit clip --rater rater --value bond --level ordinal
             workbench agree wide.csv --unit clip --level interval --coefficients icc --json
             workbench agree ratings.csv --unit clip --level ordinal --coefficients cohen_kappa,gwet_ac2 --by rater
             workbench agree ratings.csv --level interval --date coded --criterion key --coefficients criterion,drift
             workbench agree events.csv --window 0,600000 --bin 5000 --tolerance 1000
             workbench agree events.csv --tolerance 2000 --coefficients time_unit_kappa,easydiag_kappa
             workbench agree events.csv --window 0,600000 --measure count --coefficients icc,bland_altman
             workbench agree ratings.csv --instrument session_alliance_patient --coefficients icc
             workbench agree --study "Brief therapy" --by rater
    Writes:  nothing.
    """
    if (file is None) == (study is None):
        raise typer.BadParameter("give a FILE, or --study NAME", param_hint="FILE")
    for option, given, known in (("--by", by, _PARTS), ("--time-unit", time_unit, tuple(MS))):
        if given not in (None, *known):
            raise typer.BadParameter(f"{given!r} is none of: {', '.join(known)}", param_hint=option)
    how = computing(coefficients, replicates, seed, confidence)
    if raters is None and rater is not None and "," in rater:
        rater, raters = None, rater
    values = Values(unit, rater, raters, value, level, categories, missing, session, group, date, criterion, weights)
    events = Events(session, rater, code, start, end, window, utterances)
    cut = Cut(way, bin_, tolerance, overlap, compare, measure, time_unit)
    if study is not None:
        _refuse(
            "goes with a FILE, not with --study", _given(values), _given(events), _named("--instrument", instrument)
        )
        results = of_study(ctx, study, scheme, as_, cut, by, how, with_earlier=with_earlier)
    else:
        assert file is not None
        _refuse(
            "goes with --study",
            _named("--as", as_),
            _named("--scheme", scheme),
            _named("--with-earlier", with_earlier or None),
        )
        results = _of_file(file, values, events, cut, instrument, by, how)
    if json:
        as_json([r.to_dict() for r in results])
    else:
        shown(results)


def _of_file(
    file: Path, values: Values, events: Events, cut: Cut, instrument: str | None, by: str | None, how: Computing
) -> list[Any]:
    """What the file holds is told by the options, else by its header."""
    of_values_alone = _given(values, but=("rater", "session", "level"))
    of_events_alone = _given(events, but=("rater", "session")) | _given(cut)
    if instrument is not None or not (of_values_alone or of_events_alone):
        header = _header(file)
        if instrument is not None or (header >= _RATINGS and values.rater is None and values.session is None):
            _refuse("does not go with ratings", _given(values, but=("level",)), of_events_alone)
            return of_ratings(file, instrument, values.level, by, how)
        is_events = header >= _EVENTS
    else:
        is_events = bool(of_events_alone)
    if is_events:
        _refuse("does not go with timed events", of_values_alone | _named("--level", values.level))
        return of_events(file, events, cut, by, how)
    _refuse("does not go with values", of_events_alone)
    return of_values(file, values, by, how)


def _header(file: Path) -> frozenset[str]:
    from workbench.agreement.csv_rows import read_rows

    return frozenset(read_rows(file, []).columns)


def _given(asked: Values | Events | Cut, but: tuple[str, ...] = ()) -> dict[str, Any]:
    """The options that were given, by name."""
    return {
        f"--{f.name.replace('_', '-')}": v
        for f in fields(asked)
        if f.name not in but and (v := getattr(asked, f.name)) is not None
    }


def _named(option: str, given: object) -> dict[str, Any]:
    return {} if given is None else {option: given}


def _refuse(why: str, *given: dict[str, Any]) -> None:
    if wrong := list(dict.fromkeys(name for some in given for name in some)):
        raise typer.BadParameter(why, param_hint=", ".join(wrong))
