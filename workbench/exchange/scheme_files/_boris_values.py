"""Values of a BORIS project, which anybody can have written by hand."""

from __future__ import annotations

import re
from typing import Any

from workbench.exchange.document.drawing import printable


def word(value: Any) -> str:
    """The text that stands at a place for text; numbers are taken as they are written, anything else is none."""
    is_text = isinstance(value, str | int | float) and not isinstance(value, bool)
    return printable(str(value)).strip() if is_text else ""


def in_order(numbered: dict[str, Any]) -> list[tuple[str, Any]]:
    """What BORIS holds by number ("0", "1", "10"), in that order."""
    return sorted(numbered.items(), key=lambda e: (int(e[0]) if re.fullmatch("[0-9]{1,9}", e[0]) else 10**9, e[0]))
