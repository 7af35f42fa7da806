"""Who codes can name."""

from __future__ import annotations

from workbench.model.people import ParticipantKind
from workbench.model.session import Session, SessionParticipant
from workbench.model.session_people import session_people

PROVIDER, PATIENT, FAMILY = ParticipantKind.PROVIDER, ParticipantKind.PATIENT, ParticipantKind.FAMILY


def of(*kinds: ParticipantKind) -> list[tuple[str, str]]:
    members = tuple(SessionParticipant(f"id{n}", f"P{n}", kind) for n, kind in enumerate(kinds))
    session = Session("s", "st", "Study", "S1", "", 1, 0, "", False, members)
    return [(p.id, p.label) for p in session_people(session)]


def test_one_of_a_kind_is_named_by_it_and_several_by_number() -> None:
    assert of(PATIENT, PROVIDER) == [("provider", "Provider"), ("patient", "Patient")]
    assert of(PROVIDER, PATIENT, PATIENT) == [
        ("provider", "Provider"),
        ("patient-1", "Patient 1"),
        ("patient-2", "Patient 2"),
    ]


def test_a_family_of_several_can_be_meant_as_a_whole() -> None:
    assert of(FAMILY) == [("family", "Family member")]
    assert of(FAMILY, FAMILY) == [
        ("family-1", "Family member 1"),
        ("family-2", "Family member 2"),
        ("family", "Whole family"),
    ]


def test_no_pseudonym_is_among_the_names() -> None:
    assert not any("P0" in ident + label for ident, label in of(PROVIDER, PATIENT, FAMILY, FAMILY))
