"""Events linked by overlap, as EasyDIAg links them.

Holle & Rein (2015), Behavior Research Methods 47, 837–847, and the MATLAB source of their toolbox:
the overlap of two events is the time they share divided by the length of the longer one; the pair
with the largest overlap is linked first, then of what is left the next, each event once; a link
holds from an overlap of 60 % on. What they were coded as plays no part (only of two equally large
overlaps, that of the same code goes first). As there, and in GSEQ, the unit is an event of either
rater: a linked pair is two units, an event that stands alone is one.

The events of one tier are alternatives to each other. Where codes of several tiers run at the same
time, choose those of one with `among`; else events of different tiers are linked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from workbench.agreement.compared import compared
from workbench.agreement.data import ReliabilityData
from workbench.agreement.problems import InputProblems
from workbench.agreement.study import Study
from workbench.agreement.units import Way
from workbench.agreement.units._pairs import Beside, by_pairs
from workbench.model.coding import Event

OVERLAP = 0.6
POINTS = "events without length, which cannot overlap"
AT_ONCE = (
    "Some events of one rater run at the same time; they are linked by overlap alone, so choose the codes of one "
    "tier with “among” where codes are of several."
)


def build(
    study: Study,
    what: str,
    *,
    overlap: float = OVERLAP,
    compare: str = "code",
    among: Iterable[str] | None = None,
) -> ReliabilityData:
    """What each of two raters coded each event as, their events linked by overlap.

    Raises InputProblems for an overlap that is not above .5 and at most 1: at .5 and below one
    event can be linked with two that follow each other.
    """
    checked(overlap)
    asked = compared(what, compare, among)

    def put(a: list[Event], b: list[Event], excluded: Counter[str]) -> list[Beside]:
        sides = []
        for side in (a, b):
            sides.append([e for e in side if _end(e) > e.start_ms])
            excluded[POINTS] += len(side) - len(sides[-1])
        return side_by_side(sides[0], sides[1], overlap)

    notes = (f"Events of two raters are linked where they share {100 * overlap:g} % of the longer one or more.",)
    data = by_pairs(study, asked, put, {"overlap": overlap}, notes, linked_count=2)
    if any(_at_once([e for e in c.events if asked.takes_part(e) and _end(e) > e.start_ms]) for c in study.codings):
        data = replace(data, notes=(*data.notes, AT_ONCE))
    return data


def checked(overlap: float) -> None:
    """Raises InputProblems for an overlap that is no share, or one that could link an event with two."""
    if not 0.5 < overlap <= 1:
        raise InputProblems([f"the overlap is {overlap:g}, expected a share above 0.5 and up to 1, such as 0.6"])


def side_by_side(a: list[Event], b: list[Event], overlap: float) -> list[Beside]:
    """Events with length, linked where they overlap enough; the others alone."""
    links = linked(a, b, overlap)
    in_a, in_b = {id(x) for x, _ in links}, {id(y) for _, y in links}
    alone: list[Beside] = [(x, None) for x in a if id(x) not in in_a]
    return [*links, *alone, *((None, y) for y in b if id(y) not in in_b)]


def linked(a: Iterable[Event], b: Iterable[Event], overlap: float) -> list[tuple[Event, Event]]:
    """Pairs of events that share `overlap` of the longer one or more, the largest share first, each event once."""
    left, right = sorted(a, key=_by_time), sorted(b, key=_by_time)
    longest = max((_end(e) - e.start_ms for e in right), default=0)
    candidates: list[tuple[float, bool, tuple[int, ...], int, Event, Event]] = []
    first = 0
    for x in left:
        while first < len(right) and right[first].start_ms + longest <= x.start_ms:
            first += 1
        for at in range(first, len(right)):
            y = right[at]
            if y.start_ms >= _end(x):
                break
            shared = min(_end(x), _end(y)) - max(x.start_ms, y.start_ms)
            longer = max(_end(x) - x.start_ms, _end(y) - y.start_ms)
            if shared >= overlap * longer - 1e-9:
                candidates.append((-shared / longer, x.code != y.code, _both(x, y), len(candidates), x, y))
    candidates.sort(key=lambda c: c[:4])
    taken: set[int] = set()
    out = []
    for *_, x, y in candidates:
        if id(x) not in taken and id(y) not in taken:
            taken |= {id(x), id(y)}
            out.append((x, y))
    return out


def _end(event: Event) -> int:
    return event.start_ms if event.end_ms is None else event.end_ms


def _by_time(event: Event) -> tuple[int, int, str]:
    return event.start_ms, _end(event), event.id


def _both(x: Event, y: Event) -> tuple[int, ...]:
    """A pair's times, whoever of the raters comes first."""
    return (*sorted((x.start_ms, y.start_ms)), *sorted((_end(x), _end(y))))


def _at_once(events: list[Event]) -> bool:
    """Whether events of one rater run at the same time."""
    order = sorted(events, key=_by_time)
    latest = -1
    for event in order:
        if event.start_ms < latest:
            return True
        latest = max(latest, _end(event))
    return False


WAY = Way("linked", "events linked by overlap", "code", ("overlap", "compare", "among"), build)
