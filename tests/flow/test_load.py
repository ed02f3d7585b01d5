"""Many submissions, many sockets, slow engines."""

import asyncio
import time
from collections.abc import Callable
from contextlib import AsyncExitStack

import pytest

from tests.client import WHOLE_LIFE, Client, connected
from tests.ledger import check_promise
from tests.llm_behaviours import hangs
from tests.llm_server import LlmServer
from tests.stack import Stack

pytestmark = pytest.mark.flow

MakeStack = Callable[..., Stack]


async def connect_many(stack: AsyncExitStack, url: str, count: int) -> list[Client]:
    """So many sockets, opened at once."""
    opening = [stack.enter_async_context(connected(url)) for _ in range(count)]
    return list(await asyncio.gather(*opening))


async def test_one_socket_submits_300_as_fast_as_it_can(stack: Stack) -> None:
    async with connected(stack.ws_url) as client:
        for _ in range(300):
            await client.submit()
        await client.wait_for_ends(300)
        assert client.statuses() == [WHOLE_LIFE] * 300
        check_promise(stack, client)


async def test_20_sockets_submit_50_each(stack: Stack) -> None:
    async with AsyncExitStack() as sockets:
        clients = await connect_many(sockets, stack.ws_url, 20)

        async def submit_50(client: Client) -> None:
            for _ in range(50):
                await client.submit()
            await client.wait_for_ends(50, within_s=60)

        await asyncio.gather(*map(submit_50, clients))
        for client in clients:
            assert client.statuses() == [WHOLE_LIFE] * 50
        check_promise(stack, *clients)


async def test_300_sockets_connect_at_once_and_idle_for_a_minute(
    make_stack: MakeStack,
) -> None:
    stack = make_stack(PULSEWEAVE_ADDRESS_SUBMIT_RATE="0").start()
    async with AsyncExitStack() as sockets:
        clients = await connect_many(sockets, stack.ws_url, 300)
        assert len({client.client_id for client in clients}) == 300
        stats = await clients[0].ask(type="get_stats")
        assert stats["data"]["active_connections"] == 300
        # The idleness is what is tested: no event ends it.
        await asyncio.sleep(60)
        await asyncio.gather(*(client.submit() for client in clients))
        await asyncio.gather(*(client.wait_for_ends(1) for client in clients))
        for client in clients:
            assert client.statuses() == [WHOLE_LIFE]


async def test_200_tasks_with_a_slow_llm_run_at_once_in_one_worker(
    make_stack: MakeStack,
) -> None:
    async with LlmServer(delay_s=1.0) as llm:
        stack = make_stack(
            PULSEWEAVE_SUBMIT_RATE="0", LLM_API_KEY="k", LLM_BASE_URL=llm.url
        )
        await asyncio.to_thread(stack.start)
        async with connected(stack.ws_url) as client:
            begun = time.monotonic()
            for _ in range(200):
                await client.submit()
            await client.wait_for_ends(200)
            took_s = time.monotonic() - begun
            assert client.statuses() == [WHOLE_LIFE] * 200
            check_promise(stack, client)
    # One after the other they would take 200 s: this is about being at once.
    assert took_s < 10


async def test_an_llm_that_never_answers_fails_the_task_in_the_exact_words(
    make_stack: MakeStack,
) -> None:
    async with LlmServer(hangs) as llm:
        stack = make_stack(
            LLM_API_KEY="k", LLM_BASE_URL=llm.url, LLM_FIRST_CONTENT_S="0.5"
        )
        await asyncio.to_thread(stack.start)
        async with connected(stack.ws_url) as client:
            await client.submit()
            await client.wait_for_ends(1)
            [life] = client.lives.values()
    assert life[-1]["status"] == "failed"
    assert life[-1]["error"] == "DeepSeek API调用失败: 网络超时"
