"""The one rule of access, over the whole table of roles, actions and states."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from workbench.model.access import NOTHING, Action, CodingFacts, Resource, SessionFacts, authorize
from workbench.model.coding import CodingState
from workbench.model.consent import Scope
from workbench.model.people import Person, Role

ALL = frozenset(Scope)
ON_SESSION = {
    Action.SEE_SESSION,
    Action.SEE_ALLIANCE,
    Action.ADD_RECORDING,
    Action.START_JOB,
    Action.MAP_SPEAKERS,
    Action.OPEN_RECORDING,
    Action.READ_TRANSCRIPT,
    Action.TAKE_CLIP,
    Action.PLAY_CLIP,
}
ON_CODING = {
    Action.WRITE_CODING,
    Action.READ_CODING,
    Action.SUBMIT_CODING,
    Action.TAKE_BACK_CODING,
    Action.REOPEN_CODING,
    Action.ALIGN_CODING,
}


def person(*roles: Role, ident: str = "me", teams: frozenset[str] = frozenset()) -> Person:
    return Person(ident, ident, ident, frozenset(roles), teams)


def session(*, assigned: bool = False, own: bool = False, consented: frozenset[Scope] = ALL) -> SessionFacts:
    me = frozenset({"me"})
    return SessionFacts("s", consented, me if assigned else frozenset(), me if own else frozenset())


# Who may do what by role alone:   o = observer, s = supervisor, r = researcher, a = administrator, p = provider
BY_ROLE = """
session.add        . s r a .
consent.record     . s r a .
consent.withdraw   . s r a .
job.see            . s r a .
job.cancel         . s r a .
assignment.add     . s r . .
agreement.see      . s r . .
form.issue         . s r a .
export.make        . s r . .
scheme.add         . s r . .
ruling.make        . s r . .
ruling.read        o s r a .
ruling.take_out    . s . a .
team.make          . s r a .
people.manage      . . . a .
audit.read         . . . a .
"""
# Who may do what on a session nobody assigned to them, all consents given.
ON_ANY_SESSION = """
session.see           . s r a .
alliance.see          . s r . .
recording.add         . s r a .
job.start             . s r a .
transcript.map_speakers . s r . .
recording.open        . s r . .
transcript.read       . s r . .
ruling.take_clip      . s r . .
ruling.play           . s r . .
"""
LETTERS = dict(zip("osrap", Role, strict=True))


def cells(table: str) -> list[tuple[Action, Role, bool]]:
    out = []
    for line in table.strip().splitlines():
        action, *marks = line.split()
        out += [(Action(action), role, mark != ".") for (_, role), mark in zip(LETTERS.items(), marks, strict=True)]
    return out


@pytest.mark.parametrize(("action", "role", "allowed"), cells(BY_ROLE))
def test_what_a_role_may_do_anywhere(action: Action, role: Role, allowed: bool) -> None:
    assert bool(authorize(person(role), action)) is allowed


@pytest.mark.parametrize(("action", "role", "allowed"), cells(ON_ANY_SESSION))
def test_what_a_role_may_do_on_a_session_that_is_not_theirs(action: Action, role: Role, allowed: bool) -> None:
    assert bool(authorize(person(role), action, Resource(session()))) is allowed


def test_every_action_has_a_row_in_the_tables() -> None:
    named = {a for a, _, _ in cells(BY_ROLE) + cells(ON_ANY_SESSION)}
    assert named | ON_CODING == set(Action)


@pytest.mark.parametrize("action", sorted(ON_SESSION | ON_CODING))
@pytest.mark.parametrize("role", list(Role))
def test_nothing_is_allowed_on_something_that_does_not_exist(action: Action, role: Role) -> None:
    assert not authorize(person(role), action, NOTHING)


@pytest.mark.parametrize(
    ("role", "scope"),
    [
        (Role.OBSERVER, Scope.CODE),
        (Role.RESEARCHER, Scope.CODE),
        (Role.SUPERVISOR, Scope.SUPERVISE),
        (Role.PROVIDER, Scope.SUPERVISE),
    ],
)
def test_without_the_consent_that_a_role_needs_a_recording_stays_closed(role: Role, scope: Scope) -> None:
    mine = {"assigned": role is Role.OBSERVER, "own": role is Role.PROVIDER}
    assert authorize(person(role), Action.OPEN_RECORDING, Resource(session(**mine, consented=frozenset({scope}))))
    refused = authorize(person(role), Action.OPEN_RECORDING, Resource(session(**mine, consented=ALL - {scope})))
    assert not refused and "Consent" in refused.reason


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("consented", [ALL, ALL - {Scope.CODE}, ALL - {Scope.SUPERVISE}])
@pytest.mark.parametrize("assigned", [True, False])
def test_a_transcript_opens_like_its_recording_but_for_who_codes_it_by_ear(
    role: Role, consented: frozenset[Scope], assigned: bool
) -> None:
    mine = session(assigned=assigned, own=role is Role.PROVIDER, consented=consented)
    heard = authorize(person(role), Action.OPEN_RECORDING, Resource(mine))
    assert authorize(person(role), Action.READ_TRANSCRIPT, Resource(mine)) == heard
    by_ear = replace(mine, by_ear=frozenset({"me"}))
    refused = authorize(person(role), Action.READ_TRANSCRIPT, Resource(by_ear))
    assert not refused and "by ear" in refused.reason
    assert authorize(person(role), Action.OPEN_RECORDING, Resource(by_ear)) == heard
    member = replace(person(role, ident="you"), teams=frozenset({"me"}))
    assert not authorize(member, Action.READ_TRANSCRIPT, Resource(by_ear))
    other = replace(mine, by_ear=frozenset({"somebody else"}))
    assert authorize(person(role), Action.READ_TRANSCRIPT, Resource(other)) == heard


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("consented", [ALL, ALL - {Scope.CODE}, ALL - {Scope.SUPERVISE}])
@pytest.mark.parametrize("assigned", [True, False])
def test_a_rulings_clip_opens_to_who_hears_the_recording_where_it_may_be_used_for_training(
    role: Role, consented: frozenset[Scope], assigned: bool
) -> None:
    facts = session(assigned=assigned, own=role is Role.PROVIDER, consented=consented)
    hears = bool(authorize(person(role), Action.OPEN_RECORDING, Resource(facts)))
    expected = hears and Scope.SUPERVISE in consented
    assert bool(authorize(person(role), Action.PLAY_CLIP, Resource(facts))) is expected
    rules = role in (Role.SUPERVISOR, Role.RESEARCHER)
    assert bool(authorize(person(role), Action.TAKE_CLIP, Resource(facts))) is (expected and rules)
    for still, me in ((frozenset({"me"}), person(role)), (frozenset({"t"}), person(role, teams=frozenset({"t"})))):
        assert not authorize(me, Action.PLAY_CLIP, Resource(replace(facts, unfinished=still)))


def test_an_administrator_hears_no_recording() -> None:
    assert not authorize(person(Role.ADMINISTRATOR), Action.OPEN_RECORDING, Resource(session()))


def test_recording_and_processing_need_their_own_consent() -> None:
    for action, scope in ((Action.ADD_RECORDING, Scope.RECORD), (Action.START_JOB, Scope.PROCESS)):
        assert authorize(person(Role.ADMINISTRATOR), action, Resource(session(consented=frozenset({scope}))))
        assert not authorize(person(Role.ADMINISTRATOR), action, Resource(session(consented=ALL - {scope})))


# Who of me and my team is the rater, is assigned, and has not finished: one, the other, both or none.
NOBODY, ME, TEAM, BOTH = (frozenset(x) for x in ((), ("me",), ("team",), ("me", "team")))


@pytest.mark.parametrize(("role", "state", "consent"), list(itertools.product(Role, CodingState, (True, False))))
@pytest.mark.parametrize("teams", [NOBODY, TEAM])
def test_the_whole_table_of_codings(role: Role, state: CodingState, consent: bool, teams: frozenset[str]) -> None:
    """An independent statement of the rule, compared over every combination."""
    me = person(role, teams=teams)
    draft, submitted = state is CodingState.DRAFT, state is CodingState.SUBMITTED
    oversees = role in (Role.SUPERVISOR, Role.RESEARCHER)
    for rater, assigned, pending in itertools.product(
        ("me", "team", "other"), (NOBODY, ME, TEAM, BOTH), (NOBODY, ME, TEAM, BOTH)
    ):
        author = rater == "me" or (rater == "team" and bool(teams))
        mine = "me" in assigned or ("team" in assigned and bool(teams))
        blind = "me" in pending or ("team" in pending and bool(teams))
        coding = CodingFacts("c", rater, state, pending)
        facts = SessionFacts("s", ALL if consent else ALL - {Scope.CODE}, assigned)
        expected = {
            Action.WRITE_CODING: consent and author and rater in assigned and draft,
            Action.SUBMIT_CODING: consent and author and rater in assigned and draft,
            Action.READ_CODING: consent and (author or (not draft and not blind and (oversees or mine))),
            Action.TAKE_BACK_CODING: author and submitted,
            Action.REOPEN_CODING: role is Role.SUPERVISOR and not author and not draft,
            Action.ALIGN_CODING: consent
            and (draft or submitted if author else role is Role.SUPERVISOR and not draft and not blind),
        }
        assert expected.keys() == ON_CODING
        for action, allowed in expected.items():
            verdict = authorize(me, action, Resource(facts, coding))
            assert bool(verdict) is allowed, (action, rater, assigned, pending, verdict)
            assert verdict.allowed or verdict.reason.endswith(".")


@pytest.mark.parametrize("role", list(Role))
def test_scores_are_closed_to_who_has_still_to_code_the_session(role: Role) -> None:
    own = frozenset({"me"}) if role is Role.PROVIDER else NOBODY
    for unfinished, teams in itertools.product((NOBODY, ME, TEAM, BOTH), (NOBODY, TEAM)):
        facts = SessionFacts("s", ALL, unfinished, own, unfinished=unfinished)
        expected = role in (Role.SUPERVISOR, Role.RESEARCHER, Role.PROVIDER) and not unfinished & (teams | ME)
        verdict = authorize(person(role, teams=teams), Action.SEE_ALLIANCE, Resource(facts))
        assert bool(verdict) is expected, (unfinished, teams, verdict)


def test_a_member_opens_what_is_assigned_to_their_team() -> None:
    facts = SessionFacts("s", ALL, TEAM)
    for action in (Action.SEE_SESSION, Action.OPEN_RECORDING):
        assert authorize(person(Role.OBSERVER, teams=TEAM), action, Resource(facts))
        assert not authorize(person(Role.OBSERVER), action, Resource(facts))


def test_a_supervisor_who_codes_the_session_too_is_blinded_like_any_rater() -> None:
    coding = CodingFacts("c", "other", CodingState.SUBMITTED, frozenset({"me"}))
    assert not authorize(person(Role.SUPERVISOR), Action.READ_CODING, Resource(session(assigned=True), coding))
