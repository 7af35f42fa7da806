"""How far each rater is from the criterion coding of a session: hits and misses, and the coefficients of the report.

Codings of the study are held against it as the report does. Practice on the same sessions is held against it too, in
lines of its own: it is no part of the study's agreement, and it is what a trainee is certified on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from workbench import agreement
from workbench.agreement import CRITERION, Result
from workbench.agreement.appraisal import against_criterion, beside_criterion
from workbench.agreement.certified import standings
from workbench.agreement.usual import REPLICATES
from workbench.agreement.usual import usual_units as usual_units_of
from workbench.model.access import Action
from workbench.model.assignment import Coding, Purpose
from workbench.model.natural_order import natural
from workbench.model.people import Person
from workbench.model.scheme import CodingScheme, Limit
from workbench.store import codings, people, sessions
from workbench.store.workspace import Workspace
from workbench.workflows import lay_beside
from workbench.workflows.agree import Choice, Comparable, Material, material, scheme_called
from workbench.workflows.align import on_the_recording
from workbench.workflows.coded_units import rater_codings
from workbench.workflows.find_criterion import criteria_of
from workbench.workflows.keep_definition import scheme as kept_scheme
from workbench.workflows.measure_agreement import Subject, Units, in_sentences, usual
from workbench.workflows.measure_agreement import codes as codes_of
from workbench.workflows.measure_agreement import ratings as ratings_of
from workbench.workflows.refusal import demand

PRACTICE = "practice"
Words = dict[str, str]


@dataclass(frozen=True, slots=True)
class Criteria:
    """The criterion codings of some sessions (`session_ids` has those that have one); `further` others of them do not
    count, because the one handed in last does."""

    study: agreement.Study
    session_ids: tuple[str, ...]
    further: int


@dataclass(frozen=True, slots=True)
class Held:
    """Those who are held against the criterion: raters of the study, and those who practised, under the names that
    `names` shows. Raters who practised carry the word in their name in `practice`."""

    criteria: Criteria
    study: agreement.Study
    practice: agreement.Study
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Found:
    """One rater against the criterion: events that both have, that the rater missed, and that the rater alone has.
    What the criterion marks unsure counts for neither."""

    rater: str
    name: str
    practice: bool
    n_sessions: int
    hits: int
    missed: int
    extra: int

    @property
    def found(self) -> float | None:
        """The share of the criterion's events that the rater found (sensitivity)."""
        return self.hits / (self.hits + self.missed) if self.hits + self.missed else None

    @property
    def right(self) -> float | None:
        """The share of the rater's events that the criterion has (positive predictive value)."""
        return self.hits / (self.hits + self.extra) if self.hits + self.extra else None


def comparable(workspace: Workspace, actor: Person) -> list[Comparable]:
    """Studies and schemes on which `actor` may see somebody beside a criterion coding, in the study or in practice;
    that with the most sessions first. `raters` and `sessions` are those that can be held against it. Raises Refused.
    """
    demand(workspace, actor, Action.SEE_AGREEMENT)
    groups: dict[tuple[str, str], list[Coding]] = {}
    with workspace.reading() as connection:
        found = on_the_recording(connection, codings.codings(connection, actor, finished_only=True))
        known = {s.id: s for s in sessions.sessions(connection, ids={c.session_id for c in found})}
        studies = {s.id: s for s in sessions.studies(connection)}
        may = {c.id for c in found}
        for scheme_hash in {c.scheme_hash for c in found if c.purpose is Purpose.CRITERION}:
            held_to = {s for s, c in criteria_of(connection, known, scheme_hash).items() if c.coding.id in may}
            beside = [c for c in found if c.purpose is not Purpose.CRITERION and c.scheme_hash == scheme_hash]
            for coding in (c for c in beside if c.session_id in held_to):
                groups.setdefault((known[coding.session_id].study_id, scheme_hash), []).append(coding)
        people_of = {
            key: [people.get(connection, i) for i in {c.rater_id for c in some}] for key, some in groups.items()
        }
    out = []
    for key, some in groups.items():
        raters = tuple(sorted(people_of[key], key=lambda p: natural(p.display_name)))
        here = {c.session_id for c in some}
        both = tuple(sorted((known[i] for i in here), key=lambda s: (s.held_at, natural(s.code))))
        handed_in = [c.submitted_at or c.started_at for c in some]
        scheme = kept_scheme(workspace, key[1])
        out.append(Comparable(studies[key[0]], scheme, raters, both, min(handed_in), max(handed_in)))
    return sorted(out, key=lambda c: (-len(c.sessions), c.study.name, c.scheme.name, c.scheme.version, c.scheme.hash))


def usual_units(held: Held, chosen: Material) -> Units:
    """The units that are used where nobody says otherwise, also where all of the codings are practice."""
    coded = agreement.Study((*held.study.codings, *held.practice.codings))
    return usual(replace(chosen, study=coded))


def criterion_codings(
    workspace: Workspace, actor: Person, scheme: CodingScheme, session_ids: Iterable[str]
) -> Criteria | None:
    """The criterion codings of these sessions that `actor` may read; None where there is none."""
    wanted = sorted(session_ids)
    with workspace.reading() as connection:
        every = criteria_of(connection, wanted, scheme.hash)
        may = {c.id for c in codings.codings(connection, actor, session_ids=wanted, finished_only=True)}
    count = [found for _, found in sorted(every.items()) if found.coding.id in may]
    if not count:
        return None
    names = {found.coding.rater_id: CRITERION for found in count}
    coded = rater_codings(workspace, actor, scheme, [found.coding for found in count], names)
    with_one = tuple(found.coding.session_id for found in count)
    return Criteria(agreement.Study(coded), with_one, sum(found.of - 1 for found in count))


def held(workspace: Workspace, actor: Person, choice: Choice, chosen: Material) -> Held | None:
    """Whom `actor` may see beside the criterion, of what was chosen; None where no session has a criterion coding."""
    asked = choice.session_ids or tuple(s.id for s in chosen.sessions)
    if choice.session_ids is None and choice.study_id is not None:
        with workspace.reading() as connection:  # also those that are there to practise on
            asked = tuple(s.id for s in sessions.sessions(connection, study_id=choice.study_id))
    criteria = criterion_codings(workspace, actor, chosen.scheme, asked)
    if criteria is None:
        return None
    with workspace.reading() as connection:
        finished = codings.codings(connection, actor, session_ids=criteria.session_ids, finished_only=True)
        practised = [c for c in on_the_recording(connection, finished) if _practised(c, choice, chosen)]
        who = {i: people.get(connection, i) for i in {c.rater_id for c in practised}}
    names = {r.login_name: chosen.rater_name(r.login_name) for r in chosen.raters}
    apart = {i: f"{p.login_name} ({PRACTICE})" for i, p in who.items()}
    fictional = all(s.fictional for s in chosen.sessions)
    names |= {
        apart[i]: p.display_name.removesuffix(" (fictional)") if fictional else p.display_name for i, p in who.items()
    }
    practice = rater_codings(workspace, actor, chosen.scheme, practised, apart)
    with_one = set(criteria.study.sessions)
    studied = agreement.Study(tuple(c for c in chosen.study.codings if c.session in with_one))
    return Held(criteria, studied, agreement.Study(practice), names)


def counted(held: Held, scheme: CodingScheme, code: str | None = None) -> list[Found]:
    """Each rater's hits, misses and extras, of all codes or of one; those of the study first."""
    code = None if code == agreement.ALL_CODES else code
    out = []
    for study in (held.study, held.practice):
        for rater in study.raters:
            mine = [c for c in study.codings if c.rater == rater]
            hits = missed = extra = 0
            for coding in mine:
                criterion = held.criteria.study.coding(coding.session, CRITERION)
                assert criterion is not None
                beside, _ = lay_beside.against_criterion(_kept(coding, code), _kept(criterion, code), scheme)
                hits += beside.hits
                missed += len(beside.confusions) + len(beside.only_b)
                extra += len(beside.confusions) + len(beside.only_a)
            name, practised = held.names[rater], study is held.practice
            out.append(Found(rater, name, practised, len(mine), hits, missed, extra))
    return out


@in_sentences()
def measured(held: Held, subject: Subject, **options: Any) -> dict[str, list[Result]]:
    """By rater: every form of agreement with the criterion that the units have, as in the report. `options` are those
    of `agreement.compute`."""
    options = {"replicates": REPLICATES} | options
    out: dict[str, list[Result]] = {}
    for study in (held.study, held.practice):
        against = beside_criterion(study, held.criteria.study)
        if against is None:
            continue
        way, settings = subject.units.way, dict(subject.units.settings)
        for result in against_criterion(*against, way, subject.what, settings, **options):
            name = str(result.settings.get("rater") or next(r for r in result.raters if r != against[1]))
            out.setdefault(name, []).append(result)
    return out


def of_study(
    workspace: Workspace, actor: Person, study_id: str, scheme_name: str = "", **options: Any
) -> tuple[CodingScheme, list[Result]] | None:
    """Everybody of a study who can be held against the criterion, on every code that was used and every rating of the
    scheme of that name ("name" or "name version"; of several the one with the most sessions). None where nobody can.

    `options` are those of `agreement.compute`. Raises Refused."""
    scheme = scheme_called(scheme_name, (c.scheme for c in comparable(workspace, actor) if c.study.id == study_id))
    if scheme is None:
        return None
    choice = Choice(study_id=study_id, scheme_hash=scheme.hash)
    chosen = material(workspace, actor, choice)
    found = held(workspace, actor, choice, chosen)
    if found is None:
        return None
    used = {agreement.ALL_CODES}.union(*(s.codes for s in (found.criteria.study, found.study, found.practice)))
    subjects = [s for s in codes_of(chosen, usual_units(found, chosen)) if s.what in used] + ratings_of(chosen)
    return scheme, [r for s in subjects for some in measured(found, s, **options).values() for r in some]


def limits(scheme: CodingScheme, found: Mapping[str, list[Result]], subject: Subject, held: Held) -> dict[Limit, Words]:
    """Each limit that the scheme sets for this subject: by rater, whether it is reached, or what it still takes.

    Limits for codes are of all codes at once, in the units that are used where nobody says otherwise: in wider ones
    everybody would reach more. Empty where the scheme asks for nothing of this.
    """
    asked = scheme.certification
    if asked is None or (subject.units.way != "ratings" and not _whole(scheme, subject, held)):
        return {}
    sessions = Counter(c.rater for study in (held.study, held.practice) for c in study.codings)
    out: dict[Limit, Words] = {}
    for rater, results in found.items():
        for standing in standings(asked, results, sessions):
            out.setdefault(standing.limit, {})[rater] = standing.words
    return out


def _whole(scheme: CodingScheme, subject: Subject, held: Held) -> bool:
    """Whether all codes at once are compared, in their usual units."""
    usual_way = usual_units_of(scheme, agreement.Study((*held.study.codings, *held.practice.codings)))
    return subject.what == agreement.ALL_CODES and (subject.units.way, dict(subject.units.settings)) == usual_way


def every_code(units: Units) -> Subject:
    """All codes at once, each a category."""
    return Subject(agreement.ALL_CODES, "All codes at once", units, 0)


def in_python(result: Result) -> str:
    """Lines of Python that give the value of `result` from the files of the report."""
    return agreement.same_in_python(result, "criterion_events.csv", "criterion_ratings.csv", "criterion_utterances.csv")


def _practised(coding: Coding, choice: Choice, chosen: Material) -> bool:
    return (
        coding.purpose is Purpose.PRACTICE
        and coding.scheme_hash == chosen.scheme.hash
        and (choice.rater_ids is None or coding.rater_id in choice.rater_ids)
        and (choice.since is None or (coding.submitted_at or 0) >= choice.since)
        and (choice.until is None or (coding.submitted_at or 0) < choice.until)
    )


def _kept(coding: agreement.RaterCoding, code: str | None) -> agreement.RaterCoding:
    return coding if code is None else replace(coding, events=tuple(e for e in coding.events if e.code == code))
