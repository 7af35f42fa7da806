"""Who may do what: one pure rule, `authorize`, and the facts it needs.

Every screen, route, form and workflow asks this rule and no other. The query layer applies the
same blinding as a row filter (`workbench.store.codings.visible_to`).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from workbench.model.coding import CodingState
from workbench.model.consent import Scope
from workbench.model.people import Person, Role


class Action(StrEnum):
    SEE_SESSION = "session.see"
    ADD_SESSION = "session.add"
    RECORD_CONSENT = "consent.record"
    WITHDRAW_CONSENT = "consent.withdraw"
    ADD_RECORDING = "recording.add"
    OPEN_RECORDING = "recording.open"
    READ_TRANSCRIPT = "transcript.read"
    MAP_SPEAKERS = "transcript.map_speakers"
    START_JOB = "job.start"
    CANCEL_JOB = "job.cancel"
    SEE_JOBS = "job.see"
    ASSIGN = "assignment.add"
    WRITE_CODING = "coding.write"
    READ_CODING = "coding.read"
    SUBMIT_CODING = "coding.submit"
    TAKE_BACK_CODING = "coding.take_back"
    REOPEN_CODING = "coding.reopen"
    ALIGN_CODING = "coding.align"
    SEE_AGREEMENT = "agreement.see"
    SEE_ALLIANCE = "alliance.see"
    ISSUE_FORM = "form.issue"
    EXPORT = "export.make"
    ADD_SCHEME = "scheme.add"
    MAKE_RULING = "ruling.make"
    READ_RULINGS = "ruling.read"
    TAKE_OUT_WORDS = "ruling.take_out"
    TAKE_CLIP = "ruling.take_clip"
    PLAY_CLIP = "ruling.play"
    MAKE_TEAM = "team.make"
    MANAGE_PEOPLE = "people.manage"
    READ_AUDIT = "audit.read"


@dataclass(frozen=True, slots=True)
class SessionFacts:
    """What the rule needs to know of a session.

    `consented` are the scopes to which every participant consents now; `assigned` the raters
    (persons and teams) with an assignment on it; `provider_person_ids` the accounts of its providers.
    `unfinished` are the raters who have not submitted every coding of it; `by_ear` those with a coding on a
    scheme that hides the transcript, which they still work on or could take back.
    """

    session_id: str
    consented: frozenset[Scope] = frozenset()
    assigned: frozenset[str] = frozenset()
    provider_person_ids: frozenset[str] = frozenset()
    by_ear: frozenset[str] = frozenset()
    unfinished: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class CodingFacts:
    """What the rule needs to know of a coding. `pending_peers` are the raters whose own coding of
    the same session on the same scheme is not submitted yet: they must not see this one. A criterion is
    kept from all who have work on the session that is not submitted, in every study.

    A submitted coding is locked once somebody else was shown it, or its rater was shown others'."""

    coding_id: str
    rater_id: str
    state: CodingState
    pending_peers: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Resource:
    session: SessionFacts | None = None
    coding: CodingFacts | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer, with one sentence for the person when it is no."""

    allowed: bool
    reason: str = ""

    def __bool__(self) -> bool:
        return self.allowed


NOTHING = Resource()
_YES = Verdict(True)

# Actions that depend on the role alone.
_BY_ROLE: dict[Action, frozenset[Role]] = {
    Action.ADD_SESSION: frozenset({Role.SUPERVISOR, Role.RESEARCHER, Role.ADMINISTRATOR}),
    Action.RECORD_CONSENT: frozenset({Role.SUPERVISOR, Role.RESEARCHER, Role.ADMINISTRATOR}),
    Action.WITHDRAW_CONSENT: frozenset({Role.SUPERVISOR, Role.RESEARCHER, Role.ADMINISTRATOR}),
    Action.SEE_JOBS: frozenset({Role.SUPERVISOR, Role.RESEARCHER, Role.ADMINISTRATOR}),
    Action.CANCEL_JOB: frozenset({Role.SUPERVISOR, Role.RESEARCHER, Role.ADMINISTRATOR}),
    Action.ASSIGN: frozenset({Role.SUPERVISOR, Role.RESEARCHER}),
    Action.SEE_AGREEMENT: frozenset({Role.SUPERVISOR, Role.RESEARCHER}),
    Action.ISSUE_FORM: frozenset({Role.SUPERVISOR, Role.RESEARCHER, Role.ADMINISTRATOR}),
    Action.EXPORT: frozenset({Role.RESEARCHER, Role.SUPERVISOR}),
    Action.ADD_SCHEME: frozenset({Role.SUPERVISOR, Role.RESEARCHER}),
    Action.MAKE_RULING: frozenset({Role.SUPERVISOR, Role.RESEARCHER}),
    Action.READ_RULINGS: frozenset({Role.OBSERVER, Role.SUPERVISOR, Role.RESEARCHER, Role.ADMINISTRATOR}),
    Action.TAKE_OUT_WORDS: frozenset({Role.SUPERVISOR, Role.ADMINISTRATOR}),
    Action.MAKE_TEAM: frozenset({Role.SUPERVISOR, Role.RESEARCHER, Role.ADMINISTRATOR}),
    Action.MANAGE_PEOPLE: frozenset({Role.ADMINISTRATOR}),
    Action.READ_AUDIT: frozenset({Role.ADMINISTRATOR}),
}
_ON_CODING = frozenset(
    {
        Action.WRITE_CODING,
        Action.READ_CODING,
        Action.SUBMIT_CODING,
        Action.TAKE_BACK_CODING,
        Action.REOPEN_CODING,
        Action.ALIGN_CODING,
    }
)


def authorize(actor: Person, action: Action, resource: Resource = NOTHING) -> Verdict:
    """Whether `actor` may do `action` on `resource`.

    Actions on a session or a coding are refused when the resource carries no facts about it.
    """
    if action in _BY_ROLE:
        if actor.roles & _BY_ROLE[action]:
            return _YES
        wanted = " or ".join(sorted(_BY_ROLE[action]))
        return Verdict(False, f"This needs the role {wanted}.")
    if action in _ON_CODING:
        return _on_coding(actor, action, resource)
    return _on_session(actor, action, resource)


def _on_session(actor: Person, action: Action, resource: Resource) -> Verdict:
    session = resource.session
    if session is None:
        return Verdict(False, "No such session.")
    mine = bool(actor.raters & session.assigned)
    own = actor.has(Role.PROVIDER) and actor.id in session.provider_person_ids
    oversees = actor.has(Role.SUPERVISOR, Role.RESEARCHER)
    if action is Action.SEE_SESSION:
        if oversees or mine or own or actor.has(Role.ADMINISTRATOR):
            return _YES
        return Verdict(False, "This session is not assigned to you.")
    if action is Action.SEE_ALLIANCE:
        if actor.raters & session.unfinished:
            return Verdict(False, "You see the scores of this session once your own coding of it is submitted.")
        if oversees or own:
            return _YES
        return Verdict(False, "Scores are shown to supervisors, researchers and the session's provider.")
    if action in (Action.ADD_RECORDING, Action.START_JOB):
        if not actor.has(Role.SUPERVISOR, Role.RESEARCHER, Role.ADMINISTRATOR):
            return Verdict(False, "This needs the role administrator or researcher or supervisor.")
        wanted = Scope.RECORD if action is Action.ADD_RECORDING else Scope.PROCESS
        return _YES if wanted in session.consented else Verdict(False, _no_consent(wanted))
    if action is Action.MAP_SPEAKERS:
        if not (oversees or mine):
            return Verdict(False, "This session is not assigned to you.")
        return _YES if Scope.PROCESS in session.consented else Verdict(False, _no_consent(Scope.PROCESS))
    if action is Action.OPEN_RECORDING:
        return _open_recording(actor, session, mine, own)
    if action in (Action.TAKE_CLIP, Action.PLAY_CLIP):
        return _clip(actor, action, session, mine, own)
    if action is Action.READ_TRANSCRIPT:
        if actor.raters & session.by_ear:
            return Verdict(
                False,
                "You code this session by ear; its transcript opens once your coding cannot be taken back any more.",
            )
        return _open_recording(actor, session, mine, own)
    return Verdict(False, "This is not allowed.")


def _clip(actor: Person, action: Action, session: SessionFacts, mine: bool, own: bool) -> Verdict:
    """The clip of a ruling, and where it is from: for who may hear the recording, where it may be used for training,
    and who does not code its session any more, since a ruling on a moment says how others see it. Who makes a ruling
    may take a clip of what they code."""
    if action is Action.TAKE_CLIP and not (made := authorize(actor, Action.MAKE_RULING)):
        return made
    if action is Action.PLAY_CLIP and actor.raters & session.unfinished:
        return Verdict(False, "You hear this clip once your own coding of its session is submitted.")
    if Scope.SUPERVISE not in session.consented:
        return Verdict(False, _no_consent(Scope.SUPERVISE))
    return _open_recording(actor, session, mine, own)


def _open_recording(actor: Person, session: SessionFacts, mine: bool, own: bool) -> Verdict:
    """An assigned rater needs consent to coding; supervisors and the provider to supervision;
    researchers to coding. An administrator runs the system and hears nothing."""
    if mine and Scope.CODE in session.consented:
        return _YES
    if (actor.has(Role.SUPERVISOR) or own) and Scope.SUPERVISE in session.consented:
        return _YES
    if actor.has(Role.RESEARCHER) and Scope.CODE in session.consented:
        return _YES
    if mine or actor.has(Role.RESEARCHER):
        return Verdict(False, _no_consent(Scope.CODE))
    if own or actor.has(Role.SUPERVISOR):
        return Verdict(False, _no_consent(Scope.SUPERVISE))
    return Verdict(False, "This recording is not assigned to you.")


def _on_coding(actor: Person, action: Action, resource: Resource) -> Verdict:
    coding, session = resource.coding, resource.session
    if coding is None or session is None:
        return Verdict(False, "No such coding.")
    author = coding.rater_id in actor.raters
    if action in (Action.WRITE_CODING, Action.SUBMIT_CODING):
        if not author:
            return Verdict(False, "Only its rater writes a coding.")
        if coding.rater_id not in session.assigned:
            return Verdict(False, "This session is no longer assigned to you.")
        if coding.state is not CodingState.DRAFT:
            return Verdict(False, "This coding is submitted. A supervisor can reopen it.")
        return _YES if Scope.CODE in session.consented else Verdict(False, _no_consent(Scope.CODE))
    if action is Action.ALIGN_CODING:
        return _align(actor, coding, session, author)
    if action in (Action.TAKE_BACK_CODING, Action.REOPEN_CODING):
        if coding.state is CodingState.DRAFT:
            return Verdict(False, "This coding is still a draft.")
        return _take_back(coding, author) if action is Action.TAKE_BACK_CODING else _reopen(actor, author)
    if Scope.CODE not in session.consented:
        return Verdict(False, _no_consent(Scope.CODE))
    if author:
        return _YES
    if actor.raters & coding.pending_peers:
        return Verdict(False, "You see other codings of this session once your own is submitted.")
    if coding.state is CodingState.DRAFT:
        return Verdict(False, "This coding is still a draft.")
    if actor.has(Role.SUPERVISOR, Role.RESEARCHER) or actor.raters & session.assigned:
        return _YES
    return Verdict(False, "This coding is not shown to you.")


def _align(actor: Person, coding: CodingFacts, session: SessionFacts, author: bool) -> Verdict:
    """Its rater, as long as the coding could be a draft again; else a supervisor who may read it."""
    if Scope.CODE not in session.consented:
        return Verdict(False, _no_consent(Scope.CODE))
    if author:
        if coding.state is not CodingState.LOCKED:
            return _YES
        return Verdict(False, "A supervisor can align this coding.")
    if not actor.has(Role.SUPERVISOR):
        return Verdict(False, "Its rater or a supervisor aligns a coding.")
    if actor.raters & coding.pending_peers:
        return Verdict(False, "You see other codings of this session once your own is submitted.")
    if coding.state is CodingState.DRAFT:
        return Verdict(False, "This coding is still a draft: its rater can align it.")
    return _YES


def _take_back(coding: CodingFacts, author: bool) -> Verdict:
    if not author:
        return Verdict(False, "Only its rater takes a coding back.")
    if coding.state is CodingState.LOCKED:
        return Verdict(False, "This coding has been seen, or you have seen others'. A supervisor can reopen it.")
    return _YES


def _reopen(actor: Person, author: bool) -> Verdict:
    if not actor.has(Role.SUPERVISOR):
        return Verdict(False, "A supervisor can reopen this coding.")
    return Verdict(False, "Another supervisor can reopen your coding.") if author else _YES


def _no_consent(scope: Scope) -> str:
    return {
        Scope.RECORD: "Consent to recording is missing for this session, or was withdrawn.",
        Scope.PROCESS: "Consent to automatic processing is missing for this session, or was withdrawn.",
        Scope.CODE: "Consent to coding is missing for this session, or was withdrawn.",
        Scope.SUPERVISE: "Consent to supervision and training is missing for this session, or was withdrawn.",
        Scope.EXCERPTS: "Consent to showing excerpts is missing for this session, or was withdrawn.",
        Scope.RESEARCH: "Consent to sharing for research is missing for this session, or was withdrawn.",
    }[scope]
