"""Small continua on which γ is worked out twice: by pygamma-agreement, and without it in the tests."""

from __future__ import annotations

import workbench.agreement as agreement

Units = dict[str, list[tuple[int, int, str]]]

CASES: dict[str, Units] = {
    "two raters who nearly agree": {
        "anna": [(3000, 15_000, "bond"), (22_000, 53_000, "goal")],
        "ben": [(3000, 10_000, "bond"), (22_000, 50_000, "goal")],
    },
    "one confuses codes, one misses a unit": {
        "anna": [(0, 4000, "bond"), (6000, 9000, "goal"), (11_000, 19_000, "task"), (30_000, 36_000, "bond")],
        "ben": [(500, 4200, "task"), (11_500, 18_000, "task"), (30_000, 35_000, "goal")],
    },
    "three raters, units that overlap": {
        "anna": [(0, 4000, "bond"), (3000, 9000, "goal"), (20_000, 28_000, "bond")],
        "ben": [(200, 4100, "bond"), (3500, 9000, "task"), (40_000, 45_000, "goal")],
        "cleo": [(0, 8000, "goal"), (19_000, 28_000, "bond")],
    },
    "one rater saw nothing": {
        "anna": [(0, 4000, "bond"), (6000, 9000, "goal")],
        "ben": [(100, 4000, "bond"), (6000, 9500, "goal")],
        "cleo": [],
    },
}


def continua(case: str) -> agreement.Continua:
    return agreement.continua(CASES[case], length_ms=60_000)
