"""Writing down that somebody read something: once per person, thing and quarter of an hour, so that the
many small requests of a player, or a screen that is drawn again, do not drown the audit chain."""

from __future__ import annotations

import threading

from workbench.model.ids import now_ms
from workbench.model.people import Person
from workbench.store.workspace import Workspace

EVERY_MS = 15 * 60_000
_noted: dict[tuple[str, str, str, str], int] = {}
_lock = threading.Lock()


def note_opening(workspace: Workspace, actor: Person, action: str, resource_kind: str, resource_id: str) -> None:
    """Note that `actor` opened this for `action`, unless that was noted within the last quarter of an hour."""
    now = now_ms()
    key = (str(workspace.folder), actor.id, action, resource_id)
    with _lock:
        if now - _noted.get(key, -EVERY_MS) < EVERY_MS:
            return
        _noted[key] = now
    try:
        workspace.note(actor.id, action, resource_kind, resource_id)
    except BaseException:
        with _lock:
            _noted.pop(key, None)  # not written, so the next opening has to be
        raise
