"""What is to be done, in the words that were said: a clause without its time."""

import re
from collections.abc import Iterator

from tasks_app.inference.local.segmenter import segment
from tasks_app.inference.local.sentence import Sentence
from tasks_app.inference.local.times import TimeSpan
from tasks_app.inference.local.wordlists import alternation, load_data, split_words

_RULES = load_data("gist.toml")
_CLAUSE = re.compile(r"[^，,。；;！!？?\n]+")
_SIDE_NOTE = re.compile(alternation(split_words(_RULES["side_notes"])))
_JOINTS = (" ", "、", "的")
_LEADING = frozenset((*split_words(_RULES["leading"]), *_JOINTS))
_TRAILING = frozenset((*split_words(_RULES["trailing"]), *_JOINTS))
_ENDINGS = frozenset((*split_words(_RULES["endings"]), *_JOINTS))
_MOST_TOKENS = 3
"""A word of these lists may be so many words to the segmenter."""
_REASON_BEGINS = split_words(_RULES["reasons_begin"])
_REASON_ENDS = split_words(_RULES["reasons_end"])
_DONE = re.compile(alternation(split_words(_RULES["done"])))
_LONGEST = 24
_LONGEST_ENGLISH = 60
_LONGEST_SUBJECT = 6
_LONGEST_CLAUSE = 120

Stretch = tuple[int, int]


def gist(
    sentence: Sentence, span: TimeSpan | None, *, is_elsewhere: bool = False
) -> str:
    """The deed that belongs to `span`, else the first one; empty if none is clear.

    `is_elsewhere`: the clause of `span` tells of something else: 驿站八点关门.
    """
    clauses = [match.span() for match in _CLAUSE.finditer(sentence.plain)]
    wanted = [clause for clause in clauses if not _is_declined(sentence, clause)]
    if span is not None:
        near = [clause for clause in wanted if clause[0] <= span.start < clause[1]]
        others = [clause for clause in wanted if clause not in near]
        wanted = others if is_elsewhere else near + others
    wanted.sort(key=lambda clause: _is_reason(sentence, clause))
    found = (_deed(sentence, clause, span) for clause in wanted)
    return next((deed for deed in found if _is_short(deed)), "")


def _is_declined(sentence: Sentence, clause: Stretch) -> bool:
    stretch = range(clause[0], _before_note(sentence, clause))
    return not sentence.negated.isdisjoint(stretch)


def _before_note(sentence: Sentence, clause: Stretch) -> int:
    """Where the clause turns to something else: 去机场 | 记得带身份证."""
    start, end = clause
    note = _SIDE_NOTE.search(sentence.plain, start + 1, end)
    return end if note is None else note.start()


def _is_short(deed: str) -> bool:
    longest = _LONGEST_ENGLISH if deed.isascii() else _LONGEST
    return 1 < len(deed) <= longest


def _is_reason(sentence: Sentence, clause: Stretch) -> bool:
    """A condition whose deed follows in the same clause is none."""
    text = sentence.plain[slice(*clause)].strip()
    return _is_condition(text) and _RULES["conclusion"] not in text


def _is_condition(text: str) -> bool:
    return text.startswith(_REASON_BEGINS) or text.endswith(_REASON_ENDS)


def _deed(sentence: Sentence, clause: Stretch, span: TimeSpan | None) -> str:
    start, end = clause
    if end - start > _LONGEST_CLAUSE:
        return ""
    if _is_condition(sentence.plain[start:end].strip()):
        start = max(start, sentence.plain.find(_RULES["conclusion"], start, end) + 1)
    end = _before_note(sentence, clause)
    *told, last = _untimed(sentence, (start, end), _time_in(sentence, clause, span))
    is_told = any(_DONE.search(_tidy(part + ".")) for part in told)
    before, after = _before_time("".join(told)), _tidy(last)
    if not before or not after:
        return before or after
    if before.isascii() or after.isascii():
        return f"{before} {after}"
    is_subject = len(before) <= _LONGEST_SUBJECT and not is_told
    return before + after if is_subject else after


def _time_in(
    sentence: Sentence, clause: Stretch, span: TimeSpan | None
) -> TimeSpan | None:
    """`span`, or a time of another clause that names its day: 后天拔牙，三点半."""
    start, end = clause
    if span is None or span.begins is None or start <= span.start < end:
        return span
    return next(
        (
            other
            for other in sentence.times
            if start <= other.start < end
            and other.begins is not None
            and other.begins.date() == span.begins.date()
        ),
        None,
    )


def _untimed(
    sentence: Sentence, clause: Stretch, span: TimeSpan | None
) -> Iterator[str]:
    """The clause before and after the time; whole where the time is elsewhere."""
    start, end = clause
    if span is None or not start <= span.start < end:
        yield _said(sentence, start, end)
        return
    yield _said(sentence, start, span.start)
    yield _said(sentence, min(span.end, end), end)


def _said(sentence: Sentence, start: int, end: int) -> str:
    """The original characters of what carries meaning."""
    kept = (
        char if plain != " " or char.isspace() else ""
        for char, plain in zip(
            sentence.text[start:end], sentence.plain[start:end], strict=True
        )
    )
    return "".join(kept)


def _tidy(part: str) -> str:
    words = [token.text for token in segment(" ".join(part.split()))]
    while words and (count := _count(words, _LEADING, is_last=False)):
        del words[:count]
    return _cut_end(words, _ENDINGS)


def _before_time(part: str) -> str:
    return _cut_end([token.text for token in segment(_tidy(part))], _TRAILING)


def _cut_end(words: list[str], listed: frozenset[str]) -> str:
    while words and (count := _count(words, listed, is_last=True)):
        del words[-count:]
    return "".join(words)


def _count(words: list[str], listed: frozenset[str], *, is_last: bool) -> int:
    """How many whole words at one end are listed; 吧 is none in 酒吧."""
    for count in range(min(_MOST_TOKENS, len(words)), 0, -1):
        end = words[-count:] if is_last else words[:count]
        if "".join(end).lower() in listed:
            return count
    return 0
