"""Help, errors and speed of the command itself."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import pytest

from tests.cli.running import Ran
from workbench import __version__
from workbench.cli import door
from workbench.workflows import manage_people

Run = Callable[..., Ran]
SPOKEN = "I never told anybody about the fire"


def test_every_error_that_is_told_as_a_sentence_exists() -> None:
    for name in door.SENTENCES:
        module, _, kind = name.rpartition(".")
        assert issubclass(getattr(import_module(module), kind), Exception)


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault that nobody foresaw, whose own text quotes a session."""

    def fail(*_: object) -> None:
        raise ValueError(SPOKEN)

    monkeypatch.setattr(manage_people, "everyone", fail)


@pytest.mark.usefixtures("broken")
def test_an_unforeseen_error_is_one_sentence_without_the_words_of_a_session(run: Run) -> None:
    run("init")
    ran = run("user", "list")
    assert ran.status == 1 and "Traceback" not in ran.err and SPOKEN not in ran.err
    assert "ValueError" in ran.err and "--debug" in ran.err


@pytest.mark.usefixtures("broken")
def test_debug_shows_where_without_the_words_of_a_session(run: Run) -> None:
    run("init")
    ran = run("user", "list", "--debug")
    assert ran.status == 1 and "user.py" in ran.err and "in fail" in ran.err
    assert SPOKEN not in ran.err


def test_a_setting_that_does_not_fit_is_malformed(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKBENCH_PORT", "many")
    ran = run("doctor")
    assert ran.status == 2 and "WORKBENCH_PORT" in ran.err


def test_an_unknown_command_proposes_the_one_that_was_meant(run: Run) -> None:
    ran = run("transcribee")
    assert ran.status == 2 and "transcribe" in ran.err


def test_text_from_outside_cannot_move_the_cursor(run: Run) -> None:
    run("init")
    ran = run("study", "add", "Calm\x1b[2Jstudy")
    assert "\x1b" not in ran.out + ran.err
    assert "\x1b" not in run("study", "list").out


def test_the_version_is_printed(run: Run) -> None:
    assert run("--version").out == f"workbench {__version__}\n"


def test_help_loads_neither_database_nor_tables_nor_torch() -> None:
    code = (
        "import sys\n"
        "import workbench.cli\n"
        "heavy = {'sqlalchemy', 'pandas', 'numpy', 'streamlit', 'torch', 'dbos', 'av', 'yaml', 'cryptography'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_modules_of_commands_are_named_after_them() -> None:
    folder = Path(door.__file__).parent
    assert all((folder / f"{name.replace('-', '_')}.py").is_file() for name in door.Door.order)
