"""Draws the sample video: a telehealth call in two tiles, for the session `dev1_rupture_repair`.

    python sample_media/make_video.py            writes sample_media/dev1_rupture_repair.webm
    python sample_media/make_video.py --frame 96 frame.png

The ring around a person is lit exactly during their true turns; mouth and level meter follow the
loudness of their channel of the stereo recording. The sound is the mono recording's own Opus stream,
copied packet by packet, so that sound and transcript times are those of the `.ogg`. No browser and no
ffmpeg program is needed: PyAV draws on the encoders in its wheel. The same run gives the same pictures.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from pathlib import Path

import av
import numpy as np
from PIL import Image, ImageDraw, ImageFont

HERE = Path(__file__).resolve().parent
NAME = "dev1_rupture_repair"
WIDTH, HEIGHT, RATE = 960, 540, 10
FINE = 3  # drawn three times larger, then reduced: smooth edges

BACKGROUND, BAR_TEXT, QUIET_TEXT = (19, 24, 31), (222, 228, 235), (139, 150, 163)
RING = (106, 214, 176)
TILE_TOP, TILE_WIDTH, TILE_HEIGHT, TILE_GAP, CORNER = 60, 456, 464, 16, 18
AVATAR, RING_WIDTH, RING_SPACE = 232, 5, 8


@dataclass(frozen=True)
class Seat:
    """One person of the call: the speaker of the truth file, their channel, place and colours."""

    speaker: str
    channel: int
    label: str
    left: int
    tile: tuple[tuple[int, int, int], tuple[int, int, int]]
    disc: tuple[int, int, int]
    skin: tuple[int, int, int]
    hair: tuple[int, int, int]
    clothes: tuple[int, int, int]
    long_hair: bool

    @property
    def centre(self) -> tuple[int, int]:
        return self.left + TILE_WIDTH // 2, TILE_TOP + TILE_HEIGHT // 2 - 14

    @property
    def ring_probe(self) -> tuple[int, int]:
        """A pixel (x, y) in the middle of the ring's line, at three o'clock."""
        x, y = self.centre
        return x + AVATAR // 2 + RING_SPACE + RING_WIDTH // 2, y


_LEFT = (WIDTH - 2 * TILE_WIDTH - TILE_GAP) // 2
SEATS = (
    Seat(
        "T",
        0,
        "Provider",
        _LEFT,
        ((40, 58, 72), (31, 45, 57)),
        (67, 96, 114),
        (214, 170, 140),
        (70, 52, 44),
        (226, 220, 208),
        True,
    ),
    Seat(
        "C",
        1,
        "Patient",
        _LEFT + TILE_WIDTH + TILE_GAP,
        ((58, 52, 70), (45, 41, 56)),
        (98, 88, 118),
        (156, 108, 80),
        (36, 30, 32),
        (88, 120, 150),
        False,
    ),
)


def truth() -> dict[str, list[tuple[float, float]]]:
    """True turns in seconds, by speaker."""
    turns: dict[str, list[tuple[float, float]]] = {}
    for turn in json.loads((HERE / f"{NAME}.json").read_text(encoding="utf-8"))["turns"]:
        turns.setdefault(turn["speaker"], []).append((turn["start"], turn["end"]))
    return turns


def loudness(frames: int) -> np.ndarray:
    """Loudness 0…1 of each channel in each picture, shape (channels, frames): −50 dB is 0, −14 dB is 1."""
    with av.open(str(HERE / f"{NAME}.stereo.ogg")) as container:
        resampler = av.AudioResampler(format="fltp", layout="stereo", rate=16000)
        parts = [part.to_ndarray() for f in container.decode(audio=0) for part in resampler.resample(f)]
    sound = np.concatenate(parts, axis=1)
    size = 16000 // RATE
    sound = np.pad(sound, ((0, 0), (0, max(0, frames * size - sound.shape[1]))))[:, : frames * size]
    rms = np.sqrt((sound.reshape(2, frames, size) ** 2).mean(axis=2))
    return np.clip((20 * np.log10(rms + 1e-9) + 50) / 36, 0, 1)


def pictures() -> Iterator[Image.Image]:
    """Every picture of the video, in order."""
    with av.open(str(HERE / f"{NAME}.ogg")) as container:
        stream = container.streams.audio[0]
        length = float(stream.duration * stream.time_base)
    count = math.ceil(length * RATE)
    turns, loud = truth(), loudness(count)
    still = _still()
    for number in range(count):
        middle = (number + 0.5) / RATE
        picture = still.copy()
        for seat in SEATS:
            talking = any(start <= middle < end for start, end in turns.get(seat.speaker, ()))
            level = float(loud[seat.channel, number]) if talking else 0.0
            _draw_person(picture, seat, talking, level, number)
        _draw_clock(picture, number // RATE)
        yield picture


def _draw_person(picture: Image.Image, seat: Seat, talking: bool, level: float, number: int) -> None:
    x, y = seat.centre
    if talking:
        ring = _ring()
        picture.paste(ring, (x - ring.width // 2, y - ring.height // 2), ring)
    # breathing: one slow pixel; each person at their own pace
    breath = round(1.2 * math.sin(2 * math.pi * number / RATE / (4.1 + seat.channel * 0.7)))
    blink = (number + 17 * seat.channel) % (37 + 6 * seat.channel) == 0
    avatar = _avatar(seat, round(level * 4), breath, blink)
    picture.paste(avatar, (x - AVATAR // 2, y - AVATAR // 2), avatar)
    meter = _meter(round(level * 5))
    picture.paste(meter, (seat.left + 24 + _label(seat.label).width - 46, TILE_TOP + TILE_HEIGHT - 47), meter)


def _draw_clock(picture: Image.Image, seconds: int) -> None:
    clock = _text(f"{seconds // 60:02d}:{seconds % 60:02d}", 19, BAR_TEXT)
    picture.paste(clock, (WIDTH - _LEFT - 4 - _text("00:00", 19, BAR_TEXT).width, 20), clock)


@lru_cache
def _still() -> Image.Image:
    picture = Image.new("RGB", (WIDTH, HEIGHT), BACKGROUND)
    for seat in SEATS:
        top, bottom = (np.array(c, float) for c in seat.tile)
        ramp = np.linspace(0, 1, TILE_HEIGHT)[:, None, None]
        shade = np.broadcast_to((1 - ramp) * top + ramp * bottom, (TILE_HEIGHT, TILE_WIDTH, 3))
        mask = Image.new("L", (TILE_WIDTH * FINE, TILE_HEIGHT * FINE))
        ImageDraw.Draw(mask).rounded_rectangle((0, 0, mask.width - 1, mask.height - 1), CORNER * FINE, fill=255)
        picture.paste(
            Image.fromarray(shade.round().astype(np.uint8)),
            (seat.left, TILE_TOP),
            mask.resize((TILE_WIDTH, TILE_HEIGHT), Image.Resampling.LANCZOS),
        )
        label = _label(seat.label)
        picture.paste(label, (seat.left + 16, TILE_TOP + TILE_HEIGHT - 52), label)
    title = _text("Telehealth session", 19, BAR_TEXT)
    picture.paste(title, (_LEFT + 4, 20), title)
    note = _text("Fictional sample: drawn people, synthetic voices", 15, QUIET_TEXT)
    picture.paste(note, (_LEFT + 20 + title.width, 23), note)
    return picture


@lru_cache
def _ring() -> Image.Image:
    radius = AVATAR // 2 + RING_SPACE + RING_WIDTH
    size = 2 * radius + 2
    fine = Image.new("RGBA", (size * FINE, size * FINE), (*RING, 0))
    edge = FINE
    ImageDraw.Draw(fine).ellipse(
        (edge, edge, size * FINE - edge, size * FINE - edge), outline=(*RING, 255), width=RING_WIDTH * FINE
    )
    return fine.resize((size, size), Image.Resampling.LANCZOS)


@lru_cache
def _label(text: str) -> Image.Image:
    words = _text(text, 18, (240, 243, 246))
    width, height = words.width + 72, 36
    fine = Image.new("RGBA", (width * FINE, height * FINE), (0, 0, 0, 0))
    ImageDraw.Draw(fine).rounded_rectangle(
        (0, 0, width * FINE - 1, height * FINE - 1), height * FINE // 2, fill=(12, 16, 21, 170)
    )
    pill = fine.resize((width, height), Image.Resampling.LANCZOS)
    pill.alpha_composite(words, (16, (height - words.height) // 2))
    return pill


@lru_cache
def _meter(bars: int) -> Image.Image:
    width, height = 32, 26
    fine = Image.new("RGBA", (width * FINE, height * FINE), (0, 0, 0, 0))
    draw = ImageDraw.Draw(fine)
    for bar in range(5):
        tall = 6 + 4 * bar
        left, foot = bar * 6 + 1, (height + 22) / 2
        colour = (*RING, 255) if bar < bars else (120, 132, 146, 130)
        box = (left * FINE, (foot - tall) * FINE, (left + 4) * FINE - 1, foot * FINE)
        draw.rounded_rectangle(box, 2 * FINE, fill=colour)
    return fine.resize((width, height), Image.Resampling.LANCZOS)


@lru_cache(maxsize=256)
def _avatar(seat: Seat, mouth: int, breath: int, blink: bool) -> Image.Image:
    """A drawn person in a disc; `mouth` 0 (closed) to 4, `breath` shifts the body by whole pixels."""
    size = AVATAR * FINE
    unit = size / 196
    fine = Image.new("RGB", (size, size), seat.disc)
    draw = ImageDraw.Draw(fine)

    def oval(x: float, y: float, rx: float, ry: float, colour: tuple[int, int, int]) -> None:
        draw.ellipse(((x - rx) * unit, (y - ry) * unit, (x + rx) * unit, (y + ry) * unit), fill=colour)

    shade = tuple(round(c * 0.86) for c in seat.skin)
    dark = (44, 34, 34)
    sink = breath * 1.0
    if seat.long_hair:
        oval(98, 90 + sink, 47, 52, seat.hair)
        draw.rounded_rectangle((51 * unit, (88 + sink) * unit, 145 * unit, (140 + sink) * unit), 24 * unit, seat.hair)
    oval(98, 200 + sink, 72, 56, seat.clothes)
    draw.rounded_rectangle((84 * unit, (110 + sink) * unit, 112 * unit, (158 + sink) * unit), 13 * unit, shade)
    oval(98, 88 + sink, 37, 44, seat.skin)
    if seat.long_hair:
        draw.pieslice((55 * unit, (38 + sink) * unit, 141 * unit, (140 + sink) * unit), 180, 360, fill=seat.hair)
        oval(98, 87 + sink, 36.5, 25, seat.skin)
    else:
        draw.pieslice((59 * unit, (38 + sink) * unit, 137 * unit, (116 + sink) * unit), 180, 360, fill=seat.hair)
        oval(98, 82 + sink, 34, 17, seat.skin)
        oval(61, 92 + sink, 6, 9, shade)
        oval(135, 92 + sink, 6, 9, shade)
    for x in (84, 112):
        if blink:
            draw.line(((x - 5) * unit, (90 + sink) * unit, (x + 5) * unit, (90 + sink) * unit), dark, round(2 * unit))
        else:
            oval(x, 90 + sink, 3.2, 3.8, dark)
    if mouth == 0:
        box = (84 * unit, (92 + sink) * unit, 112 * unit, (113 + sink) * unit)
        draw.arc(box, 60, 120, fill=dark, width=round(2.4 * unit))
    else:
        oval(98, 112 + sink, 9 - mouth * 0.4, 1.6 + mouth * 1.4, (112, 52, 52))
    mask = Image.new("L", (size, size))
    ImageDraw.Draw(mask).ellipse((0, 0, size - 1, size - 1), fill=255)
    fine.putalpha(mask)
    return fine.resize((AVATAR, AVATAR), Image.Resampling.LANCZOS)


@lru_cache(maxsize=512)
def _text(text: str, size: int, colour: tuple[int, int, int]) -> Image.Image:
    """The text in Pillow's own typeface, which is the same on every machine."""
    font = ImageFont.load_default(size * FINE)
    width = math.ceil(font.getlength(text) / FINE) + 2
    height = math.ceil(size * 1.3)
    fine = Image.new("RGBA", (width * FINE, height * FINE), (*colour, 0))
    ImageDraw.Draw(fine).text((FINE, height * FINE / 2), text, font=font, fill=(*colour, 255), anchor="lm")
    return fine.resize((width, height), Image.Resampling.LANCZOS)


def write_video(target: Path) -> None:
    """Encode the pictures as VP9 beside the copied Opus sound, with the seek index at the front."""
    with (
        av.open(str(HERE / f"{NAME}.ogg")) as source,
        av.open(str(target), "w", format="webm", options={"cues_to_front": "1"}) as out,
    ):
        sound = source.streams.audio[0]
        out_sound = out.add_stream_from_template(sound)
        video = out.add_stream("libvpx-vp9", rate=RATE)
        video.width, video.height, video.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        video.time_base = Fraction(1, RATE)
        video.gop_size = 4 * RATE
        video.bit_rate = 0
        video.options = {"crf": "34", "deadline": "good", "cpu-used": "3", "row-mt": "1", "threads": "2"}
        packets = (p for p in source.demux(sound) if p.dts is not None)
        waiting = next(packets, None)
        for number, picture in enumerate(pictures()):
            frame = av.VideoFrame.from_image(picture)
            frame.pts, frame.time_base = number, Fraction(1, RATE)
            for packet in video.encode(frame):
                out.mux(packet)
            while waiting is not None and waiting.pts * waiting.time_base <= (number + 1) / RATE:
                waiting.stream = out_sound
                out.mux(waiting)
                waiting = next(packets, None)
        while waiting is not None:
            waiting.stream = out_sound
            out.mux(waiting)
            waiting = next(packets, None)
        for packet in video.encode():
            out.mux(packet)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description="Draw the sample video.")
    parser.add_argument("target", nargs="?", type=Path, default=HERE / f"{NAME}.webm")
    parser.add_argument("--frame", type=float, metavar="SECOND", help="write one picture as PNG instead")
    options = parser.parse_args(arguments)
    if options.frame is None:
        write_video(options.target)
        print(f"{options.target}: {options.target.stat().st_size / 1e6:.2f} MB")
        return 0
    wanted = int(options.frame * RATE)
    for number, picture in enumerate(pictures()):
        if number == wanted:
            picture.save(options.target if options.target.suffix == ".png" else options.target.with_suffix(".png"))
            return 0
    print(f"the video ends before second {options.frame}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
