"""The plan: every second of sound is in one step of each kind, and settings redo just what they change."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.speech.decode import SAMPLE_RATE
from workbench.speech.sound import LONGEST_PIECE_SECONDS, cut_points
from workbench.speech.steps import STEP_SAMPLES, WINDOW_SAMPLES, Settings, SoundFacts, plan, windows_of


def facts(seconds: float) -> SoundFacts:
    samples = int(seconds * SAMPLE_RATE)
    loudness = np.ones(samples // 320 + 1)
    return SoundFacts(samples, round(1000 * seconds), 1, cut_points(loudness, samples), False, 0, {})


def outputs(settings: Settings, seconds: float = 234) -> dict[str, str]:
    return {step.name: step.output for step in plan(settings, facts(seconds))}


def test_before_the_sound_is_decoded_only_that_step_is_known() -> None:
    assert [s.name for s in plan(Settings())] == ["decode"]


def test_a_short_recording_has_several_pieces_so_that_progress_is_seen() -> None:
    names = [s.name for s in plan(Settings(), facts(234))]
    assert names == [
        "decode",
        "language",
        *(f"words-{i:04d}" for i in range(4)),
        *(f"voices-{i:04d}" for i in range(4)),
        "turns",
        "join",
    ]


def test_a_given_language_needs_no_step() -> None:
    assert "language" not in outputs(Settings(language="de"))


def test_each_step_needs_only_what_earlier_steps_made() -> None:
    made: set[str] = set()
    for step in plan(Settings(), facts(3700)):
        assert set(step.needs) <= made
        assert step.output not in made
        made.add(step.output)


@given(st.floats(0.1, 4 * 3600))
def test_windows_cover_the_sound_as_pyannote_counts_them(seconds: float) -> None:
    sound = facts(seconds)
    whole = max(0, (sound.samples - WINDOW_SAMPLES) // STEP_SAMPLES + 1) if sound.samples >= WINDOW_SAMPLES else 0
    rest = sound.samples < WINDOW_SAMPLES or (sound.samples - WINDOW_SAMPLES) % STEP_SAMPLES > 0
    assert sound.windows == whole + rest
    chunks = [windows_of(sound, i) for i in range(sound.chunks)]
    assert sum(windows for _, _, windows in chunks) == sound.windows
    starts = [start + i * STEP_SAMPLES for start, _, windows in chunks for i in range(windows)]
    assert starts == [i * STEP_SAMPLES for i in range(sound.windows)]
    assert chunks[-1][1] >= sound.samples


@given(st.floats(0.1, 3 * 3600), st.integers(0, 99))
def test_pieces_cover_the_sound_and_are_not_too_long(seconds: float, seed: int) -> None:
    samples = int(seconds * SAMPLE_RATE)
    cuts = cut_points(np.random.default_rng(seed).random(samples // 320 + 1), samples)
    assert cuts[0] == 0 and cuts[-1] == samples
    lengths = np.diff(cuts) / SAMPLE_RATE
    assert (lengths > 0).all() and lengths.max() <= 1.5 * 1.5 * LONGEST_PIECE_SECONDS


def test_pieces_are_cut_where_it_is_quiet() -> None:
    seconds = 130
    loudness = np.ones(seconds * 50)
    loudness[60 * 50 : 61 * 50] = 0
    (_, cut, _) = cut_points(loudness, seconds * SAMPLE_RATE)
    assert 60 < cut / SAMPLE_RATE < 61


def changed(a: Settings, b: Settings) -> set[str]:
    """Kinds of steps that have to be done again when settings go from `a` to `b`."""
    before, after = outputs(a), outputs(b)
    return {name.split("-")[0] for name in after if after[name] != before.get(name)}


def test_another_number_of_speakers_redoes_only_the_clustering() -> None:
    assert changed(Settings(speakers=2), Settings(speakers=3)) == {"turns", "join"}


def test_another_model_redoes_what_it_made() -> None:
    base = Settings(speakers=2)
    assert changed(base, replace(base, model="tiny.en")) == {"language", "words", "join"}
    assert changed(base, replace(base, beam=1)) == {"words", "join"}
    assert changed(base, replace(base, diarization="community-1")) == {"voices", "turns", "join"}


def test_the_hash_differs_where_any_setting_differs() -> None:
    base = Settings()
    others = [
        Settings(model="tiny.en"),
        Settings(diarization="x"),
        Settings(language="en"),
        Settings(speakers=2),
        Settings(min_speakers=2),
        Settings(max_speakers=2),
        Settings(beam=1),
    ]
    assert len({s.hash for s in [base, *others]}) == 8
    assert base.hash == Settings().hash


@pytest.mark.parametrize(
    "wrong", [{"speakers": 0}, {"max_speakers": 99}, {"min_speakers": 3, "max_speakers": 2}, {"beam": 0}]
)
def test_settings_that_make_no_sense_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=r"speakers|beam"):
        Settings(**wrong)
