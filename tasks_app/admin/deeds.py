"""What staff does to tasks: done and logged as one, then told and rung for.

Each takes tasks by their ids, some at a time, and tells how many it concerned.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction

from tasks_app import dispatch, lifecycle, reports, reviews
from tasks_app.admin import log
from tasks_app.admin.log import Act
from tasks_app.gateway import announce
from tasks_app.lifecycle import Stored
from tasks_app.models import Verdict

AT_MOST = 10_000
"""Tasks that one act may concern."""
_AT_ONCE = 200


class Retried(NamedTuple):
    """How many tasks were tried anew, and for how many the queue had no room."""

    done: int
    refused: int


def cancel(user: User, task_ids: Sequence[UUID]) -> int:
    done = 0
    for some in _portions(task_ids):
        with transaction.atomic():
            events = lifecycle.cancel_all(some, _actor(user))
            log.write(user.pk, [Act(event.task_id, log.CANCELLED) for event in events])
        announce(events)
        done += len(events)
    return done


def retry(user: User, task_ids: Sequence[UUID]) -> Retried:
    done = refused = 0
    for some in _portions(task_ids):
        with transaction.atomic():
            results = lifecycle.retry(some, _actor(user), settings.MAX_QUEUE_SIZE)
            new = [result.task for result in results if isinstance(result, Stored)]
            for task in new:
                log.write(user.pk, _acts_of_retry(task.retry_of_id, task.pk))
        announce(reports.events_of(task.pk for task in new))
        done += len(new)
        refused += len(results) - len(new)
    if done:
        dispatch.ring()
    return Retried(done, refused)


def _acts_of_retry(old: UUID | None, new: UUID) -> list[Act]:
    """One on each, so that either's history leads to the other."""
    assert old is not None, "a retry names what it retries"  # noqa: S101
    return [
        Act(old, log.RETRIED, {"task": new}),
        Act(new, log.RETRY, {"task": old}),
    ]


def mark_right(user: User, task_ids: Sequence[UUID]) -> int:
    done = 0
    for some in _portions(task_ids):
        with transaction.atomic():
            reviewed = reviews.mark_right(some, user.pk)
            facts = {"verdict": Verdict.RIGHT.label}
            log.write(user.pk, [Act(pk, log.REVIEWED, facts) for pk in reviewed])
        done += len(reviewed)
    return done


def purge(user: User, task_ids: Sequence[UUID]) -> int:
    done = 0
    for some in _portions(task_ids):
        with transaction.atomic():
            erased = lifecycle.erase(some)
            log.write(user.pk, [Act(task_id, log.PURGED) for task_id in erased])
        done += len(erased)
    return done


def _portions(task_ids: Sequence[UUID]) -> Iterator[Sequence[UUID]]:
    for start in range(0, len(task_ids), _AT_ONCE):
        yield task_ids[start : start + _AT_ONCE]


def _actor(user: User) -> str:
    return f"staff:{user.pk}"
