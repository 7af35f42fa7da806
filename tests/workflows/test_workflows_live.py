"""Coding a session while it happens: the clock alone, and later the recording."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tests.clinic import DURATION_MS, Clinic, open_clinic
from tests.workflows.test_workflows_observed import unzipped
from workbench.model.alignment import LONGEST_LIVE_MS
from workbench.model.assignment import Assignment
from workbench.model.coding import CodingState, OperationKind
from workbench.model.consent import Scope
from workbench.model.ids import new_id, now_ms
from workbench.model.people import Person
from workbench.model.session import Recording
from workbench.model.span import TimeSpan
from workbench.store import assignments, audit, codings, recordings
from workbench.store.workspace import Workspace
from workbench.workflows import (
    add_session,
    agree,
    align,
    assign,
    code,
    hand_back,
    place_recording,
    record_consent,
    review,
    score,
    see_session,
)
from workbench.workflows.refusal import Refused

Make = Callable[..., dict[str, Any]]
BEGAN = 1_700_000_000_000


@pytest.fixture
def live(workspace: Workspace, person_of: Callable[..., Person]) -> Clinic:
    """The clinic with a session that is about to happen: everybody consents, and nothing is recorded yet."""
    clinic = open_clinic(workspace, person_of)
    members = [p.participant_id for p in clinic.session.participants]
    study = add_session.studies(workspace)[0]
    session = add_session.add_session(workspace, None, study.id, "L001", members)
    for member in members:
        record_consent.record_consent(workspace, None, session.id, member, Scope, "I agree to all of it.")
    return replace(clinic, session=session)


def given(clinic: Clinic, *raters: Person) -> list[Assignment]:
    return assign.assign_raters(
        clinic.workspace,
        clinic.supervisor,
        clinic.session.id,
        [r.id for r in raters or (clinic.observer,)],
        clinic.scheme.hash,
        live=True,
    )


def begun(clinic: Clinic, rater: Person | None = None) -> str:
    rater = rater or clinic.observer
    (assignment,) = given(clinic, rater)
    return code.open_coding(clinic.workspace, rater, assignment.id).coding.id


def write(clinic: Clinic, coding_id: str, *operations: dict[str, Any], rater: Person | None = None) -> None:
    written = code.write_operations(clinic.workspace, rater or clinic.observer, coding_id, operations).result(10)
    assert written.refused == ()


def clock_operation(operation: Make, stopped_ms: int | None, origin_at: int = BEGAN) -> dict[str, Any]:
    return operation("clock", values={"origin_at": origin_at, "stopped_ms": stopped_ms})


def rated(clinic: Clinic, operation: Make) -> list[dict[str, Any]]:
    return [operation("rate", values={"scale": s.id, "value": s.low}) for s in clinic.scheme.ratings]


def coded(clinic: Clinic, operation: Make, *at_ms: int, stopped_ms: int = 100_000, origin_at: int = BEGAN) -> str:
    """A live coding that is handed in, with a point event at each of `at_ms`."""
    rater = clinic.observer
    coding_id = begun(clinic)
    point = clinic.scheme.codes[0].id
    write(
        clinic,
        coding_id,
        *(operation(code=point, start_ms=ms) for ms in at_ms),
        *rated(clinic, operation),
        clock_operation(operation, stopped_ms, origin_at),
    )
    code.submit(clinic.workspace, rater, coding_id)
    return coding_id


def record(clinic: Clinic) -> Recording:
    """The recording that comes later."""
    made = Recording(new_id(), clinic.session.id, "audio/ogg", ".ogg", False, 1, DURATION_MS, 9, 0, now_ms())
    with clinic.workspace.changing(None, "recording.add", "session", clinic.session.id) as connection:
        recordings.add(connection, made, made.id)
    return made


def starts(clinic: Clinic, coding_id: str) -> list[int]:
    with clinic.workspace.reading() as connection:
        return [e.start_ms for e in codings.content(connection, coding_id).events]


def window(clinic: Clinic, coding_id: str) -> tuple[TimeSpan, ...]:
    with clinic.workspace.reading() as connection:
        coding = codings.get(connection, coding_id)
    assert coding is not None
    return coding.windows


# --- while it happens


def test_a_session_without_recording_is_assigned_to_be_coded_live(live: Clinic) -> None:
    first, second = given(live, live.observer, live.second)
    assert first.live and second.live and first.window_open
    assert first.windows == second.windows == (TimeSpan(0, LONGEST_LIVE_MS),)
    room = code.open_coding(live.workspace, live.observer, first.id)
    assert room.recording is None and room.transcript is None and room.coding.live


def test_a_session_that_is_recorded_is_not_assigned_live(clinic: Clinic) -> None:
    with pytest.raises(Refused, match="recorded already"):
        given(clinic)
    with clinic.workspace.reading() as connection:
        assert assignments.every(connection) == []


def test_without_consent_to_coding_nobody_codes_live(live: Clinic) -> None:
    (assignment,) = given(live)
    for consent in record_consent.consents(live.workspace, live.session.id):
        record_consent.withdraw_consent(live.workspace, live.supervisor, live.session.id, consent.id)
    with pytest.raises(Refused, match="Consent to coding"):
        code.open_coding(live.workspace, live.observer, assignment.id)


def test_events_are_kept_on_the_clock(live: Clinic, operation: Make) -> None:
    coding_id = begun(live)
    write(
        live, coding_id, clock_operation(operation, None), operation(code=live.scheme.codes[0].id, start_ms=5_000_000)
    )
    assert starts(live, coding_id) == [5_000_000]


def test_a_live_coding_is_handed_in_once_its_clock_has_stopped(live: Clinic, operation: Make) -> None:
    coding_id = begun(live)
    write(live, coding_id, *rated(live, operation))
    with pytest.raises(Refused) as never:
        code.submit(live.workspace, live.observer, coding_id)
    assert "never started" in never.value.problems[0]
    write(live, coding_id, clock_operation(operation, None))
    with pytest.raises(Refused) as runs:
        code.submit(live.workspace, live.observer, coding_id)
    assert "still runs" in runs.value.problems[0]
    write(live, coding_id, clock_operation(operation, 61_000))
    code.submit(live.workspace, live.observer, coding_id)
    assert window(live, coding_id) == (TimeSpan(0, 61_000),)


def test_a_live_coding_that_is_a_draft_again_can_go_on(live: Clinic, operation: Make) -> None:
    coding_id = coded(live, operation, 1000)
    hand_back.take_back(live.workspace, live.observer, coding_id)
    write(live, coding_id, clock_operation(operation, None), operation(code=live.scheme.codes[0].id, start_ms=150_000))
    write(live, coding_id, clock_operation(operation, 200_000))
    code.submit(live.workspace, live.observer, coding_id)
    assert window(live, coding_id) == (TimeSpan(0, 200_000),)


# --- the recording comes


def test_a_coding_stays_on_its_clock_until_it_is_aligned(live: Clinic, operation: Make) -> None:
    coding_id = coded(live, operation, 10_000, 50_000)
    record(live)
    assert code.room(live.workspace, coding_id).recording is None
    with live.workspace.reading() as connection:
        coding = codings.get(connection, coding_id)
    assert coding is not None and align.on_clock(live.workspace, [coding]) == {coding_id}


@pytest.mark.parametrize("who", ["observer", "supervisor"])
def test_an_alignment_moves_events_notes_and_window(live: Clinic, operation: Make, who: str) -> None:
    coding_id = coded(live, operation, 10_000, 50_000)
    recording = record(live)
    align.align(live.workspace, getattr(live, who), coding_id, 2_500)
    assert starts(live, coding_id) == [12_500, 52_500]
    assert window(live, coding_id) == (TimeSpan(2_500, 102_500),)
    room = code.room(live.workspace, coding_id)
    assert room.recording is not None and room.recording.id == recording.id
    with live.workspace.reading() as connection:
        (entry,) = audit.entries(connection, action="coding.align")
        kinds = [o.kind for _, o in codings.operations(connection, coding_id)]
    assert (entry.resource_id, entry.detail["shift_ms"], entry.detail["before"]) == (coding_id, 2_500, None)
    assert kinds[-1] is OperationKind.ALIGN


def test_an_alignment_is_changed_and_undone_without_losing_what_lay_before_the_recording(
    live: Clinic, operation: Make
) -> None:
    coding_id = coded(live, operation, 3_000, 50_000)
    record(live)
    align.align(live.workspace, live.observer, coding_id, -10_000)
    assert starts(live, coding_id) == [0, 40_000]
    align.align(live.workspace, live.observer, coding_id, 500)
    assert starts(live, coding_id) == [3_500, 50_500]
    align.undo_align(live.workspace, live.observer, coding_id)
    assert starts(live, coding_id) == [3_000, 50_000]
    assert window(live, coding_id) == (TimeSpan(0, 100_000),)
    assert code.room(live.workspace, coding_id).recording is None
    with pytest.raises(Refused, match="own clock"):
        align.undo_align(live.workspace, live.observer, coding_id)


def test_a_recording_that_was_begun_late_or_ended_early_bounds_the_window(live: Clinic, operation: Make) -> None:
    coding_id = coded(live, operation, 10_000, stopped_ms=300_000)
    record(live)
    align.align(live.workspace, live.observer, coding_id, -5_000)
    assert window(live, coding_id) == (TimeSpan(0, DURATION_MS),)
    with pytest.raises(Refused, match="nothing that was observed lies in the recording"):
        align.align(live.workspace, live.observer, coding_id, DURATION_MS)
    assert window(live, coding_id) == (TimeSpan(0, DURATION_MS),)


def test_an_aligned_coding_keeps_its_window_through_reopening(live: Clinic, operation: Make) -> None:
    coding_id = coded(live, operation, 10_000)
    record(live)
    align.align(live.workspace, live.observer, coding_id, 2_500)
    hand_back.take_back(live.workspace, live.observer, coding_id)
    assert window(live, coding_id) == (TimeSpan(2_500, 102_500),)
    write(live, coding_id, operation(code=live.scheme.codes[0].id, start_ms=80_000))
    with pytest.raises(Refused, match="coded on the recording since"):
        align.align(live.workspace, live.observer, coding_id, 9_000)
    code.submit(live.workspace, live.observer, coding_id)
    assert starts(live, coding_id) == [12_500, 80_000]


def test_there_is_nothing_to_align_without_a_recording_or_with_a_running_clock(live: Clinic, operation: Make) -> None:
    coding_id = begun(live)
    write(live, coding_id, clock_operation(operation, None))
    with pytest.raises(Refused, match="no recording yet"):
        align.align(live.workspace, live.observer, coding_id, 0)
    record(live)
    with pytest.raises(Refused, match="still runs"):
        align.align(live.workspace, live.observer, coding_id, 0)


def test_a_coding_that_was_made_on_the_recording_is_not_moved(clinic: Clinic) -> None:
    given = assign.assign(clinic.workspace, None, clinic.session.id, clinic.observer.id, clinic.scheme.hash)
    coding_id = code.open_coding(clinic.workspace, clinic.observer, given.id).coding.id
    with pytest.raises(Refused, match="made on the recording"):
        align.align(clinic.workspace, clinic.observer, coding_id, 100)


def test_nobody_else_sees_or_moves_a_live_coding(live: Clinic, operation: Make) -> None:
    coding_id = coded(live, operation, 10_000)
    record(live)
    for person in (live.second, live.outsider, live.administrator):
        for do in (align.see, lambda w, p, i: align.align(w, p, i, 5), align.undo_align):
            with pytest.raises(Refused):
                do(live.workspace, person, coding_id)
    assert starts(live, coding_id) == [10_000]


def test_the_second_clock_is_suggested_from_the_first_one_that_was_aligned(live: Clinic, operation: Make) -> None:
    """Ada's clock began 4.2 s before Bo's, and Ada's is aligned."""
    given(live, live.observer, live.second)
    ids = {}
    for rater, origin in ((live.observer, BEGAN), (live.second, BEGAN + 4_200)):
        (assignment,) = assign.assignments_of(live.workspace, rater)
        ids[rater.id] = code.open_coding(live.workspace, rater, assignment.id).coding.id
        write(
            live,
            ids[rater.id],
            *rated(live, operation),
            clock_operation(operation, 90_000, origin),
            rater=rater,
        )
        code.submit(live.workspace, rater, ids[rater.id])
    record(live)
    assert align.see(live.workspace, live.supervisor, ids[live.second.id]).suggested_ms is None
    align.align(live.workspace, live.supervisor, ids[live.observer.id], 1_000)
    assert align.see(live.workspace, live.supervisor, ids[live.second.id]).suggested_ms == 5_200


def test_an_aligned_live_coding_is_reviewed_like_any_other(live: Clinic, operation: Make) -> None:
    coding_id = coded(live, operation, 10_000)
    record(live)
    align.align(live.workspace, live.supervisor, coding_id, 2_000)
    lanes = review.side_by_side(live.workspace, live.supervisor, live.session.id).lanes
    assert [[m.event.start_ms for m in lane.events] for lane in lanes] == [[12_000]]
    with live.workspace.reading() as connection:
        coding = codings.get(connection, coding_id)
    assert coding is not None and coding.state is not CodingState.DRAFT


# --- agreement


def test_live_codings_are_compared_once_both_are_aligned(live: Clinic, operation: Make) -> None:
    """Two clocks that were started at different instants say nothing about each other's moments."""
    given(live, live.observer, live.second)
    ids = []
    for rater in (live.observer, live.second):
        (assignment,) = assign.assignments_of(live.workspace, rater)
        coding_id = code.open_coding(live.workspace, rater, assignment.id).coding.id
        event = operation(code=live.scheme.codes[0].id, start_ms=10_000)
        write(live, coding_id, event, *rated(live, operation), clock_operation(operation, 90_000), rater=rater)
        code.submit(live.workspace, rater, coding_id)
        ids.append(coding_id)
    record(live)
    assert agree.schemes_compared(live.workspace, live.supervisor) == []
    align.align(live.workspace, live.supervisor, ids[0], 1_000)
    assert agree.schemes_compared(live.workspace, live.supervisor) == []
    align.align(live.workspace, live.supervisor, ids[1], 4_000)
    assert [s.hash for s in agree.schemes_compared(live.workspace, live.supervisor)] == [live.scheme.hash]
    material = agree.material(live.workspace, live.supervisor, agree.Choice())
    assert [c.windows for c in material.study.codings] == [(TimeSpan(1_000, 91_000),), (TimeSpan(4_000, 94_000),)]


def test_a_supervisor_is_told_which_live_codings_wait_for_their_alignment(live: Clinic, operation: Make) -> None:
    coding_id = coded(live, operation, 10_000)
    assert see_session.waiting(live.workspace, live.supervisor).to_align == ()
    record(live)
    assert [r.coding.id for r in see_session.waiting(live.workspace, live.supervisor).to_align] == [coding_id]
    align.align(live.workspace, live.supervisor, coding_id, 0)
    waits = see_session.waiting(live.workspace, live.supervisor)
    assert waits.to_align == () and coding_id in [r.coding.id for r in waits.to_review]


def test_a_draft_that_goes_back_to_its_clock_can_be_coded_on(live: Clinic, operation: Make) -> None:
    coding_id = begun(live)
    write(live, coding_id, clock_operation(operation, 60_000))
    record(live)
    align.align(live.workspace, live.observer, coding_id, 1_000)
    assert window(live, coding_id) == (TimeSpan(1_000, 61_000),)
    align.undo_align(live.workspace, live.observer, coding_id)
    write(live, coding_id, clock_operation(operation, None), operation(code=live.scheme.codes[0].id, start_ms=90_000))
    assert starts(live, coding_id) == [90_000]


def test_the_main_recording_stays_under_a_live_coding_that_is_aligned(live: Clinic, operation: Make) -> None:
    coding_id = coded(live, operation, 10_000)
    record(live)
    other = record(live)
    place_recording.make_main(live.workspace, live.supervisor, other.id)
    align.align(live.workspace, live.supervisor, coding_id, 0)
    first = next(r for r in add_session.recordings_of(live.workspace, live.session.id) if r.id != other.id)
    with pytest.raises(Refused, match="assigned"):
        place_recording.make_main(live.workspace, live.supervisor, first.id)


def aligned_draft(clinic: Clinic, operation: Make) -> str:
    """A draft of one code at 0:10 of its clock, laid on the recording 2.5 s later."""
    coding_id = begun(clinic)
    point = operation(code=clinic.scheme.codes[0].id, start_ms=10_000)
    write(clinic, coding_id, point, clock_operation(operation, 60_000))
    record(clinic)
    align.align(clinic.workspace, clinic.observer, coding_id, 2_500)
    return coding_id


def test_an_undo_in_the_coding_room_leaves_the_alignment_alone(live: Clinic, operation: Make) -> None:
    coding_id = aligned_draft(live, operation)
    with live.workspace.reading() as connection:
        last = codings.operations(connection, coding_id)[-1][1]
    sent = [operation("void", target=last.id), operation("align", values={"shift_ms": 9_000})]
    written = code.write_operations(live.workspace, live.observer, coding_id, sent).result(10)
    assert {ident for ident, _ in written.refused} == {o["id"] for o in sent} and written.acknowledged == ()
    assert starts(live, coding_id) == [12_500]
    assert code.room(live.workspace, coding_id).recording is not None


def test_what_was_put_back_on_its_clock_is_not_aligned_again_by_a_redo(live: Clinic, operation: Make) -> None:
    coding_id = aligned_draft(live, operation)
    align.undo_align(live.workspace, live.observer, coding_id)
    with live.workspace.reading() as connection:
        undo = codings.operations(connection, coding_id)[-1][1]
    again = operation("void", target=undo.id)
    written = code.write_operations(live.workspace, live.observer, coding_id, [again]).result(10)
    assert [ident for ident, _ in written.refused] == [again["id"]]
    assert starts(live, coding_id) == [10_000]


def test_the_window_in_the_recording_binds_a_live_coding_once_it_is_aligned(live: Clinic, operation: Make) -> None:
    coding_id = aligned_draft(live, operation)
    point = live.scheme.codes[0].id
    sent = [operation(code=point, start_ms=ms) for ms in (1_000, 62_500, 62_499)]
    sent.append(clock_operation(operation, None))
    written = code.write_operations(live.workspace, live.observer, coding_id, sent).result(10)
    refused = dict(written.refused)
    assert list(refused) == [sent[0]["id"], sent[1]["id"], sent[3]["id"]]
    assert "outside the observation window" in refused[sent[0]["id"]] and "clock" in refused[sent[3]["id"]]
    assert starts(live, coding_id) == [12_500, 62_499]


def test_a_live_coding_takes_no_transcript_before_it_is_aligned(live: Clinic, operation: Make) -> None:
    (assignment,) = given(live)
    made = record(live)
    with live.workspace.changing(None, "transcript.add", "recording", made.id) as connection:
        version = recordings.add_transcript(connection, made.id, language="en", models={}, n_words=9, n_utterances=2)
    room = code.open_coding(live.workspace, live.observer, assignment.id)
    room = code.open_coding(live.workspace, live.observer, assignment.id)
    assert room.coding.transcript_id is None
    write(live, room.coding.id, clock_operation(operation, 60_000))
    align.align(live.workspace, live.observer, room.coding.id, 0)
    assert code.room(live.workspace, room.coding.id).coding.transcript_id == version.id


# --- what is on its own clock stands beside nothing on the recording


def test_a_coding_on_its_clock_gives_ratings_and_no_moments(live: Clinic, operation: Make) -> None:
    coding_id = coded(live, operation, 10_000)
    record(live)
    (before,) = score.study_scores(live.workspace, live.supervisor, live.session.study_id)[-1:]
    assert (before.n_codings, before.n_timed, before.moments) == (1, 0, ())
    align.align(live.workspace, live.supervisor, coding_id, 2_000)
    (after,) = score.study_scores(live.workspace, live.supervisor, live.session.study_id)[-1:]
    assert after.n_timed == 1 and all(m.at_ms == 12_000 for m in after.moments)


def test_side_by_side_leaves_out_what_is_not_aligned(live: Clinic, operation: Make) -> None:
    coding_id = coded(live, operation, 10_000)
    assert len(review.side_by_side(live.workspace, live.supervisor, live.session.id).lanes) == 1
    record(live)
    assert review.side_by_side(live.workspace, live.supervisor, live.session.id).lanes == ()
    align.align(live.workspace, live.supervisor, coding_id, 2_000)
    assert len(review.side_by_side(live.workspace, live.supervisor, live.session.id).lanes) == 1


def test_an_export_says_which_codings_are_on_their_own_clock(live: Clinic, operation: Make) -> None:
    coding_id = coded(live, operation, 10_000)
    record(live)

    def exported() -> list[tuple[str, str]]:
        return [(row["live"], row["on_clock"]) for row in unzipped(live)["codings"]]

    assert exported() == [("true", "true")]
    align.align(live.workspace, live.supervisor, coding_id, 2_000)
    assert exported() == [("true", "false")]


def test_results_are_not_kept_when_an_alignment_moves_within_the_same_window(live: Clinic, operation: Make) -> None:
    coding_id = coded(live, operation, 100_000, stopped_ms=900_000)
    record(live)
    kept = []
    for shift_ms in (-60_000, -90_000):
        align.align(live.workspace, live.supervisor, coding_id, shift_ms)
        assert window(live, coding_id) == (TimeSpan(0, DURATION_MS),)
        choice = agree.Choice(scheme_hash=live.scheme.hash)
        kept.append(agree.fingerprint(live.workspace, live.supervisor, choice))
    assert kept[0] != kept[1]
