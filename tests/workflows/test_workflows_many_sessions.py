"""Lists ask the database as often for fifty sessions as for one."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import event

from tests.clinic import Clinic
from workbench import schemes
from workbench.model.consent import Scope
from workbench.model.people import ParticipantKind, Person
from workbench.model.session import Session
from workbench.store import sessions
from workbench.store.workspace import Workspace
from workbench.workflows import (
    add_session,
    assign,
    fill_form,
    keep_definition,
    manage_people,
    record_consent,
    see_session,
)

Look = Callable[[Workspace, Person], object]
LOOKS: list[Look] = [
    add_session.sessions_for,
    see_session.see_sessions,
    fill_form.forms_given_out,
    lambda workspace, _: manage_people.everyone(workspace),
]


def queries(clinic: Clinic, look: Look) -> int:
    asked = []
    event.listen(clinic.workspace.engine, "before_cursor_execute", noted := lambda *_: asked.append(1))
    try:
        look(clinic.workspace, clinic.supervisor)
    finally:
        event.remove(clinic.workspace.engine, "before_cursor_execute", noted)
    return len(asked)


def more(clinic: Clinic, person_of: Callable[..., Person]) -> None:
    members = [p.participant_id for p in clinic.session.participants]
    for number in range(8):
        person_of(f"somebody{number}")
        made = add_session.add_session(clinic.workspace, None, clinic.session.study_id, f"M{number}", members)
        record_consent.record_consent(clinic.workspace, None, made.id, members[0], [Scope.CODE], "Yes.")
        form(clinic, made)


def form(clinic: Clinic, session: Session) -> None:
    shipped = schemes.shipped_instruments()["session_alliance_patient"]
    instrument = keep_definition.keep_instrument(clinic.workspace, None, shipped)
    patient = session.of_kind(ParticipantKind.PATIENT)[0].participant_id
    fill_form.issue(clinic.workspace, None, session.id, patient, instrument.hash)


@pytest.mark.parametrize("look", LOOKS)
def test_a_list_asks_as_often_however_long_it_is(clinic: Clinic, person_of: Callable[..., Person], look: Look) -> None:
    form(clinic, clinic.session)
    before = queries(clinic, look)
    more(clinic, person_of)
    assert queries(clinic, look) == before


def test_the_facts_of_many_are_those_of_each(clinic: Clinic, person_of: Callable[..., Person]) -> None:
    more(clinic, person_of)
    assign.assign(clinic.workspace, None, clinic.session.id, clinic.observer.id, clinic.scheme.hash)
    with clinic.workspace.reading() as connection:
        ids = [s.id for s in sessions.sessions(connection)]
        together = sessions.facts_of(connection, [*ids, "nowhere"])
        assert together == {i: sessions.facts(connection, i) for i in ids}
    assert together[clinic.session.id].consented == frozenset(Scope)
    assert together[clinic.session.id].assigned == {clinic.observer.id}
    others = [f for i, f in together.items() if i != clinic.session.id]
    assert all(f.consented == frozenset() and f.assigned == frozenset() for f in others)


def test_what_is_seen_in_a_list_is_what_is_seen_alone(clinic: Clinic, person_of: Callable[..., Person]) -> None:
    more(clinic, person_of)
    assign.assign(clinic.workspace, None, clinic.session.id, clinic.observer.id, clinic.scheme.hash)
    for person in (clinic.supervisor, clinic.observer, clinic.administrator):
        listed = see_session.see_sessions(clinic.workspace, person)
        assert listed == [see_session.see_session(clinic.workspace, person, s.session.id) for s in listed]
    assert [s.session.id for s in see_session.see_sessions(clinic.workspace, clinic.observer)] == [clinic.session.id]
    assert see_session.see_sessions(clinic.workspace, clinic.outsider) == []
