"""The pages' examples work as printed, and the page knows every key."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path

import pytest

from workbench.schemes import parse_instrument, parse_scheme
from workbench.schemes.instrument_file import TOP as INSTRUMENT_KEYS
from workbench.schemes.scheme_file import CODE, RATING, TOP

DOCS = Path(__file__).parents[2] / "docs"


def blocks(page: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", (DOCS / page).read_text(encoding="utf-8"), re.DOTALL)


def test_the_example_scheme_and_instrument_load() -> None:
    scheme, instrument = blocks("schemes.md", "yaml")
    loaded = parse_scheme(scheme.encode(), "schemes.md")
    assert [c.id for c in loaded.codes] == ["joke", "chat"]
    assert parse_instrument(instrument.encode(), "schemes.md").items[1].reversed


@pytest.mark.parametrize("key", sorted({*TOP, *CODE, *RATING, *INSTRUMENT_KEYS}))
def test_every_key_is_on_the_page(key: str) -> None:
    text = (DOCS / "schemes.md").read_text(encoding="utf-8")
    assert f"`{key}`" in text or f"{key}:" in text


def test_the_scores_example_prints_what_the_page_says() -> None:
    (code,) = blocks("scores.md", "python")
    with contextlib.redirect_stdout(out := io.StringIO()):
        exec(code, {})
    said = [line.strip() for line in out.getvalue().splitlines()]
    assert said == [comment.strip() for comment in re.findall(r"# (.*)", code)]
