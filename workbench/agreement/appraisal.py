"""What stands beside the coefficients of a study in a report: each rater, each session, the criterion, the scores.

One number for all raters hides the one who differs, one for all sessions the one that went badly. Scores,
totals and rates are what a study goes on to use, so their reliability is reported as such, and that of
the score of record for the way in which the study makes it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

from workbench.agreement.by import by
from workbench.agreement.compared import ALL_CODES
from workbench.agreement.compute import compute, compute_all, per_score
from workbench.agreement.problems import InputProblems
from workbench.agreement.record import for_record
from workbench.agreement.result import Result
from workbench.agreement.study import RaterCoding, Study
from workbench.agreement.survey import MAIN, Refusal, Survey
from workbench.agreement.units import units
from workbench.agreement.units.instrument import combined_scores
from workbench.model.scheme import CodeKind, CodingScheme

CRITERION = "criterion"
NO_CRITERION = "none of these sessions has a criterion coding"
OF_SESSION = (MAIN, "percent_agreement")
OF_TOTALS = ("ICC(2,1)", "ICC(2,k)")
# With more sessions a table of each is no longer read.
MOST_SESSIONS = 100
# With more raters times codes, a rater is held against the others on all codes at once.
MOST_PARTS = 50


@dataclass(frozen=True, slots=True)
class Appraisal:
    """A survey and what stands beside it. raters: each against the others. sessions: each alone. totals: totals and
    rates of codes. scores: scores made of several ratings. record: ratings, scores and rates as the score of record is
    made, `record_is` how.
    criterion: each rater against the criterion codings, which stand in `against`. without: sentences on what was
    not computed."""

    survey: Survey
    raters: tuple[Result, ...] = ()
    sessions: tuple[Result, ...] = ()
    totals: tuple[Result, ...] = ()
    scores: tuple[Result, ...] = ()
    record: tuple[Result, ...] = ()
    criterion: tuple[Result, ...] = ()
    record_is: str = ""
    against: Study | None = None
    without: tuple[str, ...] = ()

    @property
    def refused(self) -> tuple[Refusal, ...]:
        """The coefficients of the survey that have no value; agreement with a criterion only where there is none."""
        if self.criterion:
            return tuple(r for r in self.survey.refused if r.id != CRITERION)
        return tuple(replace(r, reason=NO_CRITERION) if r.id == CRITERION else r for r in self.survey.refused)

    @property
    def every(self) -> tuple[Result, ...]:
        """Every result, those of the survey first."""
        beside = (self.raters, self.sessions, self.totals, self.scores, self.record, self.criterion)
        return (*self.survey.results, *chain.from_iterable(beside))


def appraise(
    study: Study,
    scheme: CodingScheme,
    made: Survey,
    *,
    record: str = "",
    criterion: Study | None = None,
    coefficients: Iterable[str] | None = None,
    **options: Any,
) -> Appraisal:
    """All that stands beside the survey `made` of `study`.

    `record` is how the study makes its score of record ("primary", "mean", "consensus"; empty where that is not
    known), `criterion` holds criterion codings of sessions of the study. With `coefficients` only what is made of
    these. `options` are those of `compute`.
    """
    wanted = None if coefficients is None else set(coefficients)

    def asked(*ids: str) -> bool:
        return wanted is None or bool(wanted & set(ids))

    codes, scales = [c.id for c in scheme.codes], [r.id for r in scheme.ratings]
    keys = combined_scores(scheme) if study.scales else {}
    units_of = (made.way, dict(made.settings))
    against = None if criterion is None or not asked("criterion") else beside_criterion(study, criterion)
    too_many = len(study.sessions) > MOST_SESSIONS
    without = [f"Each session alone: not computed, because there are more than {MOST_SESSIONS}."] if too_many else []
    each_code = len(study.raters) * len(_at_once(study, codes)) <= MOST_PARTS
    if not each_code and asked(MAIN):
        without.append("Each rater on each code: not computed, because there are many; `agreement.by` gives it.")
    return Appraisal(
        made,
        raters=tuple(_each_rater(study, units_of, _at_once(study, codes)[: None if each_code else 1], scales, options))
        if asked(MAIN)
        else (),
        sessions=() if too_many else tuple(_each_session(study, units_of, codes, wanted, options)),
        totals=tuple(_totals(study, scheme, options)) if asked("icc") else (),
        scores=tuple(per_score(study, keys, **options)) if asked("icc") else (),
        record=tuple(_of_record(study, scheme, keys, record, options)) if record and asked("icc") else (),
        criterion=() if against is None else tuple(_against(*against, units_of, codes, scales, options)),
        record_is=record,
        against=against[0] if against else None,
        without=tuple(without),
    )


def beside_criterion(study: Study, criterion: Study) -> tuple[Study, str] | None:
    """The sessions of `study` that have a criterion coding, with it, and the name it goes by there; None where
    there are none."""
    with_one = set(study.sessions) & set(criterion.sessions)
    if not with_one:
        return None
    name = CRITERION
    while name in study.raters:
        name += " coding"
    held: list[RaterCoding] = [replace(c, rater=name) for c in criterion.codings if c.session in with_one]
    return Study((*(c for c in study.codings if c.session in with_one), *held)), name


def _each_rater(
    study: Study, units_of: tuple[str, dict[str, Any]], codes: Sequence[str], scales: Sequence[str], options: Any
) -> list[Result]:
    if len(study.raters) < 3:
        return []  # of two raters each against the other is the pair
    way, settings = units_of
    out: list[Result] = []
    for code in codes:
        out += by(units(study, way, code, **settings), "rater", [MAIN], **options)
    for scale in scales if study.scales else ():
        out += by(units(study, "ratings", scale), "rater", [MAIN], **options)
    return out


def _each_session(
    study: Study, units_of: tuple[str, dict[str, Any]], codes: Sequence[str], wanted: set[str] | None, options: Any
) -> list[Result]:
    ids = [id for id in OF_SESSION if wanted is None or id in wanted]
    if not codes or not ids or len(study.sessions) < 2 or len(study.raters) < 2:
        return []
    way, settings = units_of
    data = units(study, way, ALL_CODES, **settings)
    return by(data, "session", ids, **options) if len(data.units) else []


def _totals(study: Study, scheme: CodingScheme, options: Any) -> list[Result]:
    if len(study.sessions) < 2 or not study.codes:
        return []
    out: list[Result] = []
    for code in scheme.codes:
        measures = ("per_minute", "count", "share") if code.kind is CodeKind.STATE else ("per_minute", "count")
        for measure in measures:
            data = units(study, "totals", code.id, measure=measure)
            out += [compute("icc", data, variant=form, **options) for form in OF_TOTALS]
    return out


def _of_record(
    study: Study, scheme: CodingScheme, keys: Mapping[str, Mapping[str, Any]], record: str, options: Any
) -> list[Result]:
    """Of every rating, of the scores made of several, and of the rates of codes: whichever of them a study goes on to
    use, this is its reliability."""
    rated = [r.id for r in scheme.ratings] if study.scales else []
    coded = [c.id for c in scheme.codes] if study.codes else []
    tables = [
        *(units(study, "ratings", scale) for scale in rated),
        *(units(study, "instrument", name, **key) for name, key in keys.items()),
        *(units(study, "totals", code, measure="per_minute") for code in coded),
    ]
    return [for_record(data, record, **options) for data in tables]


def _against(
    against: Study,
    name: str,
    units_of: tuple[str, dict[str, Any]],
    codes: Sequence[str],
    scales: Sequence[str],
    options: Any,
) -> list[Result]:
    way, settings = units_of
    asked = [(way, code, settings) for code in (_at_once(against, codes) if against.codes else ())]
    asked += [("ratings", scale, {}) for scale in (scales if against.scales else ())]
    out: list[Result] = []
    for how, what, more in asked:
        out += against_criterion(against, name, how, what, more, **options)
    return out


def against_criterion(
    against: Study, name: str, way: str, what: str, settings: Mapping[str, Any], **options: Any
) -> list[Result]:
    """Each rater of `against` held against its criterion codings, which go by `name` (see `beside_criterion`), on the
    sessions that both coded: every form of "criterion" that the units have. `options` are those of `compute`."""
    out: list[Result] = []
    for rater in (r for r in against.raters if r != name):
        both = [s for s in against.sessions if against.coding(s, rater)]
        try:
            part: dict[str, Any] = {"sessions": both, "raters": [rater, name], "criterion": name}
            data = units(against, way, what, **part, **settings)
        except InputProblems:
            continue
        out += compute_all(["criterion"], data, **options)
    return out


def _at_once(study: Study, codes: Sequence[str]) -> list[str]:
    """All codes together, then each code that somebody used."""
    used = [code for code in codes if code in study.codes]
    return [ALL_CODES, *used] if len(codes) > 1 else used
