"""Daphne's WebSocket connections, at the pace of the other side, closed with a word.

Daphne reads as fast as a client sends and writes as fast as the application does,
whatever the other side can take. Autobahn lets an application close with 1000 and
private codes only, and a stopping Daphne drops its connections.
"""

import asyncio
import socket
from collections.abc import Callable, Coroutine
from typing import Any, ClassVar
from weakref import WeakSet

from daphne import http_protocol
from daphne.server import Server
from daphne.ws_protocol import WebSocketFactory, WebSocketProtocol
from twisted.internet import reactor, task
from twisted.internet.defer import Deferred

from pulseweave.responses import BoundedRequest

OnStop = Callable[[], Coroutine[None, None, None]]

_SERVICE_RESTART = 1012
_FAREWELL_S = 0.5
"""For the closing frames to leave before the loop ends."""
_MAX_UNHEARD = 500
"""Frames that wait for the application; past that the client has to wait."""
_LISTEN_AGAIN_S = 0.005
_UNSENT_BYTES = 16_384
_LINGER_S = 5.0
"""For the last frames to be read."""


class BoundedProtocol(WebSocketProtocol):  # type: ignore[misc]
    """Reads no faster than the application, and knows when the client does not read."""

    opened: ClassVar["WeakSet[BoundedProtocol]"] = WeakSet()
    _is_deaf = False
    _has_read = False
    """Whether something was taken from a full buffer since the last ping."""

    def __init__(self) -> None:
        super().__init__()
        self._has_room = asyncio.Event()
        self._has_room.set()

    def onOpen(self) -> None:  # noqa: N802 - Autobahn's
        super().onOpen()
        self.opened.add(self)
        # The HTTP channel that the connection began as is still registered.
        self.transport.unregisterProducer()
        self.transport.registerProducer(self, True)
        line = self.transport.getHandle()
        # Behind TLS, or on a Unix socket, there is nothing to set.
        is_tcp = isinstance(line, socket.socket) and line.family != socket.AF_UNIX
        if is_tcp and hasattr(socket, "TCP_NOTSENT_LOWAT"):
            # Else megabytes lie unsent in the kernel, and neither is a slow client seen
            # to read nor a ping ahead of them.
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, _UNSENT_BYTES)

    # --- Inbound --------------------------------------------------------------------

    def onMessage(self, payload: bytes, isBinary: bool) -> None:  # noqa: N802, N803
        super().onMessage(payload, isBinary)
        if not self._is_deaf and self.application_queue.qsize() > _MAX_UNHEARD:
            self._is_deaf = True
            self.transport.pauseProducing()
            self._listen_later()

    def _listen_later(self) -> None:
        task.deferLater(reactor, _LISTEN_AGAIN_S, self._listen_again)

    def _listen_again(self) -> None:
        if self.application_queue.qsize() < _MAX_UNHEARD / 2:
            self._is_deaf = False
            self.transport.resumeProducing()
        elif self.state == self.STATE_OPEN:
            self._listen_later()

    # --- Outbound -------------------------------------------------------------------

    def pauseProducing(self) -> None:  # noqa: N802 - Twisted's
        self._has_room.clear()

    def resumeProducing(self) -> None:  # noqa: N802 - Twisted's
        self._has_room.set()
        self._has_read = True

    def stopProducing(self) -> None:  # noqa: N802 - Twisted's
        """The transport is gone: nobody has to wait for it."""
        self._has_room.set()

    def onAutoPingTimeout(self) -> None:  # noqa: N802 - Autobahn's
        """Spare a client that is slow: its pong comes after all that is before it."""
        if self._has_read:
            self._has_read = False
            self.autoPingTimeoutCall = None
        else:
            super().onAutoPingTimeout()

    async def drained(self) -> None:
        """Wait until the client has read nearly all that was sent."""
        await self._has_room.wait()

    def serverSend(self, content: str | bytes, binary: bool = False) -> None:  # noqa: N802
        if self.state not in (self.STATE_CLOSING, self.STATE_CLOSED):
            super().serverSend(content, binary)

    # --- Closing --------------------------------------------------------------------

    def dropConnection(self, abort: bool = False) -> None:  # noqa: N802 - Autobahn's
        """Wait for no client that does not read.

        The transport would stay until all has been read, which may be never.
        """
        super().dropConnection(abort or not self._has_room.is_set())
        self._has_room.set()
        task.deferLater(reactor, _LINGER_S, self.transport.abortConnection)

    def serverClose(self, code: int | None = None) -> None:  # noqa: N802 - Daphne's
        if self._has_room.is_set():
            self.sendCloseFrame(code=1000 if code is None else code)
        else:
            # A close frame would wait behind all that is not read.
            self.dropConnection(abort=True)


_hand_over = Server.handle_reply


async def _hand_over_and_wait(
    server: Server, protocol: Any, message: dict[str, Any]
) -> None:
    """What an application's `send` awaits."""
    await _hand_over(server, protocol, message)
    if message["type"] == "websocket.send" or message.get("more_body"):
        await protocol.drained()


def _say_goodbye(on_stop: OnStop) -> "Deferred[None]":
    for connection in list(BoundedProtocol.opened):
        if connection.state == BoundedProtocol.STATE_OPEN:
            connection.sendCloseFrame(code=_SERVICE_RESTART)
    ending = asyncio.ensure_future(on_stop())

    def end() -> None:
        ending.cancel()

    return task.deferLater(reactor, _FAREWELL_S, end)


def install(on_stop: OnStop) -> None:
    """Once per process, before Daphne listens.

    `on_stop` is run when it is told to stop, and given half a second.
    """
    WebSocketFactory.protocol = BoundedProtocol
    http_protocol.WebRequest = BoundedRequest
    Server.handle_reply = _hand_over_and_wait
    # Zope describes the method without its self.
    reactor.addSystemEventTrigger("before", "shutdown", _say_goodbye, on_stop)  # type: ignore[arg-type]
