"""The patterns of English words of time, and how they are read."""

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
from tasks_app.inference.local.times.rules import Build, Rule
from tasks_app.inference.local.wordlists import alternation, load_data, split_words

_WORDS = load_data("times.toml")
_HOLIDAYS = load_data("holidays.toml")
_MONTHS = {
    name: index + 1
    for index, name in enumerate(
        [
            "jan",
            "feb",
            "mar",
            "apr",
            "may",
            "jun",
            "jul",
            "aug",
            "sep",
            "oct",
            "nov",
            "dec",
        ]
    )
}
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
_DAYS = {"today": 0, "tomorrow": 1, "tmr": 1, "tmrw": 1, "yesterday": -1}
_FREQUENCIES = {
    "daily": Delta(seconds=DAY_S),
    "weekly": WEEK,
    "monthly": Delta(months=1),
    "yearly": Delta(months=12),
    "annually": Delta(months=12),
}

_NUMBER_WORD = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty"
_COUNT = rf"(?P<n>\d{{1,3}}(?:\.\d)?|an?|{_NUMBER_WORD}|half)"
_UNIT = r"(?P<unit>sec(?:ond)?s?|min(?:ute)?s?|hours?|hrs?|days?|nights?|weeks?|months?|years?)\b"
_LENGTH = rf"(?P<half>half an? )?{_COUNT} ?(?:an? )?(?P<tail>and a half )?{_UNIT}"
_DAY_NAME = (
    r"(?P<day>mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:r(?:s(?:day)?)?)?"
    r"|fri(?:day)?|saturday|sunday)s?\b"
)
_MONTH_NAME = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_ORDINAL = r"(?P<date>[0-3]?\d)(?:st|nd|rd|th)?\b"
_SMALL_HOUR = rf"(?P<hour>1[0-2]|[1-9]|{_NUMBER_WORD})"


def _read_twelve_hour(match: re.Match[str]) -> Parts | None:
    hour, minute = int(match["hour"]), int(match["minute"] or 0)
    if not 1 <= hour <= 12:
        return None
    hour = hour % 12 + (12 if match["half"] == "p" else 0)
    return Parts(clock=Clock(hour, minute, 0, is_exact=True))


def _read_bare_hour(match: re.Match[str]) -> Parts | None:
    hour = parse_int(match["hour"])
    return as_clock(match["hour"], hour) if 1 <= hour <= 12 else None


def _read_spoken_clock(match: re.Match[str]) -> Parts | None:
    """half past three, quarter to five, ten past six."""
    hour = parse_int(match["hour"])
    said = match["n"].removeprefix("a ")
    minute = {"half": 30, "quarter": 15}.get(said) or parse_int(said)
    if match["side"] in ("to", "til"):
        hour, minute = hour - 1 or 12, 60 - minute
    return as_clock("", hour, minute)


def _read_fixed_clock(match: re.Match[str]) -> Parts:
    hour = 12 if "noon" in match[0] or "midday" in match[0] else 24
    return Parts(clock=Clock(hour, 0, 0, is_exact=True))


def _read_weekday(match: re.Match[str]) -> Parts:
    weeks = {"next": 1, "this": 0, "last": -1}.get(match["shift"] or "")
    every = WEEK if match["shift"] == "every" or match[0].endswith("days") else None
    return Parts(weeks=weeks, weekdays=(_WEEKDAYS[match["day"][:3]],), every=every)


def _read_weekend(match: re.Match[str]) -> Parts:
    weeks = {"next": 1, "this": 0, "last": -1}.get(match["shift"] or "")
    every = WEEK if match["shift"] == "every" else None
    return Parts(weeks=weeks, weekdays=WEEKEND, every=every)


def _read_shifted(match: re.Match[str]) -> Parts:
    """this week, next month, last year."""
    offset = {"next": 1, "last": -1}.get(match["shift"], 0)
    if match["unit"] == "week":
        return Parts(weeks=offset)
    if match["unit"] == "month":
        return Parts(month_offset=offset)
    return Parts(year_offset=offset)


def _read_end(match: re.Match[str]) -> Parts:
    if match["unit"] == "year":
        return Parts(year_part="end")
    if match["unit"] == "month":
        return Parts(month_part="end")
    return Parts(weeks=0, weekdays=(4,)) if match["unit"] == "week" else Parts(days=0)


def _read_date(match: re.Match[str]) -> Parts | None:
    found = match.groupdict()
    year = int(found["year"]) if found.get("year") else None
    day = int(found["date"]) if found.get("date") else None
    if day is not None and not 1 <= day <= 31:
        return None
    return Parts(year=year, month=_MONTHS[match["month"][:3]], day=day)


def _read_ordinal(match: re.Match[str]) -> Parts | None:
    day = int(match["date"])
    return Parts(day=day) if 1 <= day <= 31 else None


def _length(match: re.Match[str]) -> Delta | None:
    count = 0.5 if match["half"] else parse_number(match["n"])
    unit = next((u for key, u in _UNITS.items() if match["unit"].startswith(key)), None)
    if count is None or unit is None:
        return None
    return unit.scaled(count + (0.5 if match["tail"] else 0))


def _read_offset(sign: int) -> Build:
    def build(match: re.Match[str]) -> Parts | None:
        length = _length(match)
        return None if length is None else Parts(offset=length.scaled(sign))

    return build


def _read_within(match: re.Match[str]) -> Parts | None:
    length = _length(match)
    return None if length is None else Parts(offset=length, duration=length)


def _read_duration(match: re.Match[str]) -> Parts | None:
    length = _length(match)
    return None if length is None else Parts(duration=length)


def _read_every(match: re.Match[str]) -> Parts | None:
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


def _read_frequency(match: re.Match[str]) -> Parts:
    return Parts(every=_FREQUENCIES[match[0]])


def _rule(pattern: str, build: Build) -> Rule:
    return Rule(re.compile(pattern), build)


def _english(words: tuple[str, ...] | list[str]) -> str:
    return alternation([word for word in words if word.isascii()])


_HOLIDAY = _english([name for name in _HOLIDAYS["rules"] if not name.isdigit()])

RULES: tuple[Rule, ...] = (
    _rule(
        r"(?<![\w:.])(?P<hour>\d{1,2})(?:[:.](?P<minute>[0-5]\d))? ?(?P<half>[ap])\.?m\b\.?",
        _read_twelve_hour,
    ),
    _rule(
        r"\b(?:at|by|before|until|till|around|about|from|after|@) ?"
        rf"{_SMALL_HOUR}\b(?![:./%\d]|-\d| ?[a-z]*(?:st|nd|rd|th|minutes?|mins?|hours?|hrs?"
        r"|days?|weeks?|months?|people|percent|kids|items|dollars|bucks|degrees|km|miles)\b)",
        _read_bare_hour,
    ),
    _rule(rf"\b{_SMALL_HOUR} ?o'?clock\b", _read_bare_hour),
    _rule(
        r"\b(?P<n>half|(?:a )?quarter|five|ten|twenty) (?P<side>past|to|til) "
        rf"{_SMALL_HOUR}\b",
        _read_spoken_clock,
    ),
    _rule(r"\b(?:at )?(?:noon|midday|midnight)\b", _read_fixed_clock),
    _rule(
        r"\b(?:the )?day after tomorrow\b",
        lambda _match: Parts(days=2),
    ),
    _rule(
        rf"\b(?:{_english(list(_DAYS))})\b", lambda match: Parts(days=_DAYS[match[0]])
    ),
    _rule(r"\btonight\b", lambda _match: Parts(days=0, part="night")),
    _rule(
        r"\bthis (?P<part>morning|afternoon|evening)\b",
        lambda match: Parts(days=0, part=match["part"]),
    ),
    _rule(
        r"(?<!good )\b(?:(?:in|at|during) (?:the )?)?(?P<part>morning|afternoon|evening|night)\b"
        r"(?! (?:tea|run|show|club|shift|market))",
        lambda match: Parts(part=match["part"]),
    ),
    _rule(
        rf"\b(?:(?:on|by|before) )?(?:(?P<shift>next|this|last|every|coming) )?{_DAY_NAME}",
        _read_weekday,
    ),
    _rule(r"\b(?P<shift>next|this|last|every|on) (?P<day>sat|sun)\b", _read_weekday),
    _rule(
        r"\b(?:(?:on|over|at) (?:the )?)?(?:(?P<shift>next|this|last|every) )?weekends?\b",
        _read_weekend,
    ),
    _rule(r"\b(?P<shift>next|this|last) (?P<unit>week|month|year)\b", _read_shifted),
    _rule(
        r"\b(?:by |at |before )?(?:the )?end of (?:the |this )?(?P<unit>day|week|month|year)\b",
        _read_end,
    ),
    _rule(
        rf"\b(?:on )?{_MONTH_NAME} {_ORDINAL}(?!:)(?:,? (?P<year>20\d\d)\b)?",
        _read_date,
    ),
    _rule(
        rf"\b(?:on )?(?:the )?{_ORDINAL} (?:of )?{_MONTH_NAME}(?:,? (?P<year>20\d\d)\b)?",
        _read_date,
    ),
    _rule(
        r"\bin (?P<month>january|february|march|april|may|june|july|august|september"
        r"|october|november|december)\b",
        _read_date,
    ),
    _rule(
        r"\b(?:on |by |before )?the (?P<date>[0-3]?\d)(?:st|nd|rd|th)\b(?! (?:floor|street|time))",
        _read_ordinal,
    ),
    _rule(rf"\bin {_LENGTH}(?! ago)", _read_offset(1)),
    _rule(rf"\b{_LENGTH} (?:from now|later)\b", _read_offset(1)),
    _rule(rf"\b{_LENGTH} ago\b", _read_offset(-1)),
    _rule(rf"\bwithin (?:the next )?{_LENGTH}", _read_within),
    _rule(rf"(?<!once )(?<!twice )(?<!times )\b(?:for )?{_LENGTH}", _read_duration),
    _rule(
        rf"\b(?:every|each) (?:(?P<n>other|\d{{1,2}}|{_NUMBER_WORD}) )?(?P<unit>minutes?|hours?"
        r"|days?|weeks?|months?|years?|morning|afternoon|evening|night|weekdays?|workdays?)\b",
        _read_every,
    ),
    _rule(r"\b(?:daily|weekly|monthly|yearly|annually)\b", _read_frequency),
    _rule(
        rf"\b(?:on )?(?P<name>{_HOLIDAY})\b", lambda match: Parts(holiday=match["name"])
    ),
    _rule(
        rf"\b(?:{_english(split_words(_WORDS['fuzzy']['later']))})\b",
        lambda match: Parts(fuzzy=match[0]),
    ),
    _rule(
        rf"\b(?:{_english(split_words(_WORDS['fuzzy']['now']))})\b",
        lambda match: Parts(fuzzy=match[0]),
    ),
)
