"""A recording in ranges, as players ask for it."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from tests.app.house import House
from workbench.app import current
from workbench.app.routes import media
from workbench.workflows import record_consent
from workbench.workflows.read_audit import read_audit

Client = Callable[..., TestClient]


@pytest.fixture
def ada(client: Client) -> TestClient:
    return client("ada")


@pytest.fixture
def address(house: House) -> str:
    return f"/wb/recordings/{house.recording.id}/media"


def test_the_whole_recording_comes_as_it_went_in(ada: TestClient, house: House, address: str) -> None:
    answer = ada.get(address)
    assert answer.status_code == 200 and answer.content == house.media
    assert answer.headers["content-type"] == "audio/ogg"
    assert answer.headers["accept-ranges"] == "bytes"
    assert answer.headers["cache-control"] == "private, no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-0", 0, 0),
        ("bytes=0-99", 0, 99),
        ("bytes=65530-65545", 65530, 65545),  # over a segment's border
        ("bytes=1000000-", 1_000_000, 1_000_002),
        ("bytes=-10", 999_993, 1_000_002),
        ("bytes=-9999999", 0, 1_000_002),
        ("bytes=999000-99999999", 999_000, 1_000_002),
        ("bytes=0-", 0, 1_000_002),
    ],
)
def test_a_range_is_exactly_these_bytes(
    ada: TestClient, house: House, address: str, asked: str, first: int, last: int
) -> None:
    answer = ada.get(address, headers={"range": asked})
    assert answer.status_code == 206
    assert answer.headers["content-range"] == f"bytes {first}-{last}/1000003"
    assert answer.headers["content-length"] == str(last - first + 1)
    assert answer.content == house.media[first : last + 1]


@pytest.mark.parametrize("asked", ["bytes=1000003-", "bytes=99999999-", "bytes=-0"])
def test_a_range_behind_the_end_is_416(ada: TestClient, address: str, asked: str) -> None:
    answer = ada.get(address, headers={"range": asked})
    assert answer.status_code == 416 and answer.headers["content-range"] == "bytes */1000003"


@pytest.mark.parametrize("asked", ["bytes=9-3", "bytes=-", "bytes=a-b", "items=0-3", "bytes=0-3,7-9", ""])
def test_a_range_that_is_none_gives_the_whole(ada: TestClient, address: str, asked: str) -> None:
    answer = ada.get(address, headers={"range": asked})
    assert answer.status_code == 200 and len(answer.content) == 1_000_003


def test_a_range_of_an_older_recording_gives_the_whole(ada: TestClient, address: str) -> None:
    etag = ada.get(address, headers={"range": "bytes=0-0"}).headers["etag"]
    same = ada.get(address, headers={"range": "bytes=0-9", "if-range": etag})
    other = ada.get(address, headers={"range": "bytes=0-9", "if-range": '"another"'})
    assert (same.status_code, other.status_code) == (206, 200)


def test_head_says_the_size_and_sends_nothing(ada: TestClient, address: str) -> None:
    answer = ada.head(address)
    assert answer.status_code == 200 and answer.content == b""
    assert answer.headers["content-length"] == "1000003"
    assert ada.head(address, headers={"range": "bytes=0-9"}).headers["content-length"] == "10"


def test_a_long_answer_stops_when_consent_is_withdrawn(
    ada: TestClient, house: House, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(media, "PIECE", 100_000)
    monkeypatch.setattr(media, "ASK_AGAIN", 200_000)
    withdrawn: list[bool] = []
    real = media.open_recording.admit

    def admit(*arguments: object) -> object:
        if not withdrawn:
            for consent in record_consent.consents(house.workspace, house.coded.id):
                record_consent.withdraw_consent(house.workspace, None, house.coded.id, consent.id)
            withdrawn.append(True)
        return real(*arguments)  # type: ignore[arg-type]

    opened = media.open_recording.open_media(current.workspace(), house.people["ada"], house.recording.id)
    monkeypatch.setattr(media.open_recording, "open_media", lambda *_: opened)
    monkeypatch.setattr(media.open_recording, "admit", admit)
    with ada.stream("GET", address) as answer:
        try:
            taken = sum(len(piece) for piece in answer.iter_bytes())
        except Exception:
            taken = 0
    assert withdrawn and taken <= 300_000


def test_memory_does_not_grow_with_the_recording(ada: TestClient, address: str) -> None:
    ada.get(address, headers={"range": "bytes=0-9"})
    tracemalloc.start()
    with ada.stream("GET", address, headers={"range": "bytes=0-9"}) as answer:
        answer.read()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 900_000, "ten bytes of a megabyte must not load the megabyte"


def test_listening_is_written_down_once_in_a_while(ada: TestClient, house: House, address: str) -> None:
    for _ in range(5):
        ada.get(address, headers={"range": "bytes=0-9"})
    rows = read_audit(house.workspace, house.people["eve"], action="recording.play")
    assert [(r.who, r.resource_id) for r in rows].count(("Ada", house.recording.id)) <= 1
