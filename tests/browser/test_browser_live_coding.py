"""A session coded while it happens, its recording laid under it later; and two recordings played side by side."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests import browsing
from tests.accessible import violations
from tests.browsing import Site
from tests.media import speech, write_medium
from workbench.model.assignment import Assignment
from workbench.model.consent import Scope
from workbench.model.ids import new_id, now_ms
from workbench.model.span import clock
from workbench.store import recordings
from workbench.workflows import add_session, align, assign, code, intake, keep_definition, manage_people, record_consent

pytestmark = pytest.mark.browser
SignedIn = Callable[..., Page]
NEVER_MS = 120
# Wait until for half a second both play, so far apart, and never further off than this; false after half a minute.
IN_STEP = """async ([wanted, most]) => {
  const [main, other] = ["main", "other"].map((name) => document.querySelector(`.screens .${name}`));
  const end = performance.now() + 30000;
  for (let since = performance.now(); performance.now() < end; await new Promise(requestAnimationFrame)) {
    const off = Math.abs((main.currentTime - other.currentTime) * 1000 - wanted);
    if (main.paused || other.paused || off >= most) since = performance.now();
    else if (performance.now() - since > 500) return true;
  }
  return false;
}"""


def to_code_live(site: Site, login_name: str) -> tuple[str, Assignment]:
    """A session without a recording, and somebody who is to code it as it happens."""
    like = site.session("S1")
    members = [p.participant_id for p in like.participants]
    made = add_session.add_session(site.workspace, None, like.study_id, "LIVE-1", members, title="A role play")
    for member in members:
        record_consent.record_consent(site.workspace, None, made.id, member, set(Scope), record_consent.STATEMENT)
    scheme = next(s for s in keep_definition.kept_schemes(site.workspace) if s.name == "alliance_behaviours")
    rater = manage_people.find_person(site.workspace, login_name)
    assign.assign_raters(site.workspace, None, made.id, [rater.id], scheme.hash, live=True)
    return made.id, site.assignment(login_name, "LIVE-1")


def test_a_session_is_coded_on_a_clock_and_stands_on_its_recording_once_it_is_aligned(
    site: Site, signed_in: SignedIn, tmp_path: Path
) -> None:
    session_id, given = to_code_live(site, "observer1")
    page = signed_in(site, "observer1", f"/code?assignment={given.id}")
    browsing.room(page)
    expect(page.get_by_test_id("media")).to_have_count(0)
    scheme = next(s for s in keep_definition.kept_schemes(site.workspace) if s.name == "alliance_behaviours")
    key = next(c.key for c in scheme.codes if c.kind.value == "point")

    page.keyboard.press(key)  # the clock has not begun
    begun = pressed(page, "Space")
    time.sleep(1.5)
    one = pressed(page, key)
    time.sleep(0.5)
    page.reload()  # the clock runs on without the page
    browsing.room(page)
    time.sleep(1)
    another = pressed(page, key)
    browsing.status(page, "all saved")
    page.keyboard.press("Space")
    browsing.status(page, "all saved")
    content = site.content("observer1", "LIVE-1")
    assert content.clock is not None and content.clock.stopped_ms is not None
    first, second = (e.start_ms for e in content.events[-2:])
    assert between(begun, one, first) and between(begun, another, second)
    assert first + 1_000 < second <= content.clock.stopped_ms

    # the recording comes while the room is open, and its rater lays the coding on it elsewhere: the room follows
    heard = write_medium(tmp_path / "role_play.ogg", speech(60))
    intake.take_in(site.workspace, None, session_id, heard, name=heard.name)
    coding_id = site.assignment("observer1", "LIVE-1").coding_id
    assert coding_id is not None
    align.align(site.workspace, manage_people.find_person(site.workspace, "observer1"), coding_id, 10_000)
    page.bring_to_front()
    expect(page.get_by_test_id("media")).to_have_count(1, timeout=30_000)
    browsing.room(page)
    assert [e.start_ms for e in site.content("observer1", "LIVE-1").events[-2:]] == [first + 10_000, second + 10_000]


def pressed(page: Page, key: str) -> tuple[int, int]:
    """Press it; the milliseconds between which that was, however slow the computer is."""
    before = now_ms()
    page.keyboard.press(key)
    return before, now_ms()


def between(begun: tuple[int, int], key: tuple[int, int], at_ms: int) -> bool:
    """Whether a moment of the clock is that of a press."""
    return key[0] - begun[1] - 50 <= at_ms <= key[1] - begun[0] + 50


def handed_in_live(site: Site) -> tuple[str, Assignment, str]:
    """A live coding of 40 s that its rater has handed in, with one moment at 0:05 of the clock; its id is the last."""
    session_id, given = to_code_live(site, "observer1")
    rater = manage_people.find_person(site.workspace, "observer1")
    coding = code.open_coding(site.workspace, rater, given.id)
    said: list[dict[str, object]] = [
        {"kind": "clock", "values": {"origin_at": now_ms() - 40_000, "stopped_ms": 40_000}}
    ]
    said += [{"kind": "rate", "values": {"scale": r.id, "value": r.low}} for r in coding.scheme.ratings]
    point = next(c.id for c in coding.scheme.codes if c.kind.value == "point")
    said += [{"kind": "add", "event": new_id(), "code": point, "start_ms": 5_000, "end_ms": None}]
    batch = [{"id": new_id(), "client_at": now_ms(), **operation} for operation in said]
    assert not code.write_operations(site.workspace, rater, coding.coding.id, batch).result(10).refused
    code.submit(site.workspace, rater, coding.coding.id)
    return session_id, given, coding.coding.id


def recorded(site: Site, session_id: str, folder: Path) -> None:
    heard = write_medium(folder / "role_play.ogg", speech(60))
    intake.take_in(site.workspace, None, session_id, heard, name=heard.name)


def test_a_live_coding_that_is_handed_in_and_looked_at_moves_when_somebody_aligns_it(
    site: Site, signed_in: SignedIn, tmp_path: Path
) -> None:
    session_id, given, coding_id = handed_in_live(site)
    page = signed_in(site, "observer1", f"/code?assignment={given.id}")
    browsing.room(page)
    expect(page.get_by_test_id("media")).to_have_count(0)
    expect(page.get_by_test_id("review-event")).to_contain_text("0:05")
    recorded(site, session_id, tmp_path)
    align.align(site.workspace, manage_people.find_person(site.workspace, "supervisor"), coding_id, 10_000)
    expect(page.get_by_test_id("media")).to_have_count(1, timeout=30_000)
    expect(page.get_by_test_id("review-event")).to_contain_text("0:15")


def test_a_supervisor_hears_the_moment_and_says_that_it_is_here(
    site: Site, signed_in: SignedIn, tmp_path: Path
) -> None:
    session_id, _, coding_id = handed_in_live(site)
    recorded(site, session_id, tmp_path)
    page = signed_in(site, "supervisor", f"/align?coding={coding_id}")
    player = page.get_by_test_id("align-player")
    expect(player).to_have_attribute("data-ready", "true")
    media, moment = page.get_by_test_id("media"), page.get_by_test_id("align-moment")
    since = now_ms()
    moment.click()  # it plays from two seconds before where it lies now
    browsing.play_until(page, 3_400)
    assert browsing.now_ms(page) < 3_000 + (now_ms() - since) + 500
    page.get_by_test_id("align-play").click()
    page.get_by_role("button", name="5 s on").click()
    page.get_by_role("button", name="1 s back").click()
    page.wait_for_function("media => media.paused && !media.seeking", arg=media.element_handle())
    heard_ms = round(browsing.now_ms(page))
    page.get_by_test_id("align-here").click()
    shift = page.get_by_role("spinbutton", name="The clock's 0:00 is this second of the recording")
    expect(shift).to_have_value(f"{(heard_ms - 5_000) / 1000:.2f}")
    expect(moment.locator(".align-place")).to_have_text(clock(heard_ms))
    assert abs(browsing.now_ms(page) - heard_ms) < 2  # the player stayed where it was
    assert violations(page) == []
    page.get_by_role("button", name="Align", exact=True).click()
    expect(page.get_by_text("Aligned. The coding stands on the recording now.")).to_be_visible()
    assert [e.start_ms for e in site.content("observer1", "LIVE-1").events] == [heard_ms]


def test_a_second_recording_is_placed_by_hand_while_both_are_heard(
    site: Site, signed_in: SignedIn, tmp_path: Path
) -> None:
    session = site.session("S1")
    sound = write_medium(tmp_path / "table.ogg", speech(45))
    added = intake.take_in(site.workspace, None, session.id, sound, name=sound.name, offset_ms=1_000, label="Table")
    page = signed_in(site, "supervisor")
    page.goto(f"{site.url}/wb/recordings/{added.id}/place")
    expect(page.locator("#offset")).to_have_value("1.000")
    page.get_by_role("button", name="0.1 s later").click()
    page.get_by_role("button", name="0.1 s later").click()
    expect(page.locator("#offset")).to_have_value("1.20")

    page.get_by_role("button", name="Play both").click()
    page.wait_for_function("() => document.querySelector('.screens .main').currentTime > 3.5")
    assert page.evaluate(IN_STEP, [1_200, NEVER_MS])  # a player that stutters comes back
    page.get_by_label("This one", exact=True).check()
    assert page.evaluate("() => ['main', 'other'].map((n) => document.querySelector(`.screens .${n}`).muted)") == [
        True,
        False,
    ]
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".said")).not_to_be_empty()
    with site.workspace.reading() as connection:
        assert [r.offset_ms for r in recordings.of_session(connection, session.id)] == [0, 1_200]
