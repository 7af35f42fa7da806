"""EasyDIAg's κ: agreement on timed events that were linked by overlap, corrected for chance.

Holle & Rein (2015), EasyDIAg: A tool for easy determination of interrater agreement, Behavior Research
Methods 47, 837–847. Every event of either rater counts once, a linked pair therefore twice; an event
without a counterpart stands against "no match"; expected frequencies leave the impossible cell of no
match and no match empty. For one code against the rest the table is collapsed to two by two and κ is
Cohen's, as there. Other than there, a negative κ stays negative, and κmax is what these margins allow: EasyDIAg's
own counts matches of nothing with nothing, and stands beside it as `kappa_max_as_easydiag`.
"""

from __future__ import annotations

from dataclasses import replace

from workbench.agreement.coefficients import _structural_zero
from workbench.agreement.data import Level, ReliabilityData
from workbench.agreement.interval import Options
from workbench.agreement.result import Finding

WAY = "linked"


class EasydiagKappa:
    id = "easydiag_kappa"
    variants = ("kappa",)
    levels = frozenset({Level.NOMINAL})
    pairwise = True
    takes_holes = True
    chance_corrected = True
    takes_nil = True
    way = WAY
    misleading_when = (
        "It depends on the overlap that links two events, and says little about exact times: report the overlap, "
        "the share of linked events and a time-unit κ beside it."
    )

    def title(self, data: ReliabilityData, variant: str) -> str:
        return "EasyDIAg's κ (events linked by overlap)"

    def can(self, data: ReliabilityData) -> str | None:
        way = data.settings.get("way", "table")
        if way not in (WAY, "table"):
            return f"EasyDIAg's κ is for events linked by overlap (units by “linked”); these are units by “{way}”"
        return _structural_zero.why_not(data, "EasyDIAg's κ", self.levels)

    def compute(self, data: ReliabilityData, variant: str, options: Options) -> Finding:
        found = _structural_zero.finding(data, options)
        if not data.nil:
            return found
        as_printed = _structural_zero.kappa_max_without_zero(_structural_zero.tallies(data))
        return replace(found, details={**found.details, "kappa_max_as_easydiag": as_printed})


COEFFICIENT = EasydiagKappa()
