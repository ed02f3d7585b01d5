"""Questions to the ORM."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.utils import timezone

from tasks_app import lifecycle, reports
from tasks_app.models import ServerProcess, Task
from tests.db.examples import (
    ANNA,
    BEN,
    LEASE_S,
    claimed,
    completed,
    draft,
    failed,
    pending,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def now() -> datetime:
    return timezone.now()


def ended_at(moment: datetime) -> Task:
    """A completed task whose three events lie a second apart before `moment`."""
    [task] = claimed()
    lifecycle.finish([completed(task)])
    Task.objects.filter(pk=task.pk).update(completed_at=moment)
    _spread_events(task, moment)
    return task


def _spread_events(task: Task, last: datetime) -> None:
    for n, event in enumerate(task.events.order_by("-revision")):
        task.events.filter(pk=event.pk).update(at=last - timedelta(seconds=n))


# --- Of one owner -------------------------------------------------------------------


def test_an_owner_finds_its_task() -> None:
    [task] = pending()
    assert reports.find_task(ANNA, task.pk) == task


def test_somebody_else_s_task_is_as_good_as_none() -> None:
    [task] = pending()
    assert reports.find_task(BEN, task.pk) is None
    assert reports.find_task("", task.pk) is None
    assert reports.find_task(ANNA, uuid4()) is None


def test_the_newest_tasks_come_oldest_first() -> None:
    tasks = pending(5)
    pending(2, owner=BEN)
    assert reports.newest_tasks(ANNA, 3) == tasks[2:]
    assert reports.newest_tasks(ANNA, 50) == tasks
    assert reports.newest_tasks("client:nobody", 50) == []


def test_the_list_is_the_same_each_time_though_tasks_are_of_one_moment(
    now: datetime,
) -> None:
    drafts = [lifecycle.Draft(uuid4(), ANNA, "x", created_at=now) for _ in range(20)]
    lifecycle.create(drafts)
    ten, all_of_them = reports.newest_tasks(ANNA, 10), reports.newest_tasks(ANNA, 20)
    assert all_of_them[10:] == ten


# --- Of the service -----------------------------------------------------------------


def test_the_numbers_add_up() -> None:
    ended, broken, _running = claimed(3)
    lifecycle.finish([completed(ended), failed(broken)])
    pending(2, owner=BEN)
    [cancelled] = pending()
    lifecycle.cancel(cancelled, "client")
    assert reports.stats(uuid4()).model_dump() == {
        "active_connections": 0,
        "total_tasks": 6,
        "active_tasks": 3,
        "completed_tasks": 1,
        "failed_tasks": 1,
        "queue_size": 2,
        "processing_tasks": 1,
        "cancelled_tasks": 1,
    }


def test_an_empty_service_has_zeros() -> None:
    assert set(reports.stats(uuid4()).model_dump().values()) == {0}


def test_connections_are_counted_over_the_live_processes(now: datetime) -> None:
    def process(connections: int, age_s: float) -> ServerProcess:
        return ServerProcess.objects.create(
            connections=connections,
            started_at=now,
            heartbeat_at=now - timedelta(seconds=age_s),
        )

    mine = process(100, 1)
    process(7, 1)
    process(20, 20)
    process(1000, 60)
    assert reports.stats(mine.pk).active_connections == 7 + 20


# --- For the feeds ------------------------------------------------------------------


def test_what_goes_on_is_unfinished_or_just_ended(now: datetime) -> None:
    ended_at(now - timedelta(seconds=60))
    on_the_edge = ended_at(now - timedelta(seconds=30))
    fresh = ended_at(now)
    old = draft(age_s=86_400)
    lifecycle.create([old])
    pending(1, owner="client:nobody")
    [bens] = pending(1, owner=BEN)
    changed = reports.changed_revisions([ANNA, BEN], now - timedelta(seconds=30))
    assert sorted(changed) == sorted(
        [
            (ANNA, on_the_edge.pk, 3),
            (ANNA, fresh.pk, 3),
            (ANNA, old.id, 1),
            (BEN, bens.pk, 1),
        ]
    )


def test_without_owners_nothing_goes_on(now: datetime) -> None:
    pending()
    assert reports.changed_revisions([], now) == []


def test_events_are_in_order_for_each_task() -> None:
    tasks = claimed(3)
    lifecycle.release(tasks, "test")
    lifecycle.claim(3, "w2", LEASE_S)
    wanted = [tasks[0].pk, tasks[2].pk]
    events = reports.events_of(wanted)
    assert {event.task_id for event in events} == set(wanted)
    for task_id in wanted:
        own = [event.revision for event in events if event.task_id == task_id]
        assert own == [1, 2, 3, 4]


def test_events_of_no_task_are_none() -> None:
    assert reports.events_of([]) == reports.events_of([uuid4()]) == []


def test_events_bring_their_task_along(
    django_assert_num_queries: pytest.FixtureRequest,
) -> None:
    tasks = claimed(3)
    with django_assert_num_queries(1):  # type: ignore[operator]
        events = reports.events_of([task.pk for task in tasks])
        assert {event.task.owner for event in events} == {ANNA}


def test_tasks_that_ended_come_in_the_order_of_their_ends(now: datetime) -> None:
    earlier, later = ended_at(now), ended_at(now + timedelta(seconds=1))
    tied = sorted([earlier, ended_at(now)], key=lambda task: task.pk)
    pending()
    first = now, tied[0].pk
    assert reports.ended_after(ANNA, now, UUID(int=0), 9) == [*tied, later]
    assert reports.ended_after(ANNA, *first, 9) == [tied[1], later]
    assert reports.ended_after(ANNA, *first, 1) == [tied[1]]
    assert reports.ended_after(ANNA, now + timedelta(seconds=1), later.pk, 9) == []
    assert reports.ended_after(BEN, now, UUID(int=0), 9) == []


def test_unfinished_tasks_come_oldest_first_with_their_revisions(now: datetime) -> None:
    ended_at(now)
    [claim] = claimed()
    waiting = draft(age_s=86_400)
    lifecycle.create([waiting])
    assert reports.unfinished_revisions(ANNA) == [
        (waiting.id, 1),
        (claim.pk, 2),
    ]
    assert reports.unfinished_revisions(BEN) == []
