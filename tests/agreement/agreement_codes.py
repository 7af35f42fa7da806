"""Tables of codes for tests, and what R says of some of them (tests/agreement/oracles/categories.R)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

import workbench.agreement as agreement
from workbench.agreement.weights import codes_of, weights_by_name

R = json.loads((Path(__file__).parents[1] / "fixtures" / "agreement_categories.json").read_text(encoding="utf-8"))
# Cohen (1960, 1968): 200 patients, two judges; personality disorder, neurosis, psychosis
TWO_JUDGES = [[88, 14, 18], [10, 40, 10], [2, 6, 12]]


def data_of(values: Any, level: str = "ordinal", **how: Any) -> agreement.ReliabilityData:
    return agreement.reliability(np.array(values, dtype=float), level=level, **how)


def from_counts(table: Any, level: str = "nominal", **how: Any) -> agreement.ReliabilityData:
    pairs = [(r, c) for r, row in enumerate(table) for c, n in enumerate(row) for _ in range(n)]
    return agreement.reliability(np.array(pairs).T, level=level, categories=range(len(table)), **how)


def some(seed: int, raters: int = 4, units: int = 60, codes: int = 4, missing: float = 0.0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    true = rng.integers(0, codes, units)
    said = np.clip(true + rng.choice([-1, 0, 1], (raters, units), p=[0.1, 0.75, 0.15]), 0, codes - 1).astype(float)
    said[rng.random(said.shape) < missing] = np.nan
    return said


def weights_table(name: str, values: Any, **how: Any) -> np.ndarray:
    table = weights_by_name(name, codes_of(data_of(values, **how)))
    assert table is not None
    return table
