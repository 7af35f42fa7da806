"""Drafts of coding schemes as they are kept: text, everything that was done to it, for one person alone.

A draft stands with its author's preferences. A change is held against what the person saw: where another window was
faster, both stay, the second as a draft of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from workbench.model.ids import new_id, now_ms
from workbench.model.people import Person
from workbench.store import preferences
from workbench.store.workspace import Connection, Workspace
from workbench.workflows.refusal import Refused

MOST_DRAFTS = 30  # of one person
_BEGINNING = "scheme-draft:"


@dataclass(frozen=True, slots=True)
class Step:
    """What one act did to a draft's text: at a place, `before` became `after`. `said` names the act."""

    at: int
    before: str
    after: str
    said: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A scheme that somebody writes. `base`: identity of the version that it began from, or nothing.

    `own`: it is a scheme of its own; else the next version of its base. The first `done` of `steps` are in the text,
    the others were taken back. `revision` counts its changes, for the window that does not know of the last one.
    """

    id: str
    text: str
    base: str = ""
    own: bool = True
    steps: tuple[Step, ...] = ()
    done: int = 0
    revision: int = 0
    changed_at: int = 0
    parted_from: str = field(default="", compare=False)  # the draft that it was, until two windows differed

    @property
    def undo(self) -> str:
        """What would be taken back; empty where there is nothing."""
        return self.steps[self.done - 1].said if self.done else ""

    @property
    def redo(self) -> str:
        """What would be done again; empty where there is nothing."""
        return self.steps[self.done].said if self.done < len(self.steps) else ""


def difference(before: str, after: str, said: str) -> Step:
    """The stretch in the middle in which two texts differ."""
    shorter = min(len(before), len(after))
    start = next((n for n in range(shorter) if before[n] != after[n]), shorter)
    room = shorter - start
    end = next((n for n in range(room) if before[-1 - n] != after[-1 - n]), room)
    return Step(start, before[start : len(before) - end], after[start : len(after) - end], said)


def add(workspace: Workspace, actor: Person, made: Draft, *, most: int | None = MOST_DRAFTS) -> Draft:
    """Keep a new draft. Raises Refused when the person has `most` already."""
    made = replace(made, changed_at=now_ms())
    with workspace.changing(actor.id, "scheme_draft.begin", "scheme_draft", made.id) as connection:
        if most is not None and len(every(connection, actor)) >= most:
            raise Refused(f"You have {most} drafts. Save or discard one of them first.")
        preferences.keep(connection, actor.id, _BEGINNING + made.id, _body(made))
    return made


def keep(workspace: Workspace, actor: Person, seen: Draft, made: Draft) -> Draft:
    """Keep `made` in the place of what the person saw; beside it where that is no longer what is kept.

    A draft is nobody's data but its author's, and what is done to it stands in it: its changes are not audited,
    its beginning, its parting and its end are.
    """
    made = replace(made, revision=seen.revision + 1, changed_at=now_ms())

    def in_its_place(connection: Connection) -> bool:
        there = stored(connection, actor, seen.id)
        if there is None or there.revision != seen.revision:
            return False
        preferences.keep(connection, actor.id, _BEGINNING + made.id, _body(made))
        return True

    if workspace.housekeeping(in_its_place):
        return made
    return replace(add(workspace, actor, replace(made, id=new_id()), most=None), parted_from=seen.id)


def every(connection: Connection, actor: Person) -> list[Draft]:
    """Somebody's drafts."""
    return [_read(body) for body in preferences.named(connection, actor.id, _BEGINNING).values()]


def forget(connection: Connection, actor: Person, draft_id: str) -> None:
    """Take a draft away."""
    preferences.forget(connection, actor.id, _BEGINNING + draft_id)


def stored(connection: Connection, actor: Person, draft_id: str) -> Draft | None:
    body = preferences.get(connection, actor.id, _BEGINNING + draft_id)
    return _read(body) if body else None


def _body(made: Draft) -> dict[str, Any]:
    return {
        "id": made.id,
        "text": made.text,
        "base": made.base,
        "own": made.own,
        "steps": [[s.at, s.before, s.after, s.said] for s in made.steps],
        "done": made.done,
        "revision": made.revision,
        "changed_at": made.changed_at,
    }


def _read(body: Mapping[str, Any]) -> Draft:
    return Draft(**{**body, "steps": tuple(Step(*step) for step in body["steps"])})
