"""People who sign in, and people who take part in therapy sessions."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    OBSERVER = "observer"
    SUPERVISOR = "supervisor"
    RESEARCHER = "researcher"
    ADMINISTRATOR = "administrator"
    PROVIDER = "provider"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an account. `roles` may hold several.

    `teams` are the raters of several people that this person belongs to: a team codes as one rater,
    has no sign-in of its own, and what it may do, each of its members may. Of a team, `members` are the
    people in it; they never change, because they are who coded.
    """

    id: str
    login_name: str
    display_name: str
    roles: frozenset[Role]
    teams: frozenset[str] = frozenset()
    members: frozenset[str] = frozenset()

    @property
    def raters(self) -> frozenset[str]:
        """The raters that this person acts as: their own id and their teams'."""
        return self.teams | {self.id}

    @property
    def is_team(self) -> bool:
        return bool(self.members)

    def has(self, *roles: Role) -> bool:
        return bool(self.roles.intersection(roles))


class ParticipantKind(StrEnum):
    PATIENT = "patient"
    PROVIDER = "provider"
    FAMILY = "family"


@dataclass(frozen=True, slots=True)
class Participant:
    """Somebody in the recording, known by a pseudonymous code such as `P03`.

    A provider may also have an account (`person_id`), through which they see their own sessions.
    """

    id: str
    code: str
    kind: ParticipantKind
    person_id: str | None = None
