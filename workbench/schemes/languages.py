"""The languages of schemes: what each is called, and which way it is written.

A language is a BCP 47 tag: `en`, `pt-BR`, `az-Arab`.
"""

from __future__ import annotations

NAMES = {
    "ar": ("Arabic", "العربية"),
    "de": ("German", "Deutsch"),
    "en": ("English", "English"),
    "es": ("Spanish", "español"),
    "fa": ("Persian", "فارسی"),
    "fr": ("French", "français"),
    "he": ("Hebrew", "עברית"),
    "it": ("Italian", "italiano"),
    "nl": ("Dutch", "Nederlands"),
    "pt": ("Portuguese", "português"),
    "pt-BR": ("Portuguese of Brazil", "português"),
    "tr": ("Turkish", "Türkçe"),
    "ur": ("Urdu", "اردو"),
    "zh": ("Chinese", "中文"),
}
_FROM_THE_RIGHT = {"ar", "arc", "ckb", "dv", "fa", "he", "ps", "sd", "syr", "ug", "ur", "yi"}
_SCRIPTS_FROM_THE_RIGHT = {"adlm", "arab", "hebr", "nkoo", "rohg", "syrc", "thaa"}


def from_the_right(language: str) -> bool:
    """Whether a language is written from right to left; a script that its tag names decides.

    >>> [from_the_right(tag) for tag in ("ar", "fa-AF", "az-Arab", "ar-Latn", "pt-BR")]
    [True, True, True, False, False]
    """
    first, *rest = language.lower().split("-")
    script = next((part for part in rest if len(part) == 4 and part.isalpha()), None)
    return script in _SCRIPTS_FROM_THE_RIGHT if script else first in _FROM_THE_RIGHT


def language_name(language: str) -> str:
    """What a language is called in English; its tag where the name is not known here.

    >>> language_name("ar-EG"), language_name("pt-BR"), language_name("sw")
    ('Arabic', 'Portuguese of Brazil', 'the language “sw”')
    """
    found = NAMES.get(language) or NAMES.get(language.split("-")[0].lower())
    return found[0] if found else f"the language “{language}”"
