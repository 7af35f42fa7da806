"""Each rater against the criterion codings of the sessions: hits and misses, and the coefficients of the report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from workbench.app import current
from workbench.app.parts import computed
from workbench.app.parts.agreement_shown import Shown
from workbench.app.parts.agreement_units import present_units
from workbench.app.parts.numbers import NONE, interval, number, percent
from workbench.app.parts.result_card import result_card
from workbench.app.parts.table import Cell, Column, table
from workbench.app.parts.texts import count, plain, section
from workbench.model.scheme import DataKind, Limit
from workbench.workflows import hold_against_criterion, measure_agreement
from workbench.workflows.agree import Result
from workbench.workflows.hold_against_criterion import Found, Held
from workbench.workflows.measure_agreement import Subject

_TITLES = {"exact": "Exact", "within_one": "Within one", "bias": "Bias", "kappa": "κ", "icc": "ICC(2,1)"}
_SHARES = ("exact", "within_one")
_OF_RATINGS = ("ratings", "instrument")
_LIMIT = "Set by the scheme: the interval has to begin here or above, on as many sessions as it asks for."


def criterion_alone(shown: Shown) -> bool:
    """Where no two raters can be compared with each other: those who can be with the criterion, on one code or rating.
    False where there are none."""
    held = computed.held(current.workspace(), shown.person, shown.choice, shown.material, shown.mark)
    if held is None or not (held.study.codings or held.practice.codings):
        return False
    st.markdown(
        "**Of these raters no two have coded the same session for the study.** So they are not compared with each "
        "other here, but with the criterion codings."
    )
    units = hold_against_criterion.usual_units(held, shown.material)
    subjects = [*measure_agreement.codes(shown.material, units), *measure_agreement.ratings(shown.material)]
    of = {s.key: s for s in subjects}
    asked = st.selectbox(
        "Compare", list(of), format_func=lambda key: of[key].label, key="agreement-criterion-by", width=420
    )
    against_criterion(shown, of[asked])
    return True


def against_criterion(shown: Shown, subject: Subject | None) -> None:
    """A line for each rater, of one code or rating; None: of all codes."""
    section("Against the criterion")
    held = computed.held(current.workspace(), shown.person, shown.choice, shown.material, shown.mark)
    if held is None:
        st.caption("None of these sessions has a criterion coding on this scheme that you may see.")
        return
    if subject is None and not shown.material.scheme.codes:
        st.caption("Choose a rating above: this scheme has no codes.")
        return
    asked = _asked(shown, subject)
    coded = asked.units.way not in _OF_RATINGS
    code = subject.what if subject else None
    counts = hold_against_criterion.counted(held, shown.material.scheme, code) if coded else []
    with st.spinner("Computing …"):
        found = computed.against_criterion(held, shown.mark, asked)
    if not counts and not found:
        st.caption("Nobody who is chosen here coded a session that has a criterion coding.")
        return
    limits = hold_against_criterion.limits(shown.material.scheme, found, asked, held)
    _table(held, asked, counts, found, limits)
    st.caption(plain(_reading(held, coded)))
    if said := _certified(shown, asked, held, limits):
        st.caption(plain(said))
    _in_full(held, asked, found)


def _asked(shown: Shown, subject: Subject | None) -> Subject:
    """What is compared, in units of which each is a value of both."""
    units = subject.units if subject else present_units(shown)
    if units.way == "continua":
        units = measure_agreement.usual(shown.material)
    if subject is None:
        return hold_against_criterion.every_code(units)
    return Subject(subject.what, subject.label, units, subject.used)


def _table(
    held: Held,
    asked: Subject,
    counts: Sequence[Found],
    found: Mapping[str, list[Result]],
    limits: Mapping[Limit, Mapping[str, str]],
) -> None:
    by_rater = {c.rater: c for c in counts}
    forms = list(dict.fromkeys(r.variant for results in found.values() for r in results))
    columns = [Column("Rater", width="13rem"), Column("Sessions", numeric=True)]
    if counts:
        columns += [
            Column("Hits", numeric=True, about="Codes of the criterion that the rater gave as well."),
            Column("Missed", numeric=True, about="Codes of the criterion that the rater did not give."),
            Column("Extra", numeric=True, about="Codes of the rater that the criterion does not have."),
            Column("Found", numeric=True, about="Hits of the criterion’s codes: sensitivity."),
            Column("Right", numeric=True, about="Hits of the rater’s codes: positive predictive value."),
        ]
    columns += [Column(_TITLES[form], numeric=True) for form in forms]
    columns += [Column(f"Limit: {_TITLES[limit.measure]} from {limit.at_least:g}", about=_LIMIT) for limit in limits]
    rows = []
    for rater in dict.fromkeys([*by_rater, *found]):
        results = {r.variant: r for r in found.get(rater, ())}
        n = by_rater[rater].n_sessions if rater in by_rater else max((r.n_sessions or 0) for r in results.values())
        practised = rater in held.practice.raters
        row: list[str | Cell] = [Cell(held.names[rater], under="practice" if practised else ""), str(n)]
        if counts:
            c = by_rater[rater]
            row += [f"{c.hits:,}", f"{c.missed:,}", f"{c.extra:,}", percent(c.found), percent(c.right)]
        row += [_cell(results.get(form)) for form in forms]
        rows.append([*row, *(words.get(rater, NONE) for words in limits.values())])
    title = next((r.title for results in found.values() for r in results if r.variant in ("kappa", "icc")), "")
    below = f"; {asked.units.words}" if asked.units.way not in _OF_RATINGS else ""
    table(columns, rows, caption=f"{asked.label}{f': {title}' if title else ''}{below}. With 95 % intervals.")


def _cell(result: Result | None) -> Cell:
    if result is None:
        return Cell(NONE)
    if result.value is None:
        return Cell(NONE, under=result.reason or "undefined")
    shares = result.variant in _SHARES
    text = percent(result.value) if shares else number(result.value)
    if result.low is None or result.high is None:
        return Cell(text, under="no interval")
    ends = f"{percent(result.low)} to {percent(result.high)}" if shares else interval(result.low, result.high)
    return Cell(text, under=ends.replace(" ", "\u00a0"))  # on one line


def _reading(held: Held, coded: bool) -> str:
    n, further = len(held.criteria.study.sessions), held.criteria.further
    said = [f"{count(n, 'session')} with a criterion coding."]
    if further:
        said.append(
            f"Where there are several, the one handed in last counts, as in feedback and report; {further} further "
            f"{'does' if further == 1 else 'do'} not."
        )
    if held.practice.codings:
        said.append("Practice has lines of its own and is no part of the study’s agreement, nor of its report.")
    if coded and any(e.unsure for c in held.criteria.study.codings for e in c.events):
        said.append(
            "What the criterion marks unsure is defensible either way: it is no hit, no miss and no extra. As units "
            "it counts like any other."
        )
    if coded:
        said.append("Where little is coded nearly every unit agrees exactly: read κ beside it.")
    said.append("Certify on the lower end of an interval, and with enough material.")
    return " ".join(said)


def _certified(shown: Shown, asked: Subject, held: Held, limits: Mapping[Limit, Mapping[str, str]]) -> str:
    """What the limits in the table mean, and where they stand if not here; empty where the scheme sets none."""
    scheme = shown.material.scheme
    if scheme.certification is None:
        return ""
    if not limits:
        if asked.units.way in _OF_RATINGS or not any(m.of is DataKind.CODES for m in scheme.certification.limits):
            return ""
        units = hold_against_criterion.usual_units(held, shown.material).words
        return f"The scheme’s limit for codes is on all codes at once ({units}) and stands with them alone."
    sessions = count(scheme.certification.sessions, "session")
    every = (
        "all of its limits, those of all codes at once and those of each rating"
        if len({limit.of for limit in scheme.certification.limits}) > 1
        else "all of its limits"
    )
    return (
        f"A limit of the scheme is reached where the interval begins at it or above, on {sessions}; a trainee needs "
        f"{every}. Practice counts here on this version alone. “Toward certification”, below a practice coding, has "
        "all limits together, and practice on earlier versions with it."
    )


def _in_full(held: Held, asked: Subject, found: Mapping[str, list[Result]]) -> None:
    """Any of the numbers with what it rests on."""
    every = [(rater, r) for rater, results in found.items() for r in results]
    if not every:
        return
    with st.expander("Every number in full"):
        at = st.selectbox(
            "In full",
            range(len(every)),
            format_func=lambda n: f"{held.names[every[n][0]]}, {every[n][1].title}",
            index=None,
            placeholder="Choose one for its settings, counts and Python",
            key="agreement-criterion-in-full",
        )
        if at is None or at >= len(every):
            return
        rater, result = every[at]
        lines = hold_against_criterion.in_python(result)
        result_card(result, lines, what=asked.label, raters=f"{held.names[rater]} and the criterion")
        st.caption(
            "Practice is not in the files of the report."
            if rater in held.practice.raters
            else "The files that these lines read are part of the report."
        )
