"""Krippendorff's α for unitizing: agreement on where units begin and end, and on their codes.

Krippendorff, Mathet, Bouvry & Widlöcher (2016), On the reliability of unitizing textual continua:
Further developments, Quality & Quantity 50, 2347–2364 (also Krippendorff 2019, Content Analysis, 4th
ed., section 12.6), as two open implementations that number its equations have it: the same in all but one
point. With more than two raters, R's quallmer takes under cuα a unit's intersection with all others
together; here as in github.com/lindanna/unitized_alpha with each in turn. It replaces his α_U of 1995, which
behaves unexpectedly with more than two raters. Each rater's units and the gaps φ between them
partition the continuum; what two raters have in common is measured by the length of intersections.

- u_alpha: units with their codes, and gaps, all at once.
- |u_alpha: units, whatever their code, against gaps.
- cu_alpha: the codes, where units of two raters intersect; what is left aside shows in `coverage`,
  the share of the continuum in such intersections.
- (k)u_alpha: one code k among the others, there; coverage is the share of what was marked as k.

With m raters, ℓ_c. what was marked as c in all and ℓ_ck what one rater marked as c and another as k,
each of the m(m − 1) ordered pairs counting 1/(m − 1), chance pairs the units at random, but none with
itself: from the expected coincidences of c with c the Σ L² of its units goes off (of gaps, which have
no identity, Σ L). Under cuα, L is a unit's intersection with another rater's units, and with more than
two raters its squares are averaged over these. Sums go over sessions; m may differ between them.

Length decides: one unit of a minute counts as twelve of five seconds. The atom of the continuum is
the millisecond; only the gaps' Σ L depends on it, which over a minute is less than one part in 10,000.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workbench.agreement.clusters import clusters_of
from workbench.agreement.coefficients import why_no_continua
from workbench.agreement.coefficients.krippendorff_alpha import RELY, TENTATIVE
from workbench.agreement.continua import Continua
from workbench.agreement.data import Level, Numbers
from workbench.agreement.interval import Options
from workbench.agreement.jackknife import below_one
from workbench.agreement.resampling import over_sessions
from workbench.agreement.result import Finding
from workbench.agreement.statistic import Additive

OVERALL, BINARY, CODING = "u_alpha", "|u_alpha", "cu_alpha"


class UnitizingAlpha:
    id = "unitizing_alpha"
    variants = (OVERALL, BINARY, CODING)
    levels = frozenset({Level.NOMINAL})
    pairwise = False
    takes_holes = True
    takes = "continua"
    chance_corrected = True
    misleading_when = (
        "Units count by their length, so a few long ones decide, and a small shift of a short unit costs as much as "
        "missing part of a long one; cuα leaves aside what only one rater marked: read its coverage."
    )

    def title(self, data: Continua, variant: str) -> str:
        return {
            OVERALL: "Krippendorff's uα (units and their codes)",
            BINARY: "Krippendorff's |uα (units against gaps)",
            CODING: "Krippendorff's cuα (codes of intersecting units)",
        }.get(variant, f"Krippendorff's {variant.replace('_alpha', 'α')} (one code of intersecting units)")

    def forms(self, data: Continua) -> tuple[str, ...]:
        """With one code uα is |uα, and there is no coding to agree on; with several, (k)uα for each. Where
        there is no uα because units overlap, saying so once is enough."""
        if len(data.categories) == 1 or data.overlap():
            return (OVERALL,)
        return (*self.variants, *map(of_code, data.categories))

    def can(self, data: Continua) -> str | None:
        if reason := why_no_continua(data):
            return reason
        if overlap := data.overlap():
            return f"{overlap}, and α takes each moment of a rater as one thing: compare one code at a time"
        return None

    def compute(self, data: Continua, variant: str, options: Options) -> Finding:
        pieces = cut(data)
        form = _Form(variant, len(data.categories), _index(data, variant))
        total = pieces.sums.sum(axis=0)
        details = form.details(total)
        if reason := form.why_not(total, data):
            return Finding(None, reason, details=details)
        value = float(form.alpha(total[None, :])[0])
        # with units as long as their session, chance has little room: there is no least value
        sessions = clusters_of(pieces.sessions, range(len(pieces.sums)), of="pieces that no unit crosses")
        interval = over_sessions(value, Additive(pieces.sums, form.alpha), options, below_one(), sessions)
        details |= interval.probabilities((TENTATIVE, RELY))
        return Finding(value, interval=interval, details=details)


def of_code(code: str) -> str:
    """The variant (k)uα of one code, as the literature writes it: its name in parentheses."""
    return f"({code})u_alpha"


def _index(data: Continua, variant: str) -> int:
    return 0 if variant in UnitizingAlpha.variants else [of_code(c) for c in data.categories].index(variant)


@dataclass(frozen=True, eq=False)
class Pieces:
    """The continua in pieces that no unit crosses: what can be drawn anew without tearing units.

    sums (n_pieces, 5 × (codes + 1)): for the gaps and each code in turn ℓ_c., ℓ_cc, ℓ_c. − ℓ_cφ, Σ L² of
    its units, and Σ L² of their intersections. sessions: the session of each piece; a session's are in
    their order in time.
    """

    sums: Numbers
    sessions: tuple[str, ...]


def cut(data: Continua) -> Pieces:
    """Each session that two raters coded, cut where no unit of any rater goes on."""
    found = [(_pieces(data, s), data.sessions[s]) for s, both in enumerate(data.pairable_sessions) if both]
    return Pieces(
        np.concatenate([sums for sums, _ in found]),
        tuple(session for sums, session in found for _ in range(len(sums))),
    )


def _pieces(data: Continua, session: int) -> Numbers:
    """The sums of one session, with 1/(m − 1) for its m raters: (n_pieces, 5 × (codes + 1))."""
    codes = {code: at for at, code in enumerate(data.categories, start=1)}
    of_raters = [row[session] for row in data.marked]
    units = [
        (
            data.positions(session, (u.start_ms for u in row)),
            data.positions(session, (u.end_ms for u in row)),
            np.array([codes[u.code] for u in row], dtype=np.intp),
        )
        for row in of_raters
        if row is not None
    ]
    end = float(sum(span.length_ms for span in data.observed[session]))
    edges = np.unique(np.concatenate([[0.0, end], *(side for starts, ends, _ in units for side in (starts, ends))]))
    length = np.diff(edges)
    counts = np.zeros((len(length), len(codes) + 1))
    held = np.full((len(units), len(length)), -1, dtype=np.intp)
    for r, (starts, ends, code) in enumerate(units):
        which = np.searchsorted(starts, edges[:-1], side="right") - 1
        inside = (which >= 0) & (edges[:-1] < np.append(ends, 0.0)[which])
        held[r] = np.where(inside, which, -1)
        counts[np.arange(len(length)), np.where(inside, np.append(code, 0)[which], 0)] += 1
    part = _cuts(held)
    others = len(units) - 1
    marking = counts[:, 1:].sum(axis=1, keepdims=True)
    weight = length[:, None] * counts
    each = np.zeros((int(part[-1]) + 1, 5, len(codes) + 1))
    np.add.at(each[:, 0], part, weight)
    np.add.at(each[:, 1], part, weight * (counts - 1) / others)
    np.add.at(each[:, 2], part, weight * (marking - 1) / others)
    each[:, 2, 0] = 0
    each[:, 3, 0] = each[:, 0, 0]
    valued = np.concatenate([np.zeros((len(units), 1)), np.cumsum((held >= 0) * length, axis=1)], axis=1)
    for r, (starts, ends, code) in enumerate(units):
        first, last = np.searchsorted(edges, starts), np.searchsorted(edges, ends)
        where = (part[first], code)
        np.add.at(each[:, 3], where, (ends - starts) ** 2)
        shared = np.delete(valued[:, last] - valued[:, first], r, axis=0)
        np.add.at(each[:, 4], where, (shared**2).sum(axis=0) / others)
    return each.reshape(len(each), -1)


def _cuts(held: NDArray[np.intp]) -> NDArray[np.intp]:
    """The piece of each stretch between neighbouring edges, from the unit that each rater holds there (−1: none).

    A piece ends where no unit goes on. A gap that all share stays with the piece before it, as the sums do
    not depend on how it is divided.
    """
    goes_on = ((held[:, 1:] == held[:, :-1]) & (held[:, 1:] >= 0)).any(axis=0)
    empty = np.asarray((held < 0).all(axis=0))
    new = ~goes_on & ~empty[1:]
    new[: int(np.argmin(empty))] = False  # a gap at the beginning belongs to the first piece
    return np.concatenate([[0], np.cumsum(new)]).astype(np.intp)


@dataclass(frozen=True)
class _Form:
    """One member of the family as a function of the sums."""

    variant: str
    n_codes: int
    k: int

    def _parts(self, sums: Numbers) -> Numbers:
        """The five kinds of sums: (5, replicates, codes + 1)."""
        return np.moveaxis(sums.reshape(len(sums), 5, self.n_codes + 1), 1, 0)

    def alpha(self, sums: Numbers) -> Numbers:
        """From sums of shape (replicates, 5 × (codes + 1)) to values of shape (replicates,), NaN where undefined."""
        observed, expected = self._disagreement(sums)
        usable = expected > 0
        return 1.0 - np.divide(observed, expected, out=np.full_like(expected, np.nan), where=usable)

    def _disagreement(self, sums: Numbers) -> tuple[Numbers, Numbers]:
        all_, same, crossed, square, shared = self._parts(sums)
        if self.variant in (OVERALL, BINARY):
            total = all_.sum(axis=1)
            pairs = total**2 - square.sum(axis=1)
            if self.variant == OVERALL:
                return total - same.sum(axis=1), _share(total * (total**2 - (all_**2).sum(axis=1)), pairs)
            return all_[:, 0] - same[:, 0], _share(total * all_[:, 0] * (total - all_[:, 0]), pairs)
        both = crossed[:, 1:]
        total = both.sum(axis=1)
        pairs = total**2 - shared.sum(axis=1)
        if self.variant == CODING:
            return total - same[:, 1:].sum(axis=1), _share(total * (total**2 - (both**2).sum(axis=1)), pairs)
        mine, own = both[:, self.k], shared[:, 1 + self.k]
        return mine - same[:, 1 + self.k], _share(mine * mine * (total - mine), mine * total - own)

    def details(self, total: Numbers) -> dict[str, float | None]:
        all_, _, crossed, _, _ = self._parts(total[None, :])[:, 0]
        both = crossed[1:]
        if self.variant in (OVERALL, BINARY):
            return {"marked_share": _ratio(float(all_[1:].sum()), float(all_.sum()))}
        if self.variant == CODING:
            return {"coverage": _ratio(float(both.sum()), float(all_.sum()))}
        return {"coverage": _ratio(float(both[self.k]), float(all_[1 + self.k]))}

    def why_not(self, total: Numbers, data: Continua) -> str | None:
        all_, _, crossed, _, _ = self._parts(total[None, :])[:, 0]
        if not all_[1:].any():
            return "nobody marked a unit: without variation α is not defined"
        if self.variant == OVERALL and (all_ > 0).sum() == 1:
            code = data.categories[int(np.argmax(all_)) - 1]
            return f"every moment is {code} for every rater: without variation α is not defined"
        if self.variant == BINARY and all_[0] == 0:
            return "the units leave no gaps, so there is nothing to tell them from"
        if self.variant in (OVERALL, BINARY):
            return None
        both = np.greater(crossed[1:], 0)
        if not both.any():
            return "no units of two raters intersect, so there are no codes to compare"
        if self.variant != CODING and not both[self.k]:
            return f"no unit of {data.categories[self.k]} intersects a unit of another rater"
        if both.sum() == 1:
            return (
                f"every unit that intersects one of another rater is {data.categories[int(both.argmax())]}: "
                "without variation of codes α is not defined"
            )
        return None


def _share(product: Numbers, pairs: Numbers) -> Numbers:
    """Expected disagreement, NaN where there are no pairs of different units."""
    return np.divide(product, pairs, out=np.full_like(product, np.nan), where=pairs > 0)


def _ratio(part: float, whole: float) -> float | None:
    return part / whole if whole else None


COEFFICIENT = UnitizingAlpha()
