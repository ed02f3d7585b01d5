"""Who may see tasks, and that nobody may do more."""

import pytest
from django.contrib import admin
from django.test import Client
from django.utils import timezone

from tasks_app.models import ServerProcess, Task, TaskEvent
from tests.db.admin.steps import LIST, page_of, staff_with, submit

PROCESSES = "/admin/tasks_app/serverprocess/"

pytestmark = pytest.mark.django_db


def snapshot() -> list[object]:
    return [*Task.objects.values(), *TaskEvent.objects.values()]


@pytest.mark.parametrize("tail", ["", "add/", "{}/change/", "{}/delete/"])
def test_not_even_a_superuser_can_post(admin_client: Client, tail: str) -> None:
    (task,) = submit("开会")
    before = snapshot()
    forged = {
        "action": "delete_selected",
        "_selected_action": str(task.pk),
        "post": "yes",
        "status": "completed",
        "text": "forged",
        "events-TOTAL_FORMS": "1",
        "events-INITIAL_FORMS": "0",
        "events-0-revision": "2",
        "_save": "1",
    }
    address = LIST + tail.format(task.pk)
    assert admin_client.post(address, forged).status_code == 403
    assert snapshot() == before


def test_there_is_nothing_to_post_with(admin_client: Client) -> None:
    (task,) = submit("开会")
    assert admin_client.get(f"{LIST}add/").status_code == 403
    assert admin_client.get(f"{LIST}{task.pk}/delete/").status_code == 403
    for field in ("_save", "deletelink", 'name="text"', "addlink"):
        assert field not in admin_client.get(page_of(task)).text


def test_server_processes_are_as_untouchable(admin_client: Client) -> None:
    now = timezone.now()
    process = ServerProcess.objects.create(started_at=now, heartbeat_at=now)
    for tail in ("", "add/", f"{process.pk}/change/", f"{process.pk}/delete/"):
        assert admin_client.post(PROCESSES + tail, {"post": "yes"}).status_code == 403
    assert ServerProcess.objects.get().heartbeat_at == now


def test_the_moves_have_no_pages_of_their_own() -> None:
    assert not admin.site.is_registered(TaskEvent)


def test_whoever_may_view_tasks_sees_them_with_their_timeline() -> None:
    (task,) = submit("开会")
    reviewer = staff_with("view_task")
    assert reviewer.get(LIST).status_code == 200
    assert "客户端" in reviewer.get(page_of(task)).text
    assert reviewer.get(PROCESSES).status_code == 403


def test_all_permissions_together_still_change_nothing() -> None:
    (task,) = submit("开会")
    rights = ("add", "change", "delete", "view")
    reviewer = staff_with(*(f"{right}_task" for right in rights))
    assert reviewer.post(page_of(task), {"text": "forged"}).status_code == 403
    assert reviewer.post(f"{LIST}{task.pk}/delete/", {"post": "yes"}).status_code == 403
    assert reviewer.get(page_of(task)).status_code == 200


def test_other_staff_sees_no_task() -> None:
    (task,) = submit("开会")
    outsider = staff_with("view_user")
    assert outsider.get(LIST).status_code == 403
    assert outsider.get(page_of(task)).status_code == 403


def test_visitors_are_asked_to_log_in(client: Client) -> None:
    response = client.get(LIST)
    assert response.status_code == 302
    assert response.headers["Location"].startswith("/admin/login/")
