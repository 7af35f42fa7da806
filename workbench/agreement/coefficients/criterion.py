"""A rater against a criterion coding: what a trainee is certified on.

exact, within_one: the share of units with the criterion's value, or at most one step off, with its
exact interval (Clopper & Pearson 1934); where sessions hold several units each, with one over sessions, and where no
unit is off the exact one with each session as one. bias: the mean of rater − criterion, so that above zero the rater
is too high. At the ordinal level a step leads from one stated category to the next, whatever numbers they are
called, as in weighted κ; at the interval and ratio levels it is a point of the scale. kappa: Cohen's κ
(ordinal: quadratic weights). icc: ICC(2,1), absolute agreement of a single rater. Whoever certifies should look
at the lower end of the interval: with 4 sessions an ICC(3,1) of .98 has a lower end of .73.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, ClassVar

import numpy as np

from workbench.agreement.clusters import Clusters, clusters
from workbench.agreement.coefficients import NIL_IS_TAKEN_FOR_POSSIBLE, why_not_pairable
from workbench.agreement.coefficients._slope import mean_interval
from workbench.agreement.coefficients.cohen_kappa import COEFFICIENT as KAPPA
from workbench.agreement.coefficients.icc import COEFFICIENT as ICC
from workbench.agreement.coefficients.percent_agreement import clopper_pearson
from workbench.agreement.data import Level, Numbers, ReliabilityData
from workbench.agreement.interval import Interval, Options
from workbench.agreement.jackknife import SHARE
from workbench.agreement.problems import counted
from workbench.agreement.resampling import FEWEST_SESSIONS, over_sessions
from workbench.agreement.result import Finding
from workbench.agreement.statistic import ratio
from workbench.agreement.weights import QUADRATIC, UNWEIGHTED, codes_of

VARIANTS = ("exact", "within_one", "bias", "kappa", "icc")
NOT_NAMED = "which coding is the criterion is not said"
STEPS_OF_NUMBERS = (
    "No categories were stated: a step is a difference of 1 between their numbers. State `categories` where they are "
    "numbered otherwise."
)
# So many sessions, or units where sessions are not known, are not warned of.
ENOUGH_SESSIONS, ENOUGH_UNITS = 15, 30


class Criterion:
    id = "criterion"
    variants = VARIANTS
    levels = frozenset(Level)
    pairwise = True
    takes_holes = True
    chance_corrected = False
    needs: ClassVar = dict.fromkeys(VARIANTS, ("criterion",))
    perfect: ClassVar = {"bias": 0.0}
    misleading_when = (
        "The criterion counts as right even where it is not; and a good value from a few sessions proves little: "
        "certify on the lower end of the interval."
    )

    def title(self, data: ReliabilityData, variant: str) -> str:
        ordinal = data.level is Level.ORDINAL
        return {
            "exact": "Exact agreement with the criterion",
            "within_one": f"Agreement with the criterion within one {'step' if ordinal else 'point'}",
            "bias": f"Signed bias against the criterion (rater − criterion, in {'steps' if ordinal else 'points'})",
            "kappa": f"Cohen's κ with the criterion ({'quadratic weights' if ordinal else 'unweighted'})",
            "icc": "ICC(2,1) with the criterion, absolute agreement, single rater",
        }[variant]

    def forms(self, data: ReliabilityData) -> tuple[str, ...]:
        """What has a meaning at the level of the data."""
        if data.level is Level.NOMINAL:
            return ("exact", "kappa")
        return ("exact", "within_one", "bias", "kappa" if data.level is Level.ORDINAL else "icc")

    def can(self, data: ReliabilityData) -> str | None:
        if reason := why_not_pairable(data):
            return reason
        if len(data.raters) != 2:
            return f"one rater is held against the criterion; there are {len(data.raters)} codings: name the criterion"
        return None

    def compute(self, data: ReliabilityData, variant: str, options: Options) -> Finding:
        if data.criterion is None:
            return Finding(None, NOT_NAMED)
        if variant not in self.forms(data):
            return Finding(None, f"{self.title(data, variant)} has no meaning at the {data.level} level")
        (rater,) = (r for r in data.raters if r != data.criterion)
        pair = data.only(rater, data.criterion).at(np.flatnonzero(data.pairable_units).tolist())
        settings: dict[str, Any] = {"criterion": data.criterion, "rater": rater}
        notes = _few(pair, variant)
        said, criterion = pair.values
        if pair.level is Level.ORDINAL and variant in ("within_one", "bias"):
            codes = codes_of(pair)
            said, criterion = codes.places_of(pair.values)
            notes += () if codes.stated else (STEPS_OF_NUMBERS,)
        match variant:
            case "kappa":
                found = _by(KAPPA, pair, QUADRATIC if data.level is Level.ORDINAL else UNWEIGHTED, options)
                notes += (NIL_IS_TAKEN_FOR_POSSIBLE,) if pair.nil else ()
            case "icc":
                found = _by(ICC, pair, "ICC(2,1)", options)
            case "bias":
                found = _bias(pair, said - criterion, options)
            case "within_one":
                found = _share(pair, np.abs(said - criterion) <= 1 + 1e-9, options)
            case _:
                found = _share(pair, said == criterion, options)
        return Finding(
            found.value,
            found.reason,
            found.interval,
            found.details,
            {**found.settings, **settings},
            (*found.notes, *notes),
        )


def _by(coefficient: Any, pair: ReliabilityData, variant: str, options: Options) -> Finding:
    reason = coefficient.can(pair)
    return Finding(None, reason) if reason else coefficient.compute(pair, variant, options)


def _share(pair: ReliabilityData, near: Any, options: Options) -> Finding:
    n, hits = len(near), int(near.sum())
    if pair.resample == "units":
        interval = clopper_pearson(hits, n, options)
    elif (sessions := clusters(pair)).count >= FEWEST_SESSIONS and hits == n:
        interval = _all_near(sessions, options)
    else:
        interval = over_sessions(hits / n, ratio(near.astype(float), np.ones(n)), options, SHARE, sessions)
    return Finding(hits / n, None, interval, {"hits": hits, "of": n})


def _all_near(sessions: Clusters, options: Options) -> Interval:
    """The exact interval where no unit of any session is off, each session taken as one: a share of sessions without
    a unit that is off, which the share of units (in sessions of about one size) is never below."""
    found = clopper_pearson(sessions.count, sessions.count, options)
    said = f"No unit is off: each {sessions.kind} counts as one, because its units hang together."
    return replace(found, scope=f"over {sessions.kind}s", notes=(said,))


def _bias(pair: ReliabilityData, differences: Numbers, options: Options) -> Finding:
    interval = Interval(reason="no disagreement was seen") if not differences.any() else None
    details = {"higher": int((differences > 0).sum()), "lower": int((differences < 0).sum()), "of": len(differences)}
    value = float(differences.mean())
    return Finding(value, None, interval or mean_interval(pair, differences, options), details)


def _few(pair: ReliabilityData, variant: str) -> tuple[str, ...]:
    sessions = pair.n_sessions
    n, kind = (len(pair.units), "unit") if sessions is None else (sessions, "session")
    if n >= (ENOUGH_UNITS if sessions is None else ENOUGH_SESSIONS):
        return ()
    takes = "an ICC takes about 30 rated segments or 15 to 40 sessions; " if variant == "icc" else ""
    ends = "both ends" if variant == "bias" else "the lower end"
    are = "is" if n == 1 else "are"
    return (f"{counted(n, kind)} {are} little to certify a rater on: {takes}look at {ends} of the interval.",)


COEFFICIENT = Criterion()
