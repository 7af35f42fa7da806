"""Screens: who sees what, and what happens when somebody acts on them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from html import unescape

import pytest
from streamlit.testing.v1 import AppTest

from tests.app.house import House, add_recording
from workbench import schemes
from workbench.app import current
from workbench.app.screens import ENTRIES, entries_for
from workbench.model.consent import Scope
from workbench.model.instrument import Perspective
from workbench.model.job import JobState
from workbench.model.people import ParticipantKind, Person, Role
from workbench.model.scheme import EarlierVersion
from workbench.store import recordings
from workbench.workflows import (
    add_session,
    assign,
    code,
    fill_form,
    hand_back,
    keep_definition,
    manage_people,
    record_consent,
    see_session,
    sign_in,
)

Screen = Callable[..., AppTest]


def text_of(at: AppTest) -> str:
    """Everything that a screen says."""
    assert not at.exception, at.exception
    kinds = ("title", "header", "markdown", "caption", "error", "info", "success", "warning", "button", "html", "tabs")
    said: list[str] = []
    for kind in kinds:
        for element in at.get(kind):
            said.append(str(getattr(element, "label", "") or getattr(element, "value", "") or ""))
            said.append(str(getattr(getattr(element, "proto", None), "body", "")))
    return "\n".join(said).replace("\\", "")


def title_of(at: AppTest) -> str:
    assert not at.exception, at.exception
    return at.title[0].value.replace("\\", "")


# --- home, by role


def test_an_observer_finds_the_next_session_to_code(screen: Screen, house: House) -> None:
    at = screen("ada")
    said = text_of(at)
    assert title_of(at) == "Hello, Ada"
    assert "Study: 4 minutes" in said and "Study: 4 minutes, " not in said  # nobody knows how many codes to find
    assert "1 to do, 1 of them begun." in said and "0 events so far" in said
    assert [b.label for b in at.button] == ["Go on"]


def test_who_coded_on_an_earlier_version_is_told_that_a_session_is_on_a_new_one(screen: Screen, house: House) -> None:
    later = replace(house.scheme, version="9", earlier=EarlierVersion(house.scheme.version))
    later = keep_definition.keep_scheme(house.workspace, None, schemes.from_json(schemes.to_json(later)))
    people = house.people["ada"], house.people["ben"], house.people["carla"]
    given = [assign.assign(house.workspace, None, house.silent.id, p.id, later.hash) for p in people]
    words = f"Version 9 is new to you: so far you have coded on {house.scheme.version}."
    assert words in text_of(screen("ada")) and words in text_of(screen("ben"))
    assert "is new to you" not in text_of(screen("carla"))  # she has never coded on this scheme
    for ident in (house.patient_id, house.provider_id):
        record_consent.record_consent(
            house.workspace, None, house.silent.id, ident, set(Scope), record_consent.STATEMENT
        )
    code.open_coding(house.workspace, people[0], given[0].id)
    assert "is new to you" not in text_of(screen("ada"))


def test_one_button_is_the_one_to_press(screen: Screen, house: House) -> None:
    at = screen("ada")
    assert [b.proto.type for b in at.button] == ["primary"]
    assert [b.proto.type for b in screen("ben").button] == ["secondary"]
    assert "Everything is handed in." in text_of(screen("ben"))


def test_somebody_without_work_is_told_where_it_comes_from(screen: Screen) -> None:
    assert "Nothing is assigned to you yet" in text_of(screen("stranger"))


def test_those_who_oversee_find_what_waits(screen: Screen, house: House) -> None:
    patient = house.instruments[Perspective.PATIENT]
    fill_form.issue(house.workspace, None, house.coded.id, house.patient_id, patient.hash)
    for name in ("carla", "imre"):
        said = text_of(screen(name))
        for group in ("Codings to review", "Speakers to name", "Consent missing", "Forms not answered"):
            assert group in said, (name, group)
        assert "Recording missing" not in said


def test_a_coding_does_not_wait_for_a_supervisor_who_has_yet_to_code_it(screen: Screen, house: House) -> None:
    from workbench.workflows import assign

    assign.assign(house.workspace, None, house.coded.id, house.people["carla"].id, house.scheme.hash)
    assert "Codings to review" not in text_of(screen("carla"))


def test_a_provider_finds_own_sessions_and_forms_and_no_others(screen: Screen, house: House) -> None:
    provider = house.instruments[Perspective.PROVIDER]
    made = fill_form.issue(house.workspace, None, house.coded.id, house.provider_id, provider.hash)
    said = text_of(screen("farid"))
    assert f"/form/own/{made.administration_id}" in said
    other = text_of(screen("other"))
    assert "No form waits for you." in other and "No session of yours yet" in other


def test_an_administrator_finds_people_and_the_audit_chain(screen: Screen) -> None:
    said = text_of(screen("eve"))
    assert "8 people have an account" in said and "audit rows" in said
    assert "Your sessions to code" not in said


# --- the navigation, and screens that are not for everybody


@pytest.mark.parametrize(
    ("role", "there", "not_there"),
    [
        (Role.OBSERVER, {"home", "code", "session", "schemes", "account"}, {"people", "audit", "sessions"}),
        (Role.SUPERVISOR, {"home", "code", "sessions", "session", "schemes"}, {"people", "audit"}),
        (Role.ADMINISTRATOR, {"home", "sessions", "session", "people", "audit", "schemes"}, {"code"}),
        (Role.PROVIDER, {"home", "sessions", "session", "code"}, {"people", "audit", "schemes"}),
    ],
)
def test_the_navigation_holds_what_a_role_has(role: Role, there: set[str], not_there: set[str]) -> None:
    names = {e.name for e in entries_for(Person("1", "x", "X", frozenset({role})))}
    assert there <= names and not (not_there & names)


def test_everybody_may_go_where_a_button_of_theirs_leads(screen: Screen, house: House) -> None:
    for name in ("ada", "carla", "imre", "farid"):
        at = screen(name, "session", session=house.coded.id)
        at.button(key=f"watch-{house.recording.id}").click().run()
        assert payload_of(at)["session_title"] == house.coded.title, name


def test_everybody_lands_on_home_and_every_screen_is_known_once() -> None:
    assert ENTRIES[0].name == "home" and ENTRIES[0].roles == frozenset(Role)
    assert len({e.name for e in ENTRIES}) == len(ENTRIES)


@pytest.mark.parametrize("name", ["people", "audit"])
def test_a_screen_checks_the_role_itself(house: House, name: str) -> None:
    def alone(name: str) -> None:
        import importlib

        importlib.import_module(f"workbench.app.screens.{name}").show()

    for login in ("ada", "carla", "imre", "farid"):
        at = AppTest.from_function(alone, args=(name,), default_timeout=30)
        at.user = {current.LOGIN: house.token(login)}
        at.run()
        assert title_of(at) == "Not for your role", login
        assert not at.dataframe and not at.button


def test_a_sign_in_that_ended_ends_the_page_at_its_next_run(screen: Screen, house: House) -> None:
    at = screen("ada")
    sign_in.sign_out(house.workspace, at.user[current.LOGIN])
    at.run()
    assert title_of(at) == "Your sign-in has ended"
    assert "/sign-in" in text_of(at) and "Go on" not in text_of(at)


def test_a_role_that_was_taken_away_is_gone_at_the_next_run(screen: Screen, house: House) -> None:
    at = screen("eve", "people")
    assert title_of(at) == "People"
    manage_people.set_roles(house.workspace, None, house.people["eve"].id, [Role.OBSERVER])
    at.run()
    assert "People" not in [t.value for t in at.title]


# --- sessions


@pytest.mark.parametrize("name", ["carla", "imre", "eve"])
def test_sessions_say_what_they_need(screen: Screen, name: str) -> None:
    at = screen(name, "sessions")
    assert not at.exception
    table = at.dataframe[0].value
    assert dict(zip(table["Code"], table["Needs"], strict=True)) == {"S-01": "names of speakers", "S-02": "consent"}


def test_a_session_has_the_parts_of_the_role(screen: Screen, house: House) -> None:
    parts = {
        "carla": ["Recording", "Consent", "Raters", "Scores", "Forms"],
        "eve": ["Recording", "Consent", "Forms"],
        "ada": ["Recording"],
        "farid": ["Recording"],
    }
    for name, expected in parts.items():
        at = screen(name, "session", session=house.coded.id)
        assert title_of(at) == house.coded.title, name
        assert [t.label for t in at.tabs] == expected, name


def test_scores_of_others_codings_are_shown_when_they_are_asked_for(screen: Screen, house: House) -> None:
    shown = screen("carla", "session", session=house.coded.id)
    assert "1 coding of others can be scored as well." in text_of(shown) and "Ruptures in an hour" not in text_of(shown)
    shown.toggle(key="others-scores").set_value(True).run()
    assert not shown.exception and "Ruptures in an hour" in text_of(shown)


def test_a_rater_does_not_learn_who_else_codes_a_session(screen: Screen, house: House) -> None:
    said = text_of(screen("ada", "session", session=house.coded.id))
    assert "Ben" not in said and "handed in" not in said
    seen = see_session.see_session(house.workspace, house.people["ada"], house.coded.id)
    assert (seen.assignments, seen.consents, seen.jobs) == ((), (), ())


@pytest.mark.parametrize("name", ["stranger", "other"])
def test_a_session_that_is_not_ones_own_is_not_shown(screen: Screen, house: House, name: str) -> None:
    at = screen(name, "session", session=house.coded.id)
    assert title_of(at) == "This session cannot be shown" and house.coded.title not in text_of(at)


def test_a_session_that_is_none_is_said_to_be_none(screen: Screen) -> None:
    assert "No such session" in text_of(screen("carla", "session", session="nothing"))


def test_speakers_are_named_from_what_they_say(screen: Screen, house: House) -> None:
    at = screen("carla", "session", session=house.coded.id)
    assert "Good morning how was the week" in text_of(at)
    for speaker, ident in (("S1", house.provider_id), ("S2", house.patient_id)):
        at.selectbox(key=f"who-{house.transcript.id}-{speaker}").set_value(ident)
    at.run()
    at.button(key=f"save-speakers-{house.transcript.id}").click().run()
    assert not at.exception
    seen = see_session.see_session(house.workspace, house.people["carla"], house.coded.id)
    assert dict(seen.transcripts[-1].speakers) == {"S1": house.provider_id, "S2": house.patient_id}


def test_as_many_speakers_are_asked_for_as_people_took_part(screen: Screen, house: House) -> None:
    two = screen("carla", "session", session=house.coded.id)
    assert two.number_input(key=f"speakers-{house.recording.id}").value == 2
    workspace = house.workspace
    mother = add_session.add_participant(workspace, None, "F01", ParticipantKind.FAMILY)
    people = [house.provider_id, house.patient_id, mother.id]
    family = add_session.add_session(workspace, None, house.coded.study_id, "S-03", people, title="A family")
    for ident in people:
        record_consent.record_consent(workspace, None, family.id, ident, set(Scope), record_consent.STATEMENT)
    recording = add_recording(workspace, family, b"no sound", 1000, video=False)
    three = screen("carla", "session", session=family.id)
    assert three.number_input(key=f"speakers-{recording.id}").value == 3


def test_consent_is_recorded_on_screen_and_withdrawn(screen: Screen, house: House) -> None:
    at = screen("carla", "session", session=house.silent.id)
    assert "No consent recorded" in text_of(at)
    next(b for b in at.button if b.label == "Record consent").click().run()
    seen = see_session.see_session(house.workspace, house.people["carla"], house.silent.id)
    assert seen.consented == {Scope.RECORD, Scope.PROCESS, Scope.CODE, Scope.SUPERVISE}
    at.button(key=f"withdraw-{seen.consents[0].id}").click().run()
    assert not at.exception
    seen = see_session.see_session(house.workspace, house.people["carla"], house.silent.id)
    assert seen.consented == frozenset()


def test_a_form_is_given_out_and_its_link_shown_once(screen: Screen, house: House) -> None:
    at = screen("carla", "session", session=house.coded.id)
    next(b for b in at.button if b.label.replace("\\", "").startswith("Link for P01")).click().run()
    assert not at.exception
    token = at.code[0].value.rsplit("/form/", 1)[1]
    assert fill_form.open_form(house.workspace, token)
    next(b for b in at.button if b.label == "I have passed it on").click().run()
    assert not at.code


def test_a_running_job_shows_how_far_it_is(screen: Screen, house: House) -> None:
    with house.workspace.changing(None, "job.start", "recording", house.recording.id) as connection:
        recordings.add_job(connection, "job-1", "transcribe", house.recording.id, "{}", None)
        recordings.update_job(connection, "job-1", state=JobState.RUNNING, progress=0.42, message="Finding speakers")
    at = screen("carla", "session", session=house.coded.id)
    assert not at.exception
    assert at.button(key="cancel-job-1")
    assert not [b for b in at.button if b.label.startswith("Transcribe")]


# --- the coding room


def payload_of(at: AppTest) -> dict[str, object]:
    import json

    assert not at.exception, at.exception
    mounted = at.get("bidi_component")
    assert len(mounted) == 1
    found: dict[str, object] = json.loads(mounted[0].proto.json)
    return found


def test_a_draft_is_worked_on_and_a_link_leads_to_the_moment(screen: Screen, house: House) -> None:
    payload = payload_of(screen("ada", "code", assignment=house.assignments["ada"].id, t="12.5"))
    assert (payload["mode"], payload["start_ms"], payload["teach"]) == ("code", 12_500, True)
    assert payload["coding"] == house.codings["ada"] and len(str(payload["csrf"])) > 15


def test_what_is_handed_in_is_looked_at_with_its_ratings(screen: Screen, house: House) -> None:
    [lane] = payload_of(screen("ben", "code", assignment=house.assignments["ben"].id))["lanes"]  # type: ignore[misc]
    assert {r["scale"] for r in lane["ratings"]} == {scale.id for scale in house.scheme.ratings}


def test_what_is_handed_in_is_looked_at_and_can_be_taken_back(screen: Screen, house: House) -> None:
    at = screen("ben", "code", assignment=house.assignments["ben"].id)
    assert payload_of(at)["mode"] == "review"
    assert payload_of(at)["standing"] == {"sentence": "Handed in. You can still take this back.", "may_take_back": True}
    hand_back.take_back(house.workspace, house.people["ben"], house.codings["ben"])
    assert payload_of(at.run())["mode"] == "code"


def test_a_supervisor_sees_the_codings_of_a_session(screen: Screen, house: House) -> None:
    payload = payload_of(screen("carla", "code", session=house.coded.id, t="4"))
    assert payload["mode"] == "review" and payload["start_ms"] == 4000
    assert [lane["label"] for lane in payload["lanes"]] == ["Ben"]  # type: ignore[attr-defined,index]


def test_a_rater_codes_before_seeing_what_others_coded(screen: Screen, house: House) -> None:
    payload = payload_of(screen("ada", "code", session=house.coded.id, t="754"))
    assert payload["mode"] == "code" and payload["lanes"] == []


@pytest.mark.parametrize("name", ["ben", "stranger", "carla"])
def test_nobody_opens_somebody_elses_assignment(screen: Screen, house: House, name: str) -> None:
    at = screen(name, "code", assignment=house.assignments["ada"].id)
    assert title_of(at) == "This cannot be opened" and not at.get("bidi_component")


def test_the_coding_room_stays_shut_without_consent(screen: Screen, house: House) -> None:
    for consent in record_consent.consents(house.workspace, house.coded.id):
        record_consent.withdraw_consent(house.workspace, None, house.coded.id, consent.id)
    for name, query in (("ada", {"assignment": house.assignments["ada"].id}), ("carla", {"session": house.coded.id})):
        at = screen(name, "code", **query)
        assert "withdrawn" in text_of(at) and not at.get("bidi_component"), name


@pytest.mark.parametrize("moment", ["x", "nan", "1e999", "-4", ""])
def test_a_moment_that_is_none_opens_the_room_all_the_same(screen: Screen, house: House, moment: str) -> None:
    assert payload_of(screen("ada", "code", assignment=house.assignments["ada"].id, t=moment))["start_ms"] == 0


# --- people, schemes, audit, account


def test_an_administrator_adds_a_person_who_can_sign_in(screen: Screen, house: House) -> None:
    at = screen("eve", "people")
    next(t for t in at.text_input if t.label == "Name").set_value("Greta")
    next(t for t in at.text_input if t.label == "Signs in as").set_value("greta")
    next(m for m in at.multiselect if m.label == "Roles").set_value([Role.OBSERVER])
    next(b for b in at.button if b.label == "Add").click().run()
    assert not at.exception and not at.error
    assert sign_in.sign_in(house.workspace, "greta", at.code[0].value)


def test_a_person_without_a_role_is_not_added(screen: Screen, house: House) -> None:
    at = screen("eve", "people")
    next(t for t in at.text_input if t.label == "Signs in as").set_value("greta")
    next(b for b in at.button if b.label == "Add").click().run()
    assert "at least one role" in text_of(at)
    assert len(manage_people.everyone(house.workspace)) == 8


def test_schemes_and_forms_can_be_read(screen: Screen, house: House) -> None:
    said = text_of(screen("ada", "scheme", scheme=house.scheme.hash))
    for coded in house.scheme.codes:
        assert coded.label in said
    form = next(iter(house.instruments.values()))
    said = text_of(screen("ada", "scheme", scheme=form.hash))
    assert all(item.text in unescape(said) for item in form.items)


@pytest.mark.parametrize(
    ("name", "sentences"),
    [
        ("mi_integrity", ["Every utterance of the provider is coded. In this order: listen to all of it once, settle"]),
        ("rupture_repair", ["A segment lasts 5 minutes.", "Ratings of each segment", "What ratings should rest on"]),
    ],
)
def test_a_scheme_says_what_it_asks_beyond_its_codes(
    screen: Screen, house: House, name: str, sentences: list[str]
) -> None:
    scheme = keep_definition.keep_scheme(house.workspace, None, schemes.shipped_schemes()[name])
    said = unescape(text_of(screen("ada", "scheme", scheme=scheme.hash)))
    modifiers = [m for c in scheme.codes for m in c.modifiers]
    options = [f"<bdi>{o.label}</bdi> <kbd>{o.direct}</kbd>" for m in modifiers for o in m.options if o.direct]
    for words in [*sentences, *(m.label for m in modifiers), *(r.sentence for r in scheme.rules), *options]:
        assert words in said


def test_the_audit_chain_is_read_and_checked(screen: Screen) -> None:
    at = screen("eve", "audit")
    assert not at.exception and "login.open" in set(at.dataframe[0].value["Action"])
    at.button(key="check").click().run()
    assert "The chain is whole" in text_of(at)


def test_a_new_password_needs_the_present_one(screen: Screen, house: House) -> None:
    at = screen("ada", "account")
    fields = {t.label: t for t in at.text_input}
    fields["Present password"].set_value("wrong")
    for label in ("New password", "New password once more"):
        fields[label].set_value("a better password")
    at.button[0].click().run()
    assert "do not fit together" in text_of(at)
    {t.label: t for t in at.text_input}["Present password"].set_value("password of ada")
    at.button[0].click().run()
    assert "Your sign-in has ended" in text_of(at)
    assert sign_in.sign_in(house.workspace, "ada", "a better password")
