"""The shelf of schemes: what stands on it for whom, how one is found, opened, taken in use and begun from."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from tests.app.house import House
from tests.app.screen_words import said
from workbench import schemes
from workbench.model.scheme import CodingScheme, EarlierVersion
from workbench.workflows import edit_scheme, keep_definition, see_schemes

Screen = Callable[..., AppTest]
SHIPPED = schemes.shipped_schemes()


def kept(house: House, scheme: CodingScheme, login: str | None = "carla", **changed: object) -> CodingScheme:
    """Another version or another scheme, in use."""
    made = replace(scheme, **changed)  # type: ignore[arg-type]
    person = house.people[login] if login else None
    return keep_definition.keep_scheme(house.workspace, person, replace(made, hash=schemes.identity(made)))


def many(house: House, versions: int = 40) -> CodingScheme:
    """Everything that is shipped in use, and one scheme of the team's own in so many versions; the newest of them."""
    for scheme in SHIPPED.values():
        keep_definition.keep_scheme(house.workspace, None, scheme)
    made = kept(house, SHIPPED["rupture_repair"], name="ours", title="Ours", version="1.0", earlier=None)
    for n in range(1, versions):
        earlier = EarlierVersion(made.version, {}, {})
        codes = (replace(made.codes[0], label=f"Word {n}"), *made.codes[1:])
        made = kept(house, made, version=f"1.{n}", codes=codes, earlier=earlier)
    return made


def links(at: AppTest) -> list[str]:
    """What the page links say."""
    return [e.proto.label.replace("\\", "") for e in at.get("page_link")]


def labels(at: AppTest) -> list[str]:
    return [e.label.replace("\\", "") for e in at.button]


def press(at: AppTest, label: str) -> AppTest:
    return next(b for b in at.button if b.label.replace("\\", "") == label).click().run()


def test_a_scheme_of_forty_versions_is_one_entry_that_opens_on_the_newest(screen: Screen, house: House) -> None:
    newest = many(house)
    at = screen("carla", "schemes")
    assert links(at).count("Ours") == 1 and not [link for link in links(at) if "1.3" in link]
    assert "version 1.39, the newest of 40" in said(at)
    assert [s.front.scheme for s in see_schemes.shelf(house.workspace, house.people["carla"]) if s.name == "ours"] == [
        newest
    ]


def test_a_full_shelf_is_shown_at_once(screen: Screen, house: House) -> None:
    many(house)
    at = screen("carla", "schemes")
    began = time.perf_counter()
    at.run()
    assert time.perf_counter() - began < 2
    assert len(at.get("page_link")) < 40 and not at.exception


def test_versions_say_since_when_by_whom_and_what_changed(screen: Screen, house: House) -> None:
    newest = many(house, 14)
    at = screen("carla", "scheme", scheme=newest.hash)
    assert "Word 13” → “Word" not in said(at)  # folded
    at.session_state["versions-ours"] = True
    at.run()
    words = said(at)
    assert "Since 1.12:" in words and "Code “Word 13”: label: “Word 12” → “Word 13”." in words
    assert "kept by Carla" in words and "Version 1.3" not in labels(at)
    press(at, "Show more")
    assert "Version 1.0" in labels(at) and "The first version here." in said(at)


def test_an_observer_is_not_told_who_made_a_version_nor_how_far_others_are(screen: Screen, house: House) -> None:
    kept(house, house.scheme, version="7", description="Another.")
    at = screen("ada", "scheme", scheme=house.scheme.hash)
    assert "1 for you to code" in said(at) and "Carla" not in said(at) and "handed in" not in said(at)
    at = screen("carla", "scheme", scheme=house.scheme.hash)
    assert "2 assignments: 1 to code, 1 handed in" in said(at)


def test_an_observer_sees_what_is_in_use_and_no_act_that_is_not_theirs(screen: Screen, house: House) -> None:
    at = screen("ada", "schemes")
    assert house.scheme.title in links(at) and SHIPPED["mi_integrity"].title not in links(at)
    assert not {"Start from it", "Edit as a new version", "Use it as it is", "Assign"} & set(labels(at))
    at = screen("ada", "scheme", scheme=SHIPPED["mi_integrity"].hash)
    assert at.title[0].value == "No such scheme"


def test_what_comes_with_the_program_is_read_and_then_taken_in_use(screen: Screen, house: House) -> None:
    wanted = SHIPPED["mi_integrity"]
    at = screen("carla", "scheme", scheme=wanted.hash)
    assert "not in use here" in said(at) and wanted.codes[0].label in said(at)
    assert "Rulings" not in [h.value for h in at.header]  # nobody codes with it, so nothing is decided on it
    press(at, "Use it as it is")
    assert wanted in keep_definition.kept_schemes(house.workspace)
    assert "Assign" in labels(at) and "Use it as it is" not in labels(at)


def test_the_search_and_the_kinds_narrow_the_shelf_and_say_so_when_nothing_is_left(
    screen: Screen, house: House
) -> None:
    many(house, 2)
    at = screen("carla", "schemes")
    box = at.text_input(key="search-schemes")
    box.set_value("WORD 1").run()
    assert [link for link in links(at) if link in {"Ours", *(s.title for s in SHIPPED.values())}] == ["Ours"]
    box.set_value("no such words").run()
    assert "No scheme that says “no such words”" in said(at)
    box.set_value("").run()
    at.segmented_control(key="kind-of-scheme").set_value("Made here").run()
    assert "Ours" in links(at) and house.scheme.title not in links(at)
    at.segmented_control(key="kind-of-scheme").set_value("Questionnaires").run()
    assert "Ours" not in links(at) and any(i.title in links(at) for i in house.instruments.values())


def test_a_draft_stands_on_top_with_the_way_to_go_on(screen: Screen, house: House) -> None:
    edit_scheme.begin(house.workspace, house.people["carla"], house.scheme, own=False)
    at = screen("carla", "schemes")
    following = edit_scheme.next_version(house.workspace, house.scheme.name, house.scheme.version)
    on_top = [link for link in links(at) if link.startswith("Go on with")]
    assert on_top == [f"Go on with {house.scheme.title} {following}"]
    assert f"begun from {house.scheme.title}" in said(at)
    opened = screen("carla", "scheme", scheme=house.scheme.hash)
    assert any(link.startswith("Go on with") for link in links(opened))
    assert not any(link.startswith("Go on with") for link in links(screen("imre", "schemes")))


def test_of_many_drafts_the_last_ones_stand_on_top_and_the_others_are_folded(screen: Screen, house: House) -> None:
    for _ in range(7):
        edit_scheme.begin(house.workspace, house.people["carla"])
    at = screen("carla", "schemes")
    assert "2 older drafts" in [e.label for e in at.expander]
    assert len([link for link in links(at) if link.startswith("Go on with")]) == 7


def test_a_newer_version_that_came_with_the_program_is_offered(
    screen: Screen, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = replace(house.scheme, version="99", description="As the new program has it.")
    later = replace(later, hash=schemes.identity(later))
    monkeypatch.setattr(see_schemes, "that_come_with_the_program", lambda: (later,))
    assert "the program has version 99" in said(screen("carla", "schemes"))
    at = screen("carla", "scheme", scheme=house.scheme.hash)
    press(at, "Look at 99")
    assert later.description in said(at)
    press(at, "Use it as it is")
    assert later in keep_definition.kept_schemes(house.workspace)
    assert "the program has" not in said(screen("carla", "schemes"))


def test_an_earlier_version_says_which_is_the_newest(screen: Screen, house: House) -> None:
    newest = kept(house, house.scheme, version="7", description="Another.")
    at = screen("carla", "scheme", scheme=house.scheme.hash)
    press(at, "Look at 7, the newest in use")
    assert newest.hash in at.query_params["scheme"] and "Version 7" in said(at)
    assert not [label for label in labels(at) if label.startswith("Look at")]
    assert "another version of one that comes with the program" in said(at)


def test_assign_leads_to_the_sessions_with_the_scheme_chosen(screen: Screen, house: House) -> None:
    newest = kept(house, house.scheme, version="7", description="Another.")
    at = screen("carla", "scheme", scheme=newest.hash)
    press(at, "Assign")
    assert at.title[0].value == "Sessions"
    at._page_hash, at.query_params = calc_hash("session"), {"session": house.coded.id}
    at.run()
    assert at.selectbox(key=f"scheme-{house.coded.id}").value == newest.hash


@pytest.mark.parametrize("title", ["سلم التحالف", "<b>bold</b> *star* [x](y) :red[a]"])
def test_a_title_stays_as_it_is_written(screen: Screen, house: House, title: str) -> None:
    made = kept(house, house.scheme, name="theirs", title=title, description="<script>", language="ar")
    at = screen("carla", "schemes")
    assert title in links(at) and "&lt;script&gt;" in said(at) and "made here · Arabic" in said(at)
    assert title in screen("carla", "scheme", scheme=made.hash).title[0].value.replace("\\", "")


def test_a_scheme_with_neither_source_nor_rights_is_shown_to_its_end(screen: Screen, house: House) -> None:
    made = kept(house, SHIPPED["rupture_repair"], name="ours", title="Ours", earlier=None, source="", rights="")
    at = screen("carla", "scheme", scheme=made.hash)
    assert not at.exception and "No ruling yet" in said(at)


def test_an_address_of_no_scheme_says_so_and_leads_back(screen: Screen) -> None:
    at = screen("carla", "scheme", scheme="0" * 64)
    assert at.title[0].value == "No such scheme" and "← All schemes" in links(at)


def test_an_address_of_the_shelf_that_names_a_scheme_opens_it(screen: Screen, house: House) -> None:
    assert house.scheme.title in screen("carla", "schemes", scheme=house.scheme.hash).title[0].value


def test_of_a_questionnaire_too_the_other_versions_can_be_read(screen: Screen, house: House) -> None:
    first = next(iter(house.instruments.values()))
    text = replace(first, version="9", instructions="In other words.", hash="")
    later = keep_definition.keep_instrument(
        house.workspace, house.people["carla"], replace(text, hash=schemes.identity(text))
    )
    at = screen("ada", "scheme", scheme=later.hash)
    assert "In other words." in said(at) and links(screen("ada", "schemes")).count(first.title) == 1
    press(at, f"Look at version {first.version}")
    assert "In other words." not in said(at) and first.instructions in said(at)


def test_the_number_alone_is_no_change(house: House) -> None:
    kept(house, house.scheme, version="7", earlier=EarlierVersion(house.scheme.version, {}, {}))
    [seen] = [s for s in see_schemes.shelf(house.workspace, house.people["carla"]) if s.name == house.scheme.name]
    assert see_schemes.what_changed(seen, seen.front) == (house.scheme, [])
    assert see_schemes.what_changed(seen, seen.versions[-1]) is None
