"""γ and γ-cat. The library aligns units; here a solver of the same problem stands in for it, so that the
tests run everywhere, and what the library itself gave stands in tests/fixtures/agreement_gamma.json
(made by oracles/gamma.py)."""

from __future__ import annotations

import itertools
import json
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp

import workbench.agreement as agreement
from tests.agreement.gamma_cases import CASES, continua
from workbench.agreement.coefficients import _alignments, coefficient
from workbench.agreement.coefficients._alignments import drawn, in_numbers
from workbench.agreement.coefficients.gamma import _row

REFERENCES = {"gamma": "test_values_are_those_of_the_library"}
BY_LIBRARY = json.loads((Path(__file__).parents[1] / "fixtures" / "agreement_gamma.json").read_text(encoding="utf-8"))


class Continuum:
    """What is used of pygamma_agreement.Continuum, with an exact solver of the alignment."""

    def __init__(self) -> None:
        self.raters: dict[str, list[Any]] = {}

    def add_annotator(self, name: str) -> None:
        self.raters[name] = []

    def add(self, name: str, segment: Any, annotation: str) -> None:
        self.raters[name].append(SimpleNamespace(segment=segment, annotation=annotation))

    def get_best_alignment(self, measure: dict[str, float]) -> Any:
        assert measure == {"alpha": 1, "beta": 1, "delta_empty": 1}
        every = [[*units, None] for units in self.raters.values()]
        together = [t for t in itertools.product(*every) if any(t)]
        costs = [sum(cost(u, v) for u, v in itertools.combinations(t, 2)) for t in together]
        each = [u for units in self.raters.values() for u in units]
        once = np.array([[float(any(u is x for x in t)) for t in together] for u in each])
        solved = milp(
            costs, integrality=np.ones(len(costs)), bounds=Bounds(0, 1), constraints=LinearConstraint(once, 1, 1)
        )
        chosen = [t for t, x in zip(together, solved.x, strict=True) if x > 0.5]
        return SimpleNamespace(unitary_alignments=[SimpleNamespace(n_tuple=[("", u) for u in t]) for t in chosen])


def cost(u: Any, v: Any) -> float:
    if u is None or v is None:
        return 1
    a, b = u.segment, v.segment
    position = (abs(a.start - b.start) + abs(a.end - b.end)) / (a.end - a.start + b.end - b.start)
    return float(position**2 + (u.annotation != v.annotation))


@pytest.fixture
def library(monkeypatch: pytest.MonkeyPatch) -> None:
    fake, inner = ModuleType("pygamma_agreement"), ModuleType("pygamma_agreement.continuum")
    fake.Continuum = Continuum  # type: ignore[attr-defined]
    fake.CombinedCategoricalDissimilarity = dict  # type: ignore[attr-defined]
    inner.Segment = lambda start, end: SimpleNamespace(start=start, end=end)  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, fake.__name__, fake)
    monkeypatch.setitem(sys.modules, inner.__name__, inner)
    _row.cache_clear()
    yield
    _row.cache_clear()


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize("case", CASES)
def test_values_are_those_of_the_library(case: str) -> None:
    expected = BY_LIBRARY["cases"][case]
    found = {r.variant: r for r in agreement.compute_all(["gamma"], continua(case), replicates=0)}
    assert [found[v].value for v in ("gamma", "gamma_cat")] == pytest.approx(
        [expected["gamma"], expected["gamma_cat"]], abs=1e-9
    )
    mean_units = sum(map(len, CASES[case].values())) / len(CASES[case])
    assert found["gamma"].details["observed_disorder"] / mean_units == pytest.approx(
        expected["disorder_by_library"], abs=1e-6
    )


@pytest.mark.usefixtures("library")
def test_the_disorder_of_two_pairs_of_units_by_hand() -> None:
    """(5/19)² and (3/59)²: what the ends are apart, by the sum of the lengths."""
    result = agreement.compute("gamma", continua("two raters who nearly agree"))
    assert result.details["observed_disorder"] == pytest.approx((5 / 19) ** 2 + (3 / 59) ** 2, abs=1e-12)
    assert result.value == pytest.approx(1 - result.details["observed_disorder"] / result.details["expected_disorder"])
    assert result.settings["samples"] == 30 and result.settings["soft"] is False
    assert 0 < result.details["expected_disorder_margin"] < 0.5


def renamed(case: str) -> agreement.Continua:
    names = {"bond": "z", "goal": "a", "task": "m"}
    marked = {f"x{r}": [(a, b, names[c]) for a, b, c in units] for r, units in reversed(CASES[case].items())}
    return agreement.continua(marked, length_ms=60_000)


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize("case", CASES)
def test_names_and_order_of_raters_and_codes_do_not_matter(case: str) -> None:
    one, other = (agreement.compute_all(["gamma"], d, replicates=0) for d in (continua(case), renamed(case)))
    assert [(r.value, r.details) for r in one] == [(r.value, r.details) for r in other]


@pytest.mark.usefixtures("library")
def test_the_seed_decides_and_is_part_of_the_lines_of_python(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = continua("three raters, units that overlap")
    same, again, another = (agreement.compute("gamma", data, seed=s).value for s in (7, 7, 8))
    assert same == again != another
    data.to_frame().to_csv(tmp_path / "continua.csv", index=False)
    monkeypatch.chdir(tmp_path)
    for result in agreement.compute_all(["gamma"], data, seed=7):
        *read, last = agreement.same_in_python(result).strip().splitlines()
        names: dict[str, object] = {}
        exec("\n".join(read), names)
        assert eval(last, names).value == result.value


@pytest.mark.usefixtures("library")
def test_sessions_are_left_out_in_turn_for_an_interval() -> None:
    sessions = ("two raters who nearly agree", "one confuses codes, one misses a unit")
    table = agreement.Continua(
        ("anna", "ben"),
        ("s1", "s2", "s3"),
        (continua(sessions[0]).observed[0],) * 3,
        tuple(tuple(continua(sessions[s]).marked[r][0] for s in (0, 1, 1)) for r in range(2)),
        ("bond", "goal", "task"),
    )
    result = agreement.compute("gamma", table)
    assert result.low is not None and result.high is not None and result.value is not None
    assert result.low < result.value < result.high
    assert result.interval_method.startswith("delete-one-session jackknife")
    few = agreement.compute("gamma", continua(sessions[0]))
    assert few.value is not None and few.low is None and "too few" in str(few.interval_reason)


@pytest.mark.usefixtures("library")
def test_perfect_agreement_is_one_and_disagreement_can_be_negative() -> None:
    units = [(0, 4000, "bond"), (9000, 12_000, "goal")]
    perfect = agreement.continua({"anna": units, "ben": units, "cleo": units}, length_ms=60_000)
    assert [r.value for r in agreement.compute_all(["gamma"], perfect)] == [1, 1]
    swapped = agreement.continua(
        {"anna": [(0, 4000, "a"), (9000, 13_000, "b")], "ben": [(0, 4000, "b"), (9000, 13_000, "a")]}, length_ms=20_000
    )
    value = agreement.compute("gamma", swapped, variant="gamma_cat").value
    assert value is not None and value < 0


@pytest.mark.usefixtures("library")
def test_one_code_has_no_gamma_cat_and_units_far_apart_none_either() -> None:
    one = agreement.continua({"anna": [(0, 4000, "a")], "ben": [(500, 4000, "a")]}, length_ms=20_000)
    assert "without variation of codes" in str(agreement.compute("gamma", one, variant="gamma_cat").reason)
    apart = agreement.continua({"anna": [(0, 4000, "a")], "ben": [(15_000, 19_000, "b")]}, length_ms=20_000)
    assert "aligned closely" in str(agreement.compute("gamma", apart, variant="gamma_cat").reason)


def test_without_the_library_it_is_refused_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "pygamma_agreement", raising=False)
    monkeypatch.setattr(_alignments.importlib.util, "find_spec", lambda name: None)
    result = agreement.compute("gamma", continua("two raters who nearly agree"))
    assert result.value is None
    assert "pygamma-agreement, which is not installed" in str(result.reason)


@pytest.mark.usefixtures("library")
def test_too_many_units_are_refused_before_anything_is_computed() -> None:
    units = [(t, t + 5, "a") for t in range(0, 5000, 10)]
    data = agreement.continua({"anna": units, "ben": units, "cleo": units}, length_ms=5000)
    reason = str(coefficient("gamma").can(data))
    assert "125,751,501 and at most 2,000,000" in reason
    assert coefficient("gamma").can(data.only("anna", "ben")) is None


def test_random_continua_turn_whole_raters_round_and_keep_them_apart() -> None:
    (raters,) = in_numbers(continua("three raters, units that overlap"))
    shapes = {tuple(sorted((b - a, code) for a, b, code in units)) for units in raters}
    for sample in drawn(raters, 60_000.0, 20, 1):
        assert len(sample) == 3
        for units in sample:
            assert tuple(sorted((round(b - a, 6), code) for a, b, code in units)) in shapes
            assert all(0 <= a < 60_000 for a, _, _ in units)
