"""WebVTT (https://www.w3.org/TR/webvtt1/): one cue for each utterance, its speaker as the voice."""

from __future__ import annotations

import html
import re

from workbench.exchange._text import consent_lines, one_line, spoken, stamp
from workbench.exchange.formats import Format, FormatError, Meta
from workbench.model.transcript import Transcript, Utterance

_TIME = r"(?:(\d{2,}):)?([0-5]\d):([0-5]\d)\.(\d{3})"
_TIMINGS = re.compile(rf"{_TIME}[ \t]+-->[ \t]+{_TIME}(?:[ \t].*)?")
_VOICE = re.compile(r"<v(?:\.[^ \t>]*)?[ \t]+([^>]*)>(.*?)(?:</v>)?", re.DOTALL)


def write(transcript: Transcript, meta: Meta) -> bytes:
    """UTF-8 WebVTT; title and consent in a NOTE. A cue lasts at least a millisecond, as the format asks."""
    # a comment has no escapes, and must hold neither an arrow nor an empty line
    note = [line.replace("-->", "→") for line in [f"Transcript: {one_line(meta.heading)}", *consent_lines(meta)]]
    blocks = ["WEBVTT", "NOTE\n" + "\n".join(note)]
    for utterance in spoken(transcript):
        end = max(utterance.end_ms, utterance.start_ms + 1)
        voice = html.escape(one_line(meta.speaker(utterance.speaker)), quote=False)
        text = html.escape(one_line(utterance.text), quote=False)
        timings = f"{stamp(utterance.start_ms, '.')} --> {stamp(end, '.')}"
        blocks.append(f"{timings}\n<v {voice}>{text}</v>" if utterance.speaker else f"{timings}\n{text}")
    return ("\n\n".join(blocks) + "\n").encode()


def read(data: bytes) -> Transcript:
    """Utterances of a WebVTT file; other spans than the voice are left out of the text.

    Raises FormatError for what is not WebVTT, cue by cue.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FormatError(f"not UTF-8 at byte {error.start}; WebVTT is always UTF-8") from None
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "\ufffd")
    if not re.match(r"WEBVTT(?:[ \t\n]|$)", text):
        raise FormatError("line 1: expected WEBVTT")
    utterances: list[Utterance] = []
    for block in re.split(r"\n{2,}", text)[1:]:
        rows = block.strip("\n").split("\n")
        if re.match(r"(NOTE|STYLE|REGION)(?:[ \t]|$)", rows[0]) or rows == [""]:
            continue
        timing = next((i for i, row in enumerate(rows[:2]) if "-->" in row), None)
        match = _TIMINGS.fullmatch(rows[timing].strip()) if timing is not None else None
        if timing is None or match is None:
            raise FormatError(f"not a cue: {rows[0][:60]!r}; expected HH:MM:SS.mmm --> HH:MM:SS.mmm")
        speaker, words = _voice("\n".join(rows[timing + 1 :]))
        start, end = _ms(match.groups()[:4]), _ms(match.groups()[4:])
        if end <= start:
            raise FormatError(f"a cue ends before it starts: {rows[timing]}")
        utterances.append(Utterance(f"u{len(utterances) + 1}", start, end, speaker, words, 0, 0))
    return Transcript(max((u.end_ms for u in utterances), default=0), "", (), tuple(utterances), ())


def _voice(payload: str) -> tuple[str | None, str]:
    match = _VOICE.fullmatch(payload.strip())
    speaker, inner = (html.unescape(match[1]).strip(), match[2]) if match else (None, payload)
    return speaker, one_line(html.unescape(re.sub(r"<[^>]*>", "", inner)))


def _ms(parts: tuple[str | None, ...]) -> int:
    hours, minutes, secs, millis = (int(p or 0) for p in parts)
    return ((hours * 60 + minutes) * 60 + secs) * 1000 + millis


FORMAT = Format("vtt", "vtt", "Subtitles with speakers (WebVTT)", write, read)
