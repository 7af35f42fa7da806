"""Reliability for how the study's score of record is made: by one rater, as a mean of raters, by consensus.

A single rater's reliability is reported where most sessions are coded once; the mean of k raters is more
reliable than each of them, which says nothing of sessions that one rater coded. A consensus is never a
reliability: raters who talk until they agree would always reach 1. What is reported for it is the
agreement of the independent codings before it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from workbench.agreement.coefficients._icc_limits import stepped_up
from workbench.agreement.compute import compute
from workbench.agreement.data import Level, ReliabilityData
from workbench.agreement.problems import InputProblems
from workbench.agreement.result import Result

WAYS = ("primary", "mean", "consensus")
SINGLE, MEAN = "ICC(2,1)", "ICC(2,k)"
SPEARMAN_BROWN = "Spearman–Brown"


def for_record(data: ReliabilityData, record: str, *, raters: int | None = None, **options: Any) -> Result:
    """The reliability to report for a score of record that is made in this way.

    `record`: "primary" (one rater's coding counts), "mean" (of `raters` raters; of those who rated each unit if
    left out) or "consensus". Ratings get ICC(2,1), or ICC(2,k) where every rater rated every unit. For a mean of
    another number of raters, or of the raters whom a table with holes has in a unit (their harmonic mean), it is
    ICC(2,1) stepped up by Spearman–Brown, with its interval, and says so in `variant`; the single rater's stands in
    details["single_rater"]. Categories get Krippendorff's α, whatever the record. `options` are those of `compute`.
    Raises InputProblems for an unknown way or fewer than one rater.

    >>> from workbench.agreement import reliability
    >>> data = reliability([[1, 2, 3, 5], [1, 3, 3, 4]], level="interval")
    >>> [for_record(data, *way).variant for way in (("consensus",), ("mean",))]
    ['ICC(2,1)', 'ICC(2,k)']
    >>> for_record(data, "mean", raters=3).variant
    'ICC(2,1) stepped up to 3'
    """
    problems = []
    if record not in WAYS:
        problems.append(f"the score of record is {record!r}; there are: {', '.join(WAYS)}")
    if raters is not None and raters < 1:
        problems.append(f"the mean is of {raters} raters, expected one or more")
    if problems:
        raise InputProblems(problems)
    if data.level not in (Level.INTERVAL, Level.RATIO):
        return _said(compute("krippendorff_alpha", data, **options), record, _OF_CATEGORIES[record])
    if record != "mean":
        note = _PRIMARY if record == "primary" else _CONSENSUS
        return _said(compute("icc", data, variant=SINGLE, **options), record, note)
    rated = data.rated[data.rated.any(axis=1)][:, data.rated.any(axis=0)]
    if raters == len(rated) or (raters is None and rated.all()):
        return _said(compute("icc", data, variant=MEAN, **options), record, _MEAN)
    single = compute("icc", data, variant=SINGLE, **options)
    of = float((1 / (1 / rated.sum(axis=0)).mean()) if raters is None else raters)
    note = (
        f"Not every unit was rated by all {len(rated)} raters: the score of record is taken for the mean of those "
        f"who did, {of:.3g} in a unit (harmonic mean)."
        if raters is None
        else f"The score of record is a mean of {raters}; {len(rated)} coded for reliability."
    )
    return _said(_stepped(single, of), record, f"{note} The value is one rater's, stepped up by {SPEARMAN_BROWN}.")


def _stepped(single: Result, raters: float) -> Result:
    """The result of one rater as that of a mean of `raters`."""
    value, low, high = (_step(x, raters) for x in (single.value, single.low, single.high))
    reason, why_no_interval = single.reason, single.interval_reason
    if single.value is not None and value is None:
        reason = f"one rater's is {single.value:.3f}, from which that of a mean of {raters:.3g} cannot be told"
        why_no_interval = "the value is undefined"
    elif single.low is not None and low is None:
        why_no_interval = "its lower limit is without bound: the units differ too little"
    if value is None or low is None:
        low = high = None
    title = single.title.replace("single rater", f"stepped up to the mean of {raters:.3g} raters ({SPEARMAN_BROWN})")
    one = {"value": single.value, "low": single.low, "high": single.high}
    return replace(
        single,
        title=title,
        variant=f"{SINGLE} stepped up to {raters:.3g}",
        value=value,
        reason=reason,
        low=low,
        high=high,
        interval_reason=why_no_interval,
        interval_scope=single.interval_scope if low is not None else "",
        settings={**single.settings, "single_or_mean": "k", "raters_averaged": raters, "stepped_by": SPEARMAN_BROWN},
        details={**single.details, "single_rater": one},
    )


def _step(x: float | None, raters: float) -> float | None:
    stepped = stepped_up(x, raters)
    return None if stepped is None else round(stepped, 12)


_PRIMARY = "The score of record is one rater's: this is the reliability of a single rater."
_MEAN = "The score of record is the mean of these raters; a session coded by one of them is less reliable than this."
_CONSENSUS = (
    "The score of record is a consensus, which is never a reliability: this is a single rater's, from the independent "
    "codings before it."
)
_OF_CATEGORIES = {
    "primary": "The score of record is one rater's coding: α is that of single codings.",
    "mean": "Codes have no mean: α is that of single codings. Take totals or rates for the reliability of a mean.",
    "consensus": "The score of record is a consensus, which is never a reliability: α is of the codings before it.",
}


def _said(result: Result, record: str, note: str) -> Result:
    settings = {**result.settings, "score_of_record": record}
    return replace(result, settings=settings, notes=(note, *result.notes))
