"""Records compared unit of time by unit of time."""

from __future__ import annotations

import pytest
from agreement_pictures import coded, said, state, study

import workbench.agreement as agreement
from workbench.agreement import ALL_CODES, NOTHING
from workbench.model.coding import Event
from workbench.model.span import TimeSpan

REFERENCES = {"time_unit_kappa": "test_time_unit_kappa_is_that_of_its_definition_unit_by_unit"}


def record(rater: str, line: str, session: str = "s1") -> agreement.RaterCoding:
    """One character is one second of a state; a dot is nothing."""
    states = tuple(state(c, at, at + 1) for at, c in enumerate(line) if c != ".")
    return agreement.RaterCoding(session, rater, states, windows=(TimeSpan(0, len(line) * 1000),))


def by_definition(x: str, y: str, around: int) -> float:
    """κ of the units of `x`, each an agreement where `y` has the same at most `around` units away."""
    pairs = [(c, c if c in y[max(0, i - around) : i + around + 1] else y[i]) for i, c in enumerate(x)]
    n = len(pairs)
    observed = sum(a == b for a, b in pairs) / n
    chance = sum((sum(a == c for a, _ in pairs) / n) * (sum(b == c for _, b in pairs) / n) for c in set(x) | set(y))
    return (observed - chance) / (1 - chance)


X = "ccccccSSSSS....ccSSSSSSSccc....ssssSSSS"
Y = "cccSSSSSSSS..ccccSSSSccccccc...sSSSSSSc"


@pytest.mark.parametrize("around", [0, 1, 2, 5])
def test_time_unit_kappa_is_that_of_its_definition_unit_by_unit(around: int) -> None:
    s = agreement.Study((record("a", X), record("b", Y)))
    data = agreement.units(s, "time_units", ALL_CODES, tolerance_ms=1000 * around)
    found = agreement.compute("time_unit_kappa", data, replicates=0)
    through = [by_definition(X, Y, around), by_definition(Y, X, around)]
    directions = found.details["by_direction"]
    assert [way["through"] for way in directions] == ["a", "b"]
    assert [way["kappa"] for way in directions] == pytest.approx(through)
    assert found.value == pytest.approx(sum(through) / 2)
    assert found.details["kappa_without_tolerance"] == pytest.approx(by_definition(X, Y, 0))
    cohen = agreement.compute("cohen_kappa", data, replicates=0).value
    assert cohen == pytest.approx(by_definition(X, Y, 0))


def test_a_tolerance_does_not_reach_into_another_session() -> None:
    one = [record("a", "xxxy", "s1"), record("b", "xxxx", "s1")]
    other = [record("a", "xxyy", "s2"), record("b", "yxyy", "s2")]
    both = agreement.compute(
        "time_unit_kappa", agreement.units(agreement.Study((*one, *other)), "time_units", ALL_CODES, tolerance_ms=1000)
    )
    assert both.details["by_direction"][0]["kappa"] != 1.0


def test_a_direction_without_a_kappa_leaves_none_and_says_which_was_left() -> None:
    s = agreement.Study((record("a", "xxxx"), record("b", "xyxx")))
    found = agreement.compute("time_unit_kappa", agreement.units(s, "time_units", ALL_CODES, tolerance_ms=1000))
    assert found.value is None and "that direction has no κ" in str(found.reason)
    assert "every unit of a agrees" in str(found.reason)
    directions = found.to_dict()["details"]["by_direction"]
    assert directions == [{"through": "a", "kappa": None}, {"through": "b", "kappa": 0}]


def test_states_that_follow_each_other_do_not_share_a_unit_and_short_ones_are_not_lost() -> None:
    a = [state("x", 0, 2.4), state("y", 2.4, 5), state("z", 5.6, 5.9)]
    b = [state("x", 0, 3), Event("p", "z", 5100)]
    data = agreement.units(coded(a, b, end=6), "time_units", ALL_CODES)
    assert said(data) == [("x", "x"), ("x", "x"), ("y", "x"), ("y", NOTHING), ("y", NOTHING), ("z", "z")]
    assert data.starts == (0, 1000, 2000, 3000, 4000, 5000)


def test_units_of_time_nobody_can_compute_with_are_refused() -> None:
    for wrong in ({"unit_ms": 0}, {"tolerance_ms": -1}):
        with pytest.raises(agreement.InputProblems):
            agreement.units(study("r", "r"), "time_units", ALL_CODES, **wrong)
