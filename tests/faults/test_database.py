"""The database, which is the truth, goes away under load."""

import asyncio
import time
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack
from functools import partial

import psycopg
import pytest
from psycopg import sql

from tests.client import Client, Message, connected
from tests.faults.database import (
    SERVER_URL,
    cut_connections,
    lock_database,
    name_of_database,
)
from tests.faults.service import SOON_S, Slowest, rings_again, submitted
from tests.faults.stacks import PACED, MakeStack
from tests.ledger import check_promise
from tests.stack import Stack

pytestmark = pytest.mark.flow

OUTAGE_S = 12.0
"""Longer than a connection of the pool is waited for, and less than a lock."""
SUBMITTERS = 10
ASKERS = 20
"""More than a web process has threads for the database."""
ROUNDS = 5
AGAIN_S = 20.0
"""How soon after its return everything is as before: work that began meanwhile waits
10 s for a connection, then it has to catch up.
"""


@pytest.mark.skipif(not SERVER_URL, reason="PostgreSQL is not given")
async def test_a_postgresql_restarted_under_load_loses_nothing(
    make_stack: MakeStack,
) -> None:
    stack = make_stack(**PACED).start()
    errors = await submit_meanwhile(stack, restart_database)
    assert errors
    assert {error["code"] for error in errors} == {"unavailable"}
    await every_thread_serves(stack)


@pytest.mark.skipif(not SERVER_URL, reason="PostgreSQL is not given")
async def test_connections_cut_while_they_are_idle_hold_up_nobody(
    make_stack: MakeStack,
) -> None:
    stack = make_stack(**PACED).start()
    slowest = Slowest()
    for _ in range(3):
        await every_thread_serves(stack)
        await asyncio.to_thread(cut_connections, stack)
        async with connected(stack.ws_url) as client:
            submission = submitted(client, "first", "0")
            answer = await slowest.time("a submission", submission)
            assert answer["type"] == "task_submitted"
    assert slowest.seconds < SOON_S
    await every_thread_serves(stack)


@pytest.mark.skipif(bool(SERVER_URL), reason="PostgreSQL is given")
async def test_a_sqlite_that_is_locked_under_load_only_takes_longer(
    make_stack: MakeStack,
) -> None:
    stack = make_stack(**PACED).start()
    assert not await submit_meanwhile(stack, partial(lock_database, seconds=OUTAGE_S))
    await every_thread_serves(stack)


async def submit_meanwhile(
    stack: Stack, outage: Callable[[Stack], None]
) -> list[Message]:
    """Submit before, during and after an outage; the errors that clients were told."""
    over = asyncio.Event()
    async with connected(stack.ws_url) as client:
        async with asyncio.TaskGroup() as group:
            for number in range(SUBMITTERS):
                group.create_task(submit_until(over, client, f"s{number}"))
            await client.wait_for_ends(20)
            await ping_during(asyncio.to_thread(outage, stack), client)
            await rings_again(stack, AGAIN_S)
            over.set()
        await client.wait_for_all_ends()
        check_promise(stack, client)
        return [m for m in client.received if m["type"] == "error"]


async def submit_until(over: asyncio.Event, client: Client, name: str) -> None:
    """Submit one after the other, each again until it is acknowledged."""
    number, is_acknowledged = 0, True
    while not (over.is_set() and is_acknowledged):
        answer = await submitted(client, f"{name}-{number}", "0.1")
        is_acknowledged = answer["type"] == "task_submitted"
        if is_acknowledged:
            number += 1
        else:
            await asyncio.sleep(answer["retry_after"])


async def ping_during(outage: Coroutine[None, None, None], client: Client) -> None:
    slowest, outage_task = Slowest(), asyncio.create_task(outage)
    while not outage_task.done():
        await slowest.time("a ping", client.ask(type="ping"))
        await asyncio.sleep(0.1)
    outage_task.result()
    assert slowest.seconds < SOON_S


def restart_database(stack: Stack) -> None:
    """All connections are cut and new ones refused, as while a server restarts."""
    until = time.monotonic() + OUTAGE_S
    allow_connections(stack, "false")
    try:
        while time.monotonic() < until:
            cut_connections(stack)
            time.sleep(0.1)
    finally:
        allow_connections(stack, "true")


def allow_connections(stack: Stack, whether: str) -> None:
    allow = sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}")
    name = sql.Identifier(name_of_database(stack))
    with psycopg.connect(SERVER_URL, autocommit=True) as server:
        server.execute(allow.format(name, sql.Literal(whether)))


async def every_thread_serves(stack: Stack) -> None:
    """Questions that come at once, more than there are threads, are all answered."""
    async with AsyncExitStack() as sockets:
        clients = [
            await sockets.enter_async_context(connected(stack.ws_url))
            for _ in range(ASKERS)
        ]
        for round_ in range(ROUNDS):
            asked = [client.ask(type="get_my_tasks") for client in clients]
            answers = await asyncio.gather(*asked)
            assert {answer["type"] for answer in answers} == {"my_tasks"}
            for client in clients:
                await client.submit("0")
            for client in clients:
                await client.wait_for_ends(round_ + 1)
        assert (await clients[0].ask(type="get_stats"))["type"] == "stats"
        check_promise(stack, *clients)
