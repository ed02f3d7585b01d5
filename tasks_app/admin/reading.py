"""Reads a few tasks out of millions in a bounded time, whatever was asked.

What is frequent is met soon on the way through the index of creation times; what is
rare is found by the index of search keys, and put in order afterwards. A database that
guesses wrongly which of the two it is reads everything, so it is not left to guess:
first a bounded stretch is walked, and only when that did not have enough, the keys are
looked up.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db.models import DateTimeField, ExpressionWrapper, F, Q, QuerySet

from tasks_app.admin.question import Question
from tasks_app.inference.contract import TaskType
from tasks_app.models import Task, TaskQuerySet
from tasks_app.models.search import has_search_keys, with_search_keys
from tasks_app.states import Status

_STRETCH = 20_000
_BY_TIME = ("task_type", "engine", "error_code", "priority_level")
"""The facets of which an index knows the newest and the oldest task."""


class Mark(NamedTuple):
    """A place in history: that of one task."""

    at: datetime
    task_id: UUID


@dataclass(frozen=True)
class Way:
    """One of the two ways through history."""

    sign: str
    """Of `order_by`."""
    past: str
    """The comparison that tells what lies further on."""

    def beyond(self, tasks: TaskQuerySet, mark: Mark | None) -> TaskQuerySet:
        if mark is None:
            return tasks
        further = Q(**{f"created_at__{self.past}": mark.at})
        tied = Q(**{"created_at": mark.at, f"pk__{self.past}": mark.task_id})
        return tasks.filter(further | tied, **{f"created_at__{self.past}e": mark.at})

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

    def first_of_all(self, tasks: TaskQuerySet, limit: int) -> list[UUID]:
        """The same, by way of all that are meant: no index has this for its order."""
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


BACK = Way("-", "lt")
"""The newest first."""
FORTH = Way("", "gt")


def read(
    tasks: TaskQuerySet, question: Question, way: Way, limit: int, mark: Mark | None
) -> list[UUID]:
    """The ids of the first of `tasks` beyond the mark; `question` is what they meet."""
    tasks = way.beyond(tasks, mark)
    if not has_search_keys():
        return way.first(tasks, limit)
    starts = list(_starts(question, way, mark))
    if None in starts:
        return []
    start = way.furthest([at for at in starts if at])
    end = _end_of_stretch(way, start)
    if end is None:
        return way.first(way.between(tasks, start, end), limit)
    near = way.first(way.between(tasks, start, end), limit)
    if len(near) == limit:
        return near
    # People review little beside what machines do: that is found from the reviews.
    if (question.words or question.facets) and not question.is_reviewed:
        tasks = with_search_keys(tasks, question.words, question.facets)
    return way.first_of_all(tasks, limit)


def _starts(
    question: Question, way: Way, mark: Mark | None
) -> Iterator[datetime | None]:
    """Before each of these times nothing can be met; None: nowhere is anything."""
    limit = question.until if way is BACK else question.since
    if limit:
        yield limit
    if mark:
        yield mark.at
    for column, value in question.facets.items():
        if column in _BY_TIME or value in (Status.FAILED, Status.CANCELLED):
            yield _start(way, column, value)
        elif value == Status.COMPLETED:
            # There is no index of these, but each has a type.
            found = [_start(way, "task_type", task_type) for task_type in TaskType]
            yield way.nearest([at for at in found if at])


def _start(way: Way, column: str, value: str) -> datetime | None:
    return way.times(Task.objects.filter(**{column: value})).first()


def _end_of_stretch(way: Way, start: datetime | None) -> datetime | None:
    """Where a stretch ends that begins there; None if history ends before."""
    times = way.times(way.between(Task.objects.all(), start, None))
    return next(iter(times[_STRETCH : _STRETCH + 1]), None)
