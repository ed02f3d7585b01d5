"""How a status changes: believed, checked under lock, written, recorded."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import TypedDict
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from tasks_app.models import Task, TaskEvent
from tasks_app.outlook import Forecast
from tasks_app.states import FINAL, Status, is_legal


class Columns(TypedDict, total=False):
    """What the end of a task writes beside status and revision."""

    result: object
    task_type: str
    confidence: float
    priority_level: str
    error: str
    error_code: str
    engine: str
    model_version: str
    prompt_tokens: int | None
    cached_prompt_tokens: int | None
    completion_tokens: int | None
    cost: Decimal | None


_MOVED_FIELDS = [
    "status",
    "revision",
    "lease_expires_at",
    "completed_at",
    *Columns.__annotations__,
]


@dataclass(frozen=True)
class Move:
    """A move that somebody wants; `task` is what they believe of the row."""

    task: Task
    status: Status
    actor: str
    detail: str = ""
    columns: Columns = field(default_factory=Columns)
    forecast: Forecast | None = None
    """Of a task that begins to wait again."""

    def fits(self, row: Task) -> bool:
        """Whether the row is as believed: nobody else was first."""
        return (row.status, row.attempt) == (self.task.status, self.task.attempt)

    def apply(self, row: Task, now: datetime) -> None:
        """Change the row as the move will write it."""
        old = Status(row.status)
        if not is_legal(old, self.status):
            raise ValueError(f"no task moves from {old} to {self.status}")
        row.status = self.status
        row.revision += 1
        row.lease_expires_at = None
        if self.status in FINAL:
            row.completed_at = now
        for name, value in self.columns.items():
            setattr(row, name, value)


def make_moves(moves: Sequence[Move]) -> list[TaskEvent]:
    """Make those moves whose tasks are still as their callers believe them to be.

    The rows are locked in one order, so that two batches cannot wait for each other,
    and written in one statement.
    """
    wanted: defaultdict[UUID, list[Move]] = defaultdict(list)
    for move in moves:
        wanted[move.task.pk].append(move)
    with transaction.atomic():
        rows = Task.objects.filter(pk__in=wanted).order_by("pk").select_for_update()
        moved = []
        locked = list(rows)
        now = timezone.now()
        for row in locked:
            # One attempt may end while a zombie's result for an earlier one comes in.
            fitting = [move for move in wanted[row.pk] if move.fits(row)]
            if fitting:
                fitting[0].apply(row, now)
                moved.append((row, fitting[0]))
        Task.objects.bulk_create(
            [row for row, _ in moved],
            update_conflicts=True,
            unique_fields=["id"],
            update_fields=_MOVED_FIELDS,
        )
        return record(
            [
                as_event(row, move.actor, now, move.detail, move.forecast)
                for row, move in moved
            ]
        )


def as_event(
    task: Task,
    actor: str,
    at: datetime | None = None,
    detail: str = "",
    forecast: Forecast | None = None,
) -> TaskEvent:
    return TaskEvent(
        task=task,
        revision=task.revision,
        status=task.status,
        at=at or task.created_at,
        attempt=task.attempt,
        actor=actor,
        detail=detail,
        queue_position=forecast.position if forecast else None,
        eta_s=forecast.eta_s if forecast else None,
    )


def record(events: list[TaskEvent]) -> list[TaskEvent]:
    return TaskEvent.objects.bulk_create(events)
