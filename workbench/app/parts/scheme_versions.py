"""The versions of a scheme, folded: since when each is in use, who made it, what changed, and who codes on it."""

from __future__ import annotations

from html import escape

import streamlit as st

from workbench.app.parts import times
from workbench.app.parts.scheme_words import use
from workbench.app.parts.texts import count, plain
from workbench.model.people import Person
from workbench.workflows import see_schemes
from workbench.workflows.see_schemes import SchemeSeen, VersionSeen

_AT_A_TIME = 10
_MOST_CHANGES = 4  # of one version that are written out


def since(version: VersionSeen) -> str:
    """Since when a version is in use, and who took it in use where that is known."""
    if version.kept_at is None:
        return ""
    by = f", kept by {version.by}" if version.by else ""
    return f"in use since {times.day(version.kept_at)}{by}"


def version_button(hash: str, label: str) -> None:
    """Leads to another version of the scheme or questionnaire that is open."""
    st.button(plain(label), type="tertiary", key=f"read-version-{hash[:12]}-{label}", on_click=_open, args=(hash,))


def _open(hash: str) -> None:
    st.query_params["scheme"] = hash  # a link to the page that is open would keep its address


def scheme_versions(person: Person, seen: SchemeSeen, opened: VersionSeen) -> None:
    """All versions, the newest first. What changed is worked out once they are unfolded."""
    folded = st.expander(
        f"{len(seen.versions)} versions, and what changed", key=f"versions-{seen.name}", on_change="rerun"
    )
    if not folded.open:
        return
    more = f"versions-shown-{seen.name}"
    shown = seen.versions[: st.session_state.get(more, _AT_A_TIME)]
    with folded:
        for version in shown:
            _version(person, seen, version, opened)
        if len(seen.versions) > len(shown) and st.button("Show more", key=f"more-versions-{seen.name}"):
            st.session_state[more] = len(shown) + _AT_A_TIME
            st.rerun()


def _version(person: Person, seen: SchemeSeen, version: VersionSeen, opened: VersionSeen) -> None:
    scheme = version.scheme
    used = use(version.to_do, version.assigned, person) if version.in_use else "comes with the program, not in use here"
    small = " · ".join(part for part in (since(version), used) if part)
    with st.container(key=f"version-{scheme.hash[:12]}", gap=None):
        if version == opened:
            st.markdown(f"**Version {plain(scheme.version)}**, shown here")
        else:
            version_button(scheme.hash, f"Version {scheme.version}")
        st.html(f'<div class="wb-version"><small>{escape(small)}</small>{_changed(seen, version)}</div>')


def _changed(seen: SchemeSeen, version: VersionSeen) -> str:
    found = see_schemes.what_changed(seen, version)
    if found is None:
        return "<p>The first version here.</p>"
    base, changes = found
    if not changes:
        return f"<p>Nothing but the number differs from {escape(base.version)}.</p>"
    items = "".join(f'<li dir="auto">{escape(c.sentence)}</li>' for c in changes[:_MOST_CHANGES])
    rest = len(changes) - _MOST_CHANGES
    if rest > 0:
        items += f"<li>… and {count(rest, 'other difference')}</li>"
    return f"<p>Since {escape(base.version)}:</p><ul>{items}</ul>"
