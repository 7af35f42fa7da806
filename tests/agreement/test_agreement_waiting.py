"""Tests that wait for every coefficient the registry finds, today's and tomorrow's."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

import workbench.agreement as agreement
from workbench import registry
from workbench.agreement.coefficients import Coefficient, coefficient
from workbench.agreement.result import Result

IDS = sorted(agreement.coefficients_found())
LEVELS = ["nominal", "ordinal", "interval", "ratio"]
N = float("nan")

HARD = {
    "nothing at all": np.empty((0, 0)),
    "no units": np.empty((3, 0)),
    "one rater": [[1, 2, 3, 2]],
    "one unit": [[1], [2]],
    "one unit, agreed": [[1], [1]],
    "one category only": [[1, 1, 1, 1], [1, 1, 1, 1]],
    "one category and holes": [[1, N, 1, N], [1, 1, N, N]],
    "no overlap": [[1, 2, N, N], [N, N, 2, 1]],
    "missing everywhere": [[N, N, N], [N, N, N]],
    "one pairable unit": [[1, 2, N], [2, N, 1]],
    "perfect": [[1, 2, 3, 1], [1, 2, 3, 1]],
    "perfect, three raters": [[1, 2, 3, 1]] * 3,
    "opposite": [[0, 1, 0, 1], [1, 0, 1, 0]],
    "constant raters": [[1, 1, 1], [2, 2, 2]],
    "one rater constant": [[1, 1, 1, 1], [1, 2, 1, 2]],
    "equal within rater, different between": [[1, 2, 3], [2, 3, 4]],
    "zeros": [[0, 0, 0], [0, 0, 1]],
    "negative": [[-1, -2, 3], [-1, 2, 3]],
    "huge": [[1e60, -1e60, 1e60], [1e60, -1e60, 0]],
    "tiny": [[1e-300, 2e-300, 3e-300], [1e-300, 2e-300, 2e-300]],
    "far from zero": [[1e15, 1e15 + 1, 1e15 + 2], [1e15, 1e15 + 2, 1e15 + 2]],
    "a rater without values": [[1, 2, 1, 2], [1, 2, 2, 2], [N, N, N, N]],
}


def a_level_of(id: str) -> str:
    """The first level that the coefficient is for."""
    return next(level for level in LEVELS if level in coefficient(id).levels)


@pytest.mark.parametrize("id", IDS)
def test_a_level_that_a_coefficient_is_not_for_is_refused_with_a_reason(id: str) -> None:
    for level in LEVELS:
        data = agreement.reliability([[1, 2, 3, 1], [1, 2, 3, 2]], level=level)
        reason = coefficient(id).can(data)
        assert (reason is None) == (level in coefficient(id).levels)
        assert reason is None or f"the level here is {level}" in reason


@pytest.mark.parametrize("id", IDS)
def test_a_table_with_holes_is_taken_or_refused_as_the_coefficient_says(id: str) -> None:
    data = agreement.reliability([[1, 2, 3, N, 1], [1, 2, 3, 2, 2]], level=a_level_of(id))
    assert (coefficient(id).can(data) is None) == coefficient(id).takes_holes


def check(result: Result) -> None:
    assert (result.value is None) != (result.reason is None)
    for number in (result.value, result.low, result.high):
        assert number is None or math.isfinite(number)
    assert (result.low is None) == (result.high is None)
    if result.low is None:
        assert result.interval_reason
    else:
        assert result.value is not None and result.high is not None
        assert result.low <= result.high
        assert result.interval_method and result.interval_scope
    json.dumps(result.to_dict(), allow_nan=False)
    assert "nan" not in repr(result).lower()
    assert result.title and result.misleading_when and result.software
    assert result.n_pairable <= result.n_units


@pytest.mark.parametrize("id", IDS)
@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("case", HARD)
@pytest.mark.parametrize("sessions", [0, 1, 3])
@pytest.mark.filterwarnings("error")
def test_every_coefficient_gives_a_value_or_a_reason(id: str, level: str, case: str, sessions: int) -> None:
    said = np.array(HARD[case], dtype=float)
    names = [f"s{u % sessions}" for u in range(said.shape[1])] if sessions else None
    data = agreement.reliability(said, level=level, sessions=names)
    for result in agreement.compute_all([id], data, replicates=50):
        check(result)


@pytest.mark.parametrize("id", IDS)
@pytest.mark.parametrize(
    ("case", "said"),
    [
        ("nothing at all", "no raters"),
        ("no units", "no units"),
        ("one rater", "one rater"),
        ("missing everywhere", "every value is missing"),
        ("no overlap", "no unit was rated by two raters"),
    ],
)
def test_what_no_coefficient_can_do_is_said_in_the_same_words(id: str, case: str, said: str) -> None:
    data = agreement.reliability(np.array(HARD[case], dtype=float), level="interval")
    result = agreement.compute(id, data)
    assert result.value is None
    assert said in str(result.reason)


@pytest.mark.parametrize("id", [i for i in IDS if coefficient(i).chance_corrected])
def test_without_variation_a_chance_corrected_coefficient_is_undefined(id: str) -> None:
    result = agreement.compute(id, agreement.reliability([[1, 1, 1], [1, 1, 1]], level=a_level_of(id)))
    assert result.value is None
    assert result.reason


@pytest.mark.parametrize("id", IDS)
def test_every_coefficient_offers_what_the_registry_asks(id: str) -> None:
    chosen = coefficient(id)
    assert isinstance(chosen, Coefficient)
    assert chosen.variants and len(set(chosen.variants)) == len(chosen.variants)
    assert chosen.misleading_when.endswith((".", "!"))


@pytest.mark.parametrize("id", [i for i in IDS if coefficient(i).chance_corrected])
def test_a_negative_value_stays_negative(id: str) -> None:
    result = agreement.compute(id, agreement.reliability([[0, 1, 0, 1], [1, 0, 1, 0]], level=a_level_of(id)))
    assert result.value is not None and result.value < 0


def test_an_unknown_coefficient_lists_what_exists() -> None:
    data = agreement.reliability([[1, 2], [1, 2]], level="nominal")
    with pytest.raises(registry.UnknownName, match="krippendorff_alpha"):
        agreement.compute("kripendorff", data)
    with pytest.raises(registry.UnknownName, match=r"ICC\(2,1\)"):
        agreement.compute("icc", data, variant="ICC(4,1)")


def test_a_coefficient_of_an_installed_package_is_found_beside_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    from workbench.agreement import coefficients
    from workbench.agreement.coefficients.percent_agreement import PercentAgreement

    class Another(PercentAgreement):
        id = "another"

    class Point:
        value, dist = "elsewhere:another", None

        def load(self) -> object:
            return Another()

    monkeypatch.setattr(registry.importlib.metadata, "entry_points", lambda group: [Point()])  # type: ignore[attr-defined]
    coefficients.found.cache_clear()
    try:
        assert "another" in coefficients.found()
        data = agreement.reliability([[1, 2], [1, 2]], level="nominal")
        assert agreement.compute("another", data).value == 1
    finally:
        coefficients.found.cache_clear()
