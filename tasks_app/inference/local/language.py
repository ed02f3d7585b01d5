"""Which language a text is in, and so what is told of it."""

import re
from enum import StrEnum

_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?", re.ASCII | re.IGNORECASE)
_CHARACTER = re.compile(r"[\u3400-\u9fff]")


class Language(StrEnum):
    """The languages of results, named as the data files name them."""

    CHINESE = "zh"
    ENGLISH = "en"


def language_of(text: str) -> Language:
    """English if its words outnumber the Chinese characters, so not 把PPT发给Lisa."""
    words = sum(1 for _ in _WORD.finditer(text))
    characters = sum(1 for _ in _CHARACTER.finditer(text))
    return Language.ENGLISH if words > characters else Language.CHINESE


def has_words(text: str) -> bool:
    """Whether it is in any language at all, as 15:30 is not."""
    return bool(_WORD.search(text) or _CHARACTER.search(text))
