"""Reading what the Chinese patterns matched."""

import re
from dataclasses import replace

from tasks_app.inference.local.times.model import Clock, Delta, Parts, Section
from tasks_app.inference.local.times.numerals import parse_int, parse_number

DAY_S = 86_400
WEEK = Delta(seconds=7 * DAY_S)
WORKDAYS = (0, 1, 2, 3, 4)
WEEKEND = (5, 6)

_WEEKDAYS = {char: index for index, char in enumerate("一二三四五六日")} | {"天": 6}
_WEEKDAYS |= {str(index + 1): index for index in range(6)}
_SHIFTS = {
    "上上": -2, "上": -1, "去": -1, "这": 0, "本": 0, "今": 0, "当": 0,
    "明": 1, "下": 1, "下下": 2, "后": 2,
}  # fmt: skip
_NEAR_DAYS = {"昨": -1, "今": 0, "当": 0, "明": 1, "次": 1, "后": 2}
_NEAR_PARTS = {"早": "早上", "晨": "早上", "晚": "晚上", "夜": "夜里", "午": "中午"}
_SECTIONS: dict[str, Section] = {
    "初": "begin",
    "上旬": "begin",
    "中": "middle",
    "中旬": "middle",
}
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
} | dict.fromkeys("天日晚早工", Delta(seconds=DAY_S))
"""Units of time by their first character."""

_SURELY_MORNING = 7
_LUNAR_MONTHS = {"正": 1, "冬": 11, "腊": 12}
_NUMERALS = "零〇一二两三四五六七八九十百千第."
_MEASURES = (
    "个點点月号日年天分小周级层楼岁元块件条只斤人次路本章页位起种张台部辆秒时刻米"
    "公度班线口步些下样定直边般半"
)


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
    before = text[: match.start()].rstrip()
    return bool(before) and before[-1] not in (
        "，。；,;！!、午晚晨早上天日号后里夜六五四三二一末在到至约我-~前"
    )


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


def read_date(match: re.Match[str]) -> Parts | None:
    """2026年3月5日, 三月五号, 3/5, 2026-03-05."""
    found = match.groupdict()
    year = parse_int(found["year"]) if found.get("year") else None
    month = parse_int(match["month"])
    day = parse_int(found["day"]) if found.get("day") else None
    if not 1 <= month <= 12 or (day is not None and not 1 <= day <= 31):
        return None
    return Parts(year=year, month=month, day=day)


def read_day_number(match: re.Match[str]) -> Parts | None:
    """15号."""
    day = parse_int(match["day"])
    return Parts(day=day) if 1 <= day <= 31 else None


def read_lunar(match: re.Match[str]) -> Parts | None:
    """农历八月十五, 正月初五, 初八."""
    found = match.groupdict()
    written = found.get("month")
    month = (_LUNAR_MONTHS.get(written) or parse_int(written)) if written else None
    day = parse_int(found["day"]) if found.get("day") else 1
    if (month is not None and not 1 <= month <= 12) or not 1 <= day <= 30:
        return None
    return Parts(month=month, day=day, is_lunar=True)


def read_holiday(match: re.Match[str]) -> Parts:
    return Parts(holiday=match["name"])


def read_ambiguous_holiday(match: re.Match[str]) -> Parts | None:
    """十一 and the like, unless it is a number here: 十一个, 第五一."""
    text = match.string
    before = text[match.start() - 1 : match.start()] if match.start() else ""
    after = text[match.end() : match.end() + 1]
    if before and (
        before in _NUMERALS or before.isdigit() or before in "王李张刘陈周星"
    ):
        return None
    if after and (after in _NUMERALS or after.isdigit() or after in _MEASURES):
        return None
    return Parts(holiday=match["name"])


def read_new_year_eve_of_year(_match: re.Match[str]) -> Parts:
    """The 年 of 年前: before the Spring Festival."""
    return Parts(holiday="春节")


def read_year(match: re.Match[str]) -> Parts:
    return Parts(year=parse_int(match["year"]))


def read_year_offset(match: re.Match[str]) -> Parts:
    """明年, 今年底, 年底."""
    offset = _SHIFTS[match["shift"]] if match["shift"] else None
    return Parts(year_offset=offset, year_part=_section(match["part"]))


def read_month_offset(match: re.Match[str]) -> Parts:
    """下个月, 本月底, 月初."""
    offset = _SHIFTS[match["shift"]] if match["shift"] else None
    return Parts(month_offset=offset, month_part=_section(match["part"]))


def read_named_month_part(match: re.Match[str]) -> Parts | None:
    """三月底, 6月中旬."""
    month = parse_int(match["month"])
    if not 1 <= month <= 12:
        return None
    return Parts(month=month, month_part=_section(match["part"]))


def _section(word: str | None) -> Section | None:
    return _SECTIONS.get(word, "end") if word else None


def read_last_day(_match: re.Match[str]) -> Parts:
    return Parts(month_part="end")


def read_week(match: re.Match[str]) -> Parts:
    """下周, 这个星期."""
    return Parts(weeks=_SHIFTS[match["shift"]])


def read_weekday(match: re.Match[str]) -> Parts:
    """周三, 下下周一, 这周末."""
    weeks = _SHIFTS[match["shift"]] if match["shift"] else None
    if match["day"] in ("末", "六日"):
        return Parts(weeks=weeks, weekdays=WEEKEND)
    return Parts(weeks=weeks, weekdays=(_WEEKDAYS[match["day"]],))


def read_every_weekday(match: re.Match[str]) -> Parts:
    """每周三, 每周一三五, 每个周末."""
    days: tuple[int, ...] = WEEKEND if "末" in match["days"] else ()
    days += tuple(_WEEKDAYS[char] for char in match["days"] if char in _WEEKDAYS)
    return Parts(every=WEEK, weekdays=tuple(dict.fromkeys(days)))


def read_every(match: re.Match[str]) -> Parts | None:
    """每天, 每晚, 每隔两小时, 隔天, 每个工作日."""
    count = parse_number(match["n"]) if match["n"] else 1.0
    unit = match["unit"]
    if count is None or (unit == "月" and match["n"] and "个" not in match[0]):
        return None
    if match["skip"] and count == 1 and unit[0] in "天日周月年":
        count = 2
    weekdays = WORKDAYS if unit.startswith("工") else None
    part = _NEAR_PARTS.get(unit[0]) if unit[0] in "早晚" else None
    return Parts(every=_UNITS[unit[0]].scaled(count), part=part, weekdays=weekdays)


def read_daily(_match: re.Match[str]) -> Parts:
    return Parts(every=Delta(seconds=DAY_S))


def read_workdays(_match: re.Match[str]) -> Parts:
    return Parts(every=WEEK, weekdays=WORKDAYS)


def read_day_and_part(match: re.Match[str]) -> Parts:
    """明早, 今晚."""
    part = _NEAR_PARTS[match["part"][0]]
    return Parts(days=_NEAR_DAYS[match["day"]], part=part)


def read_near_part(match: re.Match[str]) -> Parts:
    """The 晚 of 周五晚 and 晚八点."""
    return Parts(part=_NEAR_PARTS[match[0][0]])


def read_length(match: re.Match[str]) -> Parts | None:
    """半小时后, 三天内, 再过十分钟, 提前一天, 两个半小时."""
    count, unit = parse_number(match["n"]), match["unit"]
    is_after = bool(match["after"] or match["over"])
    if not _is_length(match, count, is_after):
        return None
    if count is None:
        return Parts(fuzzy=match[0]) if is_after or match["within"] else None
    has_half = (match["half"] or match["tail"]) and count >= 1
    length = _UNITS[unit[0]].scaled(count + (0.5 if has_half else 0))
    if is_after:
        return Parts(offset=length)
    if match["within"]:
        return Parts(offset=length, duration=length)
    if match["before"] and not match["lead"]:
        return Parts(offset=length.scaled(-1))
    return Parts(duration=length)


def _is_length(match: re.Match[str], count: float | None, is_after: bool) -> bool:
    """Whether it is not a date in disguise: 3月, 3日, 2026年."""
    unit = match["unit"]
    if unit == "月":
        return "个" in match[0] or count == 0.5
    if unit == "日":
        return is_after or bool(match["within"])
    return not (unit == "年" and count is not None and count >= 1900)
