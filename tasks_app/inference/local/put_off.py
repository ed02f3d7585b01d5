"""Plans that come later by a length: 三点的会推迟半小时 is at half past three."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from tasks_app.inference.local.times import Kind, TimeSpan


def with_new_times(times: Sequence[TimeSpan], now: datetime) -> tuple[TimeSpan, ...]:
    """The times of a sentence; a length by which one is put off becomes the new one."""
    return tuple(_with_new_times(times, now))


def _with_new_times(times: Sequence[TimeSpan], now: datetime) -> Iterator[TimeSpan]:
    planned: TimeSpan | None = None
    for span in times:
        moved = _moved(span, planned, now) if span.is_put_off and planned else None
        yield moved or span
        if span.kind in (Kind.POINT, Kind.DAY):
            planned = span


def _moved(span: TimeSpan, planned: TimeSpan, now: datetime) -> TimeSpan | None:
    """None where the old time is not exact enough to tell the new one."""
    length = span.length
    if length is None or length.months or planned.begins is None:
        return None
    if not planned.has_clock and not length.is_whole_days:
        return None
    later = timedelta(days=length.days, seconds=length.seconds)
    begins, ends = planned.begins + later, (planned.ends or planned.begins) + later
    return replace(
        span,
        kind=planned.kind,
        begins=begins,
        ends=ends,
        has_clock=planned.has_clock,
        is_past=ends < now,
        normalized=(begins if planned.has_clock else begins.date()).isoformat(),
    )
