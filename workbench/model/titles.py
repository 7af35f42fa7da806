"""What is versioned, by its title and version, as sentences and lists name it."""

from __future__ import annotations

import unicodedata
from typing import Protocol

_FROM_THE_RIGHT = {"R", "AL"}  # bidirectional classes of Hebrew, Arabic and their like


class Versioned(Protocol):
    """A coding scheme or an instrument."""

    @property
    def title(self) -> str: ...

    @property
    def version(self) -> str: ...


def with_version(of: Versioned) -> str:
    """Title and version; the number stays behind the title."""
    return f"{apart(of.title)} {of.version}"


def apart(words: str) -> str:
    """Words that keep their own direction within an English sentence (FIRST STRONG ISOLATE … POP).

    >>> apart("Trust 1.0"), apart("אמון") == "\\u2068אמון\\u2069"
    ('Trust 1.0', True)
    """
    turns = any(unicodedata.bidirectional(letter) in _FROM_THE_RIGHT for letter in words)
    return f"\u2068{words}\u2069" if turns else words
