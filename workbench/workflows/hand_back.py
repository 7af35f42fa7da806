"""A coding that was handed in goes back to its rater: taken back by them, or reopened by a supervisor."""

from __future__ import annotations

from dataclasses import dataclass

from workbench.model.access import Action, authorize
from workbench.model.assignment import Coding
from workbench.model.coding import CodingState
from workbench.model.ids import now_ms
from workbench.model.people import Person, Role
from workbench.store import codings, people
from workbench.store.workspace import Workspace
from workbench.workflows.align import settle_window
from workbench.workflows.refusal import Refused, coding_resource, demand

_LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a coding stands for its rater. `seen_at`: when it was locked; `seen_by_supervisor`: through a
    supervisor's eyes; `own_eyes`: because its rater was shown others' codings. `reopened_at`, `reason`:
    a supervisor gave it back."""

    state: CodingState
    may_take_back: bool
    seen_at: int | None = None
    seen_by_supervisor: bool = False
    own_eyes: bool = False
    reopened_at: int | None = None
    reason: str = ""


def take_back(workspace: Workspace, actor: Person, coding_id: str) -> None:
    """Its rater makes a coding a draft again, as long as nobody else was shown it and they were shown
    nobody else's. Raises Refused."""
    resource = coding_resource(workspace, coding_id)
    demand(workspace, actor, Action.TAKE_BACK_CODING, resource)
    with workspace.changing(actor.id, "coding.take_back", "coding", coding_id) as connection:
        standing = codings.get(connection, coding_id)
        if standing is None or standing.state is not CodingState.SUBMITTED:
            raise Refused("This coding was seen just now. A supervisor can reopen it.", kind="forbidden")
        codings.make_draft(connection, coding_id)
        settle_window(connection, standing, codings.content(connection, coding_id), CodingState.DRAFT)


def reopen(workspace: Workspace, actor: Person, coding_id: str, reason: str) -> None:
    """A supervisor gives a coding back as a draft, with a reason that its rater reads. Raises Refused."""
    demand(workspace, actor, Action.REOPEN_CODING, coding_resource(workspace, coding_id))
    why = " ".join(reason.split())
    if not why:
        raise Refused("Say in a few words why the coding goes back; its rater reads them.")
    if len(why) > _LONGEST_REASON:
        raise Refused(f"A reason has at most {_LONGEST_REASON} characters; this one has {len(why)}.")
    with workspace.changing(actor.id, "coding.reopen", "coding", coding_id, {"reason": why}) as connection:
        standing = codings.get(connection, coding_id)
        if standing is None or standing.state is CodingState.DRAFT:
            raise Refused("This coding is a draft already.")
        codings.make_draft(connection, coding_id, reopened_at=now_ms(), reason=why)
        settle_window(connection, standing, codings.content(connection, coding_id), CodingState.DRAFT)


def standing(workspace: Workspace, actor: Person, coding: Coding) -> Standing:
    """Where a coding stands for `actor`, who may read it."""
    resource = coding_resource(workspace, coding.id)
    eyes = None
    if coding.locked_by is not None:
        with workspace.reading() as connection:
            eyes = people.get(connection, coding.locked_by)
    return Standing(
        state=coding.state,
        may_take_back=bool(authorize(actor, Action.TAKE_BACK_CODING, resource)),
        seen_at=coding.locked_at,
        seen_by_supervisor=eyes is not None and eyes.has(Role.SUPERVISOR),
        own_eyes=eyes is not None and coding.rater_id in eyes.raters,
        reopened_at=coding.reopened_at,
        reason=coding.reopen_reason or "",
    )
