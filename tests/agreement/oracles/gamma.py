"""Values of γ by pygamma-agreement: `pip install pygamma-agreement`, then from the repository's root
`python -m tests.agreement.oracles.gamma > tests/fixtures/agreement_gamma.json`. The tests need no library.
"""

from __future__ import annotations

import json
from importlib.metadata import version

import pygamma_agreement as library
from pyannote.core import Segment

import workbench.agreement as agreement
from tests.agreement.gamma_cases import CASES, continua


def disorder_by_library(case: str) -> float:
    """The disorder of the best alignment, as the library gives it."""
    continuum = library.Continuum()
    for rater, units in CASES[case].items():
        continuum.add_annotator(rater)
        for start, end, code in units:
            continuum.add(rater, Segment(start, end), code)
    return float(continuum.get_best_alignment(library.CombinedCategoricalDissimilarity()).disorder)


def values(case: str) -> dict[str, float | None]:
    found = agreement.compute_all(["gamma"], continua(case), replicates=0)
    return {r.variant: r.value for r in found} | {"disorder_by_library": disorder_by_library(case)}


if __name__ == "__main__":
    made = {"pygamma_agreement": version("pygamma-agreement"), "cases": {case: values(case) for case in CASES}}
    print(json.dumps(made, indent=1, ensure_ascii=False))
