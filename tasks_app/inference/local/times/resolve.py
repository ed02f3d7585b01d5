"""Reading an expression from a given now.

Where an expression leaves the choice, the nearest future is meant: 周五 is the coming
Friday, 三点 this afternoon. What it says outright stays, even when it is past.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Literal

from tasks_app.inference.local.times.calendar import add_months, holiday_length
from tasks_app.inference.local.times.days import Days, find_days
from tasks_app.inference.local.times.model import (
    Clock,
    Delta,
    Expression,
    Kind,
    Parts,
    TimeSpan,
)
from tasks_app.inference.local.times.notation import normalized, notation_of_delta
from tasks_app.inference.local.wordlists import load_data

Lean = Literal["morning", "evening"]
"""Which half of the day the rest of the sentence speaks for."""

_FIRST_YEAR, _LAST_YEAR = 2, 9998
"""Within these a day more or less is still a date."""

_SEEN_FROM_NOW = frozenset(
    {"days", "weeks", "month_offset", "quarter_offset", "year_offset"}
)
_HALF_A_DAY = timedelta(hours=12)
_PARTS = load_data("times.toml")["parts"]


@dataclass(frozen=True, slots=True)
class Moment:
    """A reading of parts: a first and a last moment, and how exact they are."""

    begins: datetime
    ends: datetime
    has_clock: bool
    is_single_day: bool


def resolve(
    expression: Expression, text: str, now: datetime, lean: Lean | None
) -> TimeSpan:
    """The expression with its reading; unreadable ones are VAGUE."""
    span = TimeSpan(
        expression.start,
        expression.end,
        text[expression.start : expression.end],
        Kind.VAGUE,
        is_deadline=expression.is_deadline,
        is_put_off=expression.is_put_off,
    )
    try:
        return _read(span, expression, now, lean)
    except (OverflowError, ValueError):
        return span


def _read(
    span: TimeSpan, said: Expression, now: datetime, lean: Lean | None
) -> TimeSpan:
    parts = said.parts
    if parts.duration is not None and parts.offset is None:
        notation = notation_of_delta(parts.duration)
        return replace(
            span, kind=Kind.DURATION, length=parts.duration, normalized=notation
        )
    if parts.fuzzy is not None:
        return _read_fuzzy(span, parts.fuzzy, now)
    moment = read_moment(parts, now, lean)
    if moment is None:
        return _read_without_date(span, parts)
    if said.until is not None:
        under_way = _under_way(parts, said.until, now, lean)
        moment = under_way or _extended(moment, said.until, now, lean)
    if said.is_open and not (moment.has_clock or parts.part or parts.every):
        return _from_then_on(span, parts, moment, now)
    return _as_span(span, parts, moment, now)


def _from_then_on(
    span: TimeSpan, parts: Parts, moment: Moment, now: datetime
) -> TimeSpan:
    """The first day behind: 国庆后 begins when the holidays are over."""
    days_off = holiday_length(parts.holiday) if parts.holiday else 1
    first = moment.ends + timedelta(days=days_off - 1)
    begun = Moment(first, first + timedelta(days=1), False, is_single_day=True)
    read = _as_span(replace(span, is_open=True), parts, begun, now)
    return replace(read, normalized=f"{first.date().isoformat()}/..")


def _read_fuzzy(span: TimeSpan, word: str, now: datetime) -> TimeSpan:
    if word not in load_data("times.toml")["fuzzy"]["now"]:
        return span
    moment = now.replace(microsecond=0)
    return replace(
        span,
        kind=Kind.POINT,
        begins=moment,
        ends=moment,
        has_clock=True,
        normalized=moment.isoformat(),
    )


def _read_without_date(span: TimeSpan, parts: Parts) -> TimeSpan:
    if parts.every is None:
        return span
    notation = "R/" + notation_of_delta(parts.every)
    return replace(span, kind=Kind.RECURRING, normalized=notation)


def read_moment(parts: Parts, now: datetime, lean: Lean | None) -> Moment | None:
    """When `parts` is; None when it does not say (下班前, 每三小时)."""
    if parts.offset is not None and not parts.offset.is_whole_days:
        return _at_offset(parts, parts.offset, now)
    days = find_days(parts, now.date())
    clock = parts.clock
    if days is None and (parts.day_shift or not (parts.part or clock)):
        return None
    if parts.same_clock and days is not None:
        clock = Clock(now.hour, now.minute, is_exact=True)
    if clock is not None:
        return _at_clock(parts, clock, days, now, lean)
    if parts.part is not None:
        return _in_part(parts, days, now)
    if days is None:
        return None
    return Moment(
        _at(days.first, 0, now),
        _at(days.last, 24 * 60, now),
        has_clock=False,
        is_single_day=days.first == days.last,
    )


def _at_offset(parts: Parts, offset: Delta, now: datetime) -> Moment:
    day = add_months(now.date(), offset.months) + timedelta(days=offset.days)
    moved = datetime.combine(day, now.timetz()) + timedelta(seconds=offset.seconds)
    if offset.seconds % 60 == 0:
        moved = moved.replace(second=0)
    moved = moved.replace(microsecond=0)
    begins = now.replace(microsecond=0) if parts.duration else moved
    return Moment(begins, moved, has_clock=True, is_single_day=True)


def _at(day: date, minutes: float, now: datetime, second: int = 0) -> datetime:
    """`minutes` after the midnight that begins `day`; wall-clock time."""
    midnight = datetime.combine(day, time(second=second), now.tzinfo)
    return midnight + timedelta(minutes=minutes)


def _at_clock(
    parts: Parts, clock: Clock, days: Days | None, now: datetime, lean: Lean | None
) -> Moment:
    hours = _possible_hours(clock, parts.part, lean)
    day = now.date() if days is None else days.first
    readings = [_at(day, hour * 60 + clock.minute, now, clock.second) for hour in hours]
    if parts.every is not None:
        # A repetition goes by its likeliest hour, or by each part that it names.
        meant = readings if parts.part else readings[:1]
        chosen = min(_next_time(parts, reading, now) for reading in meant)
    else:
        chosen = _coming(readings, days, now)
    return Moment(chosen, chosen, has_clock=True, is_single_day=True)


def _next_time(parts: Parts, first: datetime, now: datetime) -> datetime:
    """Of a repetition, whatever the hour is now."""
    if first > now:
        return first
    tomorrow = now.date() + timedelta(days=1)
    days = find_days(parts, tomorrow)
    return datetime.combine(tomorrow if days is None else days.first, first.timetz())


def _coming(readings: list[datetime], days: Days | None, now: datetime) -> datetime:
    coming = [reading for reading in readings if reading > now]
    if coming:
        return coming[0]
    if days is None:
        return readings[0] + timedelta(days=1)
    if days.can_move_on:
        return readings[0] + timedelta(days=7)
    return readings[-1] if days.first == now.date() else readings[0]


def _possible_hours(clock: Clock, part: str | None, lean: Lean | None) -> list[int]:
    """The hours from midnight that a clock time may mean, the likeliest first."""
    hour = clock.hour
    if part is not None:
        return [_hour_in_part(hour, single) for single in _single_parts(part)]
    if clock.is_exact:
        return [hour]
    if hour == 12:
        return [12, 24]
    if lean is not None:
        return [hour if lean == "morning" or hour < 4 else hour + 12]
    return [hour + 12] if hour <= 6 else [hour, hour + 12]


def _hour_in_part(hour: int, part: str) -> int:
    low, high = _PARTS[part]["clock"]
    for reading in (hour, hour + 12, hour + 24, hour - 12):
        if low <= reading <= high:
            return reading
    return hour + 12 if low >= 12 and hour < 12 else hour


def _single_parts(part: str) -> list[str]:
    """早晚 as 早上 and 晚上."""
    each: list[str] = _PARTS[part].get("each", [part])
    return each


def _in_part(parts: Parts, days: Days | None, now: datetime) -> Moment:
    part = parts.part or ""
    spans = [_PARTS[single]["span"] for single in _single_parts(part)]
    if parts.every is None:
        spans = [(spans[0][0], spans[-1][1])]
    day = now.date() if days is None else days.first
    stretches = [
        (_at(day, low * 60, now), _at(day, high * 60, now)) for low, high in spans
    ]
    coming = [stretch for stretch in stretches if stretch[1] > now]
    begins, ends = coming[0] if coming else stretches[0]
    if not coming and parts.every is not None:
        next_time = _next_time(parts, begins, now)
        begins, ends = next_time, next_time + (ends - begins)
    elif not coming and days is None:
        begins, ends = begins + timedelta(days=1), ends + timedelta(days=1)
    return Moment(begins, ends, has_clock=False, is_single_day=True)


def _extended(first: Moment, until: Parts, now: datetime, lean: Lean | None) -> Moment:
    """A range; the second half takes from the first what it leaves out."""
    if until.clock is not None and find_days(until, now.date()) is None:
        end = _clock_after(first.begins, until, lean)
    else:
        seen_from = now if until.names() & _SEEN_FROM_NOW else first.begins
        last = read_moment(until, seen_from, lean)
        if last is None:
            return first
        end = last.ends
    return Moment(first.begins, end, first.has_clock, is_single_day=False)


def _under_way(
    parts: Parts, until: Parts, now: datetime, lean: Lean | None
) -> Moment | None:
    """What has begun today and is not over is meant before anything later."""
    says_day = find_days(parts, now.date()) or find_days(until, now.date())
    if parts.clock is None or until.clock is None or says_day or parts.every:
        return None
    for hour in _possible_hours(parts.clock, parts.part, lean):
        begins = _at(now.date(), hour * 60 + parts.clock.minute, now)
        ends = _clock_after(begins, until, lean)
        if begins <= now < ends <= begins + _HALF_A_DAY:
            return Moment(begins, ends, has_clock=True, is_single_day=False)
    return None


def _clock_after(begins: datetime, until: Parts, lean: Lean | None) -> datetime:
    clock = until.clock or Clock(0)
    hours = sorted(
        {*_possible_hours(clock, until.part, lean), clock.hour, clock.hour + 12}
    )
    if until.part is not None or clock.is_exact:
        hours = _possible_hours(clock, until.part, lean)
    day = begins.date()
    readings = [_at(day, hour * 60 + clock.minute, begins) for hour in hours]
    after = [reading for reading in readings if reading > begins]
    return after[0] if after else readings[0] + timedelta(days=1)


def _as_span(span: TimeSpan, parts: Parts, moment: Moment, now: datetime) -> TimeSpan:
    if not _FIRST_YEAR <= moment.begins.year <= moment.ends.year <= _LAST_YEAR:
        return span
    kind = _kind(parts, moment)
    return replace(
        span,
        kind=kind,
        begins=moment.begins,
        ends=moment.ends,
        has_clock=moment.has_clock,
        is_past=moment.ends < now,
        normalized=normalized(kind, parts, moment.begins, moment.ends),
    )


def _kind(parts: Parts, moment: Moment) -> Kind:
    if parts.every is not None:
        return Kind.RECURRING
    if moment.has_clock and moment.begins == moment.ends:
        return Kind.POINT
    if moment.is_single_day and not moment.has_clock:
        return Kind.DAY
    return Kind.PERIOD
