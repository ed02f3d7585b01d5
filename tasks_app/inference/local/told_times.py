"""How a time is told: in the words of the text, and as the date that it means."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

from tasks_app.inference.local.language import has_words, language_of
from tasks_app.inference.local.phrasebook import Phrasebook
from tasks_app.inference.local.sentence import Sentence
from tasks_app.inference.local.times import Kind, TimeSpan
from tasks_app.inference.local.timing import deadline, said_end

_BARE_CLOCK = re.compile(r"\d{1,2}(?::\d\d)?")


def said_time(
    book: Phrasebook, sentence: Sentence, span: TimeSpan, now: datetime
) -> str:
    """The words of the text; a date, if they are of another language than the rest, or
    say only by how much it was put off.
    """
    if _is_told_by_date(sentence, span) and span.begins is not None:
        if span.kind is Kind.PERIOD and not span.has_clock:
            return _from_day_to_day(book, span, now)
        return (book.full if span.has_clock else book.day)(span.begins, now)
    if _is_bare_clock(span) and span.begins is not None:
        return book.moment(span.begins, now, "clock")
    return sentence.text[span.start : said_end(sentence, span)].strip()


def date_beside(
    book: Phrasebook, sentence: Sentence, span: TimeSpan, now: datetime
) -> str:
    """What `said_time` leaves open, in brackets: the day, and of today the hour."""
    if _is_told_by_date(sentence, span) or span.begins is None:
        return ""
    is_today = span.begins.date() == now.date()
    if is_today and _is_bare_clock(span):
        return ""
    is_clear = _is_bare_clock(span) or book.names("half", span.text)
    is_told = span.has_clock and is_clear
    if is_told and not span.is_deadline and not is_today:
        span = replace(span, kind=Kind.DAY, has_clock=False)
    return book.aside(meant(book, span, now, now.date() if is_today else None))


def _is_bare_clock(span: TimeSpan) -> bool:
    """4:30, which leaves open of which half of the day, or what is put off to it."""
    if span.kind is not Kind.POINT or span.is_deadline:
        return False
    return span.is_put_off or _BARE_CLOCK.fullmatch(span.text) is not None


def _is_told_by_date(sentence: Sentence, span: TimeSpan) -> bool:
    is_moved_day = span.is_put_off and not span.has_clock
    return is_moved_day or _is_foreign(sentence, span)


def _is_foreign(sentence: Sentence, span: TimeSpan) -> bool:
    if span.is_put_off:
        return False
    is_said = has_words(span.text) and span.kind is not Kind.RECURRING
    return is_said and language_of(span.text) is not sentence.language


def meant(
    book: Phrasebook, span: TimeSpan, now: datetime, known: date | None = None
) -> str:
    """The date and hour of a time, as far as its words and the day `known` leave them
    open; empty if they say it all.
    """
    if span.begins is None or span.kind is Kind.RECURRING:
        return ""
    if span.is_open:
        return book.say("dates", "since", first=book.day(span.begins, now))
    if span.is_deadline or span.kind is not Kind.PERIOD or span.ends is None:
        moment = deadline(span, span.begins)
        return book.moment(moment, now, *_untold(book, span, moment, known))
    if span.has_clock:
        return _from_hour_to_hour(book, span, now)
    return _from_day_to_day(book, span, now)


def _from_day_to_day(book: Phrasebook, span: TimeSpan, now: datetime) -> str:
    if span.begins is None or span.ends is None:
        return ""
    last = span.ends - timedelta(days=1)
    if last <= span.begins:
        return book.day(last, now)
    if _is_month(span.begins, span.ends):
        return "" if book.names("month", span.text) else book.month(span.begins)
    return "" if book.names("date", span.text) else book.days(span.begins, last, now)


def _untold(
    book: Phrasebook, span: TimeSpan, moment: datetime, known: date | None
) -> Iterator[str]:
    """The parts of a date that the words do not hold."""
    is_known = moment.date() == known
    if not is_known and not book.names("date", span.text):
        yield "date"
    if not is_known and not book.names("weekday", span.text):
        yield "weekday"
    if span.has_clock and not book.names("clock", span.text):
        yield "clock"


def _from_hour_to_hour(book: Phrasebook, span: TimeSpan, now: datetime) -> str:
    if span.begins is None or span.ends is None:
        return ""
    first = book.full(span.begins, now)
    if span.begins.date() != span.ends.date():
        return first
    return book.say(
        "dates", "hours", first=first, last=book.moment(span.ends, now, "clock")
    )


def _is_month(begins: datetime, ends: datetime) -> bool:
    is_next = (ends.year * 12 + ends.month) - (begins.year * 12 + begins.month) == 1
    return is_next and begins.day == ends.day == 1
