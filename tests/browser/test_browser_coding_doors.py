"""Who gets nothing of a session from the coding room's routes, asked with the cookies of a real sign-in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import APIRequestContext, expect

from tests import browsing
from tests.browsing import Site
from workbench import schemes
from workbench.model.people import Role
from workbench.store import recordings
from workbench.workflows import assign, code, keep_definition, manage_people, prefer, sign_in

pytestmark = pytest.mark.browser

MI = "mi_integrity"
ADD = {"id": "sent-from-elsewhere", "kind": "note", "client_at": 1, "values": {"note": "n", "at_ms": 1, "text": "x"}}


@pytest.fixture(scope="module")
def house(shared_site: Site) -> Iterator[Site]:
    """Observer One has begun a coding of the second session; nobody else has."""
    rater = manage_people.find_person(shared_site.workspace, "observer1")
    code.open_coding(shared_site.workspace, rater, shared_site.assignment("observer1", "S2", MI).id)
    shared_site.newcomer("stranger", Role.OBSERVER)
    yield shared_site


def the_word(site: Site, asked: APIRequestContext) -> dict[str, str]:
    """The header that goes with every change from a page of theirs; empty where nobody is signed in."""
    tokens = [c["value"] for c in asked.storage_state()["cookies"] if c["name"] == "workbench_login"]
    found = sign_in.who_is(site.workspace, tokens[0]) if tokens else None
    return {"x-wb-csrf": found.csrf} if found else {}


def answers(site: Site, asked: APIRequestContext, coding_id: str, session: str) -> dict[str, int]:
    """The status of everything that a coding room asks for."""
    with site.workspace.reading() as connection:
        found = site.session(session)
        [recording] = recordings.of_session(connection, found.id)
        transcript = recordings.transcripts(connection, found.id)[-1]
    gets = {
        "media": f"recordings/{recording.id}/media",
        "peaks": f"recordings/{recording.id}/peaks",
        "transcript": f"transcripts/{transcript.id}",
        "operations": f"codings/{coding_id}/operations",
        "checklist": f"codings/{coding_id}/checklist",
    }
    posts = {
        "write": ("operations", {"operations": [ADD]}),
        "submit": ("submit", {}),
        "take-back": ("take-back", {}),
        "reopen": ("reopen", {"reason": "because"}),
        "position": ("position", {"position_ms": 1, "time_spent_ms": 1}),
    }
    got = {name: asked.get(f"{site.url}/wb/{path}").status for name, path in gets.items()}
    for name, (path, body) in posts.items():
        address = f"{site.url}/wb/codings/{coding_id}/{path}"
        got[name] = asked.post(address, data=body, headers=the_word(site, asked)).status
    return got


EVERYTHING = {
    "media",
    "peaks",
    "transcript",
    "operations",
    "checklist",
    "write",
    "submit",
    "take-back",
    "reopen",
    "position",
}


@pytest.mark.parametrize("login_name", ["stranger", "admin", "provider"])
def test_whom_a_session_is_not_assigned_gets_nothing_of_it(login_name, house, signed_in):
    coding_id = house.assignment("observer1", "S2", MI).coding_id
    page = signed_in(house, login_name)
    got = answers(house, page.request, coding_id, "S2")
    assert got == dict.fromkeys(EVERYTHING, 403)
    browsing.show(page, f"{house.url}/code?assignment={house.assignment('observer1', 'S2', MI).id}")
    expect(page.get_by_role("heading").first).to_be_visible()  # something else came, not only no room yet
    assert page.get_by_test_id("coding-room").count() == 0
    assert house.operations("observer1", "S2", MI) == []


def test_who_is_not_signed_in_or_brings_a_cookie_of_no_sign_in_gets_nothing(house, context):
    coding_id = house.assignment("observer1", "S2", MI).coding_id
    there = context()
    assert answers(house, there.request, coding_id, "S2") == dict.fromkeys(EVERYTHING, 401)
    there.add_cookies([{"name": "workbench_login", "value": "A" * 43, "url": house.url}])
    assert answers(house, there.request, coding_id, "S2") == dict.fromkeys(EVERYTHING, 401)


def test_a_rater_of_the_same_session_gets_the_recording_and_nothing_of_anothers_coding(house, signed_in):
    coding_id = house.assignment("observer1", "S2", MI).coding_id
    page = signed_in(house, "observer2")
    got = answers(house, page.request, coding_id, "S2")
    assert {name for name, status in got.items() if status == 200} == {"media", "peaks", "transcript"}
    assert set(got.values()) == {200, 403}


def test_a_blinded_rater_gets_nothing_of_a_coding_that_is_handed_in(house, signed_in):
    theirs = house.assignment("sample-rater1", "S1").coding_id
    rater = signed_in(house, "observer1")
    for part in ("operations", "operations?after=0", "checklist"):
        assert rater.request.get(f"{house.url}/wb/codings/{theirs}/{part}").status == 403, part
    supervisor = signed_in(house, "supervisor")
    assert supervisor.request.get(f"{house.url}/wb/codings/{theirs}/operations").status == 200


def test_who_codes_by_ear_gets_no_word_of_the_transcript(house, signed_in):
    by_ear = replace(schemes.shipped_schemes()["alliance_behaviours"], name="by_ear", show_transcript=False)
    kept = keep_definition.keep_scheme(house.workspace, None, replace(by_ear, hash=schemes.identity(by_ear)))
    listener = house.newcomer("listener", Role.OBSERVER)
    given = assign.assign(house.workspace, None, house.session("S1").id, listener.id, kept.hash)
    asked: list[str] = []
    page = signed_in(house, "listener")
    page.on("request", lambda request: asked.append(request.url))
    browsing.show(page, f"{house.url}/code?assignment={given.id}")
    browsing.room(page)
    expect(page.get_by_test_id("coding-room")).not_to_contain_text("glad you told me")
    assert any("/operations" in url for url in asked)
    assert not any("/wb/transcripts/" in url for url in asked)
    with house.workspace.reading() as connection:
        versions = recordings.transcripts(connection, house.session("S1").id)
    assert [page.request.get(f"{house.url}/wb/transcripts/{v.id}").status for v in versions] == [403] * len(versions)
    browsing.show(page, f"{house.url}/session?session={house.session('S1').id}")
    expect(page.get_by_role("tab", name="Recording")).to_be_visible()
    assert page.get_by_text("glad you told me").count() == 0


def test_settings_are_kept_for_whoever_is_signed_in_and_for_nobody_else(house, signed_in, context):
    address = f"{house.url}/wb/preferences/coding-room"
    people = {name: manage_people.find_person(house.workspace, name) for name in ("observer1", "observer2")}
    page = signed_in(house, "observer2")
    own = {"lag_ms": 250, "person": people["observer1"].id}
    assert page.request.put(address, data=own, headers=the_word(house, page.request)).status == 409  # names nobody
    assert page.request.put(address, data={"lag_ms": 250}).status == 403  # without the page's word
    assert context().request.put(address, data={"lag_ms": 250}).status == 401
    assert page.request.put(address, data={"lag_ms": 250}, headers=the_word(house, page.request)).status == 200
    kept = {name: prefer.preferred(house.workspace, person)["lag_ms"] for name, person in people.items()}
    assert kept == {"observer1": 0, "observer2": 250}
