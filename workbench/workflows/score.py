"""What patient, provider and observers say about the alliance: session by session, over sessions."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from workbench import alliance
from workbench.agreement.matching import together
from workbench.alliance import Composite, Discrepancy
from workbench.alliance import PerspectiveScore as PerspectiveScore  # what screens show
from workbench.alliance.discrepancy import in_words
from workbench.model.access import Action, Resource, SessionFacts, authorize
from workbench.model.assignment import Coding, Purpose
from workbench.model.coding import Event
from workbench.model.consent import Scope
from workbench.model.form import Administration
from workbench.model.instrument import Instrument, Perspective
from workbench.model.observed import observed_ms
from workbench.model.people import Participant, ParticipantKind, Person, Role
from workbench.model.scheme import CodingScheme
from workbench.model.session import Session
from workbench.store import codings, definitions, forms, recordings, sessions
from workbench.store.seen import Way
from workbench.store.workspace import Connection, Workspace
from workbench.workflows.align import on_the_recording
from workbench.workflows.keep_definition import instrument, scheme
from workbench.workflows.note_opening import note_opening
from workbench.workflows.note_seen import note_seen

# Which of a session's codings make the observers' score: those done for the study, not for practice.
OF_RECORD = Purpose.STUDY
GAP = "T−P"

# Combined scores of few sessions: what a reader of a trajectory must know (Crits-Christoph et al. 2011).
CAUTION = (
    "Descriptive. One session gives a patient-level generalizability of .77; two are needed for .80, four for .90. "
    "For a provider's average about 60 patients are needed (Crits-Christoph and others 2011)."
)


@dataclass(frozen=True, slots=True)
class Moment:
    """Something observed that is worth looking at: how many of the raters coded it near this time."""

    code: str
    label: str
    valence: int
    at_ms: int
    n_raters: int
    colour: str


@dataclass(frozen=True, slots=True)
class SessionScores:
    """Everything said about the alliance of one session. `observed_ms`: how much of it was observed, by
    the rater who observed most. `n_timed`: codings whose moments can be laid beside each other: without live
    ones that are not aligned. `has_recording`: a moment can be played.
    `scheme`: what the observers coded with."""

    session: Session
    scores: tuple[PerspectiveScore, ...]
    composite: Composite
    discrepancies: tuple[Discrepancy, ...]
    moments: tuple[Moment, ...]
    observed_ms: int
    n_codings: int
    n_timed: int
    has_recording: bool
    scheme: CodingScheme | None = None

    def of(self, perspective: Perspective) -> PerspectiveScore:
        return next(s for s in self.scores if s.perspective is perspective)

    def seen(self, valence: int) -> int:
        """Moments of that valence (−1 ruptures, 1 repairs) that at least two raters coded, or the only one."""
        return sum(m.valence == valence and m.n_raters >= min(2, self.n_timed) for m in self.moments)


@dataclass(frozen=True, slots=True)
class Dyad:
    """A patient and a provider, and how many sessions they had."""

    patient: Participant
    provider: Participant
    n_sessions: int
    fictional: bool


@dataclass(frozen=True, slots=True)
class Course:
    """Sessions of one pair in a few numbers. `first` and `last` are the composites of all three
    perspectives at the ends, with the numbers of their sessions; `mean_gap` is provider minus patient
    over the `n_gaps` sessions in which both filled in parallel forms, `gap_words` says its sign."""

    n_sessions: int
    n_complete: int
    first: tuple[int, float] | None
    last: tuple[int, float] | None
    n_gaps: int
    mean_gap: float | None
    gap_words: str
    ruptures: int
    repairs: int


def course(scored: Iterable[SessionScores]) -> Course:
    """What the sessions of one pair, in their order, come to."""
    every = list(scored)
    complete = [
        (s.session.number, s.composite.value) for s in every if s.composite.complete and s.composite.value is not None
    ]
    gaps = [d.value for s in every for d in s.discrepancies if d.label == GAP and d.value is not None]
    mean = math.fsum(gaps) / len(gaps) if gaps else None
    return Course(
        n_sessions=len(every),
        n_complete=len(complete),
        first=complete[0] if complete else None,
        last=complete[-1] if complete else None,
        n_gaps=len(gaps),
        mean_gap=mean,
        gap_words="" if mean is None else in_words(mean, Perspective.PROVIDER, Perspective.PATIENT),
        ruptures=sum(s.seen(-1) for s in every),
        repairs=sum(s.seen(1) for s in every),
    )


def study_scores(workspace: Workspace, actor: Person, study_id: str) -> list[SessionScores]:
    """The scores of a study's sessions that `actor` may see, by date."""
    return _scored(workspace, actor, _allowed(workspace, actor, study_id=study_id))


def trajectory(workspace: Workspace, actor: Person, patient_id: str, provider_id: str) -> list[SessionScores]:
    """The scores of a patient's sessions with one provider, by date: those `actor` may see."""
    ids = _allowed(workspace, actor, participant_id=patient_id)
    if ids:
        note_opening(workspace, actor, "alliance.see", "participant", patient_id)
    scored = _scored(workspace, actor, ids)
    return [s for s in scored if provider_id in {p.participant_id for p in s.session.participants}]


def dyads(workspace: Workspace, actor: Person, *, study_id: str | None = None) -> list[Dyad]:
    """Patients with their providers, by code: those of whom `actor` may see a session."""
    allowed = set(_allowed(workspace, actor, study_id=study_id))
    counted: dict[tuple[str, str], list[Session]] = {}
    with workspace.reading() as connection:
        known = {p.id: p for p in sessions.participants(connection)}
        for session in sessions.sessions(connection, ids=allowed):
            for patient in session.of_kind(ParticipantKind.PATIENT):
                for provider in session.of_kind(ParticipantKind.PROVIDER):
                    counted.setdefault((patient.participant_id, provider.participant_id), []).append(session)
    found = [Dyad(known[a], known[b], len(s), all(x.fictional for x in s)) for (a, b), s in counted.items()]
    return sorted(found, key=lambda d: (d.provider.code, d.patient.code))


def _allowed(
    workspace: Workspace, actor: Person, *, study_id: str | None = None, participant_id: str | None = None
) -> list[str]:
    with workspace.reading() as connection:
        ids = [s.id for s in sessions.sessions(connection, study_id=study_id, participant_id=participant_id)]
        facts = sessions.facts_of(connection, ids)
    return [i for i in ids if authorize(actor, Action.SEE_ALLIANCE, Resource(session=facts.get(i)))]


def _scored(workspace: Workspace, actor: Person, session_ids: Iterable[str]) -> list[SessionScores]:
    ids = list(session_ids)
    with workspace.reading() as connection:
        found = sessions.sessions(connection, ids=ids)
        of_record = [c for c in _finished(connection, actor, ids) if c.purpose is OF_RECORD]
        timed = {c.id for c in on_the_recording(connection, of_record)}
    note_seen(workspace, actor, of_record, Way.COUNTED)
    with workspace.reading() as connection:
        said = codings.contents(connection, [c.id for c in of_record])
        filled = [a for a in forms.administrations(connection, session_ids=ids) if a.completed_at is not None]
        recorded = {r.session_id for r in recordings.of_sessions(connection, ids)}
        kept = {d.hash for d in definitions.every(connection, "scheme")}
    kept_schemes = {h: scheme(workspace, h) for h in kept & {c.scheme_hash for c in of_record}}
    instruments = {h: instrument(workspace, h) for h in {a.instrument_hash for a in filled}}
    out = []
    for session in found:
        here = [c for c in of_record if c.session_id == session.id]
        main = _main_scheme(kept_schemes, [c.scheme_hash for c in here])
        here = [c for c in here if c.scheme_hash == main]
        by_rater = {c.rater_id: said[c.id] for c in here}
        scores = (
            _of_form(instruments, Perspective.PATIENT, session, filled),
            _of_form(instruments, Perspective.PROVIDER, session, filled),
            alliance.of_observers(kept_schemes[main], {r: c.ratings for r, c in by_rater.items()})
            if main
            else alliance.missing(
                Perspective.OBSERVER,
                "No rater has submitted a coding of this session for the study, or none that you may see yet.",
            ),
        )
        # live codings that are not aligned rate the session, but their times are those of their own clocks
        codes = {c.rater_id: said[c.id].codes for c in here if c.id in timed}
        moments = _moments(kept_schemes[main], codes) if main is not None else ()
        out.append(
            SessionScores(
                session=session,
                scores=scores,
                composite=alliance.session_composite(scores),
                discrepancies=alliance.discrepancies(scores),
                moments=moments,
                observed_ms=max((observed_ms(said[c.id], c.windows) for c in here), default=0),
                n_codings=len(here),
                n_timed=len(codes),
                has_recording=session.id in recorded,
                scheme=kept_schemes[main] if main is not None else None,
            )
        )
    return out


def _main_scheme(kept: Mapping[str, CodingScheme], hashes: Sequence[str]) -> str | None:
    """What a session coded on several schemes is scored on: one that has a rating to score before one
    that has none, then the one that most raters used."""

    def order(scheme_hash: str) -> tuple[bool, int]:
        return any(scale.scored for scale in kept[scheme_hash].ratings), hashes.count(scheme_hash)

    return max(sorted(set(hashes)), key=order, default=None)


def _finished(connection: Connection, actor: Person, session_ids: list[str]) -> list[Coding]:
    """Finished codings whose average `actor` may see. A provider reads no coding, but the observers'
    average of their own sessions is part of what they see; they never rate those themselves."""
    if actor.has(Role.SUPERVISOR, Role.RESEARCHER):
        return codings.codings(connection, actor, session_ids=session_ids, finished_only=True)
    facts = sessions.facts_of(connection, session_ids)
    own = [i for i, f in facts.items() if _provides_only(actor, f)]
    return codings.codings(connection, None, session_ids=own, finished_only=True)


def _provides_only(actor: Person, facts: SessionFacts) -> bool:
    """Whether `actor` is a provider of the session who does not rate it, and it may be coded still."""
    return actor.id in facts.provider_person_ids and not actor.raters & facts.assigned and Scope.CODE in facts.consented


def _of_form(
    instruments: Mapping[str, Instrument], perspective: Perspective, session: Session, filled: list[Administration]
) -> PerspectiveScore:
    given = [a for a in filled if a.session_id == session.id and a.perspective is perspective]
    if not given:
        return alliance.missing(perspective, f"The {perspective} has not filled in a form for this session.")
    last = max(given, key=lambda a: (a.completed_at or 0, a.id))
    return alliance.of_form(instruments[last.instrument_hash], last.responses)


def _moments(of: CodingScheme, events: dict[str, tuple[Event, ...]]) -> tuple[Moment, ...]:
    """Ruptures and repairs (or, in a scheme without them, all that counts for or against the alliance),
    the same moment of several raters as one."""
    telling = [c for c in of.codes if c.dimension in ("rupture", "repair")] or [c for c in of.codes if c.valence]
    out: list[Moment] = []
    for code in telling:
        onsets = [(n, e.start_ms) for n, r in enumerate(sorted(events)) for e in events[r] if e.code == code.id]
        for at, n in sorted(Counter(together(onsets, of.tolerance_ms)).items()):
            out.append(Moment(code.id, code.label, code.valence, at, n, code.colour))
    return tuple(sorted(out, key=lambda m: (m.at_ms, m.code)))
