"""A team of two people is one rater: each of them codes, what they did stays theirs, both are blinded."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.clinic import Clinic
from workbench.model.access import Action, Resource, authorize
from workbench.model.people import Person
from workbench.store import audit, codings, people, sessions
from workbench.store.tables import coding_operation
from workbench.workflows import assign, code, manage_people, sign_in
from workbench.workflows.hand_back import take_back
from workbench.workflows.note_seen import note_seen
from workbench.workflows.refusal import Refused

Operation = Callable[..., dict[str, Any]]


def known(clinic: Clinic, person: Person) -> Person:
    """The person as a new sign-in loads them: with their teams."""
    with clinic.workspace.reading() as connection:
        return people.get(connection, person.id)


@pytest.fixture
def team(clinic: Clinic) -> Person:
    pair = [clinic.observer.id, clinic.second.id]
    return manage_people.make_team(clinic.workspace, clinic.supervisor, "Ada and Bo", pair)


def begin(clinic: Clinic, rater: Person, by: Person) -> code.Room:
    made = assign.assign(clinic.workspace, None, clinic.session.id, rater.id, clinic.scheme.hash)
    return code.open_coding(clinic.workspace, by, made.id)


def finish(clinic: Clinic, operation: Operation, by: Person, coding_id: str) -> None:
    batch = [operation("rate", values={"scale": r.id, "value": r.low}) for r in clinic.scheme.ratings]
    assert not code.write_operations(clinic.workspace, by, coding_id, batch).result(10).refused
    code.submit(clinic.workspace, by, coding_id)


def test_each_member_codes_for_the_team_and_the_operations_say_who(
    clinic: Clinic, team: Person, operation: Operation
) -> None:
    ada, bo = known(clinic, clinic.observer), known(clinic, clinic.second)
    room = begin(clinic, team, ada)
    assert room.team == ("Ada", "Bo") and room.coding.rater_id == team.id
    for who in (ada, bo):
        batch = [operation(code=clinic.scheme.codes[0].id)]
        assert code.write_operations(clinic.workspace, who, room.coding.id, batch).result(10).acknowledged
    with clinic.workspace.reading() as connection:
        pressed = connection.execute(coding_operation.select().order_by(coding_operation.c.seq)).all()
        assert [o.rater_id for o in pressed] == [ada.id, bo.id]
        assert {e.actor_id for e in audit.entries(connection, action="coding.write")} == {ada.id, bo.id}
    assert [a.rater_id for a in assign.assignments_of(clinic.workspace, bo)] == [team.id]
    finish(clinic, operation, ada, room.coding.id)
    take_back(clinic.workspace, bo, room.coding.id)
    with pytest.raises(Refused):
        code.read_content(clinic.workspace, clinic.outsider, room.coding.id)


def test_what_a_member_reads_of_their_team_is_not_seen_by_somebody_else(
    clinic: Clinic, team: Person, operation: Operation
) -> None:
    ada, bo = known(clinic, clinic.observer), known(clinic, clinic.second)
    room = begin(clinic, team, ada)
    finish(clinic, operation, ada, room.coding.id)
    note_seen(clinic.workspace, bo, [code.room(clinic.workspace, room.coding.id).coding])
    code.read_content(clinic.workspace, bo, room.coding.id)
    take_back(clinic.workspace, bo, room.coding.id)


def test_a_member_is_blinded_as_their_team_is_and_the_other_way_round(
    clinic: Clinic, team: Person, operation: Operation
) -> None:
    """Over every state that the codings of the team, a member and a peer pass through."""
    ada, bo, sue = known(clinic, clinic.observer), known(clinic, clinic.second), clinic.supervisor
    of_team, of_ada, of_peer = begin(clinic, team, ada), begin(clinic, ada, ada), begin(clinic, sue, sue)
    rooms = {"team": of_team, "ada": of_ada, "peer": of_peer}

    def reads(person: Person) -> set[str]:
        with clinic.workspace.reading() as connection:
            session = sessions.facts(connection, clinic.session.id)
            filtered = {c.id for c in codings.codings(connection, person)}
            found = set()
            for name, room in rooms.items():
                resource = Resource(session, codings.facts(connection, room.coding.id))
                allowed = bool(authorize(person, Action.READ_CODING, resource))
                assert allowed is (room.coding.id in filtered), (person.login_name, name)
                found |= {name} if allowed else set()
        return found

    assert (reads(ada), reads(bo), reads(sue)) == ({"team", "ada"}, {"team"}, {"peer"})
    finish(clinic, operation, sue, of_peer.coding.id)
    assert (reads(ada), reads(bo)) == ({"team", "ada"}, {"team"})  # the team has not finished, nor has Ada
    finish(clinic, operation, ada, of_ada.coding.id)
    assert (reads(ada), reads(bo), reads(sue)) == ({"team", "ada"}, {"team"}, {"peer", "ada"})
    finish(clinic, operation, bo, of_team.coding.id)
    assert reads(ada) == reads(bo) == reads(sue) == {"team", "ada", "peer"}
    assert reads(clinic.outsider) == reads(clinic.administrator) == set()


def test_while_a_member_codes_alone_too_they_see_no_peer_though_the_team_is_done(
    clinic: Clinic, team: Person, operation: Operation
) -> None:
    ada, bo, sue = known(clinic, clinic.observer), known(clinic, clinic.second), clinic.supervisor
    of_team, _, of_peer = begin(clinic, team, ada), begin(clinic, ada, ada), begin(clinic, sue, sue)
    finish(clinic, operation, bo, of_team.coding.id)
    finish(clinic, operation, sue, of_peer.coding.id)
    assert code.read_content(clinic.workspace, bo, of_peer.coding.id)
    with pytest.raises(Refused, match="once your own is submitted"):
        code.read_content(clinic.workspace, ada, of_peer.coding.id)


def test_a_team_of_whom_one_saw_others_does_not_take_back_what_the_other_hands_in(
    clinic: Clinic, team: Person, operation: Operation
) -> None:
    ada, bo, sue = known(clinic, clinic.observer), known(clinic, clinic.second), clinic.supervisor
    of_ada, of_peer = begin(clinic, ada, ada), begin(clinic, sue, sue)
    finish(clinic, operation, ada, of_ada.coding.id)
    finish(clinic, operation, sue, of_peer.coding.id)
    code.read_content(clinic.workspace, ada, of_peer.coding.id)  # before the team was given the session
    of_team = begin(clinic, team, bo)
    finish(clinic, operation, bo, of_team.coding.id)
    with pytest.raises(Refused, match="A supervisor can reopen it"):
        take_back(clinic.workspace, bo, of_team.coding.id)


def test_nobody_signs_in_as_a_team(clinic: Clinic, team: Person) -> None:
    for password in ("", "password of team"):
        with pytest.raises(Refused):
            sign_in.sign_in(clinic.workspace, team.login_name, password)
    with pytest.raises(Refused, match="no sign-in"):
        manage_people.set_password(clinic.workspace, clinic.administrator, team.id, "a long password")
    assert team.id not in {p.id for p in manage_people.everyone(clinic.workspace)}
    assert team.id in {p.id for p in manage_people.raters(clinic.workspace)}
    assert [t.display_name for t in manage_people.teams(clinic.workspace)] == ["Ada and Bo"]


def test_a_team_is_made_of_people_who_code(clinic: Clinic, team: Person) -> None:
    ada, bo, sue = clinic.observer.id, clinic.second.id, clinic.supervisor.id
    for members, name, sentence in (
        ([ada], "One", "at least two"),
        ([ada, ada], "One twice", "at least two"),
        ([ada, clinic.administrator.id], "With Root", "people with an open account who code"),
        ([ada, team.id], "A team in a team", "people with an open account who code"),
        ([ada, bo], "Again", "a team already: Ada and Bo"),
        ([ada, sue], "ADA and BO", "Choose another name"),
        ([ada, sue], " ", "needs a name"),
    ):
        with pytest.raises(Refused, match=sentence):
            manage_people.make_team(clinic.workspace, clinic.supervisor, name, members)
    with pytest.raises(Refused, match="needs the role"):
        manage_people.make_team(clinic.workspace, clinic.observer, "Ours", [ada, sue])
    with clinic.workspace.reading() as connection:
        made = audit.entries(connection, action="team.make")
    assert [(e.actor_id, e.detail["members"], e.detail["person"]) for e in made] == [
        (clinic.supervisor.id, sorted([ada, bo]), team.id)
    ]
