"""How far a transcript is from the truth: words (WER), speakers in time (DER), speakers of words (WDER)."""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass
from pathlib import Path

import jiwer
from pyannote.core import Annotation, Segment, Timeline
from pyannote.metrics.diarization import DiarizationErrorRate

from workbench.model.transcript import Transcript

# pyannote.metrics counts the whole width: ±0.25 s is 0.5.
COLLAR_SECONDS = 0.5
_ONES = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
_ONES += " seventeen eighteen nineteen"
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_ORDINALS = {"one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth", "nine": "ninth"}
_ORDINALS |= {"twelve": "twelfth"}
# One word, two spellings: neither is an error of hearing.
_SPELLINGS = {
    "mmhmm": "mhm",
    "mmhm": "mhm",
    "mm": "mhm",
    "hmm": "mhm",
    "ok": "okay",
    "canceled": "cancelled",
    "canceling": "cancelling",
    "counselor": "counsellor",
    "dr": "doctor",
}
_FILLERS = {"um", "uh", "er", "erm", "mhm"}


@dataclass(frozen=True, slots=True)
class SpokenWord:
    """A word of the truth with its speaker."""

    text: str
    speaker: str


def true_words(stm: Path) -> list[SpokenWord]:
    """The words of an STM file, turn after turn in the order of their starts."""
    words = []
    for line in stm.read_text(encoding="utf-8").splitlines():
        _, _, speaker, _, _, text = line.split(maxsplit=5)
        words += [SpokenWord(word, speaker) for word in normalized(text)]
    return words


def normalized(text: str) -> list[str]:
    """Words as they count: lower case, no punctuation, no fillers, numbers below 100 spelled out."""
    bare = re.sub(r"[^a-z0-9' ]", "", text.lower().replace("-", " ").replace("’", "'").replace("mm hmm", "mhm"))
    words = [part for word in bare.split() for part in _spelled_out(_SPELLINGS.get(word, word)).split()]
    return [w for w in words if w not in _FILLERS]


def _spelled_out(word: str) -> str:
    """`95` as `ninety five`, `14th` as `fourteenth`; other words as they are.

    >>> _spelled_out("95"), _spelled_out("14th"), _spelled_out("20th"), _spelled_out("so")
    ('ninety five', 'fourteenth', 'twentieth', 'so')
    """
    if not (found := re.fullmatch(r"(\d{1,2})(st|nd|rd|th)?", word)):
        return word
    number = int(found[1])
    if number < 20:
        parts = [_ONES.split()[number]]
    else:
        parts = [_TENS.split()[number // 10 - 2], *([_ONES.split()[number % 10]] if number % 10 else [])]
    if found[2]:
        last = parts[-1]
        parts[-1] = _ORDINALS.get(last, f"{last[:-1]}ieth" if last.endswith("y") else f"{last}th")
    return " ".join(parts)


def word_error_rate(truth: list[SpokenWord], transcript: Transcript) -> float:
    """Substitutions, deletions and insertions per true word. Turns that overlap come one after the other."""
    heard = normalized(" ".join(word.text for word in transcript.words))
    return float(jiwer.wer(" ".join(w.text for w in truth), " ".join(heard)))


def true_turns(rttm: Path) -> Annotation:
    truth = Annotation()
    for number, line in enumerate(rttm.read_text(encoding="utf-8").splitlines()):
        fields = line.split()
        start, length = float(fields[3]), float(fields[4])
        truth[Segment(start, start + length), number] = fields[7]
    return truth


def found_turns(transcript: Transcript) -> Annotation:
    found = Annotation()
    for number, turn in enumerate(transcript.turns):
        found[Segment(turn.start_ms / 1000, turn.end_ms / 1000), number] = turn.speaker
    return found


def diarization_error_rate(truth: Annotation, transcript: Transcript) -> float:
    """DER with ±0.25 s around each true border left out; overlaps count."""
    whole = Timeline([Segment(0, transcript.duration_ms / 1000)])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return float(DiarizationErrorRate(collar=COLLAR_SECONDS)(truth, found_turns(transcript), uem=whole))


def word_diarization_error_rate(truth: list[SpokenWord], turns: Annotation, transcript: Transcript) -> float:
    """Of the words that were heard as some true word (right or not), those at the wrong speaker.

    Shafey, Soltau & Shafran (2019), Joint speech recognition and speaker diarization via sequence
    transduction, equation 1: (S_IS + C_IS) / (S + C). A word without a speaker is wrong.
    """
    mapping = DiarizationErrorRate().optimal_mapping(turns, found_turns(transcript))
    heard = [
        (text, mapping.get(word.speaker, word.speaker)) for word in transcript.words for text in normalized(word.text)
    ]
    aligned = jiwer.process_words(" ".join(w.text for w in truth), " ".join(text for text, _ in heard))
    wrong = compared = 0
    for chunk in aligned.alignments[0]:
        if chunk.type not in ("equal", "substitute"):
            continue
        for offset in range(chunk.ref_end_idx - chunk.ref_start_idx):
            compared += 1
            wrong += truth[chunk.ref_start_idx + offset].speaker != heard[chunk.hyp_start_idx + offset][1]
    return wrong / compared
