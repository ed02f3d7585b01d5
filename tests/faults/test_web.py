"""The web server dies; clients that come back lose nothing."""

import asyncio
import signal
from collections.abc import Awaitable, Callable, Sequence
from functools import partial

import pytest

from tests.client import Message
from tests.faults.stacks import PACED, MakeStack
from tests.ledger import check_promise, query
from tests.reliable import ReliableClient
from tests.stack import Stack

pytestmark = pytest.mark.flow

CLIENTS = 5
BURST = 40
KILLS = 3
COUNTED_WITHIN_S = 30.0


async def submit_burst(client: ReliableClient, text: str = "0.2") -> None:
    for _ in range(BURST):
        await client.submit(text)


async def kill_web(stack: Stack, clients: Sequence[ReliableClient]) -> None:
    """Kill it as soon as it has acknowledged the first of many submissions.

    Returns when all are acknowledged, those made while nobody was there too.
    """
    before = [len(client.acknowledged) for client in clients]
    submitting = asyncio.gather(*map(submit_burst, clients))
    await clients[0].wait_for_acknowledgements(before[0] + 1)
    killing = asyncio.to_thread(stack.kill, "web")
    await asyncio.gather(submitting, killing, *map(submit_burst, clients))
    for client, count in zip(clients, before, strict=True):
        await client.wait_for_acknowledgements(count + 2 * BURST)


def check_keys(client: ReliableClient, submissions: int) -> None:
    """Each key has one task, and the client has no others."""
    assert len(client.acknowledged) == submissions
    assert all(len(tasks) == 1 for tasks in client.acknowledged.values())
    assert set().union(*client.acknowledged.values()) == client.lives.keys()
    assert len(client.lives) == submissions


async def test_a_web_server_killed_again_and_again_loses_no_submission(
    make_stack: MakeStack,
) -> None:
    stack = make_stack(**PACED).start()
    async with ReliableClient.several(stack.ws_url, CLIENTS) as clients:
        for _ in range(KILLS):
            await kill_web(stack, clients)
        for client in clients:
            await client.wait_for_ends(KILLS * 2 * BURST)
            check_keys(client, KILLS * 2 * BURST)
        check_promise(stack, *clients)
    assert all(len(greetings(client)) > KILLS for client in clients)


async def test_open_connections_are_counted_rightly_after_a_kill(
    make_stack: MakeStack,
) -> None:
    stack = make_stack(**PACED).start()
    async with ReliableClient.several(stack.ws_url, CLIENTS) as clients:
        await become(CLIENTS, partial(stored_connections, stack))
        stack.send_to("web", signal.SIGKILL)
        async with asyncio.timeout(COUNTED_WITHIN_S):
            for client in clients:
                await client.wait_for_type("resumed")
            await become(CLIENTS, partial(told_connections, clients[0]))
        # Not in passing, while some were not back yet.
        assert await told_connections(clients[-1]) == CLIENTS


async def test_two_tabs_of_one_client_see_everything_through_a_kill(
    make_stack: MakeStack,
) -> None:
    stack = make_stack(**PACED).start()
    async with (
        ReliableClient.connected(stack.ws_url) as one,
        ReliableClient.connected(stack.ws_url, one.identity) as other,
    ):
        await kill_web(stack, [one, other])
        for tab in (one, other):
            await tab.wait_for_ends(4 * BURST)
            check_promise(stack, tab)
    assert not one.acknowledged.keys() & other.acknowledged.keys()


async def become(count: int, ask: Callable[[], Awaitable[int]]) -> None:
    """Ask until this is the answer: nobody tells of it."""
    while await ask() != count:  # noqa: ASYNC110
        await asyncio.sleep(0.2)


async def stored_connections(stack: Stack) -> int:
    """What the web servers, dead ones too, have last said of themselves."""
    statement = "SELECT coalesce(sum(connections), 0) FROM tasks_app_serverprocess"
    [[(count,)]] = await asyncio.to_thread(query, stack, statement)
    return int(count)


async def told_connections(client: ReliableClient) -> int:
    stats = await client.ask(type="get_stats")
    return int(stats["data"]["active_connections"])


def greetings(client: ReliableClient) -> list[Message]:
    """One for each connection that it has had."""
    return [m for m in client.received if m["type"] == "connection_established"]
