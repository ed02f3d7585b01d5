"""The Python client of PROTOCOL.md, run as its reader would run it."""

import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from tests.client import EXAMPLE, Message
from tests.protocol_document import Document
from tests.stack import Stack

pytestmark = pytest.mark.flow

WITHIN_S = 30.0
LIFE = [
    "task_submitted pending",
    "task_status_update processing",
    "task_status_update completed",
]


@pytest.fixture
def client_file(tmp_path: Path) -> Path:
    [code] = Document.read().section("Python").blocks("python")
    path = tmp_path / "client.py"
    path.write_text(code)
    return path


async def printed_by(client: Path, url: str) -> list[str]:
    """The lines of the example, which must end well."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-W", "error", str(client), url, EXAMPLE),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(WITHIN_S):
            output, faults = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert (process.returncode, faults.decode()) == (0, "")
    return output.decode().splitlines()


class LossyRelay:
    """Passes messages on, and drops its first connection instead of the first `lost`.

    `seen` is all that came by, in either direction.
    """

    def __init__(self, url: str, lost: str) -> None:
        self.seen: list[Message] = []
        self.has_lost = False
        self._url = url
        self._lost = lost

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[str]:
        """Its address, while it is there."""
        async with serve(self._pass_on, "127.0.0.1", 0) as server:
            port = next(iter(server.sockets)).getsockname()[1]
            yield f"ws://127.0.0.1:{port}"

    async def _pass_on(self, client: ServerConnection) -> None:
        async with connect(self._url) as server, asyncio.TaskGroup() as both:
            both.create_task(self._forth(client, server))
            both.create_task(self._back(client, server))

    async def _forth(self, client: ServerConnection, server: ClientConnection) -> None:
        with suppress(ConnectionClosed):
            async for frame in client:
                self.seen.append(json.loads(frame))
                await server.send(frame)
        await self._leave(server)

    async def _leave(self, server: ClientConnection) -> None:
        await server.close()

    async def _back(self, client: ServerConnection, server: ClientConnection) -> None:
        with suppress(ConnectionClosed):
            async for frame in server:
                message = json.loads(frame)
                self.seen.append(message)
                if not self.has_lost and self._lost in str(frame):
                    self.has_lost = True
                    client.transport.abort()
                    return
                await client.send(json.dumps(self._told(message)))

    def _told(self, message: Message) -> Message:
        return message


class CrowdedRelay(LossyRelay):
    """Gives up the place of the lost connection only when the next one is refused.

    Who is refused is told to wait for a moment, instead of the server's half minute.
    """

    RETRY_AFTER_S = 1.5

    def __init__(self, url: str, lost: str) -> None:
        super().__init__(url, lost)
        self.rests_s: list[float] = []
        """How long the client stayed away after each refusal."""
        self._refused_at: float | None = None
        self._is_place_needed = asyncio.Event()

    async def _pass_on(self, client: ServerConnection) -> None:
        if self._refused_at is not None:
            self.rests_s.append(time.monotonic() - self._refused_at)
        await super()._pass_on(client)

    async def _leave(self, server: ClientConnection) -> None:
        if self.has_lost:
            await self._is_place_needed.wait()
        await super()._leave(server)

    def _told(self, message: Message) -> Message:
        if "retry_after" not in message:
            return message
        if self.has_lost:
            self._is_place_needed.set()
        self._refused_at = time.monotonic()
        return message | {"retry_after": self.RETRY_AFTER_S}


async def test_the_python_client_tells_of_its_task_and_ends(
    stack: Stack, client_file: Path
) -> None:
    *life, summary = await printed_by(client_file, stack.ws_url)
    assert life == LIFE
    assert "机场" in summary


@pytest.mark.parametrize("lost", ["task_submitted", '"completed"'])
async def test_the_python_client_survives_the_loss_of_its_connection(
    stack: Stack, client_file: Path, lost: str
) -> None:
    relay = LossyRelay(stack.ws_url, lost)
    async with relay.listening() as url:
        *life, summary = await printed_by(client_file, url)
    assert relay.has_lost
    assert life[-1] == LIFE[-1]
    assert "机场" in summary
    keys = [m["idempotency_key"] for m in relay.seen if m["type"] == "submit_task"]
    assert len(keys) == 2, "it submits again"
    assert len(set(keys)) == 1
    assert len({m["task_id"] for m in relay.seen if "task_id" in m}) == 1


async def test_the_python_client_stays_away_as_long_as_it_is_told(
    make_stack: Callable[..., Stack], client_file: Path
) -> None:
    stack = make_stack(PULSEWEAVE_MAX_CONNECTIONS_PER_ADDRESS="1").start()
    relay = CrowdedRelay(stack.ws_url, "task_submitted")
    async with relay.listening() as url:
        *life, summary = await printed_by(client_file, url)
    assert relay.rests_s
    assert min(relay.rests_s) >= relay.RETRY_AFTER_S
    assert life[-1] == LIFE[-1]
    assert "机场" in summary
    kinds = [message["type"] for message in relay.seen]
    asked = [kind for kind in kinds if kind in ("submit_task", "resume")]
    assert asked == ["submit_task", "resume", "submit_task"]
    assert len({m["task_id"] for m in relay.seen if "task_id" in m}) == 1
