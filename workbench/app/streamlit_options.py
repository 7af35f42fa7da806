"""Every option of Streamlit that we set, hidden ones included, and the look of the whole program.

They are given as flags would be, so that they win over any `config.toml` in the folder where the
program happens to be started, in the home folder, and over the environment.
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
from pathlib import Path
from typing import Any

import streamlit
from streamlit import config

from workbench.app.current import LOGIN

IDENTITY_HEADER = "x-workbench-login"
_STATIC = "app/static"

LIGHT = {
    "primaryColor": "#1d5c8f",
    "backgroundColor": "#fbfcfd",
    "secondaryBackgroundColor": "#eff3f6",
    "textColor": "#1b2733",
    "linkColor": "#1d5c8f",
    "borderColor": "#d5dde4",
    "dataframeBorderColor": "#dde4ea",
    "dataframeHeaderBackgroundColor": "#f1f4f7",
}
DARK = {
    "primaryColor": "#7db4e0",
    "backgroundColor": "#12181f",
    "secondaryBackgroundColor": "#1b232c",
    "textColor": "#e3e9ef",
    "linkColor": "#8fc0e8",
    "borderColor": "#303c48",
    "dataframeBorderColor": "#2a3540",
    "dataframeHeaderBackgroundColor": "#1b232c",
}
# Blue, orange, green, purple, rose, olive: told apart by readers with any colour vision (Okabe & Ito order).
CHART_COLOURS = ["#2f79b5", "#c77700", "#1c8a6a", "#8a63b8", "#c2557b", "#7d8a1e"]

OPTIONS: dict[str, Any] = {
    # nothing leaves this computer: no statistics, and no question to a host that tells our address
    "browser.gatherUsageStats": False,
    "browser.serverAddress": "127.0.0.1",
    "server.address": "127.0.0.1",
    "server.enableAgentApi": False,
    "server.headless": True,
    "server.showEmailPrompt": False,
    "server.fileWatcherType": "none",
    "server.runOnSave": False,
    "server.enableStaticServing": True,
    "server.enableXsrfProtection": True,
    "server.maxUploadSize": 5,
    "server.trustedUserHeaders": {IDENTITY_HEADER: LOGIN},
    # a full collection after each run costs 100 ms and more; `gc.freeze` at the start does its work
    "runner.postScriptGC": False,
    "runner.magicEnabled": False,
    "client.toolbarMode": "minimal",
    "client.showErrorDetails": "none",
    "client.showErrorLinks": False,
    "global.developmentMode": False,
    "theme.font": "Inter",
    "theme.headingFont": "Inter",
    "theme.fontFaces": [
        {
            "family": "Inter",
            "url": f"{_STATIC}/inter-latin-wght-normal.woff2",
            "weight": "100 900",
            "unicodeRange": "U+0000-00FF,U+0131,U+0152-0153,U+02BB-02BC,U+02C6,U+02DA,U+02DC,U+2000-206F,U+20AC,"
            "U+2122,U+2190-2199,U+2212,U+2215,U+FEFF,U+FFFD",
        },
        {
            "family": "Inter",
            "url": f"{_STATIC}/inter-latin-ext-wght-normal.woff2",
            "weight": "100 900",
            "unicodeRange": "U+0100-02BA,U+1E00-1E9F,U+1EF2-1EFF,U+20A0-20C0",
        },
        {
            "family": "Inter",
            "url": f"{_STATIC}/inter-greek-wght-normal.woff2",
            "weight": "100 900",
            "unicodeRange": "U+0370-0377,U+037A-037F,U+0384-038A,U+038C,U+038E-03A1,U+03A3-03FF",
        },
    ],
    "theme.baseFontSize": 15,
    "theme.headingFontSizes": ["1.65rem", "1.25rem", "1.05rem"],
    "theme.headingFontWeights": [650, 600, 600],
    "theme.baseRadius": "6px",
    "theme.buttonRadius": "6px",
    "theme.showWidgetBorder": True,
    "theme.chartCategoricalColors": CHART_COLOURS,
    **{f"theme.light.{name}": value for name, value in LIGHT.items()},
    **{f"theme.dark.{name}": value for name, value in DARK.items()},
}

# What Streamlit's page asks for at its start. `blockErrorDialogs`: its "Connection error" window would cover
# the coding room, which says in its own words that the server is away and keeps everything.
HOST_CONFIG: dict[str, Any] = {
    "allowedOrigins": [],
    "useExternalAuthToken": False,
    "enableCustomParentMessages": False,
    "enforceDownloadInNewTab": False,
    "metricsUrl": "",
    "blockErrorDialogs": True,
    "resourceCrossOriginMode": None,
}


def apply() -> None:
    """Put our options in force. Raises RuntimeError when one did not take, or is not known any more."""
    for name in [n for n in os.environ if n.startswith("STREAMLIT_")]:
        del os.environ[name]
    config.get_config_options(force_reparse=True, options_from_flags=OPTIONS)
    for name, value in OPTIONS.items():
        if config.get_option(name) != value:
            raise RuntimeError(f"Streamlit {streamlit.__version__} did not take the option {name}")
    if config.get_option("server.enableAgentApi"):
        raise RuntimeError("Streamlit's agent interface is on; it would answer without a sign-in")


def content_security_policy() -> str:
    """The policy for Streamlit's page: our own origin, and the inline scripts of the installed index.html."""
    page = (Path(streamlit.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")
    inline = re.findall(r"<script(?![^>]*\bsrc=)[^>]*>(.*?)</script>", page, flags=re.DOTALL)
    hashes = " ".join(f"'sha256-{base64.b64encode(hashlib.sha256(s.encode()).digest()).decode()}'" for s in inline)
    return "; ".join(
        (
            "default-src 'self'",
            f"script-src 'self' {hashes}".rstrip(),
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "media-src 'self' blob:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "worker-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )
