"""How much there was to do, hour by hour."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import NamedTuple

from tasks_app.reports.grouping import as_moment
from tasks_app.reports.rollups import rollups
from tasks_app.rollups import begin_of_hour

_HOUR = timedelta(hours=1)


class Hour(NamedTuple):
    """What was submitted in one hour, by how it ended."""

    begin: datetime
    completed: int = 0
    failed: int = 0
    cancelled: int = 0


def throughput(since: date, until: date) -> list[Hour]:
    """Every hour that begins in this period, also those in which nothing happened."""
    counts = rollups().submitted_between(since, until).by_hour().with_counts()
    busy = {
        row["hour"]: Hour(
            row["hour"], row["completed"], row["failed"], row["cancelled"]
        )
        for row in counts.rows()
    }
    return [
        busy.get(begin, Hour(begin))
        for begin in _hours(as_moment(since), as_moment(until))
    ]


def _hours(since: datetime, until: datetime) -> Iterator[datetime]:
    begin = begin_of_hour(since)
    if begin < since:
        begin += _HOUR
    while begin < until:
        yield begin
        begin += _HOUR
