"""The pages' examples work as printed, and the page knows every key."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path

import pytest

from workbench.schemes import parse_instrument, parse_scheme
from workbench.schemes.instrument_file import TOP as INSTRUMENT_KEYS
from workbench.schemes.scheme_agreement import CERTIFICATION, COEFFICIENTS, LIMIT, MEASURES, REPORTED
from workbench.schemes.scheme_codes import CODE, MODIFIER, OPTION
from workbench.schemes.scheme_earlier import EARLIER
from workbench.schemes.scheme_file import RATING, TOP
from workbench.schemes.scheme_rules import RULE
from workbench.schemes.scheme_scores import EVENTS, LEVEL, SCORE, SEQUENCE, SIDES

ASKED = {*REPORTED, *LIMIT, *CERTIFICATION, *COEFFICIENTS, *EARLIER}
NAMES = {name for some in (*COEFFICIENTS.values(), *MEASURES.values()) for name in some}
DOCS = Path(__file__).parents[2] / "docs"
SCORES = {*SCORE, *EVENTS, *SEQUENCE, *LEVEL, *(side for sides in SIDES.values() for side in sides), "per_minutes"}


def blocks(page: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", (DOCS / page).read_text(encoding="utf-8"), re.DOTALL)


def test_the_example_scheme_and_instrument_load() -> None:
    small, large, family, instrument = blocks("schemes.md", "yaml")
    assert [c.id for c in parse_scheme(small.encode(), "schemes.md").codes] == ["joke", "chat"]
    assert [c.id for c in parse_scheme(large.encode(), "schemes.md").codes] == ["question", "statement", "tension"]
    assert [r.each for r in parse_scheme(family.encode(), "schemes.md").ratings] == ["person", "family"]
    assert parse_instrument(instrument.encode(), "schemes.md").items[1].reversed


@pytest.mark.parametrize(
    "key", sorted({*TOP, *CODE, *MODIFIER, *OPTION, *RATING, *RULE, *SCORES, *ASKED, *NAMES, *INSTRUMENT_KEYS})
)
def test_every_key_is_on_the_page(key: str) -> None:
    text = (DOCS / "schemes.md").read_text(encoding="utf-8")
    assert f"`{key}`" in text or f"{key}:" in text


@pytest.mark.parametrize(
    "key", sorted({*TOP, *CODE, *MODIFIER, *OPTION, *RATING, *RULE, *SCORES, *ASKED} - {"parallel_form"})
)
def test_the_larger_example_has_every_key_of_a_scheme(key: str) -> None:
    assert re.search(rf"(?:^[ -]*|[{{,] ?){key}:", blocks("schemes.md", "yaml")[1], re.MULTILINE)


def test_the_scores_example_prints_what_the_page_says() -> None:
    (code,) = blocks("scores.md", "python")
    with contextlib.redirect_stdout(out := io.StringIO()):
        exec(code, {})
    said = [line.strip() for line in out.getvalue().splitlines()]
    assert said == [comment.strip() for comment in re.findall(r"# (.*)", code)]
