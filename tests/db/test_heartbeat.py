"""What a worker says of itself, for as long as it works."""

import asyncio
import threading
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tasks_app.batching import Orm
from tasks_app.models import WorkerProcess
from tasks_app.worker import heartbeat as heartbeat_module
from tests.db.concurrency import (
    PATIENCE_S,
    FailingStatement,
    statements_through,
    until,
    until_row,
)
from tests.db.examples import pending, worker_row
from tests.db.worker_harness import HeldEngine, PausingEngine, ProviderPause, running

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("services_in_process"),
]


@pytest.fixture(autouse=True)
def _frequent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heartbeat_module, "_EVERY_S", 0.02)


def row_of(worker: str) -> dict[str, Any]:
    return dict(WorkerProcess.objects.filter(pk=worker).values().get())


async def shown(orm: Orm, **columns: object) -> None:
    """Wait until the one row there is says so."""
    await until_row(orm, WorkerProcess.objects.filter(**columns).exists)


async def test_a_worker_says_who_it_is_and_that_it_lives(orm: Orm) -> None:
    begun = timezone.now()
    async with running(capacity=7) as harness:
        await shown(orm)
        row = await orm.run(row_of, harness.worker.name)
        assert (row["engine"], row["capacity"], row["in_flight"]) == ("held", 7, 0)
        assert begun <= row["started_at"] <= row["heartbeat_at"]
        assert row["claimed_at"] is row["swept_at"] is row["paused_until"] is None
        assert row["pause_reason"] == ""
        await shown(orm, heartbeat_at__gt=row["heartbeat_at"])
        again = await orm.run(row_of, harness.worker.name)
        assert again["started_at"] == row["started_at"]


async def test_a_worker_says_how_busy_it_is_and_when_it_claimed(orm: Orm) -> None:
    begun = timezone.now()
    await orm.run(pending, 2)
    async with running() as harness:
        harness.worker.ring()
        runs = [await harness.engine.next_run(), await harness.engine.next_run()]
        await shown(orm, in_flight=2, claimed_at__gt=begun)
        claimed_at = (await orm.run(row_of, harness.worker.name))["claimed_at"]
        for run in runs:
            run.end()
        await shown(orm, in_flight=0, claimed_at=claimed_at)


async def test_a_sweep_is_noted(orm: Orm) -> None:
    async with running() as harness:
        await shown(orm, swept_at=None)
        harness.worker.heartbeat.note_sweep()
        await shown(orm, swept_at__gt=timezone.now() - timedelta(seconds=5))


async def test_a_pause_of_its_provider_shows_until_it_ends(orm: Orm) -> None:
    engine = PausingEngine()
    until_then = timezone.now() + timedelta(minutes=1)
    async with running(engine=engine):
        await shown(orm, paused_until=None, pause_reason="")
        engine.pause = ProviderPause(until_then, "账户余额不足" * 100)
        await shown(
            orm, paused_until=until_then, pause_reason=("账户余额不足" * 100)[:200]
        )
        engine.pause = None
        await shown(orm, paused_until=None, pause_reason="")


async def test_a_pause_is_told_when_it_begins_and_when_it_ends(
    orm: Orm, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heartbeat_module, "_EVERY_S", 2 * PATIENCE_S)
    engine = PausingEngine()
    await orm.run(pending, 2)
    async with running(capacity=1, engine=engine) as harness:
        await shown(orm, paused_until=None)
        harness.worker.ring()
        run = await engine.next_run()
        engine.leave_alone(-1)
        run.end()
        await shown(orm, paused_until__isnull=False, pause_reason="账户余额不足")
        run = await engine.next_run()
        engine.pause = None
        run.end()
        await shown(orm, paused_until=None, pause_reason="")


async def test_nobody_counts_on_a_worker_that_stops(orm: Orm) -> None:
    await orm.run(pending)
    await orm.run(worker_row, "another")
    async with running() as harness:
        harness.worker.ring()
        await harness.engine.next_run()
        await shown(orm, in_flight=1)
        await harness.worker.stop(0)
        # Its loop still runs and could beat again; that it does not is no event.
        await asyncio.sleep(0.1)
        left = await orm.run(lambda: list(WorkerProcess.objects.values_list("name")))
        assert left == [("another",)]


async def test_a_worker_goes_on_saying_so_after_its_database_failed(
    orm: Orm, caplog: pytest.LogCaptureFixture
) -> None:
    async with running() as harness:
        await shown(orm)
        failing = FailingStatement("SELECT")
        with statements_through(failing):
            await until(lambda: failing.has_failed)
        back = timezone.now()
        await shown(orm, heartbeat_at__gt=back)
        assert not harness.engine.is_closed
    told = [one.getMessage() for one in caplog.records if "heartbeat" in one.name]
    assert set(told) == {"cannot write a heartbeat: OperationalError"}


async def test_workers_that_died_are_forgotten_after_an_hour(orm: Orm) -> None:
    await orm.run(worker_row, "old", beat_age_s=3601)
    await orm.run(worker_row, "dead", beat_age_s=3500)
    async with running():
        await until_row(
            orm, lambda: not WorkerProcess.objects.filter(pk="old").exists()
        )
        assert await orm.run(WorkerProcess.objects.filter(pk="dead").exists)


class AskedEngine(HeldEngine):
    """Says whether it leaves its provider alone when the test lets it."""

    def __init__(self) -> None:
        super().__init__()
        self.is_asked = threading.Event()
        self.may_answer = threading.Event()

    @property
    def pause(self) -> ProviderPause | None:
        # The loop asks too, and must not wait.
        if threading.current_thread() is not threading.main_thread():
            self.is_asked.set()
            self.may_answer.wait(PATIENCE_S)
        return None


async def test_a_heartbeat_under_way_does_not_bring_a_stopped_worker_back(
    orm: Orm,
) -> None:
    engine = AskedEngine()
    async with running(engine=engine) as harness:
        await asyncio.to_thread(engine.is_asked.wait, PATIENCE_S)
        await harness.worker.stop(0)
        engine.may_answer.set()
    # The harness has waited for its threads.
    assert not await orm.run(WorkerProcess.objects.exists)
