"""Every medium gives the same sound, confined; what is no medium gives a sentence."""

from __future__ import annotations

import io
import os
import socket
import subprocess
import sys
import threading
import wave
from pathlib import Path

import av
import numpy as np
import pytest

from tests.media import FORMATS, RATE, write_medium
from workbench.speech.decode import SAMPLE_RATE, NoSound, NotAMedium, decode, probe, stream
from workbench.speech.errors import Cancelled

# Silence with three bursts: their times show whether the sound is where it should be.
BURSTS_MS = (500, 1500, 2500)
SECONDS = 3.5


def bursts() -> np.ndarray:
    sound = np.zeros(int(SECONDS * RATE), dtype=np.int16)
    tone = (12_000 * np.sin(2 * np.pi * 440 * np.arange(RATE // 5) / RATE)).astype(np.int16)
    for at in BURSTS_MS:
        sound[at * RATE // 1000 :][: tone.size] = tone
    return sound


def onsets_ms(mono: np.ndarray) -> list[int]:
    """Where loud stretches begin."""
    loud = np.abs(mono.astype(int)).reshape(-1)[: mono.size // 160 * 160].reshape(-1, 160).max(axis=1) > 4000
    starts = np.flatnonzero(loud[1:] & ~loud[:-1]) + 1
    kept = [int(s) for i, s in enumerate(starts) if i == 0 or s - starts[i - 1] > 30]
    return [10 * s for s in kept]


def write_wave(file: Path, sound: np.ndarray) -> Path:
    """`sound` (channels, n) int16 at 16 kHz."""
    with wave.open(str(file), "wb") as out:
        out.setnchannels(sound.shape[0])
        out.setsampwidth(2)
        out.setframerate(SAMPLE_RATE)
        out.writeframes(sound.T.astype("<i2").tobytes())
    return file


def noise(seconds: float, seed: int, level: float = 3000) -> np.ndarray:
    return (np.random.default_rng(seed).standard_normal(int(seconds * SAMPLE_RATE)) * level).astype(np.int16)


@pytest.mark.parametrize("ending", FORMATS)
def test_every_format_gives_the_same_sound_at_the_same_times(tmp_path: Path, ending: str) -> None:
    medium = write_medium(tmp_path / f"a.{ending}", bursts())
    facts, sound = probe(medium), decode(medium)
    assert facts.has_sound and facts.channels == 1 and facts.has_video == (FORMATS[ending][1] is not None)
    assert facts.duration_ms == pytest.approx(1000 * SECONDS, abs=60)
    assert sound.duration_ms == pytest.approx(1000 * SECONDS, abs=60)
    assert onsets_ms(sound.mono) == pytest.approx(BURSTS_MS, abs=30)
    assert sound.channels == () and sound.damaged == 0


@pytest.mark.parametrize("ending", ["mp4", "mov", "mkv", "webm", "m4a"])
def test_sound_that_begins_later_keeps_the_time_that_players_show(tmp_path: Path, ending: str) -> None:
    """Later than the picture, or in a file of sound alone: Chromium plays both 1.48 s late."""
    delayed = tmp_path / f"delayed.{ending}"
    with (
        av.open(str(write_medium(tmp_path / f"plain.{ending}", bursts()))) as source,
        av.open(str(delayed), "w") as target,
    ):
        tracks = {s.index: target.add_stream_from_template(s) for s in source.streams}
        for packet in source.demux():
            if packet.dts is None:
                continue
            if packet.stream.type == "audio":
                shift = round(1.48 / packet.time_base)
                packet.pts, packet.dts = packet.pts + shift, packet.dts + shift
            packet.stream = tracks[packet.stream.index]
            target.mux(packet)
    assert onsets_ms(decode(delayed).mono) == pytest.approx([at + 1480 for at in BURSTS_MS], abs=30)


def test_the_time_of_day_of_a_transport_stream_does_not_count(tmp_path: Path) -> None:
    stream_file = tmp_path / "a.ts"
    with (
        av.open(str(write_medium(tmp_path / "a.mp4", bursts()))) as source,
        av.open(str(stream_file), "w", format="mpegts", options={"output_ts_offset": "3600"}) as target,
    ):
        tracks = {s.index: target.add_stream_from_template(s) for s in source.streams}
        for packet in source.demux():
            if packet.dts is not None:
                packet.stream = tracks[packet.stream.index]
                target.mux(packet)
    assert onsets_ms(decode(stream_file).mono) == pytest.approx(BURSTS_MS, abs=80)


def test_a_hole_in_the_sound_is_silence_and_what_follows_keeps_its_time(tmp_path: Path) -> None:
    plain = write_medium(tmp_path / "plain.mkv", bursts())
    holed = tmp_path / "holed.mkv"
    with av.open(str(plain)) as source, av.open(str(holed), "w") as target:
        tracks = {s.index: target.add_stream_from_template(s) for s in source.streams}
        for packet in source.demux():
            if packet.dts is None:
                continue
            if packet.stream.type == "audio" and 1.2 < float(packet.pts * packet.time_base) < 2.0:
                continue
            packet.stream = tracks[packet.stream.index]
            target.mux(packet)
    assert onsets_ms(decode(holed).mono) == pytest.approx([500, 2500], abs=30)


class OnlyReadAndSeek(io.RawIOBase):
    """An encrypted recording as the vault opens it: no path, no file descriptor."""

    def __init__(self, data: bytes) -> None:
        self._inner = io.BytesIO(data)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        return self._inner.read(size)

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        return self._inner.seek(offset, whence)

    def tell(self) -> int:
        return self._inner.tell()


@pytest.mark.parametrize("ending", ["mp4", "ogg", "webm"])
def test_a_file_object_gives_the_same_sound_as_the_file(tmp_path: Path, ending: str) -> None:
    medium = write_medium(tmp_path / f"a.{ending}", bursts())
    opened = OnlyReadAndSeek(medium.read_bytes())
    assert probe(opened) == probe(medium)
    assert np.array_equal(decode(opened).mono, decode(medium).mono)


def test_two_microphones_come_as_two_channels(tmp_path: Path) -> None:
    sides = np.stack([noise(2, 1), noise(2, 2)])
    sound = decode(write_wave(tmp_path / "two.wav", sides))
    assert len(sound.channels) == 2
    assert np.array_equal(np.stack(sound.channels), sides)
    assert np.array_equal(sound.mono, (sides.astype(int).sum(axis=0) // 2).astype(np.int16))


@pytest.mark.parametrize("second", ["the same", "silent", "the same room"])
def test_one_sound_on_two_channels_counts_as_one(tmp_path: Path, second: str) -> None:
    left = noise(2, 1)
    right = {"the same": left, "silent": np.zeros_like(left), "the same room": left // 2 + noise(2, 2, 500)}[second]
    sound = decode(write_wave(tmp_path / "one.wav", np.stack([left, right])))
    assert sound.channels == ()


def test_blocks_add_up_to_the_whole_and_tell_how_far_they_are(tmp_path: Path) -> None:
    medium = write_wave(tmp_path / "long.wav", noise(35, 3)[None])
    blocks = list(stream(medium))
    assert np.array_equal(np.concatenate([b.mono for b in blocks]), decode(medium).mono)
    assert [round(b.position, 2) for b in blocks] == pytest.approx([0.29, 0.57, 0.86, 1.0], abs=0.02)


@pytest.mark.parametrize("what", ["text", "nothing", "noise", "missing", "picture"])
def test_what_is_no_medium_gets_a_sentence(tmp_path: Path, what: str) -> None:
    file = tmp_path / "file.mp4"
    if what == "picture":
        with av.open(str(file), "w", format="image2pipe") as out:
            track = out.add_stream("png", rate=1)
            track.width, track.height, track.pix_fmt = 16, 16, "rgb24"
            shot = av.VideoFrame.from_ndarray(np.zeros((16, 16, 3), dtype=np.uint8), format="rgb24")
            out.mux(track.encode(shot))
    elif what != "missing":
        file.write_bytes({"text": b"Dear diary,\n" * 50, "nothing": b"", "noise": bytes(noise(1, 4))}[what])
    with pytest.raises(NotAMedium, match=r"^[A-Z].*\.$"):
        probe(file)
    with pytest.raises(NotAMedium, match=r"^[A-Z].*\.$"):
        decode(file)


def test_a_video_without_sound_and_a_silent_recording_get_their_sentences(tmp_path: Path) -> None:
    mute = tmp_path / "mute.mp4"
    with av.open(str(mute), "w") as out:
        track = out.add_stream("libx264", rate=5)
        track.width, track.height, track.pix_fmt = 64, 48, "yuv420p"
        for _ in range(10):
            out.mux(track.encode(av.VideoFrame.from_ndarray(np.zeros((48, 64, 3), dtype=np.uint8), format="rgb24")))
        out.mux(track.encode())
    assert probe(mute).has_video and not probe(mute).has_sound
    with pytest.raises(NoSound, match="no sound track"):
        decode(mute)
    with pytest.raises(NoSound, match="silent from beginning to end"):
        decode(write_wave(tmp_path / "silent.wav", noise(2, 5, 2)[None]))


def test_a_file_that_breaks_off_gives_what_is_there(tmp_path: Path) -> None:
    whole = write_medium(tmp_path / "a.mp3", bursts()).read_bytes()
    (tmp_path / "torn.mp3").write_bytes(whole[: len(whole) // 2])
    assert onsets_ms(decode(tmp_path / "torn.mp3").mono) == pytest.approx(BURSTS_MS[:2], abs=60)


def test_a_playlist_opens_nothing(tmp_path: Path) -> None:
    """Neither the file beside it nor the address that it names."""
    write_medium(tmp_path / "a.wav", bursts())
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.5)
        address = f"http://127.0.0.1:{server.getsockname()[1]}/a.wav"
        playlists = {
            "file.m3u8": "#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\na.wav\n#EXT-X-ENDLIST\n",
            "net.m3u8": f"#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\n{address}\n#EXT-X-ENDLIST\n",
            "net.mp4": f"#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\n{address}\n#EXT-X-ENDLIST\n",
            "list.ffconcat": f"ffconcat version 1.0\nfile {tmp_path / 'a.wav'}\n",
            "net.ffconcat": f"ffconcat version 1.0\nfile {address}\n",
        }
        for name, text in playlists.items():
            (tmp_path / name).write_text(text)
            with pytest.raises(NotAMedium):
                decode(tmp_path / name)
        with pytest.raises(TimeoutError):
            server.accept()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no resource limits; `missing_limits` says so")
def test_the_child_that_reads_media_can_open_and_write_nothing() -> None:
    code = (
        "from workbench.speech import _decoder\n_decoder.confine()\n"
        "import socket\n"
        "for act in (lambda: open('/etc/hostname'), lambda: open('/tmp/x', 'w'), lambda: socket.socket(),\n"
        "            lambda: bytearray(4 << 30)):\n"
        "    try:\n        act()\n        raise SystemExit('it could')\n"
        "    except (OSError, MemoryError):\n        pass\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_decoding_can_be_cancelled(tmp_path: Path) -> None:
    medium = write_wave(tmp_path / "long.wav", noise(60, 6)[None])
    stop = threading.Event()
    with pytest.raises(Cancelled):
        for _ in stream(medium, cancelled=stop.is_set):
            stop.set()
