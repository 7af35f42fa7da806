"""Live coding on screen: the room with its clock, and aligning it with the recording that came later."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from tests.app.house import House, rate
from tests.app.test_app_screens import payload_of, text_of, title_of
from workbench.model.consent import Scope
from workbench.model.ids import new_id, now_ms
from workbench.model.session import Recording, Session
from workbench.store import codings, recordings
from workbench.workflows import add_session, align, assign, code, record_consent

Screen = Callable[..., AppTest]
POINTS_MS = (10_000, 70_000)


@pytest.fixture
def session(house: House) -> Session:
    """A session that Ada codes while it happens; nothing is recorded yet."""
    members = [house.provider_id, house.patient_id]
    made = add_session.add_session(house.workspace, None, house.coded.study_id, "L-1", members, title="A role play")
    for member in members:
        record_consent.record_consent(house.workspace, None, made.id, member, set(Scope), record_consent.STATEMENT)
    assign.assign_raters(
        house.workspace, house.people["carla"], made.id, [house.people["ada"].id], house.scheme.hash, live=True
    )
    return made


def coding_of(house: House, session: Session) -> str:
    (given,) = [a for a in assign.assignments_of(house.workspace, house.people["ada"]) if a.session_id == session.id]
    return code.open_coding(house.workspace, house.people["ada"], given.id).coding.id


def handed_in(house: House, session: Session) -> str:
    """Ada's live coding, with two point events, handed in."""
    coding_id = coding_of(house, session)
    operations: list[dict[str, object]] = [rate(s.id) for s in house.scheme.ratings]
    for at_ms in POINTS_MS:
        operations.append(
            {
                "id": new_id(),
                "kind": "add",
                "client_at": now_ms(),
                "event": new_id(),
                "code": house.scheme.codes[0].id,
                "start_ms": at_ms,
                "end_ms": None,
            }
        )
    stopped = {"origin_at": now_ms() - 100_000, "stopped_ms": 100_000}
    operations.append({"id": new_id(), "kind": "clock", "client_at": now_ms(), "values": stopped})
    written = code.write_operations(house.workspace, house.people["ada"], coding_id, operations).result(10)
    assert written.refused == ()
    code.submit(house.workspace, house.people["ada"], coding_id)
    return coding_id


def record(house: House, session: Session) -> None:
    """The recording comes, four minutes long."""
    made = replace(house.recording, id=new_id(), session_id=session.id)
    with house.workspace.changing(None, "recording.add", "recording", made.id) as connection:
        recordings.add(connection, made, made.id)


def recordings_of(house: House, session: Session) -> list[Recording]:
    with house.workspace.reading() as connection:
        return recordings.of_session(connection, session.id)


def starts(house: House, coding_id: str) -> list[int]:
    with house.workspace.reading() as connection:
        return [e.start_ms for e in codings.content(connection, coding_id).events]


def test_the_room_of_a_live_coding_has_a_clock_and_no_recording(screen: Screen, house: House, session: Session) -> None:
    shown = payload_of(screen("ada", "code", session=session.id))
    assert shown["live"] is True and shown["more_media"] == []
    assert (shown["media"]["kind"], shown["media"]["duration_ms"]) == ("none", 0)
    assert (shown["urls"]["media"], shown["urls"]["peaks"], shown["urls"]["transcript"]) == (None, None, None)
    assert shown["windows"] == [[0, 12 * 3_600_000]]


def test_without_consent_the_room_stays_closed(screen: Screen, house: House, session: Session) -> None:
    for consent in record_consent.consents(house.workspace, session.id):
        record_consent.withdraw_consent(house.workspace, None, session.id, consent.id)
    at = screen("ada", "code", session=session.id)
    assert title_of(at) == "This cannot be opened" and "Consent to coding" in text_of(at)


def test_a_live_coding_that_is_handed_in_is_shown_on_its_clock(screen: Screen, house: House, session: Session) -> None:
    handed_in(house, session)
    record(house, session)
    (given,) = [a for a in assign.assignments_of(house.workspace, house.people["ada"]) if a.session_id == session.id]
    at = screen("ada", "code", assignment=given.id)
    shown = payload_of(at)
    assert (shown["media"]["kind"], shown["media"]["duration_ms"], shown["live"]) == ("none", 100_000, False)
    assert [e["start_ms"] for lane in shown["lanes"] for e in lane["events"]] == list(POINTS_MS)
    at.button(key="align").click().run()
    assert title_of(at).startswith("Align with the recording: A role play")


def test_an_overseer_sees_the_recording_and_what_is_not_aligned_yet(
    screen: Screen, house: House, session: Session
) -> None:
    coding_id = handed_in(house, session)
    record(house, session)
    at = screen("carla", "code", session=session.id)
    assert payload_of(at)["lanes"] == []
    assert "The live coding of Ada is not aligned with the recording yet" in text_of(at)
    align.align(house.workspace, house.people["carla"], coding_id, 2_000)
    shown = payload_of(screen("carla", "code", session=session.id))
    assert [e["start_ms"] for lane in shown["lanes"] for e in lane["events"]] == [12_000, 72_000]
    assert shown["windows"] == [[2_000, 102_000]]


def test_a_session_that_is_never_recorded_is_still_looked_at(screen: Screen, house: House, session: Session) -> None:
    handed_in(house, session)
    at = screen("carla", "code", session=session.id)
    assert payload_of(at)["media"]["kind"] == "none" and "There is no recording of this session" in text_of(at)


def test_one_event_that_is_found_in_the_recording_aligns_the_coding(
    screen: Screen, house: House, session: Session
) -> None:
    coding_id = handed_in(house, session)
    record(house, session)
    at = screen("carla", "align", coding=coding_id)
    assert "Not aligned yet" in text_of(at)
    at.text_input(key=f"at-{coding_id}").set_value("0:13.5").run()
    at.button(key="use-event").click().run()
    assert at.number_input(key=f"shift-{coding_id}").value == 3.5
    assert "0:13" in text_of(at) and "1:13" in text_of(at)
    assert starts(house, coding_id) == list(POINTS_MS)  # a preview changes nothing
    at.button(key="align-now").click().run()
    assert not at.exception and not at.error
    assert starts(house, coding_id) == [13_500, 73_500]
    at.button(key="undo-align").click().run()
    assert starts(house, coding_id) == list(POINTS_MS)


def test_steps_move_the_preview(screen: Screen, house: House, session: Session) -> None:
    coding_id = handed_in(house, session)
    record(house, session)
    at = screen("ada", "align", coding=coding_id)
    for step in (1000, 1000, -100):
        at.button(key=f"by{step}-{coding_id}").click().run()
    assert at.number_input(key=f"shift-{coding_id}").value == 1.9
    at.button(key="align-now").click().run()
    assert starts(house, coding_id) == [11_900, 71_900]


def test_a_coding_that_is_aligned_is_moved_from_its_own_clock_and_not_twice(
    screen: Screen, house: House, session: Session
) -> None:
    coding_id = handed_in(house, session)
    record(house, session)
    align.align(house.workspace, house.people["carla"], coding_id, 2_000)
    at = screen("carla", "align", coding=coding_id)
    shown = payload_of(at)
    assert [e["start_ms"] for e in shown["events"]] == list(POINTS_MS) and shown["shift_ms"] == 2_000
    at.text_input(key=f"at-{coding_id}").set_value("0:13.5").run()
    at.button(key="use-event").click().run()
    at.button(key="align-now").click().run()
    assert starts(house, coding_id) == [13_500, 73_500]


def test_the_player_gets_the_recording_and_the_moments_and_says_who_may_place_them(
    screen: Screen, house: House, session: Session
) -> None:
    coding_id = handed_in(house, session)
    record(house, session)
    shown = payload_of(screen("carla", "align", coding=coding_id))
    assert (shown["mode"], shown["may"], shown["shift_ms"], shown["ran_ms"]) == ("align", True, 0, 100_000)
    assert shown["urls"] == {
        part: f"/wb/recordings/{recordings_of(house, session)[0].id}/{part}" for part in ("media", "peaks")
    }
    assert shown["media"]["duration_ms"] == 240_000 and "Good morning" not in str(shown)


def test_what_falls_outside_the_recording_is_said_before(screen: Screen, house: House, session: Session) -> None:
    coding_id = handed_in(house, session)
    record(house, session)
    at = screen("ada", "align", coding=coding_id)
    at.number_input(key=f"shift-{coding_id}").set_value(-20.0).run()
    assert "1 event lies outside the recording" in "".join(w.value for w in at.warning)
    at.number_input(key=f"shift-{coding_id}").set_value(300.0).run()
    assert "nothing that was observed lies in the recording" in "".join(w.value for w in at.warning)
    at.button(key="align-now").click().run()
    assert "nothing that was observed" in text_of(at) and starts(house, coding_id) == list(POINTS_MS)


@pytest.mark.parametrize("name", ["stranger", "eve", "farid", "ben"])
def test_nobody_else_gets_to_align(screen: Screen, house: House, session: Session, name: str) -> None:
    coding_id = handed_in(house, session)
    record(house, session)
    at = screen(name, "align", coding=coding_id)
    titles = [t.value for t in at.title]
    assert "A role play" not in "".join(titles) and not [b for b in at.button if b.key == "align-now"]


def test_a_coding_of_the_recording_has_nothing_to_align(screen: Screen, house: House) -> None:
    at = screen("ada", "align", coding=house.codings["ada"])
    assert "there is nothing to align" in text_of(at)
