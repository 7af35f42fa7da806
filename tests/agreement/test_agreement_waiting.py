"""Tests that wait for every coefficient the registry finds, today's and tomorrow's."""

from __future__ import annotations

import json
import math
import re
from typing import Any

import numpy as np
import pandas as pd
import pytest

import workbench.agreement as agreement
from workbench import registry
from workbench.agreement.coefficients import Coefficient, coefficient, takes
from workbench.agreement.naming import name_of
from workbench.agreement.result import Result
from workbench.model.span import TimeSpan

IDS = sorted(agreement.coefficients_found())
OF_CONTINUA = [i for i in IDS if takes(coefficient(i)) == "continua"]
OF_UNITS = [i for i in IDS if takes(coefficient(i)) == "units"]
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


@pytest.mark.parametrize("id", OF_UNITS)
def test_a_level_that_a_coefficient_is_not_for_is_refused_with_a_reason(id: str) -> None:
    for level in LEVELS:
        data = agreement.reliability([[1, 2, 3, 1], [1, 2, 3, 2]], level=level)
        reason = coefficient(id).can(data)
        assert (reason is None) == (level in coefficient(id).levels)
        assert reason is None or f"the level here is {level}" in reason


@pytest.mark.parametrize("id", OF_UNITS)
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
    assert not re.search(r"\bnan\b", repr(result).lower())
    assert result.title and result.misleading_when and result.software
    assert result.n_pairable <= result.n_units


@pytest.mark.parametrize("id", OF_UNITS)
@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("case", HARD)
@pytest.mark.parametrize("sessions", [0, 1, 3])
@pytest.mark.filterwarnings("error")
def test_every_coefficient_gives_a_value_or_a_reason(id: str, level: str, case: str, sessions: int) -> None:
    said = np.array(HARD[case], dtype=float)
    units = range(said.shape[1])
    names = [f"s{u % sessions}" for u in units] if sessions else None
    groups = [f"d{(u % sessions if sessions else u) // 2}" for u in units]
    facts: dict[str, Any] = {"groups": groups, "dates": [u * 86_400_000 for u in units]}
    facts["criterion"] = "rater 1" if len(said) else None
    data = agreement.reliability(said, level=level, sessions=names, **facts)
    for result in agreement.compute_all([id], data, replicates=50):
        check(result)


ONES = [1, 2] * 30
FEW = {
    "one of ten not agreed on": [[1, 2] * 5, [2, *ONES[1:10]]],
    "one of sixty not agreed on": [ONES, [2, *ONES[1:]]],
    "all disagreement in the first four": [ONES, [2, 1, 2, 1, *ONES[4:]]],
    "agreed at first, then never, then at times": [[1, 2] * 12, [1, 2] * 4 + [2, 1] * 4 + [1, 2, 2, 1] * 2],
    "one rater constant": [[1] * 60, ONES],
    "never agreed on": [[1] * 60, [2] * 60, [3] * 60],
    "a third rater at the beginning alone": [ONES, [2, *ONES[1:30], *ONES[29:59]], [1, 2, 2, *[N] * 57]],
    "one varying unit": [[1] * 60, [2] + [1] * 59],
}
# What has no least value: a difference on the scale; means of raters, where the units' component is below zero.
NO_LEAST = {("criterion", "bias"), *(("icc", f"ICC({form},k)") for form in "123")}
NO_LEAST |= {("generalizability", variant) for variant in coefficient("generalizability").variants}


@pytest.mark.parametrize("id", OF_UNITS)
@pytest.mark.parametrize("case", FEW)
@pytest.mark.parametrize("sessions", [0, 1, 2, 3, 20])
@pytest.mark.filterwarnings("error")
def test_little_disagreement_gives_an_interval_of_what_can_be_or_a_reason_for_none(
    id: str, case: str, sessions: int
) -> None:
    said = np.array(FEW[case], dtype=float)
    n = said.shape[1]
    data = agreement.reliability(
        said,
        level=a_level_of(id),
        sessions=[f"s{u * sessions // n:02d}" for u in range(n)] if sessions else None,
        dates=[u * 86_400_000 for u in range(n)],
        criterion="rater 1",
    )
    for result in agreement.compute_all([id], data, replicates=50):
        check(result)
        assert result.details.get("standard_error") != 0
        if result.low is None or result.high is None or result.value is None:
            continue
        assert result.low < result.high and result.low <= result.value <= result.high
        if coefficient(id).chance_corrected or getattr(coefficient(id), "perfect", None) is None:
            assert result.high <= 1
            assert result.low >= (-1 if coefficient(id).chance_corrected else 0) or (id, result.variant) in NO_LEAST


@pytest.mark.parametrize("id", OF_UNITS)
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


A, B = (0, 400, "a"), (500, 900, "b")
NOTHING: dict[str, list[tuple[int, int, str]]] = {}
HARD_CONTINUA = {
    "nothing at all": NOTHING,
    "one rater": {"x": [A, B]},
    "nobody marked anything": {"x": [], "y": [], "z": []},
    "one of two marked nothing": {"x": [A, B], "y": []},
    "perfect": {"x": [A, B], "y": [A, B]},
    "perfect, three raters": {"x": [A, B], "y": [A, B], "z": [A, B]},
    "one code only": {"x": [A], "y": [(100, 500, "a")]},
    "one unit over everything": {"x": [(0, 1000, "a")], "y": [(0, 1000, "a")]},
    "no gaps": {"x": [(0, 1000, "a")], "y": [(0, 1000, "b")]},
    "apart": {"x": [A], "y": [(500, 900, "a")]},
    "a code that does not intersect": {"x": [A, B], "y": [A, (920, 950, "c")]},
    "overlapping units": {"x": [A, (300, 700, "b")], "y": [A]},
    "the same stretch twice": {"x": [A, (0, 400, "b")], "y": [A, (0, 400, "b")]},
    "many that touch": {"x": [(t, t + 10, "ab"[t % 3 == 0]) for t in range(0, 1000, 10)], "y": [A, B]},
}


@pytest.mark.parametrize("id", OF_CONTINUA)
@pytest.mark.parametrize("case", HARD_CONTINUA)
@pytest.mark.parametrize("sessions", [1, 3])
@pytest.mark.filterwarnings("error")
def test_every_coefficient_of_continua_gives_a_value_or_a_reason(id: str, case: str, sessions: int) -> None:
    rows = [
        {"session": s, "rater": rater} | dict(zip(("start_ms", "end_ms", "code"), unit or (None,) * 3, strict=True))
        for s in range(sessions)
        for rater, units in HARD_CONTINUA[case].items()
        for unit in (None, *units)
    ]
    columns = ["session", "rater", "start_ms", "end_ms", "code"]
    data = agreement.continua(pd.DataFrame(rows, columns=columns), length_ms=1000)
    for part in (data, *([data.only("x", "y")] if len(data.raters) > 2 else [])):
        for result in agreement.compute_all([id], part, replicates=50):
            check(result)


@pytest.mark.parametrize("id", OF_CONTINUA)
@pytest.mark.parametrize(
    ("marked", "length", "said"),
    [
        ({}, {}, "no raters"),
        ({"x": [A]}, 1000, "one rater"),
        ({"x": [], "y": []}, 1000, "nobody marked a unit"),
    ],
)
def test_what_no_coefficient_of_continua_can_do_is_said(
    id: str, marked: dict[str, list[tuple[int, int, str]]], length: int, said: str
) -> None:
    result = agreement.compute(id, agreement.continua(marked, length_ms=length))
    assert result.value is None
    assert said in str(result.reason)


@pytest.mark.parametrize("id", OF_CONTINUA)
def test_continua_that_no_two_raters_coded_or_that_could_not_be_observed_are_said(id: str) -> None:
    units = (agreement.Marked(*A),)
    apart = agreement.Continua(
        ("x", "y"), ("s1", "s2"), ((TimeSpan(0, 9),),) * 2, ((units, None), (None, units)), ("a",)
    )
    dark = agreement.Continua(("x", "y"), ("s1",), ((),), (((),), ((),)), ("a",))
    none = agreement.Continua(("x", "y"), (), (), ((), ()), ("a",))
    said = ["no session was coded by two raters", "nothing of the sessions was observed", "there are no sessions"]
    for data, reason in zip((apart, dark, none), said, strict=True):
        result = agreement.compute(id, data)
        check(result)
        assert result.reason == reason


@pytest.mark.parametrize("id", IDS)
def test_the_kind_of_data_that_a_coefficient_is_not_for_is_refused_with_a_reason(id: str) -> None:
    table = agreement.reliability([[1, 2, 3, 1], [1, 2, 3, 2]], level=a_level_of(id))
    marked = tuple(((agreement.Marked(*span, "rupture"),),) for span in ((0, 400), (100, 500)))
    continua = agreement.Continua(("a", "b"), ("s1",), ((TimeSpan(0, 1000),),), marked, ("rupture",))
    wrong = continua if takes(coefficient(id)) == "units" else table
    (result, *_) = agreement.compute_all([id], wrong)
    check(result)
    assert result.value is None and "continua" in str(result.reason)
    assert result.title == name_of(id)  # without a level or a model, which are of the other kind of data


@pytest.mark.parametrize("id", [i for i in OF_UNITS if coefficient(i).chance_corrected])
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


@pytest.mark.parametrize("id", [i for i in OF_UNITS if coefficient(i).chance_corrected])
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

    monkeypatch.setattr(registry, "installed", lambda group: [Point()])
    coefficients.found.cache_clear()
    try:
        assert "another" in coefficients.found()
        data = agreement.reliability([[1, 2], [1, 2]], level="nominal")
        assert agreement.compute("another", data).value == 1
    finally:
        coefficients.found.cache_clear()
