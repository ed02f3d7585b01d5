"""Answers that are read from the database."""

from uuid import UUID

from django.utils import timezone

from tasks_app import reports
from tasks_app.errors import TaskNotFound
from tasks_app.gateway import Gateway
from tasks_app.models import Task
from tasks_app.presentation import as_item, as_status, to_timestamp
from tasks_app.protocol.replies import MyTasks, Stats, TaskStatusUpdate
from tasks_app.protocol.requests import GetMyTasks, GetStats, GetTaskStatus
from tasks_app.states import Status

_PAGE = 50


async def answer(
    gateway: Gateway, owner: str, request: GetTaskStatus | GetMyTasks | GetStats
) -> TaskStatusUpdate | MyTasks | Stats:
    """The answer to a question that `owner` asked.

    Raises:
        RequestError: there is none.
    """
    match request:
        case GetTaskStatus():
            return await _task_status(gateway, owner, request)
        case GetMyTasks():
            return await _my_tasks(gateway, owner, request)
        case GetStats():
            return await _stats(gateway, request)


def owned_task(owner: str, task_id: UUID) -> Task:
    """The owner's task of this id, read from the database.

    Raises:
        TaskNotFound: the owner has no such task.
    """
    task = reports.find_task(owner, task_id)
    if task is None:
        raise TaskNotFound(task_id=str(task_id))
    return task


async def _task_status(
    gateway: Gateway, owner: str, request: GetTaskStatus
) -> TaskStatusUpdate:
    task = await gateway.orm.run(owned_task, owner, request.task_uuid)
    is_pending = task.status == Status.PENDING
    forecast = await gateway.orm.run(gateway.outlook.of, task) if is_pending else None
    return as_status(task, timezone.now(), request.request_id, forecast)


async def _my_tasks(gateway: Gateway, owner: str, request: GetMyTasks) -> MyTasks:
    tasks = await gateway.orm.run(reports.newest_tasks, owner, _PAGE)
    items = [as_item(task) for task in tasks]
    return MyTasks(request_id=request.request_id, tasks=items)


async def _stats(gateway: Gateway, request: GetStats) -> Stats:
    now = to_timestamp(timezone.now())
    data = await gateway.stats()
    return Stats(request_id=request.request_id, data=data, timestamp=now)
