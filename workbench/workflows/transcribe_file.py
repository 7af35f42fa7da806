"""Transcribing one file without a workspace: a statement of consent goes in, and stays in what is written.

Everything that can be refused is refused before the work begins. The decoded sound stays in memory;
the files appear together at the end, or none of them.
"""

from __future__ import annotations

import datetime as dt
import errno
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from workbench.exchange.formats import STANDARD, Meta, formats, write_all
from workbench.model.transcript import Transcript
from workbench.speech import decode, models, pipeline
from workbench.speech.errors import Cancelled, SpeechError
from workbench.speech.pipeline import Settings
from workbench.workflows.refusal import Refused

__all__ = ["Cancelled", "Settings", "Transcribed", "transcribe_file"]

NO_CONSENT = (
    "Without a statement of consent nothing is transcribed. Say what the people in the recording agreed to, in the "
    'words they agreed to: --consent "…"'
)


@dataclass(frozen=True, slots=True)
class Transcribed:
    """What was written: the files in the order of their formats, and the transcript in them."""

    files: tuple[Path, ...]
    transcript: Transcript


def transcribe_file(
    file: Path,
    out: Path,
    settings: Settings,
    models_folder: Path,
    *,
    consent: str,
    consent_date: str = "",
    name: str = "",
    overwrite: bool = False,
    progress: Callable[[float, str], None] = lambda part, label: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Transcribed:
    """Write `NAME.json .vtt .srt .txt .rttm .stm` of the recording `file` into the folder `out`.

    `consent` is the statement of consent, kept in what is written; `consent_date` its day (ISO 8601),
    today's if left out. `name` is the file's own without its suffix if left out. `progress` is told
    the part that is done, 0 to 1, and what is being done.
    Raises Refused, and Cancelled once `cancelled()` says so; after either nothing was written.
    """
    if not consent.strip():
        raise Refused(NO_CONSENT)
    name = name or file.stem
    date = _day(consent_date)
    meta = Meta(recording=name, consent_statement=consent.strip(), consent_date=date)
    _possible(file, out, name, overwrite)
    try:
        models.ready(settings.model, models_folder, models.Kind.TRANSCRIPTION)
        models.ready(settings.diarization, models_folder, models.Kind.DIARIZATION)
        decode.probe(file)
        transcript = pipeline.transcribe(file, settings, pipeline.MemoryArtefacts(), models_folder, progress, cancelled)
    except Cancelled:
        raise
    except (decode.NotAMedium, decode.NoSound) as error:
        raise Refused(f"{file.name}: {error}") from None
    except SpeechError as error:
        raise Refused(str(error)) from None
    if cancelled():
        raise Cancelled
    try:
        files = write_all(transcript, meta, out, name, overwrite=overwrite)
    except FileExistsError as error:
        raise Refused(f"{error}.") from None
    except OSError as error:
        raise Refused(_not_written(out, error)) from None
    return Transcribed(files, transcript)


def _possible(file: Path, out: Path, name: str, overwrite: bool) -> None:
    """Raise Refused now for what would otherwise be found only after the work."""
    if not file.is_file():
        raise Refused(f"There is no file {file}.")
    if not os.access(file, os.R_OK):
        raise Refused(f"{file} cannot be read.")
    if out.exists() and not out.is_dir():
        raise Refused(f"{out} is a file; --out names the folder to write into.")
    there = [f"{name}.{formats()[f].suffix}" for f in STANDARD if (out / f"{name}.{formats()[f].suffix}").exists()]
    if there and not overwrite:
        raise Refused(
            f"{out} already holds {', '.join(sorted(there))}. Add --overwrite to replace them, "
            "or choose another folder."
        )
    folder = out
    while not folder.exists():
        folder = folder.parent
    trial = folder / f".{secrets.token_hex(8)}.tmp"
    try:
        trial.touch(exist_ok=False)
        trial.unlink()
    except OSError as error:
        raise Refused(_not_written(out, error)) from None


def _not_written(out: Path, error: OSError) -> str:
    full = error.errno in (errno.ENOSPC, errno.EFBIG, errno.EDQUOT if hasattr(errno, "EDQUOT") else errno.ENOSPC)
    why = "the disk is full" if full else error.strerror or type(error).__name__
    return f"Nothing could be written into {out}: {why}. What was there before is unchanged."


def _day(text: str) -> str:
    if not text:
        return dt.datetime.now(dt.UTC).date().isoformat()
    try:
        dt.datetime.fromisoformat(text)
    except ValueError:
        raise Refused(f"{text!r} is no date of consent; expected a day such as 2026-03-01.") from None
    return text
