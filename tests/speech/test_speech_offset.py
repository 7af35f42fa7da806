"""Two recordings of one session are laid over each other by what both microphones heard."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from workbench.speech import decode
from workbench.speech.loudness import loudness, read_loudness
from workbench.speech.offset import Offset, Sureness, find_offset

SAMPLES = Path(__file__).parents[2] / "sample_media"
RATE = 16_000
FINE_MS = 20  # what is promised

Sound = npt.NDArray[np.int16]


@pytest.fixture(scope="module")
def session() -> Sound:
    """Four minutes of a real conversation, as one microphone has it."""
    return decode.decode(SAMPLES / "dev1_rupture_repair.ogg").mono


@pytest.fixture(scope="module")
def another_session() -> Sound:
    return decode.decode(SAMPLES / "dev2_goals.ogg").mono


def begun(sound: Sound, offset_ms: int) -> Sound:
    """The same session from a device that was switched on `offset_ms` later (or earlier, into silence)."""
    if offset_ms >= 0:
        return sound[offset_ms * RATE // 1000 :]
    return np.concatenate([np.zeros(-offset_ms * RATE // 1000, dtype=np.int16), sound])


def noisy(sound: Sound, share: float) -> Sound:
    """With noise of `share` of the sound's own strength."""
    loud = float(np.sqrt((sound.astype(np.float64) ** 2).mean()))
    noise = np.random.default_rng(5).normal(0, loud * share, sound.size)
    return np.clip(sound + noise, -32768, 32767).astype(np.int16)


def far_away(sound: Sound) -> Sound:
    """From the other end of an echoing room: dull, thirty times quieter, with a tail louder than the voice."""
    rng = np.random.default_rng(7)
    answer = np.zeros(4000)
    answer[0] = 1
    answer[200:] = rng.normal(0, 0.12, 3800) * np.exp(-np.arange(3800) / 900)
    size = 1 << (sound.size + 4000).bit_length()
    heard = np.fft.irfft(np.fft.rfft(sound, size) * np.fft.rfft(answer, size), size)[: sound.size]
    dull = np.convolve(heard, np.hanning(41) / 20, "same")
    return (dull / np.abs(dull).max() * 900).astype(np.int16)


def placed(first: Sound, other: Sound) -> Offset:
    return find_offset(read_loudness(loudness([first])), read_loudness(loudness([other])))


@pytest.mark.parametrize("offset_ms", [0, 7, 1234, 60_011, -3337])
@pytest.mark.parametrize("device", ["clean", "noisy", "far away", "quiet"])
def test_a_shifted_recording_is_found_within_twenty_milliseconds(session: Sound, offset_ms: int, device: str) -> None:
    other = begun(session, offset_ms)
    heard = {
        "clean": other,
        "noisy": noisy(other, 2.0),
        "far away": far_away(other),
        "quiet": (other // 100).astype(np.int16),
    }[device]
    found = placed(session, heard)
    assert abs(found.offset_ms - offset_ms) <= FINE_MS, found
    assert found.sureness is Sureness.SURE, found


def test_the_two_microphones_of_a_call_lie_on_the_mix(session: Sound) -> None:
    left, right = decode.decode(SAMPLES / "dev1_rupture_repair.stereo.ogg").channels
    for side in (left, right):
        found = placed(session, begun(side, 2500))
        assert abs(found.offset_ms - 2500) <= FINE_MS and found.sureness is Sureness.SURE


def test_half_a_minute_in_common_is_enough(session: Sound, another_session: Sound) -> None:
    length = session.size * 1000 // RATE
    found = placed(session, np.concatenate([begun(session, length - 30_000), another_session]))
    assert abs(found.offset_ms - (length - 30_000)) <= FINE_MS and found.sureness is Sureness.SURE


def test_another_session_is_not_found(session: Sound, another_session: Sound) -> None:
    assert placed(session, another_session).sureness is Sureness.NOT_FOUND
    assert placed(another_session, session[RATE * 30 : RATE * 90]).sureness is Sureness.NOT_FOUND


def test_noise_and_silence_are_not_found(session: Sound) -> None:
    hiss = np.random.default_rng(3).normal(0, 300, session.size).astype(np.int16)
    for nothing in (hiss, np.zeros(session.size, dtype=np.int16), np.empty(0, dtype=np.int16), session[:800]):
        assert placed(session, nothing).sureness is Sureness.NOT_FOUND


def test_clocks_that_run_apart_are_told(session: Sound) -> None:
    """A device that records half a thousandth too fast: 117 ms over the four minutes, 58 from half to half."""
    slow = np.interp(np.arange(0, session.size - 1, 1.0005), np.arange(session.size), session).astype(np.int16)
    found = placed(session, slow)
    assert found.drift_ms is not None and abs(found.drift_ms - 58) <= FINE_MS
    assert placed(session, begun(session, 500)).drift_ms in (-1, 0, 1)


def test_loudness_that_is_none_is_refused() -> None:
    for data in (b"", b"AWP1" + bytes(12), b"AWL1" + bytes(8)):
        with pytest.raises(ValueError, match="not a loudness"):
            read_loudness(data)
