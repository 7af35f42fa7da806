"""The shelf of schemes: whose assignments are counted for whom, who is named, and how versions are ordered."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.clinic import Clinic
from workbench import schemes
from workbench.model.people import Person
from workbench.model.scheme import CodingScheme
from workbench.workflows import assign, keep_definition, see_schemes
from workbench.workflows.see_schemes import Origin, SchemeSeen


def version(clinic: Clinic, number: str, by: Person | None = None) -> CodingScheme:
    made = replace(clinic.scheme, version=number, earlier=None)
    return keep_definition.keep_scheme(clinic.workspace, by, replace(made, hash=schemes.identity(made)))


def seen(clinic: Clinic, actor: Person) -> SchemeSeen:
    return next(s for s in see_schemes.shelf(clinic.workspace, actor) if s.name == clinic.scheme.name)


def test_everybodys_assignments_are_counted_for_who_assigns_and_ones_own_for_a_rater(clinic: Clinic) -> None:
    later = version(clinic, "9")
    raters = [clinic.observer.id, clinic.second.id]
    assign.assign_raters(clinic.workspace, None, clinic.session.id, raters, clinic.scheme.hash)
    assign.assign(clinic.workspace, None, clinic.session.id, clinic.second.id, later.hash)
    counted = {p: (seen(clinic, p).to_do, seen(clinic, p).assigned) for p in (clinic.supervisor, clinic.second)}
    assert counted == {clinic.supervisor: (3, 3), clinic.second: (2, 2)}
    assert [v.to_do for v in seen(clinic, clinic.supervisor).versions] == [1, 2]
    assert seen(clinic, clinic.observer).to_do == 1 and seen(clinic, clinic.outsider).assigned == 0


def test_versions_stand_by_their_number_whichever_was_kept_last(clinic: Clinic) -> None:
    for number in ("9.10", "9.9", "8"):
        version(clinic, number)
    found = seen(clinic, clinic.supervisor)
    assert [v.scheme.version for v in found.versions] == ["9.10", "9.9", "8", clinic.scheme.version]
    assert found.front.scheme.version == "9.10" and found.origin is Origin.OTHER_VERSION


def test_who_kept_a_version_is_named_to_who_makes_schemes_and_to_nobody_else(clinic: Clinic) -> None:
    version(clinic, "9", clinic.supervisor)
    assert [v.by for v in seen(clinic, clinic.supervisor).versions] == [clinic.supervisor.display_name, ""]
    assert {v.by for v in seen(clinic, clinic.observer).versions} == {""}


@pytest.mark.parametrize(("words", "found"), [("", True), ("ALLIANCE behaviours", True), ("alliance nothing", False)])
def test_a_scheme_is_found_by_all_of_the_words(clinic: Clinic, words: str, found: bool) -> None:
    assert see_schemes.says(seen(clinic, clinic.observer), words) is found
