"""How many sessions or raters a reliability study needs, before it begins.

Bonett (2002), Statistics in Medicine 21, 1331–1335, equation 3: sessions for an interval of a wanted width
around a single-rater ICC; an approximation that holds for one-way and two-way designs. Spearman (1910)
and Brown (1910): what the mean of several raters is worth. The lower limit is that of Shrout & Fleiss (1979)
for ICC(3,1). For designs with segments there is the D-study of `generalizability`. Clopper & Pearson (1934):
sessions for the lower limit of a share.

>>> sessions_for_width(0.85, raters=4, width=0.2)
<Plan: 20 sessions, for a 95 % interval 0.2 wide around an ICC of 0.85 with 4 raters>
>>> raters_for_reliability(0.5, wanted=0.8)
<Plan: 4 raters, for a mean of them with a reliability of 0.8 where one has 0.5>
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from scipy import special

from workbench.agreement.coefficients._icc_limits import F_METHOD, consistency_limits, stepped_up
from workbench.agreement.problems import InputProblems, counted

BONETT = "Bonett (2002), equation 3"
EXACT = "Clopper & Pearson (1934)"
MOST = 1_000_000


@dataclass(frozen=True, repr=False)
class Plan:
    """How many `of` (sessions or raters) are needed, or None and the reason.

    expects: what that many will give (width, lower limit or reliability). asked: what was asked for.
    """

    needed: int | None
    of: str
    purpose: str
    method: str
    asked: Mapping[str, float]
    expects: Mapping[str, float] = field(default_factory=dict)
    reason: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready: plain numbers, none of them infinite."""
        asked = {name: float(v) if v != int(v) else int(v) for name, v in self.asked.items()}
        return {**vars(self), "asked": asked, "expects": dict(self.expects)}

    def __repr__(self) -> str:
        if self.needed is None:
            return f"<Plan: no number of {self.of}, {self.purpose}: {self.reason}>"
        return f"<Plan: {self.needed} {self.of}, {self.purpose}>"


def sessions_for_width(icc: float, *, raters: int, width: float, confidence: float = 0.95) -> Plan:
    """Sessions, each rated by all `raters`, for an interval of `width` around a single-rater ICC expected to be `icc`.

    With two raters and an ICC of .7 or more, 5·icc sessions are added, as Bonett advises. `expects` has the
    width of the F interval at that number beside the approximation. Raises InputProblems.
    """
    _check(icc=icc, raters=raters, width=width, confidence=confidence)
    asked = {"icc": icc, "raters": raters, "width": width, "confidence": confidence}
    purpose = f"for a {100 * confidence:g} % interval {width:g} wide around an ICC of {icc:g} with {raters} raters"
    exact = _factor(icc, raters, confidence) / width**2 + 1 + _two_raters(icc, raters)
    if exact > MOST:
        return Plan(None, "sessions", purpose, BONETT, asked, {}, f"it takes more than {MOST:,} sessions")
    needed = max(_up(exact), 2)
    return Plan(
        needed,
        "sessions",
        purpose,
        BONETT,
        asked,
        {"before_rounding": exact, "width": expected_width(icc, raters=raters, sessions=needed, confidence=confidence)}
        | _by_f(icc, raters, needed, confidence),
    )


def raters_for_width(icc: float, *, sessions: int, width: float, confidence: float = 0.95) -> Plan:
    """Raters of each of `sessions` for an interval of `width`; more raters help only so far. Raises InputProblems."""
    _check(icc=icc, sessions=sessions, width=width, confidence=confidence)
    asked = {"icc": icc, "sessions": sessions, "width": width, "confidence": confidence}
    purpose = (
        f"for a {100 * confidence:g} % interval {width:g} wide around an ICC of {icc:g} from "
        f"{counted(int(sessions), 'session')}"
    )

    if sessions == 1:
        reason = "one session has no interval, whatever the number of raters; it takes 2 sessions or more"
        return Plan(None, "raters", purpose, BONETT, asked, {}, reason)

    def enough(raters: int) -> bool:
        wide = expected_width(icc, raters=raters, sessions=sessions, confidence=confidence)
        return wide <= width * (1 + 1e-12)

    def plan(raters: int) -> Plan:
        wide = expected_width(icc, raters=raters, sessions=sessions, confidence=confidence)
        return Plan(
            raters, "raters", purpose, BONETT, asked, {"width": wide} | _by_f(icc, raters, sessions, confidence)
        )

    if enough(2):
        return plan(2)
    if not enough(MOST):
        least = expected_width(icc, raters=MOST, sessions=sessions, confidence=confidence)
        reason = f"with any number of raters it is {least:.3f} wide or wider; only more sessions make it narrower"
        return Plan(None, "raters", purpose, BONETT, asked, {"width": least}, reason)
    return plan(_fewest(enough, more_than=2))


def expected_width(icc: float, *, raters: int, sessions: int, confidence: float = 0.95) -> float:
    """The width of the interval that `sessions` rated by all `raters` will give (Bonett 2002); infinite for too few.

    >>> round(expected_width(0.85, raters=4, sessions=20), 4)
    0.1955
    """
    _check(icc=icc, raters=raters, sessions=sessions, confidence=confidence)
    free = sessions - 1 - _two_raters(icc, raters)
    return math.sqrt(_factor(icc, raters, confidence) / free) if free > 0 else math.inf


def expected_limits(icc: float, *, raters: int, sessions: int, confidence: float = 0.95) -> tuple[float, float]:
    """Both limits of the F interval of ICC(3,1) where the estimate comes out at `icc`.

    >>> round(expected_limits(0.98, raters=2, sessions=4)[0], 2)
    0.73
    """
    _check(icc=icc, raters=raters, sessions=sessions, confidence=confidence)
    if sessions < 2:
        raise InputProblems(["one session has no interval; expected 2 sessions or more"])
    f = (1 + (raters - 1) * icc) / (1 - icc)
    return consistency_limits(f, (sessions - 1, (sessions - 1) * (raters - 1)), raters, confidence)


def sessions_for_lower_limit(icc: float, *, raters: int, at_least: float, confidence: float = 0.95) -> Plan:
    """Sessions for a lower limit of `at_least` where the estimate comes out at `icc`: what certifying a rater
    takes. In half of such studies the estimate will be lower. Raises InputProblems."""
    _check(icc=icc, raters=raters, at_least=at_least, confidence=confidence)
    asked = {"icc": icc, "raters": raters, "at_least": at_least, "confidence": confidence}
    purpose = f"for a lower limit of {at_least:g} around an ICC of {icc:g} with {raters} raters"
    if at_least >= icc:
        reason = "the lower limit always stays below the expected ICC"
        return Plan(None, "sessions", purpose, F_METHOD, asked, {}, reason)

    def limit(sessions: int) -> float:
        return expected_limits(icc, raters=raters, sessions=sessions, confidence=confidence)[0]

    if limit(MOST) < at_least:
        reason = f"it takes more than {MOST:,} sessions: the lower limit lies too close to the expected ICC"
        return Plan(None, "sessions", purpose, F_METHOD, asked, {}, reason)
    found = _fewest(lambda n: limit(n) >= at_least, more_than=1)
    return Plan(found, "sessions", purpose, F_METHOD, asked, {"lower_limit": limit(found)})


def sessions_for_share(at_least: float, *, misses: int = 0, confidence: float = 0.95) -> Plan:
    """Sessions, one judgement in each, for a lower limit of `at_least` on the share of right ones, of which all but
    `misses` are. Raises InputProblems.

    >>> sessions_for_share(0.9)
    <Plan: 36 sessions, for a lower limit of 0.9 on a share, 0 of them off>
    """
    _check(at_least=at_least, misses=misses, confidence=confidence)
    asked = {"at_least": at_least, "misses": misses, "confidence": confidence}
    purpose = f"for a lower limit of {at_least:g} on a share, {misses} of them off"

    def limit(sessions: int) -> float:
        hits = sessions - misses
        return float(special.betaincinv(hits, misses + 1, (1 - confidence) / 2)) if hits > 0 else 0.0

    if limit(MOST) < at_least:
        return Plan(None, "sessions", purpose, EXACT, asked, {}, f"it takes more than {MOST:,} sessions")
    found = _fewest(lambda n: limit(n) >= at_least, more_than=misses)
    return Plan(found, "sessions", purpose, EXACT, asked, {"lower_limit": limit(found)})


def _fewest(enough: Callable[[int], bool], *, more_than: int) -> int:
    """The fewest sessions or raters that are enough, where `more_than` are not, `MOST` are, and more do no harm."""
    low, high = more_than, more_than + 1
    while not enough(high):
        low, high = high, min(2 * high, MOST)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high


def spearman_brown(reliability: float, times: float) -> float:
    """The reliability of the mean of `times` as many raters; below 1 of fewer. Raises InputProblems.

    >>> spearman_brown(0.5, 4)
    0.8
    """
    possible = -1 < reliability <= 1 and 0 < times < math.inf
    of_mean = stepped_up(reliability, times) if possible else None
    if of_mean is None:
        raise InputProblems(
            [f"the reliability is {reliability:g} and the factor {times:g}: there is no mean of which it can be told"]
        )
    return of_mean


def raters_for_reliability(icc: float, *, wanted: float) -> Plan:
    """Raters whose mean has the reliability `wanted`, where one rater has `icc`. Raises InputProblems."""
    if not (0 <= icc <= 1 and 0 < wanted < 1):
        raise InputProblems([f"the ICC is {icc:g} and {wanted:g} is wanted, expected both between 0 and 1"])
    asked, method = {"icc": icc, "wanted": wanted}, "Spearman–Brown"
    purpose = f"for a mean of them with a reliability of {wanted:g} where one has {icc:g}"
    if icc == 0:
        return Plan(
            None, "raters", purpose, method, asked, {}, "the mean of any number of such raters is worth nothing"
        )
    exact = wanted * (1 - icc) / (icc * (1 - wanted))
    if exact > MOST:
        return Plan(None, "raters", purpose, method, asked, {}, f"it takes more than {MOST:,} raters")
    needed = max(_up(exact), 1)
    return Plan(
        needed, "raters", purpose, method, asked, {"before_rounding": exact, "reliability": spearman_brown(icc, needed)}
    )


def _factor(icc: float, raters: int, confidence: float) -> float:
    z = float(special.ndtri((1 + confidence) / 2))
    return 8 * z**2 * (1 - icc) ** 2 * (1 + (raters - 1) * icc) ** 2 / (raters * (raters - 1))


def _two_raters(icc: float, raters: int) -> float:
    return 5 * icc if raters == 2 and icc >= 0.7 else 0.0


def _by_f(icc: float, raters: int, sessions: int, confidence: float) -> dict[str, float]:
    if sessions < 2:
        return {}
    low, high = expected_limits(icc, raters=raters, sessions=sessions, confidence=confidence)
    return {"width_of_the_f_interval": high - low}


def _up(x: float) -> int:
    """The next whole number; what is above one by rounding alone is that one."""
    return math.ceil(x - 1e-9)


def _check(**given: float) -> None:
    """Raises InputProblems with a sentence for each number that cannot be planned with."""
    whole = "a whole number from {} to " + f"{MOST:,}"
    rules: dict[str, tuple[Callable[[float], bool], str]] = {
        "icc": (lambda v: 0 <= v < 1, "from 0 to below 1"),
        "at_least": (lambda v: -1 < v < 1, "between -1 and 1"),
        "raters": (lambda v: 2 <= v <= MOST and v == int(v), whole.format(2)),
        "sessions": (lambda v: 1 <= v <= MOST and v == int(v), whole.format(1)),
        "width": (lambda v: 0 < v < 2, "between 0 and 2"),
        "misses": (lambda v: 0 <= v <= MOST and v == int(v), whole.format(0)),
        "confidence": (lambda v: v > 0 and (1 + v) / 2 < 1, "between 0 and 1"),
    }
    problems = [
        f"{name} is {v:g}, expected {expected}"
        for name, v in given.items()
        for allowed, expected in [rules[name]]
        if not (math.isfinite(v) and allowed(v))
    ]
    if problems:
        raise InputProblems(problems)
