"""The transcripts that come with the sample sessions are as far from the truth as the page on models says."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.speech.accuracy import (
    diarization_error_rate,
    true_turns,
    true_words,
    word_diarization_error_rate,
    word_error_rate,
)
from workbench.model.transcript import transcript_from_dict
from workbench.registry import shipped

FOLDER = shipped("sample_media")
SAYS = (Path(__file__).parents[2] / "docs" / "models.md").read_text(encoding="utf-8")
NAMES = sorted(file.name.partition(".")[0] for file in FOLDER.glob("*.transcript.json"))
# How loose the boundaries are; the samples' page says so.
LOOSE_SECONDS = 0.05
every_session = pytest.mark.parametrize("name", NAMES)


@every_session
def test_a_shipped_transcript_is_as_good_as_the_page_says(name: str) -> None:
    [row] = re.findall(rf"^\| `{name}` .*", SAYS, re.MULTILINE)
    made = transcript_from_dict(json.loads((FOLDER / f"{name}.transcript.json").read_text(encoding="utf-8")))
    words, turns = true_words(FOLDER / f"{name}.stm"), true_turns(FOLDER / f"{name}.rttm")
    measured = (
        word_error_rate(words, made),
        diarization_error_rate(turns, made),
        word_diarization_error_rate(words, turns, made),
    )
    assert [f"{100 * value:.1f} %" for value in measured] == re.findall(r"[\d.]+ %", row)


@every_session
def test_truth_of_a_session_says_the_same_in_every_file(name: str) -> None:
    """Turns of the STM are those of the JSON, and nobody is heard in the RTTM outside their turns."""
    truth = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    turns = [(t["speaker"], t["start"], t["end"], t["text"]) for t in truth["turns"]]
    lines = [line.split(maxsplit=5) for line in (FOLDER / f"{name}.stm").read_text(encoding="utf-8").splitlines()]
    assert [(who, float(start), float(end), text) for _, _, who, start, end, text in lines] == turns
    assert {who for who, *_ in turns} == set(truth["speakers"])
    for heard, _, who in true_turns(FOLDER / f"{name}.rttm").itertracks(yield_label=True):
        own = [(start - LOOSE_SECONDS, end + LOOSE_SECONDS) for one, start, end, _ in turns if one == who]
        assert any(start <= heard.start and heard.end <= end for start, end in own), (who, heard)
