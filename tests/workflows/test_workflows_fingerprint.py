"""Results of a comparison are kept under a text that changes with whatever they are made of, and with nothing else."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from tests.app.house import House
from workbench.workflows.agree import Choice, comparable, fingerprint, material


@pytest.fixture(scope="module")
def house(built_study: House) -> House:
    return built_study


def mark(house: House) -> str:
    scheme = comparable(house.workspace, house.people["imre"])[0].scheme
    return fingerprint(house.workspace, house.people["imre"], Choice(scheme_hash=scheme.hash))


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE session SET title = title || ' (again)' WHERE code = 'F1-2'",
        "UPDATE session SET code = 'F1-2b' WHERE code = 'F1-2'",
        "DELETE FROM session_participant WHERE session_id = (SELECT id FROM session WHERE code = 'F1-3')",
        "UPDATE person SET display_name = 'Another name' WHERE login_name = 'fictional-r1'",
        "UPDATE person SET login_name = 'renamed' WHERE login_name = 'fictional-r2'",
        "UPDATE study SET score_of_record = 'primary'",
        "UPDATE coding SET submitted_at = submitted_at + 1 WHERE id = (SELECT min(id) FROM coding)",
        "UPDATE assignment SET windows = '[[900000,1000000]]' WHERE id = (SELECT min(assignment_id) FROM coding)",
    ],
    ids=["title", "code", "pair", "name", "login", "record", "handed in", "window"],
)
def test_a_change_of_what_is_compared_is_another_text(house: House, change: str) -> None:
    before = mark(house)
    with house.workspace.changing(None, "study.change", "study") as connection:
        connection.execute(text(change))
    assert mark(house) != before


def test_to_look_at_it_changes_nothing(house: House) -> None:
    before = mark(house)
    material(house.workspace, house.people["imre"], Choice())
    assert mark(house) == before


def test_another_persons_is_another_text(house: House) -> None:
    scheme = comparable(house.workspace, house.people["imre"])[0].scheme
    choice = Choice(scheme_hash=scheme.hash)
    assert fingerprint(house.workspace, house.people["carla"], choice) != mark(house)
