"""γ and γ-cat: agreement on units and codes through the alignment of least disorder.

Mathet, Widlöcher & Métivier (2015), The unified and holistic method gamma (γ) for inter-annotator
agreement measure and alignment, Computational Linguistics 41, 437–479; γ-cat: Mathet (2017),
Computational Linguistics 43, 661–681. γ = 1 − δ/δe: δ is the disorder of the best alignment of all
raters' units, δe its mean over random continua. Unlike uα it counts units, not their length, and takes
units that overlap. γ-cat asks only whether aligned units have the same code.

Dissimilarity of two units: positional ((|Δstart| + |Δend|)/(sum of lengths))² plus 1 where the codes
differ (α = β = 1); a unit without a counterpart costs Δ∅ = 1. The hard alignment, in which each unit
stands once (not the library's soft-γ). Over several sessions δ and δe add up by the mean number of units.
"""

from __future__ import annotations

import math
from dataclasses import replace
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version

import numpy as np
from numpy.typing import NDArray

from workbench.agreement.clusters import clusters_of
from workbench.agreement.coefficients import why_no_continua
from workbench.agreement.coefficients._alignments import (
    ALPHA,
    BETA,
    DELTA_EMPTY,
    SAMPLES,
    Units,
    aligned,
    as_table,
    drawn,
    in_numbers,
    installed,
)
from workbench.agreement.continua import Continua
from workbench.agreement.data import Level, Numbers
from workbench.agreement.interval import Interval, Options
from workbench.agreement.jackknife import below_one
from workbench.agreement.resampling import FEWEST_SESSIONS, leave_one_out, over_sessions
from workbench.agreement.result import Finding
from workbench.agreement.statistic import Additive

# The library weighs every combination of one unit (or none) of each rater: so many take about a minute.
COMBINATIONS = 2_000_000


class Gamma:
    id = "gamma"
    variants = ("gamma", "gamma_cat")
    levels = frozenset({Level.NOMINAL})
    pairwise = False
    takes_holes = True
    takes = "continua"
    chance_corrected = True
    misleading_when = (
        "Its zero depends on how random continua are drawn and its value on the weights of position and code: "
        "compare it only with values of the same settings."
    )

    def title(self, data: Continua, variant: str) -> str:
        return {"gamma": "γ (units and their codes, aligned)", "gamma_cat": "γ-cat (codes of aligned units)"}[variant]

    def can(self, data: Continua) -> str | None:
        if reason := why_no_continua(data):
            return reason
        sessions = in_numbers(data)
        if not sessions:
            return "nobody marked a unit, so there is nothing to align"
        if (many := sum(math.prod(len(units) + 1 for units in raters) for raters in sessions)) > COMBINATIONS:
            return (
                f"γ weighs every combination of the raters' units, here {many:,} and at most {COMBINATIONS:,}: take "
                "fewer raters or one code at a time; uα has no such limit"
            )
        if not installed():
            return "γ needs the library pygamma-agreement, which is not installed (the extra “gamma”)"
        return None

    def compute(self, data: Continua, variant: str, options: Options) -> Finding:
        sessions = in_numbers(data)
        lengths = [
            float(sum(span.length_ms for span in data.observed[s]))
            for s, both in enumerate(data.pairable_sessions)
            if both and any(row[s] for row in data.marked)
        ]
        rows = np.array([_row(raters, n, options.seed) for raters, n in zip(sessions, lengths, strict=True)])
        settings = {
            "samples": SAMPLES,
            "delta_empty": DELTA_EMPTY,
            "alpha": ALPHA,
            "beta": BETA,
            "dissimilarity": "positional sporadic and absolute categorial",
            "soft": False,
            "sampling_seed": options.seed,
            "computed_by": _library(),
        }
        statistic = Additive(rows, _gamma if variant == "gamma" else _gamma_cat)
        total = rows.sum(axis=0)
        observed, expected = (_disorders if variant == "gamma" else _differing)(total[None, :])
        details = _details(float(observed[0]), expected[0])
        value = float(statistic.at(np.ones((1, len(rows))))[0])
        if not np.isfinite(value):
            return Finding(None, _why_not(variant, float(observed[0])), details=details, settings=settings)
        return Finding(value, None, _interval(statistic, value, options), details, settings)


@lru_cache(maxsize=64)
def _row(raters: tuple[Units, ...], length: float, seed: int) -> Numbers:
    """Of one session, for both variants: disorder, differing and weight of its alignment, then of each
    random continuum, the disorders times the mean number of units."""
    table = as_table(aligned([raters, *drawn(raters, length, SAMPLES, seed)]))
    table[:, 0] *= sum(map(len, raters)) / len(raters)
    row = table.ravel()
    row.flags.writeable = False
    return row


def _split(sums: Numbers) -> NDArray[np.float64]:
    """(replicates, 1 + SAMPLES, 3)."""
    return np.asarray(np.reshape(sums, (len(sums), 1 + SAMPLES, 3)))


def _disorders(sums: Numbers) -> tuple[Numbers, Numbers]:
    """Observed disorder (replicates,) and that of each random continuum (replicates, SAMPLES)."""
    disorder = _split(sums)[:, :, 0]
    return disorder[:, 0], disorder[:, 1:]


def _differing(sums: Numbers) -> tuple[Numbers, Numbers]:
    """The same for γ-cat: weighted shares of differing codes, NaN where no units are aligned closely."""
    parts = _split(sums)
    share = np.divide(parts[:, :, 1], parts[:, :, 2], out=np.full(parts.shape[:2], np.nan), where=parts[:, :, 2] > 0)
    return share[:, 0], share[:, 1:]


def _gamma(sums: Numbers) -> Numbers:
    return _one_minus(*_disorders(sums))


def _gamma_cat(sums: Numbers) -> Numbers:
    return _one_minus(*_differing(sums))


def _one_minus(observed: Numbers, expected: Numbers) -> Numbers:
    there = np.isfinite(expected)
    mean = np.where(there, expected, 0.0).sum(axis=1) / np.maximum(there.sum(axis=1), 1)
    return np.asarray(1.0 - np.divide(observed, mean, out=np.full_like(observed, np.nan), where=mean > 0))


def _details(observed: float, expected: Numbers) -> dict[str, float | None]:
    there = expected[np.isfinite(expected)]
    mean = float(there.mean()) if len(there) else 0.0
    margin = 1.96 * float(there.std(ddof=1)) / math.sqrt(len(there)) / mean if len(there) > 1 and mean > 0 else None
    return {
        "observed_disorder": observed if math.isfinite(observed) else None,
        "expected_disorder": mean or None,
        "expected_disorder_margin": margin,
    }


def _why_not(variant: str, observed: float) -> str:
    if variant == "gamma":
        return "random continua show no disorder either, so there is nothing to hold it against"
    if not math.isfinite(observed):
        return "no units of two raters are aligned closely enough to compare their codes"
    return "aligned units of random continua have the same code too: without variation of codes γ-cat is not defined"


@np.errstate(invalid="ignore")
def _interval(statistic: Additive, value: float, options: Options) -> Interval:
    sessions = clusters_of([f"{s:06}" for s in range(statistic.sums.shape[0])], None)
    by = over_sessions if sessions.count >= FEWEST_SESSIONS else leave_one_out
    # random continua were drawn with this seed, whatever the interval is made by
    return replace(by(value, statistic, options, below_one(), sessions), seed=options.seed)


def _library() -> str:
    try:
        return f"pygamma-agreement {version('pygamma-agreement')}"
    except PackageNotFoundError:
        return "pygamma-agreement"


COEFFICIENT = Gamma()
