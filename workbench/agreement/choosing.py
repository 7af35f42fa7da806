"""Which coefficient to choose for a study, in a sentence each, for somebody who has never computed one.

What a coefficient hides stands with itself (`misleading_when`); here is what it is for. The table of
docs/agreement.md, "Which coefficient", says the same with what each calls chance.
"""

from __future__ import annotations

from workbench.agreement.coefficients import coefficient

_WHEN = {
    "krippendorff_alpha": "Any number of raters, and not everybody has to have coded everything: the usual choice.",
    "cohen_kappa": "Two raters, where readers expect it. Each rater’s own habits count as chance.",
    "fleiss_kappa": "Several raters who stand for one another, such as a team that changes.",
    "conger_kappa": "Several raters who stay the same: Cohen’s κ for more than two.",
    "light_kappa": "Several raters: the mean of Cohen’s κ over every two of them.",
    "scott_pi": "Two raters who stand for one another.",
    "brennan_prediger": "Beside α or κ, where some codes are much more common than others.",
    "gwet_ac1": "Beside α or κ, where one code is very common or very rare. Never instead of them.",
    "gwet_ac2": "Beside α or κ, where the codes have an order and near misses count as half right.",
    "pabak": "Two raters, beside κ, where a code is rare: percent agreement on another scale.",
    "percent_agreement": "Beside any other, for readers who ask how often raters said the same. Luck is not taken off.",
    "time_unit_kappa": "Two raters and long stretches: for how much of the time they say the same.",
    "easydiag_kappa": "Two raters and stretches that they find themselves: those that overlap are linked first.",
    "alignment_kappa": "Two raters: whether codes follow one another in the same order, whatever the second.",
    "unitizing_alpha": "Stretches that raters find themselves: counts where they begin and end, and their code.",
    "gamma": "Stretches that raters find themselves, where a shift in time and another code are weighed together.",
    "icc": "Ratings and numbers: keeps what differs between sessions apart from what differs between raters.",
    "lin_ccc": "Two raters whose numbers should be the same, not only rise and fall together.",
    "bland_altman": "Two raters: how many points of the scale lie between them, shown as a picture.",
}


def when_to_use(id: str) -> str:
    """When a coefficient is the one to choose; of one installed later its own `use_when`, else nothing.

    >>> when_to_use("scott_pi")
    'Two raters who stand for one another.'
    """
    return _WHEN[id] if id in _WHEN else str(getattr(coefficient(id), "use_when", ""))
