"""Which events of two codings mean the same moment.

Events are compared by their onset. `match` pairs two raters' events one to one within a tolerance:
as many pairs as possible, and of those the closest in time (an optimal assignment; a greedy one
can leave a pair unmatched that would have fitted). `together` does the same for any number of
raters, for the bins.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment

from workbench.model.coding import Event

Pair = tuple[Event, Event]


@dataclass(frozen=True, slots=True)
class Matching:
    """Two codings side by side, each event in exactly one place.

    matched: same code within the tolerance. confusions: what is left, paired within the tolerance
    with an event of another code. Against a criterion coding `b`: hits are `matched`, missed are
    `only_b`, extra are `only_a`.
    """

    matched: tuple[Pair, ...]
    confusions: tuple[Pair, ...]
    only_a: tuple[Event, ...]
    only_b: tuple[Event, ...]
    tolerance_ms: int

    @property
    def hits(self) -> int:
        return len(self.matched)


def match(a: Iterable[Event], b: Iterable[Event], tolerance_ms: int) -> Matching:
    """The events of `a` paired with those of `b` whose onset is at most `tolerance_ms` away.

    Same codes are paired first; then different codes among what is left. Raises ValueError for a
    negative tolerance.
    """
    if tolerance_ms < 0:
        raise ValueError(f"the tolerance is {tolerance_ms} ms, expected 0 or more")
    left, right = sorted(a, key=_by_time), sorted(b, key=_by_time)
    matched: list[Pair] = []
    for code in sorted({e.code for e in left} & {e.code for e in right}):
        of_a, of_b = ([e for e in side if e.code == code] for side in (left, right))
        matched += _pairs(of_a, of_b, tolerance_ms)
    left, right = _rest(left, (p[0] for p in matched)), _rest(right, (p[1] for p in matched))
    # no two of one code are left within the tolerance: they would have been one pair more
    confusions = _pairs(left, right, tolerance_ms)
    left, right = _rest(left, (p[0] for p in confusions)), _rest(right, (p[1] for p in confusions))
    matched.sort(key=lambda p: (_by_time(p[0]), _by_time(p[1])))
    return Matching(tuple(matched), tuple(confusions), tuple(left), tuple(right), tolerance_ms)


def together(onsets: Sequence[tuple[int, int]], tolerance_ms: int) -> list[int]:
    """Times of one code by several raters, (rater, ms) each, with those that mean the same moment
    set to the earliest of them, in the order given.

    A group holds at most one time of each rater and spans at most the tolerance; the grouping has as
    few groups as possible, then the smallest sum of spans, then the earliest groups first. Who the
    raters are does not matter.
    """
    order = sorted(range(len(onsets)), key=lambda i: onsets[i][1])
    n = len(order)
    # best[i]: (groups, sum of spans) for the times from i on; cut[i]: where the first group ends
    best: list[tuple[int, int]] = [(0, 0)] * (n + 1)
    cut = [0] * n
    for i in range(n - 1, -1, -1):
        seen: set[int] = set()
        first = onsets[order[i]][1]
        choice: tuple[int, int] | None = None
        for j in range(i, n):
            rater, ms = onsets[order[j]]
            if rater in seen or ms - first > tolerance_ms:
                break
            seen.add(rater)
            cost = (1 + best[j + 1][0], ms - first + best[j + 1][1])
            if choice is None or cost <= choice:
                choice, cut[i] = cost, j + 1
        best[i] = choice or (0, 0)
    out = [0] * n
    i = 0
    while i < n:
        for k in range(i, cut[i]):
            out[order[k]] = onsets[order[i]][1]
        i = cut[i]
    return out


def _by_time(event: Event) -> tuple[int, str, str]:
    return (event.start_ms, event.code, event.id)


def _rest(events: Sequence[Event], taken: Iterable[Event]) -> list[Event]:
    gone = {id(e) for e in taken}
    return [e for e in events if id(e) not in gone]


def _pairs(a: Sequence[Event], b: Sequence[Event], tolerance_ms: int) -> list[Pair]:
    """The optimal pairs, worked out for each stretch that is separated from the next by more than the tolerance."""
    pairs: list[Pair] = []
    for some_a, some_b in _stretches(a, b, tolerance_ms):
        apart = np.array([[abs(x.start_ms - y.start_ms) for y in some_b] for x in some_a], dtype=float)
        allowed = apart <= tolerance_ms
        forbidden = (tolerance_ms + 1.0) * (min(apart.shape) + 1)
        rows, columns = linear_sum_assignment(np.where(allowed, apart, forbidden))
        pairs += [(some_a[r], some_b[c]) for r, c in zip(rows, columns, strict=True) if allowed[r, c]]
    return sorted(pairs, key=lambda p: (_by_time(p[0]), _by_time(p[1])))


def _stretches(a: Sequence[Event], b: Sequence[Event], tolerance_ms: int) -> Iterable[tuple[list[Event], list[Event]]]:
    both = sorted([(e.start_ms, 0, k) for k, e in enumerate(a)] + [(e.start_ms, 1, k) for k, e in enumerate(b)])
    some: tuple[list[Event], list[Event]] = ([], [])
    last: int | None = None
    for ms, side, k in both:
        if last is not None and ms - last > tolerance_ms:
            if some[0] and some[1]:
                yield some
            some = ([], [])
        some[side].append((a, b)[side][k])
        last = ms
    if some[0] and some[1]:
        yield some
