"""`workbench agree`: how far raters agree, from a CSV or from the codings of a study."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from workbench.cli import call
from workbench.cli.reading import names, stretch
from workbench.cli.showing import as_json, hint, say, table

if TYPE_CHECKING:
    from workbench.agreement import Result

_EVENT_COLUMNS = {"code": "code", "start": "start_ms", "end": "end_ms"}
_MS = {"ms": 1, "s": 1000}


def register(app: typer.Typer) -> None:
    app.command("agree")(agree)


def agree(
    ctx: typer.Context,
    file: Annotated[Path | None, typer.Argument(metavar="FILE", help="A CSV of values or of timed events.")] = None,
    unit: Annotated[
        list[str] | None,
        typer.Option("--unit", metavar="COLUMN", help="Values: the column of the unit (unit); several with commas."),
    ] = None,
    rater: Annotated[
        str | None,
        typer.Option("--rater", metavar="COLUMN", help="The column of the rater (rater); none in a wide table."),
    ] = None,
    value: Annotated[
        str | None, typer.Option("--value", metavar="COLUMN", help="Values: the column of the value (value).")
    ] = None,
    level: Annotated[
        str | None,
        typer.Option("--level", metavar="LEVEL", help="Values: nominal, ordinal, interval or ratio (nominal)."),
    ] = None,
    categories: Annotated[
        str | None, typer.Option("--categories", metavar="A,B,C", help="Values: all there can be; ordinal: in order.")
    ] = None,
    session: Annotated[
        str | None,
        typer.Option("--session", metavar="COLUMN", help="The column of the session (events: session)."),
    ] = None,
    code: Annotated[
        str | None, typer.Option("--code", metavar="COLUMN", help="Events: the column of the code (code).")
    ] = None,
    start: Annotated[
        str | None, typer.Option("--start", metavar="COLUMN", help="Events: the column of the start (start_ms).")
    ] = None,
    end: Annotated[
        str | None, typer.Option("--end", metavar="COLUMN", help="Events: the column of the end (end_ms).")
    ] = None,
    window: Annotated[
        str | None,
        typer.Option("--window", metavar="START,END", help="Events: the observation window of every session."),
    ] = None,
    bin_: Annotated[
        float | None, typer.Option("--bin", metavar="WIDTH", help="Events: the width of time bins (5000 ms).")
    ] = None,
    tolerance: Annotated[
        float | None,
        typer.Option("--tolerance", metavar="TIME", help="Events so far apart are the same moment (0)."),
    ] = None,
    time_unit: Annotated[
        str | None,
        typer.Option("--time-unit", metavar="UNIT", help="Events: ms or s, for columns and options alike (ms)."),
    ] = None,
    utterances: Annotated[
        Path | None,
        typer.Option("--utterances", metavar="FILE", help="Events: compare on these utterances instead of bins."),
    ] = None,
    study: Annotated[
        str | None, typer.Option("--study", metavar="NAME", help="Instead of a FILE: a study of the workspace.")
    ] = None,
    coefficients: Annotated[
        str | None, typer.Option("--coefficients", metavar="ID,ID", help="Which ones; those that fit if left out.")
    ] = None,
    confidence: Annotated[float, typer.Option("--confidence", metavar="SHARE", help="Of the intervals.")] = 0.95,
    replicates: Annotated[
        int, typer.Option("--replicates", metavar="N", help="Bootstrap replicates; 0: no bootstrap.")
    ] = 2000,
    seed: Annotated[int | None, typer.Option("--seed", metavar="N", help="Of the bootstrap.")] = None,
    as_: call.As = None,
    json: call.Json = False,
) -> None:
    """Say how far raters agree, with an interval, or why there is no value.

    FILE is a CSV: values, long (a row for each unit and rater) or wide (a row for each unit, a column
    for each rater); or timed events, a row for each (a row with an empty code says that a rater coded
    the session and saw nothing). Each code is compared one against the rest.

    A malformed file computes nothing: every problem is listed with its row, exit status 2. Data that
    are well formed but cannot give a value (one rater, no overlap) give none, with the reason.

    \b
    Example: workbench agree ratings.csv --unit clip --rater rater --value bond --level ordinal
             workbench agree wide.csv --unit clip --level interval --coefficients icc --json
             workbench agree events.csv --window 0,600000 --bin 5000 --tolerance 1000
             workbench agree --study "Brief therapy"
    Writes:  nothing.
    """
    if (file is None) == (study is None):
        raise typer.BadParameter("give a FILE, or --study NAME", param_hint="FILE")
    if not 0 < confidence < 1:
        raise typer.BadParameter(f"{confidence:g} is no share between 0 and 1", param_hint="--confidence")
    if not 0 <= replicates <= 1_000_000:
        raise typer.BadParameter(f"{replicates} is not from 0 to 1000000", param_hint="--replicates")
    if time_unit not in (None, *_MS):
        raise typer.BadParameter(f"{time_unit!r} is none of: ms, s", param_hint="--time-unit")
    of_values: dict[str, Any] = {"--unit": unit, "--value": value, "--level": level, "--categories": categories}
    of_events: dict[str, Any] = {
        "--code": code,
        "--start": start,
        "--end": end,
        "--window": window,
        "--bin": bin_,
        "--tolerance": tolerance,
        "--time-unit": time_unit,
        "--utterances": utterances,
    }
    options: dict[str, Any] = {"confidence": confidence, "replicates": replicates}
    if seed is not None:
        options["seed"] = seed
    wanted = names([coefficients]) if coefficients else None
    if study is not None:
        of_file: dict[str, Any] = {"--rater": rater, "--session": session, **of_values, **of_events}
        for name in ("--bin", "--tolerance", "--time-unit"):
            del of_file[name]
        _refuse(of_file, "goes with a FILE, not with --study")
        scale = _MS[time_unit or "ms"]
        results = _of_study(ctx, study, as_, wanted, _ms(bin_, scale), _ms(tolerance, scale), options)
    else:
        assert file is not None
        if as_ is not None:
            raise typer.BadParameter("goes with --study", param_hint="--as")
        events = _are_events(file, of_values, of_events)
        _refuse(of_values if events else of_events, f"does not go with {'timed events' if events else 'values'}")
        if events:
            chosen = {k: v or _EVENT_COLUMNS[k] for k, v in {"code": code, "start": start, "end": end}.items()}
            columns = {"session": session or "session", "rater": rater or "rater", **chosen}
            times = (window, bin_, tolerance, time_unit or "ms", utterances)
            results = _of_events(file, columns, times, wanted, options)
        else:
            results = _of_values(file, unit, rater, value, level or "nominal", categories, session, wanted, options)
    if json:
        as_json([r.to_dict() for r in results])
    else:
        _show(results)


def _refuse(options: dict[str, Any], why: str) -> None:
    if wrong := [name for name, given in options.items() if given is not None]:
        raise typer.BadParameter(why, param_hint=", ".join(wrong))


def _are_events(file: Path, of_values: dict[str, Any], of_events: dict[str, Any]) -> bool:
    """Whether the file holds timed events: by the options, else by its header."""
    from workbench.agreement.csv_rows import read_rows

    if any(v is not None for v in of_events.values()):
        return True
    if any(v is not None for v in of_values.values()):
        return False
    return {"session", "rater", "code", "start_ms"} <= set(read_rows(file).columns)


def _of_values(
    file: Path,
    unit: list[str] | None,
    rater: str | None,
    value: str | None,
    level: str,
    categories: str | None,
    session: str | None,
    wanted: list[str] | None,
    options: dict[str, Any],
) -> list[Result]:
    from workbench import agreement

    columns = names(unit or ["unit"])
    data = agreement.from_csv(
        file,
        unit=columns[0] if len(columns) == 1 else columns,
        rater=rater,
        value=value,
        level=level,
        categories=names([categories]) if categories else None,
        session=session,
    )
    for each in wanted or ():
        agreement.coefficient(each)
    if wanted is None:
        fitting = {
            "nominal": ("krippendorff_alpha", "cohen_kappa", "percent_agreement"),
            "ordinal": ("krippendorff_alpha", "percent_agreement"),
        }
        wanted = list(fitting.get(level, ("icc", "krippendorff_alpha")))
        first, why = agreement.recommended(data)
        wanted.sort(key=lambda each: each != first)
        hint(f"Recommended for these data: {first}. {why}")
        # every form of ICC, because papers differ in which they report; of the others the usual one
        return [
            r for each in wanted for r in agreement.compute_all([each], data, all_variants=each == "icc", **options)
        ]
    return agreement.compute_all(wanted, data, **options)


def _of_events(
    file: Path,
    columns: dict[str, str],
    times: tuple[str | None, float | None, float | None, str, Path | None],
    wanted: list[str] | None,
    options: dict[str, Any],
) -> list[Result]:
    from workbench import agreement
    from workbench.agreement.compute import FOR_CODES

    window, bin_, tolerance, unit, utterances = times
    if utterances is not None:
        _refuse({"--bin": bin_, "--tolerance": tolerance}, "is for time bins, not for utterances")
    study = agreement.events_from_csv(
        file,
        **columns,
        window=stretch(window, "--window") if window else None,
        time_unit=unit,
        utterances=utterances,
    )
    settings: dict[str, Any] = {"bin_ms": _ms(bin_, _MS[unit]), "tolerance_ms": _ms(tolerance, _MS[unit])}
    return agreement.per_code(
        study,
        "utterances" if utterances is not None else "bins",
        None,
        wanted or FOR_CODES,
        all_variants=wanted is not None,
        **options,
        **{k: v for k, v in settings.items() if v is not None},
    )


def _of_study(
    ctx: typer.Context,
    study: str,
    login: str | None,
    wanted: list[str] | None,
    bin_ms: int | None,
    tolerance_ms: int | None,
    options: dict[str, Any],
) -> list[Result]:
    from workbench import agreement
    from workbench.agreement.compute import FOR_CODES, FOR_RATINGS
    from workbench.model.access import Action
    from workbench.workflows import add_session
    from workbench.workflows import agree as work

    for each in wanted or ():
        agreement.coefficient(each)
    with call.of(ctx).open() as workspace:
        actor = call.acting(workspace, login, Action.SEE_AGREEMENT)
        found = add_session.find_study(workspace, study)
        chosen = work.material(workspace, actor, work.Choice(study_id=found.id))
    settings: dict[str, Any] = {
        "bin_ms": chosen.scheme.bin_ms if bin_ms is None else bin_ms,
        "tolerance_ms": tolerance_ms or 0,
    }
    for_codes = [c for c in wanted or FOR_CODES if c != "icc"]
    results = agreement.per_code(
        chosen.study, "bins", [c.id for c in chosen.scheme.codes], for_codes, **options, **settings
    )
    for_scales = [c for c in wanted or FOR_RATINGS if c not in ("cohen_kappa",)]
    return results + agreement.per_scale(
        chosen.study, [r.id for r in chosen.scheme.ratings], coefficients=for_scales, **options
    )


def _ms(given: float | None, scale: int) -> int | None:
    return None if given is None else round(given * scale)


def _show(results: list[Result]) -> None:
    """A table, and below it once what it takes to read it: reasons, misleading cases, notes."""
    rows = []
    for r in results:
        what = r.settings.get("what") or ", ".join(r.raters[:2]) * (len(r.raters) == 2)
        interval = "" if r.low is None or r.high is None else f"{r.low:.3f} to {r.high:.3f}"
        value = "undefined" if r.value is None else f"{r.value:.3f}"
        rows.append((what, r.title, value, interval, r.interval_scope, f"{r.n_pairable}/{r.n_units}", len(r.raters)))
    columns = ("what", "coefficient", "value", f"{100 * (results[0].confidence if results else 0.95):g} % interval")
    table((*columns, "of the interval", "units", "raters"), rows, empty="There is no code to compare.")
    undefined = {(r.settings.get("what"), r.title, r.reason) for r in results if r.value is None}
    for what, title, reason in sorted(undefined, key=str):
        say(f"  {title}{f' of {what}' if what else ''} is undefined: {reason}")
    for note in dict.fromkeys(n for r in results for n in r.notes):
        say(f"  Note: {note}")
    for id_, sentence in {r.id: r.misleading_when for r in results if r.value is not None}.items():
        say(f"  Reading {id_}: {sentence}")
