"""The agreement screen in words: who agrees, where two do not, what is compared, and who sees what."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from tests.app.house import House
from tests.app.screen_words import charts, said, view
from workbench.workflows import agree

Screen = Callable[..., AppTest]


@pytest.fixture
def house(study: House) -> House:
    return study


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


def test_n_goes_from_one_disagreement_to_the_next_and_on_from_where_a_hand_picked(screen: Screen) -> None:
    at = screen("carla", "agreement")
    first = at.dataframe[0].value.iloc[0]
    assert f"{first['Session']}** · {first['Time']}" in said(at) and "1 of 98 disagreements" in said(at)
    at = at.button(key="agreement-next").click().run()
    second = at.dataframe[0].value.iloc[1]
    assert f"{second['Session']}** · {second['Time']}" in said(at) and "2 of 98 disagreements" in said(at)


def test_fewer_raters_are_compared_when_asked(screen: Screen, house: House) -> None:
    at = screen("carla", "agreement")
    raters = next(m for m in at.multiselect if m.key and m.key.startswith("agreement-raters"))
    at = raters.set_value(raters.value[:2]).run()
    assert "Rater 1 and Rater 2 agree on 578 of 831." in said(at)


def test_some_sessions_are_compared_when_asked(screen: Screen, house: House) -> None:
    at = screen("carla", "agreement")
    sessions = next(m for m in at.multiselect if m.key and m.key.startswith("agreement-sessions"))
    assert len(sessions.options) == 27
    offered = agree.comparable(house.workspace, house.people["carla"])[0].sessions
    at = sessions.set_value([offered[0]]).run()
    assert "<span>Sessions</span> 1" in said(at)
    assert "1 session, " in said(view(at, "Codes")) and "1 sessions" not in said(at)


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


def test_the_first_sentences_pass_over_a_pair_that_coded_nothing_and_never_print_empty_bold() -> None:
    from types import SimpleNamespace as Pair

    from workbench.app.screens.agreement import _first_bold, _most_and_least

    pairs = [Pair(names="A and B", share=0.5), Pair(names="A and C", share=0.7), Pair(names="B and C", share=None)]
    said = "A and C coded 70 % of their moments alike, A and B 50 %."
    assert _most_and_least(pairs, 3) == said  # type: ignore[arg-type]
    assert _most_and_least(pairs, 6) == f"{said} 3 of 6 pairs share no session."  # type: ignore[arg-type]
    assert _first_bold("They agree on all 20.", "", last=True) == "They agree on all 20."
    assert _first_bold("", "Nobody coded an event.") == "Nobody coded an event."
