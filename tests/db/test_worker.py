"""The inference worker: what it claims it runs, and ends or gives back."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from django.db import transaction

from tasks_app import lifecycle
from tasks_app.batching import Orm
from tasks_app.inference.contract import InferenceError
from tasks_app.models import Task
from tasks_app.states import Status
from tests.db.concurrency import (
    PATIENCE_S,
    FailingStatement,
    HeldStatement,
    let_others_run,
    statements_through,
    until_row,
)
from tests.db.examples import (
    MAX_ATTEMPTS,
    copy_of,
    end_leases,
    history,
    pending,
)
from tests.db.worker_harness import WorkerHarness, running

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("services_in_process"),
]


def statuses() -> list[str]:
    return list(Task.objects.order_by("created_at").values_list("status", flat=True))


# --- Working ------------------------------------------------------------------------


async def test_a_task_is_claimed_run_and_completed(orm: Orm) -> None:
    [task] = await orm.run(pending)
    async with running() as harness:
        harness.worker.ring()
        run = await harness.engine.next_run()
        assert run.text == task.text
        run.end()
        await run.is_over()
        stored = await orm.run(copy_of, task)
        assert stored.result is not None
        assert stored.result["summary_text"] == "买牛奶。"
        assert stored.worker == harness.worker.name
        assert await orm.run(history, task) == [
            (1, "pending"),
            (2, "processing"),
            (3, "completed"),
        ]


async def test_no_more_are_claimed_than_can_run_at_once(orm: Orm) -> None:
    await orm.run(pending, 3)
    async with running(capacity=2) as harness:
        harness.worker.ring()
        first, _ = await harness.engine.next_run(), await harness.engine.next_run()
        assert await orm.run(statuses) == ["processing", "processing", "pending"]
        first.end()
        await harness.engine.next_run()
        assert await orm.run(statuses) == ["completed", "processing", "processing"]


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (InferenceError("llm_timeout", "网络超时", is_retryable=True), "llm_timeout"),
        (RuntimeError("a key that must not be told"), "internal"),
    ],
)
async def test_an_engine_that_fails_fails_its_task_alone(
    orm: Orm, error: Exception, code: str
) -> None:
    [first, second] = await orm.run(pending, 2)
    async with running() as harness:
        harness.worker.ring()
        run, other = await harness.engine.next_run(), await harness.engine.next_run()
        run.answer.set_exception(error)
        other.end()
        await run.is_over()
        await other.is_over()
    stored = await orm.run(copy_of, first)
    assert (stored.status, stored.error_code) == (Status.FAILED, code)
    assert (stored.engine, stored.model_version) == ("held", "held:1")
    assert "key" not in stored.error
    assert (await orm.run(copy_of, second)).status == Status.COMPLETED


# --- Stopping -----------------------------------------------------------------------


async def stop_while_claiming(
    orm: Orm,
    harness: WorkerHarness,
    during_stop: Callable[[], Awaitable[None]],
    grace_s: float,
) -> None:
    """Stop a worker whose claim is written but not committed."""
    held = HeldStatement('INSERT INTO "tasks_app_taskevent"')
    with statements_through(held):
        harness.worker.ring()
        async with asyncio.timeout(PATIENCE_S):
            await held.is_waiting.wait()
        stopping = asyncio.create_task(harness.worker.stop(grace_s))
        await let_others_run()
        held.let_go()
        await during_stop()
        async with asyncio.timeout(PATIENCE_S):
            await stopping
    await until_row(orm, Task.objects.filter(attempt=1).exists)


async def test_a_claim_committed_during_a_stop_is_given_back(orm: Orm) -> None:
    tasks = await orm.run(pending, 3)

    async def do_nothing() -> None:
        """The engine does not answer in time."""

    async with running() as harness:
        await stop_while_claiming(orm, harness, do_nothing, grace_s=0)
        assert await orm.run(statuses) == ["pending"] * 3
        assert harness.engine.is_closed
    for task in tasks:
        assert (await orm.run(history, task))[-1] == (3, "pending")


async def test_a_claim_committed_during_a_stop_may_be_finished(orm: Orm) -> None:
    await orm.run(pending)
    async with running() as harness:

        async def finish() -> None:
            (await harness.engine.next_run()).end()

        await stop_while_claiming(orm, harness, finish, grace_s=PATIENCE_S)
        assert await orm.run(statuses) == ["completed"]
        assert harness.engine.is_closed


async def test_what_runs_may_end_while_a_worker_stops(orm: Orm) -> None:
    await orm.run(pending, 2)
    async with running(capacity=1) as harness:
        harness.worker.ring()
        run = await harness.engine.next_run()
        stopping = asyncio.create_task(harness.worker.stop(PATIENCE_S))
        await let_others_run()
        run.end()
        await stopping
        assert await orm.run(statuses) == ["completed", "pending"]


async def test_what_cannot_be_given_back_does_not_keep_the_engine_open(
    orm: Orm,
) -> None:
    await orm.run(pending)
    async with running() as harness:
        harness.worker.ring()
        run = await harness.engine.next_run()
        failing = FailingStatement('INSERT INTO "tasks_app_task"')
        with statements_through(failing):
            await harness.worker.stop(0)
        assert failing.has_failed
        assert harness.engine.is_closed
        await run.is_over()
        assert run.answer.cancelled()
        # For the sweep to find.
        assert await orm.run(statuses) == ["processing"]


# --- Claims that are lost -----------------------------------------------------------


def lose_leases() -> None:
    """What a sweep does to a worker that was frozen, in one moment."""
    with transaction.atomic():
        end_leases()
        lifecycle.recover(MAX_ATTEMPTS)


async def test_a_worker_may_claim_again_what_it_still_runs(orm: Orm) -> None:
    [task] = await orm.run(pending)
    async with running(lease_s=1.5) as harness:
        harness.worker.ring()
        first = await harness.engine.next_run()
        await orm.run(lose_leases)
        harness.worker.ring()
        second = await harness.engine.next_run()
        if not first.answer.done():
            first.end()
        await first.is_over()
        lease = (await orm.run(copy_of, task)).lease_expires_at
        await until_row(
            orm, Task.objects.filter(lease_expires_at__gt=lease, attempt=2).exists
        )
        assert not second.answer.done()
        second.end()
        await second.is_over()
        assert second.work is not None
        assert second.work.exception() is None
    assert await orm.run(history, task) == [
        (1, "pending"),
        (2, "processing"),
        (3, "pending"),
        (4, "processing"),
        (5, "completed"),
    ]


async def test_a_lease_is_renewed_for_as_long_as_its_task_runs(orm: Orm) -> None:
    [task] = await orm.run(pending)
    async with running(lease_s=0.3) as harness:
        harness.worker.ring()
        run = await harness.engine.next_run()
        first_end = (await orm.run(copy_of, task)).lease_expires_at
        later = Task.objects.filter(lease_expires_at__gt=first_end)
        await until_row(orm, later.exists)
        assert not run.answer.done()


# --- Aborting -----------------------------------------------------------------------


async def test_a_cancelled_run_is_aborted_and_frees_its_place(orm: Orm) -> None:
    [task, following] = await orm.run(pending, 2)
    async with running(capacity=1) as harness:
        harness.worker.ring()
        run = await harness.engine.next_run()
        await orm.run(lifecycle.cancel, task, "client")
        await run.is_over()
        assert run.answer.cancelled()
        (await harness.engine.next_run()).end()
        await until_row(
            orm, Task.objects.filter(pk=following.pk, status="completed").exists
        )
        assert await orm.run(statuses) == ["cancelled", "completed"]


async def test_a_task_cancelled_elsewhere_stops_nothing_here(orm: Orm) -> None:
    [mine, elsewhere] = await orm.run(pending, 2)
    async with running(capacity=1, lease_s=0.3) as harness:
        harness.worker.ring()
        run = await harness.engine.next_run()
        await orm.run(lifecycle.cancel, elsewhere, "client")
        lease = (await orm.run(copy_of, mine)).lease_expires_at
        renewed = Task.objects.filter(lease_expires_at__gt=lease)
        await until_row(orm, renewed.exists)
        run.end()
        await run.is_over()
        assert (await orm.run(copy_of, mine)).status == Status.COMPLETED
