"""Several criterion codings of one session: feedback, the number to find, the screens and the report take the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from tests.clinic import Clinic
from tests.workflows.test_workflows_review import A, B, C, coded
from workbench import agreement
from workbench.agreement.survey import survey
from workbench.agreement.usual import REPLICATES
from workbench.model.assignment import Purpose
from workbench.model.people import Person, Role
from workbench.model.span import TimeSpan
from workbench.workflows import (
    agree,
    assign,
    code,
    find_criterion,
    hold_against_criterion,
    measure_agreement,
    report_copies,
    review,
)
from workbench.workflows.account_for_codings import account_for

Operation = Callable[..., dict[str, Any]]


@pytest.fixture
def second_supervisor(person_of: Callable[..., Person]) -> Person:
    return person_of("max", Role.SUPERVISOR)


def at(clinic: Clinic, coding_id: str, submitted_at: int) -> None:
    with clinic.workspace.changing(None, "coding.submit", "coding", coding_id) as connection:
        connection.execute(
            text("UPDATE coding SET submitted_at = :at WHERE id = :id"), {"at": submitted_at, "id": coding_id}
        )


#  seconds         10  20  30
#  first criterion  A   A        begun and handed in first, or handed in last
#  another one      A   B   C
#  practice         A   B   C
@pytest.mark.parametrize(
    ("last", "summary", "to_find"),
    [("first", "1 hit, 1 missed, 2 extra", 2), ("another", "3 hit, 0 missed, 0 extra", 3)],
)
def test_the_criterion_handed_in_last_counts_for_everybody(
    clinic: Clinic, operation: Operation, second_supervisor: Person, last: str, summary: str, to_find: int
) -> None:
    said: dict[str, Any] = {"first": [(A, 10), (A, 20)], "another": [(A, 10), (B, 20), (C, 30)]}
    made = {
        name: coded(clinic, operation, who, Purpose.CRITERION, said[name])
        for name, who in (("first", clinic.supervisor), ("another", second_supervisor))
    }
    for name, coding_id in made.items():
        at(clinic, coding_id, 2000 if name == last else 1000)
    mine = coded(clinic, operation, clinic.observer, Purpose.PRACTICE, said["another"])

    found = review.feedback(clinic.workspace, clinic.observer, mine)
    assert found is not None and found.summary == summary
    assert found.about == "The session has 2 criterion codings: the one handed in last counts."
    assert found.codings[1].id == made[last]
    [assignment] = assign.assignments_of(clinic.workspace, clinic.observer)
    assert find_criterion.codes_to_find(clinic.workspace, assignment) == to_find
    criteria = hold_against_criterion.criterion_codings(
        clinic.workspace, clinic.supervisor, clinic.scheme, [clinic.session.id]
    )
    assert criteria is not None and criteria.further == 1
    assert [len(c.events) for c in criteria.study.codings] == [to_find]


def test_only_the_codes_of_the_stretch_to_practise_on_are_to_be_found(clinic: Clinic, operation: Operation) -> None:
    coded(clinic, operation, clinic.supervisor, Purpose.CRITERION, [(A, 10), (B, 20), (C, 100)])
    given = assign.assign(
        clinic.workspace,
        None,
        clinic.session.id,
        clinic.observer.id,
        clinic.scheme.hash,
        [TimeSpan(0, 60_000)],
        purpose=Purpose.PRACTICE,
    )
    assert find_criterion.codes_to_find(clinic.workspace, given) == 2
    room = code.open_coding(clinic.workspace, clinic.observer, given.id)
    batch = [operation(code=A, start_ms=10_000)] + [
        operation("rate", values={"scale": r.id, "value": r.low}) for r in clinic.scheme.ratings
    ]
    assert not code.write_operations(clinic.workspace, clinic.observer, room.coding.id, batch).result(10).refused
    code.submit(clinic.workspace, clinic.observer, room.coding.id)
    found = review.feedback(clinic.workspace, clinic.observer, room.coding.id)
    assert found is not None and (found.hits, found.missed, found.extra) == (1, 1, 0)


def test_where_the_criterion_that_counts_may_not_be_read_no_other_stands_in(
    clinic: Clinic, operation: Operation, second_supervisor: Person
) -> None:
    own = coded(clinic, operation, clinic.supervisor, Purpose.CRITERION, [(A, 10)])
    newer = coded(clinic, operation, second_supervisor, Purpose.CRITERION, [(B, 10)])
    at(clinic, own, 1000)
    at(clinic, newer, 2000)
    for rater in (clinic.observer, clinic.second):
        coded(clinic, operation, rater, Purpose.STUDY, [(A, 10)])
    # whoever has still to code the session reads no criterion of it but their own
    assign.assign(clinic.workspace, None, clinic.session.id, clinic.supervisor.id, clinic.scheme.hash)
    asked = clinic.workspace, clinic.supervisor, clinic.scheme, [clinic.session.id]
    assert hold_against_criterion.criterion_codings(*asked) is None


#  seconds    10  20  30  40
#  criterion   A   B   C  (A)      (A) is defensible either way
#  Ada         A   B               of the study
#  Bo          A       B   A       of the study
#  Out         A   B   C           practice
def test_each_rater_has_hits_misses_and_extras_and_practice_is_a_line_of_its_own(
    clinic: Clinic, operation: Operation
) -> None:
    coded(clinic, operation, clinic.supervisor, Purpose.CRITERION, [(A, 10), (B, 20), (C, 30), (A, 40, True)])
    coded(clinic, operation, clinic.observer, Purpose.STUDY, [(A, 10), (B, 20)])
    coded(clinic, operation, clinic.second, Purpose.STUDY, [(A, 10), (B, 30), (A, 40)])
    practice = coded(clinic, operation, clinic.outsider, Purpose.PRACTICE, [(A, 10), (B, 20), (C, 30)])
    choice = agree.Choice(study_id=clinic.session.study_id, scheme_hash=clinic.scheme.hash)
    chosen = agree.material(clinic.workspace, clinic.supervisor, choice)
    held = hold_against_criterion.held(clinic.workspace, clinic.supervisor, choice, chosen)
    assert held is not None
    every = hold_against_criterion.counted(held, clinic.scheme)
    assert [(f.name, f.practice, f.hits, f.missed, f.extra) for f in every] == [
        ("Ada", False, 2, 1, 0),
        ("Bo", False, 1, 2, 1),
        ("Out", True, 3, 0, 0),
    ]
    assert [(f.found, f.right) for f in every][:2] == [(2 / 3, 1.0), (1 / 3, 1 / 2)]
    of_b = hold_against_criterion.counted(held, clinic.scheme, B)
    assert [(f.hits, f.missed, f.extra) for f in of_b] == [(1, 0, 0), (0, 1, 1), (1, 0, 0)]
    # as the trainee sees it
    seen = review.feedback(clinic.workspace, clinic.supervisor, practice)
    assert seen is not None and (seen.hits, seen.missed, seen.extra) == (3, 0, 0)
    # a rater who is not chosen is not held against it
    less = replace(choice, rater_ids=(clinic.observer.id, clinic.second.id))
    without = hold_against_criterion.held(clinic.workspace, clinic.supervisor, less, chosen)
    assert without is not None and without.practice.raters == ()


def test_the_screens_coefficients_are_those_of_the_report_and_python_gives_them_again(
    clinic: Clinic, operation: Operation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    coded(clinic, operation, clinic.supervisor, Purpose.CRITERION, [(A, 10), (B, 20), (C, 30)])
    coded(clinic, operation, clinic.observer, Purpose.STUDY, [(A, 10), (B, 20)])
    coded(clinic, operation, clinic.second, Purpose.STUDY, [(A, 10), (B, 30)])
    choice = agree.Choice(study_id=clinic.session.study_id, scheme_hash=clinic.scheme.hash)
    chosen = agree.material(clinic.workspace, clinic.supervisor, choice)
    held = hold_against_criterion.held(clinic.workspace, clinic.supervisor, choice, chosen)
    assert held is not None
    units = measure_agreement.usual(chosen)
    account = account_for(clinic.workspace, clinic.supervisor, choice, chosen, ["S001"])
    made = agreement.appraise(
        chosen.study,
        chosen.scheme,
        survey(chosen.study, [], [], way=units.way, settings=dict(units.settings), coefficients=["criterion"]),
        criterion=account.criterion,
        coefficients=["criterion"],
        replicates=REPLICATES,
    )
    on_screen = {
        (rater, r.settings["what"], r.variant): (r.value, r.low, r.high)
        for subject in [hold_against_criterion.every_code(units), *measure_agreement.codes(chosen, units)]
        for rater, results in hold_against_criterion.measured(held, subject).items()
        for r in results
    }
    told = {
        (r.settings["rater"], r.settings["what"], r.variant): (r.value, r.low, r.high)
        for r in made.criterion
        if r.value is not None and r.settings["way"] == units.way
    }
    assert told and told.items() <= on_screen.items()

    assert made.against is not None
    for name, data in report_copies.codings_of(made.against, "criterion_").items():
        (tmp_path / name).write_bytes(data)
    monkeypatch.chdir(tmp_path)
    subject = measure_agreement.codes(chosen, units)[0]
    for result in hold_against_criterion.measured(held, subject)["ada"]:
        *before, last = hold_against_criterion.in_python(result).strip().splitlines()
        names: dict[str, Any] = {}
        exec("\n".join(before), names)
        again = eval(last, names)
        assert (again.value, again.low, again.high) == (result.value, result.low, result.high)


def test_results_are_kept_until_a_criterion_practice_or_the_name_of_a_session_changes(
    clinic: Clinic, operation: Operation
) -> None:
    choice = agree.Choice(study_id=clinic.session.study_id, scheme_hash=clinic.scheme.hash)
    for rater in (clinic.observer, clinic.second):
        coded(clinic, operation, rater, Purpose.STUDY, [(A, 10)])

    def mark() -> str:
        return agree.fingerprint(clinic.workspace, clinic.supervisor, choice)

    marks = [mark()]
    assert mark() == marks[0]
    coded(clinic, operation, clinic.supervisor, Purpose.CRITERION, [(A, 10)])
    marks.append(mark())
    coded(clinic, operation, clinic.outsider, Purpose.PRACTICE, [(A, 10)])
    marks.append(mark())
    with clinic.workspace.changing(None, "session.change", "session", clinic.session.id) as connection:
        connection.execute(text("UPDATE session SET title = 'Another title'"))
    marks.append(mark())
    assert len(set(marks)) == 4
