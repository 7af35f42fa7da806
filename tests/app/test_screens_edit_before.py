"""What became of the version before, said in the scheme editor: chosen, merged, dropped, taken back."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from html import unescape
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tests.app.house import House
from tests.app.test_app_screens import text_of
from tests.app.test_screens_edit_scheme import Screen, begun, editor, field, kept, press, show
from workbench import schemes
from workbench.app.parts.texts import plain
from workbench.model.scheme import CodeKind, CodingScheme, EarlierVersion
from workbench.schemes.carried_over import NO_EQUAL
from workbench.schemes.scheme_draft import written
from workbench.schemes.yaml_text import NOTHING
from workbench.workflows import edit_scheme, keep_definition, rule

BASE = "rupture_repair"
DAY = date(2026, 1, 12)


@pytest.fixture
def first(house: House) -> CodingScheme:
    """The version before, kept."""
    return keep_definition.keep_scheme(house.workspace, None, schemes.shipped_schemes()[BASE])


def said(house: House, *path: str) -> object:
    return kept(house, "from_version", *path)


def became(at: AppTest, label: str) -> Any:
    return field(at, label)


def last(at: AppTest, label: str) -> Any:
    """The field of the modifier that was added last."""
    return [f for f in at.text_input if f.label == label][-1]


def delete(at: AppTest) -> None:
    """The open code, not one of its answers."""
    [b for b in at.button if b.label == "Delete"][-1].click().run()
    assert not at.exception


def test_a_draft_in_which_everything_kept_its_name_has_nothing_to_say(screen: Screen, house: House, first) -> None:
    at = editor(screen, begun(house, BASE, own=False), "before")
    assert f"From version {first.version}" in text_of(at)
    assert "Nothing to say" in text_of(at)
    assert "can be read as this version, all of them" in text_of(at)


def test_a_scheme_of_ones_own_has_no_version_before(screen: Screen, house: House) -> None:
    at = editor(screen, begun(house, BASE), "before")
    assert "No version before" in text_of(at)
    assert not at.main.selectbox


def test_codes_that_were_renamed_deleted_and_made_one_are_asked_for(screen: Screen, house: House, first) -> None:
    one, two, three = first.codes[:3]
    at = editor(screen, begun(house, BASE, own=False), "codes")
    field(at, "Name").set_value("pulls_away").run()  # the draft knows of this one by itself
    at.radio[0].set_value(1).run()
    delete(at)
    at.radio[0].set_value(1).run()
    assert field(at, "Label").value == three.label
    show(at, "before")
    assert became(at, f"Code “{one.label}” became").value == "pulls_away"
    gone = became(at, f"Code “{two.label}” became")
    assert gone.value == ""
    assert f"these are left out: “{two.label}”." in text_of(at)
    assert not any(three.label in f.label for f in at.selectbox)
    gone.set_value("pulls_away").run()
    assert said(house, "codes") == {one.id: "pulls_away", two.id: "pulls_away"}
    assert f"“{one.label}” and “{two.label}” are read as one: “{one.label}”." in text_of(at)
    became(at, f"Code “{two.label}” became").set_value("").run()
    assert said(house, "codes") == {one.id: "pulls_away"}
    assert f"no version says what became of “{two.label}”" in text_of(at)
    press(at, "Undo")
    assert said(house, "codes") == {one.id: "pulls_away", two.id: "pulls_away"}


def test_that_a_code_has_no_equal_is_a_decision_of_its_own(screen: Screen, house: House, first) -> None:
    one, two = first.codes[:2]
    at = editor(screen, begun(house, BASE, own=False), "codes")
    for _ in (one, two):
        at.radio[0].set_value(0).run()
        delete(at)
    show(at, "before")
    label = f"Code “{one.label}” became"
    assert became(at, label).value == "" and "2 of 2 are not decided yet" in text_of(at)
    became(at, label).set_value(NO_EQUAL).run()
    assert said(house, "codes") == {one.id: NOTHING}
    assert became(at, label).value == NO_EQUAL and "1 of 2 is not decided yet" in text_of(at)
    assert f"They read that “{one.label}” has no equal." in text_of(at)
    assert f"no version says what became of “{two.label}”" in text_of(at)
    became(at, f"Code “{two.label}” became").set_value(NO_EQUAL).run()
    assert "All of them are decided." in text_of(at) and "no version says" not in text_of(at)
    show(at, "changes")
    assert f"Code “{one.label}” was removed, and has no equal." in text_of(at)
    carla = house.people["carla"]
    read = edit_scheme.read(house.workspace, edit_scheme.drafts(house.workspace, carla)[0])
    assert read.scheme is not None and read.scheme.earlier is not None
    assert read.scheme.earlier.codes == {one.id: None, two.id: None}
    assert not read.inside("from_version")


def test_what_does_not_fit_is_said_beside_its_line(screen: Screen, house: House, first) -> None:
    draft = begun(house, BASE, own=False)
    other = next(c for c in first.codes if c.kind is not first.codes[0].kind)
    tree = edit_scheme.read(house.workspace, draft).tree
    assert tree is not None
    lines = {"version": first.version, "codes": {first.codes[0].id: other.id, "nobody": other.id}}
    tree = {**tree, "codes": [c for c in tree["codes"] if c["id"] != first.codes[0].id], "from_version": lines}
    draft = edit_scheme.change(house.workspace, house.people["carla"], draft, written(tree), "lines")
    at = editor(screen, draft, "before")
    assert "is of another kind than" in text_of(at)
    assert "has no code 'nobody'" in unescape(text_of(at))
    assert re.search(r"to mend under [^.]*Version before", text_of(at))
    assert "It stands here once nothing above is to mend." in text_of(at)
    became(at, f"Code “{first.codes[0].label}” became").set_value("").run()
    became(at, "Code “nobody” became").set_value("").run()
    assert said(house) == {"version": first.version}


def test_answers_with_other_ids_are_asked_for_once_their_modifier_goes_on(screen: Screen, house: House, first) -> None:
    code = next(c for c in first.codes if c.modifiers)
    n, modifier = first.codes.index(code), code.modifiers[-1]
    at = editor(screen, begun(house, BASE, own=False), "codes")
    at.radio[0].set_value(n).run()
    press(at, f"Delete “{modifier.label}”")
    press(at, "Add a modifier")
    last(at, "What is asked").set_value("Force").run()
    last(at, "Answer 1").set_value("Little").run()
    last(at, "Answer 2").set_value("Much").run()
    show(at, "before")
    asked = became(at, f"Modifier “{modifier.label}” of “{code.label}” became")
    assert asked.value == ""
    asked.set_value("force").run()
    labels = [f"Answer “{o.label}” to “{modifier.label}” of “{code.label}” became" for o in modifier.options]
    became(at, labels[0]).set_value("force:little").run()
    became(at, labels[-1]).set_value("force:much").run()
    first_id, last_id = (f"{modifier.id}:{modifier.options[k].id}" for k in (0, -1))
    assert said(house, "modifiers", code.id) == {
        modifier.id: "force",
        first_id: "force:little",
        last_id: "force:much",
    }
    show(at, "codes")
    at.radio[0].set_value(n).run()
    last(at, "What is asked").set_value("How much force").run()  # a new modifier takes its name from its words
    assert said(house, "modifiers", code.id)[modifier.id] == "how_much_force"  # and its lines follow
    press(at, f"Save version {kept(house, 'version')}")
    (made,) = (s for s in keep_definition.kept_schemes(house.workspace) if s.name == BASE and s != first)
    assert made.earlier is not None and made.earlier.version == first.version
    assert made.earlier.modifiers[code.id][first_id] == "how_much_force:little"


def test_a_new_code_that_takes_its_name_from_its_words_keeps_what_became_it(
    screen: Screen, house: House, first
) -> None:
    one = first.codes[0]
    at = editor(screen, begun(house, BASE, own=False), "codes")
    press(at, "Add a code")
    field(at, "How it is coded").set_value(one.kind.value).run()
    at.radio[0].set_value(0).run()
    delete(at)
    made = kept(house, "codes", len(first.codes) - 1, "id")
    show(at, "before")
    became(at, f"Code “{one.label}” became").set_value(made).run()
    show(at, "codes")
    at.radio[0].set_value(len(first.codes) - 1).run()
    field(at, "Label").set_value("Steps aside").run()
    assert said(house, "codes") == {one.id: "steps_aside"}


def test_rulings_go_on_where_the_code_goes_on_and_stay_where_it_does_not(screen: Screen, house: House, first) -> None:
    one, two, other = [c for c in first.codes if c.kind is CodeKind.POINT][:3]
    for code in (one, one, two):
        wording = rule.Wording(code=code.id, rating=False, decided_on=DAY, question="When?", decision="Then.")
        rule.make_ruling(house.workspace, house.people["carla"], BASE, wording, DAY)
    at = editor(screen, begun(house, BASE, own=False), "codes")
    for code in (one, two):
        at.radio[0].set_value([c["id"] for c in kept(house, "codes")].index(code.id)).run()
        delete(at)
    show(at, "before")
    assert f"2 rulings on “{one.label}” stay with version {first.version}" in text_of(at)
    became(at, f"Code “{one.label}” became").set_value(other.id).run()
    assert f"2 rulings on “{one.label}” go on with “{other.label}”" in text_of(at)
    assert f"1 ruling on “{two.label}” stays" in text_of(at)


def test_a_file_that_is_the_next_version_of_a_kept_one_can_say_so(screen: Screen, house: House, first) -> None:
    text = schemes.write_scheme(replace(first, version="99", earlier=None))
    draft = edit_scheme.begin_from_file(house.workspace, house.people["carla"], text.encode(), "next.yaml")
    at = editor(screen, draft, "before")
    press(at, plain(f"It follows version {first.version}"))
    assert said(house) == {"version": first.version}
    assert "Nothing to say" in text_of(at)


def test_what_a_file_says_of_a_version_that_is_not_kept_is_shown_and_kept(screen: Screen, house: House, first) -> None:
    one, two = first.codes[:2]
    earlier = EarlierVersion("0.1", {"old": one.id})
    text = schemes.write_scheme(replace(first, version="99", earlier=earlier))
    draft = edit_scheme.begin_from_file(house.workspace, house.people["carla"], text.encode(), "next.yaml")
    at = editor(screen, draft, "before")
    assert "is not kept here" in text_of(at)
    assert became(at, "Code “old” became").value == one.id
    became(at, "Code “old” became").set_value(two.id).run()
    assert said(house, "codes") == {"old": two.id}
