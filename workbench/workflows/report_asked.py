"""What a scheme asks of its raters, in the report: the coefficients that it names, and limits against the criterion."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from workbench.agreement import Result
from workbench.agreement.certified import standings
from workbench.agreement.naming import name_of
from workbench.exchange.document import Block, Paragraph, Table
from workbench.model.scheme import Certification, DataKind, Reported
from workbench.workflows.report_notes import of
from workbench.workflows.report_tables import cell

_KINDS = {DataKind.CODES: "Codes", DataKind.RATINGS: "Ratings and scores", DataKind.TOTALS: "Totals and rates"}


def of_asked(asked: Sequence[Reported]) -> list[Block]:
    """The coefficients that the scheme names, of each kind the one to report first; nothing where it names none."""
    if not asked:
        return []
    rows = tuple((_KINDS[each.of], ", ".join(map(name_of, each.coefficients)), each.reason) for each in asked)
    lead = "The scheme names the coefficients to report, the first of each kind before the others."
    return [Paragraph(lead), Table("Coefficients that the scheme names", ("On", "Coefficients", "Why"), rows)]


def of_limits(
    asked: Certification, results: Sequence[Result], labels: Mapping[str, str], held: Callable[[Result], str]
) -> list[Block]:
    """Each rater against each limit. A limit is reached by the lower end of the interval, never by the value."""
    columns = ("Rater", "On", "Agreement with the criterion", "Value and interval", "Limit", "Reached?")
    rows = tuple(
        (
            held(s.result),
            labels.get(of(s.result), of(s.result)),
            s.result.title,
            cell(s.result),
            _at(s.limit.at_least),
            s.words,
        )
        for s in standings(asked, results)
    )
    lead = (
        f"For certification the scheme asks for {asked.sessions} sessions with a criterion coding, and that the "
        f"interval begins at the limit or above. {asked.reason}"
    )
    return [Paragraph(lead), *([Table("Certification", columns, rows, frozenset({3, 4}))] if rows else [])]


def _at(limit: float) -> str:
    return f"{limit:g}"
