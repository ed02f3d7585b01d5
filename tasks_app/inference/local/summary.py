"""The summary: what kind of plan it is, and what was said, with its dates."""

import re
from collections.abc import Iterator
from datetime import date

from tasks_app.inference.local.classify import Verdict
from tasks_app.inference.local.phrasebook import Phrasebook
from tasks_app.inference.local.sentence import Sentence
from tasks_app.inference.local.times import Kind, TimeSpan
from tasks_app.inference.local.told_times import meant, said_time
from tasks_app.inference.local.understanding import Understanding

_GAPS = re.compile(r"([，,、；;])[\s，,、；;]*[，,、；;]")
_GAPS_AT_END = re.compile(r"[，,、；;\s]+([。！？!?])")
_ENDS = ("！", "？", "!", "?", "…")
_MOST_TIMES = 6


def summarize(understanding: Understanding) -> str:
    """The kind of plan and the sentence, each time with the date that it means."""
    book, sentence = understanding.book, understanding.sentence
    opening = _opening(book, understanding.verdict)
    content = _tidy(sentence.said(0, len(sentence.text)))
    if not content:
        return opening + sentence.text.strip()
    if len(content) > book.longest:
        return opening + content[: book.longest - 1] + "…" + _facts(understanding)
    told = _tidy(_dated(understanding))
    return opening + (told if told.endswith(_ENDS) else book.paragraph([told]))


def _opening(book: Phrasebook, verdict: Verdict) -> str:
    key = "declined" if verdict.is_declined else str(verdict.evidence)
    return book.say("opening", key, type=book.say("types", verdict.task_type))


def _dated(understanding: Understanding) -> str:
    """The sentence without wake words and fillers, with dates behind its times."""
    sentence, told, position = understanding.sentence, "", 0
    for end, aside in _asides(understanding):
        told += sentence.said(position, end).rstrip() + aside
        position = end
    return told + sentence.said(position, len(sentence.text))


def _asides(understanding: Understanding) -> Iterator[tuple[int, str]]:
    """Where a date is told, and the date; of two times on one day only once."""
    book, sentence, told = understanding.book, understanding.sentence, set[date]()
    named = {_day(span) for span in sentence.times if not span.has_clock}
    for span in sentence.times[:_MOST_TIMES]:
        day = _day(span)
        is_beside = span.has_clock and day in named
        known = day if is_beside or day in told else None
        yield (
            _word_end(sentence, span.end),
            book.aside(meant(book, span, understanding.now, known)),
        )
        told |= {day} if day and not is_beside else set()


def _day(span: TimeSpan) -> date | None:
    is_single = span.kind in (Kind.POINT, Kind.DAY)
    return span.begins.date() if span.begins and is_single else None


def _word_end(sentence: Sentence, end: int) -> int:
    """Behind the ending of tomorrow's."""
    return end + 2 if sentence.plain.startswith("'s", end) else end


def _facts(understanding: Understanding) -> str:
    """What was recognised, of a text that is too long to be told whole."""
    book = understanding.book
    facts = [
        book.say("facts", kind, values=_values(understanding, kind))
        for kind in book.keys("facts")
        if understanding.values(kind)
    ]
    return book.paragraph(facts) if facts else ""


def _values(understanding: Understanding, kind: str) -> str:
    book, sentence = understanding.book, understanding.sentence
    if kind != "time":
        return book.listed(understanding.values(kind))
    return book.listed(
        [
            said_time(book, sentence, span, understanding.now)
            + book.aside(meant(book, span, understanding.now))
            for span in sentence.times[:_MOST_TIMES]
        ]
    )


def _tidy(text: str) -> str:
    """Without the marks around what was left out."""
    text = text.replace("） ", "）")
    text = _GAPS_AT_END.sub(r"\1", _GAPS.sub(r"\1", text))
    return " ".join(text.split()).strip("，,。、；;… ")
