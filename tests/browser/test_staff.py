"""The pages of staff in a real browser: they work, and run nothing but their own."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.conf import settings
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Watch
from tests.browser.staff_history import NAME, PASSWORD
from tests.browser.steps import log_in
from tests.stack import prepared_stack

pytestmark = pytest.mark.browser

FOREIGN = """
() => [...document.querySelectorAll("*")].filter((element) =>
  [...element.attributes].some((attribute) => /^on/i.test(attribute.name))
  || element.matches("script:not([src]), [href^='javascript:' i], img[src='x']")
).map((element) => element.outerHTML)
"""
"""Elements that would run what somebody wrote; Alpine's are called x-on."""


@dataclass
class Staff:
    """A member of staff who has logged in, and pages full of what others wrote."""

    page: Page
    addresses: list[str]


@pytest.fixture(scope="module")
def addresses(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[str]]:
    """The pages of a web process that nobody changes anything in."""
    with prepared_stack(tmp_path_factory.mktemp("stack"), {}) as stack:
        environment = {**stack.env, "DJANGO_SETTINGS_MODULE": "pulseweave.settings"}
        printed = subprocess.run(
            [sys.executable, "-m", "tests.browser.staff_history"],
            cwd=settings.BASE_DIR,
            env=environment,
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        base = stack.add_web().replace("ws://", "http://").removesuffix("/ws")
        yield [base + path for path in printed.splitlines()]


@pytest.fixture
def staff(addresses: list[str], context: BrowserContext, watch: Watch) -> Staff:
    page = context.new_page()
    watch.follow(page)
    log_in(page, addresses[0].partition("/admin/")[0], NAME, PASSWORD)
    return Staff(page, addresses)


def test_what_others_wrote_is_shown_and_never_run(staff: Staff, watch: Watch) -> None:
    for address in staff.addresses:
        staff.page.goto(address)
        staff.page.locator("html:not([x-cloak])").wait_for()
        for summary in staff.page.locator("summary").all():
            summary.click()
        assert staff.page.evaluate(FOREIGN) == []
        assert watch.faults == []
    staff.page.goto(staff.addresses[1])
    said = staff.page.locator(".task-said")
    expect(said).to_have_text(
        "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"
    )


def test_nothing_is_wider_than_a_narrow_screen(staff: Staff) -> None:
    staff.page.set_viewport_size({"width": 390, "height": 800})
    for address in staff.addresses:
        staff.page.goto(address)
        staff.page.locator("html:not([x-cloak])").wait_for()
        over = "document.documentElement.scrollWidth - innerWidth"
        assert staff.page.evaluate(over) <= 0, address


def test_a_script_that_got_into_a_page_would_not_run(
    staff: Staff, watch: Watch
) -> None:
    page = staff.page
    page.goto(staff.addresses[0])
    page.evaluate(
        """() => {
          const image = document.createElement("div");
          image.innerHTML = "<img src=x onerror='document.title = 1'>";
          const script = document.createElement("script");
          script.textContent = "document.title = 1";
          document.body.append(image, script);
        }"""
    )
    page.wait_for_timeout(0)
    expect(page).not_to_have_title("1")
    refused = [fault for fault in watch.faults if "Content Security Policy" in fault]
    assert len(refused) >= 2
    watch.faults.clear()


def test_staff_choose_their_language(staff: Staff) -> None:
    page = staff.page
    page.goto(staff.addresses[1])
    expect(page.locator("html")).to_have_attribute("lang", "zh-hans")
    for name, lang, heading in (
        ("English", "en", "History"),
        ("简体中文", "zh-hans", "经过"),
    ):
        page.get_by_text(NAME, exact=True).click()
        page.get_by_role("button", name=name).click()
        expect(page.locator("html")).to_have_attribute("lang", lang)
        expect(page).to_have_url(staff.addresses[1])
        expect(page.get_by_role("heading", name=heading)).to_be_visible()


def test_a_filter_narrows_the_list_and_is_dropped_again(staff: Staff) -> None:
    page = staff.page
    page.goto(staff.addresses[0])
    rows = page.locator("tr.data-row")
    everything = rows.count()
    page.get_by_text("筛选", exact=False).first.click()
    page.locator("select[name=status]").select_option("failed")
    page.get_by_role("button", name="筛选").click()
    expect(rows).to_have_count(1)
    page.get_by_role("link", name="状态: 失败").click()
    expect(rows).to_have_count(everything)
