"""The screens, the report and `workbench agree` show the same numbers of the same thing."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.app.house import House
from tests.cli.running import Ran
from workbench.agreement import Result
from workbench.model.scheme import DataKind, Reported
from workbench.workflows import agree, measure_agreement
from workbench.workflows import report_agreement as work
from workbench.workflows.agree import Choice, Material, material
from workbench.workflows.report_agreement import Asked

Run = Callable[..., Ran]
Figures = dict[str, tuple[Any, ...]]
ASKED = ("krippendorff_alpha", "icc", "cohen_kappa")
STUDY = "Fictional study"


@pytest.fixture(scope="module")
def house(built_study: House) -> House:
    return built_study


@pytest.fixture(scope="module")
def chosen(house: House) -> Material:
    found = material(house.workspace, house.people["imre"], Choice())
    assert found.record == "mean" and any(len(found.study.of(s)) < 3 for s in found.study.sessions)  # a mean with holes
    return found


@pytest.fixture(scope="module")
def report(house: House) -> Figures:
    made = work.report_agreement(house.workspace, house.people["imre"], Choice(), Asked(coefficients=ASKED))
    return figures(json.loads(made.files["agreement.json"])["results"])


def figures(results: list[dict[str, Any]]) -> Figures:
    """Value and interval by what they are of."""
    found: Figures = {}
    for r in results:
        told = r["settings"]
        key = [r["id"], r["variant"], r["level"], sorted(r["raters"])]
        key += [told.get(k) for k in ("way", "what", "tolerance_ms", "measure", "score_of_record", "by", "of")]
        found.setdefault(json.dumps(key), (r["value"], r["low"], r["high"], r["n_pairable"], r["reason"]))
    return found


def in_all(shown: list[Result], *others: Figures) -> None:
    """Every result of a screen stands in the others with the same figures."""
    assert shown
    for key, told in figures([r.to_dict() for r in shown]).items():
        for other in others:
            assert key in other, f"{key} is not there"
            assert other[key] == told, key


def typed(run: Run, house: House, *more: object) -> Figures:
    ran = run("--workspace", house.workspace.folder, "agree", "--study", STUDY, "--json", *more)
    assert ran.status == 0, ran.err
    return figures(ran.json)


def test_each_code_and_all_at_once_and_each_pair_of_raters(
    run: Run, house: House, chosen: Material, report: Figures
) -> None:
    codes = measure_agreement.codes(chosen, measure_agreement.usual(chosen))
    assert codes[0].what == "(all codes)" and len(codes) == 15
    some = [codes[0], *sorted(codes[1:], key=lambda c: -c.used)[:3]]
    of_screen = [r for m in (measure_agreement.measure(chosen, c) for c in some) for r in (m.recommended, *m.beside)]
    assert {r.id for r in of_screen} == {"krippendorff_alpha", "cohen_kappa"}
    in_all(of_screen, report, typed(run, house, "--way", "bins", "--coefficients", "krippendorff_alpha,cohen_kappa"))


def test_ratings_and_scores_as_the_score_of_record_is_made(
    run: Run, house: House, chosen: Material, report: Figures
) -> None:
    subjects = measure_agreement.ratings(chosen)
    assert {s.units.way for s in subjects} == {"ratings", "instrument"}
    found = [measure_agreement.measure(chosen, s) for s in subjects]
    assert all("stepped up to" in m.recommended.variant for m in found)
    by_hand = typed(run, house, "--coefficients", "icc,krippendorff_alpha")
    in_all([r for m in found for r in (m.recommended, *m.beside)], report, by_hand)
    first = next(json.loads(k) for k in by_hand if json.loads(k)[4] == "ratings")
    assert first[8] == "mean"  # the one to report stands first


def test_rates_as_the_score_of_record_is_made(run: Run, house: House, chosen: Material, report: Figures) -> None:
    units = measure_agreement.Units("totals", (("measure", "per_minute"),))
    by_hand = typed(run, house, "--measure", "per_minute", "--coefficients", "icc")
    found = [measure_agreement.measure(chosen, s).recommended for s in measure_agreement.codes(chosen, units)]
    in_all(found, report, by_hand)


def test_each_rater_against_the_others(run: Run, house: House, chosen: Material, report: Figures) -> None:
    code = max(measure_agreement.codes(chosen, measure_agreement.usual(chosen))[1:], key=lambda c: c.used)
    rating = measure_agreement.ratings(chosen)[0]
    of_screen = [r for s in (code, rating) for r in measure_agreement.of_raters(chosen, s)]
    assert len(of_screen) == 6 and {r.id for r in of_screen} == {"krippendorff_alpha"}
    in_all(of_screen, report, typed(run, house, "--by", "rater", "--coefficients", "krippendorff_alpha"))


def test_each_session(chosen: Material, report: Figures) -> None:
    at_once = measure_agreement.codes(chosen, measure_agreement.usual(chosen))[0]
    in_all(measure_agreement.of_sessions(chosen, at_once), report)


def test_what_the_scheme_asks_for_is_in_all_three(
    run: Run, house: House, chosen: Material, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = (
        Reported(DataKind.CODES, ("gwet_ac1",), "Most codes are rare."),
        Reported(DataKind.RATINGS, ("icc", "percent_agreement"), "Ratings are compared exactly as well."),
    )
    asking = replace(chosen.scheme, agreement=asked)
    monkeypatch.setattr(agree, "kept_scheme", lambda workspace, hash: asking)
    here = replace(chosen, scheme=asking)
    code = measure_agreement.codes(here, measure_agreement.usual(here))[1]
    found = [measure_agreement.measure(here, s) for s in (code, measure_agreement.ratings(here)[0])]
    assert found[0].recommended.id == "gwet_ac1"
    asked_for = Asked(coefficients=("gwet_ac1", "icc", "percent_agreement"))
    made = work.report_agreement(house.workspace, house.people["imre"], Choice(), asked_for)
    of_report = figures(json.loads(made.files["agreement.json"])["results"])
    in_all([m.recommended for m in found], of_report, typed(run, house))


def test_a_scheme_that_is_named_is_the_one_that_is_compared(run: Run, house: House, tmp_path: Path) -> None:
    where = ("--workspace", house.workspace.folder)
    asked = ("--study", STUDY, "--scheme")
    whole = f"alliance_behaviours {house.scheme.version}"
    for name in ("alliance_behaviours", whole):
        ran = run(*where, "agree", *asked, name, "--way", "ratings", "--replicates", "0", "--json")
        assert ran.status == 0 and {r["settings"]["way"] for r in ran.json} == {"ratings"}
    for command in (("agree",), ("report", "agreement", "--out", tmp_path / "r")):
        ran = run(*where, *command, *asked, "mi_integrity")
        assert ran.status == 1 and f"there are: {whole}" in ran.err
    assert run("agree", tmp_path / "x.csv", "--scheme", "a").status == 2
