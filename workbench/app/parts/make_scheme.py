"""Making a coding scheme: from nothing, from one that is there, from a file; and the drafts that are not saved yet."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from workbench import schemes
from workbench.app import current
from workbench.app.parts import pages, times
from workbench.app.parts.says import done, said
from workbench.app.parts.scheme_files import import_from_another_program
from workbench.app.parts.texts import count, plain, section
from workbench.model.people import Person
from workbench.model.scheme import CodingScheme
from workbench.model.titles import apart, with_version
from workbench.schemes.scheme_draft import read_draft, value_at
from workbench.workflows import edit_scheme, keep_definition
from workbench.workflows.keep_draft import Draft
from workbench.workflows.see_schemes import SchemeSeen

_EMPTY, _OWN, _NEXT, _AS_IT_IS = "", "own", "next", "as it is"
_ON_TOP = 5  # drafts; the older ones are folded
_MOST_BYTES = 1  # MB that the browser sends; what a scheme may have is said by the workflow


def make_scheme(person: Person) -> None:
    """The button that begins a scheme, and the person's drafts."""
    with st.popover("Make a scheme", key="make-scheme", type="primary"):
        _begin(person)
    if found := edit_scheme.drafts(current.workspace(), person):
        section("Your drafts", "Nobody else sees them. They are kept as you write.")
        own_drafts(found[:_ON_TOP])
        if more := found[_ON_TOP:]:
            with st.expander(f"{count(len(more), 'older draft')}", key="older-drafts"):
                own_drafts(more)


def own_drafts(found: Sequence[Draft]) -> None:
    """Drafts to go on with, the last one that was changed first."""
    of = {s.hash: s for s in edit_scheme.beginnings(current.workspace())}
    for each in found:
        base = of.get(each.base)
        how = "" if base is None else f" · {'made after' if each.own else 'begun from'} {with_version(base)}"
        with st.container(horizontal=True, vertical_alignment="center", key=f"draft-{each.id}"):
            pages.link("edit_scheme", plain(f"Go on with {_title(each)}"), draft=each.id)
            st.caption(plain(f"Draft, kept {times.moment(each.changed_at)}{how}"))


def drafts_of(person: Person, seen: SchemeSeen) -> list[Draft]:
    """The person's drafts of a next version of this scheme."""
    versions = {v.scheme.hash for v in seen.versions}
    return [d for d in edit_scheme.drafts(current.workspace(), person) if d.base in versions and not d.own]


def edit_button(person: Person, scheme: CodingScheme) -> None:
    """Begins the next version of a scheme."""
    if st.button("Edit as a new version", key=f"edit-{scheme.hash[:12]}"):
        with said():
            _open(edit_scheme.begin(current.workspace(), person, scheme, own=False))


def start_button(person: Person, scheme: CodingScheme) -> None:
    """Begins a scheme of one's own, made after this one."""
    if st.button("Start from it", key=f"start-{scheme.hash[:12]}", help="A scheme of your own, made after this one."):
        with said():
            _open(edit_scheme.begin(current.workspace(), person, scheme))


def yaml_button(scheme: CodingScheme) -> None:
    """Offers the version as a file."""
    st.download_button(
        "Download as YAML",
        lambda: schemes.write_scheme(scheme),
        f"{scheme.name}_{scheme.version}.yaml".replace("/", "-"),
        "application/yaml",
        on_click="ignore",
        key=f"yaml-{scheme.hash[:12]}",
    )


def _begin(person: Person) -> None:
    workspace = current.workspace()
    found = {s.hash: s for s in edit_scheme.beginnings(workspace)}
    start = st.selectbox(
        "Begin with",
        [_EMPTY, *found],
        format_func=lambda h: with_version(found[h]) if h else "An empty scheme",
        key="make-scheme-from",
    )
    how = _OWN
    start = start if start in found else _EMPTY
    if start:
        kept = {s.hash for s in keep_definition.kept_schemes(workspace)}
        ways = {_OWN: "A scheme of our own, made after it", _NEXT: "A new version of it"}
        ways |= {} if start in kept else {_AS_IT_IS: "The scheme as it is, to code with"}
        how = st.radio("Make", list(ways), format_func=lambda w: ways[w], key="make-scheme-how") or _OWN
    if st.button("Begin", key="make-scheme-begin", type="primary"):
        with said():
            if start and how == _AS_IT_IS:
                keep_definition.keep_scheme(workspace, person, found[start])
                done(f"{found[start].title} can be assigned now.")
            _open(edit_scheme.begin(workspace, person, found.get(start), own=how == _OWN))
    file = st.file_uploader("Or edit a YAML file", ["yaml", "yml"], key="make-scheme-file", max_upload_size=_MOST_BYTES)
    if file and st.button("Edit this file", key="make-scheme-open"):
        with said():
            _open(edit_scheme.begin_from_file(workspace, person, file.getvalue(), file.name))
    import_from_another_program(person)


def _open(made: Draft) -> None:
    pages.go("edit_scheme", draft=made.id)


def _title(draft: Draft) -> str:
    tree = read_draft(draft.text).tree or {}
    title, version = value_at(tree, ("title",)), value_at(tree, ("version",))
    named = apart(title) if isinstance(title, str) and title else "A scheme without a title"
    return f"{named} {version}" if isinstance(version, str) else named
