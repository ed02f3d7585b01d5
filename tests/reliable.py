"""A client that no loss of its connection harms, written from PROTOCOL.md."""

import asyncio
import random
import socket
import struct
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from functools import partial
from typing import Self
from uuid import uuid4

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from tests.client import EXAMPLE, WITHIN_S, Client, Message

_GREETING = "connection_established"
_RESUME = "resume"
_FIRST_DELAY_S = 0.05
_LONGEST_DELAY_S = 2.0
_OPEN_WITHIN_S = 10.0
_RESET = struct.pack("ii", 1, 0)
"""Linger for no time: the connection is reset, what it still had to send is gone."""


class ReliableClient(Client):
    """One client through as many connections as it takes.

    It comes back after any close and resumes. A message with a `request_id` is sent
    again until its answer is seen, no earlier than a refusal's `retry_after`;
    submissions are given a key for that. `lives` has each revision once.
    """

    def __init__(
        self, socket: ClientConnection, url: str, identity: Message | None = None
    ) -> None:
        super().__init__(socket)
        self.identity = identity
        """The last message that said who we are."""
        self.acknowledged: defaultdict[str, set[str]] = defaultdict(set)
        """By idempotency key, the tasks of its acknowledgements: always one."""
        self.refusals: list[Message] = []
        """The errors that told us to wait."""
        self._url = url
        self._since: float | None = None
        self._is_itself = False
        self._losses = 0
        self._unanswered: dict[str, Mapping[str, object]] = {}
        self._waits: set[asyncio.Task[None]] = set()

    @classmethod
    @asynccontextmanager
    async def connected(
        cls, url: str, identity: Message | None = None
    ) -> AsyncIterator[Self]:
        """A client that has become itself: `identity`, or else a fresh one."""
        client = cls(await connect(url, open_timeout=30), url, identity)
        try:
            await client.wait_for_type("resumed" if identity else _GREETING)
            yield client
        finally:
            await client.aclose()

    @classmethod
    @asynccontextmanager
    async def several(cls, url: str, count: int) -> AsyncIterator[list[Self]]:
        """So many, each a client of its own."""
        async with AsyncExitStack() as sockets:
            clients = [cls.connected(url) for _ in range(count)]
            yield [await sockets.enter_async_context(client) for client in clients]

    @property
    def client_id(self) -> str:
        assert self.identity is not None, "no connection was established yet"
        return str(self.identity["client_id"])

    async def send(self, message: Mapping[str, object] | str | bytes) -> None:
        """Send a message as soon as we are ourselves, and until it is answered."""
        if isinstance(message, Mapping) and "request_id" in message:
            self._unanswered[str(message["request_id"])] = message
        if self._is_itself:
            await self._say(message)

    async def submit(self, text: str = EXAMPLE, **fields: object) -> None:
        key = str(uuid4())
        await super().submit(
            text, **{"idempotency_key": key, "request_id": key, **fields}
        )

    async def wait_for_acknowledgements(
        self, keys: int, within_s: float = WITHIN_S
    ) -> None:
        """Wait until so many submissions have been acknowledged."""
        await self._wait_until(lambda: len(self.acknowledged) >= keys, within_s)

    def cut(self) -> None:
        """Lose the connection at once, as when the line breaks."""
        transport = self.socket.transport
        if not transport.is_closing():
            line: socket.socket = transport.get_extra_info("socket")
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            transport.abort()

    async def aclose(self) -> None:
        for wait in self._waits:
            wait.cancel()
        await super().aclose()

    # --- Coming back ----------------------------------------------------------------

    async def _live(self) -> None:
        while True:
            await super()._live()
            self._is_itself = False
            await self._come_back()

    async def _come_back(self) -> None:
        """Connect again, after growing, random delays."""
        while True:
            longest_s = min(_LONGEST_DELAY_S, _FIRST_DELAY_S * 2**self._losses)
            self._losses += 1
            await asyncio.sleep(longest_s * random.uniform(0.5, 1))
            with suppress(OSError, InvalidHandshake):
                self.socket = await connect(self._url, open_timeout=_OPEN_WITHIN_S)
                return

    async def _resume(self) -> None:
        assert self.identity is not None, "only who was here comes back"
        who = {name: self.identity[name] for name in ("client_id", "resume_token")}
        since = {} if self._since is None else {"since": self._since}
        await self._say({"type": "resume", "request_id": _RESUME, **who, **since})

    async def _become(self, identity: Message) -> None:
        """Be this client from now on; ask again what has not been answered."""
        self.identity = identity
        self._is_itself = True
        self._losses = 0
        for request in list(self._unanswered.values()):
            await self._say(request)

    # --- Talking --------------------------------------------------------------------

    async def _say(self, message: Mapping[str, object] | str | bytes) -> None:
        with suppress(ConnectionClosed):
            await super().send(message)

    async def _take(self, message: Message) -> None:
        if "retry_after" in message:
            self._put_off(message)
            return
        await super()._take(message)
        if message["type"] == _GREETING and self.identity is not None:
            await self._resume()
        elif "resume_token" in message:
            await self._become(message)
        elif message.get("request_id") == _RESUME:
            raise AssertionError(f"not let in again: {message}")
        else:
            self._note_answer(message)
        self._note_time(message)

    def _note_answer(self, message: Message) -> None:
        request = self._unanswered.pop(message.get("request_id", ""), None)
        if request is not None and message["type"] == "task_submitted":
            key = str(request["idempotency_key"])
            self.acknowledged[key].add(message["task_id"])

    def _note_time(self, message: Message) -> None:
        """Remember up to when we know everything."""
        is_first = message["type"] == _GREETING and self.identity is message
        is_told = _is_step(message) and (
            message["type"] == "task_submitted" or "request_id" not in message
        )
        if is_first or is_told:
            self._since = max(self._since or 0.0, message["timestamp"])

    def _is_step(self, message: Message) -> bool:
        """Whether it tells a step that we do not know yet."""
        known = self.lives.get(str(message.get("task_id")), ())
        return _is_step(message) and all(
            told["revision"] != message["revision"] for told in known
        )

    def _put_off(self, refusal: Message) -> None:
        """Ask again when the refusal says."""
        self.refusals.append(refusal)
        request_id = refusal.get("request_id", "")
        if request_id == _RESUME:
            again: Callable[[], Awaitable[None]] = self._resume
        elif request_id in self._unanswered:
            again = partial(self.send, self._unanswered.pop(request_id))
        else:
            return
        wait = asyncio.create_task(_after(refusal["retry_after"], again))
        self._waits.add(wait)
        wait.add_done_callback(self._waits.discard)


def _is_step(message: Message) -> bool:
    """Whether it tells a step of a task; an answer with its times tells its state."""
    return "revision" in message and "created_at" not in message


async def _after(seconds: float, do: Callable[[], Awaitable[None]]) -> None:
    await asyncio.sleep(seconds)
    await do()
