"""Taking words out of a text for good: which words, why, and what stands in their place."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

MARK = "[taken out]"
SHORTEST = 2  # characters; a single letter stands everywhere


class Why(StrEnum):
    """Why words were taken out. A list to choose from, so that no reason repeats the words."""

    NAME = "name"
    RECOGNISED = "recognised"
    SAID = "said"
    CONSENT = "consent"
    ASKED = "asked"

    @property
    def words(self) -> str:
        return _WORDS[self]


_WORDS = {
    Why.NAME: "a name",
    Why.RECOGNISED: "somebody could be recognised by them",
    Why.SAID: "a patient's own words",
    Why.CONSENT: "consent was withdrawn",
    Why.ASKED: "somebody asked for it",
}


@dataclass(frozen=True, slots=True)
class Words:
    """Words to take out of texts, whatever their letter case, apostrophes and hyphens. `inside`: also where they are
    part of a longer word.

    >>> Words(("Ann",)).taken_from("Ann asked ann; Annas plan"), Words(("Ann",), inside=True).taken_from("Annas plan")
    ('[taken out] asked [taken out]; Annas plan', '[taken out]as plan')
    """

    each: Sequence[str]
    inside: bool = False

    def found_in(self, text: str) -> int:
        """How often any of them stands in a text."""
        return len(self._pattern(inside=self.inside).findall(text))

    def longer_in(self, text: str) -> tuple[str, ...]:
        """Longer words of a text that have any of them within, such as a plural; each once."""
        spelt = self._alternatives()
        within = re.compile(rf"\w*(?:(?<=\w)(?:{spelt})|(?:{spelt})(?=\w))\w*", re.IGNORECASE)
        return tuple(dict.fromkeys(within.findall(text)))

    def taken_from(self, text: str) -> str:
        """The text with `MARK` where they stood; several in a row leave one."""
        left = self._pattern(inside=self.inside).sub(MARK, text)
        return re.sub(rf"{re.escape(MARK)}(?:\s*{re.escape(MARK)})+", MARK, left)

    def _pattern(self, *, inside: bool) -> re.Pattern[str]:
        spelt = self._alternatives()
        return re.compile(spelt if inside else rf"(?<!\w)(?:{spelt})(?!\w)", re.IGNORECASE)

    def _alternatives(self) -> str:
        """Longest first, so that a whole name goes before its first part; composed and decomposed letters alike."""
        forms = {bare(unicodedata.normalize(form, words)) for words in self.each for form in ("NFC", "NFD")}
        found = sorted((forms | {bare(words) for words in self.each}) - {""}, key=len, reverse=True)
        return "|".join(map(_spaced, found)) or "(?!)"


def bare(text: str) -> str:
    """A text without what is not read in it: soft hyphens, marks of direction, vowel signs of Arabic and Hebrew."""
    return re.sub(_UNREAD, "", text)


# In a text that came out of a document any of these can stand after any letter.
_UNREAD = (
    "[\u00ad\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0640\u064b-\u065f\u0670"
    "\u200b-\u200f\u2060\u2066-\u2069\ufeff]"
)
# Signs that keyboards and word processors write for one another, and ß, which capitals write as SS.
_ALIKE = {sign: f"[{re.escape(some)}]" for some in ("'’‘ʼ´`＇", "-‐‑‒–−") for sign in some}
_SHARP = f"(?:s{_UNREAD}*s|ß)"


def _spaced(words: str) -> str:
    return rf"(?:\s{_UNREAD}*)+".join(_spelt(word) for word in words.split())


def _spelt(word: str) -> str:
    letters = re.findall("ss|.", word, re.IGNORECASE | re.DOTALL)
    return "".join(f"{_letter(each)}{_UNREAD}*" for each in letters)


def _letter(letter: str) -> str:
    return _SHARP if letter.casefold() == "ss" else _ALIKE.get(letter, re.escape(letter))
