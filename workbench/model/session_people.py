"""The people of a session as codes name them: who did something, and to whom. No pseudonym among them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from workbench.model.people import ParticipantKind
from workbench.model.session import Session, TranscriptVersion

CLIENTS = "clients"
"""Whose behaviour a code can be beside one kind of participant and "both" (everybody): patients and their family."""

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


def kind_of(person: str) -> str:
    """The kind of participant that an id of `session_people` names.

    >>> kind_of("patient-2"), kind_of("family")
    ('patient', 'family')
    """
    return person.partition("-")[0]


def label_of(person: str) -> str:
    """What an id of `session_people` that names a single person is called on screen.

    >>> label_of("family-2")
    'Family member 2'
    """
    kind, _, number = person.partition("-")
    return f"{_LABEL[ParticipantKind(kind)]} {number}".strip()


def could_be(whose: str, people: Sequence[SessionPerson]) -> tuple[SessionPerson, ...]:
    """Those whose behaviour a code can be that is `whose`: a kind of participant, `CLIENTS`, or "both"."""
    if whose in ("", "both"):
        return tuple(people)
    return tuple(p for p in people if _is(p.kind, whose))


def is_of(person: str, whose: str) -> bool:
    """Whether an id of `session_people` is one of those whom `could_be` finds."""
    return whose in ("", "both") or _is(ParticipantKind(kind_of(person)), whose)


def done_by(who: str, whose: str, people: Sequence[SessionPerson]) -> frozenset[str]:
    """Ids of the single people who did what a rater coded: `who` as the rater said, or, where nobody was named, the
    only one who can be meant. The whole family did what each of its members did."""
    meant = [p for p in people if p.id == who] if who else could_be(whose, people)
    if len(meant) != 1:
        return frozenset()
    if meant[0].participant_id is None:
        return frozenset(p.id for p in people if p.kind is meant[0].kind and p.participant_id is not None)
    return frozenset((meant[0].id,))


def _is(kind: ParticipantKind, whose: str) -> bool:
    return kind is not ParticipantKind.PROVIDER if whose == CLIENTS else kind.value == whose


def speaker_kinds(session: Session, version: TranscriptVersion) -> dict[str, str]:
    """Which kind of participant each diarized speaker is; without those whom nobody has named."""
    kind_of = {p.participant_id: p.kind.value for p in session.participants}
    return {speaker: kind_of[who] for speaker, who in version.speakers.items() if who in kind_of}
