"""Makes a scheme that can be used out of what another program's file says, and notes what it had to decide."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from workbench.exchange.document.drawing import printable
from workbench.exchange.formats import FormatError
from workbench.exchange.scheme_files import NO_DEFINITION
from workbench.model.coding import NOT_OBSERVABLE
from workbench.model.scheme import Code, CodingScheme, RatingScale
from workbench.schemes.fields import LABEL, PARAGRAPH
from workbench.schemes.seen_text import as_seen, is_seen, unturned

_NEAR_HAND = "qwertasdfgzxcvbyuiophjklnm1234567890"
MOST = 500  # codes of a scheme, answers to a code
_MOST_NAMED = 12


class Making:
    """The notes of one import, in order, and the names that are taken."""

    def __init__(self) -> None:
        self.notes: list[str] = []

    def note(self, sentence: str) -> None:
        if sentence not in self.notes:
            self.notes.append(sentence)

    def scheme(
        self,
        title: str,
        description: str,
        codes: tuple[Code, ...],
        ratings: tuple[RatingScale, ...],
        *,
        language: str,
        unit: str = "event",
        units_of: tuple[str, ...] = (),
    ) -> CodingScheme:
        """The scheme of a file that names no version, authors, source or rights: the first version of it here."""
        return CodingScheme(
            name=idents([("", title)], "scheme")[0],
            title=self.label(title, set()) or "Scheme",
            version="1.0",
            description=description,
            source="",
            rights="",
            authors=(),
            codes=codes,
            ratings=ratings,
            language=language,
            unit=unit,
            units_of=units_of,
        )

    def label(self, text: str, taken: set[str]) -> str:
        """A name on one line, unlike every other in `taken` (letter case ignored)."""
        whole = " ".join(unturned(printable(text)).split())
        whole = whole if is_seen(whole) or not whole else "Unnamed"
        made = whole[:LABEL].rstrip()
        if made != whole:
            self.note(f"A name was too long and is cut: {made[:40]}…")
        number = 2
        found = made
        while as_seen(found) in taken:
            found = f"{made[: LABEL - 4]} {number}"
            number += 1
        if found != made:
            self.note(f"{made} is there twice; one is now {found}.")
        taken.add(as_seen(found))
        return found

    def paragraph(self, text: str, of: str) -> str:
        whole = unicodedata.normalize("NFC", unturned(printable(text))).replace("\r\n", "\n").strip()
        whole = "".join(c for c in whole if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))
        whole = whole if is_seen(whole) else ""
        if len(whole) > PARAGRAPH:
            self.note(f"The text of {of} has {len(whole):,} characters; the first {PARAGRAPH:,} are kept.")
        return whole[:PARAGRAPH].rstrip()

    def defined(self, codes: Iterable[Code], ratings: Iterable[RatingScale]) -> None:
        """Notes whose definition is still to be written."""
        entries = [*((c.label, c.definition) for c in codes), *((r.label, r.definition) for r in ratings)]
        without = [label for label, definition in entries if definition == NO_DEFINITION]
        if without:
            self.note(f"Without a definition: {named(without)}. Say for each when it is given.")

    def keys(self, wanted: Sequence[tuple[str, str]], *, of: str = "", first: str = "") -> list[str]:
        """A key for each of (label, wanted key): the wanted one where it can be, else the nearest that is free.

        `first` are keys to try before the letters of the label; `of` names what the keys choose between. Raises
        FormatError where there are more than any room has keys for.
        """
        if len(wanted) > MOST:
            what = f"{of} has {len(wanted):,} answers" if of else f"the file has {len(wanted):,} codes"
            raise FormatError(f"{what}, at most {MOST} are read: nobody finds the key of one among so many")
        made = [""] * len(wanted)
        taken: set[str] = set()
        far = False
        for n, (_, key) in enumerate(wanted):
            if usable(key.lower()) and key.lower() not in taken:
                made[n] = key.lower()
                taken.add(made[n])
        for n, (label, _) in enumerate(wanted):
            if not made[n]:
                near = [*first, *(c for c in label.lower() if usable(c)), *_NEAR_HAND]
                made[n] = next(c for c in chain(near, _far_letters()) if c not in taken)
                taken.add(made[n])
                far = far or made[n] not in near
        changed = [f"{label} {key}" for (label, asked), key in zip(wanted, made, strict=True) if asked != key]
        if changed:
            where = f" of {of}" if of else ""
            self.note(f"Keys{where} chosen here, for the file has none that can be used: {named(changed)}.")
        if far:
            self.note("There are more codes than Latin keys: fold some into modifiers, or give them keys you have.")
        return made


def _far_letters() -> Iterator[str]:
    """Letters of other scripts, for more codes than a Latin keyboard has keys."""
    return (chr(c) for c in range(0x03B1, 0x2C00) if usable(chr(c)) and chr(c).isalpha())


def usable(key: str) -> bool:
    """Whether a scheme can have this key: one small letter or digit of any script, whatever the letter case."""
    return len(key) == 1 and (key.isalpha() or key.isdecimal()) and key == key.lower() == key.casefold()


def named(labels: Sequence[str]) -> str:
    """A list that stays readable.

    >>> named(["a", "b"])
    'a, b'
    """
    more = len(labels) - _MOST_NAMED
    return ", ".join(labels[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def ident_of(text: str) -> str:
    """An identifier made of a name; empty where it has no Latin letter or digit.

    >>> [ident_of(name) for name in ("Simple reflection", "CR+/-", "D-", "Follow-up", "Food - new", "Übung", "التعاطف")]
    ['simple_reflection', 'cr_plus_minus', 'd_minus', 'follow_up', 'food_new', 'ubung', '']
    """
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)).lower()
    plain = re.sub(r"(?<=\w)\s+[-−–]\s+(?=\w)", " ", plain)  # a dash between words is no minus
    plain = re.sub(r"\+", " plus ", plain)
    plain = re.sub(r"(?<![a-z0-9])[-−](?![a-z])|[-−](?![a-z0-9])", " minus ", plain)
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:48].rstrip("_")


def idents(wanted: Sequence[tuple[str, str]], fallback: str, *, numbered: bool = False) -> list[str]:
    """An identifier for each of (wanted id, label): the wanted one where it is one, else one made of the label."""
    taken = {NOT_OBSERVABLE}
    made = []
    for n, (asked, label) in enumerate(wanted, 1):
        name = ident_of(asked) or ident_of(label) or f"{fallback}_{n}"
        if not numbered and not name[0].isalpha():
            name = f"{fallback}_{name}"[:48]
        number, found = 2, name
        while found in taken:
            found = f"{name[:44]}_{number}"
            number += 1
        taken.add(found)
        made.append(found)
    return made


def language_of(texts: Iterable[str]) -> str:
    """`ar` or `he` where most letters are of that script, else `en`."""
    letters = [c for text in texts for c in text if c.isalpha()]
    for language, first, last in (("ar", "\u0600", "\u08ff"), ("he", "\u0590", "\u05ff")):
        if letters and sum(first <= c <= last for c in letters) > len(letters) / 2:
            return language
    return "en"
