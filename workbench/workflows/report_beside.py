"""The parts of an agreement report that stand beside the coefficients: the score of record, scores, totals and rates,
each rater, each session, and raters against the criterion."""

from __future__ import annotations

from workbench.agreement import ALL_CODES, Appraisal, Result
from workbench.exchange.document import Block, Paragraph, Table
from workbench.model.scheme import Certification
from workbench.workflows import report_tables as tables
from workbench.workflows.report_asked import of_limits
from workbench.workflows.report_codes import notes_of
from workbench.workflows.report_notes import Labels, beneath, called, of
from workbench.workflows.report_tables import NONE, cell

# How a study makes the score that it goes on to use (`score_of_record`).
RECORDS = {
    "primary": "which is one rater’s",
    "mean": "which is the mean of the session’s raters",
    "consensus": "which is a consensus",
}
_MEASURES = {"per_minute": "rate per minute", "count": "count", "share": "share of the time"}
# What a study may go on to use, the likeliest first: in the plural, and over a column.
WAYS_OF_RECORD = {
    "instrument": ("scores", "Score"),
    "ratings": ("ratings", "Rating"),
    "totals": ("rates per minute", "Code"),
}


def of_record(whole: Appraisal, labels: Labels) -> list[Block]:
    """The reliability of what the study goes on to use, and why this coefficient: a table for each kind of it."""
    columns = ("Coefficient", "Value", "Sessions rated twice", "Raters")
    blocks: list[Block] = []
    for way, (of_what, kind) in WAYS_OF_RECORD.items():
        some = [r for r in whole.record if r.settings["way"] == way]
        if not some:
            continue
        rows = tuple(
            (called(r, labels), r.variant, cell(r), f"{r.n_pairable:,} of {r.n_units:,}", str(len(r.raters)))
            for r in some
        )
        title = f"Reliability of {of_what} as the score of record, {RECORDS[whole.record_is]}"
        blocks.append(Table(title, (kind, *columns), rows, frozenset({2, 3, 4}), beneath(some, labels)))
    return blocks + notes_of(whole.record, labels)


def of_scores(whole: Appraisal, labels: Labels) -> list[Block]:
    """ICC of the scheme's scores, and of totals and rates of codes."""
    blocks: list[Block] = []
    if whole.scores:
        title = "Scores made of several ratings"
        blocks += tables.side_by_side(
            whole.scores, labels, title, "Score", row=lambda r: called(r, labels), column=_short
        )
    if whole.totals:
        for measure, name in _MEASURES.items():
            some = [r for r in whole.totals if r.settings.get("measure") == measure]
            if any(r.defined for r in some):
                title = f"Intraclass correlations of each session’s {name}"
                blocks += tables.side_by_side(some, labels, title, "Code", column=_short)
        blocks.append(
            Paragraph(
                "Totals can agree where raters never coded the same moment: read them beside the coefficients of "
                "codes.",
                quiet=True,
            )
        )
    return blocks + notes_of((*whole.scores, *whole.totals), labels)


def of_raters(whole: Appraisal, labels: Labels) -> list[Block]:
    """A table of raters: Krippendorff's α of each against the others."""
    if not whole.raters:
        return []
    title = f"{whole.raters[0].title.split(' (')[0]} of each rater against the others"
    said = (
        "The values of a rater and those of every other rater, pair by pair, in one table (Schouten, 1982): who "
        "differs from the others stands out, whoever is right."
    )
    split = [[r for r in whole.raters if (r.settings["way"] == "ratings") is rating] for rating in (False, True)]
    blocks: list[Block] = [Paragraph(said)]
    for some, first in zip(split, ("Code", "Rating"), strict=True):
        if some:
            blocks += tables.side_by_side(
                some, labels, f"{title}, {first.lower()} by {first.lower()}", first, column=_part
            )
    return blocks


def of_sessions(whole: Appraisal, labels: Labels) -> list[Block]:
    """A line for each session: how far its raters agree on all codes at once."""
    if not whole.sessions:
        return []
    kinds = list(dict.fromkeys(r.title for r in whole.sessions))
    found = {(_part(r), r.title): r for r in whole.sessions}
    rows = []
    for session in dict.fromkeys(map(_part, whole.sessions)):
        here = [found.get((session, kind)) for kind in kinds]
        counts = next(r for r in here if r is not None)
        cells = [NONE if r is None else cell(r) for r in here]
        rows.append((session, *cells, f"{counts.n_pairable:,}", str(len(counts.raters))))
    columns = ("Session", *kinds, "Units", "Raters")
    title = "Agreement in each session, all codes at once"
    numeric = frozenset(range(1, len(columns)))
    return [Table(title, columns, tuple(rows), numeric, beneath(whole.sessions, labels))]


def of_criterion(whole: Appraisal, labels: Labels, asked: Certification | None = None) -> list[Block]:
    """Each rater against the criterion codings: all codes at once in full, each code by κ, each rating in full."""
    if not whole.criterion:
        return []
    against = whole.against.sessions if whole.against else ()
    blocks: list[Block] = [
        Paragraph(
            f"{len(against)} {'session has' if len(against) == 1 else 'sessions have'} a criterion coding. Each rater "
            "is held against it on the sessions that the rater coded as well; who certifies looks at the lower end of "
            "the interval."
        )
    ]
    at_once = [r for r in whole.criterion if of(r) == ALL_CODES]
    codes = [
        r for r in whole.criterion if r.settings["way"] != "ratings" and of(r) != ALL_CODES and r.variant == "kappa"
    ]
    ratings = [r for r in whole.criterion if r.settings["way"] == "ratings"]
    if at_once:
        title = "Raters against the criterion, all codes at once"
        blocks += tables.side_by_side(at_once, labels, title, "Rater", row=_held, column=lambda r: r.title)
    if codes:
        title = f"{codes[0].title}, each code against the rest"
        blocks += tables.side_by_side(codes, labels, title, "Code", column=_held)
    for scale in dict.fromkeys(map(of, ratings)):
        some = [r for r in ratings if of(r) == scale]
        title = f"Raters against the criterion: {labels.get(scale, scale)}"
        blocks += tables.side_by_side(some, labels, title, "Rater", row=_held, column=lambda r: r.title)
    if asked is not None:
        blocks += of_limits(asked, [*at_once, *ratings], labels, _held)
    return blocks + notes_of(at_once + ratings, labels)


def _held(result: Result) -> str:
    """The rater that is held against the criterion."""
    name = result.settings.get("rater")
    return str(name) if name else next(r for r in result.raters if r != result.settings.get("criterion"))


def _part(result: Result) -> str:
    return str(result.settings["of"])


def _short(result: Result) -> str:
    """ICC by its form, another coefficient by its title."""
    return result.variant if result.id == "icc" else result.title
