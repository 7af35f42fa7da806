"""What a screen says and shows, and how to go through it."""

from __future__ import annotations

import json
from typing import Any

from streamlit.testing.v1 import AppTest


def said(at: AppTest) -> str:
    """Everything that a screen says, its tables included."""
    assert not at.exception, at.exception
    parts: list[str] = []
    for kind in ("title", "header", "subheader", "markdown", "caption", "error", "html", "code", "expander"):
        for element in at.get(kind):
            parts.append(str(getattr(element, "label", "") or getattr(element, "value", "") or ""))
            parts.append(str(getattr(getattr(element, "proto", None), "body", "")))
    return "\n".join(parts).replace("\\", "")


def charts(at: AppTest) -> list[dict[str, Any]]:
    """The plots of a screen, as Vega-Lite with their data."""
    found = []
    for element in at.get("vega_lite_chart") + at.get("arrow_vega_lite_chart"):
        found.append(json.loads(element.proto.spec))
    return found


def view(at: AppTest, name: str) -> AppTest:
    """Go to one of the views of the agreement screen."""
    return at.segmented_control(key="agreement-view").set_value(name).run()
