"""A worker whose engine leaves its provider alone: it claims nothing, then probes."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tasks_app import lifecycle
from tasks_app.batching import Orm
from tasks_app.inference.contract import InferenceError
from tasks_app.models import Task
from tasks_app.states import Status
from tasks_app.worker import inferences
from tests.db.concurrency import PATIENCE_S, until, until_row
from tests.db.examples import copy_of, draft, pending, store
from tests.db.worker_harness import HeldEngine, PausingEngine, WorkerHarness, running

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("services_in_process"),
]

FAULT = InferenceError("llm_busy", "服务器繁忙", is_retryable=True)


def statuses() -> list[str]:
    return list(Task.objects.order_by("created_at").values_list("status", flat=True))


async def looks_in_vain(harness: WorkerHarness) -> None:
    """The worker is called, and finds that it may claim nothing."""
    harness.worker._lacks_room = False
    harness.worker.ring()
    await until(lambda: harness.worker._lacks_room)


async def test_while_paused_it_claims_nothing_and_afterwards_looks_by_itself(
    orm: Orm,
) -> None:
    engine = PausingEngine()
    engine.leave_alone(60)
    await orm.run(pending, 3)
    async with running(engine=engine) as harness:
        await looks_in_vain(harness)
        assert await orm.run(statuses) == ["pending"] * 3
        engine.leave_alone(-1)
        await engine.next_run()


async def test_after_a_pause_one_is_tried_and_its_success_lets_all_in_at_once(
    orm: Orm, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inferences, "_POLL_S", 2 * PATIENCE_S)
    engine = PausingEngine()
    engine.leave_alone(-1)
    await orm.run(pending, 3)
    async with running(engine=engine) as harness:
        harness.worker.ring()
        probe = await engine.next_run()
        await looks_in_vain(harness)
        assert await orm.run(statuses) == ["processing", "pending", "pending"]
        engine.pause = None
        probe.end()
        for _ in range(2):
            (await engine.next_run()).end()
        await until_row(orm, lambda: statuses() == ["completed"] * 3)


async def test_a_fault_of_the_probe_costs_one_task_and_pauses_again(orm: Orm) -> None:
    engine = PausingEngine()
    engine.leave_alone(-1)
    [first, *_] = await orm.run(pending, 3)
    async with running(engine=engine) as harness:
        harness.worker.ring()
        probe = await engine.next_run()
        engine.leave_alone(60)
        probe.answer.set_exception(FAULT)
        await probe.is_over()
        await looks_in_vain(harness)
        assert await orm.run(statuses) == ["failed", "pending", "pending"]
        assert (await orm.run(copy_of, first)).error_code == "llm_busy"


async def test_what_is_in_flight_when_a_pause_begins_ends_by_its_own_outcome(
    orm: Orm,
) -> None:
    engine = PausingEngine()
    await orm.run(pending, 3)
    async with running(engine=engine, capacity=2) as harness:
        harness.worker.ring()
        good, bad = await engine.next_run(), await engine.next_run()
        engine.leave_alone(60)
        good.end()
        bad.answer.set_exception(FAULT)
        await good.is_over()
        await bad.is_over()
        assert await orm.run(statuses) == ["completed", "failed", "pending"]


async def test_nothing_more_is_tried_while_older_work_is_in_flight(orm: Orm) -> None:
    engine = PausingEngine()
    await orm.run(pending, 2)
    async with running(engine=engine) as harness:
        harness.worker.ring()
        runs = [await engine.next_run(), await engine.next_run()]
        engine.leave_alone(-1)
        await orm.run(pending)
        await looks_in_vain(harness)
        assert engine.runs.empty()
        for run in runs:
            run.end()
        await engine.next_run()


async def test_what_waits_for_the_end_of_a_pause_can_be_cancelled_and_expires(
    orm: Orm,
) -> None:
    engine = PausingEngine()
    engine.leave_alone(60)
    [cancelled] = await orm.run(pending)
    [old] = await orm.run(lambda: store(draft(age_s=100)))
    async with running(engine=engine) as harness:
        await looks_in_vain(harness)
        await orm.run(lifecycle.cancel, cancelled, "client")
        await orm.run(lifecycle.expire, 99)
        assert (await orm.run(copy_of, cancelled)).status == Status.CANCELLED
        expired = await orm.run(copy_of, old.task)
        assert (expired.status, expired.error_code) == ("failed", "queue_expired")
        assert engine.runs.empty()


async def test_a_probe_that_is_cancelled_leaves_its_place_to_another(orm: Orm) -> None:
    engine = PausingEngine()
    engine.leave_alone(-1)
    [first, _] = await orm.run(pending, 2)
    async with running(engine=engine) as harness:
        harness.worker.ring()
        probe = await engine.next_run()
        await orm.run(lifecycle.cancel, first, "client")
        await probe.is_over()
        await engine.next_run()
        assert await orm.run(statuses) == ["cancelled", "processing"]


async def test_another_worker_goes_on(orm: Orm) -> None:
    engine = PausingEngine()
    engine.leave_alone(60)
    await orm.run(pending, 2)
    async with running(engine=engine) as paused, running(engine=HeldEngine()) as other:
        paused.worker.ring()
        other.worker.ring()
        for _ in range(2):
            (await other.engine.next_run()).end()
        await until_row(orm, lambda: statuses() == ["completed"] * 2)
        assert engine.runs.empty()


async def test_a_paused_worker_stops_as_any_other(orm: Orm) -> None:
    engine = PausingEngine()
    engine.leave_alone(60)
    await orm.run(pending)
    async with running(engine=engine) as harness:
        before = timezone.now()
        await harness.worker.stop(10)
        assert timezone.now() - before < timedelta(seconds=5)
        assert engine.is_closed
        assert await orm.run(statuses) == ["pending"]
