"""What must not change a coefficient, and what must change it by a known amount."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import workbench.agreement as agreement
from workbench.agreement.coefficients import Coefficient, coefficient, takes

LEVELS = ["nominal", "ordinal", "interval", "ratio"]
IDS = sorted(i for i in agreement.coefficients_found() if takes(coefficient(i)) == "units")


@st.composite
def tables(draw: st.DrawFn, missing: bool = True, raters: int | None = None) -> np.ndarray:
    n_raters = raters or draw(st.integers(2, 5))
    n_units = draw(st.integers(2, 12))
    values: list[st.SearchStrategy[float]] = [st.sampled_from([0.0, 1.0, 2.0, 5.0])]
    if missing:
        values.append(st.just(float("nan")))
    row = st.lists(st.one_of(values), min_size=n_units, max_size=n_units)
    return np.array(draw(st.lists(row, min_size=n_raters, max_size=n_raters)))


def needs(chosen: Coefficient, variant: str) -> tuple[str, ...]:
    return getattr(chosen, "needs", {}).get(variant, ())  # type: ignore[no-any-return]


def shape_for(chosen: Coefficient) -> dict[str, object]:
    return {"missing": chosen.takes_holes, "raters": 2 if chosen.pairwise else None}


def values(chosen: Coefficient, said: np.ndarray, level: str, **names: object) -> list[float | None]:
    return [r.value for r in results(chosen, said, level, **names)]


def results(chosen: Coefficient, said: np.ndarray, level: str, **names: object) -> list[agreement.Result]:
    """Each variant (and pair), with every fact that a coefficient may need.

    The unit's place in `said`, or `places`, gives its dyad and date; `first` is the criterion.
    """
    places = names.pop("places", range(len(said[0])))
    data = agreement.reliability(
        said,
        level=level,
        groups=[f"d{p // 2}" for p in places],  # type: ignore[attr-defined]
        dates=[86_400_000 * 20 * int(p) for p in places],  # type: ignore[attr-defined]
        criterion=names.pop("first", "rater 1"),
        **names,
    )  # type: ignore[arg-type]
    return agreement.compute_all([chosen.id], data, replicates=0)


@pytest.mark.parametrize("id", IDS)
@pytest.mark.parametrize("level", LEVELS)
@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_order_and_names_of_raters_and_units_do_not_matter(id: str, level: str, data: st.DataObject) -> None:
    chosen = coefficient(id)
    said = data.draw(tables(**shape_for(chosen)))  # type: ignore[arg-type]
    raters = data.draw(st.permutations(range(said.shape[0])))
    units = data.draw(st.permutations(range(said.shape[1])))
    before = values(chosen, said, level)
    names = [f"x{r}" for r in raters]
    after = values(chosen, said[raters][:, units], level, raters=names, places=units, first="x0")
    assert before == pytest.approx(after, abs=2e-12)


@pytest.mark.parametrize("id", [i for i in IDS if "nominal" in coefficient(i).levels])
@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_nominal_codes_can_be_renamed(id: str, data: st.DataObject) -> None:
    chosen = coefficient(id)
    said = data.draw(tables(**shape_for(chosen)))  # type: ignore[arg-type]
    names = dict(
        zip([0.0, 1.0, 2.0, 5.0], data.draw(st.permutations(["rupture", "repair", "bond", "goal"])), strict=True)
    )
    renamed = [[names.get(v) for v in row] for row in said]
    assert values(chosen, said, "nominal") == pytest.approx(values(chosen, renamed, "nominal"), abs=2e-12)  # type: ignore[arg-type]


@pytest.mark.parametrize("level", LEVELS)
@settings(max_examples=60, deadline=None)
@given(said=tables())
def test_doubling_all_units_changes_alpha_by_the_known_amount(level: str, said: np.ndarray) -> None:
    data = agreement.reliability(said, level=level)
    once = agreement.compute("krippendorff_alpha", data, replicates=0).value
    assume(once is not None)
    twice = agreement.compute(
        "krippendorff_alpha", agreement.reliability(np.hstack([said, said]), level=level), replicates=0
    ).value
    n = int(data.rated[:, data.pairable_units].sum())
    assert once is not None and twice is not None
    assert 1 - twice == pytest.approx((1 - once) * (2 * n - 1) / (2 * n - 2), abs=1e-9)


@pytest.mark.parametrize("id", IDS)
@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_perfect_agreement_is_one(id: str, data: st.DataObject) -> None:
    chosen = coefficient(id)
    row = data.draw(
        st.lists(st.sampled_from([1.0, 2.0, 3.0]), min_size=3, max_size=15).filter(lambda r: len(set(r)) > 1)
    )
    level = next(level for level in LEVELS if level in chosen.levels)
    said = np.array([row] * (2 if chosen.pairwise else 4))
    found = results(chosen, said, level)
    assert found
    for result in found:
        if result.value is not None or not needs(chosen, result.variant):  # dyads of one session show no change
            assert result.value == pytest.approx(getattr(chosen, "perfect", {}).get(result.variant, 1.0))


@settings(max_examples=40, deadline=None)
@given(said=tables(missing=False, raters=2), scale=st.floats(0.01, 1000), shift=st.floats(-1000, 1000))
def test_interval_alpha_and_icc_do_not_depend_on_the_unit_of_measurement(
    said: np.ndarray, scale: float, shift: float
) -> None:
    for id in ("krippendorff_alpha", "icc"):
        before = values(coefficient(id), said, "interval")
        after = values(coefficient(id), said * scale + shift, "interval")
        assert [v is None for v in before] == [v is None for v in after]
        assert [v for v in before if v is not None] == pytest.approx([v for v in after if v is not None], abs=1e-6)


@settings(max_examples=40, deadline=None)
@given(said=tables(raters=2, missing=False))
def test_percent_agreement_of_two_complete_raters_has_one_definition(said: np.ndarray) -> None:
    a, b, c = values(coefficient("percent_agreement"), said, "nominal")
    assert a == b == c


def test_the_same_data_in_another_order_draws_the_same_bootstrap() -> None:
    rng = np.random.default_rng(5)
    said = rng.integers(0, 3, (4, 40)).astype(float)
    one = agreement.compute("krippendorff_alpha", agreement.reliability(said, level="ordinal"))
    other = agreement.compute(
        "krippendorff_alpha", agreement.reliability(said[::-1][:, rng.permutation(40)], level="ordinal")
    )
    assert (one.value, one.low, one.high) == (other.value, other.low, other.high)
