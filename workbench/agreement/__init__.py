"""Rater agreement: study → units → coefficient → interval → result.

>>> import workbench.agreement as agreement
>>> data = agreement.reliability([[1, 2, 3, 3, 2], [1, 2, 3, 3, 1]], level="ordinal")
>>> agreement.compute("krippendorff_alpha", data, replicates=0).value
0.889795918367
"""

from workbench.agreement import planning
from workbench.agreement.appraisal import CRITERION, Appraisal, appraise
from workbench.agreement.by import by
from workbench.agreement.by_code import by_code
from workbench.agreement.coefficients import coefficient
from workbench.agreement.coefficients import found as coefficients_found
from workbench.agreement.compared import ALL_CODES, NOTHING
from workbench.agreement.compute import (
    compute,
    compute_all,
    fitting,
    per_code,
    per_scale,
    per_score,
    recommended,
    recommended_for,
)
from workbench.agreement.continua import Continua, Marked, continua
from workbench.agreement.data import Level, ReliabilityData, reliability
from workbench.agreement.disagreements import Comparison, Disagreement, Kind, compare, disagreements, in_words
from workbench.agreement.event_table import events_frame, events_from_csv, ratings_frame, utterances_frame
from workbench.agreement.matching import Matching, match
from workbench.agreement.problems import InputProblems
from workbench.agreement.python_lines import same_in_python
from workbench.agreement.rating_table import ratings_from_csv
from workbench.agreement.record import for_record
from workbench.agreement.result import SOFTWARE, Result, to_frame
from workbench.agreement.study import RaterCoding, Study
from workbench.agreement.units import found as ways_found
from workbench.agreement.units import units
from workbench.agreement.units.instrument import combined_scores, score_keys
from workbench.agreement.value_table import from_csv

__all__ = [
    "ALL_CODES",
    "CRITERION",
    "NOTHING",
    "SOFTWARE",
    "Appraisal",
    "Comparison",
    "Continua",
    "Disagreement",
    "InputProblems",
    "Kind",
    "Level",
    "Marked",
    "Matching",
    "RaterCoding",
    "ReliabilityData",
    "Result",
    "Study",
    "appraise",
    "by",
    "by_code",
    "coefficient",
    "coefficients_found",
    "combined_scores",
    "compare",
    "compute",
    "compute_all",
    "continua",
    "disagreements",
    "events_frame",
    "events_from_csv",
    "fitting",
    "for_record",
    "from_csv",
    "in_words",
    "match",
    "per_code",
    "per_scale",
    "per_score",
    "planning",
    "ratings_frame",
    "ratings_from_csv",
    "recommended",
    "recommended_for",
    "reliability",
    "same_in_python",
    "score_keys",
    "to_frame",
    "units",
    "utterances_frame",
    "ways_found",
]
