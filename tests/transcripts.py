"""Transcripts made for tests: as long as an hour of therapy, with people who speak at once, and in Arabic."""

from __future__ import annotations

from workbench.model.transcript import SpeakerTurn, Transcript, Utterance, Word

ENGLISH = (
    "So how has the week been since we last spoke about it",
    "Fine I suppose",
    "Last time I moved too fast and I think that I did not hear what you were trying to tell me about your "
    "sister and the house",
    "Mhm",
    "You did and I was angry for days",
    "Can you tell me what it was like",
    "It was as if nobody was listening and I thought why do I come here at all when it always goes the same way",
)
ARABIC = (
    "كيف كان الأسبوع منذ أن تحدثنا آخر مرة",
    "بخير على ما أظن",
    "في المرة الماضية كنت أسرع مما ينبغي ولم أسمع ما كنت تحاول أن تقوله لي عن أختك وعن البيت",
    "نعم",
    "هذا صحيح وقد بقيت غاضبا أياما",
)


def made(words: int, *, said: tuple[str, ...] = ENGLISH, language: str = "en", word_ms: int = 320) -> Transcript:
    """A conversation of two people of about so many words. Every ninth utterance begins while the one
    before is still being said, and after every eleventh somebody is heard of whom nothing was written."""
    spoken: list[Word] = []
    utterances: list[Utterance] = []
    turns: list[SpeakerTurn] = []
    unwritten: list[SpeakerTurn] = []
    at = 600
    while len(spoken) < words:
        n = len(utterances)
        speaker, first = f"S{n % 2 + 1}", len(spoken)
        begin = max(0, at - 1400) if n % 9 == 8 else at
        text = said[n % len(said)].split()
        for place, word in enumerate(text):
            start = begin + place * word_ms
            spoken.append(Word(start, start + word_ms - 60, word, speaker, 0.9))
        end = begin + len(text) * word_ms
        utterances.append(Utterance(f"u{n + 1:04d}", begin, end, speaker, " ".join(text) + ".", first, len(spoken)))
        turns.append(SpeakerTurn(begin, end, speaker))
        at = end + 400
        if n % 11 == 10:
            unwritten.append(SpeakerTurn(at, at + 900, "S1" if speaker == "S2" else "S2"))
            at += 1300
    return Transcript(at, language, tuple(spoken), tuple(utterances), tuple(turns), tuple(unwritten))
