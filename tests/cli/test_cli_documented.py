"""Every command and every option is on the page docs/commands.md, and nothing else is."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from workbench.cli import app

PAGE = (Path(__file__).parents[2] / "docs" / "commands.md").read_text(encoding="utf-8")
ROOT: Any = get_command(app)
EVERYWHERE = {"--workspace", "--debug", "--version", "--help", "-h"}


def _commands(group: Any = ROOT, path: str = "") -> Iterator[tuple[str, Any]]:
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from _commands(command, f"{path}{name} ")
        else:
            yield path + name, command


COMMANDS = dict(_commands())


def _sections() -> dict[str, str]:
    parts = re.split(r"^#{2,3} (.+)$", PAGE, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def _options(command: Any) -> set[str]:
    return {o for p in command.params if p.param_type_name == "option" for o in (*p.opts, *p.secondary_opts)}


def test_the_page_has_a_section_for_each_command_and_no_other() -> None:
    groups = {path.split()[0] for path in COMMANDS if " " in path}
    assert set(_sections()) == set(COMMANDS) | groups


@pytest.mark.parametrize("path", COMMANDS)
def test_the_section_names_each_option_and_no_other(path: str) -> None:
    rows = re.findall(r"^\| `(-[^`]*)` \|", _sections()[path], flags=re.MULTILINE)
    assert {o for row in rows for o in re.findall(r"--?[a-z][a-z-]*", row)} == _options(COMMANDS[path]) - EVERYWHERE


@pytest.mark.parametrize("path", COMMANDS)
def test_the_section_says_what_the_option_means_in_the_words_of_the_help(path: str) -> None:
    section = _sections()[path]
    missing = [p.help for p in COMMANDS[path].params if p.help and "--help" not in p.opts and p.help not in section]
    assert missing == []


@pytest.mark.parametrize("path", COMMANDS)
def test_each_command_can_answer_in_json_and_shows_an_example_of_itself(path: str) -> None:
    command = COMMANDS[path]
    assert "--json" in _options(command)
    assert "Example:" in command.help and "Writes:" in command.help
    assert f"$ workbench {path}" in _sections()[path]


def test_every_example_on_the_page_uses_commands_and_options_that_exist() -> None:
    examples = re.findall(r"^\$ workbench (.+)$", PAGE, flags=re.MULTILINE)
    assert len(examples) > 30
    for example in examples:
        words = shlex.split(example.split(" < ")[0])
        path = next(p for p in (" ".join(words[:2]), words[0]) if p in COMMANDS)
        used = {w.split("=")[0] for w in words if w.startswith("-")}
        assert used <= _options(COMMANDS[path]) | EVERYWHERE, example


def test_the_options_of_every_command_are_on_the_page() -> None:
    head = PAGE.split("\n## ")[0]
    assert all(f"`{option}" in head for option in _options(ROOT) | {"--help"})
