"""How far a trainee is toward certification: all practice so far, held against the criterion codings together."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass

from workbench import agreement
from workbench.agreement.certified import Standing, standings
from workbench.agreement.usual import REPLICATES, usual_units
from workbench.model.access import Action
from workbench.model.assignment import Coding, Purpose
from workbench.model.people import Person
from workbench.model.scheme import Certification, CodingScheme, DataKind
from workbench.schemes import measured_otherwise
from workbench.store import codings
from workbench.store.workspace import Workspace
from workbench.workflows.align import on_the_recording
from workbench.workflows.coded_units import rater_codings
from workbench.workflows.find_criterion import criteria_of
from workbench.workflows.keep_definition import earlier_versions, kept_schemes
from workbench.workflows.keep_definition import scheme as kept_scheme
from workbench.workflows.read_in_terms import read_in_terms
from workbench.workflows.refusal import coding_resource, demand

TRAINEE = "trainee"
_MOST_REASONS = 3


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a trainee stands: each limit of the scheme with its result. `labels` names the ratings.

    `counted`: of how many sessions on which version the practice is, the latest first. `left_out`: a sentence for
    each version with practice that does not count."""

    asked: Certification
    sessions: int
    standings: tuple[Standing, ...]
    labels: dict[str, str]
    counted: tuple[tuple[str, int], ...] = ()
    left_out: tuple[str, ...] = ()

    @property
    def certified(self) -> bool:
        """Whether every limit is reached."""
        return bool(self.standings) and all(s.reached for s in self.standings)


def progress(workspace: Workspace, actor: Person, coding_id: str) -> Progress | None:
    """Where the rater of a submitted practice coding stands on its scheme, by all their practice with a criterion.

    Practice on earlier versions counts where they measure the same; a session that was practised on several counts
    with the latest. None where it is no practice, or the scheme sets no limits. Codings that `actor` may not read do
    not count; the others count as seen. Raises Refused.
    """
    demand(workspace, actor, Action.READ_CODING, coding_resource(workspace, coding_id))
    with workspace.reading() as connection:
        coding = codings.get(connection, coding_id)
        assert coding is not None
        scheme = kept_scheme(workspace, coding.scheme_hash, connection)
        if coding.purpose is not Purpose.PRACTICE or scheme.certification is None:
            return None
        read = on_the_recording(connection, codings.codings(connection, actor, finished_only=True))
        may = {c.id for c in read}
        practice = [c for c in read if c.purpose is Purpose.PRACTICE and c.rater_id == coding.rater_id]
    versions = _versions(workspace, scheme, {c.scheme_hash for c in practice})
    pairs: list[tuple[Coding, Coding]] = []
    material: list[agreement.RaterCoding] = []
    counted, left_out = [], []
    with workspace.reading() as connection:
        criteria = {
            v.scheme.hash: criteria_of(connection, [c.session_id for c in practice], v.scheme.hash) for v in versions
        }
    for version in versions:
        held = {session: found.coding for session, found in criteria[version.scheme.hash].items()}
        there = [c for c in practice if c.scheme_hash == version.scheme.hash and c.session_id in held]
        here = [(c, held[c.session_id]) for c in there if held[c.session_id].id in may]
        if version.why_not:
            left_out += [f"{_on(len(here), version.scheme)}: {version.why_not}."] if here else []
            continue
        again = [pair for pair in here if pair[0].session_id in {c.session_id for c, _ in pairs}]
        left_out += [f"{_on(len(again), version.scheme)}: practised on a later version too."] if again else []
        here = [pair for pair in here if pair not in again]
        names = {coding.rater_id: TRAINEE}, {c.rater_id: agreement.CRITERION for _, c in here}
        for some, called in zip(zip(*here, strict=True), names, strict=True) if here else ():
            said = rater_codings(workspace, actor, version.scheme, some, called)
            material += read_in_terms(said, version.steps).codings
        pairs += here
        counted += [(version.scheme.version, len(here))] if here else []
    study = agreement.Study(tuple(material))
    results = []
    way, settings = usual_units(scheme, study)
    for limit in scheme.certification.limits if pairs else ():
        of_codes = limit.of is DataKind.CODES
        for what in [agreement.ALL_CODES] if of_codes else [scale.id for scale in scheme.ratings]:
            how, more = (way, settings) if of_codes else ("ratings", {})
            data = agreement.units(study, how, what, criterion=agreement.CRITERION, **more)
            results.append(agreement.compute("criterion", data, variant=limit.measure, replicates=REPLICATES))
    labels = {scale.id: scale.label for scale in scheme.ratings}
    found = standings(scheme.certification, results, {TRAINEE: len(pairs)})
    return Progress(scheme.certification, len(pairs), tuple(found), labels, tuple(counted), tuple(left_out))


@dataclass(frozen=True, slots=True)
class _Version:
    """A version with practice. `steps`: the versions from it to the one that is asked about; `why_not`: why what was
    coded on it does not count, empty where it does."""

    scheme: CodingScheme
    steps: tuple[CodingScheme, ...]
    why_not: str = ""


def _versions(workspace: Workspace, scheme: CodingScheme, used: Set[str]) -> list[_Version]:
    """The version itself, those that it was made from, the nearest first, then others of its name that were used."""
    found = [_Version(scheme, (scheme,))]
    why = ""
    for earlier in earlier_versions(workspace, scheme):
        later = found[-1]
        if not why and (otherwise := measured_otherwise(earlier, later.scheme)):
            why = f"in version {later.scheme.version} {_listed(otherwise)}"
        found.append(_Version(earlier, (earlier, *later.steps), why))
    known = {v.scheme.hash for v in found}
    for other in kept_schemes(workspace):
        if other.name == scheme.name and other.hash in used - known:
            why_not = f"version {scheme.version} does not say that it was made from it"
            found.append(_Version(other, (other,), why_not))
    return found


def _on(sessions: int, version: CodingScheme) -> str:
    return f"{sessions} session{'' if sessions == 1 else 's'} on version {version.version}"


def _listed(reasons: Sequence[str]) -> str:
    more = len(reasons) - _MOST_REASONS
    return ", ".join(reasons[:_MOST_REASONS]) + (f", and {more} more" if more > 0 else "")
