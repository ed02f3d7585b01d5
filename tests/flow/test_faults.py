"""What dies during work, and what the channel layer does to its messages."""

import asyncio
import signal
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress

import pytest
from channels_redis.pubsub import RedisPubSubChannelLayer
from redis.asyncio import Redis

from tasks_app.notify import group_of
from tests.client import WHOLE_LIFE, connected
from tests.ledger import check_promise
from tests.stack import Stack

pytestmark = pytest.mark.flow

MakeStack = Callable[..., Stack]
PACED = {
    "PULSEWEAVE_ENGINE": "tests.engines.PacedEngine",
    "PULSEWEAVE_SUBMIT_RATE": "0",
    "PULSEWEAVE_LEASE_S": "2",
    "PULSEWEAVE_SWEEP_INTERVAL_S": "1",
}
OWN_VALKEY = {"REDIS_URL": "", "BROKER_URL": ""}
"""A server that a test may kill, whatever the run of tests was given."""


async def test_a_killed_worker_loses_nothing(make_stack: MakeStack) -> None:
    stack = make_stack(**PACED, PULSEWEAVE_WORKER_CONCURRENCY="20").start()
    async with connected(stack.ws_url) as client:
        for _ in range(70):
            await client.submit("0.5")
        await client.wait_for(lambda m: m.get("status") == "processing")
        stack.send_to("worker", signal.SIGKILL)

        assert (await client.ask(type="ping"))["type"] == "pong"
        await client.submit("0")
        await client.wait_for_ends(71, within_s=60)
        check_promise(stack, client)
    lives = client.statuses()
    assert all(life[-1] == "completed" for life in lives)
    assert any(life.count("processing") == 2 for life in lives)


async def test_a_stopping_server_says_that_it_goes_away(
    make_stack: MakeStack,
) -> None:
    stack = make_stack().start()
    async with connected(stack.ws_url) as one, connected(stack.ws_url) as other:
        stack.send_to("web", signal.SIGTERM)
        await one.socket.wait_closed()
        await other.socket.wait_closed()
    assert one.socket.close_code == other.socket.close_code == 1012


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


async def test_a_killed_valkey_loses_nothing(make_stack: MakeStack) -> None:
    stack = make_stack(**PACED, **OWN_VALKEY).start()
    async with connected(stack.ws_url) as client:
        for _ in range(20):
            await client.submit("0.2")
        stack.send_to("valkey", signal.SIGKILL)
        for _ in range(20):
            await client.submit("0.2")
        # Neither an acknowledgement nor a new connection waits for it.
        await client.wait_for(lambda _: len(client.lives) == 40)
        async with connected(stack.ws_url) as newcomer:
            await newcomer.submit("0")
            await newcomer.wait_for_ends(1)
            await client.wait_for_ends(40)
            check_promise(stack, client, newcomer)
    assert client.statuses() == [WHOLE_LIFE] * 40


async def test_a_hung_valkey_holds_up_nobody(make_stack: MakeStack) -> None:
    stack = make_stack(**PACED, **OWN_VALKEY).start()
    async with connected(stack.ws_url) as client:
        stack.send_to("valkey", signal.SIGSTOP)
        try:
            for _ in range(20):
                await client.submit("0")
            await client.wait_for(lambda _: len(client.lives) == 20)
            assert (await client.ask(type="get_stats"))["type"] == "stats"
            await client.wait_for_ends(20)
        finally:
            stack.send_to("valkey", signal.SIGCONT)
        await client.submit("0")
        await client.wait_for_ends(21)
        check_promise(stack, client)


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
        hosts=[_redis_url(stack)],
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

    async with _running(echo()):
        yield echoes
    await layer.flush()


@asynccontextmanager
async def deaf(stack: Stack) -> AsyncIterator[list[int]]:
    """Whoever listens to the channel layer loses its connection again and again."""
    cuts: list[int] = []

    async def cut() -> None:
        async with Redis.from_url(_redis_url(stack)) as redis:
            while True:
                cuts.append(await redis.client_kill_filter(_type="pubsub"))
                # Often enough that who comes back hears next to nothing.
                await asyncio.sleep(0.01)

    async with _running(cut()):
        yield cuts


@asynccontextmanager
async def _running(work: Coroutine[None, None, None]) -> AsyncIterator[None]:
    """Run this meanwhile; it fails the test if it fails."""
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        # More than once: a library may lose a cancellation that crosses an answer.
        while not task.done():
            task.cancel()
            await asyncio.wait([task], timeout=1)
        with suppress(asyncio.CancelledError):
            task.result()


def _redis_url(stack: Stack) -> str:
    return stack.env.get("REDIS_URL") or f"unix://{stack.data_dir / 'valkey.sock'}"
