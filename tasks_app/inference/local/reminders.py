"""When one might want to be reminded, and of what."""

from datetime import timedelta

from tasks_app.inference.local.checklists import has_hour
from tasks_app.inference.local.phrasing import Understanding, format_moment, said_time
from tasks_app.inference.local.times import Kind, TimeSpan
from tasks_app.inference.local.wordlists import load_data

_EVENING_HOUR = 21
_MORNING_HOUR = 9


def suggest_reminders(understanding: Understanding) -> list[str]:
    """Proposals in the order of time; none of them is already past."""
    phrases = load_data("phrases.toml")["reminders"]
    span = understanding.main_time
    what = load_data("phrases.toml")["types"][understanding.verdict.task_type]
    if span is None or (span.begins is None and span.kind is not Kind.RECURRING):
        return [phrases["no_time"]]
    said = said_time(understanding.sentence, span)
    if span.kind is Kind.RECURRING:
        return [phrases["recurring"].format(time=said, what=what)]
    if span.is_deadline:
        return _before_deadline(understanding, span, said)
    return [
        *_evening_before(understanding, span),
        *_shortly_before(understanding, span, what),
    ]


def _before_deadline(
    understanding: Understanding, span: TimeSpan, said: str
) -> list[str]:
    if span.begins is None or span.ends is None:
        return []
    pattern = load_data("phrases.toml")["reminders"]["deadline"]
    limit = span.begins if span.kind is not Kind.PERIOD else span.ends
    day_before = (limit - timedelta(days=1)).replace(hour=_MORNING_HOUR, minute=0)
    lead = timedelta(minutes=_lead_minutes(understanding))
    moments = [day_before, limit - lead] if span.has_clock else [day_before]
    return [
        pattern.format(when=format_moment(moment, with_clock=True), time=said)
        for moment in moments
        if moment > understanding.now
    ]


def _evening_before(understanding: Understanding, span: TimeSpan) -> list[str]:
    """Where something is to be prepared, or no clock time is known."""
    if span.begins is None:
        return []
    items = understanding.to_bring
    missing = [slot.label for slot in understanding.omissions if not slot.settled_by]
    if not items and not missing:
        return []
    evening = (span.begins - timedelta(days=1)).replace(
        hour=_EVENING_HOUR, minute=0, second=0
    )
    if evening <= understanding.now:
        return []
    pattern = load_data("phrases.toml")["reminders"]["evening"]
    when = format_moment(evening, with_clock=True)
    return [pattern.format(when=when, items="、".join((items + missing)[:6]))]


def _shortly_before(
    understanding: Understanding, span: TimeSpan, what: str
) -> list[str]:
    if span.begins is None or not has_hour(span):
        return []
    phrases = load_data("phrases.toml")["reminders"]
    minutes = _lead_minutes(understanding)
    moment = span.begins - timedelta(minutes=minutes)
    if moment > understanding.now:
        when = format_moment(moment, with_clock=True)
        return [phrases["before"].format(when=when, lead=_spoken(minutes), what=what)]
    if span.begins > understanding.now:
        when = format_moment(span.begins, with_clock=True)
        return [phrases["at"].format(when=when, what=what)]
    return []


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
