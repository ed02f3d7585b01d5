"""Submissions become tasks."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from tasks_app.errors import IdempotencyConflict, RequestError
from tasks_app.lifecycle.admission import NO_LIMITS, Admission, Limits
from tasks_app.lifecycle.drafts import Draft
from tasks_app.lifecycle.moves import as_event, record
from tasks_app.models import Task
from tasks_app.outlook import Forecast, Outlook


@dataclass(frozen=True)
class Stored:
    """The task of a draft; `forecast` is None for the earlier one of the same key."""

    task: Task
    forecast: Forecast | None

    @property
    def is_duplicate(self) -> bool:
        return self.forecast is None


def create(
    drafts: Sequence[Draft],
    limits: Limits = NO_LIMITS,
    outlook: Outlook | None = None,
    *,
    actor: str = "client",
) -> list[Stored | RequestError]:
    """Store submissions; one result for each, in their order: its task, or why not.

    A draft whose key is known stores nothing and is not counted by the limits.
    """
    with transaction.atomic():
        batch = _Batch(drafts, limits, outlook or Outlook(), actor)
        submissions = [batch.submit(draft) for draft in drafts]
        batch.insert()
    return submissions


class _Batch:
    """Drafts that are stored together; each knows of those before it."""

    def __init__(
        self, drafts: Sequence[Draft], limits: Limits, outlook: Outlook, actor: str
    ) -> None:
        self._outlook = outlook
        self._actor = actor
        self._admission = Admission(limits, drafts, outlook.length())
        self._known = _known_keys(drafts)
        self._new: list[Stored] = []

    def submit(self, draft: Draft) -> Stored | RequestError:
        key = (draft.owner, draft.idempotency_key or "")
        if (task := self._known.get(key)) is not None:
            if (task.text, task.event) != (draft.text, draft.event):
                return IdempotencyConflict(task_id=str(task.pk))
            return Stored(task, forecast=None)
        if (refusal := self._admission.refuse(draft)) is not None:
            return refusal
        position = self._outlook.length() + len(self._new) + 1
        stored = Stored(_task_of(draft), self._outlook.at(position))
        self._new.append(stored)
        if draft.idempotency_key:
            self._known[key] = stored.task
        return stored

    def insert(self) -> None:
        # In the order of their keys: two processes that are sent the same ones again
        # would else wait for each other.
        self._new.sort(key=lambda new: (new.task.owner, new.task.idempotency_key or ""))
        Task.objects.bulk_create(new.task for new in self._new)
        record(
            [
                as_event(
                    new.task,
                    self._actor,
                    detail=_origin(new.task),
                    forecast=new.forecast,
                )
                for new in self._new
            ]
        )
        self._outlook.joined(len(self._new))


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


def _origin(task: Task) -> str:
    return f"retry_of:{task.retry_of_id}" if task.retry_of_id else ""


def _task_of(draft: Draft) -> Task:
    return Task(
        id=draft.id,
        owner=draft.owner,
        user_id=draft.user_id,
        source=draft.source,
        text=draft.text,
        event=draft.event,
        event_id=draft.event_id,
        retry_of_id=draft.retry_of_id,
        idempotency_key=draft.idempotency_key,
        created_at=draft.created_at,
    )
