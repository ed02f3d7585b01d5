"""Rows as messages of the wire."""

from datetime import datetime

from tasks_app.models import Task, TaskEvent
from tasks_app.notify import Update
from tasks_app.outlook import Forecast
from tasks_app.protocol.replies import TaskItem, TaskStatusUpdate, dump
from tasks_app.states import FINAL, Status


def to_timestamp(moment: datetime) -> float:
    """Unix seconds with three decimals."""
    return round(moment.timestamp(), 3)


def as_update(event: TaskEvent, request_id: str | None = None) -> Update:
    """A move as its owner is told of it; the same whoever tells it, and when.

    `request_id` is that of the request which made the move, for who sent it.
    """
    task = event.task
    status = Status(event.status)
    message = TaskStatusUpdate(
        request_id=request_id,
        task_id=str(task.pk),
        status=status,
        revision=event.revision,
        timestamp=to_timestamp(event.at),
        attempt=event.attempt if event.attempt > 1 else None,
        result=task.result if status is Status.COMPLETED else None,
        error=task.error if status is Status.FAILED else None,
        error_code=task.error_code if status is Status.FAILED else None,
        retry_of=_retried(task),
        queue_position=event.queue_position,
        eta_seconds=event.eta_s,
    )
    return Update(task.owner, task.pk, event.revision, status in FINAL, dump(message))


def as_progress(task: Task, now: datetime, fraction: float, stage: str) -> Update:
    """How far a worker is with a task that it has claimed."""
    message = TaskStatusUpdate(
        task_id=str(task.pk),
        status=Status.PROCESSING,
        timestamp=to_timestamp(now),
        attempt=task.attempt if task.attempt > 1 else None,
        retry_of=_retried(task),
        progress=fraction,
        stage=stage,
    )
    return Update(
        task.owner, task.pk, task.revision, False, dump(message), is_progress=True
    )


def as_status(
    task: Task,
    now: datetime,
    request_id: str | None,
    forecast: Forecast | None = None,
) -> TaskStatusUpdate:
    """The state of a task, for a client that asked."""
    item = as_item(task)
    return TaskStatusUpdate(
        request_id=request_id,
        timestamp=to_timestamp(now),
        queue_position=forecast.position if forecast else None,
        eta_seconds=forecast.eta_s if forecast else None,
        **item.model_dump(exclude={"text"}),
    )


def as_item(task: Task) -> TaskItem:
    """A task in a list."""
    return TaskItem(
        task_id=str(task.pk),
        status=Status(task.status),
        revision=task.revision,
        text=task.text,
        attempt=task.attempt if task.attempt > 1 else None,
        created_at=to_timestamp(task.created_at),
        started_at=to_timestamp(task.started_at) if task.started_at else None,
        completed_at=to_timestamp(task.completed_at) if task.completed_at else None,
        result=task.result,
        error=task.error or None,
        error_code=task.error_code or None,
        retry_of=_retried(task),
    )


def _retried(task: Task) -> str | None:
    return str(task.retry_of_id) if task.retry_of_id else None
