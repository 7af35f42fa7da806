"""What a scheme's YAML asks of its raters: the coefficients to report, and when a trainee may code for a study.

`agreement` names coefficients by their ids, for each kind of data those that fit it. That the lists here are those of
the coefficients themselves is held in a test, because coefficients build on schemes and not the other way round.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from workbench import registry
from workbench.model.scheme import Certification, Code, DataKind, Limit, RatingScale, Reported
from workbench.schemes.fields import PARAGRAPH, Fields

_OF_CODES = (
    "krippendorff_alpha",
    "cohen_kappa",
    "fleiss_kappa",
    "conger_kappa",
    "light_kappa",
    "scott_pi",
    "brennan_prediger",
    "gwet_ac1",
    "gwet_ac2",
    "pabak",
    "percent_agreement",
    "time_unit_kappa",
    "easydiag_kappa",
    "alignment_kappa",
    "unitizing_alpha",
    "gamma",
)
_OF_NUMBERS = ("icc", "krippendorff_alpha", "lin_ccc", "bland_altman")
COEFFICIENTS: Mapping[DataKind, tuple[str, ...]] = {
    DataKind.CODES: _OF_CODES,
    DataKind.RATINGS: _OF_NUMBERS,
    DataKind.TOTALS: _OF_NUMBERS,
}
# Forms of the agreement with a criterion that have a lower end to certify on, by kind of data.
MEASURES: Mapping[DataKind, tuple[str, ...]] = {
    DataKind.CODES: ("kappa", "exact"),
    DataKind.RATINGS: ("icc", "within_one", "exact"),
}
REPORTED = ["coefficients", "reason"]
LIMIT = ["measure", "at_least"]
CERTIFICATION = ["sessions", *MEASURES, "reason"]
GROUP = "workbench.coefficients"
_MOST_SESSIONS = 1000


def read_agreement(top: Fields, codes: Sequence[Code], ratings: Sequence[RatingScale]) -> tuple[Reported, ...]:
    """The mapping `agreement`: for each kind of data the coefficients to report, the first one first."""
    if not top.has("agreement"):
        return ()
    asked = top.part("agreement", list(DataKind))
    if not any(asked.has(kind) for kind in DataKind):
        top.note("agreement", f"agreement names no kind of data; there are: {', '.join(DataKind)}")
    there = {DataKind.CODES: codes, DataKind.RATINGS: ratings, DataKind.TOTALS: codes}
    found = []
    for kind in DataKind:
        if not asked.has(kind):
            continue
        if not there[kind]:
            asked.note(kind, f"there is agreement on {kind}, and the scheme has no {_needs(kind)}")
        part = asked.part(kind, REPORTED)
        chosen = part.choices("coefficients", coefficients_for(kind), required=True)
        found.append(Reported(kind, chosen, part.text("reason", required=True, limit=PARAGRAPH)))
    return tuple(found)


def read_certification(top: Fields, codes: Sequence[Code], ratings: Sequence[RatingScale]) -> Certification | None:
    """The mapping `certification`: limits against criterion codings, and on how many sessions."""
    if not top.has("certification"):
        return None
    asked = top.part("certification", CERTIFICATION)
    there = {DataKind.CODES: codes, DataKind.RATINGS: ratings}
    limits = []
    for kind in MEASURES:
        if not asked.has(kind):
            continue
        if not there[kind]:
            asked.note(kind, f"there is a limit for {kind}, and the scheme has no {_needs(kind)}")
        part = asked.part(kind, LIMIT)
        if not part.has("at_least"):
            part.note("at_least", "at_least is missing: what the lower end of the interval must reach")
        at_least = part.number("at_least", 0, 1, default=0)
        limits.append(Limit(kind, part.choice("measure", MEASURES[kind]), at_least))
    if not limits:
        top.note("certification", f"certification sets no limit; give one for {' or '.join(MEASURES)}")
    sessions = asked.whole("sessions", 1, _MOST_SESSIONS)
    return Certification(sessions or 1, tuple(limits), asked.text("reason", required=True, limit=PARAGRAPH))


def _needs(kind: DataKind) -> str:
    return "ratings" if kind is DataKind.RATINGS else "codes"


def coefficients_for(kind: DataKind) -> list[str]:
    """Ids of the coefficients that a scheme can name for one kind of data; of those that others installed, all: what
    they fit is theirs to say."""
    installed = sorted({point.name for point in registry.installed(GROUP)})
    return [*COEFFICIENTS[kind], *installed]
