"""The scheme editor as somebody meets it: fields, problems beside them, undo, two windows, saving."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from html import unescape
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tests.app.house import House
from tests.app.test_app_screens import text_of, title_of
from workbench import schemes
from workbench.app.parts import scheme_editing
from workbench.schemes.scheme_draft import value_at, with_value, written
from workbench.workflows import edit_scheme, keep_definition
from workbench.workflows.keep_draft import Draft

Screen = Callable[..., AppTest]


def editor(screen: Screen, draft: Draft, part: str = "about") -> AppTest:
    at = screen("carla", "edit_scheme", draft=draft.id)
    assert not at.exception
    return show(at, part)


def show(at: AppTest, part: str) -> AppTest:
    at.button_group[0].set_value(part).run()
    assert not at.exception
    return at


def begun(house: House, name: str | None = "alliance_behaviours", **how: Any) -> Draft:
    base = schemes.shipped_schemes()[name] if name else None
    return edit_scheme.begin(house.workspace, house.people["carla"], base, **how)


def field(at: AppTest, label: str) -> Any:
    return next(f for f in (*at.text_input, *at.text_area, *at.selectbox, *at.checkbox) if f.label == label)


def press(at: AppTest, label: str) -> AppTest:
    next(b for b in at.button if b.label == label).click().run()
    assert not at.exception
    return at


def kept(house: House, *path: str | int) -> Any:
    found = edit_scheme.drafts(house.workspace, house.people["carla"])[0]
    return value_at(edit_scheme.read(house.workspace, found).tree, path)


def choices(at: AppTest, label: str) -> Any:
    return next(f for f in at.multiselect if f.label == label)


def test_a_renamed_code_can_be_deleted_and_the_draft_still_be_saved(screen: Screen, house: House) -> None:
    at = editor(screen, begun(house, "alliance_behaviours", own=False), "codes")
    field(at, "Name").set_value("grasps").run()
    assert list(kept(house, "from_version", "codes").values()) == ["grasps"]
    press(at, "Delete")
    assert kept(house, "from_version", "codes") == ""
    assert "from_version" not in text_of(at)


def test_what_a_mean_is_of_can_be_emptied_and_chosen_anew(screen: Screen, house: House) -> None:
    at = editor(screen, begun(house), "scores")
    field(at, "What it is").set_value("mean").run()
    choices(at, "Of these").set_value([]).run()
    assert not at.exception and field(at, "What it is").value == "mean"
    assert kept(house, "scores", 0, "mean") == []
    rating = kept(house, "ratings", 0, "id")
    choices(at, "Of these").set_value([rating]).run()
    assert kept(house, "scores", 0, "mean") == [rating]


def test_a_score_of_another_kind_is_made_of_the_same_as_far_as_it_goes(screen: Screen, house: House) -> None:
    at = editor(screen, begun(house, "mi_integrity"), "scores")
    at.radio[0].set_value(3).run()
    share = kept(house, "scores", 3, "share")
    field(at, "What it is").set_value("ratio").run()
    assert kept(house, "scores", 3, "ratio") == {"of": share["of"], "to": share["in"]}
    field(at, "What it is").set_value("count").run()
    assert kept(house, "scores", 3, "count") == {"codes": share["of"]}


def test_what_is_new_says_so_where_the_version_it_began_from_is_gone(
    screen: Screen, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = begun(house, own=False)
    monkeypatch.setattr(edit_scheme, "base_of", lambda workspace, seen: None)
    assert "is not here any more" in text_of(editor(screen, draft, "changes"))
    assert "began empty or from a file" in text_of(editor(screen, begun(house, None), "changes"))


def test_no_two_fields_about_a_scheme_have_one_name(screen: Screen, house: House) -> None:
    at = editor(screen, begun(house))
    labels = [f.label for f in (*at.text_input, *at.text_area, *at.selectbox, *at.checkbox, *at.multiselect)]
    assert sorted(labels) == sorted(set(labels))


@pytest.mark.parametrize("name", ["ada", "farid", "eve"])
def test_the_editor_is_closed_to_who_makes_no_schemes(screen: Screen, house: House, name: str) -> None:
    draft = begun(house)
    at = screen(name, "edit_scheme", draft=draft.id)
    assert draft.text not in text_of(at)
    assert not at.text_input


def test_somebody_elses_draft_is_not_there(screen: Screen, house: House) -> None:
    at = screen("imre", "edit_scheme", draft=begun(house).id)
    assert title_of(at) == "No such draft"


@pytest.mark.parametrize("name", sorted(schemes.shipped_schemes()))
def test_every_part_of_every_scheme_that_comes_with_the_program_can_be_edited(
    screen: Screen, house: House, name: str
) -> None:
    draft = begun(house, name)
    at = editor(screen, draft)
    for part in ("codes", "ratings", "rules", "scores", "agreement", "changes", "yaml"):
        show(at, part)
    assert "Can be saved" in text_of(at)
    assert kept(house) == edit_scheme.read(house.workspace, draft).tree  # to look at it changes nothing


def test_a_second_scheme_whose_title_gives_no_name_gets_one_that_is_free(screen: Screen, house: House) -> None:
    made = replace(schemes.shipped_schemes()["rupture_repair"], name="scheme_1", title="אמון", earlier=None)
    keep_definition.keep_scheme(house.workspace, house.people["carla"], replace(made, hash=schemes.identity(made)))
    at = editor(screen, begun(house, None))
    for title in ("الثقة", "الثقة في العلاج"):
        field(at, "Title").set_value(title).run()
        assert field(at, "Name in tables").value == "scheme_2" and "already" not in text_of(at)


def test_a_text_that_is_too_long_stays_in_its_field_and_is_told_of(screen: Screen, house: House) -> None:
    at = editor(screen, begun(house, None))
    for label, most in (("Title", 120), ("What is coded", 4000)):
        assert not field(at, label).max_chars  # Streamlit drops a longer paste without a word
        field(at, label).set_value("x" * (most + 1)).run()
        assert len(field(at, label).value) == most + 1
        assert f"has {most + 1:,} characters, at most {most:,} fit" in text_of(at)


def test_a_scheme_is_made_field_by_field_and_saved(screen: Screen, house: House) -> None:
    at = editor(screen, begun(house, None))
    field(at, "Title").set_value("Small talk").run()
    field(at, "What is coded").set_value("Jokes: and chat.").run()
    assert field(at, "Name in tables").value == "small_talk"
    press(show(at, "codes"), "Add a code")
    field(at, "Label").set_value("Joke").run()
    field(at, "Definition").set_value("Meant to be funny.").run()
    press(show(at, "ratings"), "Add a rating")
    field(at, "Label").set_value("Ease").run()
    field(at, "Definition").set_value("How easily they talk.").run()
    field(at, "Words for 1").set_value("stiff").run()
    assert "missing: 5" in text_of(at)
    field(at, "Words for 5").set_value("easy").run()
    next(b for b in at.button if b.label == "Save version 1.0").click().run()
    made = next(s for s in keep_definition.kept_schemes(house.workspace) if s.name == "small_talk")
    assert [(c.id, c.label, c.key) for c in made.codes] == [("joke", "Joke", "s")]
    assert dict(made.rating("ease").anchors) == {1: "stiff", 5: "easy"}


def test_a_key_that_is_taken_is_said_at_once_and_undo_takes_it_back(screen: Screen, house: House) -> None:
    at = editor(screen, begun(house), "codes")
    before = field(at, "Key").value
    field(at, "Key").set_value(kept(house, "codes", 1, "key")).run()
    assert "is used twice" in text_of(at)
    assert next(b for b in at.button if b.label == "Undo").help == "Key of code “Provider shows understanding”"
    press(at, "Undo")
    assert field(at, "Key").value == before
    press(at, "Redo")
    assert field(at, "Key").value != before


def test_a_list_and_a_choice_whose_words_changed_meanwhile_open_what_they_opened(screen: Screen, house: House) -> None:
    # a browser sends what it shows, and that may be the words of a moment ago
    at = editor(screen, begun(house), "codes")
    for label in ("One", "Two"):
        field(at, "Label").set_value(label).run()
        assert not at.exception
        assert field(at, "Label").value == label
    at.radio[0].set_value(1).run()
    field(at, "Label").set_value("Three").run()
    assert [kept(house, "codes", n, "label") for n in (0, 1)] == ["Two", "Three"]


def test_modifiers_and_answers_of_a_saved_version_keep_their_names_when_they_are_reworded(
    screen: Screen, house: House
) -> None:
    made = edit_scheme.begin(house.workspace, house.people["carla"], schemes.shipped_schemes()["rupture_repair"])
    tree = edit_scheme.read(house.workspace, made).tree or {}
    n = next(i for i, c in enumerate(tree["codes"]) if "modifiers" in c)
    answer = ("codes", n, "modifiers", 0, "options", 0)
    tree = with_value(with_value(tree, (*answer, "label"), "Faint"), (*answer, "id"), "faint")
    made = edit_scheme.change(house.workspace, house.people["carla"], made, written(tree), "an answer")
    base = edit_scheme.save(house.workspace, house.people["carla"], made)
    for own, names in ((False, ("intensity", "faint")), (True, ("how_strong", "hardly_to_be_seen"))):
        draft = edit_scheme.begin(house.workspace, house.people["carla"], base, own=own)
        at = editor(screen, draft, "codes")
        at.radio[0].set_value(n).run()
        field(at, "Answer 1").set_value("Hardly to be seen").run()
        field(at, "What is asked").set_value("How strong").run()
        assert not at.exception
        after = kept(house, "codes", n, "modifiers", 0)
        assert (after["label"], after["options"][0]["label"]) == ("How strong", "Hardly to be seen")
        assert (after["id"], after["options"][0]["id"]) == names


def test_a_new_answer_of_a_new_version_still_takes_its_name_from_its_words(screen: Screen, house: House) -> None:
    base = schemes.shipped_schemes()["rupture_repair"]
    n = next(i for i, c in enumerate(base.codes) if c.modifiers)
    many = len(base.codes[n].modifiers[0].options)
    at = editor(screen, begun(house, base.name, own=False), "codes")
    at.radio[0].set_value(n).run()
    press(at, "Add an answer")
    field(at, f"Answer {many + 1}").set_value("Beyond words").run()
    assert kept(house, "codes", n, "modifiers", 0, "options", many, "id") == "beyond_words"


def test_a_draft_with_mistakes_is_not_saved_and_stays(screen: Screen, house: House) -> None:
    at = editor(screen, begun(house), "codes")
    field(at, "Definition").set_value("").run()
    assert "This is needed" in text_of(at)
    press(at, "Save version 1.0")
    assert "cannot be used yet" in text_of(at)
    assert "definition is missing" in text_of(at)
    assert len(edit_scheme.drafts(house.workspace, house.people["carla"])) == 1


def test_codes_are_copied_moved_and_deleted_and_come_back(screen: Screen, house: House) -> None:
    at = editor(screen, begun(house), "codes")
    first, second = (kept(house, "codes", n, "label") for n in (0, 1))
    press(at, "Duplicate")
    assert field(at, "Label").value == f"{first} (copy)"
    assert "used twice" not in text_of(at)
    press(at, "Delete")
    assert "Undo brings it back" in at.toast[0].value
    press(at, "Move down")
    assert [kept(house, "codes", n, "label") for n in (0, 1)] == [second, first]
    for _ in range(3):
        press(at, "Undo")
    assert kept(house, "codes", 0, "label") == first


@pytest.mark.parametrize("act", ["Move down", "Duplicate", "Add a code"])
def test_what_was_typed_just_before_its_entry_moved_stays_with_it(screen: Screen, house: House, act: str) -> None:
    at = editor(screen, begun(house), "codes")
    first, second = (kept(house, "codes", n, "id") for n in (0, 1))
    field(at, "Example").set_value("Typed last.")
    press(at, act)  # in the same message of the browser
    examples = {kept(house, "codes", n, "id"): kept(house, "codes", n, "example") for n in range(3)}
    assert examples[first] == "Typed last." and examples.get(second) != "Typed last."


def test_an_entry_keeps_its_fields_where_others_come_go_or_change_places(screen: Screen, house: House) -> None:
    """Made anew, a field would lose what is being typed in it, and a button the keyboard that is on it."""
    at = editor(screen, begun(house, "rupture_repair"), "codes")

    def key(label: str) -> str:
        found = next((b for b in at.button if b.label == label), None)
        return str((found or field(at, label)).key)

    labels = ["Definition", "What is asked", "Move up", "Add an answer"]
    keys, second = [key(label) for label in labels], key("Answer 2")
    press(at, "Move down")
    press(at, "Add an answer")
    next(b for b in at.button if b.help == "Delete answer 1").click().run()
    assert [key(label) for label in labels] == keys
    assert key("Answer 1") == second


def test_who_presses_delete_twice_has_deleted_one(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second press comes before the page has heard of the first."""
    carla, draft = house.people["carla"], begun(house)
    monkeypatch.setattr(scheme_editing.current, "workspace", lambda: house.workspace)
    monkeypatch.setattr(scheme_editing.current, "actor", lambda: carla)
    e = scheme_editing.Editing(draft, edit_scheme.read(house.workspace, draft))
    codes = [code["id"] for code in e.entries("codes")]
    press_twice = e.pressed(("codes", 1), lambda at: e.delete("deletion", at))
    press_twice()
    press_twice()
    assert [code["id"] for code in e.entries("codes")] == [codes[0], *codes[2:]]


def test_what_is_typed_while_another_window_changed_the_draft_is_a_draft_of_its_own(
    screen: Screen, house: House
) -> None:
    draft = begun(house)
    at = editor(screen, draft)
    tree = edit_scheme.read(house.workspace, draft).tree
    assert tree is not None
    elsewhere = written(with_value(tree, ("source",), "Changed there"))
    edit_scheme.change(house.workspace, house.people["carla"], draft, elsewhere, "Source")
    field(at, "Title").set_value("Changed here").run()
    assert "Nothing is lost" in text_of(at)
    assert field(at, "Title").value == "Changed here"
    found = edit_scheme.drafts(house.workspace, house.people["carla"])
    trees = [edit_scheme.read(house.workspace, d).tree for d in found]
    assert {value_at(t, ("source",)) for t in trees} >= {"Changed there"}
    assert {value_at(t, ("title",)) for t in trees} == {"Changed here", "Alliance Behaviours, our own"}


def test_a_window_that_is_behind_shows_what_the_draft_holds_now(screen: Screen, house: House) -> None:
    draft = begun(house)
    at = editor(screen, draft)
    tree = edit_scheme.read(house.workspace, draft).tree
    assert tree is not None
    elsewhere = written(with_value(tree, ("source",), "Changed there"))
    edit_scheme.change(house.workspace, house.people["carla"], draft, elsewhere, "Source")
    at.run()
    assert "changed in another window" in text_of(at)
    assert field(at, "Source").value == "Changed there"


def test_yaml_that_cannot_be_read_is_said_by_line_and_the_form_waits(screen: Screen, house: House) -> None:
    draft = begun(house)
    at = editor(screen, draft, "yaml")
    field(at, "The scheme as YAML").set_value(draft.text.replace("codes:", "codes: [", 1)).run()
    assert "not YAML" in text_of(at)
    show(at, "codes")
    assert "Mend it under YAML" in text_of(at)
    press(at, "Undo")
    assert field(at, "Label").value == "Provider shows understanding"


def test_levels_of_a_score_are_changed_added_and_deleted_and_must_rise(screen: Screen, house: House) -> None:
    at = editor(screen, begun(house, "mi_integrity"), "scores")
    first = [{"label": "Fair", "at_least": "3"}, {"label": "Good", "at_least": "4"}]
    assert kept(house, "scores", 0, "levels") == first
    press(at, "Add a level")
    assert "This is needed" in text_of(at)
    field(at, "Level 3").set_value("Excellent").run()
    field(at, "Level 3 from").set_value("3.5").run()
    assert "levels must rise" in text_of(at)
    field(at, "Level 3 from").set_value("4.5").run()
    assert kept(house, "scores", 0, "levels") == [*first, {"label": "Excellent", "at_least": "4.5"}]
    assert "Can be saved" in text_of(at)
    next(b for b in at.button if b.help == "Delete level 1").click().run()
    assert [level["label"] for level in kept(house, "scores", 0, "levels")] == ["Good", "Excellent"]
    press(at, "Undo")
    assert [level["label"] for level in kept(house, "scores", 0, "levels")] == ["Fair", "Good", "Excellent"]


@pytest.mark.parametrize(("part", "path"), [("about", ()), ("codes", ("codes", 0)), ("ratings", ("ratings", 0))])
def test_what_this_version_does_not_know_is_shown_with_its_problem_and_kept(
    screen: Screen, house: House, part: str, path: tuple[str | int, ...]
) -> None:
    draft = begun(house)
    tree = edit_scheme.read(house.workspace, draft).tree
    assert tree is not None
    more = written(with_value(tree, (*path, "house_rule"), ["ours"]))
    draft = edit_scheme.change(house.workspace, house.people["carla"], draft, more, "more")
    at = editor(screen, draft, part)
    assert any("house_rule: [ours]" in c.value for c in at.code)
    assert "unknown key 'house_rule'" in unescape(text_of(at))
    label = "Title" if part == "about" else "Label"
    field(at, label).set_value("Something else").run()
    assert kept(house, *path, "house_rule") == ["ours"]


def test_words_that_look_like_something_else_stay_words(screen: Screen, house: House) -> None:
    at = editor(screen, begun(house), "codes")
    for words in ("=cmd()", "no", "<b>bold</b> & *star*", "قول: نعم", 'she said "1.0"'):
        field(at, "Label").set_value(words).run()
        assert kept(house, "codes", 0, "label") == words
        assert not at.exception


def test_the_schemes_screen_offers_the_editor_to_who_makes_schemes(screen: Screen, house: House) -> None:
    begun(house, "mi_integrity")
    makes = {"Begin", "Start from it", "Edit as a new version"}
    at = screen("carla", "schemes")
    opened = screen("carla", "scheme", scheme=house.scheme.hash)
    assert makes <= {b.label for b in (*at.button, *opened.button)}
    assert "Your drafts" in text_of(at)
    for observer in (screen("ada", "schemes"), screen("ada", "scheme", scheme=house.scheme.hash)):
        assert not makes & {b.label for b in observer.button}


def test_a_scheme_that_comes_with_the_program_is_taken_as_it_is(screen: Screen, house: House) -> None:
    at = screen("carla", "schemes")
    wanted = schemes.shipped_schemes()["mi_integrity"]
    at.selectbox(key="make-scheme-from").set_value(wanted.hash).run()
    at.radio(key="make-scheme-how").set_value("as it is").run()
    press(at, "Begin")
    assert wanted in keep_definition.kept_schemes(house.workspace)
