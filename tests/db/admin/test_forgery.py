"""Every action is refused to whoever lacks its permission, however it is asked for."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.test import Client

from tasks_app.models import Review, Task, TaskEvent
from tests.db.admin.steps import (
    LIST,
    claim,
    complete,
    fail,
    logged_in,
    page_of,
    run_action,
    staff_with,
    submit,
    superuser,
)

pytestmark = pytest.mark.django_db

Forgery = Callable[[Client, Task], Any]


def _action(name: str) -> Forgery:
    return lambda client, task: run_action(client, name, task)


def _post(tail: str, **form: str) -> Forgery:
    return lambda client, task: client.post(f"{LIST}{tail.format(task.pk)}", form)


def _purge(client: Client, task: Task) -> Any:
    form = {"task_ids": str(task.pk), "confirmed": "1"}
    return client.post(f"{LIST}purge/", form)


FORGERIES: list[tuple[str, Forgery]] = [
    ("review", _action("mark_reviewed")),
    ("review", _post("{}/review/", verdict="right")),
    ("review", _post("review/", skip="x")),
    ("cancel", _action("cancel_selected")),
    ("cancel", _post("{}/cancel/")),
    ("retry", _action("retry_selected")),
    ("retry", _post("{}/retry/")),
    ("export", _action("export_selected")),
    ("export", _post("export/", format="csv")),
    ("purge", _action("purge_selected")),
    ("purge", _post("purge/")),
    ("purge", _purge),
    ("nothing", _action("delete_selected")),
    ("nothing", _post("{}/change/", status="completed")),
    ("nothing", _post("{}/delete/", post="yes")),
]
ACTIONS = ("review", "cancel", "retry", "export", "purge")
PAGES = ("review/", "{}/review/", "export/")


def tasks() -> dict[str, Task]:
    """One in each state that an action could concern."""
    done, failed = submit("完成", "失败")
    for task in claim():
        if task.pk == done.pk:
            complete([task])
        else:
            fail(task, "llm_timeout", "超时")
    [waiting] = submit("等")
    return {"done": done, "failed": failed, "waiting": waiting}


def snapshot() -> list[object]:
    tables = (Task, TaskEvent, Review, LogEntry)
    return [row for table in tables for row in table.objects.order_by("pk").values()]


@pytest.mark.parametrize(("permission", "forge"), FORGERIES)
@pytest.mark.parametrize("state", ["done", "failed", "waiting"])
def test_an_action_needs_its_own_permission(
    permission: str, forge: Forgery, state: str
) -> None:
    task = tasks()[state]
    others = [f"{other}_task" for other in ("view", *ACTIONS) if other != permission]
    before = snapshot()
    assert forge(staff_with(*others), task).status_code == 403
    assert forge(staff_with(name="none"), task).status_code == 403
    assert snapshot() == before


@pytest.mark.parametrize(("permission", "forge"), FORGERIES)
def test_a_permission_to_act_needs_the_one_to_see(
    permission: str, forge: Forgery
) -> None:
    task = tasks()["failed"]
    blind = staff_with(*(f"{action}_task" for action in ACTIONS))
    assert forge(blind, task).status_code == 403


@pytest.mark.parametrize(("permission", "forge"), FORGERIES)
def test_visitors_are_asked_to_log_in(permission: str, forge: Forgery) -> None:
    task = tasks()["failed"]
    before = snapshot()
    visitor, customer = Client(), logged_in(User.objects.create_user("anna"))
    for client in (visitor, customer):
        response = forge(client, task)
        assert response.status_code == 302
        assert response.headers["Location"].startswith("/admin/login/")
    assert snapshot() == before


def test_a_forged_post_from_elsewhere_is_refused() -> None:
    task = tasks()["waiting"]
    client = Client(enforce_csrf_checks=True)
    client.force_login(superuser())
    for _permission, forge in FORGERIES:
        assert forge(client, task).status_code == 403
    assert Task.objects.get(pk=task.pk).status == "pending"


@pytest.mark.parametrize("tail", PAGES)
def test_pages_that_act_are_for_those_who_may(tail: str) -> None:
    address = LIST + tail.format(tasks()["done"].pk)
    assert staff_with("view_task").get(address).status_code == 403
    assert Client().get(address).status_code == 302


def test_whoever_may_only_look_sees_nothing_to_press() -> None:
    reader = staff_with("view_task")
    several = tasks()
    content = reader.get(LIST).text
    for sign in ("_selected_action", "待复核", "导出列表"):
        assert sign not in content
    for task in several.values():
        content = reader.get(page_of(task)).text
        for sign in ("/cancel/", "/retry/", "/purge/", "/review/", 'name="verdict"'):
            assert sign not in content


@pytest.mark.parametrize(
    ("permission", "state", "sign"),
    [
        ("cancel", "waiting", "/cancel/"),
        ("retry", "failed", "/retry/"),
        ("purge", "failed", "/purge/"),
        ("review", "done", 'name="verdict"'),
    ],
)
def test_whoever_may_act_sees_that_button_alone(
    permission: str, state: str, sign: str
) -> None:
    task = tasks()[state]
    content = staff_with("view_task", f"{permission}_task").get(page_of(task)).text
    signs = {"/cancel/", "/retry/", "/purge/", 'name="verdict"'}
    assert {shown for shown in signs if shown in content} == {sign}


def test_the_list_offers_the_actions_that_one_has() -> None:
    submit("开会")
    content = staff_with("view_task", "cancel_task", "export_task").get(LIST).text
    for action in ("cancel_selected", "export_selected"):
        assert f'value="{action}"' in content
    for action in ("retry_selected", "purge_selected", "mark_reviewed", "delete_sel"):
        assert f'value="{action}' not in content
