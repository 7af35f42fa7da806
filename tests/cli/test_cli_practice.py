"""`agree --study` in a clinic that only practises: its raters are held against the criterion."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher

from tests.app.house import House
from tests.app.study_house import STUDY, fill_study
from tests.app.test_screens_criterion import add
from workbench.model.assignment import Purpose
from workbench.settings import Settings
from workbench.workflows import agree, open_workspace, sign_in

Run = Callable[..., Any]


@pytest.fixture
def clinic(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    """The fictional study before anybody coded, with one criterion coding."""
    monkeypatch.setattr(sign_in, "_hasher", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
    study = json.loads(STUDY.read_text(encoding="utf-8"))
    for session in study["sessions"]:
        session["codings"] = []
    (tmp_path / "study.json").write_text(json.dumps(study), encoding="utf-8")
    workspace = open_workspace.create(Settings(workspace=tmp_path / "workspace"))
    house = fill_study(workspace, tmp_path / "study.json")
    one, other = (c.id for c in house.scheme.codes[:2])
    add(house, "imre", Purpose.CRITERION, [one, other, other], 1)
    yield house
    workspace.close()


def asked(house: House, *more: str) -> tuple[object, ...]:
    name = json.loads(STUDY.read_text(encoding="utf-8"))["study"]["title"]
    return ("--workspace", house.workspace.folder, "agree", "--study", name, "--replicates", "0", *more)


def test_who_practises_is_held_against_the_criterion(run: Run, clinic: House) -> None:
    one, other = (c.id for c in clinic.scheme.codes[:2])
    add(clinic, "ada", Purpose.PRACTICE, [one, other], 2)
    done = run(*asked(clinic, "--json"))
    assert done.status == 0, done.err
    assert "not compared with each other, but with the criterion codings (" in done.err
    assert {r["id"] for r in done.json} == {"criterion"}
    assert {tuple(r["raters"]) for r in done.json} == {("ada (practice)", "criterion")}
    whats = [r["settings"]["what"] for r in done.json]
    assert {one, other, clinic.scheme.ratings[0].id} < set(whats) and clinic.scheme.codes[2].id not in whats
    exact = next(r for r in done.json if r["settings"]["what"] == one and r["variant"] == "exact")
    assert exact["value"] == 1.0
    assert "ada (practice)" in run(*asked(clinic)).out


def test_without_a_criterion_beside_them_there_is_nothing_to_compare(run: Run, clinic: House) -> None:
    done = run(*asked(clinic))
    assert done.status == 1 and "There is nothing to compare yet" in done.err


def test_another_coefficient_has_no_raters_to_compare(run: Run, clinic: House) -> None:
    add(clinic, "ada", Purpose.PRACTICE, [clinic.scheme.codes[0].id], 2)
    done = run(*asked(clinic, "--coefficients", "cohen_kappa"))
    assert done.status == 1 and "There is nothing to compare yet" in done.err


def test_codings_that_can_be_compared_across_versions_are_said_first(
    run: Run, clinic: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def only_across(*_: object, **__: object) -> None:
        raise agree.OnlyAcross

    add(clinic, "ada", Purpose.PRACTICE, [clinic.scheme.codes[0].id], 2)
    monkeypatch.setattr(agree, "find_scheme", only_across)
    done = run(*asked(clinic))
    assert done.status == 1 and "(--with-earlier)" in done.err
