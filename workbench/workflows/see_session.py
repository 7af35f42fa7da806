"""What a person may see of a session, gathered once; and what waits for somebody to do it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol, TypeVar

from workbench.model.access import Action, Resource, SessionFacts, authorize
from workbench.model.assignment import Assignment, Coding
from workbench.model.consent import Consent, Scope
from workbench.model.job import Job
from workbench.model.people import Person
from workbench.model.session import Recording, Session, TranscriptVersion
from workbench.store import assignments, codings, people, recordings, seen, sessions
from workbench.store.workspace import Connection, Workspace
from workbench.workflows.align import on_its_own_clock
from workbench.workflows.refusal import Refused, demand, session_resource


@dataclass(frozen=True, slots=True)
class SessionSeen:
    """A session as one person may see it. `may` holds the actions open to them on it.

    Consents, jobs and assignments are empty for those who do not manage them: who else codes a
    session, and how far they are, is not shown to its raters. Transcripts are empty for a rater who
    still codes the session by ear.
    """

    session: Session
    consented: frozenset[Scope]
    may: frozenset[Action]
    recordings: tuple[Recording, ...] = ()
    transcripts: tuple[TranscriptVersion, ...] = ()
    consents: tuple[Consent, ...] = ()
    jobs: tuple[Job, ...] = ()
    assignments: tuple[Assignment, ...] = ()

    def transcript_of(self, recording_id: str) -> TranscriptVersion | None:
        """The newest transcript of a recording."""
        return next((t for t in reversed(self.transcripts) if t.recording_id == recording_id), None)

    @property
    def speakers_unnamed(self) -> bool:
        """Whether the newest transcript has speakers that nobody has named."""
        return bool(self.transcripts) and not self.transcripts[-1].speakers


@dataclass(frozen=True, slots=True)
class ToReview:
    """A coding that was handed in."""

    coding: Coding
    session: Session
    rater: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for somebody: sessions by what they lack, and codings that were handed in and that
    they have not opened since."""

    no_consent: tuple[Session, ...]
    no_recording: tuple[Session, ...]
    no_transcript: tuple[Session, ...]
    speakers_unnamed: tuple[Session, ...]
    to_review: tuple[ToReview, ...]
    running: tuple[tuple[Job, Session], ...]
    to_align: tuple[ToReview, ...] = ()


def see_session(workspace: Workspace, actor: Person, session_id: str) -> SessionSeen:
    """A session with what belongs to it. Raises Refused."""
    demand(workspace, actor, Action.SEE_SESSION, session_resource(workspace, session_id))
    with workspace.reading() as connection:
        return _seen(connection, actor, [sessions.get_session(connection, session_id)])[0]


def session_of(workspace: Workspace, actor: Person, recording_id: str) -> SessionSeen:
    """The session that a recording is of, with what belongs to it. Raises Refused."""
    with workspace.reading() as connection:
        recording = recordings.get(connection, recording_id)
    if recording is None:
        raise Refused("There is no such recording.", kind="missing")
    return see_session(workspace, actor, recording.session_id)


def see_sessions(workspace: Workspace, actor: Person) -> list[SessionSeen]:
    """Every session that `actor` may see, by date."""
    with workspace.reading() as connection:
        return _seen(connection, actor, sessions.sessions(connection))


def waiting(workspace: Workspace, actor: Person) -> Waiting:
    """What waits in the sessions that `actor` oversees. Sessions that are made up to show figures, and
    have no recording, wait for nothing. Raises Refused."""
    demand(workspace, actor, Action.ADD_SESSION)
    everything = see_sessions(workspace, actor)
    real = [s for s in everything if s.recordings or not s.session.fictional]
    by_id = {s.session.id: s.session for s in everything}
    with workspace.reading() as connection:
        handed_in = codings.codings(connection, actor, finished_only=True)
        opened = seen.seen_by(connection, actor.id, seen.Way.OPENED)
        names = {p.id: p.display_name for p in people.everyone(connection)}
        open_jobs = recordings.jobs(connection, open_only=True)
        on_clock = {c.id for c in handed_in if on_its_own_clock(connection, c)}
    busy = {j.session_id for j in open_jobs}
    review = [
        ToReview(c, by_id[c.session_id], names.get(c.rater_id, "a former colleague"))
        for c in sorted(handed_in, key=lambda c: c.submitted_at or 0, reverse=True)
        if c.rater_id not in actor.raters and c.session_id in by_id and opened.get(c.id, -1) < (c.submitted_at or 0)
    ]
    with_media = {s.session.id for s in everything if s.recordings}
    return Waiting(
        no_consent=tuple(s.session for s in real if Scope.RECORD not in s.consented),
        no_recording=tuple(s.session for s in real if Scope.RECORD in s.consented and not s.recordings),
        no_transcript=tuple(s.session for s in real if s.recordings and not s.transcripts and s.session.id not in busy),
        speakers_unnamed=tuple(s.session for s in real if s.speakers_unnamed),
        to_review=tuple(r for r in review if r.session.id in with_media and r.coding.id not in on_clock),
        to_align=tuple(r for r in review if r.session.id in with_media and r.coding.id in on_clock),
        running=tuple((j, by_id[j.session_id]) for j in open_jobs if j.session_id in by_id),
    )


def codings_to_see(workspace: Workspace, actor: Person, session_id: str) -> list[Coding]:
    """Finished codings of a session that `actor` may read, oldest first. Raises Refused."""
    demand(workspace, actor, Action.SEE_SESSION, session_resource(workspace, session_id))
    with workspace.reading() as connection:
        return codings.codings(connection, actor, session_ids=[session_id], finished_only=True)


def people_by_id(workspace: Workspace) -> dict[str, Person]:
    """People with an open account, by id, to show a name beside what they did."""
    with workspace.reading() as connection:
        return {p.id: p for p in people.everyone(connection)}


def _seen(connection: Connection, actor: Person, every: list[Session]) -> list[SessionSeen]:
    """Those of the sessions that `actor` may see, in the same number of queries however many they are."""
    facts = sessions.facts_of(connection, [s.id for s in every])
    may = {i: _allowed(actor, f) for i, f in facts.items()}
    seen = [s for s in every if Action.SEE_SESSION in may[s.id]]
    ids = [s.id for s in seen]

    def those(action: Action) -> list[str]:
        return [i for i in ids if action in may[i]]

    media = _by_session(recordings.of_sessions(connection, ids))
    versions = _by_session(recordings.transcripts_of(connection, ids))
    given = sessions.consents_of(connection, those(Action.RECORD_CONSENT))
    work = _by_session(recordings.jobs(connection, session_ids=those(Action.SEE_JOBS)))
    given_out = _by_session(assignments.every(connection, session_ids=those(Action.ASSIGN)))
    return [
        SessionSeen(
            session=s,
            consented=facts[s.id].consented,
            may=may[s.id],
            recordings=media.get(s.id, ()),
            transcripts=() if facts[s.id].by_ear & actor.raters else versions.get(s.id, ()),
            consents=tuple(given.get(s.id, ())),
            jobs=work.get(s.id, ()),
            assignments=given_out.get(s.id, ()),
        )
        for s in seen
    ]


class _OfSession(Protocol):
    @property
    def session_id(self) -> str: ...


T = TypeVar("T", bound=_OfSession)


def _by_session(found: Iterable[T]) -> dict[str, tuple[T, ...]]:
    grouped: dict[str, list[T]] = {}
    for each in found:
        grouped.setdefault(each.session_id, []).append(each)
    return {i: tuple(some) for i, some in grouped.items()}


_ON_A_SESSION = (
    Action.SEE_SESSION,
    Action.RECORD_CONSENT,
    Action.WITHDRAW_CONSENT,
    Action.ADD_RECORDING,
    Action.OPEN_RECORDING,
    Action.READ_TRANSCRIPT,
    Action.START_JOB,
    Action.SEE_JOBS,
    Action.CANCEL_JOB,
    Action.MAP_SPEAKERS,
    Action.ASSIGN,
    Action.ISSUE_FORM,
    Action.SEE_ALLIANCE,
    Action.SEE_AGREEMENT,
)


def _allowed(actor: Person, facts: SessionFacts) -> frozenset[Action]:
    resource = Resource(session=facts)
    return frozenset(a for a in _ON_A_SESSION if authorize(actor, a, resource))
