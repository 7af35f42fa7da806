"""The people of a session as codes name them: who did something, and to whom. No pseudonym among them."""

from __future__ import annotations

from dataclasses import dataclass

from workbench.model.people import ParticipantKind
from workbench.model.session import Session, TranscriptVersion

_LABEL = {
    ParticipantKind.PROVIDER: "Provider",
    ParticipantKind.PATIENT: "Patient",
    ParticipantKind.FAMILY: "Family member",
}
_ORDER = (ParticipantKind.PROVIDER, ParticipantKind.PATIENT, ParticipantKind.FAMILY)


@dataclass(frozen=True, slots=True)
class SessionPerson:
    """Somebody whom a code can name. `participant_id` None: the whole family."""

    id: str
    label: str
    kind: ParticipantKind
    participant_id: str | None


def session_people(session: Session) -> tuple[SessionPerson, ...]:
    """Providers, patients, family members, and the whole family where it has several members.

    The id of a single one is their kind ("patient"); several of a kind are numbered in the session's
    order ("patient-1", "patient-2"), and "family" is then all of the family.
    """
    found: list[SessionPerson] = []
    for kind in _ORDER:
        members = session.of_kind(kind)
        for n, member in enumerate(members, 1):
            several = len(members) > 1
            ident = f"{kind.value}-{n}" if several else kind.value
            found.append(
                SessionPerson(ident, f"{_LABEL[kind]} {n}" if several else _LABEL[kind], kind, member.participant_id)
            )
    if len(session.of_kind(ParticipantKind.FAMILY)) > 1:
        found.append(SessionPerson("family", "Whole family", ParticipantKind.FAMILY, None))
    return tuple(found)


def speaker_kinds(session: Session, version: TranscriptVersion) -> dict[str, str]:
    """Which kind of participant each diarized speaker is; without those whom nobody has named."""
    kind_of = {p.participant_id: p.kind.value for p in session.participants}
    return {speaker: kind_of[who] for speaker, who in version.speakers.items() if who in kind_of}
