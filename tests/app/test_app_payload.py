"""What the coding room is given."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from tests.app.house import House
from workbench.app.parts.room_payload import LaneEvent, LaneShown, lane_of, room_payload
from workbench.model.coding import NOT_OBSERVABLE, CodingContent, CodingState, Event, Rating
from workbench.model.scheme import CodingPass, Modifier, ModifierOption
from workbench.model.span import TimeSpan
from workbench.workflows import code


def of(house: House, **changes: object) -> dict[str, object]:
    room = code.open_coding(house.workspace, house.people["ada"], house.assignments["ada"].id)
    given = {
        "session": room.session,
        "recording": room.recording,
        "transcript": room.transcript,
        "scheme": room.scheme,
        "rater": "Ada",
        "csrf": "word",
        "coding": room.coding,
    }
    return room_payload(**{**given, **changes})  # type: ignore[arg-type]


def test_a_draft_opens_to_be_worked_on(house: House) -> None:
    payload = of(house, teach=True)
    at = f"/wb/codings/{house.codings['ada']}"
    assert (payload["mode"], payload["state"], payload["teach"], payload["lanes"]) == ("code", "draft", True, [])
    assert payload["coding"] == house.codings["ada"]
    assert payload["windows"] == [[0, 240_000]]
    assert payload["urls"] == {
        "media": f"/wb/recordings/{house.recording.id}/media",
        "peaks": f"/wb/recordings/{house.recording.id}/peaks",
        "transcript": f"/wb/transcripts/{house.transcript.id}",
        "operations": f"{at}/operations",
        "submit": f"{at}/submit",
        "checklist": f"{at}/checklist",
        "take_back": f"{at}/take-back",
        "position": f"{at}/position",
        "preferences": "/wb/preferences/coding-room",
    }
    assert json.loads(json.dumps(payload)) == payload


def test_the_payload_is_small_and_holds_no_word_of_the_transcript(house: House) -> None:
    text = json.dumps(of(house))
    assert len(text) < 40_000 and "Good morning" not in text


def test_a_scheme_that_hides_the_transcript_gets_none(house: House) -> None:
    payload = of(house, scheme=replace(house.scheme, show_transcript=False))
    assert payload["urls"]["transcript"] is None  # type: ignore[index]
    assert (payload["speakers"], payload["transcript_version"]) == ({}, None)


def test_a_scheme_that_rates_segments_gets_them_as_spans_of_the_window(house: House) -> None:
    assert of(house)["segments"] == []
    each = tuple(replace(scale, each_segment=True) for scale in house.scheme.ratings)
    minutes = replace(house.scheme, ratings=each, segment_ms=120_000, passes=(CodingPass.CODE, CodingPass.RATE))
    payload = of(house, scheme=minutes)
    assert payload["segments"] == [[0, 120_000], [120_000, 240_000]]
    shown: dict[str, Any] = payload["scheme"]  # type: ignore[assignment]
    assert shown["passes"] == ["code", "rate"] and all(r["each_segment"] for r in shown["ratings"])


def test_the_room_opens_where_the_rater_stopped_or_where_a_link_says(house: House) -> None:
    code.set_position(house.workspace, house.people["ada"], house.codings["ada"], 61_000, 0)
    assert of(house)["start_ms"] == 61_000
    assert of(house, start_ms=5_000)["start_ms"] == 5_000
    assert of(house, start_ms=999_000_000)["start_ms"] == 239_999


def test_a_coding_that_was_not_begun_opens_at_its_window_and_a_link_at_its_very_moment(house: House) -> None:
    late = [TimeSpan(90_000, 120_000), TimeSpan(180_000, 240_000)]
    assert [of(house, windows=late)[name] for name in ("start_ms", "asked")] == [90_000, False]
    assert [of(house, windows=late, start_ms=5_000)[name] for name in ("start_ms", "asked")] == [5_000, True]


def test_speakers_are_named_by_their_part_and_not_by_their_code(house: House) -> None:
    named = replace(house.transcript, speakers={"S1": house.provider_id, "S2": house.patient_id})
    assert of(house)["speakers"] == {}
    assert of(house, transcript=named)["speakers"] == {
        "S1": {"label": "Provider", "role": "provider"},
        "S2": {"label": "Patient", "role": "patient"},
    }


def test_the_people_of_the_session_and_the_rater_s_own_settings_are_told(house: House) -> None:
    payload = of(house, preferences={"lag_ms": 300})
    assert payload["people"] == [
        {"id": "provider", "label": "Provider", "role": "provider"},
        {"id": "patient", "label": "Patient", "role": "patient"},
    ]
    assert payload["preferences"] == {"lag_ms": 300}


def test_a_code_brings_its_modifiers_and_whom_to_ask(house: House) -> None:
    option = ModifierOption("strong", "Strong", "1", "k")
    asking = replace(house.scheme.codes[0], ask=("whom",), modifiers=(Modifier("depth", "Depth", (option,), True),))
    shown: dict[str, Any] = of(house, scheme=replace(house.scheme, codes=(asking,)))["scheme"]  # type: ignore[assignment]
    assert shown["codes"][0]["ask"] == ["whom"] and shown["codes"][0]["who"] == asking.who
    assert shown["codes"][0]["modifiers"] == [
        {
            "id": "depth",
            "label": "Depth",
            "required": True,
            "several": False,
            "options": [{"id": "strong", "label": "Strong", "key": "1", "direct": "k"}],
        }
    ]


def test_the_room_is_told_what_is_coded_and_on_which_version(house: House) -> None:
    utterances = replace(house.scheme, unit="utterance", units_of=("provider",))
    payload = of(house, scheme=utterances)
    assert payload["transcript_version"] == 1
    assert (payload["scheme"]["unit"], payload["scheme"]["units_of"]) == ("utterance", ["provider"])  # type: ignore[index]


def test_a_comparison_has_lanes_without_events_of_another_scheme(house: House) -> None:
    first = house.scheme.codes[0].id
    mine = Event("e1", first, 1000, None, comment="sure")
    lanes = [
        LaneShown(
            "You", (LaneEvent(mine, "hit", "Both coded it.", "e3"), LaneEvent(Event("e2", "unheard_of", 5), None))
        ),
        lane_of("Ben", CodingContent((mine,)), house.scheme, []),
    ]
    payload = of(house, lanes=lanes)
    assert payload["mode"] == "review"
    base = {"id": "e1", "code": first, "start_ms": 1000, "end_ms": None, "modifiers": []}
    assert payload["lanes"] == [
        {"label": "You", "events": [{**base, "mark": "hit", "note": "Both coded it.", "pair": "e3"}], "ratings": []},
        {"label": "Ben", "events": [{**base, "mark": None, "note": "sure", "pair": None}], "ratings": []},
    ]


def test_ratings_of_a_lane_name_the_stretch_of_their_segment_in_its_own_windows(house: House) -> None:
    whole, each = house.scheme.ratings[:2]
    scheme = replace(house.scheme, ratings=(whole, replace(each, each_segment=True)), segment_ms=60_000)
    given = (
        Rating(whole.id, 0, 4.0),
        Rating(each.id, 2, None, no_evidence=True),
        Rating(each.id, 9, 1.0),  # of a window that the coding had before
        Rating("unheard_of", 0, 1.0),
    )
    lane = lane_of("Ben", CodingContent(ratings=given), scheme, [TimeSpan(30_000, 150_000)])
    [shown] = of(house, scheme=scheme, lanes=[lane])["lanes"]  # type: ignore[misc]
    of_all = {"person": "", "value": 4.0, "no_evidence": False, "scale": whole.id, "segment": None}
    of_one = {"person": "", "value": None, "no_evidence": True, "scale": each.id, "segment": [90_000, 150_000]}
    assert shown["ratings"] == [of_all, of_one]


def test_a_comparison_shows_what_a_rater_could_not_observe_and_why(house: House) -> None:
    dark = Event("e3", NOT_OBSERVABLE, 2000, 9000, modifiers=("reason:frozen",))
    [lane] = of(house, lanes=[lane_of("Ben", CodingContent((dark,)), house.scheme, [])])["lanes"]  # type: ignore[misc]
    assert [(e["code"], e["modifiers"]) for e in lane["events"]] == [(NOT_OBSERVABLE, ["reason:frozen"])]


def test_a_comparison_that_is_nobodys_writes_nowhere(house: House) -> None:
    payload = of(house, coding=None, lanes=[])
    assert payload["mode"] == "review" and payload["state"] == CodingState.SUBMITTED.value
    assert payload["urls"]["operations"] is None and payload["windows"] == [[0, 240_000]]  # type: ignore[index]
