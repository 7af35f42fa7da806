"""How plots look: the fonts and colours of the screens, in light and in dark."""

from __future__ import annotations

from typing import Any

import altair as alt
import streamlit as st

from workbench.app.streamlit_options import CHART_COLOURS, DARK, LIGHT

_NAME = "workbench"


def is_dark() -> bool:
    """Whether the page is shown dark."""
    return st.context.theme.type == "dark"


def use_theme() -> None:
    """Plots drawn in this run fit the page. Pass `theme=None` to `st.altair_chart` to keep them so."""
    dark = is_dark()

    def workbench() -> alt.theme.ThemeConfig:
        return alt.theme.ThemeConfig(config=_config(dark))

    alt.theme.register(_NAME, enable=True)(workbench)


def _config(dark: bool) -> dict[str, Any]:
    colours = DARK if dark else LIGHT
    quiet = "#a3b1be" if dark else "#52616f"
    text = {"labelFont": "Inter", "titleFont": "Inter", "labelColor": quiet, "titleColor": quiet}
    sizes = {"labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": 500}
    return {
        "background": "transparent",
        "font": "Inter",
        "view": {"stroke": None},
        "axis": {
            **text,
            **sizes,
            "gridColor": colours["borderColor"],
            "gridOpacity": 0.6,
            "domainColor": colours["borderColor"],
            "tickColor": colours["borderColor"],
        },
        "legend": {**text, **sizes, "orient": "top"},
        "header": {**text, **sizes},
        "title": {"font": "Inter", "color": colours["textColor"], "fontSize": 14, "anchor": "start"},
        "text": {"color": colours["textColor"]},
        "range": {"category": CHART_COLOURS},
        "mark": {"color": CHART_COLOURS[0]},
    }
