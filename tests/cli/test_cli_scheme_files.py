"""`workbench import-scheme` and `export-scheme`: from a file to a file, with what was lost on the error stream."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.cli.running import Ran
from workbench import schemes
from workbench.settings import Settings
from workbench.workflows import keep_definition, open_workspace

Run = Callable[..., Ran]


@pytest.mark.parametrize("format", ["boris", "cacti", "yaml"])
def test_a_scheme_goes_out_and_comes_back_as_one_that_can_be_used(run: Run, tmp_path: Path, format: str) -> None:
    there, back = tmp_path / "there", tmp_path / "back.yaml"
    assert run("export-scheme", "rupture_repair", "--format", format, "--out", there).status == 0
    said = run("import-scheme", there.rename(tmp_path / f"there.{format}"), "--out", back, "--json")
    assert said.json["file"] == str(back)
    assert run("check-scheme", back).out == f"{back}: can be used\n"


def test_what_is_lost_and_what_is_to_be_decided_is_listed(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "mi.xml"
    lost = run("export-scheme", "mi_integrity", "--format", "cacti", "--out", out)
    assert "In CACTI each utterance has one code." in lost.problems
    notes = run("import-scheme", out, "--out", tmp_path / "mi.yaml")
    assert any(note.startswith("Without a definition: Question") for note in notes.problems)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            ("export-scheme", "rupture_repair", "--format", "elan"),
            "unknown format 'elan'; there are: boris, cacti",
        ),
        (("export-scheme", "segmented_alliance", "--format", "boris"), "holds codes, and this scheme has none"),
        (("import-scheme", "nowhere.boris"), "nowhere.boris cannot be read: No such file or directory"),
    ],
)
def test_what_cannot_be_done_is_said(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], sentence: str
) -> None:
    monkeypatch.chdir(tmp_path)
    said = run(*arguments)
    assert (said.status, list(tmp_path.iterdir())) == (1, [])
    assert sentence in said.err


def test_a_scheme_of_the_workspace_goes_out_in_the_version_that_is_asked_for(run: Run, tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert run("--workspace", home, "init").status == 0
    workspace = open_workspace.open_(Settings(workspace=home))
    for version in ("1.9", "1.10"):
        made = replace(schemes.shipped_schemes()["rupture_repair"], name="ours", version=version)
        keep_definition.keep_scheme(workspace, None, schemes.from_json(schemes.to_json(made)))
    workspace.close()
    ours = ("--workspace", home, "export-scheme", "ours", "--format", "yaml")
    assert "add --in-use" in run(*ours, "--out", tmp_path / "none.yaml").err
    assert run(*ours, "--in-use", "--out", tmp_path / "new.yaml").status == 0
    assert run(*ours, "--in-use", "--scheme-version", "1.9", "--out", tmp_path / "old.yaml").status == 0
    assert [schemes.load_scheme(tmp_path / f"{n}.yaml").version for n in ("new", "old")] == ["1.10", "1.9"]
    refused = run(*ours, "--in-use", "--scheme-version", "2", "--out", tmp_path / "none.yaml")
    assert (refused.status, "no version '2' of ours" in refused.err) == (1, True)
    assert run(*ours, "--scheme-version", "2", "--out", tmp_path / "none.yaml").status == 2
    for format in ("boris", "cacti", "qdc"):
        out = tmp_path / f"ours.{format}"
        assert (
            run("--workspace", home, "export-scheme", "ours", "--format", format, "--in-use", "--out", out).status == 0
        )
    assert not (tmp_path / "none.yaml").exists()


def test_every_problem_of_a_wrong_file_is_listed_and_nothing_is_written(run: Run, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.boris"
    wrong.write_text(json.dumps({"behaviors_conf": {"0": {"code": ""}, "1": {"code": "a", "type": "Wave"}}}))
    said = run("import-scheme", wrong, "--out", tmp_path / "made.yaml")
    assert (said.status, len(said.problems)) == (1, 2)
    assert not (tmp_path / "made.yaml").exists()


def test_what_is_to_be_decided_stands_at_the_head_of_the_yaml(run: Run, tmp_path: Path) -> None:
    run("export-scheme", "mi_integrity", "--format", "cacti", "--out", tmp_path / "mi.xml")
    run("import-scheme", tmp_path / "mi.xml", "--out", tmp_path / "mi.yaml")
    lines = (tmp_path / "mi.yaml").read_text().splitlines()
    assert lines[0].startswith("# yaml-language-server:")
    assert lines[1].startswith("# Keys chosen here")
    assert run("check-scheme", tmp_path / "mi.yaml").status == 0


@pytest.mark.parametrize("odd", ["\a", "\x7f", "\x84", "\x85", "\u2028", "\ufffe", "\ud800", "\ufeff", "\u200c"])
def test_what_is_imported_is_accepted_by_check_scheme_whatever_letters_the_file_has(
    run: Run, tmp_path: Path, odd: str
) -> None:
    bark = {"type": "Point event", "key": "a", "code": f"Ba{odd}rk", "description": f"x{odd}y", "category": f"c{odd}"}
    others = {"0": {"label": f"wea{odd}ther", "description": odd, "type": "text"}}
    file = tmp_path / "dogs.boris"
    file.write_text(json.dumps({"behaviors_conf": {"0": bark}, "independent_variables": others}))
    made = run("import-scheme", file, "--out", tmp_path / "dogs.yaml")
    assert made.status == 0, made.err
    checked = run("check-scheme", tmp_path / "dogs.yaml")
    assert checked.status == 0, checked.err + checked.out
