"""What a coding says was shown to somebody else: from then on its rater cannot take it back.

Whoever reads codings for a person passes through here: screens, routes, comparisons, scores and exports. Only the
questions that raters flag for a supervisor (`see_assignments.questions`) are read without: they are asked to be read.
"""

from __future__ import annotations

from collections.abc import Iterable

from workbench.model.access import Action
from workbench.model.assignment import Coding
from workbench.model.coding import CodingState
from workbench.model.ids import now_ms
from workbench.model.people import Person
from workbench.store import audit, codings, people, seen
from workbench.store.seen import Way
from workbench.store.workspace import Connection, Workspace
from workbench.workflows.refusal import Refused, coding_resource, demand


def admit_reader(workspace: Workspace, actor: Person, coding_id: str) -> Coding:
    """The coding that `actor` may read, after it was noted that they do. Raises Refused."""
    demand(workspace, actor, Action.READ_CODING, coding_resource(workspace, coding_id))
    with workspace.reading() as connection:
        coding = codings.get(connection, coding_id)
    assert coding is not None
    note_seen(workspace, actor, [coding])
    return coding


def lock_if_compared(connection: Connection, actor: Person, coding: Coding) -> None:
    """Lock a coding that was just submitted when one of its raters was shown others' of the session before."""
    here = codings.codings(connection, None, session_ids=[coding.session_id])
    others = [c.id for c in here if c.rater_id != coding.rater_id and c.scheme_hash == coding.scheme_hash]
    raters = {coding.rater_id, *people.get(connection, coding.rater_id).members}
    eyes = next((who for who in sorted(raters) if seen.has_seen(connection, who, others)), None)
    if eyes is not None and codings.lock(connection, coding.id, eyes, now_ms()):
        audit.append(connection, actor.id, "coding.lock", "coding", coding.id, {"why": "others were seen"})


def note_seen(workspace: Workspace, actor: Person, shown: Iterable[Coding], way: Way = Way.OPENED) -> None:
    """Note that `actor` is shown these codings, before they are.

    Others' codings are locked by it, and so are the actor's own submitted ones of the same session on the
    same scheme: what they would change now, they would change after seeing others'. Noted once for each
    submission. Raises Refused when a coding was taken back meanwhile.
    """
    others = [c for c in shown if c.rater_id not in actor.raters]
    if not others:
        return
    with workspace.reading() as connection:
        known = seen.seen_by(connection, actor.id, way)
        own = codings.codings(connection, None, session_ids={c.session_id for c in others}, finished_only=True)
    new = [c for c in others if known.get(c.id, -1) < (c.submitted_at or 0)]
    compared = {(c.session_id, c.scheme_hash) for c in others}
    mine = [
        c
        for c in own
        if c.rater_id in actor.raters and c.state is CodingState.SUBMITTED and (c.session_id, c.scheme_hash) in compared
    ]
    if not new and not mine:
        return
    now = now_ms()
    detail = {"way": way.value, "codings": sorted(c.id for c in new)}
    with workspace.changing(actor.id, "coding.seen", "workspace", None, detail) as connection:
        for coding, why in [*((c, "seen") for c in new), *((c, "others were seen") for c in mine)]:
            standing = codings.get(connection, coding.id)
            if standing is None or standing.state is CodingState.DRAFT:
                raise Refused("A coding was taken back by its rater just now. Open this again.", kind="forbidden")
            if codings.lock(connection, coding.id, actor.id, now):
                audit.append(connection, actor.id, "coding.lock", "coding", coding.id, {"why": why})
        seen.note(connection, actor.id, (c.id for c in new), way, now)
