"""A transcript as files that other tools read: which formats there are, and writing all of them.

A format is one module of this package with a `FORMAT` object, or an entry point of the group
`workbench.formats` that names such an object. No format is written without a statement of consent.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType

import workbench.exchange
from workbench.exchange._files import refuse_file_name, write_together
from workbench.model.transcript import Transcript
from workbench.registry import collect, get

GROUP = "workbench.formats"
STANDARD = ("json", "vtt", "srt", "txt", "rttm", "stm")


class FormatError(ValueError):
    """A file that is not what its format says; the message gives the line, what was found and expected."""


@dataclass(frozen=True, slots=True)
class Meta:
    """What a written transcript says about itself.

    `recording` is the recording's name; `consent_date` the day or instant of consent in ISO 8601;
    `speaker_names` maps diarized labels ("S1") to what readers see ("Provider"); `beside` are the
    SHA-256 of files written together with this one, by file name.
    Raises ValueError when the statement of consent or its date is empty.
    """

    recording: str
    consent_statement: str
    consent_date: str
    title: str = ""
    speaker_names: Mapping[str, str] = field(default_factory=dict)
    beside: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.consent_statement.strip():
            raise ValueError("there is no statement of consent, so nothing of this recording is written")
        if not self.consent_date.strip():
            raise ValueError("the statement of consent has no date, so nothing of this recording is written")

    @property
    def heading(self) -> str:
        return self.title or self.recording

    def speaker(self, label: str | None) -> str:
        """What readers see for a diarized label; "Unknown" for words nobody could be found for."""
        return "Unknown" if label is None else self.speaker_names.get(label, label)


@dataclass(frozen=True, slots=True)
class Format:
    """A file format for transcripts.

    `write` gives the file's bytes. `read`, where there is one, gives back what the format can hold
    and raises FormatError. `keeps_consent` is False where the format has no place for a comment: then
    the `.json` written beside it carries the statement and the file's SHA-256.
    """

    name: str
    suffix: str
    title: str
    write: Callable[[Transcript, Meta], bytes]
    read: Callable[[bytes], Transcript] | None = None
    keeps_consent: bool = True


def formats() -> Mapping[str, Format]:
    """Every format by name: those of this package and those of installed packages."""

    def pick(module: object) -> Format | None:
        found = getattr(module, "FORMAT", None)
        return found if isinstance(found, Format) else None

    return MappingProxyType(collect("format", workbench.exchange, pick, lambda f: f.name, GROUP))


def write_all(
    transcript: Transcript,
    meta: Meta,
    out_folder: Path,
    name: str,
    *,
    overwrite: bool = False,
    only: Iterable[str] = STANDARD,
) -> tuple[Path, ...]:
    """Write `NAME.json .vtt .srt .txt .rttm .stm` into `out_folder` (made if missing): all or none.

    Each file is written under another name, flushed to the disk and then renamed. `only` names the
    formats; a format that cannot hold the statement of consent needs "json" beside it.
    Raises FileExistsError naming every file in the way unless `overwrite`, ValueError for a `name`
    that cannot be a file's name or formats that would lose the consent, UnknownName, and OSError;
    after any of them the folder is as it was.
    """
    refuse_file_name(name)
    known = formats()
    chosen = [get("format", n, known) for n in dict.fromkeys(only)]
    silent = [f for f in chosen if not f.keeps_consent]
    if silent and all(f.name != "json" for f in chosen):
        raise ValueError(
            f"{' and '.join('.' + f.suffix for f in silent)} cannot hold the statement of consent: write json beside it"
        )
    contents = {f"{name}.{f.suffix}": f.write(transcript, meta) for f in chosen if f.name != "json"}
    if any(f.name == "json" for f in chosen):
        beside = {file: hashlib.sha256(data).hexdigest() for file, data in contents.items()}
        json_format = known["json"]
        contents = {
            f"{name}.{json_format.suffix}": json_format.write(transcript, replace(meta, beside=beside)),
            **contents,
        }
    return write_together(contents, Path(out_folder), overwrite=overwrite)
