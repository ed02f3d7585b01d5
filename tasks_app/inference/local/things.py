"""Things to bring or to buy."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import cache
from itertools import islice

from tasks_app.inference.local.groups import group
from tasks_app.inference.local.matching import WordIndex
from tasks_app.inference.local.segmenter import Token
from tasks_app.inference.local.sentence import Sentence
from tasks_app.inference.local.wordlists import alternation, load_data, split_words

_DATA = load_data("entities.toml")
_CARRY = re.compile(
    rf"(?:{alternation(split_words(_DATA['carry_words']))})"
    r"(?P<things>(?:(?!去|到)[^，。；;！!？?]){1,60})"
)
_REMEMBERED = re.compile(
    rf"(?:{alternation(split_words(_DATA['remember_words']))})"
    r"(?P<things>[^，。；;！!？?]{1,60})"
)
_CARRIED_BEFORE = re.compile(
    r"(?P<things>[^，。；;！!？? ]{1,20}?)(?:都|也|要|记得|别忘了?|一定|给我){0,2}"
    r"(?:带|拿|准备|备)(?:上|好|齐|着|了|来)?(?=$|[，。；;！! ])"
)
_BOUGHT = re.compile(
    rf"(?:{alternation(split_words(_DATA['buy_words']))})(?P<things>[^，。；;！!？?]{{1,60}})"
)
_ARTICLE = re.compile(
    r"我的|你的|[一两三几][个张份把条件]| ?(?:my |your |the |an? |some )"
)
_MARK = re.compile(rf"{alternation(split_words(_DATA['list_marks']))}|[、,/ ]")
_NOUNS = frozenset({"n", "nz", "vn", "nl", "ng", "l", "eng", "x"})
_AMOUNTS = frozenset({"m", "q", "mq"})
_NOT_THINGS = frozenset(split_words(_DATA["not_things"]))
_LONGEST_NEW_THING = 6


def find_things(sentence: Sentence) -> Iterator[tuple[int, int]]:
    """Where known things stand, and unknown nouns behind 带 or 拿."""
    for known in _thing_index().find(sentence):
        is_certain = (
            known.end - known.start > 1 or _is_object(sentence, known.start)
        ) and sentence.plain[known.end : known.end + 1] != "店"
        if is_certain and known.start not in sentence.negated:
            yield known.start, known.end
    for pattern in (_CARRY, _BOUGHT):
        for match in pattern.finditer(sentence.plain):
            yield from _listed(sentence, *match.span("things"))


def to_bring(sentence: Sentence) -> frozenset[int]:
    """The positions beside 带 or 拿 in their clause; what is bought is none.

    Behind 记得 things must follow at once: 记得身份证, but not 记得打印合同.
    """
    carried = {
        position
        for pattern in (_CARRY, _CARRIED_BEFORE)
        for match in pattern.finditer(sentence.plain)
        for position in range(*match.span("things"))
    }
    starts = {match.start for match in _thing_index().find(sentence)}
    carried |= {
        position
        for match in _REMEMBERED.finditer(sentence.plain)
        if not starts.isdisjoint(_first_positions(match))
        for position in range(*match.span("things"))
    }
    bought = {
        position
        for match in _BOUGHT.finditer(sentence.plain)
        for position in range(*match.span("things"))
    }
    return frozenset(carried - bought)


def _first_positions(match: re.Match[str]) -> range:
    """Where the first thing may stand, an article before it."""
    start = match.start("things")
    article = _ARTICLE.match(match["things"])
    return range(start, start + (article.end() if article else 0) + 1)


def _is_object(sentence: Sentence, start: int) -> bool:
    """One character is a thing only where it is bought, brought or listed: 买米和油."""
    return start > 0 and sentence.plain[start - 1] in "买带拿打捎点和、"


def _listed(sentence: Sentence, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Runs of nouns from `start` on, until a word that is neither noun nor 和."""
    run: list[Token] = []
    first = bisect_left(sentence.tokens, start, key=lambda token: token.start)
    for token in islice(sentence.tokens, first, None):
        if token.end > end:
            break
        is_mark = _MARK.fullmatch(token.text) is not None
        if not run and token.tag in _AMOUNTS:
            continue
        if token.tag in _NOUNS and not is_mark and token.start not in sentence.timed:
            run.append(token)
            continue
        yield from _as_thing(sentence, run)
        run = []
        if not is_mark:
            return
    yield from _as_thing(sentence, run)


def _as_thing(sentence: Sentence, run: list[Token]) -> Iterator[tuple[int, int]]:
    if not run or run[0].start in sentence.negated:
        return
    start, end = run[0].start, run[-1].end
    if sentence.plain[start:end] in _NOT_THINGS:
        return
    if 1 < end - start <= _LONGEST_NEW_THING and not sentence.plain[start].isascii():
        yield start, end


def is_thing(word: str) -> bool:
    """Whether the word groups list it as a thing."""
    return word in _thing_index()


@cache
def _thing_index() -> WordIndex:
    return WordIndex((*group("items"), *group("goods")))
