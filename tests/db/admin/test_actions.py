"""What staff does to tasks, from the list and from the page of one."""

from typing import Any
from uuid import uuid4

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import Settings

from tasks_app.admin import audit_log
from tasks_app.admin.tasks.actions import operations
from tasks_app.models import Review, Task, TaskEvent
from tests.db.admin.steps import (
    HOSTILE,
    LIST,
    claim,
    complete,
    fail,
    logged,
    page_of,
    run_action,
    staff_with,
    submit,
)

pytestmark = pytest.mark.django_db

OPERATOR = [
    f"{action}_task" for action in ("view", "review", "cancel", "retry", "export")
]


def operator(*more: str) -> Client:
    return staff_with(*OPERATOR, *more, name="otto")


def failure(text: str = "开会") -> Task:
    [task] = submit(text)
    fail(claim()[0], "llm_timeout", "超时")
    return task


# --- Cancelling -----------------------------------------------------------------------


def test_selected_tasks_are_cancelled_and_the_others_are_not() -> None:
    done = failure()
    first, second, third = submit("一", "二", "三")
    response = run_action(operator(), "cancel_selected", first, second, done)
    assert response.status_code == 302
    statuses = dict(Task.objects.values_list("pk", "status"))
    assert statuses == {
        done.pk: "failed",
        first.pk: "cancelled",
        second.pk: "cancelled",
        third.pk: "pending",
    }
    otto = User.objects.get(username="otto")
    event = TaskEvent.objects.get(task=first, status="cancelled")
    assert event.actor == f"staff:{otto.pk}"
    assert logged(first) == ["取消了任务"]
    assert logged(done) == logged(third) == []
    [entry] = audit_log.entries_of(str(first.pk))
    assert entry.user == otto


def test_a_running_task_is_cancelled_on_its_page() -> None:
    [task] = submit("开会")
    claim()
    client = operator()
    assert "取消任务" in client.get(page_of(task)).text
    response = client.post(f"{LIST}{task.pk}/cancel/", follow=True)
    assert "已取消 1 个任务" in response.text
    assert "取消任务" not in response.text
    again = client.post(f"{LIST}{task.pk}/cancel/", follow=True)
    assert "1 个任务已结束，没有取消" in again.text
    assert logged(task) == ["取消了任务"]


# --- Retrying -------------------------------------------------------------------------


def test_a_failed_task_is_retried_once_however_often_it_is_asked_for() -> None:
    task, client = failure(), operator()
    assert "重试任务" in client.get(page_of(task)).text
    first = client.post(f"{LIST}{task.pk}/retry/", follow=True)
    assert "已重试 1 个任务" in first.text
    again = client.post(f"{LIST}{task.pk}/retry/", follow=True)
    assert "已经重试过" in again.text
    new = Task.objects.get(retry_of=task)
    assert page_of(new) in first.text
    assert "重试任务" not in first.text
    assert page_of(task) in client.get(page_of(new)).text
    assert logged(task) == [f"重试，新任务为 {new.pk}"]
    assert logged(new) == [f"由任务 {task.pk} 重试而来"]
    otto = User.objects.get(username="otto")
    assert TaskEvent.objects.get(task=new).actor == f"staff:{otto.pk}"


def test_selected_tasks_are_retried_where_they_can_be() -> None:
    tasks = [failure(), failure()]
    [waiting] = submit("等")
    response = run_action(operator(), "retry_selected", *tasks, waiting)
    assert response.status_code == 302
    assert Task.objects.filter(retry_of__isnull=False).count() == 2
    assert logged(waiting) == []


def test_a_full_queue_takes_no_retries(settings: Settings) -> None:
    settings.MAX_QUEUE_SIZE = 1
    task = failure()
    submit("等")
    response = operator().post(f"{LIST}{task.pk}/retry/", follow=True)
    assert "队列已满，1 个任务没有重试" in response.text
    assert logged(task) == []


# --- Marking --------------------------------------------------------------------------


def test_selected_results_are_marked_as_right() -> None:
    [reviewed] = submit("一")
    complete(claim())
    client = operator()
    run_action(client, "mark_reviewed", reviewed)
    Review.objects.update(verdict="unsure")
    [fresh] = submit("二")
    complete(claim())
    [waiting] = submit("三")
    run_action(client, "mark_reviewed", reviewed, fresh, waiting)
    verdicts = dict(Review.objects.values_list("task", "verdict"))
    assert verdicts == {reviewed.pk: "unsure", fresh.pk: "right"}
    assert logged(fresh) == ["复核为正确"]


# --- Purging --------------------------------------------------------------------------


def test_what_is_purged_is_asked_about_first_and_remembered() -> None:
    task = failure(HOSTILE)
    [waiting] = submit("等")
    client = operator("purge_task")
    asked = run_action(client, "purge_selected", task, waiting)
    assert asked.status_code == 200
    assert HOSTILE not in asked.text
    assert "&lt;script&gt;" in asked.text
    assert "1 个任务还没有结束" in asked.text
    assert Task.objects.count() == 2
    form = {"task_ids": asked.context["task_ids"], "confirmed": "1"}
    done = client.post(f"{LIST}purge/", form, follow=True)
    assert "已永久清除 1 个任务" in done.text
    assert Task.objects.get() == waiting
    assert logged(task) == ["永久清除了任务"]
    history = client.get(f"{LIST}{task.pk}/history/")
    assert "永久清除了任务" in history.text
    assert "alert(1)" not in " ".join(
        f"{entry.object_repr} {entry.change_message}"
        for entry in LogEntry.objects.all()
    )


def test_what_has_not_ended_is_not_purged_even_when_confirmed() -> None:
    [waiting] = submit("等")
    form = {"task_ids": str(waiting.pk), "confirmed": "1"}
    response = operator("purge_task").post(f"{LIST}purge/", form, follow=True)
    assert "1 个任务未结束或已不存在，没有清除" in response.text
    assert Task.objects.get() == waiting


# --- What was ticked ------------------------------------------------------------------


def run_on_the_pending(client: Client, action: str, *tasks: Task) -> Any:
    """Run an action on tasks that are shown on the list of those that wait."""
    selected = {"_selected_action": [str(task.pk) for task in tasks]}
    form = {"action": action, "index": "0", **selected}
    return client.post(f"{LIST}?status=pending", form, follow=True)


def test_what_was_ticked_is_meant_also_when_it_has_moved_on() -> None:
    over, [running] = failure(), submit("一")
    claim()
    [waiting] = submit("三")
    client = operator("purge_task")
    told = run_on_the_pending(client, "cancel_selected", running, over).text
    assert "已取消 1 个任务" in told
    assert "1 个任务已结束，没有取消" in told
    assert "已重试 1 个任务" in run_on_the_pending(client, "retry_selected", over).text
    asked = run_on_the_pending(client, "purge_selected", over, waiting)
    assert asked.context["task_ids"] == over.pk.hex
    exported = run_on_the_pending(client, "export_selected", over, running)
    assert exported.context["task_ids"] == f"{over.pk.hex},{running.pk.hex}"
    assert Task.objects.get(pk=waiting.pk).status == "pending"


def test_what_is_gone_is_told_as_such() -> None:
    gone = Task(id=uuid4())
    client = operator("purge_task")
    for action in ("mark_reviewed", "retry_selected", "purge_selected"):
        assert "1 个任务" in run_on_the_pending(client, action, gone).text
    form = {"task_ids": str(gone.pk), "confirmed": "1"}
    told = client.post(f"{LIST}purge/", form, follow=True).text
    assert "1 个任务未结束或已不存在，没有清除" in told
    asked = run_on_the_pending(client, "export_selected", gone)
    assert asked.context["task_ids"] == gone.pk.hex


def test_what_is_named_twice_is_one() -> None:
    task = failure()
    form = {"task_ids": f"{task.pk},{task.pk.hex}", "confirmed": "1"}
    told = operator("purge_task").post(f"{LIST}purge/", form, follow=True).text
    assert "已永久清除 1 个任务" in told
    assert "没有清除" not in told


def test_all_pages_are_not_counted_but_named() -> None:
    submit(*["开会"] * 52)
    client = operator()
    content = client.get(LIST).text
    assert "选中所有页的任务" in content
    assert "51 个" not in content
    assert "选中所有页的任务" not in client.get(f"{LIST}?status=failed").text


# --- Garbage --------------------------------------------------------------------------


def test_garbage_is_refused_without_a_server_error() -> None:
    client = operator("purge_task")
    garbage = {"action": "cancel_selected", "index": "0", "_selected_action": "x"}
    assert client.post(LIST, garbage).status_code == 400
    assert client.post(f"{LIST}purge/", {"task_ids": "x"}).status_code == 400
    assert client.post(f"{LIST}purge/").status_code == 400


def test_who_had_to_log_in_meanwhile_is_told_that_nothing_was_done() -> None:
    [task] = submit("开会")
    client = operator("purge_task")
    for address, page in (
        (f"{LIST}{task.pk}/cancel/", page_of(task)),
        (f"{LIST}{task.pk}/retry/", page_of(task)),
        (f"{LIST}purge/", LIST),
    ):
        for ask in (client.get, client.head, client.put):
            assert ask(address).headers["Location"] == page
        assert "操作没有执行，请再试一次" in client.get(page).text
    assert Task.objects.get().status == "pending"
    assert not LogEntry.objects.exists()


def test_one_action_concerns_only_so_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tasks_app.admin.tasks.actions.selection.MAX_TASKS", 2)
    tasks = submit("一", "二", "三")
    client = operator()
    everything = {"select_across": "1"}
    refused = run_action(client, "cancel_selected", tasks[0], **everything)
    assert refused.status_code == 302
    assert "一次最多处理" in client.get(LIST).text
    assert Task.objects.pending().count() == 3


def test_many_are_done_in_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operations, "_BATCH_SIZE", 2)
    tasks = submit("一", "二", "三", "四", "五")
    run_action(operator(), "cancel_selected", tasks[0], select_across="1")
    assert not Task.objects.pending().exists()
    assert LogEntry.objects.count() == 5
