"""The fictional study with people to look at it, for the screens that show numbers."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import text

from tests.app.house import House
from workbench import registry, schemes
from workbench.model.instrument import Perspective
from workbench.model.people import Person, Role
from workbench.model.span import TimeSpan
from workbench.store import assignments, sessions
from workbench.store.workspace import Workspace
from workbench.workflows import import_study, manage_people

PEOPLE = {
    "carla": (Role.SUPERVISOR,),
    "imre": (Role.RESEARCHER,),
    "farid": (Role.PROVIDER,),
    "other": (Role.PROVIDER,),
    "ada": (Role.OBSERVER,),
    "eve": (Role.ADMINISTRATOR,),
    "blind": (Role.SUPERVISOR, Role.OBSERVER),
}


STUDY = Path(registry.shipped("sample_media")) / "fictional_study" / "study.json"


def fill_study(workspace: Workspace, file: Path = STUDY) -> House:
    """Farid is the provider FPR1. Blind is to code session F1-1 and has not begun."""
    study = import_study.import_study(workspace, file)
    scheme = schemes.shipped_schemes()["alliance_behaviours"]
    people: dict[str, Person] = {
        name: manage_people.add_person(workspace, None, name, name.capitalize(), f"password of {name}", roles)
        for name, roles in PEOPLE.items()
    }
    with workspace.changing(None, "participant.account", "participant") as connection:
        connection.execute(text("UPDATE participant SET person_id = :p WHERE code = 'FPR1'"), {"p": people["farid"].id})
    with workspace.reading() as connection:
        every = sessions.sessions(connection, study_id=study.id)
    first = next(s for s in every if s.code == "F1-1")
    with workspace.changing(None, "assignment.add", "session", first.id) as connection:
        assignments.add(connection, first.id, people["blind"].id, scheme.hash, [TimeSpan(900_000, 2_580_000)])
    instruments = {Perspective(i.perspective): i for i in schemes.shipped_instruments().values()}
    return House(workspace, scheme, instruments, people, coded=first)
