"""The same number in Python: three lines to copy, for a result and the exported tables."""

from __future__ import annotations

from workbench.agreement.coefficients import coefficient
from workbench.agreement.interval import NOT_ASKED_FOR
from workbench.agreement.result import Result
from workbench.agreement.units import found as ways
from workbench.agreement.weights import OWN


def same_in_python(
    result: Result, events: str = "events.csv", ratings: str = "ratings.csv", utterances: str = "utterances.csv"
) -> str:
    """Three lines of Python that give the value of `result` from the exported CSV files.

    The files are those of `events_frame`, `ratings_frame` and `utterances_frame` for the same study;
    a result that came from a CSV of the user's own names that file, one from continua of the user's own
    continua.csv, which is what their `to_frame` holds.
    """
    way, what, settings = result.settings.get("way"), result.settings.get("what"), dict(result.settings)
    if way == "table":
        more = "".join(f", {k}={v!r}" for k, v in settings.get("arguments", {}).items())
        data = f"agreement.from_csv({settings.get('source', 'table.csv')!r}, level={result.level!r}{more})"
        if len(settings.get("raters", ())) == 2:
            data += f".only({', '.join(map(repr, settings['raters']))})"
        return _lines(f"data = {data}", "data", result)
    if way == "continua table":
        more = "".join(f", {k}={settings[k]!r}" for k in ("length_ms", "categories") if k in settings)
        only = f".only({', '.join(map(repr, settings['raters']))})" if "raters" in settings else ""
        read = (
            f"data = agreement.continua(pandas.read_csv('continua.csv', dtype=str, keep_default_na=False){more}){only}"
        )
        return "import pandas\n" + _lines(read, "data", result)
    if way == "ratings":
        where = {"scale": what} | {c[:-1]: settings[c] for c in ("sessions", "raters") if c in settings}
        unit = ["session", "segment", *(["person"] if settings.get("persons") else [])]
        chosen = f"unit={unit!r}, level={result.level!r}, where={where!r}"
        if settings.get("segments") or settings.get("persons"):
            chosen += ", session='session'"
        chosen += ", group='dyad'" if settings.get("dyads") else ""
        chosen += ", date='coded_at'" if settings.get("dated") else ""
        chosen += f", criterion={settings['criterion']!r}" if "criterion" in settings else ""
        read = f"data = agreement.from_csv({ratings!r}, {chosen})"
        return _lines(read, "data", result)
    taken = (*ways()[way].settings, "sessions", "raters", "criterion") if way in ways() else ()
    asked = {k: settings[k] for k in settings if k in taken}
    spoken = f", utterances={utterances!r}" if way == "utterances" else ""
    arguments = "".join(f", {k}={v!r}" for k, v in asked.items())
    read = f"ratings_from_csv({ratings!r})" if way == "instrument" else f"events_from_csv({events!r}{spoken})"
    return _lines(
        f"study = agreement.{read}",
        f"agreement.units(study, {way!r}, {what!r}{arguments})",
        result,
    )


def _lines(read: str, data: str, result: Result) -> str:
    record = result.settings.get("score_of_record")
    usual = record is not None or result.variant == coefficient(result.id).variants[0]
    options = "" if usual else f", variant={result.variant!r}"
    if result.variant == OWN:
        options = f", weights={result.settings['weights_table']!r}"
    if result.confidence != 0.95:
        options += f", confidence={result.confidence}"
    if result.interval_reason == NOT_ASKED_FOR:
        options += ", replicates=0"
    elif result.seed is not None:
        options += f", replicates={result.replicates}, seed={result.seed}"
    if record := result.settings.get("score_of_record"):
        options = options.replace(f", variant={result.variant!r}", "")
        return f"import workbench.agreement as agreement\n{read}\nagreement.for_record({data}, {record!r}{options})\n"
    part, of = result.settings.get("by"), result.settings.get("of")
    if part == "rater":
        asked = f"{data}, 'rater', [{result.id!r}], of={of!r}{options}"
        return f"import workbench.agreement as agreement\n{read}\nagreement.by({asked})[0]\n"
    if part == "session":
        data += f".in_session({of!r})"
    if pair := of if part == "pair" else result.settings.get("pair"):
        data += f".only({', '.join(map(repr, pair))})"
    asked = f"compute({result.id!r}, {data}{options})" if record is None else f"for_record({data}, {record!r}{options})"
    return f"import workbench.agreement as agreement\n{read}\nagreement.{asked}\n"
