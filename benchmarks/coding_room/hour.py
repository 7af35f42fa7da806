"""An hour of video that is made here: a short noisy scene, encoded once and repeated until it is long and large enough.

python -m benchmarks.coding_room.hour FILE [--seconds 3600] [--megabytes 1000]
"""

from __future__ import annotations

import argparse
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

RATE, FPS, SCENE = 48_000, 15, 16
SOUND_KBIT = 96


def write_hour(file: Path, *, seconds: int = 3600, megabytes: int = 1000) -> Path:
    """An MP4 of about this length and size that streams from its beginning."""
    scene = file.with_suffix(".scene.mp4")
    _scene(scene, kbit=megabytes * 8000 // seconds - SOUND_KBIT)
    try:
        _repeat(scene, file, -(-seconds // SCENE))
    finally:
        scene.unlink()
    return file


def _scene(file: Path, *, kbit: int) -> None:
    chance = np.random.default_rng(1)
    with av.open(str(file), "w") as container:
        steady = {"x264-params": "nal-hrd=cbr:filler=1", "preset": "ultrafast", "maxrate": f"{kbit}k"}
        picture = container.add_stream("libx264", rate=FPS, options={**steady, "bufsize": f"{kbit}k"})
        picture.width, picture.height, picture.pix_fmt = 640, 360, "yuv420p"
        picture.bit_rate, picture.gop_size, picture.time_base = kbit * 1000, 2 * FPS, Fraction(1, FPS)
        picture.codec_context.max_b_frames = 0
        sound = container.add_stream("aac", rate=RATE, layout="mono")
        sound.bit_rate = SOUND_KBIT * 1000
        for number in range(SCENE * FPS):
            shot = np.repeat(np.repeat(chance.integers(0, 255, (45, 80, 3), dtype=np.uint8), 8, 0), 8, 1)
            shot[:, :: max(1, number % 64)] //= 2
            container.mux(picture.encode(av.VideoFrame.from_ndarray(shot, format="rgb24")))
        container.mux(picture.encode())
        t = np.arange(SCENE * RATE) / RATE
        tone = (6000 * np.sin(2 * np.pi * 180 * t) * (np.sin(2 * np.pi * 2 * t) > 0)).astype(np.float32) / 32768
        for start in range(0, tone.size - 1023, 1024):
            frame = av.AudioFrame.from_ndarray(tone[None, start : start + 1024], format="fltp", layout="mono")
            frame.rate, frame.pts = RATE, start
            container.mux(sound.encode(frame))
        container.mux(sound.encode())


def _repeat(scene: Path, file: Path, times: int) -> None:
    with av.open(str(scene)) as source, av.open(str(file), "w", options={"movflags": "faststart"}) as dest:
        tracks = {s.index: dest.add_stream_from_template(s) for s in source.streams}
        packets = [p for p in source.demux() if p.dts is not None]
        step = {s.index: round(SCENE / s.time_base) for s in source.streams if s.time_base}
        kept = sorted((p for p in packets if p.dts >= 0), key=lambda p: float(p.dts * p.time_base))
        scenes = [(p.stream.index, bytes(p), p.pts, p.dts, p.duration, p.is_keyframe, p.time_base) for p in kept]
        for turn in range(times):
            for index, data, pts, dts, duration, key, base in scenes:
                if dts >= step[index]:
                    continue
                packet = av.Packet(data)
                packet.pts, packet.dts = pts + turn * step[index], dts + turn * step[index]
                packet.duration, packet.time_base, packet.is_keyframe = duration, base, key
                packet.stream = tracks[index]
                dest.mux(packet)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--seconds", type=int, default=3600)
    parser.add_argument("--megabytes", type=int, default=1000)
    given = parser.parse_args()
    print(write_hour(given.file, seconds=given.seconds, megabytes=given.megabytes).stat().st_size)
