"""What visitors and staff do on the pages, in the words of their tests."""

from playwright.sync_api import Locator, Page

EXAMPLE = "明早七点去机场，记得身份证和充电宝"


def log_in(page: Page, base: str, name: str, password: str) -> None:
    """To the admin at `base`; in any language."""
    page.goto(f"{base}/admin/login/?next=/admin/")
    page.fill("[name=username]", name)
    page.fill("[name=password]", password)
    page.locator("form [type=submit]").click()
    page.wait_for_url(f"{base}/admin/")


def wait_until_connected(page: Page) -> None:
    page.locator("html[data-connection=online]").wait_for()


def submit(page: Page, text: str) -> None:
    page.get_by_label("要做的事").fill(text)
    page.get_by_role("button", name="提交").click()


def newest(page: Page) -> Locator:
    return page.locator(".task").first


def finish(page: Page, text: str) -> Locator:
    """Submit, and wait for the completed card."""
    submit(page, text)
    card = page.locator(".task[data-status=completed]").filter(has_text=text)
    card.wait_for()
    return card
