"""A worker that dies, or is dead to the world for a while."""

import asyncio
import os
import signal

import pytest

from tests.client import connected
from tests.faults.service import TAKEN_OVER, until_processing
from tests.faults.stacks import PACED, MakeStack
from tests.ledger import check_promise

pytestmark = pytest.mark.flow


async def test_a_worker_killed_with_20_running_and_50_queued_loses_nothing(
    make_stack: MakeStack,
) -> None:
    stack = make_stack(**PACED, PULSEWEAVE_WORKER_CONCURRENCY="20").start()
    async with connected(stack.ws_url) as client:
        for _ in range(70):
            await client.submit("1.5")
        await until_processing(client, 20)
        stats = await client.ask(type="get_stats")
        stack.send_to("worker", signal.SIGKILL)

        assert (await client.ask(type="ping"))["type"] == "pong"
        await client.submit("0")
        await client.wait_for_ends(71, within_s=60)
        check_promise(stack, client)
    assert stats["data"]["processing_tasks"] == 20
    assert stats["data"]["queue_size"] == 50
    lives = client.statuses()
    assert all(life[-1] == "completed" for life in lives)
    assert [life.count("processing") for life in lives].count(2) == 20


async def test_a_task_that_keeps_killing_its_worker_fails(
    make_stack: MakeStack,
) -> None:
    environment = PACED | {"PULSEWEAVE_ENGINE": "tests.engines.DeadlyEngine"}
    stack = make_stack(**environment, PULSEWEAVE_MAX_ATTEMPTS="2").start()
    async with connected(stack.ws_url) as client:
        await client.submit("致命")
        await client.wait_for_ends(1, within_s=60)
        [life] = client.lives.values()
        check_promise(stack, client)
    assert life[-1]["status"] == "failed"
    assert life[-1]["error_code"] == "worker_lost"
    assert life[-1]["attempt"] == 2


@pytest.mark.skipif(
    "DATABASE_URL" not in os.environ,
    reason="a process frozen while it writes keeps SQLite locked for all",
)
async def test_what_a_worker_thawed_past_its_lease_brings_late_changes_nothing(
    make_stack: MakeStack,
) -> None:
    stack = make_stack(**PACED).start()
    async with connected(stack.ws_url) as client:
        for _ in range(20):
            # Less than a lease: over when the others take over.
            await client.submit("1.5")
        await until_processing(client, 20)
        stack.send_to("worker", signal.SIGSTOP)
        try:
            await asyncio.to_thread(stack.add_worker)
            await until_processing(client, 20, attempt=2)
        finally:
            # It brings its results while the other still works.
            stack.send_to("worker", signal.SIGCONT)
        await client.wait_for_ends(20)
        await client.submit("0")
        await client.wait_for_ends(21)
        # The promise says who may end a claim.
        check_promise(stack, client)
    assert client.statuses()[:20] == [TAKEN_OVER] * 20
