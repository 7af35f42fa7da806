"""Coding schemes and instruments in use: kept once under their hash, never altered."""

from __future__ import annotations

import re
from collections import OrderedDict
from contextlib import nullcontext
from functools import cache
from pathlib import Path

from workbench import schemes
from workbench.model.access import Action
from workbench.model.instrument import Instrument
from workbench.model.people import Person
from workbench.model.scheme import CodingScheme
from workbench.store import definitions
from workbench.store.workspace import Connection, Workspace
from workbench.workflows.refusal import Refused, demand


def keep_scheme(workspace: Workspace, actor: Person | None, scheme: CodingScheme) -> CodingScheme:
    """Keep a scheme so that codings can refer to it; one that is kept already stays as it is. Raises Refused, also
    where another one of this name and version is kept."""
    earlier = earlier_versions(workspace, scheme)
    if earlier and (problems := schemes.earlier_problems(earlier[0], scheme)):
        raise Refused(f"“{scheme.title}” {scheme.version} does not fit the version that it was made from.", problems)
    _keep(workspace, actor, "scheme", scheme)
    return scheme


def keep_new(connection: Connection, kind: str, made: CodingScheme | Instrument) -> None:
    """Keep what is not kept yet, in a transaction of the caller's. Raises Refused as `keep_scheme` does."""
    _one_of_each_version(connection, kind, made)  # another one may have come meanwhile
    definitions.keep(connection, kind, made.hash, made.name, made.version, schemes.to_json(made))


def newest_version(workspace: Workspace, name: str) -> CodingScheme | None:
    """The kept version of a scheme with the highest number, whichever was kept last."""
    versions = [s for s in kept_schemes(workspace) if s.name == name]
    return max(versions, key=lambda s: version_order(s.version), default=None)


def version_order(version: str) -> tuple[tuple[int, ...], str]:
    """What versions are ordered by: their numbers, then their letters.

    >>> sorted(["1.10", "1.0.1", "1.9"], key=version_order)
    ['1.0.1', '1.9', '1.10']
    """
    return tuple(int(n) for n in re.findall(r"\d{1,9}", version)), version


def earlier_versions(workspace: Workspace, scheme: CodingScheme) -> list[CodingScheme]:
    """The kept versions that a scheme was made from, the nearest first."""
    if scheme.earlier is None:
        return []
    kept = {s.version: s for s in kept_schemes(workspace) if s.name == scheme.name}
    found: list[CodingScheme] = []
    at = scheme
    while at.earlier is not None and at.earlier.version in kept and kept[at.earlier.version] not in (scheme, *found):
        at = kept[at.earlier.version]
        found.append(at)
    return found


def keep_instrument(workspace: Workspace, actor: Person | None, instrument: Instrument) -> Instrument:
    """Keep an instrument so that administrations can refer to it. Raises Refused as `keep_scheme` does."""
    _keep(workspace, actor, "instrument", instrument)
    return instrument


def keep_scheme_file(workspace: Workspace, actor: Person | None, path: Path) -> CodingScheme:
    """Check a scheme file and keep it. Raises Refused that lists every problem with its line."""
    try:
        return keep_scheme(workspace, actor, schemes.load_scheme(path))
    except schemes.SchemeProblems as error:
        raise Refused(f"{path.name} cannot be used.", [str(p) for p in error.problems]) from None


def _keep(workspace: Workspace, actor: Person | None, kind: str, made: CodingScheme | Instrument) -> None:
    if actor is not None:
        demand(workspace, actor, Action.ADD_SCHEME)
    with workspace.reading() as connection:
        if definitions.get(connection, made.hash) is not None:
            return
        _one_of_each_version(connection, kind, made)
    detail = {"name": made.name, "version": made.version}
    with workspace.changing(actor.id if actor else None, f"{kind}.add", kind, made.hash, detail) as connection:
        keep_new(connection, kind, made)


def _one_of_each_version(connection: Connection, kind: str, made: CodingScheme | Instrument) -> None:
    """Raises Refused where something else is kept under this name and version: codings could not be told apart."""
    same = [d for d in definitions.every(connection, kind) if (d.name, d.version) == (made.name, made.version)]
    if any(d.hash != made.hash for d in same):
        a = "an" if kind == "instrument" else "a"
        raise Refused(
            f"This workspace already has {a} {kind} “{made.name}” of version {made.version}; it says something else.",
            [f"What has been used never changes: give the edited {kind} a new version."],
        )


def scheme(workspace: Workspace, hash: str, connection: Connection | None = None) -> CodingScheme:
    """The kept scheme of that hash, by the caller's `connection` if there is one. Raises Refused when there is none.

    It is read once: what lies under a hash never changes, and each code that is saved is held against it.
    """
    known = _schemes.get((workspace.folder, hash))
    return known or _read(workspace, hash, _body(workspace, "scheme", hash, connection))


def _read(workspace: Workspace, hash: str, body: str) -> CodingScheme:
    known = _schemes.get((workspace.folder, hash))
    if known is None:
        known = _schemes[workspace.folder, hash] = schemes.from_json(body)
        while len(_schemes) > _MOST_KEPT:
            _schemes.popitem(last=False)
    return known


_schemes: OrderedDict[tuple[Path, str], CodingScheme] = OrderedDict()
_MOST_KEPT = 256


def instrument(workspace: Workspace, hash: str) -> Instrument:
    """The kept instrument of that hash. Raises Refused when there is none."""
    return schemes.instrument_from_json(_body(workspace, "instrument", hash))


def _body(workspace: Workspace, kind: str, hash: str, connection: Connection | None = None) -> str:
    with nullcontext(connection) if connection else workspace.reading() as here:
        found = definitions.get(here, hash)
    if found is None or found.kind != kind:
        raise Refused(f"There is no {kind} with the identity {hash[:12]}….", kind="missing")
    return found.body


def kept_schemes(workspace: Workspace) -> list[CodingScheme]:
    """Schemes in use, by name, oldest version first."""
    with workspace.reading() as connection:
        return [_read(workspace, d.hash, d.body) for d in definitions.every(connection, "scheme")]


@cache
def that_come_with_the_program() -> tuple[CodingScheme, ...]:
    """The shipped schemes, in use or not, read once: their files do not change while the program runs."""
    return tuple(schemes.shipped_schemes().values())


def kept_instruments(workspace: Workspace) -> list[Instrument]:
    """Instruments in use, by name, oldest version first."""
    with workspace.reading() as connection:
        return [schemes.instrument_from_json(d.body) for d in definitions.every(connection, "instrument")]
