"""The whole transcript as JSON: the one format that loses nothing, and that carries the consent of
the formats which have no place for it."""

from __future__ import annotations

import json
from typing import Any

from workbench import __version__
from workbench.exchange.formats import Format, FormatError, Meta
from workbench.model.transcript import Transcript, transcript_from_dict


def write(transcript: Transcript, meta: Meta) -> bytes:
    """UTF-8 JSON: `Transcript.to_dict` with recording, title, consent, speaker names and program."""
    data = transcript.to_dict()
    head = {
        "format": data.pop("format"),
        "program": {"name": "alliance-workbench", "version": __version__},
        "recording": meta.recording,
        "title": meta.title,
        "consent": {"statement": meta.consent_statement, "date": meta.consent_date, "covers": dict(meta.beside)},
        "speaker_names": dict(meta.speaker_names),
    }
    return (json.dumps(head | data, ensure_ascii=False, indent=1) + "\n").encode()


def read(data: bytes) -> Transcript:
    """The transcript. Raises FormatError."""
    content = _content(data)
    try:
        return transcript_from_dict(content)
    except (KeyError, TypeError) as error:
        raise FormatError(f"the transcript is incomplete or has unknown parts: {error}") from None
    except ValueError as error:
        raise FormatError(str(error)) from None


def read_meta(data: bytes) -> Meta:
    """What the file says about itself, the statement of consent included. Raises FormatError."""
    content = _content(data)
    try:
        return Meta(
            recording=content["recording"],
            consent_statement=content["consent"]["statement"],
            consent_date=content["consent"]["date"],
            title=content["title"],
            speaker_names=content["speaker_names"],
            beside=content["consent"]["covers"],
        )
    except (KeyError, TypeError, ValueError) as error:
        raise FormatError(f"the transcript does not say who consented to what: {error}") from None


def _content(data: bytes) -> dict[str, Any]:
    try:
        content = json.loads(data)
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise FormatError(f"not JSON: {error}") from None
    if not isinstance(content, dict):
        raise FormatError(f"a JSON {type(content).__name__}, expected an object with a transcript")
    return content


FORMAT = Format("json", "json", "Transcript (JSON, complete)", write, read)
