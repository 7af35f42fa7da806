"""What two raters took for what: a code by code table of matched events."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from workbench import agreement
from workbench.agreement import Comparison
from workbench.exchange.document import Table
from workbench.workflows.report_notes import Labels


def confusion_table(compared: Comparison | Sequence[Comparison], labels: Labels, title: str) -> Table | None:
    """Events of two raters matched by time: code by code, with what only one of them coded.

    Several comparisons are added up without order: above and on the diagonal each two codes in either order.
    """
    several = not isinstance(compared, agreement.Comparison)
    counts = confusion_counts([compared] if isinstance(compared, agreement.Comparison) else compared)
    known = [c for c in labels if any(c in key for key in counts)]
    known += sorted({c for key in counts for c in key if c is not None and c not in labels})
    if not known:
        return None
    heads: list[str | None] = [*known, None]
    if several:
        place = {c: n for n, c in enumerate(heads)}
        folded: dict[tuple[str | None, str | None], int] = {}
        for (a, b), n in counts.items():
            key = (a, b) if place[a] <= place[b] else (b, a)
            folded[key] = folded.get(key, 0) + n
        counts = folded
    rows = []
    for i, code in enumerate(heads if not several else known):
        name = "nothing" if code is None else f"{i + 1}  {labels.get(code, code)}"
        cells = []
        for j, other in enumerate(heads):
            n = counts.get((code, other), 0)
            empty = (several and j < i) or (code is None and other is None)
            cells.append("" if empty else str(n) if n else "·")
        rows.append((name, *cells))
    columns = ("", *(str(n + 1) for n in range(len(known))), "nothing")
    return Table(title, columns, tuple(rows), frozenset(range(1, len(columns))))


def confusion_counts(compared: Iterable[Comparison]) -> dict[tuple[str | None, str | None], int]:
    """Matched events by the two codes; None where one rater coded nothing."""
    counts: dict[tuple[str | None, str | None], int] = {}
    for comparison in compared:
        for matching in comparison.matchings.values():
            for x, _ in matching.matched:
                counts[x.code, x.code] = counts.get((x.code, x.code), 0) + 1
        for d in comparison.disagreements:
            counts[d.code_a, d.code_b] = counts.get((d.code_a, d.code_b), 0) + 1
    return counts
