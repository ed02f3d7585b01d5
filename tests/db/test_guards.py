"""A verb whose caller is no longer right about a task changes nothing."""

from collections.abc import Callable

import pytest
from django.utils import timezone

from tasks_app import lifecycle
from tasks_app.lifecycle import Outcome
from tasks_app.models import Task, TaskEvent
from tasks_app.states import FINAL, Status
from tests.db.examples import (
    LEASE_S,
    MAX_ATTEMPTS,
    claimed,
    completed,
    end_leases,
    failed,
    history,
    pending,
    row,
)

pytestmark = pytest.mark.django_db

Verb = Callable[[Task], list[TaskEvent]]
WORKER_VERBS: dict[str, Verb] = {
    "complete": lambda task: lifecycle.finish([completed(task)]),
    "fail": lambda task: lifecycle.finish([failed(task)]),
    "release": lambda task: lifecycle.release([task], "test"),
}


def put_in_status(task: Task, status: Status) -> None:
    ended_at = timezone.now() if status in FINAL else None
    row = Task.objects.filter(pk=task.pk)
    row.update(status=status, completed_at=ended_at)


@pytest.mark.parametrize("verb", WORKER_VERBS.values(), ids=WORKER_VERBS.keys())
@pytest.mark.parametrize("status", [s for s in Status if s != Status.PROCESSING])
def test_a_worker_that_lost_its_claim_changes_nothing(
    verb: Verb, status: Status
) -> None:
    [task] = claimed()
    put_in_status(task, status)
    before = row(task)
    assert verb(task) == []
    assert row(task) == before
    assert len(history(task)) == 2


@pytest.mark.parametrize("verb", WORKER_VERBS.values(), ids=WORKER_VERBS.keys())
def test_a_worker_of_an_earlier_attempt_changes_nothing(verb: Verb) -> None:
    [zombie] = claimed(worker="w1")
    end_leases()
    lifecycle.recover(MAX_ATTEMPTS)
    # Even the same worker: it is the attempt that counts.
    [current] = lifecycle.claim(1, "w1", LEASE_S)
    before = row(zombie)
    assert verb(zombie) == []
    assert row(zombie) == before
    assert verb(current.task) != []


@pytest.mark.parametrize("is_zombie_first", [True, False])
def test_two_attempts_that_end_in_one_batch_do_not_hide_each_other(
    is_zombie_first: bool,
) -> None:
    [zombie] = claimed(worker="w1")
    end_leases()
    lifecycle.recover(MAX_ATTEMPTS)
    [current] = lifecycle.claim(1, "w1", LEASE_S)
    outcomes: list[Outcome] = [failed(zombie), completed(current.task)]
    if not is_zombie_first:
        outcomes.reverse()
    [event] = lifecycle.finish(outcomes)
    assert (event.status, event.attempt) == (Status.COMPLETED, 2)
    assert row(zombie)["status"] == Status.COMPLETED


@pytest.mark.parametrize("status", Status)
def test_a_claim_takes_pending_tasks_only(status: Status) -> None:
    [task] = pending()
    put_in_status(task, status)
    assert bool(lifecycle.claim(9, "w1", LEASE_S)) is (status == Status.PENDING)


@pytest.mark.parametrize("status", Status)
def test_a_sweep_takes_processing_tasks_only(status: Status) -> None:
    [task] = claimed()
    end_leases()
    put_in_status(task, status)
    assert bool(lifecycle.recover(9)) is (status == Status.PROCESSING)


def test_a_move_that_is_not_in_the_table_is_a_fault_of_ours() -> None:
    [task] = pending()
    with pytest.raises(ValueError, match="pending"):
        lifecycle.finish([completed(task)])


def test_a_task_that_was_deleted_meanwhile_is_no_fault() -> None:
    [task] = claimed()
    Task.objects.filter(pk=task.pk).delete()
    assert lifecycle.finish([completed(task)]) == []
    lifecycle.renew([(task.pk, 1)], "w1", LEASE_S)
    assert lifecycle.held([(task.pk, 1)], "w1") == set()
