"""The parts of an agreement report on codes: coefficients of each code, and moments with their confusions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from math import comb

from workbench import agreement
from workbench.agreement import Comparison, Result, Study
from workbench.agreement.coefficients import coefficient
from workbench.agreement.naming import AT_ONCE
from workbench.agreement.survey import MAIN, Survey
from workbench.agreement.units import found as ways
from workbench.exchange.document import Block, Figure, Heading, Paragraph, Points, plots
from workbench.workflows import report_tables as tables
from workbench.workflows.report_confusions import confusion_table
from workbench.workflows.report_notes import Labels, by_label, of, own_words, scopes
from workbench.workflows.report_tables import cell

MARKS = (0.667, 0.800)
_MATRICES_SHOWN = 3
# Raters in the matrix of raters.
_MATRIX_LIMIT = 12
_PAIRS_WITH_NOTES = 4


def of_codes(codes: Labels, study: Study, made: Survey, results: Sequence[Result]) -> list[Block]:
    labels = {agreement.ALL_CODES: AT_ONCE, **codes}
    used = Counter(e.code for c in study.codings for e in c.events)
    used[agreement.ALL_CODES] = used.total()
    plain = [r for r in results if not tolerant(r)]
    main = [r for r in plain if r.id == MAIN and r.settings.get("way") == made.way]
    blocks: list[Block] = []
    if main:
        wider = {of(r): r for r in results if r.id == MAIN and tolerant(r)}
        rows = [
            plots.Row(labels[of(r)], r.value, r.low, r.high, by_label(r.reason or "", labels), _value(wider.get(of(r))))
            for r in main
        ]
        notes = [scopes(main, labels), "Dotted lines: .667 and .800 (Krippendorff), to be read against the interval."]
        if wider:
            width = next(iter(wider.values())).settings["tolerance_ms"]
            notes.append(f"Open circles: the value with a tolerance of {width / 1000:g} s.")
        title = f"{main[0].title} of the codes with its interval"
        drawing = plots.intervals(rows, main[0].title, MARKS)
        blocks.append(Figure(title, drawing, in_words(main, labels), " ".join(filter(None, notes))))
        blocks.append(tables.main_table(main, labels, used, f"{main[0].title} of the codes"))
    for way in dict.fromkeys(r.settings["way"] for r in plain):
        some = [r for r in results if r.settings["way"] == way and r not in main]
        on = "" if way == made.way else f", on {ways()[way].title}"
        blocks += kinds(some, labels, "Code", on)
    return blocks + notes_of(results, labels)


def kinds(results: Sequence[Result], labels: Mapping[str, str], first: str, on: str) -> list[Block]:
    """A table for each kind of result: of all raters side by side, of pairs one coefficient at a time."""
    pairwise = [r for r in results if coefficient(r.id).pairwise]
    whole = [r for r in results if not coefficient(r.id).pairwise]
    blocks: list[Block] = []
    if whole:
        blocks += tables.side_by_side(whole, labels, f"Other coefficients of all raters{on}", first)
    for title in dict.fromkeys(r.title for r in pairwise):
        some = [r for r in pairwise if r.title == title]
        blocks.append(tables.pair_table(some, labels, f"{title}, each pair of raters{on}", first))
        if further := tables.beside_kappa(some, labels, f"To be read beside {title}{on}", first):
            blocks.append(further)
    if first != "Code":  # a code has such tables by the hundred
        first_forms = list({(r.id, of(r)): r for r in reversed(whole)}.values())[::-1]  # its forms share their details
        blocks += tables.detail_tables([r for r in first_forms if r.defined], labels)
    return blocks


def of_moments(codes: Labels, study: Study, compared: Sequence[Comparison]) -> list[Block]:
    blocks: list[Block] = []
    raters = study.raters
    rule = next((c.rule for c in compared), "")
    apart = comb(len(raters), 2) - len(compared)
    none_shared = f" {apart} of {comb(len(raters), 2)} pairs of raters share no session." if apart else ""
    if 2 < len(raters) <= _MATRIX_LIMIT:
        share: dict[frozenset[str], Comparison] = {frozenset((c.a, c.b)): c for c in compared if c.total}
        shares = [[_share(share.get(frozenset((a, b)))) if a != b else None for b in raters] for a in raters]
        said = [["" if v is None else f"{100 * v:.0f} %" for v in row] for row in shares]
        worst = [f"{c.a} and {c.b} {100 * c.hits / c.total:.0f} %" for c in compared if c.total]
        blocks.append(
            Figure(
                "Moments that both raters coded alike, of those that either coded",
                plots.matrix(raters, shares, said),
                "; ".join(worst),
                f"{rule} Not corrected for chance.{none_shared}",
            )
        )
    legend = f"Rows and columns: codes by their numbers. {rule} “Nothing”: the other rater coded nothing."
    if len(compared) <= _MATRICES_SHOWN:
        for c in compared:
            title = f"Confusions of {c.a} (rows) and {c.b} (columns), {len(c.sessions)} sessions"
            if table := confusion_table(c, codes, title):
                blocks += [table, Paragraph(legend, quiet=True)]
    elif table := confusion_table(
        compared, codes, f"Confusions of all {len(compared)} pairs of raters, in either order"
    ):
        blocks += [table, Paragraph(f"{legend} Each pair is in agreement.json.", quiet=True)]
    return blocks


def notes_of(results: Sequence[Result], labels: Labels) -> list[Block]:
    """What the results say of themselves; of many pairs only where all raters are compared together."""
    pairs = {r.raters for r in results if coefficient(r.id).pairwise}
    some = [r for r in results if len(pairs) <= _PAIRS_WITH_NOTES or not coefficient(r.id).pairwise]
    said = own_words(some, labels)
    return [Heading("Notes on these values", 2), Points(said)] if said else []


def in_words(results: Iterable[Result], labels: Mapping[str, str]) -> str:
    return "; ".join(f"{labels.get(of(r), of(r))} {cell(r, 2)}" for r in results)


def tolerant(result: Result) -> bool:
    return bool(result.settings.get("tolerance_ms"))


def _value(result: Result | None) -> float | None:
    return None if result is None else result.value


def _share(comparison: Comparison | None) -> float | None:
    return None if comparison is None else comparison.hits / comparison.total
