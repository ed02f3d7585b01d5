"""Cutting from a clause what does not say what is to be done."""

import re

from tasks_app.inference.local.segmenter import segment
from tasks_app.inference.local.wordlists import alternation, load_data, split_words

_RULES = load_data("gist.toml")
_JOINTS = (" ", "、", "的")
_LEADING = frozenset((*split_words(_RULES["leading"]), *_JOINTS))
_TRAILING = frozenset((*split_words(_RULES["trailing"]), *_JOINTS))
_ENDINGS = frozenset((*split_words(_RULES["endings"]), " ", "、"))
_MOST_TOKENS = 3
"""A word of these lists may be so many words to the segmenter."""
_KEEPS_ENDING = split_words(_RULES["keeps_ending"])
_BARE = frozenset(split_words(_RULES["bare"]))
_SIGNS = re.compile(r"^[\u2600-\u27bf\ufe0f\U0001f000-\U0001faff\s]+")
_MOVED = re.compile(rf"(?:{alternation(split_words(_RULES['moved']))})$")
"""Looked for in the text: the segmenter may join it to what is moved, as in 课改到."""
_PREFIX = re.compile(rf"^(?:{alternation(split_words(_RULES['prefixes']))})(?=.)")
_MUST = re.compile(_RULES["must"])
_DONE = re.compile(alternation(split_words(_RULES["done"])))
_MOVING = re.compile(
    rf"\s*(?:(?:{alternation(split_words(_RULES['moving']))})(?![a-z])\s*)+",
    re.IGNORECASE,
)


def _english(name: str) -> str:
    return alternation([word for word in split_words(_RULES[name]) if word.isascii()])


_ENGLISH_START = re.compile(rf"(?:(?:{_english('leading')})\b[\s:]*)+", re.IGNORECASE)
_ENGLISH_END = re.compile(rf"(?:[\s:]*\b(?:{_english('trailing')}))+$", re.IGNORECASE)
_ENGLISH_ENDING = re.compile(rf"(?:\s*\b(?:{_english('endings')}))+$", re.IGNORECASE)


def trimmed(part: str, *, is_start: bool = True) -> str:
    """Without what stands before and behind the deed; before only at the start."""
    part = _SIGNS.sub("", " ".join(part.split())).removeprefix("的")
    if part.isascii():
        begins = _ENGLISH_START.match(part) if is_start else None
        part = part[begins.end() :] if begins else part
        return _ENGLISH_ENDING.sub("", part).strip(" .:-")
    if is_start:
        part = _MUST.sub("", _PREFIX.sub("", part))
    words = [token.text for token in segment(part)]
    while is_start and words and (count := _count(words, _LEADING, is_last=False)):
        del words[:count]
    return _cut_end(words, _ENDINGS)


def trimmed_before_time(part: str) -> str:
    """Without what led to a time as well: 胃镜约在 becomes 胃镜."""
    part = _MOVED.sub("", trimmed(part))
    if part.isascii():
        return _ENGLISH_END.sub("", part).strip(" .:-")
    return _cut_end([token.text for token in segment(part)], _TRAILING)


def cut_moving(part: str) -> str:
    """Without what moves a plan: 聚餐 of 把聚餐."""
    begins = _MOVING.match(part)
    return part[begins.end() :] if begins else part


def is_bare(deed: str, places: frozenset[str]) -> bool:
    """Whether it says so little that another clause had better tell."""
    return deed.lower() in _BARE or deed in places


def is_told(part: str) -> bool:
    """Whether it tells what has happened, not what is to be done."""
    return _DONE.search(part) is not None


def _cut_end(words: list[str], listed: frozenset[str]) -> str:
    keeps = words and words[0] in _KEEPS_ENDING
    while words and (count := _count(words, listed, is_last=True)):
        if keeps and words[-count:] == ["了"]:
            break
        del words[-count:]
    return "".join(words)


def _count(words: list[str], listed: frozenset[str], *, is_last: bool) -> int:
    """How many whole words at one end are listed; 吧 is none in 酒吧."""
    for count in range(min(_MOST_TOKENS, len(words)), 0, -1):
        end = words[-count:] if is_last else words[:count]
        if "".join(end).lower() in listed:
            return count
    return 0
