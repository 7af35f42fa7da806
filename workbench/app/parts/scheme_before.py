"""The scheme editor's version before: for what is not here any more by its name in tables, what it became."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

import streamlit as st

from workbench.app import current
from workbench.app.parts.scheme_editing import Editing
from workbench.app.parts.scheme_fields import choice, not_there, one_of, rest, sentences, wrong
from workbench.app.parts.texts import empty, plain, section
from workbench.model.scheme import CodingScheme
from workbench.schemes.carried_over import NO_EQUAL, Gone, gone, lines_alone
from workbench.schemes.scheme_draft import Path, value_at, with_value, without_part
from workbench.schemes.scheme_earlier import EARLIER
from workbench.schemes.yaml_text import NOTHING
from workbench.workflows import carry_over
from workbench.workflows.refusal import Refused

_OPEN = "Not decided yet"
_NONE = "Nothing: it has no equal here"


def version_before(e: Editing) -> None:
    """Which version it is; what became of what; and what raters are told."""
    made = e.read.scheme
    if made is None:
        st.caption("The text cannot be read as a scheme now.")
        return
    versions = carry_over.versions_before(current.workspace(), made)
    if not e.value("from_version"):
        sentences(e.read.inside("from_version"))
        _beginning(e, versions)
        return
    earlier = carry_over.version_before(current.workspace(), e.draft, made)
    called = e.words("from_version", "version") or str(e.value("from_version", "version"))
    section(
        f"From version {called}" if called else "From the version before",
        "Codes, ratings, modifiers and answers that kept their name in tables go on by themselves, however they are "
        "worded now. Say here what became of the others, or that they have no equal. Several can have become one.",
    )
    if len(versions) > 1 or (versions and called not in versions):
        choice(e, ("from_version", "version"), "Version before", {v: v for v in versions})
    else:
        wrong(e, "from_version", "version")
    wrong(e, "from_version")
    _lines(e, made, earlier, called)
    rest(e, ("from_version",), EARLIER)
    if earlier is not None:
        _told(e, earlier, made)


def _beginning(e: Editing, versions: list[str]) -> None:
    if not versions:
        empty(
            "No version before",
            "This is a scheme of its own. Its next versions say here what became of its codes and ratings.",
        )
        return
    st.caption(f"The draft does not say which version of this scheme it follows. There is: {', '.join(versions)}.")
    latest = versions[0]

    def follow() -> None:
        e.edit("the version before", lambda tree: with_value(tree, ("from_version", "version"), latest))

    st.button(plain(f"It follows version {latest}"), key=e.key("from_version", "add"), on_click=follow)


def _lines(e: Editing, made: CodingScheme, earlier: CodingScheme | None, called: str) -> None:
    said = e.value("from_version")
    if earlier is None:
        st.caption(f"Version {called} is not kept here, so that its codes cannot be named. What is said of them stays.")
        found = lines_alone(made, said)
    else:
        found = gone(earlier, made, said)
        if not found:
            empty("Nothing to say", f"Every code, rating and answer of version {called} is here by its name in tables.")
    _still_open(found)
    for each in found:
        _line(e, each)
    shown = {each.path[:2] for each in found}
    parts = [p for p in ("codes", "ratings", "modifiers") if e.read.inside("from_version", p)]
    for part in parts:  # what is wrong with lines that have no field
        if not any(path[0] == part for path in shown):
            wrong(e, "from_version", part, inside=True)


def _still_open(found: list[Gone]) -> None:
    """How many lines are not decided yet, and what that means for readers."""
    if not found:
        return
    if n := sum(not each.now for each in found):
        are = "is" if n == 1 else "are"
        st.caption(f"{n} of {len(found)} {are} not decided yet. The version can be saved so; readers are told of it.")
    else:
        st.caption("All of them are decided.")


def _line(e: Editing, each: Gone) -> None:
    path: Path = ("from_version", *each.path)
    options = {"": _OPEN, NO_EQUAL: _NONE, **each.options}
    shown = options if each.now in options else {**options, each.now: not_there(each.now)}
    label = f"{each.what} became"

    def take(_: Path, later: str | None) -> None:
        e.edit(label, lambda tree: _with_line(tree, path, later or ""))

    what, became = st.columns([1, 1.4], vertical_alignment="center")
    with what:  # beside the field, whose own label is read as it stands, not as Markdown
        st.html(f'<div class="wb-became{"" if each.now else " wb-open"}">{escape(label)}</div>')
    with became:
        # what is said of a code's answers goes with what the code became: with another one it is another field
        of_code = e.words("from_version", "codes", path[2]) if path[1] == "modifiers" else ""
        one_of(e, (*path, of_code), label, shown, each.now, take, named=False)
    wrong(e, *path, inside=True)
    if each.path[0] == "modifiers":
        sentences(e.read.of(*path[:-1]))


def _with_line(tree: dict[str, Any], path: Path, later: str) -> dict[str, Any]:
    """The tree with another line, or without it. What was said of the answers to a code goes with what it became."""
    kept = (
        without_part(tree, ("from_version", "modifiers", path[2])) if path[1] == "codes" and _of(tree, path) else tree
    )
    if later:
        return with_value(kept, path, NOTHING if later == NO_EQUAL else later)
    made = without_part(kept, path)
    version = value_at(tree, ("from_version", "version"))
    return with_value(made, ("from_version", "version"), version) if version else made


def _of(tree: Mapping[str, Any], path: Path) -> bool:
    lines = value_at(tree, ("from_version", "modifiers"), {})
    return isinstance(lines, dict) and path[2] in lines


def _told(e: Editing, earlier: CodingScheme, made: CodingScheme) -> None:
    section("What raters and readers are told")
    if e.read.inside("from_version"):
        st.caption("It stands here once nothing above is to mend.")
        return
    person = current.actor()
    if person is None:
        return
    try:
        said = carry_over.told(current.workspace(), person, earlier, made)
    except Refused as refused:
        st.caption(plain(str(refused)))
        return
    rows = "".join(f"<li>{escape(sentence)}</li>" for sentence in said)
    st.html(f'<ul class="wb-read">{rows}</ul>')
