"""What staff may do to tasks, on the list and on the page of one."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.admin import action
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import BadRequest
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tasks_app.admin import deeds
from tasks_app.admin.acts_history import HistoryAdmin
from tasks_app.admin.chosen import (
    TooManyChosen,
    as_field,
    from_field,
    ids_of,
    parse_ids,
)
from tasks_app.admin.exporting import ExportingAdmin
from tasks_app.admin.reviewing import ReviewingAdmin, review_context
from tasks_app.admin.rights import may, requires, staff_of
from tasks_app.models import Task
from tasks_app.states import UNSUCCESSFUL

_ACTS = ("review", "cancel", "retry", "export", "purge")
_LIST = "admin:tasks_app_task_changelist"
_PAGE = "admin:tasks_app_task_change"
_SHOWN = 20
"""Tasks that are named before they are purged."""


class ActingAdmin(ReviewingAdmin, ExportingAdmin, HistoryAdmin):
    """The acts on tasks; each is shown to, and taken from, whoever has its right."""

    actions = (
        *("mark_reviewed", "cancel_selected", "retry_selected"),
        *("export_selected", "purge_selected"),
    )
    list_before_template = "tasks_app/admin/list_acts.html"
    change_form_outer_before_template = "tasks_app/admin/task_acts.html"

    def get_urls(self) -> list[URLPattern]:
        own = [
            path("purge/", self.guarded(self.purge_view), name="tasks_app_task_purge"),
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
        return may(request.user, "cancel")

    def has_retry_permission(self, request: HttpRequest) -> bool:
        return may(request.user, "retry")

    def has_purge_permission(self, request: HttpRequest) -> bool:
        return may(request.user, "purge")

    # --- The list -----------------------------------------------------------------

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        parse_ids(request.POST.getlist(ACTION_CHECKBOX_NAME))
        context = {**(extra_context or {}), "may": _rights(request.user)}
        try:
            return super().changelist_view(request, context)
        except TooManyChosen:
            text = gettext("一次最多处理 {n} 个任务，请缩小范围")
            messages.error(request, text.format(n=deeds.AT_MOST))
            return HttpResponseRedirect(request.get_full_path())

    @action(description=_("标记为已复核（正确）"), permissions=["review"])
    def mark_reviewed(self, request: HttpRequest, tasks: QuerySet[Task]) -> None:
        task_ids = ids_of(tasks)
        done = deeds.mark_right(staff_of(request), task_ids)
        _tell(request, gettext("已复核 {n} 个任务"), done)
        _warn(
            request,
            gettext("{n} 个任务未完成或已有复核，没有改动"),
            len(task_ids) - done,
        )

    @action(description=_("取消"), permissions=["cancel"])
    def cancel_selected(self, request: HttpRequest, tasks: QuerySet[Task]) -> None:
        _cancel(request, ids_of(tasks))

    @action(description=_("重试"), permissions=["retry"])
    def retry_selected(self, request: HttpRequest, tasks: QuerySet[Task]) -> None:
        _retry(request, ids_of(tasks))

    @action(description=_("永久清除…"), permissions=["purge"])
    def purge_selected(
        self, request: HttpRequest, tasks: QuerySet[Task]
    ) -> HttpResponseBase:
        return self._ask_before_purging(request, ids_of(tasks))

    # --- The page of one ------------------------------------------------------------

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        task = context["original"]
        is_retried = Task.objects.filter(retry_of=task).exists()
        context["may"] = _rights(request.user)
        context["is_retryable"] = task.status in UNSUCCESSFUL and not is_retried
        context.update(review_context(task))
        return super().render_change_form(request, context, *args, **kwargs)

    @requires("cancel")
    def cancel_view(self, request: HttpRequest, task_id: UUID) -> HttpResponseBase:
        return _act_on_one(request, task_id, _cancel)

    @requires("retry")
    def retry_view(self, request: HttpRequest, task_id: UUID) -> HttpResponseBase:
        return _act_on_one(request, task_id, _retry)

    # --- Purging --------------------------------------------------------------------

    @requires("purge")
    def purge_view(self, request: HttpRequest) -> HttpResponseBase:
        """Ask first, naming the tasks; then purge just those."""
        task_ids = from_field(request)
        if request.method != "POST" or not task_ids:
            raise BadRequest("no tasks are named")
        if "confirmed" not in request.POST:
            return self._ask_before_purging(request, task_ids)
        done = deeds.purge(staff_of(request), task_ids)
        _tell(request, gettext("已永久清除 {n} 个任务"), done)
        _warn(request, gettext("{n} 个任务未结束，没有清除"), len(task_ids) - done)
        return HttpResponseRedirect(reverse(_LIST))

    def _ask_before_purging(
        self, request: HttpRequest, task_ids: Sequence[UUID]
    ) -> HttpResponse:
        chosen = Task.objects.filter(pk__in=task_ids)
        final = chosen.filter(completed_at__isnull=False).order_by("-created_at")
        final_ids = list(final.values_list("pk", flat=True))
        context = {
            **self.page_context(request, gettext("永久清除任务")),
            "task_ids": as_field(final_ids),
            "count": len(final_ids),
            "left_out": len(task_ids) - len(final_ids),
            "shown": final[:_SHOWN],
            "more": max(0, len(final_ids) - _SHOWN),
        }
        return TemplateResponse(request, "tasks_app/admin/purge.html", context)


def _rights(user: object) -> dict[str, bool]:
    return {act: may(user, act) for act in _ACTS}


def _act_on_one(
    request: HttpRequest,
    task_id: UUID,
    act: Callable[[HttpRequest, Sequence[UUID]], None],
) -> HttpResponse:
    if request.method != "POST":
        raise BadRequest("acts are posted")
    act(request, [task_id])
    return HttpResponseRedirect(reverse(_PAGE, args=[task_id]))


def _cancel(request: HttpRequest, task_ids: Sequence[UUID]) -> None:
    done = deeds.cancel(staff_of(request), task_ids)
    _tell(request, gettext("已取消 {n} 个任务"), done)
    _warn(request, gettext("{n} 个任务已结束，没有取消"), len(task_ids) - done)


def _retry(request: HttpRequest, task_ids: Sequence[UUID]) -> None:
    done, refused = deeds.retry(staff_of(request), task_ids)
    _tell(request, gettext("已重试 {n} 个任务"), done)
    _warn(request, gettext("队列已满，{n} 个任务没有重试"), refused)
    left_out = len(task_ids) - done - refused
    _warn(request, gettext("{n} 个任务没有失败或取消，或已经重试过"), left_out)


def _tell(request: HttpRequest, text: str, count: int) -> None:
    if count:
        messages.success(request, text.format(n=count))


def _warn(request: HttpRequest, text: str, count: int) -> None:
    if count:
        messages.warning(request, text.format(n=count))
