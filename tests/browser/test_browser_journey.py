"""The whole story in a browser, with real key presses, held against the rows of the database."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import av
import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests import browsing
from workbench.model.coding import CodingState
from workbench.model.consent import Scope
from workbench.model.job import JobState
from workbench.model.session import Session
from workbench.registry import shipped
from workbench.store import forms, recordings
from workbench.workflows import add_session, intake, record_consent

pytestmark = pytest.mark.browser

SCALES = ("bond", "goals", "tasks", "rupture_significance", "repair_success")


def rate_everything(page: Page, *, with_key: str) -> None:
    """Rate each scale without the mouse: into the group with Tab, along it with the arrows, and Enter."""
    page.get_by_test_id("tab-ratings").focus()
    page.keyboard.press("Enter")
    for scale in SCALES:
        page.get_by_test_id(f"rate-{scale}-4").focus()
        page.keyboard.press(with_key)
        page.keyboard.press("Enter")
    browsing.status(page, "all saved")


def submit(page: Page) -> None:
    page.get_by_test_id("submit").click()
    page.get_by_test_id("submit-now").click()


def test_an_observer_practises_and_sees_what_was_hit_missed_and_extra(site, signed_in):
    page = signed_in(site, "observer1")
    expect(page.get_by_text("Practice: 4 minutes, 6 codes")).to_be_visible()
    page.get_by_role("button", name="Start coding").first.click()
    browsing.room(page)
    expect(page.get_by_test_id("teach")).to_contain_text("Space plays and pauses")

    page.keyboard.press("Space")
    browsing.play_until(page, 700)
    page.keyboard.press("Space")
    paused = browsing.now_ms(page)

    # one of each: a point here, a stretch from 0:27 to 0:48 as in the criterion, and one too many
    page.keyboard.press("q")
    browsing.status(page, "all saved")
    assert [e.code for e in site.content("observer1", "S1").events] == ["provider_understands"]
    assert abs(site.content("observer1", "S1").events[0].start_ms - paused) < 60
    expect(page.get_by_test_id("teach")).to_have_count(0)

    page.keyboard.press("Control+z")
    browsing.status(page, "all saved")
    assert site.content("observer1", "S1").events == ()
    page.keyboard.press("Control+Shift+Z")
    browsing.status(page, "all saved")
    assert len(site.content("observer1", "S1").events) == 1

    for _ in range(5):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("c")
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("c")
    browsing.status(page, "all saved")
    confrontation = site.content("observer1", "S1").events[1]
    assert confrontation.code == "rupture_confrontation"
    assert confrontation.end_ms - confrontation.start_ms == pytest.approx(20_000, abs=80)
    assert [o.kind.value for o in site.operations("observer1", "S1")] == ["add", "void", "void", "add", "amend"]

    rate_everything(page, with_key="ArrowRight")
    assert {(r.scale, r.value) for r in site.content("observer1", "S1").ratings} == {(s, 5) for s in SCALES}

    submit(page)
    expect(page.get_by_test_id("summary")).to_have_text("1 hit, 5 missed, 1 extra")
    assert site.assignment("observer1", "S1").coding_state is CodingState.LOCKED  # the criterion was shown

    on_text = page.locator("[data-row] .mark")  # and each of them at the words where it falls
    expect(on_text).to_have_count(7)
    expect(page.locator("[data-row] .mark.missed")).to_have_count(5)
    expect(page.get_by_role("button", name="Patient opens up at 1:56, Criterion, missed")).to_have_count(1)
    missed = page.locator("[data-testid=review-event][data-mark=missed]", has_text="Patient opens up")
    missed.click()
    browsing.played_from(page, 116_462 - 2_000)  # a little before what was missed


def test_two_observers_code_blinded_and_the_supervisor_plays_where_they_differ(site, signed_in):
    one = signed_in(site, "observer1", f"/code?assignment={site.assignment('observer1', 'S3').id}")
    # 0:10 patient opens up · 0:20 provider misses · 0:30 to 0:50 withdrawal · 1:00 to 1:30 repair
    code_at(one, [(10, "a"), (20, "r"), (30, "x"), (50, "x"), (60, "v"), (90, "v")])
    rate_everything(one, with_key="ArrowRight")
    submit(one)
    expect(one.get_by_test_id("coding-room")).to_have_attribute("data-mode", "review")
    expect(one.locator(".lane-labels li")).to_have_text(["You"])  # and nothing of anybody else's

    two = signed_in(site, "observer2", f"/code?session={site.session('S3').id}")
    browsing.room(two)
    assert two.get_by_test_id("coding-room").get_attribute("data-mode") == "code"  # one's own comes first
    theirs = site.assignment("observer1", "S3").coding_id
    for way in ("operations", "operations?after=0"):
        assert two.request.get(f"{site.url}/wb/codings/{theirs}/{way}").status == 403
    assert "Provider misses" not in two.get_by_test_id("events").inner_text()
    code_at(two, [(10, "a"), (30, "x"), (50, "x"), (60, "c"), (90, "c")])
    rate_everything(two, with_key="ArrowLeft")
    submit(two)
    expect(two.get_by_test_id("coding-room")).to_have_attribute("data-mode", "review")

    first, second = (site.content(who, "S3") for who in ("observer1", "observer2"))
    assert [(e.code, seconds(e.start_ms)) for e in first.events] == [
        ("patient_opens_up", 10),
        ("provider_misses", 20),
        ("rupture_withdrawal", 30),
        ("repair", 60),
    ]
    assert [(e.code, seconds(e.start_ms)) for e in second.events] == [
        ("patient_opens_up", 10),
        ("rupture_withdrawal", 30),
        ("rupture_confrontation", 60),
    ]
    assert {r.value for r in first.ratings} == {5} and {r.value for r in second.ratings} == {3}

    supervisor = signed_in(site, "supervisor", "/agreement")
    expect(supervisor.get_by_text("Raters disagree most on")).to_be_visible()
    supervisor.locator(".st-key-agreement-choose button").first.click()
    choose(supervisor, "agreement-study", "Sample sessions")
    supervisor.keyboard.press("Escape")
    expect(supervisor.get_by_text("Study Sample sessions")).to_be_visible()
    supervisor.get_by_role("radio", name=re.compile("^Observer One and Observer Two")).click()
    moment = supervisor.locator(".st-key-moment")
    expect(moment).to_contain_text("Homework not done · 0:20")
    browsing.quiet(supervisor)
    click_row(supervisor.get_by_test_id("stDataFrame").first, 1)
    expect(moment).to_contain_text("Homework not done · 1:00")
    lands_in(supervisor, 60_000)
    expect(supervisor.locator(".lane-labels li")).to_have_text(["Observer One", "Observer Two"])

    # the same sessions on the alliance screen: from the list of moments into the recording
    browsing.show(supervisor, f"{site.url}/alliance?patient=PT3&provider=PR2")
    moments = supervisor.get_by_test_id("stDataFrame").first
    expect(moments).to_be_visible()
    click_row(moments, 0)
    expect(supervisor.locator(".st-key-moment")).to_contain_text(
        re.compile("0:30.*Withdrawal, coded by 2 of 2 raters", re.DOTALL)
    )
    lands_in(supervisor, 30_000)


def lands_in(page: Page, at_ms: int) -> None:
    """The moment that is shown is entered a little before it, and plays."""
    page.locator(".st-key-moment").get_by_role("link", name="Play this moment").click()
    browsing.room(page)
    expect(page.get_by_test_id("play")).to_have_attribute("aria-label", "Pause")
    assert at_ms - 3060 <= browsing.now_ms(page) < at_ms + 20_000
    browsing.play_until(page, at_ms - 2500)


def code_at(page: Page, presses: list[tuple[int, str]]) -> None:
    """Step through the recording five seconds at a time, and press each key at its second."""
    browsing.room(page)
    at = 0
    for second, key in presses:
        for _ in range((second - at) // 5):
            page.keyboard.press("ArrowRight")
        page.keyboard.press(key)
        at = second
    browsing.status(page, "all saved")


def seconds(ms: int) -> int:
    return round(ms / 1000)


def choose(page: Page, key: str, option: str) -> None:
    """Choose from one of the screen's lists."""
    page.locator(f"[class*=st-key-{key}]").get_by_role("combobox").click()
    browsing.press_option(page, option)


def click_row(table: Locator, row: int) -> None:
    """Pick a row of a table."""
    table.scroll_into_view_if_needed()
    table.click(position=browsing.row_at(table, row))


def test_a_click_on_the_plot_shows_that_sessions_moments(shared_site, signed_in):
    page = signed_in(shared_site, "supervisor", "/alliance?patient=FPT1&provider=FPR1")
    plot = page.get_by_test_id("stVegaLiteChart").first
    expect(plot.locator("svg.marks")).to_be_visible()
    expect(page.get_by_text("There is no recording to play: this study is fictional.")).to_be_visible()
    for share, session in ((0.15, "FPT1, session 1"), (0.9, "FPT1, session 5")):
        browsing.quiet(page)
        standing(plot.locator("svg.marks"))
        box = plot.bounding_box()
        plot.click(position={"x": box["width"] * share, "y": box["height"] * 0.5})
        expect(page.get_by_role("heading", name=session)).to_be_visible()
        expect(page.locator(".st-key-moment")).to_contain_text(f"{session} · ")


def standing(picture: Locator) -> None:
    """Wait until a plot has looked the same for ten frames on end: while it is being drawn it hears no press."""
    picture.evaluate(
        """svg => new Promise(resolve => {
            let [before, same] = ["", 0];
            const look = () => {
                const now = svg.outerHTML;
                same = now === before ? same + 1 : 0;
                before = now;
                same < 10 ? requestAnimationFrame(look) : resolve();
            };
            look();
        })"""
    )


def test_a_patient_answers_on_a_phone_by_a_link_that_works_once_and_the_score_appears(site, signed_in, context):
    supervisor = signed_in(site, "supervisor", f"/session?session={site.session('S1').id}")
    supervisor.get_by_role("tab", name="Forms").click()
    supervisor.get_by_role("button", name="Link for PT1").click()
    link = supervisor.locator(".st-key-fresh-link-box code").inner_text()
    assert link.startswith(f"{site.url}/form/")

    phone = context(viewport={"width": 390, "height": 844}, device_scale_factor=3, is_mobile=True, has_touch=True)
    page = phone.new_page()
    page.goto(link)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), "the form is wider than a phone"
    questions = page.locator("fieldset.item")
    for n in range(questions.count()):
        questions.nth(n).locator("label.choice").nth(5).tap()
    page.get_by_role("button", name="Hand in").tap()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()

    with site.workspace.reading() as connection:
        [given] = forms.administrations(connection, session_ids=[site.session("S1").id])
    assert given.completed_at and set(given.responses.values()) == {6}
    page.goto(link)
    expect(page.get_by_text("This link was used already")).to_be_visible()

    supervisor.goto(f"{site.url}/alliance?patient=PT1&provider=PR1")
    browsing.quiet(supervisor)
    rows = supervisor.locator("table", has_text="Composite").locator("tbody tr")
    expect(rows.first).to_contain_text(re.compile(r"\d+ of \d+ to \d+"))


def test_a_provider_sees_their_own_sessions_and_no_others(shared_site, signed_in):
    own, other = shared_site.session("S1"), shared_site.session("S2")
    page = signed_in(shared_site, "provider")
    expect(page.get_by_role("link", name="Rupture and repair")).to_be_visible()
    expect(page.get_by_text("Working out the goals")).to_have_count(0)
    browsing.show(page, f"{shared_site.url}/session?session={other.id}")
    expect(page.get_by_text("This session cannot be shown")).to_be_visible()
    browsing.show(page, f"{shared_site.url}/alliance?patient=PT2&provider=PR2")
    expect(page.get_by_role("combobox", name="Patient and provider")).to_have_value(re.compile("PT1 with PR1"))
    expect(page.get_by_text("PT2")).to_have_count(0)
    for session, status in ((own, 200), (other, 403)):
        with shared_site.workspace.reading() as connection:
            [recording] = recordings.of_session(connection, session.id)
        found = page.request.get(f"{shared_site.url}/wb/recordings/{recording.id}/peaks")
        assert found.status == status, (session.code, found.status)
    for screen in ("agreement", "people", "audit", "export"):
        page.goto(f"{shared_site.url}/{screen}")
        expect(page.get_by_role("heading", name="Hello, Provider")).to_be_visible()  # there is no such screen for them
        browsing.quiet(page)
        assert page.get_by_text("disagree").count() == 0
        assert page.get_by_test_id("stDownloadButton").count() == 0


def test_a_researcher_downloads_the_tables_of_a_study(shared_site, signed_in):
    page = signed_in(shared_site, "researcher", "/export")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download the tables").click()
    inside = zipfile.ZipFile(waiting.value.path())
    names = {Path(name).name for name in inside.namelist()}
    assert {f"{t}.{kind}" for t in ("sessions", "events", "ratings", "scores") for kind in ("csv", "parquet")} <= names
    events = next(name for name in inside.namelist() if name.endswith("events.csv"))
    assert len(inside.read(events).splitlines()) > 1000


def test_a_file_that_is_chosen_before_the_script_has_come_is_sent(tmp_path, signed_in):
    clip = tmp_path / "clip.ogg"
    first_seconds(shipped("sample_media") / "dev2_goals.ogg", clip, 5)
    with browsing.served(tmp_path / "site") as site:
        made = consented_session(site)
        page = signed_in(site, "supervisor", f"/session?session={made.id}")
        held: list[Route] = []
        page.route("**/upload.js", lambda route: held.append(route))
        page.get_by_role("link", name="Add the recording").click()
        page.locator("#file").set_input_files(clip)
        while not held:
            page.wait_for_timeout(50)
        held[0].continue_()
        expect(page.get_by_role("button", name="Transcribe", exact=True)).to_be_visible(timeout=120_000)


def test_what_is_to_be_heard_is_chosen_before_the_script_has_come(tmp_path, site, signed_in):
    clip = tmp_path / "clip.ogg"
    first_seconds(shipped("sample_media") / "dev2_goals.ogg", clip, 5)
    added = intake.take_in(site.workspace, None, site.session("S1").id, clip, name=clip.name, label="Table")
    page = signed_in(site, "supervisor")
    held: list[Route] = []
    page.route("**/place.js", lambda route: held.append(route))
    page.goto(f"{site.url}/wb/recordings/{added.id}/place", wait_until="commit")
    page.get_by_label("This one", exact=True).check()
    while not held:
        page.wait_for_timeout(50)
    held[0].continue_()
    expect(page.locator(".screens .main")).to_have_js_property("muted", True)
    expect(page.locator(".screens .other")).to_have_js_property("muted", False)


@pytest.mark.models
def test_a_recording_is_added_and_transcribed_while_one_watches(tmp_path, signed_in):
    clip = tmp_path / "clip.ogg"
    first_seconds(shipped("sample_media") / "dev2_goals.ogg", clip, 20)
    with browsing.served(tmp_path / "site", worker=True, config='transcription_model = "tiny.en"\n') as site:
        made = consented_session(site)
        page = signed_in(site, "supervisor", f"/session?session={made.id}")
        page.get_by_role("link", name="Add the recording").click()
        page.locator("#file").set_input_files(clip)
        page.get_by_role("button", name="Transcribe", exact=True).click(timeout=120_000)
        expect(page.get_by_role("progressbar").or_(page.get_by_test_id("stProgress")).first).to_be_visible()
        expect(page.get_by_text("Who is speaking?")).to_be_visible(timeout=240_000)

        with site.workspace.reading() as connection:
            [transcript] = recordings.transcripts(connection, made.id)
            [job] = recordings.jobs(connection, session_id=made.id)
        assert job.state is JobState.DONE
        assert transcript.n_words > 20
        expect(page.get_by_test_id("stProgress")).to_have_count(0)


def consented_session(site: browsing.Site) -> Session:
    """A session without a recording, whose people have consented to everything."""
    study = add_session.find_study(site.workspace, "Sample sessions")
    members = [p.participant_id for p in site.session("S2").participants]
    made = add_session.add_session(site.workspace, None, study.id, "S-NEW", members)
    for member in members:
        record_consent.record_consent(site.workspace, None, made.id, member, Scope, "Synthetic.")
    return made


def first_seconds(source: Path, target: Path, duration: int) -> None:
    """Write the first seconds of a recording as a recording of its own."""
    with av.open(str(source)) as given, av.open(str(target), "w") as cut:
        stream = cut.add_stream("libopus", rate=48_000)
        for frame in given.decode(audio=0):
            if frame.time >= duration:
                break
            frame.pts = None
            cut.mux(stream.encode(frame))
        cut.mux(stream.encode(None))
