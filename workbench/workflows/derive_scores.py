"""What the schemes of a session's codings make of each of them: derived scores, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from workbench import alliance
from workbench.alliance import ScoreValue as ScoreValue  # what screens show
from workbench.model.access import Action, authorize
from workbench.model.assignment import Coding
from workbench.model.people import Person
from workbench.model.scheme import CodingScheme
from workbench.store import codings
from workbench.store.seen import Way
from workbench.store.workspace import Workspace
from workbench.workflows.coded_units import units_of_codings
from workbench.workflows.keep_definition import scheme
from workbench.workflows.note_seen import note_seen
from workbench.workflows.refusal import session_resource
from workbench.workflows.see_session import codings_to_see


@dataclass(frozen=True, slots=True)
class DerivedFrom:
    """A coding and its scores, in the order of the scheme."""

    coding: Coding
    values: tuple[ScoreValue, ...]


@dataclass(frozen=True, slots=True)
class SchemeScores:
    """The codings of one session on one scheme, oldest first."""

    scheme: CodingScheme
    codings: tuple[DerivedFrom, ...]


def with_scores(workspace: Workspace, actor: Person, session_id: str) -> list[Coding]:
    """Finished codings of a session whose scheme derives scores: one's own, and others' for those who may see what is
    said about the alliance of the session (whoever still has to code it, on whatever scheme, may not). None of
    them is opened. Raises Refused."""
    others = authorize(actor, Action.SEE_ALLIANCE, session_resource(workspace, session_id))
    return [
        c
        for c in codings_to_see(workspace, actor, session_id)
        if (others or c.rater_id in actor.raters) and scheme(workspace, c.scheme_hash).scores
    ]


def derived(workspace: Workspace, actor: Person, shown: Sequence[Coding]) -> list[SchemeScores]:
    """The scores of codings that `with_scores` gave. Others' codings are seen by it: from now on their raters cannot
    take them back. Raises Refused when one of them was taken back meanwhile."""
    note_seen(workspace, actor, shown, Way.COUNTED)
    with workspace.reading() as connection:
        said = codings.contents(connection, [c.id for c in shown])
    units = units_of_codings(workspace, actor, shown, said)
    by_scheme: dict[str, list[DerivedFrom]] = {}
    for coding in shown:
        of = scheme(workspace, coding.scheme_hash)
        values = alliance.derived_scores(of, said[coding.id], coding.windows, units.get(coding.id, ()))
        by_scheme.setdefault(of.hash, []).append(DerivedFrom(coding, values))
    return [SchemeScores(scheme(workspace, found), tuple(some)) for found, some in by_scheme.items()]
