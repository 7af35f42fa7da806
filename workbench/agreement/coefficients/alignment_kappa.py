"""Alignment κ: agreement on two aligned sequences of events, corrected for chance.

Quera, Bakeman & Gnisci (2007), Observer agreement for event sequences, Behavior Research Methods 39,
39–49; the event-based κ that Bakeman, Quera & Gnisci (2009), Behavior Research Methods 41, 137–147,
advise to report beside a time-based one. Each place of the alignment is one tally; an event without
a counterpart stands against nothing; expected frequencies leave the impossible cell of nothing and
nothing empty. For one code against the rest the table is collapsed to two by two, and κ is Cohen's.
"""

from __future__ import annotations

from workbench.agreement.coefficients import _structural_zero
from workbench.agreement.data import Level, ReliabilityData
from workbench.agreement.interval import Options
from workbench.agreement.result import Finding

WAYS = ("sequence", "aligned")


class AlignmentKappa:
    id = "alignment_kappa"
    variants = ("kappa",)
    levels = frozenset({Level.NOMINAL})
    pairwise = True
    takes_holes = True
    chance_corrected = True
    takes_nil = True
    way = WAYS[0]
    misleading_when = (
        "An alignment looks for agreement, so sequences of few codes agree more than chance would have it; "
        "and without tolerance for time it does not say that raters meant the same moment."
    )

    def title(self, data: ReliabilityData, variant: str) -> str:
        how = {"sequence": " (Needleman–Wunsch)", "aligned": " (events aligned by their onsets)"}
        return f"Alignment κ{how.get(data.settings.get('way', ''), '')}"

    def can(self, data: ReliabilityData) -> str | None:
        way = data.settings.get("way", "table")
        if way not in (*WAYS, "table"):
            return f"alignment κ is for aligned events (units by “sequence” or “aligned”); these are units by “{way}”"
        return _structural_zero.why_not(data, "alignment κ", self.levels)

    def compute(self, data: ReliabilityData, variant: str, options: Options) -> Finding:
        return _structural_zero.finding(data, options)


COEFFICIENT = AlignmentKappa()
