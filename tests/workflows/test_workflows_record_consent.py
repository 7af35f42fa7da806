"""Recording consent: what cannot be meant is refused, and nothing is written."""

from __future__ import annotations

from typing import Any

import pytest

from tests.clinic import Clinic
from workbench.model.consent import Scope
from workbench.workflows import record_consent
from workbench.workflows.refusal import Refused


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"session_id": "nowhere"}, "no such session"),
        ({"participant_id": "nobody"}, "takes no part"),
        ({"scopes": []}, "Say what is consented to"),
        ({"statement": "  "}, "statement of consent"),
        ({"given_at": 2000, "until": 1000}, "end before it begins"),
    ],
)
def test_a_consent_that_cannot_be_meant_is_refused(clinic: Clinic, wrong: dict[str, Any], sentence: str) -> None:
    before = record_consent.consents(clinic.workspace, clinic.session.id)
    said: dict[str, Any] = {
        "session_id": clinic.session.id,
        "participant_id": clinic.session.participants[0].participant_id,
        "scopes": [Scope.RECORD],
        "statement": "I agree.",
    }
    with pytest.raises(Refused, match=sentence):
        record_consent.record_consent(clinic.workspace, None, **(said | wrong))
    assert record_consent.consents(clinic.workspace, clinic.session.id) == before
