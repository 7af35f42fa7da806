"""A form's responses → its subscales and its total, raw and in percent of maximum possible.

Raw scores are sums after reversed items were turned round. No published rule for missing items is
known to us; the rule here is the instrument's `minimum_answered` (0.75 where it says nothing else):
a subscale of which at least that share is answered is prorated (mean of the answered items times
the number of items), else it has no score. The total is the sum of the subscales and needs all of
them; an instrument without subscales is scored as a whole by the same rule.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from workbench.alliance.pomp import mirrored, pomp
from workbench.model.instrument import Instrument, Item

TOTAL = "total"


@dataclass(frozen=True, slots=True)
class ScaleScore:
    """A subscale's or the total's score.

    `raw` is the sum (prorated where `prorated`), between `raw_low` and `raw_high`; `value` is the
    same in percent of maximum possible. Both are None where `reason` says why there is no score.
    """

    id: str
    label: str
    raw: float | None
    value: float | None
    raw_low: float
    raw_high: float
    n_items: int
    n_answered: int
    prorated: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class FormScore:
    """One form, scored: its subscales in the instrument's order, and the total."""

    subscales: tuple[ScaleScore, ...]
    total: ScaleScore


def score_form(instrument: Instrument, responses: Mapping[str, float | None]) -> FormScore:
    """`responses` by item id as they were given; an item that is absent or None was not answered.

    Raises ValueError for an item that the instrument does not have, or a value off its scale.
    """
    answered = _checked(instrument, responses)
    subscales = tuple(
        _scale(instrument, s.id, s.label, [i for i in instrument.items if i.subscale == s.id], answered)
        for s in instrument.subscales
    )
    if not subscales:
        return FormScore((), _scale(instrument, TOTAL, "Total", instrument.items, answered))
    return FormScore(subscales, _total(subscales))


def _scale(
    instrument: Instrument, scale_id: str, label: str, items: Sequence[Item], answered: Mapping[str, float]
) -> ScaleScore:
    low, high, n = instrument.low, instrument.high, len(items)
    values = [mirrored(answered[i.id], low, high) if i.reversed else answered[i.id] for i in items if i.id in answered]
    raw: float | None = None
    reason = ""
    if not values:
        reason = f"{label}: none of {n} items is answered."
    elif len(values) + 1e-9 < instrument.minimum_answered * n:
        share = f"{100 * instrument.minimum_answered:g} %"
        reason = f"{label}: {len(values)} of {n} items are answered; at least {share} are needed."
    else:
        raw = math.fsum(values) / len(values) * n
    return ScaleScore(
        id=scale_id,
        label=label,
        raw=raw,
        value=None if raw is None else pomp(raw, low * n, high * n),
        raw_low=low * n,
        raw_high=high * n,
        n_items=n,
        n_answered=len(values),
        prorated=raw is not None and len(values) < n,
        reason=reason,
    )


def _total(subscales: Sequence[ScaleScore]) -> ScaleScore:
    low, high = math.fsum(s.raw_low for s in subscales), math.fsum(s.raw_high for s in subscales)
    raws = [s.raw for s in subscales if s.raw is not None]
    raw = math.fsum(raws) if len(raws) == len(subscales) else None
    return ScaleScore(
        id=TOTAL,
        label="Total",
        raw=raw,
        value=None if raw is None else pomp(raw, low, high),
        raw_low=low,
        raw_high=high,
        n_items=sum(s.n_items for s in subscales),
        n_answered=sum(s.n_answered for s in subscales),
        prorated=raw is not None and any(s.prorated for s in subscales),
        reason=" ".join(s.reason for s in subscales if s.reason),
    )


def _checked(instrument: Instrument, responses: Mapping[str, float | None]) -> dict[str, float]:
    known = {item.id for item in instrument.items}
    if unknown := sorted(set(responses) - known):
        raise ValueError(f"{instrument.name} has no item {', '.join(unknown)}")
    for item, value in responses.items():
        if value is not None and not instrument.low <= value <= instrument.high:
            raise ValueError(
                f"{instrument.name}: item {item} is {value}, expected {instrument.low} to {instrument.high}"
            )
    return {item: float(value) for item, value in responses.items() if value is not None}
