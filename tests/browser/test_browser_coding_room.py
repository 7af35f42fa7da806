"""A rater's hour in the coding room, with real keys on the real page, held against the rows of the database."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count

import pytest
from playwright.sync_api import Page, expect

from tests import browsing
from tests.browsing import Site, go_to, press
from workbench.model.assignment import Assignment
from workbench.model.coding import CodingContent, CodingState, Event, OperationKind
from workbench.model.people import Role
from workbench.store import audit
from workbench.workflows import assign

pytestmark = pytest.mark.browser

STRAIN, MI = "rupture_repair", "mi_integrity"
RATE, LINK = "Shift+A", "Shift+E"
NUMBERS = count(1)


@dataclass
class Desk:
    """One rater's coding of one session, on screen and in the database."""

    site: Site
    page: Page
    login_name: str
    session: str
    scheme: str

    @property
    def content(self) -> CodingContent:
        return self.site.content(self.login_name, self.session, self.scheme)

    @property
    def assignment(self) -> Assignment:
        return self.site.assignment(self.login_name, self.session, self.scheme)

    def keys(self, *keys: str) -> CodingContent:
        """Press these, wait until everything is saved; what the coding says then."""
        press(self.page, *keys)
        return self.kept()

    def kept(self) -> CodingContent:
        browsing.status(self.page, "all saved")
        return self.content

    def at(self, seconds: float, *keys: str) -> CodingContent:
        go_to(self.page, round(seconds * 1000))
        return self.keys(*keys)

    def key_of(self, question: str, option: str) -> str:
        """The key that answers what the room asks about the last code."""
        shown = self.page.get_by_test_id(f"option-{question}-{option}").get_attribute("aria-keyshortcuts")
        assert shown
        return shown.lower()

    def said(self, words: str) -> None:
        """Wait until the room says so."""
        expect(self.page.get_by_test_id("message")).to_contain_text(words)

    def reload(self) -> None:
        self.page.reload()
        browsing.room(self.page)


@pytest.fixture
def desk(shared_site: Site, signed_in: Callable[..., Page]) -> Callable[..., Desk]:
    """`desk("S1", "rupture_repair")`: a new rater sits down there, with the windows that the demo's observers have."""

    def sit(session: str, scheme: str) -> Desk:
        theirs = shared_site.assignment("observer1", session, scheme)
        login_name = f"rater{next(NUMBERS)}"
        rater = shared_site.newcomer(login_name, Role.OBSERVER)
        given = assign.assign(
            shared_site.workspace, None, theirs.session_id, rater.id, theirs.scheme_hash, theirs.windows
        )
        page = signed_in(shared_site, login_name, f"/code?assignment={given.id}")
        browsing.room(page)
        return Desk(shared_site, page, login_name, session, scheme)

    return sit


def only(content: CodingContent, code: str) -> Event:
    """The one event of this code."""
    [found] = [e for e in content.events if e.code == code]
    return found


def near(ms: int | None, seconds: float) -> bool:
    return ms is not None and abs(ms - seconds * 1000) < 700


def test_a_session_is_coded_by_keys_alone(desk):
    rater = desk("S1", STRAIN)

    # outside the observation window (0:15 to 1:50, 2:05 to 3:50) nothing is coded
    assert rater.at(10, "s").events == ()
    rater.said("outside")

    # a stretch with its intensity in one keystroke; what it was shown by, in one more each
    first = only(rater.at(27, "2", "5", "7"), "withdrawal")
    assert near(first.start_ms, 27) and first.end_ms is None
    assert set(first.modifiers) == {"intensity:clear", "shown_by:minimal", "shown_by:appeasing"}

    # the other stretch of its group ends it; its own key ends that one
    content = rater.at(35, "w")
    assert near(only(content, "withdrawal").end_ms, 35)
    confrontation = only(content, "confrontation")
    assert confrontation.modifiers == ("intensity:clear",) and confrontation.end_ms is None
    assert near(only(rater.at(48, "c"), "confrontation").end_ms, 48)

    # the picture froze for four seconds
    rater.at(50, "0")
    press(rater.page, rater.key_of("reason", "frozen"))
    [dark] = rater.at(54, "0").not_observable
    assert near(dark.start_ms, 50) and near(dark.end_ms, 54) and dark.modifiers == ("reason:frozen",)

    # a point of which the rater is unsure, with a second choice, and a question to the supervisor
    owns = only(rater.at(59, "s", "u", "y", "d"), "owns_a_part")
    assert (owns.unsure, owns.second_choice) == (True, "changes_course")
    press(rater.page, "Shift+Q")
    rater.page.keyboard.type("Is an apology enough here?")
    owns = only(rater.keys("Enter"), "owns_a_part")
    assert owns.question == "Is an apology enough here?"

    # and a comment
    press(rater.page, "Shift+C")
    rater.page.keyboard.type("Said quietly.")
    assert only(rater.keys("Enter"), "owns_a_part").comment == "Said quietly."


def test_undo_goes_back_through_a_reload_and_redo_comes_forward(desk):
    rater = desk("S1", STRAIN)
    before = rater.at(60, "s")
    n = len(before.events)
    assert len(rater.at(75, "f", "v").events) == n + 2
    content = rater.keys("Control+z")
    assert len(content.events) == n + 1
    rater.reload()
    assert rater.keys("Control+z") == before
    rater.reload()
    assert len(rater.keys("Control+Shift+Z").events) == n + 1
    assert len(rater.keys("Control+y").events) == n + 2
    assert rater.keys("Control+z", "Control+z") == before
    kinds = [o.kind for o in rater.site.operations(rater.login_name, "S1", STRAIN)]
    assert OperationKind.VOID in kinds and kinds.count(OperationKind.ADD) == n + 2  # nothing is ever taken out


def test_a_key_held_down_lasts_as_long_as_it_is_held(desk):
    rater = desk("S1", STRAIN)
    go_to(rater.page, 82_000)
    press(rater.page, "Space")
    browsing.play_until(rater.page, 82_500)
    began = browsing.now_ms(rater.page)
    rater.page.keyboard.down("1")
    begun = browsing.now_ms(rater.page)
    browsing.play_until(rater.page, begun + 1_600)
    ends = browsing.now_ms(rater.page)
    rater.page.keyboard.up("1")
    ended = browsing.now_ms(rater.page)
    press(rater.page, "Space")
    held = rater.kept().events[-1]
    assert (held.code, held.modifiers) == ("withdrawal", ("intensity:mild",))
    # the press and the release lie between what was read before and after them, however slow the computer is
    assert began - 50 <= held.start_ms <= begun + 50 and ends - 50 <= held.end_ms <= ended + 50


def test_the_key_that_began_a_stretch_ends_it_also_while_the_room_asks_more(desk):
    rater = desk("S1", STRAIN)
    rater.at(130, "1")
    expect(rater.page.get_by_test_id("palette")).to_be_visible()
    ended = rater.at(134, "1").events[-1]
    assert (ended.code, ended.modifiers) == ("withdrawal", ("intensity:mild",))
    assert near(ended.start_ms, 130) and near(ended.end_ms, 134)
    rater.keys("Control+z", "Control+z")


def test_a_code_is_nudged_and_changed_by_keys(desk):
    rater = desk("S1", STRAIN)
    rater.at(82, "1")
    [held] = rater.at(84, "1").events
    rater.at(90, "s")
    press(rater.page, "Escape", "Shift+ArrowUp")
    expect(rater.page.locator("[data-testid=event][aria-current]")).to_have_attribute("data-event", held.id)
    rater.keys("Control+ArrowLeft", "Control+ArrowLeft", "Control+Shift+ArrowRight")
    now = next(e for e in rater.kept().events if e.id == held.id)
    assert (now.start_ms, now.end_ms) == (held.start_ms - 200, held.end_ms + 100)
    now = next(e for e in rater.keys("r", "c").events if e.id == held.id)
    assert (now.code, now.start_ms) == ("confrontation", held.start_ms - 200)
    assert now.modifiers == ("intensity:mild",)  # what the new code asks for as well is kept


def test_segments_and_session_are_rated_with_evidence_contradictions_answered_and_the_coding_handed_in(desk):
    rater = desk("S1", STRAIN)
    page, site = rater.page, rater.site
    rater.at(27, "2")
    rater.at(35, "w")
    rater.at(48, "c")
    coded = {e.code for e in rater.at(59, "s").events}
    assert coded == {"withdrawal", "confrontation", "owns_a_part"}
    press(page, "Escape")

    # segment 1: little withdrawal, no confrontation (though one is coded), the strain mostly worked through
    press(page, RATE, "2", "ArrowDown", "1", "ArrowDown", "4")
    # its evidence: the codes chosen for it
    press(page, "Escape", "Shift+ArrowUp")
    chosen = page.locator("[data-testid=event][aria-current]").get_attribute("data-event")
    content = rater.keys(LINK)
    assert [(e.scale, e.segment, e.event) for e in content.evidence] == [("segment_repair", 1, chosen)]
    # segment 2 from its first scale, then the session: mended, though no return is coded
    press(page, RATE, "PageDown", "ArrowUp", "ArrowUp")
    for answer in ("1", "1", "/", "2", "2", "4"):
        press(page, answer, "ArrowDown")
    content = rater.keys("Escape")
    assert {(r.scale, r.segment): r.value for r in content.ratings} == {
        ("segment_withdrawal", 1): 2,
        ("segment_confrontation", 1): 1,
        ("segment_repair", 1): 4,
        ("segment_withdrawal", 2): 1,
        ("segment_confrontation", 2): 1,
        ("segment_repair", 2): None,
        ("rupture_weight", 0): 2,
        ("provider_share", 0): 2,
        ("repair_reached", 0): 4,
    }
    assert [r.scale for r in content.ratings if r.no_evidence] == ["segment_repair"]

    # two contradictions: one stands for a reason, one is given up; each takes one key
    press(page, "Control+Enter")
    dialog = page.get_by_test_id("submit-dialog")
    expect(dialog.locator("[data-kind=contradiction]")).to_have_count(2)
    expect(page.get_by_test_id("submit-now")).to_be_disabled()
    press(page, "3")
    expect(dialog.locator("[data-kind=contradiction].blocks")).to_have_count(1)
    press(page, "0")
    expect(dialog).to_have_count(0)
    press(page, "3")
    content = rater.keys("Escape")
    assert [(r.rule, r.segment, r.reason) for r in content.reasons] == [
        ("confrontation_not_rated", 1, "One moment weighed more than its length")
    ]
    assert next(r.value for r in content.ratings if r.scale == "repair_reached") == 3

    # handed in by one key more, taken back by the rater, handed in again
    press(page, "Control+Enter")
    expect(page.get_by_test_id("submit-now")).to_be_focused()
    press(page, "Enter")
    expect(page.get_by_test_id("handed-in")).to_contain_text("Handed in")
    assert rater.assignment.coding_state is CodingState.SUBMITTED
    page.get_by_test_id("take-back").focus()
    press(page, "Enter")
    expect(page.get_by_test_id("coding-room")).to_have_attribute("data-mode", "code")
    assert rater.assignment.coding_state is CodingState.DRAFT
    assert rater.content == content
    with site.workspace.reading() as connection:
        acts = [entry.action for entry in audit.entries(connection)]
    assert {"coding.submit", "coding.take_back"} <= set(acts)


def test_a_session_is_coded_utterance_by_utterance_in_four_passes(desk):
    rater = desk("S2", MI)
    page = rater.page

    # listening comes first
    assert rater.at(10, "x").events == ()
    rater.said("listen")
    assert rater.keys("Control+Enter").passes == ("listen",)

    # units: one utterance holds two thoughts, and a question was torn off from the second
    assert rater.at(10, "q").events == ()
    go_to(page, 15_000)
    [(piece, starts)] = rater.keys("Shift+S").boundaries.items()
    assert piece.startswith("u7w") and starts
    boundaries = rater.at(20.6, "j").boundaries
    assert boundaries == {piece: True, "u8": False}
    assert rater.keys("Control+z", "Control+Shift+Z").boundaries == boundaries
    assert rater.keys("Control+Enter").passes == ("listen", "unitize")

    # code: the utterance that is heard; with its form in the same press; the next without a code
    heard = only(rater.at(10, "x"), "other")
    assert (heard.unit, heard.start_ms, heard.end_ms) == ("u6", 9120, 11_100)
    progress = page.get_by_test_id("unit-progress")
    done, of_all = (int(n) for n in progress.inner_text().split(" coded")[0].split(" of "))
    assert done == 1 and of_all > 30
    information = only(rater.keys("n", "t"), "gives_information")
    assert information.unit == "u7"
    question = only(rater.keys("n", "1"), "question")
    assert (question.unit, question.modifiers) == (piece, ("form:open",))
    assert question.end_ms == 21_120  # up to the end of what was merged into it

    # a unit can have several codes, but one reflection
    units = [e.unit for e in rater.keys("a").events if e.code in ("question", "seeks_collaboration")]
    assert units == [piece, piece]
    rater.at(76, "w")
    content = rater.keys("e")
    reflections = [e for e in content.events if e.code.endswith("reflection")]
    assert [(e.code, e.unit) for e in reflections] == [("complex_reflection", "u29")]
    expect(progress).to_contain_text("4 of")

    # the checklist knows what is missing; nothing is handed in
    assert rater.keys("Control+Enter").passes == ("code", "listen", "unitize")
    press(page, "Control+Enter")
    expect(page.get_by_test_id("submit-dialog")).to_contain_text("Utterances without a code")
    expect(page.get_by_test_id("submit-now")).to_be_disabled()
