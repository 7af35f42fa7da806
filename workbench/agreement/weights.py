"""Weights of agreement: how much of an agreement two codes are, 1 for the same code, 0 for the farthest.

With d = |i − j| between the places of two of q codes, and D the largest d:

- linear: 1 − d/D (Cicchetti & Allison 1971, American Journal of EEG Technology 11, 101–109);
- quadratic: 1 − d²/D² (Fleiss & Cohen 1973, Educational and Psychological Measurement 33, 613–619);
- radical: 1 − √d/√D, and ordinal: 1 − C(d+1, 2)/C(D+1, 2) over ranks, so many pairs of codes lie
  from one to the other (Gwet 2014, Handbook of Inter-Rater Reliability, 4th ed., ch. 3). The
  ordinal weights of Gwet are not the ordinal metric of Krippendorff, whose distances follow how
  often each code was used;
- own: a table of your own (Cohen 1968, Psychological Bulletin 70, 213–220), as agreement (1 on the
  diagonal) or, as Cohen printed it, as disagreement (0 on the diagonal).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from workbench.agreement.csv_rows import read_rows
from workbench.agreement.data import Numbers, ReliabilityData, written
from workbench.agreement.problems import InputProblems, listed

UNWEIGHTED, LINEAR, QUADRATIC, ORDINAL, RADICAL, OWN = (
    "unweighted",
    "linear",
    "quadratic",
    "ordinal",
    "radical",
    "own",
)
# A table of weights holds the square of this many numbers.
MOST_CODES = 1000


@dataclass(frozen=True, eq=False)
class Codes:
    """The codes there are: those of the scheme where `stated`, else those that occur in the data.

    values: ascending, as they stand in `ReliabilityData.values`. places: where they stand on their
    scale: 0, 1, 2 … where the scheme was stated or the codes are text, else the numbers themselves
    (2 and 5 stay three steps apart when nobody used 3 and 4).
    """

    values: Numbers
    names: tuple[str, ...]
    stated: bool
    places: Numbers

    def __len__(self) -> int:
        return len(self.values)

    def places_of(self, values: Numbers) -> Numbers:
        """Where values (each of them one of `values`) stand on the scale, in the shape they came in."""
        return np.asarray(self.places[np.searchsorted(self.values, values)])


def codes_of(data: ReliabilityData) -> Codes:
    """The codes of the scheme where `categories` were stated, else those that anybody used."""
    seen = np.unique(data.values[data.rated])
    values = seen
    if data.categories is not None:
        stated = range(len(data.labels)) if data.labels is not None else map(_number, data.categories)
        values = np.union1d(seen, np.array([float(v) for v in stated]))
    as_numbers = data.categories is None and data.labels is None
    places = values if as_numbers else np.arange(len(values), dtype=np.float64)
    return Codes(values, tuple(map(data.name, values.tolist())), data.categories is not None, places)


def weights_by_name(name: str, codes: Codes) -> Numbers | None:
    """The table (codes, codes) of weights of that name; None where every disagreement counts alike.

    >>> from workbench.agreement import reliability
    >>> codes = codes_of(reliability([[1, 2, 3], [1, 2, 2]], level="ordinal"))
    >>> weights_by_name("quadratic", codes).tolist()
    [[1.0, 0.75, 0.0], [0.75, 1.0, 0.75], [0.0, 0.75, 1.0]]
    """
    if name == UNWEIGHTED or len(codes) < 3:
        return None
    places = np.arange(len(codes), dtype=np.float64) if name == ORDINAL else codes.places
    # halves, because the span of very large numbers is no float
    apart = np.abs(places[:, None] / 2 - places[None, :] / 2) / (places[-1] / 2 - places[0] / 2)
    if name == LINEAR:
        return np.asarray(1 - apart)
    if name == QUADRATIC:
        return np.asarray(1 - apart**2)
    if name == RADICAL:
        return np.asarray(1 - np.sqrt(apart))
    steps = np.abs(places[:, None] - places[None, :])
    return np.asarray(1 - steps * (steps + 1) / (steps.max() * (steps.max() + 1)))


@dataclass(frozen=True)
class OwnWeights:
    """A table of one's own, as agreement: 1 on the diagonal. names: of its codes, or empty: in the
    order of the scheme (or of the values)."""

    table: tuple[tuple[float, ...], ...]
    names: tuple[str, ...] = ()

    def over(self, codes: Codes) -> Numbers | str:
        """The table in the order of `codes`, or one sentence why it does not fit them."""
        table = np.array(self.table)
        if not self.names:
            if len(table) != len(codes):
                return (
                    f"the table of weights has {len(table)} codes and the data have {len(codes)} "
                    f"({listed(codes.names)}): state `categories`, or name the rows and columns of the table"
                )
            return table
        if unknown := [n for n in codes.names if n not in self.names]:
            return f"the table of weights lacks {listed(unknown)}; it has: {listed(self.names)}"
        place = [self.names.index(n) for n in codes.names]
        return np.asarray(table[np.ix_(place, place)])


def own_weights(table: OwnWeights | pd.DataFrame | Sequence[Sequence[float]] | Any) -> OwnWeights:
    """Weights of one's own from a square table: agreement (1 on the diagonal, at most 1 elsewhere, such
    as Fleiss, Cohen & Everitt 1969 print) or disagreement (0 on the diagonal, such as Cohen 1968).

    A data frame names its codes in its rows and columns. Raises InputProblems: not square, no
    numbers, another diagonal, negative, not the same in both directions (which rater comes first
    must not matter).

    >>> own_weights([[0, 1, 3], [1, 0, 6], [3, 6, 0]]).table[0]
    (1.0, 0.8333333333333334, 0.5)
    """
    if isinstance(table, OwnWeights):
        return table
    names: tuple[str, ...] = ()
    problems: list[str] = []
    if isinstance(table, pd.DataFrame):
        names, across = tuple(map(_text, table.index)), tuple(map(_text, table.columns))
        if len(set(names)) < len(names) or sorted(names) != sorted(across):
            raise InputProblems(["the rows and the columns of the table of weights do not name the same codes"])
        table = table.iloc[:, [across.index(n) for n in names]].to_numpy()
    try:
        w = np.array(table, dtype=np.float64)
    except (TypeError, ValueError):
        raise InputProblems(["the table of weights is no square of numbers"]) from None
    if w.ndim != 2 or w.shape[0] != w.shape[1] or len(w) < 2:
        raise InputProblems(
            [f"the table of weights is {' × '.join(map(str, w.shape))}, expected as many rows as columns"]
        )
    if not np.isfinite(w).all():
        raise InputProblems(["the table of weights has cells that are no numbers"])
    if len(w) > MOST_CODES:
        raise InputProblems([f"the table of weights has {len(w)} codes, more than {MOST_CODES}"])
    if not np.allclose(w, w.T, rtol=0, atol=1e-12):
        problems.append("the weights are not the same in both directions, so it would matter which rater comes first")
    diagonal, largest = np.diag(w), float(w.max())
    if (w < 0).any():
        problems.append("weights are 0 or more")
    if (diagonal == 0).all() and largest > 0:
        w = 1 - w / largest
    elif not (diagonal == 1).all() or largest > 1:
        problems.append(
            "the diagonal of the weights is neither all 1 (agreement, nothing above 1) nor all 0 (disagreement)"
        )
    elif (w == 1).all():
        problems.append("every weight is 1, so nothing is a disagreement")
    if problems:
        raise InputProblems(problems)
    w = (w + w.T) / 2
    return OwnWeights(tuple(map(tuple, w.tolist())), names)


def weights_from_csv(path: str | Path) -> OwnWeights:
    """A table of weights from a CSV: the codes in its header and in its first column. Raises InputProblems."""
    rows = read_rows(path)
    cells = [cells for _, cells in rows.rows]
    table = pd.DataFrame([c[1:] for c in cells], index=[c[0] for c in cells], columns=list(rows.columns[1:]))
    try:
        return own_weights(table)
    except InputProblems as error:
        raise InputProblems(f"{rows.name}: {problem}" for problem in error.problems) from None


def _number(text: str) -> float:
    return float({"True": 1, "False": 0}.get(text, text))


def _text(value: Any) -> str:
    return written(float(value)) if isinstance(value, int | float | np.number) else str(value)
