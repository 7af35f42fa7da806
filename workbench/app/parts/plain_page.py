"""Pages without Streamlit and without script: signing in, and the forms. Small, fast, and plain HTML.

Text that comes from people or files goes through `text` and never into the page as markup.
"""

from __future__ import annotations

from html import escape
from urllib.parse import parse_qs

from starlette.responses import HTMLResponse

from workbench.app.gate import PLAIN_PAGE_POLICY
from workbench.schemes.languages import from_the_right

_SCRIPT_POLICY = "script-src 'self'; connect-src 'self'"
_MEDIA_POLICY = "media-src 'self'"
_FONTS = "/app/static/inter-latin-wght-normal.woff2"
LOGO = """<svg class="mark" viewBox="0 0 32 32" aria-hidden="true"><rect width="32" height="32" rx="8" class="tile"/>
<circle class="left" cx="12" cy="16" r="7.5"/><circle class="right" cx="20" cy="16" r="7.5"/>
<path class="tile" d="M16 9.66A7.5 7.5 0 0 1 16 22.34A7.5 7.5 0 0 1 16 9.66z"/></svg>"""


def text(value: object) -> str:
    """`value` as text of a page."""
    return escape(str(value), quote=True)


def plain_page(
    title: str,
    body: str,
    *,
    status: int = 200,
    language: str = "en",
    narrow: bool = False,
    leaves_no_trace: bool = False,
    with_script: bool = False,
    with_media: bool = False,
) -> HTMLResponse:
    """A whole page. `body` is markup whose texts went through `text`.

    `leaves_no_trace`: its address is a secret and is told to nobody. `with_script`: it may run scripts that come
    with the program. `with_media`: it may play recordings from our own routes.
    """
    direction = "rtl" if from_the_right(language) else "ltr"
    html = f"""<!doctype html>
<html lang="{text(language)}" dir="{direction}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>{text(title)}</title>
<link rel="icon" href="/favicon.png" type="image/png">
<link rel="preload" href="{_FONTS}" as="font" type="font/woff2" crossorigin>
<link rel="stylesheet" href="/app/static/pages.css">
</head>
<body class="{"narrow" if narrow else "wide"}">
<main>
{body}
</main>
</body>
</html>
"""
    allowed = [PLAIN_PAGE_POLICY, *([_SCRIPT_POLICY] if with_script else []), *([_MEDIA_POLICY] if with_media else [])]
    headers = {
        "cache-control": "no-store",
        "content-security-policy": "; ".join(allowed),
        "referrer-policy": "no-referrer" if leaves_no_trace else "same-origin",
    }
    return HTMLResponse(html, status, headers=headers)


def fields_of(body: bytes) -> dict[str, str]:
    """What a plain form sent: the last value of each field."""
    sent = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=1000)
    return {name: values[-1] for name, values in sent.items()}
