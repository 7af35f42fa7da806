"""Alignments of units by the library pygamma-agreement, and the random continua to hold them against.

The library (Titeux & Riad 2021, Journal of Open Source Software 6, 2989) is asked for one thing: the
alignment of least disorder. Raters and codes go to it as numbers that follow from where their units lie,
so neither names nor their order can change a value. The random continua are drawn here, because its
shuffling sampler fails on whole numbers and uses one state of randomness for everybody:
Mathet, Widlöcher & Métivier (2015), Computational Linguistics 41, 437–479, section 5.2, as the library
reads it: each random rater is a rater drawn with replacement whose units are turned round the continuum
by a random amount, amounts at least half a mean unit apart where there is room.
"""

from __future__ import annotations

import importlib
import importlib.util
import logging
import math
import os
import sys
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbench.agreement.continua import Continua

LIBRARY = "pygamma_agreement"
DELTA_EMPTY, ALPHA, BETA = 1.0, 1.0, 1.0
SAMPLES = 30

Units = tuple[tuple[float, float, int], ...]
"""One rater's units: start, end, number of the code."""


@dataclass(frozen=True)
class Disorder:
    """Of one alignment: its disorder (per mean number of units), and for γ-cat the weighted share of
    pairs of aligned units whose codes differ, as its two sums."""

    whole: float
    differing: float
    weight: float


def installed() -> bool:
    return LIBRARY in sys.modules or importlib.util.find_spec(LIBRARY) is not None


def aligned(continua: Iterable[tuple[Units, ...]]) -> list[Disorder]:
    """The disorder of the best alignment of each continuum. Each needs two raters and one unit."""
    os.environ.setdefault("PYANNOTE_METRICS_ENABLED", "0")
    with _quiet():
        library: Any = importlib.import_module(LIBRARY)
        segment = importlib.import_module(f"{LIBRARY}.continuum").Segment
        measure = library.CombinedCategoricalDissimilarity(alpha=ALPHA, beta=BETA, delta_empty=DELTA_EMPTY)
        found = []
        for raters in continua:
            continuum = library.Continuum()
            for r, units in enumerate(raters):
                continuum.add_annotator(f"{r:06}")
                for start, end, code in units:
                    continuum.add(f"{r:06}", segment(start, end), f"{code:06}")
            found.append(_disorder(continuum.get_best_alignment(measure), sum(map(len, raters)) / len(raters)))
    return found


def in_numbers(data: Continua) -> list[tuple[Units, ...]]:
    """Each session that two raters coded and somebody marked, as units on the observed time with codes as
    numbers; raters of a session and codes in an order that follows from where their units lie."""
    sessions = []
    for s, both in enumerate(data.pairable_sessions):
        rows = [row[s] for row in data.marked]
        if not both or not any(rows):
            continue
        sessions.append(
            [
                [
                    (float(a), float(b), u.code)
                    for u, a, b in zip(
                        units,
                        data.positions(s, (u.start_ms for u in units)),
                        data.positions(s, (u.end_ms for u in units)),
                        strict=True,
                    )
                ]
                for units in rows
                if units is not None
            ]
        )
    places: dict[str, list[tuple[float, float]]] = {}
    for raters in sessions:
        for units_of in raters:
            for start, end, code in units_of:
                places.setdefault(code, []).append((start, end))
    number = {code: at for at, code in enumerate(sorted(places, key=lambda code: sorted(places[code])))}
    return [
        tuple(sorted(tuple((a, b, number[code]) for a, b, code in units_of) for units_of in raters))
        for raters in sessions
    ]


def drawn(raters: tuple[Units, ...], length: float, samples: int, seed: int) -> Iterator[tuple[Units, ...]]:
    """Random continua like this one of `length`, the same for the same units and seed."""
    times = np.array([(a, b) for units in raters for a, b, _ in units])
    rng = np.random.default_rng([seed, zlib.crc32(times.tobytes())])
    apart = float((times[:, 1] - times[:, 0]).mean()) / 2
    for _ in range(samples):
        sample: tuple[Units, ...] = ((),)
        while not any(sample):
            turned: list[float] = []
            for _ in raters:
                turned.append(_place(rng, turned, apart, length))
            who = rng.integers(0, len(raters), len(raters))
            sample = tuple(_turned(raters[w], by, length) for w, by in zip(who, turned, strict=True))
        yield sample


def _place(rng: np.random.Generator, taken: list[float], apart: float, length: float) -> float:
    """A random amount to turn by, `apart` from those `taken` unless a hundred tries find no room."""
    place = 0.0
    for _ in range(100):
        place = float(rng.uniform(0, length))
        if all(min(abs(place - other), length - abs(place - other)) >= apart for other in taken):
            break
    return place


def _turned(units: Units, by: float, length: float) -> Units:
    moved = ((a + by - length if a + by >= length else a + by, b - a, code) for a, b, code in units)
    return tuple(sorted((a, a + long, code) for a, long, code in moved))


def _disorder(alignment: Any, mean_units: float) -> Disorder:
    """Worked out from which units stand together: the library has seven digits.

    γ-cat after Mathet (2017), Computational Linguistics 43, 661–681: each pair of aligned units counts
    1/(units − 1) of its unitary alignment and the closer the more, max(0, 1 − positional dissimilarity).
    Units without a counterpart say nothing of categories; the library's own γ-cat counts them as differing.
    """
    disorder, differing, weight = [], [], []
    for unitary in alignment.unitary_alignments:
        units = [unit for _, unit in unitary.n_tuple if unit is not None]
        pairs = math.comb(len(unitary.n_tuple), 2)
        alone = DELTA_EMPTY * (pairs - math.comb(len(units), 2))
        for u, v in combinations(units, 2):
            position, code = _apart(u.segment, v.segment), float(u.annotation != v.annotation)
            alone += ALPHA * position + BETA * DELTA_EMPTY * code
            weight.append(max(0.0, 1.0 - ALPHA * position) / (len(units) - 1))
            differing.append(weight[-1] * code)
        disorder.append(alone / pairs)
    return Disorder(math.fsum(disorder) / mean_units, math.fsum(differing), math.fsum(weight))


def _apart(u: Any, v: Any) -> float:
    """The positional dissimilarity of two units: 0 where they are the same, 1 where they just touch."""
    shift = abs(u.start - v.start) + abs(u.end - v.end)
    return float(DELTA_EMPTY * (shift / ((u.end - u.start) + (v.end - v.start))) ** 2)


def as_table(found: Iterable[Disorder]) -> NDArray[np.float64]:
    """Disorder, differing and weight of each: (n, 3)."""
    return np.array([(d.whole, d.differing, d.weight) for d in found])


@contextmanager
def _quiet() -> Iterator[None]:
    """Without the library's line on every alignment that it has no CBC solver."""
    root, silent = logging.getLogger(), logging.NullHandler()

    def keep(record: logging.LogRecord) -> bool:
        return "CBC solver" not in record.getMessage()

    root.addHandler(silent)
    root.addFilter(keep)
    try:
        yield
    finally:
        root.removeFilter(keep)
        root.removeHandler(silent)
