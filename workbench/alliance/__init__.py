"""Questionnaires, ratings and codes → perspective scores and combined scores of a session.

Arithmetic only: values come in, values go out. Each result carries its value together with what it
was computed from, or no value and one sentence why.
"""

from __future__ import annotations

from workbench.alliance.composite import Composite, session_composite
from workbench.alliance.counts import CodeCount, code_counts, mean_counts
from workbench.alliance.derived import ScoreValue, derived_scores
from workbench.alliance.discrepancy import Discrepancy, discrepancies
from workbench.alliance.observation import ObserverScore, ScaleRatings, score_observers
from workbench.alliance.perspective import PerspectiveScore, missing, of_form, of_observers
from workbench.alliance.pomp import pomp
from workbench.alliance.questionnaire import FormScore, ScaleScore, score_form

__all__ = [
    "CodeCount",
    "Composite",
    "Discrepancy",
    "FormScore",
    "ObserverScore",
    "PerspectiveScore",
    "ScaleRatings",
    "ScaleScore",
    "ScoreValue",
    "code_counts",
    "derived_scores",
    "discrepancies",
    "mean_counts",
    "missing",
    "of_form",
    "of_observers",
    "pomp",
    "score_form",
    "score_observers",
    "session_composite",
]
