"""The export of the list: what it takes, and that it is logged."""

import csv
import io
import json
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.test import AsyncClient, Client

from tasks_app.admin import log
from tasks_app.models import Task
from tests.db.admin.steps import LIST, act, claim, fail, staff_with, submit

EXPORT = f"{LIST}export/"


def operator() -> AsyncClient:
    user = User.objects.create_user("otto", is_staff=True)
    rights = ("view_task", "export_task")
    user.user_permissions.set(Permission.objects.filter(codename__in=rights))
    client = AsyncClient()
    client.force_login(user)
    return client


def some_tasks() -> list[Task]:
    tasks = submit("开会", "买牛奶", "交房租")
    for task in claim(2):
        fail(task, "llm_timeout", "超时")
    return tasks


async def exported(query: str = "", **form: str) -> tuple[bytes, Any]:
    client = await sync_to_async(operator)()
    response = await client.post(f"{EXPORT}?{query}", form)
    assert response.status_code == 200
    file = b"".join([part async for part in response.streaming_content])
    # As the real handler does; the test's closes on the loop, where no ORM may run.
    await sync_to_async(response.close)()
    return file, response


def logged() -> list[str]:
    return [log.message_of(entry) for entry in LogEntry.objects.order_by("pk")]


@pytest.mark.django_db(transaction=True)
async def test_the_filters_of_the_list_say_what_is_exported() -> None:
    await sync_to_async(some_tasks)()
    file, response = await exported("status=failed&o=1&p=1", format="csv")
    _titles, *lines = csv.reader(io.StringIO(file.decode("utf-8-sig"), newline=""))
    assert {line[1] for line in lines} == {"开会", "买牛奶"}
    assert response["Content-Type"].startswith("text/csv")
    assert "attachment" in response["Content-Disposition"]
    said = await sync_to_async(logged)()
    assert said == ["导出了 2 个任务（CSV；status=failed）"]


@pytest.mark.django_db(transaction=True)
async def test_a_search_says_so_too_and_a_selection_goes_before() -> None:
    tasks = await sync_to_async(some_tasks)()
    file, _ = await exported("q=牛奶", format="json")
    assert [row["text"] for row in json.loads(file)] == ["买牛奶"]
    await User.objects.all().adelete()
    ids = ",".join(str(task.pk) for task in tasks[1:])
    file, _ = await exported("q=牛奶", format="json", task_ids=ids)
    assert {row["text"] for row in json.loads(file)} == {"买牛奶", "交房租"}


@pytest.mark.django_db(transaction=True)
async def test_all_of_a_long_list_is_exported_in_pages() -> None:
    await sync_to_async(submit)(*["一"] * 1203)
    file, response = await exported(format="json")
    rows = json.loads(file)
    assert len({row["task_id"] for row in rows}) == 1203
    assert response.is_async
    said = await sync_to_async(logged)()
    assert said == ["导出了 1203 个任务（JSON；全部任务）"]


@pytest.mark.django_db(transaction=True)
async def test_an_export_that_is_cut_off_is_logged_as_such() -> None:
    await sync_to_async(submit)(*["一"] * 600)
    client = await sync_to_async(operator)()
    response = await client.post(EXPORT, {"format": "csv"})
    parts = aiter(response.streaming_content)
    await anext(parts)
    assert await sync_to_async(logged)() == ["开始导出（CSV；全部任务）"]
    await anext(parts)
    await sync_to_async(response.close)()
    assert await sync_to_async(logged)() == [
        "导出中断，已送出 500 个任务（CSV；全部任务）"
    ]


@pytest.mark.django_db
def test_the_list_leads_to_the_export_of_what_it_shows() -> None:
    tasks = some_tasks()
    client = staff_with("view_task", "export_task")
    page = client.get(LIST, {"status": "failed"})
    assert f"{EXPORT}?status=failed" in page.text
    asked = client.get(EXPORT, {"status": "failed"})
    assert "status=failed" in asked.text
    chosen = act(client, "export_selected", *tasks[:2])
    assert "所选的 2 个任务" in chosen.text
    assert tasks[0].pk.hex in chosen.text


@pytest.mark.django_db
def test_to_select_all_pages_is_to_export_the_list() -> None:
    tasks = some_tasks()
    client = staff_with("view_task", "export_task")
    selected = {"_selected_action": [str(tasks[0].pk)], "select_across": "1"}
    form = {"action": "export_selected", "index": "0", **selected}
    response = client.post(f"{LIST}?status=failed", form)
    assert response.status_code == 302
    assert response.headers["Location"] == f"{EXPORT}?status=failed"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "form"),
    [
        ("", {"format": "pdf"}),
        ("", {}),
        ("", {"format": "csv", "task_ids": "x"}),
        ("nonsense__foo=1", {"format": "csv"}),
        ("id=garbage", {"format": "csv"}),
    ],
)
def test_garbage_is_refused(query: str, form: dict[str, str], client: Client) -> None:
    admin = User.objects.create(username="root", is_staff=True, is_superuser=True)
    client.force_login(admin)
    assert client.post(f"{EXPORT}?{query}", form).status_code == 400
    assert not LogEntry.objects.exists()
