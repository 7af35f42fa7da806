"""Helping a team say how well its raters must agree: which coefficients there are and when each is the one to choose,
what raters then read, and on how many sessions a limit can be shown at all.
"""

from __future__ import annotations

from dataclasses import dataclass

from workbench.agreement import planning
from workbench.agreement.choosing import when_to_use
from workbench.agreement.naming import name_of
from workbench.agreement.problems import counted
from workbench.model.scheme import CodingScheme, DataKind, Each, Limit
from workbench.schemes.in_words import agreement_asked
from workbench.schemes.scheme_agreement import coefficients_for

_NEVER = "No number of sessions that a team could code shows this limit."


@dataclass(frozen=True, slots=True)
class Offer:
    """A coefficient to choose: its id, what readers call it, and when to use it."""

    id: str
    name: str
    when: str


def offers(kind: DataKind) -> tuple[Offer, ...]:
    """The coefficients that a scheme can name for one kind of data, the usual one first."""
    return tuple(Offer(id, name_of(id), when_to_use(id)) for id in coefficients_for(kind))


def asked_in_words(scheme: CodingScheme) -> tuple[str, ...]:
    """What raters read of how well they must agree, as the codebook says it."""
    return agreement_asked(scheme, name_of)


def sessions_it_takes(scheme: CodingScheme, limit: Limit, asked: int) -> str:
    """On how many sessions a trainee can show a limit, in a sentence or two, beside how many are `asked` for. What
    cannot be known beforehand is said to be so.
    """
    if limit.at_least >= 1:
        return "No number of sessions can show a limit of 1: choose one below it."
    if limit.of is DataKind.CODES:
        return "How many sessions it takes shows with the first trainees: it depends on how often the codes occur."
    if all(scale.each is not Each.SESSION for scale in scheme.ratings):
        return "How many sessions it takes shows with the first trainees: several values of one session hang together."
    if limit.measure == "icc":
        likely = (1 + limit.at_least) / 2
        needed = planning.sessions_for_lower_limit(likely, raters=2, at_least=limit.at_least).needed
        if needed is None:
            return _NEVER
        return f"It takes about {needed:,} sessions where a trainee’s ICC comes out at {likely:.3g}; more where lower."
    never, once = (planning.sessions_for_share(limit.at_least, misses=n).needed for n in (0, 1))
    if never is None or once is None:
        return _NEVER
    short = f" On {asked:,} nobody can show it yet." if asked < never else ""
    takes = f"A rating of the session takes {counted(never, 'session')}"
    return f"{takes} where a trainee is never off, {once:,} where once.{short}"
