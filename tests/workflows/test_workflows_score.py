"""What a session is scored on where it was coded on more than one scheme."""

from __future__ import annotations

from tests.clinic import Clinic
from workbench import schemes
from workbench.model.ids import now_ms
from workbench.model.instrument import Perspective
from workbench.model.people import Person
from workbench.model.scheme import CodingScheme
from workbench.model.span import TimeSpan
from workbench.workflows import import_study, keep_definition, score


def code_with(clinic: Clinic, rater: Person, scheme: CodingScheme, value: int) -> None:
    of_session = [r.id for r in scheme.ratings if not r.each_segment]
    coded = {"events": [], "ratings": [{"scale": r, "value": value, "no_evidence": False} for r in of_session]}
    with clinic.workspace.changing(None, "coding.import", "session", clinic.session.id) as connection:
        whole = [TimeSpan(0, clinic.recording.duration_ms)]
        import_study.add_coding(connection, clinic.session, rater.id, scheme, whole, coded, now_ms())


def test_a_scheme_without_a_rating_to_score_never_takes_the_place_of_one_that_has(clinic: Clinic) -> None:
    strain = keep_definition.keep_scheme(clinic.workspace, None, schemes.shipped_schemes()["rupture_repair"])
    code_with(clinic, clinic.observer, clinic.scheme, 7)
    for rater in (clinic.observer, clinic.second):
        code_with(clinic, rater, strain, 2)
    [scored] = score.study_scores(clinic.workspace, clinic.supervisor, clinic.session.study_id)
    observers = next(s for s in scored.scores if s.perspective is Perspective.OBSERVER)
    assert scored.scheme == clinic.scheme
    assert (observers.value, scored.n_codings) == (100, 1)
