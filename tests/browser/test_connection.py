"""The page keeps its identity, its tasks and what it was told to submit."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, WebSocketRoute, expect
from websockets.sync.client import connect

from tests.browser.steps import EXAMPLE, finish, newest, submit, wait_until_connected
from tests.stack import Stack

pytestmark = pytest.mark.browser


class Line:
    """The line between the page and the real server, which a test can cut."""

    def __init__(self, context: BrowserContext) -> None:
        self.is_cut = False
        self.drops_next_acknowledgement = False
        self.opened = 0
        self._routes: list[WebSocketRoute] = []
        context.route_web_socket("**/ws*", self._open)

    def cut(self) -> None:
        self.is_cut = True
        self._close()

    def mend(self) -> None:
        self.is_cut = False

    def _open(self, route: WebSocketRoute) -> None:
        self.opened += 1
        if self.is_cut:
            route.close(code=1011)
            return
        server = route.connect_to_server()
        self._routes.append(route)
        server.on_message(lambda frame: self._to_page(route, frame))

    def _to_page(self, route: WebSocketRoute, frame: str | bytes) -> None:
        is_acknowledgement = json.loads(frame)["type"] == "task_submitted"
        if is_acknowledgement and self.drops_next_acknowledgement:
            self.drops_next_acknowledgement = False
            self._close()
            return
        route.send(frame)

    def _close(self) -> None:
        for route in self._routes:
            route.close(code=1011)
        self._routes.clear()


@pytest.fixture
def line(context: BrowserContext) -> Line:
    return Line(context)


def test_a_reload_finds_my_tasks_newest_on_top(page: Page) -> None:
    finish(page, "明天上午开会")
    finish(page, EXAMPLE).get_by_role("checkbox", name="行李").check()
    page.reload()
    expect(page.locator("blockquote")).to_have_text([EXAMPLE, "明天上午开会"])
    expect(newest(page).get_by_role("checkbox", name="行李")).to_be_checked()
    expect(newest(page).get_by_role("checkbox", name="交通工具")).not_to_be_checked()


def test_another_visitor_sees_none_of_my_tasks(
    page: Page, browser: Browser, stack: Stack
) -> None:
    finish(page, EXAMPLE)
    with browser.new_context() as other_context:
        other = other_context.new_page()
        other.goto(stack.http_url)
        expect(other.get_by_text("还没有任务")).to_be_visible()


def test_a_second_tab_of_mine_follows_along(
    page: Page, context: BrowserContext, stack: Stack
) -> None:
    second = context.new_page()
    second.goto(stack.http_url)
    wait_until_connected(second)
    finish(page, EXAMPLE)
    expect(second.locator(".task[data-status=completed]")).to_contain_text(EXAMPLE)


def test_a_lost_connection_comes_back_with_the_tasks(line: Line, page: Page) -> None:
    finish(page, "明天上午开会")
    line.cut()
    expect(page.get_by_role("status")).to_have_text("连接已断开")
    submit(page, EXAMPLE)
    expect(newest(page)).to_contain_text("连接恢复后自动提交")
    line.mend()
    page.get_by_role("button", name="立即重连").click()
    expect(page.get_by_role("status")).to_have_text("已连接")
    expect(page.locator(".task[data-status=completed] blockquote")).to_have_text(
        [EXAMPLE, "明天上午开会"]
    )


def test_it_reconnects_by_itself(line: Line, page: Page) -> None:
    line.cut()
    line.mend()
    expect(page.get_by_role("status")).to_have_text("已连接")
    finish(page, EXAMPLE)


def test_it_reconnects_at_once_when_the_network_is_back(line: Line, page: Page) -> None:
    line.cut()
    expect(page.get_by_role("status")).to_have_text("连接已断开")
    opened = line.opened
    page.evaluate("window.dispatchEvent(new Event('online'))")
    assert line.opened == opened + 1


def test_a_lost_acknowledgement_does_not_make_a_second_task(
    line: Line, page: Page
) -> None:
    line.drops_next_acknowledgement = True
    submit(page, EXAMPLE)
    expect(page.locator(".task[data-status=completed]")).to_be_visible()
    expect(page.locator(".task")).to_have_count(1)
    assert line.opened == 2
    page.reload()
    expect(page.locator(".task")).to_have_count(1)


def test_a_submission_survives_a_reload_without_connection(
    line: Line, page: Page
) -> None:
    line.cut()
    submit(page, EXAMPLE)
    line.mend()
    page.reload()
    expect(page.locator(".task[data-status=completed]")).to_contain_text(EXAMPLE)
    expect(page.locator(".task")).to_have_count(1)


def test_a_forged_identity_is_replaced_by_a_fresh_one(page: Page) -> None:
    page.evaluate(
        "localStorage.setItem('pulseweave.identity',"
        " JSON.stringify({client_id: 'somebody', resume_token: 'forged'}))"
    )
    page.reload()
    wait_until_connected(page)
    finish(page, EXAMPLE)
    page.reload()
    expect(newest(page)).to_contain_text(EXAMPLE)


@contextmanager
def occupied(stack: Stack) -> Iterator[None]:
    """Its only place is taken; when it is ready, `up` may not have left it yet."""
    while True:
        with connect(stack.ws_url) as connection:
            if json.loads(connection.recv())["type"] == "connection_established":
                yield
                return


def test_a_page_too_many_says_so_and_stays_away_as_long_as_it_is_told(
    context: BrowserContext,
    make_stack: Callable[..., Stack],
    open_page: Callable[[Stack], Page],
) -> None:
    context.clock.install()
    stack = make_stack(PULSEWEAVE_MAX_CONNECTIONS_PER_ADDRESS="1").start()
    with occupied(stack):
        page = open_page(stack)
        expect(page.get_by_role("status")).to_have_text(
            "此网络的连接过多，请关掉几个页面"
        )
    countdown = page.locator("#connection-countdown")
    expect(countdown).to_have_text(re.compile("^(31|30) 秒后重连$"))
    expect(page.get_by_role("button", name="立即重连")).to_be_hidden()
    submit(page, EXAMPLE)
    expect(newest(page)).to_contain_text("连接恢复后自动提交")

    page.clock.run_for(25_000)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(countdown).to_have_text(re.compile("^. 秒后重连$"))
    page.clock.run_for(6_000)
    expect(page.get_by_role("status")).to_have_text("已连接")
    expect(newest(page).locator(".status")).to_have_text("已完成")
