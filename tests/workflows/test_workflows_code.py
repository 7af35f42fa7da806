"""Coding: what is kept, what is refused, who sees what when."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.clinic import Clinic
from workbench.model.access import Action, Resource, authorize
from workbench.model.assignment import Assignment
from workbench.model.coding import CodingState
from workbench.model.consent import Scope
from workbench.model.people import Person
from workbench.model.scheme import CodeKind
from workbench.model.span import TimeSpan
from workbench.store import audit, codings, sessions
from workbench.workflows import assign, code, hand_back, record_consent
from workbench.workflows.refusal import Refused

Operation = Callable[..., dict[str, Any]]


@pytest.fixture
def mine(clinic: Clinic) -> Assignment:
    return assign.assign(clinic.workspace, clinic.supervisor, clinic.session.id, clinic.observer.id, clinic.scheme.hash)


def begin(clinic: Clinic, rater: Person, **options: Any) -> code.Room:
    made = assign.assign(clinic.workspace, None, clinic.session.id, rater.id, clinic.scheme.hash, **options)
    return code.open_coding(clinic.workspace, rater, made.id)


def rate_everything(clinic: Clinic, operation: Operation) -> list[dict[str, Any]]:
    return [operation("rate", values={"scale": r.id, "segment": 0, "value": r.low}) for r in clinic.scheme.ratings]


def write(clinic: Clinic, rater: Person, coding_id: str, batch: list[dict[str, Any]]) -> code.Written:
    return code.write_operations(clinic.workspace, rater, coding_id, batch).result(10)


def test_a_coding_is_written_read_back_and_submitted(clinic: Clinic, operation: Operation) -> None:
    room = begin(clinic, clinic.observer)
    point = next(c for c in clinic.scheme.codes if c.kind is CodeKind.POINT)
    batch = [operation(code=point.id, start_ms=t) for t in (5000, 1000)] + rate_everything(clinic, operation)
    written = write(clinic, clinic.observer, room.coding.id, batch)
    assert set(written.acknowledged) == {o["id"] for o in batch} and written.refused == ()
    content = code.read_content(clinic.workspace, clinic.observer, room.coding.id)
    assert [e.start_ms for e in content.events] == [1000, 5000]
    code.submit(clinic.workspace, clinic.observer, room.coding.id)
    assert code.room(clinic.workspace, room.coding.id).coding.state is CodingState.SUBMITTED
    with pytest.raises(Refused, match="submitted"):
        write(clinic, clinic.observer, room.coding.id, [operation(code=point.id)])


def test_the_same_operation_twice_changes_nothing(clinic: Clinic, operation: Operation) -> None:
    room = begin(clinic, clinic.observer)
    batch = [operation(code=clinic.scheme.codes[0].id)]
    first = write(clinic, clinic.observer, room.coding.id, batch)
    again = write(clinic, clinic.observer, room.coding.id, batch)
    assert first.acknowledged == again.acknowledged and first.seq == again.seq
    assert len(code.read_content(clinic.workspace, clinic.observer, room.coding.id).events) == 1


def test_what_does_not_fit_is_refused_alone_with_a_sentence(clinic: Clinic, operation: Operation) -> None:
    room = begin(clinic, clinic.observer, windows=[TimeSpan(0, 60_000)])
    good = operation(code=clinic.scheme.codes[0].id)
    scale = clinic.scheme.ratings[0]
    bad = [
        (operation(code="nonsense"), "has no code 'nonsense'"),
        (operation(code=good["code"], start_ms=60_000), "outside the observation window"),
        (operation(code=good["code"], start_ms=-1), "whole number"),
        (operation(code=good["code"], start_ms=2000, end_ms=1000), "cannot end before it starts"),
        (operation(code=good["code"], event="e1"), "needs an id"),
        (operation("rate", values={"scale": scale.id, "value": scale.high + 1}), "goes from"),
        (operation("rate", values={"scale": "nope", "value": 1}), "has no rating"),
        (operation("void"), "needs the id"),
        (operation("explode"), "explode"),
        (operation("amend", event=good["event"], values={"patient": "name"}), "has no patient"),
    ]
    written = write(clinic, clinic.observer, room.coding.id, [b for b, _ in bad] + [good])
    assert written.acknowledged == (good["id"],)
    for (_, sentence), (_, reason) in zip(bad, written.refused, strict=True):
        assert sentence in reason


def test_undo_and_amendments_reach_the_current_events(clinic: Clinic, operation: Operation) -> None:
    room = begin(clinic, clinic.observer)
    state = next(c for c in clinic.scheme.codes if c.kind is CodeKind.STATE)
    opened = operation(code=state.id, start_ms=1000)
    closed = operation("amend", event=opened["event"], values={"end_ms": 9000})
    write(clinic, clinic.observer, room.coding.id, [opened])
    write(clinic, clinic.observer, room.coding.id, [closed])

    def events() -> list[tuple[int, int | None]]:
        content = code.read_content(clinic.workspace, clinic.observer, room.coding.id)
        return [(e.start_ms, e.end_ms) for e in content.events]

    assert events() == [(1000, 9000)]
    undo = operation("void", target=closed["id"])
    write(clinic, clinic.observer, room.coding.id, [undo])
    assert events() == [(1000, None)]
    with pytest.raises(Refused) as refused:
        code.submit(clinic.workspace, clinic.observer, room.coding.id)
    assert any("has no end yet" in p for p in refused.value.problems)
    write(clinic, clinic.observer, room.coding.id, [operation("void", target=undo["id"])])
    assert events() == [(1000, 9000)]
    write(
        clinic, clinic.observer, room.coding.id, [operation("amend", event=opened["event"], values={"deleted": True})]
    )
    assert events() == []


def test_submitting_names_every_rating_that_is_missing(clinic: Clinic, operation: Operation) -> None:
    room = begin(clinic, clinic.observer)
    with pytest.raises(Refused) as refused:
        code.submit(clinic.workspace, clinic.observer, room.coding.id)
    assert len(refused.value.problems) == len(clinic.scheme.ratings)


def test_a_rater_sees_a_peers_coding_only_once_their_own_is_submitted(clinic: Clinic, operation: Operation) -> None:
    first, second = begin(clinic, clinic.observer), begin(clinic, clinic.second)
    write(clinic, clinic.observer, first.coding.id, rate_everything(clinic, operation))
    code.submit(clinic.workspace, clinic.observer, first.coding.id)
    with pytest.raises(Refused, match="once your own is submitted"):
        code.read_content(clinic.workspace, clinic.second, first.coding.id)
    assert code.read_content(clinic.workspace, clinic.supervisor, first.coding.id)
    with pytest.raises(Refused, match="still a draft"):
        code.read_content(clinic.workspace, clinic.supervisor, second.coding.id)
    write(clinic, clinic.second, second.coding.id, rate_everything(clinic, operation))
    code.submit(clinic.workspace, clinic.second, second.coding.id)
    assert code.read_content(clinic.workspace, clinic.second, first.coding.id)
    with pytest.raises(Refused):
        code.read_content(clinic.workspace, clinic.outsider, first.coding.id)


def test_the_row_filter_and_the_rule_agree_for_everybody(clinic: Clinic, operation: Operation) -> None:
    """Counts and exports go through the filter, screens through the rule: neither may see more."""
    first, second = begin(clinic, clinic.observer), begin(clinic, clinic.second)
    third = begin(clinic, clinic.supervisor)
    people = (clinic.observer, clinic.second, clinic.supervisor, clinic.outsider, clinic.administrator)

    def compare() -> None:
        with clinic.workspace.reading() as connection:
            session = sessions.facts(connection, clinic.session.id)
            for person in people:
                filtered = {c.id for c in codings.codings(connection, person)}
                for room in (first, second, third):
                    facts = codings.facts(connection, room.coding.id)
                    allowed = bool(authorize(person, Action.READ_CODING, Resource(session, facts)))
                    assert (room.coding.id in filtered) is allowed, (person.login_name, facts)

    compare()
    for room, rater in ((first, clinic.observer), (second, clinic.second), (third, clinic.supervisor)):
        write(clinic, rater, room.coding.id, rate_everything(clinic, operation))
        code.submit(clinic.workspace, rater, room.coding.id)
        compare()


def test_withdrawn_consent_stops_coding_at_once(clinic: Clinic, operation: Operation) -> None:
    room = begin(clinic, clinic.observer)
    for consent in record_consent.consents(clinic.workspace, clinic.session.id):
        if Scope.CODE in consent.scopes:
            record_consent.withdraw_consent(clinic.workspace, clinic.supervisor, clinic.session.id, consent.id)
    with pytest.raises(Refused, match="Consent to coding"):
        write(clinic, clinic.observer, room.coding.id, [operation(code=clinic.scheme.codes[0].id)])


def test_a_supervisor_reopens_and_the_rater_goes_on(clinic: Clinic, operation: Operation) -> None:
    room = begin(clinic, clinic.observer)
    write(clinic, clinic.observer, room.coding.id, rate_everything(clinic, operation))
    code.submit(clinic.workspace, clinic.observer, room.coding.id)
    with pytest.raises(Refused):
        hand_back.reopen(clinic.workspace, clinic.second, room.coding.id, "I would like to see it.")
    hand_back.reopen(clinic.workspace, clinic.supervisor, room.coding.id, "The last minutes are missing.")
    assert write(clinic, clinic.observer, room.coding.id, [operation(code=clinic.scheme.codes[0].id)]).acknowledged


def test_each_batch_is_one_row_of_the_audit_chain(clinic: Clinic, operation: Operation) -> None:
    room = begin(clinic, clinic.observer)
    write(clinic, clinic.observer, room.coding.id, [operation(code=clinic.scheme.codes[0].id) for _ in range(5)])
    with clinic.workspace.reading() as connection:
        rows = audit.entries(connection, action="coding.write")
        assert [dict(r.detail) for r in rows] == [{"operations": 5}]
    assert audit.verify(clinic.workspace.reading)[0] == []


def test_nobody_opens_anothers_assignment(clinic: Clinic, mine: Assignment) -> None:
    for person in (clinic.second, clinic.supervisor, clinic.outsider):
        with pytest.raises(Refused, match="not yours"):
            code.open_coding(clinic.workspace, person, mine.id)


def test_a_window_beyond_the_recording_is_refused(clinic: Clinic) -> None:
    with pytest.raises(Refused, match="after the recording's end"):
        begin(clinic, clinic.observer, windows=[TimeSpan(0, 999_999)])


def test_an_operation_id_of_another_coding_is_never_acknowledged(clinic: Clinic, operation: Operation) -> None:
    """To say "saved" of what was not saved would lose it from the browser's journal."""
    first, second = begin(clinic, clinic.observer), begin(clinic, clinic.second)
    batch = [operation(code=clinic.scheme.codes[0].id)]
    assert write(clinic, clinic.observer, first.coding.id, batch).acknowledged
    written = write(clinic, clinic.second, second.coding.id, batch)
    assert written.acknowledged == () and written.refused == (
        (batch[0]["id"], "Another coding has an operation of this id."),
    )


def test_an_event_id_that_is_taken_spoils_no_batch(clinic: Clinic, operation: Operation) -> None:
    first, second = begin(clinic, clinic.observer), begin(clinic, clinic.second)
    code_id = clinic.scheme.codes[0].id
    there = operation(code=code_id)
    write(clinic, clinic.observer, first.coding.id, [there])
    taken, good = operation(code=code_id, event=there["event"]), operation(code=code_id)
    written = write(clinic, clinic.second, second.coding.id, [taken, good])
    assert written.acknowledged == (good["id"],)
    assert written.refused == ((taken["id"], "Another coding has an event of this id."),)
    again = operation(code=code_id, event=there["event"], start_ms=7000)
    assert write(clinic, clinic.observer, first.coding.id, [again]).acknowledged == (again["id"],)
    content = code.read_content(clinic.workspace, clinic.observer, first.coding.id)
    assert [e.start_ms for e in content.events] == [7000]


@pytest.mark.parametrize(
    "spoiled",
    [
        {"values": {"comment": "half a pair \ud83d"}},
        {"values": {"comment": "nul \0"}},
        {"values": {"modifiers": ["\udc00"]}},
        {"client_at": 2**70},
    ],
)
def test_what_no_database_takes_is_refused_alone(clinic: Clinic, operation: Operation, spoiled: dict[str, Any]) -> None:
    room = begin(clinic, clinic.observer)
    good, bad = (operation(code=clinic.scheme.codes[0].id, **more) for more in ({}, spoiled))
    written = write(clinic, clinic.observer, room.coding.id, [good, bad])
    assert written.acknowledged == (good["id"],) and [i for i, _ in written.refused] == [bad["id"]]


def test_a_rating_of_a_segment_is_none_of_the_session(clinic: Clinic, operation: Operation) -> None:
    room = begin(clinic, clinic.observer)
    everything = rate_everything(clinic, operation)
    label = clinic.scheme.ratings[0].label
    everything[0]["values"]["segment"] = 3
    written = write(clinic, clinic.observer, room.coding.id, everything)
    assert written.refused == ((everything[0]["id"], f"“{label}” is rated once for the session, not for segment 3."),)
    with pytest.raises(Refused) as refused:
        code.submit(clinic.workspace, clinic.observer, room.coding.id)
    assert refused.value.problems == (f"“{label}” is not rated yet.",)
    everything[0] |= {"id": everything[0]["id"][:-1] + "0", "values": everything[0]["values"] | {"segment": 2**70}}
    assert "too large" in write(clinic, clinic.observer, room.coding.id, everything[:1]).refused[0][1]


#  start 2000, end 8000     start → 9000 refused;   end → 1000 refused;   both at once → kept
def test_no_amendment_makes_an_event_end_before_it_starts(clinic: Clinic, operation: Operation) -> None:
    room = begin(clinic, clinic.observer)
    state = next(c for c in clinic.scheme.codes if c.kind is CodeKind.STATE)
    opened = operation(code=state.id, start_ms=2000, end_ms=8000)
    later, earlier, both = (
        operation("amend", event=opened["event"], values=values)
        for values in ({"start_ms": 9000}, {"end_ms": 1000}, {"start_ms": 9000, "end_ms": 9500})
    )
    assert write(clinic, clinic.observer, room.coding.id, [opened, later]).acknowledged == (opened["id"],)
    assert write(clinic, clinic.observer, room.coding.id, [earlier, both]).acknowledged == (both["id"],)
    sent_again = write(clinic, clinic.observer, room.coding.id, [opened, both])
    assert set(sent_again.acknowledged) == {opened["id"], both["id"]}


def test_an_undo_that_turns_an_event_round_is_found_at_submission(clinic: Clinic, operation: Operation) -> None:
    room = begin(clinic, clinic.observer)
    state = next(c for c in clinic.scheme.codes if c.kind is CodeKind.STATE)
    opened = operation(code=state.id, start_ms=5000, end_ms=8000)
    start = operation("amend", event=opened["event"], values={"start_ms": 1000})
    end = operation("amend", event=opened["event"], values={"end_ms": 3000})
    undo = operation("void", target=start["id"])
    batch = [opened, start, end, undo, *rate_everything(clinic, operation)]
    assert not write(clinic, clinic.observer, room.coding.id, batch).refused
    with pytest.raises(Refused) as refused:
        code.submit(clinic.workspace, clinic.observer, room.coding.id)
    assert refused.value.problems == (f"“{state.label}” ends at 0:03, before it starts at 0:05.",)


def test_an_amendment_is_refused_for_what_it_would_make_of_its_event(clinic: Clinic, operation: Operation) -> None:
    """Also behind an undo in the same batch, and for an event that was deleted before."""
    room = begin(clinic, clinic.observer, windows=[TimeSpan(0, 60_000), TimeSpan(120_000, 180_000)])
    point, state = (next(c for c in clinic.scheme.codes if c.kind is k) for k in (CodeKind.POINT, CodeKind.STATE))
    opened = operation(code=state.id, start_ms=2000)
    comment = operation("amend", event=opened["event"], values={"comment": "x"})
    undo = operation("void", target=comment["id"])
    across = operation("amend", event=opened["event"], values={"end_ms": 130_000})
    written = write(clinic, clinic.observer, room.coding.id, [opened, comment, undo, across])
    assert written.refused == ((across["id"], "2:10 is outside the observation window."),)
    gone = operation("amend", event=opened["event"], values={"deleted": True})
    ended = operation("amend", event=opened["event"], values={"end_ms": 9000})
    assert not write(clinic, clinic.observer, room.coding.id, [ended, gone]).refused
    back = operation("amend", event=opened["event"], values={"deleted": False, "code": point.id})
    written = write(clinic, clinic.observer, room.coding.id, [back])
    assert written.refused == ((back["id"], f"“{point.label}” is a moment; it has no end."),)


def test_running_notes_are_the_raters_own(clinic: Clinic, operation: Operation) -> None:
    room = begin(clinic, clinic.observer)
    note = operation("note", values={"note": operation()["id"], "at_ms": 1000, "text": "ask Sue about this"})
    write(clinic, clinic.observer, room.coding.id, [note, *rate_everything(clinic, operation)])
    code.submit(clinic.workspace, clinic.observer, room.coding.id)

    def noted(actor: Person) -> tuple[int, int]:
        found, _ = code.read_operations(clinic.workspace, actor, room.coding.id)
        content = code.read_content(clinic.workspace, actor, room.coding.id)
        return sum(o.kind.value == "note" for _, o in found), len(content.notes)

    assert noted(clinic.supervisor) == (0, 0)
    assert noted(clinic.observer) == (1, 1)
