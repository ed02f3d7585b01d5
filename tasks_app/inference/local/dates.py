"""One date for times that a sentence tells apart: 后天拔牙，下午三点半."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from tasks_app.inference.local.times import (
    Kind,
    Lean,
    TimeSpan,
    find_times,
    lean_of,
)

_DATED = re.compile(
    "[今明昨周号日月年天节期每隔内]|礼拜|[a-z]{3}|分钟|小时|现在|马上|待会|一会"
)
_FROM_NOW = re.compile("分钟|小时|现在|马上|待会|一会")
_SENTENCE_END = re.compile(r"[。！？!?\n]|\.\s")
_MONTH = re.compile("月份?$")
_DAY_OF_MONTH = re.compile(r"[\d一二三四五六七八九十]{1,3}号")
_FARTHEST = 60
"""So many characters apart they hardly belong together."""


def share_dates(
    times: Sequence[TimeSpan], plain: str, now: datetime
) -> tuple[TimeSpan, ...]:
    """The times of `plain`, those that name only an hour or a part of a day on the
    named day.

    It is the nearest day before them, else the only one.
    """
    lean = lean_of(plain)
    times = list(_in_named_months(times, plain, now))
    days = [span for span in times if _is_day(span)]
    day = days[0] if len(days) == 1 else None
    dated = []
    for span in times:
        day = span if _is_day(span) or _is_hour_of_day(span) else day
        is_shared = day is not None and _belongs(span, day, plain)
        dated.append(_dated(span, day, now, lean) if day and is_shared else span)
    return tuple(dated)


def _in_named_months(
    times: Sequence[TimeSpan], plain: str, now: datetime
) -> Iterator[TimeSpan]:
    """Days whose month stands apart from them: 下个月信用卡20号还."""
    month: TimeSpan | None = None
    for span in times:
        read = None
        if month and _DAY_OF_MONTH.fullmatch(span.text):
            is_near = span.start - month.end <= _FARTHEST
            if is_near and not _SENTENCE_END.search(plain, month.end, span.start):
                read = _read_as(f"{month.text}{span.text}", span, now, None)
        yield read or span
        if span.kind is Kind.PERIOD and _MONTH.search(span.text):
            month = span


def _is_day(span: TimeSpan) -> bool:
    is_named = span.text.isascii() or _DATED.search(span.text) is not None
    is_whole = not span.has_clock and not span.is_deadline
    return span.kind is Kind.DAY and is_named and is_whole


def _is_hour_of_day(span: TimeSpan) -> bool:
    """Whether it names a day besides its hour: 明早七点."""
    is_named = _DATED.search(span.text) and not _FROM_NOW.search(span.text)
    is_moment = span.kind in (Kind.POINT, Kind.PERIOD) and span.has_clock
    return is_moment and bool(is_named) and not span.is_past


def _belongs(span: TimeSpan, day: TimeSpan, plain: str) -> bool:
    """Whether it leaves its day open, near enough to `day` to be of that one."""
    is_stretch = span.kind is Kind.PERIOD and span.has_clock
    is_bare = (span.kind in (Kind.POINT, Kind.DAY) or is_stretch) and not _DATED.search(
        span.text
    )
    if not is_bare or abs(day.start - span.start) > _FARTHEST:
        return False
    return _is_day(day) or not _SENTENCE_END.search(plain, day.end, span.start)


def _dated(span: TimeSpan, day: TimeSpan, now: datetime, lean: Lean | None) -> TimeSpan:
    """Read again, as if the day stood right before it."""
    if _is_day(day):
        gap = " " if day.text.isascii() else ""
        return _read_as(f"{day.text}{gap}{span.text}", span, now, lean) or span
    date = f"{day.begins:%Y-%m-%d}"
    read = _read_as(f"{date} {span.text}", span, now, lean)
    if read is None or not _is_earlier(read, day):
        return read or span
    late = _read_as(f"{date} {_in_the_evening(span.text)}", span, now, lean) or read
    return min(read, late, key=lambda reading: _distance(reading, day))


def _in_the_evening(said: str) -> str:
    """What 十点 means behind 晚上八点."""
    return f"{said} pm" if said.isascii() else f"晚上{said}"


def _is_earlier(one: TimeSpan, other: TimeSpan) -> bool:
    if one.begins is None or other.begins is None:
        return False
    return one.begins < other.begins


def _distance(one: TimeSpan, other: TimeSpan) -> timedelta:
    if one.begins is None or other.begins is None:
        return timedelta.max
    return abs(one.begins - other.begins)


def _read_as(
    joined: str, span: TimeSpan, now: datetime, lean: Lean | None
) -> TimeSpan | None:
    found = list(find_times(joined, now, lean))
    if len(found) != 1 or found[0].end - found[0].start < len(joined):
        return None
    return replace(found[0], start=span.start, end=span.end, text=span.text)
