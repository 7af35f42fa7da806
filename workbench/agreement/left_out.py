"""What did not become a unit, over all codes and scales of a study: counted once, however often it was compared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from workbench.agreement.compared import ALL_CODES
from workbench.agreement.result import Result

# What is a code's (or scale's) own begins with these; of units, sessions and seconds each code leaves out the same.
_OF_ONE = ("event", "rating", "score")


def left_out(results: Iterable[Result]) -> dict[str, dict[str, int]]:
    """Reason → code or scale → count. Where every code leaves out the same units or events, they stand once under "".

    What was left out where all raters are compared counts; what only pairs of raters leave out is that of one pair,
    and its reason says so. `total` adds the codes up.
    """
    every = list(results)
    raters = max((len(r.raters) for r in every), default=0)
    found: dict[str, dict[str, int]] = {}
    at_once: dict[str, int] = {}
    of_pairs: dict[str, int] = {}
    for result in every:
        what = str(result.settings.get("what", ""))
        for reason, n in result.excluded.items():
            if len(result.raters) < raters:
                of_pairs[reason] = max(n, of_pairs.get(reason, 0))
            elif what == ALL_CODES:
                at_once[reason] = max(n, at_once.get(reason, 0))
            else:
                of = found.setdefault(reason, {})
                name = what if reason.startswith(_OF_ONE) else ""
                of[name] = max(n, of.get(name, 0))
    for reason, n in at_once.items():
        if total(found.get(reason, {})) > n or reason not in found:
            found[reason] = {"": n}
    for reason, n in of_pairs.items():
        if reason not in found:
            found[f"{reason} (of one pair of raters at most)"] = {"": n}
    return {reason: found[reason] for reason in sorted(found)}


def total(counts: Mapping[str, int]) -> int:
    return sum(counts.values())
