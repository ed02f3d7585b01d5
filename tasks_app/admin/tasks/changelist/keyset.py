"""Reads a few tasks out of millions in a bounded time, whatever was asked.

What is frequent is met soon on the way through the index of creation times; what is
rare is found by the index of search keys, and put in order afterwards. A database that
guesses wrongly which of the two it is reads everything, so it is not left to guess:
first a bounded number of rows is scanned, and only when these were not enough, the
keys are looked up.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db.models import DateTimeField, ExpressionWrapper, F, QuerySet

from tasks_app.admin.tasks.changelist.search import Criteria
from tasks_app.inference.contract import TaskType
from tasks_app.models import Task, TaskQuerySet
from tasks_app.models.search import has_search_keys, with_search_keys
from tasks_app.states import Status

_SCAN_LIMIT = 20_000
"""Rows."""
_BY_TIME = ("task_type", "engine", "error_code", "priority_level")
"""The facets of which an index knows the newest and the oldest task."""


class Cursor(NamedTuple):
    """The place of one task in the order of the list."""

    created_at: datetime
    task_id: UUID


@dataclass(frozen=True)
class Direction:
    """One of the two orders of history, by creation time and id."""

    sign: str
    """Of `order_by`: "-" = the newest first, "" = the oldest first."""

    def beyond(self, tasks: TaskQuerySet, cursor: Cursor | None) -> TaskQuerySet:
        if cursor is None:
            return tasks
        return tasks.beyond(*cursor, order=f"{self.sign}created_at")

    def between(
        self, tasks: TaskQuerySet, start: datetime | None, end: datetime | None
    ) -> TaskQuerySet:
        """Both ends included; None = the end of history."""
        after, before = ("lte", "gte") if self.sign else ("gte", "lte")
        ends = {f"created_at__{after}": start, f"created_at__{before}": end}
        return tasks.filter(**{name: at for name, at in ends.items() if at})

    def first(self, tasks: TaskQuerySet, limit: int) -> list[UUID]:
        ordered = tasks.order_by(f"{self.sign}created_at", f"{self.sign}pk")
        return list(ordered.values_list("pk", flat=True)[:limit])

    def first_by_sorting(self, tasks: TaskQuerySet, limit: int) -> list[UUID]:
        """The same, by reading all that are meant: no index has this for its order."""
        at = ExpressionWrapper(F("created_at") + timedelta(0), DateTimeField())
        ordered = tasks.order_by(at.desc() if self.sign else at.asc(), f"{self.sign}pk")
        return list(ordered.values_list("pk", flat=True)[:limit])

    def times(self, tasks: TaskQuerySet) -> "QuerySet[Task, datetime]":
        ordered = tasks.order_by(f"{self.sign}created_at")
        return ordered.values_list("created_at", flat=True)

    def furthest(self, times: list[datetime]) -> datetime | None:
        return (min if self.sign else max)(times, default=None)

    def nearest(self, times: list[datetime]) -> datetime | None:
        return (max if self.sign else min)(times, default=None)


NEWEST_FIRST = Direction("-")
OLDEST_FIRST = Direction("")


def first_ids(
    tasks: TaskQuerySet,
    criteria: Criteria,
    direction: Direction,
    limit: int,
    cursor: Cursor | None,
) -> list[UUID]:
    """The ids of the first of `tasks` beyond the cursor, at most `limit`.

    `criteria` says once more what the filters of `tasks` demand.
    """
    tasks = direction.beyond(tasks, cursor)
    if not has_search_keys():
        return direction.first(tasks, limit)
    starts = list(_starts(criteria, direction, cursor))
    if None in starts:
        return []
    start = direction.furthest([at for at in starts if at])
    end = _end_of_scan(direction, start)
    if end is None:
        return direction.first(direction.between(tasks, start, end), limit)
    near = direction.first(direction.between(tasks, start, end), limit)
    if len(near) == limit:
        return near
    # People review little beside what machines do: that is found from the reviews.
    if (criteria.words or criteria.facets) and not criteria.is_reviewed:
        tasks = with_search_keys(tasks, criteria.words, criteria.facets)
    return direction.first_by_sorting(tasks, limit)


def _starts(
    criteria: Criteria, direction: Direction, cursor: Cursor | None
) -> Iterator[datetime | None]:
    """Before each of these times nothing can be met; None: nowhere is anything."""
    limit = criteria.until if direction is NEWEST_FIRST else criteria.since
    if limit:
        yield limit
    if cursor:
        yield cursor.created_at
    for column, value in criteria.facets.items():
        if column in _BY_TIME or value in (Status.FAILED, Status.CANCELLED):
            yield _start(direction, column, value)
        elif value == Status.COMPLETED:
            # There is no index of these, but each has a type.
            found = [_start(direction, "task_type", name) for name in TaskType]
            yield direction.nearest([at for at in found if at])


def _start(direction: Direction, column: str, value: str) -> datetime | None:
    return direction.times(Task.objects.filter(**{column: value})).first()


def _end_of_scan(direction: Direction, start: datetime | None) -> datetime | None:
    """Where a scan ends that begins there; None if history ends before."""
    times = direction.times(direction.between(Task.objects.all(), start, None))
    return next(iter(times[_SCAN_LIMIT : _SCAN_LIMIT + 1]), None)
