"""What of an event is compared: all codes at once, who did it to whom, modifiers."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from agreement_pictures import coded, coding, said, study

import workbench.agreement as agreement
from workbench.agreement import ALL_CODES, NOTHING
from workbench.agreement.units import _pairs, aligned
from workbench.model.coding import Event
from workbench.model.span import TimeSpan


def test_a_bin_with_several_codes_is_a_category_of_its_own_and_says_so() -> None:
    data = agreement.units(study("rw..", "r...", ), "bins", ALL_CODES, bin_ms=2000)  # fmt: skip
    assert said(data) == [("rupture + withdrawal", "rupture"), (NOTHING, NOTHING)]
    assert any("several things in one unit" in n for n in data.notes)


def test_the_categories_of_all_codes_at_once_on_utterances() -> None:
    spans = (TimeSpan(0, 2000), TimeSpan(2000, 4000), TimeSpan(4000, 6000))
    s = agreement.Study((coding("a", "rw.p..", utterances=spans), coding("b", "r.w...", utterances=spans)))
    assert said(agreement.units(s, "utterances", ALL_CODES)) == [
        ("rupture + withdrawal", "rupture"),
        ("repair", "withdrawal"),
        (NOTHING, NOTHING),
    ]


def told(*events: tuple[str, float, str, str, tuple[str, ...]]) -> list[Event]:
    return [
        Event(f"{c}{t}", c, int(t * 1000), int(t * 1000) + 5000, who=who, whom=whom, modifiers=m)
        for c, t, who, whom, m in events
    ]


ANNA = told(
    ("x", 0, "patient", "provider", ("force:high",)), ("y", 10, "provider", "", ()), ("x", 20, "patient", "", ())
)
BEN = told(("x", 1, "patient", "family", ("force:low",)), ("x", 10, "patient", "", ("force:low", "aim:goal")))


@pytest.mark.parametrize("way", ["linked", "aligned"])
def test_who_did_it_is_compared_where_both_raters_saw_the_event(way: str) -> None:
    data = agreement.units(coded(ANNA, BEN), way, ALL_CODES, compare="who")
    assert set(said(data)) == {("patient", "patient"), ("provider", "patient")}
    assert data.excluded == {_pairs.ALONE: 1}
    assert data.nil is None
    of_x = agreement.units(coded(ANNA, BEN), way, "x", compare="who+whom")
    assert set(said(of_x)) == {("patient · provider", "patient · family")}
    assert of_x.excluded == {_pairs.ALONE: 1, _pairs.OTHER_CODE: 1}


def test_code_and_target_together_are_one_category() -> None:
    data = agreement.units(coded(ANNA, BEN), "aligned", ALL_CODES, compare="code+whom")
    assert said(data) == [
        ("x · provider", "x · family"),
        ("y · (not given)", "x · (not given)"),
        ("x · (not given)", NOTHING),
    ]


def test_one_set_of_modifiers_can_be_compared_alone() -> None:
    data = agreement.units(coded(ANNA, BEN), "sequence", ALL_CODES, compare="modifiers:force")
    assert said(data) == [("force:high", "force:low"), ("(not given)", "force:low")]


def test_who_is_compared_in_bins_and_utterances_where_both_coded_something() -> None:
    spans = (TimeSpan(0, 8000), TimeSpan(8000, 15_000), TimeSpan(15_000, 30_000))
    s = coded(ANNA, BEN, end=30)
    s = agreement.Study(tuple(dataclasses.replace(c, utterances=spans) for c in s.codings))
    data = agreement.units(s, "utterances", ALL_CODES, compare="who")
    frame = data.to_frame().replace({np.nan: None})
    assert frame.values.tolist() == [["patient", "patient"], ["provider", "patient"], ["patient", None]]
    bins = agreement.units(s, "bins", "x", compare="who", bin_ms=10_000)
    assert bins.to_frame().replace({np.nan: None}).values.tolist() == [
        ["patient", "patient"],
        [None, "patient"],
        ["patient", None],
    ]


def test_a_fact_that_events_do_not_have_is_refused() -> None:
    with pytest.raises(agreement.InputProblems, match="nothing of an event is called 'colour'"):
        agreement.units(coded(ANNA, BEN), "linked", ALL_CODES, compare="code+colour")


def test_another_coefficient_of_linked_events_says_that_it_takes_nothing_and_nothing_for_possible() -> None:
    data = agreement.units(coded(ANNA, BEN), "sequence", ALL_CODES)
    assert any("both raters cannot have coded nothing" in n for n in agreement.compute("cohen_kappa", data).notes)
    assert not any("both raters" in n for n in agreement.compute("alignment_kappa", data).notes)
    assert agreement.recommended(data)[0] == "alignment_kappa"


@pytest.mark.parametrize(
    ("way", "id", "more"),
    [
        ("linked", "easydiag_kappa", {"overlap": 0.7, "compare": "code+who"}),
        ("sequence", "alignment_kappa", {"gap": 2, "among": ["x", "y"]}),
        ("aligned", "alignment_kappa", {"tolerance_ms": 900}),
        ("time_units", "time_unit_kappa", {"tolerance_ms": 3000, "unit_ms": 500}),
        ("utterances", "krippendorff_alpha", {"overlap": 0.55}),
        ("bins", "percent_agreement", {"compare": "modifiers+whom"}),
    ],
)
def test_three_lines_of_python_give_the_same_number(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str, id: str, more: dict[str, object]
) -> None:
    cut = {"a": (TimeSpan(0, 10_000), TimeSpan(10_000, 30_000)), "b": (TimeSpan(0, 9000), TimeSpan(9000, 30_000))}
    s = agreement.Study(tuple(dataclasses.replace(c, utterances=cut[c.rater]) for c in coded(ANNA, BEN).codings))
    agreement.events_frame(s).to_csv(tmp_path / "events.csv", index=False)
    agreement.utterances_frame(s).to_csv(tmp_path / "utterances.csv", index=False)
    monkeypatch.chdir(tmp_path)
    for what in (ALL_CODES, "x"):
        found = agreement.compute(id, agreement.units(s, way, what, **more), replicates=40, seed=3)
        lines = agreement.same_in_python(found).splitlines()
        names: dict[str, agreement.Result] = {}
        exec("\n".join([*lines[:2], f"again = {lines[2]}"]), names)  # type: ignore[arg-type]
        again = names["again"]
        assert (again.value, again.reason, again.n_units) == (found.value, found.reason, found.n_units)
        assert again.settings == found.settings


def test_events_are_put_side_by_side_once_for_all_codes_of_a_study(monkeypatch: pytest.MonkeyPatch) -> None:
    s = coded(ANNA, BEN)
    asked: list[int] = []
    match = agreement.match
    monkeypatch.setattr(aligned, "match", lambda *a: asked.append(1) or match(*a))
    agreement.per_code(s, "aligned", [ALL_CODES, "x", "y"], ["alignment_kappa"], replicates=0)
    assert len(asked) == 1
    agreement.per_code(s, "aligned", [ALL_CODES], ["alignment_kappa"], replicates=0, tolerance_ms=5)
    assert len(asked) == 2
