"""A coefficient with all that it was computed from, or no value and one sentence why."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np
import pandas as pd

import workbench
from workbench.agreement.continua import Continua
from workbench.agreement.data import ReliabilityData
from workbench.agreement.interval import NO_INTERVAL, Interval
from workbench.agreement.problems import counted

SOFTWARE = f"alliance-workbench {workbench.__version__}"

# Sums of floats depend on their order in the 16th digit; what is reported does not.
_DIGITS = 12


@dataclass(frozen=True)
class Result:
    """One coefficient on one set of reliability data or continua.

    value is None when undefined, and then `reason` says why. low and high are None without an
    interval, and then `interval_reason` says why. `interval_scope` says what the interval speaks
    of: "over units", "over sessions", or "within this session only".
    excluded: what did not become a unit, reason → count. details: further numbers of the same
    coefficient (standard error, κmax, probabilities …). n_sessions:
    sessions with pairable units, None where sessions are not known. On continua the units are those
    that raters marked, and what is missing are sessions that a rater did not code.
    """

    id: str
    title: str
    variant: str
    value: float | None
    reason: str | None
    low: float | None
    high: float | None
    confidence: float
    interval_method: str
    interval_scope: str
    interval_reason: str | None
    replicates: int
    seed: int | None
    undefined_replicates: int
    level: str
    n_units: int
    n_pairable: int
    raters: tuple[str, ...]
    n_sessions: int | None
    missing: int
    missing_share: float
    excluded: Mapping[str, int]
    settings: Mapping[str, Any]
    details: Mapping[str, Any]
    misleading_when: str
    notes: tuple[str, ...]
    software: str = SOFTWARE

    @property
    def defined(self) -> bool:
        return self.value is not None

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready: plain numbers, text, lists and mappings; undefined is null, never NaN."""
        return {f.name: _jsonable(getattr(self, f.name)) for f in fields(self)}

    def to_frame(self) -> pd.DataFrame:
        """One row; see `to_frame` for a list of results."""
        return to_frame([self])

    def __repr__(self) -> str:
        what = self.settings.get("what")
        head = f"{self.title}{f' of {what}' if what else ''}"
        if self.value is None:
            number = f"undefined: {self.reason}"
        elif self.low is None or self.high is None:
            number = f"{self.value:.3f}, no interval: {self.interval_reason}"
        else:
            number = (
                f"{self.value:.3f}, {100 * self.confidence:g} % interval {self.low:.3f} to {self.high:.3f} "
                f"({self.interval_scope}; {self.interval_method})"
            )
        sessions = "" if self.n_sessions is None else f"{counted(self.n_sessions, 'session')}, "
        counts = (
            f"{self.n_pairable} of {self.n_units} units pairable, {counted(len(self.raters), 'rater')}, "
            f"{sessions}{100 * self.missing_share:.1f} % missing, {self.level}"
        )
        return f"{head}: {number}\n  {counts}"


@dataclass(frozen=True)
class Finding:
    """What a coefficient found: its value or the reason for none, its interval and its details."""

    value: float | None
    reason: str | None = None
    interval: Interval = NO_INTERVAL
    details: Mapping[str, Any] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def result_of(
    finding: Finding,
    data: ReliabilityData | Continua,
    *,
    id: str,
    title: str,
    variant: str,
    misleading_when: str,
    confidence: float,
) -> Result:
    """The finding together with what it was computed from."""
    value, reason, interval = finding.value, finding.reason, finding.interval
    if value is not None and not math.isfinite(value):
        value, reason = None, "the numbers are too large or too small to be computed with"
    if value is None:
        interval = NO_INTERVAL
    return Result(
        id=id,
        title=title,
        variant=variant,
        value=_rounded(value),
        reason=reason if value is None else None,
        low=_rounded(interval.low),
        high=_rounded(interval.high),
        confidence=confidence,
        interval_method=interval.method,
        interval_scope=interval.scope,
        interval_reason=None if interval.low is not None else interval.reason or "the value is undefined",
        replicates=interval.replicates,
        seed=interval.seed,
        undefined_replicates=interval.undefined,
        level=data.level.value,
        n_units=data.n_units,
        n_pairable=data.n_pairable,
        raters=data.raters,
        n_sessions=data.n_sessions,
        missing=data.missing,
        missing_share=data.missing_share,
        excluded=dict(data.excluded),
        settings={**data.settings, **finding.settings},
        details={k: _rounded(v) if isinstance(v, float) else v for k, v in finding.details.items()},
        misleading_when=misleading_when,
        notes=(*data.notes, *finding.notes, *interval.notes),
    )


def to_frame(results: Iterable[Result]) -> pd.DataFrame:
    """One row for each result: what was compared, the value or the reason, the interval, the counts."""
    rows = []
    for r in results:
        row = r.to_dict()
        settings, details = row.pop("settings"), row.pop("details")
        rows.append(
            {"what": settings.get("what")}
            | row
            | {"raters": ", ".join(r.raters), "excluded": sum(r.excluded.values()), "notes": " ".join(r.notes)}
            | {k: v for k, v in settings.items() if k != "what" and not isinstance(v, list | dict)}
            | {k: v for k, v in details.items() if not isinstance(v, list | dict)}
        )
    return pd.DataFrame(rows)


def _rounded(value: float | None) -> float | None:
    if value is None or not math.isfinite(value):
        return None
    return round(float(value), _DIGITS) + 0.0


def _jsonable(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(k): _jsonable(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_jsonable(v) for v in value]
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
