"""Another attempt at what ended without success: a new task, since an end is final."""

from collections.abc import Collection
from uuid import UUID, uuid4

from django.db import transaction

from tasks_app.errors import RequestError
from tasks_app.lifecycle.admission import Limits
from tasks_app.lifecycle.drafts import Draft
from tasks_app.lifecycle.submissions import Stored, create
from tasks_app.models import Task
from tasks_app.states import UNSUCCESSFUL


def retry(
    task_ids: Collection[UUID], actor: str, queue_limit: int
) -> list[Stored | RequestError]:
    """Try these tasks anew, each by a copy for the same owner.

    A task that was retried before stands for its latest retry. What is not failed or
    cancelled is left out, and so whoever comes second to retry a task finds nothing
    to do. An error is given for what the queue has no room for.
    """
    with transaction.atomic():
        latest = _latest_retries(task_ids)
        rows = Task.objects.filter(pk__in=latest).order_by("pk").select_for_update()
        locked = {task.pk: task for task in rows if task.status in UNSUCCESSFUL}
        # Now nobody else can retry them any more; before, somebody may have.
        retried = Task.objects.filter(retry_of__in=locked)
        gone = set(retried.values_list("retry_of", flat=True))
        drafts = [_draft_of(task) for pk, task in locked.items() if pk not in gone]
        return create(drafts, Limits(queue=queue_limit), actor=actor)


def _latest_retries(task_ids: Collection[UUID]) -> set[UUID]:
    """The last of each row of retries: one is only ever made of the last."""
    latest, waiting = set(task_ids), set(task_ids)
    while waiting:
        links = Task.objects.filter(retry_of__in=waiting)
        following = dict(links.values_list("retry_of", "pk"))
        latest = latest - following.keys() | set(following.values())
        waiting = set(following.values())
    return latest


def _draft_of(task: Task) -> Draft:
    return Draft(
        id=uuid4(),
        owner=task.owner,
        user_id=task.user_id,
        text=task.text,
        event=task.event,
        retry_of_id=task.pk,
    )
