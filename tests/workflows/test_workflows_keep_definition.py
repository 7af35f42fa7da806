"""Schemes and instruments in use: each version once, and never another under its name."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.clinic import Clinic
from workbench.registry import shipped
from workbench.schemes import shipped_instruments
from workbench.schemes.canonical import identified
from workbench.workflows import keep_definition
from workbench.workflows.refusal import Refused


def kept(clinic: Clinic) -> list[tuple[str, str]]:
    return [(s.name, s.version) for s in keep_definition.kept_schemes(clinic.workspace)]


def test_an_edited_scheme_under_the_same_version_is_refused_and_a_new_version_taken(clinic: Clinic) -> None:
    edited = identified(replace(clinic.scheme, title="Edited"))
    before = kept(clinic)
    with pytest.raises(Refused, match=f"already has a scheme “{clinic.scheme.name}” of version") as refused:
        keep_definition.keep_scheme(clinic.workspace, None, edited)
    assert "give the edited scheme a new version" in refused.value.problems[0]
    assert kept(clinic) == before
    keep_definition.keep_scheme(clinic.workspace, None, clinic.scheme)  # the same again is no other
    keep_definition.keep_scheme(clinic.workspace, None, identified(replace(edited, version="mine-2")))
    assert kept(clinic) == [*before, (clinic.scheme.name, "mine-2")]


def test_a_file_with_an_edit_and_the_old_version_is_refused_in_the_same_words(clinic: Clinic, tmp_path: Path) -> None:
    shipped_file = shipped("coding_schemes") / "observer" / f"{clinic.scheme.name}.yaml"
    edited = tmp_path / "edited.yaml"
    text = shipped_file.read_text(encoding="utf-8")
    edited.write_text(text.replace("tolerance_seconds: 2", "tolerance_seconds: 3"), encoding="utf-8")
    with pytest.raises(Refused, match="it says something else"):
        keep_definition.keep_scheme_file(clinic.workspace, None, edited)
    edited.write_text(f"{text}\n# a comment is no edit\n", encoding="utf-8")
    assert keep_definition.keep_scheme_file(clinic.workspace, None, edited).hash == clinic.scheme.hash


def test_an_edited_instrument_needs_a_new_version_as_well(clinic: Clinic) -> None:
    form = next(iter(shipped_instruments().values()))
    keep_definition.keep_instrument(clinic.workspace, None, form)
    with pytest.raises(Refused, match="already has an instrument"):
        keep_definition.keep_instrument(clinic.workspace, None, identified(replace(form, title="Edited")))
