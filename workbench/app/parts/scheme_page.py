"""One scheme opened: which version it is, what can be done with it, its other versions, and what it asks."""

from __future__ import annotations

import streamlit as st

from workbench.app import current
from workbench.app.parts import pages
from workbench.app.parts.assign_form import SCHEME_TO_ASSIGN
from workbench.app.parts.make_scheme import drafts_of, edit_button, own_drafts, start_button, yaml_button
from workbench.app.parts.says import done, said
from workbench.app.parts.scheme_files import codebook_button, other_programs_button
from workbench.app.parts.scheme_read import scheme_read
from workbench.app.parts.scheme_versions import scheme_versions, since, version_button
from workbench.app.parts.scheme_words import use
from workbench.app.parts.texts import plain
from workbench.model.access import Action, authorize
from workbench.model.people import Person
from workbench.model.scheme import CodingScheme
from workbench.model.titles import with_version
from workbench.workflows import edit_scheme, keep_definition
from workbench.workflows.see_schemes import Origin, SchemeSeen, VersionSeen


def scheme_page(person: Person, seen: SchemeSeen, version: VersionSeen) -> None:
    """A version of a scheme."""
    scheme = version.scheme
    with st.container(key="scheme-title"):
        st.title(plain(scheme.title), anchor=False)
    st.caption(plain(_standing(person, seen, version)))
    _other_version(seen, version)
    if mine := drafts_of(person, seen):
        own_drafts(mine)
    _acts(person, seen, version)
    if len(seen.versions) > 1:
        scheme_versions(person, seen, version)
    scheme_read(scheme, person, in_use=version.in_use)


def _standing(person: Person, seen: SchemeSeen, version: VersionSeen) -> str:
    origin = seen.origin.value if version == seen.front else ""
    used = use(version.to_do, version.assigned, person) if version.in_use else "not in use here"
    parts = [f"Version {version.scheme.version}", origin, since(version), used]
    return " · ".join(part for part in parts if part)


def _other_version(seen: SchemeSeen, version: VersionSeen) -> None:
    """Where to go for the version that is used now, or for one that came with the program since."""
    if version.in_use and version != seen.front:
        newest = seen.front.scheme
        with st.container(horizontal=True, vertical_alignment="center", key="newer-version"):
            st.caption("An earlier version. Codings on it keep it.", width="content")
            version_button(newest.hash, f"Look at {newest.version}, the newest in use")
    elif version == seen.front and seen.offered:
        offered = seen.offered.scheme
        with st.container(horizontal=True, vertical_alignment="center", key="newer-version"):
            st.caption("The program has a newer version, which is not in use here.", width="content")
            version_button(offered.hash, f"Look at {offered.version}")


def _acts(person: Person, seen: SchemeSeen, version: VersionSeen) -> None:
    scheme = version.scheme
    with st.container(horizontal=True, key="scheme-buttons"):
        if not version.in_use:
            _take_in_use(person, scheme)
        elif authorize(person, Action.ASSIGN) and st.button(
            "Assign", key=f"assign-with-{scheme.hash[:12]}", help="Choose a session; it stands ready there."
        ):
            st.session_state[SCHEME_TO_ASSIGN] = scheme.hash
            pages.go("sessions")
        if edit_scheme.may_make(person):
            if version.in_use:
                edit_button(person, scheme)
            if seen.origin is not Origin.MADE_HERE:
                start_button(person, scheme)
        codebook_button(person, scheme, in_use=version.in_use)
        other_programs_button(scheme)
        yaml_button(scheme)


def _take_in_use(person: Person, scheme: CodingScheme) -> None:
    if st.button("Use it as it is", key=f"use-{scheme.hash[:12]}", type="primary"):
        with said():
            keep_definition.keep_scheme(current.workspace(), person, scheme)
            done(f"{with_version(scheme)} is in use and can be assigned now.")
