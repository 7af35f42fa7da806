"""Draws the sample videos: telehealth calls in tiles, one for each person, for the sessions in `CALLS`.

    python sample_media/make_video.py dev4_family           writes sample_media/dev4_family.webm
    python sample_media/make_video.py dev4_family --frame 96 --to frame.png

The ring around a person is lit exactly during their true turns; mouth and level meter follow the
loudness of their channel of the stereo recording, where there is one. What the truth file has under
"picture" is drawn for as long as it says: eyes in the camera or off the call, somebody who leans in or
is gone. The sound is the mono recording's own Opus stream, copied packet by packet, so that sound and
transcript times are those of the `.ogg`. No browser and no ffmpeg program is needed: PyAV draws on the
encoders in its wheel. The same run gives the same pictures.
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
from typing import Any

import av
import numpy as np
from PIL import Image, ImageDraw, ImageFont

HERE = Path(__file__).resolve().parent
WIDTH, HEIGHT, RATE = 960, 540, 10
FINE = 3  # drawn three times larger, then reduced: smooth edges

BACKGROUND, BAR_TEXT, QUIET_TEXT = (19, 24, 31), (222, 228, 235), (139, 150, 163)
RING = (106, 214, 176)
TILE_TOP, TILE_HEIGHT, TILE_GAP, CORNER = 60, 464, 16, 18
AVATAR, RING_WIDTH, RING_SPACE = 232, 5, 8
NEARER, FARTHER = 1.16, 0.82  # how large somebody is who leans in, and who sits back
# where the pupils are: on the others' picture below the lens, in the lens, off the call
PUPILS = {"picture": (0.0, 2.2), "into_camera": (0.0, -0.6), "looks_away": (4.4, 0.8)}


@dataclass(frozen=True)
class Seat:
    """One person of a call: the speaker of the truth file, their channel, tile (left edge, width) and colours.

    `eyes`: drawn with whites, so that one sees where they look.
    """

    speaker: str
    channel: int
    label: str
    left: int
    width: int
    tile: tuple[tuple[int, int, int], tuple[int, int, int]]
    disc: tuple[int, int, int]
    skin: tuple[int, int, int]
    hair: tuple[int, int, int]
    clothes: tuple[int, int, int]
    long_hair: bool
    eyes: bool = False

    @property
    def centre(self) -> tuple[int, int]:
        return self.left + self.width // 2, TILE_TOP + TILE_HEIGHT // 2 - 14

    @property
    def ring_probe(self) -> tuple[int, int]:
        """A pixel (x, y) in the middle of the ring's line, at three o'clock."""
        x, y = self.centre
        return x + AVATAR // 2 + RING_SPACE + RING_WIDTH // 2, y


@dataclass(frozen=True)
class Call:
    """A sample session that is drawn, and who sits in it, from left to right."""

    name: str
    seats: tuple[Seat, ...]


def _tiles(count: int) -> tuple[int, tuple[int, ...]]:
    """Width and left edges of so many tiles side by side."""
    width = {2: 456, 3: 304}[count]
    first = (WIDTH - count * width - (count - 1) * TILE_GAP) // 2
    return width, tuple(first + n * (width + TILE_GAP) for n in range(count))


_TWO, (_LEFT, _RIGHT) = _tiles(2)
_THREE, _ROW = _tiles(3)
_TEAL, _PLUM, _OLIVE = ((40, 58, 72), (31, 45, 57)), ((58, 52, 70), (45, 41, 56)), ((62, 60, 48), (48, 46, 37))
# fmt: off
CALLS = {call.name: call for call in (
    Call("dev1_rupture_repair", (
        Seat("T", 0, "Provider", _LEFT, _TWO, _TEAL, (67, 96, 114), (214, 170, 140), (70, 52, 44), (226, 220, 208),
             True),
        Seat("C", 1, "Patient", _RIGHT, _TWO, _PLUM, (98, 88, 118), (156, 108, 80), (36, 30, 32), (88, 120, 150),
             False),
    )),
    Call("dev4_family", (
        Seat("T", 0, "Provider", _ROW[0], _THREE, _TEAL, (67, 96, 114), (176, 126, 96), (48, 40, 40), (206, 222, 218),
             True, True),
        Seat("C", 1, "Patient", _ROW[1], _THREE, _PLUM, (98, 88, 118), (226, 186, 158), (148, 84, 52), (216, 158, 72),
             True, True),
        Seat("F", 2, "Family member", _ROW[2], _THREE, _OLIVE, (104, 102, 84), (218, 176, 148), (110, 72, 50),
             (74, 96, 84), False, True),
    )),
)}
# fmt: on


def truth(call: Call) -> dict[str, list[tuple[float, float]]]:
    """True turns in seconds, by speaker."""
    turns: dict[str, list[tuple[float, float]]] = {}
    for turn in _true(call)["turns"]:
        turns.setdefault(turn["speaker"], []).append((turn["start"], turn["end"]))
    return turns


def _true(call: Call) -> dict[str, Any]:
    data: dict[str, Any] = json.loads((HERE / f"{call.name}.json").read_text(encoding="utf-8"))
    return data


def loudness(call: Call, frames: int) -> np.ndarray:
    """Loudness 0…1 of each person's channel in each picture, shape (persons, frames): −50 dB is 0, −14 dB is 1.

    Where there is one channel, it is everybody's: the mouth of who is silent is closed all the same.
    """
    stereo = HERE / f"{call.name}.stereo.ogg"
    with av.open(str(stereo if stereo.exists() else HERE / f"{call.name}.ogg")) as container:
        layout = "stereo" if stereo.exists() else "mono"
        resampler = av.AudioResampler(format="fltp", layout=layout, rate=16000)
        parts = [part.to_ndarray() for f in container.decode(audio=0) for part in resampler.resample(f)]
    sound = np.concatenate(parts, axis=1)
    size = 16000 // RATE
    sound = np.pad(sound, ((0, 0), (0, max(0, frames * size - sound.shape[1]))))[:, : frames * size]
    rms = np.sqrt((sound.reshape(len(sound), frames, size) ** 2).mean(axis=2))
    loud = np.clip((20 * np.log10(rms + 1e-9) + 50) / 36, 0, 1)
    return loud if stereo.exists() else np.repeat(loud, len(call.seats), axis=0)


def pictures(call: Call) -> Iterator[Image.Image]:
    """Every picture of the video, in order."""
    with av.open(str(HERE / f"{call.name}.ogg")) as container:
        stream = container.streams.audio[0]
        length = float(stream.duration * stream.time_base)
    count = math.ceil(length * RATE)
    turns, shown, loud = truth(call), _true(call).get("picture", ()), loudness(call, count)
    still = _still(call)
    for number in range(count):
        middle = (number + 0.5) / RATE
        picture = still.copy()
        for seat in call.seats:
            talking = any(start <= middle < end for start, end in turns.get(seat.speaker, ()))
            level = float(loud[seat.channel, number]) if talking else 0.0
            now = {s["shows"]: s for s in shown if s["speaker"] == seat.speaker and s["start"] <= middle < s["end"]}
            still_since = math.ceil(now["frozen"]["start"] * RATE) if "frozen" in now else number
            _draw_person(picture, seat, talking, level, still_since, frozenset(now))
        _draw_clock(picture, number // RATE)
        yield picture


def _draw_person(
    picture: Image.Image, seat: Seat, talking: bool, level: float, number: int, shown: frozenset[str]
) -> None:
    x, y = seat.centre
    if talking:
        ring = _ring()
        picture.paste(ring, (x - ring.width // 2, y - ring.height // 2), ring)
    # breathing: one slow pixel; each person at their own pace
    breath = round(1.2 * math.sin(2 * math.pi * number / RATE / (4.1 + seat.channel * 0.7)))
    blink = (number + 17 * seat.channel) % (37 + 6 * seat.channel) == 0
    avatar = _avatar(seat, round(level * 4), breath, blink, shown)
    picture.paste(avatar, (x - AVATAR // 2, y - AVATAR // 2), avatar)
    meter = _meter(round(level * 5))
    picture.paste(meter, (seat.left + 24 + _label(seat.label).width - 46, TILE_TOP + TILE_HEIGHT - 47), meter)
    if "frozen" in shown:
        note = _label("Poor connection")
        picture.paste(note, (x - note.width // 2, TILE_TOP + 24), note)


def _draw_clock(picture: Image.Image, seconds: int) -> None:
    clock = _text(f"{seconds // 60:02d}:{seconds % 60:02d}", 19, BAR_TEXT)
    picture.paste(clock, (WIDTH - _LEFT - 4 - _text("00:00", 19, BAR_TEXT).width, 20), clock)


@lru_cache
def _still(call: Call) -> Image.Image:
    picture = Image.new("RGB", (WIDTH, HEIGHT), BACKGROUND)
    for seat in call.seats:
        top, bottom = (np.array(c, float) for c in seat.tile)
        ramp = np.linspace(0, 1, TILE_HEIGHT)[:, None, None]
        shade = np.broadcast_to((1 - ramp) * top + ramp * bottom, (TILE_HEIGHT, seat.width, 3))
        mask = Image.new("L", (seat.width * FINE, TILE_HEIGHT * FINE))
        ImageDraw.Draw(mask).rounded_rectangle((0, 0, mask.width - 1, mask.height - 1), CORNER * FINE, fill=255)
        picture.paste(
            Image.fromarray(shade.round().astype(np.uint8)),
            (seat.left, TILE_TOP),
            mask.resize((seat.width, TILE_HEIGHT), Image.Resampling.LANCZOS),
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


@lru_cache(maxsize=512)
def _avatar(seat: Seat, mouth: int, breath: int, blink: bool, shown: frozenset[str]) -> Image.Image:
    """A drawn person in a disc; `mouth` 0 (closed) to 4, `breath` shifts the body by whole pixels."""
    size = AVATAR * FINE
    unit = size / 196
    near = NEARER if "leans_in" in shown else FARTHER if "sits_back" in shown else 1.0
    fine = Image.new("RGB", (size, size), seat.disc)
    draw = ImageDraw.Draw(fine)

    def at(x: float, y: float) -> tuple[float, float]:
        """Of the drawing, 196 wide, on the picture; who comes near grows from where the chest is."""
        return (98 + (x - 98) * near) * unit, (150 + (y + breath - 150) * near) * unit

    def box(left: float, top: float, right: float, bottom: float) -> tuple[float, float, float, float]:
        return (*at(left, top), *at(right, bottom))

    def oval(x: float, y: float, rx: float, ry: float, colour: tuple[int, int, int]) -> None:
        draw.ellipse(box(x - rx, y - ry, x + rx, y + ry), fill=colour)

    def round_box(left: float, top: float, right: float, bottom: float, radius: float, colour: tuple[int, ...]) -> None:
        draw.rounded_rectangle(box(left, top, right, bottom), radius * near * unit, colour)

    shade = tuple(round(c * 0.86) for c in seat.skin)
    dark = (44, 34, 34)
    if "gone" in shown:  # the back of the chair
        chair = tuple(round(c * 0.72) for c in seat.disc)
        round_box(58, 84, 138, 230, 22, chair)
        round_box(68, 94, 128, 230, 16, tuple(round(c * 0.84) for c in seat.disc))
    else:
        if seat.long_hair:
            oval(98, 90, 47, 52, seat.hair)
            round_box(51, 88, 145, 140, 24, seat.hair)
        oval(98, 200, 72, 56, seat.clothes)
        round_box(84, 110, 112, 158, 13, shade)
        oval(98, 88, 37, 44, seat.skin)
        if seat.long_hair:
            draw.pieslice(box(55, 38, 141, 140), 180, 360, fill=seat.hair)
            oval(98, 87, 36.5, 25, seat.skin)
        else:
            draw.pieslice(box(59, 38, 137, 116), 180, 360, fill=seat.hair)
            oval(98, 82, 34, 17, seat.skin)
            oval(61, 92, 6, 9, shade)
            oval(135, 92, 6, 9, shade)
        gaze = next((look for look in PUPILS if look in shown), "picture")
        for x in (84, 112):
            if blink:
                draw.line((*at(x - 5, 90), *at(x + 5, 90)), dark, round(2 * unit))
            elif seat.eyes:
                right, down = PUPILS[gaze]
                oval(x, 90, 7.6, 5.6, (250, 248, 244))
                oval(x + right, 90 + down, 3.3, 3.3, dark)
                if gaze == "picture":  # the lids follow eyes that look down
                    draw.chord(box(x - 8.4, 83.2, x + 8.4, 96.8), 195, 345, fill=shade)
            else:
                oval(x, 90, 3.2, 3.8, dark)
        if mouth == 0:
            draw.arc(box(84, 92, 112, 113), 60, 120, fill=dark, width=round(2.4 * unit))
        else:
            oval(98, 112, 9 - mouth * 0.4, 1.6 + mouth * 1.4, (112, 52, 52))
        if "shows" in shown:  # a painted paddle
            draw.line((*at(142, 196), *at(158, 84)), (176, 128, 82), round(5 * unit))
            oval(161, 62, 12, 30, (198, 92, 70))
            oval(161, 62, 6, 19, (240, 206, 120))
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


def write_video(call: Call, target: Path) -> None:
    """Encode the pictures as VP9 beside the copied Opus sound, with the seek index at the front."""
    with (
        av.open(str(HERE / f"{call.name}.ogg")) as source,
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
        for number, picture in enumerate(pictures(call)):
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
    parser = argparse.ArgumentParser(description="Draw a sample video.")
    parser.add_argument("session", choices=sorted(CALLS))
    parser.add_argument("--to", type=Path, metavar="FILE", help="instead of SESSION.webm beside this script")
    parser.add_argument("--frame", type=float, metavar="SECOND", help="write one picture as PNG instead")
    options = parser.parse_args(arguments)
    call = CALLS[options.session]
    target = options.to or HERE / f"{call.name}.webm"
    if options.frame is None:
        write_video(call, target)
        print(f"{target}: {target.stat().st_size / 1e6:.2f} MB")
        return 0
    wanted = int(options.frame * RATE)
    for number, picture in enumerate(pictures(call)):
        if number == wanted:
            picture.save(target.with_suffix(".png"))
            return 0
    print(f"the video ends before second {options.frame}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
