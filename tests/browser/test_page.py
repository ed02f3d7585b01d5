"""What a person can do with the page, in a real browser."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import (
    BrowserContext,
    Page,
    WebSocketRoute,
    expect,
)

from tests.browser.conftest import Watch
from tests.browser.steps import EXAMPLE, finish, newest, submit, wait_until_connected
from tests.ledger import read_books
from tests.stack import Stack

pytestmark = pytest.mark.browser

HOSTILE = "<img src=x onerror=alert(1)><script>alert(2)</script>明天开会"


def submissions(watch: Watch) -> list[dict[str, object]]:
    """The submit_task messages that the page has sent."""
    messages = [json.loads(frame) for frame in watch.sent]
    return [message for message in messages if message["type"] == "submit_task"]


def test_a_sentence_is_followed_to_its_result(page: Page) -> None:
    page.get_by_role("button", name=EXAMPLE).click()
    page.get_by_role("button", name="提交").click()
    card = page.locator(".task[data-status=completed]")
    card.wait_for()
    expect(card.locator("blockquote")).to_have_text(EXAMPLE)
    expect(card.get_by_role("checkbox", name="行李")).to_be_visible()
    expect(card.get_by_role("checkbox", name="交通工具")).to_be_visible()
    expect(card.get_by_text("出行", exact=True)).to_be_visible()
    expect(card.locator(".steps .reached")).to_have_count(3)
    expect(card).not_to_contain_text("{")


def test_ctrl_enter_submits(page: Page) -> None:
    page.get_by_label("要做的事").fill(EXAMPLE)
    page.keyboard.press("Control+Enter")
    expect(newest(page)).to_contain_text(EXAMPLE)
    expect(page.get_by_label("要做的事")).to_have_value("")


def test_the_example_event_shows_what_was_heard(page: Page) -> None:
    page.get_by_role("radio", name="事件 JSON").check()
    page.get_by_role("button", name="提交").click()
    card = page.locator(".task[data-status=completed]")
    card.wait_for()
    expect(card.get_by_text("优先级")).to_be_visible()
    expect(card.get_by_role("heading", name="听到的要点")).to_be_visible()
    expect(card.get_by_text("出差", exact=True)).to_be_visible()
    expect(card.locator(".footnote")).to_contain_text("说话人 1 位")


def test_hostile_text_is_shown_and_never_run(page: Page) -> None:
    card = finish(page, HOSTILE)
    expect(card.locator("blockquote")).to_have_text(HOSTILE)
    expect(card.locator("img, script")).to_have_count(0)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ('{\n  "transcript": "hi",\n  oops\n}', "第 3 行第 3 列不是有效的 JSON"),
        ('{"transcript": "hi"', "不是有效的 JSON"),
        ('["transcript"]', "必须是一个 JSON 对象"),
        ('{"event_id": "e1"}', "请填写 transcript"),
        ('{"transcript": "  "}', "请填写 transcript"),
        ("  ", "请填入事件 JSON"),
    ],
)
def test_a_wrong_event_is_explained_and_not_sent(
    page: Page, watch: Watch, typed: str, said: str
) -> None:
    page.get_by_role("radio", name="事件 JSON").check()
    field = page.get_by_role("textbox", name="事件 JSON")
    field.fill(typed)
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_role("alert")).to_contain_text(said)
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_be_focused()
    assert submissions(watch) == []


def test_an_event_that_the_server_refuses_names_its_field(page: Page) -> None:
    page.get_by_role("radio", name="事件 JSON").check()
    field = page.get_by_role("textbox", name="事件 JSON")
    field.fill('{"transcript": "去机场", "speakers": "我"}')
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_role("alert")).to_contain_text("data.event.speakers")
    expect(page.locator(".task")).to_have_count(0)


@pytest.mark.parametrize(("typed", "said"), [("  ", "先写下"), ("长" * 2001, "2000")])
def test_a_wrong_sentence_is_explained_and_not_sent(
    page: Page, watch: Watch, typed: str, said: str
) -> None:
    submit(page, typed)
    expect(page.get_by_role("alert")).to_contain_text(said)
    assert submissions(watch) == []


@pytest.fixture
def hurried_page(
    make_stack: Callable[..., Stack], open_page: Callable[[Stack], Page]
) -> Page:
    """The page of an application that takes one sentence in two seconds; one is in."""
    page = open_page(make_stack(PULSEWEAVE_SUBMIT_RATE="0.5").start())
    wait_until_connected(page)
    finish(page, "明天开会")
    return page


TOO_OFTEN = re.compile("提交过于频繁，请稍后再试（. 秒后自动再提交）")


def test_too_frequent_says_when_it_is_submitted_again(hurried_page: Page) -> None:
    for text in ("后天开会", "周五开会"):
        submit(hurried_page, text)
        expect(newest(hurried_page).locator(".wait")).to_have_text(TOO_OFTEN)
        expect(newest(hurried_page).locator("blockquote")).to_have_text(text)
    completed = hurried_page.locator(".task[data-status=completed]")
    expect(completed).to_have_count(3, timeout=10_000)
    hurried_page.reload()
    texts = hurried_page.locator("blockquote")
    expect(texts).to_have_count(3)
    assert set(texts.all_inner_texts()) == {"明天开会", "后天开会", "周五开会"}


def test_a_postponed_sentence_can_be_taken_back(
    hurried_page: Page, watch: Watch
) -> None:
    submit(hurried_page, "后天开会")
    expect(newest(hurried_page).locator(".wait")).to_have_text(TOO_OFTEN)
    newest(hurried_page).get_by_role("button", name="放回输入框").click()
    expect(hurried_page.get_by_label("要做的事")).to_have_value("后天开会")
    expect(hurried_page.locator(".task")).to_have_count(1)
    sent = len(submissions(watch))
    hurried_page.reload()
    wait_until_connected(hurried_page)
    assert len(submissions(watch)) == sent


class Doubt:
    """The server stores the first submission, and the page hears that it may not have.

    `submissions` are those that the page has sent.
    """

    RETRY_AFTER_S = 60

    def __init__(self, context: BrowserContext) -> None:
        self.submissions: list[dict[str, Any]] = []
        self._is_over = False
        context.route_web_socket("**/ws*", self._open)

    def _open(self, route: WebSocketRoute) -> None:
        server = route.connect_to_server()

        def to_server(frame: str | bytes) -> None:
            message = json.loads(frame)
            if message["type"] == "submit_task":
                self.submissions.append(message)
            server.send(frame)

        def to_page(frame: str | bytes) -> None:
            message = json.loads(frame)
            if message["type"] == "task_submitted" and not self._is_over:
                self._is_over = True
                message = self._unavailable(message["request_id"])
            route.send(json.dumps(message))

        route.on_message(to_server)
        server.on_message(to_page)

    def _unavailable(self, request_id: str) -> dict[str, object]:
        return {
            "type": "error",
            "request_id": request_id,
            "message": "服务暂时不可用，请稍后再试",
            "code": "unavailable",
            "timestamp": 1795360640.5,
            "retry_after": self.RETRY_AFTER_S,
        }


def test_a_sentence_that_may_be_stored_goes_on_and_cannot_be_taken_back(
    context: BrowserContext, stack: Stack, open_page: Callable[[Stack], Page]
) -> None:
    context.clock.install()
    doubt = Doubt(context)
    page = open_page(stack)
    wait_until_connected(page)
    submit(page, EXAMPLE)
    card = page.locator(".task[data-status=postponed]")
    expect(card.locator(".wait")).to_contain_text("服务暂时不可用，请稍后再试")
    expect(card.get_by_role("button", name="放回输入框")).to_have_count(0)

    page.clock.fast_forward(doubt.RETRY_AFTER_S * 1000)
    expect(card).to_have_count(0)
    expect(page.locator(".task .status")).to_have_text(["已完成"])
    first, second = doubt.submissions
    assert first == second
    assert first["idempotency_key"]


def test_the_numbers_of_the_service_are_live(page: Page, stack: Stack) -> None:
    def expect_the_truth() -> None:
        tasks = read_books(stack).tasks.values()
        ended = sum(task.status == "completed" for task in tasks)
        expect(page.locator("[data-count=completed_tasks]")).to_have_text(str(ended))

    expect_the_truth()
    finish(page, EXAMPLE)
    expect_the_truth()


def test_english_is_one_click_away_and_stays(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "随口一句，织成周全的安排"
    )
    page.get_by_role("link", name="English").click()
    wait_until_connected(page)
    page.get_by_label("What there is to do").fill(EXAMPLE)
    page.get_by_role("button", name="Submit").click()
    expect(page.locator(".task[data-status=completed]")).to_contain_text("Trip")
    page.goto(page.url.split("?")[0])
    expect(page.get_by_role("status")).to_have_text("Connected")


@pytest.fixture
def slow_page(
    make_stack: Callable[..., Stack], open_page: Callable[[Stack], Page]
) -> Page:
    """The page of an application whose tasks take as long as their texts say."""
    stack = make_stack(PULSEWEAVE_ENGINE="tests.engines.PacedEngine")
    page = open_page(stack.start())
    wait_until_connected(page)
    return page


def test_a_task_that_takes_long_can_be_cancelled(slow_page: Page) -> None:
    submit(slow_page, "30")
    card = newest(slow_page)
    expect(card.locator(".status")).to_have_text("处理中")
    card.get_by_role("button", name="取消").click()
    expect(card.locator(".status")).to_have_text("已取消")
    expect(card.get_by_role("button", name="取消")).to_be_hidden()
    expect(card.locator(".notice")).to_be_hidden()
    expect(card.get_by_role("button", name="放回输入框")).to_be_visible()


def disguise_ends(route: WebSocketRoute) -> None:
    """Let everything through, but tell of a completed task as of one in progress."""
    server = route.connect_to_server()

    def forward(frame: str | bytes) -> None:
        message = json.loads(frame)
        if message.pop("result", None):
            del message["revision"]
            message |= {"status": "processing", "progress": 1}
        route.send(json.dumps(message))

    server.on_message(forward)


def test_cancelling_too_late_is_explained(
    context: BrowserContext, stack: Stack, open_page: Callable[[Stack], Page]
) -> None:
    context.route_web_socket(re.compile("/ws"), disguise_ends)
    page = open_page(stack)
    wait_until_connected(page)
    submit(page, EXAMPLE)
    card = newest(page)
    expect(card.get_by_role("progressbar")).to_be_visible()
    card.get_by_role("button", name="取消").click()
    expect(card.locator(".notice")).to_have_text("任务已结束，无法取消")
    expect(card.get_by_role("button", name="取消")).to_be_enabled()


@pytest.mark.parametrize("width", [390, 768, 1280])
def test_nothing_is_wider_than_the_screen(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    finish(page, "W" * 300 + EXAMPLE)
    overflow = "document.documentElement.scrollWidth - window.innerWidth"
    assert page.evaluate(overflow) <= 0


def test_on_a_phone_the_new_task_comes_into_view(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 700})
    submit(page, EXAMPLE)
    expect(newest(page).locator("blockquote")).to_be_in_viewport()
