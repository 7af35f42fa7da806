"""How well raters must agree, said in the scheme editor by somebody who has never seen a file."""

from __future__ import annotations

import pytest

from tests.app.house import House
from tests.app.test_app_screens import text_of
from tests.app.test_screens_edit_scheme import Screen, begun, choices, editor, field, kept, press
from workbench.schemes.scheme_draft import with_value, written
from workbench.workflows import edit_scheme, keep_definition

KAPPA, ALPHA, AC1 = "cohen_kappa", "krippendorff_alpha", "gwet_ac1"


@pytest.fixture
def at(screen: Screen, house: House):
    """The agreement of a scheme of one's own that says nothing of it yet."""
    draft = begun(house, "alliance_behaviours")
    at = editor(screen, draft, "agreement")
    for label in ("Take out agreement on codes", "Take out agreement on ratings", "Take out agreement on totals"):
        if any(b.label == label for b in at.button):
            press(at, label)
    if any(b.label == "Take out all limits" for b in at.button):
        press(at, "Take out all limits")
    assert kept(house, "agreement") == kept(house, "certification") == ""
    return at


def test_coefficients_are_chosen_by_name_with_when_to_use_each(at, house: House) -> None:
    press(at, "Choose for codes")
    assert kept(house, "agreement", "codes", "coefficients") == [ALPHA]
    assert "Any number of raters" in text_of(at)
    assert "Never instead of them" in text_of(at)  # of one that is not chosen
    assert "Can be saved" in text_of(at)
    choices(at, "Beside it for codes").set_value([AC1, "percent_agreement"]).run()
    assert kept(house, "agreement", "codes", "coefficients") == [ALPHA, AC1, "percent_agreement"]
    assert "Krippendorff’s α, Gwet’s AC1 and Percent agreement" in text_of(at)  # as raters read it


def test_the_reason_follows_the_first_coefficient_until_somebody_writes_one(at, house: House) -> None:
    press(at, "Choose for codes")
    field(at, "Reported first for codes").set_value(KAPPA).run()
    assert kept(house, "agreement", "codes", "coefficients") == [KAPPA]
    assert kept(house, "agreement", "codes", "reason").startswith("Two raters, where readers expect it")
    field(at, "Why, for codes").set_value("Our journal asks for it.").run()
    choices(at, "Beside it for codes").set_value([ALPHA]).run()
    field(at, "Reported first for codes").set_value(ALPHA).run()
    assert kept(house, "agreement", "codes", "coefficients") == [ALPHA, KAPPA]  # the first one is not lost
    assert kept(house, "agreement", "codes", "reason") == "Our journal asks for it."


def test_limits_are_set_changed_taken_out_and_brought_back(at, house: House) -> None:
    press(at, "Set limits")
    said = text_of(at)
    assert "This is needed" in said and "needed: what the lower end of the interval must reach" in said
    assert "It stands here once nothing above is to mend." in said
    field(at, "Sessions with a criterion coding").set_value("10").run()
    field(at, "The interval on codes begins at").set_value("0.6").run()
    field(at, "Why these limits").set_value("Decided in May.").run()
    press(at, "Set a limit for ratings")
    field(at, "What is measured on ratings").set_value("within_one").run()
    field(at, "The interval on ratings begins at").set_value("0.9").run()
    assert "takes 36 sessions where a trainee is never off, 54 where once. On 10 nobody can show it yet." in text_of(at)
    assert "10 sessions with a criterion coding" in text_of(at) and "Decided in May." in text_of(at)
    field(at, "The interval on codes begins at").set_value("60").run()
    assert "at_least is 60, expected 0 to 1" in text_of(at)
    press(at, "Undo")
    press(at, "Take out the limit for codes")
    assert kept(house, "certification", "codes") == ""
    press(at, "Undo")
    assert kept(house, "certification", "codes", "at_least") == "0.6"
    press(at, "Save version 1.0")
    made = next(s for s in keep_definition.kept_schemes(house.workspace) if s.title.endswith("our own"))
    assert made.certification is not None
    assert [(x.of, x.measure, x.at_least) for x in made.certification.limits] == [
        ("codes", "kappa", 0.6),
        ("ratings", "within_one", 0.9),
    ]


def test_the_last_limit_taken_out_takes_nothing_else_with_it(at, house: House) -> None:
    press(at, "Set limits")
    field(at, "Why these limits").set_value("Decided in May.").run()
    press(at, "Take out the limit for codes")
    assert kept(house, "certification") == {"reason": "Decided in May."}
    assert "certification sets no limit" in text_of(at)
    press(at, "Take out all limits")
    assert kept(house, "certification") == ""
    assert "Can be saved" in text_of(at)


def test_how_near_two_events_are_the_same_is_said_with_the_agreement(at, house: House) -> None:
    field(at, "Seconds apart and still the same").set_value("90").run()
    assert "tolerance_seconds is 90, expected 0 to 60" in text_of(at)
    assert "1 thing to mend under Agreement." in text_of(at)
    field(at, "Seconds apart and still the same").set_value("1.5").run()
    assert kept(house, "tolerance_seconds") == "1.5"


def test_coefficients_that_the_program_does_not_know_stay_until_they_are_taken_out(screen: Screen, house: House):
    draft = begun(house)
    tree = edit_scheme.read(house.workspace, draft).tree
    assert tree is not None
    text = written(with_value(tree, ("agreement", "codes"), {"coefficients": ["kapa", AC1], "reason": "Ours."}))
    draft = edit_scheme.change(house.workspace, house.people["carla"], draft, text, "YAML")
    at = editor(screen, draft, "agreement")
    assert "which is not known" in text_of(at)
    choices(at, "Beside it for codes").set_value([]).run()
    assert kept(house, "agreement", "codes", "coefficients") == ["kapa"]
    assert "which is not known" in text_of(at)
    field(at, "Reported first for codes").set_value(KAPPA).run()
    assert "which is not known" not in text_of(at)
