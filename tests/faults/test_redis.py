"""Redis, which carries doorbells and rings, is gone, hangs or forgets.

All on one application: what has survived one fault has to survive the next.
"""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from http import HTTPStatus

import pytest
from redis.asyncio import Redis

from tests.client import WHOLE_LIFE, connected
from tests.faults.service import (
    TAKEN_OVER,
    all_are_served,
    is_rung,
    rings_again,
    running,
    until_processing,
)
from tests.faults.stacks import OWN_VALKEY, PACED
from tests.ledger import check_promise
from tests.stack import Stack, prepared_stack
from tests.staff import TASKS, Staff, client_of

pytestmark = pytest.mark.flow

# In full where PostgreSQL is given; SQLite adds nothing to what Redis does.
IS_IN_FULL = "DATABASE_URL" in os.environ
STOPPED_S = 30.0 if IS_IN_FULL else 10.0
HUNG_S = 60.0 if IS_IN_FULL else 20.0
AGAIN_S = 5.0
"""How soon after its return everything comes by ring again."""
HEARD_AGAIN_S = 20.0
"""The same where connections were refused: a Celery worker waits longer after each
failed attempt, for 12 s by then.
"""
LONGEST_PAUSE_S = 20.0
"""Of `up`, before it starts a part again that has died so often."""


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    data_dir = tmp_path_factory.mktemp("stack")
    with prepared_stack(data_dir, PACED | OWN_VALKEY) as stack:
        yield stack.start()


async def test_a_hung_redis_holds_up_nobody(stack: Stack) -> None:
    async with all_are_served(stack) as submitter:
        stack.send_to("valkey", signal.SIGSTOP)
        try:
            async with connected(stack.ws_url) as client:
                await client.submit("0")
                # By reading, as long as nothing rings.
                await client.wait_for_ends(1)
                assert (await client.ask(type="get_stats"))["type"] == "stats"
                check_promise(stack, client)
            assert not await is_rung(stack)
            # The length of the outage is what is tested: no event ends it.
            await asyncio.sleep(HUNG_S)
        finally:
            stack.send_to("valkey", signal.SIGCONT)
        await rings_again(stack, AGAIN_S)
    check_promise(stack, submitter)


async def test_a_stopped_redis_holds_up_nobody(stack: Stack) -> None:
    async with all_are_served(stack) as submitter:
        await asyncio.to_thread(keep_down, stack, "valkey", STOPPED_S)
        await rings_again(stack, HEARD_AGAIN_S)
    check_promise(stack, submitter)
    assert {life[-1]["status"] for life in submitter.lives.values()} == {"completed"}


async def test_what_staff_does_reaches_its_owner_without_redis(stack: Stack) -> None:
    async with connected(stack.ws_url) as client, client_of(stack) as http:
        staff = await Staff.of(stack, http)
        await client.submit("60")
        await until_processing(client, 1)
        [task_id] = client.lives
        stack.send_to("valkey", signal.SIGSTOP)
        try:
            response = await staff.post(f"{TASKS}{task_id}/cancel/", {})
            assert response.status_code == HTTPStatus.FOUND
            await client.wait_for_ends(1)
        finally:
            stack.send_to("valkey", signal.SIGCONT)
        check_promise(stack, client)
    assert client.statuses() == [["pending", "processing", "cancelled"]]


async def test_a_redis_that_forgets_everything_again_and_again_loses_nothing(
    stack: Stack,
) -> None:
    async with connected(stack.ws_url) as client:
        async with forgetting(stack):
            for _ in range(200):
                await client.submit("0.1")
            await client.wait_for_ends(200)
        await rings_again(stack, AGAIN_S)
        # The sweep is rung for as well.
        await client.submit("3")
        await until_processing(client, 201)
        stack.send_to("worker", signal.SIGKILL)
        await client.wait_for_ends(201)
        check_promise(stack, client)
    assert client.statuses() == [WHOLE_LIFE] * 200 + [TAKEN_OVER]


def keep_down(stack: Stack, part: str, seconds: float) -> None:
    """Kill a part whenever `up` has started it, until the time is over."""
    until = time.monotonic() + seconds
    while True:
        pid = stack.pid_of(part)
        stack.send_to(part, signal.SIGKILL)
        stack.wait_for_restart(part, pid, LONGEST_PAUSE_S)
        if time.monotonic() > until:
            return


@asynccontextmanager
async def forgetting(stack: Stack) -> AsyncIterator[None]:
    """Everything that Redis has is deleted again and again."""

    async def flush() -> None:
        async with Redis.from_url(stack.redis_url) as redis:
            while True:
                await redis.flushall()
                await asyncio.sleep(0.02)

    async with running(flush()):
        yield
