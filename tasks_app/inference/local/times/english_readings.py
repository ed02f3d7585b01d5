"""Reading what the English patterns matched."""

import re

from tasks_app.inference.local.times.chinese_readings import (
    DAY_S,
    WEEK,
    WEEKEND,
    WORKDAYS,
    as_clock,
)
from tasks_app.inference.local.times.model import Clock, Delta, Parts
from tasks_app.inference.local.times.numerals import parse_int, parse_number
from tasks_app.inference.local.times.rules import Build

_MONTHS = {
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6,
    "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11, "dec": 12,
}  # fmt: skip
_WEEKDAYS = {
    name: index
    for index, name in enumerate(("mon", "tue", "wed", "thu", "fri", "sat", "sun"))
}
_UNITS = {
    "sec": Delta(seconds=1),
    "min": Delta(seconds=60),
    "hou": Delta(seconds=3600),
    "hr": Delta(seconds=3600),
    "day": Delta(seconds=DAY_S),
    "nig": Delta(seconds=DAY_S),
    "wee": WEEK,
    "mon": Delta(months=1),
    "yea": Delta(months=12),
}
DAYS = {"today": 0, "tomorrow": 1, "tmr": 1, "tmrw": 1, "yesterday": -1}
_FREQUENCIES = {
    "daily": Delta(seconds=DAY_S),
    "weekly": WEEK,
    "monthly": Delta(months=1),
    "yearly": Delta(months=12),
    "annually": Delta(months=12),
}


def read_twelve_hour(match: re.Match[str]) -> Parts | None:
    hour, minute = int(match["hour"]), int(match["minute"] or 0)
    if not 1 <= hour <= 12:
        return None
    hour = hour % 12 + (12 if match["half"] == "p" else 0)
    return Parts(clock=Clock(hour, minute, 0, is_exact=True))


def read_bare_hour(match: re.Match[str]) -> Parts | None:
    hour = parse_int(match["hour"])
    return as_clock(match["hour"], hour) if 1 <= hour <= 12 else None


def read_spoken_clock(match: re.Match[str]) -> Parts | None:
    """half past three, quarter to five, ten past six."""
    hour = parse_int(match["hour"])
    said = match["n"].removeprefix("a ")
    minute = {"half": 30, "quarter": 15}.get(said) or parse_int(said)
    if match["side"] in ("to", "til"):
        hour, minute = hour - 1 or 12, 60 - minute
    return as_clock("", hour, minute)


def read_fixed_clock(match: re.Match[str]) -> Parts:
    hour = 12 if "noon" in match[0] or "midday" in match[0] else 24
    return Parts(clock=Clock(hour, 0, 0, is_exact=True))


def read_weekday(match: re.Match[str]) -> Parts:
    weeks = {"next": 1, "this": 0, "last": -1}.get(match["shift"] or "")
    every = WEEK if match["shift"] == "every" or match[0].endswith("days") else None
    return Parts(weeks=weeks, weekdays=(_WEEKDAYS[match["day"][:3]],), every=every)


def read_weekend(match: re.Match[str]) -> Parts:
    weeks = {"next": 1, "this": 0, "last": -1}.get(match["shift"] or "")
    every = WEEK if match["shift"] == "every" else None
    return Parts(weeks=weeks, weekdays=WEEKEND, every=every)


def read_shifted(match: re.Match[str]) -> Parts:
    """this week, next month, last year."""
    offset = {"next": 1, "last": -1}.get(match["shift"], 0)
    if match["unit"] == "week":
        return Parts(weeks=offset)
    if match["unit"] == "month":
        return Parts(month_offset=offset)
    return Parts(year_offset=offset)


def read_end(match: re.Match[str]) -> Parts:
    if match["unit"] == "year":
        return Parts(year_part="end")
    if match["unit"] == "month":
        return Parts(month_part="end")
    return Parts(weeks=0, weekdays=(4,)) if match["unit"] == "week" else Parts(days=0)


def read_date(match: re.Match[str]) -> Parts | None:
    found = match.groupdict()
    year = int(found["year"]) if found.get("year") else None
    day = int(found["date"]) if found.get("date") else None
    if day is not None and not 1 <= day <= 31:
        return None
    return Parts(year=year, month=_MONTHS[match["month"][:3]], day=day)


def read_ordinal(match: re.Match[str]) -> Parts | None:
    day = int(match["date"])
    return Parts(day=day) if 1 <= day <= 31 else None


def _length(match: re.Match[str]) -> Delta | None:
    count = 0.5 if match["half"] else parse_number(match["n"])
    unit = next((u for key, u in _UNITS.items() if match["unit"].startswith(key)), None)
    if count is None or unit is None:
        return None
    return unit.scaled(count + (0.5 if match["tail"] else 0))


def read_offset(sign: int) -> Build:
    def build(match: re.Match[str]) -> Parts | None:
        length = _length(match)
        return None if length is None else Parts(offset=length.scaled(sign))

    return build


def read_within(match: re.Match[str]) -> Parts | None:
    length = _length(match)
    return None if length is None else Parts(offset=length, duration=length)


def read_duration(match: re.Match[str]) -> Parts | None:
    length = _length(match)
    return None if length is None else Parts(duration=length)


def read_every(match: re.Match[str]) -> Parts | None:
    unit, part = match["unit"], None
    if unit in ("morning", "afternoon", "evening", "night"):
        unit, part = "day", unit
    if unit.startswith(("weekday", "workday")):
        return Parts(every=WEEK, weekdays=WORKDAYS)
    count = 2.0 if match["n"] == "other" else parse_number(match["n"] or "1")
    length = next((u for key, u in _UNITS.items() if unit.startswith(key)), None)
    if count is None or length is None:
        return None
    return Parts(every=length.scaled(count), part=part)


def read_frequency(match: re.Match[str]) -> Parts:
    return Parts(every=_FREQUENCIES[match[0]])
