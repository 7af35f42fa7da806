"""`column IN (a long list)` as one bound value: SQLite takes at most 32,766 values in a statement."""

from __future__ import annotations

import json
from collections.abc import Iterable

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.sql.elements import KeyedColumnElement


def among(column: KeyedColumnElement[str], values: Iterable[str]) -> ColumnElement[bool]:
    """Whether the column holds one of these texts, however many they are."""
    listed = func.json_each(json.dumps(sorted(set(values)))).table_valued("value")
    return column.in_(select(listed.c.value))
