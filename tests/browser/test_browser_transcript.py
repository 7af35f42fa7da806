"""The transcript in the coding room: an hour of it, searched, followed, split, merged and coded by utterance."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from playwright.sync_api import Locator, Page, expect

from tests import browsing, transcripts
from tests.accessible import violations
from tests.browsing import Site
from workbench.model.coding import OperationKind
from workbench.model.span import TimeSpan
from workbench.model.transcript import Transcript
from workbench.schemes.canonical import identified
from workbench.store import assignments, codings, recordings
from workbench.workflows import assign, import_transcript, keep_definition, manage_people, map_speakers

pytestmark = pytest.mark.browser
SignedIn = Callable[..., Page]

PAINTED = """name => [...(CSS.highlights.get(name) ?? [])].map((range) =>
  range.startContainer.data.slice(range.startOffset, range.endOffset))"""

# The letters of a row under the marks of what is said now.
LETTERS_OVER = """said => {
  const marks = [...said.querySelectorAll("[data-testid=spoken]")].map((mark) => mark.getBoundingClientRect());
  const node = said.firstChild, range = document.createRange();
  return [...node.data].filter((_, i) => {
    range.setStart(node, i); range.setEnd(node, i + 1);
    const { left, right, top, bottom } = range.getBoundingClientRect();
    const [x, y] = [(left + right) / 2, (top + bottom) / 2];
    return right > left && marks.some((m) => m.left < x && x < m.right && m.top < y && y < m.bottom);
  }).join("");
}"""


def given(site: Site, transcript: Transcript, scheme: str = "mi_integrity", windows: tuple[TimeSpan, ...] = ()) -> str:
    """Observer 2 is to code session S1 on this transcript, in no order of passes; the address of the room."""
    workspace, session = site.workspace, site.session("S1")
    with workspace.reading() as connection:
        medium = recordings.of_session(connection, session.id)[0]
    version = import_transcript.import_transcript(workspace, None, medium.id, transcript)
    assert session.provider is not None and session.patient is not None
    people = {"S1": session.provider.participant_id, "S2": session.patient.participant_id}
    map_speakers.map_speakers(workspace, None, version.id, people)
    found = next(s for s in keep_definition.kept_schemes(workspace) if s.name == scheme)
    chosen = keep_definition.keep_scheme(workspace, None, identified(replace(found, name=f"{scheme}_now", passes=())))
    rater = manage_people.find_person(workspace, "observer2")
    made = assign.assign(workspace, None, session.id, rater.id, chosen.hash, windows)
    return f"/code?assignment={made.id}"


def room(signed_in: SignedIn, site: Site, address: str, **options: object) -> Page:
    page = signed_in(site, "observer2", address, **options)
    browsing.room(page)
    return page


def content(site: Site, address: str):
    with site.workspace.reading() as connection:
        found = assignments.every(connection, assignment_id=address.rsplit("=", 1)[1])[0]
        assert found.coding_id is not None
        kept = codings.operations(connection, found.coding_id)
        return codings.content(connection, found.coding_id), [operation for _, operation in kept]


def rows(page: Page) -> Locator:
    return page.get_by_test_id("transcript").get_by_role("listitem")


def selected(page: Page) -> Locator:
    return page.locator(".utterance.selected")


def comes_in_sight(page: Page, row: Locator) -> None:
    """Wait until the list has scrolled there."""
    page.wait_for_function(
        """row => {
          const box = row.closest(".scroll").getBoundingClientRect(), at = row.getBoundingClientRect();
          return at.top >= box.top - 1 && at.bottom <= box.bottom + 1;
        }""",
        arg=row.element_handle(),
    )


def stands_still(row: Locator) -> None:
    """Wait until the list scrolls no more: what was measured on the way lies elsewhere a moment later."""
    row.evaluate(
        """row => new Promise(done => {
          let [was, frames] = [null, 0];
          const look = () => {
            const { top } = row.getBoundingClientRect();
            frames = top === was ? frames + 1 : 0;
            was = top;
            frames < 12 ? requestAnimationFrame(look) : done();
          };
          look();
        })"""
    )


def test_an_hour_of_transcript_is_searched_followed_and_clicked(site: Site, signed_in: SignedIn) -> None:
    whole = transcripts.made(10_000)
    address = given(site, whole, "rupture_repair")
    page = room(signed_in, site, address)
    unwritten = len(whole.speech_without_words)
    expect(rows(page)).to_have_count(len(whole.utterances) + unwritten)
    expect(page.get_by_text("heard, nothing written (0.9 s)").first).to_be_attached()
    expect(page.locator(".utterance.overlaps").first).to_contain_text("while somebody else speaks")

    # search: the field by key, how many, next and before, all of them painted, and back to the coding hand
    page.keyboard.press("/")
    expect(page.get_by_test_id("search")).to_be_focused()
    page.keyboard.type("SÍSTER and")
    hits = sum("sister and" in u.text for u in whole.utterances)
    expect(page.get_by_test_id("search-count")).to_have_text(f"1 of {hits}")
    assert page.evaluate(PAINTED, "wb-found") == ["sister and"] * hits
    page.keyboard.press("Shift+Enter")
    expect(page.get_by_test_id("search-count")).to_have_text(f"{hits} of {hits}")
    last = rows(page).filter(has_text="sister and the house").last
    comes_in_sight(page, last)
    expect(page.get_by_test_id("follow")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("search-count")).to_have_text(f"1 of {hits}")
    page.keyboard.press("Escape")
    assert page.evaluate(PAINTED, "wb-found") == []
    page.keyboard.press("a")  # codes again
    browsing.status(page, "all saved")
    assert len(content(site, address)[0].events) == 1
    page.keyboard.press("Control+z")
    browsing.status(page, "all saved")
    expect(page.get_by_test_id("search")).to_have_value("")

    # far away by the page keys, and back to the sound
    page.get_by_test_id("transcript").focus()
    page.keyboard.press("End")
    expect(page.get_by_test_id("follow")).to_be_visible()
    comes_in_sight(page, rows(page).last)
    page.keyboard.press("g")
    expect(page.get_by_test_id("follow")).to_be_hidden()
    comes_in_sight(page, rows(page).first)

    # a word is clicked: the sound goes there, and it is lit up
    third = rows(page).nth(2)
    third.scroll_into_view_if_needed()
    stands_still(third)
    x, y = third.locator(".said").evaluate(
        """said => {
          const range = document.createRange(), node = said.firstChild;
          range.setStart(node, 10); range.setEnd(node, 11);
          const box = range.getBoundingClientRect();
          return [box.x + box.width / 2, box.y + box.height / 2];
        }"""
    )
    page.mouse.click(x, y)
    word = whole.words[whole.utterances[2].first_word + 2]  # "Last time I": the letter at 10 is the "I"
    assert abs(browsing.now_ms(page) - word.start_ms) < 60
    spoken = third.get_by_test_id("spoken")
    expect(spoken).to_have_count(1)
    assert third.locator(".said").evaluate(LETTERS_OVER) == word.text
    page.keyboard.press("i")
    page.wait_for_function(f"said => ({LETTERS_OVER})(said) === 'moved'", arg=third.locator(".said").element_handle())
    page.set_viewport_size({"width": 1100, "height": 720})  # lines break elsewhere: it stays at its word
    page.wait_for_function(f"said => ({LETTERS_OVER})(said) === 'moved'", arg=third.locator(".said").element_handle())
    page.set_viewport_size(browsing.SCREEN)

    # a code shows at its utterance and chooses its event
    page.keyboard.press("a")
    mark = third.locator("[data-mark]")
    expect(mark).to_have_count(1)
    mark.click()
    expect(mark).to_have_attribute("aria-current", "true")


def test_utterances_are_selected_split_merged_and_counted_by_keys(site: Site, signed_in: SignedIn) -> None:
    address = given(site, transcripts.made(300))
    page = room(signed_in, site, address)
    progress = page.get_by_test_id("unit-progress")
    total = int(progress.inner_text().split()[2])
    assert progress.inner_text().startswith("0 of ")
    expect(selected(page)).to_have_attribute("data-row", "u0")

    # by hand: the selection goes from provider to provider, the sound stays
    page.keyboard.press("o")
    page.keyboard.press("ArrowDown")
    expect(selected(page)).to_have_attribute("data-row", "u2")
    expect(selected(page)).to_have_attribute("aria-current", "true")
    assert browsing.now_ms(page) < 1000

    # with the sound: it goes where the selection goes; split before the word that is heard
    page.keyboard.press("o")
    expect(selected(page)).to_have_attribute("data-row", "u0")
    page.keyboard.press("ArrowDown")
    expect(selected(page)).to_have_attribute("data-row", "u2")
    for _ in range(3):
        page.keyboard.press("i")
    page.keyboard.press("Shift+s")
    browsing.status(page, "all saved")
    first = transcripts.made(300).utterances[2].first_word
    split = page.locator(f"[data-row=u2w{first + 3}]")
    expect(split).to_contain_text("moved too fast")
    expect(page.locator("[data-row=u2]")).to_contain_text("Last time I")
    expect(progress).to_have_text(f"0 of {total + 1} coded")

    # merge with what the provider said before, and take both back
    page.locator("[data-row=u2] .said").click(position={"x": 8, "y": 10})  # the sound may stand on either piece
    expect(selected(page)).to_have_attribute("data-row", "u2")
    page.keyboard.press("j")
    expect(page.locator("[data-row=u2]")).to_contain_text("goes with what this speaker said before")
    expect(selected(page)).to_have_count(2)
    expect(progress).to_have_text(f"0 of {total} coded")
    browsing.status(page, "all saved")
    said, operations = content(site, address)
    assert said.boundaries == {f"u2w{first + 3}": True, "u2": False}
    assert [o.kind for o in operations] == [OperationKind.BOUNDARY] * 2
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    expect(split).to_have_count(0)
    expect(progress).to_have_text(f"0 of {total} coded")
    browsing.status(page, "all saved")
    assert content(site, address)[0].boundaries == {}

    # the split tool: a click on a word, Esc puts it away
    page.get_by_test_id("unit-split").click()
    page.locator("[data-row=u4] .said").click(position={"x": 60, "y": 10})
    browsing.status(page, "all saved")
    assert len(content(site, address)[0].boundaries) == 1
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("unit-split")).to_have_attribute("aria-pressed", "false")

    # it is all there after a reload
    page.reload()
    browsing.room(page)
    expect(page.get_by_test_id("unit-progress")).to_have_text(f"0 of {total + 1} coded")
    assert violations(page) == []


def test_utterances_are_coded_by_keys_and_the_next_one_comes_by_itself(site: Site, signed_in: SignedIn) -> None:
    address = given(site, transcripts.made(300))
    page = room(signed_in, site, address)
    progress = page.get_by_test_id("unit-progress")
    total = progress.inner_text().split()[2]
    page.keyboard.press("o")  # by hand
    page.keyboard.press("q")
    expect(progress).to_have_text(f"1 of {total} coded")
    chips = page.locator("[data-row=u0] .mark.chip")
    expect(chips).to_have_text(["Question"])
    page.keyboard.press("Delete")
    expect(chips).to_have_count(0)
    expect(progress).to_have_text(f"0 of {total} coded")
    page.get_by_test_id("unit-advance").click()
    page.keyboard.press("q")
    expect(selected(page)).to_have_attribute("data-row", "u2")
    page.keyboard.press("w")
    expect(selected(page)).to_have_attribute("data-row", "u4")
    page.keyboard.press("p")  # none before it is without a code: on from the end
    expect(selected(page)).not_to_have_attribute("data-row", "u4")
    page.keyboard.press("n")
    expect(selected(page)).to_have_attribute("data-row", "u4")
    page.get_by_test_id("unit-advance").click()

    # a coded utterance that is merged takes its code along, and its code ends with the whole
    page.keyboard.press("ArrowUp")
    expect(selected(page)).to_have_attribute("data-row", "u2")
    page.keyboard.press("j")
    expect(chips).to_have_count(2)
    expect(progress).to_have_text(f"1 of {int(total) - 1} coded")
    browsing.status(page, "all saved")
    said, _ = content(site, address)
    whole = transcripts.made(300).utterances
    assert {(e.unit, e.start_ms, e.end_ms) for e in said.events} == {
        ("u0", whole[0].start_ms, whole[2].end_ms),
        ("u2", whole[0].start_ms, whole[2].end_ms),
    }
    page.keyboard.press("Control+z")
    expect(progress).to_have_text(f"2 of {total} coded")
    browsing.status(page, "all saved")
    assert {(e.unit, e.end_ms) for e in content(site, address)[0].events} == {
        ("u0", whole[0].end_ms),
        ("u2", whole[2].end_ms),
    }
    assert violations(page) == []


def test_an_arabic_transcript_reads_from_right_to_left(site: Site, signed_in: SignedIn) -> None:
    page = room(signed_in, site, given(site, transcripts.made(300, said=transcripts.ARABIC, language="ar")))
    listed = page.get_by_test_id("transcript").get_by_role("list")
    expect(listed).to_have_attribute("dir", "rtl")
    expect(listed).to_have_attribute("lang", "ar")
    when, said = (rows(page).first.locator(f".{part}").bounding_box() for part in ("when", "said"))
    assert when is not None and said is not None and when["x"] > said["x"]
    page.keyboard.press("Control+f")
    page.keyboard.type("أسبوع")
    expect(page.get_by_test_id("search-count")).to_contain_text(" of ")
    page.keyboard.press("Control+a")
    page.keyboard.type("البيت")
    expect(page.get_by_test_id("search-count")).to_contain_text("1 of ")
    assert violations(page) == []
