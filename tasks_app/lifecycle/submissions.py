"""Submissions become tasks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from tasks_app.lifecycle.moves import as_event, record
from tasks_app.models import Task


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


def create(drafts: Sequence[Draft]) -> list[Stored]:
    """Store submissions; one result for each, in their order."""
    with transaction.atomic():
        known = _known_keys(drafts)
        stored = [_store(draft, known) for draft in drafts]
        new = [s.task for s in stored if not s.is_duplicate and not s.is_conflict]
        # In the order of their keys: two processes that are sent the same ones again
        # would else wait for each other.
        new.sort(key=lambda task: (task.owner, task.idempotency_key or ""))
        Task.objects.bulk_create(new)
        record([as_event(task, actor="client") for task in new])
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
