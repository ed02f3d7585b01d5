"""What the page tells those who wait: their place, how long yet, and how far it is."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, WebSocketRoute, expect

from tests.browser.conftest import Watch
from tests.browser.steps import EXAMPLE, finish, newest, submit, wait_until_connected
from tests.stack import Stack

pytestmark = pytest.mark.browser

ROUND_MS = 3000
"""After so long, the page asks for the places again."""
AT_ONCE = 5
WAITING = AT_ONCE + 3
HIDE = """
(isHidden) => {
  Object.defineProperty(document, "hidden", { value: isHidden, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}
"""


@pytest.fixture
def slow_page(
    make_stack: Callable[..., Stack], open_page: Callable[[Stack], Page]
) -> Page:
    """Of an application that works on one task after the other, slowly."""
    stack = make_stack(
        PULSEWEAVE_ENGINE="tests.engines.SlowProgressEngine",
        PULSEWEAVE_WORKER_CONCURRENCY="1",
    )
    page = open_page(stack.start())
    wait_until_connected(page)
    return page


def outlook(card: Locator) -> Locator:
    """What is told of a task that waits."""
    return card.locator(".wait")


def questions(watch: Watch) -> int:
    """How often the page has asked for the status of a task."""
    types = [json.loads(frame)["type"] for frame in watch.sent]
    return types.count("get_task_status")


def test_the_place_is_told_and_moves_on_and_the_time_once_it_is_known(
    slow_page: Page,
) -> None:
    submit(slow_page, "2")
    slow_page.locator(".task[data-status=processing]").wait_for()
    submit(slow_page, "4")
    submit(slow_page, "1")
    card = newest(slow_page)
    expect(outlook(card)).to_have_text("排在第 2 位")
    expect(outlook(card)).to_have_text("排在第 1 位，约 4 秒后完成")
    expect(card.locator(".status")).to_have_text("已完成")
    expect(outlook(card)).to_be_hidden()


def test_the_bar_moves_and_the_stage_is_named(slow_page: Page) -> None:
    submit(slow_page, "6")
    card = newest(slow_page)
    stage = card.locator(".stage")
    bar = card.get_by_role("progressbar")
    expect(stage).to_have_text(re.compile(r"^等待模型 \d+%$"))
    first = float(bar.evaluate("(bar) => bar.value"))
    expect(stage).to_have_text(re.compile(r"^正在书写 \d+%$"))
    assert 0 < first < float(bar.evaluate("(bar) => bar.value")) < 1
    expect(stage).to_have_text(re.compile(r"^正在核对 \d+%$"))
    # A stage that the page has no word for.
    expect(stage).to_have_text(re.compile(r"^\d+%$"))
    expect(card.locator(".status")).to_have_text("已完成")
    expect(bar).to_be_hidden()


@pytest.fixture
def crowded_page(slow_page: Page) -> Page:
    """One task is processed, and more wait than are asked for at once; time stands."""
    for _ in range(1 + WAITING):
        submit(slow_page, "60")
    expect(slow_page.locator(".task[data-status=pending]")).to_have_count(WAITING)
    slow_page.set_viewport_size({"width": 1280, "height": 4000})
    slow_page.evaluate(HIDE, True)
    slow_page.clock.install()
    slow_page.clock.pause_at(datetime.now(UTC) + timedelta(seconds=1))
    return slow_page


def test_a_handful_of_places_is_asked_for_at_once_and_none_unseen(
    crowded_page: Page, watch: Watch
) -> None:
    crowded_page.get_by_role("link", name="English").click()
    places = crowded_page.locator(".wait:visible")
    expect(places).to_have_count(AT_ONCE)
    crowded_page.clock.run_for(ROUND_MS)
    expect(places).to_have_count(WAITING)
    expect(outlook(newest(crowded_page))).to_have_text(f"Number {WAITING} in the queue")

    crowded_page.evaluate(HIDE, True)
    crowded_page.get_by_role("button", name="Cancel").last.click()
    expect(crowded_page.locator(".task[data-status=cancelled]")).to_be_visible()
    asked = questions(watch)
    crowded_page.clock.run_for(3 * ROUND_MS)
    assert questions(watch) == asked
    assert asked % AT_ONCE == 0
    crowded_page.evaluate(HIDE, False)
    # It asks at once for some, and for the others in the next rounds.
    crowded_page.clock.resume()
    first = newest(crowded_page)
    last_place = f"Number {WAITING - 1} in the queue"
    expect(outlook(first)).to_have_text(last_place, timeout=5 * ROUND_MS)


def progress_of(task_id: str) -> str:
    return json.dumps(
        {
            "type": "task_status_update",
            "task_id": task_id,
            "status": "processing",
            "progress": 0.5,
            "stage": "writing",
            "timestamp": 1795360575.215,
        }
    )


def add_late_progress(route: WebSocketRoute) -> None:
    """Let everything through, and tell of progress where there can be none."""
    server = route.connect_to_server()

    def forward(frame: str | bytes) -> None:
        route.send(frame)
        message = json.loads(frame)
        if message["type"] == "connection_established":
            route.send(progress_of("8c6ad1f4-6a3d-4d0e-9f0f-0d3f6b8a1c11"))
        if "result" in message:
            route.send(progress_of(message["task_id"]))

    server.on_message(forward)


def test_progress_is_no_state(
    context: BrowserContext, stack: Stack, open_page: Callable[[Stack], Page]
) -> None:
    context.route_web_socket(re.compile("/ws"), add_late_progress)
    page = open_page(stack)
    wait_until_connected(page)
    finish(page, EXAMPLE)
    submit(page, "明天开会")
    expect(page.locator(".task .status")).to_have_text(["已完成", "已完成"])
    expect(page.get_by_role("progressbar")).to_have_count(0)
