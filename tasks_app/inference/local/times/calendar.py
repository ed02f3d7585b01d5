"""Dates of months, lunar months and holidays."""

import calendar
from datetime import date, timedelta
from functools import cache
from typing import Any

from tasks_app.inference.local.wordlists import load_data


def add_months(day: date, months: int) -> date:
    """`day` moved by whole months, cut to the end of a shorter month."""
    index = day.year * 12 + day.month - 1 + months
    year, month = index // 12, index % 12 + 1
    return date(year, month, min(day.day, last_day(year, month)))


def last_day(year: int, month: int) -> int:
    return calendar.monthrange(year, month)[1]


def make_date(year: int, month: int, day: int) -> date | None:
    """The date, or None where the calendar has no such day."""
    if not 1 <= year <= 9998 or not 1 <= month <= 12:
        return None
    return date(year, month, day) if 1 <= day <= last_day(year, month) else None


def lunar_date(year: int, month: int, day: int) -> date | None:
    """The Gregorian date of a day of the Chinese lunar year; None outside the table."""
    row = load_data("lunar.toml").get(str(year))
    if row is None:
        return None
    leap: int = row["leap_month"]
    index = month - 1 + (1 if leap and month > leap else 0)
    lengths: list[int] = row["month_days"]
    first: date = row["new_year"]
    return first + timedelta(days=sum(lengths[:index]) + min(day, lengths[index]) - 1)


def holiday(name: str, year: int) -> date | None:
    """When the holiday of that name is in the (lunar) year that begins in `year`."""
    rule: dict[str, Any] = load_data("holidays.toml")["rules"][name]
    day = _holiday_by_rule(rule, year)
    return day and day + timedelta(days=rule.get("plus_days", 0))


def holiday_length(name: str) -> int:
    """The days off that begin with the holiday of that name."""
    days_off: int = load_data("holidays.toml")["rules"][name].get("days_off", 1)
    return days_off


def _solar_term(year: int, month: int, constant: float) -> date:
    short = year % 100
    leap_days = (short - (month < 3)) // 4
    return date(year, month, int(short * 0.2422 + constant) - leap_days)


def _easter(year: int) -> date:
    """Easter Sunday by the anonymous Gregorian algorithm."""
    century, golden = year // 100, year % 19
    corrected = century - century // 4 - (8 * century + 13) // 25
    epact = (corrected + 19 * golden + 15) % 30
    epact -= epact // 28 * (1 - 29 // (epact + 1) * ((21 - golden) // 11))
    weekday = (year + year // 4 + epact + 2 - century + century // 4) % 7
    offset = epact - weekday
    month = 3 + (offset + 40) // 44
    return date(year, month, offset + 28 - 31 * (month // 4))


@cache
def _nth_weekday(year: int, month: int, weekday: int, nth: int) -> date:
    if nth < 0:
        last = date(year, month, last_day(year, month))
        return last - timedelta(days=(last.weekday() - weekday) % 7)
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))


def _holiday_by_rule(rule: dict[str, Any], year: int) -> date | None:
    if "lunar_month" in rule:
        return lunar_date(year, rule["lunar_month"], rule["lunar_day"])
    if "weekday" in rule:
        return _nth_weekday(year, rule["month"], rule["weekday"], rule["nth"])
    if "solar_term" in rule:
        return _solar_term(year, rule["month"], rule["solar_term"])
    if "after_easter" in rule:
        return _easter(year) + timedelta(days=rule["after_easter"])
    return date(year, rule["month"], rule["day"])
