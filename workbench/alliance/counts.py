"""How often and how long each code was seen, per observed hour.

The denominator is the observed time: the observation windows without the stretches that were not
observable. A point event counts where it begins inside the observed time; a state counts where any
of it lies inside, and lasts as long as it lies inside. A state that was never closed counts, without
a length.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from workbench.model.coding import Event
from workbench.model.scheme import CodeKind, CodingScheme
from workbench.model.span import TimeSpan, without

HOUR_MS = 3_600_000


@dataclass(frozen=True, slots=True)
class CodeCount:
    """One code in one coding, or averaged over `n_codings`.

    `per_hour` is None where nothing was observed; `lasted_ms` and `share` (of the observed time) are
    None for point events.
    """

    code: str
    count: float
    per_hour: float | None
    lasted_ms: float | None
    share: float | None
    observed_ms: float
    n_open: float = 0
    n_outside: float = 0
    n_codings: int = 1


def code_counts(
    scheme: CodingScheme,
    events: Iterable[Event],
    windows: Iterable[TimeSpan],
    not_observable: Iterable[TimeSpan] = (),
) -> tuple[CodeCount, ...]:
    """Counts of one coding, every code of the scheme in its order. Raises KeyError for an unknown code.

    Events are those of codes (`CodingContent.codes`); what was not observable is no code but a hole.
    """
    observed = without(windows, not_observable)
    observed_ms = sum(span.length_ms for span in observed)
    by_code: dict[str, list[Event]] = {code.id: [] for code in scheme.codes}
    for event in events:
        by_code[event.code].append(event)
    return tuple(_count(code.id, code.kind, by_code[code.id], observed, observed_ms) for code in scheme.codes)


def mean_counts(codings: Sequence[Sequence[CodeCount]]) -> tuple[CodeCount, ...]:
    """Counts averaged over several codings of one session. Raises ValueError for none at all, or for
    codings on different schemes."""
    if not codings or len({tuple(c.code for c in coding) for coding in codings}) != 1:
        raise ValueError("expected one or more codings on the same scheme")
    return tuple(_mean(column) for column in zip(*codings, strict=True))


def _count(
    code: str, kind: CodeKind, events: Sequence[Event], observed: Sequence[TimeSpan], observed_ms: int
) -> CodeCount:
    lasted = 0
    inside = open_states = 0
    for event in events:
        begins_inside = any(span.contains(event.start_ms) for span in observed)
        if kind is CodeKind.POINT or event.end_ms is None:
            inside += begins_inside
            open_states += begins_inside and kind is CodeKind.STATE
            continue
        stretch = TimeSpan(event.start_ms, event.end_ms)
        seen_ms = sum(stretch.overlap_ms(span) for span in observed)
        inside += seen_ms > 0 or begins_inside
        lasted += seen_ms
    state = kind is CodeKind.STATE
    return CodeCount(
        code=code,
        count=inside,
        per_hour=inside * HOUR_MS / observed_ms if observed_ms else None,
        lasted_ms=lasted if state else None,
        share=lasted / observed_ms if state and observed_ms else None,
        observed_ms=observed_ms,
        n_open=open_states,
        n_outside=len(events) - inside,
    )


def _mean(column: Sequence[CodeCount]) -> CodeCount:
    return CodeCount(
        code=column[0].code,
        count=_average([c.count for c in column]) or 0,
        per_hour=_average([c.per_hour for c in column]),
        lasted_ms=_average([c.lasted_ms for c in column]),
        share=_average([c.share for c in column]),
        observed_ms=_average([c.observed_ms for c in column]) or 0,
        n_open=_average([c.n_open for c in column]) or 0,
        n_outside=_average([c.n_outside for c in column]) or 0,
        n_codings=len(column),
    )


def _average(values: Iterable[float | None]) -> float | None:
    known = [v for v in values if v is not None]
    return math.fsum(known) / len(known) if known else None
