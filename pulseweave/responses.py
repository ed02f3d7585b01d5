"""Daphne's HTTP responses, at the pace of the client.

Daphne buffers whatever an application sends; a large response to a slow client would
lie in memory as a whole.
"""

import asyncio
from typing import Any

from daphne.http_protocol import WebRequest


class _Room:
    """Room in what is buffered for one client, as its transport tells (Twisted's)."""

    def __init__(self) -> None:
        self.is_there = asyncio.Event()
        self.is_there.set()

    def pauseProducing(self) -> None:  # noqa: N802 - Twisted's
        self.is_there.clear()

    def resumeProducing(self) -> None:  # noqa: N802 - Twisted's
        self.is_there.set()

    stopProducing = resumeProducing  # noqa: N815 - Twisted's
    """The transport is gone: nobody has to wait for it."""


class BoundedRequest(WebRequest):  # type: ignore[misc]
    """A request whose response is sent no faster than the client reads it."""

    _room: _Room | None = None

    def handle_reply(self, message: dict[str, Any]) -> None:
        is_stream = message.get("more_body", False) and self.channel is not None
        if is_stream and self._room is None and not self.finished:
            self._room = _Room()
            self.registerProducer(self._room, True)
        super().handle_reply(message)

    async def drained(self) -> None:
        """Wait until the client has read nearly all that was sent."""
        if self._room is not None:
            await self._room.is_there.wait()

    def finish(self) -> None:
        if self._room is not None:
            self.unregisterProducer()
        super().finish()

    def connectionLost(self, reason: Any) -> None:  # noqa: N802 - Twisted's
        if self._room is not None:
            self._room.resumeProducing()
        super().connectionLost(reason)

    def handle_exception(self, exception: BaseException) -> None:
        """Break off what has begun: Daphne would begin another response and fail."""
        if self._room is None:
            super().handle_exception(exception)
        else:
            self.transport.abortConnection()
