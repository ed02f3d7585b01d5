"""Data files: where they are and how lists are written in them."""

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"
_SEPARATORS = re.compile(r"[、,，\n]")


@cache
def load_data(name: str) -> dict[str, Any]:
    """The TOML file `name` of the data directory."""
    return tomllib.loads((DATA / name).read_text(encoding="utf-8"))


def split_words(text: str) -> tuple[str, ...]:
    """`机场、航班, boarding pass` as words, in order, each once, lower case."""
    words = (word.strip().lower() for word in _SEPARATORS.split(text))
    return tuple(dict.fromkeys(word for word in words if word))


def alternation(words: tuple[str, ...] | list[str]) -> str:
    """A pattern for any of `words`, the longest first."""
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
