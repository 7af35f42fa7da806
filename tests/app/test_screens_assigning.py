"""Assigning on screen, the overview of who codes what, and home as raters and supervisors find it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tests.app.house import House, point, rate
from tests.app.test_app_screens import text_of, title_of
from workbench.model.assignment import Assignment
from workbench.model.consent import Scope
from workbench.model.ids import now_ms
from workbench.model.span import TimeSpan
from workbench.store import assignments
from workbench.workflows import add_session, assign, code, hand_back, manage_people, record_consent

Screen = Callable[..., AppTest]
MINUTE = 60_000


def given(house: House, session_id: str = "") -> list[Assignment]:
    with house.workspace.reading() as connection:
        return assignments.every(connection, session_id=session_id or house.coded.id)


def form(screen: Screen, house: House, session_id: str = "") -> tuple[AppTest, str]:
    key = session_id or house.coded.id
    return screen("carla", "session", session=key), key


def choose(at: AppTest, key: str, *raters: str) -> AppTest:
    at.multiselect(key=f"raters-{key}").set_value(list(raters)).run()
    return at


def observe(at: AppTest, key: str, how: str) -> AppTest:
    at.segmented_control(key=f"observed-{key}").set_value(how).run()
    return at


def unrecorded(house: House) -> str:
    """A session with every consent and no recording."""
    made = add_session.add_session(
        house.workspace, None, house.coded.study_id, "S-03", [house.provider_id, house.patient_id], title="Tomorrow's"
    )
    for member in (house.provider_id, house.patient_id):
        record_consent.record_consent(house.workspace, None, made.id, member, set(Scope), record_consent.STATEMENT)
    return made.id


# --- the form


def test_a_session_is_assigned_whole_to_several_raters_at_once(screen: Screen, house: House) -> None:
    at, key = form(screen, house)
    ids = [house.people[n].id for n in ("stranger", "imre")]
    choose(at, key, *ids)
    at.button(key=f"assign-{key}").click().run()
    assert not at.exception and not at.error
    made = [a for a in given(house) if a.rater_id in ids]
    assert [a.windows for a in made] == [(TimeSpan(0, 240_000),)] * 2
    assert {a.window_rule for a in made} == {"the whole session"}


def test_a_scheme_to_be_assigned_is_named_until_it_is_assigned_or_not_now(screen: Screen, house: House) -> None:
    called = f"{house.scheme.title} {house.scheme.version} is to be assigned"
    at = screen("carla", "sessions")
    assert called not in text_of(at)
    at.session_state["scheme-to-assign"] = house.scheme.hash
    at.run()
    assert called in text_of(at)
    at.button(key="not-assign").click().run()
    assert called not in text_of(at) and "scheme-to-assign" not in at.session_state

    at, key = form(screen, house)
    at.session_state["scheme-to-assign"] = house.scheme.hash
    choose(at, key, house.people["carla"].id)
    at.button(key=f"assign-{key}").click().run()
    assert not at.exception and "scheme-to-assign" not in at.session_state


def test_who_has_a_session_to_code_begins_where_it_was_assigned(screen: Screen, house: House) -> None:
    at, key = form(screen, house)
    assert "Start coding" not in [b.label for b in at.button]
    choose(at, key, house.people["carla"].id, house.people["stranger"].id)
    at.button(key=f"assign-{key}").click().run()
    assert [b.label for b in at.button].count("Start coding") == 1  # nobody else's
    next(b for b in at.button if b.label == "Start coding").click().run()
    assert not at.exception
    [mine] = [a for a in given(house) if a.rater_id == house.people["carla"].id]
    assert at.query_params["assignment"] in (mine.id, [mine.id])


def test_the_window_is_drawn_before_it_is_given_out(screen: Screen, house: House) -> None:
    at, key = form(screen, house)
    observe(at, key, "From the middle")
    at.number_input(key=f"length-{key}").set_value(2.0).run()
    assert "left:25.000%;width:50.000%" in text_of(at)
    assert "2:00 of 4:00: 1:00–3:00. The same for all raters." in text_of(at)
    choose(at, key, house.people["stranger"].id)
    at.button(key=f"assign-{key}").click().run()
    assert given(house)[-1].windows == (TimeSpan(MINUTE, 3 * MINUTE),)


def test_slices_at_random_places_are_those_of_their_seed(screen: Screen, house: House) -> None:
    at, key = form(screen, house)
    observe(at, key, "Slices")
    at.number_input(key=f"each-{key}").set_value(0.5).run()
    at.selectbox(key=f"where-{key}").set_value("At random places").run()
    at.number_input(key=f"seed-{key}").set_value(77).run()
    choose(at, key, house.people["stranger"].id, house.people["imre"].id)
    at.button(key=f"assign-{key}").click().run()
    assert not at.exception and not at.error
    from workbench.model.observation_window import at_random

    made = given(house)[-2:]
    assert {a.windows for a in made} == {at_random(240_000, 2, 30_000, 77).windows}
    assert {a.window_rule for a in made} == {"2 slices of 0:30 at random places (seed 77)"}


def test_drawing_again_gives_another_seed(screen: Screen, house: House) -> None:
    at, key = form(screen, house)
    observe(at, key, "Slices")
    at.selectbox(key=f"where-{key}").set_value("At random places").run()
    seeds = set()
    for _ in range(4):
        seeds.add(at.number_input(key=f"seed-{key}").value)
        at.button(key=f"draw-{key}").click().run()
    assert len(seeds) > 1


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("soon-later", "is no time in the recording"),
        ("3:00-1:00", "before it begins"),
        ("0:00-9:00", "after the recording's end"),
        ("", "name at least one stretch"),
    ],
)
def test_a_window_that_is_none_is_refused_with_a_sentence(
    screen: Screen, house: House, written: str, said: str
) -> None:
    at, key = form(screen, house)
    observe(at, key, "By hand")
    at.text_input(key=f"stretches-{key}").set_value(written).run()
    assert said in text_of(at)
    assert at.button(key=f"assign-{key}").disabled


def test_stretches_by_hand_are_given_out(screen: Screen, house: House) -> None:
    at, key = form(screen, house)
    observe(at, key, "By hand")
    at.text_input(key=f"stretches-{key}").set_value("0:30-1:00, 2:00-4:00").run()
    choose(at, key, house.people["stranger"].id)
    at.button(key=f"assign-{key}").click().run()
    assert given(house)[-1].windows == (TimeSpan(30_000, 60_000), TimeSpan(120_000, 240_000))


def test_without_raters_nothing_is_assigned(screen: Screen, house: House) -> None:
    at, key = form(screen, house)
    before = len(given(house))
    at.button(key=f"assign-{key}").click().run()
    assert "Choose at least one rater" in text_of(at) and len(given(house)) == before


def test_one_rater_who_has_it_already_stops_the_whole_assignment(screen: Screen, house: House) -> None:
    at, key = form(screen, house)
    before = len(given(house))
    choose(at, key, house.people["stranger"].id, house.people["ben"].id)
    at.button(key=f"assign-{key}").click().run()
    assert "Nothing was assigned: Ben has this session" in text_of(at)
    assert len(given(house)) == before


def test_a_team_is_chosen_like_a_person(screen: Screen, house: House) -> None:
    team = manage_people.make_team(
        house.workspace, None, "North", [house.people["ada"].id, house.people["stranger"].id]
    )
    at, key = form(screen, house)
    choose(at, key, team.id)
    at.button(key=f"assign-{key}").click().run()
    assert given(house)[-1].rater_id == team.id
    said = text_of(screen("stranger"))
    assert "with North" in said and "Start coding" in said


def test_a_session_without_a_recording_is_assigned_to_be_coded_live(screen: Screen, house: House) -> None:
    session_id = unrecorded(house)
    at, key = form(screen, house, session_id)
    assert "coded while it happens" in "".join(i.value for i in at.info)
    choose(at, key, house.people["stranger"].id)
    at.button(key=f"assign-{key}").click().run()
    (made,) = given(house, session_id)
    assert made.live and made.window_open
    said = text_of(screen("stranger"))
    assert "Study: live" in said and "Open the clock" in said


# --- the overview


def test_the_overview_says_who_has_what_and_how_far_they_are(screen: Screen, house: House) -> None:
    late = assign.assign(
        house.workspace,
        None,
        house.coded.id,
        house.people["stranger"].id,
        house.scheme.hash,
        due_at=now_ms() - 86_400_000,
    )
    code.set_position(house.workspace, house.people["ada"], house.codings["ada"], 120_000, 600_000)
    for name in ("carla", "imre"):
        at = screen(name, "assignments")
        assert title_of(at) == "Assignments"
        assert "3 assignments, 2 to do, 1 overdue." in text_of(at)
        table = at.dataframe[0].value
        rows = {r["Rater"]: r for _, r in table.iterrows()}
        assert (rows["Ada"]["State"], rows["Ada"]["Progress"]) == ("Begun", 0.5)
        assert (rows["Ben"]["State"], rows["Ben"]["Progress"]) == ("Handed in", 1.0)
        assert rows["Stranger"]["State"] == "Not begun" and "overdue" in rows["Stranger"]["Due"]
    assert late.id


@pytest.mark.parametrize("name", ["ada", "eve", "farid"])
def test_the_overview_is_for_those_who_oversee(screen: Screen, house: House, name: str) -> None:
    at = screen(name, "assignments")
    assert "Assignments" not in [t.value for t in at.title] and not at.dataframe


# --- home


def hours_of(house: House, who: str, position_ms: int, spent_ms: int) -> None:
    for _ in range(spent_ms // 600_000):
        code.set_position(house.workspace, house.people[who], house.codings[who], position_ms, 600_000)


def test_a_rater_reads_where_they_stopped_and_what_that_took(screen: Screen, house: House) -> None:
    hours_of(house, "ada", 200_000, 1_200_000)
    said = text_of(screen("ada"))
    assert "Stopped at 3:20, 83% done; 20 minutes of work, 6.0 × the recording so far" in said
    assert "about 4 minutes left, at this pace" in said


def test_the_next_session_is_estimated_from_the_raters_own_pace(screen: Screen, house: House) -> None:
    workspace, ada = house.workspace, house.people["ada"]
    hours_of(house, "ada", 240_000, 600_000)
    code.write_operations(workspace, ada, house.codings["ada"], [rate(s.id) for s in house.scheme.ratings]).result(10)
    code.submit(workspace, ada, house.codings["ada"])
    other = add_session.add_session(
        workspace, None, house.coded.study_id, "S-04", [house.provider_id, house.patient_id]
    )
    assign_on_copy(house, other.id)
    said = text_of(screen("ada"))
    assert "Took you 10 minutes." in said
    assert "About 10 minutes of work, at your 2.5 × the recording, from 1 coding" in said


def assign_on_copy(house: House, session_id: str) -> None:
    """Another recorded session for Ada, as long as the first."""
    from dataclasses import replace

    from workbench.model.ids import new_id
    from workbench.store import recordings

    made = replace(house.recording, id=new_id(), session_id=session_id)
    with house.workspace.changing(None, "recording.add", "recording", made.id) as connection:
        recordings.add(connection, made, made.id)
    assign.assign(house.workspace, None, session_id, house.people["ada"].id, house.scheme.hash)


def test_nothing_is_estimated_where_there_is_nothing_to_go_by(screen: Screen, house: House) -> None:
    assign_on_copy(house, house.silent.id)
    said = text_of(screen("ada"))
    assert "×" not in said and "of work" not in said


def test_what_was_given_back_says_why(screen: Screen, house: House) -> None:
    hand_back.reopen(house.workspace, house.people["carla"], house.codings["ben"], "Please look at minute 3 again.")
    at = screen("ben")
    said = text_of(at) + "".join(w.value for w in at.warning).replace("\\", "")
    assert "Given back" in said or "Please look at minute 3 again." in said
    assert "Please look at minute 3 again." in said


# --- questions for supervisors


def asked(house: House, who: str, at_ms: int, question: str) -> None:
    """A further session that this person codes and hands in, unsure of one event."""
    workspace, person = house.workspace, house.people[who]
    hand_back.reopen(workspace, house.people["carla"], house.codings[who], "again")
    event = point(house, at_ms) | {"values": {"unsure": True, "question": question}}
    written = code.write_operations(workspace, person, house.codings[who], [event]).result(10)
    assert written.refused == ()
    code.submit(workspace, person, house.codings[who])


def test_a_supervisor_finds_the_questions_of_raters_with_a_link_to_the_moment(screen: Screen, house: House) -> None:
    asked(house, "ben", 61_000, "Is this *still* a withdrawal?")
    at = screen("carla")
    links = {e.proto.label.replace("\\", ""): e.proto.query_string for e in at.get("page_link")}
    label = next(words for words in links if "Is this" in words)
    assert label.endswith("1:01 · Ben: “Is this *still* a withdrawal?”")
    assert f"session={house.coded.id}" in links[label] and "t=58" in links[label]
    assert f"coding={house.codings['ben']}" in links[label]
    shown = payload(screen("carla", "code", session=house.coded.id, coding=house.codings["ben"], t="58"))
    [lane] = shown["lanes"]
    assert (shown["mode"], shown["start_ms"], lane["label"]) == ("review", 58_000, "Ben")
    assert "Asked: “Is this *still* a withdrawal?”" in [e["note"] for e in lane["events"]]
    assert shown["urls"]["operations"] is None


def test_a_supervisor_who_has_yet_to_code_the_session_reads_no_question_about_it(screen: Screen, house: House) -> None:
    asked(house, "ben", 61_000, "Is this a withdrawal?")
    assign.assign(house.workspace, None, house.coded.id, house.people["carla"].id, house.scheme.hash)
    labels = "".join(e.proto.label for e in screen("carla").get("page_link"))
    assert "withdrawal" not in labels and "Questions from raters" not in text_of(screen("carla"))


def test_one_coding_is_shown_to_nobody_who_may_not_read_it(screen: Screen, house: House) -> None:
    for who, session in (("ada", house.coded.id), ("stranger", house.coded.id), ("carla", house.silent.id)):
        at = screen(who, "code", session=session, coding=house.codings["ben"])
        assert "Ben" not in str([e.proto.json for e in at.get("bidi_component")]), who
    hand_back.take_back(house.workspace, house.people["ben"], house.codings["ben"])  # nobody has seen it


def test_a_question_in_a_draft_is_nobodys_yet(screen: Screen, house: House) -> None:
    event = point(house, 30_000) | {"values": {"unsure": True, "question": "Is this a withdrawal?"}}
    code.write_operations(house.workspace, house.people["ada"], house.codings["ada"], [event]).result(10)
    assert "Questions from raters" not in text_of(screen("carla"))


# --- addresses


def payload(at: AppTest) -> dict[str, Any]:
    from tests.app.test_app_screens import payload_of

    return payload_of(at)


def test_an_address_with_a_moment_leads_the_assigned_rater_there(screen: Screen, house: House) -> None:
    shown = payload(screen("ada", "code", session=house.coded.id, t="75.5"))
    assert (shown["coding"], shown["start_ms"], shown["mode"]) == (house.codings["ada"], 75_500, "code")
    assert payload(screen("carla", "code", session=house.coded.id, t="75.5"))["start_ms"] == 75_500


def test_of_several_codings_of_a_session_the_rater_chooses_one_and_keeps_the_moment(
    screen: Screen, house: House
) -> None:
    from workbench.model.assignment import Purpose

    second = assign.assign(
        house.workspace,
        None,
        house.coded.id,
        house.people["ada"].id,
        house.scheme.hash,
        [TimeSpan(0, 60_000)],
        purpose=Purpose.PRACTICE,
    )
    at = screen("ada", "code", session=house.coded.id, t="42")
    assert "Which coding of this session?" in text_of(at)
    assert re.search(r"practice · 0:00–1:00", text_of(at))
    at.button(key=f"open-{second.id}").click().run()
    assert not at.exception
    assert (payload(at)["start_ms"], payload(at)["windows"]) == (42_000, [[0, 60_000]])


def test_practice_that_was_held_against_its_criterion_is_not_offered_to_be_taken_back(
    screen: Screen, house: House
) -> None:
    from workbench.model.assignment import Purpose

    for member in (house.provider_id, house.patient_id):
        record_consent.record_consent(
            house.workspace, None, house.silent.id, member, set(Scope), record_consent.STATEMENT
        )
    for who, purpose in (("carla", Purpose.CRITERION), ("ben", Purpose.PRACTICE)):
        person = house.people[who]
        made = assign.assign(house.workspace, None, house.silent.id, person.id, house.scheme.hash, purpose=purpose)
        coding_id = code.open_coding(house.workspace, person, made.id).coding.id
        batch = [point(house, 10_000), *(rate(scale.id) for scale in house.scheme.ratings)]
        assert not code.write_operations(house.workspace, person, coding_id, batch).result(10).refused
        code.submit(house.workspace, person, coding_id)
    shown = payload(screen("ben", "code", assignment=made.id))
    assert [lane["label"] for lane in shown["lanes"]] == ["You", "Criterion"]
    assert not shown["standing"]["may_take_back"] and "supervisor can reopen" in shown["standing"]["sentence"]
    seen = payload(screen("carla", "code", session=house.silent.id, coding=coding_id))
    assert [lane["label"] for lane in seen["lanes"]] == ["Rater", "Criterion"]
