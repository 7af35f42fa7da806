"""Coding schemes and instruments in use: kept once under their hash, never altered."""

from __future__ import annotations

from collections import OrderedDict
from contextlib import nullcontext
from pathlib import Path

from workbench import schemes
from workbench.model.access import Action
from workbench.model.people import Person
from workbench.model.scheme import CodingScheme, Instrument
from workbench.store import definitions
from workbench.store.workspace import Connection, Workspace
from workbench.workflows.refusal import Refused, demand


def keep_scheme(workspace: Workspace, actor: Person | None, scheme: CodingScheme) -> CodingScheme:
    """Keep a scheme so that codings can refer to it; one that is kept already stays as it is."""
    _keep(workspace, actor, "scheme", scheme)
    return scheme


def keep_instrument(workspace: Workspace, actor: Person | None, instrument: Instrument) -> Instrument:
    """Keep an instrument so that administrations can refer to it."""
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
    detail = {"name": made.name, "version": made.version}
    with workspace.changing(actor.id if actor else None, f"{kind}.add", kind, made.hash, detail) as connection:
        definitions.keep(connection, kind, made.hash, made.name, made.version, schemes.to_json(made))


def scheme(workspace: Workspace, hash: str, connection: Connection | None = None) -> CodingScheme:
    """The kept scheme of that hash, by the caller's `connection` if there is one. Raises Refused when there is none.

    It is read once: what lies under a hash never changes, and each code that is saved is held against it.
    """
    known = _schemes.get((workspace.folder, hash))
    if known is None:
        known = _schemes[workspace.folder, hash] = schemes.from_json(_body(workspace, "scheme", hash, connection))
        while len(_schemes) > _MOST_KEPT:
            _schemes.popitem(last=False)
    return known


_schemes: OrderedDict[tuple[Path, str], CodingScheme] = OrderedDict()
_MOST_KEPT = 64


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
        return [schemes.from_json(d.body) for d in definitions.every(connection, "scheme")]


def kept_instruments(workspace: Workspace) -> list[Instrument]:
    """Instruments in use, by name, oldest version first."""
    with workspace.reading() as connection:
        return [schemes.instrument_from_json(d.body) for d in definitions.every(connection, "instrument")]
