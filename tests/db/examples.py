"""Owners, submissions and results to make rows of."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from tasks_app import lifecycle
from tasks_app.inference.contract import Result, TaskType
from tasks_app.lifecycle import Completed, Draft, Failed, Stored
from tasks_app.models import Task, TaskEvent, WorkerProcess

ANNA, BEN = "client:anna", "client:ben"
LEASE_S = 30.0
MAX_ATTEMPTS = 3


def draft(
    text: str = "买牛奶",
    *,
    owner: str = ANNA,
    event: Mapping[str, object] | None = None,
    key: str | None = None,
    source: str = "",
    age_s: float = 0,
) -> Draft:
    return Draft(
        id=uuid4(),
        owner=owner,
        text=text,
        event=event,
        idempotency_key=key,
        source=source,
        created_at=timezone.now() - timedelta(seconds=age_s),
    )


def store(*drafts: Draft) -> list[Stored]:
    """Store submissions of which none is refused."""
    submissions = lifecycle.create(drafts)
    stored = [s for s in submissions if isinstance(s, Stored)]
    assert len(stored) == len(submissions), submissions
    return stored


def pending(count: int = 1, owner: str = ANNA) -> list[Task]:
    """New tasks, the oldest first."""
    drafts = [draft(owner=owner, age_s=count - n) for n in range(count)]
    return [stored.task for stored in store(*drafts)]


def claimed(count: int = 1, worker: str = "w1") -> list[Task]:
    """Tasks that a worker has, as that worker knows them."""
    pending(count)
    return [event.task for event in lifecycle.claim(count, worker, LEASE_S)]


def worker_row(
    name: str = "w1", *, capacity: int = 4, beat_age_s: float = 0, **columns: Any
) -> WorkerProcess:
    """A worker as its last heartbeat described it."""
    now = timezone.now()
    return WorkerProcess.objects.create(
        name=name,
        engine="local",
        capacity=capacity,
        started_at=now,
        heartbeat_at=now - timedelta(seconds=beat_age_s),
        **columns,
    )


def result(summary: str = "买牛奶。") -> Result:
    return Result(
        task_type=TaskType.SHOPPING,
        confidence=0.75,
        potential_omissions=["袋子"],
        summary_text=summary,
        suggested_plan="下班顺路买。",
        latency_ms=12,
        model_version="local:1",
    )


def completed(task: Task) -> Completed:
    return Completed(task, result(), "local")


def failed(task: Task, message: str = "网络超时") -> Failed:
    return Failed(task, "llm_timeout", message, engine="llm")


def copy_of(task: Task) -> Task:
    """The row as it is now, as another process would read it."""
    return Task.objects.get(pk=task.pk)


def row(task: Task) -> dict[str, Any]:
    """Every column of a task as it is now."""
    return dict(Task.objects.filter(pk=task.pk).values().get())


def end_leases() -> None:
    """Let every worker look dead."""
    past = timezone.now() - timedelta(seconds=1)
    Task.objects.filter(lease_expires_at__isnull=False).update(lease_expires_at=past)


def history(task: Task) -> list[tuple[int, str]]:
    """The recorded moves of a task: (revision, status)."""
    events = TaskEvent.objects.filter(task_id=task.pk).order_by("revision")
    return list(events.values_list("revision", "status"))
