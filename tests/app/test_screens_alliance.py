"""The screens of the alliance on a study whose right answers are known: scores over sessions, a provider's page."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from tests.app.house import House
from tests.app.screen_words import charts, said
from workbench.workflows import score

Screen = Callable[..., AppTest]


@pytest.fixture
def house(study: House) -> House:
    return study


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
