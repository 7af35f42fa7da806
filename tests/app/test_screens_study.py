"""The screens that show numbers, on a study whose right answers are known: who sees what, and what they say."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from argon2 import PasswordHasher
from streamlit.testing.v1 import AppTest

from tests.app.house import House
from tests.app.study_house import fill_study
from workbench.app import current
from workbench.settings import Settings
from workbench.workflows import agree, compare_raters, open_workspace, score, sign_in

Screen = Callable[..., AppTest]


@pytest.fixture(scope="module")
def built_study(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sign_in, "_hasher", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
        workspace = open_workspace.create(Settings(workspace=tmp_path_factory.mktemp("study") / "workspace"))
        yield fill_study(workspace)
        workspace.close()


@pytest.fixture
def house(built_study: House) -> Iterator[House]:
    """The study; these tests only look at it."""
    current.use(built_study.workspace)
    yield replace(built_study)
    current.use(None)


def said(at: AppTest) -> str:
    """Everything that a screen says, its tables included."""
    assert not at.exception, at.exception
    parts: list[str] = []
    for kind in ("title", "header", "subheader", "markdown", "caption", "error", "html", "code", "expander"):
        for element in at.get(kind):
            parts.append(str(getattr(element, "label", "") or getattr(element, "value", "") or ""))
            parts.append(str(getattr(getattr(element, "proto", None), "body", "")))
    return "\n".join(parts).replace("\\", "")


def charts(at: AppTest) -> list[dict[str, Any]]:
    """The plots of a screen, as Vega-Lite with their data."""
    found = []
    for element in at.get("vega_lite_chart") + at.get("arrow_vega_lite_chart"):
        found.append(json.loads(element.proto.spec))
    return found


def view(at: AppTest, name: str) -> AppTest:
    """Go to one of the views of the agreement screen."""
    return at.segmented_control(key="agreement-view").set_value(name).run()


# --- agreement


def test_a_supervisor_reads_words_first_and_chooses_nothing(screen: Screen) -> None:
    text = said(screen("carla", "agreement"))
    assert "The raters disagree most on repair and rupture." in text
    assert "In 23 sessions they agree on 488 of 868." in text
    assert "Rater 2 and Rater 3 disagree most on repair and rupture." in text


def test_a_disagreement_shows_both_codings_and_why_nothing_plays(screen: Screen) -> None:
    at = screen("carla", "agreement")
    assert len(at.dataframe[0].value) == 98
    assert "There is no recording to play: this study is fictional." in said(at)
    assert "Rater 2: Repair · Rater 3: Provider shows understanding" in said(at)
    assert len(charts(at)) == 1


def test_other_dimensions_bring_other_moments(screen: Screen) -> None:
    at = screen("carla", "agreement")
    pills = next(b for b in at.button_group if b.key and b.key.startswith("agreement-dimensions"))
    at = pills.set_value(["goals"]).run()
    assert len(at.dataframe[0].value) == 89


def test_a_researcher_arrives_at_the_codes_with_intervals_n_and_missing(screen: Screen, house: House) -> None:
    at = screen("imre", "agreement")
    text = said(at)
    assert "9,456 bins within the observation window, 3 raters, 27 sessions, 6.3 % of cells missing" in text
    assert "When it misleads." in text and "agreement.compute('krippendorff_alpha'" in text
    for code in house.scheme.codes:
        assert f"<td>{code.label}</td>" in text


def test_with_another_tolerance_the_earlier_value_stays_beside_the_new_one(screen: Screen, house: House) -> None:
    at = screen("imre", "agreement")
    assert "before:" not in said(at)
    at = at.number_input(key="agreement-tolerance").set_value(2.0).run()
    text = said(at)
    assert "now: bin 5 s, tolerance 2 s" in text and "before: bin 5 s, tolerance 0 s" in text
    material = agree.material(house.workspace, house.people["imre"], agree.Choice())
    old, new = (
        compare_raters.by_code(material, agree.per_code(material, tolerance_ms=ms))[0].recommended.value
        for ms in (0, 2000)
    )
    assert old is not None and new is not None and old < new
    assert f"{old:.3f}" in text and f"{new:.3f}" in text


def test_utterances_that_nobody_has_are_undefined_with_the_reason(screen: Screen) -> None:
    at = screen("imre", "agreement")
    text = said(at.segmented_control(key="agreement-way").set_value("utterances").run())
    assert "Undefined: there are no units." in text and "sessions without utterances" in text


def test_ratings_carry_both_names_of_their_coefficient(screen: Screen) -> None:
    text = said(view(screen("carla", "agreement"), "Ratings"))
    assert "ICC(2,1) = ICC(A,1), two-way random, absolute agreement" in text
    for name in ("ICC(3,k)", "ICC(C,k)", "ICC(1,1)", "Krippendorff's α (interval)"):
        assert name in text


def test_agreement_is_followed_month_by_month(screen: Screen) -> None:
    at = view(screen("carla", "agreement"), "Over time")
    text = said(at)
    assert len(charts(at)) == 2 and "Not corrected for chance" in text
    assert "2025-01" in text and "2025-07" in text


def test_fewer_raters_are_compared_when_asked(screen: Screen, house: House) -> None:
    at = screen("carla", "agreement")
    raters = next(m for m in at.multiselect if m.key and m.key.startswith("agreement-raters"))
    at = raters.set_value(raters.value[:2]).run()
    assert "Rater 1 and Rater 2 agree on 578 of 831." in said(at)


def test_who_still_has_to_code_a_session_sees_nothing_of_it(screen: Screen, house: House) -> None:
    assert "<span>Sessions</span> 27" in said(screen("carla", "agreement"))
    blind = screen("blind", "agreement")
    assert "<span>Sessions</span> 26" in said(blind)
    assert "FPT1, session 1" not in set(blind.dataframe[0].value["Session"])
    text = said(screen("blind", "alliance", patient="FPT1", provider="FPR1"))
    assert "FPT1, session 2" in text and "FPT1, session 1" not in text


@pytest.mark.parametrize("name", ["ada", "eve", "farid"])
@pytest.mark.parametrize("where", ["agreement", "export", "own_data"])
def test_a_screen_by_its_address_is_refused_without_the_role(screen: Screen, name: str, where: str) -> None:
    at = screen(name, where)
    text = said(at)
    assert "Rater" not in text and "α" not in text and not at.dataframe


# --- alliance


def test_a_pair_shows_its_scores_with_what_they_rest_on(screen: Screen) -> None:
    text = said(screen("carla", "alliance", patient="FPT2", provider="FPR1"))
    assert "The composite goes from 61 in session 1 to 85 in session 5." in text
    assert "one session gives a patient-level generalizability of .77" in text.lower()
    assert "56 of 12 to 84" in text and "3 observers" in text and "Descriptive." in text


def test_a_prorated_form_says_so(screen: Screen) -> None:
    assert "Bond: prorated from 3 of 4 items" in said(screen("carla", "alliance", patient="FPT1", provider="FPR1"))


def test_a_composite_of_two_is_marked_and_never_joined_like_one_of_three(screen: Screen) -> None:
    at = screen("carla", "alliance", patient="FPT3", provider="FPR2")
    assert "of 2, without the patient" in said(at)
    assert "The patient has not filled in a form for this session." in said(at)


def test_composites_of_two_and_of_three_are_joined_by_a_dashed_line_only(house: House) -> None:
    from workbench.app.parts.trajectory_plot import COMPOSITE, PARTIAL, _lines, _points

    dyad = next(d for d in score.dyads(house.workspace, house.people["carla"]) if d.patient.code == "FPT3")
    scored = score.trajectory(house.workspace, house.people["carla"], dyad.patient.id, dyad.provider.id)
    points, lines = _points(scored), _lines(scored)
    assert list(points[points.who == PARTIAL].number) == [1]
    ends = lines[lines.who.isin([COMPOSITE, PARTIAL])]
    assert set(ends[ends.number == 1].dash) == {"partial"}
    assert set(ends[ends.stretch == "composite 1"].dash) == {"whole"}


def test_the_moments_of_a_session_say_when_and_how_many_saw_them(screen: Screen) -> None:
    at = screen("carla", "alliance", patient="FPT2", provider="FPR1")
    table = at.dataframe[0].value
    assert list(table.columns) == ["Time", "Moment", "Coded by"]
    assert set(table["Moment"]) <= {"Withdrawal", "Confrontation", "Repair"}
    assert all(str(x).endswith((" of 3", " of 2")) for x in table["Coded by"])


def test_a_session_of_the_address_is_the_one_that_is_shown(screen: Screen, house: House) -> None:
    dyad = next(d for d in score.dyads(house.workspace, house.people["carla"]) if d.patient.code == "FPT2")
    scored = score.trajectory(house.workspace, house.people["carla"], dyad.patient.id, dyad.provider.id)
    at = screen("carla", "alliance", patient="FPT2", provider="FPR1", session=scored[3].session.id)
    assert "FPT2, session 4" in said(at) and "FPT2, session 1" not in said(at)


def test_a_provider_sees_own_pairs_only_and_no_coding(screen: Screen) -> None:
    at = screen("farid", "alliance")
    assert [o.split(" ")[0] for o in at.selectbox(key="alliance-dyad").options] == ["FPT1", "FPT2"]
    text = said(at)
    assert "coded by" in text and "Rater 1" not in text
    assert len(charts(at)) == 1  # the course of the scores, and no lanes of codings
    assert "No session to show yet" in said(screen("other", "alliance"))


# --- the provider's page


def test_a_providers_page_holds_every_patient_and_the_caution(screen: Screen) -> None:
    at = screen("carla", "providers", provider="FPR3")
    text = said(at)
    assert "Provider FPR3" in text and "Patient FPT5" in text and "Patient FPT6" in text
    assert "about 60 patients" in text and "Confidential" in text
    assert "The provider rates the alliance 14 points higher than the patient" in text
    assert len(charts(at)) == 2


def test_a_provider_prints_own_page_and_no_other(screen: Screen) -> None:
    at = screen("farid", "providers", provider="FPR3")
    assert "Provider FPR1" in said(at) and "FPR3" not in said(at)
    assert "No session to show yet" in said(screen("other", "providers"))
