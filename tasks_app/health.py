"""Whether the parts do their work, and not only whether their processes exist."""

from datetime import datetime, timedelta
from typing import Literal

from django.db.models import Max
from django.utils import timezone
from pydantic import BaseModel

from tasks_app.models import Task, TaskQuerySet, WorkerProcess
from tasks_app.outlook import backlog_since

_PATIENCE = timedelta(seconds=15)
"""A task that waits longer is a backlog; workers claim within a second."""


class ProviderPause(BaseModel):
    """Of one worker, which claims nothing until then, and then one task at a time."""

    until: datetime
    reason: str


class Health(BaseModel):
    """What a monitor wants to know; ages in seconds, None = never or nothing."""

    status: Literal["ok", "degraded"]
    """Degraded: submissions are taken, but there is a backlog that nobody works on."""
    workers: int
    """With a recent heartbeat."""
    capacity: int
    running: int
    pending: int
    oldest_pending_age_s: float | None
    last_claim_age_s: float | None
    is_claiming: bool
    """There is no backlog, or it is being worked on."""
    sweep_age_s: float | None
    provider_pauses: list[ProviderPause]


def read_health() -> Health:
    """Raises DatabaseError: then nothing can be taken."""
    now = timezone.now()
    workers = list(WorkerProcess.objects.alive(now))
    queue = Task.objects.pending()
    waiting_since = backlog_since()
    running = Task.objects.processing()
    is_claiming = (
        waiting_since is None
        or now - waiting_since < _PATIENCE
        or _are_working(workers, now)
    )
    return Health(
        status="ok" if is_claiming else "degraded",
        workers=len(workers),
        capacity=sum(worker.capacity for worker in workers),
        running=running.count(),
        pending=queue.count(),
        oldest_pending_age_s=_age_s(waiting_since, now),
        last_claim_age_s=_age_s(_claimed_at(running, workers), now),
        is_claiming=is_claiming,
        sweep_age_s=_age_s(_latest(*_sweeps()), now),
        provider_pauses=[
            ProviderPause(until=worker.paused_until, reason=worker.pause_reason)
            for worker in workers
            if worker.paused_until is not None
        ],
    )


def _are_working(workers: list[WorkerProcess], now: datetime) -> bool:
    """Whether tasks are claimed, or none can be because all workers are full.

    Who leaves a provider alone tries a task now and then: no comfort to the others.
    """
    paused = [worker.name for worker in workers if worker.paused_until is not None]
    others = [worker for worker in workers if worker.paused_until is None]
    running = Task.objects.processing().exclude(worker__in=paused)
    claimed_at = _claimed_at(running, others)
    if claimed_at is not None and now - claimed_at < _PATIENCE:
        return True
    return _are_full([w for w in others if now - w.heartbeat_at < _PATIENCE])


def _claimed_at(running: TaskQuerySet, workers: list[WorkerProcess]) -> datetime | None:
    """The latest claim: a row tells of it before the worker's heartbeat does."""
    started_at = running.aggregate(at=Max("started_at"))["at"]
    return _latest(started_at, *(worker.claimed_at for worker in workers))


def _are_full(workers: list[WorkerProcess]) -> bool:
    """Whether there are some, and none could take another task."""
    return bool(workers) and all(w.in_flight >= w.capacity for w in workers)


def _sweeps() -> list[datetime | None]:
    """Also of workers that have died: their sweeps were real."""
    return list(WorkerProcess.objects.values_list("swept_at", flat=True))


def _latest(*moments: datetime | None) -> datetime | None:
    return max((moment for moment in moments if moment is not None), default=None)


def _age_s(moment: datetime | None, now: datetime) -> float | None:
    return None if moment is None else round((now - moment).total_seconds(), 1)
