"""Several recordings of a session: the plain page that places one beside the other, and its routes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from tests.app.house import House
from workbench.model.ids import new_id
from workbench.model.session import Recording
from workbench.speech.loudness import loudness
from workbench.store import recordings
from workbench.workflows import add_session, code, open_recording

Client = Callable[..., TestClient]


@pytest.fixture
def camera(house: House) -> Recording:
    """A second camera of the coded session, that begins five seconds late."""
    made = replace(
        house.recording,
        id=new_id(),
        label="<b>camera</b>",
        offset_ms=5000,
        added_at=house.recording.added_at + 1,
    )
    house.workspace.vault.write(made.id, open_recording.MEDIA, b"the other camera's bytes")
    with house.workspace.changing(None, "recording.add", "recording", made.id) as connection:
        recordings.add(connection, made, "the other camera")
    return made


def offsets(house: House) -> list[tuple[str, int]]:
    return [(r.id, r.offset_ms) for r in add_session.recordings_of(house.workspace, house.coded.id)]


@pytest.mark.parametrize("name", ["carla", "imre"])
def test_the_page_plays_both_and_shows_text_as_text(client: Client, camera: Recording, house: House, name: str) -> None:
    page = client(name).get(f"/wb/recordings/{camera.id}/place")
    assert page.status_code == 200 and "media-src 'self'" in page.headers["content-security-policy"]
    for recording in (house.recording, camera):
        assert f'src="/wb/recordings/{recording.id}/media"' in page.text
    assert "&lt;b&gt;camera&lt;/b&gt;" in page.text and "<b>camera" not in page.text
    assert 'value="5.000"' in page.text


def test_who_hears_no_recording_gets_no_preview(client: Client, camera: Recording) -> None:
    page = client("eve").get(f"/wb/recordings/{camera.id}/place")
    assert page.status_code == 200 and "/media" not in page.text and "no preview" in page.text


@pytest.mark.parametrize("name", ["ada", "stranger", "farid", "other"])
def test_raters_and_strangers_place_nothing(client: Client, camera: Recording, house: House, name: str) -> None:
    browser, at = client(name), f"/wb/recordings/{camera.id}/place"
    assert browser.get(at).status_code == 403
    for url, body in ((at, {"offset_ms": 1}), (f"{at}/find", {}), (f"{at}/main", {})):
        assert browser.post(url, json=body).status_code == 403
    assert offsets(house)[1] == (camera.id, 5000)


def test_nobody_places_without_the_word_that_goes_with_changes(client: Client, camera: Recording, house: House) -> None:
    at = f"/wb/recordings/{camera.id}/place"
    assert client("carla").post(at, json={"offset_ms": 1}, headers={"x-wb-csrf": ""}).status_code == 403
    assert client().post(at, json={"offset_ms": 1}).status_code == 401
    assert offsets(house)[1] == (camera.id, 5000)


def test_an_offset_is_kept_and_one_that_is_none_is_refused(client: Client, camera: Recording, house: House) -> None:
    browser, at = client("carla"), f"/wb/recordings/{camera.id}/place"
    assert browser.post(at, json={"offset_ms": -1230, "label": "camera"}).json() == {
        "offset_ms": -1230,
        "label": "camera",
    }
    for wrong in ({"offset_ms": 1.5}, {"offset_ms": True}, {"label": 7}):
        assert browser.post(at, json=wrong).status_code == 400
    assert browser.post(at, json={"label": "=1+1"}).status_code == 409
    assert offsets(house) == [(house.recording.id, 0), (camera.id, -1230)]


def test_an_offset_is_found_from_the_sound(client: Client, camera: Recording, house: House) -> None:
    import numpy as np

    rng = np.random.default_rng(4)
    loud = np.repeat(rng.uniform(0, 9000, 2400), 400) * rng.normal(0, 1, 960_000)
    sound = loud.clip(-32768, 32767).astype(np.int16)
    for recording, begins in ((house.recording, 0), (camera, 32_000)):
        house.workspace.vault.write(recording.id, open_recording.LOUDNESS, loudness([sound[begins:]]))
    found = client("carla").post(f"/wb/recordings/{camera.id}/place/find", json={}).json()
    assert abs(found["offset_ms"] - 2000) <= 20 and found["sureness"] == "sure" and "2.0" in found["sentence"]
    assert offsets(house)[1] == (camera.id, 5000)  # found is not yet kept


def test_the_main_recording_stays_under_codings(client: Client, camera: Recording, house: House) -> None:
    answer = client("carla").post(f"/wb/recordings/{camera.id}/place/main", json={})
    assert answer.status_code == 409 and "assigned" in answer.json()["error"]


def test_the_room_is_given_the_other_recordings_and_their_route_asks_who_comes(
    client: Client, camera: Recording, house: House
) -> None:
    from workbench.app.parts.room_payload import room_payload

    room = code.open_coding(house.workspace, house.people["ada"], house.assignments["ada"].id)
    payload = room_payload(
        session=room.session,
        recording=room.recording,
        transcript=None,
        scheme=room.scheme,
        rater="Ada",
        csrf="",
        coding=room.coding,
        more=room.more,
    )
    assert payload["live"] is False
    assert payload["more_media"] == [
        {
            "id": camera.id,
            "label": "<b>camera</b>",
            "kind": "audio",
            "type": "audio/ogg",
            "url": f"/wb/recordings/{camera.id}/media",
            "offset_ms": 5000,
            "duration_ms": 240_000,
        }
    ]
    url = payload["more_media"][0]["url"]
    assert client("ada").get(url).content == b"the other camera's bytes"
    assert client("stranger").get(url).status_code == 403
    assert client("eve").get(url).status_code == 403
    assert client().get(url).status_code == 401


def test_a_further_recording_is_named_when_it_is_added(client: Client, house: House) -> None:
    page = client("carla").get(f"/wb/sessions/{house.coded.id}/add-recording")
    assert "Add a further recording" in page.text and 'id="label"' in page.text
