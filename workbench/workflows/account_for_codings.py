"""Where the codings of a comparison come from: what was chosen of the study, what could not be counted, whether
raters were blind to each other, and the criterion codings that it can be held against.

A comparison of the best pair of raters in the best sessions is not one of the study: whoever reads the numbers
must be told that somebody chose.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from workbench import agreement
from workbench.model.assignment import Assignment, Coding, Purpose
from workbench.model.coding import CodingState
from workbench.model.consent import Scope
from workbench.model.people import Person
from workbench.store import assignments, codings, sessions
from workbench.store.workspace import Connection, Workspace
from workbench.workflows.agree import Choice, Material
from workbench.workflows.align import on_the_recording
from workbench.workflows.hold_against_criterion import criterion_codings

NO_CONSENT = "of sessions without consent to coding"
HIDDEN = "of sessions that whoever made this report has still to code, and so may not read"
NOT_HANDED_IN = "not handed in"
ON_A_CLOCK = "made live and not laid on a recording"
_OPEN = (None, CodingState.DRAFT)


@dataclass(frozen=True, slots=True)
class Selection:
    """What was chosen of all that can be compared. None: everything. `codings` of `codings_of` are compared."""

    raters: int | None
    raters_of: int
    sessions: int | None
    sessions_of: int
    since: int | None
    until: int | None
    codings: int
    codings_of: int

    @property
    def in_short(self) -> str:
        """`2 of 6 raters, 5 of 30 sessions`; empty where nothing was left aside."""
        parts = []
        if self.raters is not None:
            parts.append(f"{self.raters} of {self.raters_of} raters")
        if self.sessions is not None:
            parts.append(f"{self.sessions} of {self.sessions_of} sessions")
        if self.since is not None or self.until is not None:
            since = "" if self.since is None else f" from {_instant(self.since)}"
            until = "" if self.until is None else f" until {_instant(self.until)}"
            parts.append(f"codings handed in{since}{until}")
        return ", ".join(parts)

    def sentences(self) -> tuple[str, ...]:
        """What a reader has to know."""
        return (
            f"This is a selection by whoever made the report: {self.in_short}. It holds {self.codings} of the "
            f"{self.codings_of} codings that could be compared, and says nothing of the others.",
        )

    def to_dict(self) -> dict[str, Any]:
        """For programs; instants as ISO text."""
        return {
            "raters": self.raters,
            "raters_of": self.raters_of,
            "sessions": self.sessions,
            "sessions_of": self.sessions_of,
            "handed_in_from": None if self.since is None else _instant(self.since),
            "handed_in_until": None if self.until is None else _instant(self.until),
            "codings": self.codings,
            "codings_of": self.codings_of,
        }


@dataclass(frozen=True, slots=True)
class Accounted:
    """not_counted: assigned codings that are not compared, reason → count. blinded: whether raters saw others'
    codings of a session only after their own; None where studies differ. `reopened` of `codings` were handed back
    once. criterion: criterion codings of the sessions, if any; of `further_criteria` sessions had a second one, and
    the one handed in last counts."""

    selection: Selection | None = None
    not_counted: tuple[tuple[str, int], ...] = ()
    blinded: bool | None = None
    reopened: int = 0
    codings: int = 0
    criterion: agreement.Study | None = None
    further_criteria: int = 0


def account_for(
    workspace: Workspace, actor: Person, choice: Choice, chosen: Material, kept: Iterable[str]
) -> Accounted:
    """The account of the codings of `chosen`, of which the sessions with the codes `kept` are reported.

    Codings that `actor` may not read are counted whether begun or not, so that nobody learns from the count
    how far others are. The criterion codings count as seen.
    """
    hashes = chosen.hashes or (chosen.scheme.hash,)
    with workspace.reading() as connection:
        study_ids = {s.study_id for s in chosen.sessions} if choice.study_id is None else {choice.study_id}
        studies = [sessions.get_study(connection, id) for id in sorted(study_ids)]
        every = [s for id in sorted(study_ids) for s in sessions.sessions(connection, study_id=id)]
        given = [a for a in assignments.every(connection, session_ids=[s.id for s in every]) if a.scheme_hash in hashes]
        facts = sessions.facts_of(connection, [s.id for s in every])
        read = [
            c
            for c in codings.codings(connection, actor, session_ids=[s.id for s in every], finished_only=True)
            if c.scheme_hash in hashes
        ]
        timed = on_the_recording(connection, read)
        not_counted = _not_counted(connection, actor, choice, given, facts, {c.id for c in timed})
    compared = [c for c in timed if c.purpose is Purpose.STUDY]
    here = set(chosen.coding_ids.values())
    reported = {s.id: s.code for s in chosen.sessions if s.code in set(kept)}
    counted = [c for c in compared if c.id in here and c.session_id in reported]
    criteria = criterion_codings(workspace, actor, chosen.scheme, reported)
    return Accounted(
        _selection(choice, compared, here),
        not_counted,
        _one({s.blinded for s in studies}),
        sum(c.reopened_at is not None for c in counted),
        len(counted),
        criteria.study if criteria else None,
        criteria.further if criteria else 0,
    )


def _selection(choice: Choice, compared: list[Coding], here: set[str]) -> Selection | None:
    raters, at = {c.rater_id for c in compared}, {c.session_id for c in compared}
    some_raters = raters if choice.rater_ids is None else raters & set(choice.rater_ids)
    some_sessions = at if choice.session_ids is None else at & set(choice.session_ids)
    found = Selection(
        None if some_raters == raters else len(some_raters),
        len(raters),
        None if some_sessions == at else len(some_sessions),
        len(at),
        choice.since,
        choice.until,
        len([c for c in compared if c.id in here]),
        len(compared),
    )
    return found if found.in_short else None


def _not_counted(
    connection: Connection,
    actor: Person,
    choice: Choice,
    given: list[Assignment],
    facts: Any,
    timed: set[str],
) -> tuple[tuple[str, int], ...]:
    """Of the assignments on the scheme those for the study and within what was chosen that are not compared, each
    under its first reason."""
    blinded = {s.id for s in sessions.studies(connection) if s.blinded}
    of_study = {s.id: s.study_id for s in sessions.sessions(connection, ids={a.session_id for a in given})}
    to_code = {
        a.session_id
        for a in given
        if a.rater_id in actor.raters and a.coding_state in _OPEN and of_study[a.session_id] in blinded
    }
    counted: Counter[str] = Counter()
    for a in (a for a in given if a.purpose is Purpose.STUDY):
        if choice.session_ids is not None and a.session_id not in choice.session_ids:
            continue
        if choice.rater_ids is not None and a.rater_id not in choice.rater_ids:
            continue
        if Scope.CODE not in facts[a.session_id].consented:
            counted[NO_CONSENT] += 1
        elif a.session_id in to_code and a.rater_id not in actor.raters:
            counted[HIDDEN] += 1
        elif a.coding_state in _OPEN:
            counted[NOT_HANDED_IN] += 1
        elif a.live and a.coding_id not in timed:
            counted[ON_A_CLOCK] += 1
    return tuple(
        (reason, counted[reason]) for reason in (NO_CONSENT, HIDDEN, NOT_HANDED_IN, ON_A_CLOCK) if counted[reason]
    )


def _one(values: set[bool]) -> bool | None:
    return values.pop() if len(values) == 1 else None


def _instant(ms: int) -> str:
    at = datetime.fromtimestamp(ms / 1000, UTC)
    return f"{at:%Y-%m-%d}" if ms % 86_400_000 == 0 else f"{at:%Y-%m-%d %H:%M} UTC"
