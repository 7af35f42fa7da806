"""Schemes and files of other programs, for the tests of what goes between them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from workbench import schemes
from workbench.exchange.scheme_files import bring, scheme_formats
from workbench.model.scheme import CodingScheme

SHIPPED = schemes.shipped_schemes()
CODED = {name: scheme for name, scheme in SHIPPED.items() if scheme.codes}
ARABIC = schemes.load_scheme(Path(__file__).parents[1] / "fixtures" / "arabic_scheme.yaml")
FORMATS = scheme_formats()


def boris(*behaviours: dict[str, Any], **more: Any) -> bytes:
    rows = {
        str(n): {"type": "State event", "key": "", "description": "", "modifiers": {}, "excluded": "", **b}
        for n, b in enumerate(behaviours)
    }
    return json.dumps(
        {"project_name": "Play", "project_format_version": "7.0", "behaviors_conf": rows, **more}
    ).encode()


def brought(data: bytes, name: str) -> CodingScheme:
    return bring(data, name).scheme
