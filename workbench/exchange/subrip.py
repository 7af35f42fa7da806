"""SubRip subtitles: one for each utterance, the speaker's name before the text.

The format knows neither comments nor escapes. A zero-width space (U+200B) keeps `<`, `{` and clock
times in the text from being taken for markup; what a person reads is unchanged.
"""

from __future__ import annotations

import re

from workbench.exchange._text import one_line, spoken, stamp
from workbench.exchange.formats import Format, Meta
from workbench.model.transcript import Transcript

_MARKUP = re.compile(r"[<{]|--(?=>)|\d:(?=\d{1,2}:\d{1,2}[.,]\d)")


def write(transcript: Transcript, meta: Meta) -> bytes:
    """UTF-8 SubRip. It holds no statement of consent: the JSON beside it does."""
    blocks = []
    for number, utterance in enumerate(spoken(transcript), 1):
        text = one_line(utterance.text)
        if utterance.speaker:
            text = f"{one_line(meta.speaker(utterance.speaker))}: {text}"
        end = max(utterance.end_ms, utterance.start_ms + 1)
        blocks.append(f"{number}\n{stamp(utterance.start_ms, ',')} --> {stamp(end, ',')}\n{_plain(text)}\n")
    return "\n".join(blocks).encode()


def _plain(text: str) -> str:
    return _MARKUP.sub(lambda match: match[0] + "\u200b", text)


FORMAT = Format("srt", "srt", "Subtitles (SubRip)", write, keeps_consent=False)
