"""Staff at the admin: reviews by keys alone; owners see what staff had tried anew."""

from collections.abc import Callable, Collection
from urllib.parse import urljoin

import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import finish, newest, submit, wait_until_connected
from tests.stack import Stack

pytestmark = pytest.mark.browser

TASKS = "/admin/tasks_app/task/"
PACED = {"PULSEWEAVE_ENGINE": "tests.engines.PacedEngine"}


@pytest.fixture
def under_review(
    make_stack: Callable[..., Stack],
    open_page: Callable[[Stack], Page],
    open_admin: Callable[[Stack], Page],
) -> Callable[[Collection[str]], Page]:
    """Have a visitor finish these tasks; returns the page where staff reviews them."""

    def review(texts: Collection[str]) -> Page:
        stack = make_stack(PULSEWEAVE_SUBMIT_RATE="0").start()
        visitor = open_page(stack)
        wait_until_connected(visitor)
        for text in texts:
            finish(visitor, text)
        page = open_admin(stack)
        page.goto(f"{stack.http_url}{TASKS}review/")
        return page

    return review


def text_of(page: Page) -> str:
    return page.locator("blockquote").inner_text()


def press(page: Page, key: str) -> None:
    """Press a key that leads to another page, and wait for that."""
    with page.expect_navigation():
        page.keyboard.press(key)


def verdict_of(page: Page) -> str:
    """What the page tells of the review before."""
    return page.locator(".task-last").inner_text()


def test_a_reviewer_needs_no_mouse(
    under_review: Callable[[Collection[str]], Page],
) -> None:
    texts = {f"第{n}次下班买牛奶" for n in "一二三四五"}
    page = under_review(texts)
    seen = [text_of(page)]
    press(page, "r")
    assert "正确" in verdict_of(page)
    seen.append(text_of(page))

    page.keyboard.press("e")
    page.keyboard.type("ruw1 是出行")
    page.keyboard.press("Escape")
    press(page, "1")
    assert "不正确 → 出行" in verdict_of(page)
    seen.append(text_of(page))

    press(page, "n")
    assert page.locator(".task-last").count() == 0
    seen.append(text_of(page))
    press(page, "u")
    assert "不确定" in verdict_of(page)
    seen.append(text_of(page))
    assert set(seen) == texts

    # The predicted type is none that could be the right one instead.
    page.keyboard.press("3")
    press(page, "w")
    expect(page.locator(".task-empty")).to_be_visible()

    press(page, "z")
    assert text_of(page) == seen[-1]
    press(page, "r")
    assert "正确" in verdict_of(page)
    page.goto(urljoin(page.url, f"{TASKS}?q={seen[1]}"))
    page.get_by_role("link", name=seen[1]).click()
    expect(page.locator(".task-review .task-prose")).to_have_text("ruw1 是出行")


def test_two_keys_at_once_judge_one_task(
    under_review: Callable[[Collection[str]], Page],
) -> None:
    page = under_review(("第一次买牛奶", "第二次买牛奶"))
    with page.expect_navigation():
        page.evaluate(
            """for (const key of ["r", "w"]) document.body.dispatchEvent(
                 new KeyboardEvent("keydown", { key, bubbles: true }))"""
        )
    assert "正确" in verdict_of(page)
    assert "不正确" not in verdict_of(page)
    expect(page.locator("blockquote")).to_be_visible()


def test_an_owner_sees_the_retry_beside_what_was_retried(
    make_stack: Callable[..., Stack],
    open_page: Callable[[Stack], Page],
    open_admin: Callable[[Stack], Page],
) -> None:
    stack = make_stack(**PACED).start()
    visitor = open_page(stack)
    wait_until_connected(visitor)
    submit(visitor, "60")
    visitor.locator(".task[data-status=processing]").wait_for()

    page = open_admin(stack)
    page.goto(f"{stack.http_url}{TASKS}")
    page.locator("tbody a").first.click()
    page.get_by_role("button", name="取消任务").click()
    visitor.locator(".task[data-status=cancelled]").wait_for()
    page.get_by_role("button", name="重试任务").click()
    expect(page.get_by_text("已重试 1 个任务")).to_be_visible()

    visitor.locator(".task[data-status=processing]").wait_for()
    assert "重试了较早的一次" in newest(visitor).inner_text()
    cards = visitor.locator(".task")
    expect(cards).to_have_count(2)
    expect(cards.last).to_contain_text("已由工作人员重试")
    expect(cards.last.get_by_role("button", name="放回输入框")).to_be_hidden()
    expect(cards.first.locator("blockquote")).to_have_text("60")
    # The same after the page is loaded anew, from the list.
    visitor.reload()
    expect(visitor.locator(".task").last).to_contain_text("已由工作人员重试")
