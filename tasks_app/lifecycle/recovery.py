"""What time undoes: claims of dead workers, waits that are too long, old tasks."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from tasks_app.lifecycle.failures import failure
from tasks_app.lifecycle.moves import Move, make_moves
from tasks_app.models import Task, TaskEvent
from tasks_app.outlook import Forecast, Outlook
from tasks_app.states import Status


def recover(max_attempts: int, limit: int = 500) -> list[TaskEvent]:
    """Requeue what dead workers held; fail what has been tried often enough."""
    lost = Task.objects.abandoned(timezone.now()).order_by("pk")
    with transaction.atomic():
        # Locked while it is judged: its worker may be just renewing the lease.
        tasks = list(lost.select_for_update(skip_locked=True)[:limit])
        again = [task for task in tasks if task.attempt < max_attempts]
        forecasts = Outlook().after_return(again)
        return make_moves([_recovery(task, forecasts.get(task.pk)) for task in tasks])


def _recovery(task: Task, forecast: Forecast | None) -> Move:
    """Back to the queue where a place in it is foreseen; else given up."""
    if forecast is not None:
        return Move(
            task, Status.PENDING, "sweeper", detail="worker_lost", forecast=forecast
        )
    message = "处理任务的进程多次中断，已放弃"
    return failure(task, "sweeper", "worker_lost", message)


def expire(queue_deadline_s: float, limit: int = 500) -> list[TaskEvent]:
    """Fail what no worker has claimed in this time since it was submitted."""
    submitted_by = timezone.now() - timedelta(seconds=queue_deadline_s)
    late = Task.objects.pending().filter(created_at__lt=submitted_by)
    message = "排队时间过长，未能处理"
    return make_moves(
        [
            failure(task, "sweeper", "queue_expired", message)
            for task in late.order_by("created_at")[:limit]
        ]
    )


def purge(retention_s: float, limit: int = 500) -> int:
    """Delete tasks that have been final for so long, with their events; how many.

    What is not rolled up yet stays: deleted, it would never have been.
    """
    ended_by = timezone.now() - timedelta(seconds=retention_s)
    # Only what is final has a time of its end.
    ended = Task.objects.filter(completed_at__lt=ended_by, is_rolled_up=True)
    oldest = ended.order_by("completed_at").values_list("pk", flat=True)
    task_ids = list(oldest[:limit])
    Task.objects.filter(pk__in=task_ids).delete()
    return len(task_ids)
