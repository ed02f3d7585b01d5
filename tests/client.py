"""A client of the wire for the tests: it keeps all that it is sent, in order."""

import asyncio
import json
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosedError

Message = dict[str, Any]

EXAMPLE = "明早七点去机场，记得身份证和充电宝"
WHOLE_LIFE = ["pending", "processing", "completed"]
FINAL = {"completed", "failed", "cancelled"}
WITHIN_S = 30.0


class Client:
    """One open connection; a task in the background reads it."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.received: list[Message] = []
        self.lives: defaultdict[str, list[Message]] = defaultdict(list)
        """Acknowledgement and updates of each task, in the order they came."""
        self._keys: dict[object, str] = {}
        """Idempotency keys by the ids of the requests that carried them."""
        self._questions = 0
        self._has_ended = False
        self._news = asyncio.Condition()
        self._reader = asyncio.create_task(self._read())

    async def send(self, message: Mapping[str, object] | str | bytes) -> None:
        """Send a message, or a raw frame."""
        if isinstance(message, str | bytes):
            await self.socket.send(message)
            return
        if "idempotency_key" in message and "request_id" in message:
            self._keys[message["request_id"]] = str(message["idempotency_key"])
        await self.socket.send(json.dumps(message))

    async def submit(self, text: str = EXAMPLE, **fields: object) -> None:
        await self.send({"type": "submit_task", "data": {"text": text}, **fields})

    async def ask(self, **message: object) -> Message:
        """Send a message and wait for its direct answer."""
        self._questions += 1
        request_id = f"ask-{self._questions}"
        await self.send({**message, "request_id": request_id})
        return await self.wait_for(lambda m: m.get("request_id") == request_id)

    async def wait_for(
        self, is_it: Callable[[Message], bool], within_s: float = WITHIN_S
    ) -> Message:
        """The first message, already here or still to come, of which this holds."""
        found: list[Message] = []

        def is_found() -> bool:
            found.extend(message for message in self.received if is_it(message))
            return bool(found)

        await self._wait_until(is_found, within_s)
        return found[0]

    async def wait_for_type(self, kind: str) -> Message:
        return await self.wait_for(lambda message: message["type"] == kind)

    async def wait_for_ends(self, tasks: int, within_s: float = WITHIN_S) -> None:
        """Wait until so many tasks have become final."""
        await self._wait_until(lambda: len(self.ended) >= tasks, within_s)

    async def wait_for_all_ends(self, within_s: float = WITHIN_S) -> None:
        """Wait until every task that it was told of has become final."""
        await self._wait_until(lambda: len(self.ended) == len(self.lives), within_s)

    @property
    def ended(self) -> list[str]:
        """The ids of the tasks whose end was told."""
        return [
            task_id
            for task_id, life in self.lives.items()
            if life[-1]["status"] in FINAL
        ]

    @property
    def client_id(self) -> str:
        """Whom it is, after it has resumed too."""
        return str(self._greetings[-1]["client_id"])

    @property
    def has_resumed(self) -> bool:
        return len(self._greetings) > 1

    @property
    def keys(self) -> dict[str, str]:
        """The acknowledged idempotency keys, and their tasks."""
        return {
            self._keys[message["request_id"]]: message["task_id"]
            for message in self.received
            if message["type"] == "task_submitted"
            and message.get("request_id") in self._keys
        }

    @property
    def _greetings(self) -> list[Message]:
        kinds = ("connection_established", "resumed")
        return [message for message in self.received if message["type"] in kinds]

    def statuses(self) -> list[list[str]]:
        """What was told of each task: the statuses in order."""
        return [[told["status"] for told in life] for life in self.lives.values()]

    def revisions(self) -> list[list[int]]:
        return [[told["revision"] for told in life] for life in self.lives.values()]

    async def _wait_until(self, is_so: Callable[[], bool], within_s: float) -> None:
        async with self._news, asyncio.timeout(within_s):
            await self._news.wait_for(lambda: is_so() or self._has_ended)
            assert is_so(), f"the connection was closed: {self.socket.close_code}"

    async def _read(self) -> None:
        try:
            await self._live()
        finally:
            async with self._news:
                self._has_ended = True
                self._news.notify_all()

    async def _live(self) -> None:
        """Read until the connection is closed."""
        with suppress(ConnectionClosedError):
            async for frame in self.socket:
                await self._take(json.loads(frame))

    async def _take(self, message: Message) -> None:
        async with self._news:
            self.received.append(message)
            if self._is_step(message):
                self.lives[message["task_id"]].append(message)
            self._news.notify_all()

    def _is_step(self, message: Message) -> bool:
        """Whether it belongs to the life of its task; progress may be lost."""
        return "revision" in message

    async def aclose(self) -> None:
        """Close it; what made the reading fail is raised."""
        self._reader.cancel()
        await asyncio.wait([self._reader])
        await self.socket.close()
        if not self._reader.cancelled():
            self._reader.result()


@asynccontextmanager
async def connected(url: str, **options: Any) -> AsyncIterator[Client]:
    """A client that has had its `connection_established`."""
    async with connect(url, open_timeout=30, **options) as socket:
        client = Client(socket)
        try:
            await client.wait_for_type("connection_established")
            yield client
        finally:
            await client.aclose()
