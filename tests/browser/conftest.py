"""A real Chromium on the real application."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Dialog,
    Page,
    WebSocket,
    sync_playwright,
)

from tests.browser.steps import log_in, wait_until_connected
from tests.stack import Stack

_ARGUMENTS = [
    # Chromium's sandbox does not run as root, as tests in containers do.
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    # It would ask its maker for updates and more; the tests stay on this machine.
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def _find_chromium() -> str | None:
    names = ("chromium", "chromium-browser", "google-chrome")
    path = f"{os.environ.get('PATH', '')}{os.pathsep}/usr/bin"
    return next(
        (found for name in names if (found := shutil.which(name, path=path))), None
    )


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Ended with its module: while Playwright runs, no event loop can be started."""
    if (executable := _find_chromium()) is None:
        pytest.skip(
            "no Chromium here; on Debian it is the package `chromium`: "
            "sudo apt-get install chromium"
        )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=executable, args=_ARGUMENTS
        )
        yield browser
        browser.close()


@dataclass
class Watch:
    """What a page did that nobody sees; `faults` must stay empty."""

    faults: list[str] = field(default_factory=list)
    sent: list[str] = field(default_factory=list)
    """Frames of its sockets."""

    def follow(self, page: Page) -> None:
        # Violations of the content security policy are console errors, too.
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("dialog", self._interrupted)
        page.on("websocket", self._connected)

    def _heard(self, message: object) -> None:
        if getattr(message, "type", "") in ("error", "warning"):
            self.faults.append(str(message))

    def _interrupted(self, dialog: Dialog) -> None:
        self.faults.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _connected(self, socket: WebSocket) -> None:
        socket.on("framesent", lambda frame: self.sent.append(str(frame)))


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A visitor who has never been here, and whose browser prefers English."""
    context = browser.new_context(locale="en-GB", timezone_id="Asia/Shanghai")
    context.set_default_timeout(10_000)
    yield context
    context.close()


@pytest.fixture
def watch() -> Iterator[Watch]:
    watch = Watch()
    yield watch
    assert watch.faults == []


@pytest.fixture
def open_page(context: BrowserContext, watch: Watch) -> Callable[[Stack], Page]:
    """Open the page at `/` of an application; it may not be connected yet."""

    def open_page(stack: Stack) -> Page:
        page = context.new_page()
        watch.follow(page)
        page.goto(stack.http_url)
        return page

    return open_page


@pytest.fixture
def open_admin(context: BrowserContext, watch: Watch) -> Callable[[Stack], Page]:
    """Open the first page of the admin as its superuser."""

    def open_admin(stack: Stack) -> Page:
        page = context.new_page()
        watch.follow(page)
        log_in(page, stack.http_url, "admin", stack.admin_password or "")
        return page

    return open_admin


@pytest.fixture
def page(stack: Stack, open_page: Callable[[Stack], Page]) -> Page:
    """The page at `/`, connected."""
    page = open_page(stack)
    wait_until_connected(page)
    return page
