"""Verbs that run at the same moment in several threads, each with its connection."""

from typing import Any

import pytest
from django.db import IntegrityError
from django.utils import timezone

from tasks_app import lifecycle
from tasks_app.errors import IdempotencyConflict, RequestError
from tasks_app.lifecycle import Claim, Stored
from tasks_app.models import Task, TaskEvent
from tests.db.at_once import at_once
from tests.db.examples import (
    LEASE_S,
    MAX_ATTEMPTS,
    claimed,
    completed,
    copy_of,
    draft,
    end_leases,
    failed,
    history,
    pending,
    row,
)

pytestmark = pytest.mark.django_db(transaction=True)


def check_histories(tasks: list[Task]) -> None:
    for task in map(copy_of, tasks):
        revisions, statuses = zip(*history(task), strict=True)
        assert revisions == tuple(range(1, task.revision + 1))
        assert statuses[-1] == task.status


# --- Claiming -----------------------------------------------------------------------


def test_no_two_workers_claim_the_same_task() -> None:
    tasks = pending(60)

    def work(worker: str) -> list[Any]:
        taken: list[Any] = []
        while Task.objects.pending().exists():
            events = lifecycle.claim(7, worker, LEASE_S)
            taken += [event.task.pk for event in events]
        return taken

    taken = at_once(*[lambda w=w: work(f"w{w}") for w in range(4)])
    everything = [task_id for some in taken for task_id in some]
    assert sorted(everything) == sorted(task.pk for task in tasks)
    for worker, mine in enumerate(taken):
        assert set(mine) == set(
            Task.objects.filter(worker=f"w{worker}").values_list("pk", flat=True)
        )
    assert set(Task.objects.values_list("attempt", "revision")) == {(1, 2)}
    check_histories(tasks)


# --- Ending -------------------------------------------------------------------------


def test_of_two_ends_of_one_claim_one_counts() -> None:
    tasks = claimed(30)
    copies = [copy_of(task) for task in reversed(tasks)]
    completions, failures = at_once(
        lambda: lifecycle.finish([completed(task) for task in tasks]),
        lambda: lifecycle.finish([failed(task) for task in copies]),
    )
    told = [event.task_id for event in completions + failures]
    assert sorted(told) == sorted(task.pk for task in tasks)
    for event in completions + failures:
        assert copy_of(event.task).status == event.status
    check_histories(tasks)


def test_a_task_is_finished_or_recovered_never_both() -> None:
    tasks = claimed(30)
    end_leases()

    def finish_one_by_one() -> list[TaskEvent]:
        return [e for task in tasks for e in lifecycle.finish([completed(task)])]

    def recover_some_by_some() -> list[TaskEvent]:
        return [e for _ in range(10) for e in lifecycle.recover(MAX_ATTEMPTS, limit=3)]

    finished, recovered = at_once(finish_one_by_one, recover_some_by_some)
    ended = {event.task_id for event in finished}
    requeued = {event.task_id for event in recovered}
    assert ended.isdisjoint(requeued)
    assert ended | requeued == {task.pk for task in tasks}
    for task in map(copy_of, tasks):
        assert task.status == ("completed" if task.pk in ended else "pending")
        assert task.revision == 3
    check_histories(tasks)


def test_two_sweeps_recover_each_task_once() -> None:
    tasks = claimed(30)
    end_leases()
    some, others = at_once(*[lambda: lifecycle.recover(MAX_ATTEMPTS)] * 2)
    recovered = [event.task_id for event in some + others]
    assert sorted(recovered) == sorted(task.pk for task in tasks)
    check_histories(tasks)


def test_a_lease_is_renewed_or_its_task_recovered_never_both() -> None:
    tasks = claimed(30)
    claims = {(task.pk, task.attempt) for task in tasks}
    end_leases()

    def renew() -> set[Claim]:
        lifecycle.renew(claims, "w1", LEASE_S)
        return set()

    def recover() -> set[Claim]:
        return {(e.task_id, e.attempt) for e in lifecycle.recover(MAX_ATTEMPTS)}

    _, recovered = at_once(renew, recover)
    assert not Task.objects.abandoned(timezone.now()).exists()
    kept = lifecycle.held(claims, "w1")
    assert kept.isdisjoint(recovered)
    assert kept | recovered == claims
    check_histories(tasks)


def test_a_task_given_back_while_it_ends_is_claimed_again_only_if_it_did_not() -> None:
    tasks = claimed(20)
    copies = [copy_of(task) for task in tasks]
    ended, released, claims = at_once(
        lambda: lifecycle.finish([completed(task) for task in tasks]),
        lambda: lifecycle.release(copies, "worker_stopped"),
        lambda: [e for _ in range(5) for e in lifecycle.claim(20, "w2", LEASE_S)],
    )
    done, back = ({e.task_id for e in events} for events in (ended, released))
    assert done.isdisjoint(back)
    assert done | back == {task.pk for task in tasks}
    assert {event.task_id for event in claims} <= back
    check_histories(tasks)


# --- Zombies ------------------------------------------------------------------------


@pytest.mark.parametrize("has_successor_ended", [False, True])
def test_a_zombie_s_late_result_changes_no_row(has_successor_ended: bool) -> None:
    [zombies_view] = claimed(worker="zombie")
    end_leases()
    lifecycle.recover(MAX_ATTEMPTS)
    [event] = lifecycle.claim(1, "successor", LEASE_S)
    if has_successor_ended:
        lifecycle.finish([failed(event.task)])
    before = row(event.task)
    zombies_claim = (zombies_view.pk, zombies_view.attempt)
    lifecycle.renew([zombies_claim], "zombie", LEASE_S)
    assert lifecycle.held([zombies_claim], "zombie") == set()
    [told] = at_once(lambda: lifecycle.finish([completed(zombies_view)]))
    assert told == []
    assert row(event.task) == before
    check_histories([event.task])


# --- Creating -----------------------------------------------------------------------


def submit(text: str) -> Stored | RequestError:
    """Submit under one and the same key, as a process that knows of no other."""
    submission = draft(text, key="k")
    try:
        [submitted] = lifecycle.create([submission])
    except IntegrityError:
        # Somebody else's commit was first; now it can be seen.
        [submitted] = lifecycle.create([submission])
    return submitted


def test_a_key_sent_four_times_at_once_makes_one_task() -> None:
    submitted = at_once(*[lambda: submit("买牛奶")] * 4)
    stored = [s for s in submitted if isinstance(s, Stored)]
    [task] = Task.objects.all()
    assert [s.task.pk for s in stored] == [task.pk] * 4
    assert sorted(s.is_duplicate for s in stored) == [False, True, True, True]
    check_histories([task])


def test_of_two_payloads_under_one_key_one_conflicts() -> None:
    submitted = at_once(lambda: submit("买牛奶"), lambda: submit("买面包"))
    conflicts = [isinstance(s, IdempotencyConflict) for s in submitted]
    assert sorted(conflicts) == [False, True]
    assert Task.objects.count() == TaskEvent.objects.count() == 1


def test_a_batch_that_loses_a_race_for_a_key_leaves_nothing_half_done() -> None:
    def submit_batch() -> bool:
        batch = [draft(f"第{n}件") for n in range(10)] + [draft(key="k")]
        try:
            lifecycle.create(batch)
        except IntegrityError:
            return False
        return True

    committed = at_once(submit_batch, submit_batch).count(True)
    assert committed in (1, 2)
    assert Task.objects.count() == 10 * committed + 1
    assert TaskEvent.objects.count() == Task.objects.count()


# --- Erasing ------------------------------------------------------------------------


def test_a_task_and_its_retry_are_erased_at_once() -> None:
    for _ in range(6):
        lifecycle.finish([failed(task) for task in claimed(30)])
        firsts = list(Task.objects.values_list("pk", flat=True))
        lifecycle.retry(firsts, "staff:1", queue_limit=1000)
        retries = [event.task for event in lifecycle.claim(30, "w1", LEASE_S)]
        lifecycle.finish([completed(task) for task in retries])
        seconds = [task.pk for task in retries]
        at_once(lambda: lifecycle.erase(firsts), lambda: lifecycle.erase(seconds))  # noqa: B023
        assert not Task.objects.exists()
