"""What a rater prefers in the coding room is kept for them alone, within limits."""

from __future__ import annotations

from typing import Any

import pytest

from tests.clinic import Clinic
from workbench.store import audit
from workbench.workflows import prefer
from workbench.workflows.refusal import Refused

MINE = {
    "keys": {"alliance_behaviours": {"repair": "j"}, "": {"endLater": "ctrl+shift+arrowright", "note": ""}},
    "lag_ms": 300,
    "resume_earlier_ms": 0,
    "hold": False,
    "volume_boost": 2.5,
}


def test_a_rater_finds_their_settings_again_and_nobody_else_has_them(clinic: Clinic) -> None:
    assert prefer.preferred(clinic.workspace, clinic.observer) == dict(prefer.USUAL)
    assert prefer.prefer(clinic.workspace, clinic.observer, MINE) == MINE
    assert prefer.preferred(clinic.workspace, clinic.observer) == MINE
    assert prefer.preferred(clinic.workspace, clinic.second) == dict(prefer.USUAL)


def test_what_is_not_named_is_as_usual_again(clinic: Clinic) -> None:
    prefer.prefer(clinic.workspace, clinic.observer, MINE)
    assert prefer.prefer(clinic.workspace, clinic.observer, {"lag_ms": 5}) == {**prefer.USUAL, "lag_ms": 5}


@pytest.mark.parametrize(
    ("wanted", "problem"),
    [
        ({"lag_ms": 2001}, "0 to 2000 ms; found '2001'"),
        ({"lag_ms": True}, "found 'True'"),
        ({"resume_earlier_ms": -1}, "0 to 30000 ms"),
        ({"volume_boost": 0.5}, "1 to 6 times"),
        ({"volume_boost": float("nan")}, "1 to 6 times"),
        ({"hold": 1}, "yes or no"),
        ({"keys": ["j"]}, "listed by scheme and code"),
        ({"keys": {"scheme": {"repair": 1}}}, "'1' is no key"),
        ({"keys": {"scheme": {"repair": "x" * 33}}}, "is no key"),
        ({"keys": {"scheme": {"n" * 201: "x"}}}, "by its name"),
        ({"keys": {"scheme": {str(n): "x" for n in range(501)}}}, "At most 500 keys"),
        ({"mood": 1}, "no setting 'mood'"),
    ],
)
def test_what_makes_no_sense_is_refused_with_its_sentence(clinic: Clinic, wanted: dict[str, Any], problem: str) -> None:
    with pytest.raises(Refused) as refused:
        prefer.prefer(clinic.workspace, clinic.observer, wanted)
    assert problem in refused.value.problems[0]
    assert prefer.preferred(clinic.workspace, clinic.observer) == dict(prefer.USUAL)


def test_a_change_of_settings_is_in_the_audit_chain(clinic: Clinic) -> None:
    prefer.prefer(clinic.workspace, clinic.observer, MINE)
    with clinic.workspace.reading() as connection:
        found = audit.entries(connection, action="preference.set")
    assert [(e.actor_id, e.resource_id) for e in found] == [(clinic.observer.id, clinic.observer.id)]
