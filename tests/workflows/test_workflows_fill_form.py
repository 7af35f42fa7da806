"""Forms: one for each participant and instrument, answered once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from tests.clinic import Clinic
from workbench import schemes
from workbench.model.people import ParticipantKind
from workbench.store import forms
from workbench.workflows import fill_form, keep_definition
from workbench.workflows.refusal import Refused


def test_two_people_who_give_out_a_form_at_once_give_out_one(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    shipped = schemes.shipped_instruments()["session_alliance_patient"]
    instrument = keep_definition.keep_instrument(clinic.workspace, None, shipped)
    patient = clinic.session.of_kind(ParticipantKind.PATIENT)[0].participant_id
    together, new_token = Barrier(2), fill_form.secrets.token_urlsafe

    def both_are_here(length: int) -> str:
        together.wait(10)
        return new_token(length)

    def issue(_: int) -> fill_form.Issued:
        return fill_form.issue(clinic.workspace, None, clinic.session.id, patient, instrument.hash)

    with monkeypatch.context() as patched, ThreadPoolExecutor(2) as pool:
        patched.setattr(fill_form.secrets, "token_urlsafe", both_are_here)
        issued = list(pool.map(issue, range(2)))
    with clinic.workspace.reading() as connection:
        there = forms.administrations(connection, session_ids=[clinic.session.id])
    assert [a.id for a in there] == [issued[0].administration_id] == [issued[1].administration_id]
    answers = {i.id: instrument.low for i in instrument.items}
    opened = 0
    for each in issued:
        try:
            fill_form.answer(clinic.workspace, each.token, answers)
            opened += 1
        except Refused:
            pass
    assert opened == 1
    with pytest.raises(Refused, match="answered"):
        fill_form.issue(clinic.workspace, None, clinic.session.id, patient, instrument.hash)
