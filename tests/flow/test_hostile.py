"""Peers that mean no good, beside one that does."""

import json
from collections.abc import Iterator

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from tests.client import connected
from tests.stack import Stack, prepared_stack

pytestmark = pytest.mark.flow


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """One that forgives a connection twenty messages."""
    environment = {"PULSEWEAVE_MAX_BAD_MESSAGES": "20"}
    with prepared_stack(tmp_path_factory.mktemp("stack"), environment) as stack:
        yield stack.start()


async def test_a_client_that_talks_nonsense_for_long_is_closed(strict: Stack) -> None:
    async with connected(strict.ws_url) as client, connected(strict.ws_url) as other:
        for _ in range(20):
            await client.send("nonsense")
        assert (await client.ask(type="ping"))["type"] == "pong"
        await client.send("nonsense")
        await client.socket.wait_closed()
        assert client.socket.close_code == 1008
        assert (await other.ask(type="ping"))["type"] == "pong"
    errors = [m for m in client.received if m["type"] == "error"]
    assert len(errors) >= 20


async def test_a_client_that_submits_on_though_it_is_refused_is_closed(
    strict: Stack,
) -> None:
    async with connected(strict.ws_url) as client:
        for _ in range(60):
            await client.submit()
        await client.socket.wait_closed()
        assert client.socket.close_code == 1008


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
