"""`workbench agree` on codings: timed events or ratings in a CSV, or a study of the workspace."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from workbench.cli import call
from workbench.cli.computing import Computing
from workbench.cli.reading import stretch
from workbench.cli.ways import Cut, of_parts, per_way, takes_numbers, ways_of
from workbench.model.titles import with_version

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from workbench.agreement import Result, Study
    from workbench.model.instrument import Instrument
    from workbench.model.scheme import CodingScheme, DataKind

_INSTRUMENT, _RATINGS, _CRITERION = "instrument", "ratings", "criterion"
NO_TWO = (
    "No two raters have submitted the same session on this scheme for the study, so they are not compared with each "
    "other, but with the criterion codings"
)


@dataclass(frozen=True, slots=True)
class Events:
    """How a table of timed events is to be read, as it was asked for: None for what was not."""

    session: str | None = None
    rater: str | None = None
    code: str | None = None
    start: str | None = None
    end: str | None = None
    window: str | None = None
    utterances: Path | None = None


def of_events(file: Path, table: Events, cut: Cut, by: str | None, how: Computing) -> list[Result]:
    """Every result asked for, of each code. Raises InputProblems and BadParameter."""
    from workbench import agreement

    groups = ways_of(how.coefficients, cut, "utterances" if table.utterances is not None else "bins")
    columns = {name: given for name in ("session", "rater", "code", "start", "end") if (given := getattr(table, name))}
    study = agreement.events_from_csv(
        file,
        **columns,
        window=stretch(table.window, "--window") if table.window else None,
        time_unit=cut.time_unit or "ms",
        utterances=table.utterances,
    )
    options = {"all_variants": how.coefficients is not None, **how.options}
    return per_way(study, study.codes, groups, cut, by, options)


def of_ratings(file: Path, instrument: str | None, level: str | None, by: str | None, how: Computing) -> list[Result]:
    """Every result asked for, of each scale, or of each score of an instrument. Raises InputProblems."""
    from workbench import agreement

    of = None if instrument is None else _instrument(instrument)
    for each in how.coefficients or ():
        agreement.coefficient(each)
    study = agreement.ratings_from_csv(file)
    if of is None:
        return _of_scales(study, study.scales, level, by, how)
    return _of_scores(study, _keys(study, of, file.name), level, by, how)


def of_study(
    ctx: typer.Context,
    name: str,
    scheme_name: str | None,
    login: str | None,
    cut: Cut,
    by: str | None,
    how: Computing,
    *,
    with_earlier: bool = False,
) -> list[Result]:
    """Every result asked for, of each code, rating and score of a scheme of a study. Raises BadParameter, Refused.

    `with_earlier`: codings on earlier versions too; what was read in other terms is said. Where no two raters can be
    compared, whoever has a criterion coding beside them is held against it."""
    from workbench import agreement
    from workbench.agreement.usual import usual_units
    from workbench.model.access import Action
    from workbench.model.scheme import DataKind
    from workbench.workflows import add_session, hold_against_criterion
    from workbench.workflows import agree as work
    from workbench.workflows.refusal import Refused

    wanted = [agreement.coefficient(id) for id in how.coefficients or ()]
    codes_too = cut.way not in (_RATINGS, _INSTRUMENT)
    if codes_too:
        ways_of(how.coefficients, cut, "bins", numbers_are=_RATINGS)  # what cannot be, before anything is read
    with call.of(ctx).open() as workspace:
        actor = call.acting(workspace, login, Action.SEE_AGREEMENT)
        found = add_session.find_study(workspace, name)
        try:
            scheme = work.find_scheme(workspace, actor, found.id, scheme_name or "", with_earlier=with_earlier)
        except Refused as refused:
            no_pairs = refused.kind == "missing" and not isinstance(refused, work.OnlyAcross)
            asked_for = (how.coefficients or [_CRITERION], by, cut)
            if not no_pairs or asked_for != ([_CRITERION], None, Cut()):
                raise
            held = hold_against_criterion.of_study(workspace, actor, found.id, scheme_name or "", **how.options)
            if held is None:
                raise
            scheme, beside = held
            typer.echo(f"{NO_TWO} ({with_version(scheme)}).", err=True)
            return beside
        choice = work.Choice(study_id=found.id, scheme_hash=scheme.hash, with_earlier=with_earlier)
        chosen = work.material(workspace, actor, choice)
    if with_earlier:
        nothing = f"No coding that can be compared is on an earlier version of {scheme.name}."
        for sentence in chosen.earlier or (nothing,):
            typer.echo(sentence, err=True)
    study = chosen.study
    scales = [r.id for r in scheme.ratings]
    results: list[Result] = []
    asked = _asked(scheme) if how.coefficients is None else {}
    if codes_too and scheme.codes:
        way, usual = usual_units(scheme, study)
        of_codes = asked.get(DataKind.CODES) if (cut.way, cut.measure) == (None, None) else None
        groups = ways_of(of_codes or how.coefficients, cut, way, numbers_are=_RATINGS if scales else "totals")
        groups.pop(_RATINGS, None)
        if cut.way is None and (of_totals := asked.get(DataKind.TOTALS)):
            groups["totals"] = of_totals
        results += per_way(study, [c.id for c in scheme.codes], groups, cut, by, how.options, usual)
    rated = [c.id for c in wanted if takes_numbers(c) or c.levels == {agreement.Level.ORDINAL}]
    if not codes_too and (misfits := [c.id for c in wanted if c.id not in rated]):
        raise typer.BadParameter(f"{', '.join(misfits)}: for codes, not for ratings", param_hint="--coefficients")
    if cut.measure is None and (rated or not wanted):
        of_ratings = replace(how, coefficients=rated or asked.get(DataKind.RATINGS))
        if cut.way in (None, _RATINGS):
            results += _of_scales(study, scales, None, by, of_ratings)
        if cut.way in (None, _INSTRUMENT):
            keys = _keys(study, scheme, name) if cut.way else agreement.combined_scores(scheme)
            results += _of_scores(study, keys, None, by, of_ratings)
    return results if by is not None or not chosen.record else _record_first(study, results, chosen.record, how)


def _asked(scheme: CodingScheme) -> dict[DataKind, list[str]]:
    """What the scheme asks for first, then the usual ones, of the kinds on which it asks for something."""
    from workbench import agreement
    from workbench.agreement.compute import FOR_CODES, FOR_RATINGS, FOR_TOTALS
    from workbench.model.scheme import DataKind

    usual = {DataKind.CODES: FOR_CODES, DataKind.RATINGS: FOR_RATINGS, DataKind.TOTALS: FOR_TOTALS}
    here = agreement.coefficients_found()
    return {
        each.of: list(dict.fromkeys(id for id in (*each.coefficients, *usual[each.of]) if id in here))
        for each in scheme.agreement
    }


def _of_scales(study: Study, scales: Iterable[str], level: str | None, by: str | None, how: Computing) -> list[Result]:
    """Ratings at the interval level, those of coefficients that take ordered categories alone at the ordinal one."""
    from workbench import agreement
    from workbench.agreement.compute import FOR_RATINGS

    options = {**how.options, "all_variants": True}
    out: list[Result] = []
    for scale in scales:
        for id in how.coefficients or FOR_RATINGS:
            taken = "ordinal" if agreement.coefficient(id).levels == {agreement.Level.ORDINAL} else "interval"
            out += of_parts(study, _RATINGS, [scale], [id], by, options, {"level": level or taken})
    return out


def _of_scores(
    study: Study, keys: Mapping[str, Mapping[str, Any]], level: str | None, by: str | None, how: Computing
) -> list[Result]:
    from workbench.agreement.compute import FOR_RATINGS

    options = {**how.options, "all_variants": True}
    more = {} if level is None else {"level": level}
    ids = how.coefficients or FOR_RATINGS
    return [
        result
        for name, key in keys.items()
        for result in of_parts(study, _INSTRUMENT, [name], ids, by, options, {**key, **more})
    ]


def _record_first(study: Study, found: list[Result], record: str, how: Computing) -> list[Result]:
    """Of each rating, score and rate the ICC that the study's score of record has before the others, as the screens
    and the report have it."""
    from workbench import agreement

    out: list[Result] = []
    for (way, what), some in groupby(found, key=lambda r: (r.settings["way"], r.settings["what"])):
        of_one = list(some)
        icc = next((r for r in of_one if r.id == "icc"), None)
        if icc is not None:
            taken = agreement.ways_found()[way].settings
            data = agreement.units(study, way, what, **{k: v for k, v in icc.settings.items() if k in taken})
            first = agreement.for_record(data, record, **how.options)
            of_one = [first, *(r for r in of_one if (r.id, r.variant) != (first.id, first.variant))]
        out += of_one
    return out


def _keys(study: Study, of: Instrument | CodingScheme, source: str) -> dict[str, dict[str, Any]]:
    """The keys of an instrument of which somebody rated an item. Raises InputProblems."""
    from workbench import agreement
    from workbench.agreement.problems import listed

    keys = agreement.score_keys(of)
    items = {item[0] for key in keys.values() for group in key["items"] for item in group}
    if not items & set(study.scales):
        raise agreement.InputProblems(
            [f"{source}: no scale is an item of {of.name}; its items are: {listed(sorted(items), 20)}"]
        )
    return keys


def _instrument(name: str) -> Instrument | CodingScheme:
    """An instrument from its file, or an instrument or scheme by its name. Raises UnknownName, SchemeProblems."""
    from workbench import registry
    from workbench.schemes import load_instrument, shipped_instruments, shipped_schemes

    if Path(name).suffix in (".yaml", ".yml"):
        return load_instrument(Path(name))
    known: dict[str, Any] = {**shipped_instruments(), **shipped_schemes()}
    found: Instrument | CodingScheme = registry.get("instrument", name, known)
    return found
