"""The shelf of coding schemes: each one once, with its versions, where it is from, and what it is used for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from workbench.model.access import Action, authorize
from workbench.model.people import Person
from workbench.model.scheme import CodingScheme
from workbench.schemes.scheme_changes import Change, changes
from workbench.store import assignments, audit, definitions, people
from workbench.store.workspace import Workspace
from workbench.workflows.keep_definition import kept_schemes, that_come_with_the_program, version_order


class Origin(StrEnum):
    """Where the newest version of a scheme is from."""

    MADE_HERE = "made here"
    OTHER_VERSION = "another version of one that comes with the program"
    SHIPPED = "comes with the program"


@dataclass(frozen=True, slots=True)
class VersionSeen:
    """One version. `kept_at` is an instant in UTC milliseconds, None where the version is not in use here.

    `by`: who took it in use, where that is known, for those who make schemes. `to_do` and `assigned` count
    assignments: all of them for those who assign, else the reader's own.
    """

    scheme: CodingScheme
    kept_at: int | None = None
    by: str = ""
    to_do: int = 0
    assigned: int = 0

    @property
    def in_use(self) -> bool:
        """Whether it can be assigned."""
        return self.kept_at is not None


@dataclass(frozen=True, slots=True)
class SchemeSeen:
    """A scheme with all its versions, the highest number first. `front` is the one to look at first: the highest
    that is in use, else the highest."""

    versions: tuple[VersionSeen, ...]
    origin: Origin

    @property
    def front(self) -> VersionSeen:
        return next((v for v in self.versions if v.in_use), self.versions[0])

    @property
    def name(self) -> str:
        return self.versions[0].scheme.name

    @property
    def in_use(self) -> bool:
        return self.front.in_use

    @property
    def to_do(self) -> int:
        return sum(v.to_do for v in self.versions)

    @property
    def assigned(self) -> int:
        return sum(v.assigned for v in self.versions)

    @property
    def offered(self) -> VersionSeen | None:
        """A version above the front that is not in use yet: it came with a newer program."""
        return None if self.versions[0] == self.front else self.versions[0]


def shelf(workspace: Workspace, actor: Person) -> list[SchemeSeen]:
    """Every scheme that is in use, and for those who make schemes also what comes with the program, by title."""
    makes = bool(authorize(actor, Action.ADD_SCHEME))
    kept = {s.hash: s for s in kept_schemes(workspace)}
    shipped = {s.hash: s for s in that_come_with_the_program()}
    everybodys = bool(authorize(actor, Action.ASSIGN))
    with workspace.reading() as connection:
        since = {d.hash: d.added_at for d in definitions.every(connection, "scheme")}
        counted = assignments.per_scheme(connection, None if everybodys else actor.raters)
        takers = audit.actors(connection, "scheme.add", kept) if makes else {}
        names = {p.id: p.display_name for p in people.everyone(connection)} if takers else {}
    versions: dict[str, list[VersionSeen]] = {}
    for scheme in ({**shipped, **kept} if makes else kept).values():
        to_do, assigned = counted.get(scheme.hash, (0, 0))
        by = names.get(takers.get(scheme.hash, ""), "")
        seen = VersionSeen(scheme, since.get(scheme.hash), by, to_do, assigned)
        versions.setdefault(scheme.name, []).append(seen)
    found = [_one(each, shipped) for each in versions.values()]
    return sorted(found, key=lambda s: (s.front.scheme.title.casefold(), s.name))


def version_of(seen: Iterable[SchemeSeen], hash: str) -> tuple[SchemeSeen, VersionSeen] | None:
    """The version of that identity, and the scheme that it is of."""
    return next(((s, v) for s in seen for v in s.versions if v.scheme.hash == hash), None)


def what_changed(seen: SchemeSeen, version: VersionSeen) -> tuple[CodingScheme, list[Change]] | None:
    """The version that this one was made from, else the one with the number below it, and what differs from that.

    None for the first one. That the number is another is not said.
    """
    below = [v.scheme for v in seen.versions[seen.versions.index(version) + 1 :]]
    named = version.scheme.earlier.version if version.scheme.earlier else None
    base = next((s for s in (v.scheme for v in seen.versions) if s.version == named), below[0] if below else None)
    if base is None or base == version.scheme:
        return None
    # imported here: statistics load with it
    from workbench.agreement.naming import name_of

    return base, [c for c in changes(base, version.scheme, name_of) if not _of_the_number(c)]


def says(seen: SchemeSeen, text: str) -> bool:
    """Whether a scheme says all words of `text` in its title, name, description, authors, codes or ratings."""
    scheme = seen.front.scheme
    entries = (*(c.label for c in scheme.codes), *(r.label for r in scheme.ratings))
    held = " ".join((scheme.title, scheme.name, scheme.description, *scheme.authors, *entries)).casefold()
    return all(word in held for word in text.casefold().split())


def _one(versions: list[VersionSeen], shipped: Mapping[str, CodingScheme]) -> SchemeSeen:
    ordered = tuple(sorted(versions, key=lambda v: version_order(v.scheme.version), reverse=True))
    made = SchemeSeen(ordered, Origin.MADE_HERE)
    if made.front.scheme.hash in shipped:
        return SchemeSeen(ordered, Origin.SHIPPED)
    return SchemeSeen(ordered, Origin.OTHER_VERSION) if made.name in {s.name for s in shipped.values()} else made


def _of_the_number(change: Change) -> bool:
    """Whether all that a difference says is that the version is the next one."""
    follows = change.sentence.startswith("The scheme: it follows version") and not change.after
    return follows or (change.what == "The scheme" and change.sentence.startswith("The scheme: version:"))
