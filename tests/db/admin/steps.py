"""What happens to tasks before staff looks at them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tasks_app import lifecycle
from tasks_app.admin import audit_log
from tasks_app.inference.contract import Result, TaskType
from tasks_app.models import Task
from tests.db.examples import store

LIST = "/admin/tasks_app/task/"
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"


def logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def superuser(name: str = "admin") -> User:
    """Without a password, because hashing it takes the longest."""
    return User.objects.create(username=name, is_staff=True, is_superuser=True)


def staff_with(*codenames: str, name: str = "rita") -> Client:
    """A member of staff with just these permissions, logged in."""
    user = User.objects.create_user(name, is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    return logged_in(user)


def logged(task: Task) -> list[str]:
    """What the log says was done to a task, the first at the top."""
    return [audit_log.message_of(entry) for entry in audit_log.entries_of(str(task.pk))]


def run_action(client: Client, action: str, *tasks: Task, **fields: str) -> Any:
    """Select tasks on the list and run an action on them."""
    selected = {"_selected_action": [str(task.pk) for task in tasks]}
    form = {"action": action, "index": "0", **selected, **fields}
    return client.post(LIST, form)


def submit(
    *texts: str,
    owner: str | None = None,
    event: dict[str, object] | None = None,
    created_at: datetime | None = None,
) -> list[Task]:
    drafts = [
        lifecycle.Draft(
            id=uuid4(),
            owner=owner or f"client:{uuid4()}",
            text=text,
            event=event,
            created_at=created_at or timezone.now(),
        )
        for text in texts
    ]
    return [stored.task for stored in store(*drafts)]


def claim(limit: int = 100, worker: str = "w1") -> list[Task]:
    return [move.task for move in lifecycle.claim(limit, worker, lease_s=30)]


def submit_and_claim(*given: str) -> list[Task]:
    submit(*given)
    return claim()


def complete(
    tasks: Sequence[Task], text: str = "一切就绪", omissions: Sequence[str] = ()
) -> None:
    result = Result(
        task_type=TaskType.MEETING,
        confidence=0.87,
        potential_omissions=list(omissions),
        summary_text=f"概括 {text}",
        suggested_plan=f"安排 {text}",
        latency_ms=5,
        model_version="local:1",
    )
    lifecycle.finish([lifecycle.Completed(task, result, "local") for task in tasks])


def fail(task: Task, code: str, message: str) -> None:
    lifecycle.finish([lifecycle.Failed(task, code, message)])


def page_of(task: Task) -> str:
    return reverse("admin:tasks_app_task_change", args=[task.pk])
