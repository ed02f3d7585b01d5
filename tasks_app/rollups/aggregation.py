"""Final tasks are added to the rollups of their hours, in batches.

    one transaction:  lock the totals ─▶ take final tasks that are not rolled up
                      ─▶ add them to hours and totals ─▶ mark them as rolled up

So at any moment each final task is counted once: in the totals, or as one that is not
rolled up. Who holds the totals is alone: a second sweep waits, and takes others.
"""

import time
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F

from tasks_app.models import HourlyDurations, HourlyRollup, StatusTotal, Task
from tasks_app.rollups.hours import begin_of_hour
from tasks_app.rollups.sums import SUMMED, Key, Sums
from tasks_app.states import FINAL

_BATCH = 1000
"""Tasks of one transaction; on SQLite, everybody else waits for it."""
_READ = (
    *Key._fields[1:],
    "created_at",
    "started_at",
    "completed_at",
    "prompt_tokens",
    "cached_prompt_tokens",
    "completion_tokens",
    "cost",
)


def roll_up_for(seconds: float, batch: int = _BATCH) -> None:
    """Roll up what there is, or as much as this time allows."""
    end = time.monotonic() + seconds
    while roll_up(batch) == batch and time.monotonic() < end:
        pass


def roll_up(limit: int = _BATCH, among: Collection[UUID] | None = None) -> int:
    """Roll up some final tasks, of these ids if any are given; how many."""
    with transaction.atomic():
        _lock_totals()
        tasks = _take(limit, among)
        _add(tasks)
        rolled_up = Task.objects.filter(pk__in=[task.pk for task in tasks])
        rolled_up.update(is_rolled_up=True)
    return len(tasks)


def roll_up_new(tasks: Sequence[Task]) -> None:
    """Count final tasks that are new, and mark them so.

    The caller stores them afterwards in the same transaction.
    """
    _lock_totals()
    _add(tasks)
    for task in tasks:
        task.is_rolled_up = True


def _lock_totals() -> None:
    totals = StatusTotal.objects.order_by("status").select_for_update()
    if totals.count() < len(FINAL):
        missing = [StatusTotal(status=status) for status in sorted(FINAL)]
        StatusTotal.objects.bulk_create(missing, ignore_conflicts=True)
    list(totals)


def _take(limit: int, among: Collection[UUID] | None) -> list[Task]:
    """In the order of their index, so that a batch is of few hours."""
    final = Task.objects.filter(is_rolled_up=False, completed_at__isnull=False)
    if among is not None:
        final = final.filter(pk__in=among)
    free = final.order_by("status", "completed_at").select_for_update(skip_locked=True)
    return list(free.only(*_READ)[:limit])


def _add(tasks: Sequence[Task]) -> None:
    if tasks:
        _add_to_hours(tasks)
        _add_to_durations(tasks)
        _add_to_totals(tasks)


def _add_to_hours(tasks: Sequence[Task]) -> None:
    sums: defaultdict[Key, Sums] = defaultdict(Sums)
    for task in tasks:
        sums[Key.of(task)].add(task)
    known = HourlyRollup.objects.filter(
        hour__in={key.hour for key in sums}, status__in={key.status for key in sums}
    )
    for rollup in known:
        if (key := Key.of_rollup(rollup)) in sums:
            sums[key].add_rollup(rollup)
    HourlyRollup.objects.bulk_create(
        [some.as_rollup(key) for key, some in sums.items()],
        update_conflicts=True,
        unique_fields=Key._fields,
        update_fields=SUMMED,
    )


def _add_to_durations(tasks: Sequence[Task]) -> None:
    sums: defaultdict[datetime, Sums] = defaultdict(Sums)
    for task in tasks:
        sums[begin_of_hour(task.created_at)].add(task)
    for known in HourlyDurations.objects.filter(hour__in=sums):
        sums[known.hour].add_durations(known)
    HourlyDurations.objects.bulk_create(
        [some.as_durations(hour) for hour, some in sums.items()],
        update_conflicts=True,
        unique_fields=["hour"],
        update_fields=["waits", "runs"],
    )


def _add_to_totals(tasks: Sequence[Task]) -> None:
    for status, count in sorted(Counter(task.status for task in tasks).items()):
        total = StatusTotal.objects.filter(status=status)
        total.update(tasks=F("tasks") + count)
