"""Making a ruling on a case that a scheme leaves open, correcting it, and taking it back. Nothing is overwritten."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from workbench.model.access import Action, authorize
from workbench.model.ids import new_id, now_ms
from workbench.model.people import Person
from workbench.model.ruling import Clip, Ruling
from workbench.model.span import clock
from workbench.store import recordings, rulings
from workbench.store.workspace import Workspace
from workbench.workflows.keep_definition import kept_schemes
from workbench.workflows.refusal import Refused, demand, session_resource

LONGEST_TEXT = 4000
LONGEST_CLIP_MS = 10 * 60_000
NOT_KEPT = "The ruling is not kept."


@dataclass(frozen=True, slots=True)
class Wording:
    """What a ruling says: of a code (or, with `rating`, a rating), since when, and with which case.

    In a correction, `example` None leaves the example as it was, and so does `same_clip` the clip.
    """

    code: str
    decided_on: date
    question: str
    decision: str
    example: str | None = None
    clip: Clip | None = None
    rating: bool = False
    same_clip: bool = False


def make_ruling(workspace: Workspace, actor: Person, scheme: str, wording: Wording, today: date) -> Ruling:
    """A new ruling on the scheme of this name; it holds in every version of it that has the code.

    Raises Refused that lists everything that is wrong with it.
    """
    demand(workspace, actor, Action.MAKE_RULING)
    made = Ruling(
        id=new_id(),
        version=1,
        scheme=scheme,
        code=wording.code,
        rating=wording.rating,
        decided_on=wording.decided_on,
        question=wording.question.strip(),
        decision=wording.decision.strip(),
        written_by=actor.id,
        written_at=now_ms(),
        clip=wording.clip,
        example=(wording.example or "").strip(),
    )
    _check(workspace, actor, made, today)
    _keep(workspace, actor, made, "ruling.make")
    return made


def correct_ruling(
    workspace: Workspace, actor: Person, ruling_id: str, version: int, wording: Wording, today: date
) -> Ruling:
    """The ruling in new words, as a further version of it. `version`: the one that was corrected.

    Raises Refused, also when somebody else has written a version meanwhile.
    """
    demand(workspace, actor, Action.MAKE_RULING)
    before = _newest(workspace, ruling_id, version)
    made = replace(
        before,
        version=version + 1,
        code=wording.code,
        rating=wording.rating,
        decided_on=wording.decided_on,
        question=wording.question.strip(),
        decision=wording.decision.strip(),
        example=before.example if wording.example is None else wording.example.strip(),
        clip=before.clip if wording.same_clip else wording.clip,
        withdrawn="",
        taken_out="",
        written_by=actor.id,
        written_at=now_ms(),
    )
    as_before: dict[str, Any] = {"version": version, "written_by": before.written_by, "written_at": before.written_at}
    if replace(made, taken_out=before.taken_out, **as_before) == before:
        raise Refused(NOT_KEPT, ["It says the same as before."])
    _check(workspace, actor, made, today, clip_before=before.clip)
    _keep(workspace, actor, made, "ruling.correct")
    return made


def withdraw_ruling(workspace: Workspace, actor: Person, ruling_id: str, version: int, reason: str) -> Ruling:
    """Take a ruling back. It stays readable, with the reason. Raises Refused."""
    demand(workspace, actor, Action.MAKE_RULING)
    before = _newest(workspace, ruling_id, version)
    if before.withdrawn:
        raise Refused("This ruling is withdrawn already.")
    if problems := list(_text_problems("The reason", reason.strip(), needed=True)):
        raise Refused("The ruling still holds.", problems)
    made = replace(before, version=version + 1, withdrawn=reason.strip(), taken_out="")
    made = replace(made, written_by=actor.id, written_at=now_ms())
    _keep(workspace, actor, made, "ruling.withdraw")
    return made


def _newest(workspace: Workspace, ruling_id: str, version: int) -> Ruling:
    with workspace.reading() as connection:
        found = rulings.versions(connection, ruling_id)
    if not found:
        raise Refused("There is no such ruling.", kind="missing")
    if found[-1].version != version:
        raise Refused("This ruling was changed meanwhile. Open it again; your words are not kept.")
    return found[-1]


def _keep(workspace: Workspace, actor: Person, made: Ruling, act: str) -> None:
    detail = {"scheme": made.scheme, "code": made.code, "version": made.version}
    with workspace.changing(actor.id, act, "ruling", made.id, detail) as connection:
        written = rulings.versions(connection, made.id)
        if len(written) != made.version - 1:
            raise Refused("This ruling was changed meanwhile. Open it again; your words are not kept.")
        rulings.add(connection, made)
        rulings.note_seen(connection, actor.id, made.id, made.version, made.written_at)


def _check(workspace: Workspace, actor: Person, made: Ruling, today: date, clip_before: Clip | None = None) -> None:
    problems = [*_entry_problems(workspace, made)]
    for name, text, needed in (
        ("The question", made.question, True),
        ("The decision", made.decision, True),
        ("The example", made.example, False),
    ):
        problems += _text_problems(name, text, needed=needed)
    if made.decided_on > today:
        problems.append(f"The date is {made.decided_on.isoformat()}, which is still to come.")
    if made.clip is not None and made.clip != clip_before:
        problems += _clip_problems(workspace, actor, made.clip)
    if problems:
        raise Refused(NOT_KEPT, problems)


def _entry_problems(workspace: Workspace, made: Ruling) -> Iterator[str]:
    versions = [s for s in kept_schemes(workspace) if s.name == made.scheme]
    what = "rating" if made.rating else "code"
    if not versions:
        yield f"There is no scheme {made.scheme!r} here."
    elif not any(made.code in {e.id for e in (s.ratings if made.rating else s.codes)} for s in versions):
        yield f"No version of the scheme has a {what} {made.code!r}."


def _text_problems(name: str, text: str, *, needed: bool) -> Iterator[str]:
    if needed and not text:
        yield f"{name} is empty."
    elif len(text) > LONGEST_TEXT:
        yield f"{name} has {len(text):,} characters; at most {LONGEST_TEXT:,} fit."
    if any(ord(sign) < 32 and sign not in "\n\t" for sign in text):
        yield f"{name} holds a sign that cannot be printed."


def _clip_problems(workspace: Workspace, actor: Person, clip: Clip) -> Iterator[str]:
    """Whoever takes a clip may hear the recording, and its people agreed to its use for training."""
    verdict = authorize(actor, Action.TAKE_CLIP, session_resource(workspace, clip.session_id))
    if not verdict:
        yield verdict.reason
        return
    with workspace.reading() as connection:
        media = recordings.of_session(connection, clip.session_id)
    if not media:
        yield "The session has no recording to take a clip from."
    elif clip.span.end_ms > media[0].duration_ms:
        yield f"The clip ends at {clock(clip.span.end_ms)}, and the recording at {clock(media[0].duration_ms)}."
    if not clip.span.length_ms:
        yield "The clip ends where it begins."
    elif clip.span.length_ms > LONGEST_CLIP_MS:
        yield f"The clip lasts {clock(clip.span.length_ms)}; at most {clock(LONGEST_CLIP_MS)} fit."
