"""Whether raters reached what their scheme asks for before they code for a study: by the interval, never by the value.

A limit is reached where the lower end of the interval of the agreement with criterion codings is at the limit or
above, after as many sessions as the scheme asks for. A value alone proves little: see `coefficients.criterion`. A
rating for which some of these sessions gave no evidence rests on fewer, and its interval is as much wider.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from workbench.agreement.appraisal import CRITERION
from workbench.agreement.result import Result
from workbench.model.scheme import Certification, DataKind, Limit


@dataclass(frozen=True, slots=True)
class Standing:
    """One limit and the result that is held against it. `sessions`: in how many the rater was held against the
    criterion, of those `asked`; the result may rest on fewer of them."""

    limit: Limit
    result: Result
    sessions: int
    asked: int

    @property
    def reached(self) -> bool:
        low = self.result.low
        return low is not None and low >= self.limit.at_least and self.sessions >= self.asked

    @property
    def words(self) -> str:
        """`reached`, or what it still takes."""
        if self.reached:
            return "reached"
        still = []
        if self.result.value is None:
            still.append(self.result.reason or "no value")
        elif self.result.low is None:
            still.append(
                f"no interval: {self.result.interval_reason}" if self.result.interval_reason else "no interval"
            )
        elif self.result.low < self.limit.at_least:
            still.append(f"the interval begins at {self.result.low:.2f}, below {self.limit.at_least:g}")
        if self.sessions < self.asked:
            still.append(f"{self.sessions} of {self.asked} sessions")
        return f"not yet: {'; '.join(still)}"


def standings(
    asked: Certification, results: Iterable[Result], sessions: Mapping[str, int] | None = None
) -> list[Standing]:
    """Each limit with the results that it is for, among those of the agreement with a criterion.

    `sessions`: in how many each rater was held against it; left out, as many as any result of theirs rests on.
    """
    found = list(results)
    held: dict[str, int] = {}
    for result in found:
        held[_rater(result)] = max(held.get(_rater(result), 0), result.n_sessions or 0)
    held |= sessions or {}
    return [
        Standing(limit, result, held[_rater(result)], asked.sessions)
        for limit in asked.limits
        for result in found
        if result.variant == limit.measure and _kind(result) is limit.of
    ]


def _rater(result: Result) -> str:
    """Who is held against the criterion."""
    criterion = result.settings.get("criterion", CRITERION)
    named = result.settings.get("rater") or next((r for r in result.raters if r != criterion), "")
    return str(named)


def _kind(result: Result) -> DataKind:
    return DataKind.RATINGS if result.settings.get("way") == "ratings" else DataKind.CODES
