"""One date for times that a sentence tells apart: 后天拔牙，下午三点半."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from tasks_app.inference.local.times import Kind, TimeSpan, find_times

_DATED = re.compile(
    "[今明昨周号日月年天节期每隔内]|礼拜|[a-z]{3}|分钟|小时|现在|马上|待会|一会"
)
_FARTHEST = 60
"""So many characters apart they hardly belong together."""


def share_dates(times: Sequence[TimeSpan], now: datetime) -> tuple[TimeSpan, ...]:
    """The times, those that name only an hour or a part of a day on the named day.

    It is the nearest day before them, else the only one.
    """
    days = [span for span in times if _is_day(span)]
    day = days[0] if len(days) == 1 else None
    dated = []
    for span in times:
        day = span if _is_day(span) else day
        dated.append(_dated(span, day, now))
    return tuple(dated)


def _is_day(span: TimeSpan) -> bool:
    is_named = span.text.isascii() or _DATED.search(span.text) is not None
    is_whole = not span.has_clock and not span.is_deadline
    return span.kind is Kind.DAY and is_named and is_whole


def _dated(span: TimeSpan, day: TimeSpan | None, now: datetime) -> TimeSpan:
    """Read again, as if the day stood right before it."""
    is_stretch = span.kind is Kind.PERIOD and span.has_clock
    is_bare = (span.kind in (Kind.POINT, Kind.DAY) or is_stretch) and not _DATED.search(
        span.text
    )
    if day is None or not is_bare or abs(day.start - span.start) > _FARTHEST:
        return span
    joined = f"{day.text} {span.text}" if day.text.isascii() else day.text + span.text
    found = list(find_times(joined, now))
    if len(found) != 1 or found[0].end - found[0].start < len(joined):
        return span
    return replace(found[0], start=span.start, end=span.end, text=span.text)
