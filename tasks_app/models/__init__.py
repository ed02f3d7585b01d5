"""The rows, and querysets as adjectives."""

from tasks_app.models.events import TaskEvent
from tasks_app.models.processes import STALE_AFTER, ServerProcess, WorkerProcess
from tasks_app.models.reviews import Review, Verdict
from tasks_app.models.rollups import HourlyDurations, HourlyRollup, StatusTotal
from tasks_app.models.tasks import EVENT_ID_LENGTH, Task, TaskQuerySet

__all__ = [
    "EVENT_ID_LENGTH",
    "STALE_AFTER",
    "HourlyDurations",
    "HourlyRollup",
    "Review",
    "ServerProcess",
    "StatusTotal",
    "Task",
    "TaskEvent",
    "TaskQuerySet",
    "Verdict",
    "WorkerProcess",
]
