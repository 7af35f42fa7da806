"""Practice feedback and codings side by side."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.clinic import Clinic
from workbench.model.assignment import Purpose
from workbench.model.people import Person
from workbench.store import audit
from workbench.workflows import assign, code, find_criterion, review
from workbench.workflows.refusal import Refused

Operation = Callable[..., dict[str, Any]]
Times = list[tuple[str, int] | tuple[str, int, bool]]
A, B, C = "provider_understands", "patient_opens_up", "provider_shares_task"


def coded(
    clinic: Clinic, operation: Operation, rater: Person, purpose: Purpose, events: Times, *, submit: bool = True
) -> str:
    made = assign.assign(clinic.workspace, None, clinic.session.id, rater.id, clinic.scheme.hash, purpose=purpose)
    room = code.open_coding(clinic.workspace, rater, made.id)
    batch = [operation(code=e[0], start_ms=e[1] * 1000, values={"unsure": len(e) == 3}) for e in events] + [
        operation("rate", values={"scale": r.id, "value": r.low}) for r in clinic.scheme.ratings
    ]
    assert not code.write_operations(clinic.workspace, rater, room.coding.id, batch).result(10).refused
    if submit:
        code.submit(clinic.workspace, rater, room.coding.id)
    return room.coding.id


#  seconds     10   20   30   40   50   60   70
#  criterion    A    B    A    A    C    B   (C)      (C) is defensible either way
#  practice     A    B    A    A    C          C     B at 90
def test_five_hit_one_missed_one_extra(clinic: Clinic, operation: Operation) -> None:
    criterion: Times = [(A, 10), (B, 20), (A, 30), (A, 40), (C, 50), (B, 60), (C, 70, True)]
    practice: Times = [(A, 11), (B, 20), (A, 29), (A, 40), (C, 50), (C, 70), (B, 90)]
    coded(clinic, operation, clinic.supervisor, Purpose.CRITERION, criterion)
    mine = coded(clinic, operation, clinic.observer, Purpose.PRACTICE, practice)
    found = review.feedback(clinic.workspace, clinic.observer, mine)
    assert found is not None and found.summary == "5 hit, 1 missed, 1 extra"
    mine_assigned = assign.assignments_of(clinic.workspace, clinic.observer)[0]
    assert find_criterion.codes_to_find(clinic.workspace, mine_assigned) == 6
    you, truth = found.lanes
    assert [(m.event.start_ms // 1000, m.mark) for m in you.events if m.mark != "hit"] == [(70, None), (90, "extra")]
    assert [(m.event.start_ms // 1000, m.mark) for m in truth.events if m.mark != "hit"] == [(60, "missed")]


def test_feedback_waits_for_submission(clinic: Clinic, operation: Operation) -> None:
    coded(clinic, operation, clinic.supervisor, Purpose.CRITERION, [(A, 10)])
    mine = coded(clinic, operation, clinic.observer, Purpose.PRACTICE, [(A, 10)], submit=False)
    with pytest.raises(Refused, match="once the coding is submitted"):
        review.feedback(clinic.workspace, clinic.observer, mine)


def test_two_raters_lie_side_by_side_for_those_who_may_see_both(clinic: Clinic, operation: Operation) -> None:
    coded(clinic, operation, clinic.observer, Purpose.STUDY, [(A, 10), (B, 20)])
    coded(clinic, operation, clinic.second, Purpose.STUDY, [(A, 10), (C, 21)])
    found = review.side_by_side(clinic.workspace, clinic.supervisor, clinic.session.id)
    assert found.summary == "Ada and Bo agree on 1 of 2"
    assert [[m.mark for m in lane.events] for lane in found.lanes] == [[None, "differs"], [None, "differs"]]
    with pytest.raises(Refused):
        review.side_by_side(clinic.workspace, clinic.outsider, clinic.session.id)


def test_a_rater_who_is_not_done_sees_no_other_lane(clinic: Clinic, operation: Operation) -> None:
    coded(clinic, operation, clinic.observer, Purpose.STUDY, [(A, 10)])
    coded(clinic, operation, clinic.second, Purpose.STUDY, [(A, 10)], submit=False)
    found = review.side_by_side(clinic.workspace, clinic.second, clinic.session.id)
    assert found.lanes == ()


def test_the_ratings_of_a_coding_are_on_its_lane(clinic: Clinic, operation: Operation) -> None:
    rated = {r.id: r.low for r in clinic.scheme.ratings}
    coded(clinic, operation, clinic.supervisor, Purpose.CRITERION, [(A, 10)])
    mine = coded(clinic, operation, clinic.observer, Purpose.PRACTICE, [(A, 11)])
    found = review.feedback(clinic.workspace, clinic.observer, mine)
    assert found is not None
    coded(clinic, operation, clinic.second, Purpose.STUDY, [])
    seen = review.side_by_side(clinic.workspace, clinic.supervisor, clinic.session.id)
    assert len(seen.lanes) == 3
    for lane in (*found.lanes, *seen.lanes):
        assert {r.scale: r.value for r in lane.ratings} == rated


def test_reading_others_codings_is_in_the_audit_chain_once(clinic: Clinic, operation: Operation) -> None:
    coded(clinic, operation, clinic.observer, Purpose.STUDY, [(A, 10)])
    for _ in range(3):
        review.side_by_side(clinic.workspace, clinic.supervisor, clinic.session.id)
    review.side_by_side(clinic.workspace, clinic.observer, clinic.session.id)  # sees nobody's but their own
    with clinic.workspace.reading() as connection:
        noted = audit.entries(connection, action="coding.compare")
    assert [n.actor_id for n in noted] == [clinic.supervisor.id]
