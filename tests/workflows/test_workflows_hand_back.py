"""A coding that was handed in: taken back until it was seen, reopened by a supervisor afterwards."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.clinic import Clinic
from workbench.model.assignment import Purpose
from workbench.model.coding import CodingState
from workbench.model.people import Person
from workbench.store import audit
from workbench.workflows import (
    agree,
    assign,
    check_coding,
    code,
    export,
    hand_back,
    review,
    score,
    see_session,
)
from workbench.workflows.refusal import Refused

Operation = Callable[..., dict[str, Any]]


def handed_in(clinic: Clinic, operation: Operation, rater: Person, purpose: Purpose = Purpose.STUDY) -> str:
    made = assign.assign(clinic.workspace, None, clinic.session.id, rater.id, clinic.scheme.hash, purpose=purpose)
    coding_id = code.open_coding(clinic.workspace, rater, made.id).coding.id
    batch = [operation("rate", values={"scale": r.id, "value": r.low}) for r in clinic.scheme.ratings]
    assert not code.write_operations(clinic.workspace, rater, coding_id, batch).result(10).refused
    code.submit(clinic.workspace, rater, coding_id)
    return coding_id


def standing(clinic: Clinic, rater: Person, coding_id: str) -> hand_back.Standing:
    return hand_back.standing(clinic.workspace, rater, code.room(clinic.workspace, coding_id).coding)


def state(clinic: Clinic, coding_id: str) -> CodingState:
    return code.room(clinic.workspace, coding_id).coding.state


def test_its_rater_takes_a_coding_back_and_hands_it_in_again(clinic: Clinic, operation: Operation) -> None:
    mine, _ = handed_in(clinic, operation, clinic.observer), handed_in(clinic, operation, clinic.second)
    code.read_content(clinic.workspace, clinic.observer, mine)
    assert standing(clinic, clinic.observer, mine).may_take_back
    hand_back.take_back(clinic.workspace, clinic.observer, mine)
    assert state(clinic, mine) is CodingState.DRAFT
    code.submit(clinic.workspace, clinic.observer, mine)
    with clinic.workspace.reading() as connection:
        assert [e.resource_id for e in audit.entries(connection, action="coding.take_back")] == [mine]


READERS: dict[str, Callable[[Clinic, str], object]] = {
    "reading it": lambda c, i: code.read_content(c.workspace, c.supervisor, i),
    "its operations": lambda c, i: code.read_operations(c.workspace, c.supervisor, i),
    "its checklist": lambda c, i: check_coding.check_coding(c.workspace, c.supervisor, i),
    "side by side": lambda c, _: review.side_by_side(c.workspace, c.supervisor, c.session.id),
    "agreement": lambda c, _: agree.material(c.workspace, c.supervisor, agree.Choice()),
    "scores": lambda c, _: score.study_scores(c.workspace, c.supervisor, c.session.study_id),
    "an export": lambda c, _: export.export_zip(c.workspace, c.supervisor, c.session.study_id),
}


@pytest.mark.parametrize("way", READERS)
def test_what_somebody_else_was_shown_is_not_taken_back(clinic: Clinic, operation: Operation, way: str) -> None:
    mine, _ = handed_in(clinic, operation, clinic.observer), handed_in(clinic, operation, clinic.second)
    READERS[way](clinic, mine)
    found = standing(clinic, clinic.observer, mine)
    assert (found.state, found.may_take_back, found.seen_by_supervisor) == (CodingState.LOCKED, False, True)
    with pytest.raises(Refused, match="A supervisor can reopen it"):
        hand_back.take_back(clinic.workspace, clinic.observer, mine)
    READERS[way](clinic, mine)  # noted once
    with clinic.workspace.reading() as connection:
        assert len(audit.entries(connection, action="coding.lock")) in (1, 2)
        assert len(audit.entries(connection, action="coding.seen")) == 1


def test_who_was_shown_others_codings_takes_nothing_back(clinic: Clinic, operation: Operation) -> None:
    mine, other = handed_in(clinic, operation, clinic.observer), handed_in(clinic, operation, clinic.second)
    review.side_by_side(clinic.workspace, clinic.observer, clinic.session.id)
    found = standing(clinic, clinic.observer, mine)
    assert found.own_eyes and not found.may_take_back
    assert not standing(clinic, clinic.second, other).may_take_back


def test_what_is_handed_in_again_after_seeing_others_stays_handed_in(clinic: Clinic, operation: Operation) -> None:
    mine, _ = handed_in(clinic, operation, clinic.observer), handed_in(clinic, operation, clinic.second)
    review.side_by_side(clinic.workspace, clinic.observer, clinic.session.id)
    hand_back.reopen(clinic.workspace, clinic.supervisor, mine, "Look at the end again.")
    code.submit(clinic.workspace, clinic.observer, mine)
    found = standing(clinic, clinic.observer, mine)
    assert found.own_eyes and not found.may_take_back


def test_who_was_shown_feedback_takes_nothing_back(clinic: Clinic, operation: Operation) -> None:
    handed_in(clinic, operation, clinic.supervisor, Purpose.CRITERION)
    practice = handed_in(clinic, operation, clinic.observer, Purpose.PRACTICE)
    assert standing(clinic, clinic.observer, practice).may_take_back
    assert review.feedback(clinic.workspace, clinic.observer, practice) is not None
    assert not standing(clinic, clinic.observer, practice).may_take_back


def test_a_supervisor_reopens_with_a_reason_that_the_rater_reads(clinic: Clinic, operation: Operation) -> None:
    mine = handed_in(clinic, operation, clinic.observer)
    code.read_content(clinic.workspace, clinic.supervisor, mine)
    for reason, sentence in (("  ", "in a few words"), ("x" * 501, "at most 500 characters")):
        with pytest.raises(Refused, match=sentence):
            hand_back.reopen(clinic.workspace, clinic.supervisor, mine, reason)
    hand_back.reopen(clinic.workspace, clinic.supervisor, mine, "The last ten minutes\nare not coded.")
    found = standing(clinic, clinic.observer, mine)
    assert (found.state, found.reason) == (CodingState.DRAFT, "The last ten minutes are not coded.")
    with clinic.workspace.reading() as connection:
        kept = audit.entries(connection, action="coding.reopen")
    assert [(e.actor_id, e.resource_id, e.detail["reason"]) for e in kept] == [
        (clinic.supervisor.id, mine, "The last ten minutes are not coded.")
    ]
    code.submit(clinic.workspace, clinic.observer, mine)
    assert standing(clinic, clinic.observer, mine).may_take_back  # nobody has seen this one


def test_nobody_reopens_their_own(clinic: Clinic, operation: Operation) -> None:
    mine = handed_in(clinic, operation, clinic.supervisor)
    with pytest.raises(Refused, match="Another supervisor"):
        hand_back.reopen(clinic.workspace, clinic.supervisor, mine, "I changed my mind.")


def test_what_a_supervisor_has_opened_waits_for_them_no_more(clinic: Clinic, operation: Operation) -> None:
    def waits() -> list[str]:
        return [r.coding.id for r in see_session.waiting(clinic.workspace, clinic.supervisor).to_review]

    mine = handed_in(clinic, operation, clinic.observer)
    score.study_scores(clinic.workspace, clinic.supervisor, clinic.session.study_id)
    assert waits() == [mine]
    review.side_by_side(clinic.workspace, clinic.supervisor, clinic.session.id)
    assert waits() == []
    hand_back.reopen(clinic.workspace, clinic.supervisor, mine, "Look again.")
    code.submit(clinic.workspace, clinic.observer, mine)
    assert waits() == [mine]


def test_a_coding_that_was_taken_back_meanwhile_is_shown_to_nobody(
    clinic: Clinic, operation: Operation, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Between the question whether it may be read and the note that it was, its rater takes it back."""
    from workbench.workflows import note_seen

    mine = handed_in(clinic, operation, clinic.observer)
    ask = note_seen.now_ms

    def late() -> int:
        hand_back.take_back(clinic.workspace, clinic.observer, mine)
        return ask()

    monkeypatch.setattr(note_seen, "now_ms", late)
    with pytest.raises(Refused, match="taken back by its rater just now"):
        code.read_content(clinic.workspace, clinic.supervisor, mine)
    assert state(clinic, mine) is CodingState.DRAFT
