"""Whether the parts do their work, as a monitor is told."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from tasks_app import lifecycle
from tasks_app.health import Health, read_health
from tasks_app.models import Task
from tests.db.examples import (
    LEASE_S,
    MAX_ATTEMPTS,
    claimed,
    completed,
    draft,
    end_leases,
    pending,
    store,
    worker_row,
)

pytestmark = pytest.mark.django_db


def ago(seconds: float) -> datetime:
    return timezone.now() - timedelta(seconds=seconds)


def backlog(age_s: float = 16) -> None:
    """A task that has waited for so long."""
    store(draft(age_s=age_s))


def verdict() -> tuple[str, bool]:
    health = read_health()
    return health.status, health.is_claiming


OK, DEGRADED = ("ok", True), ("degraded", False)


# --- Claiming -----------------------------------------------------------------------


def test_without_a_backlog_all_is_well_though_there_is_no_worker() -> None:
    assert read_health() == Health(
        status="ok",
        workers=0,
        capacity=0,
        running=0,
        pending=0,
        oldest_pending_age_s=None,
        last_claim_age_s=None,
        is_claiming=True,
        sweep_age_s=None,
        provider_pauses=[],
    )


@pytest.mark.parametrize(("age_s", "told"), [(14, OK), (16, DEGRADED)])
def test_what_waits_for_long_and_is_not_worked_on_is_told(
    age_s: float, told: tuple[str, bool]
) -> None:
    backlog(age_s)
    assert verdict() == told


def test_a_worker_that_lives_but_claims_nothing_is_no_comfort() -> None:
    backlog()
    worker_row(capacity=4, in_flight=0)
    assert verdict() == DEGRADED
    worker_row("w2", capacity=4, in_flight=3, claimed_at=ago(16))
    assert verdict() == DEGRADED


def test_a_backlog_that_is_being_claimed_is_well() -> None:
    backlog()
    worker_row(claimed_at=ago(14))
    assert verdict() == OK
    assert read_health().last_claim_age_s == pytest.approx(14, abs=0.5)


def test_a_claim_shows_before_the_heartbeat_that_tells_of_it() -> None:
    for _ in range(2):
        backlog()
    lifecycle.claim(1, "w1", LEASE_S)
    assert verdict() == OK
    Task.objects.processing().update(started_at=ago(16))
    assert verdict() == DEGRADED


def test_workers_that_are_full_are_well() -> None:
    backlog()
    worker_row("w1", capacity=4, in_flight=4)
    assert verdict() == OK
    worker_row("w2", capacity=4, in_flight=3)
    assert verdict() == DEGRADED


@pytest.mark.parametrize("beat_age_s", [16, 26])
def test_a_full_worker_that_is_frozen_is_not_well(beat_age_s: float) -> None:
    backlog()
    worker_row("w1", capacity=4, in_flight=4, beat_age_s=beat_age_s)
    assert verdict() == DEGRADED
    worker_row("w2", capacity=4, in_flight=4)
    assert verdict() == OK


# --- Counts -------------------------------------------------------------------------


def test_tasks_and_their_age_are_told() -> None:
    claimed(2)
    [ended] = claimed()
    lifecycle.finish([completed(ended)])
    pending(2)
    backlog(40)
    health = read_health()
    assert (health.running, health.pending) == (2, 3)
    assert health.oldest_pending_age_s == pytest.approx(40, abs=1)
    assert health.last_claim_age_s == pytest.approx(0, abs=1)


def test_workers_are_counted_while_they_live() -> None:
    worker_row("w1", capacity=4)
    worker_row("w2", capacity=3, beat_age_s=24)
    worker_row("gone", capacity=100, beat_age_s=26)
    health = read_health()
    assert (health.workers, health.capacity) == (2, 7)


def test_the_newest_sweep_counts_though_its_worker_is_gone() -> None:
    worker_row("w1")
    assert read_health().sweep_age_s is None
    worker_row("w2", swept_at=ago(90))
    worker_row("gone", swept_at=ago(30), beat_age_s=40)
    assert read_health().sweep_age_s == pytest.approx(30, abs=0.5)


# --- Providers ----------------------------------------------------------------------


def paused(seconds: float, **columns: Any) -> dict[str, Any]:
    return {
        "paused_until": timezone.now() + timedelta(seconds=seconds),
        "pause_reason": "账户余额不足",
        **columns,
    }


def test_a_provider_that_is_left_alone_shows_until_it_has_answered() -> None:
    worker_row("w1", **paused(60))
    worker_row("w2", **paused(-1))
    worker_row("w3")
    worker_row("gone", beat_age_s=26, **paused(60))
    health = read_health()
    left_s = [
        (pause.until - timezone.now()).total_seconds()
        for pause in health.provider_pauses
    ]
    assert sorted(left_s) == pytest.approx([-1, 60], abs=0.5)
    assert {pause.reason for pause in health.provider_pauses} == {"账户余额不足"}
    assert health.status == "ok"


@pytest.mark.parametrize("left_s", [60, -1])
def test_a_backlog_is_not_worked_on_by_workers_that_are_paused(left_s: float) -> None:
    for _ in range(2):
        backlog()
    worker_row("w1", capacity=1, in_flight=1, claimed_at=ago(1), **paused(left_s))
    lifecycle.claim(1, "w1", LEASE_S)
    assert verdict() == DEGRADED
    assert read_health().last_claim_age_s == pytest.approx(0, abs=1)
    worker_row("w2", claimed_at=ago(1))
    assert verdict() == OK


def test_only_those_that_are_not_paused_have_to_be_full() -> None:
    backlog()
    worker_row("w1", capacity=4, in_flight=0, **paused(60))
    worker_row("w2", capacity=4, in_flight=4)
    assert verdict() == OK


def test_a_task_that_waits_again_is_no_backlog_yet() -> None:
    worker_row("idle", capacity=4)
    store(draft(age_s=31))
    lifecycle.claim(1, "dead", LEASE_S)
    past = timezone.now() - timedelta(seconds=30)
    Task.objects.update(started_at=past)
    end_leases()
    lifecycle.recover(MAX_ATTEMPTS)
    assert read_health().status == "ok"
