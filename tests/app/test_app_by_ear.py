"""Coding by ear: who codes on a scheme that hides the transcript gets no word of it as long as it can change."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace

import pytest
from starlette.testclient import TestClient
from streamlit.testing.v1 import AppTest

from tests.app.house import House, point, rate
from tests.app.test_app_screens import text_of
from workbench.app.parts.room_payload import room_payload
from workbench.model.assignment import Assignment
from workbench.model.people import Person
from workbench.schemes.canonical import identified
from workbench.workflows import assign, code, export, keep_definition, open_recording, see_session
from workbench.workflows.refusal import Refused

Client = Callable[..., TestClient]
Screen = Callable[..., AppTest]
WORDS = "Good morning how was the week"


@pytest.fixture
def by_ear(house: House) -> Assignment:
    """Ben, who has handed in a coding with the transcript at hand, is to code the session by ear as well."""
    hidden = identified(replace(house.scheme, name="by_ear", show_transcript=False))
    kept = keep_definition.keep_scheme(house.workspace, None, hidden)
    return assign.assign(house.workspace, None, house.coded.id, house.people["ben"].id, kept.hash)


def status(client: Client, house: House, name: str) -> int:
    return client(name).get(f"/wb/transcripts/{house.transcript.id}").status_code


def submitted(house: House, given: Assignment) -> str:
    ben = house.people["ben"]
    coding = code.open_coding(house.workspace, ben, given.id).coding.id
    ratings = keep_definition.scheme(house.workspace, given.scheme_hash).ratings
    done = [point(house, 5_000), *(rate(scale.id) for scale in ratings)]
    code.write_operations(house.workspace, ben, coding, done).result(10)
    code.submit(house.workspace, ben, coding)
    return coding


def payload_of(house: House, given: Assignment, person: Person) -> dict[str, object]:
    room = code.open_coding(house.workspace, person, given.id)
    return room_payload(
        session=room.session,
        recording=room.recording,
        transcript=open_recording.transcript_to_show(house.workspace, person, room.transcript),
        scheme=room.scheme,
        rater="B",
        csrf="",
        coding=room.coding,
    )


def test_the_route_gives_no_transcript_as_long_as_the_coding_can_be_taken_back(
    client: Client, house: House, by_ear: Assignment
) -> None:
    assert status(client, house, "ben") == 403  # before the room was opened once
    code.open_coding(house.workspace, house.people["ben"], by_ear.id)
    refused = client("ben").get(f"/wb/transcripts/{house.transcript.id}")
    assert refused.status_code == 403 and "by ear" in refused.text and "morning" not in refused.text
    assert client("ben").get(f"/wb/recordings/{house.recording.id}/peaks").status_code == 200
    coding = submitted(house, by_ear)
    assert status(client, house, "ben") == 403  # it can still be taken back, and changed by what was read
    code.read_content(house.workspace, house.people["carla"], coding)
    assert status(client, house, "ben") == 200


def test_others_read_it_as_before(client: Client, house: House, by_ear: Assignment) -> None:
    assert {name: status(client, house, name) for name in ("ada", "carla", "imre", "farid", "eve")} == {
        "ada": 200,
        "carla": 200,
        "imre": 200,
        "farid": 200,
        "eve": 403,
    }


def test_the_room_is_given_neither_its_address_nor_its_speakers(house: House, by_ear: Assignment) -> None:
    ben = house.people["ben"]
    payload = payload_of(house, by_ear, ben)
    assert payload["urls"]["transcript"] is None  # type: ignore[index]
    assert payload["speakers"] == {} and payload["transcript_version"] is None
    assert house.transcript.id not in json.dumps(payload)
    other = payload_of(house, house.assignments["ben"], ben)  # nor is it in another room of the session
    assert house.transcript.id not in json.dumps(other)


def test_no_screen_shows_a_word_of_it(screen: Screen, house: House, by_ear: Assignment) -> None:
    def shown(name: str, address: str) -> str:
        return text_of(screen(name, address, session=house.coded.id))

    assert WORDS in shown("carla", "session")
    for address in ("session", "code"):
        assert "morning" not in shown("ben", address), address
    ben = house.people["ben"]
    assert see_session.see_session(house.workspace, ben, house.coded.id).transcripts == ()
    assert all(s.transcripts == () for s in see_session.see_sessions(house.workspace, ben))
    with pytest.raises(Refused, match="by ear"):
        open_recording.read_transcript(house.workspace, ben, house.transcript.id)


def test_a_supervisor_who_codes_by_ear_exports_no_word_of_it(house: House, by_ear: Assignment) -> None:
    carla = house.people["carla"]

    def words() -> bool:
        packed = export.export_zip(house.workspace, carla, house.coded.study_id)
        archive = zipfile.ZipFile(io.BytesIO(packed.data))
        return any(b"morning" in archive.read(name) for name in archive.namelist())

    assert words()
    assign.assign(house.workspace, None, house.coded.id, carla.id, by_ear.scheme_hash)
    assert not words()
