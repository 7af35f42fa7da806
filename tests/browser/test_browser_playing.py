"""Playing as a scheme, a link and a rater ask for it: at a moment, no faster than allowed, louder, on any computer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

from tests import browsing
from tests.browsing import Site
from workbench.model.people import Role
from workbench.schemes.canonical import identified
from workbench.workflows import assign, keep_definition, manage_people

pytestmark = pytest.mark.browser
SignedIn = Callable[..., Page]

# What comes from the recording and what goes to the loudspeakers goes to a meter too; the gains are remembered.
METER = """() => {
  const connect = AudioNode.prototype.connect, gain = BaseAudioContext.prototype.createGain;
  window.gains = [];
  BaseAudioContext.prototype.createGain = function () {
    const made = gain.call(this);
    window.gains.push(made);
    return made;
  };
  AudioNode.prototype.connect = function (to, ...rest) {
    const after = to instanceof AudioDestinationNode, before = this instanceof MediaElementAudioSourceNode;
    const meter = after ? "after" : before ? "before" : null;
    if (meter) connect.call(this, (window[meter] = new AnalyserNode(this.context, { fftSize: 8192 })));
    return connect.call(this, to, ...rest);
  };
}"""

# The levels of the recording and at the loudspeakers while it plays from second 12 to second 14.
LEVEL = """async (media) => {
  media.currentTime = 12;
  await new Promise((done) => media.addEventListener("seeked", done, { once: true }));
  await media.play();
  const samples = new Float32Array(8192), sums = [0, 0];
  let n = 0;
  while (media.currentTime < 14) {
    await new Promise((done) => setTimeout(done, 40));
    [window.before, window.after].forEach((meter, i) => {
      meter.getFloatTimeDomainData(samples);
      for (const value of samples) sums[i] += value * value;
    });
    n += samples.length;
  }
  media.pause();
  return sums.map((sum) => Math.sqrt(sum / n));
}"""


def to_code(site: Site, login_name: str, name: str, scheme: str = "rupture_repair", **changes: object) -> str:
    """Somebody is to code S1 on a scheme that differs in this; the address of the room."""
    found = next(s for s in keep_definition.kept_schemes(site.workspace) if s.name == scheme)
    kept = keep_definition.keep_scheme(site.workspace, None, identified(replace(found, name=name, **changes)))  # type: ignore[arg-type]
    rater = manage_people.find_person(site.workspace, login_name)
    return f"/code?assignment={assign.assign(site.workspace, None, site.session('S1').id, rater.id, kept.hash).id}"


def test_a_link_with_a_second_opens_the_session_at_that_moment(shared_site: Site, signed_in: SignedIn) -> None:
    page = signed_in(shared_site, "supervisor", f"/code?session={shared_site.session('S1').id}&t=154.5")
    browsing.room(page)
    expect(page.get_by_test_id("coding-room")).to_have_attribute("data-mode", "review")
    assert abs(browsing.now_ms(page) - 154_500) < 50
    expect(page.get_by_test_id("clock")).to_contain_text("2:34.5")
    browsing.show(page, f"{shared_site.url}/code?session={shared_site.session('S1').id}&t=99999")
    browsing.room(page)
    assert browsing.now_ms(page) < 240_000  # behind the end: the end


def test_a_scheme_that_caps_the_speed_is_not_played_faster(shared_site: Site, signed_in: SignedIn) -> None:
    page = signed_in(shared_site, "observer1", to_code(shared_site, "observer1", "capped", speed_cap=1.25))
    browsing.room(page)
    for _ in range(6):
        page.get_by_role("button", name="Faster").click()
    expect(page.get_by_test_id("speed")).to_have_text("1.25×")
    page.keyboard.press("Space")
    browsing.play_until(page, 500)
    assert page.get_by_test_id("media").evaluate("media => [media.playbackRate, media.preservesPitch]") == [1.25, True]


def test_a_scheme_of_ratings_alone_opens_for_who_has_never_coded(shared_site: Site, signed_in: SignedIn) -> None:
    shared_site.newcomer("fresh", Role.OBSERVER)
    page = signed_in(shared_site, "fresh", to_code(shared_site, "fresh", "no_codes", "segmented_alliance"))
    browsing.room(page)
    page.keyboard.press("Shift+A")
    page.keyboard.press("5")
    browsing.status(page, "all saved")
    expect(page.get_by_test_id("tab-ratings")).to_contain_text("Ratings 1/")


def test_a_boost_makes_what_is_heard_louder(shared_site: Site, context: Callable[..., object]) -> None:
    there = context()
    there.add_init_script(f"({METER})()")  # type: ignore[attr-defined]
    page = browsing.enter(there, shared_site, "observer2", to_code(shared_site, "observer2", "quiet_voices"))  # type: ignore[arg-type]
    browsing.room(page)
    media, louder = page.get_by_test_id("media"), page.get_by_test_id("louder")
    louder_by: dict[float, float] = {}
    page.keyboard.press("Space")  # a hand on the page: now it may sound
    media.evaluate("media => { media.volume = 0.05; }")  # so quiet that nothing has to be limited
    for boost in (1.5, 2, 3, 4, 6, 1):
        louder.click()
        expect(louder).to_have_text(f"{boost:g}×")
        assert page.evaluate("() => window.gains.at(-1).gain.value") == boost
        if boost in (1, 4):
            recorded, heard = media.evaluate(LEVEL)
            assert recorded > 0.001, "the sample is silent there"
            louder_by[boost] = heard / recorded
    # both meters hear the same instants, but for the few milliseconds that the limiter takes
    assert louder_by[4] / louder_by[1] == pytest.approx(4, rel=0.2), louder_by


def test_what_was_heard_on_one_computer_counts_on_another(shared_site: Site, signed_in: SignedIn) -> None:
    address = to_code(shared_site, "observer1", "heard_first", "mi_integrity")
    page = signed_in(shared_site, "observer1", address)
    browsing.room(page)
    share = page.get_by_test_id("heard-share")
    expect(share).to_have_text("0 % heard")
    for _ in range(8):
        page.get_by_role("button", name="Faster").click()
    page.keyboard.press("Space")
    browsing.play_until(page, 12_000)
    page.keyboard.press("Space")
    expect(page.get_by_test_id("play")).to_have_attribute("aria-label", "Play")  # what was heard is counted now
    expect(share).not_to_have_text("0 % heard")
    said = share.inner_text()
    with page.expect_response(lambda answer: answer.url.endswith("/position")):
        page.keyboard.press("ArrowRight")  # a jump is reported, and not heard
    page.close()

    other = signed_in(shared_site, "observer1", address)  # a browser that knows nothing of the first
    browsing.room(other)
    expect(other.get_by_test_id("heard-share")).to_have_text(said)
