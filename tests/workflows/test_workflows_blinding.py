"""Nobody who has still to code a session, or who goes back to it, has seen what others said of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from sqlalchemy import text

from tests.clinic import Clinic
from workbench.model.assignment import Purpose
from workbench.model.consent import Scope
from workbench.model.people import Person
from workbench.schemes.canonical import identified
from workbench.store import audit
from workbench.workflows import (
    agree,
    assign,
    code,
    export,
    keep_definition,
    record_consent,
    review,
    score,
    see_session,
)
from workbench.workflows.refusal import Refused

Operation = Callable[..., dict[str, Any]]


def begin(clinic: Clinic, rater: Person, purpose: Purpose = Purpose.STUDY) -> str:
    made = assign.assign(clinic.workspace, None, clinic.session.id, rater.id, clinic.scheme.hash, purpose=purpose)
    return code.open_coding(clinic.workspace, rater, made.id).coding.id


def hand_in(clinic: Clinic, operation: Operation, rater: Person, coding_id: str) -> None:
    batch = [operation("rate", values={"scale": r.id, "value": r.low}) for r in clinic.scheme.ratings]
    assert not code.write_operations(clinic.workspace, rater, coding_id, batch).result(10).refused
    code.submit(clinic.workspace, rater, coding_id)


def denials(clinic: Clinic) -> list[tuple[str, str]]:
    with clinic.workspace.reading() as connection:
        return [(e.action, e.resource_kind) for e in audit.entries(connection) if e.action.startswith("denied:")]


def test_the_criterion_is_not_shown_to_who_still_codes_the_session(clinic: Clinic, operation: Operation) -> None:
    hand_in(clinic, operation, clinic.supervisor, begin(clinic, clinic.supervisor, Purpose.CRITERION))
    practice = begin(clinic, clinic.observer, Purpose.PRACTICE)
    for_study = begin(clinic, clinic.observer)
    hand_in(clinic, operation, clinic.observer, practice)
    with pytest.raises(Refused, match="once your own is submitted"):
        review.feedback(clinic.workspace, clinic.observer, practice)
    hand_in(clinic, operation, clinic.observer, for_study)
    assert review.feedback(clinic.workspace, clinic.observer, practice) is not None


@pytest.mark.parametrize("version", ["the same", "another"])
def test_the_criterion_is_kept_from_who_practises_in_a_study_that_is_not_blinded_and_on_another_version(
    clinic: Clinic, operation: Operation, version: str
) -> None:
    with clinic.workspace.changing(None, "study.unblind", "study") as connection:
        connection.execute(text("UPDATE study SET blinded = 0"))
    criterion = begin(clinic, clinic.supervisor, Purpose.CRITERION)
    hand_in(clinic, operation, clinic.supervisor, criterion)
    own = clinic.scheme if version == "the same" else identified(replace(clinic.scheme, version="9"))
    own = keep_definition.keep_scheme(clinic.workspace, None, own)
    made = assign.assign(
        clinic.workspace, None, clinic.session.id, clinic.observer.id, own.hash, purpose=Purpose.PRACTICE
    )
    practice = code.open_coding(clinic.workspace, clinic.observer, made.id).coding.id

    def readable() -> set[str]:
        return {c.id for c in see_session.codings_to_see(clinic.workspace, clinic.observer, clinic.session.id)}

    assert criterion not in readable()
    with pytest.raises(Refused):
        code.read_operations(clinic.workspace, clinic.observer, criterion)
    hand_in(clinic, operation, clinic.observer, practice)
    assert criterion in readable()


def test_what_somebody_may_not_open_is_noted(clinic: Clinic, operation: Operation) -> None:
    made = assign.assign(clinic.workspace, None, clinic.session.id, clinic.observer.id, clinic.scheme.hash)
    with pytest.raises(Refused, match="not yours"):
        code.open_coding(clinic.workspace, clinic.second, made.id)
    assert denials(clinic) == [("denied:coding.write", "session")]
    coding_id = code.open_coding(clinic.workspace, clinic.observer, made.id).coding.id
    with pytest.raises(Refused, match="not yours"):
        code.set_position(clinic.workspace, clinic.second, coding_id, 0, 0)
    assert denials(clinic)[0] == ("denied:coding.write", "coding")


def test_withdrawn_consent_closes_codings_with_their_comments_to_everybody(
    clinic: Clinic, operation: Operation
) -> None:
    mine = begin(clinic, clinic.observer)
    comment = operation(code=clinic.scheme.codes[0].id, values={"comment": "She cries."})
    assert code.write_operations(clinic.workspace, clinic.observer, mine, [comment]).result(10).acknowledged
    hand_in(clinic, operation, clinic.observer, mine)
    assert code.read_content(clinic.workspace, clinic.supervisor, mine).events
    for consent in record_consent.consents(clinic.workspace, clinic.session.id):
        if Scope.CODE in consent.scopes:
            record_consent.withdraw_consent(clinic.workspace, clinic.supervisor, clinic.session.id, consent.id)
    for person in (clinic.observer, clinic.supervisor):
        for read in (code.read_content, code.read_operations, review.feedback):
            with pytest.raises(Refused, match="Consent to coding"):
                read(clinic.workspace, person, mine)
    assert review.side_by_side(clinic.workspace, clinic.supervisor, clinic.session.id).lanes == ()
    scored = score.study_scores(clinic.workspace, clinic.supervisor, clinic.session.study_id)
    assert [s.n_codings for s in scored] == [0]


def test_who_has_still_to_code_a_session_sees_none_of_its_scores(clinic: Clinic, operation: Operation) -> None:
    """A supervisor who rates it too, by every way to scores: the study's, the pair's, the list of pairs, an export."""
    study = clinic.session.study_id
    mine = begin(clinic, clinic.supervisor)
    provider, patient = clinic.session.provider, clinic.session.patient
    assert provider and patient

    def seen(person: Person) -> list[bool]:
        pair = score.trajectory(clinic.workspace, person, patient.participant_id, provider.participant_id)
        every = (score.study_scores(clinic.workspace, person, study), pair, score.dyads(clinic.workspace, person))
        return [bool(some) for some in every]

    assert seen(clinic.supervisor) == [False] * 3
    with TemporaryDirectory() as folder:
        out = export.export_study(clinic.workspace, clinic.supervisor, study, Path(folder) / "out")
        assert "has still to code the session: S001" in (out / "codebook.md").read_text("utf-8")
        assert len((out / "scores.csv").read_text("utf-8").splitlines()) == 1
    hand_in(clinic, operation, clinic.supervisor, mine)
    assert seen(clinic.supervisor) == [True] * 3


def test_an_observer_sees_no_score_before_or_after_submission(clinic: Clinic, operation: Operation) -> None:
    mine = begin(clinic, clinic.observer)
    for _ in range(2):
        assert score.study_scores(clinic.workspace, clinic.observer, clinic.session.study_id) == []
        for ask in (
            lambda: agree.material(clinic.workspace, clinic.observer, agree.Choice()),
            lambda: agree.comparable(clinic.workspace, clinic.observer),
            lambda: export.contents(clinic.workspace, clinic.observer, clinic.session.study_id),
        ):
            with pytest.raises(Refused, match="needs the role"):
                ask()
        if code.room(clinic.workspace, mine).coding.submitted_at is None:
            hand_in(clinic, operation, clinic.observer, mine)


def test_the_home_of_a_rater_stands_when_consent_is_withdrawn(clinic: Clinic) -> None:
    mine = begin(clinic, clinic.observer)
    assert code.count_codes(clinic.workspace, clinic.observer, mine) == 0
    for consent in record_consent.consents(clinic.workspace, clinic.session.id):
        record_consent.withdraw_consent(clinic.workspace, None, clinic.session.id, consent.id)
    assert code.count_codes(clinic.workspace, clinic.observer, mine) is None
    assert denials(clinic) == []
