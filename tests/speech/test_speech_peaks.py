"""The waveform: the same bytes however the sound comes in pieces, and a layout that a browser reads."""

from __future__ import annotations

import struct
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.speech.peaks import HEADER_BYTES, PAIRS_PER_SECOND, SAMPLE_RATE, peaks, read_peaks

SOUND = np.random.default_rng(1).integers(-32768, 32768, 5000).astype(np.int16)


@given(st.lists(st.integers(0, 5000), max_size=8))
def test_the_waveform_does_not_depend_on_how_the_sound_is_cut(cuts: list[int]) -> None:
    borders = [0, *sorted(cuts), SOUND.size]
    assert peaks(SOUND[a:b] for a, b in pairwise(borders)) == peaks([SOUND])


def test_each_pair_is_the_lowest_and_highest_sample_of_its_fiftieth_of_a_second() -> None:
    pairs = read_peaks(peaks([SOUND]))
    width = SAMPLE_RATE // PAIRS_PER_SECOND
    assert pairs.shape == (-(-SOUND.size // width), 2)
    for index, (low, high) in enumerate(pairs):
        stretch = SOUND[index * width : (index + 1) * width].astype(float) * 127 / 32767
        assert low == max(-127, round(stretch.min())) and high == round(stretch.max())


def test_the_layout_is_magic_rate_count_zero_and_pairs() -> None:
    data = peaks([np.array([-32768, 32767], dtype=np.int16)])
    assert data == b"AWP1" + struct.pack("<III", 50, 1, 0) + struct.pack("bb", -127, 127)
    assert len(data) == HEADER_BYTES + 2


@pytest.mark.parametrize("data", [b"", b"RIFF" + bytes(20), peaks([SOUND])[:-1]])
def test_other_bytes_are_no_waveform(data: bytes) -> None:
    with pytest.raises(ValueError, match="not a waveform"):
        read_peaks(data)
