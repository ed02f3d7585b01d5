"""When one might want to be reminded, and of what."""

from datetime import datetime, timedelta

from tasks_app.inference.local.checklists import has_hour
from tasks_app.inference.local.phrasing import (
    Understanding,
    deadline,
    format_moment,
    is_closing,
    is_deadline,
    said_time,
)
from tasks_app.inference.local.times import Kind, TimeSpan
from tasks_app.inference.local.wordlists import load_data

_EVENING_HOUR = 21
_MORNING_HOUR = 9
_MOST_THINGS = 6


def suggest_reminders(understanding: Understanding) -> list[str]:
    """Proposals in the order of time; none is past, none for what is called off."""
    phrases = load_data("phrases.toml")["reminders"]
    span = understanding.main_time
    if understanding.verdict.is_declined:
        return []
    if span is None:
        return [phrases["no_time"]]
    if span.kind is Kind.RECURRING or span.begins is None:
        said = said_time(understanding.sentence, span)
        return [phrases["repeated"].format(time=said, what=_what(understanding))]
    if span.is_past:
        return []
    if is_deadline(understanding.sentence, span):
        return _before_deadline(understanding, span.begins, span)
    proposals = [
        *_evening_before(understanding, span),
        *_on_the_day(understanding, span),
    ]
    return proposals or [phrases["no_clock"]]


def _what(understanding: Understanding) -> str:
    """The deed in the words of the text, else its type."""
    types = load_data("phrases.toml")["types"]
    return understanding.deed or str(types[understanding.verdict.task_type])


def _before_deadline(
    understanding: Understanding, begins: datetime, span: TimeSpan
) -> list[str]:
    said = said_time(understanding.sentence, span)
    is_limit = is_closing(understanding.sentence, span) or said.endswith("截止")
    phrases = load_data("phrases.toml")["reminders"]
    pattern = phrases["closing" if is_limit else "deadline"]
    limit = deadline(span, begins)
    morning = limit.replace(hour=_MORNING_HOUR, minute=0)
    lead = timedelta(minutes=_lead_minutes(understanding))
    moments = {morning - timedelta(days=1)}
    if span.has_clock:
        moments.add(limit - lead)
    elif is_limit and span.kind is not Kind.PERIOD:
        moments.add(morning)
    said, what = said.removesuffix("截止"), _what(understanding)
    coming = [moment for moment in sorted(moments) if moment > understanding.now]
    evening = (limit - timedelta(days=1)).replace(hour=_EVENING_HOUR, minute=0)
    if not coming and evening > understanding.now:
        coming = [evening]
    whens = (format_moment(moment, with_clock=True) for moment in coming)
    return [pattern.format(when=when, time=said, what=what) for when in whens] or [
        _now(understanding)
    ]


def _evening_before(understanding: Understanding, span: TimeSpan) -> list[str]:
    """Where there is something to lay out."""
    if span.begins is None:
        return []
    missing = [slot.label for slot in understanding.omissions if slot.is_thing]
    items = list(dict.fromkeys([*understanding.to_bring, *missing]))
    evening = (span.begins - timedelta(days=1)).replace(
        hour=_EVENING_HOUR, minute=0, second=0
    )
    if not items or evening <= understanding.now:
        return []
    pattern = load_data("phrases.toml")["reminders"]["evening"]
    when = format_moment(evening, with_clock=True)
    return [pattern.format(when=when, items="、".join(items[:_MOST_THINGS]))]


def _on_the_day(understanding: Understanding, span: TimeSpan) -> list[str]:
    if span.begins is None:
        return []
    if not has_hour(span):
        return _at(understanding, max(span.begins, _morning(span.begins)))
    minutes = _lead_minutes(understanding)
    moment = span.begins - timedelta(minutes=minutes)
    if moment <= understanding.now:
        return _at(understanding, span.begins) or [_now(understanding)]
    pattern = load_data("phrases.toml")["reminders"]["before"]
    when = format_moment(moment, with_clock=True)
    return [pattern.format(when=when, lead=_spoken(minutes), what=_what(understanding))]


def _morning(moment: datetime) -> datetime:
    return moment.replace(hour=_MORNING_HOUR, minute=0, second=0)


def _at(understanding: Understanding, moment: datetime) -> list[str]:
    if moment <= understanding.now:
        return []
    pattern = load_data("phrases.toml")["reminders"]["at"]
    when = format_moment(moment, with_clock=True)
    return [pattern.format(when=when, what=_what(understanding))]


def _now(understanding: Understanding) -> str:
    pattern = load_data("phrases.toml")["reminders"]["now"]
    return str(pattern.format(what=_what(understanding)))


def _lead_minutes(understanding: Understanding) -> int:
    leads = load_data("phrases.toml")["lead_minutes"]
    return int(leads[understanding.verdict.task_type])


def _spoken(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    return (
        f"{minutes}分钟"
        if not hours
        else f"{hours}小时" + (f"{rest}分钟" if rest else "")
    )
