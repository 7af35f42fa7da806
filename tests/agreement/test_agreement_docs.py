"""What the page and the docstrings show is what happens."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
from pathlib import Path

import pytest

import workbench.agreement as agreement

PAGE = Path(__file__).parents[2] / "docs" / "agreement.md"
MODULES = sorted(m.name for m in pkgutil.walk_packages(agreement.__path__, "workbench.agreement."))


def test_the_examples_of_the_page_run() -> None:
    failed, tried = doctest.testfile(str(PAGE), module_relative=False, optionflags=doctest.REPORT_NDIFF)
    assert tried >= 10
    assert failed == 0


@pytest.mark.parametrize("module", ["workbench.agreement", *MODULES])
def test_the_examples_in_the_docstrings_run(module: str) -> None:
    assert doctest.testmod(importlib.import_module(module)).failed == 0


def test_the_page_names_every_coefficient_and_every_way() -> None:
    from workbench.agreement.units import found as ways

    text = PAGE.read_text(encoding="utf-8")
    assert [id for id in [*agreement.coefficients_found(), *ways()] if f"`{id}`" not in text] == []
