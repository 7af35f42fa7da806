"""A family's session in the coding room: each person is rated apart, by keys, and all of them once as one."""

from __future__ import annotations

import uuid

import pytest
from playwright.sync_api import expect

from tests import browsing
from tests.accessible import violations
from tests.browsing import Site, press
from workbench.model.consent import Scope
from workbench.model.ids import new_id, now_ms
from workbench.model.people import ParticipantKind
from workbench.model.session import Recording
from workbench.registry import shipped
from workbench.schemes import shipped_schemes
from workbench.store import recordings
from workbench.workflows import (
    add_session,
    assign,
    code,
    keep_definition,
    manage_people,
    open_recording,
    record_consent,
)

pytestmark = pytest.mark.browser

SCHEME, RATE = "family_alliance", "Shift+A"
PROVIDER, PATIENT, FAMILY = ParticipantKind.PROVIDER, ParticipantKind.PATIENT, ParticipantKind.FAMILY


def family_session(site: Site, code_: str, *members: ParticipantKind) -> str:
    """The address of observer1's coding of a new session with these people. Its sound is that of a sample session."""
    workspace = site.workspace
    study = add_session.add_study(workspace, None, f"Families {code_}")
    ids = [
        add_session.add_participant(workspace, None, f"{code_}-{kind.value}-{n}", kind).id
        for n, kind in enumerate(members, 1)
    ]
    session = add_session.add_session(workspace, None, study.id, code_, ids, title="A family")
    for ident in ids:
        record_consent.record_consent(workspace, None, session.id, ident, set(Scope), record_consent.STATEMENT)
    data, ident = (shipped("sample_media") / "dev2_goals.ogg").read_bytes(), new_id()
    workspace.keys.new_data_key(ident)
    workspace.vault.write(ident, open_recording.MEDIA, data)
    workspace.vault.write(ident, open_recording.PEAKS, bytes([200, 56]) * (238_000 // 20))
    made = Recording(ident, session.id, "audio/ogg", ".ogg", False, 1, 238_000, len(data), 0, now_ms())
    with workspace.changing(None, "recording.add", "recording", ident) as connection:
        recordings.add(connection, made, uuid.uuid4().hex)
    scheme = keep_definition.keep_scheme(workspace, None, shipped_schemes()[SCHEME])
    rater = manage_people.find_person(workspace, "observer1")
    assert rater is not None
    given = assign.assign(workspace, None, session.id, rater.id, scheme.hash)
    code.open_coding(workspace, rater, given.id)
    return f"/code?assignment={given.id}"


def rated(site: Site, session: str) -> dict[str, object]:
    content = site.content("observer1", session, SCHEME)
    return {f"{r.scale} {r.person}".strip(): "no evidence" if r.no_evidence else r.value for r in content.ratings}


def test_each_person_is_rated_by_keys_and_the_checklist_says_who_is_left(site, signed_in):
    page = signed_in(site, "observer1", family_session(site, "FAM-1", PROVIDER, PATIENT, FAMILY, FAMILY))
    browsing.room(page)
    expect(page.get_by_test_id("tab-ratings")).to_have_text("Ratings 0/10")

    # the patient: −2, +1, no evidence; then the family member after
    press(page, RATE, "-", "2", "ArrowDown", "1", "ArrowDown", "/", "PageDown")
    expect(page.get_by_test_id("person-patient")).to_have_accessible_name("Patient, rated")
    expect(page.get_by_test_id("person-family-1")).to_have_attribute("aria-current", "true")
    expect(page.get_by_test_id("scale-safety")).to_contain_text("Family member 1")
    # the same rating of the next person is at hand: nothing given is taken over, Enter takes the start
    press(page, "Enter", "ArrowUp", "0", "ArrowUp", "ArrowLeft", "Enter")
    browsing.status(page, "all saved")
    assert rated(site, "FAM-1") == {
        "engagement patient": -2,
        "connection patient": 1,
        "safety patient": "no evidence",
        "safety family-1": 0,
        "connection family-1": 0,
        "engagement family-1": -1,
    }

    # an undo says whose rating it was
    press(page, "Escape", "Control+z")
    expect(page.get_by_test_id("message")).to_contain_text("rating of Engagement for Family member 1")
    press(page, "Control+Shift+z")
    browsing.status(page, "all saved")

    # who is done is followed by what is still missing: the family as one, then the next person
    press(page, RATE, "1", "Escape", RATE)
    expect(page.get_by_test_id("person-family-2")).to_have_attribute("aria-current", "true")
    press(page, "0")
    browsing.status(page, "all saved")

    page.get_by_test_id("submit").click()
    dialog = page.get_by_test_id("submit-dialog")
    expect(dialog).to_contain_text("Family member 2: 2 ratings missing.")
    expect(dialog).to_contain_text("“Connection” is rated +1 for Patient.")
    # a reason stands for this person alone
    page.get_by_test_id("reason-1").click()
    expect(dialog).to_contain_text("Your reason")
    dialog.get_by_role("button", name="Rate", exact=True).first.click()
    expect(page.get_by_test_id("scale-connection")).to_contain_text("Family member 2")
    press(page, "0", "ArrowDown", "0")
    browsing.status(page, "all saved")
    expect(page.get_by_test_id("tab-ratings")).to_have_text("Ratings 10/10")
    page.reload()
    browsing.room(page)
    expect(page.get_by_test_id("tab-ratings")).to_have_text("Ratings 10/10")
    content = site.content("observer1", "FAM-1", SCHEME)
    assert [(r.rule, r.person) for r in content.reasons] == [("disengaged_without_sign", "patient")]


def test_what_a_person_did_is_evidence_for_that_person_s_rating(site, signed_in):
    page = signed_in(site, "observer1", family_session(site, "FAM-2", PROVIDER, PATIENT, FAMILY, FAMILY))
    browsing.room(page)
    press(page, "r")  # warms to the provider: who?
    expect(page.get_by_test_id("option-who-family-2")).to_be_visible()
    shown = page.get_by_test_id("option-who-family-2").get_attribute("aria-keyshortcuts")
    press(page, shown.lower(), "Shift+E")  # its only rating of that dimension, of that person
    expect(page.get_by_test_id("message")).to_contain_text("“Connection”, Family member 2")
    browsing.status(page, "all saved")
    [link] = site.content("observer1", "FAM-2", SCHEME).evidence
    assert (link.scale, link.person) == ("connection", "family-2")


def test_a_patient_alone_is_rated_and_nothing_is_asked_of_a_family(site, signed_in):
    page = signed_in(site, "observer1", family_session(site, "FAM-3", PROVIDER, PATIENT))
    browsing.room(page)
    expect(page.get_by_test_id("tab-ratings")).to_have_text("Ratings 0/3")
    press(page, RATE, "0", "ArrowDown", "0", "ArrowDown", "0")
    browsing.status(page, "all saved")
    expect(page.get_by_test_id("ratings")).to_contain_text("Shared purpose")
    expect(page.get_by_test_id("scale-purpose")).to_have_count(0)
    page.get_by_test_id("submit").click()
    expect(page.get_by_test_id("complete")).to_contain_text("Nothing is missing.")


def test_the_demo_has_a_family_whose_members_a_newcomer_can_rate(site, signed_in):
    page = signed_in(site, "observer1", f"/code?assignment={site.assignment('observer1', 'S4', SCHEME).id}")
    browsing.room(page)
    expect(page.get_by_test_id("tab-ratings")).to_have_text("Ratings 0/7")
    press(page, "r")  # warms to the provider: who?
    expect(page.get_by_test_id("option-who-patient")).to_be_visible()
    expect(page.get_by_test_id("option-who-family")).to_be_visible()
    press(page, "Escape", RATE, "1", "ArrowDown", "2", "PageDown", "-", "1")
    browsing.status(page, "all saved")
    assert set(rated(site, "S4").values()) == {1, 2, -1}
    assert {person.split()[-1] for person in rated(site, "S4")} == {"patient", "family"}


def test_the_ratings_of_a_family_are_accessible(site, signed_in):
    address = family_session(site, "FAM-4", PROVIDER, PATIENT, FAMILY, FAMILY)
    page = signed_in(site, "observer1", address)
    browsing.room(page)
    press(page, RATE, "1", "ArrowDown", "0", "ArrowDown", "0", "PageDown", "2")
    browsing.status(page, "all saved")
    assert violations(page) == []
