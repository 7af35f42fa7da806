"""Examples from the literature, with the digits that were printed there."""

from __future__ import annotations

import ast
from pathlib import Path

import numpy as np
import pytest

import workbench.agreement as agreement

_ = None
# Krippendorff (2011), Computing Krippendorff's Alpha-Reliability, section C; (2004), p. 230
FOUR_OBSERVERS = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, _, _, _],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, _, 3],
    [_, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, _],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, _],
]
# Hayes & Krippendorff (2007), Communication Methods and Measures 1, 77–89, table 1
NEWS_TONE = """
112.2 1101. 2333. .00.0 000.0 000.0 102.1 1.20. 222.2 2111. .100. 0000. 1222. 33223 111.1 111.1 212.2
1233. 1101. 000.0 0011. 00.00 2333. 0000. 12.22 0111. 00010 1212. 1122. 112.2 110.0 2121. 22.22 3222.
222.2 223.2 222.2 22.12 2222. 111.1
"""
# Shrout & Fleiss (1979), Psychological Bulletin 86, 420–428, table 2: six targets, four judges
SIX_TARGETS = [[9, 6, 8, 7, 10, 6], [2, 1, 4, 1, 5, 2], [5, 3, 6, 2, 6, 4], [8, 2, 8, 6, 9, 7]]
# Cohen (1960), Educational and Psychological Measurement 20, 37–46: 200 units, two judges
TWO_JUDGES = [[88, 14, 18], [10, 40, 10], [2, 6, 12]]


def from_confusion(table: list[list[int]]) -> agreement.ReliabilityData:
    pairs = [(r, c) for r, row in enumerate(table) for c, n in enumerate(row) for _ in range(n)]
    return agreement.reliability(np.array(pairs).T, level="nominal")


@pytest.mark.parametrize(
    ("level", "printed"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849), ("ratio", 0.797)]
)
def test_krippendorff_2011_four_observers_twelve_units(level: str, printed: float) -> None:
    result = agreement.compute("krippendorff_alpha", agreement.reliability(FOUR_OBSERVERS, level=level))
    assert result.value == pytest.approx(printed, abs=0.0005)
    assert (result.n_units, result.n_pairable, result.missing) == (12, 11, 7)


def test_krippendorff_2011_binary_data_of_two_observers() -> None:
    data = agreement.reliability([[0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]], level="nominal")
    assert agreement.compute("krippendorff_alpha", data).value == pytest.approx(0.095, abs=0.0005)


def test_krippendorff_2011_nominal_data_of_two_observers() -> None:
    data = agreement.reliability([list("aabbdcccedda"), list("babbbccceddd")], level="nominal")
    assert agreement.compute("krippendorff_alpha", data).value == pytest.approx(0.692, abs=0.0005)


@pytest.mark.parametrize(("level", "printed"), [("nominal", 0.477), ("ordinal", 0.7598), ("interval", 0.757)])
def test_hayes_krippendorff_2007_tone_of_news(level: str, printed: float) -> None:
    """The ordinal value is the paper's; the others are those that two public programs report for the same table."""
    units = [[None if v == "." else int(v) for v in unit] for unit in NEWS_TONE.split()]
    data = agreement.reliability(units, level=level, units_in="rows")
    assert (len(data.raters), len(data.units)) == (5, 40)
    result = agreement.compute("krippendorff_alpha", data)
    assert result.value == pytest.approx(printed, abs=0.0005 if level != "ordinal" else 0.00005)


def test_cohen_1960_two_judges() -> None:
    result = agreement.compute("cohen_kappa", from_confusion(TWO_JUDGES))
    assert result.value == pytest.approx(0.492, abs=0.0005)
    assert result.details["observed_agreement"] == pytest.approx(0.70)
    assert result.details["chance_agreement"] == pytest.approx(0.41)
    assert result.details["kappa_max"] == pytest.approx((0.90 - 0.41) / (1 - 0.41))


def test_percent_agreement_of_cohen_1960() -> None:
    for variant in ("pairs", "per_unit", "unanimous"):
        result = agreement.compute("percent_agreement", from_confusion(TWO_JUDGES), variant=variant)
        assert result.value == pytest.approx(0.70)


@pytest.mark.parametrize(("variant", "by_hand"), [("pairs", 3 / 7), ("per_unit", 5 / 9), ("unanimous", 1 / 3)])
def test_the_three_definitions_of_percent_agreement_worked_by_hand(variant: str, by_hand: float) -> None:
    """Units 1 1 -, 1 1 2, 1 2 2: one of one, one of three and one of three pairs agree."""
    data = agreement.reliability([[1, 1, 1], [1, 1, 2], [_, 2, 2]], level="nominal")
    assert agreement.compute("percent_agreement", data, variant=variant).value == pytest.approx(by_hand)


@pytest.mark.parametrize(
    ("variant", "printed"),
    [
        ("ICC(1,1)", 0.17),
        ("ICC(2,1)", 0.29),
        ("ICC(3,1)", 0.71),
        ("ICC(1,k)", 0.44),
        ("ICC(2,k)", 0.62),
        ("ICC(3,k)", 0.91),
    ],
)
def test_shrout_fleiss_1979_six_targets_four_judges(variant: str, printed: float) -> None:
    result = agreement.compute("icc", agreement.reliability(SIX_TARGETS, level="interval"), variant=variant)
    assert result.value == pytest.approx(printed, abs=0.005)


def test_shrout_fleiss_1979_analysis_of_variance() -> None:
    result = agreement.compute("icc", agreement.reliability(SIX_TARGETS, level="interval"))
    printed = {"ms_units": 11.24, "ms_within": 6.26, "ms_raters": 32.49, "ms_error": 1.02}
    for name, value in printed.items():
        assert result.details[name] == pytest.approx(value, abs=0.005)


def test_byrt_bishop_carlin_1993_indices_of_a_two_by_two_table() -> None:
    """Definitions worked by hand: PI = |a − d|/n, BI = |b − c|/n, PABAK = 2 po − 1."""
    result = agreement.compute("cohen_kappa", from_confusion([[80, 4], [10, 6]]))
    details = result.details
    assert details["prevalence_index"] == pytest.approx(0.74)
    assert details["bias_index"] == pytest.approx(0.06)
    assert details["pabak"] == pytest.approx(0.72)
    assert details["positive_agreement"] == pytest.approx(12 / 26)
    assert details["negative_agreement"] == pytest.approx(160 / 174)


REFERENCES = {
    "krippendorff_alpha": "test_krippendorff_2011_four_observers_twelve_units",
    "cohen_kappa": "test_cohen_1960_two_judges",
    "percent_agreement": "test_percent_agreement_of_cohen_1960",
    "icc": "test_shrout_fleiss_1979_six_targets_four_judges",
}


def test_every_coefficient_has_a_numeric_reference_in_one_of_these_files() -> None:
    known: set[str] = set()
    for file in Path(__file__).parent.glob("test_agreement_*.py"):
        body = ast.parse(file.read_text(encoding="utf-8")).body
        tests = {node.name for node in body if isinstance(node, ast.FunctionDef)}
        for node in body:
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "REFERENCES":
                known |= {id for id, test in ast.literal_eval(node.value).items() if test in tests}
    without = [id for id in agreement.coefficients_found() if id not in known]
    assert without == [], "add a published example (or a value of R) for each and name its test in REFERENCES"
