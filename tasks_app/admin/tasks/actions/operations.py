"""What staff does to tasks: done and logged in one transaction, then announced.

Each takes tasks by their ids, in batches, and returns how many it concerned.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction

from tasks_app import dispatch, lifecycle, reports, reviews
from tasks_app.admin import audit_log
from tasks_app.admin.audit_log import LoggedAction
from tasks_app.gateway import announce
from tasks_app.lifecycle import Stored
from tasks_app.models import Verdict

MAX_TASKS = 10_000
"""Tasks that one action may concern."""
_BATCH_SIZE = 200


class Retried(NamedTuple):
    """How many tasks were tried anew, and for how many the queue had no room."""

    done: int
    refused: int


def cancel(user: User, task_ids: Sequence[UUID]) -> int:
    done = 0
    for batch in _batches(task_ids):
        with transaction.atomic():
            events = lifecycle.cancel_all(batch, _actor(user))
            cancelled = [event.task_id for event in events]
            audit_log.write(user.pk, _logged(cancelled, audit_log.CANCELLED))
        announce(events)
        done += len(events)
    return done


def retry(user: User, task_ids: Sequence[UUID]) -> Retried:
    done = refused = 0
    for batch in _batches(task_ids):
        with transaction.atomic():
            results = lifecycle.retry(batch, _actor(user), settings.MAX_QUEUE_SIZE)
            new = [result.task for result in results if isinstance(result, Stored)]
            retries = [_logged_retry(task.retry_of_id, task.pk) for task in new]
            audit_log.write(user.pk, chain.from_iterable(retries))
        announce(reports.events_of(task.pk for task in new))
        done += len(new)
        refused += len(results) - len(new)
    if done:
        dispatch.ring()
    return Retried(done, refused)


def _logged_retry(old: UUID | None, new: UUID) -> list[LoggedAction]:
    """One on each, so that either's history leads to the other."""
    assert old is not None, "a retry names what it retries"  # noqa: S101
    return [
        LoggedAction(old, audit_log.RETRIED, {"task": new}),
        LoggedAction(new, audit_log.RETRY, {"task": old}),
    ]


def mark_right(user: User, task_ids: Sequence[UUID]) -> int:
    done = 0
    for batch in _batches(task_ids):
        with transaction.atomic():
            reviewed = reviews.mark_right(batch, user.pk)
            facts = {"verdict": Verdict.RIGHT.label}
            audit_log.write(user.pk, _logged(reviewed, audit_log.REVIEWED, facts))
        done += len(reviewed)
    return done


def purge(user: User, task_ids: Sequence[UUID]) -> int:
    done = 0
    for batch in _batches(task_ids):
        with transaction.atomic():
            erased = lifecycle.erase(batch)
            audit_log.write(user.pk, _logged(erased, audit_log.PURGED))
        done += len(erased)
    return done


def _logged(
    task_ids: Iterable[UUID], text: str, facts: Mapping[str, object] | None = None
) -> list[LoggedAction]:
    """The same, of each."""
    return [LoggedAction(task_id, text, facts or {}) for task_id in task_ids]


def _batches(task_ids: Sequence[UUID]) -> Iterator[Sequence[UUID]]:
    for start in range(0, len(task_ids), _BATCH_SIZE):
        yield task_ids[start : start + _BATCH_SIZE]


def _actor(user: User) -> str:
    return f"staff:{user.pk}"
