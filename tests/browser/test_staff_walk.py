"""A new reviewer clears up what failed yesterday, from the list to the file."""

import csv
import io
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Watch
from tests.browser.failed_trips import FAILED_TRIPS, NAME, PASSWORD
from tests.stack import Stack

pytestmark = pytest.mark.browser


@pytest.fixture
def page(
    make_stack: Callable[..., Stack], context: BrowserContext, watch: Watch
) -> Page:
    """The admin's first page."""
    stack = make_stack()
    subprocess.run(
        [sys.executable, "-m", "tests.browser.failed_trips"],
        cwd=settings.BASE_DIR,
        env={**stack.env, "DJANGO_SETTINGS_MODULE": "pulseweave.settings"},
        check=True,
    )
    stack.start()
    page = context.new_page()
    watch.follow(page)
    page.goto(f"{stack.http_url}/admin/")
    page.get_by_label("用户名").fill(NAME)
    page.get_by_label("密码").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/admin/")
    return page


def test_yesterday_s_failed_trips_are_retried_corrected_and_exported(
    page: Page,
) -> None:
    page.get_by_role("link", name="任务", exact=True).click()
    page.get_by_role("link", name="昨天", exact=True).click()
    page.get_by_text("筛选").first.click()
    page.locator("select[name=status]").select_option(label="失败")
    page.locator("select[name=task_type]").select_option(label="出行")
    page.get_by_role("button", name="筛选").click()
    texts = page.locator("tr.data-row .field-excerpt")
    expect(texts).to_have_text(list(FAILED_TRIPS))

    to_retry, to_correct, *rest = FAILED_TRIPS
    page.get_by_role("link", name=to_retry).click()
    page.get_by_role("button", name="重试任务").click()
    expect(page.get_by_text("已重试 1 个任务")).to_be_visible()
    address = page.url
    page.locator(".task-links a", has_text=to_retry).first.click()
    expect(page.locator(".task-page")).to_contain_text("重试自")
    reload_until(page, ".task-page[data-status=completed]")
    page.goto(address)

    page.get_by_title("返回").click()
    expect(texts).to_have_text(list(FAILED_TRIPS))
    page.get_by_role("link", name=to_correct).click()
    page.get_by_label("备注").fill("是公事")
    page.get_by_role("button", name="工作").click()
    expect(page.locator(".task-review")).to_contain_text("不正确 → 工作")

    page.get_by_title("返回").click()
    for text in rest:
        page.locator("tr.data-row", has_text=text).get_by_role("checkbox").check()
    page.locator("select[name=action]").select_option(label="导出…")
    page.locator("#changelist-actions button[name=index]").click()
    expect(page.locator(".task-ask")).to_contain_text("所选的 2 个任务")
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV").click()
    file = Path(download.value.path()).read_text("utf-8-sig")
    exported = list(csv.DictReader(io.StringIO(file)))
    assert [row["文本"] for row in exported] == rest
    assert {row["状态"] for row in exported} == {"failed"}


def reload_until(page: Page, selector: str) -> None:
    """The page of a task is read, not live."""
    page.wait_for_load_state()
    while not page.locator(selector).count():
        page.reload()
