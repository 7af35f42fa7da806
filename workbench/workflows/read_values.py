"""One value of an operation as a browser sent it: an id, a whole number, yes or no, text, a coding unit.

Each returns the value, checked, and raises ValueError with one sentence for the rater's screen.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from workbench.model.bounds import LATEST_MS, Bounds, is_unit
from workbench.model.ids import is_id

LONGEST_TEXT = 4000
LONGEST_ID = 99
MOST_SEGMENTS = 10_000
_LATEST_INSTANT = 2**53


def known(values: Mapping[str, Any], fields: Collection[str], what: str) -> None:
    """Nothing but these fields is there."""
    if unknown := sorted(str(k)[:LONGEST_ID] for k in values if k not in fields):
        raise ValueError(f"{what} has no {', '.join(unknown)}.")


def given_id(raw: Any, sentence: str) -> str:
    """A UUID. `sentence`: who needs it, without its full stop."""
    if not is_id(raw):
        raise ValueError(f"{sentence} (a UUID).")
    return str(raw)


def yes_or_no(value: Any, name: str) -> bool:
    """A truth value, and no number in its place."""
    if not isinstance(value, bool):
        raise ValueError(f"{name} is yes or no.")
    return value


def whole(value: Any, name: str) -> int:
    """A whole number from 0; in milliseconds (`name` ends in _ms) no longer than any recording."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError(f"{name} is a whole number from 0; found {str(value)[:LONGEST_ID]!r}.")
    if name.endswith("_ms") and value > LATEST_MS:
        raise ValueError(f"{name} is beyond any recording.")
    if value > (MOST_SEGMENTS if name == "segment" else _LATEST_INSTANT):
        raise ValueError(f"{name} is too large.")
    return value


def text(value: Any, name: str) -> str:
    """Text that a database takes, no longer than a comment may be."""
    if not is_text(value, LONGEST_TEXT):
        raise ValueError(f"{name} is text of at most {LONGEST_TEXT} characters.")
    return str(value)


def is_text(value: Any, longest: int) -> bool:
    """Whether a database takes `value` as text: half a character pair or a NUL is none."""
    if not isinstance(value, str) or len(value) > longest:
        return False
    return "\0" not in value and not any("\ud800" <= c <= "\udfff" for c in value)


def coded_unit(raw: Any, bounds: Bounds) -> str:
    """A coding unit of the transcript, where the scheme codes utterances."""
    if not bounds.codes_utterances:
        raise ValueError(f"The scheme {bounds.scheme.name} does not code utterances.")
    return unit_there(raw, bounds)


def unit_there(raw: Any, bounds: Bounds) -> str:
    """An utterance of the transcript, or a word in it, whatever the scheme codes."""
    if not is_unit(raw, bounds):
        raise ValueError(f"The transcript of this coding has no unit {str(raw)[:LONGEST_ID]!r}.")
    return str(raw)
