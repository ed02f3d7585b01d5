"""Peers that mean no good, beside one that does."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from tests.client import connected
from tests.stack import Stack

pytestmark = pytest.mark.flow

MakeStack = Callable[..., Stack]
FLOOD_S = 30.0


def memory_mib(pid: int) -> float:
    """The resident memory of a process."""
    status = Path(f"/proc/{pid}/status").read_text()
    [line] = [line for line in status.splitlines() if line.startswith("VmRSS")]
    return int(line.split()[1]) / 1024


async def flood(socket: ClientConnection) -> None:
    """Ask for answers and read none, until the server has had enough."""
    question = json.dumps({"type": "ping", "request_id": "r" * 64})
    while True:
        await socket.send(question)


async def test_a_client_that_never_reads_is_closed_and_others_are_served(
    make_stack: MakeStack,
) -> None:
    stack = make_stack().start()
    web = stack.pid_of("web")
    before = memory_mib(web)
    async with connect(stack.ws_url, max_queue=1) as deaf:
        with pytest.raises(ConnectionClosed):
            await asyncio.wait_for(flood(deaf), FLOOD_S)
        async with connected(stack.ws_url) as client:
            await client.submit()
            await client.wait_for_ends(1)
    # What was owed is bounded by 8 MiB; an unbounded debt would take hundreds.
    assert memory_mib(web) - before < 200


async def test_a_client_that_talks_nonsense_for_long_is_closed(
    make_stack: MakeStack,
) -> None:
    stack = make_stack(PULSEWEAVE_MAX_BAD_MESSAGES="20").start()
    async with connected(stack.ws_url) as client, connected(stack.ws_url) as other:
        for _ in range(20):
            await client.send("nonsense")
        assert (await client.ask(type="ping"))["type"] == "pong"
        await client.send("nonsense")
        await client.socket.wait_closed()
        assert client.socket.close_code == 1008
        assert (await other.ask(type="ping"))["type"] == "pong"
    errors = [m for m in client.received if m["type"] == "error"]
    assert len(errors) >= 20


@pytest.mark.parametrize("path", ["/nope", "/wss", "/"])
async def test_other_addresses_are_refused(stack: Stack, path: str) -> None:
    url = stack.ws_url.removesuffix("/ws") + path
    with pytest.raises(InvalidStatus, match="403"):
        async with connect(url):
            pass
    assert "Traceback" not in stack.output


async def test_a_message_with_many_faults_costs_others_nothing(stack: Stack) -> None:
    event = {"transcript": "x", "tags": [[]] * 15_000}
    frame = json.dumps({"type": "submit_task", "data": {"event": event}})
    async with connected(stack.ws_url) as client:
        for _ in range(20):
            await client.send(frame)
        assert (await client.ask(type="ping"))["type"] == "pong"
        errors = [m for m in client.received if m["type"] == "error"]
    assert len(errors) == 20
    assert {error["field"] for error in errors} == {"data.event.tags.0"}
