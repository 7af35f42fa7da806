"""The coding room: one browser component with recording, waveform, transcript, codes and ratings; and, of the same
making, the player that lays a live coding on its recording.

The component gets little: where to fetch recording, peaks and transcript, and where to send
operations. What the rater does travels over the app's own routes and never through Streamlit, which
would lose presses that come fast. The source is in `src/`, the built files in `assets/`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.components.v2.get_bidi_component_manager import get_bidi_component_manager
from streamlit.components.v2.manifest_scanner import ComponentConfig, ComponentManifest
from streamlit.components.v2.types import ComponentRenderer

__all__ = ["align_player", "coding_room"]

_HERE = Path(__file__).resolve().parent


def coding_room(payload: Mapping[str, Any], key: str) -> None:
    """Show the coding room for one coding, or a comparison of codings to review.

    `payload` is JSON: mode ("code" or "review"), coding, session_title, rater, csrf, state, urls,
    media, start_ms, windows, scheme, speakers, people, preferences, lanes, teach, walk, heard, rulings. Keep it small:
    it is compared at each run, and a change of anything but csrf, state, start_ms, teach, preferences, walk, heard and
    rulings builds the room anew.
    When the rater has submitted, the screen runs again and finds the new state in the database.
    """
    _declare()
    _renderer()(key=key, data=dict(payload))


def align_player(payload: Mapping[str, Any], key: str) -> int | None:
    """Play a recording with the moments of a live coding on it. `payload`: see `app.parts.align_payload`.

    The shift in ms that its reader gave just now, by saying that a moment happens where the recording is; else None.
    """
    _declare()
    result = _renderer()(key=key, data=dict(payload), on_here_change=_nothing)
    found = result.get("here")
    return None if found is None else int(found)


def _nothing() -> None:
    """What a player says is taken from its result."""


def _declare() -> None:
    """Make the manifest known to the component manager of the running app.

    Streamlit finds a manifest by the distribution's files. In an editable install these do not
    include the package, whose name differs from the distribution's, so we hand it over ourselves.
    """
    manager = get_bidi_component_manager()
    manifest = _manifest()
    if manager.get_component_asset_root(_name(manifest)) is None:
        manager.register_from_manifest(manifest, _HERE)


@cache
def _renderer() -> ComponentRenderer:
    """The mounting function; it registers the component again wherever a runtime is new."""
    return st.components.v2.component(
        _name(_manifest()), js="coding_room-*.js", css="coding_room-style-*.css", html="<div data-room></div>"
    )


@cache
def _manifest() -> ComponentManifest:
    table = tomllib.loads((_HERE / "pyproject.toml").read_text(encoding="utf-8"))
    component = table["tool"]["streamlit"]["component"]["components"][0]
    return ComponentManifest(
        name=table["project"]["name"],
        version=table["project"]["version"],
        components=[ComponentConfig(name=component["name"], asset_dir=component["asset_dir"])],
    )


def _name(manifest: ComponentManifest) -> str:
    return f"{manifest.name}.{manifest.components[0].name}"
