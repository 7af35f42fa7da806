"""What the coding room is given of a scheme's rulings: those that hold, what is new, whether one may be made here."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from workbench.app.parts import times
from workbench.model.access import Action, authorize
from workbench.model.people import Person
from workbench.model.scheme import CodingScheme
from workbench.model.session import Recording, Session
from workbench.workflows import see_rulings
from workbench.workflows.open_workspace import Workspace
from workbench.workflows.see_rulings import RulingShown

NO_RECORDING = "There is no recording to take a clip from."


def rulings_payload(
    workspace: Workspace, person: Person, scheme: CodingScheme, session: Session, recording: Recording | None
) -> dict[str, Any] | None:
    """For `room_payload`; None for those who read no rulings, such as a session's provider."""
    if not authorize(person, Action.READ_RULINGS):
        return None
    found = see_rulings.rulings_of(workspace, person, scheme)
    here = [r for r in found if see_rulings.concerns(r.ruling, scheme)]
    makes = bool(authorize(person, Action.MAKE_RULING))
    return {
        "list": rulings_shown(r for r in here if r.change or not r.ruling.withdrawn),
        "may_make": makes,
        "no_clip": see_rulings.why_no_clip(workspace, person, session.id) if recording and makes else NO_RECORDING,
        "session": session.id,
        "today": times.date_of(times.now()).isoformat(),
        "url": f"/wb/rulings/{scheme.hash}",
    }


def rulings_shown(found: Iterable[RulingShown]) -> list[dict[str, Any]]:
    """Rulings as JSON."""
    return [
        {
            "id": r.ruling.id,
            "version": r.ruling.version,
            "code": r.ruling.code,
            "rating": r.ruling.rating,
            "label": r.label,
            "date": r.ruling.decided_on.isoformat(),
            "question": r.ruling.question,
            "decision": r.ruling.decision,
            "example": r.ruling.example,
            "where": r.where,
            "clip": clip_address(r),
            "change": r.change.value,
            "withdrawn": r.ruling.withdrawn,
            "taken_out": " ".join(
                f"Words were taken out on {times.date_of(gone.at).isoformat()}: {gone.why.words}."
                for gone in r.taken_out
            ),
        }
        for r in found
    ]


def clip_address(shown: RulingShown) -> str:
    """The page that plays a ruling's clip; empty where it has none that this person may play."""
    return f"/wb/rulings/{shown.ruling.id}/{shown.ruling.version}/clip" if shown.where else ""
