"""What staff may do to tasks, on the list and on the page of one."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.admin import action
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tasks_app.admin.permissions import (
    has_task_permission,
    staff_user,
    task_permission_required,
)
from tasks_app.admin.tasks.actions import operations
from tasks_app.admin.tasks.actions.export import ExportAdmin
from tasks_app.admin.tasks.actions.history import HistoryAdmin
from tasks_app.admin.tasks.actions.messages import (
    message_done,
    message_left_out,
    message_nothing_done,
)
from tasks_app.admin.tasks.actions.purge import PurgeAdmin
from tasks_app.admin.tasks.actions.review import ReviewAdmin, review_context
from tasks_app.admin.tasks.actions.selection import (
    TooManySelected,
    parse_ids,
    selected_ids,
)
from tasks_app.models import Task
from tasks_app.states import UNSUCCESSFUL

_ACTIONS = ("review", "cancel", "retry", "export", "purge")
_PAGE = "admin:tasks_app_task_change"


class TaskActionsAdmin(ReviewAdmin, ExportAdmin, PurgeAdmin, HistoryAdmin):
    """Each action is offered to, and taken from, those who have its permission."""

    actions = (
        *("mark_reviewed", "cancel_selected", "retry_selected"),
        *("export_selected", "purge_selected"),
    )
    list_before_template = "tasks_app/admin/tasks/changelist/actions.html"

    def get_urls(self) -> list[URLPattern]:
        own = [
            path(
                "<uuid:task_id>/cancel/",
                self.guarded(self.cancel_view),
                name="tasks_app_task_cancel",
            ),
            path(
                "<uuid:task_id>/retry/",
                self.guarded(self.retry_view),
                name="tasks_app_task_retry",
            ),
        ]
        return own + super().get_urls()

    def has_cancel_permission(self, request: HttpRequest) -> bool:
        return has_task_permission(request.user, "cancel")

    def has_retry_permission(self, request: HttpRequest) -> bool:
        return has_task_permission(request.user, "retry")

    # --- The list -----------------------------------------------------------------

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        parse_ids(request.POST.getlist(ACTION_CHECKBOX_NAME))
        context = {**(extra_context or {}), "may": _permissions(request.user)}
        try:
            return super().changelist_view(request, context)
        except TooManySelected:
            text = gettext("一次最多处理 {n} 个任务，请缩小范围")
            messages.error(request, text.format(n=operations.MAX_TASKS))
            return HttpResponseRedirect(request.get_full_path())

    @action(description=_("标记为已复核（正确）"), permissions=["review"])
    def mark_reviewed(self, request: HttpRequest, tasks: QuerySet[Task]) -> None:
        task_ids = selected_ids(request, tasks)
        done = operations.mark_right(staff_user(request), task_ids)
        message_done(request, gettext("已复核 {n} 个任务"), done)
        message_left_out(
            request,
            gettext("{n} 个任务未完成、已有复核或已不存在，没有改动"),
            len(task_ids) - done,
        )

    @action(description=_("取消"), permissions=["cancel"])
    def cancel_selected(self, request: HttpRequest, tasks: QuerySet[Task]) -> None:
        _cancel(request, selected_ids(request, tasks))

    @action(description=_("重试"), permissions=["retry"])
    def retry_selected(self, request: HttpRequest, tasks: QuerySet[Task]) -> None:
        _retry(request, selected_ids(request, tasks))

    # --- The page of one ------------------------------------------------------------

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        task = context["original"]
        is_retried = Task.objects.filter(retry_of=task).exists()
        context["may"] = _permissions(request.user)
        context["is_retryable"] = task.status in UNSUCCESSFUL and not is_retried
        context.update(review_context(task))
        return super().render_change_form(request, context, *args, **kwargs)

    @task_permission_required("cancel")
    def cancel_view(self, request: HttpRequest, task_id: UUID) -> HttpResponseBase:
        return self._run_on_one(request, task_id, _cancel)

    @task_permission_required("retry")
    def retry_view(self, request: HttpRequest, task_id: UUID) -> HttpResponseBase:
        return self._run_on_one(request, task_id, _retry)

    def _run_on_one(
        self,
        request: HttpRequest,
        task_id: UUID,
        action: Callable[[HttpRequest, Sequence[UUID]], None],
    ) -> HttpResponse:
        if request.method == "POST":
            action(request, [task_id])
        else:
            message_nothing_done(request)
        return HttpResponseRedirect(self.address(request, _PAGE, task_id))


def _permissions(user: object) -> dict[str, bool]:
    return {action: has_task_permission(user, action) for action in _ACTIONS}


def _cancel(request: HttpRequest, task_ids: Sequence[UUID]) -> None:
    done = operations.cancel(staff_user(request), task_ids)
    message_done(request, gettext("已取消 {n} 个任务"), done)
    message_left_out(
        request, gettext("{n} 个任务已结束，没有取消"), len(task_ids) - done
    )


def _retry(request: HttpRequest, task_ids: Sequence[UUID]) -> None:
    done, refused = operations.retry(staff_user(request), task_ids)
    message_done(request, gettext("已重试 {n} 个任务"), done)
    message_left_out(request, gettext("队列已满，{n} 个任务没有重试"), refused)
    left_out = len(task_ids) - done - refused
    text = gettext("{n} 个任务没有失败或取消，已经重试过，或已不存在")
    message_left_out(request, text, left_out)
