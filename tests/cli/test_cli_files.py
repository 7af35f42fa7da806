"""Schemes, models and exports from the terminal."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.running import Ran
from workbench import settings
from workbench.registry import shipped
from workbench.speech import models
from workbench.store.workspace import Workspace
from workbench.workflows import import_study, open_workspace

Run = Callable[..., Ran]

FIVE_MISTAKES = """\
scheme: my_scheme
title: Mine
version: 1
description: A scheme with five mistakes.
codes:
  - id: rupture
    kind: pointy
    definition: Something breaks.
  - id: rupture
    title: Again
    kind: point
    key: rr
    definition: The same id.
    colour: reddish
    flavour: sweet
"""


def test_a_scheme_with_five_mistakes_gets_five_sentences_with_their_lines(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(FIVE_MISTAKES)
    ran = run("check-scheme", file)
    assert ran.status == 2
    listed = [line for line in ran.out.splitlines() if line.startswith("  - mine.yaml, line ")]
    told = run("check-scheme", file, "--json").json[0]
    assert not told["ok"] and len(listed) == len(told["problems"]) >= 5
    everything = ran.out
    for mistake in ("pointy", "rupture", "rr", "reddish", "flavour"):
        assert mistake in everything


def test_the_shipped_schemes_can_be_used(run: Run) -> None:
    files = sorted(shipped("coding_schemes").rglob("*.yaml"))
    ran = run("check-scheme", *files, "--json")
    assert len(files) >= 3 and ran.status == 0 and all(f["ok"] and not f["problems"] for f in ran.json)


def test_the_json_schema_of_a_format_is_printed_and_no_file_at_all_is_said(run: Run) -> None:
    assert "codes" in run("check-scheme", "--json-schema", "scheme").json["properties"]
    assert "items" in run("check-scheme", "--json-schema", "instrument").json["properties"]
    nothing = run("check-scheme")
    assert nothing.status == 2 and "Name a file to check" in nothing.err


def test_one_bad_file_among_good_ones_is_found(run: Run, tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text("- just a list\n")
    good = next(iter(shipped("coding_schemes").rglob("*.yaml")))
    ran = run("check-scheme", good, tmp_path / "bad.yaml", tmp_path / "gone.yaml")
    assert ran.status == 2 and "can be used" in ran.out and "gone.yaml, line 1: the file cannot be read" in ran.out


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A models folder of one's own, and beside it a model to install from."""
    monkeypatch.setenv("WORKBENCH_MODELS_FOLDER", str(tmp_path / "models"))
    own = tmp_path / "mine"
    own.mkdir()
    for name in ("model.bin", "config.json", "tokenizer.json"):
        (own / name).write_text(name)
    return own


def test_models_are_listed_with_licence_and_size(run: Run, folder: Path) -> None:
    ran = run("models", "list")
    assert ran.status == 0 and "148 MB" in ran.out and "MIT" in ran.out and "CC-BY-4.0" in ran.out
    rows = {m["name"]: m for m in run("models", "list", "--json").json["models"]}
    assert set(models.catalogue()) <= set(rows) and not any(m["installed"] for m in rows.values())


def test_a_model_is_installed_from_a_folder_checked_and_removed(run: Run, folder: Path) -> None:
    assert run("models", "install", "mine", "--from", folder).status == 0
    assert run("models", "check", "mine").status == 0
    rows = {m["name"]: m for m in run("models", "list", "--json").json["models"]}
    assert rows["mine"]["installed"]
    place = settings.load().models_folder / "asr" / "mine"
    (place / "config.json").write_text("something else")
    checked = run("models", "check", "--json")
    assert checked.status == 1 and "config.json" in checked.json[0]["problems"][0]
    assert run("models", "remove", "mine").status == 0 and not place.exists()
    assert run("models", "remove", "mine").status == 1


def test_installing_twice_changes_nothing_the_second_time(run: Run, folder: Path) -> None:
    run("models", "install", "mine", "--from", folder)
    place = settings.load().models_folder / "asr" / "mine" / "model.bin"
    before = place.stat()
    again = run("models", "install", "mine", "--json")
    assert again.status == 0 and again.json == [{"name": "mine", "installed": True, "changed": False}]
    assert (place.stat().st_ino, place.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_an_unknown_model_lists_what_there_is(run: Run, folder: Path) -> None:
    ran = run("models", "install", "enormous")
    assert ran.status == 2 and "tiny.en" in ran.err and "packaged" in ran.err


def test_files_that_are_not_the_known_model_are_refused(run: Run, folder: Path) -> None:
    ran = run("models", "install", "tiny.en", "--from", folder)
    assert ran.status == 1 and "not" in ran.err
    assert models.installed(settings.load().models_folder) == []


def test_a_token_without_the_hub_is_a_usage_error(run: Run, folder: Path) -> None:
    assert run("models", "install", "small", "--token-stdin", stdin="secret\n").status == 2
    assert run("models", "install", "small", "--hub", "--from", folder).status == 2


@pytest.fixture
def study(run: Run) -> str:
    """A workspace with the fictional study, a researcher and two supervisors."""
    run("init")
    for login, role in (("rita", "researcher"), ("sue", "supervisor"), ("sam", "supervisor")):
        run("user", "add", login, "--role", role)
    workspace: Workspace = open_workspace.open_(settings.load())
    made = import_study.import_study(workspace, shipped("sample_media") / "fictional_study" / "study.json")
    workspace.close()
    return made.name


def test_a_study_is_scored_compared_and_exported(run: Run, study: str, tmp_path: Path) -> None:
    scored = run("score", "--study", study, "--json")
    assert scored.status == 0 and len(scored.json) == 27
    assert all(0 <= s["scores"]["patient"]["value"] <= 100 for s in scored.json if s["scores"]["patient"]["value"])
    shown = run("score", "--study", study)
    assert shown.status == 0 and len(shown.out.splitlines()) == 2 + 27

    agreed = run("agree", "--study", study, "--coefficients", "krippendorff_alpha", "--replicates", "0", "--json")
    assert agreed.status == 0
    assert {"bins", "ratings", "instrument"} == {r["settings"]["way"] for r in agreed.json}
    assert all(r["value"] is not None or r["reason"] for r in agreed.json)

    given = ("agree", "--study", study, "--replicates", "0", "--json")
    linked = run(*given, "--coefficients", "easydiag_kappa,icc", "--overlap", "0.7").json
    of_ratings = {("icc", "ratings"), ("icc", "instrument")}
    assert {(r["id"], r["settings"]["way"]) for r in linked} == {("easydiag_kappa", "linked"), *of_ratings}
    assert {r["settings"].get("overlap") for r in linked} == {0.7, None}
    assert run(*given, "--coefficients", "icc", "--way", "words").status == 2
    totals = run(*given, "--coefficients", "icc", "--way", "totals", "--measure", "count").json
    assert {(r["settings"]["way"], r["settings"]["measure"]) for r in totals} == {("totals", "count")}
    ways = {way: run(*given, "--way", way, "--by", "pair").json for way in ("ratings", "instrument")}
    assert all(r["settings"]["way"] == way and r["settings"]["by"] == "pair" for way in ways for r in ways[way])
    assert all(ways.values())

    written = run("export", "--study", study, "--out", tmp_path / "tables", "--json")
    assert written.status == 0
    names = {Path(f).name for f in written.json["files"]}
    assert {
        f"{t}.{s}" for t in ("sessions", "events", "ratings", "responses", "scores") for s in ("csv", "parquet")
    } <= names
    again = run("export", "--study", study, "--out", tmp_path / "tables")
    assert again.status == 1


def test_what_reads_codings_acts_for_an_account_whose_role_allows_it(run: Run, study: str, tmp_path: Path) -> None:
    run("user", "add", "olga", "--role", "observer")
    assert run("score", "--study", study, "--as", "olga", "--json").json == []
    assert "olga" in run("score", "--study", study, "--as", "olga").out
    refused = run("export", "--study", study, "--out", tmp_path / "t", "--as", "olga")
    assert refused.status == 1 and "researcher or supervisor" in refused.err and not (tmp_path / "t").exists()
    assert run("export", "--study", study, "--out", tmp_path / "t", "--as", "nobody").status == 1
    run("user", "close", "rita")
    several = run("export", "--study", study, "--out", tmp_path / "t")
    assert several.status == 1 and "sam, sue" in several.err and "--as" in several.err
    assert run("export", "--study", study, "--out", tmp_path / "t", "--as", "sue").status == 0


def test_an_unknown_study_lists_those_there_are(run: Run, study: str, tmp_path: Path) -> None:
    for command in (("score",), ("agree",), ("export", "--out", tmp_path / "t")):
        ran = run(*command, "--study", "Nothing")
        assert ran.status == 1 and study in ran.err


LIMITED = """
import resource
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
from workbench.cli import main
main()
"""


@pytest.mark.faults
@pytest.mark.skipif(os.name == "nt", reason="a full disk is played by a limit on the size of files")
def test_a_full_disk_leaves_no_part_of_an_export(run: Run, study: str, tmp_path: Path) -> None:
    database = settings.load().workspace / "workbench.db"
    before = hashlib.sha256(database.read_bytes()).hexdigest()
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, "export", "--study", study, "--out", str(tmp_path / "tables")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1 and "disk" in done.stderr and "Traceback" not in done.stderr, done.stderr
    assert sorted(p.name for p in tmp_path.iterdir()) == ["home"]
    assert run("doctor").status == 0  # the first to open it after a failed write undoes what was begun
    assert hashlib.sha256(database.read_bytes()).hexdigest() == before
