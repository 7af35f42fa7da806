"""How far raters agree: from the codings of a study to coefficients, tables and moments to look at."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

from workbench import agreement
from workbench.agreement import Comparison, RaterCoding, Study
from workbench.agreement import Result as Result  # what screens show
from workbench.model.access import Action
from workbench.model.assignment import Coding, Purpose
from workbench.model.coding import CodingContent, Event, event_order
from workbench.model.observed import dark_spans
from workbench.model.people import Person
from workbench.model.scheme import CodingScheme
from workbench.model.segments import ratings_asked
from workbench.model.session import Session, TranscriptVersion
from workbench.model.session import Study as StudyRecord
from workbench.model.session_people import speaker_kinds
from workbench.model.span import TimeSpan
from workbench.model.transcript import Transcript
from workbench.model.units import unit_of_each, units, units_to_code
from workbench.store import codings, people, recordings, sessions
from workbench.store.seen import Way
from workbench.store.workspace import Workspace
from workbench.workflows.align import on_the_recording
from workbench.workflows.keep_definition import scheme as kept_scheme
from workbench.workflows.note_seen import note_seen
from workbench.workflows.open_recording import read_transcript
from workbench.workflows.refusal import Refused, demand


@dataclass(frozen=True, slots=True)
class Choice:
    """What to compare. None stands for all there is; times are instants in UTC milliseconds."""

    study_id: str | None = None
    scheme_hash: str | None = None
    session_ids: tuple[str, ...] | None = None
    rater_ids: tuple[str, ...] | None = None
    since: int | None = None
    until: int | None = None


@dataclass(frozen=True, slots=True)
class Material:
    """The codings that were chosen, ready to be compared. Sessions and raters go by their codes and
    login names in `study`; `titles` and `session_ids` lead back."""

    study: Study
    scheme: CodingScheme
    sessions: tuple[Session, ...]
    raters: tuple[Person, ...]
    coding_ids: dict[tuple[str, str], str]
    submitted_at: dict[tuple[str, str], int]

    def session_id(self, code: str) -> str:
        return next(s.id for s in self.sessions if s.code == code)

    def rater(self, login_name: str) -> Person:
        return next(r for r in self.raters if r.login_name == login_name)

    def rater_name(self, login_name: str) -> str:
        """A rater's name as it is shown; where every session is fictional, the name need not say so."""
        name = self.rater(login_name).display_name
        return name.removesuffix(" (fictional)") if all(s.fictional for s in self.sessions) else name

    @property
    def code_labels(self) -> dict[str, str]:
        return {c.id: c.label for c in self.scheme.codes}


@dataclass(frozen=True, slots=True)
class Comparable:
    """A study and a scheme on which at least two raters finished the same session: what there is to choose."""

    study: StudyRecord
    scheme: CodingScheme
    raters: tuple[Person, ...]
    n_sessions: int
    first_at: int
    last_at: int


def comparable(workspace: Workspace, actor: Person) -> list[Comparable]:
    """What `actor` can compare, that with the most sessions first. Raises Refused."""
    demand(workspace, actor, Action.SEE_AGREEMENT)
    with workspace.reading() as connection:
        found = on_the_recording(connection, _for_study(codings.codings(connection, actor, finished_only=True)))
        of_study = {s.id: s.study_id for s in sessions.sessions(connection, ids={c.session_id for c in found})}
        studies = {s.id: s for s in sessions.studies(connection)}
        names = {i: people.get(connection, i) for i in {c.rater_id for c in found}}
    groups: dict[tuple[str, str], list[Coding]] = {}
    for coding in found:
        groups.setdefault((of_study[coding.session_id], coding.scheme_hash), []).append(coding)
    out = []
    for (study_id, scheme_hash), some in groups.items():
        times = Counter(c.session_id for c in some)
        shared = [c for c in some if times[c.session_id] > 1]
        if not shared:
            continue
        raters = sorted((names[i] for i in {c.rater_id for c in shared}), key=lambda p: p.display_name)
        handed_in = [c.submitted_at or c.started_at for c in shared]
        n_sessions = len({c.session_id for c in shared})
        scheme = kept_scheme(workspace, scheme_hash)
        out.append(Comparable(studies[study_id], scheme, tuple(raters), n_sessions, min(handed_in), max(handed_in)))
    return sorted(out, key=lambda c: (-c.n_sessions, c.study.name, c.scheme.name))


def fingerprint(workspace: Workspace, actor: Person, choice: Choice) -> str:
    """Another text whenever `material` would hold something else for `actor`: to keep results under."""
    with workspace.reading() as connection:
        found = codings.codings(
            connection, actor, session_ids=choice.session_ids, study_id=choice.study_id, finished_only=True
        )
        found = on_the_recording(connection, found)
        chosen = _chosen(found, choice, choice.scheme_hash)
        # not the state, which to look at the result changes; a live coding that is aligned anew has a new operation,
        # and speakers are named in place
        last = {c.id: codings.last_sequence(connection, c.id) for c in chosen}
        spoken = {t: recordings.get_transcript(connection, t) for t in {c.transcript_id for c in chosen} if t}
    speakers = {t: sorted(v.speakers.items()) for t, v in spoken.items() if v}
    said = sorted(f"{c.id} {last[c.id]} {c.submitted_at} {speakers.get(c.transcript_id or '')}" for c in chosen)
    return hashlib.sha256("\n".join([actor.id, repr(choice), *said]).encode()).hexdigest()


def schemes_compared(workspace: Workspace, actor: Person, study_id: str | None = None) -> list[CodingScheme]:
    """Schemes on which at least two raters finished the same session, the most used one first."""
    demand(workspace, actor, Action.SEE_AGREEMENT)
    with workspace.reading() as connection:
        found = on_the_recording(connection, codings.codings(connection, actor, study_id=study_id, finished_only=True))
    raters: dict[tuple[str, str], set[str]] = {}
    for coding in _for_study(found):
        raters.setdefault((coding.scheme_hash, coding.session_id), set()).add(coding.rater_id)
    hashes = [h for (h, _), who in raters.items() if len(who) > 1]
    return [kept_scheme(workspace, h) for h in sorted(set(hashes), key=lambda h: (-hashes.count(h), h))]


def material(workspace: Workspace, actor: Person, choice: Choice) -> Material:
    """The chosen codings that `actor` may read. Raises Refused when there is nothing to compare."""
    demand(workspace, actor, Action.SEE_AGREEMENT)
    scheme_hash = choice.scheme_hash
    if scheme_hash is None:
        known = schemes_compared(workspace, actor, choice.study_id)
        if not known:
            raise Refused(
                "There is nothing to compare yet: agreement needs one session that two raters have submitted.",
                kind="missing",
            )
        scheme_hash = known[0].hash
    with workspace.reading() as connection:
        found = codings.codings(
            connection, actor, session_ids=choice.session_ids, study_id=choice.study_id, finished_only=True
        )
        found = on_the_recording(connection, found)
    chosen = _chosen(found, choice, scheme_hash)
    note_seen(workspace, actor, chosen, Way.COUNTED)
    with workspace.reading() as connection:
        said = codings.contents(connection, [c.id for c in chosen])
        of_sessions = {s.id: s for s in sessions.sessions(connection, ids={c.session_id for c in chosen})}
        raters = {i: people.get(connection, i) for i in sorted({c.rater_id for c in chosen})}
    workspace.note(actor.id, "agreement.see", "study", choice.study_id, {"codings": len(chosen)})
    scheme = kept_scheme(workspace, scheme_hash)
    spoken = {t: _transcript(workspace, actor, t) for t in {c.transcript_id for c in chosen} if t is not None}
    compared = []
    for c in chosen:
        events, utterances = _in_units(scheme, said[c.id], spoken.get(c.transcript_id or ""), of_sessions[c.session_id])
        compared.append(
            RaterCoding(
                session=of_sessions[c.session_id].code,
                rater=raters[c.rater_id].login_name,
                events=events,
                ratings=ratings_asked(scheme, said[c.id], c.windows),
                windows=c.windows,
                not_observable=dark_spans(said[c.id], c.windows),
                utterances=utterances,
            )
        )
    return Material(
        Study(tuple(compared)),
        scheme,
        tuple(of_sessions.values()),
        tuple(raters.values()),
        {(of_sessions[c.session_id].code, raters[c.rater_id].login_name): c.id for c in chosen},
        {(of_sessions[c.session_id].code, raters[c.rater_id].login_name): c.submitted_at or 0 for c in chosen},
    )


def _chosen(found: Iterable[Coding], choice: Choice, scheme_hash: str | None) -> list[Coding]:
    return [
        c
        for c in _for_study(found)
        if c.scheme_hash == scheme_hash
        and (choice.rater_ids is None or c.rater_id in choice.rater_ids)
        and (choice.since is None or (c.submitted_at or 0) >= choice.since)
        and (choice.until is None or (c.submitted_at or 0) < choice.until)
    ]


def _for_study(found: Iterable[Coding]) -> list[Coding]:
    """Codings of the study: practice is not agreement, and neither is the criterion."""
    return [c for c in found if c.purpose is Purpose.STUDY]


Spoken = tuple[TranscriptVersion, Transcript]


def _transcript(workspace: Workspace, actor: Person, transcript_id: str) -> Spoken | None:
    try:
        return read_transcript(workspace, actor, transcript_id)
    except Refused:
        return None


def _in_units(
    scheme: CodingScheme, said: CodingContent, spoken: Spoken | None, session: Session
) -> tuple[tuple[Event, ...], tuple[TimeSpan, ...]]:
    """Codes, and the utterances that they are compared over. Where utterances are coded these are the units
    as this rater split and merged them, of those who are to be coded, and a code stands where its unit does."""
    if spoken is None:
        return said.codes, ()
    version, transcript = spoken
    if scheme.unit != "utterance":
        return said.codes, tuple(TimeSpan(u.start_ms, u.end_ms) for u in transcript.utterances)
    cut = units(transcript, said.boundaries)
    asked = units_to_code(cut, kinds=speaker_kinds(session, version), units_of=scheme.units_of)
    events = tuple(
        replace(e, start_ms=unit.start_ms, end_ms=unit.end_ms) if e.unit and unit else e
        for e, unit in zip(said.codes, unit_of_each(said.codes, cut), strict=True)
    )
    return tuple(sorted(events, key=event_order)), tuple(TimeSpan(u.start_ms, u.end_ms) for u in asked)


def per_code(
    chosen: Material,
    *,
    way: str = "bins",
    bin_ms: int | None = None,
    tolerance_ms: int = 0,
    coefficients: Sequence[str] = ("krippendorff_alpha", "cohen_kappa"),
    replicates: int = 1000,
) -> list[Result]:
    """Each coefficient for each code of the scheme against the rest. With way "bins", events of
    different raters at most `tolerance_ms` apart count as the same moment."""
    settings: dict[str, Any] = {}
    if way == "bins":
        settings = {"bin_ms": bin_ms or chosen.scheme.bin_ms, "tolerance_ms": tolerance_ms}
    return agreement.per_code(
        chosen.study,
        way,
        [c.id for c in chosen.scheme.codes],
        coefficients,
        replicates=replicates,
        **settings,
    )


def per_scale(chosen: Material, *, replicates: int = 1000) -> list[Result]:
    """ICC of each session rating on the sessions in which every rater gave it a value (the result says
    which), and Krippendorff's α on all sessions."""
    study = chosen.study
    out: list[Result] = []
    for scale in [r.id for r in chosen.scheme.ratings]:
        complete = [s for s in study.sessions if _all_rated(study, s, scale)]
        part = complete if 1 < len(complete) < len(study.sessions) else None
        out += agreement.per_scale(study, [scale], coefficients=["icc"], sessions=part, replicates=replicates)
        out += agreement.per_scale(
            study, [scale], coefficients=["krippendorff_alpha"], all_variants=False, replicates=replicates
        )
    return out


def _all_rated(study: Study, session: str, scale: str) -> bool:
    """Whether every rater of the study gave this scale a value in this session."""
    given = [any(r.scale == scale and r.value is not None for r in c.ratings) for c in study.of(session)]
    return len(given) == len(study.raters) and all(given)


def in_python(result: Result) -> str:
    """Lines of Python that give the value of `result` from the files of `export.agreement_files`."""
    return agreement.same_in_python(result)


def pairs(chosen: Material, tolerance_ms: int | None = None) -> list[Comparison]:
    """Every two raters on the sessions that both coded, event by event."""
    tolerance = chosen.scheme.tolerance_ms if tolerance_ms is None else tolerance_ms
    found = [agreement.compare(chosen.study, a, b, tolerance) for a, b in combinations(chosen.study.raters, 2)]
    return [c for c in found if c.sessions]


@dataclass(frozen=True, slots=True)
class Dispute:
    """How often raters disagree on one dimension of a scheme (or one code, where it has none)."""

    dimension: str
    disagreements: int
    moments: int

    @property
    def share(self) -> float:
        return self.disagreements / self.moments


def disputes(chosen: Material, compared: Iterable[Comparison]) -> list[Dispute]:
    """Dimensions by the share of their moments on which raters disagree, the most disputed first."""
    dimension = {c.id: c.dimension or c.label for c in chosen.scheme.codes}
    agreed: Counter[str] = Counter()
    differ: Counter[str] = Counter()
    for comparison in compared:
        for matching in comparison.matchings.values():
            agreed.update(dimension[x.code] for x, _ in matching.matched)
        for d in comparison.disagreements:
            differ.update({dimension[c] for c in (d.code_a, d.code_b) if c is not None})
    found = [Dispute(d, n, n + agreed[d]) for d, n in differ.items()]
    return sorted(found, key=lambda d: (-d.share, -d.disagreements, d.dimension))


def most_disputed(found: Sequence[Dispute], who: str = "Raters") -> str:
    """The two most disputed dimensions in one sentence; empty when there is no disagreement."""
    if not found:
        return ""
    names = " and ".join(d.dimension for d in found[:2])
    return f"{who} disagree most on {names}."
