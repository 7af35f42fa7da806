"""Unitized continua: each rater's states as units that they found on the observed time.

A unit is half-open, `[start, end)`. The continuum of a session is what all its raters were to
observe, less what somebody could not: that time is taken out, so a unit that spans it is one unit
of the length that was observed, and one that reaches beyond the window is cut there. Events without
length (points) are no units and are counted. Overlapping units of one code by one rater are joined.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from workbench.agreement.compared import ALL_CODES, Compared, compared
from workbench.agreement.continua import Continua, Marked, joined, joined_note
from workbench.agreement.study import Study, dark, shared_window
from workbench.agreement.units import Way, counted
from workbench.agreement.units._cells import NO_WINDOW, NOT_SHARED
from workbench.model.coding import Event
from workbench.model.span import TimeSpan, merged, without

DARK = "seconds that could not be observed"
POINTS = "events without length, which are no units of a continuum"
OUTSIDE = "units outside of what was observed"


def build(study: Study, what: str, *, compare: str = "code", among: Iterable[str] | None = None) -> Continua:
    """What each rater marked as `what`, or with ALL_CODES as any code (`among` these).

    `compare` names what of an event is the code of its unit (see `compared`): "code", or also or only
    modifiers, who and whom. Raises InputProblems for a `compare` that there is not.
    """
    asked = compared(what, compare, among)
    excluded: Counter[str] = Counter()
    sessions: list[str] = []
    observed: list[tuple[TimeSpan, ...]] = []
    marked: list[dict[str, tuple[Marked, ...]]] = []
    cut = overlapping = 0
    for session in study.sessions:
        codings = study.of(session)
        window = shared_window(codings)
        if not window:
            excluded[NO_WINDOW] += 1
            continue
        seen = without(window, dark(codings))
        excluded[NOT_SHARED] += _seconds(without((w for c in codings for w in c.windows), window))
        excluded[DARK] += _seconds(window) - _seconds(seen)
        of_raters: dict[str, tuple[Marked, ...]] = {}
        for coding in codings:
            units: list[Marked] = []
            for event in coding.events:
                if what not in (ALL_CODES, event.code) or not asked.takes_part(event):
                    continue
                if event.end_ms is None or event.end_ms <= event.start_ms:
                    excluded[POINTS] += 1
                elif (unit := _within(event, event.end_ms, asked, seen)) is None:
                    excluded[OUTSIDE] += 1
                else:
                    cut += (unit.start_ms, unit.end_ms) != (event.start_ms, event.end_ms)
                    units.append(unit)
            of_raters[coding.rater] = joined(units)
            overlapping += len(units) - len(of_raters[coding.rater])
        sessions.append(session)
        observed.append(seen)
        marked.append(of_raters)
    found = {unit.code for of in marked for units in of.values() for unit in units}
    codes = {what} if asked.against_rest else found
    notes = joined_note(overlapping)
    if cut:
        notes += (f"{cut} units were cut where nothing was observed any more.",)
    return Continua(
        raters=study.raters,
        sessions=tuple(sessions),
        observed=tuple(observed),
        marked=tuple(tuple(of.get(rater) for of in marked) for rater in study.raters),
        categories=tuple(sorted(codes)),
        excluded=counted(excluded),
        settings={**asked.settings(), "window_ms": sum(s.length_ms for spans in observed for s in spans)},
        notes=notes,
    )


def _within(event: Event, end_ms: int, asked: Compared, seen: tuple[TimeSpan, ...]) -> Marked | None:
    """The event from the first to the last of it that was observed."""
    span = TimeSpan(event.start_ms, end_ms)
    touched = [s for s in seen if s.overlap_ms(span)]
    if not touched:
        return None
    code = asked.category(event) or event.code
    return Marked(max(span.start_ms, touched[0].start_ms), min(span.end_ms, touched[-1].end_ms), code)


def _seconds(spans: tuple[TimeSpan, ...]) -> int:
    return round(sum(span.length_ms for span in merged(spans)) / 1000)


WAY = Way("continua", "unitized continua", "code", ("compare", "among"), build)
