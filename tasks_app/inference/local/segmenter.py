"""Chinese word segmentation that knows the words of the data files."""

from dataclasses import dataclass
from functools import cache

import rjieba

from tasks_app.inference.contract import TaskType
from tasks_app.inference.local.wordlists import load_data, split_words


@dataclass(frozen=True, slots=True)
class Token:
    """A word with its part of speech (jieba's tags) and its place."""

    text: str
    tag: str
    start: int
    end: int


def segment(plain: str) -> tuple[Token, ...]:
    """The tokens of `plain`, which together are the whole of it."""
    tokens, position = [], 0
    for word, tag in _segmenter().tag(plain):
        tokens.append(Token(word, tag, position, position + len(word)))
        position += len(word)
    return tuple(tokens)


def words(plain: str) -> list[str]:
    """The words of `plain`, without the blanks between them."""
    return [word for word in _segmenter().cut(plain) if not word.isspace()]


def knows(word: str) -> bool:
    """Whether the dictionary has the word, that is, it is not a guess."""
    return bool(_segmenter().has_word(word))


@cache
def _segmenter() -> rjieba.Jieba:
    segmenter = rjieba.Jieba()
    for word in _own_words():
        if not word.isascii() and 2 <= len(word) <= 4 and not segmenter.has_word(word):
            segmenter.add_word(word, None, None)
    return segmenter


def _own_words() -> set[str]:
    words: set[str] = set()
    for task_type in TaskType:
        lists = load_data(f"lexicon/{task_type}.toml")
        words.update(split_words(lists["strong"]), split_words(lists["medium"]))
    for name in ("cities", "countries", "places", "items", "goods", "family"):
        words.update(split_words(load_data("groups.toml")[name]))
    return words
