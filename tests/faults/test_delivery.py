"""What the broker and the channel layer do to their messages."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from channels_redis.pubsub import RedisPubSubChannelLayer
from redis.asyncio import Redis

from tasks_app.dispatch import DOORBELL
from tasks_app.notify import group_of
from tests.client import WHOLE_LIFE, connected
from tests.faults.service import running
from tests.faults.stacks import OWN_VALKEY, PACED, MakeStack
from tests.ledger import check_promise, read_books
from tests.stack import Stack

pytestmark = pytest.mark.flow


async def test_doorbells_that_two_workers_hear_five_times_run_each_task_once(
    make_stack: MakeStack,
) -> None:
    stack = make_stack(**PACED, PULSEWEAVE_WORKER_CONCURRENCY="20").start()
    await asyncio.to_thread(stack.add_worker)
    async with connected(stack.ws_url) as client:
        for _ in range(10):
            for _ in range(20):
                await client.submit("0.1")
            await asyncio.to_thread(ring_doorbell, stack, 5 * 20)
        await client.wait_for_ends(200)
        check_promise(stack, client)
    assert client.statuses() == [WHOLE_LIFE] * 200
    tasks = read_books(stack).tasks.values()
    assert {task.attempt for task in tasks} == {1}
    assert len({task.worker for task in tasks}) == 2


def ring_doorbell(stack: Stack, times: int) -> None:
    with stack.celery() as celery, celery.connection_for_write() as connection:
        for _ in range(times):
            celery.send_task(DOORBELL, connection=connection, ignore_result=True)


async def test_rings_that_come_twice_and_late_change_nothing(
    make_stack: MakeStack,
) -> None:
    stack = make_stack(**PACED).start()
    async with connected(stack.ws_url) as client:
        async with echoing(stack, client.client_id) as echoes:
            for round_ in range(5):
                for _ in range(20):
                    await client.submit("0.1")
                await client.wait_for_ends(20 * (round_ + 1))
        assert len(echoes) >= 10
        check_promise(stack, client)
    assert client.statuses() == [WHOLE_LIFE] * 100


async def test_rings_that_never_come_are_made_up_for(make_stack: MakeStack) -> None:
    stack = make_stack(**PACED, **OWN_VALKEY).start()
    async with connected(stack.ws_url) as client:
        async with deaf(stack) as cuts:
            for _ in range(50):
                await client.submit("0.2")
            await client.wait_for_ends(50)
        assert sum(cuts) > 1
        check_promise(stack, client)
    assert client.statuses() == [WHOLE_LIFE] * 50


@asynccontextmanager
async def echoing(stack: Stack, client_id: str) -> AsyncIterator[list[object]]:
    """Every ring of this owner comes again, and an earlier one with it."""
    layer = RedisPubSubChannelLayer(
        hosts=[stack.redis_url],
        prefix=stack.env.get("PULSEWEAVE_CHANNEL_PREFIX", "pulseweave"),
    )
    group = group_of(f"client:{client_id}")
    channel = await layer.new_channel()
    await layer.group_add(group, channel)
    echoes: list[object] = []

    async def echo() -> None:
        while True:
            ring = await layer.receive(channel)
            if ring not in echoes:
                echoes.append(ring)
                await layer.group_send(group, ring)
                await layer.group_send(group, echoes[len(echoes) // 2])

    async with running(echo()):
        yield echoes
    await layer.flush()


@asynccontextmanager
async def deaf(stack: Stack) -> AsyncIterator[list[int]]:
    """Whoever listens to the channel layer loses its connection again and again."""
    cuts: list[int] = []

    async def cut() -> None:
        async with Redis.from_url(stack.redis_url) as redis:
            while True:
                cuts.append(await redis.client_kill_filter(_type="pubsub"))
                # Often enough that who comes back hears next to nothing.
                await asyncio.sleep(0.01)

    async with running(cut()):
        yield cuts
