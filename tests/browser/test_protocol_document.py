"""The JavaScript client of PROTOCOL.md, run in a browser."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, WebSocket, WebSocketRoute

from tests.browser.steps import EXAMPLE
from tests.protocol_document import Document
from tests.stack import Stack

pytestmark = pytest.mark.browser

RETRY_AFTER_MS = 30_000
"""So long is a connection too many told to stay away."""
LONGEST_DELAY_MS = 2_000
"""The client's own, after a loss and a refusal."""


def start(page: Page, stack: Stack) -> None:
    """Run the client on a page without sockets of its own; its end is `outcome`."""
    [code] = Document.read().section("JavaScript").blocks("js")
    page.goto(f"{stack.http_url}/health/live")
    page.evaluate(
        f"([url, text]) => {{ {code}; window.outcome = analyse(url, text); }}",
        [stack.ws_url, EXAMPLE],
    )


def outcome(page: Page) -> dict[str, Any]:
    """The update that ends its task."""
    update: dict[str, Any] = page.evaluate("window.outcome")
    return update


class CrowdedLine:
    """Cut at the first acknowledgement; the server does not hear of it by itself.

    So the place of the first connection is taken until `leave` is called.
    """

    def __init__(self, context: BrowserContext) -> None:
        self.opened = 0
        self.sent: list[str] = []
        """The types of what the client has sent."""
        self._is_cut = False
        self._abandoned: WebSocketRoute
        context.route_web_socket("**/ws", self._open)

    def leave(self) -> None:
        self._abandoned.close()

    def _open(self, route: WebSocketRoute) -> None:
        self.opened += 1
        server = route.connect_to_server()

        def to_server(frame: str | bytes) -> None:
            self.sent.append(json.loads(frame)["type"])
            server.send(frame)

        def to_page(frame: str | bytes) -> None:
            kind = json.loads(frame)["type"]
            if kind == "task_submitted" and not self._is_cut:
                self._is_cut, self._abandoned = True, server
                route.close(code=1011)
            else:
                route.send(frame)

        route.on_message(to_server)
        server.on_message(to_page)


def wait_for_close(socket: WebSocket) -> None:
    if not socket.is_closed():
        socket.wait_for_event("close")


def test_the_javascript_client_ends_with_its_task(
    context: BrowserContext, stack: Stack
) -> None:
    page = context.new_page()
    start(page, stack)
    assert outcome(page)["result"]["task_type"] == "trip"


def test_the_javascript_client_stays_away_as_long_as_it_is_told(
    context: BrowserContext, make_stack: Callable[..., Stack]
) -> None:
    stack = make_stack(PULSEWEAVE_MAX_CONNECTIONS_PER_ADDRESS="1").start()
    line = CrowdedLine(context)
    context.clock.install()
    page = context.new_page()
    with page.expect_websocket():
        start(page, stack)
    with page.expect_websocket() as refused:
        pass
    wait_for_close(refused.value)
    line.leave()
    page.clock.run_for(RETRY_AFTER_MS - 5_000)
    assert line.opened == 2
    page.clock.run_for(5_000 + LONGEST_DELAY_MS)
    assert outcome(page)["result"]["task_type"] == "trip"
    assert line.opened == 3
    assert line.sent == ["submit_task", "resume", "submit_task"]
