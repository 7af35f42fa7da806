"""The part of an agreement report on ratings: intraclass correlations, and differences against means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from workbench import agreement
from workbench.agreement import Result, Study
from workbench.agreement.survey import MAIN
from workbench.exchange.document import Block, Figure, plots
from workbench.exchange.document.drawing import Drawing
from workbench.workflows import report_tables as tables
from workbench.workflows.report_codes import MARKS, in_words, kinds, notes_of
from workbench.workflows.report_notes import Labels, of, scopes
from workbench.workflows.report_tables import number

_PAIRS_PLOTTED = 4


def of_ratings(scales: Labels, study: Study, results: Sequence[Result]) -> list[Block]:
    labels = scales
    icc = [r for r in results if r.id == "icc"]
    single = [r for r in icc if r.variant == "ICC(2,1)"]
    lead = single or [r for r in results if r.id == MAIN]
    blocks: list[Block] = []
    if lead:
        rows = [plots.Row(labels[of(r)], r.value, r.low, r.high, r.reason or "") for r in lead]
        drawing = plots.intervals(rows, lead[0].title, () if single else MARKS)
        blocks.append(
            Figure(
                f"{lead[0].title} of each rating with its interval",
                drawing,
                in_words(lead, labels),
                scopes(lead, labels),
            )
        )
    if icc:
        blocks.append(tables.icc_table(icc, labels))
    blocks += kinds([r for r in results if r.id != "icc"], labels, "Rating", "")
    for scale in dict.fromkeys(of(r) for r in results):
        if figure := _differences(study, scale, labels[scale], results):
            blocks.append(figure)
    return blocks + notes_of(results, labels)


def _differences(study: Study, scale: str, label: str, results: Sequence[Result]) -> Figure | None:
    """Bland–Altman plots of the pairs with the widest limits."""
    biases = [r for r in results if r.id == "bland_altman" and r.variant == "bias" and of(r) == scale]
    found = [of_pair(study, scale, r) for r in biases]
    known = sorted((f for f in found if f is not None), key=lambda f: f[1].lower - f[1].upper)
    if not known:
        return None
    drawings: list[Drawing] = []
    words = []
    for (a, b), limits, points in known[:_PAIRS_PLOTTED]:
        drawings.append(plots.differences(points, limits, f"mean of {a} and {b}", f"{a} − {b}, points of the scale"))
        words.append(f"{a} minus {b}: {number(limits.bias, 2)}, {number(limits.lower, 2)} to {number(limits.upper, 2)}")
    most = "" if len(known) <= _PAIRS_PLOTTED else f" The {_PAIRS_PLOTTED} pairs with the widest limits are shown."
    note = f"Line: mean difference; dashed: limits of agreement; shaded: their intervals.{most}"
    return Figure(f"Differences against means (Bland–Altman): {label}", plots.beside(drawings), "; ".join(words), note)


def of_pair(
    study: Study, scale: str, result: Result
) -> tuple[tuple[str, str], plots.Limits, list[tuple[float, float]]] | None:
    d = result.details
    bias, lower, upper = result.value, d.get("lower_limit"), d.get("upper_limit")
    if bias is None or not isinstance(lower, int | float) or not isinstance(upper, int | float):
        return None
    a, b = result.raters
    if result.settings.get("difference") == f"{b} − {a}":
        a, b = b, a
    data = agreement.units(study, "ratings", scale, raters=(a, b), sessions=result.settings.get("sessions"))
    x, y = (row.tolist() for row in data.only(a, b).pairable())
    points = [((p + q) / 2, p - q) for p, q in zip(x, y, strict=True)]
    ends = (result.low, result.high)
    limits = plots.Limits(
        bias,
        lower,
        upper,
        (ends[0], ends[1]) if ends[0] is not None and ends[1] is not None else None,
        _span(d, "lower_limit"),
        _span(d, "upper_limit"),
    )
    return (a, b), limits, points


def _span(details: Mapping[str, object], name: str) -> tuple[float, float] | None:
    low, high = details.get(f"{name}_low"), details.get(f"{name}_high")
    return (low, high) if isinstance(low, float) and isinstance(high, float) else None
