"""What those who wait may expect: their place in the queue, and when they are done.

Both are predictions: the place is counted, the time told from what has been seen.
While a backlog lasts, that is the rate at which tasks end; before, how long recent
tasks ran and how many run at once. What is not known is None, never invented.
"""

import time
from bisect import bisect_left
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from threading import Lock
from typing import Generic, NamedTuple, TypeVar
from uuid import UUID

from django.db.models import Avg, F, Max, Sum
from django.utils import timezone

from tasks_app.models import Task, TaskEvent, WorkerProcess
from tasks_app.states import Status

_RECENT = timedelta(minutes=10)
_SAMPLE = 50
_WINDOW = timedelta(seconds=10)
_SHORTEST_WINDOW = timedelta(seconds=1)
_PACE_S = 1.0
"""How long a pace is taken for the present one."""
_COUNT_SHARE = 0.05
"""The share of the time that may be spent counting."""
_LONGEST_S = 1.0
"""How long a count holds, however costly it was."""


class Forecast(NamedTuple):
    """`position` 1 is the next; `eta_s` is seconds until the end, None = unknown."""

    position: int
    eta_s: float | None


class Pace(NamedTuple):
    """How tasks go at present; None and 0 where nothing is known."""

    run_s: float | None
    """Mean time from claim to result of recent tasks."""
    capacity: int
    """Tasks that the live workers run at once, but for those that are paused."""
    running: int
    ends_per_s: float | None = None
    """During a backlog that has lasted long enough to tell."""

    def eta_s(self, position: int) -> float | None:
        """Seconds until a task at this place in the queue has its result."""
        if self.run_s is None or not self.capacity:
            return None
        if self.ends_per_s is None:
            ahead = max(0, position - max(0, self.capacity - self.running))
            return round(self.run_s * (1 + ahead / self.capacity), 1)
        if not self.ends_per_s:
            return None
        return round(self.run_s + position / self.ends_per_s, 1)


Count = TypeVar("Count")


class _Counted(Generic[Count]):
    """A count, made anew, or, if counting is costly, a while ago."""

    def __init__(self, count: Callable[[], Count], before: Count) -> None:
        self._count = count
        self._until = 0.0
        self._lock = Lock()
        self.latest = before

    def now(self) -> Count:
        # Whoever comes while it is counted takes that count.
        with self._lock:
            begun = time.monotonic()
            if begun >= self._until:
                self.latest = self._count()
                ended = time.monotonic()
                self._until = ended + min((ended - begun) / _COUNT_SHARE, _LONGEST_S)
            return self.latest


class Outlook:
    """What one process knows of the queue; it counts no more often than it must.

    Reads the database: to be used from ORM threads.
    """

    def __init__(self) -> None:
        self._length = _Counted(lambda: Task.objects.pending().count(), 0)
        self._queue = _Counted[list[datetime]](_read_queue, [])
        self._pace = Pace(None, 0, 0)
        self._pace_until = 0.0

    def length(self) -> int:
        """Pending tasks, counted lately."""
        return self._length.now()

    def joined(self, tasks: int) -> None:
        """So many more are pending."""
        self._length.latest += tasks

    def at(self, position: int) -> Forecast:
        """For a task at this place."""
        now = time.monotonic()
        if now >= self._pace_until:
            self._pace = _read_pace()
            self._pace_until = now + _PACE_S
        return Forecast(position, self._pace.eta_s(position))

    def of(self, task: Task) -> Forecast:
        """For a pending task, counted lately."""
        return self.at(bisect_left(self._queue.now(), task.created_at) + 1)

    def after_return(self, tasks: Collection[Task]) -> dict[UUID, Forecast]:
        """For tasks that are about to be pending again, at their old places."""
        if not tasks:
            return {}
        # Workers take the oldest first, so that few are pending before these.
        newest = max(task.created_at for task in tasks)
        before = Task.objects.pending().filter(created_at__lt=newest)
        waiting: list[datetime] = sorted(
            [*before.values_list("created_at", flat=True)]
            + [task.created_at for task in tasks]
        )
        return {
            task.pk: self.at(bisect_left(waiting, task.created_at) + 1)
            for task in tasks
        }


def backlog_since() -> datetime | None:
    """Since when the next task has been pending; None when none is.

    A task that lost its worker is older than its wait.
    """
    following = Task.objects.pending().order_by("created_at")[:1]
    events = TaskEvent.objects.filter(task_id__in=list(following.values_list("pk")))
    latest: datetime | None = events.aggregate(at=Max("at"))["at"]
    return latest


def _read_queue() -> list[datetime]:
    """When each pending task was created, the oldest first."""
    pending = Task.objects.pending().order_by("created_at")
    return list(pending.values_list("created_at", flat=True))


def _read_pace() -> Pace:
    now = timezone.now()
    ended = Task.objects.filter(
        status=Status.COMPLETED, completed_at__gte=now - _RECENT
    ).order_by("-completed_at")[:_SAMPLE]
    run_time = ended.aggregate(mean=Avg(F("completed_at") - F("started_at")))["mean"]
    workers = WorkerProcess.objects.alive(now).unpaused()
    capacity = workers.aggregate(total=Sum("capacity"))["total"]
    return Pace(
        run_s=None if run_time is None else run_time.total_seconds(),
        capacity=capacity or 0,
        running=Task.objects.processing().count(),
        ends_per_s=None if run_time is None else _ends_per_s(now, run_time),
    )


def _ends_per_s(now: datetime, run_time: timedelta) -> float | None:
    """How fast the backlog goes; None when there is none, or it has just begun.

    For as long as its oldest task waits, workers have taken all that they could.
    """
    begun_at = backlog_since()
    if begun_at is None:
        return None
    window = min(now - begun_at, max(_WINDOW, 3 * run_time))
    if window < max(_SHORTEST_WINDOW, 2 * run_time):
        return None
    ends = Task.objects.filter(completed_at__gte=now - window).count()
    return ends / window.total_seconds()
