"""The coding hand: one keystroke says what is seen, and everything about a code changes without the mouse."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests import browsing
from tests.accessible import violations
from tests.browsing import Site
from workbench.model.coding import Event
from workbench.store import codings
from workbench.workflows import assign, keep_definition, manage_people

pytestmark = pytest.mark.browser

SCHEME = """
scheme: {name}
title: Hand
version: "1.0"
description: A small scheme with every kind of question.
codes:
  - id: opens
    label: Opens up
    kind: point
    key: q
    who: patient
    ask: [who]
    definition: The patient says something of their own.
    modifiers:
      - id: depth
        label: Depth
        required: true
        options:
          - {{id: slight, label: "Slight: a hint", key: "1"}}
          - {{id: deep, label: Deep, key: "2", direct: w}}
  - id: withdrawal
    label: Withdrawal
    kind: state
    key: x
    group: rupture
    definition: Moves away.
    modifiers:
      - id: seen_in
        label: Seen in
        several: true
        options:
          - {{id: voice, label: Voice, key: g}}
          - {{id: posture, label: Posture, key: p}}
  - id: confrontation
    label: Confrontation
    kind: state
    key: c
    group: rupture
    definition: Moves against.
  - id: trust
    label: ثقة
    kind: point
    key: ث
    definition: Arabic words on the button, an Arabic key.
"""


class Coded:
    """A coding room on a scheme of its own, and what stands in its database."""

    def __init__(self, site: Site, page: Page, assignment_id: str) -> None:
        self.site, self.page, self.assignment_id = site, page, assignment_id

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    @property
    def events(self) -> list[Event]:
        browsing.status(self.page, "all saved")
        with self.site.workspace.reading() as connection:
            found = next(
                a
                for a in assign.assignments_of(
                    self.site.workspace, manage_people.find_person(self.site.workspace, "observer1")
                )
                if a.id == self.assignment_id
            )
            assert found.coding_id is not None
            return list(codings.content(connection, found.coding_id).events)

    @property
    def said(self) -> str:
        return browsing.told(self.page, "message")


@pytest.fixture
def coded(shared_site: Site, signed_in: Callable[..., Page], tmp_path: Path, request: pytest.FixtureRequest) -> Coded:
    """At 0:20 of the first session, paused, on a scheme that nobody has coded."""
    name = f"hand_{abs(hash(request.node.name)) % 10**8}"
    path = tmp_path / f"{name}.yaml"
    path.write_text(SCHEME.format(name=name), encoding="utf-8")
    workspace = shared_site.workspace
    scheme = keep_definition.keep_scheme_file(workspace, None, path)
    rater = manage_people.find_person(workspace, "observer1")
    made = assign.assign(workspace, None, shared_site.session("S1").id, rater.id, scheme.hash)
    options = getattr(request, "param", {})
    page = signed_in(shared_site, "observer1", f"/code?assignment={made.id}&t=20", **options)
    browsing.room(page)
    page.wait_for_function(
        "media => Math.abs(media.currentTime - 20) < 0.1", arg=page.get_by_test_id("media").element_handle()
    )
    return Coded(shared_site, page, made.id)


def test_one_keystroke_answers_a_modifier_while_it_plays_on_and_the_code_is_already_kept(coded: Coded) -> None:
    page = coded.page
    coded.press("Space", "q")
    expect(page.get_by_test_id("palette")).to_contain_text("Depth")
    assert [(e.code, e.modifiers, e.who) for e in coded.events] == [("opens", (), "patient")]
    coded.press("2")
    expect(page.get_by_test_id("palette")).to_be_hidden()
    assert coded.events[0].modifiers == ("depth:deep",)
    assert not page.get_by_test_id("media").evaluate("media => media.paused")
    coded.press("Space", "Control+z")
    assert coded.events[0].modifiers == () and "modifier of Opens up" in coded.said
    coded.press("Control+z")
    assert coded.events == []


def test_a_direct_key_codes_the_option_with_the_code_and_one_undo_takes_both(coded: Coded) -> None:
    coded.press("w")
    assert [(e.code, e.modifiers) for e in coded.events] == [("opens", ("depth:deep",))]
    expect(coded.page.get_by_test_id("palette")).to_be_hidden()
    coded.press("Control+z")
    assert coded.events == []


def test_several_answers_toggle_and_another_code_or_escape_leaves_the_question(coded: Coded) -> None:
    palette = coded.page.get_by_test_id("palette")
    coded.press("x", "p", "g", "p")
    expect(palette.get_by_role("button", name="Voice")).to_have_attribute("aria-pressed", "true")
    assert coded.events[0].modifiers == ("seen_in:voice",)
    coded.press("Escape")
    expect(palette).to_be_hidden()
    coded.press("m")
    expect(palette).to_be_visible()
    coded.press("q")
    expect(palette).to_contain_text("Opens up")
    palette.get_by_role("button", name="Slight").click()
    assert next(e for e in coded.events if e.code == "opens").modifiers == ("depth:slight",)


def test_what_cannot_be_observed_begins_and_ends_by_one_key_and_has_a_reason(coded: Coded) -> None:
    coded.press("0")
    expect(coded.page.get_by_test_id("palette")).to_contain_text("Picture frozen")
    coded.press("3", "ArrowRight", "0")
    (dark,) = coded.events
    assert (dark.code, dark.modifiers) == ("not_observable", ("reason:frozen",))
    assert dark.end_ms is not None and dark.end_ms - dark.start_ms == pytest.approx(5000, abs=60)


def test_a_held_key_codes_a_stretch_a_tap_leaves_it_open(coded: Coded) -> None:
    page = coded.page
    coded.press("Space")
    before = browsing.now_ms(page)
    page.keyboard.down("c")  # held from now on: what is read before may be long ago
    browsing.play_until(page, browsing.now_ms(page) + 1000)
    page.keyboard.up("c")
    (held,) = coded.events
    assert held.end_ms is not None and 700 < held.end_ms - held.start_ms <= browsing.now_ms(page) - before
    coded.press("x")
    assert [e.end_ms is None for e in coded.events] == [False, True]
    coded.press("x")
    page.keyboard.down("c")
    begun = browsing.now_ms(page)
    browsing.play_until(page, begun + 400)
    coded.press("w")  # a moment inside the stretch, while its key is down
    browsing.play_until(page, begun + 900)
    page.keyboard.up("c")
    assert [(e.code, e.end_ms is None) for e in coded.events][2:] == [("confrontation", False), ("opens", True)]
    page.keyboard.down("c")
    browsing.play_until(page, browsing.now_ms(page) + 800)
    page.evaluate("window.dispatchEvent(new Event('blur'))")
    page.keyboard.up("c")
    expect(page.get_by_test_id("message")).to_contain_text("stays open")
    assert [e.end_ms is None for e in coded.events if e.code == "confrontation"] == [False, False, True]


def test_the_chosen_code_is_changed_by_keys_alone(coded: Coded) -> None:
    page = coded.page
    coded.press("c", "ArrowRight", "c")
    (before,) = coded.events
    coded.press("Control+ArrowRight", "Control+ArrowRight", "Control+Shift+ArrowLeft")
    (moved,) = coded.events
    assert (moved.start_ms, moved.end_ms) == (before.start_ms + 200, (before.end_ms or 0) - 100)
    coded.press("Shift+ArrowLeft", "]")
    assert coded.events[0].end_ms == pytest.approx((before.end_ms or 0) - 1000, abs=60)
    coded.press("r", "x")
    assert coded.events[0].code == "withdrawal"
    coded.press("y", "c")
    page.get_by_test_id("second-choice").wait_for()
    coded.press("Shift+Q")
    expect(page.get_by_test_id("question")).to_be_focused()
    page.keyboard.type("Is the silence enough?")
    coded.press("Enter", "Shift+C")
    expect(page.get_by_test_id("comment")).to_be_focused()
    page.keyboard.type("looks away")
    coded.press("Enter")
    (now,) = coded.events
    assert (now.unsure, now.second_choice, now.question, now.comment) == (
        True,
        "confrontation",
        "Is the silence enough?",
        "looks away",
    )
    coded.press("Delete")
    assert coded.events == []
    coded.press("Control+z")
    assert len(coded.events) == 1


# From now on the browser's own store takes a second longer to write.
SLOW_STORE = """() => {
  const post = Worker.prototype.postMessage;
  Worker.prototype.postMessage = function (message) {
    setTimeout(() => post.call(this, message), message.act === "put" ? 1000 : 0);
  };
}"""


def test_a_comment_that_is_begun_before_its_code_is_drawn_codes_nothing(coded: Coded) -> None:
    coded.page.evaluate(SLOW_STORE)
    coded.press("c", "Shift+C")
    coded.page.keyboard.type("x c q")
    coded.press("Enter", "Shift+Q")
    coded.page.keyboard.type("c?")
    coded.press("Enter")
    (event,) = coded.events
    assert (event.code, event.comment, event.unsure, event.question) == ("confrontation", "x c q", True, "c?")


def test_codes_are_chosen_one_after_the_other_and_the_unsure_ones_come_back(coded: Coded) -> None:
    coded.press("w", "u", "ArrowRight", "w", "ArrowRight", "w")
    first, second, last = coded.events
    chosen = coded.page.locator("[data-testid=event][aria-current]")
    expect(chosen).to_have_attribute("data-event", last.id)
    coded.press("Shift+ArrowUp")
    expect(chosen).to_have_attribute("data-event", second.id)
    coded.press("Control+ArrowDown")
    expect(chosen).to_have_attribute("data-event", first.id)


def test_keys_of_another_script_code_and_arabic_words_stand_on_the_buttons(coded: Coded) -> None:
    arabic = {"key": "ث", "code": "KeyE", "text": "ث"}
    keyboard = coded.page.context.new_cdp_session(coded.page)
    for kind in ("keyDown", "keyUp"):
        keyboard.send("Input.dispatchKeyEvent", {"type": kind, **arabic})
    coded.page.locator("[data-testid=event]").wait_for()
    assert [e.code for e in coded.events] == ["trust"]
    expect(coded.page.get_by_test_id("code-trust")).to_contain_text("ثقة")


def test_own_keys_and_lag_follow_the_rater_and_exchanges_are_said(coded: Coded) -> None:
    page = coded.page
    coded.press("Control+,")
    page.get_by_test_id("key-withdrawal").click()
    coded.press("c")
    expect(page.get_by_test_id("keys-told")).to_have_text("“Withdrawal” has C now; “Confrontation” has X instead.")
    set_lag(page, 300)
    coded.press("Escape")
    page.reload()
    browsing.room(page)
    expect(page.get_by_test_id("code-withdrawal").locator("kbd").first).to_have_text("C")
    coded.press("Space")
    browsing.play_until(page, browsing.now_ms(page) + 600)
    coded.press("c", "Space")
    assert [(e.code, e.lag_ms) for e in coded.events] == [("withdrawal", 300)]
    coded.press("Control+,")
    page.get_by_test_id("usual-keys").click()
    expect(page.get_by_test_id("code-withdrawal").locator("kbd").first).to_have_text("X")
    set_lag(page, 0)


def set_lag(page: Page, lag_ms: int) -> None:
    """Wait until the server has it: "Saved." may be said of what was set before."""
    kept = re.compile(rf'"lag_ms": ?{lag_ms}\b')
    with page.expect_response(lambda answer: answer.ok and kept.search(answer.request.post_data or "") is not None):
        page.get_by_test_id("lag-ms").fill(str(lag_ms))
        page.get_by_test_id("lag-ms").press("Tab")
    expect(page.get_by_test_id("settings-saved")).to_contain_text("Saved.")


def test_settings_hold_without_the_server_and_say_so(coded: Coded) -> None:
    page = coded.page
    coded.press("Control+,")
    page.context.set_offline(True)
    page.get_by_test_id("hold").uncheck()
    expect(page.get_by_test_id("settings-saved")).to_contain_text("hold in this page")
    page.context.set_offline(False)
    page.get_by_test_id("hold").check()
    expect(page.get_by_test_id("settings-saved")).to_contain_text("Saved.")


def test_lag_is_measured_by_eight_presses(coded: Coded) -> None:
    page = coded.page
    # how long it stays dark is left to chance: here so long that every press is too early, then the shortest
    page.evaluate("window.luck = 1000, Math.random = () => window.luck")
    coded.press("Control+,")
    page.get_by_test_id("measure-lag").click()
    page.evaluate("window.luck = 0")
    coded.press("Space")
    expect(page.get_by_test_id("lag-told")).to_contain_text("Too early")
    result = page.get_by_test_id("use-lag")
    presses = 0
    while not result.count():  # a press that a busy computer brings late does not count
        page.locator(".lag-bar.lit").wait_for()
        page.wait_for_timeout(170)
        coded.press("Space")
        presses += 1
        assert presses < 30
    assert presses >= 8
    expect(result).to_be_focused()
    assert int(result.inner_text().split()[1]) >= 100


def test_palette_inspector_settings_and_keys_are_accessible(coded: Coded) -> None:
    page = coded.page
    coded.press("x", "u")
    page.get_by_test_id("second-choice").wait_for()
    assert violations(page) == []
    coded.press("Control+,")
    page.get_by_test_id("measure-lag").click()
    assert violations(page) == []
    coded.press("Escape", "?")
    page.get_by_test_id("keys-dialog").wait_for()
    assert violations(page) == []


def test_the_chosen_code_is_seen_whole_in_the_list_whatever_else_is_open(coded: Coded) -> None:
    page = coded.page
    for key in ("x", "c", "x", "c", "x", "c", "x", "c", "x"):
        coded.press(key)
        page.keyboard.press("Shift+ArrowRight")
    coded.press("Shift+ArrowUp", "Shift+ArrowUp", "u")  # its doubt opens another line below the list
    expect(page.get_by_test_id("question")).to_be_visible()
    for _ in range(6):
        coded.press("Shift+ArrowUp")
        row = page.locator("[data-testid=event][aria-current=true]")
        page.wait_for_function(
            """row => {
              const box = row.closest('.scroll').getBoundingClientRect(), own = row.getBoundingClientRect();
              return own.height >= 24 && own.top >= box.top - 1 && own.bottom <= box.bottom + 1;
            }""",
            arg=row.element_handle(),
        )


@pytest.mark.parametrize("coded", [{"viewport": {"width": 640, "height": 360}}], indirect=True)
def test_what_a_code_means_can_be_read_at_twice_the_size(coded: Coded) -> None:
    coded.page.wait_for_function(
        "meaning => meaning.clientHeight >= 100", arg=coded.page.get_by_test_id("meaning").element_handle()
    )
