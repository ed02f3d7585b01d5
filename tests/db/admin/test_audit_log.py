"""The log of what staff did."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.test import Client
from django.utils import translation

from tasks_app.admin import audit_log
from tests.db.admin.steps import (
    LIST,
    claim,
    complete,
    page_of,
    run_action,
    staff_with,
    submit,
)

pytestmark = pytest.mark.django_db

LOG = "/admin/admin/logentry/"


def test_a_task_s_history_tells_who_did_what(admin_client: Client) -> None:
    [task] = submit("开会")
    complete(claim())
    form = {"verdict": "wrong", "corrected_type": "trip"}
    admin_client.post(f"{LIST}{task.pk}/review/", form)
    assert f"{LIST}{task.pk}/history/" in admin_client.get(page_of(task)).text
    history = admin_client.get(f"{LIST}{task.pk}/history/").text
    assert "复核为不正确，应为出行" in history
    assert "admin" in history
    admin_client.cookies["django_language"] = "en"
    history = admin_client.get(f"{LIST}{task.pk}/history/").text
    assert "Reviewed as Wrong; it is Trip" in history


def test_an_action_in_english_reads_as_well_in_chinese(admin_client: Client) -> None:
    [task] = submit("开会")
    complete(claim())
    admin_client.cookies["django_language"] = "en"
    run_action(admin_client, "mark_reviewed", task)
    [entry] = audit_log.entries_of(str(task.pk))
    assert audit_log.message_of(entry) == "复核为正确"
    with translation.override("en"):
        assert audit_log.message_of(entry) == "Reviewed as Right"


def test_a_task_without_actions_has_an_empty_history(admin_client: Client) -> None:
    [task] = submit("开会")
    assert "还没有人对它做过什么" in admin_client.get(f"{LIST}{task.pk}/history/").text
    gone = admin_client.get(f"{LIST}garbage/history/")
    assert gone.status_code == 302


def test_a_history_is_found_however_its_id_is_spelled(admin_client: Client) -> None:
    [task] = submit("开会")
    run_action(admin_client, "cancel_selected", task)
    for spelled in (task.pk.hex, str(task.pk).upper()):
        assert "取消了任务" in admin_client.get(f"{LIST}{spelled}/history/").text
    for garbage in ("x", "a%00b", "_00"):
        answer = admin_client.get(f"{LIST}{garbage}/history/")
        assert answer.headers["Location"] == "/admin/"


def test_the_log_is_for_superusers_to_look_at(admin_client: Client) -> None:
    [task] = submit("开会")
    run_action(admin_client, "cancel_selected", task)
    page = admin_client.get(LOG).text
    assert "取消了任务" in page
    assert f"{LIST}{task.pk}/history/" in page
    assert admin_client.get(LOG, {"q": str(task.pk)}).status_code == 200
    [entry] = LogEntry.objects.all()
    for tail in ("", "add/", f"{entry.pk}/change/", f"{entry.pk}/delete/"):
        assert admin_client.post(LOG + tail, {"post": "yes"}).status_code == 403
    rights = ("view_task", "view_logentry", "change_logentry", "delete_logentry")
    staff = staff_with(*rights)
    assert staff.get(LOG).status_code == 403
    assert "logentry" not in staff.get("/admin/").text


def test_other_entries_of_django_s_are_told_as_django_tells_them(
    admin_client: Client,
) -> None:
    word = "long-first-word"
    form = {"username": "anna", "usable_password": "true"}
    admin_client.post(
        "/admin/auth/user/add/", {**form, "password1": word, "password2": word}
    )
    assert User.objects.filter(username="anna").exists()
    page = admin_client.get(LOG).text
    assert "anna" in page
    assert "已添加" in page


@pytest.mark.parametrize("kept", ["", "just words", "{}", "null", '"x"', "7"])
def test_whatever_a_log_entry_holds_is_told(kept: str) -> None:
    user = User.objects.create_user("anna")
    entry = LogEntry.objects.create(user=user, action_flag=2, change_message=kept)
    assert audit_log.message_of(entry) == kept
