"""The rows of an export that say what raters coded. Running notes are the rater's own and are left out."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from workbench.alliance import derived_scores
from workbench.exchange.table_schema import instant
from workbench.model.assignment import Coding
from workbench.model.coding import CodingContent, Evidence, Rating
from workbench.model.observed import dark_spans, observed_ms
from workbench.model.rated import ratings_asked
from workbench.model.scheme import CodingScheme
from workbench.model.units import Unit

Row = dict[str, Any]


def coding_rows(
    found: Sequence[Coding],
    said: Mapping[str, CodingContent],
    sessions: Mapping[str, str],
    raters: Mapping[str, str],
    schemes: Mapping[str, CodingScheme],
    on_clock: Collection[str],
    units: Mapping[str, Sequence[Unit]],
) -> dict[str, list[Row]]:
    """The tables by name. `said` by coding id; `sessions` and `raters`: their codes and names by id.
    `on_clock`: ids of live codings that are not aligned. `units` by coding id, where utterances are coded.
    Evidence that was taken away again is left out."""
    tables: dict[str, list[Row]] = {
        name: []
        for name in (
            "codings",
            "events",
            "not_observable",
            "ratings",
            "derived_scores",
            "evidence",
            "reasons",
            "unit_boundaries",
        )
    }
    for coding in found:
        scheme, content = schemes[coding.scheme_hash], said[coding.id]
        ratings = ratings_asked(scheme, content, coding.windows)
        rated, standing = {r.place for r in ratings}, {e.id for e in content.codes}
        base = {"session": sessions[coding.session_id], "rater": raters[coding.rater_id], "scheme": scheme.name}
        tables["codings"].append(base | _coding(coding, content, scheme) | {"on_clock": coding.id in on_clock})
        tables["events"] += [base | row for row in _events(coding, content, scheme)]
        tables["not_observable"] += [base | row for row in _not_observable(coding, content)]
        tables["ratings"] += [base | _place(r) | {"value": r.value, "no_evidence": r.no_evidence} for r in ratings]
        tables["derived_scores"] += [base | row for row in _derived(coding, content, scheme, units.get(coding.id, ()))]
        tables["evidence"] += [
            base | _place(e) | {"event": e.event or None, "unit": e.unit or None}
            for e in content.evidence
            if e.place in rated and (e.unit or e.event in standing)
        ]
        tables["reasons"] += [
            base | {"rule": r.rule, "segment": r.segment, "person": r.person or None, "reason": r.reason}
            for r in content.reasons
        ]
        tables["unit_boundaries"] += [
            base | {"unit": unit, "starts": starts} for unit, starts in content.boundaries.items()
        ]
    return tables


def _place(of: Rating | Evidence) -> Row:
    return {"scale": of.scale, "segment": of.segment, "person": of.person or None}


def _coding(coding: Coding, content: CodingContent, scheme: CodingScheme) -> Row:
    return {
        "scheme_version": scheme.version,
        "scheme_hash": scheme.hash,
        "coding_state": coding.state.value,
        "submitted_at": instant(coding.submitted_at) if coding.submitted_at is not None else None,
        "live": coding.live,
        "window_ms": sum(w.length_ms for w in coding.windows),
        "observed_ms": observed_ms(content, coding.windows),
    }


def _derived(coding: Coding, content: CodingContent, scheme: CodingScheme, units: Sequence[Unit]) -> Iterator[Row]:
    observed = observed_ms(content, coding.windows)
    for value in derived_scores(scheme, content, coding.windows, units):
        yield {
            "scheme_version": scheme.version,
            "scheme_hash": scheme.hash,
            "coding_state": coding.state.value,
            "score": value.score.id,
            "kind": value.score.kind.value,
            "value": value.value,
            "unit": value.unit or None,
            "level": value.level or None,
            "by_person": ";".join(f"{who}={own:.6g}" for who, own in value.by_person.items()) or None,
            "n_events": value.n_events,
            "n_ratings": value.n_ratings,
            "n_ratings_asked": value.n_asked,
            "n_segments": value.n_segments,
            "left_out": value.left_out,
            "left_out_why": value.left_out_why or None,
            "observed_ms": observed,
            "reason": value.reason or None,
        }


def _events(coding: Coding, content: CodingContent, scheme: CodingScheme) -> Iterator[Row]:
    for event in content.codes:
        yield {
            "scheme_version": scheme.version,
            "scheme_hash": scheme.hash,
            "coding_state": coding.state.value,
            "event": event.id,
            "code": event.code,
            "kind": scheme.code(event.code).kind.value,
            "start_ms": event.start_ms,
            "end_ms": event.end_ms,
            "modifiers": ";".join(event.modifiers),
            "who": event.who or None,
            "whom": event.whom or None,
            "unit": event.unit or None,
            "comment": event.comment,
            "unsure": event.unsure,
            "second_choice": event.second_choice or None,
            "question": event.question,
            "lag_ms": event.lag_ms,
        }


def _not_observable(coding: Coding, content: CodingContent) -> Iterator[Row]:
    """Each stretch as far as it lies in the window."""
    for event in content.not_observable:
        alone = CodingContent((event,))
        for span in dark_spans(alone, coding.windows):
            reason = event.modifiers[0].removeprefix("reason:") if event.modifiers else None
            yield {"start_ms": span.start_ms, "end_ms": span.end_ms, "reason": reason, "comment": event.comment}
