"""Text that fits the line-based formats: one line, one token, clock times."""

from __future__ import annotations

import re
from collections.abc import Mapping

from workbench.exchange.formats import Meta
from workbench.model.transcript import Transcript, Utterance

# everything that some reader takes for the end of a line, and the blanks around it
_BREAKS = re.compile("[ \t]*[\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f\x85\u2028\u2029]+[ \t]*")
_UNPRINTABLE = re.compile("[\x00-\x08\x0e-\x1b\x7f\ud800-\udfff]")
# what pandas, and with it pyannote.database, reads as a missing value
_READ_AS_MISSING = {"", "NA", "N/A", "NAN", "NULL", "NONE", "#N/A", "#NA", "-NAN", "1.#IND", "1.#QNAN"}


def one_line(text: str) -> str:
    """The text on one line: line breaks become a space, unprintable characters U+FFFD."""
    return _UNPRINTABLE.sub("\ufffd", _BREAKS.sub(" ", text)).strip()


def lines(text: str) -> list[str]:
    """The text's lines, each fit for a file, without empty ones."""
    return [line for line in (one_line(part) for part in text.splitlines()) if line]


def token(text: str) -> str:
    """The text as one field of a blank-separated format: letters of any script, digits, `._-()=`.

    >>> token('Anna  "A." Berg')
    'Anna_A._Berg'
    """
    word = re.sub(r"[^\w.\-()=+@&']+", "_", one_line(text)).strip("_")
    return f"{word}_" if word.upper() in _READ_AS_MISSING else word


def speaker_tokens(transcript: Transcript, meta: Meta) -> Mapping[str | None, str]:
    """One token for each speaker; two names never share one, two labels of one name always do."""
    labels = dict.fromkeys([*transcript.speakers, *(u.speaker for u in transcript.utterances)])
    taken: dict[str, str] = {}
    out: dict[str | None, str] = {}
    for label in labels:
        name = meta.speaker(label)
        word = token(name)
        if taken.setdefault(word, name) != name:
            word = f"{word}_{token(label or 'nobody')}"
            taken[word] = name
        out[label] = word
    return out


def spoken(transcript: Transcript) -> list[Utterance]:
    """Utterances that have words, in the order in which they start."""
    return sorted((u for u in transcript.utterances if one_line(u.text)), key=lambda u: (u.start_ms, u.end_ms))


def stamp(ms: int, point: str) -> str:
    """`01:02:03.004` with the given decimal point."""
    hours, rest = divmod(ms, 3_600_000)
    minutes, rest = divmod(rest, 60_000)
    seconds, millis = divmod(rest, 1000)
    return f"{hours:02d}:{minutes:02d}:{seconds:02d}{point}{millis:03d}"


def seconds(ms: int) -> str:
    """Milliseconds as seconds with three decimals, without a float in between."""
    return f"{ms // 1000}.{ms % 1000:03d}"


def consent_lines(meta: Meta) -> list[str]:
    """The statement of consent and its date, as lines."""
    first, *more = lines(meta.consent_statement)
    return [f"Consent ({one_line(meta.consent_date)}): {first}", *more]
