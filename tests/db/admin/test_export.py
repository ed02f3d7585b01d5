"""The export of the list: what it takes, and that it is logged."""

import asyncio
import csv
import io
import json
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.core.handlers.asgi import ASGIHandler

from tasks_app.admin import audit_log
from tasks_app.batching import Orm
from tasks_app.models import Task
from tests.db.admin.steps import (
    LIST,
    claim,
    fail,
    logged_in,
    run_action,
    staff_with,
    submit,
    superuser,
)

EXPORT = f"{LIST}export/"


def session_of_operator() -> str:
    """The cookie of a member of staff who may export."""
    client = staff_with("view_task", "export_task", name="otto")
    return client.cookies["sessionid"].value


def some_tasks() -> list[Task]:
    tasks = submit("开会", "买牛奶", "交房租")
    for task in claim(2):
        fail(task, "llm_timeout", "超时")
    return tasks


class Exchange:
    """A request to the real handler, and what it sends."""

    def __init__(self, query: str, session: str, form: dict[str, str]) -> None:
        token = "x" * 32
        headers = {
            b"host": b"localhost",
            b"cookie": f"sessionid={session}; csrftoken={token}".encode(),
            b"content-type": b"application/x-www-form-urlencoded",
        }
        scope: Any = {
            "type": "http",
            "method": "POST",
            "path": EXPORT,
            "query_string": quote(query, safe="=&").encode(),
            "headers": list(headers.items()),
        }
        body = urlencode({**form, "csrfmiddlewaretoken": token}).encode()
        self._received: asyncio.Queue[Any] = asyncio.Queue()
        self._received.put_nowait({"type": "http.request", "body": body})
        self._sent: asyncio.Queue[Any] = asyncio.Queue()
        handling = ASGIHandler()(scope, self._received.get, self._sent.put)
        self._handling = asyncio.ensure_future(handling)

    async def part(self) -> dict[str, Any]:
        return await asyncio.wait_for(self._sent.get(), 20)

    async def end(self) -> None:
        await asyncio.wait_for(self._handling, 20)

    def disconnect(self) -> None:
        self._received.put_nowait({"type": "http.disconnect"})


async def request(orm: Orm, query: str = "", **form: str) -> Exchange:
    return Exchange(query, await orm.run(session_of_operator), form)


async def exported(
    orm: Orm, query: str = "", **form: str
) -> tuple[bytes, dict[str, str]]:
    """The file, and the headers that it came with."""
    exchange = await request(orm, query, **form)
    start = await exchange.part()
    assert start["status"] == 200
    headers = {name.decode(): value.decode() for name, value in start["headers"]}
    file, has_more = b"", True
    while has_more:
        part = await exchange.part()
        file += part.get("body", b"")
        has_more = part.get("more_body", False)
    await exchange.end()
    return file, headers


def logged() -> list[str]:
    return [audit_log.message_of(entry) for entry in LogEntry.objects.order_by("pk")]


async def test_the_filters_of_the_list_say_what_is_exported(orm: Orm) -> None:
    await orm.run(some_tasks)
    file, headers = await exported(orm, "status=failed&o=1&p=1", format="csv")
    _titles, *lines = csv.reader(io.StringIO(file.decode("utf-8-sig"), newline=""))
    assert {line[1] for line in lines} == {"开会", "买牛奶"}
    assert headers["Content-Type"].startswith("text/csv")
    assert "attachment" in headers["Content-Disposition"]
    said = await orm.run(logged)
    assert said == ["导出了 2 个任务（CSV；status=failed）"]


async def test_a_search_says_so_too_and_a_selection_goes_before(orm: Orm) -> None:
    tasks = await orm.run(some_tasks)
    file, _ = await exported(orm, "q=牛奶", format="json")
    assert [row["text"] for row in json.loads(file)] == ["买牛奶"]
    await orm.run(User.objects.all().delete)
    ids = ",".join(str(task.pk) for task in tasks[1:])
    file, _ = await exported(orm, "q=牛奶", format="json", task_ids=ids)
    assert {row["text"] for row in json.loads(file)} == {"买牛奶", "交房租"}


async def test_all_of_a_long_list_is_exported_in_pages(orm: Orm) -> None:
    await orm.run(submit, *["一"] * 1203)
    file, _ = await exported(orm, format="json")
    rows = json.loads(file)
    assert len({row["task_id"] for row in rows}) == 1203
    said = await orm.run(logged)
    assert said == ["导出了 1203 个任务（JSON；全部任务）"]


async def test_an_export_that_is_cut_off_is_logged_as_such(orm: Orm) -> None:
    await orm.run(submit, *["一"] * 600)
    exchange = await request(orm, format="csv")
    for _ in range(2):
        await exchange.part()
    assert await orm.run(logged) == ["开始导出（CSV；全部任务）"]
    exchange.disconnect()
    await exchange.end()
    [said] = await orm.run(logged)
    assert said.startswith("导出中断，已送出 ")


@pytest.mark.django_db
def test_the_list_leads_to_the_export_of_what_it_shows() -> None:
    tasks = some_tasks()
    client = staff_with("view_task", "export_task")
    page = client.get(LIST, {"status": "failed"})
    assert f"{EXPORT}?status=failed" in page.text
    filters = {"status": "failed", "created_at__year": "2026", "q": "牛奶"}
    asked = client.get(EXPORT, filters)
    assert "列表中的任务：2026 · 状态: 失败 · 搜索: 牛奶" in asked.text
    chosen = run_action(client, "export_selected", *tasks[:2])
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
def test_garbage_is_refused(query: str, form: dict[str, str]) -> None:
    client = logged_in(superuser())
    assert client.post(f"{EXPORT}?{query}", form).status_code == 400
    assert not LogEntry.objects.exists()
