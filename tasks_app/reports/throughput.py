"""How much there was to do, hour by hour."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import NamedTuple

from tasks_app.reports.grouping import Row, as_moment
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
    busy: defaultdict[datetime, list[Row]] = defaultdict(list)
    for row in counts.rows():
        # Where the site's clock had other hours once, those count that it has now.
        busy[begin_of_hour(row["hour"])].append(row)
    return [_hour(begin, busy[begin]) for begin in hours(since, until)]


def _hour(begin: datetime, rows: Iterable[Row]) -> Hour:
    ends = ("completed", "failed", "cancelled")
    return Hour(begin, *(sum(row[end] for row in rows) for end in ends))


def hours(since: date, until: date) -> Iterator[datetime]:
    """When the hours begin that begin in this period."""
    first, end = as_moment(since), as_moment(until)
    begin = begin_of_hour(first)
    if begin < first:
        begin += _HOUR
    while begin < end:
        yield begin
        begin += _HOUR
