"""What clients are owed while a part of the service fails, and soon after."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from functools import partial
from typing import TypeVar

from tests.client import Client, Message, connected
from tests.stack import Stack

T = TypeVar("T")

SOON_S = 2.0
"""At once, on a busy machine."""
TAKEN_OVER = ["pending", "processing", "pending", "processing", "completed"]
_BURST = 5
_BURST_S = 1.5
"""Five tasks one after the other: too short for re-reading (3 s) and polling (1 s)."""


class Slowest:
    """The longest that anything took so far, and what it was."""

    def __init__(self) -> None:
        self.seconds, self.what = 0.0, "nothing"

    async def time(self, what: str, answer: Awaitable[T]) -> T:
        begun = time.monotonic()
        found = await answer
        if (took_s := time.monotonic() - begun) > self.seconds:
            self.seconds, self.what = took_s, what
        return found


@asynccontextmanager
async def all_are_served(stack: Stack) -> AsyncIterator[Client]:
    """Meanwhile pings, acknowledgements and new connections come soon, for all.

    Yields the client that submits, for the promise to be checked; at the end all of
    its tasks have become final.
    """
    slowest, over = Slowest(), asyncio.Event()
    async with connected(stack.ws_url) as idler, connected(stack.ws_url) as submitter:
        async with asyncio.TaskGroup() as group:
            for work in (
                _again_and_again(0.1, partial(_ping, idler, slowest), over),
                _again_and_again(0.2, partial(_submit, submitter, slowest), over),
                _again_and_again(0.5, partial(_connect, stack, slowest), over),
            ):
                group.create_task(work)
            try:
                yield submitter
            finally:
                over.set()
        assert slowest.seconds < SOON_S, f"{slowest.what}: {slowest.seconds:.1f} s"
        await submitter.wait_for_all_ends()


async def _again_and_again(
    pause_s: float, work: Callable[[], Awaitable[None]], over: asyncio.Event
) -> None:
    while not over.is_set():
        await work()
        await asyncio.sleep(pause_s)


async def _ping(client: Client, slowest: Slowest) -> None:
    await slowest.time("a ping", client.ask(type="ping"))


async def _submit(client: Client, slowest: Slowest) -> None:
    key = f"key-{len(client.lives)}"
    answer = await slowest.time("a submission", submitted(client, key))
    assert answer["type"] == "task_submitted", answer


async def _connect(stack: Stack, slowest: Slowest) -> None:
    async def come_and_go() -> None:
        async with connected(stack.ws_url) as newcomer:
            await newcomer.ask(type="ping")

    await slowest.time("a new connection", come_and_go())


async def until_processing(client: Client, tasks: int, attempt: int = 1) -> None:
    """Wait until so many tasks have been claimed so often."""

    def claimed() -> int:
        starts = [life.count("processing") for life in client.statuses()]
        return sum(count >= attempt for count in starts)

    await client.wait_for(lambda _: claimed() >= tasks)


async def submitted(client: Client, key: str, text: str = "0") -> Message:
    """The answer to a submission under this key."""
    return await client.ask(
        type="submit_task", data={"text": text}, idempotency_key=key
    )


async def is_rung(stack: Stack) -> bool:
    """Whether tasks start by doorbells and are told of by rings, or only by looking."""
    async with connected(stack.ws_url) as client:
        begun = time.monotonic()
        for number in range(_BURST):
            await client.submit("0")
            await client.wait_for_ends(number + 1)
        return time.monotonic() - begun < _BURST_S


async def rings_again(stack: Stack, within_s: float) -> None:
    """Wait until everything is as if nothing had been."""
    async with asyncio.timeout(within_s):
        while not await is_rung(stack):
            pass


@asynccontextmanager
async def running(work: Coroutine[None, None, None]) -> AsyncIterator[None]:
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
