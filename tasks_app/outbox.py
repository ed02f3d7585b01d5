"""What one connection is still to be sent, in order and bounded."""

import asyncio
from collections.abc import Awaitable, Callable

_MAX_OWED = 8 * 2**20
"""Characters that may wait for a client; one that reads so little is dropped."""


class Outbox:
    """Text frames, and at the end perhaps a close code.

    `put` and `close` never wait. `on_overflow` is called once, when so much is owed
    that the client is to be dropped; nothing is taken after that, or after `close`.
    """

    def __init__(self, on_overflow: Callable[[], None]) -> None:
        self._on_overflow = on_overflow
        self._items: asyncio.Queue[str | int] = asyncio.Queue()
        self._owed = 0
        self._is_closed = False

    def put(self, frame: str) -> None:
        if self._is_closed:
            return
        self._owed += len(frame)
        self._items.put_nowait(frame)
        if self._owed > _MAX_OWED:
            self._is_closed = True
            self._on_overflow()

    def close(self, code: int) -> None:
        """Once all that was put before has been sent."""
        if not self._is_closed:
            self._is_closed = True
            self._items.put_nowait(code)

    async def drained(self) -> None:
        """Wait until all that was put has been sent."""
        await self._items.join()

    async def send_all(self, send: Callable[[str], Awaitable[None]]) -> int:
        """Send frame after frame, each when the last was taken; the close code."""
        while isinstance(item := await self._items.get(), str):
            await send(item)
            self._owed -= len(item)
            self._items.task_done()
        return item
