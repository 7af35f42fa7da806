"""How far a trainee is toward certification, below a practice coding."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from streamlit.testing.v1 import AppTest

from tests.app.house import House, point, rate
from tests.app.screen_words import said
from workbench import schemes
from workbench.model.assignment import Purpose
from workbench.model.consent import Scope
from workbench.model.scheme import Certification, CodingScheme, DataKind, EarlierVersion, Limit
from workbench.workflows import assign, code, keep_definition, record_consent

Screen = Callable[..., AppTest]
ASKED = Certification(2, (Limit(DataKind.CODES, "kappa", 0.6),), "Decided by our team.")


def kept(house: House, scheme: CodingScheme) -> House:
    made = schemes.from_json(schemes.to_json(scheme))
    return replace(house, scheme=keep_definition.keep_scheme(house.workspace, None, made))


def practised(house: House, session_id: str) -> str:
    """A session as Carla's criterion and as Ben's practice."""
    coding_id = ""
    for who, purpose in (("carla", Purpose.CRITERION), ("ben", Purpose.PRACTICE)):
        person = house.people[who]
        made = assign.assign(house.workspace, None, session_id, person.id, house.scheme.hash, purpose=purpose)
        coding_id = code.open_coding(house.workspace, person, made.id).coding.id
        batch = [point(house, 10_000), *(rate(scale.id) for scale in house.scheme.ratings)]
        assert not code.write_operations(house.workspace, person, coding_id, batch).result(10).refused
        code.submit(house.workspace, person, coding_id)
    return coding_id


def test_it_says_which_practice_counts_and_which_does_not(screen: Screen, house: House) -> None:
    for member in (house.provider_id, house.patient_id):
        given = record_consent.STATEMENT
        record_consent.record_consent(house.workspace, None, house.silent.id, member, set(Scope), given)
    first = kept(house, replace(house.scheme, version="typo", certification=ASKED))
    practised(first, house.silent.id)
    practised(first, house.coded.id)
    corrected = replace(first.scheme, version="corrected", title="Without it", earlier=EarlierVersion("typo"))
    second = kept(first, corrected)
    coding_id = practised(second, house.silent.id)
    at = screen("carla", "code", session=house.silent.id, coding=coding_id)
    at.toggle(key=f"certification-{coding_id}").set_value(True).run()
    assert not at.exception
    words = said(at)
    assert "2 of 2 sessions with a criterion coding so far." in words
    assert "Of these sessions, 1 on version corrected, 1 on version typo: the same is coded and rated there." in words
    assert "Not counted: 1 session on version typo: practised on a later version too." in words
    assert any(".wb-table table" in e.proto.body for e in at.get("html"))  # the table has the look of the others
