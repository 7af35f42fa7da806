"""Where one recording of a session begins against another, found from what both microphones heard.

Both sounds are reduced to how their loudness changes from one hundredth of a second to the next; the shift at
which the two courses are most alike is the offset (normalised cross-correlation by FFT, and a parabola through
the top, so that it is finer than the steps). Changes are compared and not the loudness itself, because a room's
echo makes sound late and smooth but its onsets stay where they were.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from workbench.speech.loudness import STEPS_PER_SECOND, Decibels

# Places nearer than this to the best one belong to the same hill.
_HILL = STEPS_PER_SECOND // 2
_SHORTEST_OVERLAP = 20 * STEPS_PER_SECOND
# Each half must have this much in common before its own offset says something about the clocks.
_HALF_NEEDS = 60 * STEPS_PER_SECOND
_HALF_LIKENESS = 0.05
# Quieter than this below the loudest step is the noise of the device, not the session.
_RANGE_DB = 60.0
# In an echoing room the top of the hill is ragged.
_SMOOTH = np.array([1, 2, 3, 2, 1]) / 9
_SURE, _LIKELY = (15.0, 0.5), (6.5, 0.8)

Course = npt.NDArray[np.float64]


class Sureness(StrEnum):
    """How far an offset can be trusted: by how much the best shift stands out from every other."""

    SURE = "sure"
    LIKELY = "likely"
    NOT_FOUND = "not found"


@dataclass(frozen=True, slots=True)
class Offset:
    """Where the other recording begins against the first: its own time plus `offset_ms` is the first one's time.

    likeness: correlation of the two courses there (-1 to 1). prominence: by how many standard deviations
    that shift stands above the others. runner_up: the next best shift's share of it (0 to 1). overlap_ms: how much
    of the two was compared. drift_ms: how far the clocks of the two devices run apart from the middle of the
    first half of the overlap to the middle of the second; None where too little was heard to tell.
    """

    offset_ms: int
    sureness: Sureness
    likeness: float
    prominence: float
    runner_up: float
    overlap_ms: int
    drift_ms: int | None = None


def find_offset(first: Decibels, other: Decibels) -> Offset:
    """Where `other` begins against `first`; loudness as `read_loudness` gives it, shapes (n,) and (m,).

    Shifts at which the two share less than twenty seconds (or less than all of the shorter one) are not looked
    at. When nothing stands out the sureness is NOT_FOUND and the other numbers say how near it came.
    """
    a, b = _changes(first), _changes(other)
    least = min(_SHORTEST_OVERLAP, a.size, b.size)
    if least < STEPS_PER_SECOND or not a.any() or not b.any():
        return Offset(0, Sureness.NOT_FOUND, 0.0, 0.0, 1.0, 0)
    shifts, likeness, common = _likeness(a, b, least)
    # Chance makes short overlaps look alike: the root of what is compared evens that out.
    judged = np.convolve(likeness * np.sqrt(common), _SMOOTH, "same")
    best = int(np.argmax(judged))
    others = judged[np.abs(np.arange(judged.size) - best) > _HILL]
    spread = float(others.std()) if others.size else 0.0
    prominence = float((judged[best] - others.mean()) / spread) if spread > 0 else 0.0
    runner_up = float(max(0.0, others.max() / judged[best])) if others.size and judged[best] > 0 else 1.0
    return Offset(
        offset_ms=_ms(shifts[best] + _refined(judged, best)),
        sureness=_sureness(prominence, runner_up),
        likeness=round(float(likeness[best]), 3),
        prominence=round(prominence, 1),
        runner_up=round(runner_up, 3),
        overlap_ms=_ms(common[best]),
        drift_ms=_drift(a, b, int(shifts[best])),
    )


def _sureness(prominence: float, runner_up: float) -> Sureness:
    for sureness, (at_least, at_most) in ((Sureness.SURE, _SURE), (Sureness.LIKELY, _LIKELY)):
        if prominence >= at_least and runner_up <= at_most:
            return sureness
    return Sureness.NOT_FOUND


def _changes(loud: Decibels) -> Course:
    """From each step to the next: how much louder it became, in units of its own spread; silence stays silence."""
    if not loud.size:
        return loud
    heard = np.maximum(loud, loud.max() - _RANGE_DB)
    moved = np.diff(heard, prepend=heard[0])
    spread = moved.std()
    return (moved - moved.mean()) / spread if spread > 1e-9 else np.zeros_like(moved)


def _likeness(a: Course, b: Course, least: int) -> tuple[npt.NDArray[np.int64], Course, Course]:
    """For each shift in steps: the correlation of what both have there, and how many steps that is."""
    size = 1 << (a.size + b.size - 1).bit_length()

    def crossed(x: Course, y: Course) -> Course:
        product = np.fft.irfft(np.fft.rfft(x, size) * np.conj(np.fft.rfft(y, size)), size)
        return np.concatenate([product[size - y.size + 1 :], product[: x.size]])

    shifts = np.arange(-(b.size - 1), a.size)
    common = np.minimum(a.size, shifts + b.size) - np.maximum(0, shifts)
    energy = np.maximum(crossed(a**2, np.ones(b.size)) * crossed(np.ones(a.size), b**2), 1e-6)
    likeness = crossed(a, b) / np.sqrt(energy)
    kept = common >= least
    return shifts[kept], likeness[kept], common[kept].astype(np.float64)


def _refined(judged: Course, best: int) -> float:
    """Where between the steps the top of the hill lies, -0.5 to 0.5."""
    if not 0 < best < judged.size - 1:
        return 0.0
    before, top, after = judged[best - 1 : best + 2]
    bend = before - 2 * top + after
    return float(np.clip(0.5 * (before - after) / bend, -0.5, 0.5)) if bend < 0 else 0.0


def _drift(a: Course, b: Course, shift: int) -> int | None:
    """By how many ms the best shift of the second half of the overlap differs from that of the first."""
    start, end = max(0, shift), min(a.size, shift + b.size)
    if end - start < 2 * _HALF_NEEDS:
        return None
    middle = (start + end) // 2
    found = []
    for low, high in ((start, middle), (middle, end)):
        part, against = a[low:high], b[low - shift : high - shift]
        shifts, likeness, _ = _likeness(part, against, part.size - 2 * STEPS_PER_SECOND)
        smooth = np.convolve(likeness, _SMOOTH, "same")
        best = int(np.argmax(smooth))
        if smooth[best] < _HALF_LIKENESS:
            return None
        found.append(float(shifts[best]) + _refined(smooth, best))
    return _ms(found[1] - found[0])


def _ms(steps: float) -> int:
    return round(float(steps) * 1000 / STEPS_PER_SECOND)
