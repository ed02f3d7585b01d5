"""Reading Chinese names of dates, weeks, months and seasons."""

import re

from tasks_app.inference.local.times.model import Parts, Section
from tasks_app.inference.local.times.numerals import parse_int
from tasks_app.inference.local.wordlists import load_data

WORKDAYS = (0, 1, 2, 3, 4)
WEEKEND = (5, 6)
WEEKDAYS = {char: index for index, char in enumerate("一二三四五六日")} | {"天": 6}
WEEKDAYS |= {str(index + 1): index for index in range(6)}
_SHIFTS = {
    "上上": -2, "上": -1, "去": -1, "这": 0, "本": 0, "今": 0, "当": 0,
    "明": 1, "下": 1, "下下": 2, "后": 2,
}  # fmt: skip
_SECTIONS: dict[str, Section] = {
    "初": "begin",
    "上旬": "begin",
    "中": "middle",
    "中旬": "middle",
}
_SEASONS = load_data("times.toml")["seasons"]
_SEASONS_IN_SHORT = {"春": "春天", "夏": "夏天", "秋": "秋天", "冬": "冬天"}
_LUNAR_MONTHS = {"正": 1, "冬": 11, "腊": 12}
_NUMERALS = "零〇一二两三四五六七八九十百千第."
_MEASURES = (
    "个點点月号日年天分小周级层楼岁元块件条只斤人次路本章页位起种张台部辆秒时刻米"
    "公度班线口步些下样定直边般半"
)


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


def read_new_year_of_year(_match: re.Match[str]) -> Parts:
    """The 年 of 年前 and 年后: the Spring Festival."""
    return Parts(holiday="春节")


def read_year(match: re.Match[str]) -> Parts:
    return Parts(year=parse_int(match["year"]))


def read_year_offset(match: re.Match[str]) -> Parts:
    """明年, 今年底, 年底."""
    offset = _SHIFTS[match["shift"]] if match["shift"] else None
    return Parts(year_offset=offset, year_part=read_section(match["part"]))


def read_this_year(_match: re.Match[str]) -> Parts:
    return Parts(year_offset=0)


def read_month_offset(match: re.Match[str]) -> Parts:
    """下个月, 本月底, 月初."""
    offset = _SHIFTS[match["shift"]] if match["shift"] else None
    return Parts(month_offset=offset, month_part=read_section(match["part"]))


def read_this_month(_match: re.Match[str]) -> Parts:
    return Parts(month_offset=0)


def read_named_month_part(match: re.Match[str]) -> Parts | None:
    """三月底, 6月中旬."""
    month = parse_int(match["month"])
    if not 1 <= month <= 12:
        return None
    return Parts(month=month, month_part=read_section(match["part"]))


def read_section(word: str | None) -> Section | None:
    return _SECTIONS.get(word, "end") if word else None


def read_last_day(_match: re.Match[str]) -> Parts:
    return Parts(month_part="end")


def read_nth(match: re.Match[str]) -> Parts:
    """第一个周一, 最后一个工作日, 第二周."""
    nth = parse_int(match["nth"]) if match["nth"] else -1
    unit, day = match["unit"], match["day"]
    if day:
        return Parts(nth=nth, weekdays=WEEKEND if day == "末" else (WEEKDAYS[day],))
    if unit[0] in "天日":
        return Parts(month_part="end") if nth < 0 else Parts(day=nth)
    return Parts(nth=nth, weekdays=WORKDAYS if unit == "工作日" else None)


def read_season(match: re.Match[str]) -> Parts:
    """夏天, 上半年, 今冬."""
    name = match["name"]
    season = _SEASONS[_SEASONS_IN_SHORT.get(name, name)]
    shift = match.groupdict().get("shift")
    return Parts(
        months=(season["first"], season["months"]),
        year_offset=_SHIFTS[shift] if shift else None,
    )


def read_quarter(match: re.Match[str]) -> Parts:
    """二季度, 下季度, 季度末."""
    found = match.groupdict()
    section = read_section(found.get("part"))
    if found.get("n"):
        first = 3 * parse_int(match["n"]) - 2
        return Parts(months=(first, 3), month_part=section)
    shift = found.get("shift")
    return Parts(quarter_offset=_SHIFTS[shift] if shift else 0, month_part=section)


def read_week(match: re.Match[str]) -> Parts:
    """下周, 这个星期."""
    return Parts(weeks=_SHIFTS[match["shift"]])


def read_weekday(match: re.Match[str]) -> Parts:
    """周三, 下下周一, 这周末."""
    weeks = _SHIFTS[match["shift"]] if match["shift"] else None
    if match["day"] in ("末", "六日"):
        return Parts(weeks=weeks, weekdays=WEEKEND)
    return Parts(weeks=weeks, weekdays=(WEEKDAYS[match["day"]],))


def read_days_ahead(match: re.Match[str]) -> Parts:
    """The 前一天 of 国庆前一天, the 前夜 of 圣诞前夜."""
    count = parse_int(match["n"]) if match["n"] else 1
    if match["unit"]:
        count *= 7
    is_evening = match[0][-1] in "夜夕晚"
    return Parts(day_shift=-count, part="晚上" if is_evening else None)


def read_that_day(match: re.Match[str]) -> Parts:
    """The 当天 and 当晚 of 中秋当天, which add no day of their own."""
    return Parts(part="晚上" if match[0].endswith("晚") else None)
