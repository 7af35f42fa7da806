"""Rater agreement: study → units → coefficient → interval → result.

>>> import workbench.agreement as agreement
>>> data = agreement.reliability([[1, 2, 3, 3, 2], [1, 2, 3, 3, 1]], level="ordinal")
>>> agreement.compute("krippendorff_alpha", data, replicates=0).value
0.889795918367
"""

from workbench.agreement.coefficients import coefficient
from workbench.agreement.coefficients import found as coefficients_found
from workbench.agreement.compute import compute, compute_all, per_code, per_scale, recommended
from workbench.agreement.data import Level, ReliabilityData, reliability
from workbench.agreement.disagreements import Comparison, Disagreement, Kind, compare, disagreements, in_words
from workbench.agreement.event_table import events_frame, events_from_csv, ratings_frame, utterances_frame
from workbench.agreement.matching import Matching, match
from workbench.agreement.problems import InputProblems
from workbench.agreement.python_lines import same_in_python
from workbench.agreement.result import Result, to_frame
from workbench.agreement.study import RaterCoding, Study
from workbench.agreement.units import units
from workbench.agreement.value_table import from_csv

__all__ = [
    "Comparison",
    "Disagreement",
    "InputProblems",
    "Kind",
    "Level",
    "Matching",
    "RaterCoding",
    "ReliabilityData",
    "Result",
    "Study",
    "coefficient",
    "coefficients_found",
    "compare",
    "compute",
    "compute_all",
    "disagreements",
    "events_frame",
    "events_from_csv",
    "from_csv",
    "in_words",
    "match",
    "per_code",
    "per_scale",
    "ratings_frame",
    "recommended",
    "reliability",
    "same_in_python",
    "to_frame",
    "units",
    "utterances_frame",
]
