from __future__ import annotations

import numpy as np
import pytest

import workbench.agreement as agreement
from workbench.agreement.interval import Options, block_length


def binary(sessions: int, units: int = 60, seed: int = 0, raters: int = 2) -> agreement.ReliabilityData:
    rng = np.random.default_rng(seed)
    true = rng.random((sessions, units)) < rng.beta(2, 6, size=(sessions, 1))
    said = np.where(rng.random((raters, sessions, units)) < 0.1, ~true, true).reshape(raters, -1)
    names = [f"s{s:02d}" for s in range(sessions) for _ in range(units)]
    return agreement.reliability(said.astype(float), level="nominal", sessions=names)


@pytest.mark.parametrize("id", ["krippendorff_alpha", "cohen_kappa", "percent_agreement"])
@pytest.mark.parametrize(
    ("sessions", "scope", "method"),
    [
        (1, "within this session only", "circular block bootstrap"),
        (2, "within these 2 sessions only", "circular block bootstrap"),
        (6, "over sessions", "jackknife, t(5)"),
        (25, "over sessions", "bootstrap of sessions"),
    ],
)
def test_the_interval_fits_the_number_of_sessions_and_says_what_it_speaks_of(
    id: str, sessions: int, scope: str, method: str
) -> None:
    result = agreement.compute(id, binary(sessions), replicates=200)
    assert result.interval_scope == scope
    assert method in result.interval_method
    assert result.value is not None and result.low is not None and result.high is not None
    assert result.low < result.value < result.high <= 1


def test_the_jackknife_over_few_sessions_worked_apart() -> None:
    """Percent agreement of two raters, 20 units in each of four sessions: 19, 18, 15 and 12 agree."""
    agreeing = [19, 18, 15, 12]
    said = np.zeros((2, 80))
    for s, n in enumerate(agreeing):
        said[1, 20 * s + n : 20 * (s + 1)] = 1
    data = agreement.reliability(said, level="nominal", sessions=[f"s{u // 20}" for u in range(80)])
    result = agreement.compute("percent_agreement", data)
    left = [-np.log(1 - (sum(agreeing) - n) / 60) for n in agreeing]
    error = np.sqrt(3 / 4 * sum((x - np.mean(left)) ** 2 for x in left))
    centre, t = -np.log(1 - 64 / 80), 3.182446  # t(3), 97.5 %
    expected = [1 - np.exp(-(centre + side * t * error)) for side in (-1, 1)]
    assert (result.low, result.high) == pytest.approx(expected, abs=1e-6)


def test_bins_are_never_taken_for_independent_units() -> None:
    """The same bins, spread over 30 sessions that each have their own rate, give a wider interval."""
    data = binary(30, seed=3)
    clustered = agreement.compute("krippendorff_alpha", data)
    loose = agreement.compute("krippendorff_alpha", agreement.reliability(data.values, level="nominal"))
    assert clustered.value == loose.value
    assert clustered.high - clustered.low > loose.high - loose.low  # type: ignore[operator]


def test_the_same_seed_gives_the_same_interval_and_another_one_agrees_within_its_error() -> None:
    data = binary(25)
    one, same, other = (agreement.compute("krippendorff_alpha", data, seed=s) for s in (1, 1, 2))
    assert one == same
    assert one.low != other.low
    assert one.low == pytest.approx(other.low, abs=0.02)


def test_probabilities_of_missing_krippendorff_s_limits_come_with_alpha() -> None:
    details = agreement.compute("krippendorff_alpha", binary(25)).details
    assert 0 <= details["p_below_0.667"] <= details["p_below_0.800"] <= 1


def test_without_any_disagreement_there_is_no_interval_rather_than_one_of_no_width() -> None:
    result = agreement.compute("krippendorff_alpha", agreement.reliability([[1, 2, 3], [1, 2, 3]], level="nominal"))
    assert (result.value, result.low) == (1.0, None)
    assert "no disagreement was seen" in str(result.interval_reason)


def test_replicates_without_a_value_are_counted() -> None:
    said = np.zeros((2, 12))
    said[:, 0] = 1
    said[0, 1] = 1
    result = agreement.compute("krippendorff_alpha", agreement.reliability(said, level="nominal"), replicates=500)
    assert result.undefined_replicates == pytest.approx(500 * (10 / 12) ** 12, abs=40)
    assert any("had no value" in note for note in result.notes)


def test_a_wider_confidence_gives_a_wider_interval() -> None:
    for id in ("krippendorff_alpha", "cohen_kappa", "percent_agreement"):
        narrow, wide = (agreement.compute(id, binary(6), confidence=c) for c in (0.8, 0.99))
        assert wide.low < narrow.low and wide.high > narrow.high  # type: ignore[operator]


def test_exact_interval_of_percent_agreement() -> None:
    """Clopper & Pearson (1934): 9 of 10 gives .555 to .9975."""
    said = [[1] * 10, [1] * 9 + [2]]
    result = agreement.compute("percent_agreement", agreement.reliability(said, level="nominal"))
    assert (result.low, result.high) == pytest.approx((0.5550, 0.9975), abs=0.0001)


def test_no_replicates_no_interval() -> None:
    result = agreement.compute("krippendorff_alpha", binary(25), replicates=0)
    assert result.interval_reason == "no replicates were asked for"


@pytest.mark.parametrize("options", [{"confidence": 0}, {"confidence": 95}, {"replicates": -1}])
def test_options_out_of_range_are_refused(options: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="expected"):
        Options(**options)  # type: ignore[arg-type]


def test_blocks_grow_with_the_cube_root_of_the_units() -> None:
    assert [block_length(n) for n in (1, 8, 27, 120, 1000)] == [2, 2, 3, 5, 10]
