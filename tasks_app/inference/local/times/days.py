"""Which calendar days an expression means."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from tasks_app.inference.local.times.calendar import (
    add_months,
    holiday,
    last_day,
    lunar_date,
    make_date,
)
from tasks_app.inference.local.times.model import Parts, Section


@dataclass(frozen=True, slots=True)
class Days:
    """The first and the last day meant.

    `can_move_on` says that the next week's would do as well: a bare 周五 on a Friday.
    """

    first: date
    last: date
    can_move_on: bool = False

    @classmethod
    def one(cls, day: date | None) -> "Days | None":
        return None if day is None else cls(day, day)


def find_days(parts: Parts, today: date) -> Days | None:
    """The days of `parts` seen from `today`, or None when it names none."""
    for reader in _READERS:
        days = reader(parts, today)
        if days is not None:
            return _shifted(days, parts.day_shift)
    return None


def _shifted(days: Days, shift: int | None) -> Days:
    return Days.one(days.first + timedelta(days=shift)) or days if shift else days


def _by_offset(parts: Parts, today: date) -> Days | None:
    if parts.offset is None:
        return None
    moved = add_months(today, parts.offset.months)
    moved += timedelta(days=parts.offset.days)
    return Days(today, moved) if parts.duration else Days(moved, moved)


def _by_day_word(parts: Parts, today: date) -> Days | None:
    if parts.days is None:
        return None
    if parts.days == 0:
        today = _away(parts, today)
    return Days.one(today + timedelta(days=parts.days))


def _away(parts: Parts, today: date) -> date:
    """The 今天 of 下周今天."""
    months = (parts.month_offset or 0) + 12 * (parts.year_offset or 0)
    return add_months(today, months) + timedelta(weeks=parts.weeks or 0)


def _by_nth(parts: Parts, today: date) -> Days | None:
    """下个月第一个周一, the last Friday of May, 三月第一周."""
    if parts.nth is None:
        return None
    found = (_nth_of_month(parts, first) for first in _months_meant(parts, today))
    is_fixed = parts.month_offset is not None or parts.year is not None
    return next((d for d in found if d and (is_fixed or d.last >= today)), None)


def _months_meant(parts: Parts, today: date) -> list[date]:
    """The first days of the months that may be meant, the likeliest first."""
    if parts.month is None:
        ahead = (0, 1) if parts.month_offset is None else (parts.month_offset,)
        return [add_months(today.replace(day=1), months) for months in ahead]
    year = _year(parts, today)
    years = (today.year, today.year + 1) if year is None else (year,)
    firsts = (make_date(candidate, parts.month, 1) for candidate in years)
    return [first for first in firsts if first]


def _nth_of_month(parts: Parts, first: date) -> Days | None:
    nth, end = parts.nth or 1, last_day(first.year, first.month)
    if parts.weekdays is None:
        low = end - 6 if nth < 0 else nth * 7 - 6
        return Days(first.replace(day=low), first.replace(day=min(low + 6, end)))
    is_weekend = parts.weekdays == (5, 6)
    wanted = (5,) if is_weekend else parts.weekdays
    days = [first.replace(day=number) for number in range(1, end + 1)]
    days = [day for day in days if day.weekday() in wanted]
    if nth > len(days):
        return None
    day = days[nth - 1 if nth > 0 else nth]
    return Days(day, day + timedelta(days=1 if is_weekend else 0))


def _by_months(parts: Parts, today: date) -> Days | None:
    """这个冬天, 明年上半年, 二季度末, 下季度."""
    if parts.quarter_offset is not None:
        first = today.replace(month=today.month - (today.month - 1) % 3, day=1)
        first = add_months(first, 3 * parts.quarter_offset)
        return _stretch(first, 3, parts.month_part)
    if parts.months is None:
        return None
    month, count = parts.months
    year = _year(parts, today)
    years = range(today.year - 1, today.year + 2) if year is None else (year,)
    firsts = (make_date(candidate, month, 1) for candidate in years)
    stretches = (_stretch(first, count, parts.month_part) for first in firsts if first)
    return next((d for d in stretches if year is not None or d.last >= today), None)


def _stretch(first: date, months: int, section: Section | None) -> Days:
    if section == "begin":
        return _section(first, section)
    last = add_months(first, months) - timedelta(days=1)
    return Days(last, last) if section == "end" else Days(first, last)


def _by_holiday(parts: Parts, today: date) -> Days | None:
    if parts.holiday is None:
        return None
    year = today.year + (parts.year_offset or 0) if parts.year is None else parts.year
    if parts.year is not None or parts.year_offset is not None:
        return Days.one(holiday(parts.holiday, year))
    dates = (holiday(parts.holiday, y) for y in (year - 1, year, year + 1))
    return Days.one(next((day for day in dates if day and day >= today), None))


def _by_lunar(parts: Parts, today: date) -> Days | None:
    if not parts.is_lunar:
        return None
    dates = (
        lunar_date(year, month, parts.day or 1)
        for year in (today.year - 1, today.year, today.year + 1)
        for month in ([parts.month] if parts.month else range(1, 13))
    )
    return Days.one(next((day for day in dates if day and day >= today), None))


def _by_weekday(parts: Parts, today: date) -> Days | None:
    if parts.weekdays is None:
        return None
    if parts.every is not None:
        return Days.one(_next_of(parts.weekdays, today))
    monday = today - timedelta(days=today.weekday())
    first, last = parts.weekdays[0], parts.weekdays[-1]
    shift = timedelta(weeks=parts.weeks or 0)
    days = Days(
        monday + shift + timedelta(days=first), monday + shift + timedelta(days=last)
    )
    if parts.weeks is None and days.last < today:
        return Days(days.first + timedelta(weeks=1), days.last + timedelta(weeks=1))
    can_move_on = parts.weeks is None and days.first == days.last == today
    return Days(days.first, days.last, can_move_on)


def _next_of(weekdays: tuple[int, ...], today: date) -> date:
    return min(today + timedelta(days=(day - today.weekday()) % 7) for day in weekdays)


def _by_week(parts: Parts, today: date) -> Days | None:
    if parts.weeks is None:
        return None
    monday = today - timedelta(days=today.weekday()) + timedelta(weeks=parts.weeks)
    return Days(monday, monday + timedelta(days=6))


def _by_date(parts: Parts, today: date) -> Days | None:
    if parts.month is None and parts.day is None and parts.month_offset is None:
        return None
    if parts.month_part is not None:
        return None
    year = _year(parts, today)
    if parts.month is not None:
        return _in_named_month(parts.month, parts.day, year, today)
    if parts.month_offset is not None:
        month = add_months(today.replace(day=1), parts.month_offset)
        return _in_month(month, parts.day)
    return Days.one(_coming_day_of_month(parts.day or 1, today))


def _year(parts: Parts, today: date) -> int | None:
    if parts.year is not None:
        return parts.year
    return None if parts.year_offset is None else today.year + parts.year_offset


def _in_named_month(
    month: int, day: int | None, year: int | None, today: date
) -> Days | None:
    for candidate in (year,) if year is not None else (today.year, today.year + 1):
        first = make_date(candidate, month, 1)
        days = first and _in_month(first, day)
        if days and (year is not None or days.last >= today):
            return days
    return _leap_day(today) if (month, day, year) == (2, 29, None) else None


def _leap_day(today: date) -> Days | None:
    years = range(today.year, today.year + 9)
    return Days.one(
        next(filter(None, (make_date(year, 2, 29) for year in years)), None)
    )


def _in_month(first: date, day: int | None) -> Days | None:
    if day is not None:
        return Days.one(make_date(first.year, first.month, day))
    return Days(first, first.replace(day=last_day(first.year, first.month)))


def _coming_day_of_month(day: int, today: date) -> date | None:
    months = (add_months(today.replace(day=1), ahead) for ahead in range(13))
    dates = (make_date(month.year, month.month, day) for month in months)
    return next((found for found in dates if found and found >= today), None)


def _by_month_part(parts: Parts, today: date) -> Days | None:
    if parts.month_part is None:
        return None
    if parts.month is not None:
        first = make_date(_year(parts, today) or today.year, parts.month, 1)
    else:
        first = add_months(today.replace(day=1), parts.month_offset or 0)
    if first is None:
        return None
    days = _section(first, parts.month_part)
    if days.last >= today or parts.month_offset is not None or parts.year is not None:
        return days
    return _section(add_months(first, 12 if parts.month else 1), parts.month_part)


def _section(first: date, section: Section) -> Days:
    end = last_day(first.year, first.month)
    low, high = {"begin": (1, 5), "middle": (11, 20), "end": (end, end)}[section]
    return Days(first.replace(day=low), first.replace(day=high))


def _by_year(parts: Parts, today: date) -> Days | None:
    year = _year(parts, today)
    if parts.year_part is not None:
        return _year_section(year or today.year, parts.year_part)
    if year is None or not 1 <= year <= 9998:
        return None
    return Days(date(year, 1, 1), date(year, 12, 31))


def _year_section(year: int, section: Section) -> Days:
    if section == "begin":
        return Days(date(year, 1, 1), date(year, 1, 31))
    if section == "middle":
        return Days(date(year, 6, 1), date(year, 7, 31))
    return Days.one(date(year, 12, 31)) or Days(date(year, 12, 1), date(year, 12, 31))


_READERS: tuple[Callable[[Parts, date], Days | None], ...] = (
    _by_offset,
    _by_day_word,
    _by_holiday,
    _by_lunar,
    _by_months,
    _by_nth,
    _by_month_part,
    _by_date,
    _by_weekday,
    _by_week,
    _by_year,
)
