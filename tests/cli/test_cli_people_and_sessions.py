"""From an empty folder to an assigned session, in the terminal."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.running import Ran
from workbench.settings import load
from workbench.store.workspace import Workspace
from workbench.workflows import open_workspace, sign_in

Run = Callable[..., Ran]


def opened() -> Workspace:
    return open_workspace.open_(load())


@pytest.fixture
def session(run: Run) -> str:
    """A workspace with a study and a session of one patient and one provider."""
    assert run("init").status == 0
    assert run("study", "add", "Brief therapy").status == 0
    assert (
        run("session", "add", "S001", "--study", "Brief therapy", "--patient", "P01", "--provider", "T01").status == 0
    )
    return "S001"


def test_a_session_goes_from_consent_to_assignment(run: Run, session: str, tone: Path) -> None:
    assert run("user", "add", "ada", "--role", "observer").status == 0
    consented = run("consent", "record", "--session", session, "--scope", "all", "--statement", "I agree.", "--json")
    assert [c["participant"] for c in consented.json] == ["P01", "T01"]
    taken = run("intake", tone, "--session", session, "--json")
    assert (taken.status, taken.json["duration_ms"], taken.json["media_type"]) == (0, 1000, "audio/wav")
    assigned = run("assign", "--session", session, "--rater", "ada", "--to", "0.5")
    assert assigned.status == 0 and "ada" in assigned.out
    with opened().reading() as connection:
        from workbench.store import assignments

        (assignment,) = assignments.every(connection)
    assert [(w.start_ms, w.end_ms) for w in assignment.windows] == [(0, 500)]


def test_a_random_password_is_printed_once_and_lets_its_person_in(run: Run) -> None:
    run("init")
    made = run("user", "add", "ada", "--name", "Ada L.", "--role", "observer,supervisor", "--json").json
    assert made["roles"] == ["observer", "supervisor"]
    workspace = opened()
    assert sign_in.sign_in(workspace, "ada", made["password"])
    workspace.close()
    assert made["password"] not in run("user", "list").out


def test_a_password_is_read_from_the_standard_input_and_not_printed(run: Run) -> None:
    run("init")
    added = run("user", "add", "ada", "--role", "observer", "--password-stdin", stdin="correct horse battery\n")
    assert added.status == 0 and "horse" not in added.out + added.err and "Password" not in added.out
    assert run("user", "password", "ada", "--password-stdin", stdin="short\n").status == 1
    changed = run("user", "password", "ada", "--password-stdin", stdin="another long one\n")
    assert changed.status == 0
    workspace = opened()
    assert sign_in.sign_in(workspace, "ada", "another long one")
    workspace.close()


def test_no_command_takes_a_password_as_an_argument(run: Run) -> None:
    for command in ("add", "password"):
        assert "--password " not in run("user", command, "--help").out


def test_roles_are_replaced_and_accounts_closed(run: Run) -> None:
    run("init")
    run("user", "add", "ada", "--role", "observer")
    assert run("user", "roles", "ada", "--role", "researcher").status == 0
    assert run("user", "list", "--json").json == [{"login": "ada", "name": "ada", "roles": ["researcher"]}]
    assert run("user", "close", "ada").status == 0
    assert run("user", "list", "--json").json == []


def test_an_unknown_role_lists_the_roles(run: Run) -> None:
    run("init")
    ran = run("user", "add", "ada", "--role", "boss")
    assert ran.status == 1 and "Unknown role boss" in ran.err and "observer" in ran.err
    assert run("user", "list", "--json").json == []


def test_a_recording_without_consent_is_refused_and_nothing_is_kept(run: Run, session: str, tone: Path) -> None:
    ran = run("intake", tone, "--session", session)
    assert ran.status == 1 and "Consent to recording is missing" in ran.err and "P01, T01" in ran.err
    folder = load().workspace / "vault"
    assert [p for p in folder.rglob("*") if p.is_file()] == []


def test_a_recording_whose_consent_was_withdrawn_is_refused(run: Run, session: str, tone: Path) -> None:
    run("consent", "record", "--session", session, "--scope", "record", "--statement", "I agree.")
    assert run("consent", "withdraw", "--session", session, "--participant", "P01").status == 0
    assert run("intake", tone, "--session", session).status == 1
    states = {
        c["participant"]: bool(c["withdrawn_at"]) for c in run("consent", "list", "--session", session, "--json").json
    }
    assert states == {"P01": True, "T01": False}


def test_consent_without_a_statement_is_refused(run: Run, session: str) -> None:
    ran = run("consent", "record", "--session", session, "--scope", "all", "--statement", " ")
    assert ran.status == 1 and "statement" in ran.err
    assert run("consent", "list", "--session", session, "--json").json == []


def test_a_scope_that_does_not_exist_is_malformed(run: Run, session: str) -> None:
    ran = run("consent", "record", "--session", session, "--scope", "record,fame", "--statement", "I agree.")
    assert ran.status == 2 and "fame" in ran.err and "supervise" in ran.err


def test_a_file_that_is_no_medium_is_refused_and_nothing_is_kept(run: Run, session: str, tmp_path: Path) -> None:
    run("consent", "record", "--session", session, "--scope", "all", "--statement", "I agree.")
    letter = tmp_path / "letter.mp3"
    letter.write_text("Dear colleague, " * 500)
    ran = run("intake", letter, "--session", session)
    assert ran.status == 1 and "letter.mp3: This is no audio or video file" in ran.err
    assert [p for p in (load().workspace / "vault").rglob("*") if p.is_file()] == []
    assert run("intake", tmp_path / "gone.wav", "--session", session).status == 1


def test_the_same_recording_is_recognised(run: Run, session: str, tone: Path) -> None:
    run("consent", "record", "--session", session, "--scope", "all", "--statement", "I agree.")
    assert run("intake", tone, "--session", session).status == 0
    again = run("intake", tone, "--session", session)
    assert again.status == 1 and "is here already" in again.err


def test_a_session_that_cannot_be_added_leaves_no_new_participants(run: Run, session: str) -> None:
    for arguments in (
        ("S001", "--patient", "P02"),
        ("S 2", "--patient", "P02"),
        ("S002", "--patient", "P02", "--provider", "P01"),
        ("S002", "--patient", "=P02"),
        ("S002",),
    ):
        assert run("session", "add", *arguments, "--study", "Brief therapy").status == 1
    assert [p["code"] for p in run("participant", "list", "--json").json] == ["P01", "T01"]
    assert [s["code"] for s in run("session", "list", "--json").json] == ["S001"]


def test_a_day_that_is_none_is_malformed(run: Run, session: str) -> None:
    ran = run("session", "add", "S2", "--study", "Brief therapy", "--patient", "P01", "--held", "yesterday")
    assert ran.status == 2 and "--held" in ran.err


def test_transcribing_a_session_needs_its_models(
    run: Run, session: str, tone: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("consent", "record", "--session", session, "--scope", "all", "--statement", "I agree.")
    assert run("transcribe", "--session", session).status == 1
    run("intake", tone, "--session", session)
    monkeypatch.setenv("WORKBENCH_MODELS_FOLDER", str(tmp_path / "no models"))
    ran = run("transcribe", "--session", session)
    assert ran.status == 1 and "workbench models install base" in ran.err


def test_a_workspace_under_a_passphrase_opens_with_it_alone(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    from workbench.cli import call

    monkeypatch.setenv(call.PASSPHRASE, "seven small words in a row here")
    assert run("init", "--key", "passphrase").status == 0
    call.ask_passphrase.cache_clear()
    assert run("user", "list").status == 0
    call.ask_passphrase.cache_clear()
    monkeypatch.setenv(call.PASSPHRASE, "another one")
    assert run("user", "list").status == 1
    call.ask_passphrase.cache_clear()
    monkeypatch.delenv(call.PASSPHRASE)
    ran = run("user", "list")
    assert ran.status == 1 and call.PASSPHRASE in ran.err


def test_a_passphrase_workspace_is_not_made_without_one(run: Run) -> None:
    assert run("init", "--key", "passphrase").status == 1
    assert not load().workspace.exists()


def test_a_second_workspace_is_not_made_in_the_same_folder(run: Run) -> None:
    assert run("init").status == 0
    key = (load().workspace / "master.key").read_bytes()
    ran = run("init")
    assert ran.status == 1 and "already" in ran.err
    assert (load().workspace / "master.key").read_bytes() == key


def test_the_workspace_may_be_named_before_or_after_the_verb(run: Run, tmp_path: Path) -> None:
    assert run("--workspace", tmp_path / "one", "init").status == 0
    assert run("init", "--workspace", tmp_path / "two").status == 0
    assert run("init", f"--workspace={tmp_path / 'three'}").status == 0
    assert sorted(p.name for p in tmp_path.iterdir() if (p / "workbench.db").is_file()) == ["one", "three", "two"]


def test_without_a_workspace_the_sentence_says_how_to_make_one(run: Run) -> None:
    ran = run("user", "list")
    assert ran.status == 1 and "workbench init" in ran.err


def test_a_key_file_apart_from_the_workspace_is_found_again(run: Run, tmp_path: Path) -> None:
    made = run("init", "--key-file", tmp_path / "stick" / "alliance.key", "--json")
    assert made.json["key_file"] == str(tmp_path / "stick" / "alliance.key")
    assert not (load().workspace / "master.key").exists()
    assert run("user", "list").status == 0
    (tmp_path / "stick" / "alliance.key").unlink()
    ran = run("user", "list")
    assert ran.status == 1 and "alliance.key is not there" in ran.err
