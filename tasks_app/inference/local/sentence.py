"""A text prepared for everything that reads it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain

from tasks_app.inference.local.dates import share_dates
from tasks_app.inference.local.groups import group
from tasks_app.inference.local.language import Language, has_words, language_of
from tasks_app.inference.local.normalize import normalize
from tasks_app.inference.local.put_off import with_new_times
from tasks_app.inference.local.segmenter import Token, knows, segment
from tasks_app.inference.local.times import TimeSpan, find_times
from tasks_app.inference.local.wordlists import alternation, load_data, split_words

_SPEECH = load_data("speech.toml")
_INSTEAD = rf"(?<=了)去|改(?=[{_SPEECH['instead']}])"
_CLAUSE_END = re.compile(
    r"[，。；！？,;!?\n]|\.(?=\s|$)|(?:但是?|不过|改成?|而是|要(?!紧|求)|记得|\bbut\b)"
    rf"|{_INSTEAD}"
)
_WORDS = re.compile(r"[a-z]{2,}|[\u3400-\u9fff]")
_FEWEST_WORDS = 2
_MOVED = rf"(?:改(?:[到成为在周下明后今\d]|星期)|{_INSTEAD})"
_PART = re.compile(
    rf"(?:(?!{_MOVED})[^，。；！？,;!?\n])+|{_MOVED}[^，。；！？,;!?\n]*"
)
_FILLERS = re.compile(_SPEECH["filler_pattern"])
_STUTTER = re.compile(_SPEECH["stutter_pattern"])
_CORRECTION = re.compile(_SPEECH["correction_pattern"])
_WAKE_NAME = re.compile(_SPEECH["wake_name_pattern"])
_WAKE_WORDS = re.compile(alternation(split_words(_SPEECH["wake_words"])))
_REMEMBER = re.compile(alternation(split_words(_SPEECH["not_negation"])))
_RUN_OUT = re.compile(rf"没有(?:{alternation(group('goods'))})了")
_NEGATION = re.compile(alternation(split_words(_SPEECH["negation"])))
_CALLED_OFF = re.compile(
    rf"(?:{alternation(split_words(_SPEECH['negation_behind']))})[了啦吧\s]{{0,3}}$"
)
_EXCUSE = re.compile(alternation(split_words(_SPEECH["excuses"])))
_UNDOING = re.compile(alternation(split_words(_SPEECH["undoing"])))

Stretch = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Sentence:
    """`text` is the original; `plain` is as long, normalised, fillers blanked."""

    text: str
    plain: str
    tokens: tuple[Token, ...]
    inner: frozenset[int]
    """Positions inside a word that the dictionary knows."""
    times: tuple[TimeSpan, ...]
    negated: frozenset[int]
    """Positions inside the reach of a negation."""
    timed: frozenset[int]
    """Positions inside a time expression."""
    declined: frozenset[int]
    """Positions of the clauses in which something is not to be done."""

    excuses: frozenset[int]
    """Positions of the clauses that only say why something is called off."""
    undoing: tuple[str, ...]
    """What is said to be done about what is called off: 把酒店退了."""

    @property
    def language(self) -> Language:
        return language_of(self.plain if has_words(self.plain) else self.text)

    def said(self, start: int, end: int) -> str:
        """The original characters of what carries meaning."""
        kept = (
            char if plain != " " or char.isspace() else ""
            for char, plain in zip(
                self.text[start:end], self.plain[start:end], strict=True
            )
        )
        return "".join(kept)

    def is_word(self, start: int, end: int) -> bool:
        """Whether these characters may be read as a word: 开会 is none in 离开会场."""
        length = end - start
        if length >= 3 or self.plain[start].isascii():
            return True
        cuts = (start in self.inner) + (end in self.inner)
        if length == 1:
            return cuts == 0
        is_part_of_one = cuts == 1 and start + 1 in self.inner
        return cuts == 0 or is_part_of_one


def prepare(text: str, now: datetime) -> Sentence:
    """Segments `text`, finds its times and what is negated."""
    plain = _blank(_WAKE_NAME, _blank(_FILLERS, normalize(text)))
    plain = _blank(_CORRECTION, _blank(_STUTTER, plain))
    times = share_dates(find_times(plain, now), plain, now)
    times = with_new_times(times, now)
    # Fillers are found again where a call hid that one stood alone: 那个，提醒我.
    plain = _blank(_FILLERS, _blank(_WAKE_WORDS, plain))
    tokens = segment(plain)
    refused = _positions(_negated(plain))
    undoing = list(_undoing(plain, refused))
    excuses = _positions(_excuses(plain, refused))
    negated = refused | _positions(undoing) | excuses
    return Sentence(
        text,
        plain,
        tokens,
        inner=_positions(_insides(tokens)),
        times=times,
        negated=negated,
        timed=_positions((span.start, span.end) for span in times),
        declined=_positions(_declined(plain, negated)),
        excuses=excuses,
        undoing=tuple(text[start:end].strip() for start, end in undoing),
    )


def _positions(stretches: Iterable[Stretch]) -> frozenset[int]:
    return frozenset(chain.from_iterable(range(*stretch) for stretch in stretches))


def _blank(pattern: re.Pattern[str], text: str) -> str:
    """Spaces in place of what carries no meaning; offsets stay."""
    return pattern.sub(lambda match: " " * len(match[0]), text)


def _insides(tokens: tuple[Token, ...]) -> Iterable[Stretch]:
    return ((token.start + 1, token.end) for token in tokens if knows(token.text))


def _declined(plain: str, negated: frozenset[int]) -> Iterable[Stretch]:
    """What stands before a negation too: 明天不开会."""
    parts = (match.span() for match in _PART.finditer(plain))
    return (part for part in parts if not negated.isdisjoint(range(*part)))


def _excuses(plain: str, refused: frozenset[int]) -> Iterable[Stretch]:
    """The clauses that only say why something is called off: 取消自驾，车坏了."""
    return (
        part for part in _beside_refused(plain, refused) if _EXCUSE.search(plain, *part)
    )


def _undoing(plain: str, refused: frozenset[int]) -> Iterable[Stretch]:
    """What follows from it: 不去青岛了，把酒店退了."""
    return (
        part
        for part in _beside_refused(plain, refused)
        if _UNDOING.search(plain, *part)
    )


def _beside_refused(plain: str, refused: frozenset[int]) -> Iterable[Stretch]:
    """The clauses next to one in which something is refused."""
    parts = [match.span() for match in _PART.finditer(plain)] if refused else []
    is_refused = [not refused.isdisjoint(range(*part)) for part in parts]
    for index, part in enumerate(parts):
        if not is_refused[index] and any(is_refused[max(0, index - 1) : index + 2]):
            yield part


def _negated(plain: str) -> list[Stretch]:
    """From each negation to the end of its clause; 别忘了 is none.

    What is called off at the end of a clause is so from its beginning: 例会取消了.
    """
    plain = _blank(_RUN_OUT, _blank(_REMEMBER, plain))
    ends = [match.start() for match in _CLAUSE_END.finditer(plain)] + [len(plain)]
    stretches: list[Stretch] = []
    index = 0
    for match in _NEGATION.finditer(plain):
        while ends[index] < match.end():
            index += 1
        if not stretches or ends[index] > stretches[-1][1]:
            stretches.append((match.start(), ends[index]))
    behind = (part for part in _PART.finditer(plain) if _CALLED_OFF.search(part[0]))
    return sorted([*stretches, *(part.span() for part in behind)])


def without_excuses(sentence: Sentence) -> Sentence:
    """As if only the plan itself were told: of 取消自驾，车坏了, the first half."""
    if not sentence.excuses:
        return sentence
    hidden = sentence.excuses
    return replace(
        sentence,
        plain="".join(
            " " if position in hidden else char
            for position, char in enumerate(sentence.plain)
        ),
        tokens=tuple(token for token in sentence.tokens if token.start not in hidden),
    )


def says_little(sentence: Sentence) -> bool:
    """Whether next to its times there is hardly a word that means something."""
    words = [
        token
        for token in sentence.tokens
        if token.start not in sentence.timed and _WORDS.match(token.text)
    ]
    return len(words) < _FEWEST_WORDS
