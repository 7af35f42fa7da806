"""The transcript as a person reads it: speaker turns with clock times under a head with the consent."""

from __future__ import annotations

from workbench import __version__
from workbench.exchange._text import consent_lines, one_line, spoken
from workbench.exchange.formats import Format, Meta
from workbench.model.span import clock
from workbench.model.transcript import Transcript

WORDLESS = "(speech without words)"
NEW_CLOCK_TIME_MS = 5000  # a speaker who goes on after a longer silence gets a new clock time


def write(transcript: Transcript, meta: Meta) -> bytes:
    """UTF-8 text. Speech that the transcription wrote no words for stands in its place, as such."""
    speakers = [one_line(meta.speaker(s)) for s in transcript.speakers]
    models = ", ".join(one_line(name) for name in transcript.models.values())
    source = f" Transcribed by computer ({models}): check the words against the recording." if models else ""
    head = [
        one_line(meta.heading),
        *consent_lines(meta),
        f"Length: {clock(transcript.duration_ms)}   Speakers: {', '.join(dict.fromkeys(speakers)) or 'none found'}",
        f"Written by alliance-workbench {__version__}.{source}",
    ]
    entries = [(u.start_ms, u.end_ms, one_line(meta.speaker(u.speaker)), one_line(u.text)) for u in spoken(transcript)]
    entries += [
        (t.start_ms, t.end_ms, one_line(meta.speaker(t.speaker)), WORDLESS) for t in transcript.speech_without_words
    ]
    turns: list[tuple[int, str, list[str]]] = []
    last_end = 0
    for start, end, speaker, text in sorted(entries):
        joins = turns and turns[-1][1] == speaker and WORDLESS not in (text, turns[-1][2][-1])
        if joins and start - last_end < NEW_CLOCK_TIME_MS:
            turns[-1][2].append(text)
        else:
            turns.append((start, speaker, [text]))
        last_end = end
    body = [f"[{clock(start)}] {speaker}: {' '.join(texts)}" for start, speaker, texts in turns]
    return ("\n".join(head) + "\n\n" + "\n\n".join(body or ["No speech was found."]) + "\n").encode()


FORMAT = Format("txt", "txt", "Reading text", write)
