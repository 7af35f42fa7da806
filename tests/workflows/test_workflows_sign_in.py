"""Signing in: who gets in, who waits, and what the audit chain says of it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from workbench.model.people import Person, Role
from workbench.store import audit, people
from workbench.store.workspace import Workspace
from workbench.workflows import manage_people
from workbench.workflows import sign_in as signing_in
from workbench.workflows.refusal import Refused
from workbench.workflows.sign_in import LOCK_MS, sign_in, sign_out, who_is

MINUTE = 60_000
NOW = 1_800_000_000_000


def test_a_person_signs_in_and_out(workspace: Workspace, person_of: Callable[..., Person]) -> None:
    ada = person_of("ada", Role.OBSERVER)
    token = sign_in(workspace, "ada", "password of ada")
    found = who_is(workspace, token)
    assert found is not None and found.person == ada and len(found.csrf) > 15
    sign_out(workspace, token)
    assert who_is(workspace, token) is None


def test_ten_wrong_passwords_lock_the_account_for_a_quarter_of_an_hour(
    workspace: Workspace, person_of: Callable[..., Person]
) -> None:
    person_of("ada", Role.OBSERVER)
    answers = []
    for _ in range(10):
        with pytest.raises(Refused) as refused:
            sign_in(workspace, "ada", "wrong password", at=NOW)
        answers.append(str(refused.value))
    assert answers[:5] == ["This name and password do not fit together."] * 5
    assert all("Try again in 15 minutes" in a for a in answers[5:])
    with pytest.raises(Refused, match="Try again"):
        sign_in(workspace, "ada", "password of ada", at=NOW + LOCK_MS - 1)
    assert sign_in(workspace, "ada", "password of ada", at=NOW + LOCK_MS)


def test_an_unknown_name_gets_the_same_words_as_a_wrong_password(workspace: Workspace) -> None:
    with pytest.raises(Refused, match="do not fit together"):
        sign_in(workspace, "nobody", "whatever it is")


def test_a_sign_in_ends_when_idle_and_at_its_absolute_end(
    workspace: Workspace, person_of: Callable[..., Person]
) -> None:
    person_of("ada", Role.OBSERVER)
    token = sign_in(workspace, "ada", "password of ada", at=NOW)
    idle = workspace.settings.login_idle_minutes * MINUTE
    assert who_is(workspace, token, at=NOW + idle + 1) is None
    at = NOW
    while at < NOW + workspace.settings.login_hours * 60 * MINUTE - idle:
        at += idle
        assert who_is(workspace, token, at=at) is not None
    assert who_is(workspace, token, at=NOW + workspace.settings.login_hours * 60 * MINUTE) is None


def test_a_closed_account_is_signed_out_at_once(workspace: Workspace, person_of: Callable[..., Person]) -> None:
    ada = person_of("ada", Role.OBSERVER)
    token = sign_in(workspace, "ada", "password of ada")
    manage_people.close_account(workspace, None, ada.id)
    assert who_is(workspace, token) is None
    with pytest.raises(Refused, match="do not fit together"):
        sign_in(workspace, "ada", "password of ada")


def test_tokens_and_passwords_are_not_in_the_database(workspace: Workspace, person_of: Callable[..., Person]) -> None:
    person_of("ada", Role.OBSERVER)
    token = sign_in(workspace, "ada", "password of ada")
    stored = b"".join(p.read_bytes() for p in workspace.folder.glob("*.db*"))
    assert token.encode() not in stored and b"password of ada" not in stored


def test_sign_ins_and_failures_are_in_the_audit_chain(workspace: Workspace, person_of: Callable[..., Person]) -> None:
    person_of("ada", Role.OBSERVER)
    with pytest.raises(Refused):
        sign_in(workspace, "ada", "wrong password")
    sign_in(workspace, "ada", "password of ada")
    with workspace.reading() as connection:
        actions = [e.action for e in audit.entries(connection)]
        assert actions[:2] == ["login.open", "login.fail"]
    assert audit.verify(workspace.reading)[0] == []


def test_only_administrators_add_people(workspace: Workspace, person_of: Callable[..., Person]) -> None:
    observer, administrator = person_of("ada", Role.OBSERVER), person_of("eve", Role.ADMINISTRATOR)
    with pytest.raises(Refused, match="needs the role administrator"):
        manage_people.add_person(workspace, observer, "bob", "Bob", "a long password", [Role.OBSERVER])
    assert manage_people.add_person(workspace, administrator, "bob", "Bob", "a long password", [Role.OBSERVER])
    with pytest.raises(Refused, match="taken"):
        manage_people.add_person(workspace, administrator, "bob", "Bob", "a long password", [Role.OBSERVER])
    with pytest.raises(Refused, match="does not fit"):
        manage_people.add_person(workspace, administrator, "=cmd()", "Bob", "a long password", [Role.OBSERVER])


def test_many_guesses_at_once_are_no_more_guesses(
    workspace: Workspace, person_of: Callable[..., Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each begins before any other has failed; only two are checked at a time."""
    person_of("ada", Role.OBSERVER)
    together, checked = threading.Barrier(20), signing_in._fits

    def slowly(password_hash: str, password: str) -> bool:
        time.sleep(0.02)
        return checked(password_hash, password)

    def guess(number: int) -> str:
        together.wait(10)
        with pytest.raises(Refused) as refused:
            sign_in(workspace, "ada", f"wrong password {number}", at=NOW)
        return str(refused.value)

    monkeypatch.setattr(signing_in, "_fits", slowly)
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(guess, range(20)))
    assert 5 <= answers.count("This name and password do not fit together.") <= 6
    with workspace.reading() as connection:
        assert len(audit.entries(connection, action="login.fail")) == 20


@pytest.mark.parametrize("meanwhile", ["locked", "closed", "new password"])
def test_a_right_password_opens_nothing_when_the_account_changed_while_it_was_checked(
    workspace: Workspace, person_of: Callable[..., Person], monkeypatch: pytest.MonkeyPatch, meanwhile: str
) -> None:
    ada = person_of("ada", Role.OBSERVER)

    def change(password_hash: str, password: str) -> bool:
        if meanwhile == "closed":
            manage_people.close_account(workspace, None, ada.id)
        elif meanwhile == "new password":
            manage_people.set_password(workspace, None, ada.id, "another password")
        else:
            with workspace.changing(None, "login.fail", "person", ada.id) as connection:
                people.note_failure(connection, ada.id, 5, NOW + LOCK_MS)
        return True

    monkeypatch.setattr(signing_in, "_fits", change)
    with pytest.raises(Refused):
        sign_in(workspace, "ada", "password of ada", at=NOW)
    with workspace.reading() as connection:
        assert audit.entries(connection, action="login.open") == []
