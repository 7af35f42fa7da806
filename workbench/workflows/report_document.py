"""An agreement report as a document: what was compared and how, every table and plot, and its sources."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from workbench import agreement
from workbench.agreement import ALL_CODES, Appraisal, Comparison, Result, Study
from workbench.agreement.left_out import left_out, total
from workbench.agreement.method_section import Design, method_section
from workbench.agreement.naming import AT_ONCE, name_of, scope_of
from workbench.agreement.references import references
from workbench.agreement.survey import MAIN, Survey
from workbench.exchange.document import Block, Document, Heading, Lines, Paragraph, Points
from workbench.model.scheme import Certification, Reported
from workbench.workflows.report_asked import of_asked
from workbench.workflows.report_beside import (
    RECORDS,
    WAYS_OF_RECORD,
    of_criterion,
    of_raters,
    of_record,
    of_scores,
    of_sessions,
)
from workbench.workflows.report_codes import MARKS, of_codes, of_moments, tolerant
from workbench.workflows.report_notes import by_label, called, of
from workbench.workflows.report_ratings import of_ratings
from workbench.workflows.report_tables import cell, number

# Codes that are named where events were left out.
_NAMED = 4


@dataclass(frozen=True, slots=True)
class Account:
    """What the report says of itself. `codes` and `scales`: labels by id, in the scheme's order; `facts` stand
    under the title; `selection`: sentences on what was chosen of the study, empty for all of it, `selected`:
    the same for programs; `left_out`: sentences on what is not in it. `blinded`, `reopened`: as in `Design`.
    `asked`, `certification`: the coefficients and limits that the scheme itself names."""

    title: str
    scheme: str
    version: str
    codes: Mapping[str, str]
    scales: Mapping[str, str]
    facts: tuple[tuple[str, str], ...]
    selection: tuple[str, ...] = ()
    selected: Mapping[str, object] | None = None
    left_out: tuple[str, ...] = ()
    foot: str = ""
    blinded: bool | None = None
    reopened: int = 0
    asked: tuple[Reported, ...] = ()
    certification: Certification | None = None

    @property
    def labels(self) -> dict[str, str]:
        return {**self.codes, **self.scales, ALL_CODES: AT_ONCE}


def report_document(about: Account, study: Study, whole: Appraisal, compared: Sequence[Comparison]) -> Document:
    """The report. `compared`: every two raters, event by event."""
    made = whole.survey
    on_codes = [r for r in made.results if r.settings.get("way") != "ratings"]
    on_scales = [r for r in made.results if r.settings.get("way") == "ratings"]
    design = Design(about.scheme, about.version, len(about.codes), len(about.scales), about.blinded, about.reopened)
    blocks: list[Block] = [Heading("In short"), *map(Paragraph, in_short(about, whole, compared))]
    blocks += [Heading("Method"), *map(Paragraph, method_section(study, whole, design))]
    sections: list[tuple[str, list[Block]]] = [
        ("What the scheme asks for", of_asked(about.asked)),
        ("The score of record", of_record(whole, about.labels)),
        ("Codes", of_codes(about.codes, study, made, on_codes) if on_codes else []),
        ("Moments and confusions", of_moments(about.codes, study, compared) if any(c.total for c in compared) else []),
        ("Ratings", of_ratings(about.scales, study, on_scales) if on_scales else []),
        ("Scores, totals and rates", of_scores(whole, about.labels)),
        ("Each rater against the others", of_raters(whole, about.labels)),
        ("Each session", of_sessions(whole, about.labels)),
        ("Against the criterion", of_criterion(whole, about.labels, about.certification)),
        ("What was left out", _left_out(about, whole)),
        ("When these coefficients mislead", _misleading(whole.every)),
        ("The same in Python", _in_python(made.results, whole)),
    ]
    for heading, some in sections:
        if some:
            blocks += [Heading(heading), *some]
    blocks += [Heading("References"), Points(references(whole.every), hanging=True)]
    return Document(about.title, about.facts, tuple(blocks), about.foot)


def in_short(about: Account, whole: Appraisal, compared: Sequence[Comparison]) -> list[str]:
    """The answer in a few sentences, intervals before point values; first of all that it is of a part, if it is."""
    out = list(about.selection)
    made = whole.survey
    said = [
        _of_alpha(made, about.labels),
        _of_pairs(compared),
        _of_icc(made, about.scales),
        _of_record(whole, about.labels),
    ]
    found = [sentence for sentence in said if sentence]
    return out + (found or ["Nothing could be computed; the reasons stand below."])


def _of_alpha(made: Survey, labels: Mapping[str, str]) -> str:
    main = [r for r in made.of(made.way, MAIN) if not tolerant(r) and r.value is not None]
    at_once = [r for r in main if of(r) == ALL_CODES]
    ordered = sorted((r for r in main if of(r) != ALL_CODES), key=lambda r: r.value or 0.0)
    said = [f"Krippendorff’s α of all codes at once: {cell(r, 2)}." for r in at_once]
    if ordered:
        low, high = ordered[0], ordered[-1]
        said.append(
            f"Krippendorff’s α of {len(ordered)} {'code' if len(ordered) == 1 else 'codes'}: median "
            f"{number(median(r.value or 0.0 for r in ordered), 2)}, lowest {labels[of(low)]} {cell(low, 2)}, highest "
            f"{labels[of(high)]} {cell(high, 2)}."
        )
    known = [r for r in ordered if r.low is not None]
    if known:
        sure = sum(r.low is not None and r.low >= MARKS[0] for r in known)
        scope = " and ".join(dict.fromkeys(scope_of(r) for r in known))
        codes = "the one code that has" if len(known) == 1 else f"the {len(known)} codes that have"
        said.append(f"The whole interval ({scope}) lies at .667 or above for {sure} of {codes} an interval.")
    return " ".join(said)


def _of_pairs(compared: Sequence[Comparison]) -> str:
    shares = sorted(((c.hits / c.total, c) for c in compared if c.total), key=lambda pair: pair[0])
    if not shares:
        return ""
    ends = [shares[-1][1], shares[0][1]] if len(shares) > 1 else [shares[0][1]]
    words = [
        f"{c.a} and {c.b} agree on {c.hits:,} of {c.total:,} moments ({100 * c.hits / c.total:.0f} %)" for c in ends
    ]
    return f"{' and '.join(words)}, not corrected for chance. {shares[0][1].rule}"


def _of_icc(made: Survey, scales: Mapping[str, str]) -> str:
    icc = [r for r in made.of("ratings", "icc") if r.variant == "ICC(2,1)" and r.value is not None]
    if not icc:
        return ""
    ordered = sorted(icc, key=lambda r: r.value or 0.0)
    return (
        f"ICC(2,1) = ICC(A,1) of {len(icc)} {'rating' if len(icc) == 1 else 'ratings'}: lowest "
        f"{scales[of(ordered[0])]} {cell(ordered[0], 2)}, highest {scales[of(ordered[-1])]} {cell(ordered[-1], 2)}."
    )


def _of_record(whole: Appraisal, labels: Mapping[str, str]) -> str:
    """Of scores where the scheme has some, else of ratings, else of rates."""
    kinds = {way: [r for r in whole.record if r.settings["way"] == way and r.defined] for way in WAYS_OF_RECORD}
    way = next((way for way, some in kinds.items() if some), None)
    if way is None:
        return ""
    known = sorted(kinds[way], key=lambda r: r.value or 0.0)
    ends = known if len(known) == 1 else (known[0], known[-1])
    names = " to ".join(f"{called(r, labels)} {cell(r, 2)}" for r in ends)
    return f"Reliability of {WAYS_OF_RECORD[way][0]} as the score of record, {RECORDS[whole.record_is]}: {names}."


def _left_out(about: Account, whole: Appraisal) -> list[Block]:
    sentences = [*about.left_out, *whole.without]
    made, labels = whole.survey, about.labels
    for reason, counts in left_out(made.results).items():
        largest = sorted((n, labels.get(what, what)) for what, n in counts.items() if what)[::-1]
        which = ", ".join(f"{label} {n:,}" for n, label in largest[:_NAMED])
        more = ", …" if len(largest) > _NAMED else ""
        sentences.append(f"{total(counts):,} {reason}{f' ({which}{more})' if which else ''}.")
    for refusal in whole.refused:
        sentences.append(
            f"{name_of(refusal.id)} of {refusal.compares}: not computed, because {by_label(refusal.reason, labels)}."
        )
    return [Points(tuple(sentences))] if sentences else [Paragraph("Nothing.")]


def _misleading(results: Iterable[Result]) -> list[Block]:
    said = {name_of(r.id): r.misleading_when for r in results if r.defined}
    return [Points(tuple(f"{title}: {sentence}" for title, sentence in said.items()))]


def _in_python(results: Sequence[Result], whole: Appraisal) -> list[Block]:
    blocks: list[Block] = [
        Paragraph(
            "The files beside this report hold the codings (events.csv, ratings.csv, utterances.csv), every number "
            "(agreement.json, agreement.csv) and recompute.py, which computes every number again from the codings and "
            "says whether it is the same. One of them, as three lines:"
        )
    ]
    if whole.against:
        blocks.append(
            Paragraph(
                "The files whose names begin with criterion_ hold the criterion codings: they do not belong in the "
                "hands of raters who are still to be trained or tested on these sessions."
            )
        )
    if results:
        blocks.append(Lines(agreement.same_in_python(next((r for r in results if r.id == MAIN), results[0]))))
    return blocks
