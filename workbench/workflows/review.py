"""Looking at codings side by side: practice against the criterion, and raters against each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from workbench.model.access import Action
from workbench.model.assignment import Coding, Purpose
from workbench.model.coding import CodingContent, CodingState
from workbench.model.natural_order import natural
from workbench.model.people import Person
from workbench.model.span import merged
from workbench.store import codings, people, recordings
from workbench.store.workspace import Workspace
from workbench.workflows.align import on_clock, on_the_recording
from workbench.workflows.find_criterion import criterion_of
from workbench.workflows.lay_beside import Beside
from workbench.workflows.lay_beside import Lane as Lane  # what screens show
from workbench.workflows.lay_beside import Marked as Marked
from workbench.workflows.lay_beside import Review as Review
from workbench.workflows.note_opening import note_opening
from workbench.workflows.note_seen import note_seen
from workbench.workflows.refusal import Refused, coding_resource, demand, session_resource


def feedback(workspace: Workspace, actor: Person, coding_id: str) -> Review | None:
    """A submitted practice coding against the criterion coding of the same session and scheme.

    Events that the criterion marks unsure are defensible either way: coding them is neither a hit nor
    an extra, leaving them out is no miss.

    None when the coding is no practice or there is no criterion. Raises Refused before submission, and
    to somebody who has still to code the session on that scheme.
    """
    demand(workspace, actor, Action.READ_CODING, coding_resource(workspace, coding_id))
    with workspace.reading() as connection:
        coding = codings.get(connection, coding_id)
        assert coding is not None
        if coding.purpose is not Purpose.PRACTICE:
            return None
        if coding.state is CodingState.DRAFT:
            raise Refused("Feedback is shown once the coding is submitted.", kind="forbidden")
        found = criterion_of(connection, coding.session_id, coding.scheme_hash)
    if found is None:
        return None
    demand(workspace, actor, Action.READ_CODING, coding_resource(workspace, found.coding.id))
    note_seen(workspace, actor, [coding, found.coding])
    note_opening(workspace, actor, "coding.feedback", "coding", found.coding.id)
    names = "You" if coding.rater_id in actor.raters else "Rater", "Criterion"
    two = Beside(workspace, actor, (coding, found.coding), names)
    return replace(two.against_criterion(), about=found.in_words)


def side_by_side(
    workspace: Workspace,
    actor: Person,
    session_id: str,
    rater_ids: tuple[str, ...] | None = None,
    scheme_hash: str | None = None,
) -> Review:
    """Finished codings of one session that `actor` may read (of these raters, on this scheme), one lane each; with
    two of them, what differs is marked. Where no scheme is asked for, those on the scheme that most are on. Where
    there is a recording, live codings that are not aligned with it are left out. Raises Refused."""
    demand(workspace, actor, Action.SEE_SESSION, session_resource(workspace, session_id))
    with workspace.reading() as connection:
        found = codings.codings(connection, actor, session_ids=[session_id], finished_only=True)
        if recordings.of_session(connection, session_id):
            found = on_the_recording(connection, found)
        if rater_ids is not None:
            found = [c for c in found if c.rater_id in rater_ids]
        wanted = _most_used(found) if scheme_hash is None else scheme_hash
        found = [c for c in found if c.scheme_hash == wanted]
        raters = {c.rater_id: people.get(connection, c.rater_id) for c in found}
    note_seen(workspace, actor, found)
    if any(c.rater_id not in actor.raters for c in found):
        note_opening(workspace, actor, "coding.compare", "session", session_id)
    studied = [c for c in found if c.purpose is Purpose.STUDY]
    # clocks that were started at different instants cannot be compared
    if len(studied) == 2 and not on_clock(workspace, studied):
        first, second = sorted(studied, key=lambda c: natural(raters[c.rater_id].login_name))  # as Agreement has them
        names = raters[first.rater_id].display_name, raters[second.rater_id].display_name
        return Beside(workspace, actor, (first, second), names).beside_each_other()
    with workspace.reading() as connection:
        said = codings.contents(connection, [c.id for c in found])
    lanes = tuple(_lane(_label(c, raters[c.rater_id].display_name), said[c.id]) for c in found)
    windows = merged(w for c in found for w in c.windows)
    return Review(lanes, _counted(len(lanes)), 0, 0, 0, tuple(found), windows)


def _most_used(found: Sequence[Coding]) -> str | None:
    """The scheme that most of these codings are on, of several the one that was begun first; None without any."""
    counted = Counter(c.scheme_hash for c in found)
    return max(counted, key=lambda scheme: counted[scheme]) if counted else None


def _lane(label: str, content: CodingContent) -> Lane:
    events = tuple(Marked(e, None, e.comment) for e in content.codes)
    return Lane(label, events, content.not_observable, content.ratings)


def _label(coding: Coding, name: str) -> str:
    return {Purpose.CRITERION: "Criterion", Purpose.PRACTICE: f"{name} (practice)"}.get(coding.purpose, name)


def _counted(n: int) -> str:
    if n == 0:
        return "No coding of this session is submitted yet, or none that you may see."
    return "One coding is submitted." if n == 1 else f"{n} codings are submitted."
