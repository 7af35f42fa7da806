"""The agreement screen and commands where raters coded on two versions of a scheme."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from tests.app.house import House, point, rate
from tests.app.screen_words import said
from workbench import schemes
from workbench.model.scheme import CodingScheme, EarlierVersion
from workbench.workflows import assign, code, keep_definition

Screen = Callable[..., AppTest]
NOTHING = "There is nothing to compare yet"


def submitted(house: House, name: str, scheme: CodingScheme) -> None:
    person = house.people[name]
    given = assign.assign(house.workspace, None, house.coded.id, person.id, scheme.hash)
    coding = code.open_coding(house.workspace, person, given.id).coding.id
    done = [point(replace(house, scheme=scheme), 5_000 * n) for n in range(1, 4)]
    done += [rate(s.id) for s in scheme.ratings]
    assert not code.write_operations(house.workspace, person, coding, done).result(10).refused
    code.submit(house.workspace, person, coding)


@pytest.fixture
def later(house: House) -> CodingScheme:
    """The next version of the clinic's scheme, on which Ada coded what Ben coded on the first."""
    first = house.scheme
    made = replace(first, version="9", earlier=EarlierVersion(first.version))
    made = keep_definition.keep_scheme(house.workspace, None, schemes.from_json(schemes.to_json(made)))
    submitted(house, "ada", made)
    return made


def box(at: AppTest) -> object:
    return next((c for c in at.checkbox if c.label.startswith("Also codings on version")), None)


def chosen_raters(at: AppTest) -> list[str]:
    (found,) = [m for m in at.multiselect if m.label == "Raters"]
    return list(found.options)


def test_two_raters_on_two_versions_are_compared_and_it_is_said(
    screen: Screen, house: House, later: CodingScheme
) -> None:
    at = screen("carla", "agreement")
    text = said(at)
    assert not at.exception and NOTHING not in text
    assert f"1 coding on version {house.scheme.version}, read in terms of version 9." in text
    taken = box(at)
    assert taken is not None and taken.value and taken.disabled  # type: ignore[attr-defined]
    assert chosen_raters(at) == ["Ada", "Ben"]


def test_with_the_earlier_version_its_raters_can_be_chosen_too(
    screen: Screen, house: House, later: CodingScheme
) -> None:
    submitted(house, "carla", later)
    at = screen("carla", "agreement")
    assert chosen_raters(at) == ["Ada", "Carla"] and "read in terms of" not in " ".join(c.value for c in at.caption)
    box(at).check().run()  # type: ignore[attr-defined]
    assert not at.exception and chosen_raters(at) == ["Ada", "Ben", "Carla"]
    (raters,) = [m for m in at.multiselect if m.label == "Raters"]
    raters.set_value(raters.value[:2]).run()
    assert "Ada and Ben agree on 3 of 4." in said(at)
