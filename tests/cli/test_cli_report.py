"""`workbench report agreement`, as somebody types it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.app.house import House
from tests.cli.running import Ran

Run = Callable[..., Ran]
ROOT = Path(__file__).parents[2]
QUICK = ("--coefficients", "percent_agreement,krippendorff_alpha", "--replicates", 20)


@pytest.fixture(scope="module")
def place(built_study: House) -> Path:
    """A workspace with the fictional study."""
    return built_study.workspace.folder


def test_a_report_is_written_and_computes_itself_again(run: Run, place: Path, tmp_path: Path) -> None:
    out = tmp_path / "handed in"
    done = run("--workspace", place, "report", "agreement", "--study", "Fictional study", "--out", out, *QUICK)
    assert done.status == 0, done.err
    assert "The agreement report of Fictional study is written to" in done.out
    assert {f.name for f in out.iterdir()} >= {"agreement.html", "agreement.docx", "agreement.json", "agreement.csv"}
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    again = subprocess.run(
        [sys.executable, "recompute.py"], cwd=out, env=environment, capture_output=True, text=True, timeout=120
    )
    assert again.returncode == 0 and "numbers are the same" in again.stdout
    twice = run("--workspace", place, "report", "agreement", "--study", "Fictional study", "--out", out, *QUICK)
    assert twice.status == 1 and "already holds" in twice.err


def test_as_json_it_says_what_it_wrote(run: Run, place: Path, tmp_path: Path) -> None:
    where = ("--study", "Fictional study", "--out", tmp_path / "r", "--json")
    told = run("--workspace", place, "report", "agreement", *where, *QUICK).json
    assert told["sessions"] == 27 and told["sessions_left_out"] == 0 and told["values"] > 20
    assert all(Path(f).is_file() for f in told["files"])


@pytest.mark.parametrize(
    ("option", "why"),
    [
        (("--coefficients", "kapa"), "krippendorff_alpha"),
        (("--bin", "0"), "is not from 0.001"),
        (("--replicates", "-1"), "is not from 0 to"),
    ],
)
def test_options_that_cannot_be_write_nothing(
    run: Run, place: Path, tmp_path: Path, option: tuple[str, ...], why: str
) -> None:
    out = tmp_path / "r"
    done = run("--workspace", place, "report", "agreement", "--study", "Fictional study", "--out", out, *option)
    assert done.status == 2 and why in done.err and not out.exists()


def test_who_may_not_see_agreement_gets_none(run: Run, place: Path, tmp_path: Path) -> None:
    out = tmp_path / "r"
    done = run("--workspace", place, "report", "agreement", "--study", "Fictional study", "--out", out, "--as", "ada")
    assert done.status == 1 and "researcher or supervisor" in done.err and not out.exists()
