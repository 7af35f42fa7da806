"""Who gets what from the routes: the whole table of roles, and what a change needs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.app.house import House, point, rate
from workbench.app import current
from workbench.model.span import TimeSpan
from workbench.workflows import code, prefer, record_consent, sign_in

Client = Callable[..., TestClient]

# who → answer, for the recording, its peaks and its transcript, where everybody consented
HEARS = {
    "ada": 200,  # assigned
    "ben": 200,
    "stranger": 403,  # an observer without an assignment
    "carla": 200,
    "imre": 200,
    "eve": 403,  # an administrator hears nothing
    "farid": 200,  # the session's provider
    "other": 403,  # another provider
    None: 401,
}
# who → answer, for Ben's coding, which is handed in while Ada's of the same session is not
READS_BENS = {
    "ada": 403,
    "ben": 200,
    "stranger": 403,
    "carla": 200,
    "imre": 200,
    "eve": 403,
    "farid": 403,
    "other": 403,
    None: 401,
}


def test_a_recording_is_heard_by_those_who_may_and_by_nobody_else(client: Client, house: House) -> None:
    addresses = [
        f"/wb/recordings/{house.recording.id}/media",
        f"/wb/recordings/{house.recording.id}/peaks",
        f"/wb/transcripts/{house.transcript.id}",
    ]
    for name, status in HEARS.items():
        browser = client(name)
        got = {a.rsplit("/", 1)[-1]: browser.get(a).status_code for a in addresses}
        assert set(got.values()) == {status}, (name, got)


def test_nobody_hears_a_recording_without_consent(client: Client, house: House) -> None:
    for name in HEARS:
        status = client(name).get(f"/wb/recordings/{house.silent_recording.id}/media").status_code
        assert status == (401 if name is None else 403), name


def test_a_coding_is_read_by_its_rater_and_after_both_are_handed_in(client: Client, house: House) -> None:
    address = f"/wb/codings/{house.codings['ben']}/operations"
    assert {name: client(name).get(address).status_code for name in READS_BENS} == READS_BENS
    ada = client("ada")
    ratings = [rate(s.id) for s in house.scheme.ratings]
    mine = f"/wb/codings/{house.codings['ada']}"
    assert ada.post(f"{mine}/operations", json={"operations": ratings}).status_code == 200
    assert ada.post(f"{mine}/submit").json() == {"state": "submitted"}
    assert ada.get(address).status_code == 200


def test_a_draft_is_read_and_written_by_its_rater_alone(client: Client, house: House) -> None:
    address = f"/wb/codings/{house.codings['ada']}/operations"
    for name in HEARS:
        refused = 401 if name is None else 403
        browser, batch = client(name), {"operations": [point(house, 1000)]}
        expected = 200 if name == "ada" else refused
        assert browser.get(address).status_code == expected, name
        assert browser.post(address, json=batch).status_code == expected, name


def test_operations_are_acknowledged_once_and_come_back_in_order(client: Client, house: House) -> None:
    ada, address = client("ada"), f"/wb/codings/{house.codings['ada']}/operations"
    good, outside = point(house, 4000), point(house, 999_999)
    first = ada.post(address, json={"operations": [good, outside]}).json()
    assert first["acknowledged"] == [good["id"]] and first["state"] == "draft"
    assert [r["id"] for r in first["refused"]] == [outside["id"]]
    assert "outside the observation window" in first["refused"][0]["reason"]
    again = ada.post(address, json={"operations": [good]}).json()
    assert again["acknowledged"] == [good["id"]] and again["seq"] == first["seq"]
    kept = ada.get(address).json()
    assert [(o["id"], o["start_ms"], o["seq"]) for o in kept["operations"]] == [(good["id"], 4000, first["seq"])]
    assert ada.get(f"{address}?after={first['seq']}").json()["operations"] == []


@pytest.mark.parametrize("after", ["x", "-1", "9" * 30])
def test_a_sequence_that_is_none_is_refused(client: Client, house: House, after: str) -> None:
    assert client("ada").get(f"/wb/codings/{house.codings['ada']}/operations?after={after}").status_code == 400


def test_a_coding_that_lacks_something_says_what(client: Client, house: House) -> None:
    answer = client("ada").post(f"/wb/codings/{house.codings['ada']}/submit")
    assert answer.status_code == 409
    first, *others = answer.json()["entries"]
    assert first == {
        "kind": "rating",
        "sentence": f"“{house.scheme.ratings[0].label}” is not rated yet.",
        "blocks": True,
        "scale": house.scheme.ratings[0].id,
        "segment": 0,
    }
    assert len(others) == len(house.scheme.ratings) - 1


def test_the_checklist_is_what_a_submission_is_refused_with(client: Client, house: House) -> None:
    ada, at = client("ada"), f"/wb/codings/{house.codings['ada']}"
    flagged = {**point(house, 4000), "values": {"unsure": True}}
    assert ada.post(f"{at}/operations", json={"operations": [flagged, point(house, 5000)]}).status_code == 200
    told = ada.get(f"{at}/checklist").json()
    assert told["entries"] == ada.post(f"{at}/submit").json()["entries"]
    assert (told["events"], told["state"], told["time_spent_ms"]) == (2, "draft", 0)
    assert told["entries"][-1]["event"] == flagged["event"] and not told["entries"][-1]["blocks"]


def test_a_checklist_is_told_to_whom_the_coding_is_told(client: Client, house: House) -> None:
    for name in HEARS:
        refused = 401 if name is None else 403
        expected = 200 if name == "ada" else refused
        assert client(name).get(f"/wb/codings/{house.codings['ada']}/checklist").status_code == expected, name


def test_a_change_without_the_pages_word_is_refused(client: Client, house: House) -> None:
    ada, bens_word = client("ada"), client("ben").headers["x-wb-csrf"]
    for path in ("operations", "submit", "take-back", "reopen", "position"):
        for word in ("", "guess", bens_word):
            answer = ada.post(f"/wb/codings/{house.codings['ada']}/{path}", json={}, headers={"x-wb-csrf": word})
            assert answer.status_code == 403, (path, word)
    assert ada.get(f"/wb/codings/{house.codings['ada']}/operations").json()["operations"] == []


def test_a_change_from_another_site_is_refused(client: Client, house: House) -> None:
    headers = {"sec-fetch-site": "cross-site"}
    answer = client("ada").post(f"/wb/codings/{house.codings['ada']}/position", json={}, headers=headers)
    assert answer.status_code == 403


@pytest.mark.parametrize("body", [b"[]", b"{", b"\xff", b"[" * 100_000, b'{"operations": 3}'])
def test_a_body_that_is_no_batch_is_refused(client: Client, house: House, body: bytes) -> None:
    answer = client("ada").post(f"/wb/codings/{house.codings['ada']}/operations", content=body)
    assert answer.status_code == 400 and "error" in answer.json()


def test_a_body_beyond_two_megabytes_is_refused(client: Client, house: House) -> None:
    ada, address = client("ada"), f"/wb/codings/{house.codings['ada']}/operations"
    assert ada.post(address, content=b" " * (2 * 1024 * 1024 + 1)).status_code == 413
    unannounced = (b" " * 65536 for _ in range(40))
    assert ada.post(address, content=unannounced).status_code == 413


def test_the_position_is_kept_and_working_time_adds_up(client: Client, house: House) -> None:
    ada, address = client("ada"), f"/wb/codings/{house.codings['ada']}/position"
    for _ in range(2):
        assert ada.post(address, json={"position_ms": 7000, "time_spent_ms": 4000}).status_code == 200

    kept = code.room(house.workspace, house.codings["ada"]).coding
    assert (kept.position_ms, kept.time_spent_ms) == (7000, 8000)
    assert ada.post(address, json={"position_ms": "7"}).status_code == 400
    assert client("ben").post(address, json={"position_ms": 1, "time_spent_ms": 1}).status_code == 403


def test_what_was_heard_on_two_computers_adds_up_for_its_rater_alone(client: Client, house: House) -> None:
    ada, address = client("ada"), f"/wb/codings/{house.codings['ada']}/position"
    for heard in ([[0, 4000], [9000, 12_000]], [[3000, 9000]], []):
        assert ada.post(address, json={"position_ms": 1, "heard": heard}).status_code == 200
    kept = {who: code.heard_before(house.workspace, house.people[who], house.codings["ada"]) for who in ("ada", "ben")}
    assert kept == {"ada": (TimeSpan(0, 12_000),), "ben": ()}
    assert client("ben").post(address, json={"position_ms": 1, "heard": [[0, 1]]}).status_code == 403


@pytest.mark.parametrize(
    "unread", ["all", None, {"0": 1}, [[0]], [[5, 1]], [[-1, 4]], [["a", 4]], [[0.5, 4]], [7], [[True, 2]]]
)
def test_what_cannot_be_read_of_what_was_heard_costs_neither_the_place_nor_the_time(
    client: Client, house: House, unread: Any
) -> None:
    ada, address = client("ada"), f"/wb/codings/{house.codings['ada']}/position"
    before = code.room(house.workspace, house.codings["ada"]).coding.time_spent_ms
    heard = [*unread, [0, 4000]] if isinstance(unread, list) else unread
    report = {"position_ms": 70, "time_spent_ms": 900, "heard": heard}
    assert ada.post(address, json=report).status_code == 200
    kept = code.room(house.workspace, house.codings["ada"]).coding
    assert (kept.position_ms, kept.time_spent_ms) == (70, before + 900)
    spans = code.heard_before(house.workspace, house.people["ada"], house.codings["ada"])
    assert spans == ((TimeSpan(0, 4000),) if isinstance(unread, list) else ())


def test_more_than_can_be_taken_at_once_of_what_was_heard_is_taken_as_far_as_it_goes(
    client: Client, house: House
) -> None:
    ada, address = client("ada"), f"/wb/codings/{house.codings['ada']}/position"
    assert (
        ada.post(address, json={"position_ms": 9, "heard": [[9 * n, 9 * n + 1] for n in range(5000)]}).status_code
        == 200
    )
    spans = code.heard_before(house.workspace, house.people["ada"], house.codings["ada"])
    assert len(spans) == 1000 and code.room(house.workspace, house.codings["ada"]).coding.position_ms == 9


def test_a_supervisor_gives_a_coding_back_with_a_reason(client: Client, house: House) -> None:
    address, why = f"/wb/codings/{house.codings['ben']}/reopen", {"reason": "Listen to the end again."}
    assert client("imre").post(address, json=why).status_code == 403
    assert client("ben").post(address, json=why).status_code == 403
    assert client("carla").post(address, json={}).status_code == 400
    assert client("carla").post(address, json={"reason": " "}).status_code == 409
    assert client("carla").post(address, json=why).json() == {"state": "draft"}


def test_a_rater_takes_a_coding_back_until_somebody_has_read_it(client: Client, house: House) -> None:
    mine = f"/wb/codings/{house.codings['ben']}"
    assert client("ada").post(f"{mine}/take-back").status_code == 403
    assert client("ben").post(f"{mine}/take-back").json() == {"state": "draft"}
    assert client("ben").post(f"{mine}/submit").json() == {"state": "submitted"}
    assert client("carla").get(f"{mine}/operations").json()["state"] == "locked"
    assert client("ben").post(f"{mine}/take-back").status_code == 403


def test_a_sign_in_that_ends_midway_is_401_and_nothing_is_written(client: Client, house: House) -> None:
    ada, address = client("ada"), f"/wb/codings/{house.codings['ada']}/operations"
    assert ada.post(address, json={"operations": [point(house, 1000)]}).status_code == 200
    sign_in.sign_out(house.workspace, ada.cookies[current.LOGIN])
    late = ada.post(address, json={"operations": [point(house, 2000)]})
    assert late.status_code == 401 and "Sign in again" in late.json()["error"]
    assert len(client("ada").get(address).json()["operations"]) == 1


def test_a_withdrawn_consent_closes_the_recording_and_the_coding(client: Client, house: House) -> None:
    ada = client("ada")
    for consent in record_consent.consents(house.workspace, house.coded.id):
        record_consent.withdraw_consent(house.workspace, None, house.coded.id, consent.id)
    answer = ada.get(f"/wb/recordings/{house.recording.id}/media")
    assert answer.status_code == 403 and "withdrawn" in answer.json()["error"]
    batch = {"operations": [point(house, 1000)]}
    assert ada.post(f"/wb/codings/{house.codings['ada']}/operations", json=batch).status_code == 403


def test_what_is_not_there_is_404_and_an_id_tells_nothing(client: Client) -> None:
    carla = client("carla")
    for address in ("/wb/recordings/nothing/media", "/wb/transcripts/nothing"):
        assert carla.get(address).status_code == 404, address
    assert carla.get("/wb/codings/nothing/operations").status_code == 403


def test_an_accident_tells_nothing_of_what_was_worked_on(
    client: Client, house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise ValueError("the patient said a secret")

    monkeypatch.setattr("workbench.workflows.open_recording.read_transcript", fail)
    answer = client("ada").get(f"/wb/transcripts/{house.transcript.id}")
    assert answer.status_code == 500 and "secret" not in answer.text
    assert "ValueError" in caplog.text and "secret" not in caplog.text


def test_an_upload_arrives_in_slices_and_goes_on_where_it_stopped(client: Client, house: House) -> None:
    carla, size = client("carla"), 1000
    begun = carla.post("/wb/uploads", json={"session": house.coded.id, "size": size})
    assert begun.status_code == 201
    at = f"/wb/uploads/{begun.json()['ticket']}"
    assert carla.put(f"{at}?offset=0", content=b"a" * 600).json()["offset"] == 600
    step = carla.put(f"{at}?offset=0", content=b"a" * 600)
    assert step.status_code == 409 and step.json()["expected"] == 600
    assert carla.get(at).json()["offset"] == 600
    assert carla.post(f"{at}/finish", json={"name": "x.wav"}).json()["expected"] == 600
    assert client("imre").put(f"{at}?offset=600", content=b"a").status_code == 404
    assert carla.put(f"{at}?offset=600", content=b"a" * 400).json()["offset"] == size
    refused = carla.post(f"{at}/finish", json={"name": "x.wav"})
    assert refused.status_code == 409 and "x.wav" in refused.json()["error"]


def test_an_upload_needs_role_consent_and_word(client: Client, house: House) -> None:
    asked = {"session": house.coded.id, "size": 10}
    for name in ("ada", "farid"):
        assert client(name).post("/wb/uploads", json=asked).status_code == 403, name
    carla = client("carla")
    assert carla.post("/wb/uploads", json=asked, headers={"x-wb-csrf": ""}).status_code == 403
    assert carla.post("/wb/uploads", json={"session": house.silent.id, "size": 10}).status_code == 403
    assert client().post("/wb/uploads", json=asked).status_code == 401
    page = carla.get(f"/wb/sessions/{house.coded.id}/add-recording", headers={"accept": "text/html"})
    assert page.status_code == 200 and "upload.js" in page.text
    assert carla.get(f"/wb/sessions/{house.silent.id}/add-recording").status_code == 403


def test_settings_of_the_coding_room_are_kept_for_who_sends_them(client: Client, house: House) -> None:
    address, mine = "/wb/preferences/coding-room", {"lag_ms": 250}
    assert client(None).put(address, json=mine).status_code == 401
    assert client("ada").put(address, json=mine).json()["lag_ms"] == 250
    refused = client("ben").put(address, json={"lag_ms": "slow"})
    assert refused.status_code == 409 and "0 to 2000 ms" in refused.json()["problems"][0]
    assert client("ben").put(address, json=mine, headers={"x-wb-csrf": "stale"}).status_code == 403
    assert {name: prefer.preferred(house.workspace, house.people[name])["lag_ms"] for name in ("ada", "ben")} == {
        "ada": 250,
        "ben": 0,
    }
