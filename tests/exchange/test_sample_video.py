"""The sample videos: sound in sync with the recording, rings in sync with the truth, plays in a browser."""

import contextlib
import functools
import http.server
import importlib.util
import json
import os
import shutil
import sys
import threading
from pathlib import Path

import av
import numpy as np
import pytest

from workbench.registry import shipped

FOLDER = shipped("sample_media")
NAMES = sorted(file.stem for file in FOLDER.glob("*.webm"))
VIDEO = FOLDER / "dev1_rupture_repair.webm"


@pytest.fixture(scope="module")
def script():
    spec = importlib.util.spec_from_file_location("make_video", FOLDER / "make_video.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules[spec.name]


@pytest.fixture(scope="module", params=NAMES)
def call(script, request):
    """A sample session that is drawn; each needs its video."""
    assert sorted(script.CALLS) == NAMES
    return script.CALLS[request.param]


@pytest.fixture(scope="module")
def video(call):
    return FOLDER / f"{call.name}.webm"


@pytest.fixture(scope="module")
def rings(call, video):
    """Whether the ring is lit, shape (pictures, persons), and the time of each picture in seconds."""
    lit, times = [], []
    with av.open(str(video)) as container:
        container.streams.video[0].thread_type = "AUTO"
        for frame in container.decode(video=0):
            plane = frame.planes[0]  # the luma, as it lies in the file
            luma = np.frombuffer(plane, np.uint8).reshape(plane.height, plane.line_size)
            lit.append([luma[y, x] > 110 for x, y in (seat.ring_probe for seat in call.seats)])
            times.append(frame.time)
    return np.array(lit), np.array(times)


def sound_of(path):
    """Sound as (times of the first sample, mono 16 kHz), placed where the container says it belongs."""
    with av.open(str(path)) as container:
        resampler = av.AudioResampler(format="flt", layout="mono", rate=16000)
        frames = list(container.decode(audio=0))
        parts = [part.to_ndarray()[0] for frame in frames for part in resampler.resample(frame)]
    return frames[0].time, np.concatenate(parts)


def test_the_video_is_small_and_its_seek_index_stands_before_the_pictures(video):
    data = video.read_bytes()
    assert len(data) < 3_000_000
    cues, first_cluster = b"\x1c\x53\xbb\x6b", b"\x1f\x43\xb6\x75"
    assert 0 < data.find(cues) < data.find(first_cluster)


def test_sound_of_the_video_is_that_of_the_recording_at_the_same_time(call, video):
    start, heard = sound_of(video)
    ogg_start, recording = sound_of(FOLDER / f"{call.name}.ogg")
    piece = slice(60 * 16000, 70 * 16000)
    width = 4000  # looks for offsets up to ±250 ms
    wide = heard[piece.start - width : piece.stop + width]
    size = 1 << (len(wide) * 2 - 1).bit_length()
    spectrum = np.fft.rfft(wide, size) * np.conj(np.fft.rfft(recording[piece], size))
    lag = int(np.argmax(np.fft.irfft(spectrum)[: 2 * width])) - width
    offset_ms = (lag / 16000 + start - ogg_start) * 1000
    assert abs(offset_ms) < 20
    assert abs(len(heard) - len(recording)) < 0.05 * 16000


def test_a_ring_is_lit_while_its_person_speaks_and_only_then(script, call, rings):
    lit, times = rings
    truth = script.truth(call)
    middle = (np.round(times * script.RATE) + 0.5) / script.RATE  # as it is reckoned there: a turn may end on it
    for column, seat in enumerate(call.seats):
        wanted = np.zeros(len(times), bool)
        for start, end in truth[seat.speaker]:
            wanted |= (middle >= start) & (middle < end)
        assert 20 < wanted.sum() < len(wanted) - 20
        assert (lit[:, column] == wanted).all(), f"{seat.label}: {np.flatnonzero(lit[:, column] != wanted)[:10]}"


def test_each_turn_lights_its_ring_within_a_picture_of_its_true_start(script, call, rings):
    lit, times = rings
    for column, seat in enumerate(call.seats):
        onsets = times[1:][lit[1:, column] & ~lit[:-1, column]]
        starts = np.array([start for start, _ in script.truth(call)[seat.speaker]])
        assert np.abs(onsets[:, None] - starts[None, :]).min(axis=1).max() <= 1 / script.RATE


def test_the_script_draws_the_pictures_that_are_in_the_video(script, call, video):
    """Some from each kind of thing that it shows."""
    shown = json.loads((FOLDER / f"{call.name}.json").read_text(encoding="utf-8")).get("picture", ())
    numbers = {0, 437, 1200, *(round((s["start"] + s["end"]) / 2 * script.RATE) for s in shown)}
    wanted = {}
    for number, picture in enumerate(script.pictures(call)):
        if number in numbers:
            wanted[number] = np.asarray(picture.convert("L"), float)
        if number == max(numbers):
            break
    with av.open(str(video)) as container:
        for number, frame in enumerate(container.decode(video=0)):
            if number in wanted:
                found = np.asarray(frame.to_image().convert("L"), float)
                assert np.abs(found - wanted[number]).mean() < 2.5, number
            if number == max(wanted):
                break


def test_somebody_looks_in_the_video_as_the_truth_says_they_do(script):
    """Of all drawings of a person, that of what is said to be shown is the nearest to the video's picture."""
    call = script.CALLS["dev4_family"]
    shown = json.loads((FOLDER / f"{call.name}.json").read_text(encoding="utf-8"))["picture"]
    looks = sorted({s["shows"] for s in shown} - {"frozen"})
    assert looks == ["gone", "into_camera", "leans_in", "looks_away", "shows", "sits_back"]
    at = {round((s["start"] + s["end"]) / 2 * script.RATE): s for s in shown if s["shows"] in looks}
    half = script.AVATAR // 2
    with av.open(str(FOLDER / f"{call.name}.webm")) as container:
        for number, frame in enumerate(container.decode(video=0)):
            if number not in at:
                continue
            [seat] = (s for s in call.seats if s.speaker == at[number]["speaker"])
            x, y = seat.centre
            found = frame.to_image().crop((x - half, y - half, x + half, y + half)).convert("L")
            off = {
                (np.abs(np.asarray(found, float) - drawn(script, seat, mouth, breath, look)).mean(), look)
                for look in (*looks, "picture")
                for mouth in (0, 2, 4)
                for breath in (-1, 0, 1)
            }
            assert min(off)[1] == at[number]["shows"], (number, min(off))


def drawn(script, seat, mouth, breath, look):
    """A person's drawing in grey, on the colour of the disc."""
    avatar = script._avatar(seat, mouth, breath, False, frozenset([look]))
    ground = script.Image.new("RGB", avatar.size, seat.disc)
    ground.paste(avatar, (0, 0), avatar)
    return np.asarray(ground.convert("L"), float)


def test_the_labels_name_everybody_as_the_truth_has_them(call):
    roles = json.loads((FOLDER / f"{call.name}.json").read_text())["speakers"]
    named = {"therapist": "Provider", "client": "Patient", "family": "Family member"}
    assert {seat.speaker: seat.label for seat in call.seats} == {who: named[role] for who, role in roles.items()}


class _Ranges(http.server.SimpleHTTPRequestHandler):
    """The folder with byte ranges, as the program serves media."""

    def do_GET(self):
        if not self.path.endswith(".webm"):
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(b"<!doctype html><video muted preload=auto width=960></video>")
            return
        data = VIDEO.read_bytes()
        first, _, last = self.headers.get("Range", "bytes=0-").removeprefix("bytes=").partition("-")
        begin, end = int(first), min(int(last or len(data) - 1), len(data) - 1)
        self.send_response(206)
        self.send_header("Content-Type", "video/webm")
        self.send_header("Accept-Ranges", "bytes")
        self.send_header("Content-Range", f"bytes {begin}-{end}/{len(data)}")
        self.send_header("Content-Length", str(end - begin + 1))
        self.end_headers()
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # a browser drops what it no longer needs
            self.wfile.write(data[begin : end + 1])

    def log_message(self, *_):
        pass


@pytest.fixture
def page():
    from playwright.sync_api import sync_playwright

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Ranges, directory=str(FOLDER)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    chromium = os.environ.get("WORKBENCH_CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page()
        page.goto(f"http://127.0.0.1:{server.server_port}/")
        yield page
        browser.close()
    server.shutdown()


@pytest.mark.browser
def test_the_video_plays_and_seeks_in_a_browser(script, page, tmp_path: Path):
    page.evaluate(
        """() => new Promise((done, failed) => {
            window.v = document.querySelector('video');
            v.onerror = () => failed(v.error.message);
            v.onloadeddata = done;
            v.src = 'video.webm';
        })"""
    )
    assert page.evaluate("[v.videoWidth, v.videoHeight]") == [script.WIDTH, script.HEIGHT]
    assert abs(page.evaluate("v.duration") - 234.15) < 0.1
    # it plays as fast as time goes; on a computer that is busy with other things any player stutters for a while
    played = page.evaluate(
        """async () => {
            await v.play();
            await new Promise(r => v.ontimeupdate = () => v.currentTime > 0.5 && r());
            let off;
            for (const end = performance.now() + 30000; performance.now() < end; ) {
                const a = v.currentTime, t = performance.now();
                await new Promise(r => setTimeout(r, 1500));
                off = (v.currentTime - a) - (performance.now() - t) / 1000;
                if (Math.abs(off) < 0.1) break;
            }
            v.pause();
            return off;
        }"""
    )
    assert abs(played) < 0.1
    call = script.CALLS[VIDEO.stem]
    truth = script.truth(call)
    for second in (200.05, 3.0, 96.05, 40.05, 8.05):
        seen = page.evaluate(
            """async ([second, probes]) => {
                const frame = new OffscreenCanvas(v.videoWidth, v.videoHeight).getContext('2d');
                const seeked = new Promise(r => v.onseeked = r);
                const shown = new Promise(r => {  // the picture of before may still come first
                    const draw = () => r(frame.drawImage(v, 0, 0));
                    const there = at => at < second + 0.005 && second < at + 0.095;
                    const look = (_, { mediaTime }) => there(mediaTime) ? draw() : v.requestVideoFrameCallback(look);
                    v.requestVideoFrameCallback(look);
                    setTimeout(draw, 20000);
                });
                v.currentTime = second;
                await Promise.all([seeked, shown]);
                return {at: v.currentTime, green: probes.map(([x, y]) => frame.getImageData(x, y, 1, 1).data[1])};
            }""",
            [second, [list(seat.ring_probe) for seat in call.seats]],
        )
        assert abs(seen["at"] - second) < 0.001
        middle = (int(second * script.RATE + 1e-6) + 0.5) / script.RATE
        for seat, green in zip(call.seats, seen["green"], strict=True):
            speaking = any(start <= middle < end for start, end in truth[seat.speaker])
            assert (green > 140) == speaking, f"{seat.label} at {second} s"
