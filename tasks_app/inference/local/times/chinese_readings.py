"""Reading Chinese clock times, lengths and repetitions."""

import re
from dataclasses import replace

from tasks_app.inference.local.times.chinese_dates import (
    WEEKDAYS,
    WEEKEND,
    WORKDAYS,
    read_section,
)
from tasks_app.inference.local.times.model import Clock, Delta, Parts
from tasks_app.inference.local.times.numerals import parse_int, parse_number
from tasks_app.inference.local.wordlists import load_data

DAY = Delta(days=1)
WEEK = Delta(days=7)
_NEAR_DAYS = {"昨": -1, "今": 0, "当": 0, "明": 1, "次": 1, "后": 2}
_NEAR_PARTS = {"早": "早上", "晨": "早上", "晚": "晚上", "夜": "夜里", "午": "中午"}
_UNITS = {
    "秒": Delta(seconds=1),
    "分": Delta(seconds=60),
    "刻": Delta(seconds=900),
    "小": Delta(seconds=3600),
    "钟": Delta(seconds=3600),
    "周": WEEK,
    "星": WEEK,
    "礼": WEEK,
    "月": Delta(months=1),
    "季": Delta(months=3),
    "年": Delta(months=12),
} | dict.fromkeys("天日夜晚早工", DAY)
"""Units of time by their first character."""
_PARTS = load_data("times.toml")["parts"]
_SURELY_MORNING = 7
# Where 一点 is a clock time: at the start, or behind what a clock time follows.
_BEFORE_ONE_OCLOCK = re.compile(
    r"(?:^|[，。；,;！!、~-]|[今明昨当次后周号六五四三二一末]晚|最[早晚迟]"
    r"|[晚早]上|夜里|[午晨天日号后夜六五四三二一末在到至约于]|(?<!给)我)$"
)
# 半天 for a long while: 等了半天, 半天没找到.
_AFTER_A_WHILE = re.compile("[没不都也才还了]")
_LITERAL_HALF_DAY = re.compile("的?(?:假|班|课|工|时间)")


def read_clock(match: re.Match[str]) -> Parts | None:
    """七点, 七点半, 七点一刻, 7点30分."""
    if match["hour"] == "一" and _is_a_bit(match):
        return None
    minute = 0
    if match["half"]:
        minute = 30
    elif match["quarter"]:
        minute = 15 * parse_int(match["quarter"])
    elif match["minute"]:
        minute = parse_int(match["minute"])
    return as_clock(match["hour"], parse_int(match["hour"]), minute)


def as_clock(written: str, hour: int, minute: int = 0, second: int = 0) -> Parts | None:
    """A time of day, or None when there is no such one."""
    if not 0 <= hour <= 24 or not 0 <= minute < 60 or (hour == 24 and minute):
        return None
    is_exact = hour > 12 or hour == 0 or written.startswith("0")
    return Parts(clock=Clock(hour, minute, second, is_exact))


def _is_a_bit(match: re.Match[str]) -> bool:
    """Whether 一点 means `a little` here: 早一点, 一点都不, 买一点水果."""
    text = match.string
    if len(match[0]) > 2:
        return False
    if text[match.end() : match.end() + 1] in tuple("都也儿点不没小水"):
        return True
    return not _BEFORE_ONE_OCLOCK.search(text[: match.start()].rstrip())


def read_clock_to(match: re.Match[str]) -> Parts | None:
    """差五分八点, 差一刻九点."""
    hour = parse_int(match["hour"])
    minutes = parse_int(match["n"]) * (15 if match["unit"] == "刻" else 1)
    if not 1 <= hour <= 24 or not 0 < minutes < 60:
        return None
    return as_clock(match["hour"], hour - 1 or 12, 60 - minutes)


def read_digital(match: re.Match[str]) -> Parts | None:
    """19:30, 08:56:29, 615 behind a part of the day."""
    hour, minute = int(match["hour"]), int(match["minute"])
    second = int(match.groupdict().get("second") or 0)
    parts = as_clock(match["hour"], hour, minute, second)
    if parts is None or parts.clock is None or hour < _SURELY_MORNING:
        return parts
    # With a colon, 9:00 is of a 24-hour clock; 3:30 may still be the afternoon.
    return replace(parts, clock=replace(parts.clock, is_exact=True))


def read_coming_hour(_match: re.Match[str]) -> Parts:
    hour = Delta(seconds=3600)
    return Parts(offset=hour, duration=hour, is_throughout=True)


def read_every_weekday(match: re.Match[str]) -> Parts:
    """每周三, 每周一三五, 每个周末, 隔周五."""
    days: tuple[int, ...] = WEEKEND if "末" in match["days"] else ()
    days += tuple(WEEKDAYS[char] for char in match["days"] if char in WEEKDAYS)
    every = WEEK.scaled(2) if match.groupdict().get("skip") else WEEK
    return Parts(every=every, weekdays=tuple(dict.fromkeys(days)))


def read_every(match: re.Match[str]) -> Parts | None:
    """每天, 每晚, 每隔两小时, 隔天, 每个工作日."""
    count = parse_number(match["n"]) if match["n"] else 1.0
    unit = match["unit"]
    if count is None or (unit == "月" and match["n"] and "个" not in match[0]):
        return None
    if match["skip"] and count == 1 and unit[0] in "天日周月年":
        count = 2
    weekdays = WORKDAYS if unit.startswith("工") else None
    part = unit if unit in _PARTS else _NEAR_PARTS.get(unit)
    length = WEEK if weekdays else DAY if part else _UNITS[unit[0]]
    return Parts(every=length.scaled(count), part=part, weekdays=weekdays)


def read_each(match: re.Match[str]) -> Parts:
    """天天, 月月, the 一周 of 一周两次."""
    return Parts(every=_UNITS[match["unit"][0]])


def read_every_section(match: re.Match[str]) -> Parts:
    """每月底, 每年年初, 每季度末."""
    section, every = read_section(match["part"]), _UNITS[match["unit"][0]]
    if match["unit"] == "年":
        return Parts(every=every, year_part=section)
    offset = 0 if match["unit"][0] == "季" else None
    return Parts(every=every, quarter_offset=offset, month_part=section)


def read_workdays(_match: re.Match[str]) -> Parts:
    return Parts(every=WEEK, weekdays=WORKDAYS)


def read_day_and_part(match: re.Match[str]) -> Parts:
    """明早, 今晚."""
    part = _NEAR_PARTS[match["part"][0]]
    return Parts(days=_NEAR_DAYS[match["day"]], part=part)


def read_near_part(match: re.Match[str]) -> Parts:
    """The 晚 of 周五晚 and 晚八点."""
    return Parts(part=_NEAR_PARTS[match[0][0]])


def read_several_parts(match: re.Match[str]) -> Parts:
    """The 早晚 of 每天早晚, the 早中晚饭后 of 每天早中晚饭后."""
    return Parts(part=match["part"], anchor=match[0] if match["meal"] else None)


def read_daily_parts(match: re.Match[str]) -> Parts:
    """早晚各一次, 早中晚饭后."""
    return replace(read_several_parts(match), every=DAY)


def read_length(match: re.Match[str]) -> Parts | None:
    """半小时后, 三天内, 再过十分钟, 提前一天, 两个半小时."""
    count, unit = parse_number(match["n"]), match["unit"]
    is_after = bool(match["after"] or match["over"])
    if _is_long_while(match):
        return None
    if not _is_length(match, count, is_after):
        return None
    if count is None:
        is_time = is_after or match["within"] or match["coming"]
        return Parts(fuzzy=match[0]) if is_time else None
    has_half = (match["half"] or match["tail"]) and count >= 1
    length = _UNITS[unit[0]].scaled(count + (0.5 if has_half else 0))
    if match["rest"]:
        rest = _UNITS[match["rest_unit"][0]].scaled(parse_int(match["rest"]))
        length = length.plus(rest)
    return _placed(match, length, is_after)


def _placed(match: re.Match[str], length: Delta, is_after: bool) -> Parts:
    """Where the length lies, seen from now."""
    if is_after:
        return Parts(offset=length)
    if match["within"]:
        return Parts(offset=length, duration=length)
    if match["coming"]:
        return Parts(offset=length, duration=length, is_throughout=True)
    if match["before"] and not match["lead"]:
        return Parts(offset=length.scaled(-1))
    return Parts(duration=length)


def _is_long_while(match: re.Match[str]) -> bool:
    is_placed = match["after"] or match["within"]
    if match["n"] + match["unit"] != "半天" or is_placed:
        return False
    text = match.string
    if _LITERAL_HALF_DAY.match(text, match.end()):
        return False
    was_spent = text.endswith("了", 0, match.start())
    return was_spent or _AFTER_A_WHILE.match(text, match.end()) is not None


def _is_length(match: re.Match[str], count: float | None, is_after: bool) -> bool:
    """Whether it is not a date in disguise: 3月, 3日, 2026年."""
    unit = match["unit"]
    if unit == "月":
        return "个" in match[0] or count == 0.5
    if unit == "日":
        return is_after or bool(match["within"] or match["coming"])
    return not (unit == "年" and count is not None and count >= 1900)
