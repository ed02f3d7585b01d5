"""Another attempt at what ended without success."""

from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import User

from tasks_app import lifecycle, reports, rollups
from tasks_app.errors import QueueFull, RequestError
from tasks_app.lifecycle import Limits, Stored
from tasks_app.models import HourlyRollup, Task, TaskEvent
from tasks_app.submit_rate import Quota
from tests.db.at_once import at_once
from tests.db.examples import (
    ANNA,
    claimed,
    completed,
    copy_of,
    draft,
    failed,
    history,
    pending,
    row,
    store,
)

STAFF = "staff:7"


def failure(text: str = "买牛奶", **fields: Any) -> Task:
    """A task that has failed."""
    [stored] = store(draft(text, **fields))
    [event] = lifecycle.claim(1, "w1", 30)
    assert event.task_id == stored.task.pk
    lifecycle.finish([failed(event.task)])
    return copy_of(stored.task)


def retry(*tasks: Task, queue_limit: int = 0) -> list[Stored | RequestError]:
    return lifecycle.retry([task.pk for task in tasks], STAFF, queue_limit)


def retried(*tasks: Task) -> list[Task]:
    """The new tasks; none is refused."""
    return [stored.task for stored in retry(*tasks) if isinstance(stored, Stored)]


def end(task: Task, *, is_good: bool) -> None:
    [event] = lifecycle.claim(1, "w1", 30)
    assert event.task_id == task.pk
    lifecycle.finish([completed(event.task) if is_good else failed(event.task)])


@pytest.mark.django_db
def test_a_retry_is_a_new_task_with_the_same_content() -> None:
    event = {"event_id": "evt_9", "transcript": "买牛奶", "device": {"model": "眼镜"}}
    old = failure(event=event, key="k", source="s")
    user = User.objects.create_user("anna")
    Task.objects.update(user=user)
    before = row(old)
    [new] = retried(old)
    assert row(old) == before
    new = copy_of(new)
    copied = (new.owner, new.user, new.text, new.event, new.event_id)
    assert copied == (ANNA, user, "买牛奶", event, "evt_9")
    assert (new.status, new.revision, new.attempt) == ("pending", 1, 0)
    assert (new.idempotency_key, new.source, new.retry_of_id) == (None, "", old.pk)
    [arrival] = TaskEvent.objects.filter(task=new)
    assert (arrival.actor, arrival.detail) == (STAFF, f"retry_of:{old.pk}")
    assert arrival.queue_position == 1


@pytest.mark.django_db
def test_what_is_not_over_or_went_well_is_not_retried() -> None:
    done, running = claimed(2)
    lifecycle.finish([completed(done)])
    [waiting] = pending()
    assert retry(done, running, waiting) == []
    assert Task.objects.count() == 3


@pytest.mark.django_db
def test_a_cancelled_task_is_retried() -> None:
    [task] = pending()
    lifecycle.cancel(task, "client")
    assert len(retried(task)) == 1


@pytest.mark.django_db
def test_a_task_is_retried_again_only_when_its_retry_has_failed_too() -> None:
    first = failure()
    [second] = retried(first)
    assert retry(first) == retry(second) == []
    end(second, is_good=False)
    [third] = retried(first)
    assert third.retry_of_id == second.pk
    end(third, is_good=False)
    [fourth] = retried(first, second, third)
    assert fourth.retry_of_id == third.pk
    end(fourth, is_good=True)
    assert retry(first, second, third, fourth) == []


@pytest.mark.django_db
def test_whoever_forgot_a_failed_retry_can_still_retry_what_is_left() -> None:
    first = failure()
    [second] = retried(first)
    end(second, is_good=False)
    lifecycle.erase([second.pk])
    [third] = retried(first)
    assert third.retry_of_id == first.pk
    end(third, is_good=False)
    lifecycle.erase([first.pk])
    assert copy_of(third).retry_of_id is None


@pytest.mark.django_db
def test_the_queue_takes_no_more_retries_than_it_has_room_for() -> None:
    tasks = [failure(), failure()]
    results = retry(*tasks, queue_limit=1)
    assert sorted(map(type, results), key=str) == [QueueFull, Stored]
    assert Task.objects.pending().count() == 1


@pytest.mark.django_db
def test_retries_do_not_use_up_the_rate_of_their_owner() -> None:
    [new] = retried(failure(age_s=60))
    assert new.owner == ANNA
    limits = Limits(of_owner=Quota(1, 2))
    first, second = lifecycle.create([draft(), draft()], limits)
    assert isinstance(first, Stored)
    assert isinstance(second, RequestError)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_retry_at_once_one_does() -> None:
    for _ in range(5):
        task = failure()
        results = at_once(*[partial(retried, task)] * 4)
        [new] = [new for some in results for new in some]
        assert history(new) == [(1, "pending")]
        lifecycle.cancel(new, "client")


@pytest.mark.django_db(transaction=True)
def test_a_row_of_retries_grows_by_one_at_once() -> None:
    first = failure()
    [second] = retried(first)
    end(second, is_good=False)
    results = at_once(partial(retried, first), partial(retried, second))
    [third] = [new for some in results for new in some]
    assert third.retry_of_id == second.pk


@pytest.mark.django_db
def test_staff_cancels_what_is_not_final_and_nothing_else() -> None:
    done, running = claimed(2)
    lifecycle.finish([completed(done)])
    [waiting] = pending()
    ids = [done.pk, running.pk, waiting.pk]
    events = lifecycle.cancel_all(ids, STAFF)
    assert {event.task_id for event in events} == {running.pk, waiting.pk}
    assert {event.actor for event in events} == {STAFF}
    assert lifecycle.cancel_all(ids, STAFF) == []


@pytest.mark.django_db
def test_only_what_is_final_is_erased_with_all_that_is_known_of_it() -> None:
    task = failure()
    [waiting] = pending()
    assert lifecycle.erase([task.pk, waiting.pk]) == [task.pk]
    assert not TaskEvent.objects.filter(task_id=task.pk).exists()
    assert Task.objects.get() == waiting


@pytest.mark.django_db
@pytest.mark.parametrize("is_counted_before", [True, False])
def test_what_is_erased_stays_counted_once(is_counted_before: bool) -> None:
    tasks = [failure(), failure()]
    if is_counted_before:
        rollups.roll_up()
    lifecycle.erase([task.pk for task in tasks])
    rollups.roll_up()
    assert reports.stats(uuid4()).failed_tasks == 2
    assert sum(HourlyRollup.objects.values_list("tasks", flat=True)) == 2


@pytest.mark.django_db(transaction=True)
def test_a_task_is_erased_or_retried_and_its_retry_stays() -> None:
    for _ in range(5):
        task = failure()
        erase = partial(lifecycle.erase, [task.pk])
        at_once(erase, partial(retried, task))
        assert not Task.objects.filter(pk=task.pk).exists()
        for new in Task.objects.pending():
            assert new.retry_of_id is None
            lifecycle.cancel(new, "client")


@pytest.mark.django_db(transaction=True)
def test_what_a_worker_is_just_claiming_is_cancelled_all_the_same() -> None:
    for _ in range(5):
        ids = {task.pk for task in pending(40)}

        def claim_some_by_some() -> set[Any]:
            claims = [lifecycle.claim(2, "w1", 30) for _ in range(20)]
            return {event.task_id for events in claims for event in events}

        def cancel(ids: set[Any] = ids) -> set[Any]:
            return {event.task_id for event in lifecycle.cancel_all(ids, STAFF)}

        _claimed, cancelled = at_once(claim_some_by_some, cancel)
        assert cancelled == ids


@pytest.mark.django_db(transaction=True)
def test_what_is_erased_while_it_is_rolled_up_is_counted_once() -> None:
    for n in range(1, 4):
        ids = [failure().pk for _ in range(5)]
        at_once(partial(lifecycle.erase, ids), rollups.roll_up)
        assert not Task.objects.exists()
        assert reports.stats(uuid4()).failed_tasks == 5 * n
        assert sum(HourlyRollup.objects.values_list("tasks", flat=True)) == 5 * n
