"""What dead workers held is taken up again, or given up."""

from django.db import transaction
from django.utils import timezone

from tasks_app.lifecycle.moves import Move, make_moves
from tasks_app.models import Task, TaskEvent
from tasks_app.states import Status


def recover(max_attempts: int, limit: int = 500) -> list[TaskEvent]:
    """Requeue what dead workers held; fail what has been tried often enough."""
    lost = Task.objects.abandoned(timezone.now()).order_by("pk")
    with transaction.atomic():
        # Locked while it is judged: its worker may be just renewing the lease.
        tasks = lost.select_for_update(skip_locked=True)[:limit]
        return make_moves([_recovery(task, max_attempts) for task in tasks])


def _recovery(task: Task, max_attempts: int) -> Move:
    if task.attempt < max_attempts:
        return Move(task, Status.PENDING, "sweeper", detail="worker_lost")
    return Move(
        task,
        Status.FAILED,
        "sweeper",
        detail="worker_lost",
        columns={
            "error": "处理任务的进程多次中断，已放弃",
            "error_code": "worker_lost",
        },
    )
