"""Reading what the English patterns matched."""

import re

from tasks_app.inference.local.times.chinese_dates import WEEKEND, WORKDAYS
from tasks_app.inference.local.times.chinese_readings import DAY, WEEK, as_clock
from tasks_app.inference.local.times.model import Clock, Delta, Parts, Section
from tasks_app.inference.local.times.numerals import parse_int, parse_number
from tasks_app.inference.local.times.rules import Build
from tasks_app.inference.local.wordlists import load_data

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
    "day": DAY,
    "nig": DAY,
    "wee": WEEK,
    "for": WEEK.scaled(2),
    "mon": Delta(months=1),
    "yea": Delta(months=12),
}
DAYS = {"today": 0, "tomorrow": 1, "tmr": 1, "tmrw": 1, "yesterday": -1}
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": -1}
_SECTIONS: dict[str, Section] = {"early": "begin", "mid": "middle", "late": "end"}
_SEASONS = load_data("times.toml")["seasons"]
_DAY = re.compile(r"[a-z]+day")
_BETWEEN = re.compile(r"\bbetween (?:\d{1,2}|[a-z]{3,6}) and $")
_FIRST_DAY = re.compile(
    rf"\b(?:{'|'.join(_MONTHS)})[a-z]{{0,6}}\.? [0-3]?\d(?:st|nd|rd|th)?"
    r" ?(?:[-–—~]|to|through|until) ?$"
)
_LONGEST_FIRST = 30
_FREQUENCIES = {
    "hourly": Delta(seconds=3600),
    "daily": DAY,
    "weekly": WEEK,
    "monthly": Delta(months=1),
    "yearly": Delta(months=12),
    "annually": Delta(months=12),
}


def read_twelve_hour(match: re.Match[str]) -> Parts | None:
    hour, minute = parse_int(match["hour"]), parse_int(match["minute"] or "0")
    if not 1 <= hour <= 12:
        return None
    hour = hour % 12 + (12 if match["half"] == "p" else 0)
    return Parts(clock=Clock(hour, minute, 0, is_exact=True))


def read_bare_hour(match: re.Match[str]) -> Parts | None:
    hour = parse_int(match["hour"])
    minute = parse_int(match.groupdict().get("minute") or "0")
    return as_clock(match["hour"], hour, minute) if 1 <= hour <= 12 else None


def read_hour_of_between(match: re.Match[str]) -> Parts | None:
    """The eleven of between nine and eleven."""
    said = match.string[max(0, match.start() - _LONGEST_FIRST) : match.start()]
    return read_bare_hour(match) if _BETWEEN.search(said) else None


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
    shift = match["shift"] or ""
    weeks = {"next": 1, "this": 0, "last": -1}.get(shift)
    every = WEEK if shift in ("every", "each") or match[0].endswith("days") else None
    if shift == "every other":
        every = WEEK.scaled(2)
    return Parts(weeks=weeks, weekdays=(_WEEKDAYS[match["day"][:3]],), every=every)


def read_every_weekday(match: re.Match[str]) -> Parts:
    """every Tuesday and Thursday, Mondays and Fridays."""
    days = {_WEEKDAYS[day[:3]] for day in _DAY.findall(match[0])}
    return Parts(weekdays=tuple(sorted(days)), every=WEEK)


def read_nth(match: re.Match[str]) -> Parts:
    """first Monday of, last weekend of; the month follows."""
    nth, day = _ORDINALS[match["nth"]], match["day"] or "day"
    if day == "day":
        return Parts(month_part="end") if nth < 0 else Parts(day=nth)
    if day == "week":
        return Parts(nth=nth)
    weekdays = WEEKEND if day == "weekend" else (_WEEKDAYS[day[:3]],)
    return Parts(nth=nth, weekdays=weekdays)


def read_week_after_next(match: re.Match[str]) -> Parts:
    return Parts(weeks=2, weekdays=WEEKEND if match["end"] else None)


def read_month_section(match: re.Match[str]) -> Parts:
    """mid-March, early next month, late May."""
    section = _SECTIONS[match["section"]]
    if match["month"] is not None:
        return Parts(month=_MONTHS[match["month"][:3]], month_part=section)
    return Parts(month_part=section, month_offset=1 if match["next"] else 0)


def read_season(match: re.Match[str]) -> Parts:
    season = _SEASONS[match["name"]]
    offset = {"next": 1, "last": -1}.get(match["shift"] or "")
    return Parts(months=(season["first"], season["months"]), year_offset=offset)


def read_days_away(match: re.Match[str]) -> Parts | None:
    """the day before Christmas, a week from Monday."""
    count = parse_number(match["n"] or "1")
    if count is None:
        return None
    days = int(count) * (7 if match["unit"].startswith("week") else 1)
    return Parts(day_shift=-days if match["side"] == "before" else days)


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
    ahead = 1 if match["next"] else None
    if match["unit"] == "month":
        return Parts(month_part="end", month_offset=ahead)
    if ahead and match["unit"] == "week":
        return Parts(weeks=ahead, weekdays=(4,))
    return Parts(weeks=0, weekdays=(4,)) if match["unit"] == "week" else Parts(days=0)


def read_date(match: re.Match[str]) -> Parts | None:
    found = match.groupdict()
    year = int(found["year"]) if found.get("year") else None
    day = int(found["date"]) if found.get("date") else None
    if day is not None and not 1 <= day <= 31:
        return None
    return Parts(year=year, month=_MONTHS[match["month"][:3]], day=day)


def read_last_day(match: re.Match[str]) -> Parts | None:
    """The 7 of Dec 5-7."""
    said = match.string[max(0, match.start() - _LONGEST_FIRST) : match.start()]
    return read_ordinal(match) if _FIRST_DAY.search(said) else None


def read_ordinal(match: re.Match[str]) -> Parts | None:
    day = int(match["date"])
    return Parts(day=day) if 1 <= day <= 31 else None


def _length(match: re.Match[str]) -> Delta | None:
    count = 0.5 if match["half"] else parse_number(match["n"])
    unit = next((u for key, u in _UNITS.items() if match["unit"].startswith(key)), None)
    if count is None or unit is None:
        return None
    length = unit.scaled(count + (0.5 if match["tail"] or match["and_half"] else 0))
    if match["rest"]:
        small = _UNITS[match["rest_unit"][:3]]
        length = length.plus(small.scaled(parse_int(match["rest"])))
    return length


def read_offset(sign: int) -> Build:
    def build(match: re.Match[str]) -> Parts | None:
        length = _length(match)
        return None if length is None else Parts(offset=length.scaled(sign))

    return build


def read_throughout(match: re.Match[str]) -> Parts | None:
    """over the next two weeks."""
    length = _length(match)
    if length is None:
        return None
    return Parts(offset=length, duration=length, is_throughout=True)


def read_coming_unit(match: re.Match[str]) -> Parts:
    """in the next hour."""
    length = _UNITS[match["unit"]]
    return Parts(offset=length, duration=length, is_throughout=True)


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
        return read_workdays(match)
    count = 2.0 if match["n"] == "other" else parse_number(match["n"] or "1")
    length = next((u for key, u in _UNITS.items() if unit.startswith(key)), None)
    if count is None or length is None:
        return None
    return Parts(every=length.scaled(count), part=part)


def read_workdays(_match: re.Match[str]) -> Parts:
    return Parts(every=WEEK, weekdays=WORKDAYS)


def read_frequency(match: re.Match[str]) -> Parts:
    return Parts(every=_FREQUENCIES[match[0]])
