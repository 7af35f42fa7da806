"""`agree --study` and `report agreement` where raters coded on two versions of a scheme."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.app.house import fill
from tests.app.test_screens_agreement_versions import submitted
from workbench import schemes
from workbench.model.scheme import EarlierVersion
from workbench.settings import Settings
from workbench.workflows import keep_definition, open_workspace

Run = Callable[..., Any]
QUICK = ("--replicates", "0", "--coefficients", "cohen_kappa")


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Path]:
    workspace = open_workspace.create(Settings(workspace=tmp_path / "workspace"))
    house = fill(workspace)
    made = replace(house.scheme, version="9", earlier=EarlierVersion(house.scheme.version))
    made = keep_definition.keep_scheme(workspace, None, schemes.from_json(schemes.to_json(made)))
    submitted(house, "ada", made)
    workspace.close()
    yield tmp_path / "workspace"


def test_codings_on_two_versions_are_compared_where_it_is_asked_for(run: Run, place: Path, tmp_path: Path) -> None:
    asked = ("--workspace", place, "agree", "--study", "First weeks", *QUICK)
    without = run(*asked)
    assert without.status == 1 and "(--with-earlier)" in without.err
    done = run(*asked, "--with-earlier", "--json")
    assert done.status == 0 and done.json and done.json[0]["value"] is not None
    assert "read in terms of version 9." in done.err
    out = tmp_path / "report"
    report = ("report", "agreement", "--study", "First weeks", "--with-earlier", "--out", out)
    made = run("--workspace", place, *report, *QUICK)
    assert made.status == 0, made.err
    assert "read in terms of version 9." in (out / "agreement.html").read_text()


def test_with_a_file_there_are_no_earlier_versions(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "values.csv"
    file.write_text("unit,rater,value\n1,a,x\n1,b,x\n")
    done = run("agree", file, "--with-earlier")
    assert done.status == 2 and "goes with --study" in done.err
