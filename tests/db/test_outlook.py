"""What those who wait are told: their place, and when they are done."""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from tasks_app import lifecycle
from tasks_app.models import Task, TaskEvent
from tasks_app.outlook import Forecast, Outlook
from tests.db.examples import (
    LEASE_S,
    MAX_ATTEMPTS,
    claimed,
    completed,
    draft,
    end_leases,
    failed,
    pending,
    store,
    worker_row,
)

pytestmark = pytest.mark.django_db


class Clock:
    """Seconds, moved by the test."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(time, "monotonic", clock)
    return clock


def positions(outlook: Outlook, count: int) -> list[int]:
    """The places of so many that are submitted together."""
    submissions = lifecycle.create([draft() for _ in range(count)], outlook=outlook)
    return [
        stored.forecast.position
        for stored in submissions
        if isinstance(stored, lifecycle.Stored) and stored.forecast is not None
    ]


def ran(seconds: float, ended_ago_s: float = 0, *, is_failed: bool = False) -> None:
    """A task that ran for so long."""
    [task] = claimed()
    lifecycle.finish([failed(task) if is_failed else completed(task)])
    end = timezone.now() - timedelta(seconds=ended_ago_s)
    Task.objects.filter(pk=task.pk).update(
        started_at=end - timedelta(seconds=seconds), completed_at=end
    )


def eta(position: int = 1) -> float | None:
    return Outlook().at(position).eta_s


# --- Places -------------------------------------------------------------------------


def test_who_comes_later_stands_further_back() -> None:
    outlook = Outlook()
    assert positions(outlook, 3) == [1, 2, 3]
    assert positions(outlook, 2) == [4, 5]


def test_places_are_counted_over_all_processes() -> None:
    assert positions(Outlook(), 2) == [1, 2]
    assert positions(Outlook(), 2) == [3, 4]


def test_places_that_became_free_are_counted_anew(clock: Clock) -> None:
    outlook = Outlook()
    positions(outlook, 3)
    lifecycle.claim(2, "w1", LEASE_S)
    clock.now += 0.01
    assert positions(outlook, 2) == [2, 3]


def test_a_duplicate_takes_no_place() -> None:
    first, again = store(draft(key="k"), draft(key="k"))
    [other] = store(draft())
    assert first.forecast == Forecast(1, None)
    assert again.forecast is None
    assert other.forecast == Forecast(2, None)


class CostlyCount:
    """Lets each counting take so many seconds."""

    def __init__(self, clock: Clock, seconds: float, sql: str = "COUNT(") -> None:
        self._clock = clock
        self._seconds = seconds
        self._sql = sql
        self.times = 0

    def __call__(self, execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if self._sql in sql:
            self._clock.now += self._seconds
            self.times += 1
        return execute(sql, *rest)


def test_counting_that_is_costly_takes_a_twentieth_of_the_time(clock: Clock) -> None:
    outlook, count = Outlook(), CostlyCount(clock, 0.04)
    pending(2)
    with connection.execute_wrapper(count):
        assert outlook.length() == 2
    pending(1)
    outlook.joined(5)
    with connection.execute_wrapper(count):
        clock.now += 0.79
        assert outlook.length() == 7
        assert count.times == 1
        clock.now += 0.02
        assert outlook.length() == 3


def test_a_count_holds_for_a_second_at_most(clock: Clock) -> None:
    outlook = Outlook()
    with connection.execute_wrapper(CostlyCount(clock, 5)):
        assert outlook.length() == 0
    pending(1)
    clock.now += 1.01
    assert outlook.length() == 1


def test_the_place_of_a_waiting_task_is_counted_when_it_is_asked_for(
    clock: Clock,
) -> None:
    outlook = Outlook()
    first, *_, last = pending(4)
    count = CostlyCount(clock, 0.01, 'SELECT "tasks_app_task"."created_at"')
    with connection.execute_wrapper(count):
        assert outlook.of(last).position == 4
        lifecycle.claim(2, "w1", LEASE_S)
        assert outlook.of(first).position == 1
        assert outlook.of(last).position == 4
        assert count.times == 1
        clock.now += 0.21
        assert outlook.of(last).position == 2


# --- Times --------------------------------------------------------------------------


def test_nothing_is_known_without_a_worker() -> None:
    ran(2)
    assert eta() is None
    worker_row(beat_age_s=26)
    assert eta() is None


def test_nothing_is_known_before_a_task_has_run() -> None:
    worker_row()
    assert eta() is None
    ran(2, ended_ago_s=601)
    assert eta() is None
    ran(2, is_failed=True)
    assert eta() is None


def test_the_time_is_that_of_recent_tasks_and_of_those_before() -> None:
    worker_row("w1", capacity=1)
    worker_row("w2", capacity=1)
    worker_row("gone", capacity=100, beat_age_s=26)
    ran(1)
    ran(3, ended_ago_s=599)
    claimed(2)
    assert [eta(position) for position in (1, 2, 3)] == [3.0, 4.0, 5.0]


@pytest.mark.parametrize("left_s", [60, -1])
def test_a_paused_worker_promises_nothing(left_s: float) -> None:
    paused_until = timezone.now() + timedelta(seconds=left_s)
    worker_row("w1", capacity=100, paused_until=paused_until)
    ran(2)
    assert eta() is None
    worker_row("w2", capacity=1)
    assert [eta(1), eta(2)] == [2.0, 4.0]


def test_only_the_newest_50_runs_count() -> None:
    worker_row(capacity=1)
    ran(1000, ended_ago_s=60)
    for _ in range(50):
        ran(2)
    assert eta() == 2.0


def test_how_tasks_go_is_read_once_a_second(clock: Clock) -> None:
    outlook = Outlook()
    assert outlook.at(1).eta_s is None
    worker_row(capacity=1)
    ran(2)
    clock.now += 0.99
    assert outlook.at(1).eta_s is None
    clock.now += 0.02
    assert outlook.at(1).eta_s == 2.0


# --- Waiting again ------------------------------------------------------------------


def told(event: TaskEvent) -> tuple[str, int | None, float | None]:
    """What a move foretells, as it was stored."""
    stored = TaskEvent.objects.get(pk=event.pk)
    assert (stored.queue_position, stored.eta_s) == (event.queue_position, event.eta_s)
    return stored.status, stored.queue_position, stored.eta_s


def test_what_a_dead_worker_held_stands_where_it_stood() -> None:
    tasks = pending(5)
    lifecycle.claim(3, "w1", LEASE_S)
    end_leases()
    places = {e.task_id: e.queue_position for e in lifecycle.recover(MAX_ATTEMPTS)}
    assert places == {tasks[0].pk: 1, tasks[1].pk: 2, tasks[2].pk: 3}


def test_what_is_given_back_stands_among_those_that_wait() -> None:
    worker_row(capacity=1)
    ran(2)
    pending(6)
    first, second, third, _ = [e.task for e in lifecycle.claim(4, "w1", LEASE_S)]
    [event] = lifecycle.release([third], "worker_stopped")
    assert told(event)[:2] == ("pending", 1)
    events = lifecycle.release([second, first], "worker_stopped")
    assert {e.task_id: e.queue_position for e in events} == {first.pk: 1, second.pk: 2}
    assert Outlook().of(third).position == 3
    assert all(event.eta_s is not None for event in events)


def test_what_is_given_up_has_no_place() -> None:
    claimed()
    end_leases()
    [event] = lifecycle.recover(max_attempts=1)
    assert told(event) == ("failed", None, None)


def test_what_has_been_given_up_stands_before_nobody() -> None:
    hopeless, other = claimed(2)
    Task.objects.filter(pk=hopeless.pk).update(attempt=MAX_ATTEMPTS)
    end_leases()
    by_task = {e.task_id: e.queue_position for e in lifecycle.recover(MAX_ATTEMPTS)}
    assert by_task == {hopeless.pk: None, other.pk: 1}


# --- The record ---------------------------------------------------------------------


def test_what_was_foretold_is_recorded_with_the_move() -> None:
    store(draft(), draft())
    worker_row(capacity=1)
    ran(2)
    [later] = store(draft())
    [first] = TaskEvent.objects.filter(task=later.task)
    assert told(first) == ("pending", 3, 6.0)
    unknown = TaskEvent.objects.filter(queue_position__gt=0, eta_s=None)
    places = unknown.order_by("queue_position").values_list("queue_position", flat=True)
    # The one that ran was submitted third.
    assert list(places) == [1, 2, 3]


def test_who_does_not_wait_has_no_place() -> None:
    worker_row()
    ran(2)
    store(draft())
    [start] = lifecycle.claim(1, "w1", LEASE_S)
    [end] = lifecycle.finish([completed(start.task)])
    assert told(start) == ("processing", None, None)
    assert told(end) == ("completed", None, None)
