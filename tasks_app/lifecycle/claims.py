"""What workers do: claim, renew, finish, give back."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from tasks_app.inference.contract import Result, TokenUsage, dump_result
from tasks_app.lifecycle.failures import failure
from tasks_app.lifecycle.moves import Columns, Move, as_event, make_moves, record
from tasks_app.models import Task, TaskEvent, TaskQuerySet
from tasks_app.outlook import Outlook
from tasks_app.states import Status


@dataclass(frozen=True)
class Completed:
    """A worker's claim on `task` ended with a result."""

    task: Task
    result: Result
    engine: str = ""
    """Its name, as the worker knows it."""


@dataclass(frozen=True)
class Failed:
    """A worker's claim on `task` ended without one."""

    task: Task
    code: str
    message: str
    usage: TokenUsage | None = None
    engine: str = ""
    """Whose failure it is."""
    model_version: str = ""


Outcome = Completed | Failed

Claim = tuple[UUID, int]
"""Task id and attempt: a worker frozen past its lease may claim a task again."""


def claim(limit: int, worker: str, lease_s: float) -> list[TaskEvent]:
    """Take up to `limit` pending tasks, the oldest first, under a lease.

    Rows that another worker is just taking are passed over, not waited for.
    """
    if not Task.objects.pending().exists():
        return []
    with transaction.atomic():
        oldest = Task.objects.pending().order_by("created_at")
        tasks = list(oldest.select_for_update(skip_locked=True)[:limit])
        # Not before: SQLite may have waited for its turn.
        now = timezone.now()
        lease = now + timedelta(seconds=lease_s)
        Task.objects.filter(pk__in=[task.pk for task in tasks]).update(
            status=Status.PROCESSING,
            revision=F("revision") + 1,
            attempt=F("attempt") + 1,
            worker=worker,
            started_at=now,
            lease_expires_at=lease,
        )
        for task in tasks:
            task.status = Status.PROCESSING
            task.revision += 1
            task.attempt += 1
            task.worker = worker
            task.started_at = now
            task.lease_expires_at = lease
        return record([as_event(task, f"worker:{worker}", now) for task in tasks])


def held(claims: Collection[Claim], worker: str) -> set[Claim]:
    """Which of these claims `worker` still has."""
    return set(_tasks_of(claims, worker).values_list("pk", "attempt")) & set(claims)


def renew(claims: Collection[Claim], worker: str, lease_s: float) -> None:
    """Renew the leases of what `worker` has in flight.

    A row that is locked is just being moved: to wait for it could be a deadlock.
    """
    with transaction.atomic():
        free = _tasks_of(claims, worker).select_for_update(skip_locked=True)
        at_rest = list(free.values_list("pk", flat=True))
        Task.objects.filter(pk__in=at_rest).update(
            lease_expires_at=timezone.now() + timedelta(seconds=lease_s)
        )


def _tasks_of(claims: Collection[Claim], worker: str) -> TaskQuerySet:
    task_ids = {task_id for task_id, _ in claims}
    return Task.objects.processing().filter(pk__in=task_ids, worker=worker)


def finish(outcomes: Sequence[Outcome]) -> list[TaskEvent]:
    """Record how claims ended; a claim lost meanwhile changes nothing."""
    return make_moves([_ending(outcome) for outcome in outcomes])


def _ending(outcome: Outcome) -> Move:
    actor = f"worker:{outcome.task.worker}"
    if isinstance(outcome, Completed):
        columns = _result_columns(outcome.result)
        columns["engine"] = outcome.engine[:40]
        return Move(outcome.task, Status.COMPLETED, actor, columns=columns)
    return failure(
        outcome.task,
        actor,
        outcome.code,
        outcome.message,
        {
            "engine": outcome.engine[:40],
            "model_version": outcome.model_version[:120],
            **_usage_columns(outcome.usage),
        },
    )


def _result_columns(result: Result) -> Columns:
    return {
        "result": dump_result(result),
        "task_type": result.task_type,
        "confidence": result.confidence,
        "priority_level": result.insights.priority_level if result.insights else "",
        "model_version": result.model_version[:120],
        **_usage_columns(result.usage),
    }


def _usage_columns(usage: TokenUsage | None) -> Columns:
    return {
        "prompt_tokens": usage.prompt if usage else None,
        "cached_prompt_tokens": usage.prompt_cached if usage else None,
        "completion_tokens": usage.completion if usage else None,
        "cost": usage.cost if usage else None,
    }


def release(tasks: Collection[Task], reason: str) -> list[TaskEvent]:
    """Give claims back so that another worker takes them; the attempt stays counted."""
    forecasts = Outlook().after_return(tasks)
    return make_moves(
        [
            Move(
                task,
                Status.PENDING,
                f"worker:{task.worker}",
                detail=reason,
                forecast=forecasts[task.pk],
            )
            for task in tasks
        ]
    )
