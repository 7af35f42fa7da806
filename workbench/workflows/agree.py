"""How far raters agree: from the codings of a study to coefficients, tables and moments to look at."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from workbench import agreement
from workbench.agreement import Comparison, RaterCoding, Study
from workbench.agreement import Result as Result  # what screens show
from workbench.agreement.usual import usual_units
from workbench.model.access import Action
from workbench.model.assignment import Coding, Purpose
from workbench.model.natural_order import natural
from workbench.model.people import Person
from workbench.model.scheme import CodingScheme
from workbench.model.session import Session
from workbench.model.session import Study as StudyRecord
from workbench.store import codings, people, recordings, sessions
from workbench.store.workspace import Workspace
from workbench.workflows.align import on_the_recording
from workbench.workflows.coded_units import rater_codings
from workbench.workflows.keep_definition import earlier_versions
from workbench.workflows.keep_definition import scheme as kept_scheme
from workbench.workflows.read_in_terms import read_in_terms
from workbench.workflows.refusal import Refused, demand

NOTHING_YET = "There is nothing to compare yet: agreement needs one session that two raters have submitted."


class OnlyAcross(Refused):
    """Raters can be compared, but only with codings on earlier versions of the scheme."""

    def __init__(self) -> None:
        super().__init__(
            "No two raters have submitted a session on one version of a scheme, but on two versions they have: those "
            "can be compared with codings on earlier versions (--with-earlier).",
            kind="missing",
        )


@dataclass(frozen=True, slots=True)
class Choice:
    """What to compare. None stands for all there is; times are instants in UTC milliseconds. `with_earlier`: codings on
    the versions that the scheme was made from too, read in its terms."""

    study_id: str | None = None
    scheme_hash: str | None = None
    session_ids: tuple[str, ...] | None = None
    rater_ids: tuple[str, ...] | None = None
    since: int | None = None
    until: int | None = None
    with_earlier: bool = False


@dataclass(frozen=True, slots=True)
class Material:
    """The codings that were chosen, ready to be compared. Sessions and raters go by their codes and
    login names in `study`; `session_id` and `rater` lead back. `record`: how the study's score of record is made;
    empty where that is not known, as where several studies differ. `hashes`: of the versions that were coded on;
    `earlier`: what was read in terms of a later one, in sentences."""

    study: Study
    scheme: CodingScheme
    sessions: tuple[Session, ...]
    raters: tuple[Person, ...]
    coding_ids: dict[tuple[str, str], str]
    submitted_at: dict[tuple[str, str], int]
    record: str = ""
    hashes: tuple[str, ...] = ()
    earlier: tuple[str, ...] = ()

    def session_id(self, code: str) -> str:
        return next(s.id for s in self.sessions if s.code == code)

    def rater(self, login_name: str) -> Person:
        return next(r for r in self.raters if r.login_name == login_name)

    def rater_name(self, login_name: str) -> str:
        """A rater's name as it is shown; where every session is fictional, the name need not say so."""
        name = self.rater(login_name).display_name
        return name.removesuffix(" (fictional)") if all(s.fictional for s in self.sessions) else name

    @property
    def by_utterance(self) -> bool:
        """Whether utterances are what is coded, and there are some."""
        return usual_units(self.scheme, self.study)[0] == "utterances"

    @property
    def code_labels(self) -> dict[str, str]:
        return {c.id: c.label for c in self.scheme.codes}


@dataclass(frozen=True, slots=True)
class Comparable:
    """A study and a scheme on which at least two raters finished the same session: what there is to choose.
    `sessions` are those that two of them finished, by date. `earlier`: the versions whose codings are in it too, read
    in terms of the scheme; empty where it is of codings on the scheme itself alone."""

    study: StudyRecord
    scheme: CodingScheme
    raters: tuple[Person, ...]
    sessions: tuple[Session, ...]
    first_at: int
    last_at: int
    earlier: tuple[CodingScheme, ...] = ()


def comparable(workspace: Workspace, actor: Person, *, with_earlier: bool = False) -> list[Comparable]:
    """What `actor` can compare, that with the most sessions first; of as many by name. Raises Refused.

    `with_earlier`: after that, once more each scheme of which a study has codings on earlier versions too, or which
    can only be compared with these.
    """
    demand(workspace, actor, Action.SEE_AGREEMENT)
    with workspace.reading() as connection:
        found = on_the_recording(connection, _for_study(codings.codings(connection, actor, finished_only=True)))
        known = {s.id: s for s in sessions.sessions(connection, ids={c.session_id for c in found})}
        studies = {s.id: s for s in sessions.studies(connection)}
        names = {i: people.get(connection, i) for i in {c.rater_id for c in found}}
    groups: dict[tuple[str, str], list[Coding]] = {}
    for coding in found:
        groups.setdefault((known[coding.session_id].study_id, coding.scheme_hash), []).append(coding)
    out = []

    def add(study_id: str, scheme: CodingScheme, some: Sequence[Coding], earlier: Sequence[CodingScheme] = ()) -> None:
        times = Counter(session for session, _ in {(c.session_id, c.rater_id) for c in some})
        shared = [c for c in some if times[c.session_id] > 1]
        if not shared:
            return
        raters = sorted((names[i] for i in {c.rater_id for c in shared}), key=lambda p: natural(p.display_name))
        handed_in = [c.submitted_at or c.started_at for c in shared]
        both = sorted((known[i] for i in {c.session_id for c in shared}), key=lambda s: (s.held_at, natural(s.code)))
        days = min(handed_in), max(handed_in)
        out.append(Comparable(studies[study_id], scheme, tuple(raters), tuple(both), *days, tuple(earlier)))

    for (study_id, scheme_hash), some in groups.items():
        scheme = kept_scheme(workspace, scheme_hash)
        add(study_id, scheme, some)
        chain = earlier_versions(workspace, scheme) if with_earlier else []
        if earlier := [s for s in chain if (study_id, s.hash) in groups]:
            add(study_id, scheme, [*some, *(c for s in earlier for c in groups[study_id, s.hash])], earlier)
    return sorted(
        out,
        key=lambda c: (bool(c.earlier), -len(c.sessions), c.study.name, c.scheme.name, c.scheme.version, c.scheme.hash),
    )


def fingerprint(workspace: Workspace, actor: Person, choice: Choice) -> str:
    """Another text whenever `material`, or the codings on its scheme for practice or the criterion, would be others for
    `actor`: to keep results under."""
    hashes = [s.hash for s in _versions(workspace, choice.scheme_hash, choice)]
    with workspace.reading() as connection:
        found = codings.codings(
            connection, actor, session_ids=choice.session_ids, study_id=choice.study_id, finished_only=True
        )
        found = on_the_recording(connection, found)
        chosen = [c for c in found if c.scheme_hash in hashes]
        # not the state, which to look at the result changes; a live coding that is aligned anew has a new operation,
        # and speakers are named in place
        last = {c.id: codings.last_sequence(connection, c.id) for c in chosen}
        spoken = {t: recordings.get_transcript(connection, t) for t in {c.transcript_id for c in chosen} if t}
        of_sessions = sessions.sessions(connection, ids={c.session_id for c in chosen})
        facts = sessions.facts_of(connection, {s.id for s in of_sessions})
        raters = [people.get(connection, i) for i in {c.rater_id for c in chosen}]
        records = {i: sessions.get_study(connection, i).score_of_record for i in {s.study_id for s in of_sessions}}
    speakers = {t: sorted(v.speakers.items()) for t, v in spoken.items() if v}
    said = [f"{c.id} {last[c.id]} {c.submitted_at} {c.windows} {speakers.get(c.transcript_id or '')}" for c in chosen]
    said += [f"{s} {sorted(facts[s.id].consented)} {sorted(facts[s.id].by_ear)}" for s in of_sessions]
    said += [f"{r.id} {r.login_name} {r.display_name}" for r in raters]
    said += [f"{study} {record}" for study, record in records.items()]
    return hashlib.sha256("\n".join([actor.id, repr(choice), *sorted(said)]).encode()).hexdigest()


def schemes_compared(
    workspace: Workspace, actor: Person, study_id: str | None = None, *, with_earlier: bool = False
) -> list[CodingScheme]:
    """Schemes on which at least two raters finished the same session, the most used first. `with_earlier`: codings on
    the versions that a scheme was made from count too, and of as many sessions they come first."""
    found = [c for c in comparable(workspace, actor, with_earlier=with_earlier) if study_id in (None, c.study.id)]
    if with_earlier:
        found.sort(key=lambda c: (-len(c.sessions), not c.earlier))
    return list({c.scheme.hash: c.scheme for c in found}.values())


def find_scheme(
    workspace: Workspace, actor: Person, study_id: str, name: str = "", *, with_earlier: bool = False
) -> CodingScheme:
    """The scheme of a study that is compared: the one of that `name` ("name" or "name version"; of several versions
    the most used), else the most used one. Raises Refused that lists what there is."""
    known = schemes_compared(workspace, actor, study_id, with_earlier=with_earlier)
    if not known and not with_earlier and schemes_compared(workspace, actor, study_id, with_earlier=True):
        raise OnlyAcross
    if not known:
        raise Refused(NOTHING_YET, kind="missing")
    if (found := scheme_called(name, known)) is not None:
        return found
    there = ", ".join(f"{s.name} {s.version}" for s in known)
    raise Refused(f"Nothing can be compared on a scheme {name}; there are: {there}.", kind="missing")


def scheme_called(name: str, known: Iterable[CodingScheme]) -> CodingScheme | None:
    """The first of the known schemes that goes by `name`: "name" or "name version"; without a name the first."""
    return next((s for s in known if name in ("", s.name, f"{s.name} {s.version}")), None)


def material(workspace: Workspace, actor: Person, choice: Choice) -> Material:
    """The chosen codings that `actor` may read. Raises Refused when there is nothing to compare."""
    demand(workspace, actor, Action.SEE_AGREEMENT)
    scheme_hash = choice.scheme_hash
    if scheme_hash is None:
        known = schemes_compared(workspace, actor, choice.study_id, with_earlier=choice.with_earlier)
        if not known:
            raise Refused(NOTHING_YET, kind="missing")
        scheme_hash = known[0].hash
    with workspace.reading() as connection:
        found = codings.codings(
            connection, actor, session_ids=choice.session_ids, study_id=choice.study_id, finished_only=True
        )
        found = on_the_recording(connection, found)
    versions = _versions(workspace, scheme_hash, choice)
    chosen = _chosen(found, choice, [s.hash for s in versions])
    with workspace.reading() as connection:
        of_sessions = {s.id: s for s in sessions.sessions(connection, ids={c.session_id for c in chosen})}
        raters = {i: people.get(connection, i) for i in sorted({c.rater_id for c in chosen})}
        records = {
            sessions.get_study(connection, i).score_of_record for i in {s.study_id for s in of_sessions.values()}
        }
    compared, earlier = _compared(workspace, actor, versions, chosen, {i: p.login_name for i, p in raters.items()})
    workspace.note(actor.id, "agreement.see", "study", choice.study_id, {"codings": len(chosen)})
    return Material(
        Study(compared),
        versions[0],
        tuple(of_sessions.values()),
        tuple(raters.values()),
        {(of_sessions[c.session_id].code, raters[c.rater_id].login_name): c.id for c in chosen},
        {(of_sessions[c.session_id].code, raters[c.rater_id].login_name): c.submitted_at or 0 for c in chosen},
        records.pop() if len(records) == 1 else "",
        tuple(s.hash for s in versions),
        earlier,
    )


def _versions(workspace: Workspace, scheme_hash: str | None, choice: Choice) -> list[CodingScheme]:
    """The scheme and, where they are asked for, the versions that it was made from."""
    if scheme_hash is None:
        return []
    scheme = kept_scheme(workspace, scheme_hash)
    return [scheme, *(earlier_versions(workspace, scheme) if choice.with_earlier else ())]


def _compared(
    workspace: Workspace,
    actor: Person,
    versions: Sequence[CodingScheme],
    chosen: Sequence[Coding],
    names: dict[str, str],
) -> tuple[tuple[RaterCoding, ...], tuple[str, ...]]:
    """The codings in terms of the first of `versions`, and what was done with those on the others."""
    out: list[RaterCoding] = []
    words = []
    for n, version in enumerate(versions):
        own = [c for c in chosen if c.scheme_hash == version.hash]
        coded = rater_codings(workspace, actor, version, own, names) if own else ()
        if n and coded:
            read = read_in_terms(coded, [*reversed(versions[: n + 1])])
            words.append(read.words(version, versions[0]))
            coded = read.codings
        out += coded
    return tuple(out), tuple(words)


def _chosen(found: Iterable[Coding], choice: Choice, hashes: Sequence[str]) -> list[Coding]:
    """Who coded a session on several versions counts with the latest of them, the first of `hashes`."""
    latest: dict[tuple[str, str], int] = {}
    study = [c for c in _for_study(found) if c.scheme_hash in hashes]
    for c in study:
        at = hashes.index(c.scheme_hash)
        latest[c.session_id, c.rater_id] = min(at, latest.get((c.session_id, c.rater_id), at))
    return [
        c
        for c in study
        if hashes.index(c.scheme_hash) == latest[c.session_id, c.rater_id]
        and (choice.rater_ids is None or c.rater_id in choice.rater_ids)
        and (choice.since is None or (c.submitted_at or 0) >= choice.since)
        and (choice.until is None or (c.submitted_at or 0) < choice.until)
    ]


def _for_study(found: Iterable[Coding]) -> list[Coding]:
    """Codings of the study: practice is not agreement, and neither is the criterion."""
    return [c for c in found if c.purpose is Purpose.STUDY]


def pairs(chosen: Material, tolerance_ms: int | None = None) -> list[Comparison]:
    """Every two raters on the sessions that both coded: event by event, or utterance by utterance where these
    are what is coded."""
    tolerance = chosen.scheme.tolerance_ms if tolerance_ms is None else tolerance_ms
    found = [
        agreement.compare(chosen.study, a, b, tolerance, by_utterance=chosen.by_utterance)
        for a, b in combinations(chosen.study.raters, 2)
    ]
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
