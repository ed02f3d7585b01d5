"""How Daphne closes WebSockets: with any code of RFC 6455, and not without a word.

Autobahn lets an application close with 1000 and private codes only, and a stopping
Daphne drops its connections before their closing frames have left.
"""

from daphne.ws_protocol import WebSocketFactory, WebSocketProtocol
from twisted.internet import reactor, task
from twisted.internet.defer import Deferred

_FAREWELL_S = 0.5


class ClosingProtocol(WebSocketProtocol):  # type: ignore[misc]
    """Sends the close frame itself, so that 1008, 1009 and 1012 pass."""

    def serverClose(self, code: int | None = None) -> None:  # noqa: N802 - Daphne's
        self.sendCloseFrame(code=1000 if code is None else code)


def _farewell() -> "Deferred[None]":
    """Keep the loop for the moment in which closing frames leave."""
    return task.deferLater(reactor, _FAREWELL_S, lambda: None)


def install() -> None:
    """Once per process, before Daphne listens."""
    WebSocketFactory.protocol = ClosingProtocol
    # Zope describes the method without its self.
    reactor.addSystemEventTrigger("before", "shutdown", _farewell)  # type: ignore[arg-type]
