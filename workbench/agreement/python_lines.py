"""The same number in Python: three lines to copy, for a result and the exported tables."""

from __future__ import annotations

from workbench.agreement.coefficients import coefficient
from workbench.agreement.result import Result

# What a way's settings hold besides what its function takes.
_NOT_ASKED = ("way", "what", "window_ms", "source", "segments", "computed_by", "weights", "model", "single_or_mean")


def same_in_python(
    result: Result, events: str = "events.csv", ratings: str = "ratings.csv", utterances: str = "utterances.csv"
) -> str:
    """Three lines of Python that give the value of `result` from the exported CSV files.

    The files are those of `events_frame`, `ratings_frame` and `utterances_frame` for the same study;
    a result that came from a CSV of the user's own names that file.
    """
    way, what, settings = result.settings.get("way"), result.settings.get("what"), dict(result.settings)
    if way == "table":
        more = "".join(f", {k}={v!r}" for k, v in settings.get("arguments", {}).items())
        data = f"agreement.from_csv({settings.get('source', 'table.csv')!r}, level={result.level!r}{more})"
        if len(settings.get("raters", ())) == 2:
            data += f".only({', '.join(map(repr, settings['raters']))})"
        return _lines(f"data = {data}", "data", result)
    if way == "ratings":
        where = {"scale": what} | {c[:-1]: settings[c] for c in ("sessions", "raters") if c in settings}
        chosen = f"unit=['session', 'segment'], level={result.level!r}, where={where!r}"
        if settings.get("segments"):
            chosen += ", session='session'"
        read = f"data = agreement.from_csv({ratings!r}, {chosen})"
        return _lines(read, "data", result)
    asked = {k: v for k, v in settings.items() if k not in _NOT_ASKED}
    spoken = f", utterances={utterances!r}" if way == "utterances" else ""
    arguments = "".join(f", {k}={v!r}" for k, v in asked.items())
    return _lines(
        f"study = agreement.events_from_csv({events!r}{spoken})",
        f"agreement.units(study, {way!r}, {what!r}{arguments})",
        result,
    )


def _lines(read: str, data: str, result: Result) -> str:
    options = "" if result.variant == coefficient(result.id).variants[0] else f", variant={result.variant!r}"
    if result.confidence != 0.95:
        options += f", confidence={result.confidence}"
    if result.seed is not None:
        options += f", replicates={result.replicates}, seed={result.seed}"
    return f"import workbench.agreement as agreement\n{read}\nagreement.compute({result.id!r}, {data}{options})\n"
