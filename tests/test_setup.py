"""The two commands, and the guard against skipped tests."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def python(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *map(str, arguments)], capture_output=True, text=True, check=False)


def test_run_without_a_command_says_what_there_is() -> None:
    told = python(ROOT / "run.py")
    assert told.returncode == 0
    assert all(command in told.stdout for command in ("run.py demo", "run.py test", "run.py check"))
    assert python(ROOT / "run.py", "dance").returncode == 2


def test_run_installs_the_torch_that_the_speech_extra_names() -> None:
    speech = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]["speech"]
    pinned = next(requirement for requirement in speech if requirement.startswith("torch=="))
    assert f'TORCH = "{pinned}"' in (ROOT / "run.py").read_text()


def test_the_readme_names_both_commands_on_its_first_screen() -> None:
    first_screen = (ROOT / "README.md").read_text().splitlines()[:25]
    assert "python3 run.py demo" in first_screen and "python3 run.py test" in first_screen


REPORT = '<testsuites><testsuite><testcase classname="tests.a" name="runs"/>{}</testsuite></testsuites>'
SKIPPED = '<testcase classname="tests.a" name="rests"><skipped/></testcase>'


@pytest.mark.parametrize(
    ("cases", "allowed", "status"),
    [("", "", 0), (SKIPPED, "", 1), (SKIPPED, "# why\ntests.a::rests\n", 0)],
    ids=["none skipped", "one skipped", "one skipped that may be"],
)
def test_a_skipped_test_fails_the_build_unless_it_is_named(
    tmp_path: Path, cases: str, allowed: str, status: int
) -> None:
    (tmp_path / "report.xml").write_text(REPORT.format(cases))
    (tmp_path / "allowed").write_text(allowed)
    done = python(ROOT / ".ci" / "no_skips.py", tmp_path / "report.xml", tmp_path / "allowed")
    assert done.returncode == status, done.stdout
