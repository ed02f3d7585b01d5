"""Waits that are too long, and tasks that are old enough to go."""

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from tasks_app import lifecycle, rollups
from tasks_app.models import Task, TaskEvent
from tasks_app.tasks import sweep
from tests.db.examples import claimed, completed, draft, store

pytestmark = pytest.mark.django_db


def aged(age_s: float) -> Task:
    """A pending task, submitted so long ago."""
    [stored] = store(draft(age_s=age_s))
    return stored.task


def ended(age_s: float) -> Task:
    """A completed task, final for so long."""
    [task] = claimed()
    lifecycle.finish([completed(task)])
    moment = timezone.now() - timedelta(seconds=age_s)
    Task.objects.filter(pk=task.pk).update(completed_at=moment)
    return task


def test_what_waited_past_the_deadline_fails() -> None:
    late, fresh = aged(61), aged(59)
    [event] = lifecycle.expire(60)
    assert event.task_id == late.pk
    assert (event.status, event.revision, event.actor) == ("failed", 2, "sweeper")
    late.refresh_from_db()
    assert late.error_code == "queue_expired"
    assert late.task_type == "shopping"
    assert late.error
    assert late.completed_at is not None
    fresh.refresh_from_db()
    assert fresh.status == "pending"
    assert lifecycle.expire(60) == []


def test_what_is_claimed_waits_no_more() -> None:
    aged(3600)
    lifecycle.claim(1, "w1", 30)
    assert lifecycle.expire(60) == []


def test_old_final_tasks_go_with_their_events() -> None:
    old, fresh = ended(61), ended(59)
    waiting = aged(3600)
    assert lifecycle.purge(60) == 0, "it is not counted yet"
    rollups.roll_up()
    assert lifecycle.purge(60) == 1
    assert set(Task.objects.values_list("pk", flat=True)) == {fresh.pk, waiting.pk}
    assert not TaskEvent.objects.filter(task_id=old.pk).exists()
    assert lifecycle.purge(60) == 0


def test_a_sweep_does_it_all_in_pieces_and_twice_does_no_harm(
    settings: Settings,
) -> None:
    settings.QUEUE_DEADLINE_S = 60
    settings.RETENTION_S = 60
    [lost] = claimed()
    Task.objects.filter(pk=lost.pk).update(
        lease_expires_at=timezone.now() - timedelta(seconds=1)
    )
    old, late = ended(61), aged(61)
    sweep()
    sweep()
    statuses = dict(Task.objects.values_list("pk", "status"))
    assert statuses == {lost.pk: "pending", late.pk: "failed"}
    assert old.pk not in statuses


def test_without_deadline_and_retention_nothing_goes(
    settings: Settings,
) -> None:
    settings.QUEUE_DEADLINE_S = 0
    settings.RETENTION_S = 0
    old, waiting = ended(10**6), aged(10**6)
    sweep()
    statuses = dict(Task.objects.values_list("pk", "status"))
    assert statuses == {waiting.pk: "pending", old.pk: "completed"}
