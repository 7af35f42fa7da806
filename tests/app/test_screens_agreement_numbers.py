"""The numbers of the agreement screen: codes, ratings, raters and months, with intervals and the same in Python."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from streamlit.testing.v1 import AppTest

from tests.app.house import House
from tests.app.screen_words import charts, said, view
from workbench import agreement
from workbench.app.parts.agreement_raters import Beside, markup, with_others
from workbench.workflows import agree, compare_raters, measure_agreement
from workbench.workflows.measure_agreement import Measured

Screen = Callable[..., AppTest]


@pytest.fixture
def house(study: House) -> House:
    return study


def of_first_code(material: agree.Material, settings: tuple[tuple[str, Any], ...] = ()) -> Measured:
    units = measure_agreement.Units("bins", settings) if settings else measure_agreement.usual(material)
    code = next(c for c in measure_agreement.codes(material, units) if c.what == material.scheme.codes[0].id)
    return measure_agreement.measure(material, code)


def units_of(at: AppTest) -> Any:
    """The choice of units."""
    return next(s for s in at.selectbox if s.label == "Units")


def test_a_researcher_arrives_at_the_codes_with_intervals_n_and_missing(screen: Screen, house: House) -> None:
    at = screen("imre", "agreement")
    text = said(at)
    assert "9,456 bins within the observation window, 3 raters, 27 sessions, 6.3 % of cells missing" in text
    assert "When it misleads." in text and "agreement.compute('krippendorff_alpha'" in text
    assert "of the values are “Withdrawal”: a few units decide." in text
    for label in ("All codes at once", *(code.label for code in house.scheme.codes)):
        assert f"<td>{label}</td>" in text


@pytest.mark.parametrize(
    ("gaps", "words"),
    [
        ([0.0], "once: alike."),
        ([-1.0], "once: within one point."),
        ([2.0], "once: more than one point apart."),
        ([0.0, 1.0], "2 times: once alike, 1 more within one point."),
    ],
)
def test_what_was_rated_once_is_said_as_such(monkeypatch: pytest.MonkeyPatch, gaps: list[float], words: str) -> None:
    monkeypatch.setattr(compare_raters, "_rating_gaps", lambda *_: gaps)
    pair = cast(Any, SimpleNamespace(comparison=SimpleNamespace(sessions=("s",)), a="a", b="b"))
    said_of = compare_raters.ratings_in_words(cast(Any, None), [pair])
    assert said_of == f"Two raters rated the same thing {words}"


def test_with_another_tolerance_the_earlier_value_stays_beside_the_new_one(screen: Screen, house: House) -> None:
    at = screen("imre", "agreement")
    assert "before:" not in said(at)
    tolerance = next(n for n in at.number_input if n.label == "Tolerance, s")
    at = tolerance.set_value(2.0).run()
    text = said(at)
    assert "now: bin 5 s, tolerance 2 s" in text and "before: bin 5 s, tolerance 0 s" in text
    material = agree.material(house.workspace, house.people["imre"], agree.Choice())
    old, new = (of_first_code(material, (("bin_ms", 5000), ("tolerance_ms", ms))).recommended.value for ms in (0, 2000))
    assert old is not None and new is not None and old < new
    assert f"{old:.3f}" in text and f"{new:.3f}" in text


def test_one_coefficient_is_recommended_with_its_reason_and_the_others_come_when_asked(screen: Screen) -> None:
    at = screen("imre", "agreement")
    assert "**Why this one.** The scheme asks for it. " in said(at)
    assert "Percent agreement" not in said(at)
    at = at.segmented_control(key="agreement-one-code-more").set_value("Other coefficients").run()
    assert "Percent agreement (agreeing pairs among all pairs)" in said(at) and "Rater 1 and Rater 3" in said(at)
    assert "agreement.compute('brennan_prediger'" not in said(at)
    at = at.selectbox(key="agreement-one-code-in-full").set_value(0).run()
    assert "agreement.compute('brennan_prediger'" in said(at)


def test_utterances_that_nobody_has_are_undefined_with_the_reason(screen: Screen) -> None:
    at = screen("imre", "agreement")
    text = said(units_of(at).set_value("utterances").run())
    assert "Undefined: there are no units." in text and "sessions without utterances" in text


def test_ratings_carry_both_names_of_their_coefficient_and_every_other_number_is_folded_away(screen: Screen) -> None:
    at = view(screen("carla", "agreement"), "Ratings")
    text = said(at)
    assert "ICC(3,k)" not in text and "agreement.for_record(" in text
    assert "The study’s score of record is the mean of the raters" in text
    text = said(at.segmented_control(key="agreement-one-scale-more").set_value("Other coefficients").run())
    assert "ICC(2,1) = ICC(A,1), two-way random, absolute agreement" in text
    for name in (
        "ICC(3,k)",
        "ICC(C,k)",
        "ICC(1,1)",
        "α (interval)",
        "concordance",
        "Bland–Altman",
        "Φ",
        "within",
    ):
        assert name in text


@pytest.mark.parametrize(
    "record, sign", [("primary", "single rater"), ("mean", "mean of"), ("consensus", "single rater")]
)
def test_the_coefficient_of_ratings_follows_the_score_of_record(house: House, record: str, sign: str) -> None:
    material = replace(agree.material(house.workspace, house.people["carla"], agree.Choice()), record=record)
    found = measure_agreement.measure(material, measure_agreement.ratings(material)[0]).recommended
    assert sign in found.title and found.settings["score_of_record"] == record


def test_a_code_and_a_rating_are_followed_over_calendar_time_with_the_interval_of_the_trend(screen: Screen) -> None:
    at = view(screen("carla", "agreement"), "Over time")
    text = said(at)
    assert "Drift of agreement (minus the absolute difference, per 30 days)" in text
    assert "Drift of the signed difference" in text and "95 % interval" in text
    assert "agreement.compute('drift'" in text
    assert "2025-01" in text and "2025-07" in text and "Not corrected for chance" in text
    assert len(charts(at)) == 3
    follow = at.selectbox(key="agreement-follow")
    assert "Drift of agreement (exact agreement, per 30 days)" in said(follow.set_value("bins:repair").run())


@pytest.mark.parametrize(
    "way, sign",
    [
        ("aligned", "alignment_kappa"),
        ("linked", "easydiag_kappa"),
        ("time_units", "time_unit_kappa"),
        ("continua", "unitizing_alpha"),
        ("totals", "for_record"),
    ],
)
def test_events_are_compared_in_every_way_that_the_study_allows(screen: Screen, way: str, sign: str) -> None:
    text = said(units_of(screen("imre", "agreement")).set_value(way).run())
    assert sign in text and "Why this one." in text


@pytest.mark.parametrize("more", ["Each pair", "Each rater", "Each session"])
def test_a_code_is_told_apart_by_pair_rater_and_session(screen: Screen, more: str) -> None:
    at = screen("imre", "agreement")
    text = said(at.segmented_control(key="agreement-one-code-more").set_value(more).run())
    wanted = {
        "Each pair": "Rater 1 and Rater 2",
        "Each rater": "Rater 1 and the others",
        "Each session": "FPT1, session 1",
    }
    assert wanted[more] in text


def test_every_rater_stands_beside_every_other_and_beside_all_others(screen: Screen, house: House) -> None:
    at = view(screen("carla", "agreement"), "Raters")
    text = said(at)
    assert "70 %<small>578 of 831</small>" in text and "56 %<small>488 of 868</small>" in text
    material = agree.material(house.workspace, house.people["carla"], agree.Choice())
    shares = {p.names: p.share or 0.0 for p in compare_raters.seen_in_pairs(material)}
    mean = (shares["Rater 1 and Rater 2"] + shares["Rater 1 and Rater 3"]) / 2
    assert f"<b>{100 * mean:.0f} %</b>" in text
    code = house.scheme.codes[0]
    at = at.selectbox(key="agreement-raters-by").set_value(f"bins:{code.id}").run()
    kappas = of_first_code(material).beside
    for kappa in kappas:
        assert f"{kappa.value:.2f}<small>" in said(at)


PAIR = ("fictional-r1", "fictional-r3")


def of_a_rating(material: agree.Material) -> list[agree.Result]:
    rating, *_, score = measure_agreement.ratings(material)
    found = [m.recommended for m in (measure_agreement.measure(material, s) for s in (rating, score))]
    found += measure_agreement.of_pairs(material, rating)[:1] + measure_agreement.of_raters(material, score)[:1]
    return found + measure_agreement.drift(material, rating, PAIR)


def of_a_code(way: str, pair: tuple[str, str] | None) -> Callable[[agree.Material], list[agree.Result]]:
    def results(material: agree.Material) -> list[agree.Result]:
        at_once, *_, code = measure_agreement.codes(material, measure_agreement.Units(way))
        found = measure_agreement.measure(material, code, pair)
        more = measure_agreement.of_raters(material, code)[:1] + measure_agreement.of_sessions(material, code, pair)[:1]
        of_all = measure_agreement.measure(material, at_once, pair).recommended
        return [of_all, found.recommended, *found.beside[:1], *more, *measure_agreement.drift(material, code, PAIR)]

    return results


@pytest.mark.parametrize(
    "results",
    [
        pytest.param(of_a_rating, id="ratings"),
        *(pytest.param(of_a_code(way, None), id=way) for way in ("bins", "continua", "totals")),
        *(pytest.param(of_a_code(way, PAIR), id=way) for way in ("time_units", "aligned", "linked", "sequence")),
    ],
)
def test_the_same_in_python_gives_every_number_of_the_screens_again(
    house: House,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    results: Callable[[agree.Material], list[agree.Result]],
) -> None:
    material = agree.material(house.workspace, house.people["carla"], agree.Choice())
    agreement.events_frame(material.study).to_csv(tmp_path / "events.csv", index=False)
    agreement.ratings_frame(material.study).to_csv(tmp_path / "ratings.csv", index=False)
    monkeypatch.chdir(tmp_path)
    for shown in results(material):
        *before, last = measure_agreement.in_python(shown).strip().splitlines()
        names: dict[str, Any] = {}
        exec("\n".join(before), names)
        again = eval(last, names)
        assert (again.value, again.low, again.high, again.reason) == (shown.value, shown.low, shown.high, shown.reason)


def test_what_the_engine_refuses_is_a_sentence_and_the_report_can_still_be_made(
    screen: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.import_module("workbench.agreement.units.sequence"), "MOST_CELLS", 10)
    at = units_of(screen("imre", "agreement")).set_value("sequence").run()
    assert not at.exception and len(at.error) == 1
    words = at.error[0].value.replace("\\", "")
    assert words.startswith("These codings cannot be compared in this way.") and "too long to be aligned" in words
    assert units_of(at).value == "sequence"  # other units can be chosen
    assert "Make the report" in [b.proto.label for b in at.get("download_button")]


def test_the_report_says_when_it_does_not_take_the_units_of_the_screen(screen: Screen) -> None:
    at = units_of(screen("imre", "agreement")).set_value("totals").run()
    assert "The report compares codes by the usual units" in said(at)


def test_a_square_keeps_names_as_text_and_says_who_shares_no_session() -> None:
    square = {frozenset("ab"): Beside(0.5, "0.50", "0.40 to 0.60")}
    page = markup({"a": "<b>Ann", "b": "Ben", "c": "Cy"}, square)
    assert "&lt;b&gt;Ann" in page and "<b>Ann" not in page
    assert page.count("They share no session.") == 4
    assert with_others("a", ["a", "b", "c"], square) == 0.5 and with_others("c", ["a", "b", "c"], square) is None
