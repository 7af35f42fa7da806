"""Reading the audit chain, and checking that it is whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from workbench.model.access import Action
from workbench.model.people import Person
from workbench.store import audit, people
from workbench.store.workspace import Workspace
from workbench.workflows.refusal import demand


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One row of the chain, with the name of who did it ("" for the program itself)."""

    seq: int
    at: int
    who: str
    action: str
    resource_kind: str
    resource_id: str
    detail: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ChainChecked:
    """What a check of the whole chain found. `problems` is empty when it is whole."""

    rows: int
    head: str
    problems: tuple[str, ...]


def read_audit(
    workspace: Workspace, actor: Person, *, before: int | None = None, limit: int = 200, action: str | None = None
) -> list[AuditRow]:
    """The newest rows first, at most `limit`, from below row `before`. Raises Refused."""
    demand(workspace, actor, Action.READ_AUDIT)
    with workspace.reading() as connection:
        found = audit.entries(connection, before=before, limit=limit, action=action)
        names: dict[str, str] = {}
        for ident in {e.actor_id for e in found if e.actor_id}:
            try:
                names[ident] = people.get(connection, ident).display_name
            except KeyError:
                names[ident] = ident
    return [
        AuditRow(e.seq, e.at, names.get(e.actor_id or "", ""), e.action, e.resource_kind, e.resource_id or "", e.detail)
        for e in found
    ]


def check_audit(workspace: Workspace, actor: Person) -> ChainChecked:
    """Work through the whole chain; the check is itself a row of it. Raises Refused."""
    demand(workspace, actor, Action.READ_AUDIT)
    problems, end = audit.verify(workspace.reading)
    workspace.note(actor.id, "audit.check", "workspace", None, {"rows": end.seq, "problems": len(problems)})
    return ChainChecked(end.seq, end.hash, tuple(problems))
