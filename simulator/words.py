"""Text for people: every sentence exists in English and in Vietnamese.

The pair is one value, so a missing translation is a type error, and the language is chosen only
where the sentence is printed. Bottom floor: imports nothing of ours.
"""

import os
from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

__all__ = ["Lang", "Text", "both", "chosen", "preferred_language"]


class Lang(StrEnum):
    """The two languages people are spoken to in."""

    VI = "vi"
    EN = "en"


class Text(NamedTuple):
    """One sentence in both languages."""

    en: str
    vi: str

    def in_(self, lang: Lang) -> str:
        """The sentence in ``lang``."""
        return self.vi if lang is Lang.VI else self.en

    def filled(self, **values: object) -> "Text":
        """The same sentence with ``{name}`` places filled in both languages."""
        return Text(en=self.en.format(**values), vi=self.vi.format(**values))


def preferred_language(environment: Mapping[str, str] = os.environ) -> Lang:
    """The language of the locale; Vietnamese where it says nothing (contract, section 1)."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := environment.get(name, ""):
            return Lang.EN if value.lower().startswith("en") else Lang.VI
    return Lang.VI


_SEPARATOR = "\x1f"


def both(en: str, vi: str) -> str:
    """Both languages in one plain string, for libraries that take nothing but ``str`` (command-line help)."""
    return f"{en}{_SEPARATOR}{vi}"


def chosen(text: str, lang: Lang) -> str:
    """The half of ``both(...)`` in ``lang``; any other text unchanged."""
    en, separator, vi = text.partition(_SEPARATOR)
    return vi if separator and lang is Lang.VI else en
