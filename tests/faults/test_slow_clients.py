"""Clients that do not read, or send without end, beside those that do neither."""

import asyncio
import json
import signal
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.client import WHOLE_LIFE, Client, connected
from tests.faults.service import SOON_S, Slowest, running
from tests.faults.stacks import PACED
from tests.ledger import check_promise, check_told, read_books
from tests.stack import Stack, prepared_stack

pytestmark = pytest.mark.flow

TASKS = 2500
"""Two updates each."""
BATCH = 500
"""Fewer than the submissions that a connection may leave unacknowledged."""
DEBT_MIB = 100
"""The 8 MiB that may be owed, and all that they drag along; else it is hundreds."""
DROPPED_WITHIN_S = 15.0
"""Less than Daphne's patience with a client that leaves its pings unanswered."""
FLOODED_WITHIN_S = 120.0
"""8 MiB of answers to pings take a slow machine long to make, beside others."""
SLOW_FOR_S = 10.0
"""Many times as long as a pong is waited for there."""
GOOD_CLIENTS = 100
TASKS_EACH = 5


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    environment = PACED | {"PULSEWEAVE_ENGINE": "tests.engines.WordyEngine"}
    data_dir = tmp_path_factory.mktemp("stack")
    with prepared_stack(data_dir, environment) as stack:
        yield stack.start()


# --- Blocked ------------------------------------------------------------------------


async def test_a_client_that_reads_5000_updates_late_has_them_all_in_order(
    stack: Stack,
) -> None:
    async with connected(stack.ws_url) as other, deaf(stack) as blocked:
        await submit_unheard(stack, blocked, other, kib="0")
        await until_stats(other, active_tasks=0)
        late = Client(blocked)
        await late.wait_for_ends(TASKS)
        check_promise(stack, other, late)


async def test_a_client_that_is_owed_too_much_is_dropped_and_sees_the_truth_later(
    stack: Stack,
) -> None:
    before_mib = peak_memory_mib(stack.pid_of("web"))
    async with connected(stack.ws_url) as other:
        async with deaf(stack) as blocked:
            identity = json.loads(await blocked.recv())
            # 20 MiB in all.
            await submit_unheard(stack, blocked, other, kib="8")
            await until_stats(other, DROPPED_WITHIN_S, active_connections=1)
            await other.submit("0")
            await other.wait_for_ends(1)
        await until_stats(other, active_tasks=0)
        check_promise(stack, other)
    assert peak_memory_mib(stack.pid_of("web")) - before_mib < DEBT_MIB
    async with connected(stack.ws_url) as back:
        await back.ask(
            type="resume",
            client_id=identity["client_id"],
            resume_token=identity["resume_token"],
        )
        await back.wait_for_ends(TASKS)
        check_truth(stack, back)


def check_truth(stack: Stack, back: Client) -> None:
    """What a client was told that came back is what the database holds."""
    books = read_books(stack)
    owner = f"client:{back.client_id}"
    owned = [task for task in books.tasks.values() if task.owner == owner]
    assert [task.status for task in owned] == ["completed"] * TASKS
    for task in owned:
        check_told(back, task, books.moves[task.id])


async def test_a_client_that_reads_slowly_is_not_taken_for_gone(stack: Stack) -> None:
    url = stack.add_web("--ping-interval=1", "--ping-timeout=2")
    async with connected(stack.ws_url) as client:
        for ends in range(BATCH, TASKS + 1, BATCH):
            for _ in range(BATCH):
                await client.send({"type": "submit_task", "data": {"text": "8"}})
            await client.wait_for_ends(ends)
        token = client.received[0]["resume_token"]
    known = {"client_id": client.client_id, "resume_token": token}
    async with deaf(stack, url) as slow:
        await slow.send(json.dumps({"type": "resume", "since": 0} | known))
        # Pongs come after all that lies between: far too late.
        patience = asyncio.get_running_loop().time() + SLOW_FOR_S
        while asyncio.get_running_loop().time() < patience:
            await slow.recv()
            await asyncio.sleep(0.02)


@asynccontextmanager
async def deaf(stack: Stack, url: str = "") -> AsyncIterator[ClientConnection]:
    """A connection that reads little but what the test asks for."""
    url = url or stack.ws_url
    parts = urlsplit(url)
    line = socket.socket()
    # So that what is not read is soon the server's problem.
    line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    line.connect((parts.hostname, parts.port))
    async with connect(url, sock=line, max_queue=1, close_timeout=1) as it:
        yield it


async def submit_unheard(
    stack: Stack, blocked: ClientConnection, other: Client, kib: str
) -> None:
    """Submit without reading an answer; all updates come when that is done."""
    submission = json.dumps({"type": "submit_task", "data": {"text": kib}})
    stack.send_to("worker", signal.SIGSTOP)
    try:
        for stored in range(BATCH, TASKS + 1, BATCH):
            for _ in range(BATCH):
                await blocked.send(submission)
            await until_stats(other, active_tasks=stored)
    finally:
        stack.send_to("worker", signal.SIGCONT)


async def until_stats(client: Client, within_s: float = 60, **counts: int) -> None:
    """Wait until the service counts so many; it counts once a second."""
    async with asyncio.timeout(within_s):
        while True:
            answer = await client.ask(type="get_stats")
            if answer["data"].items() >= counts.items():
                return
            await asyncio.sleep(0.2)


def peak_memory_mib(pid: int) -> float:
    """The most memory that a process has had resident."""
    status = Path(f"/proc/{pid}/status").read_text()
    [line] = [line for line in status.splitlines() if line.startswith("VmHWM")]
    return int(line.split()[1]) / 1024


# --- Floods -------------------------------------------------------------------------


async def test_100_good_clients_beside_a_flood_and_one_that_never_reads_are_served(
    stack: Stack,
) -> None:
    before_mib = peak_memory_mib(stack.pid_of("web"))
    slowest = Slowest()
    async with AsyncExitStack() as sockets:
        opening = [
            sockets.enter_async_context(connected(stack.ws_url))
            for _ in range(GOOD_CLIENTS)
        ]
        clients = await asyncio.gather(*opening)
        never_reads = await sockets.enter_async_context(deaf(stack))
        reads = await sockets.enter_async_context(connect(stack.ws_url))
        await sockets.enter_async_context(running(flood(reads)))
        await sockets.enter_async_context(running(swallow(reads)))
        flooding = asyncio.create_task(flood(never_reads))
        await asyncio.gather(*(behave_well(client, slowest) for client in clients))
        with pytest.raises(ConnectionClosed):
            await asyncio.wait_for(flooding, FLOODED_WITHIN_S)
        check_promise(stack, *clients)
    assert [client.statuses() for client in clients] == (
        [[WHOLE_LIFE] * TASKS_EACH] * GOOD_CLIENTS
    )
    assert slowest.seconds < SOON_S, slowest.what
    assert peak_memory_mib(stack.pid_of("web")) - before_mib < DEBT_MIB


async def behave_well(client: Client, slowest: Slowest) -> None:
    for number in range(TASKS_EACH):
        await client.submit("0")
        await slowest.time("a ping", client.ask(type="ping"))
        await client.wait_for_ends(number + 1)


async def flood(line: ClientConnection) -> None:
    """Ask, without end and without waiting for answers."""
    question = json.dumps({"type": "ping", "request_id": "r" * 64})
    while True:
        await line.send(question)
        # Sending itself does not let the other clients of this process run.
        await asyncio.sleep(0)


async def swallow(line: ClientConnection) -> None:
    with suppress(ConnectionClosed):
        async for _ in line:
            pass
