"""The plan: what is still to be settled, what to prepare, and what to do when."""

from datetime import datetime, timedelta

from tasks_app.inference.local.classify import Evidence
from tasks_app.inference.local.language import has_words
from tasks_app.inference.local.times import Kind, TimeSpan
from tasks_app.inference.local.timing import (
    has_hour,
    is_closing,
    is_coming_day,
    is_day_open,
    is_deadline,
    is_limit,
    is_opening,
    is_said_as_deadline,
    says_when,
    without_limit,
)
from tasks_app.inference.local.told_times import date_beside, said_time
from tasks_app.inference.local.understanding import Understanding

_FIRST_HOUR = 5
"""Before it, the evening of the same night is not the evening before."""


def plan(understanding: Understanding) -> str:
    """Steps in the order in which they are to be done."""
    book = understanding.book
    if understanding.verdict.is_declined:
        return book.paragraph(_undoing(understanding))
    steps = [
        *_questions(understanding),
        *_preparation(understanding),
        *_open_points(understanding),
        *_action(understanding),
    ]
    return book.paragraph(steps or [_last_resort(understanding)])


def _undoing(understanding: Understanding) -> list[str]:
    """What is said to be done about it, else what usually is."""
    said = [part for part in understanding.sentence.undoing if part]
    task_type = understanding.verdict.task_type
    return said or [understanding.book.say("declined", task_type)]


def _last_resort(understanding: Understanding) -> str:
    """Where nothing is to be added: what was said, else the question what it is."""
    sentence, book = understanding.sentence, understanding.book
    said = sentence.said(0, len(sentence.text)).strip(" ，,。.！!")
    is_telling = has_words(said) and len(said) <= book.longest
    return said if is_telling else book.say("plan", "unclear")


def _questions(understanding: Understanding) -> list[str]:
    """What is still to be known about the time."""
    book, span = understanding.book, understanding.main_time
    if understanding.put_off_by:
        return [book.say("plan", "put_off", length=understanding.put_off_by)]
    if span is None:
        is_clear = says_when(understanding.sentence.plain)
        return [] if is_clear else [book.say("plan", "no_time")]
    said = _said(understanding, span)
    if span.kind is Kind.RECURRING or span.begins is None:
        return []
    if span.is_past:
        return [book.say("plan", "past", time=said)]
    if is_deadline(understanding.sentence, span):
        return []
    return _open_time(understanding, span, said)


def _open_time(understanding: Understanding, span: TimeSpan, said: str) -> list[str]:
    book = understanding.book
    if is_day_open(span):
        deed = understanding.deed.text
        key = "no_day_deed" if deed else "no_day"
        return [book.say("plan", key, time=said, deed=deed)]
    if understanding.asks_hour and not has_hour(span):
        hour = book.say("hours", understanding.verdict.task_type)
        if span.kind is Kind.PERIOD and span.begins is not None:
            said = book.day(span.begins, understanding.now)
        return [book.say("plan", "no_clock", time=said, hour=hour)]
    return []


def _said(understanding: Understanding, span: TimeSpan) -> str:
    now, book = understanding.now, understanding.book
    return said_time(book, understanding.sentence, span, now)


def _preparation(understanding: Understanding) -> list[str]:
    items, span = understanding.to_bring, understanding.main_time
    if not items:
        return []
    key = "prepare" if span is None else _when_to_prepare(span, understanding.now)
    book = understanding.book
    return [book.say("plan", key, items=book.listed(items))]


def _when_to_prepare(span: TimeSpan, now: datetime) -> str:
    if span.begins is None or not is_coming_day(span):
        return "prepare"
    ahead = span.begins.date() - now.date()
    is_night = span.has_clock and span.begins.hour < _FIRST_HOUR
    if ahead == timedelta(0):
        return "prepare_today"
    if ahead < timedelta(0) or is_night:
        return "prepare"
    return "prepare_tonight" if ahead == timedelta(days=1) else "prepare_evening"


def _open_points(understanding: Understanding) -> list[str]:
    """Advice for what is missing; the question for the time is asked already."""
    is_time_asked = understanding.main_time is None or understanding.asks_hour
    return [
        slot.advice
        for slot in understanding.omissions
        if not (is_time_asked and {"clock", "time"} & slot.settled_by)
    ]


def _action(understanding: Understanding) -> list[str]:
    """What to do then, as soon as the time is known as exactly as it has to be."""
    span = understanding.main_time
    if span is None:
        return _deed_alone(understanding)
    if span.kind is Kind.RECURRING:
        return [_repetition(understanding, span)]
    if span.is_past:
        return []
    if span.begins is not None and is_deadline(understanding.sentence, span):
        return [_deadline_step(understanding, span)]
    is_asked = understanding.asks_hour and span.begins is not None
    if is_asked or is_day_open(span):
        return []
    return _deed_step(understanding, span)


def _deed_alone(understanding: Understanding) -> list[str]:
    """Where an occasion says when; not what an advice says already: 比一比再续保."""
    deed = understanding.deed.text
    is_advised = any(deed in slot.advice for slot in understanding.omissions)
    is_clear = says_when(understanding.sentence.plain) and not is_advised
    return [deed] if deed and is_clear else []


def _repetition(understanding: Understanding, span: TimeSpan) -> str:
    deed = understanding.deed
    return understanding.book.say(
        "plan",
        "recurring_deed" if deed.text else "recurring",
        time=_said(understanding, span),
        deed=deed.text,
        before=deed.before,
        after=deed.after,
    )


def _deadline_step(understanding: Understanding, span: TimeSpan) -> str:
    book, sentence = understanding.book, understanding.sentence
    said, deed = _said(understanding, span), understanding.deed.text
    if is_closing(sentence, span) or is_limit(said):
        is_known = is_closing(sentence, span) and not understanding.deed.is_subject
        key = "closing_deed" if is_known and deed else "closing"
    else:
        key = "deadline" if is_said_as_deadline(said) else "latest"
        key += "_hour" if span.has_clock and key == "deadline" else ""
        key += "_deed" if deed else ""
    time = without_limit(said) + date_beside(book, sentence, span, understanding.now)
    before, after = understanding.deed.before, understanding.deed.after
    if key.startswith("deadline") and before and deed == before + after:
        time, deed = before + time, after
    return book.say("plan", key, time=time, deed=deed)


def _deed_step(understanding: Understanding, span: TimeSpan) -> list[str]:
    if any(slot.is_for_unclear for slot in understanding.omissions):
        return []
    book, deed = understanding.book, understanding.deed
    task_type = understanding.verdict.task_type
    date = date_beside(book, understanding.sentence, span, understanding.now)
    time = _said(understanding, span) + date
    if not deed.text:
        is_known = understanding.verdict.evidence is not Evidence.NONE
        return [book.say("act", task_type, time=time)] if is_known else []
    if understanding.sentence.plain.startswith("的", span.end):
        time += "的"
    return [
        book.say(
            "plan",
            "do",
            time=time,
            deed=deed.text,
            before=deed.before,
            after=deed.after,
            tail=_tail(understanding, span),
        )
    ]


def _tail(understanding: Understanding, span: TimeSpan) -> str:
    if not has_hour(span) or is_opening(understanding.sentence, span):
        return ""
    return understanding.book.say("tails", understanding.verdict.task_type)
