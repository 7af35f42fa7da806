"""`workbench codebook`: the file that was asked for, and a sentence where there is none."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from tests.cli.running import Ran
from workbench import schemes
from workbench.settings import Settings
from workbench.workflows import keep_definition, manage_people, open_workspace, rule

Run = Callable[..., Ran]


def test_a_shipped_scheme_is_printed_as_pdf_and_as_a_page(run: Run, tmp_path: Path) -> None:
    for name, begins in (("book.pdf", b"%PDF"), ("book.html", b"<!DOCTYPE html>")):
        said = run("codebook", "segmented_alliance", "--out", str(tmp_path / name), "--json")
        assert json.loads(said.out)["bytes"] == len((tmp_path / name).read_bytes())
        assert (tmp_path / name).read_bytes().startswith(begins)


def test_a_file_that_is_there_is_replaced_only_when_asked(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "book.html"
    out.write_text("mine")
    refused = run("codebook", "segmented_alliance", "--out", str(out))
    assert refused.status == 1
    assert "--overwrite" in refused.err
    assert out.read_text() == "mine"
    assert run("codebook", "segmented_alliance", "--out", str(out), "--overwrite").status == 0
    assert out.read_bytes().startswith(b"<!DOCTYPE html>")


@pytest.mark.parametrize(
    ("scheme", "out", "status", "sentence"),
    [
        ("segmented_alliance", "book.docx", 2, "ends neither in .html nor in .pdf"),
        ("segmented", "book.pdf", 1, "There is no coding scheme 'segmented'; there are: alliance_behaviours"),
        ("ours", "book.pdf", 1, "For a scheme that is in use in the workspace add --in-use."),
        ("none.yaml", "book.pdf", 1, "none.yaml cannot be used."),
    ],
)
def test_what_cannot_be_printed_is_said_in_a_sentence(
    run: Run, tmp_path: Path, scheme: str, out: str, status: int, sentence: str
) -> None:
    said = run("codebook", scheme, "--out", str(tmp_path / out))
    assert (said.status, list(tmp_path.iterdir())) == (status, [])
    assert sentence in said.err


def test_letters_that_the_fonts_lack_are_said(run: Run, tmp_path: Path) -> None:
    scheme = tmp_path / "my.yaml"
    scheme.write_text(
        "scheme: my\ntitle: 今日\nversion: '1'\ndescription: d\ncodes:\n"
        "  - {id: a, label: A, kind: point, key: a, definition: d}\n",
        encoding="utf-8",
    )
    said = run("codebook", str(scheme), "--out", str(tmp_path / "my.pdf"))
    assert said.status == 0
    assert "The PDF's own fonts lack 今日" in said.err


def test_the_version_in_use_comes_with_its_rulings(run: Run, tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert run("--workspace", home, "init").status == 0
    run("--workspace", home, "user", "add", "carla", "--role", "supervisor")
    none = run("--workspace", home, "codebook", "rupture_repair", "--in-use", "--out", tmp_path / "book.html")
    assert "The workspace has no coding scheme 'rupture_repair'; there are: none." in none.err
    workspace = open_workspace.open_(Settings(workspace=home))
    carla = manage_people.find_person(workspace, "carla")
    scheme = keep_definition.keep_scheme(workspace, None, schemes.shipped_schemes()["rupture_repair"])
    decided = date(2026, 3, 2)
    wording = rule.Wording("withdrawal", decided, "Silence too?", "Only after a rupture.")
    rule.make_ruling(workspace, carla, scheme.name, wording, decided)
    workspace.close()
    said = run("--workspace", home, "codebook", "rupture_repair", "--in-use", "--out", tmp_path / "book.html")
    assert said.status == 0, said.err
    assert "Only after a rupture." in (tmp_path / "book.html").read_text()
    assert "with 1 ruling." in said.out


def test_the_version_in_use_is_the_one_with_the_highest_number(run: Run, tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert run("--workspace", home, "init").status == 0
    run("--workspace", home, "user", "add", "carla", "--role", "supervisor")
    workspace = open_workspace.open_(Settings(workspace=home))
    for version in ("1.9", "1.10", "1.0.1"):
        made = replace(schemes.shipped_schemes()["segmented_alliance"], version=version)
        keep_definition.keep_scheme(workspace, None, schemes.from_json(schemes.to_json(made)))
    workspace.close()
    said = run("--workspace", home, "codebook", "segmented_alliance", "--in-use", "--out", tmp_path / "book.html")
    assert said.status == 0, said.err
    assert "Version 1.10" in (tmp_path / "book.html").read_text()
    earlier = ("--scheme-version", "1.9", "--out", tmp_path / "earlier.html")
    assert run("--workspace", home, "codebook", "segmented_alliance", "--in-use", *earlier).status == 0
    assert "Version 1.9" in (tmp_path / "earlier.html").read_text()
    missing = ("--scheme-version", "2", "--out", tmp_path / "none.html")
    refused = run("--workspace", home, "codebook", "segmented_alliance", "--in-use", *missing)
    assert (refused.status, "no version '2' of segmented_alliance; there are: 1." in refused.err) == (1, True)
    alone = run("codebook", "segmented_alliance", *missing)
    assert (alone.status, "--in-use" in alone.err) == (2, True)
    assert not (tmp_path / "none.html").exists()


def test_who_may_read_no_rulings_prints_no_codebook_with_them(run: Run, tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert run("--workspace", home, "init").status == 0
    run("--workspace", home, "user", "add", "eve", "--role", "provider")
    workspace = open_workspace.open_(Settings(workspace=home))
    keep_definition.keep_scheme(workspace, None, schemes.shipped_schemes()["segmented_alliance"])
    workspace.close()
    asked = ("codebook", "segmented_alliance", "--in-use", "--as", "eve", "--out", tmp_path / "book.html")
    refused = run("--workspace", home, *asked)
    assert refused.status == 1 and not (tmp_path / "book.html").exists()
