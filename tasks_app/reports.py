"""Questions to the ORM; reads only."""

from collections.abc import Collection, Iterable
from datetime import datetime
from operator import itemgetter
from uuid import UUID

from django.db.models import Count, Max, Q, Sum
from django.utils import timezone

from tasks_app.models import ServerProcess, Task, TaskEvent
from tasks_app.protocol.replies import StatsData
from tasks_app.states import Status


def find_task(owner: str, task_id: UUID) -> Task | None:
    """The owner's task of this id; somebody else's is as good as none."""
    return Task.objects.owned_by(owner).filter(pk=task_id).first()


def newest_tasks(owner: str, limit: int) -> list[Task]:
    """The owner's newest tasks, oldest first."""
    newest = Task.objects.owned_by(owner).order_by("-created_at", "-pk")[:limit]
    return list(reversed(newest))


def stats(process_id: UUID) -> StatsData:
    """Counts over the whole service, but for the connections of this process.

    It knows them better than its last heartbeat does.
    """
    counts = dict(Task.objects.order_by().values_list("status").annotate(n=Count("pk")))
    pending = counts.get(Status.PENDING, 0)
    processing = counts.get(Status.PROCESSING, 0)
    return StatsData(
        active_connections=_connections_elsewhere(process_id),
        total_tasks=sum(counts.values()),
        active_tasks=pending + processing,
        completed_tasks=counts.get(Status.COMPLETED, 0),
        failed_tasks=counts.get(Status.FAILED, 0),
        queue_size=pending,
        processing_tasks=processing,
        cancelled_tasks=counts.get(Status.CANCELLED, 0),
    )


def _connections_elsewhere(process_id: UUID) -> int:
    live = ServerProcess.objects.alive(timezone.now())
    total = live.exclude(pk=process_id).aggregate(total=Sum("connections"))["total"]
    return total or 0


def changed_revisions(
    owners: Collection[str], since: datetime
) -> list[tuple[str, UUID, int]]:
    """(owner, task id, revision) of what these owners have going on.

    That is every unfinished task, and every one that became final after `since`.
    """
    tasks = Task.objects.owned_by(*owners).changed_since(since)
    return list(tasks.order_by().values_list("owner", "pk", "revision"))


def events_of(task_ids: Iterable[UUID]) -> list[TaskEvent]:
    """Every move of these tasks, in order for each task."""
    events = TaskEvent.objects.filter(task_id__in=list(task_ids))
    return list(events.select_related("task").order_by("task", "revision"))


def missed(
    owner: str, since: datetime, limit: int
) -> tuple[dict[UUID, int], list[TaskEvent]]:
    """What a client that has seen all up to `since` knows, and what it does not.

    The last revision at or before `since` (0: none) of each task that is unfinished
    or became final after it, of the newest `limit` such tasks; and all later events
    of these, in order for each task and as far as possible in that of their times.
    """
    changed = Task.objects.owned_by(owner).changed_since(since)
    tasks = Task.objects.filter(
        pk__in=changed.order_by("-created_at").values("pk")[:limit]
    )
    was_seen = Q(events__at__lte=since)
    known = tasks.annotate(seen=Max("events__revision", filter=was_seen))
    seen = {pk: revision or 0 for pk, revision in known.values_list("pk", "seen")}
    events = [e for e in events_of(seen) if e.revision > seen[e.task_id]]
    return seen, _by_time(events)


def _by_time(events: list[TaskEvent]) -> list[TaskEvent]:
    """By time; what a slow clock has dated too early, after what was before it."""
    latest: dict[UUID, datetime] = {}
    dated = []
    for event in events:
        latest[event.task_id] = max(latest.get(event.task_id, event.at), event.at)
        dated.append((latest[event.task_id], event))
    # Stable: events of one task and one time stay in their order.
    return [event for _, event in sorted(dated, key=itemgetter(0))]
