"""The rows of an export that say what was ruled on the schemes that were coded with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from workbench.exchange.table_schema import instant
from workbench.model.people import Person
from workbench.model.scheme import CodingScheme
from workbench.model.session import Session
from workbench.store.workspace import Workspace
from workbench.workflows.see_rulings import every_version

Row = dict[str, Any]


def ruling_rows(
    workspace: Workspace, actor: Person, schemes: Iterable[CodingScheme], shared: Mapping[str, Session]
) -> Iterator[Row]:
    """Every version of every ruling on these schemes. A clip is named where its session is exported too, and an example
    given where every session is that any version of the ruling had its clip of: it may hold a patient's words."""
    for used in {s.name: s for s in schemes}.values():
        for shown in every_version(workspace, actor, used):
            ruling = shown.ruling
            clip = ruling.clip if ruling.clip and ruling.clip.session_id in shared else None
            yield {
                "scheme": used.name,
                "code": ruling.code,
                "kind": "rating" if ruling.rating else "code",
                "ruling": ruling.id,
                "version": ruling.version,
                "decided_on": ruling.decided_on.isoformat(),
                "question": ruling.question,
                "decision": ruling.decision,
                "example": (ruling.example if shown.sessions <= shared.keys() else "") or None,
                "session": shared[clip.session_id].code if clip else None,
                "start_ms": clip.span.start_ms if clip else None,
                "end_ms": clip.span.end_ms if clip else None,
                "withdrawn": ruling.withdrawn or None,
                "taken_out": ruling.taken_out or None,
                "written_at": instant(ruling.written_at),
            }
