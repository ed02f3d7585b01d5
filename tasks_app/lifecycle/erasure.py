"""Staff deletes tasks for good."""

from collections.abc import Collection
from uuid import UUID

from django.db import transaction

from tasks_app import rollups
from tasks_app.models import Task


def erase(task_ids: Collection[UUID]) -> list[UUID]:
    """Delete those of these tasks that are final, with all that is known of them.

    They stay counted: what was not rolled up yet is so first. Returns the ids of what
    is gone.
    """
    with transaction.atomic():
        final = Task.objects.filter(pk__in=task_ids, completed_at__isnull=False)
        # Locked first: a rolling up passes over what others have locked, and waits
        # for no task while it holds the totals.
        locked = final.order_by("pk").select_for_update()
        erased = list(locked.values_list("pk", flat=True))
        rollups.roll_up(len(erased), among=erased)
        Task.objects.filter(pk__in=erased).delete()
    return erased
