"""Coefficients of the codings that were chosen: of each code, rating and score; by pair, rater, session; over time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from workbench import agreement
from workbench.agreement import Continua, ReliabilityData, Result
from workbench.agreement.coefficients import own_way
from workbench.agreement.naming import AT_ONCE, name_of
from workbench.agreement.survey import MAIN, SLOW
from workbench.agreement.usual import REPLICATES, usual_units
from workbench.model.scheme import DataKind
from workbench.workflows.agree import Material
from workbench.workflows.refusal import Refused

Data = ReliabilityData | Continua
ALL_CODES = agreement.ALL_CODES
# Ways that put every rater on the same units: pairs of raters stand beside the recommended value there.
_ONE_GRID = ("bins", "utterances")
# What the units are made of; other ways are of codes.
_KINDS = {"ratings": DataKind.RATINGS, "instrument": DataKind.RATINGS, "totals": DataKind.TOTALS}
# Whom a code can ask for, by what a screen calls it.
_PEOPLE = {"who": "Who did it", "whom": "To whom"}
# Coefficients of one code or rating for each two raters, by what the units are.
_OF_PAIRS = {"ratings": "icc", "instrument": "icc", "totals": "icc", "continua": "unitizing_alpha"}


@dataclass(frozen=True, slots=True)
class Units:
    """How sessions are cut into units of codes: a way of `agreement.ways_found`, and its settings."""

    way: str
    settings: tuple[tuple[str, Any], ...] = ()

    @property
    def words(self) -> str:
        """`bin 5 s, tolerance 0 s`"""
        return ", ".join((*([] if self.way == "bins" else [_WAYS[self.way].lower()]), *map(_said, self.settings)))


@dataclass(frozen=True, slots=True)
class Subject:
    """What is compared: a code, a rating, or a score made of ratings. `used`: how often raters coded or rated it."""

    what: str
    label: str
    units: Units
    used: int

    @property
    def key(self) -> str:
        return f"{self.units.way}:{self.what}"


@dataclass(frozen=True, slots=True)
class Measured:
    """One subject with the coefficient to report, why it is that one, what stands beside it, and what the scheme asks
    for besides."""

    subject: Subject
    recommended: Result
    why: str
    beside: tuple[Result, ...]
    asked: tuple[Result, ...] = ()


_WAYS = {
    "bins": "Time bins",
    "utterances": "Utterances",
    "aligned": "Events aligned by onset",
    "linked": "Events linked by overlap",
    "sequence": "Sequences of events",
    "time_units": "Units of time",
    "continua": "Unitized continua",
    "totals": "Totals and rates of sessions",
}


def ways() -> dict[str, str]:
    """The ways of making units of codes, by what a screen calls them."""
    return {way: name for way, name in _WAYS.items() if way in agreement.ways_found()}


def usual(chosen: Material) -> Units:
    """The units that are used where nobody says otherwise."""
    way, settings = usual_units(chosen.scheme, chosen.study)
    return Units(way, tuple(settings.items()))


def facts(chosen: Material, way: str) -> dict[str, str]:
    """What of an event units of this way can compare, as `agreement.units` names it, by what a screen calls it: the
    code; the code with one of its modifiers or with the people it asks for; and one of these alone, which says how
    far raters who coded the same event agree on it."""
    found = {"code": "The code"}
    if "compare" not in agreement.ways_found()[way].settings:
        return found
    more = {f"modifiers:{m.id}": m.label for code in chosen.scheme.codes for m in code.modifiers}
    asked = {fact for code in chosen.scheme.codes for fact in code.ask}
    more |= {fact: words for fact, words in _PEOPLE.items() if fact in asked}
    found |= {f"code+{fact}": f"Code and: {words}" for fact, words in more.items()}
    return found | {fact: f"Alone: {words}" for fact, words in more.items()}


def codes(chosen: Material, units: Units) -> list[Subject]:
    """Every code of the scheme that has what is compared; before them all at once, where the code itself is compared,
    there are several, and they are no numbers."""
    used = Counter(event.code for coding in chosen.study.codings for event in coding.events)
    compared = dict(units.settings).get("compare", "code")
    asked = {fact for fact in compared.split("+") if fact != "code"}
    able = [c for c in chosen.scheme.codes if asked <= {*c.ask, *(f"modifiers:{m.id}" for m in c.modifiers)}]
    out = [Subject(c.id, c.label, units, used[c.id]) for c in able]
    if len(out) > 1 and units.way != "totals" and not asked:
        out.insert(0, Subject(ALL_CODES, AT_ONCE, units, used.total()))
    return out


def ratings(chosen: Material) -> list[Subject]:
    """Every rating of the scheme, and the scores that are made of several of them."""
    given: dict[str, int] = {}
    for coding in chosen.study.codings:
        for rating in coding.ratings:
            given[rating.scale] = given.get(rating.scale, 0) + (rating.value is not None)
    out = [Subject(r.id, r.label, Units("ratings"), given.get(r.id, 0)) for r in chosen.scheme.ratings]
    if not out:
        return []
    for name, key in agreement.combined_scores(chosen.scheme).items():
        scales = [item[0] for group in key["items"] for item in group]
        label = f"{name.capitalize()} ({len(scales)} ratings)"
        used = sum(given.get(scale, 0) for scale in scales)
        out.append(Subject(name, label, Units("instrument", tuple(key.items())), used))
    return out


def pairs(chosen: Material) -> list[tuple[str, str]]:
    """Every two raters who share a session."""
    shared = {
        frozenset((one.rater, other.rater))
        for session in chosen.study.sessions
        for one, other in combinations(chosen.study.of(session), 2)
    }
    return [pair for pair in combinations(chosen.study.raters, 2) if frozenset(pair) in shared]


@contextmanager
def in_sentences() -> Generator[None]:
    """What the engine says of codings that it cannot take, as sentences for who looks. Also a decorator."""
    try:
        yield
    except agreement.InputProblems as error:
        raise Refused("These codings cannot be compared in this way.", error.problems) from error


@in_sentences()
def data_of(
    chosen: Material, subject: Subject, raters: Sequence[str] | None = None, criterion: str | None = None
) -> Data:
    """The units of one subject. Raises Refused, as whatever follows here does, for codings that cannot be cut so."""
    settings = dict(subject.units.settings)
    return agreement.units(
        chosen.study, subject.units.way, subject.what, raters=raters, criterion=criterion, **settings
    )


def by_pair_only(units: Units) -> bool:
    """Whether the coefficient to report for such units compares two raters and no more."""
    return units.way in ("aligned", "linked", "sequence", "time_units")


@in_sentences()
def measure(chosen: Material, subject: Subject, pair: tuple[str, str] | None = None) -> Measured:
    """The coefficient to report, for all raters or for `pair`, and what stands beside it: the scheme's own choice
    where it makes one that these data can have, else the usual one."""
    data = data_of(chosen, subject, pair)
    id, why, more = _to_report(chosen, subject, data)
    beside: list[Result] = []
    if isinstance(data, ReliabilityData) and id == "icc":
        if chosen.record:
            result = agreement.for_record(data, chosen.record, replicates=REPLICATES)
        else:
            result = agreement.compute("icc", data, replicates=REPLICATES)
        beside = agreement.compute_all(["krippendorff_alpha"], data, replicates=REPLICATES)
    else:
        result = agreement.compute(id, data, replicates=REPLICATES)
        if subject.units.way in _ONE_GRID:
            beside = of_pairs(chosen, subject, [pair] if pair else None)
    known = {r.id for r in (result, *beside)}
    asked = agreement.compute_all([i for i in more if i not in known], data, all_variants=False, replicates=REPLICATES)
    return Measured(subject, result, why, tuple(beside), tuple(asked))


def _to_report(chosen: Material, subject: Subject, data: Data) -> tuple[str, str, tuple[str, ...]]:
    """The coefficient to report, why, and what else the scheme asks for."""
    id, why = agreement.recommended(data)
    way = subject.units.way
    asked = chosen.scheme.reported(_KINDS.get(way, DataKind.CODES))
    if asked is None:
        return id, why, ()
    first, able = asked.coefficients[0], set(agreement.fitting(data))
    others = tuple(i for i in asked.coefficients if i in able)
    if way not in _ONE_GRID and way not in _KINDS:  # units that have a coefficient of their own
        others = tuple(i for i in others if i == id or own_way(agreement.coefficient(i)) == way)
        if not others:
            return id, why, ()
        first = others[0]
    if first in able and agreement.coefficient(first).can(data) is None:
        return first, f"The scheme asks for it. {asked.reason}", tuple(i for i in others if i != first)
    refused = (
        agreement.coefficient(first).can(data) if first in agreement.coefficients_found() else "not installed here"
    )
    without = f"The scheme asks for {name_of(first)}, which these data do not have ({refused}). {why}"
    return id, without, others


def title_of(results: Sequence[Result]) -> str:
    """What several results are of: their title; where they differ (as with how many raters a mean is of), the names
    of the coefficients alone."""
    if len({r.title for r in results}) == 1:
        return results[0].title
    return f"{' or '.join(dict.fromkeys(name_of(r.id) for r in results))}, the form of each in the table"


@in_sentences()
def every_coefficient(chosen: Material, subject: Subject, pair: tuple[str, str] | None = None) -> list[Result]:
    """Each coefficient that the data of one subject have, in every form where numbers are compared; those for two
    raters for each pair. What takes minutes is left out."""
    data = data_of(chosen, subject, pair)
    ids = [id for id in agreement.fitting(data) if id not in SLOW]
    return agreement.per_code(
        chosen.study,
        subject.units.way,
        [subject.what],
        ids,
        raters=pair,
        all_variants=not isinstance(data, ReliabilityData) or data.level is not agreement.Level.NOMINAL,
        replicates=REPLICATES,
        **dict(subject.units.settings),
    )


@in_sentences()
def of_pairs(chosen: Material, subject: Subject, wanted: Sequence[tuple[str, str]] | None = None) -> list[Result]:
    """One coefficient for each two raters who share a session, on the units of the two: Cohen's κ of codes on
    one grid, ICC of numbers, else the one to report."""
    way = subject.units.way
    out = []
    for pair in pairs(chosen) if wanted is None else wanted:
        data = data_of(chosen, subject, pair)
        id = _OF_PAIRS.get(way) or ("cohen_kappa" if way in _ONE_GRID else agreement.recommended(data)[0])
        out.append(agreement.compute(id, data, replicates=REPLICATES))
    return out


@in_sentences()
def of_raters(chosen: Material, subject: Subject) -> list[Result]:
    """Each rater against the others by α, as in a report; for a kind of units that only pairs share, undefined with
    the reason."""
    data = data_of(chosen, subject)
    if not isinstance(data, ReliabilityData):
        return []
    id = agreement.recommended(data)[0] if by_pair_only(subject.units) else MAIN
    return agreement.by(data, "rater", [id], replicates=REPLICATES)


@in_sentences()
def of_sessions(chosen: Material, subject: Subject, pair: tuple[str, str] | None = None) -> list[Result]:
    """The coefficient to report within each session; none where a session is a single unit."""
    data = data_of(chosen, subject, pair)
    if not isinstance(data, ReliabilityData) or len(set(data.sessions)) == len(data.units):
        return []
    return agreement.by(data, "session", [agreement.recommended(data)[0]], replicates=REPLICATES)


@in_sentences()
def drift(chosen: Material, subject: Subject, pair: tuple[str, str]) -> list[Result]:
    """How the agreement of two raters changes over calendar time and, of numbers, the first's less the second's."""
    data = data_of(chosen, subject, pair)
    if not isinstance(data, ReliabilityData):
        data = data_of(chosen, Subject(subject.what, subject.label, usual(chosen), subject.used), pair)
    found = [agreement.compute("drift", data, replicates=REPLICATES)]
    if data.level is not agreement.Level.NOMINAL:
        held = data_of(chosen, subject, pair, criterion=pair[1])
        found.append(agreement.compute("drift", held, variant="difference", replicates=REPLICATES))
    return found


def in_python(result: Result) -> str:
    """Lines of Python that give the value of `result` from the files of `export.agreement_files`."""
    return agreement.same_in_python(result)


def _fact_in_words(fact: str) -> str:
    return {"who": "who did it", "whom": "to whom"}.get(fact, fact.removeprefix("modifiers:"))


def _said(setting: tuple[str, Any]) -> str:
    name, value = setting
    if name == "compare":
        return f"compared: {' and '.join(_fact_in_words(fact) for fact in str(value).split('+'))}"
    if name.endswith("_ms"):
        return f"{ {'bin_ms': 'bin', 'unit_ms': 'unit'}.get(name, 'tolerance') } {value / 1000:g} s"
    if name == "overlap":
        return f"overlap {100 * value:g} %"
    return {"per_minute": "per minute"}.get(str(value), str(value))
