"""RTTM (NIST Rich Transcription Time Marked): who spoke when, one SPEAKER line for each turn.

NIST's definition allows `;;` comments, but pyannote.database stops at them: the statement of consent
is in the JSON beside the file.
"""

from __future__ import annotations

from workbench.exchange._text import seconds, speaker_tokens, token
from workbench.exchange.formats import Format, FormatError, Meta
from workbench.model.transcript import SpeakerTurn, Transcript


def write(transcript: Transcript, meta: Meta) -> bytes:
    """UTF-8 RTTM of the speaker turns, overlaps included, channel 1."""
    recording = token(meta.recording) or "recording"
    names = speaker_tokens(transcript, meta)
    turns = sorted(transcript.turns, key=lambda t: (t.start_ms, t.end_ms, t.speaker))
    return "".join(
        f"SPEAKER {recording} 1 {seconds(t.start_ms)} {seconds(t.end_ms - t.start_ms)} "
        f"<NA> <NA> {names[t.speaker]} <NA> <NA>\n"
        for t in turns
    ).encode()


def read(data: bytes) -> Transcript:
    """Speaker turns of one recording; other line types and `;;` comments are passed over.

    Raises FormatError for all lines that do not fit, together, and for two recordings in one file.
    """
    turns: list[SpeakerTurn] = []
    problems: list[str] = []
    recordings: set[str] = set()
    for number, line in enumerate(data.decode("utf-8-sig", "replace").split("\n"), 1):
        fields = line.split()
        if not fields or line.startswith(";;") or fields[0] != "SPEAKER":
            continue
        try:
            start, length = round(float(fields[3]) * 1000), round(float(fields[4]) * 1000)
            if start < 0 or length < 0:
                raise ValueError
            turns.append(SpeakerTurn(start, start + length, fields[7]))
            recordings.add(fields[1])
        except (IndexError, ValueError, OverflowError):
            problems.append(f"line {number}: expected SPEAKER, file, channel, start, length, 2 fields, speaker")
    if len(recordings) > 1:
        problems.append(f"several recordings in one file: {', '.join(sorted(recordings))}")
    if problems:
        raise FormatError("\n".join(problems))
    turns.sort(key=lambda t: (t.start_ms, t.end_ms, t.speaker))
    return Transcript(max((t.end_ms for t in turns), default=0), "", (), (), tuple(turns))


FORMAT = Format("rttm", "rttm", "Speaker turns (RTTM)", write, read, keeps_consent=False)
