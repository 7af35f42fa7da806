"""The child process that reads media (see `workbench.speech.decode`)."""

from __future__ import annotations

import contextlib
import importlib
import io
import os
import pkgutil
from collections.abc import Iterator
from typing import Any

import av
import numpy as np
import numpy.typing as npt

from workbench.speech.child import Message
from workbench.speech.errors import NoSound, NotAMedium
from workbench.speech.serving import Parent, limit_core_dumps, serve

SAMPLE_RATE = 16_000
BLOCK_SAMPLES = 10 * SAMPLE_RATE
# A hole between two frames longer than this is filled with silence, so that times stay true.
GAP_SECONDS = 0.05
LONGEST_HOURS = 12
_MEMORY_BYTES = 2 << 30
_CPU_SECONDS = 3600
_RANGE_BYTES = 1 << 18
# Readers of single files only. Playlists (hls, concat, dash, image sequences) are not among them.
_READERS = "wav,w64,flac,mp3,aac,mov,mp4,m4a,matroska,webm,ogg,aiff,caf,asf,amr,avi,mpegts,mpeg,au"
_OPTIONS = {"protocol_whitelist": "none", "format_whitelist": _READERS, "enable_drefs": "0"}

Samples = npt.NDArray[np.int16]


class Medium(io.RawIOBase):
    """A read-only file whose bytes are asked of the parent, with one range kept at hand."""

    def __init__(self, parent: Parent, size: int) -> None:
        self._parent, self._size = parent, size
        self._at = 0
        self._start, self._range = 0, b""

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence]
        self._at = max(0, base + offset)
        return self._at

    def read(self, size: int = -1) -> bytes:
        left = max(0, self._size - self._at)
        size = left if size < 0 else min(size, left)
        inside = self._at - self._start
        if not (inside >= 0 and inside + size <= len(self._range)):
            self._range = self._parent.read(self._at, max(size, min(_RANGE_BYTES, left)))
            self._start, inside = self._at, 0
        data = self._range[inside : inside + size]
        self._at += len(data)
        return data


def facts(container: Any) -> dict[str, Any]:
    """The fields of `MediaFacts`."""
    sound = container.streams.audio[0] if container.streams.audio else None
    pictures = [s for s in container.streams.video if not s.disposition & av.stream.Disposition.attached_pic]
    video = pictures[0] if pictures else None
    if sound is None and video is None:
        raise NotAMedium("The file holds neither sound nor a picture that moves.")
    return {
        "container": container.format.name,
        "duration_ms": _duration_ms(container),
        "has_video": video is not None,
        "has_sound": sound is not None,
        "channels": _channels(sound) if sound else 0,
        "codec": sound.codec_context.name if sound else "",
        "sample_rate": sound.codec_context.sample_rate if sound else 0,
        "video_codec": video.codec_context.name if video else "",
        "video_width": video.codec_context.width if video else 0,
        "video_height": video.codec_context.height if video else 0,
    }


def blocks(container: Any) -> Iterator[tuple[Samples, float, int]]:
    """Blocks (channels, n) of about 10 s, with the part of the file that was read and the damages so far."""
    sound = container.streams.audio[0]
    width = 2 if _channels(sound) == 2 else 1
    whole = max(1, _duration_ms(container)) / 1000
    waiting: list[Samples] = []
    held = written = 0
    for piece, damaged in _pieces(container, sound, width):
        waiting.append(piece)
        held += piece.shape[1]
        if held >= BLOCK_SAMPLES:
            written += held
            if written > LONGEST_HOURS * 3600 * SAMPLE_RATE:
                raise NotAMedium(f"The recording is longer than {LONGEST_HOURS} hours.")
            yield np.concatenate(waiting, axis=1), min(1.0, written / SAMPLE_RATE / whole), damaged
            waiting, held = [], 0
    if not written and not held:
        raise NoSound("The sound track cannot be decoded: no sample of it could be read.")
    if held:
        yield np.concatenate(waiting, axis=1), 1.0, damaged


def _pieces(container: Any, sound: Any, width: int) -> Iterator[tuple[Samples, int]]:
    """Decoded samples (width, n) in order, holes filled with silence, overlaps cut."""
    origin = _origin(container)
    resampler = _resampler(width)
    written = damaged = 0
    for frame in _frames(container, sound):
        if frame is None:
            damaged += 1
            continue
        if frame.time is not None:
            due = frame.time - origin
            hole = round((due - written / SAMPLE_RATE) * SAMPLE_RATE)
            # Before the first frame any delay counts; later only real holes, not rounding of times.
            if hole > (0 if written == 0 else GAP_SECONDS * SAMPLE_RATE):
                for samples in _resampled(resampler, None):
                    written += samples.shape[1]
                    hole -= samples.shape[1]
                    yield samples, damaged
                resampler = _resampler(width)
                if hole > LONGEST_HOURS * 3600 * SAMPLE_RATE:
                    raise NotAMedium(f"The recording is longer than {LONGEST_HOURS} hours.")
                while hole > 0:
                    silence = np.zeros((width, min(hole, BLOCK_SAMPLES)), dtype=np.int16)
                    written += silence.shape[1]
                    hole -= silence.shape[1]
                    yield silence, damaged
        frame.pts = None
        for samples in _resampled(resampler, frame):
            written += samples.shape[1]
            yield samples, damaged
    for samples in _resampled(resampler, None):
        yield samples, damaged


def _origin(container: Any) -> float:
    """The time stamp in seconds that players show as 0.

    In mp4, mov, webm and mkv that is time stamp 0: what begins later begins later in the player too
    (tried in Chromium). In other containers it is the first time stamp of the file, which may be
    anything, such as the delay of an mp3 encoder or the time of day of a transport stream.
    """
    if container.format.name.startswith(("mov", "matroska")):
        return 0.0
    return float(max(0, container.start_time or 0) / av.time_base)


def _frames(container: Any, sound: Any) -> Iterator[Any]:
    """Decoded frames; None for a stretch that cannot be decoded."""
    packets = container.demux(sound)
    while True:
        try:
            packet = next(packets)
            yield from packet.decode()
        except StopIteration:
            return
        except (av.error.InvalidDataError, av.error.ValueError):
            yield None
        except av.error.EOFError:
            return
        except av.error.FFmpegError:
            yield None
            return


def _resampler(width: int) -> Any:
    return av.AudioResampler(format="s16p", layout="stereo" if width == 2 else "mono", rate=SAMPLE_RATE)


def _resampled(resampler: Any, frame: Any) -> Iterator[Samples]:
    if frame is None and resampler.format is None:
        return
    with contextlib.suppress(av.error.EOFError):
        for out in resampler.resample(frame):
            array = out.to_ndarray()
            if array.shape[1]:
                yield array


def _channels(sound: Any) -> int:
    return int(sound.codec_context.channels or 0)


def _duration_ms(container: Any) -> int:
    """From the container, else from the last packet (live recordings of browsers say nothing)."""
    if container.duration:
        return int(container.duration // 1000)
    last = 0.0
    tracks = [s for s in container.streams if s.type in ("audio", "video")]
    with contextlib.suppress(av.error.FFmpegError):
        for packet in container.demux(tracks):
            if packet.pts is not None:
                last = max(last, float((packet.pts + (packet.duration or 0)) * packet.time_base))
        container.seek(0)
    return int(1000 * max(0.0, last - _origin(container)))


class Decoder:
    """Answers `probe`, `open` and `next`."""

    def __init__(self) -> None:
        self._blocks: Iterator[tuple[Samples, float, int]] = iter(())

    def probe(self, parent: Parent, request: Message, body: bytes) -> tuple[dict[str, Any], bytes]:
        with _open(parent, request["size"]) as container:
            return {"facts": facts(container)}, b""

    def open(self, parent: Parent, request: Message, body: bytes) -> tuple[dict[str, Any], bytes]:
        container = _open(parent, request["size"])
        told = facts(container)
        if not told["has_sound"]:
            raise NoSound("The video has no sound track: there is nothing to transcribe.")
        self._blocks = blocks(container)
        return {"facts": told}, b""

    def next(self, parent: Parent, request: Message, body: bytes) -> tuple[dict[str, Any], bytes]:
        block = next(self._blocks, None)
        if block is None:
            return {"channels": 0, "position": 1.0, "damaged": 0}, b""
        samples, position, damaged = block
        answer = {"channels": samples.shape[0], "position": position, "damaged": damaged}
        return answer, samples.astype("<i2", copy=False).tobytes()


def _open(parent: Parent, size: int) -> Any:
    try:
        return av.open(Medium(parent, size), options=_OPTIONS, metadata_errors="ignore", buffer_size=1 << 16)
    except (av.error.FFmpegError, ValueError, UnicodeError):
        raise NotAMedium(
            "This is no audio or video file that can be read"
            " (wav, flac, mp3, m4a, ogg, opus, mp4, mov, webm and mkv can)."
        ) from None


def confine() -> None:
    """From here on: no file can be opened or written, memory and processor time are bounded."""
    # PyAV and numpy import parts of themselves at first use; later that could not be read any more.
    for module in pkgutil.walk_packages(av.__path__, "av."):
        if "__main__" not in module.name:
            importlib.import_module(module.name)
    list(_resampled(_resampler(1), None))
    limit_core_dumps()
    try:
        import resource
    except ImportError:
        return
    for what, limit in (
        (resource.RLIMIT_AS, _MEMORY_BYTES),
        (resource.RLIMIT_CPU, _CPU_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, 0),
    ):
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(what, (limit, limit))


if __name__ == "__main__":
    av.logging.set_level(None)
    decoder = Decoder()
    serve({"probe": decoder.probe, "open": decoder.open, "next": decoder.next}, before_first=confine)
