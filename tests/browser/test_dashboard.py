"""The dashboard in a real browser, while the application works."""

from collections.abc import Callable
from itertools import product

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.browser.conftest import Watch
from tests.browser.steps import EXAMPLE, finish, wait_until_connected
from tests.stack import Stack

pytestmark = pytest.mark.browser

DRAWN = """name => {
  const canvas = document.querySelector(`[data-chart=${name}]`);
  const chart = canvas && Chart.getChart(canvas);
  return chart ? chart.data.datasets.map((set) => set.data) : null;
}"""
COLOUR = """(name => {
  const canvas = document.querySelector(`[data-chart=${name}]`);
  return Chart.getChart(canvas)?.data.datasets[0].backgroundColor;
})"""
SHOW = """state => {
  Object.defineProperty(document, "hidden", {
    configurable: true,
    get: () => state === "hidden",
  });
  document.dispatchEvent(new Event("visibilitychange"));
}"""
LIVE = "**/admin/dashboard/live/"
LIVE_MS = 3000
LONGEST_PAUSE_MS = 60_000


@pytest.fixture
def board(stack: Stack, open_admin: Callable[[Stack], Page]) -> Page:
    return open_admin(stack)


def test_numbers_and_charts_follow_without_a_reload(
    make_stack: Callable[..., Stack],
    open_admin: Callable[[Stack], Page],
    open_page: Callable[[Stack], Page],
) -> None:
    stack = make_stack(PULSEWEAVE_SWEEP_INTERVAL_S="1").start()
    board = open_admin(stack)
    board.evaluate("window.isTheSamePage = true")
    completed = board.locator("[data-live=completed_tasks]")
    expect(completed).to_have_text("0")
    expect(board.get_by_text("还没有任务")).to_be_visible()
    visitor = open_page(stack)
    wait_until_connected(visitor)
    finish(visitor, EXAMPLE)
    board.bring_to_front()
    expect(completed).to_have_text("1")
    expect(board.locator("[data-live=active_connections]")).to_have_text("1")
    expect(board.get_by_text("还没有任务")).to_have_count(0, timeout=30_000)
    board.locator("[data-chart=throughput]").wait_for(timeout=30_000)
    drawn = board.evaluate(DRAWN, "throughput")
    assert [sum(values) for values in drawn] == [1, 0, 0]
    board.get_by_text("数据表").first.click()
    finish(visitor, EXAMPLE)
    board.bring_to_front()
    tile = board.locator("#board-figures .board-tile").nth(1)
    expect(tile).to_contain_text("2", timeout=30_000)
    expect(board.locator("#board-throughput-table")).to_have_attribute("open", "")
    assert board.evaluate("window.isTheSamePage")


def test_it_says_when_the_connection_is_lost_and_found(
    board: Page, watch: Watch
) -> None:
    notice = board.locator("#board-lost")
    expect(notice).to_be_hidden()
    board.route("**/admin/dashboard/**", lambda route: route.abort())
    expect(notice).to_contain_text("连接已断开")
    board.unroute("**/admin/dashboard/**")
    expect(notice).to_be_hidden(timeout=30_000)
    # The browser itself tells of each request that fails.
    watch.faults = [f for f in watch.faults if "Failed to load resource" not in f]


def test_it_says_when_the_session_has_ended(
    board: Page, context: BrowserContext
) -> None:
    context.clear_cookies()
    expect(board.locator("#board-lost")).to_contain_text("登录已失效")


def test_an_answer_is_waited_for_before_the_next_question(
    context: BrowserContext, stack: Stack, open_admin: Callable[[Stack], Page]
) -> None:
    context.clock.install()
    board = open_admin(stack)
    asked: list[Route] = []

    def hold(route: Route) -> None:
        asked.append(route)

    board.route(LIVE, hold)
    with board.expect_request(LIVE):
        board.clock.run_for(LIVE_MS)
    board.clock.run_for(3 * LIVE_MS)
    board.evaluate(SHOW, "visible")
    assert len(asked) == 1
    with board.expect_response(LIVE):
        asked[0].continue_()
    with board.expect_request(LIVE):
        # The page has yet to read the answer.
        while len(asked) == 1:
            board.clock.run_for(LONGEST_PAUSE_MS)
    board.unroute_all(behavior="ignoreErrors")


def test_a_hidden_page_asks_nothing_and_a_seen_one_at_once(
    context: BrowserContext, stack: Stack, open_admin: Callable[[Stack], Page]
) -> None:
    context.clock.install()
    board = open_admin(stack)
    board.evaluate(SHOW, "hidden")
    asked: list[str] = []
    board.on("request", lambda request: asked.append(request.url))
    board.clock.run_for(10 * LIVE_MS)
    assert asked == []
    with board.expect_request(LIVE):
        board.evaluate(SHOW, "visible")


def test_charts_take_the_colours_of_the_theme(
    stack: Stack, board: Page, open_page: Callable[[Stack], Page]
) -> None:
    _let_one_end(stack, board, open_page)

    def colour() -> str:
        return str(board.evaluate(COLOUR, "throughput"))

    light = colour()
    # From the system's to light, and from there to dark.
    board.keyboard.press("Control+e")
    board.locator("html.light").wait_for()
    board.keyboard.press("Control+e")
    board.locator("html.dark").wait_for()
    board.wait_for_function(f"{COLOUR}('throughput') !== '{light}'")


def test_nothing_is_wider_than_the_screen(
    stack: Stack, board: Page, open_page: Callable[[Stack], Page]
) -> None:
    _let_one_end(stack, board, open_page)
    for language, width in product(("zh-hans", "en"), (360, 1440)):
        board.set_viewport_size({"width": width, "height": 800})
        board.goto(f"{stack.http_url}/admin/?lang={language}")
        board.locator("[data-chart=throughput]").wait_for()
        assert board.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def _let_one_end(stack: Stack, board: Page, open_page: Callable[[Stack], Page]) -> None:
    """So that there are charts."""
    visitor = open_page(stack)
    wait_until_connected(visitor)
    finish(visitor, EXAMPLE)
    board.bring_to_front()
    board.locator("[data-chart=throughput]").wait_for(timeout=40_000)
