"""Staff deletes tasks for good."""

from collections.abc import Collection
from uuid import UUID

from django.db import transaction

from tasks_app import rollups
from tasks_app.models import Task


def erase(task_ids: Collection[UUID]) -> list[UUID]:
    """Delete those of these tasks that are final, with all that is known of them.

    They stay counted: what was not rolled up yet is so first. Returns the ids of what
    is gone; a task that somebody is just rolling up stays.
    """
    with transaction.atomic():
        rollups.roll_up(len(task_ids), among=task_ids)
        counted = Task.objects.filter(pk__in=task_ids, is_rolled_up=True)
        locked = counted.order_by("pk").select_for_update()
        erased = list(locked.values_list("pk", flat=True))
        Task.objects.filter(pk__in=erased).delete()
    return erased
