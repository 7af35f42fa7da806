"""`workbench doctor` names what is not in order, and changes nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from tests.cli.running import Ran
from tests.clinic import Clinic
from workbench.cli import call
from workbench.settings import Settings, load
from workbench.store import schema
from workbench.workflows import doctor
from workbench.workflows.doctor import State, examine
from workbench.workflows.open_recording import MEDIA

Run = Callable[..., Ran]


def lines(run: Run, *more: object) -> dict[str, tuple[str, str]]:
    return {line["what"]: (line["state"], line["sentence"]) for line in run("doctor", "--json", *more).json}


def test_a_new_workspace_has_no_problem(run: Run) -> None:
    run("init")
    ran = run("doctor")
    assert ran.status == 0 and "problem " not in ran.out
    found = lines(run)
    assert {"python", "sqlite", "long work", "speech", "disk", "keys", "workspace", "audit chain", "vault"} <= set(
        found
    )
    assert found["audit chain"][0] == found["vault"][0] == found["workspace"][0] == "ok"
    assert "Journal mode" in found["sqlite"][1]


def test_before_there_is_a_workspace_the_line_says_how_to_make_one(run: Run) -> None:
    state, sentence = lines(run)["workspace"]
    assert state == "warn" and "workbench init" in sentence
    assert not load().workspace.exists()


def test_a_changed_audit_row_is_a_problem(run: Run) -> None:
    run("init")
    run("study", "add", "A study")
    engine = create_engine(f"sqlite:///{load().workspace / 'workbench.db'}")
    with engine.begin() as connection:
        triggers = connection.execute(text("SELECT name FROM sqlite_master WHERE type='trigger' AND tbl_name='audit'"))
        for (name,) in triggers.all():
            connection.execute(text(f"DROP TRIGGER {name}"))
        connection.execute(text("UPDATE audit SET action = 'nothing' WHERE seq = 2"))
    engine.dispose()
    ran = run("doctor")
    assert ran.status == 1 and "Audit row 2 was altered." in ran.out


def test_a_recording_that_does_not_open_is_a_problem(clinic: Clinic) -> None:
    def vault() -> tuple[State, str]:
        found = {line.what: line for line in examine(clinic.workspace.settings)}
        return found["vault"].state, found["vault"].sentence

    assert vault()[0] is State.OK
    clinic.workspace.vault.write(clinic.recording.id, MEDIA, b"sound" * 1000)
    assert vault()[0] is State.OK
    files = (p for p in (clinic.workspace.folder / "vault").rglob("*") if p.is_file())
    largest = max(files, key=lambda p: p.stat().st_size)
    data = bytearray(largest.read_bytes())
    data[-1] ^= 1
    largest.write_bytes(data)
    assert vault() == (State.PROBLEM, f"1 of 1 recordings do not open: session {clinic.session.code}: Tampered.")
    clinic.workspace.vault.remove(clinic.recording.id, MEDIA)
    assert vault() == (State.PROBLEM, f"1 of 1 recordings do not open: session {clinic.session.code}: NotInVault.")


def test_a_missing_key_is_a_problem(run: Run) -> None:
    run("init")
    (load().workspace / "master.key").unlink()
    ran = run("doctor")
    assert ran.status == 1 and "master.key is not there" in ran.out


def test_a_damaged_database_is_a_problem_and_no_traceback(run: Run) -> None:
    run("init")
    (load().workspace / "workbench.db").write_bytes(b"no database at all" * 1000)
    ran = run("doctor")
    assert ran.status == 1 and "Traceback" not in ran.err and "workbench.db" in ran.out


def test_a_workspace_of_a_newer_program_is_a_problem_and_stays_as_it_is(run: Run) -> None:
    run("init")
    file = load().workspace / "workbench.db"
    engine = create_engine(f"sqlite:///{file}")
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    before = hashlib.sha256(file.read_bytes()).hexdigest()
    ran = run("doctor")
    assert ran.status == 1 and "9999" in ran.out and schema.head() in ran.out
    assert hashlib.sha256(file.read_bytes()).hexdigest() == before


def test_a_missing_model_is_a_warning_with_its_command(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORKBENCH_MODELS_FOLDER", str(tmp_path / "none"))
    state, sentence = lines(run)["model base"]
    assert state == "warn" and "workbench models install base" in sentence


def test_without_the_speech_packages_the_line_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(doctor, "_SPEECH", {"torch": "a_module_that_is_not_here"})
    found = {line.what: line for line in examine(Settings(workspace=tmp_path / "none"))}
    assert found["speech"].state is State.WARN and "pip install" in found["speech"].sentence


def test_a_passphrase_that_is_not_given_is_said(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(call.PASSPHRASE, "seven small words in a row here")
    run("init", "--key", "passphrase")
    monkeypatch.delenv(call.PASSPHRASE)
    call.ask_passphrase.cache_clear()
    ran = run("doctor")
    assert ran.status == 1 and call.PASSPHRASE in ran.out
