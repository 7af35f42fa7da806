"""Coefficients and intervals as a reader knows them, not as programs do."""

from __future__ import annotations

from workbench.agreement.coefficients import coefficient
from workbench.agreement.result import Result

# What `ALL_CODES` is called.
AT_ONCE = "All codes at once"
_NAMES = {
    "alignment_kappa": "Alignment κ",
    "bland_altman": "Bland–Altman limits of agreement",
    "brennan_prediger": "Brennan–Prediger κ",
    "cohen_kappa": "Cohen’s κ",
    "conger_kappa": "Conger’s κ",
    "criterion": "Agreement with a criterion coding",
    "drift": "Drift over calendar time",
    "easydiag_kappa": "EasyDIAg’s κ",
    "fleiss_kappa": "Fleiss’ κ",
    "gamma": "γ",
    "generalizability": "Generalizability",
    "gwet_ac1": "Gwet’s AC1",
    "gwet_ac2": "Gwet’s AC2",
    "icc": "ICC",
    "krippendorff_alpha": "Krippendorff’s α",
    "light_kappa": "Light’s κ",
    "lin_ccc": "Lin’s concordance correlation",
    "pabak": "PABAK",
    "percent_agreement": "Percent agreement",
    "scott_pi": "Scott’s π",
    "time_unit_kappa": "Time-unit κ",
    "unitizing_alpha": "Krippendorff’s α for unitizing",
}


def name_of(id: str) -> str:
    """A coefficient's name without level, weights or form; of one installed later, its own `name`.

    >>> name_of("gwet_ac2"), name_of("icc")
    ('Gwet’s AC2', 'ICC')
    """
    if id in _NAMES:
        return _NAMES[id]
    return str(getattr(coefficient(id), "name", "") or id.replace("_", " ").capitalize())


def scope_of(result: Result) -> str:
    """What an interval speaks of: "over sessions" also where each session is one unit."""
    units_are_sessions = result.n_sessions is not None and result.n_sessions == result.n_pairable
    return "over sessions" if result.interval_scope == "over units" and units_are_sessions else result.interval_scope


def interval_head(confidences: set[float]) -> str:
    """The head of a column of intervals.

    >>> interval_head({0.95}), interval_head({0.9, 0.95})
    ('95 % interval', 'Interval')
    """
    return f"{100 * confidences.pop():g} % interval" if len(confidences) == 1 else "Interval"
