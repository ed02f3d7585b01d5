"""Queries of the service itself: what clients, feeds and the dashboard need."""

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Max, Sum
from django.utils import timezone

from tasks_app.models import Review, ServerProcess, StatusTotal, Task, TaskEvent
from tasks_app.protocol.replies import StatsData
from tasks_app.states import Status


def find_task(owner: str, task_id: UUID) -> Task | None:
    """The owner's task of this id; somebody else's is as good as none."""
    return Task.objects.owned_by(owner).filter(pk=task_id).first()


def newest_tasks(owner: str, limit: int) -> list[Task]:
    """The owner's newest tasks, oldest first."""
    newest = Task.objects.owned_by(owner).order_by("-created_at", "-pk")[:limit]
    return list(reversed(newest))


def stats(process_id: UUID | None = None) -> StatsData:
    """Counts over the whole service, but for the connections of this process.

    It knows them better than its last heartbeat does; None leaves nobody out.
    """
    counts = _tasks_by_status()
    pending = counts[Status.PENDING]
    processing = counts[Status.PROCESSING]
    return StatsData(
        active_connections=_connections_elsewhere(process_id),
        total_tasks=counts.total(),
        active_tasks=pending + processing,
        completed_tasks=counts[Status.COMPLETED],
        failed_tasks=counts[Status.FAILED],
        queue_size=pending,
        processing_tasks=processing,
        cancelled_tasks=counts[Status.CANCELLED],
    )


def _tasks_by_status() -> Counter[str]:
    """All tasks there have been, also those that retention has deleted.

    Exact, since it is one statement, and so one moment; it reads three rows and what
    the last sweep has left.
    """
    others = Task.objects.filter(is_rolled_up=False).order_by().values_list("status")
    rows = StatusTotal.objects.values_list("status", "tasks").union(
        others.annotate(tasks=Count("*")), all=True
    )
    counts: Counter[str] = Counter()
    for status, count in rows:
        counts[status] += count
    return counts


def _connections_elsewhere(process_id: UUID | None) -> int:
    live = ServerProcess.objects.alive(timezone.now())
    if process_id is not None:
        live = live.exclude(pk=process_id)
    total: int = live.aggregate(total=Sum("connections", default=0))["total"]
    return total


def data_version() -> str:
    """Another one once tasks are rolled up, or a review is made or deleted; opaque."""
    rolled_up = StatusTotal.objects.aggregate(n=Sum("tasks", default=0))["n"]
    reviews = Review.objects.aggregate(at=Max("reviewed_at"), n=Count("pk"))
    return f"{rolled_up} {reviews['at']} {reviews['n']}"


def changed_revisions(
    owners: Collection[str], since: datetime
) -> list[tuple[str, UUID, int]]:
    """(owner, task id, revision) of what these owners have going on.

    That is every unfinished task, and every one that became final after `since`.
    """
    owned = Task.objects.owned_by(*owners).order_by()
    # Not by an OR: SQLite would read all of a history.
    parts = owned.unfinished(), owned.filter(completed_at__gte=since)
    columns = "owner", "pk", "revision"
    return [row for part in parts for row in part.values_list(*columns)]


def events_of(task_ids: Iterable[UUID]) -> list[TaskEvent]:
    """Every move of these tasks, in order for each task."""
    events = TaskEvent.objects.filter(task_id__in=list(task_ids))
    return list(events.select_related("task").order_by("task", "revision"))


def ended_after(owner: str, moment: datetime, task_id: UUID, limit: int) -> list[Task]:
    """The owner's tasks that ended later, or then and of a greater id; oldest first."""
    return list(Task.objects.owned_by(owner).ended_after(moment, task_id)[:limit])


def unfinished_revisions(owner: str) -> list[tuple[UUID, int]]:
    """(id, revision) of each unfinished task of an owner, the oldest task first."""
    tasks = Task.objects.owned_by(owner).unfinished().order_by()
    # Sorted here: SQLite would read all of a history to have it in order.
    rows = sorted(tasks.values_list("created_at", "pk", "revision"))
    return [(task_id, revision) for _, task_id, revision in rows]
