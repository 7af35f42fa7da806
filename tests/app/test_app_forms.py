"""Forms: a link that works once, pages without script, answers that are kept, and nobody's name."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from tests.app.house import House
from workbench.app.forms.questions import answers_of, questions
from workbench.app.parts.plain_page import plain_page
from workbench.model.instrument import Instrument, Perspective
from workbench.store import forms
from workbench.workflows import fill_form
from workbench.workflows.read_audit import read_audit
from workbench.workflows.refusal import Refused

Client = Callable[..., TestClient]
DAY = 24 * 60 * 60 * 1000


@pytest.fixture
def patient(house: House) -> Instrument:
    return house.instruments[Perspective.PATIENT]


@pytest.fixture
def issued(house: House, patient: Instrument) -> fill_form.Issued:
    return fill_form.issue(house.workspace, house.people["carla"], house.coded.id, house.patient_id, patient.hash)


def stored(house: House, administration_id: str) -> dict[str, int]:
    with house.workspace.reading() as connection:
        return dict(forms.administrations(connection, ids=[administration_id])[0].responses)


def filled(instrument: Instrument, value: int = 6) -> dict[str, str]:
    return {f"item.{i.id}": str(value) for i in instrument.items}


def test_a_form_is_answered_once(client: Client, house: House, patient: Instrument, issued: fill_form.Issued) -> None:
    phone, address = client(), f"/form/{issued.token}"
    page = phone.get(address)
    assert page.status_code == 200 and page.text.count('type="radio"') == 7 * len(patient.items)
    assert page.headers["referrer-policy"] == "no-referrer" and page.headers["cache-control"] == "no-store"
    answer = phone.post(address, data=filled(patient))
    assert answer.status_code == 303 and answer.headers["location"].startswith("/form/thanks")
    assert "Thank you" in phone.get(answer.headers["location"]).text
    assert stored(house, issued.administration_id) == {i.id: 6 for i in patient.items}
    for again in (phone.get(address), phone.post(address, data=filled(patient, 1))):
        assert again.status_code == 404 and "used already" in again.text
    assert set(stored(house, issued.administration_id).values()) == {6}


def test_a_form_needs_no_script_and_names_nobody(client: Client, house: House, issued: fill_form.Issued) -> None:
    text = client().get(f"/form/{issued.token}").text
    assert "<script" not in text
    for name in ("P01", "T01", "Farid", "S-01", house.coded.title):
        assert name not in text, name


def test_missing_answers_are_marked_and_the_others_kept(
    client: Client, house: House, patient: Instrument, issued: fill_form.Issued
) -> None:
    phone, address, sent = client(), f"/form/{issued.token}", filled(patient)
    del sent["item.goal_shared"]
    asked = phone.post(address, data=sent)
    assert asked.status_code == 422
    assert asked.text.count("checked") == len(patient.items) - 1
    assert re.findall(r'class="item missing" id="(\w+)"', asked.text) == ["goal_shared"]
    assert "One sentence has no answer yet" in asked.text and "Hand in as it is" in asked.text
    assert stored(house, issued.administration_id) == {}
    done = phone.post(address, data={**sent, "as-it-is": "yes"})
    assert done.status_code == 303
    assert len(stored(house, issued.administration_id)) == len(patient.items) - 1


def test_too_few_answers_are_said_to_be_too_few(client: Client, patient: Instrument, issued: fill_form.Issued) -> None:
    sent = dict(list(filled(patient).items())[:3])
    assert "no score can be worked out" in client().post(f"/form/{issued.token}", data=sent).text


def test_an_empty_form_cannot_be_handed_in(client: Client, house: House, issued: fill_form.Issued) -> None:
    answer = client().post(f"/form/{issued.token}", data={"as-it-is": "yes"})
    assert answer.status_code == 422 and "Nothing is answered yet" in answer.text
    assert fill_form.open_form(house.workspace, issued.token)


def test_a_link_ends_after_seven_days(house: House, patient: Instrument) -> None:
    now = 1_800_000_000_000
    made = fill_form.issue(house.workspace, None, house.coded.id, house.patient_id, patient.hash, at=now)
    assert fill_form.open_form(house.workspace, made.token, at=now + 7 * DAY - 1)
    with pytest.raises(Refused, match="expired"):
        fill_form.open_form(house.workspace, made.token, at=now + 7 * DAY)
    with pytest.raises(Refused, match="expired"):
        fill_form.answer(house.workspace, made.token, {patient.items[0].id: 3}, at=now + 7 * DAY)


def test_a_new_link_ends_the_old_one(house: House, patient: Instrument, issued: fill_form.Issued) -> None:
    again = fill_form.issue(house.workspace, None, house.coded.id, house.patient_id, patient.hash)
    assert again.administration_id == issued.administration_id
    with pytest.raises(Refused, match="newer one"):
        fill_form.open_form(house.workspace, issued.token)
    assert fill_form.open_form(house.workspace, again.token)


def test_a_form_goes_to_whom_it_is_for(house: House, patient: Instrument) -> None:
    with pytest.raises(Refused, match="not for a provider"):
        fill_form.issue(house.workspace, None, house.coded.id, house.provider_id, patient.hash)
    with pytest.raises(Refused, match="does not take part"):
        fill_form.issue(house.workspace, None, house.coded.id, "somebody", patient.hash)
    for name in ("ada", "farid"):
        with pytest.raises(Refused, match="needs the role"):
            fill_form.issue(house.workspace, house.people[name], house.coded.id, house.patient_id, patient.hash)


def test_an_answered_form_is_not_given_out_again(house: House, patient: Instrument, issued: fill_form.Issued) -> None:
    fill_form.answer(house.workspace, issued.token, {i.id: 4 for i in patient.items})
    with pytest.raises(Refused, match="answered"):
        fill_form.issue(house.workspace, None, house.coded.id, house.patient_id, patient.hash)


@pytest.mark.parametrize("responses", [{"goal_shared": 8}, {"goal_shared": 0}, {"nothing": 3}, {}])
def test_an_answer_outside_the_form_changes_nothing(
    house: House, issued: fill_form.Issued, responses: dict[str, int]
) -> None:
    with pytest.raises(Refused):
        fill_form.answer(house.workspace, issued.token, responses)
    assert stored(house, issued.administration_id) == {}


def test_the_link_is_not_in_the_database_and_the_answer_is_in_the_audit(
    house: House, patient: Instrument, issued: fill_form.Issued
) -> None:
    fill_form.answer(house.workspace, issued.token, {i.id: 4 for i in patient.items})
    rows = read_audit(house.workspace, house.people["eve"], action="form.answer")
    assert [r.resource_id for r in rows] == [issued.administration_id]
    assert rows[0].detail == {"answered": 12, "items": 12}
    assert issued.token.encode() not in b"".join(p.read_bytes() for p in house.workspace.folder.glob("*.db*"))


def test_a_provider_finds_and_answers_their_own_form(client: Client, house: House) -> None:
    provider = house.instruments[Perspective.PROVIDER]
    made = fill_form.issue(house.workspace, None, house.coded.id, house.provider_id, provider.hash)
    address = f"/form/own/{made.administration_id}"
    assert [o.administration.id for o in fill_form.own_open_forms(house.workspace, house.people["farid"])] == [
        made.administration_id
    ]
    assert client().get(address).status_code == 401
    assert client("other").get(address).status_code == 404
    farid = client("farid")
    word = farid.headers["x-wb-csrf"]
    assert word in farid.get(address).text
    assert farid.post(address, data=filled(provider)).status_code == 403
    assert farid.post(address, data={**filled(provider), "csrf": word}).headers["location"] == "/"
    assert len(stored(house, made.administration_id)) == len(provider.items)
    assert fill_form.own_open_forms(house.workspace, house.people["farid"]) == []


def test_text_of_a_form_stays_text(patient: Instrument) -> None:
    hostile = replace(patient, title="<b>x</b>", items=(replace(patient.items[0], text='<img src=x onerror="1">'),))
    page = questions(hostile, "/form/x")
    assert "<img" not in page and "<b>x</b>" not in page


def test_a_form_in_arabic_runs_from_right_to_left(patient: Instrument) -> None:
    arabic = replace(patient, language="ar")
    page = bytes(plain_page("x", questions(arabic, "/form/x"), language=arabic.language).body).decode()
    assert '<html lang="ar" dir="rtl">' in page and "إرسال" in page


def test_what_is_no_answer_is_left_out(patient: Instrument) -> None:
    sent = {"item.goal_shared": "7", "item.task_sense": "8", "item.bond_safe": "x", "other": "3", "item.bond_care": ""}
    assert answers_of(patient, sent) == {"goal_shared": 7}
