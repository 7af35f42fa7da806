"""Sequences of events set side by side by their order, and events by their onsets."""

from __future__ import annotations

from itertools import combinations, product

import numpy as np
import pytest
from agreement_pictures import coding, said, study
from hypothesis import given, settings
from hypothesis import strategies as st

import workbench.agreement as agreement
from workbench.agreement import ALL_CODES, NOTHING
from workbench.agreement.units import sequence


def costs(a: str, b: str, places: list[tuple[int | None, int | None]], gap: int = 1) -> tuple[int, int]:
    gaps = sum(None in p for p in places)
    wrong = sum(i is not None and j is not None and a[i] != b[j] for i, j in places)
    return wrong + gap * gaps, gaps


def every_alignment(n: int, m: int) -> list[list[tuple[int | None, int | None]]]:
    """All ways to set two sequences of n and m side by side (gaps of the first before those of the second)."""
    out = []
    for k in range(min(n, m) + 1):
        for left, right in product(combinations(range(n), k), combinations(range(m), k)):
            places: list[tuple[int | None, int | None]] = []
            i = j = 0
            for x, y in [*zip(left, right, strict=True), (n, m)]:
                places += [(u, None) for u in range(i, x)] + [(None, v) for v in range(j, y)]
                places += [(x, y)] if x < n or y < m else []
                i, j = x + 1, y + 1
            out.append(places)
    return out


@settings(max_examples=150, deadline=None)
@given(a=st.text("xyz", max_size=5), b=st.text("xyz", max_size=5), gap=st.integers(1, 3))
def test_an_alignment_is_the_cheapest_with_the_fewest_gaps_of_all_there_are(a: str, b: str, gap: int) -> None:
    found = sequence.aligned(a, b, gap=gap)
    assert [i for i, _ in found if i is not None] == list(range(len(a)))
    assert [j for _, j in found if j is not None] == list(range(len(b)))
    assert costs(a, b, found, gap) == min(costs(a, b, p, gap) for p in every_alignment(len(a), len(b)))


def test_of_equally_cheap_alignments_the_fewest_gaps_count_more_than_the_nearest_times() -> None:
    assert sequence.aligned("x", "y", 2, 1, [0], [100_000]) == [(0, 0)]
    assert sequence.aligned("x", "yz", 1, 1, [5000], [0, 5000]) == [(None, 0), (0, 1)]


def test_sequences_are_aligned_by_their_order_and_not_by_their_time() -> None:
    s = agreement.Study((coding("a", "r.w.p.m"), coding("b", "...rwm.")))
    assert said(agreement.units(s, "sequence", ALL_CODES)) == [
        ("rupture", "rupture"),
        ("withdrawal", "withdrawal"),
        ("repair", NOTHING),
        ("minimal response", "minimal response"),
    ]


@settings(max_examples=60, deadline=None)
@given(a=st.text("rwmp.", min_size=1, max_size=12), b=st.text("rwmp.", min_size=1, max_size=12))
def test_who_of_two_raters_comes_first_does_not_matter(a: str, b: str) -> None:
    long = max(len(a), len(b)) + 3
    one, other = a.ljust(long, "."), b.ljust(long, ".")
    for id, way in [("alignment_kappa", "sequence"), ("alignment_kappa", "aligned"), ("time_unit_kappa", "time_units")]:
        more = {} if way == "sequence" else {"tolerance_ms": 2000}
        studies = [agreement.Study((coding("a", x), coding("b", y))) for x, y in [(one, other), (other, one)]]
        data = [agreement.units(s, way, ALL_CODES, **more) for s in studies]
        values = [agreement.compute(id, d, replicates=0).value for d in data]
        assert values[0] == values[1]


def test_costs_that_are_no_costs_are_refused() -> None:
    with pytest.raises(agreement.InputProblems, match="gap is 0"):
        agreement.units(study("r", "r"), "sequence", ALL_CODES, gap=0)


def test_events_aligned_by_onset_prefer_the_same_code_within_the_tolerance() -> None:
    s = study("r.w...p", ".wr....")
    assert said(agreement.units(s, "aligned", ALL_CODES, tolerance_ms=2000)) == [
        ("rupture", "rupture"),
        ("withdrawal", "withdrawal"),
        ("repair", NOTHING),
    ]
    assert said(agreement.units(s, "aligned", ALL_CODES, tolerance_ms=1000))[:2] == [
        ("rupture", NOTHING),
        ("withdrawal", "withdrawal"),
    ]
    confused = study("r......", ".w.....")
    assert said(agreement.units(confused, "aligned", ALL_CODES)) == [("rupture", "withdrawal")]


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(("substitution", "gap"), [(1000, 1000), (1000, 999), (1, 1000)])
def test_high_costs_of_long_sequences_give_the_cheapest_alignment_too(substitution: int, gap: int) -> None:
    rng = np.random.default_rng(1)
    n, two_hours = 1200, 7_200_000
    sides = ["".join(rng.choice(list("abcd"), n)) for _ in range(2)]
    onsets = [sorted(rng.integers(0, two_hours, n).tolist()) for _ in range(2)]

    def cost(places: list[tuple[int | None, int | None]]) -> tuple[int, int]:
        gaps = sum(None in place for place in places)
        wrong = sum(i is not None and j is not None and sides[0][i] != sides[1][j] for i, j in places)
        return substitution * wrong + gap * gaps, gaps

    untimed = cost(sequence.aligned(*sides, substitution, gap))
    assert cost(sequence.aligned(*sides, substitution, gap, *onsets)) == untimed
    if substitution == gap:
        assert untimed[0] == 1000 * sum(costs(*sides, sequence.aligned(*sides))[:1])
