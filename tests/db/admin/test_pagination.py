"""Every task can be paged to, in either direction, whatever else is asked."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from tasks_app.admin.tasks import TaskAdmin
from tasks_app.admin.tasks.changelist import keyset
from tasks_app.models import Review, Task, Verdict
from tests.db.admin.steps import LIST, claim, complete, submit

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
SIZE = 3


@pytest.fixture(autouse=True)
def few_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """So few, too, are scanned before the index of search keys is asked."""
    monkeypatch.setattr(TaskAdmin, "list_per_page", SIZE)
    monkeypatch.setattr(keyset, "_SCAN_LIMIT", 4)


@pytest.fixture
def tasks(admin_client: Client) -> list[str]:
    """Texts of tasks, the newest first; some were submitted at the same moment."""
    texts = [f"第{n}件，{'买' if n % 4 else '卖'}东西" for n in range(11)]
    for n, text in enumerate(texts):
        submit(text, created_at=NOON - timedelta(minutes=n // 3))
    listed = Task.objects.order_by("-created_at", "-pk")
    return list(listed.values_list("text", flat=True))


def page(client: Client, query: str) -> tuple[list[str], dict[str, str]]:
    """The texts of a page, and the addresses of the others."""
    response = client.get(LIST + query)
    assert response.status_code == 200
    pages = response.context["cl"].paginator
    names = ["newest", "newer"] * pages.has_newer + [
        "older",
        "oldest",
    ] * pages.has_older
    turns = {name: getattr(pages, f"{name}_query") for name in names}
    for address in turns.values():
        assert address.replace("&", "&amp;") in response.text
    return [task.text for task in pages.tasks], turns


def walk(client: Client, query: str, turn: str) -> list[list[str]]:
    texts, turns = page(client, query)
    walked = [texts]
    while turn in turns:
        texts, turns = page(client, turns[turn])
        walked.append(texts)
    return walked


def test_all_are_met_on_the_way_to_the_oldest(
    admin_client: Client, tasks: list[str]
) -> None:
    pages = walk(admin_client, "", "older")
    assert [text for texts in pages for text in texts] == tasks
    assert [len(texts) for texts in pages] == [3, 3, 3, 2]


def test_all_are_met_on_the_way_back_to_the_newest(
    admin_client: Client, tasks: list[str]
) -> None:
    _texts, turns = page(admin_client, "")
    pages = walk(admin_client, turns["oldest"], "newer")
    assert pages[0] == tasks[-SIZE:]
    assert pages[-1] == tasks[:SIZE], "the newest page is a full one"
    for later, earlier in pairwise(reversed(pages)):
        assert tasks.index(later[0]) < tasks.index(earlier[0])
    assert {text for texts in pages for text in texts} == set(tasks)


@pytest.mark.parametrize(
    "query", ["?q=卖", "?q=卖东", "?q=第 卖", "?task_type=meeting"]
)
def test_what_is_asked_is_asked_on_every_page(
    admin_client: Client, tasks: list[str], query: str
) -> None:
    complete(claim())
    wanted = [text for text in tasks if "卖" in text]
    Task.objects.exclude(text__in=wanted).update(task_type="trip")
    for is_rolled_up in (False, True):
        Task.objects.update(is_rolled_up=is_rolled_up)
        pages = walk(admin_client, query, "older")
        assert [text for texts in pages for text in texts] == wanted
        texts, _turns = page(admin_client, f"{query}&p=oldest")
        assert texts == wanted


def test_reviewed_ones_are_found_far_back(
    admin_client: Client, tasks: list[str]
) -> None:
    complete(claim())
    oldest = Task.objects.earliest("created_at")
    Review.objects.create(task=oldest, verdict=Verdict.RIGHT, reviewed_at=NOON)
    texts, _turns = page(admin_client, "?reviewed=yes&status=completed")
    assert texts == [oldest.text]


def test_a_task_that_came_meanwhile_moves_no_page(
    admin_client: Client, tasks: list[str]
) -> None:
    _texts, turns = page(admin_client, "")
    submit("刚刚", created_at=NOON + timedelta(seconds=1))
    assert page(admin_client, turns["older"])[0] == tasks[SIZE : 2 * SIZE]


def test_a_page_without_tasks_leads_to_the_newest(
    admin_client: Client, tasks: list[str]
) -> None:
    _texts, turns = page(admin_client, "")
    Task.objects.filter(text__in=tasks[SIZE:]).delete()
    response = admin_client.get(LIST + turns["older"])
    assert response.status_code == 200
    assert 'href="?p=newest"' in response.text


def test_days_are_offered_down_to_the_chosen_one(admin_client: Client) -> None:
    submit("一", created_at=datetime(2025, 12, 30, tzinfo=UTC))
    submit("二", created_at=datetime(2026, 2, 27, 15, 59, tzinfo=UTC))
    submit("三", created_at=datetime(2026, 2, 27, 16, 1, tzinfo=UTC))

    def bar(query: str) -> tuple[list[str], list[str], list[str]]:
        response = admin_client.get(LIST + query)
        bar = response.context["cl"].date_links
        texts = [task.text for task in response.context["cl"].result_list]
        return [x.title for x in bar.ancestors], [x.title for x in bar.children], texts

    year, month = "?created_at__year=2026", "&created_at__month=2"
    assert bar("") == ([], ["2025", "2026"], ["三", "二", "一"])
    assert bar(year) == (
        ["全部日期", "2026"],
        ["2026年1月", "2026年2月"],
        ["三", "二"],
    )
    ancestors = ["全部日期", "2026", "2026年2月"]
    days = [str(day) for day in range(1, 29)]
    assert bar(year + month) == (ancestors, days, ["三", "二"])
    assert bar(f"{year}{month}&created_at__day=27") == (ancestors, days, ["二"])
    assert bar(f"{year}{month}&created_at__day=28") == (ancestors, days, ["三"])
    assert bar("?created_at__year=1999")[2] == []


def test_yesterday_is_one_step_away(admin_client: Client) -> None:
    now = timezone.now()
    submit("今天", created_at=now)
    submit("昨天", created_at=now - timedelta(days=1))
    response = admin_client.get(f"{LIST}?q=天")
    today, yesterday = response.context["cl"].date_links.shortcuts
    for link, text in ((today, "今天"), (yesterday, "昨天")):
        assert link.title == text
        assert page(admin_client, link.query)[0] == [text]


def test_no_tasks_no_days(admin_client: Client) -> None:
    User.objects.create_user("anna")
    assert 'class="date-links"' not in admin_client.get(LIST).text
