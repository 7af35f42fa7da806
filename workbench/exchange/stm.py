"""STM (NIST segment time marks): who said what, one line for each utterance, as scoring tools read it."""

from __future__ import annotations

from workbench.exchange._text import consent_lines, one_line, seconds, speaker_tokens, spoken, token
from workbench.exchange.formats import Format, FormatError, Meta
from workbench.model.transcript import SpeakerTurn, Transcript, Utterance


def write(transcript: Transcript, meta: Meta) -> bytes:
    """UTF-8 STM, channel 1, the consent in `;;` comments at its head."""
    recording = token(meta.recording) or "recording"
    names = speaker_tokens(transcript, meta)
    rows = [f";; {line}" for line in consent_lines(meta)]
    for u in spoken(transcript):
        text = one_line(u.text)
        # a field that starts with "<" would be read as the optional label
        label = "<NA> " if text.startswith("<") else ""
        rows.append(f"{recording} 1 {names[u.speaker]} {seconds(u.start_ms)} {seconds(u.end_ms)} {label}{text}")
    return ("\n".join(rows) + "\n").encode()


def read(data: bytes) -> Transcript:
    """Utterances of one recording, and its turns: one for each utterance.

    Raises FormatError for all lines that do not fit, together, and for two recordings in one file.
    """
    utterances: list[Utterance] = []
    problems: list[str] = []
    recordings: set[str] = set()
    for number, line in enumerate(data.decode("utf-8-sig", "replace").split("\n"), 1):
        if not line.strip() or line.startswith(";;"):
            continue
        try:
            recording, _channel, speaker, start, end, *text = line.split(maxsplit=5)
            words = text[0].strip() if text else ""
            if words.startswith("<"):
                words = words.partition(">")[2].strip()
            span = round(float(start) * 1000), round(float(end) * 1000)
            if not 0 <= span[0] <= span[1]:
                raise ValueError
            utterances.append(Utterance(f"u{len(utterances) + 1}", *span, speaker, words, 0, 0))
            recordings.add(recording)
        except (ValueError, OverflowError):
            problems.append(f"line {number}: expected file, channel, speaker, start, end, text")
    if len(recordings) > 1:
        problems.append(f"several recordings in one file: {', '.join(sorted(recordings))}")
    if problems:
        raise FormatError("\n".join(problems))
    turns = tuple(SpeakerTurn(u.start_ms, u.end_ms, u.speaker) for u in utterances if u.speaker)
    return Transcript(max((u.end_ms for u in utterances), default=0), "", (), tuple(utterances), turns)


FORMAT = Format("stm", "stm", "Transcript for scoring (STM)", write, read)
