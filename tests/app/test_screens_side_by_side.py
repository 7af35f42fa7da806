"""The codings of a session side by side: whose window and scheme the room has, and what it says of lanes it lacks."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tests.app.house import House, point
from workbench.app.parts.walk import Stop, Walk
from workbench.model.span import TimeSpan
from workbench.schemes.canonical import identified
from workbench.workflows import assign, code, keep_definition

Screen = Callable[..., AppTest]
WINDOW = TimeSpan(20_000, 90_000)


@pytest.fixture
def two_schemes(house: House) -> str:
    """Another scheme, on which the stranger coded a part of the session."""
    made = identified(replace(house.scheme, name="other", title="Another scheme", ratings=(), rules=()))
    scheme = keep_definition.keep_scheme(house.workspace, None, made)
    rater = house.people["stranger"]
    given = assign.assign(house.workspace, None, house.coded.id, rater.id, scheme.hash, [WINDOW])
    coding = code.open_coding(house.workspace, rater, given.id).coding.id
    assert not code.write_operations(house.workspace, rater, coding, [point(house, 30_000)]).result(10).refused
    code.submit(house.workspace, rater, coding)
    return scheme.hash


def room(at: AppTest) -> dict[str, Any]:
    assert not at.exception, at.exception
    [mounted] = at.get("bidi_component")
    found: dict[str, Any] = json.loads(mounted.proto.json)
    return found


def said(at: AppTest) -> str:
    assert not at.exception, at.exception
    parts = [*(e.value for e in at.caption), *(e.proto.body for e in at.get("html")), *(e.value for e in at.title)]
    return "\n".join(str(p) for p in parts).replace("\\", "")


def links(at: AppTest) -> dict[str, str]:
    return {e.proto.label.replace("\\", ""): e.proto.query_string for e in at.get("page_link")}


def test_window_and_scheme_are_those_of_the_raters_that_are_asked_for(
    screen: Screen, house: House, two_schemes: str
) -> None:
    shown = room(screen("carla", "code", session=house.coded.id, raters=house.people["stranger"].id))
    assert shown["windows"] == [[20_000, 90_000]] and shown["scheme"]["title"] == "Another scheme"
    assert [(lane["label"], len(lane["events"])) for lane in shown["lanes"]] == [("Stranger", 1)]


def test_each_scheme_has_its_own_lanes_and_there_is_a_way_to_the_others(
    screen: Screen, house: House, two_schemes: str
) -> None:
    at = screen("carla", "code", session=house.coded.id)
    assert [(lane["label"], len(lane["events"])) for lane in room(at)["lanes"]] == [("Ben", 4)]
    assert two_schemes in links(at)[f"On “Another scheme {house.scheme.version}”: 1 coding"]
    at = screen("carla", "code", session=house.coded.id, scheme=two_schemes)
    assert [lane["label"] for lane in room(at)["lanes"]] == ["Stranger"]


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"scheme": "f" * 64}, "no submitted coding of this session on “a scheme that is not known here”"),
        ({"raters": "nobody"}, "no submitted coding of this session by the raters that were asked for"),
    ],
)
def test_lanes_that_are_not_there_are_said_and_no_empty_room_opens(
    screen: Screen, house: House, asked: dict[str, str], words: str
) -> None:
    at = screen("carla", "code", session=house.coded.id, **asked)
    assert not at.get("bidi_component") and words in said(at)
    assert house.coded.id in links(at)["All codings of this session"]


def test_a_scheme_on_which_nobody_coded_is_named(screen: Screen, house: House) -> None:
    made = keep_definition.keep_scheme(
        house.workspace, None, identified(replace(house.scheme, name="idle", title="An <idle> *scheme*"))
    )
    at = screen("carla", "code", session=house.coded.id, scheme=made.hash)
    assert f"on “An &lt;idle&gt; *scheme* {house.scheme.version}”" in said(at) and not at.get("bidi_component")


# --- a walk through disagreements


def walked(screen: Screen, house: House, owner: str, *, again: bool = False, n: int = 2) -> AppTest:
    stops = tuple(Stop(4 + k, house.coded.id, 5000, f"Ada: x · Ben: *{k}*", (f"event-{k}",)) for k in range(n))
    at = screen("carla", "code", session=house.coded.id, at="5000", step="0", codes="event-0,<b>")
    mine = Walk(house.people[owner].id, "list", house.scheme.hash, (), 9, stops, {}, turn=7, again=again)
    at.session_state["walk"] = mine
    return at.run()


def test_a_stop_says_which_it_is_and_names_its_codes(screen: Screen, house: House) -> None:
    at = walked(screen, house, "carla")
    words = "Disagreement 5 of 9 · Ada: x · Ben: *0*"
    assert words in said(at)
    assert room(at)["walk"] == {"at_ms": 5000, "events": ["event-0"], "step": 0, "turn": 7, "said": words}
    assert at.button(key="walk-next").label == "Next disagreement"


def test_the_list_that_begins_again_says_so_and_so_does_a_list_of_one(screen: Screen, house: House) -> None:
    assert "The list begins again. Disagreement 5 of 9" in said(walked(screen, house, "carla", again=True))
    at = walked(screen, house, "carla", again=True, n=1)
    assert "That was the only one; once more. Disagreement 5 of 9" in said(at)
    assert not at.button(key="walk-next").disabled and at.button(key="walk-next").label == "Once more"


def test_nobody_goes_on_with_the_walk_of_somebody_else(screen: Screen, house: House) -> None:
    at = walked(screen, house, "imre")
    assert "Disagreement" not in said(at)
    assert room(at)["walk"] == {"at_ms": 5000, "events": ["event-0"], "step": -1}
