"""Playing and pointing in the coding room: edges dragged, stretches looped, picture by picture, cameras in step."""

from __future__ import annotations

import time
from itertools import pairwise
from pathlib import Path

import av
import pytest
from playwright.sync_api import Page, expect

from tests import browsing
from tests.browsing import Site
from tests.media import speech, write_medium
from workbench.registry import shipped
from workbench.workflows import intake

pytestmark = pytest.mark.browser

STEPS = 6  # moves of the mouse in a drag
# Where the recording is, each 50 ms until it has gone back twice, or for ten seconds; and for how long at most the
# page could do nothing, so that the sound ran on by itself.
TWICE_ROUND = """async (media) => {
  const seen = [media.currentTime * 1000];
  let [last, held_up] = [performance.now(), 0];
  for (let back = 0; back < 2 && seen.length < 200; ) {
    await new Promise((done) => setTimeout(done, 50));
    const now = performance.now();
    [last, held_up] = [now, Math.max(held_up, now - last - 50)];
    seen.push(media.currentTime * 1000);
    back += seen.at(-1) < seen.at(-2) - 500;
  }
  return [seen, held_up];
}"""
# Where the main recording is when this one begins will be in `window.began`, in milliseconds.
BEGAN = """(other, main) => {
  other.addEventListener("play", () => { window.began = main.currentTime * 1000; }, { once: true });
}"""
# From now on the time of the picture that is on screen is in `window.shown`, in milliseconds.
SHOWN = """video => {
  const look = (_, { mediaTime }) => {
    window.shown = mediaTime * 1000;
    video.requestVideoFrameCallback(look);
  };
  video.requestVideoFrameCallback(look);
}"""
NEVER_MS = 50  # between two recordings of one session


def opened(signed_in, site: Site, code: str = "S1", login_name: str = "observer1") -> Page:
    page: Page = signed_in(site, login_name, f"/code?assignment={site.assignment(login_name, code).id}")
    browsing.room(page)
    page.wait_for_function(  # the room may be ready before its recording is
        "media => Number.isFinite(media.duration)", arg=page.get_by_test_id("media").element_handle()
    )
    return page


def duration_ms(page: Page) -> float:
    found: float = page.get_by_test_id("media").evaluate("media => media.duration * 1000")
    return found


def at(page: Page, ms: float, lane: str | None = None) -> tuple[float, float]:
    """Where a moment is on the screen, while the whole session is shown: on the waveform, or on a lane."""
    track = page.get_by_test_id("track").bounding_box()
    assert track is not None
    y = track["y"] + 40
    if lane is not None:
        label = page.locator(".lane-labels li", has_text=lane).bounding_box()
        assert label is not None
        y = label["y"] + label["height"] / 2
    return track["x"] + ms / duration_ms(page) * track["width"], y


def pixel_ms(page: Page) -> float:
    track = page.get_by_test_id("track").bounding_box()
    assert track is not None
    return duration_ms(page) / track["width"]


def drag(page: Page, start: tuple[float, float], end: tuple[float, float], *, let_go: bool = True) -> None:
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(*end, steps=STEPS)
    if let_go:
        page.mouse.up()


def coded_state(page: Page, start_s: int, end_s: int, key: str = "x") -> None:
    """Begin a state and end it, five seconds to a step."""
    for _ in range(start_s // 5):
        page.keyboard.press("ArrowRight")
    page.keyboard.press(key)
    for _ in range((end_s - start_s) // 5):
        page.keyboard.press("ArrowRight")
    page.keyboard.press(key)
    page.keyboard.press("Escape")
    browsing.status(page, "all saved")


def test_a_dragged_edge_is_one_operation_and_escape_lets_go_of_it(site, signed_in):
    page = opened(signed_in, site)
    coded_state(page, 10, 30)
    page.keyboard.press("Shift+PageDown")  # the whole session
    before = len(site.operations("observer1", "S1"))

    page.keyboard.down("Alt")  # nothing catches it
    drag(page, at(page, 30_000, "Rupture"), at(page, 45_000, "Rupture"), let_go=False)
    expect(page.get_by_test_id("drag-bubble")).to_contain_text("s long")
    browsing.status(page, "all saved")  # what was written would be on its way, or there
    assert len(site.operations("observer1", "S1")) == before, "nothing is written while the edge moves"
    page.mouse.up()
    page.keyboard.up("Alt")
    browsing.status(page, "all saved")
    event = site.content("observer1", "S1").events[0]
    assert event.start_ms == pytest.approx(10_000, abs=60)
    assert event.end_ms == pytest.approx(45_000, abs=2 * pixel_ms(page))
    assert [o.values for o in site.operations("observer1", "S1")[before:]] == [{"end_ms": event.end_ms}]

    drag(page, at(page, 45_000, "Rupture"), at(page, 60_000, "Rupture"), let_go=False)
    page.keyboard.press("Escape")
    page.mouse.up()
    expect(page.get_by_test_id("drag-bubble")).to_be_hidden()
    browsing.status(page, "all saved")
    assert site.content("observer1", "S1").events[0] == event

    page.keyboard.press("Control+z")
    browsing.status(page, "all saved")
    assert site.content("observer1", "S1").events[0].end_ms == pytest.approx(30_000, abs=60)


def test_an_edge_catches_on_the_playhead_and_a_whole_event_keeps_its_length(site, signed_in):
    page = opened(signed_in, site)
    coded_state(page, 10, 30)
    page.keyboard.press("Shift+PageDown")
    for _ in range(6):
        page.keyboard.press("ArrowRight")
    x, y = at(page, browsing.now_ms(page), "Rupture")
    drag(page, at(page, 30_000, "Rupture"), (x + 1, y))
    browsing.status(page, "all saved")
    event = site.content("observer1", "S1").events[0]
    assert event.end_ms == round(browsing.now_ms(page))

    page.keyboard.down("Alt")
    drag(page, at(page, 30_000, "Rupture"), at(page, 70_000, "Rupture"))
    page.keyboard.up("Alt")
    browsing.status(page, "all saved")
    moved = site.content("observer1", "S1").events[0]
    assert moved.end_ms - moved.start_ms == event.end_ms - event.start_ms
    assert moved.start_ms - event.start_ms == pytest.approx(40_000, abs=2 * pixel_ms(page))


def test_a_stretch_is_looped_until_escape(shared_site, signed_in):
    page = opened(signed_in, shared_site)
    page.keyboard.press("Shift+PageDown")
    page.keyboard.down("Shift")
    drag(page, at(page, 20_000), at(page, 22_000))
    page.keyboard.up("Shift")
    loop = page.get_by_test_id("loop-region")
    expect(loop).to_be_visible()
    start, end = (int(loop.get_attribute(f"data-{edge}") or 0) for edge in ("start", "end"))
    assert (start, end) == (pytest.approx(20_000, abs=600), pytest.approx(22_000, abs=600))

    page.mouse.click(*at(page, 20_800))
    page.keyboard.press("Space")
    seen, held_up_ms = page.get_by_test_id("media").evaluate(TWICE_ROUND)
    assert max(seen) < end + 300 + held_up_ms and min(seen[10:]) >= start - 60
    assert any(later < earlier - 500 for earlier, later in pairwise(seen)), "it came round"
    page.keyboard.press("Escape")
    expect(loop).to_be_hidden()
    browsing.play_until(page, end + 400)


def test_pictures_are_stepped_through_one_by_one(shared_site, signed_in):
    with av.open(str(shipped("sample_media") / "dev1_rupture_repair.webm")) as film:
        picture_ms = 1000 / float(film.streams.video[0].average_rate or 0)
    page = opened(signed_in, shared_site)
    page.get_by_test_id("media").evaluate(SHOWN)
    page.keyboard.press("Space")
    browsing.play_until(page, browsing.now_ms(page) + 2_500)
    page.keyboard.press("Space")
    expect(page.get_by_test_id("play")).to_have_attribute("aria-label", "Play")
    first = shown_picture(page, picture_ms)
    for key, step in (".", 1), (".", 2), (".", 3), (",", 2), (",", 1), (",", 0), (",", -1):
        page.keyboard.press(key)
        deadline = time.monotonic() + 20
        while shown_picture(page, picture_ms) != first + step and time.monotonic() < deadline:
            page.wait_for_timeout(50)
        assert shown_picture(page, picture_ms) == first + step
        assert (browsing.now_ms(page) + 1) // picture_ms == first + step, "and the sound is there"


def shown_picture(page: Page, picture_ms: float) -> int:
    """The number of the picture that is on screen, when no other one comes by itself."""
    page.wait_for_timeout(200)
    page.wait_for_function("media => !media.seeking", arg=page.get_by_test_id("media").element_handle())
    shown: float = page.evaluate("window.shown")
    return round(shown / picture_ms)


def test_two_cameras_and_a_microphone_stay_in_step(site, signed_in, tmp_path: Path):
    session = site.session("S1")
    later = write_medium(tmp_path / "patient.webm", speech(120, start=2.0))
    sound = write_medium(tmp_path / "table.ogg", speech(120))
    intake.take_in(
        site.workspace, None, session.id, later, name=later.name, offset_ms=2_000, label="Camera on the patient"
    )
    intake.take_in(site.workspace, None, session.id, sound, name=sound.name, label="Microphone on the table")
    page = opened(signed_in, site)
    expect(page.locator("figure.picture")).to_have_count(2)

    page.get_by_test_id("media-2").evaluate(BEGAN, page.get_by_test_id("media").element_handle())
    page.keyboard.press("Space")
    browsing.play_until(page, 5_500)
    in_step(page)
    assert page.evaluate("window.began") >= 1_990, "it began before its time"
    page.keyboard.press("ArrowRight")
    in_step(page)
    page.keyboard.press("+")
    in_step(page)
    page.keyboard.press("Space")
    page.keyboard.press("Shift+ArrowLeft")
    in_step(page, seconds=0.3, within_ms=5)

    expect(page.get_by_test_id("heard")).to_have_text("Sound: Main recording")
    assert muted(page) == [False, True, True]
    page.keyboard.press("h")
    page.keyboard.press("h")
    expect(page.get_by_test_id("heard")).to_have_text("Sound: Microphone on the table")
    assert muted(page) == [True, True, False]
    page.get_by_test_id("layout").click()
    expect(page.locator(".pictures.beside")).to_be_visible()


def test_one_recording_that_fails_does_not_stop_the_others(site, signed_in, context, tmp_path: Path):
    session = site.session("S1")
    camera = write_medium(tmp_path / "patient.webm", speech(20))
    added = intake.take_in(site.workspace, None, session.id, camera, name=camera.name, label="Camera on the patient")
    browser = context()
    browser.route(f"**/wb/recordings/{added.id}/media", lambda route: route.abort())
    page = browsing.enter(browser, site, "observer1", f"/code?assignment={site.assignment('observer1', 'S1').id}")
    browsing.room(page)
    expect(page.get_by_text("This recording cannot be played.")).to_be_visible()
    page.keyboard.press("Space")
    browsing.play_until(page, 1_500)


def in_step(page: Page, seconds: float = 2.0, within_ms: float = NEVER_MS) -> None:
    """Wait until they stay in step: a computer that is busy with other things lets any player stutter for a while."""
    end = time.monotonic() + 20
    while (worst := drift(page, seconds)) >= within_ms:
        assert time.monotonic() < end, f"{worst:.0f} ms apart"


def drift(page: Page, seconds: float) -> float:
    """The farthest that any recording which runs was from the main one, over a while, in milliseconds."""
    found: float = page.get_by_test_id("media").evaluate(
        """async (main, ms) => {
          const room = main.getRootNode();
          const found = (name) => room.querySelector(`[data-testid=${name}]`);
          const others = [[found("media-2"), 2000], [found("media-3"), 0]];
          let worst = 0;
          for (const end = performance.now() + ms; performance.now() < end; await new Promise(requestAnimationFrame)) {
            for (const [media, offset] of others) {
              worst = Math.max(worst, Math.abs((media.currentTime - main.currentTime) * 1000 + offset));
            }
          }
          return worst;
        }""",
        seconds * 1000,
    )
    return found


def muted(page: Page) -> list[bool]:
    return [
        bool(page.get_by_test_id(name).evaluate("media => media.muted")) for name in ("media", "media-2", "media-3")
    ]


def test_the_list_of_codes_is_filtered_and_walked_by_keys(site, signed_in):
    page = opened(signed_in, site)
    for key in ("q", "a", "q", "a", "q", "a", "q"):
        page.keyboard.press(key)
        page.keyboard.press("Escape")
        page.keyboard.press("ArrowRight")
    page.keyboard.press("u")
    browsing.status(page, "all saved")
    ids = [event.id for event in site.content("observer1", "S1").events]
    rows = page.get_by_test_id("event")
    expect(rows).to_have_count(7)
    assert browsing.drawn(page) == ids

    page.get_by_test_id("filter-unsure").click()
    expect(rows).to_have_count(1)
    assert browsing.drawn(page) == [ids[-1]]
    page.get_by_test_id("filter-none").click()
    page.get_by_test_id("filter-code").select_option("patient_opens_up")
    expect(rows).to_have_count(3)
    assert browsing.drawn(page) == [ids[1], ids[3], ids[5]]

    page.get_by_label("Events: arrow keys choose, Enter goes there").focus()
    here = browsing.now_ms(page)
    page.keyboard.press("Home")
    page.keyboard.press("ArrowDown")
    chosen = page.locator("[data-testid=event][aria-current=true]")
    expect(chosen).to_have_attribute("data-event", ids[3])
    assert browsing.now_ms(page) == here, "choosing does not move the sound"
    page.keyboard.press("Enter")
    assert browsing.now_ms(page) == pytest.approx(15_000 - 1000, abs=60)
    page.keyboard.press("Space")  # still plays, wherever the keyboard is
    browsing.play_until(page, 14_300)
