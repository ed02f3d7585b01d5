"""Final tasks are counted once each, whoever sweeps, and whatever is deleted since."""

import threading
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from uuid import uuid4

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pytest_django import Settings

from tasks_app import lifecycle, reports, rollups
from tasks_app.inference.contract import TokenUsage
from tasks_app.lifecycle import Failed
from tasks_app.models import HourlyRollup, StatusTotal, Task
from tasks_app.rollups import Histogram, begin_of_hour, hour_of
from tests.db.at_once import at_once
from tests.db.examples import (
    ANNA,
    LEASE_S,
    claimed,
    completed,
    failed,
    pending,
)

Counts = Counter[tuple[object, ...]]
COLUMNS = ("status", "task_type", "engine", "error_code")


def counted_in_hours() -> Counts:
    rows = HourlyRollup.objects.values_list("hour", *COLUMNS, "tasks")
    return Counter({tuple(key): tasks for *key, tasks in rows})


def counted_directly() -> Counts:
    """Of the rows that say that they are rolled up."""
    rows = Task.objects.filter(is_rolled_up=True).values_list("created_at", *COLUMNS)
    return Counter((begin_of_hour(created), *key) for created, *key in rows)


def by_status() -> dict[str, int]:
    told = reports.stats(uuid4())
    return {
        "pending": told.queue_size,
        "processing": told.processing_tasks,
        "completed": told.completed_tasks,
        "failed": told.failed_tasks,
        "cancelled": told.cancelled_tasks,
    }


def end_some(count: int) -> list[Task]:
    tasks = claimed(count)
    lifecycle.finish(
        [completed(task) if n % 3 else failed(task) for n, task in enumerate(tasks)]
    )
    return tasks


# --- What is counted ----------------------------------------------------------------


@pytest.mark.django_db
def test_only_what_is_final_is_rolled_up_and_once() -> None:
    end_some(3)
    pending(2)
    assert rollups.roll_up() == 3
    assert rollups.roll_up() == 0
    assert set(Task.objects.filter(is_rolled_up=True).values_list("status")) == {
        ("completed",),
        ("failed",),
    }
    assert dict(StatusTotal.objects.values_list("status", "tasks")) == {
        "completed": 2,
        "failed": 1,
        "cancelled": 0,
    }


@pytest.mark.django_db
def test_an_hour_has_counts_times_and_costs_of_what_is_alike() -> None:
    hour = datetime(2026, 3, 2, 4, tzinfo=UTC)
    usage = TokenUsage(
        prompt=100, prompt_cached=60, completion=20, cost=Decimal("0.00012345")
    )
    tasks = claimed(4)
    lifecycle.finish(
        [Failed(task, "llm_busy", "忙", usage, "llm") for task in tasks[:2]]
        + [completed(task) for task in tasks[2:]]
    )
    for n, task in enumerate(tasks):
        created = hour + timedelta(minutes=10 * n)
        Task.objects.filter(pk=task.pk).update(
            created_at=created,
            started_at=created + timedelta(seconds=1),
            completed_at=created + timedelta(seconds=1 + n),
        )
    assert [rollups.roll_up(limit=1) for _ in range(5)] == [1, 1, 1, 1, 0]
    busy = HourlyRollup.objects.get(status="failed")
    assert (busy.hour, busy.engine, busy.error_code) == (hour, "llm", "llm_busy")
    assert (busy.tasks, busy.prompt_tokens, busy.cached_prompt_tokens) == (2, 200, 120)
    assert (busy.completion_tokens, busy.cost) == (40, Decimal("0.00024690"))
    ended = HourlyRollup.objects.get(status="completed")
    assert (ended.hour, ended.task_type, ended.engine) == (hour, "shopping", "local")
    run_p50 = Histogram(ended.runs).percentile(0.5)
    assert run_p50 is not None
    assert run_p50.total_seconds() == pytest.approx(2, rel=0.02)
    assert sum(ended.waits.values()) == 2


@pytest.mark.django_db
def test_what_was_never_claimed_has_no_times() -> None:
    [task] = pending()
    lifecycle.cancel(task, "client")
    rollups.roll_up()
    [rollup] = HourlyRollup.objects.all()
    assert (rollup.tasks, rollup.cost) == (1, Decimal(0))
    assert rollup.waits == rollup.runs == {}


@pytest.mark.django_db
def test_some_may_be_rolled_up_before_others() -> None:
    tasks = end_some(3)
    assert rollups.roll_up(among=[tasks[1].pk]) == 1
    assert Task.objects.get(is_rolled_up=True) == tasks[1]


@pytest.mark.django_db
def test_time_is_bounded_but_some_is_always_done() -> None:
    end_some(5)
    rollups.roll_up_for(0, batch=2)
    assert Task.objects.filter(is_rolled_up=True).count() == 2
    rollups.roll_up_for(60, batch=2)
    assert Task.objects.filter(is_rolled_up=True).count() == 5


# --- Rollups and rows agree, whatever happens in between ----------------------------


class Service:
    """Makes moves, and keeps its own account of how tasks ended."""

    def __init__(self) -> None:
        self.statuses: Counter[str] = Counter()
        self.moves: dict[str, Callable[[], object]] = {
            "submit": self.submit,
            "claim": lambda: lifecycle.claim(2, "w1", LEASE_S),
            "complete": lambda: self.end(completed),
            "fail": lambda: self.end(failed),
            "cancel": self.cancel,
            "roll up": lambda: rollups.roll_up(limit=2),
            "purge": lambda: lifecycle.purge(-1, limit=3),
        }

    def submit(self) -> None:
        pending()
        self.statuses["unfinished"] += 1

    def end(self, outcome: Callable[[Task], lifecycle.Outcome]) -> None:
        task = Task.objects.processing().first()
        if task is not None:
            [event] = lifecycle.finish([outcome(task)])
            self._note(event.status)

    def cancel(self) -> None:
        task = Task.objects.unfinished().first()
        if task is not None:
            self._note(lifecycle.cancel(task, "client").status)

    def _note(self, status: str) -> None:
        self.statuses[status] += 1
        self.statuses["unfinished"] -= 1


@pytest.mark.django_db
@hypothesis_settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(st.sampled_from(sorted(Service().moves)), max_size=30))
@example(["submit", "claim", "complete", "roll up", "purge", "submit", "cancel"])
def test_counts_are_exact_after_any_moves(moves: list[str]) -> None:
    for model in (Task, HourlyRollup, StatusTotal):
        model._default_manager.all().delete()
    service = Service()
    for move in moves:
        service.moves[move]()
        told = by_status()
        unfinished = told.pop("pending") + told.pop("processing")
        assert +service.statuses == +Counter(told | {"unfinished": unfinished})
    while rollups.roll_up():
        pass
    in_hours: Counter[str] = Counter()
    for (_hour, status, *_), tasks in counted_in_hours().items():
        in_hours[str(status)] += tasks
    del service.statuses["unfinished"]
    assert in_hours == +service.statuses


@pytest.mark.django_db(transaction=True)
def test_sweeps_at_once_count_each_task_once_and_readers_see_it_so() -> None:
    end_some(90)
    running = claimed(30)

    def sweep() -> list[dict[str, int]]:
        while rollups.roll_up(limit=7):
            pass
        return []

    def end_others() -> list[dict[str, int]]:
        for task in running:
            lifecycle.finish([completed(task)])
        return []

    def watch() -> list[dict[str, int]]:
        return [by_status() for _ in range(60)]

    seen = at_once(sweep, sweep, sweep, end_others, watch)[-1]
    assert {sum(told.values()) for told in seen} == {120}
    assert {told["failed"] for told in seen} == {30}
    while rollups.roll_up(limit=7):
        pass
    assert not Task.objects.filter(is_rolled_up=False).exists()
    assert counted_in_hours() == counted_directly()
    assert by_status()["completed"] == 90


class Traffic:
    """What goes on at once, with an account of what is begun and what is done."""

    def __init__(self, tasks: list[Task]) -> None:
        self.begun = Counter({"total_tasks": len(tasks)})
        self.done = self.begun.copy()
        self._tasks = tasks
        self._is_over = threading.Event()
        self._acting = threading.Barrier(2, action=self._is_over.set)

    def submit(self) -> None:
        for _ in range(10):
            self._act("total_tasks", pending)
        self._acting.wait()

    def end(self) -> None:
        for n, task in enumerate(self._tasks):
            name, outcome = (
                ("completed_tasks", completed) if n % 4 else ("failed_tasks", failed)
            )
            self._act(name, partial(lifecycle.finish, [outcome(task)]))
        self._acting.wait()

    def sweep(self) -> None:
        while not self._is_over.is_set():
            rollups.roll_up(limit=3)

    def delete(self) -> None:
        """As staff does, and as retention does, of what there is by then."""
        while not self._is_over.is_set():
            final = Task.objects.filter(completed_at__isnull=False)
            lifecycle.erase(list(final.values_list("pk", flat=True)[:3]))
            lifecycle.purge(-1, limit=2)

    def watch(self) -> None:
        while not self._is_over.is_set():
            least = self.done.copy()
            told = reports.stats().model_dump()
            most = self.begun.copy()
            for name in ("total_tasks", "completed_tasks", "failed_tasks"):
                assert least[name] <= told[name] <= most[name], name

    def _act(self, name: str, work: Callable[[], object]) -> None:
        self.begun[name] += 1
        work()
        self.done[name] += 1


@pytest.mark.django_db(transaction=True)
def test_statistics_are_exact_while_all_goes_on_at_once() -> None:
    traffic = Traffic(claimed(20))
    acts = traffic.submit, traffic.end
    at_once(*acts, traffic.sweep, traffic.delete, traffic.watch)
    told = reports.stats()
    assert (told.total_tasks, told.completed_tasks, told.failed_tasks) == (30, 15, 5)


@pytest.mark.django_db(transaction=True)
def test_the_first_sweeps_of_all_may_come_at_once() -> None:
    end_some(8)
    assert sum(at_once(*[lambda: rollups.roll_up(limit=5)] * 4)) == 8
    assert counted_in_hours() == counted_directly()
    assert StatusTotal.objects.count() == 3


@pytest.mark.django_db
def test_what_retention_deletes_stays_counted() -> None:
    end_some(6)
    rollups.roll_up()
    before = by_status(), counted_in_hours()
    assert lifecycle.purge(-1) == 6
    assert not Task.objects.exists()
    assert (by_status(), counted_in_hours()) == before


# --- Hours of the site's clock ------------------------------------------------------

ZONES = ["Asia/Shanghai", "America/New_York", "Asia/Kolkata", "Asia/Kathmandu", "UTC"]
MOMENTS = [
    datetime(2026, 11, 1, 4, 59, 59, tzinfo=UTC) + timedelta(minutes=15 * n)
    for n in range(16)  # New York sets its clocks back at 06:00 UTC.
]


@pytest.mark.django_db
@pytest.mark.parametrize("zone", ZONES)
def test_sql_and_python_know_the_same_hours(settings: Settings, zone: str) -> None:
    settings.TIME_ZONE = zone
    for moment in MOMENTS:
        lifecycle.create([lifecycle.Draft(uuid4(), ANNA, "x", created_at=moment)])
    hours = Task.objects.annotate(hour=hour_of("created_at"))
    for created_at, hour in hours.values_list("created_at", "hour"):
        begin = begin_of_hour(created_at)
        assert hour == begin
        assert begin <= created_at < begin + timedelta(hours=1)
        assert timezone.localtime(begin, timezone.get_default_timezone()).minute == 0


def test_an_hour_that_comes_twice_is_two_hours(settings: Settings) -> None:
    settings.TIME_ZONE = "America/New_York"
    first = datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
    second = first + timedelta(hours=1)
    on_the_wall = {
        timezone.localtime(moment, timezone.get_default_timezone()).hour
        for moment in (first, second)
    }
    assert on_the_wall == {1}
    assert begin_of_hour(second) - begin_of_hour(first) == timedelta(hours=1)
