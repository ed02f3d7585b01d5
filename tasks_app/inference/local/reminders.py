"""When one might want to be reminded, and of what."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from tasks_app.inference.local.leads import lead_minutes
from tasks_app.inference.local.times import Kind, TimeSpan
from tasks_app.inference.local.timing import (
    deadline,
    has_hour,
    is_closing,
    is_day_open,
    is_deadline,
    is_from_now,
    is_habit,
    is_limit,
    without_limit,
)
from tasks_app.inference.local.told_times import said_time
from tasks_app.inference.local.understanding import Understanding

_MORNING_HOUR = 9
_AFTERNOON_HOUR = 16
_EVENING_HOUR = 21
_MOST_THINGS = 6
_LEAST_LEAD = 30
"""Minutes before a deadline, however quick the deed."""
_SHORT = timedelta(days=4)
"""A weekend is reminded of when it begins, a week or month before it does."""


def suggest_reminders(understanding: Understanding) -> list[str]:
    """Proposals in the order of time; none is past, none for what is called off."""
    if understanding.verdict.is_declined:
        return []
    span = understanding.main_time
    if span is None:
        return [_say(understanding, "no_time")]
    if span.kind is Kind.RECURRING or span.begins is None:
        return [_say(understanding, "repeated", time=_said(understanding, span))]
    if span.is_past:
        return []
    return _for_moment(understanding, span, span.begins)


def _for_moment(
    understanding: Understanding, span: TimeSpan, begins: datetime
) -> list[str]:
    if is_deadline(understanding.sentence, span):
        found = list(_before_deadline(understanding, span, begins))
        return found or [_say(understanding, "now")]
    if is_day_open(span) and span.ends is not None and span.ends - begins > _SHORT:
        moment = _at_hour(begins - timedelta(days=1), _MORNING_HOUR)
        found = _if_coming(understanding, "settle_day", moment)
    else:
        found = [
            *_evening_before(understanding, begins),
            *_on_the_day(understanding, span, begins),
        ]
    return found or [_say(understanding, "no_clock")]


def _say(understanding: Understanding, key: str, **parts: str) -> str:
    what = understanding.deed.text or understanding.book.say(
        "types", understanding.verdict.task_type
    )
    return understanding.book.say("reminders", key, what=what, **parts)


def _said(understanding: Understanding, span: TimeSpan) -> str:
    now, book = understanding.now, understanding.book
    said = said_time(book, understanding.sentence, span, now)
    return book.begun(said)


def _if_coming(
    understanding: Understanding, key: str, moment: datetime, **parts: str
) -> list[str]:
    """The reminder for a moment, unless that is past."""
    if moment <= understanding.now:
        return []
    when = understanding.book.full(moment, understanding.now)
    return [_say(understanding, key, when=when, **parts)]


def _at_hour(moment: datetime, hour: int) -> datetime:
    return moment.replace(hour=hour, minute=0, second=0)


def _before_deadline(
    understanding: Understanding, span: TimeSpan, begins: datetime
) -> Iterator[str]:
    book, sentence, now = understanding.book, understanding.sentence, understanding.now
    said = said_time(book, sentence, span, now)
    key = "closing" if is_closing(sentence, span) or is_limit(said) else "deadline"
    moments = _deadline_moments(understanding, span, deadline(span, begins))
    for moment in sorted(moments):
        yield from _if_coming(understanding, key, moment, time=without_limit(said))


def _deadline_moments(
    understanding: Understanding, span: TimeSpan, limit: datetime
) -> set[datetime]:
    """The morning before; shortly before, or on the last day, where that is closer."""
    is_whole_day = not span.has_clock
    moments = {_at_hour(limit - timedelta(days=1), _MORNING_HOUR)}
    if not is_whole_day:
        lead = lead_minutes(
            understanding.sentence, understanding.verdict.task_type, span
        )
        moments.add(limit - timedelta(minutes=max(lead, _LEAST_LEAD)))
    elif span.kind is not Kind.PERIOD and not span.is_deadline:
        moments.add(_at_hour(limit, _MORNING_HOUR))
    if is_whole_day and not any(moment > understanding.now for moment in moments):
        evening = _at_hour(limit - timedelta(days=1), _EVENING_HOUR)
        afternoon = _at_hour(limit, _AFTERNOON_HOUR)
        moments.add(evening if evening > understanding.now else afternoon)
    return moments


def _evening_before(understanding: Understanding, begins: datetime) -> list[str]:
    """Where there is something to lay out."""
    book = understanding.book
    missing = [
        book.uncapitalized(slot.label)
        for slot in understanding.omissions
        if slot.is_thing
    ]
    items = list(dict.fromkeys([*understanding.to_bring, *missing]))
    if not items:
        return []
    evening = _at_hour(begins - timedelta(days=1), _EVENING_HOUR)
    return _if_coming(
        understanding, "evening", evening, items=book.listed(items[:_MOST_THINGS])
    )


def _on_the_day(
    understanding: Understanding, span: TimeSpan, begins: datetime
) -> list[str]:
    if is_habit(span):
        return _if_coming(understanding, "at", _at_hour(begins, _EVENING_HOUR))
    if not has_hour(span):
        morning = _at_hour(begins, _MORNING_HOUR)
        return _if_coming(understanding, "at", max(begins, morning))
    minutes = lead_minutes(
        understanding.sentence, understanding.verdict.task_type, span
    )
    minutes = 0 if is_from_now(span) else minutes
    moment = begins - timedelta(minutes=minutes)
    if not minutes or moment <= understanding.now:
        found = _if_coming(understanding, "at", begins)
        return found or [_say(understanding, "now")]
    lead = understanding.book.length(minutes)
    return _if_coming(understanding, "before", moment, lead=lead)
