"""Tasks are called off, by whoever may."""

from collections.abc import Collection
from uuid import UUID

from django.db import transaction

from tasks_app.errors import NotCancellable, TaskNotFound
from tasks_app.lifecycle.moves import Move, make_moves
from tasks_app.models import Task, TaskEvent
from tasks_app.states import Status


def cancel(task: Task, actor: str) -> TaskEvent:
    """Cancel a task, pending or processing.

    Raises:
        NotCancellable: it is final already; carries its status.
        TaskNotFound: it is gone.
    """
    if not task.is_final and (events := cancel_all([task.pk], actor)):
        return events[0]
    found = Task.objects.filter(pk=task.pk).values_list("status", flat=True).first()
    if found is None:
        raise TaskNotFound(task_id=str(task.pk))
    raise NotCancellable(task_id=str(task.pk), status=found)


def cancel_all(task_ids: Collection[UUID], actor: str) -> list[TaskEvent]:
    """Cancel those of these tasks that are not final."""
    with transaction.atomic():
        # Locked before they are judged: a worker may be just claiming or ending them.
        rows = Task.objects.filter(pk__in=task_ids).order_by("pk").select_for_update()
        unfinished = [task for task in rows if not task.is_final]
        return make_moves([Move(task, Status.CANCELLED, actor) for task in unfinished])
