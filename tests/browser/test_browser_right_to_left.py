"""A room whose transcript and scheme are Arabic: each text runs its own way inside an English frame."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests import browsing, transcripts
from tests.accessible import violations
from tests.browser.test_browser_transcript import given, room
from tests.browsing import Site
from workbench.workflows import assign, keep_definition, manage_people

pytestmark = pytest.mark.browser
SignedIn = Callable[..., Page]

SCHEME = """
scheme: {name}
title: لحظات العلاقة العلاجية
version: "1.0"
description: للاختبار.
authors: [الفريق]
source: صياغتنا.
rights: لنا.
language: ar
codes:
  - id: trust
    label: ثقة
    kind: point
    key: q
    dimension: closeness
    definition: يقول المريض شيئا لم يقله من قبل، ويقوله لأنه يثق بالمعالج.
    example: لم أخبر أحدا بهذا (حتى أختي).
    near_miss: يجيب عن سؤال مباشر.
    ask: [who]
    modifiers:
      - id: depth
        label: العمق
        required: true
        options:
          - {{id: shallow, label: "سطحي: يذكره فقط", key: "1"}}
          - {{id: deep, label: "عميق: يبقى معه", key: "2"}}
  - id: withdrawal
    label: انسحاب من الحديث عن الألم (صمت أو تغيير الموضوع)
    kind: state
    key: x
    group: rupture
    dimension: distance
    definition: يبتعد المريض عن الموضوع.
  - id: confrontation
    label: مواجهة
    kind: state
    key: c
    group: rupture
    dimension: distance
    definition: يتجه المريض ضد المعالج.
ratings:
  - id: bond
    label: الرابطة العلاجية
    low: 1
    high: 5
    start: 3
    no_evidence: true
    dimension: closeness
    definition: مدى الثقة والدفء بين الاثنين في الجلسة كلها.
    anchors:
      1: بعيدان
      3: بين بين
      5: قريبان
"""

# Words that begin with an Arabic letter and do not run from the right, unless they stand apart in an English sentence.
RUNS_THE_WRONG_WAY = """(root) => {
  const arabic = /[\\u0600-\\u06ff]/, wrong = new Set();
  const walk = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const { data, parentElement: own } = walk.currentNode;
    if (!own.getClientRects().length || own.closest("option, .vh") || data.includes("\\u2068")) continue;
    const first = data.match(/\\p{L}/u)?.[0] ?? "";
    if (arabic.test(first) && getComputedStyle(own).direction !== "rtl") wrong.add(`${own.className}: ${data}`);
  }
  return [...wrong];
}"""

# Words that reach out of the box that holds them, and parts of one box that lie on each other.
CUT_OR_COVERED = """(root) => {
  const found = [];
  const look = (element) => getComputedStyle(element);
  const shown = (element) => element.getClientRects().length && look(element).visibility !== "hidden";
  const over = (element) => ["absolute", "fixed", "sticky"].includes(look(element).position);
  const boxes = "button, legend, p:not(.vh), h2, h3, li, .event, .utterance, .inspector-row, .options, .bar, " +
    ".palette-question, .filter-row";
  for (const box of root.querySelectorAll(boxes)) {
    if (!shown(box)) continue;
    const shortened = look(box).textOverflow === "ellipsis" && box.title;
    const cut = box.scrollWidth > box.clientWidth + 1 && look(box).display !== "inline" && !shortened;
    if (cut) found.push(`cut: ${box.className} ${box.innerText}`);
    const parts = [...box.children].filter((part) => shown(part) && !over(part) && !part.matches(".shape, svg"));
    parts.forEach((one, n) => parts.slice(n + 1).forEach((other) => {
      const [a, b] = [one.getBoundingClientRect(), other.getBoundingClientRect()];
      const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (wide > 1 && high > 6) found.push(`on each other: ${one.innerText} | ${other.innerText}`);
    }));
  }
  return found;
}"""

# The scheme's version stands to the right of its Arabic title, as it does after an English one.
ENDS_WITH_ITS_NUMBER = """(line) => {
  const [title, number] = line.childNodes, range = document.createRange();
  range.selectNodeContents(number);
  return range.getBoundingClientRect().left >= title.getBoundingClientRect().right - 1;
}"""


@pytest.fixture(scope="module")
def spoken_in_arabic(shared_site: Site) -> Site:
    given(shared_site, transcripts.made(300, said=transcripts.ARABIC, language="ar"))
    return shared_site


@pytest.fixture
def arabic(spoken_in_arabic: Site, signed_in: SignedIn, tmp_path: Path, request: pytest.FixtureRequest) -> Page:
    """A room on an Arabic scheme, with a long Arabic transcript, in a window of `request.param`."""
    site, (width, height) = spoken_in_arabic, request.param
    path = tmp_path / "moments_ar.yaml"
    path.write_text(SCHEME.format(name=f"moments_ar_{width}"), encoding="utf-8")
    scheme = keep_definition.keep_scheme_file(site.workspace, None, path)
    rater = manage_people.find_person(site.workspace, "observer2")
    made = assign.assign(site.workspace, None, site.session("S1").id, rater.id, scheme.hash)
    return room(signed_in, site, f"/code?assignment={made.id}", viewport={"width": width, "height": height})


def looked_over(page: Page, what: str) -> None:
    whole = page.get_by_test_id("coding-room")
    assert whole.evaluate(RUNS_THE_WRONG_WAY) == [], what
    assert whole.evaluate(CUT_OR_COVERED) == [], what


@pytest.mark.parametrize("arabic", [(1280, 720), (640, 360)], indirect=True, ids=["usual", "at 200 %"])
def test_arabic_words_run_from_the_right_everywhere_and_nothing_is_cut_or_covered(arabic: Page) -> None:
    page = arabic
    looked_over(page, "at the beginning")
    browsing.press(page, "q")
    expect(page.get_by_test_id("palette")).to_be_visible()
    looked_over(page, "a code asks")
    browsing.press(page, "2")
    browsing.press(page, "Escape", "ArrowRight", "x", "ArrowRight", "c", "ArrowRight", "c", "q", "1", "Escape")
    page.get_by_test_id("comment").fill("لم أكن متأكدا (انظر الدقيقة 3)")
    page.get_by_test_id("comment").press("Enter")
    page.get_by_test_id("unsure").click()
    page.get_by_test_id("question").fill("هل هذه ثقة؟")
    page.get_by_test_id("question").press("Enter")
    browsing.press(page, "x", "ArrowRight", "x", "q")
    browsing.status(page, "all saved")
    looked_over(page, "codes, a comment, a question")
    page.keyboard.press("Escape")
    page.get_by_test_id("tab-ratings").click()
    page.get_by_test_id("rate-bond-4").check(force=True)
    page.get_by_test_id("link-event-bond").click()
    page.get_by_test_id("link-unit-bond").click()
    browsing.status(page, "all saved")
    looked_over(page, "ratings")
    page.get_by_test_id("tab-notes").click()
    page.get_by_test_id("note-field").fill("يبدأ ببطء")
    page.get_by_test_id("note-field").press("Enter")
    browsing.status(page, "all saved")
    page.get_by_test_id("tab-notes").click()
    looked_over(page, "notes")
    for key, dialog in (("?", "keys-dialog"), ("Control+,", "settings-dialog"), ("Control+Enter", "submit-dialog")):
        page.keyboard.press(key)
        expect(page.get_by_test_id(dialog)).to_be_visible()
        looked_over(page, dialog)
        page.get_by_test_id("close-dialog").click()
    version = page.locator(".bar .scheme")
    assert version.evaluate(ENDS_WITH_ITS_NUMBER)
    # the frame of the program stays as it is: English, from the left
    assert page.evaluate("() => getComputedStyle(document.documentElement).direction") == "ltr"
    assert page.get_by_test_id("coding-room").evaluate("room => getComputedStyle(room).direction") == "ltr"
    if page.evaluate("() => innerWidth") > 700:  # in a narrow window Streamlit's own menu becomes a list that axe minds
        assert violations(page) == []
