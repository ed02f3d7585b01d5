"""Migrations of a database that is in use."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from tasks_app import rollups
from tasks_app.models import HourlyDurations, StatusTotal, Task

BEFORE_DURATIONS = ("tasks_app", "0006_staff_search")
BEFORE_ROLLUPS = ("tasks_app", "0003_token_costs")


def migrate(*targets: tuple[str, str]) -> Any:
    """The models as they are at these targets, to which the database is brought."""
    executor = MigrationExecutor(connection)
    return executor.migrate(list(targets)).apps


def latest() -> list[tuple[str, str]]:
    leaves = MigrationExecutor(connection).loader.graph.leaf_nodes("tasks_app")
    return [(app, name) for app, name in leaves]


@pytest.fixture
def old_apps(transactional_db: None) -> Iterator[Any]:
    yield migrate(BEFORE_ROLLUPS)
    Task.objects.all().delete()
    migrate(*latest())


def test_tasks_that_are_there_get_their_event_s_id_and_are_rolled_up(
    old_apps: Any,
) -> None:
    tasks = old_apps.get_model("tasks_app", "Task").objects
    now = timezone.now()
    user = old_apps.get_model("auth", "User").objects.create(username="anna")
    events = [
        {"event_id": "evt_1"},
        {"event_id": "e" * 300},
        {"event_id": None},
        {"transcript": "x"},
        None,
    ]
    for event in events:
        task = tasks.create(
            id=uuid4(),
            owner=f"user:{user.pk}",
            user=user,
            text="买牛奶",
            event=event,
            status="completed",
            created_at=now,
            completed_at=now,
        )
        task.events.create(revision=1, status="pending", at=now, attempt=0, actor="x")
    migrate(*latest())
    told = sorted(Task.objects.values_list("event_id", flat=True))
    assert told == ["", "", "", "e" * 200, "evt_1"]
    assert rollups.roll_up() == len(events)
    assert StatusTotal.objects.get(status="completed").tasks == len(events)


def test_durations_are_added_up_from_the_rollups_that_are_there(
    transactional_db: None,
) -> None:
    apps = migrate(BEFORE_DURATIONS)
    hours = [timezone.now() - timedelta(hours=n) for n in (2, 1)]
    hourly = apps.get_model("tasks_app", "HourlyRollup").objects
    for hour in hours:
        hourly.create(hour=hour, status="completed", waits={"1": 2}, runs={"5": 2})
        hourly.create(hour=hour, status="failed", waits={"1": 1, "3": 4}, runs={})
    migrate(*latest())
    assert list(HourlyDurations.objects.order_by("hour").values_list()) == [
        (hour, {"1": 3, "3": 4}, {"5": 2}) for hour in hours
    ]
