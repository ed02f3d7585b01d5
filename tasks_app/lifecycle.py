"""The only place where a status changes.

Every move is guarded by what its caller believes (status, and the attempt of a
worker): the loser of a race changes nothing. Every move appends its TaskEvent in the
same transaction; what a function returns is committed and may be announced.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypedDict, Unpack
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from tasks_app.inference.contract import Result, dump_result
from tasks_app.models import Task, TaskEvent
from tasks_app.states import FINAL, Status, is_legal


@dataclass(frozen=True)
class Draft:
    """A submission that is not stored yet."""

    id: UUID
    owner: str
    text: str
    event: Mapping[str, object] | None = None
    idempotency_key: str | None = None
    created_at: datetime = field(default_factory=timezone.now)


@dataclass(frozen=True)
class Stored:
    """What became of a draft: its new task, or the earlier one of the same key."""

    task: Task
    is_duplicate: bool = False
    is_conflict: bool = False
    """The key was used for another payload."""


@dataclass(frozen=True)
class Completed:
    """A worker's claim on `task` ended with a result."""

    task: Task
    result: Result


@dataclass(frozen=True)
class Failed:
    """A worker's claim on `task` ended without one."""

    task: Task
    code: str
    message: str


Outcome = Completed | Failed


class _Columns(TypedDict, total=False):
    """What a move may change beside status and revision."""

    attempt: int
    worker: str
    started_at: datetime
    completed_at: datetime
    lease_expires_at: datetime | None
    result: object
    task_type: str
    confidence: float
    priority_level: str
    error: str
    error_code: str
    engine: str
    model_version: str
    prompt_tokens: int | None
    completion_tokens: int | None


# --- Creating -----------------------------------------------------------------------


def create(drafts: Sequence[Draft]) -> list[Stored]:
    """Store submissions; one result for each, in their order."""
    with transaction.atomic():
        known = _known_keys(drafts)
        stored = [_store(draft, known) for draft in drafts]
        new = [s.task for s in stored if not s.is_duplicate and not s.is_conflict]
        Task.objects.bulk_create(new)
        _record([_event(task, actor="client") for task in new])
    return stored


def _known_keys(drafts: Sequence[Draft]) -> dict[tuple[str, str], Task]:
    """The tasks that already have a key of these drafts."""
    keyed = [draft for draft in drafts if draft.idempotency_key]
    if not keyed:
        return {}
    tasks = Task.objects.filter(
        owner__in={draft.owner for draft in keyed},
        idempotency_key__in={draft.idempotency_key for draft in keyed},
    )
    return {(task.owner, task.idempotency_key or ""): task for task in tasks}


def _store(draft: Draft, known: dict[tuple[str, str], Task]) -> Stored:
    key = (draft.owner, draft.idempotency_key or "")
    if (task := known.get(key)) is not None:
        is_same = task.text == draft.text and task.event == draft.event
        return Stored(task, is_duplicate=is_same, is_conflict=not is_same)
    task = Task(
        id=draft.id,
        owner=draft.owner,
        text=draft.text,
        event=draft.event,
        idempotency_key=draft.idempotency_key,
        created_at=draft.created_at,
    )
    if draft.idempotency_key:
        known[key] = task
    return Stored(task)


# --- Working ------------------------------------------------------------------------


def claim(limit: int, worker: str, lease_s: float) -> list[TaskEvent]:
    """Take up to `limit` pending tasks, the oldest first, under a lease.

    Rows that another worker is just taking are passed over, not waited for.
    """
    if not Task.objects.pending().exists():
        return []
    now = timezone.now()
    with transaction.atomic():
        oldest = Task.objects.pending().order_by("created_at")
        tasks = list(oldest.select_for_update(skip_locked=True)[:limit])
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
        return _record([_event(task, f"worker:{worker}", now) for task in tasks])


def renew(task_ids: Iterable[UUID], worker: str, lease_s: float) -> set[UUID]:
    """Renew the leases of what `worker` has in flight; the ids that are still its.

    A row that is locked is just being moved: to wait for it could be a deadlock.
    """
    mine = Task.objects.filter(
        pk__in=list(task_ids), worker=worker, status=Status.PROCESSING
    )
    with transaction.atomic():
        free = mine.select_for_update(skip_locked=True)
        at_rest = list(free.values_list("pk", flat=True))
        Task.objects.filter(pk__in=at_rest).update(
            lease_expires_at=timezone.now() + timedelta(seconds=lease_s)
        )
    return set(mine.values_list("pk", flat=True))


def finish(outcomes: Sequence[Outcome]) -> list[TaskEvent]:
    """Record how claims ended; a claim lost meanwhile changes nothing."""
    now = timezone.now()
    with transaction.atomic():
        # One order for everybody, so that two batches cannot wait for each other.
        ordered = sorted(outcomes, key=lambda outcome: outcome.task.pk)
        return _record(
            [
                event
                for outcome in ordered
                if (event := _finish(outcome, now)) is not None
            ]
        )


def _finish(outcome: Outcome, now: datetime) -> TaskEvent | None:
    actor = f"worker:{outcome.task.worker}"
    if isinstance(outcome, Failed):
        return _move(
            outcome.task,
            Status.FAILED,
            actor,
            now,
            detail=outcome.code,
            error=outcome.message[:200],
            error_code=outcome.code,
        )
    return _move(
        outcome.task, Status.COMPLETED, actor, now, **_result_columns(outcome.result)
    )


def _result_columns(result: Result) -> _Columns:
    usage = result.usage
    return {
        "result": dump_result(result),
        "task_type": result.task_type,
        "confidence": result.confidence,
        "priority_level": result.insights.priority_level if result.insights else "",
        "engine": result.model_version.partition(":")[0],
        "model_version": result.model_version,
        "prompt_tokens": usage.prompt if usage else None,
        "completion_tokens": usage.completion if usage else None,
    }


# --- Sweeping -----------------------------------------------------------------------


def release(tasks: Iterable[Task], reason: str) -> list[TaskEvent]:
    """Give claims back so that another worker takes them; the attempt stays counted."""
    now = timezone.now()
    with transaction.atomic():
        moves = (
            _move(task, Status.PENDING, f"worker:{task.worker}", now, detail=reason)
            for task in sorted(tasks, key=lambda task: task.pk)
        )
        return _record([event for event in moves if event is not None])


def recover(max_attempts: int, limit: int = 500) -> list[TaskEvent]:
    """Requeue what dead workers held; fail what has been tried often enough."""
    now = timezone.now()
    with transaction.atomic():
        lost = Task.objects.abandoned(now).order_by("pk")
        tasks = list(lost.select_for_update(skip_locked=True)[:limit])
        moves = (_recover(task, max_attempts, now) for task in tasks)
        return _record([event for event in moves if event is not None])


def _recover(task: Task, max_attempts: int, now: datetime) -> TaskEvent | None:
    if task.attempt < max_attempts:
        return _move(task, Status.PENDING, "sweeper", now, detail="worker_lost")
    return _move(
        task,
        Status.FAILED,
        "sweeper",
        now,
        detail="worker_lost",
        error="处理任务的进程多次中断，已放弃",
        error_code="worker_lost",
    )


# --- Moving -------------------------------------------------------------------------


def _move(
    task: Task,
    new: Status,
    actor: str,
    now: datetime,
    detail: str = "",
    **columns: Unpack[_Columns],
) -> TaskEvent | None:
    """One guarded statement; None, and nothing changed, when somebody was first."""
    old = Status(task.status)
    if not is_legal(old, new):
        raise ValueError(f"no task moves from {old} to {new}")
    columns["lease_expires_at"] = None
    if new in FINAL:
        columns["completed_at"] = now
    guard = Task.objects.filter(pk=task.pk, status=old, attempt=task.attempt)
    if not guard.update(status=new, revision=F("revision") + 1, **columns):
        return None
    # The guard fixes the revision too: only a move changes it.
    task.revision += 1
    task.status = new
    for name, value in columns.items():
        setattr(task, name, value)
    return _event(task, actor, now, detail)


def _event(
    task: Task, actor: str, at: datetime | None = None, detail: str = ""
) -> TaskEvent:
    return TaskEvent(
        task=task,
        revision=task.revision,
        status=task.status,
        at=at or task.created_at,
        attempt=task.attempt,
        actor=actor,
        detail=detail,
    )


def _record(events: list[TaskEvent]) -> list[TaskEvent]:
    return TaskEvent.objects.bulk_create(events)
