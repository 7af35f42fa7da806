"""What readers see of a text: characters that show nothing, and those that turn what stands after them.

Marks of direction (U+200E, U+200F) and joiners (U+200C, U+200D) belong into Arabic, Hebrew and Persian words; alone
they are no word.
"""

from __future__ import annotations

import unicodedata

# letters and marks that show nothing, beside what Unicode calls format characters and separators
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
_UNSEEN = frozenset({"Cf", "Cc", "Zs", "Zl", "Zp"})
_OPENS = {"\u202a": "\u202c", "\u202b": "\u202c", "\u2066": "\u2069", "\u2067": "\u2069", "\u2068": "\u2069"}
_OVERRIDES = frozenset("\u202d\u202e")
_TURNS = frozenset(_OPENS) | frozenset(_OPENS.values()) | _OVERRIDES


def is_seen(text: str) -> bool:
    """Whether a reader sees anything of it.

    >>> [is_seen(text) for text in ("a", "\\u200f", "\\u3164 \\u200b", "می\\u200cخواهد")]
    [True, False, False, True]
    """
    return any(char not in _BLANK and unicodedata.category(char) not in _UNSEEN for char in text)


def as_seen(text: str) -> str:
    """The same for all texts that look alike, but for letter case."""
    shown = (char for char in text if char not in _BLANK and unicodedata.category(char) != "Cf")
    return "".join(shown).strip().casefold()


def turned(text: str) -> str:
    """The first character that turns the direction of what stands after the text, empty where none does.

    An embedding or isolate that ends again within its line stays within it; an override shows letters in another
    order than they are read in.

    >>> ascii(turned("a \\u2067b\\u2069 c")), ascii(turned("a \\u2067b")), ascii(turned("a\\u202eb"))
    ("''", "'\\\\u2067'", "'\\\\u202e'")
    """
    for line in text.splitlines():
        open_: list[str] = []
        for char in line:
            if char in _OVERRIDES:
                return char
            if char in _OPENS:
                open_.append(char)
            elif char in _TURNS and not (open_ and _OPENS[open_.pop()] == char):
                return char
        if open_:
            return open_[0]
    return ""


def unturned(text: str) -> str:
    """The text without what turns its direction."""
    return "".join(char for char in text if char not in _TURNS) if turned(text) else text
