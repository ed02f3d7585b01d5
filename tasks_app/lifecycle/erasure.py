"""Staff deletes tasks for good."""

from collections.abc import Collection
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from tasks_app import rollups
from tasks_app.models import Task


def erase(task_ids: Collection[UUID]) -> list[UUID]:
    """Delete those of these tasks that are final, with all that is known of them.

    They stay counted: what was not rolled up yet is so first. Returns the ids of what
    is gone.
    """
    with transaction.atomic():
        # Locked first: a rolling up passes over what others have locked, and waits
        # for no task while it holds the totals. So are the retries, which will no
        # longer name what is gone.
        written = Task.objects.filter(Q(pk__in=task_ids) | Q(retry_of__in=task_ids))
        locked = written.order_by("pk").select_for_update()
        ended = dict(locked.values_list("pk", "completed_at"))
        erased = sorted(task_id for task_id in set(task_ids) if ended.get(task_id))
        rollups.roll_up(len(erased), among=erased)
        Task.objects.filter(pk__in=erased).delete()
    return erased
